//! Events in OCSF, held against the JSON Schemas of their classes.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use traild_tests::harness::ocsf;
use traild_tests::harness::progress::Lines;

#[path = "ocsf/tests.rs"]
mod tests;

/// The versions that there are schemas of.
pub(crate) const VERSIONS: [&str; 2] = ["1.1.0", "1.8.0"];
/// What is shown of a violation: some repeat the event.
const SHOWN: usize = 400;

/// The classes of one version, with the profiles cloud and datetime.
#[derive(Debug)]
pub(crate) struct Validator {
    /// By `class_uid`.
    classes: BTreeMap<u64, jsonschema::Validator>,
}

impl Validator {
    /// The one of this version, made at the first call; fails as often as it is called when that
    /// did.
    pub(crate) fn load(version: &str) -> anyhow::Result<&'static Self> {
        static ALL: OnceLock<Result<BTreeMap<&str, Validator>, String>> = OnceLock::new();
        let all = ALL.get_or_init(|| load_all().map_err(|error| format!("{error:#}")));
        let all = all.as_ref().map_err(|error| anyhow::anyhow!("{error}"))?;
        all.get(version).ok_or_else(|| anyhow::anyhow!("there are no schemas of OCSF {version}"))
    }

    /// What is wrong with this event: nothing if it is valid.
    pub(crate) fn violations(&self, event: &Value) -> Vec<String> {
        let uid = &event["class_uid"];
        let Some(class) = uid.as_u64().and_then(|uid| self.classes.get(&uid)) else {
            return vec![format!("/class_uid: {uid} is no class of CloudTrail's events")];
        };
        let violation =
            |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
        let mut violations: Vec<String> = class.iter_errors(event).map(violation).collect();
        violations.extend(wrong_type_uid(event));
        violations.iter().map(|violation| violation.chars().take(SHOWN).collect()).collect()
    }
}

/// The schemas list each type of a class, but cannot say which goes with which activity.
fn wrong_type_uid(event: &Value) -> Option<String> {
    let [class, activity, found] =
        ["class_uid", "activity_id", "type_uid"].map(|key| event[key].as_u64());
    let expected = class? * 100 + activity?;
    (found? != expected).then(|| format!("/type_uid: it has to be {expected}"))
}

fn load_all() -> anyhow::Result<BTreeMap<&'static str, Validator>> {
    let folder = folder()?;
    VERSIONS.into_iter().map(|version| Ok((version, compile(&folder.join(version))?))).collect()
}

fn compile(folder: &Path) -> anyhow::Result<Validator> {
    let mut classes = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let uid = path.file_stem().unwrap_or_default().to_string_lossy().parse()?;
        let schema: Value = serde_json::from_slice(&fs::read(&path)?)?;
        classes.insert(uid, jsonschema::draft202012::new(&schema)?);
    }
    Ok(Validator { classes })
}

/// Where the schemas are. On a thread of its own, for tests that are asynchronous and those that
/// are not.
fn folder() -> anyhow::Result<PathBuf> {
    let install = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(ocsf::schemas(&Lines))
    };
    std::thread::scope(|scope| scope.spawn(install).join().unwrap())
}
