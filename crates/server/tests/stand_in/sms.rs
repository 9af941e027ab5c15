//! Stands in for Aliyun's SMS API: checks each signature by its published rules, and answers as scripted.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ring::{digest, hmac};
use serde_json::{Value, json};

/// A message that was accepted.
#[derive(Debug, Clone)]
pub(crate) struct ShortMessage {
    pub(crate) number: String,
    pub(crate) sign_name: String,
    pub(crate) template: String,
    pub(crate) values: Value,
}

#[derive(Default)]
struct Seen {
    answers: VecDeque<String>,
    sent: Vec<ShortMessage>,
    nonces: HashSet<String>,
}

/// A service on loopback.
pub(crate) struct SmsService {
    pub(crate) port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl SmsService {
    /// Answers the first request with the first code, and so on; `500` is an answer that is no answer.
    pub(crate) async fn start(answers: &[&str]) -> Self {
        let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let seen = Arc::new(Mutex::new(Seen { answers, ..Seen::default() }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let routes = axum::Router::new().fallback(answer).with_state(seen.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { port, seen }
    }

    pub(crate) fn sent(&self) -> Vec<ShortMessage> {
        self.seen.lock().unwrap().sent.clone()
    }

    /// How many requests came, each with a nonce of its own.
    pub(crate) fn nonces(&self) -> usize {
        self.seen.lock().unwrap().nonces.len()
    }
}

async fn answer(State(seen): State<Arc<Mutex<Seen>>>, request: Request) -> Response {
    let code = check(&request).err().map_or_else(|| accept(&seen, &request), str::to_owned);
    if code == "500" {
        return (StatusCode::INTERNAL_SERVER_ERROR, "<html>busy</html>").into_response();
    }
    let status = if code == "OK" || code.starts_with("isv.") { 200 } else { 400 };
    let body =
        json!({ "Code": code, "Message": "13800000000 said something", "RequestId": "1", "BizId": "2" });
    (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
}

/// The next scripted code; a nonce that was seen is a replay.
fn accept(seen: &Mutex<Seen>, request: &Request) -> String {
    let mut seen = seen.lock().unwrap();
    if !seen.nonces.insert(header(request, "x-acs-signature-nonce")) {
        return "SignatureNonceUsed".into();
    }
    let code = seen.answers.pop_front().unwrap_or_else(|| "OK".into());
    if code == "OK" {
        seen.sent.push(message(request));
    }
    code
}

fn header(request: &Request, name: &str) -> String {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// The rules of ACS3-HMAC-SHA256, worked out from what arrived.
fn check(request: &Request) -> Result<(), &'static str> {
    let authorization = header(request, "authorization");
    let fields = authorization.strip_prefix("ACS3-HMAC-SHA256 ").ok_or("IncompleteSignature")?;
    let fields: BTreeMap<&str, &str> = fields.split(',').filter_map(|field| field.split_once('=')).collect();
    if fields["Credential"] != "key-id" {
        return Err("InvalidAccessKeyId.NotFound");
    }
    let sha = |bytes: &[u8]| hex::encode(digest::digest(&digest::SHA256, bytes));
    let lines: Vec<String> = fields["SignedHeaders"]
        .split(';')
        .map(|name| format!("{name}:{}", header(request, name).trim()))
        .collect();
    let lines = lines.join("\n");
    let mut pairs: Vec<&str> = request.uri().query().unwrap_or_default().split('&').collect();
    pairs.sort_unstable();
    let canonical = format!(
        "{}\n{}\n{}\n{lines}\n\n{}\n{}",
        request.method(),
        request.uri().path(),
        pairs.join("&"),
        fields["SignedHeaders"],
        sha(b"")
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"key-secret");
    let wanted = hmac::sign(&key, format!("ACS3-HMAC-SHA256\n{}", sha(canonical.as_bytes())).as_bytes());
    let signed = [
        "host",
        "x-acs-action",
        "x-acs-content-sha256",
        "x-acs-date",
        "x-acs-signature-nonce",
        "x-acs-version",
    ];
    let all_signed = signed.iter().all(|name| fields["SignedHeaders"].split(';').any(|one| one == *name));
    let right = all_signed && hex::encode(wanted) == fields["Signature"];
    let right = right
        && header(request, "x-acs-action") == "SendSms"
        && header(request, "x-acs-version") == "2017-05-25";
    if right { Ok(()) } else { Err("SignatureDoesNotMatch") }
}

fn message(request: &Request) -> ShortMessage {
    let query = request.uri().query().unwrap_or_default();
    let values: BTreeMap<&str, String> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name, decoded(value)))
        .collect();
    ShortMessage {
        number: values["PhoneNumbers"].clone(),
        sign_name: values["SignName"].clone(),
        template: values["TemplateCode"].clone(),
        values: serde_json::from_str(&values["TemplateParam"]).unwrap(),
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}
