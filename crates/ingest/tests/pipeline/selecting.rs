//! Sinks that want other events, or other lines: each gets its own, and every record is accounted
//! for at each.

use crate::accounting::parcels_of;
use crate::world::{Want, World, gzip, log_file, records, sink_name};
use std::sync::Arc;
use trail_event::{List, Path};
use trail_ingest::Chooser;
use trail_schema::{Action, Encoder, Format, Redaction, Rule, Schema};

/// What was counted for the entries of a sink's list.
fn choices(world: &World, sink: usize, list: List) -> Vec<u64> {
    let metric = match list {
        List::Select => &world.metrics.selected_events,
        List::Exclude => &world.metrics.excluded_events,
    };
    let count = |selector: &str| {
        let (sink, selector) = (sink_name(sink), selector.to_owned());
        metric.get_or_create(&Chooser { sink, selector }).get()
    };
    world.wants[sink].selectors.names(list).map(count).collect()
}

fn account(world: &World, sink: usize) -> [u64; 3] {
    ["delivered", "filtered", "quarantined"].map(|outcome| world.events(sink, outcome))
}

/// A log file of some parts, with records `a-0` and so on.
fn large(count: usize) -> String {
    let padding = "x".repeat(700);
    log_file("a", count).replace("\"}", &format!("\",\"pad\":\"{padding}\"}}"))
}

#[tokio::test(start_paused = true)]
async fn each_sink_gets_the_events_it_selects_in_its_schema() {
    let mut world = World::with_sinks(3);
    let some = ["eventID ends_with -9", "eventID ends_with -1, -2, -9"];
    world.wants[0] = Want::new(Schema::CloudTrail, &some, &[]);
    world.wants[1] = Want::new(Schema::Flat, &[], &["eventID equals a-3", "eventID ends_with -4"]);
    world.wants[2] = Want::new(Schema::Ocsf18, &some, &["eventID starts_with a"]);
    world.deliver("a", 6);
    world.deliver("b", 5);
    world.run_to_the_end().await;

    let mut first = world.lines(0);
    first.sort();
    assert_eq!(first, [records("a", 1..3), records("b", 1..3)].concat());
    assert_eq!(account(&world, 0), [4, 7, 0]);
    assert_eq!(choices(&world, 0, List::Select), [0, 4]);

    assert_eq!(account(&world, 1), [8, 3, 0]);
    assert_eq!(choices(&world, 1, List::Exclude), [1, 2]);
    for line in world.lines(1) {
        assert!(line.contains("eventid") && !line.contains("-4"), "{line}");
    }

    assert_eq!(account(&world, 2), [2, 9, 0]);
    assert_eq!(choices(&world, 2, List::Select), [0, 2]);
    assert_eq!(choices(&world, 2, List::Exclude), [6]);
    let ocsf = world.lines(2);
    assert!(ocsf.iter().all(|line| line.contains("\"uid\":\"b-")), "{ocsf:?}");
}

#[tokio::test(start_paused = true)]
async fn message_of_which_nothing_is_wanted_is_deleted_and_nothing_written() {
    let mut world = World::new();
    world.wants[0] = Want::new(Schema::Flat, &["eventID equals nowhere"], &[]);
    let object = world.put_bytes("a", gzip(large(4_000).as_bytes()));
    world.send(&[&object]);
    world.deliver("b", 0);
    world.deliver("c", 3);
    world.run_to_the_end().await;
    assert_eq!(world.sink().lines().len(), 0);
    assert_eq!(account(&world, 0), [0, 4_003, 0]);
    assert_eq!(choices(&world, 0, List::Select), [0]);
    assert_eq!((world.deletes(), world.metrics.objects.get()), (3, 3));
    assert!(world.queue.dead_letters().is_empty());
}

#[tokio::test(start_paused = true)]
async fn parcels_are_numbered_by_the_records_and_not_by_what_is_chosen() {
    let bytes = gzip(large(6_000).as_bytes());
    let all = parcels_of(bytes.clone(), |_| {}).await;
    let some = parcels_of(bytes, |world| {
        let ends = ["eventID equals a-0, a-5999"];
        world.wants[0] = Want::new(Schema::CloudTrail, &ends, &[]);
    })
    .await;
    let last = all.len() - 1;
    assert!(last >= 3, "{last}");
    let identities = |parcel: &(u32, _, _)| (parcel.0, parcel.1);
    let expected = [identities(&all[0]), identities(&all[last])];
    assert_eq!(some.iter().map(identities).collect::<Vec<_>>(), expected);
    assert!(all[0].2.starts_with(&some[0].2) && all[last].2.ends_with(&some[1].2));
}

#[tokio::test(start_paused = true)]
async fn account_balances_after_an_error_in_the_middle() {
    let mut world = World::with_sinks(2);
    world.wants[1] = Want::new(Schema::Ecs, &["eventID ends_with 0"], &["eventID equals a-10"]);
    let text = large(4_000);
    let cut = text.find("a-3500").unwrap();
    let object = world.put_bytes("a", gzip(&text.as_bytes()[..cut]));
    world.send(&[&object]);
    world.run_to_the_end().await;
    assert!(world.dead_letter().reason.unwrap().detail.contains("after 3500 records"));
    assert_eq!(account(&world, 0), [3_500, 0, 0]);
    assert_eq!(account(&world, 1), [349, 3_151, 0]);
    assert_eq!(world.sinks[1].lines().len(), 349);
}

#[tokio::test(start_paused = true)]
async fn refused_event_and_filtered_ones_balance() {
    let mut world = World::new();
    world.wants[0] = Want::new(Schema::CloudTrail, &[], &["eventID ends_with -2"]);
    world.sinks[0].refuse(|event| event.ends_with(b"-3\"}"));
    world.deliver("a", 5);
    world.run_to_the_end().await;
    assert_eq!(account(&world, 0), [3, 1, 1]);
}

#[tokio::test(start_paused = true)]
async fn sinks_of_one_schema_with_other_formats_are_encoded_apart() {
    let mut world = World::with_sinks(2);
    let path = Path::parse("eventID").unwrap();
    let redaction = Redaction::new(vec![Rule { path, action: Action::Mask }], None).unwrap();
    let format = Format { redaction, ..Format::default() };
    world.wants[1].encoder = Arc::new(Encoder::new(&format));
    world.deliver("a", 3);
    world.run_to_the_end().await;
    assert_eq!(world.lines(0), records("a", 0..3));
    assert_eq!(world.lines(1), [r#"{"eventID":"***"}"#; 3]);
}
