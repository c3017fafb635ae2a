//! The configuration as an operator meets it: what loads, and what each fault says.

use super::*;
use proptest::prelude::*;
use serde_json::Value as Json;

mod example;
mod formats;
mod overrides;

/// The least that loads.
const LEAST: &str = r#"
[source]
queue_url = "https://sqs.eu-west-1.amazonaws.com/111122223333/trail"
buckets = ["org-trail"]
[[sink]]
type = "stdout"
"#;

fn load(text: &str, environment: &[(&str, &str)]) -> Result<Config, Faults> {
    let environment = environment.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    Config::from_text("traild.toml", text, environment)
}

/// `text` has exactly these faults.
#[track_caller]
fn refused(text: &str, faults: &[&str]) {
    let shown = load(text, &[]).unwrap_err().to_string();
    assert_eq!(shown.lines().collect::<Vec<_>>(), faults, "\n{shown}\n");
}

/// `lines`, put into a section of a file that is otherwise in order, have exactly these faults.
#[track_caller]
fn refused_in(section: &str, lines: &str, faults: &[&str]) {
    refused(&format!("[{section}]\n{lines}\n{LEAST}"), faults);
}

#[test]
fn least_configuration_loads_with_the_defaults() {
    let config = load(LEAST, &[]).unwrap();
    assert_eq!(config.limits, Limits::default());
    assert_eq!(config.admin.listen.to_string(), "127.0.0.1:9464");
    assert!(config.enrichment.is_empty());
    assert_eq!(config.source.receive_wait.to_string(), "20s");
    let sink = Sink {
        name: "stdout".to_owned(),
        schema: Schema::CloudTrail,
        select: Vec::new(),
        exclude: Vec::new(),
        redact: Redact::default(),
        ocsf: Ocsf::default(),
        ecs: Ecs::default(),
        kind: SinkKind::Stdout(StdoutSink {}),
    };
    assert_eq!(config.sinks, [sink]);
}

#[test]
fn nothing_at_all_is_told_what_it_needs() {
    refused(
        "",
        &[
            "traild.toml: [source] has no `buckets`: add buckets = [\"org-trail\"], or set TRAILD_SOURCE__BUCKETS",
            "traild.toml: [source] has no `queue_url`: add queue_url = \"https://sqs.eu-west-1.amazonaws.com/111122223333/trail\", or set TRAILD_SOURCE__QUEUE_URL",
            "traild.toml: there is no [[sink]], and events must go somewhere: add one, such as [[sink]] with type = \"file\" and path = \"data\"",
        ],
    );
    let shown = Config::load(None, std::iter::empty()).unwrap_err().to_string();
    assert!(shown.starts_with("environment: [source] has no `buckets`"), "{shown}");
}

#[test]
fn all_faults_come_at_once_in_the_order_of_the_file() {
    let text = r#"[source]
queue_url = "arn:aws:sqs:eu-west-1:111122223333:trail"
bucket = ["org-trail"]
receive_wait = "1m"
expected_bucket_owner = 111122223333

[limts]
memory = "1GiB"

[limits]
memory = "8MiB"
messages_in_flight = 0
depth = -1

[[sink]]
name = "my lake"
type = "file"
pth = "data"
"#;
    refused(
        text,
        &[
            "traild.toml:1:1: [source] has no `buckets`: add buckets = [\"org-trail\"], or set TRAILD_SOURCE__BUCKETS",
            "traild.toml:2:13: source.queue_url is \"arn:aws:sqs:eu-west-1:111122223333:trail\": it must be the queue's URL, such as \"https://sqs.eu-west-1.amazonaws.com/111122223333/trail\"",
            "traild.toml:3:1: unknown key `bucket` in [source]: did you mean `buckets`?",
            "traild.toml:4:16: source.receive_wait is \"1m\": it must be a duration from 1s to 20s, in whole seconds",
            "traild.toml:5:25: source.expected_bucket_owner is 111122223333: it must be the 12 digits of an account, in quotes: \"111122223333\"",
            "traild.toml:7:2: unknown section [limts]: did you mean [limits]?",
            "traild.toml:11:10: limits.memory is \"8MiB\": it must be a size from 16MiB to 4GiB",
            "traild.toml:12:22: limits.messages_in_flight is 0: it must be a whole number from 1 to 120000",
            "traild.toml:13:9: limits.depth is -1: it must be a whole number from 1 to 1024",
            "traild.toml:15:1: sink.0 has no `path`: add path = \"data\", or set TRAILD_SINK__0__PATH",
            "traild.toml:16:8: sink.0.name is \"my lake\": it must be 1 to 64 letters, digits, dots, dashes and underscores",
            "traild.toml:18:1: unknown key `pth` in sink.0: did you mean `path`?",
        ],
    );
}

/// Section, line, column of the value, and what is said of it.
const WRONG_VALUES: &[(&str, &str, usize, &str)] = &[
    (
        "limits",
        "memory = \"8 megs\"",
        10,
        "limits.memory is \"8 megs\": it must be a size from 16MiB to 4GiB",
    ),
    (
        "limits",
        "memory = \"5GiB\"",
        10,
        "limits.memory is \"5GiB\": it must be a size from 16MiB to 4GiB",
    ),
    ("limits", "memory = 1e9", 10, "limits.memory is 1e9: it must be a size from 16MiB to 4GiB"),
    (
        "limits",
        "record = []",
        10,
        "limits.record is an empty list: it must be a size from 1KiB to 64MiB",
    ),
    (
        "limits",
        "depth = \"128\"",
        9,
        "limits.depth is \"128\": it must be a whole number from 1 to 1024",
    ),
    (
        "limits",
        "objects_at_once = 99999999999999999999",
        19,
        "limits.objects_at_once is 99999999999999999999: it must be a whole number from 1 to 4096",
    ),
    (
        "shutdown",
        "grace_period = 25",
        16,
        "shutdown.grace_period is 25: it must be a duration from 0s to 1h, in whole seconds",
    ),
    (
        "shutdown",
        "grace_period = \"250ms\"",
        16,
        "shutdown.grace_period is \"250ms\": it must be a duration from 0s to 1h, in whole seconds",
    ),
    (
        "admin",
        "listen = \":9464\"",
        10,
        "admin.listen is \":9464\": it must be an IP address and a port, such as \"127.0.0.1:9464\" (this machine only) or \"0.0.0.0:9464\" (every interface), or \"off\"",
    ),
    (
        "admin",
        "listen = 9464",
        10,
        "admin.listen is 9464: it must be an IP address and a port, such as \"127.0.0.1:9464\" (this machine only) or \"0.0.0.0:9464\" (every interface), or \"off\"",
    ),
    (
        "admin",
        "listen = false",
        10,
        "admin.listen is false: it must be an IP address and a port, such as \"127.0.0.1:9464\" (this machine only) or \"0.0.0.0:9464\" (every interface), or \"off\"",
    ),
    (
        "admin",
        "listen = \"localhost:9464\"",
        10,
        "admin.listen is \"localhost:9464\": it must be an IP address and a port, such as \"127.0.0.1:9464\" (this machine only) or \"0.0.0.0:9464\" (every interface), or \"off\"",
    ),
    ("log", "format = \"yaml\"", 10, "log.format is \"yaml\": it must be `text` or `json`"),
    ("log", "format = {}", 10, "log.format is a table: it must be a single value"),
    ("log", "filter = 1979-05-27", 10, "log.filter is a date: it must be text, in double quotes"),
    (
        "quarantine",
        "path = \"s3://b/q\"",
        8,
        "quarantine.path is \"s3://b/q\": it must be a path on this machine, such as \"data\"",
    ),
    (
        "quarantine",
        "path = \"\"",
        8,
        "quarantine.path is \"\": it must be a path on this machine, such as \"data\"",
    ),
    (
        "enrichment",
        "city_database = \"s3://geo/City.mmdb\"",
        17,
        "enrichment.city_database is \"s3://geo/City.mmdb\": it must be the path of a file on this machine",
    ),
    (
        "enrichment",
        "account_names = 111122223333",
        17,
        "enrichment.account_names is 111122223333: it must be the path of a file on this machine",
    ),
    (
        "enrichment",
        "reload = \"0s\"",
        10,
        "enrichment.reload is \"0s\": it must be a duration from 1s to 1d, in whole seconds",
    ),
];

#[test]
fn value_out_of_its_type_is_told_what_it_must_be() {
    for (section, line, column, fault) in WRONG_VALUES {
        refused_in(section, line, &[&format!("traild.toml:2:{column}: {fault}")]);
    }
}

#[test]
fn record_must_fit_the_memory_it_is_read_in() {
    refused_in(
        "limits",
        "record = \"64MiB\"",
        &[
            "traild.toml: limits.record (64MiB) is more than an eighth of limits.memory (128MiB): lower \
           the one or raise the other",
        ],
    );
    let fits = format!("[limits]\nrecord = \"2MiB\"\nmemory = \"16MiB\"\n{LEAST}");
    assert!(load(&fits, &[]).is_ok());
}

#[test]
fn word_that_is_no_level_is_refused_as_a_filter() {
    for filter in ["inof", "info;x=loud", "info,trail_ingest=loud", ""] {
        assert!(load(&format!("[log]\nfilter = \"{filter}\"\n{LEAST}"), &[]).is_err(), "{filter}");
    }
    for filter in ["INFO", "warn,trail_ingest=debug", "off, trail_sink=trace"] {
        assert!(load(&format!("[log]\nfilter = \"{filter}\"\n{LEAST}"), &[]).is_ok(), "{filter}");
    }
}

#[test]
fn directory_is_for_one_sink_alone() {
    let two = "[[sink]]\nname = \"a\"\ntype = \"file\"\npath = \"d\"\n\
               [[sink]]\nname = \"b\"\ntype = \"file\"\npath = \"d\"\n";
    let fault =
        "traild.toml: two of the sinks and the quarantine write to \"d\": give each its own";
    refused(&format!("{LEAST}{two}"), &[fault]);
}

#[test]
fn entries_of_the_allow_list_are_told_apart() {
    let text = r#"[source]
queue_url = "https://sqs.eu-west-1.amazonaws.com/111122223333/trail"
buckets = ["good", "s3://bad", "good/AWSLogs/", 5,
  "half/AWSLogs/1", "arn:aws:s3:::bad", ""]
path_style = "yes"
region = "Ireland"
[[sink]]
type = "stdout"
"#;
    let entry = "it must be \"bucket\" or \"bucket/key/prefix/\", without s3:// and not an ARN";
    refused(
        text,
        &[
            &format!("traild.toml:3:20: an entry of source.buckets is \"s3://bad\": {entry}"),
            &format!("traild.toml:3:49: an entry of source.buckets is 5: {entry}"),
            "traild.toml:4:3: an entry of source.buckets is \"half/AWSLogs/1\": it must be a bucket and a key prefix that ends with /: without it AWSLogs/1 would let AWSLogs/12 in",
            &format!(
                "traild.toml:4:21: an entry of source.buckets is \"arn:aws:s3:::bad\": {entry}"
            ),
            &format!("traild.toml:4:41: an entry of source.buckets is \"\": {entry}"),
            "traild.toml:5:14: source.path_style is \"yes\": it must be true or false",
            "traild.toml:6:10: source.region is \"Ireland\": it must be the name of an AWS region, such as \"eu-west-1\"",
        ],
    );
    let buckets = |value: &str| LEAST.replace("[\"org-trail\"]", value);
    refused(
        &buckets("[]"),
        &["traild.toml:4:11: source.buckets is an empty list: it must be a list of at least one"],
    );
    refused(
        &buckets("\"org-trail\""),
        &[
            "traild.toml:4:11: source.buckets is \"org-trail\": it must be a list, in square brackets",
        ],
    );
    refused(
        &buckets("[1]").replace("[1]", "[\"x\"]"),
        &[&format!("traild.toml:4:12: an entry of source.buckets is \"x\": {entry}")],
    );
}

#[test]
fn sinks_are_told_apart() {
    let source = LEAST.split("[[sink]]").next().unwrap().trim_start();
    let text = format!(
        r#"{source}[[sink]]
path = "data"
[[sink]]
type = "flie"
[[sink]]
type = "stdout"
path = "data"
[[sink]]
type = "file"
path = "data"
compression = "brotli"
rotate_age = "8d"
[[sink]]
type = "file"
path = "more"
schema = "ocsf"
[[sink]]
name = "stdout"
type = "file"
path = "three"
"#
    );
    refused(
        &text,
        &[
            "traild.toml:4:1: sink.0 has no `type`: add type = \"file\", or set TRAILD_SINK__0__TYPE",
            "traild.toml:7:8: sink.1.type is \"flie\": it must be `file` or `stdout`",
            "traild.toml:10:1: unknown key `path` in sink.2: its keys are `ecs`, `exclude`, `name`, `ocsf`, `redact`, `schema`, `select`, `type`",
            "traild.toml:14:15: sink.3.compression is \"brotli\": it must be one of `none`, `gzip`, `zstd`",
            "traild.toml:15:14: sink.3.rotate_age is \"8d\": it must be a duration from 1s to 7d, in whole seconds",
            "traild.toml:16:1: sink.4 has the same name as sink.3: give each a `name` of its own",
            "traild.toml:19:10: sink.4.schema is \"ocsf\": it must be one of `cloudtrail`, `ocsf-1.8`, `ocsf-1.1`, `ecs`, `flat`",
            "traild.toml:21:8: sink.5 has the same name as sink.2: give each a `name` of its own",
        ],
    );
}

#[test]
fn what_should_be_a_table_and_is_not_is_told_so() {
    refused(
        "source = 5\nsink = 5\nqueue_url = \"x\"",
        &[
            "traild.toml:1:10: source is 5: it must be a table, begun by [source]",
            "traild.toml:2:8: sink is 5: it must be a list, each begun by [[sink]]",
            "traild.toml:3:1: unknown section [queue_url]: the sections are `source`, `limits`, `shutdown`, `admin`, `log`, `quarantine`, `enrichment`, `sink`",
        ],
    );
    let single = LEAST.replace("[[sink]]", "[sink]");
    refused(
        &single,
        &["traild.toml:5:1: sink is a table: it must be a list, each begun by [[sink]]"],
    );
}

#[test]
fn text_that_is_not_toml_is_told_its_first_fault() {
    let unclosed = LEAST.replace("[\"org-trail\"]", "[\"org-trail\"");
    for (text, fault) in [
        (
            "[source]\nqueue_url = https://x\n",
            "traild.toml:2:13: not valid TOML: string values must be quoted, expected literal string",
        ),
        (
            "[source]\n\"üü\" = \"x\n",
            "traild.toml:2:10: not valid TOML: invalid basic string, expected `\"`",
        ),
        ("[log]\n[log]\n", "traild.toml:2:2: not valid TOML: duplicate key"),
        (
            "b = 'x\nc = [1\n",
            "traild.toml:1:7: not valid TOML: invalid literal string, expected `'`",
        ),
        (
            &unclosed,
            "traild.toml:5:1: not valid TOML: missing comma between array elements, expected `,`",
        ),
    ] {
        refused(text, &[fault]);
    }
}

#[test]
fn file_that_cannot_be_read_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, content: Option<&[u8]>, expect: &str| {
        let path = folder.path().join(name);
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let shown = Config::load(Some(&path), std::iter::empty()).unwrap_err().to_string();
        assert_eq!(shown, format!("{}{expect}", path.display()));
    };
    check("absent.toml", None, ": there is no such file: check the path");
    check("", None, ": is a directory: name the TOML file in it");
    check(
        "latin1.toml",
        Some(b"[log]\n# \xe9t\xe9\n"),
        ":2:3: not UTF-8 text: save the file as UTF-8",
    );
    check(
        "zeros",
        Some(&vec![b' '; 1_048_577]),
        ": is larger than 1MiB: it cannot be a configuration",
    );
}

proptest! {
    /// Faults are lines for a log: none breaks its line.
    #[test]
    fn any_text_and_any_environment_load_or_are_refused_a_line_each(
        text in "(\\PC|[\\[\\]=\"',.{}$\\n])*",
        names in prop::collection::vec("TRAILD(_|__|SOURCE|SINK|[A-Z0-9])*", 0..4),
        value in "(\\PC|[\\[\\]\",0-9$\\n])*",
    ) {
        let environment = names.into_iter().map(|name| (name, value.clone()));
        if let Err(faults) = Config::from_text("t", &text, environment) {
            prop_assert!(!faults.is_empty());
            prop_assert_eq!(faults.to_string().lines().count(), faults.len());
        }
    }

    #[test]
    fn any_value_of_any_key_loads_or_is_refused(
        key in prop::sample::select(known_keys()),
        value in prop_oneof!["\\PC*", Just("[1, \"a\"]".to_owned()), "[0-9]{1,30}", "\"[a-z0-9/.:]*\""],
    ) {
        let (section, key) = key.split_once('.').unwrap();
        let variable = format!("TRAILD_{section}__{key}").to_uppercase().replace('.', "__");
        let variable = variable.replace("SINK__", "SINK__0__");
        let _ = load(LEAST, &[(&variable, &value)]);
        let _ = load(&format!("[{section}]\n{key} = {value}\n"), &[]);
    }
}

/// Every key of the JSON Schema, as `section.key`, or `section.table.key`.
fn known_keys() -> Vec<String> {
    let schema: Json = serde_json::from_str(&config_schema()).unwrap();
    let mut keys = Vec::new();
    for (section, property) in schema["properties"].as_object().unwrap() {
        keys.extend(keys_of(&schema, resolved(&schema, property), section));
    }
    keys.sort();
    keys.dedup();
    keys
}

fn keys_of(schema: &Json, table: &Json, path: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for (key, property) in table["properties"].as_object().into_iter().flatten() {
        let (path, property) = (format!("{path}.{key}"), resolved(schema, property));
        match property["properties"].is_object() {
            true => keys.extend(keys_of(schema, property, &path)),
            false => keys.push(path),
        }
    }
    for parts in ["oneOf", "allOf"] {
        for part in table[parts].as_array().into_iter().flatten() {
            keys.extend(keys_of(schema, resolved(schema, part), path));
        }
    }
    keys
}

/// The schema that is meant by a property: what `$ref` names, for a list that of its elements.
fn resolved<'s>(schema: &'s Json, property: &'s Json) -> &'s Json {
    let property = if property["items"].is_object() { &property["items"] } else { property };
    match property["$ref"].as_str() {
        Some(name) => &schema["$defs"][name.trim_start_matches("#/$defs/")],
        None => property,
    }
}
