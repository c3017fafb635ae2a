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
    let secret = ("TRAILD_HASH_KEY", "a secret of some length");
    let mut all = load(&uncommented(), &[secret]).unwrap();
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
    let enrichment = &mut all.enrichment;
    let examples = [
        enrichment.city_database.take().unwrap(),
        enrichment.asn_database.take().unwrap(),
        enrichment.account_names.take().unwrap(),
    ];
    assert_eq!(
        examples.map(|path| path.to_str().unwrap().to_owned()),
        [
            "/var/lib/GeoIP/GeoLite2-City.mmdb",
            "/var/lib/GeoIP/GeoLite2-ASN.mmdb",
            "/etc/traild/accounts.csv",
        ]
    );
    let lake = &mut all.sinks[0];
    let lists = [&mut lake.select, &mut lake.exclude].map(std::mem::take);
    assert_eq!(lists.map(|list| list[0].as_ref().to_owned()), ["writes", "kms-decrypt"]);
    let redact = std::mem::take(&mut lake.redact);
    assert_eq!([redact.drop.len(), redact.mask.len(), redact.hash.len()], [1; 3]);
    assert!(redact.hash_key.is_some() && redact.session_credentials.is_some());
    for schema in [Schema::Ecs, Schema::Ocsf18] {
        let sink = all.sinks.pop().unwrap();
        assert_eq!((sink.schema, sink.kind), (schema, SinkKind::Stdout(StdoutSink {})));
        assert_eq!((sink.ocsf, sink.ecs), (Ocsf::default(), Ecs::default()));
    }
    assert_eq!(all, without);
}

#[test]
fn example_has_exactly_the_keys_of_the_schema() {
    let example: toml::Table = uncommented().parse().unwrap();
    let mut shown = BTreeSet::new();
    for (section, value) in &example {
        let tables = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        tables.iter().for_each(|table| gather(table.as_table().unwrap(), section, &mut shown));
    }
    assert_eq!(shown, known_keys().into_iter().collect());
}

fn gather(table: &toml::Table, path: &str, keys: &mut BTreeSet<String>) {
    for (key, value) in table {
        let path = format!("{path}.{key}");
        match value.as_table() {
            Some(table) => gather(table, &path, keys),
            None => drop(keys.insert(path)),
        }
    }
}

#[test]
fn schema_has_a_description_for_every_key_and_the_default_the_example_shows() {
    let schema: Json = serde_json::from_str(&config_schema()).unwrap();
    let example: toml::Table = uncommented().parse().unwrap();
    for (section, property) in schema["properties"].as_object().unwrap() {
        let shown = serde_json::to_value(&example[section]).unwrap();
        let shown = shown.as_array().cloned().unwrap_or_else(|| vec![shown]);
        described(&schema, resolved(&schema, property), section, &shown);
    }
    assert_eq!(schema["required"], serde_json::json!(["source", "sink"]));
    assert_eq!(schema["additionalProperties"], false);
}

/// Of several tables that are shown, the first that has a key shows its default.
fn described(schema: &Json, table: &Json, path: &str, shown: &[Json]) {
    let own = table["oneOf"][0]["allOf"][0]["properties"].as_object();
    let keys = table["properties"].as_object().unwrap().iter().chain(own.into_iter().flatten());
    for (key, property) in keys {
        let path = format!("{path}.{key}");
        assert!(property["description"].is_string(), "{path}");
        let shown: Vec<Json> = shown.iter().filter_map(|table| table.get(key)).cloned().collect();
        let inner = resolved(schema, property);
        if inner["properties"].is_object() {
            described(schema, inner, &path, &shown);
        } else if !property["default"].is_null() && property["default"] != serde_json::json!([]) {
            assert_eq!(property["default"], shown[0], "{path}");
        }
    }
}
