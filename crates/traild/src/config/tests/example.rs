//! `config/traild.toml` shows every key with its default, and the JSON Schema knows the same keys.

use super::*;
use std::collections::BTreeSet;

const EXAMPLE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/traild.toml"));

/// Every key that is behind a bare `#` taken out from there.
fn uncommented() -> String {
    let uncomment = |line: &'static str| match line.strip_prefix('#') {
        Some(key) if !key.is_empty() && !key.starts_with(' ') => key,
        _ => line,
    };
    EXAMPLE.lines().map(uncomment).collect::<Vec<_>>().join("\n")
}

#[test]
fn example_as_it_stands_loads() {
    let config = load(EXAMPLE, &[]).unwrap();
    assert_eq!(config.source.buckets[0].bucket, "org-trail");
    assert_eq!(config.sinks.len(), 1);
}

#[test]
fn every_file_beside_the_example_loads() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            Config::load(Some(&path), std::iter::empty()).unwrap();
        }
    }
}

#[test]
fn example_with_every_key_uncommented_is_the_same() {
    let mut all = load(&uncommented(), &[]).unwrap();
    let without = load(EXAMPLE, &[]).unwrap();
    // These have no default: what they show is an example.
    let source = &mut all.source;
    let examples = (
        source.expected_bucket_owner.take().unwrap().as_str().to_owned(),
        source.region.take().unwrap(),
        source.visibility_timeout.take().unwrap().to_string(),
        source.path_style.take().unwrap(),
    );
    assert_eq!(examples, ("111122223333".into(), "eu-west-1".into(), "5m".into(), true));
    let stdout = all.sinks.pop().unwrap();
    assert_eq!(stdout.kind, SinkKind::Stdout(StdoutSink {}));
    assert_eq!(all, without);
}

#[test]
fn example_has_exactly_the_keys_of_the_schema() {
    let example: toml::Table = uncommented().parse().unwrap();
    let mut shown = BTreeSet::new();
    for (section, value) in &example {
        let tables = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        for table in &tables {
            shown.extend(table.as_table().unwrap().keys().map(|key| format!("{section}.{key}")));
        }
    }
    assert_eq!(shown, known_keys().into_iter().collect());
}

#[test]
fn schema_has_a_description_for_every_key_and_the_default_the_example_shows() {
    let schema: Json = serde_json::from_str(&config_schema()).unwrap();
    let example: toml::Table = uncommented().parse().unwrap();
    for (section, property) in schema["properties"].as_object().unwrap() {
        let shown = &example[section];
        let shown = serde_json::to_value(shown.get(0).unwrap_or(shown)).unwrap();
        let table = resolved(&schema, property);
        let own = table["oneOf"][0]["allOf"][0]["properties"].as_object();
        let keys = table["properties"].as_object().unwrap().iter().chain(own.into_iter().flatten());
        for (key, property) in keys {
            assert!(property["description"].is_string(), "{section}.{key}");
            if !property["default"].is_null() {
                assert_eq!(property["default"], shown[key], "{section}.{key}");
            }
        }
    }
    assert_eq!(schema["required"], serde_json::json!(["source", "sink"]));
    assert_eq!(schema["additionalProperties"], false);
}
