//! An object that is no log file: what of it could be read is delivered, and its message set aside.

use crate::world::{World, gzip, log_file, notification, records};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use trail_ingest::memory::{Failing, Fault};
use trail_logfile::Limits;

/// Runs one corrupt object: the reason, what the detail must say, and how many records are delivered.
async fn check(bytes: Vec<u8>, limits: Limits, reason: &str, detail: &[&str], delivered: usize) {
    let mut world = World::new();
    world.settings.limits = limits;
    let object = world.put_bytes("bad", bytes);
    let body = notification(&[&object]);
    world.queue.send(&body);
    world.run_to_the_end().await;
    let dead = world.dead_letter();
    let why = dead.reason.unwrap();
    assert_eq!((dead.body, why.reason), (body, reason), "{}", why.detail);
    assert_eq!(why.object, Some(object.to_string()));
    for part in detail {
        assert!(why.detail.contains(part), "{part:?} in {:?}", why.detail);
    }
    let count = format!("after {delivered} records");
    assert!(why.detail.contains(&count), "{count:?} in {:?}", why.detail);
    assert!(!why.detail.contains("eventID"), "shows what a record holds");
    assert_eq!(world.lines(0), records("bad", 0..delivered));
    assert_eq!(world.events(0, "delivered"), delivered as u64, "{reason}: counted");
    assert_eq!(world.metrics.records.get(), delivered as u64, "{reason}: counted");
}

#[tokio::test(start_paused = true)]
async fn damaged_gzip_is_set_aside() {
    let mut bytes = gzip(log_file("bad", 5).as_bytes());
    bytes.truncate(10);
    bytes.extend([0xff; 40]);
    check(bytes, Limits::default(), "gzip", &["at decompressed byte"], 0).await;
}

#[tokio::test(start_paused = true)]
async fn gzip_with_a_false_checksum_is_set_aside_and_none_of_its_records_passed_on() {
    let mut bytes = gzip(log_file("bad", 5).as_bytes());
    let place = bytes.len() - 8;
    bytes[place] ^= 1;
    check(bytes, Limits::default(), "gzip", &["checksum"], 0).await;
}

#[tokio::test(start_paused = true)]
async fn gzip_that_is_cut_off_is_set_aside_and_none_of_its_records_passed_on() {
    let whole = gzip(log_file("bad", 5).as_bytes());
    for cut in [1, 4, 12] {
        let bytes = whole[..whole.len() - cut].to_vec();
        check(bytes, Limits::default(), "truncated", &["gzip stream ends too early"], 0).await;
    }
}

/// A changed bit may hide where the stream ends: it then seems to be cut off.
#[tokio::test(start_paused = true)]
async fn gzip_with_any_bit_changed_is_delivered_as_it_was_or_not_at_all() {
    let (whole, records) = gzip_of_many_blocks();
    let mut world = World::new();
    for bit in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        world.send(&[&world.put_bytes(&bit.to_string(), bytes)]);
    }
    world.run_to_the_end().await;
    let lines = world.lines(0);
    let foreign = lines.iter().filter(|line| !records.contains(line)).count();
    assert_eq!(foreign, 0, "records that nobody wrote");
    assert_eq!(lines.len() % records.len(), 0, "a part of a file");
    assert!(world.queue.dead_letters().len() > whole.len() * 7);
}

/// A log file as a writer makes it that flushes after each part of a record.
fn gzip_of_many_blocks() -> (Vec<u8>, Vec<String>) {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let mut records = Vec::new();
    for open in [r#"{"Records":["#, ",", ",", ",", ",", ","] {
        let parts = [
            r#"{"eventID":""#.to_owned(),
            rng.u64(..).to_string(),
            r#"","sourceIPAddress":""#.to_owned(),
            rng.u64(..).to_string(),
            r#""}"#.to_owned(),
        ];
        encoder.write_all(open.as_bytes()).unwrap();
        for part in &parts {
            encoder.write_all(part.as_bytes()).unwrap();
            encoder.flush().unwrap();
        }
        records.push(parts.concat());
    }
    encoder.write_all(b"]}").unwrap();
    (encoder.finish().unwrap(), records)
}

#[tokio::test(start_paused = true)]
async fn text_that_is_cut_off_in_a_record_is_set_aside() {
    let text = log_file("bad", 5);
    let cut = text.find("bad-3").unwrap();
    let bytes = gzip(&text.as_bytes()[..cut]);
    check(bytes, Limits::default(), "truncated", &["after 3 records"], 3).await;
}

#[tokio::test(start_paused = true)]
async fn object_over_the_cap_is_set_aside() {
    let text = log_file("bad", 5);
    let place = text.find(r#"{"eventID":"bad-4"#).unwrap() as u64;
    let limits = Limits { decompressed: place, ..Limits::default() };
    let at = format!("at decompressed byte {place}");
    check(gzip(text.as_bytes()), limits, "too_large", &[&at], 4).await;
}

#[tokio::test(start_paused = true)]
async fn text_that_is_no_json_is_set_aside() {
    let text = log_file("bad", 5).replace(r#"{"eventID":"bad-2"}"#, "{eventID}");
    let place = text.find("{eventID").unwrap() + 1;
    let at = format!("at decompressed byte {place}, after 2 records");
    check(gzip(text.as_bytes()), Limits::default(), "not_json", &[&at], 2).await;
}

#[tokio::test(start_paused = true)]
async fn record_over_the_cap_is_set_aside() {
    let large = format!(r#"{{"eventID":"{}"}}"#, "x".repeat(5_000));
    let text = log_file("bad", 5).replace(r#"{"eventID":"bad-2"}"#, &large);
    let limits = Limits { record: 4_096, ..Limits::default() };
    let at = "larger than 4096 bytes at decompressed byte";
    check(gzip(text.as_bytes()), limits, "record_too_large", &[at], 2).await;
}

#[tokio::test(start_paused = true)]
async fn object_without_records_is_set_aside() {
    check(b"{\"a\":1}".to_vec(), Limits::default(), "records_missing", &[], 0).await;
}

#[tokio::test(start_paused = true)]
async fn object_that_is_empty_is_set_aside() {
    check(Vec::new(), Limits::default(), "truncated", &["at decompressed byte 0"], 0).await;
}

#[tokio::test(start_paused = true)]
async fn message_of_a_corrupt_object_is_kept_while_a_sink_has_not_taken_what_was_read() {
    let mut world = World::new();
    let text = log_file("bad", 5);
    let object = world.put_bytes("bad", gzip(&text.as_bytes()[..text.len() - 2]));
    world.send(&[&object]);
    world.sink().hold();
    world.start();
    world.sink().begun(1).await;
    tokio::time::sleep(std::time::Duration::from_secs(300)).await;
    assert!(world.queue.dead_letters().is_empty());
    world.sink().release();
    world.all_deleted().await;
    assert_eq!(world.dead_letter().reason.unwrap().reason, "truncated");
}

#[tokio::test(start_paused = true)]
async fn object_that_is_gone_replaced_or_archived_is_set_aside() {
    let cases = [
        (Failing::NotFound, "not_found"),
        (Failing::Replaced, "replaced"),
        (Failing::Archived, "archived"),
    ];
    for (failing, reason) in cases {
        let mut world = World::new();
        let object = world.deliver("a", 1);
        world.store.fail_always(&object.key, failing);
        world.run_to_the_end().await;
        let why = world.dead_letter().reason.unwrap();
        assert_eq!((why.reason, why.object), (reason, Some(object.to_string())));
        assert_eq!(world.store.requests().len(), 1, "tried once");
    }
}

#[tokio::test(start_paused = true)]
async fn object_damaged_on_its_way_is_read_again_and_delivered_once() {
    let size = gzip(log_file("a", 5).as_bytes()).len();
    let changed = (0..size).map(Fault::Change);
    let shortened = (0..size).map(Fault::Shorten);
    for fault in changed.chain(shortened) {
        let mut world = World::new();
        let object = world.deliver("a", 5);
        world.store.fail_next(&object.key, [fault]);
        world.run_to_the_end().await;
        assert_eq!(world.lines(0), records("a", 0..5), "{fault:?}");
        assert!(world.queue.dead_letters().is_empty(), "{fault:?}");
        assert_eq!((world.events(0, "delivered"), world.metrics.objects.get()), (5, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn object_damaged_where_it_lies_is_read_twice_and_set_aside() {
    let mut world = World::new();
    let whole = gzip(log_file("bad", 5).as_bytes());
    world.send(&[&world.put_bytes("bad", whole[..whole.len() - 9].to_vec())]);
    world.run_to_the_end().await;
    let why = world.dead_letter().reason.unwrap();
    assert!(why.detail.ends_with("after 0 records, in two reads"), "{}", why.detail);
    assert_eq!((world.store.requests().len(), world.receives()), (2, 1));
}
