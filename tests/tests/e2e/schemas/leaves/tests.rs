use super::*;
use crate::schemas::json::parse;
use crate::schemas::records;
use serde_json::json;

/// That an output of this loses these paths of the input.
#[track_caller]
fn check(input: Value, output: Value, lost: &[&str]) {
    let missing = missing(&input, &output);
    let paths: Vec<&str> = missing.iter().map(|lost| lost.split(" = ").next().unwrap()).collect();
    assert_eq!(paths, lost, "{missing:?} of {input} in {output}");
}

#[test]
fn value_that_moved_is_there_and_one_that_did_not_is_missing() {
    let input = json!({"awsRegion": "us-east-1", "eventID": "3038ebd2-c98a-4c65-9b6e"});
    check(input.clone(), json!({"cloud": {"region": "us-east-1"}}), &["eventID"]);
    check(input, json!({"a": "us-east-1", "b": "3038ebd2-c98a-4c65-9b6e"}), &[]);
    check(json!({"a": null, "b": {}, "c": [], "d": [null, {"e": []}]}), json!({}), &[]);
    let all = missing(&json!({"a": {"b": ["some", "text"]}}), &json!({}));
    assert_eq!(all, ["a.b[0] = some", "a.b[1] = text"]);
}

#[test]
fn value_within_a_longer_text_is_missing() {
    check(json!({"userName": "anaya"}), json!({"arn": "arn:aws:iam::1:user/anaya"}), &["userName"]);
    check(json!({"userName": "anaya"}), json!({"name": "Anaya"}), &["userName"]);
    check(json!({"name": "anaya"}), json!({"anaya": "name"}), &["name"]);
}

#[test]
fn value_within_a_text_that_is_json_is_there() {
    let input = json!({"requestParameters": {"bucketName": "trail", "max": 5, "acl": [true]}});
    check(input.clone(), json!({"data": r#"{"bucketName":"trail","max":5,"acl":[true]}"#}), &[]);
    let lost = ["requestParameters.bucketName", "requestParameters.max"];
    check(input.clone(), json!({"data": r#"{"acl": [true]}"#}), &lost);
    // Not whole, so not JSON.
    let cut = json!({"data": r#"{"bucketName":"trail","max":5,"acl":[true]"#});
    assert_eq!(missing(&input, &cut).len(), 3);
    let nested = json!({"data": json!({"more": r#"{"bucketName":"trail","max":5}"#}).to_string()});
    check(input, nested, &["requestParameters.acl[0]"]);
}

#[test]
fn text_of_json_that_stays_text_is_there() {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}"#;
    let input = json!({"requestParameters": {"policyDocument": policy}});
    check(input.clone(), json!({"data": input["requestParameters"].to_string()}), &[]);
    check(input, json!({"data": "{}"}), &["requestParameters.policyDocument"]);
}

#[test]
fn flattened_map_holds_numbers_and_booleans_as_text() {
    let input = json!({"a": {"readOnly": true, "count": 3, "ratio": 1.5, "big": 10_000_000}});
    let output = json!({"a.readOnly": "true", "a.count": "3", "a.ratio": "1.50", "x": 10_000_000});
    check(input, output, &[]);
}

#[test]
fn short_value_has_to_be_under_a_key_of_its_name() {
    let input = json!({"readOnly": true, "managementEvent": true, "n": 5});
    let other = json!({"is_mfa": true, "total": 5});
    check(input.clone(), other, &["managementEvent", "n", "readOnly"]);
    check(input, json!({"read_only": true, "x.managementEvent": "true", "n": "5"}), &[]);
    check(json!({"readOnly": true}), json!({"readOnly": false}), &["readOnly"]);
    check(json!({"readOnly": true}), json!({"event_read_only": "true"}), &[]);
    check(json!({"id": 7}), json!({"uuid": 7}), &["id"]);
}

#[test]
fn array_may_be_joined_by_commas() {
    let input = json!({"tags": ["a,b", "c", 4, true]});
    check(input.clone(), json!({"unmapped": {"tags[]": "a,b,c,4,true"}}), &[]);
    check(input, json!({"unmapped": {"tags[]": "a,b,c,true"}}), &["tags[0]", "tags[2]"]);
    let input = json!({"resources": [{"ARN": "arn:1"}, {"ARN": "arn:2", "type": "Bucket"}]});
    let output = json!({"resources[].ARN": "arn:1,arn:2", "resources[].type": "Bucket"});
    check(input.clone(), output, &[]);
    check(
        input,
        json!({"resources[].ARN": "arn:1,arn:3"}),
        &["resources[1].ARN", "resources[1].type"],
    );
    // The parts of a text are no list of somebody's.
    check(json!({"name": "Gecko"}), json!({"agent": "Mozilla (KHTML, like Gecko)"}), &["name"]);
}

#[test]
fn values_with_one_key_may_be_joined_by_commas() {
    let input = parse(r#"{"name":"a,b","name":"c","name":{"d":"e"}}"#).unwrap();
    check(input.clone(), json!({"name": "a,b,c", "name.d": "e"}), &[]);
    assert_eq!(missing(&input, &json!({"name": "c", "name.d": "e"})).len(), 1);
}

#[test]
fn time_may_be_milliseconds_or_of_another_offset() {
    let input = json!({"eventTime": "2023-03-17T17:07:59Z"});
    check(input.clone(), json!({"time": 1_679_072_879_000_i64}), &[]);
    check(input.clone(), json!({"time_dt": "2023-03-17T13:07:59.000-04:00"}), &[]);
    check(input, json!({"time": 1_679_072_878_000_i64}), &["eventTime"]);
}

#[test]
fn known_conversions_are_heeded() {
    let mfa = json!({"mfaAuthenticated": "false"});
    check(mfa.clone(), json!({"session": {"is_mfa": false}}), &[]);
    check(mfa, json!({"session": {"is_mfa": true}}), &["mfaAuthenticated"]);
    let used = json!({"additionalEventData": {"MFAUsed": "Yes"}});
    check(used.clone(), json!({"is_mfa": true}), &[]);
    check(used.clone(), json!({"mfa_used": true}), &[]);
    check(used, json!({"is_mfa": false}), &["additionalEventData.MFAUsed"]);
    let tls = json!({"tlsDetails": {"tlsVersion": "TLSv1.2"}});
    check(tls.clone(), json!({"tls": {"version": "1.2", "version_protocol": "tls"}}), &[]);
    check(tls.clone(), json!({"tls": {"version": "1.2"}}), &["tlsDetails.tlsVersion"]);
    check(
        tls,
        json!({"tls": {"version": "1.3", "version_protocol": "tls"}}),
        &["tlsDetails.tlsVersion"],
    );
}

#[test]
fn exceptions_cover_what_is_below_them_and_nothing_beside() {
    let input = json!({"responseElements": {
        "credentials": {"sessionToken": "secret", "list": ["secret", "two"]},
        "credentialsId": "beside",
    }});
    let besides = |exceptions: &[&str]| missing_besides(exceptions, &input, &json!({})).len();
    assert_eq!(besides(&[]), 4);
    assert_eq!(besides(&["responseElements.credentials"]), 1);
    assert_eq!(besides(&["responseElements.credentials.list[]"]), 2);
    assert_eq!(besides(&["responseElements.cred"]), 4);
}

#[test]
fn every_record_is_wholly_in_its_text_and_loses_what_is_taken_from_it() -> anyhow::Result<()> {
    records::check_all(|record| {
        let input = parse(&record.json)?;
        check(input.clone(), json!({"raw": record.json}), &[]);
        let id = input["eventID"].as_str().unwrap_or_default().to_owned();
        if record.json.matches(&id).count() == 1 {
            let mut output = input.clone();
            output.as_object_mut().unwrap().remove("eventID").unwrap();
            check(input, output, &["eventID"]);
        }
        Ok(())
    })
}
