//! The one variable of the environment that the harness obeys.

/// A `LocalStack` that runs already, as in CI, where it is a service beside the job.
pub(super) const ENDPOINT: &str = "LOCALSTACK_ENDPOINT";

/// The value of [`ENDPOINT`], without a slash at its end.
#[expect(clippy::disallowed_methods, reason = "this is the harness's configuration")]
pub(super) fn endpoint() -> Option<String> {
    let endpoint = std::env::var(ENDPOINT).ok()?;
    let endpoint = endpoint.trim().trim_end_matches('/');
    (!endpoint.is_empty()).then(|| endpoint.to_owned())
}
