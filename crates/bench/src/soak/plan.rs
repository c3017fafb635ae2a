//! When what goes wrong.

use std::time::Duration;

use serde::Serialize;

use crate::server::{Rates, S3Faults, SqsFaults};

/// For how long a receive hides a message.
pub(super) const VISIBILITY: Duration = Duration::from_secs(10);
/// No stalled answer keeps the daemon longer.
const STALL: Duration = Duration::from_secs(5);

/// Something done to the daemon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Act {
    /// Faults begin.
    Faults,
    /// SIGSTOP.
    Stop,
    /// SIGCONT.
    Continue,
    /// SIGKILL, and the next process.
    Kill,
}

/// What was done, and when.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Mark {
    /// Seconds since the run began.
    pub(super) at_s: f64,
    /// What.
    pub(super) act: Act,
}

/// What is to be done in a run of this length, in order. Both kills are in its first half: growth
/// shows in a process that lives long.
pub(super) fn plan(length: Duration) -> Vec<Mark> {
    let at = |part: f64| length.as_secs_f64() * part;
    let stop = at(0.1);
    vec![
        Mark { at_s: at(0.02), act: Act::Faults },
        Mark { at_s: stop, act: Act::Stop },
        Mark { at_s: stop + stopped_for(length).as_secs_f64(), act: Act::Continue },
        Mark { at_s: at(0.25), act: Act::Kill },
        Mark { at_s: at(0.35), act: Act::Kill },
    ]
}

/// Three visibility timeouts, or less where the run is short.
fn stopped_for(length: Duration) -> Duration {
    (VISIBILITY * 3).min(length / 8)
}

/// Every fault there is, each at a low rate.
pub(super) fn low_rates() -> Rates {
    Rates {
        s3: S3Faults {
            internal_error: 0.003,
            unavailable: 0.003,
            slow_down: 0.003,
            redirect: 0.001,
            reset: 0.003,
            stall: 0.001,
            stall_for: STALL,
            truncated: 0.003,
            corrupted: 0.001,
            wrong_length: 0.001,
            ..S3Faults::default()
        },
        sqs: SqsFaults {
            internal_error: 0.003,
            unavailable: 0.003,
            throttle: 0.003,
            reset: 0.003,
            stall: 0.001,
            stall_for: STALL,
            duplicate: 0.002,
            early_expiry: 0.002,
            reordered: 0.005,
            expired_receipt: 0.002,
            lost_delete: 0.002,
            partial_batch: 0.003,
            ..SqsFaults::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_in_order_and_ends_in_the_first_half() {
        for minutes in [1, 5, 30] {
            let length = Duration::from_secs(60 * minutes);
            let plan = plan(length);
            assert!(plan.is_sorted_by(|a, b| a.at_s < b.at_s), "{plan:?}");
            assert!(plan.iter().all(|mark| mark.at_s < length.as_secs_f64() / 2.0));
        }
    }

    #[test]
    fn half_an_hour_has_a_stop_of_three_visibility_timeouts() {
        let plan = plan(Duration::from_secs(1_800));
        let at = |act| plan.iter().find(|mark| mark.act == act).unwrap().at_s;
        assert_eq!(at(Act::Continue) - at(Act::Stop), 30.0);
    }
}
