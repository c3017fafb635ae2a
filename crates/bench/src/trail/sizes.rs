//! How many events the files of a trail have.

use fastrand::Rng;

/// Events in a file, by the share of files that have at most as many: measured on a delivered trail
/// of 3,872 files (mean 7.9). Between two of them it is taken to grow evenly on a logarithmic scale.
const SMALL: [(f64, f64); 5] = [(0.0, 1.0), (0.5, 5.0), (0.9, 16.0), (0.99, 33.0), (1.0, 622.0)];
/// Events in a file of a busy account, fewest and most.
const BUSY: (f64, f64) = (4_270.0, 7_677.0);

/// How many events the files have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sizes {
    /// All as many.
    Same {
        /// Files.
        files: usize,
        /// Events in each.
        events: usize,
    },
    /// As in a large organization: many files of accounts where little happens, a few of busy ones.
    Mix {
        /// Files of a few events.
        small: usize,
        /// Files of busy accounts, somewhere between the small ones.
        busy: usize,
    },
}

impl Sizes {
    /// The number of events of each file.
    pub(super) fn draw(&self, rng: &mut Rng) -> Vec<usize> {
        match *self {
            Self::Same { files, events } => vec![events; files],
            Self::Mix { small, busy } => {
                let few = (0..small).map(|_| on_curve(&SMALL, rng)).collect::<Vec<_>>();
                let many = (0..busy).map(|_| on_curve(&[(0.0, BUSY.0), (1.0, BUSY.1)], rng));
                let mut sizes: Vec<usize> = many.chain(few).collect();
                rng.shuffle(&mut sizes);
                sizes
            }
        }
    }
}

/// A number of events where `curve` is at a share drawn by chance.
fn on_curve(curve: &[(f64, f64)], rng: &mut Rng) -> usize {
    let share = rng.f64();
    let sections = curve.iter().zip(curve.iter().skip(1));
    let section = sections.into_iter().find(|(_, (end, _))| share < *end);
    let Some(((start, low), (end, high))) = section else { return 1 };
    let part = (share - start) / (end - start);
    let events = (low.ln() + part * (high.ln() - low.ln())).exp();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between one and the most of the curve"
    )]
    {
        events.round() as usize
    }
}
