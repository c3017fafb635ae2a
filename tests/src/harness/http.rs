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

/// Asks for `url`.
pub(crate) async fn get(url: String) -> anyhow::Result<Answer> {
    off_thread(move || answer(agent().get(&url).call()?)).await
}

/// Sends `form` to `url`, with an `Authorization` header.
pub(super) async fn post_form(
    url: String,
    authorization: String,
    form: Vec<(String, String)>,
) -> anyhow::Result<Answer> {
    off_thread(move || {
        let request = agent().post(&url).header("Authorization", &authorization);
        answer(request.send_form(form)?)
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
