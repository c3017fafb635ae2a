//! Variables of the environment, over the file and within it.

use super::*;

#[track_caller]
fn refused_with(text: &str, environment: &[(&str, &str)], faults: &[&str]) {
    let shown = load(text, environment).unwrap_err().to_string();
    assert_eq!(shown.lines().collect::<Vec<_>>(), faults, "\n{shown}\n");
}

#[test]
fn environment_alone_is_enough() {
    let config = Config::load(
        None,
        [
            ("TRAILD_SOURCE__QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/111122223333/trail"),
            ("TRAILD_SOURCE__BUCKETS", "one, two/AWSLogs/"),
            ("TRAILD_SOURCE__EXPECTED_BUCKET_OWNER", "111122223333"),
            ("TRAILD_SOURCE__PATH_STYLE", "true"),
            ("TRAILD_LIMITS__MEMORY", "268435456"),
            ("TRAILD_LIMITS__DEPTH", "64"),
            ("TRAILD_SINK__0__TYPE", "file"),
            ("TRAILD_SINK__0__PATH", "42"),
            ("TRAILD_SINK__1__TYPE", "stdout"),
            ("TRAILD_CONFIG", "/etc/traild.toml"),
            ("PATH", "/bin"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let config = config.unwrap();
    let prefixes: Vec<_> = config.source.buckets.iter().map(|b| (&*b.bucket, &*b.prefix)).collect();
    assert_eq!(prefixes, [("one", ""), ("two", "AWSLogs/")]);
    assert_eq!(config.source.path_style, Some(true));
    assert_eq!(config.limits.memory.to_string(), "256MiB");
    assert_eq!(config.limits.depth.get(), 64);
    let SinkKind::File(file) = &config.sinks[0].kind else { panic!("{config:?}") };
    assert_eq!(file.path, Path::new("42"));
    assert_eq!(config.sinks[1].name, "stdout");
}

#[test]
fn environment_goes_over_the_file_and_adds_to_it() {
    let config = load(
        &LEAST.replace("type = \"stdout\"", "type = \"file\"\npath = \"data\""),
        &[
            ("TRAILD_SOURCE__BUCKETS", "[\"other\", \"more/x/\"]"),
            ("TRAILD_SINK__0__PATH", "elsewhere"),
            ("TRAILD_SINK__1__TYPE", "stdout"),
        ],
    );
    let config = config.unwrap();
    assert_eq!(config.source.buckets.len(), 2);
    let SinkKind::File(file) = &config.sinks[0].kind else { panic!("{config:?}") };
    assert_eq!(file.path, Path::new("elsewhere"));
    assert_eq!(config.sinks.len(), 2);
}

#[test]
fn variables_that_set_nothing_are_refused_by_name() {
    let no_setting = "no setting has this name: write two underscores between a section and a key, as in TRAILD_LOG__FILTER";
    refused_with(
        LEAST,
        &[
            ("TRAILD_A__B__C__D__E__F__G", "x"),
            ("TRAILD_ADMIN__LISTEN", ":80"),
            ("TRAILD_LIMITS__MEMORY", "8MiB"),
            ("TRAILD_LOG", "debug"),
            ("TRAILD_LOG__FILTERS", "debug"),
            ("TRAILD_SINK__2__TYPE", "stdout"),
            ("TRAILD_SINK__TYPE", "stdout"),
            ("TRAILD_SOURCE__BUCKETS", "good, s3://bad,worse/x"),
            ("TRAILD_SOURCE__QUEUE_URL__X", "x"),
            ("TRAILD_SOURCES__X", "x"),
            ("TRAILD__LOG__FILTER", "x"),
            ("TRAILD__\nLOG", "x"),
        ],
        &[
            "TRAILD_ADMIN__LISTEN: admin.listen is \":80\": it must be an IP address and a port, such as \"127.0.0.1:9464\" (this machine only) or \"0.0.0.0:9464\" (every interface), or \"off\"",
            &format!("TRAILD_A__B__C__D__E__F__G: {no_setting}"),
            "TRAILD_LIMITS__MEMORY: limits.memory is \"8MiB\": it must be a size from 16MiB to 4GiB",
            &format!("TRAILD_LOG: {no_setting}"),
            "TRAILD_LOG__FILTERS: unknown key `filters` in [log]: did you mean `filter`?",
            "TRAILD_SINK__2__TYPE: entries are counted from 0 without a gap: the next here is 1",
            "TRAILD_SINK__TYPE: a number must come before the key, counted from 0, as in TRAILD_SINK__0__PATH",
            "TRAILD_SOURCES__X: unknown section [sources]: did you mean [source]?",
            "TRAILD_SOURCE__BUCKETS: an entry of source.buckets is \"s3://bad\": it must be \"bucket\" or \"bucket/key/prefix/\", without s3:// and not an ARN",
            "TRAILD_SOURCE__BUCKETS: an entry of source.buckets is \"worse/x\": it must be a bucket and a key prefix that ends with /: without it AWSLogs/1 would let AWSLogs/12 in",
            "TRAILD_SOURCE__QUEUE_URL__X: what is above it is set to a single value, not to a table",
            &format!("TRAILD__\u{fffd}LOG: {no_setting}"),
            &format!("TRAILD__LOG__FILTER: {no_setting}"),
        ],
    );
}

#[test]
fn sink_of_the_environment_is_told_what_it_needs() {
    let source = LEAST.split("[[sink]]").next().unwrap();
    refused_with(
        source,
        &[("TRAILD_SINK__0__TYPE", "file"), ("TRAILD_SINK__1__NAME", "lake")],
        &[
            "TRAILD_SINK__0__TYPE: sink.0 has no `path`: add path = \"data\", or set TRAILD_SINK__0__PATH",
            "TRAILD_SINK__1__NAME: sink.1 has no `type`: add type = \"file\", or set TRAILD_SINK__1__TYPE",
        ],
    );
}

#[test]
fn variables_kubernetes_makes_for_a_service_are_left_alone() {
    let links = [
        ("TRAILD_SERVICE_HOST", "10.0.0.1"),
        ("TRAILD_SERVICE_PORT", "9464"),
        ("TRAILD_SERVICE_PORT_ADMIN", "9464"),
        ("TRAILD_PORT", "tcp://10.0.0.1:9464"),
        ("TRAILD_PORT_9464_TCP", "tcp://10.0.0.1:9464"),
        ("TRAILD_PORT_9464_TCP_ADDR", "10.0.0.1"),
        ("TRAILD_METRICS_SERVICE_HOST", "10.0.0.2"),
    ];
    assert!(load(LEAST, &links).is_ok());
    assert!(load(LEAST, &[("TRAILD_PORT", "9464")]).is_err());
}

#[test]
fn variables_within_the_file_are_replaced() {
    let text = LEAST.replace("org-trail", "${BUCKET}/$${x}/").replace("111122223333", "${ACCOUNT}");
    let config = load(&text, &[("BUCKET", "from-env"), ("ACCOUNT", "444455556666")]).unwrap();
    assert_eq!(config.source.queue_url, "https://sqs.eu-west-1.amazonaws.com/444455556666/trail");
    assert_eq!(config.source.buckets[0].prefix, "${x}/");
}

#[test]
fn missing_variable_is_one_fault_and_names_no_value() {
    let text = LEAST.replace("org-trail", "${BUCKET}").replace("https", "${SCHEME");
    refused_with(
        &text,
        &[],
        &[
            "traild.toml:3:13: `${` begins the name of a variable, as in ${NAME}: write $${ for ${ itself",
            "traild.toml:4:12: the variable BUCKET is not set in the environment: set it, or write $${BUCKET} for ${BUCKET} itself",
        ],
    );
}

#[test]
fn what_a_variable_stands_for_is_never_shown() {
    let secret = "hunter2, expected \"hunter2\"";
    for text in [
        LEAST.replace("https://", "${SECRET}"),
        LEAST.replace("[\"org-trail\"]", "\"${SECRET}\""),
        LEAST.replace("org-trail", "a/${SECRET}"),
        LEAST.replace("\"stdout\"", "\"${SECRET}\""),
        LEAST.replace("\"stdout\"", "\"stdout\"\nname = \"${SECRET}\"\nschema = \"${SECRET}\""),
        format!("[limits]\nmemory = \"${{SECRET}}\"\ndepth = \"${{SECRET}}\"\n{LEAST}"),
        format!("[log]\nformat = \"${{SECRET}}\"\n[admin]\nlisten = \"${{SECRET}}\"\n{LEAST}"),
        LEAST.replace("[source]", "source = \"${SECRET}\"\n[x]"),
        LEAST.replace("[[sink]]", "sink = [\"${SECRET}\"]\n[x]"),
        format!("{LEAST}[source.x]\ny = \"${{SECRET}}\"\n"),
    ] {
        let shown = load(&text, &[("SECRET", secret)]).unwrap_err().to_string();
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    let twice = "\"stdout\"\nname = \"${NAME}\"\n[[sink]]\ntype = \"stdout\"\nname = \"${NAME}\"";
    let text = LEAST.replace("\"stdout\"", twice);
    let shown = load(&text, &[("NAME", "hunter2")]).unwrap_err().to_string();
    assert!(!shown.contains("hunter2"), "{shown}");
    let text = LEAST.replace("\"stdout\"", "\"${SECRET}\"");
    refused_with(
        &text,
        &[("SECRET", secret)],
        &[
            "traild.toml:6:8: sink.0.type is what ${SECRET} stands for: it must be `file` or `stdout`",
        ],
    );
}
