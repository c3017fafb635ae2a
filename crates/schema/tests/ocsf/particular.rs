//! What is particular to some events and to extended detail.

use crate::{VERSIONS, encoded, extended};
use serde_json::json;
use trail_schema::Schema;

#[test]
fn an_insight_has_the_operation_that_is_unusual() {
    let record = json!({
        "eventTime": "2020-09-23T05:16:00Z", "eventCategory": "Insight", "eventID": "e",
        "insightDetails": {
            "state": "Start", "eventSource": "ec2.amazonaws.com", "eventName": "RunInstances",
        },
    });
    for schema in VERSIONS {
        let event = encoded(schema, &record.to_string());
        assert_eq!(event["class_uid"], 6003);
        assert_eq!(event["activity_name"], "RunInstances");
        assert_eq!(event["type_name"], "API Activity: Other");
        assert_eq!(event["api"]["operation"], "RunInstances");
        assert_eq!(event["api"]["service"]["name"], "ec2.amazonaws.com");
        assert_eq!(event["metadata"]["product"]["feature"]["name"], "Insight");
        assert_eq!(event["actor"], json!({ "invoked_by": "Unknown" }));
        assert_eq!(event["src_endpoint"], json!({ "name": "Unknown" }));
        assert_eq!(event["unmapped"], json!({ "insightDetails.state": "Start" }));
    }
}

#[test]
fn an_aggregated_event_has_the_time_of_its_window() {
    let record = json!({
        "accountId": "111122223333", "eventId": "e", "eventCategory": "Aggregated",
        "timeWindow": {
            "windowStart": "2026-08-11 11:45:00", "windowEnd": "2026-08-11T11:50:00Z",
            "windowSize": "PT5M",
        },
    });
    for schema in VERSIONS {
        let event = encoded(schema, &record.to_string());
        assert_eq!(event["time"], 1_786_448_700_000_i64);
        assert_eq!(event["start_time_dt"], "2026-08-11T11:45:00.000Z");
        assert_eq!(event["end_time"], 1_786_449_000_000_i64);
        assert_eq!(event["metadata"]["uid"], "e");
        assert_eq!(event["api"]["operation"], "Unknown");
    }
    let event = encoded(Schema::Ocsf18, &record.to_string());
    assert_eq!(event["cloud"]["account"]["uid"], "111122223333");
    let event = encoded(Schema::Ocsf11, &record.to_string());
    assert_eq!(event["unmapped"]["accountId"], "111122223333");
}

#[test]
fn a_service_is_no_user() {
    let record = r#"{"userIdentity":{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}}"#;
    let event = encoded(Schema::Ocsf11, record);
    assert_eq!(event["actor"], json!({ "invoked_by": "ec2.amazonaws.com" }));
    assert_eq!(event["unmapped"]["userIdentity.type"], "AWSService");
    let event = encoded(Schema::Ocsf18, record);
    let expect = json!({ "invoked_by": "ec2.amazonaws.com", "app_name": "ec2.amazonaws.com" });
    assert_eq!(event["actor"], expect);
}

#[test]
fn a_time_that_is_none_is_kept_as_it_is() {
    for (version, path) in
        [(Schema::Ocsf11, "/unmapped/eventTime"), (Schema::Ocsf18, "/metadata/original_time")]
    {
        let event = encoded(version, r#"{"eventTime":"yesterday"}"#);
        assert_eq!(event["time"], 0);
        assert_eq!(event.get("time_dt"), None);
        assert_eq!(event.pointer(path), Some(&json!("yesterday")));
    }
}

#[test]
fn a_time_finer_than_a_millisecond_is_kept_whole_too() {
    let time = "2026-03-02T10:11:12.345678Z";
    for (version, path) in
        [(Schema::Ocsf11, "/unmapped/eventTime"), (Schema::Ocsf18, "/metadata/original_time")]
    {
        let event = encoded(version, &json!({ "eventTime": time }).to_string());
        assert_eq!(event["time"], 1_772_446_272_345_u64);
        assert_eq!(event.pointer(path), Some(&json!(time)));
    }
}

#[test]
fn what_has_no_request_id_has_a_request_only_where_it_is_of_use() {
    let request = |schema, record| encoded(schema, record)["api"].get("request").cloned();
    assert_eq!(request(Schema::Ocsf11, "{}"), Some(json!({ "uid": "" })));
    assert_eq!(request(Schema::Ocsf18, "{}"), None);
    let record = r#"{"requestParameters":{"a":1}}"#;
    for schema in VERSIONS {
        assert_eq!(request(schema, record), Some(json!({ "uid": "", "data": "{\"a\":1}" })));
    }
}

#[test]
fn a_source_that_is_no_address_is_a_domain() {
    let endpoint =
        |schema| encoded(schema, r#"{"sourceIPAddress":"AWS Internal"}"#)["src_endpoint"].clone();
    let expect = json!({ "domain": "AWS Internal", "svc_name": "AWS Internal" });
    assert_eq!(endpoint(Schema::Ocsf11), expect);
    assert_eq!(endpoint(Schema::Ocsf18), json!({ "domain": "AWS Internal" }));
}

#[test]
fn what_resources_say_beyond_their_attributes_is_kept() {
    let unmapped = |resources: &str| {
        let record = format!(r#"{{"resources":{resources}}}"#);
        VERSIONS.map(|schema| encoded(schema, &record)["unmapped"].clone())
    };
    let bucket = r#"{"ARN":"arn:aws:s3:::b","type":"AWS::S3::Bucket","accountId":"1"}"#;
    assert_eq!(unmapped(&format!("[{bucket}]")), [json!(null), json!(null)]);
    let expect = json!({
        "resources[].ARN": "arn:aws:s3:::b", "resources[].type": "AWS::S3::Bucket",
        "resources[].accountId": "1", "resources[].ARNPrefix": "arn:aws:s3:::b/",
    });
    let prefix = r#"{"ARNPrefix":"arn:aws:s3:::b/"}"#;
    assert_eq!(unmapped(&format!("[{bucket},{prefix}]")), [expect.clone(), expect]);
    let twice = json!({ "resources[].ARN": "a,b" });
    assert_eq!(unmapped(r#"[{"ARN":"a","ARN":"b"}]"#), [twice.clone(), twice]);
}

#[test]
fn resources_have_the_parts_of_their_arn_since_1_8() {
    let record = r#"{"resources":[{"ARN":"arn:aws-cn:sqs:cn-north-1:1:q","accountId":"1"}]}"#;
    let expect =
        json!([{ "uid": "arn:aws-cn:sqs:cn-north-1:1:q", "owner": { "account": { "uid": "1" } } }]);
    assert_eq!(encoded(Schema::Ocsf11, record)["resources"], expect);
    let expect = json!([{
        "uid": "arn:aws-cn:sqs:cn-north-1:1:q", "owner": { "account": { "uid": "1" } },
        "name": "q", "region": "cn-north-1", "cloud_partition": "aws-cn",
        "role_id": 1, "role": "Target",
    }]);
    assert_eq!(encoded(Schema::Ocsf18, record)["resources"], expect);
}

#[test]
fn a_role_that_is_assumed_begins_a_session_since_1_8() {
    let record = json!({
        "eventSource": "sts.amazonaws.com", "eventName": "AssumeRole",
        "responseElements": {
            "assumedRoleUser": { "assumedRoleId": "AROA1:i", "arn": "arn:aws:sts::1:assumed-role/r/i" },
            "credentials": { "accessKeyId": "ASIA1", "expiration": "Jul 10, 2023, 12:31:14 PM" },
        },
    });
    let expect = json!({
        "uid": "arn:aws:sts::1:assumed-role/r/i", "uid_alt": "AROA1:i", "credential_uid": "ASIA1",
        "expiration_time": 1_688_992_274_000_i64,
        "expiration_time_dt": "2023-07-10T12:31:14.000Z",
    });
    assert_eq!(encoded(Schema::Ocsf18, &record.to_string())["session"], expect);
    assert_eq!(encoded(Schema::Ocsf11, &record.to_string()).get("session"), None);
}

#[test]
fn a_policy_has_its_name_and_arn_since_1_8() {
    let record = json!({
        "eventSource": "iam.amazonaws.com", "eventName": "AttachUserPolicy",
        "requestParameters": { "userName": "u", "policyArn": "arn:aws:iam::aws:policy/ReadOnly" },
    });
    let expect = json!({ "name": "ReadOnly", "uid": "arn:aws:iam::aws:policy/ReadOnly" });
    let event = encoded(Schema::Ocsf18, &record.to_string());
    assert_eq!(event["policy"], expect);
    assert_eq!(event["policies"], json!([expect]));
    assert_eq!(encoded(Schema::Ocsf11, &record.to_string()).get("policy"), None);
}

#[test]
fn extended_detail_has_what_its_classes_are_about() {
    let record = json!({
        "eventSource": "s3.amazonaws.com", "eventName": "PutObject",
        "requestParameters": { "bucketName": "b", "key": "k" },
        "resources": [{ "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::b" }],
    });
    for schema in VERSIONS {
        let event = extended(schema, &record.to_string());
        assert_eq!(event["type_name"], "Datastore Activity: Write");
        let file = json!({ "name": "k", "type_id": 1 });
        let expect = json!({ "name": "b", "uid": "arn:aws:s3:::b", "type_id": 1, "type": "S3", "file": file });
        assert_eq!(event["databucket"], expect);
        assert_eq!((&event["type_id"], &event["type"]), (&json!(2), &json!("Databucket")));
        assert_eq!(event["unmapped"]["resources[].ARN"], "arn:aws:s3:::b");
    }
    let record = json!({
        "eventSource": "iam.amazonaws.com", "eventName": "AttachGroupPolicy",
        "requestParameters": { "groupName": "g", "policyArn": "p" },
    });
    let event = extended(Schema::Ocsf18, &record.to_string());
    assert_eq!(event["type_name"], "Group Management: Assign Privileges");
    assert_eq!(event["group"], json!({ "name": "g" }));
    assert_eq!(event["privileges"], json!(["p"]));
}

#[test]
fn extended_detail_names_the_session_of_a_role() {
    let record = r#"{"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/R/me"},
        "vpcEndpointId":"vpce-1"}"#;
    for schema in VERSIONS {
        assert_eq!(extended(schema, record)["actor"]["user"]["name"], "me");
        assert_eq!(encoded(schema, record)["actor"]["user"].get("name"), None);
    }
    let names = |schema| {
        let observables = extended(schema, record)["observables"].clone();
        let observables = observables.as_array().into_iter().flatten();
        observables.map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(Schema::Ocsf18), ["actor.user.name", "actor.user.uid", "src_endpoint.uid"]);
    assert_eq!(names(Schema::Ocsf11), ["actor.user.name"]);
}

#[test]
fn a_switch_of_roles_says_of_what_kind() {
    let record = r#"{"eventSource":"signin.amazonaws.com","eventName":"SwitchRole"}"#;
    let event = extended(Schema::Ocsf18, record);
    assert_eq!(event["account_switch_type_id"], 2);
    assert_eq!(event["account_switch_type"], "Impersonate");
    assert_eq!(extended(Schema::Ocsf11, record).get("account_switch_type_id"), None);
}

#[test]
fn a_category_that_is_none_is_kept_beside_the_usual_one() {
    for (record, expect) in [
        ("{}", json!(null)),
        (r#"{"eventCategory":["a","b"]}"#, json!({ "eventCategory[]": "a,b" })),
    ] {
        for schema in VERSIONS {
            let event = encoded(schema, record);
            let feature = event["metadata"]["product"]["feature"].clone();
            assert_eq!(feature, json!({ "name": "Management, Data, and Insights" }));
            assert_eq!(event["unmapped"], expect);
        }
    }
}
