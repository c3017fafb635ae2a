use super::*;

const FILE: &str = "111122223333_CloudTrail_eu-west-1_20260716T1840Z_Ab12Cd34Ef56Gh78.json.gz";

fn parsed(key: &str) -> TrailKey<'_> {
    TrailKey::parse(key).unwrap_or_else(|why| panic!("{key}: {why}"))
}

#[test]
fn every_layout_is_parsed_from_the_right() {
    let check = |root: &str, prefix: &str, organization: Option<&str>| {
        for kind in Kind::ALL {
            let key = format!("{root}/111122223333/{}/eu-west-1/2026/07/16/{FILE}", kind.folder());
            let expected = TrailKey {
                prefix,
                organization,
                account: "111122223333",
                kind,
                region: "eu-west-1",
                date: Date { year: 2026, month: 7, day: 16 },
                file: FILE,
            };
            assert_eq!(parsed(&key), expected, "{key}");
            assert_eq!(expected.to_string(), key);
        }
    };
    check("AWSLogs", "", None);
    check("AWSLogs/o-abcdefghij", "", Some("o-abcdefghij"));
    check("logs/trail/AWSLogs", "logs/trail", None);
    check("logs/AWSLogs/o-abcdefghij", "logs", Some("o-abcdefghij"));
    // Control Tower before and after landing zone 3.0.
    check("o-abcdefghij/AWSLogs", "o-abcdefghij", None);
    check("o-abcdefghij/AWSLogs/o-abcdefghij", "o-abcdefghij", Some("o-abcdefghij"));
    // Prefixes that look like a layout.
    check("AWSLogs/AWSLogs", "AWSLogs", None);
    check("AWSLogs/1/CloudTrail/AWSLogs", "AWSLogs/1/CloudTrail", None);
    check("myAWSLogs/AWSLogs", "myAWSLogs", None);
    check("with space+plus/日本/AWSLogs", "with space+plus/日本", None);
}

#[test]
fn odd_names_are_still_log_files() {
    let at = |account: &str, file: &str| {
        format!("AWSLogs/{account}/CloudTrail/eu-west-1/2026/07/16/{file}")
    };
    for (account, file) in [
        ("111122223333", "plain.json"),
        ("111122223333", "111122223333_CloudTrail_eu-west-1_20140101T0000ZAbCd.json.gz"),
        ("111122223333", "x"),
        ("anonymised", FILE),
        ("o-abcdefghij", FILE),
    ] {
        let key = at(account, file);
        let parsed = parsed(&key);
        assert_eq!((parsed.account, parsed.file), (account, file));
    }
    assert_eq!(parsed("AWSLogs/ou-odd/1/CloudTrail/r/2026/07/16/f").organization, Some("ou-odd"));
}

#[test]
fn what_is_no_trail_log_says_why() {
    let check = |key: &str, expected: NotATrailLog| {
        assert_eq!(TrailKey::parse(key), Err(expected), "{key}");
    };
    use NotATrailLog::{FolderMarker, OtherService, UnknownLayout};
    check("AWSLogs/111122223333/CloudTrail/", FolderMarker);
    check("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/07/16/", FolderMarker);
    check("AWSLogs/111122223333/Config/ConfigWritabilityCheckFile", OtherService);
    check("AWSLogs/1/Config/eu-west-1/2026/7/16/ConfigHistory/1_Config.json.gz", OtherService);
    check("p/AWSLogs/1/vpcflowlogs/eu-west-1/2026/07/16/1_vpcflowlogs.log.gz", OtherService);
    check("AWSLogs/o-abcdefghij/1/elasticloadbalancing/r/2026/07/16/f.log.gz", OtherService);
    check("", UnknownLayout);
    check("notes.txt", UnknownLayout);
    check("AWSLogs/notes.txt", UnknownLayout);
    check("AWSLogs/1/notes.txt", UnknownLayout);
    check("athena/results/1.csv", UnknownLayout);
    check("xAWSLogs/1/CloudTrail/r/2026/07/16/f", UnknownLayout);
    check("1/CloudTrail/r/2026/07/16/f", UnknownLayout);
    check("AWSLogs//CloudTrail/r/2026/07/16/f", UnknownLayout);
    check("AWSLogs/1/CloudTrail//2026/07/16/f", UnknownLayout);
    check("AWSLogs//1/CloudTrail/r/2026/07/16/f", UnknownLayout);
    check("AWSLogs/1/CloudTrail/r/2026/07/16/deeper/f", UnknownLayout);
    check("AWSLogs/1/CloudTrail-Lake/Query/2026/07/16/f", UnknownLayout);
    check("AWSLogs/o-abcdefghij/1/CloudTrail/r/2026/7/16/f", UnknownLayout);
    check("AWSLogs/1/cloudtrail/r/2026/07/16/f", OtherService);
}

#[test]
fn date_is_digits_of_a_day() {
    let check = |date: &str, good: bool| {
        let key = format!("AWSLogs/1/CloudTrail/r/{date}/f");
        assert_eq!(TrailKey::parse(&key).is_ok(), good, "{date}");
    };
    check("2026/07/16", true);
    check("0001/12/31", true);
    for date in ["2026/7/16", "26/07/16", "2026/13/01", "2026/00/01", "2026/01/00", "2026/01/32"] {
        check(date, false);
    }
    for date in ["+026/07/16", "2026/+7/16", "2026/07/1x", "2026/07/１６", "20260/07/16"] {
        check(date, false);
    }
}
