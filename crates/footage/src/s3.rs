//! S3-compatible storage: the store that [`crate::log::SharedLog`] and [`crate::objects::Objects`] work on.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

/// Where the storage is, and who we are there.
#[derive(Clone, PartialEq, Eq)]
pub struct S3Config {
    /// Scheme, host and port; plain `http` is for a local network.
    pub endpoint: String,
    /// The bucket; it must exist.
    pub bucket: String,
    /// The region; some services do not care.
    pub region: String,
    /// Access key id.
    pub access_key: String,
    /// Secret access key.
    pub secret_key: String,
    /// The bucket is part of the host name (Aliyun OSS wants that), not of the path.
    pub virtual_hosted: bool,
}

impl fmt::Debug for S3Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("S3Config");
        shown.field("endpoint", &self.endpoint).field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

/// Opens the storage; nothing is asked of it yet. A request is tried again for at most 20 s: phones wait.
pub fn open(config: &S3Config) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
    // An error only says that the process has a provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(50),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: 10,
        retry_timeout: Duration::from_secs(20),
    };
    let client = ClientOptions::new()
        .with_allow_http(config.endpoint.starts_with("http://"))
        .with_connect_timeout(Duration::from_secs(5))
        .with_timeout(Duration::from_mins(1));
    let store = AmazonS3Builder::new()
        .with_endpoint(&config.endpoint)
        .with_bucket_name(&config.bucket)
        .with_region(&config.region)
        .with_access_key_id(&config.access_key)
        .with_secret_access_key(&config.secret_key)
        .with_virtual_hosted_style_request(config.virtual_hosted)
        .with_client_options(client)
        .with_retry(retry)
        .build()?;
    Ok(Arc::new(store))
}
