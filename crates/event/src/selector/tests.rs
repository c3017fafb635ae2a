//! What selectors choose, and what is no selector.

use super::condition::Operator;
use super::*;
use crate::Reader;
use proptest::prelude::*;

const NONE: [&str; 0] = [];

fn choice(select: &[&str], exclude: &[&str], json: &str) -> Choice {
    let selectors = Selectors::parse(select, exclude).unwrap();
    selectors.choose(&Reader::new().read(0, json))
}

/// Whether the expression chooses the record.
#[track_caller]
fn check(expression: &str, json: &str, expect: bool) {
    let selected = choice(&[expression], &[], json) == Choice::Selected { by: Some(0) };
    assert_eq!(selected, expect, "{expression}: {json}");
}

#[test]
fn each_operator_compares_as_its_name_says() {
    let table = [
        ("equals", [true, false, false, false]),
        ("starts_with", [true, true, false, false]),
        ("ends_with", [true, false, true, false]),
    ];
    for (operator, expect) in table {
        for (name, expect) in ["Put", "PutX", "XPut", "put"].into_iter().zip(expect) {
            let json = format!(r#"{{"eventName":"{name}"}}"#);
            check(&format!("eventName {operator} Put"), &json, expect);
            check(&format!("eventName {operator} A, Put, B"), &json, expect);
            check(&format!("eventName not_{operator} Put"), &json, !expect);
            check(&format!("eventName not_{operator} A, Put, B"), &json, !expect);
        }
    }
}

#[test]
fn every_condition_of_an_entry_must_hold() {
    let both = "eventName starts_with Delete, Put and eventSource equals s3.amazonaws.com";
    check(both, r#"{"eventName":"PutObject","eventSource":"s3.amazonaws.com"}"#, true);
    check(both, r#"{"eventName":"GetObject","eventSource":"s3.amazonaws.com"}"#, false);
    check(both, r#"{"eventName":"PutObject","eventSource":"sns.amazonaws.com"}"#, false);
    check(both, r#"{"eventName":"PutObject"}"#, false);
}

#[test]
fn an_absent_or_null_field_fulfils_only_what_is_negative() {
    for json in ["{}", r#"{"errorCode":null}"#, r#"{"errorCode":{}}"#, r#"{"errorCode":[]}"#] {
        for operator in Operator::ALL {
            let is_negative = operator.name().starts_with("not_");
            check(&format!("errorCode {} ''", operator.name()), json, is_negative);
            check(&format!("errorCode {} null", operator.name()), json, is_negative);
        }
    }
    check("errorCode starts_with ''", r#"{"errorCode":""}"#, true);
    check("errorCode starts_with ''", r#"{"errorCode":"AccessDenied"}"#, true);
}

#[test]
fn numbers_and_booleans_are_compared_as_they_are_written() {
    for json in [r#"{"readOnly":true}"#, r#"{"readOnly":"true"}"#] {
        check("readOnly equals true", json, true);
        check("readOnly not_equals true", json, false);
        check("readOnly equals True", json, false);
    }
    check("requestParameters.n equals 1.0E-5", r#"{"requestParameters":{"n":1.0E-5}}"#, true);
    check("requestParameters.n equals 0.00001", r#"{"requestParameters":{"n":1.0E-5}}"#, false);
}

#[test]
fn text_is_compared_without_its_escapes() {
    let json = r#"{"userAgent":"say \"\u0041\" \\ now"}"#;
    check(r#"userAgent equals 'say "A" \ now'"#, json, true);
    check(r#"userAgent starts_with 'say "'"#, json, true);
    check(r#"userAgent ends_with '\ now'"#, json, true);
    check(r#"userAgent equals 'say \"\u0041\" \\ now'"#, json, false);
    check(r"userAgent equals \u0041", r#"{"userAgent":"\u0041"}"#, false);
}

#[test]
fn any_element_of_an_array_may_match_and_no_object_does() {
    let json = r#"{"userAgent":["a",["b"],{"c":"c"}],"resources":[{"ARN":"x"},{"ARN":"y"}]}"#;
    for (value, expect) in [("a", true), ("b", true), ("c", false), ("d", false)] {
        check(&format!("userAgent equals {value}"), json, expect);
        check(&format!("userAgent not_equals {value}"), json, !expect);
    }
    check("resources.ARN equals y", json, true);
    check("resources.ARN not_equals y", json, false);
    check("resources starts_with ''", r#"{"resources":{"a":"b"}}"#, false);
}

#[test]
fn values_are_quoted_where_they_must_be() {
    let check = |values: &str, expect: &[&str]| {
        let conditions = expression::parse(&format!("eventName equals {values}")).unwrap();
        assert_eq!(conditions.len(), 1, "{values}");
        assert_eq!(conditions[0].values, expect, "{values}");
    };
    check("a,b , c", &["a", "b", "c"]);
    check("'a b', \"c, d\"", &["a b", "c, d"]);
    check("'and',\"equals\",Equals,band", &["and", "equals", "Equals", "band"]);
    check(r#"'it''s', "it's", 'say "x"'"#, &["it's", "it's", r#"say "x""#]);
    check("''", &[""]);
    check("arn:aws:s3:::b/k*[x]", &["arn:aws:s3:::b/k*[x]"]);
}

#[test]
fn line_breaks_are_spaces() {
    check(
        "eventName\n equals\n A,\n B\n and readOnly\tequals true\n",
        r#"{"eventName":"B","readOnly":true}"#,
        true,
    );
}

#[test]
fn an_exclude_wins_over_a_select() {
    let (gets, deletes) = ("eventName starts_with Get", "eventName starts_with Delete");
    let (get, delete, put) =
        (r#"{"eventName":"GetX"}"#, r#"{"eventName":"DeleteX"}"#, r#"{"eventName":"PutX"}"#);
    assert_eq!(choice(&[], &[], get), Choice::Selected { by: None });
    assert_eq!(choice(&[], &[gets], get), Choice::Excluded { by: 0 });
    assert_eq!(choice(&[], &[deletes, gets], get), Choice::Excluded { by: 1 });
    assert_eq!(choice(&[deletes, gets], &[], get), Choice::Selected { by: Some(1) });
    assert_eq!(choice(&[gets, deletes], &[deletes], delete), Choice::Excluded { by: 0 });
    assert_eq!(choice(&[gets, deletes], &[], put), Choice::Unselected);
}

#[test]
fn only_empty_lists_are_everything() {
    assert!(Selectors::default().is_all());
    assert!(Selectors::parse(&NONE, &NONE).unwrap().is_all());
    assert!(!Selectors::parse(&["writes"], &NONE).unwrap().is_all());
    assert!(!Selectors::parse(&NONE, &["kms-decrypt"]).unwrap().is_all());
}

#[test]
fn entries_are_called_by_their_set_or_their_text() {
    let selectors =
        Selectors::parse(&["writes", " eventName equals A "], &["kms-decrypt"]).unwrap();
    let names = |list| selectors.names(list).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(names(List::Select), ["writes", "eventName equals A"]);
    assert_eq!(names(List::Exclude), ["kms-decrypt"]);
}

#[test]
fn selectors_are_equal_when_they_say_the_same_in_the_same_words() {
    let parse = |entry: &str| Selectors::parse(&[entry], &NONE).unwrap();
    assert_eq!(parse("eventName equals A"), parse("eventName equals A"));
    assert_ne!(parse("eventName equals A"), parse("eventName equals B"));
    assert_ne!(parse("writes"), Selectors::parse(&NONE, &["writes"]).unwrap());
}

#[track_caller]
fn fault(entry: &str) -> String {
    let error = Selectors::parse(&NONE, &["writes", entry]).unwrap_err();
    let expect = format!("could not read `{entry}`, entry 2 of exclude");
    assert_eq!((error.to_string(), error.list, error.index), (expect, List::Exclude, 1));
    error.fault.to_string()
}

#[test]
fn what_is_no_expression_is_said_with_its_place() {
    let value =
        "expected a value (in quotes, where it is empty, `and` or an operator) at character";
    let check = |entry: &str, expect: &str| assert_eq!(fault(entry), expect, "{entry}");
    check("", "expected a field at character 1");
    check("eventName equals A and ", "expected a field at character 24");
    check("eventName equals ", &format!("{value} 18"));
    check("eventName equals A,", &format!("{value} 20"));
    check("eventName equals A, and B", &format!("{value} 21"));
    check("eventName equals equals", &format!("{value} 18"));
    check("eventName equals ,A", &format!("{value} 18"));
    check("eventName equals 'A", "expected a closing quote at character 18");
    check("eventName equals A B", "expected `,` and another value, or `and` at character 20");
    check("eventName equals A AND B", "expected `,` and another value, or `and` at character 20");
    check(
        "eventName equals A'B C'",
        "expected a space (a value with a quote in it is put in quotes) at character 19",
    );
    check("eventName, equals A", "expected a space at character 10");
    check(
        "eventName. equals A",
        "could not read a path: expected a key, a key in quotes or `*` at character 11",
    );
}

#[test]
fn what_is_mistyped_is_said_with_what_was_meant() {
    let check = |entry: &str, expect: &str| {
        let fault = fault(entry);
        assert!(fault.starts_with(expect), "{entry}: {fault}");
    };
    check(
        "evntName equals A",
        "could not read a path: records have no field `evntName` at character 1 (did you mean `eventName`?)",
    );
    check(
        "readOnly equals true and sourceIpAdress equals A",
        "could not read a path: records have no field `sourceIpAdress` at character 26 (did you mean `sourceIPAddress`?)",
    );
    check(
        "eventName NotEquals A",
        "expected an operator at character 11, found `NotEquals` (did you mean `not_equals`?)",
    );
    check(
        "eventName == A",
        "expected an operator at character 11, found `==`; the operators are equals,",
    );
    check(
        "kms-decrpyt",
        "no ready set is called `kms-decrpyt` (did you mean `kms-decrypt`?); the sets are management,",
    );
    check("eventName", "no ready set is called `eventName`; the sets are");
    let error = Selectors::parse(&["a"], &NONE).unwrap_err();
    assert!(std::error::Error::source(&error).is_some());
}

fn expression() -> impl Strategy<Value = String> {
    let field = prop::sample::select(vec!["eventName", "readOnly", "resources.ARN", "'x y'.*"]);
    let operator = prop::sample::select(Operator::ALL.map(Operator::name).to_vec());
    let values = prop::collection::vec("['\"]?[a-c ,]{0,3}['\"]?|and|equals", 1..3);
    let condition = (field, operator, values).prop_map(|(field, operator, values)| {
        let values: Vec<_> =
            values.iter().map(|it| format!("'{}'", it.replace('\'', "''"))).collect();
        format!("{field} {operator} {}", values.join(", "))
    });
    prop::collection::vec(condition, 1..3).prop_map(|conditions| conditions.join(" and "))
}

proptest! {
    #[test]
    fn any_text_is_a_selector_or_an_error(text in ".*", words in "(eventName|equals|and|,|'|a| )*") {
        let _ = Selectors::parse(&[text, words], &NONE);
    }

    #[test]
    fn any_quoted_value_is_taken_as_it_is(value in ".*", quote in prop::sample::select(vec!['"', '\''])) {
        let doubled = value.replace(quote, &format!("{quote}{quote}"));
        let conditions = expression::parse(&format!("eventName equals {quote}{doubled}{quote}")).unwrap();
        prop_assert_eq!(&conditions[0].values, std::slice::from_ref(&value));
        let json = serde_json::json!({"eventName": value}).to_string();
        prop_assert!(conditions[0].holds(&Reader::new().read(0, &json)));
    }

    #[test]
    fn a_negative_condition_holds_where_the_positive_does_not(
        values in "[a-c]{0,2}(, ?[a-c]{1,2}){0,2}",
        field in r#""[a-c]{0,3}"|null|1|true|\["a","b"\]|\{"a":"b"\}"#,
    ) {
        let json = format!(r#"{{"eventName":{field}}}"#);
        for operator in ["equals", "starts_with", "ends_with"] {
            let holds = |operator: &str| {
                let text = format!("eventName {operator} 'c',{}", values.split(',').map(|it| format!("'{it}'")).collect::<Vec<_>>().join(","));
                expression::parse(&text).unwrap()[0].holds(&Reader::new().read(0, &json))
            };
            prop_assert_ne!(holds(operator), holds(&format!("not_{operator}")));
        }
    }

    #[test]
    fn every_expression_decides_about_any_record(text in expression(), json in r#"[{}\[\]",:a\\ ]*"#) {
        let selectors = Selectors::parse(&[text], &NONE).unwrap();
        let _ = selectors.choose(&Reader::new().read(0, &json));
    }
}
