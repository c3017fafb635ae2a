//! What a value must be beyond its type. Every error here, as in all types of the configuration,
//! is a noun that ends the sentence "it must be", and never repeats the value: a fault adds that
//! itself, and leaves it out where it may be a secret.

use super::units::{ByteSize, HumanDuration};
use serde::de::{Deserialize, Deserializer, Error};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Stands between what a value must be and what is wrong with it. What follows may show parts of the
/// value, and is left out where that may be a secret.
pub(super) const FLAW: &str = "; ";

pub(super) const KIB: u64 = 1 << 10;
pub(super) const MIB: u64 = 1 << 20;
pub(super) const GIB: u64 = 1 << 30;
pub(super) const HOUR: u64 = 3_600;
pub(super) const DAY: u64 = 24 * HOUR;

/// A size of `MIN` to `MAX` bytes.
pub(super) fn size<'de, D, const MIN: u64, const MAX: u64>(
    deserializer: D,
) -> Result<ByteSize, D::Error>
where
    D: Deserializer<'de>,
{
    let size = ByteSize::deserialize(deserializer).ok();
    size.filter(|size| (MIN..=MAX).contains(&size.bytes())).ok_or_else(|| {
        let (min, max) = (ByteSize::from_bytes(MIN), ByteSize::from_bytes(MAX));
        D::Error::custom(format_args!("a size from {min} to {max}"))
    })
}

/// Whole seconds, `MIN` to `MAX` of them.
pub(super) fn seconds<'de, D, T, const MIN: u64, const MAX: u64>(
    deserializer: D,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: From<HumanDuration>,
{
    let read = HumanDuration::deserialize(deserializer).ok();
    let fits = |read: &HumanDuration| {
        let duration = read.duration();
        duration.subsec_nanos() == 0 && (MIN..=MAX).contains(&duration.as_secs())
    };
    read.filter(fits).map(T::from).ok_or_else(|| {
        let (min, max) = (HumanDuration::from_secs(MIN), HumanDuration::from_secs(MAX));
        D::Error::custom(format_args!("a duration from {min} to {max}, in whole seconds"))
    })
}

/// A whole number, 1 to `MAX`.
pub(super) fn count<'de, D, const MAX: usize>(deserializer: D) -> Result<NonZeroUsize, D::Error>
where
    D: Deserializer<'de>,
{
    let count = NonZeroUsize::deserialize(deserializer).ok();
    count
        .filter(|count| count.get() <= MAX)
        .ok_or_else(|| D::Error::custom(format_args!("a whole number from 1 to {MAX}")))
}

/// `count`, where a literal of the source is not zero.
pub(super) const fn non_zero(count: usize) -> NonZeroUsize {
    match NonZeroUsize::new(count) {
        Some(count) => count,
        None => NonZeroUsize::MIN,
    }
}

/// A path of the local file system. An address such as `s3://...` is refused: it would become a
/// folder named `s3:`.
pub(super) fn local_path<'de, D>(deserializer: D) -> Result<PathBuf, D::Error>
where
    D: Deserializer<'de>,
{
    let path = String::deserialize(deserializer).ok();
    let fits = |path: &String| {
        !path.is_empty() && !path.contains("://") && !path.contains(char::is_control)
    };
    path.filter(fits)
        .map(PathBuf::from)
        .ok_or_else(|| D::Error::custom("a path on this machine, such as \"data\""))
}

/// A list with something in it.
pub(super) fn at_least_one<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let list = Vec::deserialize(deserializer)?;
    if list.is_empty() {
        return Err(D::Error::custom("a list of at least one"));
    }
    Ok(list)
}
