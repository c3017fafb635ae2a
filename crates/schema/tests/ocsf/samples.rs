//! AWS's own three samples, attribute by attribute.

use crate::corpora::folder;
use crate::encoded;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use trail_schema::Schema;

/// Where ours differ from AWS's, and why.
const DIFFERENCES: [(&str, &str); 5] = [
    ("/time_dt", "the same moment, in UTC instead of a zone of the United States"),
    ("/actor/session/created_time_dt", "the same"),
    ("/status_id", "goes with `status`, which alone has no id"),
    ("/observables", "the same ones, always in one order"),
    ("/api/request/uid", "nothing, instead of two apostrophes"),
];

fn leaves(path: String, value: &Value, to: &mut BTreeMap<String, Value>) {
    if let Value::Object(members) = value {
        members.iter().for_each(|(key, value)| leaves(format!("{path}/{key}"), value, to));
    } else {
        to.insert(path, value.clone());
    }
}

#[test]
fn samples_are_what_aws_makes_of_them() {
    let Some(folder) = folder("ocsf/samples-1.1.0") else { return };
    for name in ["account_change", "authentication", "generic_api_activity"] {
        let read = |end| fs::read_to_string(folder.join(format!("{name}.{end}"))).unwrap();
        let (mut theirs, mut ours) = (BTreeMap::new(), BTreeMap::new());
        leaves(String::new(), &serde_json::from_str(&read("ocsf")).unwrap(), &mut theirs);
        leaves(String::new(), &encoded(Schema::Ocsf11, &read("raw")), &mut ours);
        for (path, _reason) in DIFFERENCES {
            theirs.remove(path);
            ours.remove(path);
        }
        assert_eq!(ours, theirs, "{name}");
    }
}

#[test]
fn observables_of_samples_are_those_of_aws_in_any_order() {
    let Some(folder) = folder("ocsf/samples-1.1.0") else { return };
    for name in ["account_change", "authentication", "generic_api_activity"] {
        let read = |end| fs::read_to_string(folder.join(format!("{name}.{end}"))).unwrap();
        let sorted = |event: &Value| {
            let mut observables = event["observables"].as_array().unwrap().clone();
            observables.sort_by_key(Value::to_string);
            observables
        };
        let theirs: Value = serde_json::from_str(&read("ocsf")).unwrap();
        assert_eq!(sorted(&encoded(Schema::Ocsf11, &read("raw"))), sorted(&theirs), "{name}");
    }
}
