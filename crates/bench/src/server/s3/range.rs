//! The `Range` header, as far as S3 understands it: one range of bytes.

use std::ops::Range;

/// The bytes that `header` asks for of so many. None: it asks for nothing that S3 understands, and
/// the whole is sent; none within: there are no such bytes.
pub(super) fn parse(header: &str, length: usize) -> Option<Option<Range<usize>>> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    let range = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.is_empty() => first..length,
        (Err(_), Ok(count)) if first.is_empty() => length.saturating_sub(count)..length,
        _ => return None,
    };
    Some((range.start < range.end).then_some(range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_s3_reads_them() {
        let cases = [
            ("bytes=0-0", Some(Some(0..1))),
            ("bytes=3-5", Some(Some(3..6))),
            ("bytes=7-", Some(Some(7..10))),
            ("bytes=8-99", Some(Some(8..10))),
            ("bytes=-4", Some(Some(6..10))),
            ("bytes=-99", Some(Some(0..10))),
            ("bytes=10-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=5-3", None),
            ("bytes=0-1,3-4", None),
            ("lines=0-1", None),
        ];
        for (header, expect) in cases {
            assert_eq!(parse(header, 10), expect, "{header}");
        }
    }
}
