use super::*;
use axum::body::to_bytes;

fn status() -> (Status, Health, watch::Sender<Condition>, CancellationToken) {
    let (health, stop) = (Health::default(), CancellationToken::new());
    let (sender, condition) = watch::channel(Condition::Accepting);
    let sinks = vec![("lake".to_owned(), condition)];
    let status = Status::new(health.clone(), sinks, stop.clone(), Registry::default());
    (status, health, sender, stop)
}

async fn text_of(status: Status) -> String {
    let answer = metrics(State(Arc::new(status))).await;
    assert_eq!(answer.status(), StatusCode::OK);
    String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn readiness_is_a_metric_for_the_whole_and_for_each_component() {
    let (status, health, _sink, _stop) = status();
    health.well("queue");
    health.fault("bucket org-trail", "access denied");
    let text = text_of(status).await;
    for line in [
        "traild_ready 0",
        "traild_component_ready{component=\"bucket org-trail\"} 0",
        "traild_component_ready{component=\"queue\"} 1",
        "traild_component_ready{component=\"sink lake\"} 1",
    ] {
        assert!(text.lines().any(|told| told == line), "{line} in {text}");
    }
}

#[tokio::test]
async fn daemon_is_ready_until_it_stops() {
    for stopping in [false, true] {
        let (status, health, _sink, stop) = status();
        health.well("queue");
        if stopping {
            stop.cancel();
        }
        let code = ready(State(Arc::new(status))).await.status();
        assert_eq!(code == StatusCode::OK, !stopping);
    }
}

#[tokio::test]
async fn daemon_is_not_ready_while_a_sink_does_not_accept() {
    let (status, health, sink, _stop) = status();
    health.well("queue");
    sink.send_replace(Condition::Retrying {
        since: std::time::SystemTime::now(),
        reason: "the disk is full".to_owned(),
    });
    let status = Arc::new(status);
    let answer = ready(State(Arc::clone(&status))).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let told = r#"{"ready":false,"reasons":{"sink lake":"the disk is full"}}"#;
    assert_eq!(String::from_utf8_lossy(&body).trim(), told);
    sink.send_replace(Condition::Accepting);
    assert_eq!(ready(State(status)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn version_is_a_label() {
    let text = text_of(status().0).await;
    let line = format!("traild_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
    assert!(text.lines().any(|told| told == line), "{text}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn process_is_told_under_the_usual_names() {
    let text = text_of(status().0).await;
    for name in [
        "process_start_time_seconds",
        "process_resident_memory_bytes",
        "process_cpu_seconds_total",
        "process_open_fds",
    ] {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let value: f64 = line.unwrap_or_else(|| panic!("{name} in {text}")).parse().unwrap();
        assert!(value >= 0.0, "{name} {value}");
    }
    assert!(text.ends_with("# EOF\n"), "{text}");
}

/// The names of all metrics that a registry exports.
fn names(text: &str) -> Vec<&str> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types.filter_map(|line| line.split(' ').next()).collect()
}

#[tokio::test]
async fn every_metric_is_in_the_readme() {
    let mut registry = Registry::default();
    let _pipeline = trail_ingest::Metrics::register(&mut registry);
    let _sinks = trail_sink::SinkMetrics::register(&mut registry);
    let (_sender, condition) = watch::channel(Condition::Accepting);
    let sinks = vec![("lake".to_owned(), condition)];
    let status = Status::new(Health::default(), sinks, CancellationToken::new(), registry);
    let text = text_of(status).await;
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let missing: Vec<_> = names(&text).into_iter().filter(|name| !readme.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}
