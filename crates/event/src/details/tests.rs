use super::*;
use crate::Reader;

fn with<T>(json: &str, ask: impl FnOnce(&Event<'_>) -> T) -> T {
    ask(&Reader::new().read(0, json))
}

#[test]
fn requests_come_from_an_address_a_service_or_elsewhere() {
    let check = |address: &str, expect: &str| {
        let json = format!(r#"{{"sourceIPAddress":"{address}"}}"#);
        let found = with(&json, |event| match event.origin() {
            Some(Origin::Address(address)) => format!("address {address}"),
            Some(Origin::Service(name)) => format!("service {name}"),
            Some(Origin::Other(text)) => format!("other {text}"),
            None => "none".to_owned(),
        });
        assert_eq!(found, expect);
    };
    check("192.0.2.1", "address 192.0.2.1");
    check("2001:db8::1", "address 2001:db8::1");
    check("0.0.0.0", "address 0.0.0.0");
    check("cloudtrail.amazonaws.com", "service cloudtrail.amazonaws.com");
    check("ec2.amazonaws.com.cn", "service ec2.amazonaws.com.cn");
    check("AWS Internal", "other AWS Internal");
    check("AWS Internal/3", "other AWS Internal/3");
    check("12.345.123.45", "other 12.345.123.45");
    check("", "none");
}

#[test]
fn resources_are_told_with_arn_or_prefix() {
    let json = r#"{"resources":[
        {"ARN":"arn:aws:s3:::logs/k","type":"AWS::S3::Object"},
        {"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::logs/"},
        {"ARN":"arn:aws:iam::111122223333:role/R","accountId":"111122223333","type":"AWS::IAM::Role"},
        7]}"#;
    with(json, |event| {
        let found: Vec<_> = event.resources().collect();
        let text = Some;
        assert_eq!(found.len(), 4);
        assert_eq!(found[0].arn, text(Text::new("arn:aws:s3:::logs/k")));
        assert_eq!(
            (found[1].arn, found[1].arn_prefix),
            (None, text(Text::new("arn:aws:s3:::logs/")))
        );
        assert_eq!(found[2].account_id, text(Text::new("111122223333")));
        assert_eq!(found[2].kind, text(Text::new("AWS::IAM::Role")));
        assert_eq!(
            found[3],
            Resource { arn: None, arn_prefix: None, account_id: None, kind: None }
        );
    });
    for json in [r#"{"resources":null}"#, "{}", r#"{"resources":{"ARN":"a"}}"#] {
        assert_eq!(with(json, |event| event.resources().count()), 0, "{json}");
    }
}

#[test]
fn what_was_too_large_is_told() {
    let omitted = |value: &str| {
        let json = format!(r#"{{"requestParameters":{value}}}"#);
        with(&json, |event| {
            event.omitted(Field::RequestParameters).map(|omitted| omitted.original_size)
        })
    };
    let as_seen =
        r#"{"reason":"requestParameters too large","omitted":"true","originalSize":"149893"}"#;
    assert_eq!(omitted(as_seen), Some(Some(149_893)));
    assert_eq!(omitted(r#"{"omitted":true}"#), Some(None));
    for value in [r#"{"omitted":"false"}"#, r#"{"omitted":"x"}"#, "{}", r#""omitted""#, "null"] {
        assert_eq!(omitted(value), None, "{value}");
    }
}

#[test]
fn texts_that_were_cut_are_told() {
    let cut = |text: String| {
        with(&format!(r#"{{"userAgent":"{text}"}}"#), |event| event.is_cut(Field::UserAgent))
    };
    assert!(cut("a".repeat(1021) + "..."));
    assert!(!cut("a".repeat(1024)));
    assert!(!cut("loading...".to_owned()));
}

#[test]
fn corrections_name_the_event_they_replace() {
    let json = r#"{"addendum":{"reason":"UPDATED_DATA","updatedFields":"responseElements",
        "originalRequestID":"r","originalEventID":"e"}}"#;
    with(json, |event| {
        let addendum = event.addendum().unwrap();
        assert_eq!(addendum.reason, Some(AddendumReason::UpdatedData));
        assert_eq!(addendum.updated_fields.map(Value::json), Some(r#""responseElements""#));
        assert_eq!(addendum.original_event_id, Some(Text::new("e")));
    });
    for json in ["{}", r#"{"addendum":null}"#, r#"{"addendum":{}}"#] {
        assert!(with(json, |event| event.addendum().is_none()), "{json}");
    }
}

#[test]
fn a_tls_connection_may_be_told_in_part() {
    with(r#"{"tlsDetails":{"clientProvidedHostHeader":"s3.amazonaws.com"}}"#, |event| {
        let tls = event.tls().unwrap();
        assert_eq!((tls.version, tls.host), (None, Some(Text::new("s3.amazonaws.com"))));
    });
}

#[test]
fn insights_and_windows_are_understood() {
    let json = r#"{"insightDetails":{"state":"End","eventSource":"ec2.amazonaws.com","eventName":"RunInstances",
        "insightType":"ApiErrorRateInsight","errorCode":"Client.X","insightContext":{"statistics":{"baseline":{"average":9.8E-5}}}},
        "timeWindow":{"windowStart":"2026-08-11 11:45:00","windowEnd":"2026-08-11T11:50:00Z","windowSize":"PT5M"}}"#;
    with(json, |event| {
        let insight = event.insight().unwrap();
        assert_eq!(insight.state, Some(InsightState::End));
        assert_eq!(insight.kind, Some(InsightKind::ApiErrorRate));
        assert_eq!(insight.event_name, Some(Text::new("RunInstances")));
        assert!(insight.context.is_some_and(|context| context.json().contains("9.8E-5")));
        let window = event.time_window().unwrap();
        let length = window.end.unwrap().milliseconds() - window.start.unwrap().milliseconds();
        assert_eq!(length, 300_000);
        assert_eq!(event.time(), window.start);
    });
}
