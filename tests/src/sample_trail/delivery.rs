//! What CloudTrail delivers: which objects, at which minute, with which records.

use jiff::{SignedDuration, Timestamp};

use super::SampleKind;
use super::calls::{Call, DATA, MANAGEMENT};
use super::chance::Chance;
use super::estate::{PLACES, Place, moment};
use super::event::{self, Plane};
use super::odd::ODDITIES;
use super::record::Record;
use super::scene::Scene;
use super::special::{self, Insight};

/// One log object before compression.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) place: &'static Place,
    pub(super) kind: SampleKind,
    pub(super) stamp: Timestamp,
    pub(super) key: String,
    pub(super) body: String,
    pub(super) records: usize,
    pub(super) oldest: Option<Timestamp>,
    pub(super) newest: Option<Timestamp>,
}

/// Records in the log objects, one after the other: most are small, some are not. The large ones
/// fall to us-east-1, the busiest region and the only one with the global services.
const SIZES: [usize; 15] = [20, 1, 53, 400, 55, 8, 45, 3, 33, 5, 13, 2, 50, 16, 45];
const LOGS_OF_A_PLACE: usize = 6;
/// Every so many management events one is odd.
const ODD_ONE_IN: usize = 40;
const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Every log object of the sample.
pub(super) fn deliveries(chance: &mut Chance) -> Vec<Delivery> {
    let mut odd_turn = 0;
    let mut sizes = SIZES.iter().cycle();
    let mut deliveries = Vec::new();
    for (index, place) in PLACES.iter().enumerate() {
        for log in 0..LOGS_OF_A_PLACE {
            let size = *sizes.next().unwrap_or(&1);
            let mut writer = Writer::new(place, SampleKind::Events, five_minutes(chance), chance);
            match log {
                1 | 4 => writer.data(size),
                2 if index == 3 => {
                    writer.data(size / 2);
                    writer.management(size - size / 2, &mut odd_turn);
                }
                _ => writer.management(size, &mut odd_turn),
            }
            deliveries.push(writer.finish(Shape::Records));
        }
        special_deliveries(index, place, chance, &mut deliveries);
    }
    deliveries
}

/// Only some places have Insights, VPC endpoints or aggregation turned on.
fn special_deliveries(
    index: usize,
    place: &'static Place,
    chance: &mut Chance,
    deliveries: &mut Vec<Delivery>,
) {
    if matches!(index, 0 | 1 | 7) {
        for (end, minutes) in [(Insight::Start, 70), (Insight::End, 115)] {
            let mut writer = Writer::new(place, SampleKind::Insight, minutes, chance);
            writer.many(2, |turn, scene| special::insight(end, turn, scene));
            deliveries.push(writer.finish(Shape::Records));
        }
    }
    if matches!(index, 0 | 4 | 8) {
        let mut writer =
            Writer::new(place, SampleKind::NetworkActivity, five_minutes(chance), chance);
        writer.many(12, |_, scene| special::network_activity(scene));
        deliveries.push(writer.finish(Shape::Records));
    }
    if matches!(index, 1 | 7 | 8) {
        let mut writer = Writer::new(place, SampleKind::Aggregated, five_minutes(chance), chance);
        writer.many(9, |_, scene| special::aggregation(scene));
        let shape = if index == 8 { Shape::BareArray } else { Shape::Records };
        deliveries.push(writer.finish(shape));
    }
}

/// A multiple of five minutes within the three hours of the sample.
fn five_minutes(chance: &mut Chance) -> u64 {
    5 * (1 + chance.below(35))
}

/// The top level of a log file.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Records,
    /// As one consumer reports of aggregated files.
    BareArray,
}

/// Puts one log object together.
struct Writer<'a> {
    place: &'static Place,
    kind: SampleKind,
    stamp: Timestamp,
    chance: &'a mut Chance,
    records: Vec<(Timestamp, Record)>,
}

impl<'a> Writer<'a> {
    fn new(place: &'static Place, kind: SampleKind, minutes: u64, chance: &'a mut Chance) -> Self {
        let stamp = moment(60 * minutes.cast_signed());
        Self { place, kind, stamp, chance, records: Vec::new() }
    }

    fn management(&mut self, count: usize, odd_turn: &mut usize) {
        let calls = calls_of(MANAGEMENT, self.place);
        self.many(count, |_, scene| {
            *odd_turn += 1;
            let oddity = (*odd_turn).is_multiple_of(ODD_ONE_IN).then_some(*odd_turn / ODD_ONE_IN);
            oddity
                .and_then(|turn| ODDITIES.get(turn % ODDITIES.len())?.record(scene))
                .unwrap_or_else(|| {
                    event::record(scene.chance.pick(&calls), Plane::Management, scene)
                })
        });
    }

    fn data(&mut self, count: usize) {
        let calls = calls_of(DATA, self.place);
        self.many(count, |_, scene| event::record(scene.chance.pick(&calls), Plane::Data, scene));
    }

    /// Events of the minutes before the delivery, in no order.
    fn many(&mut self, count: usize, mut record: impl FnMut(usize, &mut Scene<'_>) -> Record) {
        for turn in 0..count {
            let age = SignedDuration::from_secs((60 + self.chance.below(300)).cast_signed());
            let at = self.stamp.saturating_sub(age).unwrap_or(self.stamp);
            let record = record(turn, &mut Scene::new(self.place, at, self.chance));
            self.records.push((at, record));
        }
    }

    fn finish(self, shape: Shape) -> Delivery {
        let unique = self.chance.letters(16, ALPHANUMERIC);
        let texts: Vec<String> = self.records.iter().map(|(_, record)| record.to_json()).collect();
        let list = texts.join(",");
        let body = match shape {
            Shape::Records => format!("{{\"Records\":[{list}]}}"),
            Shape::BareArray => format!("[{list}]"),
        };
        Delivery {
            place: self.place,
            kind: self.kind,
            stamp: self.stamp,
            key: self.place.log_key(self.kind, self.stamp, &unique),
            body,
            records: texts.len(),
            oldest: self.records.iter().map(|(at, _)| *at).min(),
            newest: self.records.iter().map(|(at, _)| *at).max(),
        }
    }
}

/// The calls that a trail records in this place, each as often as its weight.
fn calls_of(table: &'static [Call], place: &Place) -> Vec<Call> {
    let here = |call: &&Call| !call.is_global() || place.region == "us-east-1";
    table
        .iter()
        .filter(here)
        .flat_map(|call| std::iter::repeat_n(*call, usize::from(call.weight)))
        .collect()
}
