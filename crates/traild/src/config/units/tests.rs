use super::*;
use proptest::prelude::*;

#[test]
fn sizes_are_read_and_shown_in_the_largest_unit_that_fits() {
    for (text, bytes, shown) in [
        ("0", 0, "0B"),
        ("7", 7, "7B"),
        ("1KB", 1_000, "1KB"),
        ("1 KiB", 1_024, "1KiB"),
        ("1024KiB", 1 << 20, "1MiB"),
        ("128MiB", 128 << 20, "128MiB"),
        ("5MB", 5_000_000, "5MB"),
        ("2GB", 2_000_000_000, "2GB"),
        ("8GiB", 8 << 30, "8GiB"),
    ] {
        let size: ByteSize = text.parse().unwrap();
        assert_eq!((size.bytes(), size.to_string().as_str()), (bytes, shown), "{text}");
    }
}

#[test]
fn what_is_no_size_is_refused() {
    for text in ["", "MiB", "-1", "1.5GiB", "8 megs", "8mib", "8  MiB", "8 ", "99999999999GiB"] {
        assert_eq!(text.parse::<ByteSize>(), Err(NO_SIZE), "{text}");
    }
}

#[test]
fn durations_are_read_and_shown() {
    for (text, milliseconds, shown) in [
        ("0s", 0, "0s"),
        ("250ms", 250, "250ms"),
        ("90s", 90_000, "1m30s"),
        ("1h30m", 5_400_000, "1h30m"),
        ("1d2h3m4s5ms", 93_784_005, "1d2h3m4s5ms"),
    ] {
        let duration: HumanDuration = text.parse().unwrap();
        assert_eq!(duration.duration(), Duration::from_millis(milliseconds), "{text}");
        assert_eq!(duration.to_string(), shown);
    }
}

#[test]
fn what_is_no_duration_is_refused() {
    for text in ["", "30", "s", "1.5s", "5 m", "1m1h", "1s1s", "1w", "-1s", "18446744073709551615d"]
    {
        assert_eq!(text.parse::<HumanDuration>(), Err(NO_DURATION), "{text}");
    }
}

proptest! {
    #[test]
    fn a_size_shown_is_the_size_read(bytes: u64) {
        prop_assert_eq!(ByteSize(bytes).to_string().parse(), Ok(ByteSize(bytes)));
    }

    #[test]
    fn a_duration_shown_is_the_duration_read(milliseconds: u64) {
        let duration = HumanDuration(Duration::from_millis(milliseconds));
        prop_assert_eq!(duration.to_string().parse(), Ok(duration));
    }

    #[test]
    fn any_text_is_read_or_refused(text: String) {
        let _ = (text.parse::<ByteSize>(), text.parse::<HumanDuration>());
    }
}
