//! Timing several ways of doing something against the first of them.

use std::fmt;
use std::time::{Duration, Instant};

/// One way of doing it.
pub struct Way<'w> {
    name: &'static str,
    run: Box<dyn FnMut() + 'w>,
}

/// How long a way took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timed {
    /// The way.
    pub name: &'static str,
    /// The median of its times.
    pub median: Duration,
    /// Its speed as a part of that of the first way: the median of the rounds.
    pub ratio: f64,
}

impl<'w> Way<'w> {
    /// A way of this name.
    pub fn new(name: &'static str, run: impl FnMut() + 'w) -> Self {
        Self { name, run: Box::new(run) }
    }

    fn time(&mut self) -> Duration {
        let start = Instant::now();
        (self.run)();
        start.elapsed()
    }
}

impl fmt::Debug for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Way").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Runs all the ways one after the other, `count` times, once more before to warm up.
///
/// A machine gets faster and slower over seconds: a way is compared with what the first one took
/// in the same round, never with a time from long before.
pub fn rounds(ways: &mut [Way<'_>], count: usize) -> Vec<Timed> {
    for way in &mut *ways {
        way.time();
    }
    let rounds: Vec<Vec<Duration>> =
        (0..count).map(|_| ways.iter_mut().map(Way::time).collect()).collect();
    let names = ways.iter().map(|way| way.name);
    names.enumerate().map(|(column, name)| Timed::of(name, column, &rounds)).collect()
}

impl Timed {
    /// From the times of every way in every round.
    fn of(name: &'static str, column: usize, rounds: &[Vec<Duration>]) -> Self {
        let own = || rounds.iter().filter_map(|round| round.get(column).copied());
        let first = rounds.iter().filter_map(|round| round.first());
        let ratios = first.zip(own()).map(|(first, own)| first.div_duration_f64(own));
        Self {
            name,
            median: median(own().collect(), Duration::cmp).unwrap_or_default(),
            ratio: median(ratios.collect(), f64::total_cmp).unwrap_or_default(),
        }
    }
}

fn median<T: Copy>(mut values: Vec<T>, order: impl Fn(&T, &T) -> std::cmp::Ordering) -> Option<T> {
    values.sort_unstable_by(order);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn the_ways_take_turns_after_one_round_to_warm_up() {
        let turns = RefCell::new(String::new());
        let way = |name: &'static str| Way::new(name, || turns.borrow_mut().push_str(name));
        let timed = rounds(&mut [way("a"), way("b")], 2);
        assert_eq!(timed.iter().map(|timed| timed.name).collect::<String>(), "ab");
        assert_eq!(*turns.borrow(), "ababab");
    }

    #[test]
    fn a_way_is_compared_with_the_first_one_of_its_own_round() {
        let rounds: Vec<Vec<Duration>> = [[10, 20], [30, 60], [50, 25]]
            .map(|round| round.map(Duration::from_millis).to_vec())
            .to_vec();
        let median = Duration::from_millis(25);
        assert_eq!(Timed::of("b", 1, &rounds), Timed { name: "b", median, ratio: 0.5 });
    }
}
