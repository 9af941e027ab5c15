//! Tencent Cloud's `IdCardVerification` (身份信息认证, faceid 2018-03-01), or anything that speaks it: one request
//! for each check, signed with TC3-HMAC-SHA256.

use std::time::Duration;

use chrono::DateTime;
use reqwest::Url;
use ring::{digest, hmac};
use serde::Deserialize;
use serde_json::json;
use yikao_domain::identity::{Answer, RecordCause};
use yikao_domain::time::Timestamp;

use crate::secret::Secret;

/// How long the service may take: a candidate waits for the first answer.
const PATIENCE: Duration = Duration::from_secs(6);
/// The largest answer that is read.
const MAX_ANSWER: usize = 64 * 1024;

const SERVICE: &str = "faceid";
const ACTION: &str = "IdCardVerification";
const VERSION: &str = "2018-03-01";
const CONTENT_TYPE: &str = "application/json; charset=utf-8";
const SIGNED_HEADERS: &str = "content-type;host;x-tc-action";

/// A service that checks names against numbers.
#[derive(Debug)]
pub struct Tencent {
    http: reqwest::Client,
    service: Url,
    host: String,
    key_id: String,
    secret: Secret,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    response: Body,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    result: Option<String>,
    error: Option<Failure>,
    #[serde(default)]
    request_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Failure {
    code: String,
}

impl Tencent {
    /// A service at this address.
    ///
    /// # Errors
    /// Where the address is none, or names and numbers would cross a network in clear.
    pub fn new(service: &str, key_id: String, secret: Secret) -> Result<Self, String> {
        let service: Url = service.parse().map_err(|_| "--identity-authority is no address".to_owned())?;
        let here = matches!(service.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
        if service.scheme() != "https" && !here {
            return Err("--identity-authority: only https:// leaves this machine".into());
        }
        let name = service.host_str().ok_or("--identity-authority is no address")?;
        let host = service.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        // One provider of cryptography for the whole process; whoever was first has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(PATIENCE).no_proxy();
        let http = http.redirect(reqwest::redirect::Policy::none()).build().map_err(|e| e.to_string())?;
        Ok(Self { http, service, host, key_id, secret })
    }

    /// Asks whether a name and a number belong together.
    pub async fn verify(&self, name: &str, number: &str, now: Timestamp) -> Answer {
        let payload = json!({ "IdCard": number, "Name": name }).to_string();
        match self.call(payload, now).await {
            Ok(body) => answer(&body),
            Err(why) => {
                // A service that fails must not make names and numbers appear in logs.
                tracing::warn!(why, "the identity authority did not answer");
                Answer::Unavailable
            }
        }
    }

    async fn call(&self, payload: String, now: Timestamp) -> Result<Body, &'static str> {
        let seconds = now.as_ms() / 1000;
        let authorization = self.authorization(&payload, seconds).ok_or("no such time")?;
        let request = self
            .http
            .post(self.service.clone())
            .header("content-type", CONTENT_TYPE)
            .header("host", &self.host)
            .header("authorization", authorization)
            .header("x-tc-action", ACTION)
            .header("x-tc-version", VERSION)
            .header("x-tc-timestamp", seconds.to_string())
            .body(payload);
        let response =
            request.send().await.map_err(|e| if e.is_timeout() { "timeout" } else { "unreachable" })?;
        if !response.status().is_success() {
            return Err("a status that is no success");
        }
        if response.content_length().is_some_and(|length| length > MAX_ANSWER as u64) {
            return Err("an answer that is too long");
        }
        let bytes = response.bytes().await.map_err(|_| "an answer that broke off")?;
        let envelope: Envelope =
            serde_json::from_slice(&bytes).map_err(|_| "an answer that is not understood")?;
        Ok(envelope.response)
    }

    /// TC3-HMAC-SHA256 over the request, as the service asks for it.
    fn authorization(&self, payload: &str, seconds: i64) -> Option<String> {
        let date = DateTime::from_timestamp(seconds, 0)?.format("%Y-%m-%d").to_string();
        let host = &self.host;
        let action = ACTION.to_lowercase();
        let hashed = sha256_hex(payload.as_bytes());
        let canonical = format!(
            "POST\n/\n\ncontent-type:{CONTENT_TYPE}\nhost:{host}\nx-tc-action:{action}\n\n{SIGNED_HEADERS}\n{hashed}"
        );
        let scope = format!("{date}/{SERVICE}/tc3_request");
        let text = format!("TC3-HMAC-SHA256\n{seconds}\n{scope}\n{}", sha256_hex(canonical.as_bytes()));
        let key = mac(format!("TC3{}", self.secret.reveal()).as_bytes(), date.as_bytes());
        let key = mac(mac(key.as_ref(), SERVICE.as_bytes()).as_ref(), b"tc3_request");
        let signature = hex::encode(mac(key.as_ref(), text.as_bytes()));
        let id = &self.key_id;
        Some(format!(
            "TC3-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={SIGNED_HEADERS}, Signature={signature}"
        ))
    }
}

/// What the service's answer means. Codes that it does not document are no answer.
fn answer(body: &Body) -> Answer {
    if let Some(error) = &body.error {
        // Rights, arrears, rates: the operator's to mend, while candidates are told that it is tried again.
        tracing::warn!(
            code = error.code,
            request = body.request_id,
            "the identity authority refused the request"
        );
        return Answer::Unavailable;
    }
    match body.result.as_deref() {
        Some("0") => Answer::Confirmed,
        Some("-1") => Answer::Refused(RecordCause::Differs),
        Some("-2") => Answer::Refused(RecordCause::NumberUnknown),
        Some("-3") => Answer::Refused(RecordCause::NameUnknown),
        Some("-5") => Answer::Refused(RecordCause::Missing),
        Some("-7") => Answer::Refused(RecordCause::AskedOften),
        // -4 and -6: its records cannot be reached.
        other => {
            tracing::warn!(
                result = other,
                request = body.request_id,
                "the identity authority cannot tell now"
            );
            Answer::Unavailable
        }
    }
}

fn mac(key: &[u8], text: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text)
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(address: &str) -> Result<Tencent, String> {
        Tencent::new(address, "AKIDEXAMPLE".into(), "secret-example".into())
    }

    #[test]
    fn names_and_numbers_never_leave_the_machine_in_clear() {
        assert!(service("https://faceid.tencentcloudapi.com").is_ok());
        assert!(service("http://127.0.0.1:1").is_ok());
        assert!(service("http://faceid.tencentcloudapi.com").is_err());
    }

    #[test]
    fn the_secret_is_not_printed() {
        let printed = format!("{:?}", service("https://faceid.tencentcloudapi.com").unwrap());
        assert!(!printed.contains("secret-example"));
    }
}
