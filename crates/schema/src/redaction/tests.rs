//! What is hidden, and that nothing else is.

mod laws;
mod real;

use super::*;
use trail_event::{Field, Reader};

const KEY: &[u8] = b"0123456789abcdef";

fn rules(rules: &[(&str, Action)]) -> Redaction {
    let rule = |(path, action): &(&str, Action)| Rule {
        path: Path::parse(path).unwrap(),
        action: *action,
    };
    let key = HashKey::new(KEY).unwrap();
    Redaction::new(rules.iter().map(rule).collect(), Some(key)).unwrap()
}

fn redacted(redaction: &Redaction, json: &str) -> Option<String> {
    let mut into = "what was there before".to_owned();
    let is_redacted = redaction.apply(&Reader::new().read(0, json), &mut into);
    assert!(is_redacted || into == "what was there before");
    is_redacted.then_some(into)
}

#[track_caller]
fn check(path: &str, action: Action, json: &str, expect: &str) {
    let redacted = redacted(&rules(&[(path, action)]), json);
    let unchanged = (json != expect).then(|| expect.to_owned());
    assert_eq!(redacted, unchanged, "{action:?} {path} of {json}");
}

#[test]
fn dropped_members_leave_no_comma() {
    let check = |json, expect| check("requestParameters.*", Action::Drop, json, expect);
    check(r#"{"requestParameters":{"a":1}}"#, r#"{"requestParameters":{}}"#);
    check(r#"{"requestParameters":{ "a" : 1 , "b" : 2 }}"#, r#"{"requestParameters":{  }}"#);
    let check =
        |json, expect| super::tests::check("requestParameters.x", Action::Drop, json, expect);
    check(r#"{"requestParameters":{"x":1,"b":2}}"#, r#"{"requestParameters":{"b":2}}"#);
    check(r#"{"requestParameters":{"a":1,"x":2}}"#, r#"{"requestParameters":{"a":1}}"#);
    check(r#"{"requestParameters":{"a":1,"x":2,"b":3}}"#, r#"{"requestParameters":{"a":1,"b":3}}"#);
    check(r#"{"requestParameters":{"x":1,"x":2,"b":3,"x":4}}"#, r#"{"requestParameters":{"b":3}}"#);
    check(
        "{\"requestParameters\":{\n \"x\": 1,\n \"b\": 2\n}}",
        "{\"requestParameters\":{\n \"b\": 2\n}}",
    );
    check(
        r#"{"requestParameters":[{"x":1},{"x":2,"y":3}]}"#,
        r#"{"requestParameters":[{},{"y":3}]}"#,
    );
    check(
        r#"{"a":1,"requestParameters":{"x":1},"b":2}"#,
        r#"{"a":1,"requestParameters":{},"b":2}"#,
    );
}

#[test]
fn members_of_the_record_are_dropped_too() {
    check("userAgent", Action::Drop, r#"{"userAgent":"a","eventID":"b"}"#, r#"{"eventID":"b"}"#);
    check("userAgent", Action::Drop, r#"{"userAgent":"a"}"#, "{}");
}

#[test]
fn a_mask_is_in_place_of_the_value() {
    for value in [r#""a\"b""#, "1", "true", r#"{"a":{"b":"}"}}"#, r#"["]",{}]"#] {
        let json = |value| format!(r#"{{"requestParameters":{{"x":{value},"y":1}}}}"#);
        check("requestParameters.x", Action::Mask, &json(value), &json(r#""***""#));
    }
}

#[test]
fn null_is_left_and_what_is_absent_too() {
    for action in [Action::Drop, Action::Mask, Action::Hash] {
        for json in [r#"{"requestParameters":{"x":null}}"#, r#"{"requestParameters":null}"#, "{}"] {
            check("requestParameters.x", action, json, json);
        }
    }
}

#[test]
fn a_hash_is_of_the_text() {
    let hash = |value: &str| {
        let json = format!(r#"{{"userAgent":{value}}}"#);
        let redacted = redacted(&rules(&[("userAgent", Action::Hash)]), &json).unwrap();
        let text = redacted.strip_prefix(r#"{"userAgent":"hmac-sha256:"#).unwrap();
        text.strip_suffix(r#""}"#).unwrap().to_owned()
    };
    let expect: String =
        HashKey::new(KEY).unwrap().hash("a/b").iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash(r#""a/b""#), expect);
    assert_eq!(hash(r#""\u0061\/b""#), expect);
    assert_eq!(hash("1"), hash(r#""1""#));
    assert_ne!(hash(r#"{"a":1}"#), hash(r#"{"a": 1}"#));
    assert_eq!(expect.len(), 64);
}

#[test]
fn another_key_gives_another_hash() {
    let hash = |key: &[u8]| {
        let rule = Rule { path: Path::parse("userAgent").unwrap(), action: Action::Hash };
        let redaction = Redaction::new(vec![rule], Some(HashKey::new(key).unwrap())).unwrap();
        redacted(&redaction, r#"{"userAgent":"a"}"#)
    };
    assert_ne!(hash(KEY), hash(b"fedcba9876543210"));
}

#[test]
fn a_hash_without_a_key_is_refused() {
    let rule = |action| Rule { path: Path::parse("userIdentity.arn").unwrap(), action };
    let error = Redaction::new(vec![rule(Action::Mask), rule(Action::Hash)], None).unwrap_err();
    assert_eq!(error.to_string(), "could not hash `userIdentity.arn`: no key is given");
    assert!(Redaction::new(vec![rule(Action::Mask)], None).is_ok());
}

#[test]
fn every_one_of_several_members_is_hidden_however_its_key_is_escaped() {
    let json = r#"{"requestParameters":{"x":"s1","\u0078":"s2"},"\u0072equestParameters":{"x":"s3"},
        "requestParameters":[{"x":"s4"},[{"y":{"x":"ok"},"x":{"s":"s5"}}]]}"#;
    let expect = r#"{"requestParameters":{"x":"***","\u0078":"***"},"\u0072equestParameters":{"x":"***"},
        "requestParameters":[{"x":"***"},[{"y":{"x":"ok"},"x":"***"}]]}"#;
    check("requestParameters.x", Action::Mask, json, expect);
}

#[test]
fn a_string_where_the_path_leads_on_is_masked_whole() {
    let json = r#"{"requestParameters":"x=secret"}"#;
    for action in [Action::Drop, Action::Mask, Action::Hash] {
        check("requestParameters.x", action, json, r#"{"requestParameters":"***"}"#);
        check("requestParameters.*", action, json, r#"{"requestParameters":"***"}"#);
    }
    let list = r#"{"requestParameters":[1,"{\"x\":1}",true]}"#;
    check("requestParameters.x", Action::Drop, list, r#"{"requestParameters":[1,"***",true]}"#);
    let inside = r#"{"requestParameters":{"x":"{\"secret\":1}"}}"#;
    check("requestParameters.secret", Action::Mask, inside, inside);
}

#[test]
fn a_string_that_a_star_leads_to_is_masked_if_it_may_be_an_object() {
    let json = r#"{"requestParameters":{"a":"plain","b":"{\"x\":1}","c":"\u007b","d":{"x":1}}}"#;
    let expect = r#"{"requestParameters":{"a":"plain","b":"***","c":"***","d":{"x":"***"}}}"#;
    check("requestParameters.*.x", Action::Mask, json, expect);
}

#[test]
fn arrays_in_arrays_that_are_too_deep_are_masked() {
    let deep = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!(r#"{{"requestParameters":{open}{{"x":"secret"}}{close}}}"#)
    };
    let redaction = rules(&[("requestParameters.x", Action::Mask)]);
    for depth in [0, 1, 16, 17, 100_000] {
        assert!(!redacted(&redaction, &deep(depth)).unwrap().contains("secret"), "{depth}");
    }
}

#[test]
fn of_several_rules_the_outermost_counts_then_the_one_that_leaves_least() {
    let check = |list: &[(&str, Action)], json, expect: &str| {
        assert_eq!(redacted(&rules(list), json).as_deref(), Some(expect), "{list:?}");
    };
    let json = r#"{"requestParameters":{"a":{"x":1},"b":2}}"#;
    let (mask, drop, hash) = (Action::Mask, Action::Drop, Action::Hash);
    check(
        &[("requestParameters.a.x", drop), ("requestParameters.a", mask)],
        json,
        r#"{"requestParameters":{"a":"***","b":2}}"#,
    );
    check(
        &[
            ("requestParameters.a", hash),
            ("requestParameters.a", drop),
            ("requestParameters.a", mask),
        ],
        json,
        r#"{"requestParameters":{"b":2}}"#,
    );
    check(
        &[("requestParameters.*", drop), ("requestParameters.a", mask)],
        json,
        r#"{"requestParameters":{}}"#,
    );
    check(
        &[
            ("requestParameters.*.x", drop),
            ("requestParameters.a.y", mask),
            ("requestParameters.b", mask),
        ],
        json,
        r#"{"requestParameters":{"a":{},"b":"***"}}"#,
    );
}

#[test]
fn the_default_hides_credentials_and_leaves_what_links_sessions() {
    let redaction = Redaction::session_credentials();
    let json = r#"{"requestParameters":{"roleArn":"r","webIdentityToken":"s1"},"responseElements":
        {"credentials":{"accessKeyId":"ASIA","sessionToken":"s2","secretAccessKey":"s3","expiration":"e"},
        "credentialSet":[{"credentials":{"accessKeyId":"ASIA","sessionToken":"s4"}}],
        "assumedRoleUser":{"arn":"a"}}}"#;
    let expect = r#"{"requestParameters":{"roleArn":"r","webIdentityToken":"***"},"responseElements":
        {"credentials":{"accessKeyId":"ASIA","sessionToken":"***","secretAccessKey":"***","expiration":"e"},
        "credentialSet":[{"credentials":{"accessKeyId":"ASIA","sessionToken":"***"}}],
        "assumedRoleUser":{"arn":"a"}}}"#;
    assert_eq!(redacted(&redaction, json).as_deref(), Some(expect));
    assert_eq!(redacted(&redaction, r#"{"responseElements":null,"userAgent":"x"}"#), None);
}

#[test]
fn redactions_are_equal_when_rules_and_key_are_and_never_show_the_key() {
    let redaction = rules(&[("userAgent", Action::Hash)]);
    let other_key =
        Redaction::new(redaction.rules().to_vec(), HashKey::new(*b"fedcba9876543210").ok());
    assert_eq!(redaction, rules(&[("userAgent", Action::Hash)]));
    assert_ne!(redaction, other_key.unwrap());
    assert_ne!(redaction, rules(&[("userAgent", Action::Mask)]));
    let shown = format!("{redaction:?}");
    assert!(shown.contains("userAgent") && !shown.contains("0123") && !shown.contains("48, 49"));
    assert!(Redaction::default().is_empty() && !redaction.is_empty());
}

/// All that an event tells.
fn told(event: &Event<'_>) -> String {
    let values = Field::ALL.map(|field| (event.value(field), event.quotes_of(field)));
    let members: Vec<_> = event.members().collect();
    let odd = (event.is_ambiguous(), event.keys(), event.fields(), event.index());
    format!("{odd:?} {values:?} {members:?} {}", event.json())
}

#[test]
fn the_event_that_is_left_is_that_of_the_record_that_is_left() {
    let json = r#"{"userAgent":"agent","requestParameters":{"roleArn":"r","list":["1","2","3","4",
        "5","6","7","8","9"],"number":1},"responseElements":{"credentials":{"accessKeyId":"k",
        "sessionToken":"long \" token","expiration":"e"},"assumedRoleUser":{"arn":"a"}},"eventName":"n"}"#;
    let mut memory = Redacted::default();
    for path in [
        "requestParameters",
        "requestParameters.*",
        "requestParameters.list",
        "requestParameters.number",
        "requestParameters.roleArn",
        "responseElements.credentials",
        "responseElements.credentials.*",
        "responseElements.credentials.sessionToken",
        "responseElements.assumedRoleUser.arn",
        "userAgent",
        "eventName",
    ] {
        for action in [Action::Drop, Action::Mask, Action::Hash] {
            for other in ["requestParameters.roleArn", "responseElements.absent", path] {
                let redaction = rules(&[(path, action), (other, action)]);
                let expect = redacted(&redaction, json).unwrap_or_else(|| json.to_owned());
                let mut reader = Reader::new();
                let event = reader.read(7, json);
                let found = redaction.redacted(&event, &mut memory).unwrap_or(event);
                let mut reader = Reader::new();
                assert_eq!(
                    told(&found),
                    told(&reader.read(7, &expect)),
                    "{action:?} {path} {other}"
                );
            }
        }
    }
}

#[test]
fn a_field_alone_is_hidden_as_among_others() {
    for value in
        [r#"{"sessionToken":"s","x":1}"#, r#""{}""#, "[[{\"sessionToken\":1}],2]", "null", "{}"]
    {
        let json = format!(r#"{{"responseElements":{{"credentials":{value},"y":"z"}}}}"#);
        for action in [Action::Drop, Action::Mask, Action::Hash] {
            for path in
                ["responseElements.credentials", "responseElements.credentials.sessionToken"]
            {
                let alone = redacted(&rules(&[(path, action)]), &json);
                // A rule that leads elsewhere has the whole record looked at.
                let among = redacted(&rules(&[(path, action), ("eventName", action)]), &json);
                assert_eq!(alone, among, "{action:?} {path} of {json}");
            }
        }
    }
}
