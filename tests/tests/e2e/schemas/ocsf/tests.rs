use super::*;
use crate::log_files;
use serde_json::json;
use std::collections::BTreeSet;

/// What the schemas say, all of which the validator heeds, and what is only for people.
const KEYWORDS: [&str; 19] = [
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "additionalProperties",
    "anyOf",
    "const",
    "deprecated",
    "enum",
    "items",
    "maxLength",
    "maximum",
    "minimum",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "title",
    "type",
];

/// As little as an event of this class may hold.
fn least(class: u64, version: &str) -> Value {
    let mut event = json!({
        "activity_id": 1,
        "actor": {"user": {"uid": "arn:aws:iam::111122223333:root", "type": "Root"}},
        "category_uid": class / 1000,
        "class_uid": class,
        "cloud": {"provider": "AWS"},
        "metadata": {
            "product": {"name": "CloudTrail", "vendor_name": "AWS"},
            "profiles": ["cloud", "datetime"],
            "version": version,
        },
        "severity_id": 1,
        "src_endpoint": {"ip": "192.0.2.1"},
        "time": 1_772_496_000_000_u64,
        "time_dt": "2026-03-03T00:00:00Z",
        "type_uid": class * 100 + 1,
    });
    let own = match class {
        3001 => json!({"user": {"name": "a"}}),
        3002 => json!({"user": {"name": "a"}, "service": {"name": "sts.amazonaws.com"}}),
        3006 => json!({"group": {"name": "a"}, "user": {"name": "a"}}),
        6003 => json!({"api": {"operation": "CreateBucket"}}),
        _ => json!({"databucket": {"name": "a", "type_id": 2}}),
    };
    let object = event.as_object_mut().unwrap();
    object.extend(own.as_object().unwrap().clone());
    if has_no_actor(class, version) {
        object.retain(|key, _| !["actor", "src_endpoint"].contains(&key.as_str()));
    }
    event
}

/// Group Management had to wait for it.
fn has_no_actor(class: u64, version: &str) -> bool {
    (class, version) == (3006, "1.1.0")
}

/// Every class of every version, with an event that is valid.
fn each() -> impl Iterator<Item = (&'static Validator, Value)> {
    VERSIONS.into_iter().flat_map(|version| {
        let classes = [3001, 3002, 3006, 6003, 6005];
        classes.map(|class| (Validator::load(version).unwrap(), least(class, version)))
    })
}

/// Those of them that tell who did it.
fn each_with_an_actor() -> impl Iterator<Item = (&'static Validator, Value)> {
    each().filter(|(_, event)| event.get("actor").is_some())
}

#[track_caller]
fn assert_wrong_at(validator: &Validator, event: &Value, path: &str) {
    let violations = validator.violations(event);
    let there = |violation: &String| violation.starts_with(&format!("{path}: "));
    assert!(violations.iter().any(there), "nothing at {path:?}, but {violations:?} of {event}");
}

#[test]
fn least_event_of_each_class_is_valid() {
    for (validator, event) in each() {
        assert_eq!(validator.violations(&event), [""; 0], "{event}");
    }
    assert_eq!((each().count(), each_with_an_actor().count()), (10, 9));
}

#[test]
fn attribute_that_the_class_does_not_have_is_told() {
    for (validator, event) in each_with_an_actor() {
        for object in ["", "/actor", "/actor/user", "/metadata/product", "/cloud"] {
            let mut event = event.clone();
            event.pointer_mut(object).unwrap()["colour"] = json!("red");
            assert_wrong_at(validator, &event, object);
        }
    }
}

#[test]
fn attribute_that_is_required_and_missing_is_told() {
    let required = ["activity_id", "metadata", "severity_id", "time", "type_uid", "cloud"];
    for (validator, event) in each() {
        for key in required {
            let mut event = event.clone();
            event.as_object_mut().unwrap().remove(key).unwrap();
            assert_wrong_at(validator, &event, "");
        }
        let mut event = event.clone();
        event["metadata"]["product"].as_object_mut().unwrap().remove("vendor_name").unwrap();
        let at = if event["metadata"]["version"] == "1.1.0" { "/metadata/product" } else { "" };
        // From 1.2 on a product needs a name or an id, but no vendor.
        match at {
            "" => assert_eq!(validator.violations(&event), [""; 0]),
            at => assert_wrong_at(validator, &event, at),
        }
    }
}

#[test]
fn value_of_another_type_or_form_is_told() {
    for (validator, event) in each_with_an_actor() {
        for (path, value) in [
            ("/time", json!("2026-03-03T00:00:00Z")),
            ("/time_dt", json!("yesterday")),
            ("/severity_id", json!(42)),
            ("/category_uid", json!(2)),
            ("/src_endpoint/ip", json!("somewhere")),
            ("/metadata/profiles", json!("cloud")),
            ("/actor/user/type", json!(1)),
            ("/actor", json!([])),
        ] {
            let mut event = event.clone();
            *event.pointer_mut(path).unwrap() = value;
            assert_wrong_at(validator, &event, path);
        }
        let mut event = event.clone();
        event["actor"]["session"] = json!({"is_mfa": "true"});
        assert_wrong_at(validator, &event, "/actor/session/is_mfa");
    }
}

#[test]
fn object_without_any_of_the_attributes_of_which_it_needs_one_is_told() {
    for (validator, event) in each_with_an_actor() {
        let mut nobody = event.clone();
        nobody["actor"]["user"] = json!({"type": "AWSService"});
        assert_wrong_at(validator, &nobody, "/actor/user");
        if event["class_uid"] == 3002 {
            let mut nowhere = event.clone();
            nowhere.as_object_mut().unwrap().remove("service").unwrap();
            assert_wrong_at(validator, &nowhere, "");
        }
    }
}

#[test]
fn source_that_has_nothing_but_a_domain_is_valid_since_1_4_only() {
    let found = VERSIONS.map(|version| {
        let mut event = least(6003, version);
        event["src_endpoint"] = json!({"domain": "cloudtrail.amazonaws.com"});
        Validator::load(version).unwrap().violations(&event).len()
    });
    assert_eq!(found, [1, 0]);
}

#[test]
fn type_that_does_not_go_with_the_activity_is_told() {
    for (validator, event) in each() {
        let mut event = event.clone();
        event["activity_id"] = json!(2);
        assert_wrong_at(validator, &event, "/type_uid");
    }
}

#[test]
fn class_that_is_unknown_or_missing_is_told() {
    for (validator, event) in each() {
        for class in [json!(4001), json!("6003"), Value::Null] {
            let mut event = event.clone();
            event["class_uid"] = class;
            assert_wrong_at(validator, &event, "/class_uid");
        }
    }
    assert!(Validator::load("1.9.0").is_err());
}

#[test]
fn samples_of_aws_are_valid_in_both_versions() -> anyhow::Result<()> {
    let Some(folder) = log_files::corpus("ocsf/samples-1.1.0")? else {
        return Ok(());
    };
    let names = ["account_change", "authentication", "generic_api_activity"];
    for (name, class) in names.into_iter().zip([3001, 3002, 6003]) {
        let event: Value = serde_json::from_slice(&fs::read(folder.join(format!("{name}.ocsf")))?)?;
        assert_eq!(event["class_uid"], class);
        for version in VERSIONS {
            let validator = Validator::load(version)?;
            assert_eq!(validator.violations(&event), [""; 0], "{name} under {version}");
            let mut broken = event.clone();
            broken["eventName"] = json!("ConsoleLogin");
            assert_wrong_at(validator, &broken, "");
        }
    }
    Ok(())
}

#[test]
fn schemas_are_those_of_the_corpora() -> anyhow::Result<()> {
    let Some(corpora) = log_files::corpus("ocsf/schema")? else {
        return Ok(());
    };
    let own = folder()?;
    for version in VERSIONS {
        for (name, class) in
            [("account_change", 3001), ("authentication", 3002), ("api_activity", 6003)]
        {
            let theirs = corpora.join(format!("{version}.{name}.cloud+datetime.schema.json"));
            let ours = own.join(version).join(format!("{class}.json"));
            let read = |path: &Path| -> anyhow::Result<Value> {
                Ok(serde_json::from_slice(&fs::read(path)?)?)
            };
            assert!(read(&theirs)? == read(&ours)?, "{} differs", ours.display());
        }
    }
    Ok(())
}

#[test]
fn schemas_say_nothing_that_the_validator_ignores() -> anyhow::Result<()> {
    let mut found = BTreeSet::new();
    for version in VERSIONS {
        for entry in fs::read_dir(folder()?.join(version))? {
            let schema: Value = serde_json::from_slice(&fs::read(entry?.path())?)?;
            collect_keywords(&schema, &mut found);
        }
    }
    assert!(found.len() > 10, "{found:?}");
    // `format` in particular is none of them: it would not be heeded.
    let strange: Vec<&String> =
        found.iter().filter(|keyword| !KEYWORDS.contains(&keyword.as_str())).collect();
    assert!(strange.is_empty(), "{strange:?}");
    Ok(())
}

fn collect_keywords(schema: &Value, found: &mut BTreeSet<String>) {
    let Some(object) = schema.as_object() else {
        return schema
            .as_array()
            .into_iter()
            .flatten()
            .for_each(|one| collect_keywords(one, found));
    };
    for (keyword, value) in object {
        found.insert(keyword.clone());
        match keyword.as_str() {
            // Here the keys are names.
            "properties" | "$defs" => {
                value.as_object().into_iter().flatten().for_each(|(_, one)| {
                    collect_keywords(one, found);
                });
            }
            _ => collect_keywords(value, found),
        }
    }
}
