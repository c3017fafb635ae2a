//! Whether everything arrived, and nothing else.

use super::arrival::Arrival;
use super::world::Upload;
use crate::harness::{DeadLetter, Depth, Trail};
use anyhow::bail;

/// What was found, beside what should have been.
#[derive(Debug)]
pub(super) struct Verdict {
    arrival: Arrival,
    damaged_key: String,
    depth: Depth,
    dead_letters: Vec<DeadLetter>,
}

impl Verdict {
    /// Looks at the output and the queues.
    pub(super) async fn of(
        upload: &Upload,
        lines: &[String],
        trail: &Trail,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            arrival: Arrival::of(lines, &upload.records, &upload.damaged_records),
            damaged_key: upload.damaged.key.clone(),
            depth: trail.queue_depth().await?,
            dead_letters: trail.dead_letters().await?,
        })
    }

    /// What arrived, and the dead letter of the damaged file, if that is all that did not.
    pub(super) fn accept(mut self) -> anyhow::Result<(Arrival, DeadLetter)> {
        let faults = self.faults();
        match self.dead_letters.pop() {
            Some(letter) if faults.is_empty() => Ok((self.arrival, letter)),
            _ => bail!("{}", faults.join("; ")),
        }
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let Arrival { arrived, missing, repeated, foreign, .. } = self.arrival;
        let expected = arrived + missing;
        for (count, what) in [
            (missing, "are missing from the output"),
            (repeated, "are in the output more than once"),
            (foreign, "are in the output and not in the trail"),
        ] {
            if count > 0 {
                faults.push(format!("of {expected} events, {count} {what}"));
            }
        }
        if self.depth.total() > 0 {
            let Depth { visible, in_flight } = self.depth;
            faults
                .push(format!("the queue still has {visible} messages, and {in_flight} in flight"));
        }
        let of_damaged =
            |letter: &&DeadLetter| letter.attribute("traild.object").contains(&self.damaged_key);
        let (all, damaged) =
            (self.dead_letters.len(), self.dead_letters.iter().filter(of_damaged).count());
        if (all, damaged) != (1, 1) {
            faults.push(format!(
                "the dead-letter queue has {all} messages, {damaged} of them for the damaged file, \
                 where there should be that one"
            ));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AWSLogs/1/CloudTrail/damaged.json.gz";

    const ARRIVED: Arrival =
        Arrival { arrived: 7, before_damage: 2, missing: 0, repeated: 0, foreign: 0 };

    fn good() -> Verdict {
        let object = ("traild.object".to_owned(), format!("s3://trail/{KEY}"));
        let letter = DeadLetter { body: "{}".to_owned(), attributes: [object].into() };
        Verdict {
            arrival: ARRIVED,
            damaged_key: KEY.to_owned(),
            depth: Depth::default(),
            dead_letters: vec![letter],
        }
    }

    fn check(verdict: Verdict, fault: &str) {
        let error = verdict.accept().unwrap_err().to_string();
        assert!(error.contains(fault), "{error}");
    }

    #[test]
    fn all_arrived_when_only_the_damaged_file_was_set_aside() {
        let (arrival, letter) = good().accept().unwrap();
        assert_eq!((arrival, letter.body.as_str()), (ARRIVED, "{}"));
    }

    #[test]
    fn each_fault_is_told() {
        let lost = Arrival { arrived: 6, missing: 1, ..ARRIVED };
        check(Verdict { arrival: lost, ..good() }, "of 7 events, 1 are missing");
        let repeated = Arrival { repeated: 2, ..ARRIVED };
        check(Verdict { arrival: repeated, ..good() }, "2 are in the output more than once");
        let foreign = Arrival { foreign: 3, ..ARRIVED };
        check(Verdict { arrival: foreign, ..good() }, "3 are in the output and not in the trail");
        check(Verdict { dead_letters: Vec::new(), ..good() }, "has 0 messages");
        check(Verdict { damaged_key: "other".to_owned(), ..good() }, "1 messages, 0 of them");
        let in_flight = Depth { visible: 0, in_flight: 2 };
        check(Verdict { depth: in_flight, ..good() }, "2 in flight");
    }
}
