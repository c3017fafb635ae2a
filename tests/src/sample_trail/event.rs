//! An ordinary event: one call, made by somebody, as CloudTrail records it.

use super::calls::{Access, Call};
use super::chance;
use super::identity::Caller;
use super::record::Record;
use super::scene::Scene;

/// Minor versions of the record, by weight: most are 1.08, many the newest.
const VERSIONS: [u8; 16] = [8, 8, 8, 8, 8, 8, 9, 9, 10, 10, 11, 11, 11, 5, 6, 7];

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0";
const AGENTS: [&str; 7] = [
    "aws-cli/2.24.0 md/awscrt#0.23.8 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.12.6 cfg/retry-mode#standard md/prompt#off md/command#example",
    "Boto3/1.36.10 md/Botocore#1.36.10 ua/2.0 os/linux#6.1.0 md/arch#aarch64 lang/python#3.13.1 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.36.10",
    "APN/1.0 HashiCorp/1.0 Terraform/1.10.5 (+https://www.terraform.io) terraform-provider-aws/5.86.0 aws-sdk-go-v2/1.36.1 os/linux lang/go#1.23.5 md/GOOS#linux md/GOARCH#amd64",
    "aws-sdk-java/2.30.11 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1.0 lang/java#21.0.6 md/OpenJDK_64-Bit_Server_VM#21.0.6 exec-env/AWS_ECS_FARGATE",
    "[aws-sdk-rust/1.3.3 os/linux lang/rust/1.85.0]",
    "AWS Internal",
    BROWSER,
];

/// Whether the event is of the management or the data plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plane {
    Management,
    Data,
}

/// The record of `call` in `scene`.
pub(super) fn record(call: &Call, plane: Plane, scene: &mut Scene<'_>) -> Record {
    let caller = *scene.chance.pick(call.callers);
    if !call.invoked_by.is_empty() {
        scene.service = call.invoked_by;
    }
    let minor = *scene.chance.pick(&VERSIONS);
    let failure = call.failure.filter(|_| scene.chance.one_in(8));

    let mut record = Record::default();
    record.text("eventVersion", &format!("1.{minor:02}"));
    let identity = *chance::nth(caller.identities(), scene.actor() >> 32);
    record.json("userIdentity", scene.fill(identity));
    place_of_call(call, &mut record, scene);
    let agent = origin(caller, &mut record, scene);
    outcome(call, failure, &mut record, scene);
    ids(call, &mut record, scene);
    classification(call, plane, minor, &mut record, scene);
    sharing(call, caller, &mut record, scene);
    connection(call, caller, (minor, agent), &mut record, scene);
    if call.name == "ConsoleLogin" && scene.chance.one_in(3) {
        refuse_sign_in(&mut record, scene);
    }
    record
}

fn place_of_call(call: &Call, record: &mut Record, scene: &mut Scene<'_>) {
    record
        .json("eventTime", scene.fill("\"$time\""))
        .text("eventSource", &format!("{}.amazonaws.com", call.service))
        .text("eventName", call.name)
        .text("awsRegion", scene.place.region);
}

/// Where the call came from; the user agent is the answer.
fn origin(caller: Caller, record: &mut Record, scene: &mut Scene<'_>) -> &'static str {
    let (address, agent) = if caller.is_service() {
        (scene.service.to_owned(), scene.service)
    } else {
        (scene.fill("$ip"), *chance::nth(&AGENTS, scene.actor() >> 40))
    };
    let address = if agent == "AWS Internal" { agent.to_owned() } else { address };
    record.text("sourceIPAddress", &address).text("userAgent", agent);
    agent
}

fn outcome(call: &Call, failure: Option<(&str, &str)>, record: &mut Record, scene: &mut Scene<'_>) {
    if let Some((code, message)) = failure {
        record.text("errorCode", code).text("errorMessage", &scene.fill(message));
    }
    record.json("requestParameters", scene.fill(call.request));
    let response = if failure.is_some() { "null" } else { call.response };
    record.json("responseElements", scene.fill(response));
    if let Some(additional) = call.additional {
        record.json("additionalEventData", scene.fill(additional));
    }
}

/// S3 has request ids of its own kind; what a service does by itself is no request.
fn ids(call: &Call, record: &mut Record, scene: &mut Scene<'_>) {
    if call.service == "s3" {
        record.json("requestID", scene.fill("\"$hex\""));
    } else if call.details.is_none() {
        record.json("requestID", scene.fill("\"$guid\""));
    }
    record.json("eventID", scene.fill("\"$guid\""));
}

fn classification(
    call: &Call,
    plane: Plane,
    minor: u8,
    record: &mut Record,
    scene: &mut Scene<'_>,
) {
    record.json("readOnly", (call.access == Access::Read).to_string());
    if let Some(resources) = call.resources {
        record.json("resources", scene.fill(resources));
    }
    record.text("eventType", call.event_type);
    if let Some(version) = call.api_version {
        record.text("apiVersion", version);
    }
    if minor >= 6 {
        record.json("managementEvent", (plane == Plane::Management).to_string());
    }
    record.text("recipientAccountId", scene.place.account);
    if let Some(details) = call.details {
        record.json("serviceEventDetails", scene.fill(details));
    }
    if minor >= 7 {
        let category = if plane == Plane::Management { "Management" } else { "Data" };
        record.text("eventCategory", category);
    }
}

/// Calls of services, and those that concern a second account, have an id in common.
fn sharing(call: &Call, caller: Caller, record: &mut Record, scene: &mut Scene<'_>) {
    let crosses = matches!(caller, Caller::AwsService | Caller::AwsAccount);
    if crosses || call.service == "kms" && scene.chance.one_in(2) {
        record.json("sharedEventID", scene.fill("\"$guid\""));
    }
}

fn connection(
    call: &Call,
    caller: Caller,
    (minor, agent): (u8, &str),
    record: &mut Record,
    scene: &mut Scene<'_>,
) {
    if caller == Caller::AssumedRole && scene.chance.one_in(12) {
        record.json("vpcEndpointId", scene.fill("\"$endpoint\""));
        if minor >= 9 {
            record.text("vpcEndpointAccountId", scene.place.account);
        }
    }
    if minor < 8 || caller.is_service() {
        return;
    }
    record.json("tlsDetails", tls(call, minor, scene));
    if agent == BROWSER {
        record.text("sessionCredentialFromConsole", "true");
    }
}

/// The newest records name the key exchange; a few have the host only.
fn tls(call: &Call, minor: u8, scene: &mut Scene<'_>) -> String {
    let host = format!("{}.{}.amazonaws.com", call.service, scene.place.region);
    let host = format!("\"clientProvidedHostHeader\":\"{host}\"");
    if scene.chance.one_in(40) {
        return format!("{{{host}}}");
    }
    let suite = r#""tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256""#;
    let exchange = if minor >= 11 { r#","keyExchange":"X25519MLKEM768""# } else { "" };
    format!("{{{suite},{host}{exchange}}}")
}

/// A failed sign-in has no error code, and hides a name that does not exist.
fn refuse_sign_in(record: &mut Record, scene: &mut Scene<'_>) {
    let identity = r#"{"type":"IAMUser","accountId":"$account","accessKeyId":"","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#;
    let additional = r#"{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAUsed":"No"}"#;
    record.set("userIdentity", scene.fill(identity));
    record.set("errorMessage", "\"Failed authentication\"".to_owned());
    record.set("responseElements", r#"{"ConsoleLogin":"Failure"}"#.to_owned());
    record.set("additionalEventData", additional.to_owned());
}
