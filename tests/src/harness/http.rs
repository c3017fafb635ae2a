//! Plain HTTP to servers on this machine.

use std::time::Duration;
use ureq::Agent;

const TIMEOUT: Duration = Duration::from_secs(30);

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Headers by their names.
pub(super) type Headers = Vec<(&'static str, String)>;

/// Asks for `url`.
pub(crate) async fn get(url: String) -> anyhow::Result<Answer> {
    get_with(url, Headers::new()).await
}

/// Asks for `url`, with these headers.
pub(super) async fn get_with(url: String, headers: Headers) -> anyhow::Result<Answer> {
    off_thread(move || {
        let request = agent().get(&url);
        let with =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        answer(with.call()?)
    })
    .await
}

/// Sends `body` to `url`, with these headers.
pub(super) async fn post(url: String, headers: Headers, body: String) -> anyhow::Result<Answer> {
    off_thread(move || {
        let request = agent().post(&url);
        let with =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        answer(with.send(body)?)
    })
    .await
}

/// No proxy of the environment stands between this machine and itself.
fn agent() -> Agent {
    Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into()
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> anyhow::Result<Answer> {
    let status = response.status().as_u16();
    let body = response.body_mut().read_to_string()?;
    Ok(Answer { status, body })
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await?
}
