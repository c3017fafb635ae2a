//! The records that are no calls: Insights, network activity, aggregations.

use jiff::{SignedDuration, Timestamp};

use super::chance::Chance;
use super::estate::Place;
use super::record::Record;
use super::scene::Scene;

/// The two ends of an unusual period; each is a record of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Insight {
    Start,
    End,
}

const STATISTICS_AT_START: &str = r#"{"baseline":{"average":9.8E-5},"insight":{"average":0.6},"insightDuration":5,"baselineDuration":11336}"#;
const STATISTICS_AT_END: &str = r#"{"baseline":{"average":9.8E-5},"insight":{"average":12},"insightDuration":45,"baselineDuration":11336}"#;
const ATTRIBUTIONS: &str = r#"[{"attribute":"userIdentityArn","insight":[{"value":"arn:aws:sts::$account:assumed-role/$role/$session","average":0.6}],"baseline":[{"value":"arn:aws:iam::$account:user/$user","average":9.8E-5}]},{"attribute":"userAgent","insight":[{"value":"Boto3/1.36.10","average":0.6}],"baseline":[{"value":"$service","average":9.8E-5}]},{"attribute":"errorCode","insight":[{"value":"null","average":0.6}],"baseline":[{"value":"null","average":9.8E-5}]}]"#;

/// The `index`th Insight of a place. Its start and its end share an id.
pub(super) fn insight(end: Insight, index: usize, scene: &mut Scene<'_>) -> Record {
    let Place { account, region, .. } = scene.place;
    let shared = Chance::of(&format!("insight {account} {region} {index}")).guid();
    let (state, statistics) = match end {
        Insight::Start => ("Start", STATISTICS_AT_START),
        Insight::End => ("End", STATISTICS_AT_END),
    };
    let subject = if index.is_multiple_of(2) {
        r#""eventSource":"ec2.amazonaws.com","eventName":"RunInstances","insightType":"ApiCallRateInsight""#
    } else {
        r#""eventSource":"iam.amazonaws.com","eventName":"AttachRolePolicy","insightType":"ApiErrorRateInsight","errorCode":"AccessDenied""#
    };
    let attributions = scene.fill(ATTRIBUTIONS);
    let details = format!(
        r#"{{"state":"{state}",{subject},"insightContext":{{"statistics":{statistics},"attributions":{attributions}}}}}"#
    );
    let mut record = Record::default();
    record
        .text("eventVersion", "1.09")
        .json("eventTime", scene.fill("\"$time\""))
        .text("awsRegion", region)
        .json("eventID", scene.fill("\"$guid\""))
        .text("eventType", "AwsCloudTrailInsight")
        .text("recipientAccountId", account)
        .text("sharedEventID", &shared)
        .json("insightDetails", details)
        .text("eventCategory", "Insight");
    record
}

const ENDPOINT_USERS: [&str; 2] = [
    r#"{"type":"AssumedRole","principalId":"$role_id:$session","arn":"arn:aws:sts::$account:assumed-role/$role/$session","accountId":"$account","accessKeyId":"$temp_key","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"$role_id","arn":"arn:aws:iam::$account:role$role_path$role","accountId":"$account","userName":"$role"},"attributes":{"creationDate":"$created","mfaAuthenticated":"false"}}}"#,
    r#"{"type":"AWSAccount","principalId":"$role_id:$session","accountId":"$other_account"}"#,
];
const ENDPOINT_CALLS: [(&str, &str); 5] = [
    ("kms.amazonaws.com", "ListKeys"),
    ("kms.amazonaws.com", "Decrypt"),
    ("secretsmanager.amazonaws.com", "GetSecretValue"),
    ("ec2.amazonaws.com", "DescribeInstances"),
    ("cloudtrail.amazonaws.com", "LookupEvents"),
];

/// A call through a VPC endpoint, let through or denied by the endpoint's policy.
pub(super) fn network_activity(scene: &mut Scene<'_>) -> Record {
    let (source, name) = *scene.chance.pick(&ENDPOINT_CALLS);
    let identity = *scene.chance.pick(&ENDPOINT_USERS);
    let mut record = Record::default();
    record
        .text("eventVersion", "1.09")
        .json("userIdentity", scene.fill(identity))
        .json("eventTime", scene.fill("\"$time\""))
        .text("eventSource", source)
        .text("eventName", name)
        .text("awsRegion", scene.place.region)
        .json("sourceIPAddress", scene.fill("\"$ip\""));
    if scene.chance.one_in(3) {
        let message = "The request was denied due to a VPC endpoint policy";
        record.text("errorCode", "VpceAccessDenied").text("errorMessage", message);
    }
    record
        .json("requestID", scene.fill("\"$guid\""))
        .json("eventID", scene.fill("\"$guid\""))
        .text("eventType", "AwsVpceEvent")
        .text("recipientAccountId", scene.place.account)
        .json("sharedEventID", scene.fill("\"$guid\""))
        .json("vpcEndpointId", scene.fill("\"$endpoint\""))
        .text("vpcEndpointAccountId", scene.place.account)
        .text("eventCategory", "NetworkActivity");
    record
}

/// What an aggregation counts by, and by what in detail.
const SUMMARIES: [&str; 3] = [
    r#"{"primaryDimension":{"dimension":"eventName","statistics":[{"name":"GetObject","value":$count},{"name":"PutObject","value":$count}],"aggregationType":"Count"},"details":[{"dimension":"errorCode","statistics":[{"name":"AccessDenied","value":3}],"aggregationType":"Count"},{"dimension":"sourceIPAddress","statistics":[{"name":"$ip","value":$count}],"aggregationType":"Count"}]}"#,
    r#"{"primaryDimension":{"dimension":"resourceARN","statistics":[{"name":"arn:aws:s3:::$bucket/$object","value":$count}],"aggregationType":"Count"},"details":[{"dimension":"eventName","statistics":[{"name":"GetObject","value":$count}],"aggregationType":"Count"}]}"#,
    r#"{"primaryDimension":{"dimension":"userIdentity","statistics":[{"name":"arn:aws:sts::$account:assumed-role/$role/$session","value":$count}],"aggregationType":"Count"},"details":[{"dimension":"eventName","statistics":[{"name":"GetItem","value":$count}],"aggregationType":"Count"}]}"#,
];

/// Five minutes of data events in one record; some spell their times without the `T`.
pub(super) fn aggregation(scene: &mut Scene<'_>) -> Record {
    let spelling = *scene.chance.pick(&["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S"]);
    let start = floor_to_window(scene.at);
    let end = start.saturating_add(WINDOW).unwrap_or(start);
    let window = format!(
        r#"{{"windowStart":"{}","windowEnd":"{}","windowSize":"PT5M"}}"#,
        start.strftime(spelling),
        end.strftime(spelling)
    );
    let source = *scene.chance.pick(&["s3.amazonaws.com", "dynamodb.amazonaws.com"]);
    let summary = *scene.chance.pick(&SUMMARIES);
    let mut record = Record::default();
    record
        .text("eventVersion", "1.0")
        .text("accountId", scene.place.account)
        .json("eventId", scene.fill("\"$guid\""))
        .text("eventCategory", "Aggregated")
        .text("eventType", "AwsAggregatedEvent")
        .text("awsRegion", scene.place.region)
        .text("eventSource", source)
        .json("timeWindow", window)
        .json("summary", scene.fill(summary));
    record
}

const WINDOW: SignedDuration = SignedDuration::from_mins(5);

fn floor_to_window(at: Timestamp) -> Timestamp {
    let seconds = at.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(WINDOW.as_secs())).unwrap_or(at)
}
