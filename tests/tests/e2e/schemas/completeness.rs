//! The law that no value of a record is lost, unless it is a credential, which has to be hidden.

use super::forms::{self, Form};
use super::{json, leaves, records};
use anyhow::ensure;
use serde_json::Value;
use trail_event::Field;
use trail_schema::Schema;

/// Where AWS gives out what opens a session or signs requests, or is given it.
const CREDENTIALS: [&str; 22] = [
    "responseElements.credentials.sessionToken",
    "responseElements.credentials.secretAccessKey",
    "responseElements.credentials.secretKey",
    "responseElements.credentials.accessToken",
    "responseElements.credentials.refreshToken",
    "responseElements.roleCredentials.sessionToken",
    "responseElements.roleCredentials.secretAccessKey",
    "responseElements.credentialSet.credentials.sessionToken",
    "responseElements.credentialSet.credentials.secretAccessKey",
    "responseElements.accessKey.secretAccessKey",
    "responseElements.serviceSpecificCredential.servicePassword",
    "responseElements.serviceSpecificCredential.serviceCredentialSecret",
    "responseElements.accessToken",
    "responseElements.refreshToken",
    "responseElements.idToken",
    "responseElements.tokenValue",
    "responseElements.dbPassword",
    "responseElements.keyMaterial",
    "requestParameters.webIdentityToken",
    "requestParameters.sAMLAssertion",
    "requestParameters.logins",
    "requestParameters.privateKey",
];
/// Fewer characters than this may stand elsewhere too.
const TELLING: usize = 12;

/// Those that lose nothing. Of a map of Java's, which the integration's dialect writes, nobody
/// knows what it was.
pub(crate) fn lossless() -> Vec<Form> {
    let mut forms = forms::some();
    let is_verbatim = |form: &Form| form.encoder.schema() == Schema::CloudTrail;
    forms.retain(|form| !form.name.contains("Integration") && !is_verbatim(form));
    forms
}

/// How sure one has to be that a value is the one of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// What is short has to be under the same name.
    Name,
    /// In a field that schemas rename, any value of the same looks will do: the record has what no
    /// real one has there, and nobody knows where it is to go.
    Looks,
}

/// Holds what `record` becomes, hiding nothing, against the law.
pub(crate) fn check(forms: &[Form], proof: Proof, record: &str) -> anyhow::Result<()> {
    let input = json::parse(record)?;
    forms.iter().try_for_each(|form| {
        let output = form.document(record)?;
        nothing_lost(form, proof, leaves::missing(&input, &output), &output)
    })
}

/// Holds what `record` becomes, hiding credentials, against the law.
pub(crate) fn check_hiding(forms: &[Form], proof: Proof, record: &str) -> anyhow::Result<()> {
    let input = json::parse(record)?;
    let mut secrets = Secrets::default();
    secrets.collect("", &input);
    // What stands elsewhere too may be shown there.
    secrets.texts.retain(|text| record.matches(text.as_str()).count() == 1);
    let exceptions: Vec<&str> = secrets.columns.iter().map(String::as_str).collect();
    for form in forms {
        let line = form.line(record)?;
        let output = form.read(&line)?;
        let missing = leaves::missing_besides(&exceptions, &input, &output);
        nothing_lost(form, proof, missing, &output)?;
        let shown = secrets.texts.iter().find(|secret| line.contains(secret.as_str()));
        ensure!(shown.is_none(), "{}: {shown:?} is in {line}", form.name);
    }
    Ok(())
}

fn nothing_lost(
    form: &Form,
    proof: Proof,
    mut missing: Vec<String>,
    output: &Value,
) -> anyhow::Result<()> {
    if proof == Proof::Looks {
        missing.retain(|lost| !is_somewhere(lost, output));
    }
    ensure!(missing.is_empty(), "{}: {missing:#?} are not in {output}", form.name);
    Ok(())
}

/// Whether `lost`, as `path = value`, stands in a field that is known by name, and its value is one
/// in `output`.
fn is_somewhere(lost: &str, output: &Value) -> bool {
    let Some((path, text)) = lost.split_once(" = ") else {
        return false;
    };
    let is_known = Field::at(path).is_some() || path.starts_with("resources[");
    let text = Value::from(text).to_string();
    is_known && output.to_string().contains(text.trim_matches('"'))
}

/// What has to be hidden of a record.
#[derive(Debug, Default)]
struct Secrets {
    /// Where, as exceptions.
    columns: Vec<String>,
    /// What, where it speaks for itself.
    texts: Vec<String>,
}

impl Secrets {
    /// Collects those of `value`, which stands at `column`.
    fn collect(&mut self, column: &str, value: &Value) {
        let path = column.replace("[]", "");
        let is_secret = CREDENTIALS.iter().any(|secret| is_within(&path, secret));
        match value {
            Value::Object(members) => members.iter().for_each(|(key, value)| {
                let dot = if column.is_empty() { "" } else { "." };
                self.collect(&format!("{column}{dot}{}", json::as_written(key)), value);
            }),
            Value::Array(elements) => elements.iter().for_each(|element| {
                self.collect(&format!("{column}[]"), element);
            }),
            // Where a path leads on, a text may hold the credential.
            Value::String(text) if is_secret || leads_on(&path) => {
                self.columns.push(column.to_owned());
                let is_telling = is_secret && text.len() >= TELLING && !text.contains("HIDDEN");
                self.texts.extend(is_telling.then(|| text.clone()));
            }
            _ if is_secret => self.columns.push(column.to_owned()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Whether `path` is this one or below it.
fn is_within(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether a credential stands below.
fn leads_on(path: &str) -> bool {
    CREDENTIALS.iter().any(|secret| *secret != path && is_within(secret, path))
}

#[test]
fn no_value_of_any_record_is_lost() -> anyhow::Result<()> {
    let forms = lossless();
    records::check_all(|record| check(&forms, Proof::Name, &record.json))
}

#[test]
fn no_value_of_any_record_is_hidden_but_credentials_and_all_of_those_are() -> anyhow::Result<()> {
    let forms = forms::hiding();
    records::check_all(|record| check_hiding(&forms, Proof::Name, &record.json))
}
