//! How to reach AWS: credentials, region and endpoints from the SDK's own chain, with timeouts
//! where the SDK has none.

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_types::service_config::ServiceConfigKey;
use std::time::Duration;

/// A way to reach AWS.
#[derive(Clone, Debug)]
pub struct Connection {
    sdk: SdkConfig,
    path_style: bool,
}

/// Why AWS cannot be reached at all.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// No region is configured anywhere.
    #[error("no AWS region: it is not in source.queue_url; set source.region or AWS_REGION")]
    NoRegion,
    /// No credentials are configured anywhere.
    #[error(
        "no AWS credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, or \
         give the container or instance a role"
    )]
    NoCredentials(#[source] trail_ingest::BoxError),
}

/// Looking for credentials asks the instance's metadata service, which may not be there to answer.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(7);

impl Connection {
    /// Connects as the environment and the shared configuration files say. `region` goes before
    /// what they say. `path_style`: whether buckets stand in the path of a URL and not in its host;
    /// by default only with an endpoint of one's own, as with `LocalStack`.
    pub async fn new(region: Option<String>, path_style: Option<bool>) -> Self {
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12());
        if let Some(region) = region {
            loader = loader.region(Region::new(region));
        }
        Self::over(loader.load().await, path_style)
    }

    /// Connects as `sdk` says, which was made elsewhere.
    #[must_use]
    pub fn over(sdk: SdkConfig, path_style: Option<bool>) -> Self {
        let path_style = path_style.unwrap_or_else(|| endpoint(&sdk, "s3").is_some());
        Self { sdk, path_style }
    }

    /// Whether there are a region and credentials.
    ///
    /// # Errors
    /// What is missing, and how to give it.
    pub async fn verify(&self) -> Result<(), ConnectionError> {
        if self.sdk.region().is_none() {
            return Err(ConnectionError::NoRegion);
        }
        let no_credentials = |source| Err(ConnectionError::NoCredentials(source));
        let Some(provider) = self.sdk.credentials_provider() else {
            return no_credentials("no provider of credentials is configured".into());
        };
        match tokio::time::timeout(CREDENTIALS_TIMEOUT, provider.provide_credentials()).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => no_credentials(error.into()),
            Err(_elapsed) => no_credentials("no provider answered in time".into()),
        }
    }

    /// The region of calls that name no other.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.sdk.region().map(Region::as_ref)
    }

    /// Whether S3 is reached at an endpoint other than AWS's own.
    #[must_use]
    pub fn has_own_endpoint(&self) -> bool {
        endpoint(&self.sdk, "s3").is_some()
    }

    /// A client for the queue. Its reads last longer than the longest poll; each call has a limit of
    /// its own besides, for a long poll may take twenty seconds and nothing else more than a few.
    pub(crate) fn sqs(&self) -> aws_sdk_sqs::Client {
        let config = aws_sdk_sqs::config::Builder::from(&self.sdk)
            .timeout_config(timeouts(Duration::from_secs(30)))
            .retry_config(no_retries());
        aws_sdk_sqs::Client::from_conf(config.build())
    }

    /// A client for buckets of one region.
    pub(crate) fn s3(&self, region: Option<&str>) -> aws_sdk_s3::Client {
        let mut config = aws_sdk_s3::config::Builder::from(&self.sdk)
            .timeout_config(timeouts(Duration::from_secs(15)))
            .retry_config(no_retries())
            .force_path_style(self.path_style);
        if let Some(region) = region {
            config = config.region(aws_sdk_s3::config::Region::new(region.to_owned()));
        }
        aws_sdk_s3::Client::from_conf(config.build())
    }
}

/// The SDK has no limit on the time to the first byte: a server that accepts and never answers would
/// hang a reader for ever. Bodies are watched by the SDK's stalled stream protection.
fn timeouts(read: Duration) -> TimeoutConfig {
    let connect = Duration::from_millis(3_100);
    TimeoutConfig::builder().connect_timeout(connect).read_timeout(read).build()
}

/// The SDK's retries share one bucket of tokens for the process; when it is empty every call fails at
/// once. The pipeline retries by itself, for as long as a message is held.
fn no_retries() -> RetryConfig {
    RetryConfig::disabled()
}

/// The endpoint configured for a service, or for all, in the environment or the profile.
fn endpoint(sdk: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    let of_service = sdk.service_config().and_then(|config| config.load_config(key));
    of_service.or_else(|| sdk.endpoint_url().map(str::to_owned))
}
