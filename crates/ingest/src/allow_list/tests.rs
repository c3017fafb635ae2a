use super::*;

fn check(entries: &[(&str, &str)], bucket: &str, key: &str, decoded: Option<&str>, expect: bool) {
    let object = ObjectRef {
        percent_decoded_key: decoded.map(str::to_owned),
        ..ObjectRef::new(bucket, key)
    };
    let allowed = AllowList::new(entries.iter().copied()).allows(&object);
    assert_eq!(allowed, expect, "{object} by {entries:?}");
}

#[test]
fn bucket_is_the_very_name_and_not_a_part_of_it() {
    check(&[("trail", "")], "trail", "any/key", None, true);
    check(&[("trail", "")], "trail2", "any/key", None, false);
    check(&[("trail", "")], "trai", "any/key", None, false);
    check(&[("trail", "")], "Trail", "any/key", None, false);
    check(&[], "trail", "any/key", None, false);
}

#[test]
fn key_begins_with_a_prefix_of_its_own_bucket() {
    let entries = [("a", "AWSLogs/1/"), ("a", "AWSLogs/2/"), ("b", "x/")];
    check(&entries, "a", "AWSLogs/1/k", None, true);
    check(&entries, "a", "AWSLogs/2/k", None, true);
    check(&entries, "a", "AWSLogs/3/k", None, false);
    check(&entries, "a", "AWSLogs/12/k", None, false);
    check(&entries, "a", "AWSLogs/1", None, false);
    check(&entries, "a", "y/AWSLogs/1/k", None, false);
    check(&entries, "a", "x/k", None, false);
    check(&entries, "b", "x/k", None, true);
}

#[test]
fn both_spellings_of_a_key_must_be_allowed() {
    let entries = [("a", "p/")];
    check(&entries, "a", "p/k%20k", Some("p/k k"), true);
    check(&entries, "a", "p/%2e", Some("q/."), false);
    check(&entries, "a", "%70/k", Some("p/k"), false);
}
