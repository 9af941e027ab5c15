//! Short messages through Aliyun's SMS API (dysmsapi 2017-05-25), or anything that speaks it: one signed request
//! for each message (ACS3-HMAC-SHA256).

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use ring::{digest, hmac};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use yikao_domain::time::Timestamp;

use super::{NotSent, Words};
use crate::auth::phone::Phone;
use crate::secret::Secret;

/// How long the service may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the service answers about a number that will never take the message.
const FOR_GOOD: [&str; 3] =
    ["isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT", "isv.BLACK_KEY_CONTROL_LIMIT"];

/// A service that sends short messages.
#[derive(Debug)]
pub struct Sms {
    http: reqwest::Client,
    service: reqwest::Url,
    key_id: String,
    secret: Secret,
    sign_name: String,
    code_template: String,
    notice_template: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    code: String,
}

impl Sms {
    /// A service at this address, asked with this key.
    ///
    /// # Errors
    /// Where the address is none.
    pub fn new(service: &str, key_id: String, secret: Secret) -> Result<Self, String> {
        let service: reqwest::Url = service.parse().map_err(|_| "--sms is no address".to_owned())?;
        if service.host_str().is_none() {
            return Err("--sms is no address".into());
        }
        // One provider of cryptography for the whole process; whoever was first has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build();
        let http = http.map_err(|error| format!("--sms: {error}"))?;
        let (sign_name, code_template) = (String::new(), String::new());
        Ok(Self { http, service, key_id, secret, sign_name, code_template, notice_template: None })
    }

    /// With what is registered there: the signature and the templates.
    #[must_use]
    pub fn with_templates(self, sign_name: String, code: String, notice: Option<String>) -> Self {
        Self { sign_name, code_template: code, notice_template: notice, ..self }
    }

    /// Has a message sent.
    ///
    /// # Errors
    /// The service's code, or that it did not answer.
    pub async fn send(&self, id: Uuid, to: &Phone, words: &Words, now: Timestamp) -> Result<(), NotSent> {
        let (template, values) = self.template(words)?;
        let query = canonical_query(&[
            ("OutId", &id.to_string()),
            ("PhoneNumbers", to.digits()),
            ("SignName", &self.sign_name),
            ("TemplateCode", template),
            ("TemplateParam", &values.to_string()),
        ]);
        let mut address = self.service.clone();
        address.set_query(Some(&query));
        let mut request = self.http.post(address);
        for (name, value) in self.signed_headers(&query, id, now) {
            request = request.header(name, value);
        }
        // What reqwest says of its errors names the address, and with it the number.
        let unanswered = |_| later("the service did not answer");
        let answer = request.send().await.map_err(unanswered)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(unanswered)?;
        match serde_json::from_slice::<Answer>(&body) {
            Ok(answer) if status.is_success() && answer.code == "OK" => Ok(()),
            Ok(answer) => Err(refused(&answer.code)),
            Err(_) => Err(later(&format!("HTTP {}", status.as_u16()))),
        }
    }

    fn template(&self, words: &Words) -> Result<(&str, serde_json::Value), NotSent> {
        match words {
            Words::Code { code, .. } => Ok((&self.code_template, json!({ "code": code }))),
            Words::Notice { chinese, .. } => match &self.notice_template {
                Some(template) => Ok((template, json!({ "text": chinese }))),
                None => Err(NotSent { cause: "no template for notices".into(), for_good: true }),
            },
        }
    }

    fn signed_headers(&self, query: &str, nonce: Uuid, now: Timestamp) -> Vec<(&'static str, String)> {
        let date = DateTime::<Utc>::from_timestamp_millis(now.as_ms()).unwrap_or_default();
        // The same message is asked for again under another nonce, or the service would take it for a replay.
        let nonce = format!("{nonce}-{}", now.as_ms());
        let host = match (self.service.host_str().unwrap_or_default(), self.service.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        let mut headers = vec![
            ("host", host),
            ("x-acs-action", "SendSms".to_owned()),
            ("x-acs-content-sha256", sha256_hex(b"")),
            ("x-acs-date", date.to_rfc3339_opts(SecondsFormat::Secs, true)),
            ("x-acs-signature-nonce", nonce),
            ("x-acs-version", "2017-05-25".to_owned()),
        ];
        let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let lines =
            headers.iter().map(|(name, value)| format!("{name}:{value}")).collect::<Vec<_>>().join("\n");
        let path = self.service.path();
        let canonical = format!("POST\n{path}\n{query}\n{lines}\n\n{names}\n{}", sha256_hex(b""));
        let signature = sign(self.secret.reveal(), &canonical);
        let credential = &self.key_id;
        headers.push((
            "authorization",
            format!("ACS3-HMAC-SHA256 Credential={credential},SignedHeaders={names},Signature={signature}"),
        ));
        headers
    }
}

/// The signature of a canonical request, hex.
fn sign(secret: &str, canonical: &str) -> String {
    let to_sign = format!("ACS3-HMAC-SHA256\n{}", sha256_hex(canonical.as_bytes()));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hex::encode(hmac::sign(&key, to_sign.as_bytes()))
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

/// Names and values, sorted by name, as they are signed and sent.
fn canonical_query(values: &[(&str, &str)]) -> String {
    let mut values = values.to_vec();
    values.sort_unstable();
    let pair = |(name, value): &(&str, &str)| format!("{}={}", encoded(name), encoded(value));
    values.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Percent-encoded by RFC 3986.
fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(one).collect()
}

fn refused(code: &str) -> NotSent {
    let cause: String =
        code.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).take(60).collect();
    NotSent { for_good: FOR_GOOD.contains(&cause.as_str()), cause }
}

fn later(cause: &str) -> NotSent {
    NotSent { cause: cause.to_owned(), for_good: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_sorted_and_encoded_by_the_rfc() {
        let query = canonical_query(&[("SignName", "艺考"), ("OutId", "a b*~")]);
        assert_eq!(query, "OutId=a%20b%2A~&SignName=%E8%89%BA%E8%80%83");
    }

    #[test]
    fn the_secret_is_in_no_text_of_the_service() {
        let sms = Sms::new("http://127.0.0.1:1", "id".into(), "very-secret".into()).unwrap();
        assert!(!format!("{sms:?}").contains("very-secret"));
    }
}
