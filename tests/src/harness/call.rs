//! One call of an AWS service by its raw protocol, where an SDK would be another dependency.

use super::http::{self, Answer, Headers};
use super::{ACCESS_KEY, REGION};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A service, as the scope of a signature names it, at a `LocalStack`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Service<'a> {
    pub(super) endpoint: &'a str,
    pub(super) name: &'a str,
}

impl Service<'_> {
    /// Asks for the root, as S3 lists its buckets.
    pub(super) async fn get(self) -> anyhow::Result<Answer> {
        http::get_with(self.url(), self.headers()).await
    }

    /// Sends a form, which names the action and its version.
    pub(super) async fn query(self, form: &[(String, String)]) -> anyhow::Result<Answer> {
        let mut headers = self.headers();
        headers.push(("Content-Type", "application/x-www-form-urlencoded".to_owned()));
        http::post(self.url(), headers, encode(form)).await
    }

    /// Sends an empty JSON object to the action that `target` names.
    pub(super) async fn json(self, target: &str) -> anyhow::Result<Answer> {
        let mut headers = self.headers();
        headers.push(("Content-Type", "application/x-amz-json-1.1".to_owned()));
        headers.push(("X-Amz-Target", target.to_owned()));
        http::post(self.url(), headers, "{}".to_owned()).await
    }

    fn url(self) -> String {
        format!("{}/", self.endpoint)
    }

    /// `LocalStack` tells the service by the scope, and checks no signature.
    fn headers(self) -> Headers {
        let scope = format!("20260101/{REGION}/{}/aws4_request", self.name);
        let credential =
            format!("Credential={ACCESS_KEY}/{scope}, SignedHeaders=host, Signature=0");
        vec![("Authorization", format!("AWS4-HMAC-SHA256 {credential}"))]
    }
}

fn encode(form: &[(String, String)]) -> String {
    let escape = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let pairs = form.iter().map(|(key, value)| format!("{}={}", escape(key), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_is_escaped_as_urls_are() {
        let form = [("A", "1 + 1"), ("Template.Body", "a: &b\n")];
        let form = form.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(encode(&form), "A=1%20%2B%201&Template%2EBody=a%3A%20%26b%0A");
    }
}
