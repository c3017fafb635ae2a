//! What sinks want: schemas, selectors, redaction, and options of the schemas.

use super::*;

/// A sink with these lines, in a file that is otherwise in order, has these faults.
#[track_caller]
fn sink_refused(lines: &str, faults: &[&str]) {
    refused(&format!("{LEAST}{lines}"), faults);
}

fn sink(lines: &str, environment: &[(&str, &str)]) -> Sink {
    let mut config = load(&format!("{LEAST}{lines}"), environment).unwrap();
    config.sinks.remove(0)
}

#[test]
fn sink_has_a_schema_of_five() {
    for schema in trail_schema::Schema::ALL {
        let sink = sink(&format!("schema = \"{}\"", schema.name()), &[]);
        assert_eq!(sink.schema.schema(), schema);
    }
}

#[test]
fn options_are_read() {
    let sink = sink(
        r#"schema = "ocsf-1.1"
select = ["writes", "eventName starts_with Delete, Put"]
exclude = ["kms-decrypt"]
[sink.redact]
drop = ["requestParameters.*"]
hash = ["userIdentity.userName", 'requestParameters."x.y"']
hash_key = "0123456789abcdef"
session_credentials = "keep"
[sink.ocsf]
detail = "extended"
unmapped = "nested"
"#,
        &[],
    );
    let select: Vec<&str> = sink.select.iter().map(AsRef::as_ref).collect();
    assert_eq!(select, ["writes", "eventName starts_with Delete, Put"]);
    assert_eq!(sink.exclude.len(), 1);
    assert_eq!((sink.redact.drop.len(), sink.redact.hash.len()), (1, 2));
    assert_eq!(sink.redact.session_credentials, Some(SessionCredentials::Keep));
    assert_eq!(sink.ocsf, Ocsf { detail: Detail::Extended, unmapped: Unmapped::Nested });
    assert_eq!(sink.ecs, Ecs { strict: true, original: false });
}

#[test]
fn every_fault_of_a_sink_is_told_with_its_place() {
    sink_refused(
        r#"schema = "ocsf"
select = ["write", "eventNme equals x",
  "eventName is x"]
exclude = "kms-decrypt"
[sink.redact]
drop = ["userIdentity.", "sessionContext"]
mask = [5]
key = "x"
[sink.ocsf]
detail = "more"
[sink.ecs]
strict = "no"
"#,
        &[
            "traild.toml:7:10: sink.0.schema is \"ocsf\": it must be one of `cloudtrail`, `ocsf-1.8`, `ocsf-1.1`, `ecs`, `flat`",
            "traild.toml:8:11: an entry of sink.0.select is \"write\": it must be a ready set, such as \"writes\", or an expression; no ready set is called `write` (did you mean `writes`?); the sets are management, writes, errors, console-and-identity, kms-decrypt, service-reads, and an expression has a field, an operator and values",
            "traild.toml:8:20: an entry of sink.0.select is \"eventNme equals x\": it must be a ready set, such as \"writes\", or an expression; could not read a path: records have no field `eventNme` at character 1 (did you mean `eventName`?); in quotes any name is taken",
            "traild.toml:9:3: an entry of sink.0.select is \"eventName is x\": it must be a ready set, such as \"writes\", or an expression; expected an operator at character 11, found `is`; the operators are equals, not_equals, starts_with, not_starts_with, ends_with, not_ends_with",
            "traild.toml:10:11: sink.0.exclude is \"kms-decrypt\": it must be a list, in square brackets",
            "traild.toml:12:9: an entry of sink.0.redact.drop is \"userIdentity.\": it must be the path of a field, such as \"userIdentity.userName\"; could not read a path: expected a key, a key in quotes or `*` at character 14",
            "traild.toml:12:26: an entry of sink.0.redact.drop is \"sessionContext\": it must be the path of a field, such as \"userIdentity.userName\"; could not read a path: records have no field `sessionContext` at character 1; in quotes any name is taken",
            "traild.toml:13:9: an entry of sink.0.redact.mask is 5: it must be the path of a field, such as \"userIdentity.userName\"",
            "traild.toml:14:1: unknown key `key` in sink.0.redact: its keys are `drop`, `hash`, `hash_key`, `mask`, `session_credentials`",
            "traild.toml:15:1: sink.0.ocsf is for schema `ocsf-1.8` and `ocsf-1.1`, and this sink's is `cloudtrail`: take it out, or change `schema`",
            "traild.toml:16:10: sink.0.ocsf.detail is \"more\": it must be `security-lake` or `extended`",
            "traild.toml:17:1: sink.0.ecs is for schema `ecs`, and this sink's is `cloudtrail`: take it out, or change `schema`",
            "traild.toml:18:10: sink.0.ecs.strict is \"no\": it must be true or false",
        ],
    );
}

#[test]
fn table_of_a_sink_must_be_one() {
    sink_refused(
        "redact = 5\n",
        &[
            "traild.toml:7:10: sink.0.redact is 5: it must be a table, begun by [sink.redact] below its [[sink]]",
        ],
    );
}

#[test]
fn options_of_another_schema_are_refused() {
    sink_refused(
        "schema = \"ecs\"\n[sink.ocsf]\ndetail = \"extended\"\n",
        &[
            "traild.toml:8:1: sink.0.ocsf is for schema `ocsf-1.8` and `ocsf-1.1`, and this sink's is `ecs`: take it out, or change `schema`",
        ],
    );
    assert!(!sink("schema = \"ecs\"\n[sink.ecs]\nstrict = false\n", &[]).ecs.strict);
}

#[test]
fn hash_needs_a_key() {
    sink_refused(
        "[sink.redact]\nhash = [\"userIdentity.arn\"]\n",
        &[
            "traild.toml:8:8: sink.0.redact has `hash` and no `hash_key`: add hash_key = \"${TRAILD_HASH_KEY}\" and set that variable, or set TRAILD_SINK__0__REDACT__HASH_KEY",
        ],
    );
}

#[test]
fn key_of_hashes_is_never_shown() {
    let short = "hunter2hunter2";
    let lines = "[sink.redact]\nhash = [\"userIdentity.arn\"]\n";
    let written = format!("{lines}hash_key = \"{short}\"\n");
    sink_refused(
        &written,
        &[
            "traild.toml:9:12: sink.0.redact.hash_key is not shown, being a secret: it must be a secret text of at least 16 bytes",
        ],
    );
    let named = format!("{LEAST}{lines}hash_key = \"${{TRAILD_HASH_KEY}}\"\n");
    let shown = load(&named, &[("TRAILD_HASH_KEY", short)]).unwrap_err().to_string();
    assert_eq!(
        shown,
        "traild.toml:9:12: sink.0.redact.hash_key is what ${TRAILD_HASH_KEY} stands for: it must be a secret text of at least 16 bytes"
    );
    let own = format!("{LEAST}{lines}");
    let variable = ("TRAILD_SINK__0__REDACT__HASH_KEY", short);
    let shown = load(&own, &[variable]).unwrap_err().to_string();
    assert!(shown.contains("not shown") && !shown.contains("hunter"), "{shown}");

    let config = load(&named, &[("TRAILD_HASH_KEY", "hunter2hunter2hunter2")]).unwrap();
    assert!(!format!("{config:?}").contains("hunter"), "{config:?}");
}

#[test]
fn what_a_variable_stands_for_is_not_told_by_what_is_wrong_with_it() {
    for lines in [
        "select = [\"${SECRET}\"]",
        "exclude = [\"${SECRET} equals x\"]",
        "[sink.redact]\nmask = [\"${SECRET}\"]",
    ] {
        let shown = load(&format!("{LEAST}{lines}"), &[("SECRET", "hunter2")]).unwrap_err();
        assert!(!shown.to_string().contains("hunter2"), "{shown}");
    }
}

#[test]
fn environment_sets_what_a_sink_wants() {
    let sink = sink(
        "schema = \"ecs\"\n",
        &[
            ("TRAILD_SINK__0__SELECT", "writes, errors"),
            ("TRAILD_SINK__0__EXCLUDE", "[\"eventName equals A, B\"]"),
            ("TRAILD_SINK__0__REDACT__DROP", "requestParameters,responseElements"),
            ("TRAILD_SINK__0__ECS__ORIGINAL", "true"),
        ],
    );
    assert_eq!((sink.select.len(), sink.exclude.len(), sink.redact.drop.len()), (2, 1, 2));
    assert!(sink.ecs.original);
}

#[test]
fn variable_that_the_file_asks_for_is_no_misspelt_setting() {
    let text = LEAST.replace("org-trail", "${TRAILD_BUCKET}");
    let config = load(&text, &[("TRAILD_BUCKET", "from-env")]).unwrap();
    assert_eq!(config.source.buckets[0].bucket, "from-env");
    assert!(load(LEAST, &[("TRAILD_BUCKET", "from-env")]).is_err());
}
