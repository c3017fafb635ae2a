//! The [`Ledger`]: what was uploaded, and how much of it is accounted for.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::bitmap::Bitmap;

/// How long an object stays once all of it has arrived: a message that was given back may name it
/// until its delete is repeated.
const KEPT: Duration = Duration::from_secs(30);

/// What was uploaded, in the order it was, and what has arrived of it in each sink.
#[derive(Debug)]
pub(super) struct Ledger {
    objects: VecDeque<Object>,
    sinks: Vec<Bitmap>,
    /// The number of the next event.
    next: u64,
    counts: Accounts,
}

#[derive(Debug)]
struct Object {
    key: String,
    events: Range<u64>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Awaited,
    Arrived(Instant),
    /// Its message is in the dead-letter queue: its events need not arrive.
    SetAside,
}

/// Sums of all that was uploaded.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Accounts {
    /// Log files.
    pub(super) objects: u64,
    /// Events in them.
    pub(super) events: u64,
    /// Bytes of the files.
    pub(super) bytes: u64,
    /// Files whose message was dead-lettered before all of their events arrived.
    pub(super) set_aside: u64,
    /// The same, after: their message came again, and they were no more.
    pub(super) set_aside_after: u64,
    /// Lines in all sinks.
    pub(super) lines: u64,
    /// Lines with an event that was in that sink already.
    pub(super) repeats: u64,
    /// Lines with no event, or one that was not uploaded.
    pub(super) unknown: u64,
}

impl Ledger {
    pub(super) fn new(sinks: usize) -> Self {
        let objects = VecDeque::new();
        Self {
            objects,
            sinks: vec![Bitmap::default(); sinks],
            next: 0,
            counts: Accounts::default(),
        }
    }

    /// The number that the next event gets.
    pub(super) fn next_event(&self) -> u64 {
        self.next
    }

    /// An object with the next events is about to be uploaded, under this key.
    pub(super) fn upload(&mut self, events: usize, bytes: usize) -> String {
        let (key, first) = (key(self.counts.objects), self.next);
        self.next += events as u64;
        self.counts.objects += 1;
        self.counts.events += events as u64;
        self.counts.bytes += bytes as u64;
        let events = first..self.next;
        self.objects.push_back(Object { key: key.clone(), events, state: State::Awaited });
        key
    }

    /// These events were in lines of a sink; `None` is a line without one. Which of the lines hold
    /// no event that was sent.
    pub(super) fn arrive(&mut self, sink: usize, events: &[Option<u64>]) -> Vec<usize> {
        let mut unknown = Vec::new();
        let Some(bitmap) = self.sinks.get_mut(sink) else { return unknown };
        for (line, event) in events.iter().enumerate() {
            match event.filter(|number| *number < self.next) {
                Some(number) if bitmap.insert(number) => {}
                Some(_) => self.counts.repeats += 1,
                None => unknown.push(line),
            }
        }
        self.counts.lines += events.len() as u64;
        self.counts.unknown += unknown.len() as u64;
        unknown
    }

    /// The message of an object is in the dead-letter queue: whether its events had arrived before.
    /// `None` if there is no such object.
    pub(super) fn set_aside(&mut self, key: &str) -> Option<bool> {
        let number = number_of(key).filter(|number| *number < self.counts.objects)?;
        let kept = self.counts.objects - self.objects.len() as u64;
        let at = number.checked_sub(kept).and_then(|at| usize::try_from(at).ok());
        match at.and_then(|at| self.objects.get_mut(at)) {
            Some(object) if object.state == State::Awaited => {
                object.state = State::SetAside;
                self.counts.set_aside += 1;
                Some(false)
            }
            _ => {
                self.counts.set_aside_after += 1;
                Some(true)
            }
        }
    }

    /// Keys of objects that nobody needs any more. They are forgotten in the order they came, so
    /// that an object's number tells where it is.
    pub(super) fn spent(&mut self) -> Vec<String> {
        for object in self.objects.iter_mut().filter(|object| object.state == State::Awaited) {
            if self.sinks.iter().all(|sink| sink.has_all(object.events.clone())) {
                object.state = State::Arrived(Instant::now());
            }
        }
        let mut keys = Vec::new();
        while let Some(object) = self.objects.front() {
            match object.state {
                State::Arrived(at) if at.elapsed() < KEPT => break,
                State::Awaited => break,
                State::Arrived(_) | State::SetAside => {}
            }
            keys.extend(self.objects.pop_front().map(|object| object.key));
        }
        keys
    }

    /// For each object that is neither here nor set aside, its key and the events missing in each
    /// sink.
    pub(super) fn missing(&self) -> Vec<(&str, Vec<u64>)> {
        let awaited = self.objects.iter().filter(|object| object.state == State::Awaited);
        let missing = awaited.map(|object| {
            let of = |sink: &Bitmap| sink.missing(object.events.clone());
            (object.key.as_str(), self.sinks.iter().map(of).collect::<Vec<_>>())
        });
        missing.filter(|(_, sinks)| sinks.iter().any(|count| *count > 0)).collect()
    }

    pub(super) fn accounts(&self) -> &Accounts {
        &self.counts
    }
}

/// The key of the object of this number: objects are numbered as they are uploaded.
fn key(number: u64) -> String {
    format!(
        "AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/01/\
         111122223333_CloudTrail_us-east-1_20260301T0000Z_{number:016}.json.gz"
    )
}

/// The number in a key.
fn number_of(key: &str) -> Option<u64> {
    let (_, unique) = key.strip_suffix(".json.gz")?.rsplit_once('_')?;
    unique.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> Ledger {
        let mut ledger = Ledger::new(2);
        for number in 0..3 {
            assert_eq!(ledger.upload(2, 100), key(number));
        }
        ledger
    }

    #[test]
    fn an_event_that_one_sink_lacks_is_missing() {
        let mut ledger = ledger();
        ledger.arrive(0, &[Some(0), Some(1), Some(2), Some(3), Some(4), Some(5)]);
        ledger.arrive(1, &[Some(0), Some(1), Some(3), Some(4), Some(5)]);
        let second = key(1);
        assert_eq!(ledger.missing(), [(second.as_str(), vec![0, 1])]);
        ledger.arrive(1, &[Some(2)]);
        assert!(ledger.missing().is_empty());
    }

    #[test]
    fn repeats_and_unknown_events_are_counted() {
        let mut ledger = ledger();
        ledger.arrive(0, &[Some(0), Some(0), Some(6), None]);
        let Accounts { lines, repeats, unknown, .. } = ledger.accounts().clone();
        assert_eq!((lines, repeats, unknown), (4, 1, 2));
    }

    #[test]
    fn an_object_set_aside_need_not_arrive() {
        let mut ledger = ledger();
        assert_eq!(ledger.set_aside(&format!("s3://trail/{}", key(1))), Some(false));
        assert_eq!((ledger.set_aside(&key(3)), ledger.set_aside("s3://trail/other")), (None, None));
        let missing: Vec<String> =
            ledger.missing().into_iter().map(|(key, _)| key.to_owned()).collect();
        assert_eq!(missing, [key(0), key(2)]);
        assert_eq!((ledger.accounts().set_aside, ledger.accounts().set_aside_after), (1, 0));
    }

    #[test]
    fn an_object_is_found_after_others_were_forgotten() {
        let mut ledger = ledger();
        assert_eq!(ledger.set_aside(&key(0)), Some(false));
        assert_eq!(ledger.spent(), [key(0)]);
        assert_eq!(ledger.set_aside(&key(1)), Some(false));
        assert_eq!(ledger.spent(), [key(1)]);
        assert_eq!(ledger.set_aside(&key(0)), Some(true));
        assert_eq!((ledger.accounts().set_aside, ledger.accounts().set_aside_after), (2, 1));
    }
}
