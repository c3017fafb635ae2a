//! RFC 4180, and that nothing stops it.

use super::*;
use proptest::prelude::*;

fn records(text: &str) -> Vec<(usize, Vec<String>)> {
    let owned = |fields: Vec<Cow<'_, str>>| fields.into_iter().map(Cow::into_owned).collect();
    Records::new(text).map(|(line, fields)| (line, owned(fields.unwrap()))).collect()
}

#[test]
fn fields_are_split_as_the_rfc_says() {
    for (text, expect) in [
        ("aaa,bbb,ccc", &["aaa", "bbb", "ccc"][..]),
        ("\"aaa\",\"b\r\nbb\",\"ccc\"\r\n", &["aaa", "b\r\nbb", "ccc"]),
        ("\"aaa\",\"b\"\"bb\",\"ccc\"", &["aaa", "b\"bb", "ccc"]),
        ("\"\"\"\",\"\"", &["\"", ""]),
        (",", &["", ""]),
        ("\" kept \", dropped ", &[" kept ", "dropped"]),
    ] {
        assert_eq!(records(text), [(1, expect.iter().map(|field| field.to_string()).collect())]);
    }
}

#[test]
fn record_is_of_the_line_it_begins_in() {
    let lines: Vec<usize> =
        records("a\n\n# c\n\"b\nb\"\nc\r\n\r\nd").iter().map(|record| record.0).collect();
    assert_eq!(lines, [1, 4, 6, 8]);
}

proptest! {
    #[test]
    fn any_text_ends(text in "[a,\"#\r\n \u{e9}]*") {
        let lines = text.lines().count();
        let mut last = 0;
        for (line, _) in Records::new(&text) {
            prop_assert!(line > last && line <= lines, "line {line} after {last} of {lines}");
            last = line;
        }
    }

    #[test]
    fn any_field_in_quotes_comes_back(fields in prop::collection::vec("[a,\"#\r\n \u{e9}]*", 1..4)) {
        let quoted: Vec<_> =
            fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
        let text = format!("{}\n", quoted.join(","));
        prop_assert_eq!(records(&text), [(1, fields)]);
    }
}
