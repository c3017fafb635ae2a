//! A stack of `CloudFormation`, by its raw protocol: three calls do not need another SDK.

use super::call::Service;
use super::http::Answer;
use super::xml;
use anyhow::{Context as _, bail};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const API_VERSION: &str = "2010-05-15";
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);

/// The outputs of a stack, by their keys.
#[derive(Debug)]
pub(super) struct Outputs(BTreeMap<String, String>);

impl Outputs {
    /// The output of this key.
    pub(super) fn require(&self, key: &str) -> anyhow::Result<&str> {
        let value = self.0.get(key).map(String::as_str);
        value.with_context(|| format!("the stack has no output {key}"))
    }
}

/// Creates a stack of `template` and waits until it stands.
pub(super) async fn deploy(
    endpoint: &str,
    name: &str,
    template: &str,
    parameters: &[(&str, String)],
) -> anyhow::Result<Outputs> {
    let mut form = vec![
        ("TemplateBody".to_owned(), template.to_owned()),
        ("Capabilities.member.1".to_owned(), "CAPABILITY_IAM".to_owned()),
    ];
    for (number, (key, value)) in (1..).zip(parameters) {
        let parameter = format!("Parameters.member.{number}");
        form.push((format!("{parameter}.ParameterKey"), (*key).to_owned()));
        form.push((format!("{parameter}.ParameterValue"), value.clone()));
    }
    let created = call(endpoint, "CreateStack", name, form).await;
    created.with_context(|| format!("could not create stack {name}"))?;
    let described = wait(endpoint, name).await;
    described.with_context(|| format!("could not create stack {name}"))
}

async fn wait(endpoint: &str, name: &str) -> anyhow::Result<Outputs> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let described = call(endpoint, "DescribeStacks", name, Vec::new()).await?;
        let status = xml::text(&described, "StackStatus").context("it has no status")?;
        if status == "CREATE_COMPLETE" {
            return Ok(outputs(&described));
        }
        if !status.ends_with("IN_PROGRESS") {
            let events = call(endpoint, "DescribeStackEvents", name, Vec::new()).await?;
            bail!("it ended as {status}: {}", reasons(&events));
        }
        if Instant::now() > deadline {
            bail!("it is still {status} after {} s", PATIENCE.as_secs());
        }
        tokio::time::sleep(POLL).await;
    }
}

fn outputs(described: &str) -> Outputs {
    let outputs = xml::elements(described, "Outputs").into_iter();
    let members = outputs.flat_map(|outputs| xml::elements(outputs, "member"));
    let pair = |member| Some((xml::text(member, "OutputKey")?, xml::text(member, "OutputValue")?));
    Outputs(members.filter_map(pair).collect())
}

fn reasons(events: &str) -> String {
    let reasons = xml::elements(events, "ResourceStatusReason");
    if reasons.is_empty() { "no reason was given".to_owned() } else { reasons.join("; ") }
}

async fn call(
    endpoint: &str,
    action: &str,
    stack: &str,
    rest: Vec<(String, String)>,
) -> anyhow::Result<String> {
    let mut form: Vec<(String, String)> =
        [("Action", action), ("Version", API_VERSION), ("StackName", stack)]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
    form.extend(rest);
    let service = Service { endpoint, name: "cloudformation" };
    let Answer { status, body } = service.query(&form).await?;
    if status != 200 {
        bail!("{action} answered {status}: {}", xml::text(&body, "Message").unwrap_or(body));
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_found_by_key_and_a_missing_one_is_named() {
        let outputs = outputs(
            "<Outputs><member><OutputKey>QueueUrl</OutputKey><OutputValue>http://q</OutputValue>\
             </member></Outputs>",
        );
        assert_eq!(outputs.require("QueueUrl").unwrap(), "http://q");
        let missing = outputs.require("TopicArn").unwrap_err().to_string();
        assert!(missing.contains("TopicArn"), "{missing}");
    }

    #[test]
    fn reasons_of_a_failed_stack_are_all_told() {
        let events = "<member><ResourceStatusReason>no bucket</ResourceStatusReason></member>\
                      <member><ResourceStatusReason>no key</ResourceStatusReason></member>";
        assert_eq!(reasons(events), "no bucket; no key");
        assert_eq!(reasons(""), "no reason was given");
    }
}
