//! S3-compatible storage: `s3://bucket?endpoint=https://…&region=…&virtual_hosted=true`; keys come from
//! `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, never from the address.

use std::sync::Arc;

use object_store::ObjectStore;
use yikao_footage::s3::S3Config;

use crate::footage::FootageError;

/// Opens the bucket that `address` names.
pub fn open(address: &str) -> Result<Arc<dyn ObjectStore>, FootageError> {
    let config = read(address).map_err(|why| FootageError::Configuration(format!("--storage: {why}")))?;
    yikao_footage::s3::open(&config).map_err(|error| FootageError::Storage(Box::new(error)))
}

fn read(address: &str) -> Result<S3Config, String> {
    let rest = address.strip_prefix("s3://").ok_or("s3://bucket?endpoint=… is wanted")?;
    let (bucket, query) = rest.split_once('?').unwrap_or((rest, ""));
    let secret = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
    let mut config = S3Config {
        endpoint: String::new(),
        bucket: bucket.to_owned(),
        region: "us-east-1".to_owned(),
        access_key: secret("AWS_ACCESS_KEY_ID")?,
        secret_key: secret("AWS_SECRET_ACCESS_KEY")?,
        virtual_hosted: false,
    };
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match name {
            "endpoint" => value.clone_into(&mut config.endpoint),
            "region" => value.clone_into(&mut config.region),
            "virtual_hosted" => config.virtual_hosted = value == "true",
            other => return Err(format!("{other} is not known")),
        }
    }
    if config.endpoint.is_empty() { Err("endpoint=… is missing".into()) } else { Ok(config) }
}
