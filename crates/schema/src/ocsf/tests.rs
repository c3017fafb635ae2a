use super::*;
use trail_event::Reader;

/// Records of which each lacks one thing that something else stands in for; the first lacks none.
const RECORDS: [&str; 7] = [
    r#"{"eventTime":"2023-07-10T11:44:26Z","eventName":"GetObject","requestID":"r","sourceIPAddress":"192.0.2.1","userIdentity":{"arn":"a"},"requestParameters":{"a":1}}"#,
    r#"{"eventTime":"2023-07-10","eventName":"GetObject","requestID":"r","sourceIPAddress":"192.0.2.1","userIdentity":{"arn":"a"}}"#,
    r#"{"eventTime":"2023-07-10T11:44:26Z","eventName":"","requestID":"r","sourceIPAddress":"192.0.2.1","userIdentity":{"arn":"a"}}"#,
    r#"{"eventTime":"2023-07-10T11:44:26Z","eventName":"GetObject","requestID":null,"sourceIPAddress":"192.0.2.1","userIdentity":{"arn":"a"},"requestParameters":{"a":1}}"#,
    r#"{"eventTime":"2023-07-10T11:44:26Z","eventName":"GetObject","requestID":"r","sourceIPAddress":[],"userIdentity":{"arn":"a"}}"#,
    r#"{"eventTime":"2023-07-10T11:44:26Z","eventName":"GetObject","requestID":"r","sourceIPAddress":"192.0.2.1","userIdentity":{"type":"Unknown"}}"#,
    "{}",
];

#[test]
fn stand_ins_are_left_out_only_where_they_would_say_nothing() {
    for version in [Version::V1_1, Version::V1_8] {
        let mapping = Mapping::new(version, Options::default());
        for (place, record) in RECORDS.into_iter().enumerate() {
            let mut reader = Reader::new();
            let event = reader.read(0, record);
            let facts = Facts::of(&event, mapping.target);
            assert_eq!(facts.is_complete, place == 0, "{record}");
            let line = |programs: &Programs| {
                let subject = Subject { event, facts: &facts, enrichment: None };
                let mut line = Vec::new();
                let program = programs.get(facts.class as usize).unwrap();
                program.run(&subject, &mut Scratch::default(), &mut (), &mut line);
                String::from_utf8(line).unwrap()
            };
            let (plain, complete) = (line(&mapping.plain), line(&mapping.complete));
            assert_eq!(plain == complete, facts.is_complete, "{plain}");
        }
    }
}
