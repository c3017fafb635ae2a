use super::*;
use crate::conformance::parcel;
use crate::memory::{Failure, MemorySink};
use prometheus_client::encoding::text::encode;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn writes_are_counted_and_timed_by_sink_and_outcome() {
    let mut registry = Registry::default();
    let metrics = SinkMetrics::register(&mut registry);
    let memory = Arc::new(MemorySink::new());
    memory.refuse(|event| event.ends_with(b":1}"));
    memory.fail_next(2, Failure::Retry(None));
    memory.fail_next(1, Failure::Pause);
    memory.take_time(Duration::from_millis(3));
    let metered = Metered::new("lake", Arc::clone(&memory) as Arc<dyn Sink>, &metrics);
    let batch = Batch::of(parcel("a", 0, 3));
    for _ in 0..5 {
        drop(metered.write(&batch).await);
    }
    let mut text = String::new();
    encode(&mut text, &registry).expect("encoded");
    for line in [
        r#"traild_sink_writes_total{sink="lake"} 2"#.to_owned(),
        r#"traild_sink_events_total{sink="lake"} 4"#.to_owned(),
        r#"traild_sink_refused_events_total{sink="lake"} 2"#.to_owned(),
        format!(r#"traild_sink_written_bytes_total{{sink="lake"}} {}"#, 2 * batch.bytes()),
        r#"traild_sink_errors_total{sink="lake",class="retry"} 2"#.to_owned(),
        r#"traild_sink_errors_total{sink="lake",class="pause"} 1"#.to_owned(),
        r#"traild_sink_errors_total{sink="lake",class="split"} 0"#.to_owned(),
        r#"traild_sink_write_duration_seconds_count{sink="lake"} 5"#.to_owned(),
        r#"traild_sink_write_events_sum{sink="lake"} 15.0"#.to_owned(),
    ] {
        assert!(text.lines().any(|found| found == line), "no {line} in\n{text}");
    }
    assert!(text.contains("# UNIT traild_sink_written_bytes bytes"));
}
