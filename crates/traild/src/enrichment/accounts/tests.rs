//! Lists of accounts as people and tools write them.

use super::*;

/// `text` names exactly these accounts.
#[track_caller]
fn names(text: &str, expect: &[(&str, &str)]) {
    let names = AccountNames::parse(text).unwrap_or_else(|faults| panic!("{text:?}: {faults:?}"));
    assert_eq!(names.0.len(), expect.len(), "{text:?}");
    for (id, name) in expect {
        assert_eq!(names.name(id), Some(*name), "{text:?}");
    }
}

/// `text` has exactly these faults.
#[track_caller]
fn refused(text: &str, expect: &[&str]) {
    let faults = AccountNames::parse(text).unwrap_err();
    let told = |flaw: &Flaw| flaw.told("a.csv".as_ref(), AccountNames::SETTING);
    assert_eq!(faults.iter().map(told).collect::<Vec<_>>(), expect, "{text:?}");
}

#[test]
fn list_is_read_with_and_without_a_header_and_quotes() {
    let two = [("111122223333", "Production"), ("012345678901", "Sand, \"box\"")];
    names("111122223333,Production\n012345678901,\"Sand, \"\"box\"\"\"", &two);
    names("id,name\r\n111122223333,Production\r\n012345678901,\"Sand, \"\"box\"\"\"\r\n", &two);
    names(
        "\u{feff}# of our organization\n\n\"ID\",\"Name\"\n\"111122223333\", \"Production\"\n# more\n 012345678901 , \"Sand, \"\"box\"\"\" \n\n",
        &two,
    );
    names("111122223333,Größe 10 # not a comment", &[("111122223333", "Größe 10 # not a comment")]);
}

#[test]
fn account_that_is_named_twice_has_one_name() {
    names("111122223333,a\n111122223333,a\n", &[("111122223333", "a")]);
    refused(
        "111122223333,a\n444455556666,b\n111122223333,c\n",
        &[
            "a.csv:3: account 111122223333 is called \"c\" here and \"a\" in line 1: keep one of the two",
        ],
    );
}

#[test]
fn every_line_that_is_wrong_is_told() {
    refused(
        "id,name\n\
         11122223333,Excel took its zero\n\
         111122223333\n\
         111122223333,Production, EU\n\
         444455556666,good\n\
         111122223333,\n\
         111122223333,the \"big\" one\n\
         111122223333,\"big\" one\n\
         id,name\n\
         111122223333,\"two\nlines\"\n\
         111122223333,\"never closed\n\
         777788889999,lost\n",
        &[
            "a.csv:2: the id is \"11122223333\": it must be the 12 digits of an account, zeros in front included",
            "a.csv:3: there are 1 fields, not an id and a name: a name with a comma goes in quotes",
            "a.csv:4: there are 3 fields, not an id and a name: a name with a comma goes in quotes",
            "a.csv:6: account 111122223333 has an empty name: write one, or take the line out",
            "a.csv:7: there is a quote within a field: put all of the field in quotes, and double the quotes in it",
            "a.csv:8: there is text behind a closing quote: double the quotes within a field",
            "a.csv:9: the id is \"id\": it must be the 12 digits of an account, zeros in front included",
            "a.csv:10: the name of account 111122223333 has a line break or control character in it: is a quote missing?",
            "a.csv:12: a quote is opened here that is never closed",
        ],
    );
}

#[test]
fn list_without_an_account_is_refused() {
    for text in ["", "\n\n", "# nothing yet\n", "id,name\n"] {
        refused(
            text,
            &["a.csv: enrichment.account_names has no account in it: write lines `id,name`"],
        );
    }
}

#[test]
fn faults_of_a_file_that_is_no_list_are_told_in_part() {
    let faults = AccountNames::parse(&"x\n".repeat(1_000)).unwrap_err();
    assert_eq!(faults.len(), MOST_FAULTS + 1);
    assert_eq!(faults[20], Flaw::Whole("has 980 more lines that are wrong".to_owned()));
}

#[test]
fn file_that_is_no_text_or_too_large_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let check = |content: &[u8], expect: Flaw| {
        let path = folder.path().join("accounts.csv");
        std::fs::write(&path, content).unwrap();
        let faults = AccountNames::read(&File::open(&path).unwrap()).unwrap_err();
        assert_eq!(faults, [expect]);
    };
    let no_text = "this is not UTF-8 text: save the file as UTF-8".to_owned();
    check(b"111122223333,a\n444455556666,Caf\xe9\n", Flaw::Line(2, no_text));
    let too_large = "is larger than 16MiB: it cannot be a list of accounts".to_owned();
    check(&vec![b'\n'; (16 << 20) + 1], Flaw::Whole(too_large));
}
