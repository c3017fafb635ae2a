//! Chance that repeats itself: the same seed draws the same numbers on every machine.

/// `SplitMix64` (Steele, Lea and Flood, 2014): small, fast, and good enough to make up names.
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Chance that belongs to one name, so that two places can draw the same number.
    pub(super) fn of(name: &str) -> Self {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash)
    }

    pub(super) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `bound`; `bound` is not zero.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.number() % bound
    }

    pub(super) fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }

    /// One of `choices`, which is not empty.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        nth(choices, self.number())
    }

    /// A random GUID in its usual spelling.
    pub(super) fn guid(&mut self) -> String {
        guid(self.number(), self.number())
    }

    /// `length` hexadecimal digits.
    pub(super) fn hex(&mut self, length: usize) -> String {
        let mut digits = String::with_capacity(length + 16);
        while digits.len() < length {
            digits.push_str(&format!("{:016x}", self.number()));
        }
        digits.truncate(length);
        digits
    }

    /// `length` characters of `alphabet`, which is not empty.
    pub(super) fn letters(&mut self, length: usize, alphabet: &[u8]) -> String {
        (0..length).map(|_| char::from(*self.pick(alphabet))).collect()
    }
}

/// The finisher of `SplitMix64`: different numbers stay different.
pub(super) fn mix(number: u64) -> u64 {
    let mut z = number;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The choice that `number` stands for; the same number is the same choice.
pub(super) fn nth<T>(choices: &[T], number: u64) -> &T {
    let index = usize::try_from(number % choices.len() as u64).unwrap_or_default();
    #[expect(clippy::expect_used, reason = "the choices are tables of this module")]
    choices.get(index).expect("a table of choices is not empty")
}

/// A version 4 GUID of these 128 bits, less the six that say so.
pub(super) fn guid(high: u64, low: u64) -> String {
    let version = (high & 0x0fff) | 0x4000;
    let variant = ((low >> 48) & 0x3fff) | 0x8000;
    format!(
        "{:08x}-{:04x}-{version:04x}-{variant:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        low & 0xffff_ffff_ffff
    )
}
