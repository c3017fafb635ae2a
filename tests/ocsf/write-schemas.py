"""Writes the JSON Schemas of the OCSF classes that CloudTrail's events become.

    python write-schemas.py DIRECTORY

Each is DIRECTORY/VERSION/CLASS_UID.json: draft 2020-12, self-contained, with the profiles cloud and
datetime, and no other properties than the class has.
"""

import json
import sys
from pathlib import Path

from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

VERSIONS = ("1.1.0", "1.8.0")
# Account Change, Authentication, Group Management, API Activity, Datastore Activity.
CLASSES = (3001, 3002, 3006, 6003, 6005)
PROFILES = ["cloud", "datetime"]


def main(directory: Path) -> None:
    for version in VERSIONS:
        folder = directory / version
        folder.mkdir(parents=True, exist_ok=True)
        schemas = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=version))
        for uid in CLASSES:
            name = schemas.lookup_class_name_from_uid(class_uid=uid)
            schema = schemas.get_class_schema(class_name=name, profiles=PROFILES)
            text = json.dumps(schema, indent=1, sort_keys=True)
            (folder / f"{uid}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: write-schemas.py DIRECTORY")
    main(Path(sys.argv[1]))
