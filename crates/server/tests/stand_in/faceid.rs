//! Stands in for Tencent Cloud's `IdCardVerification`: checks each signature by its published rules, and answers as
//! scripted.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use ring::{digest, hmac};
use serde_json::{Value, json};

pub(crate) const KEY_ID: &str = "AKIDEXAMPLE";
pub(crate) const SECRET: &str = "a-secret-of-the-test";

#[derive(Default)]
struct Seen {
    answers: VecDeque<String>,
    asked: Vec<Value>,
}

/// A service on loopback.
pub(crate) struct FaceId {
    pub(crate) port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl FaceId {
    /// Answers the first request with the first result, and so on; then all with `0`. A result that is no number is an
    /// error's code, `hang` never answers, `junk` is no JSON and `500` no success.
    pub(crate) async fn start(answers: &[&str]) -> Self {
        let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let seen = Arc::new(Mutex::new(Seen { answers, ..Seen::default() }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let routes = axum::Router::new().route("/", axum::routing::post(answer)).with_state(seen.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { port, seen }
    }

    /// The flags of a server that asks it.
    pub(crate) fn flags(&self) -> [String; 6] {
        [
            "--identity-authority".into(),
            format!("http://127.0.0.1:{}", self.port),
            "--identity-authority-key-id".into(),
            KEY_ID.into(),
            "--identity-authority-key-secret".into(),
            SECRET.into(),
        ]
    }

    /// What was asked, rightly signed.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.seen.lock().unwrap().asked.clone()
    }
}

async fn answer(State(seen): State<Arc<Mutex<Seen>>>, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(code) = check(&headers, &body) {
        return error(code).into_response();
    }
    let answer = {
        let mut seen = seen.lock().unwrap();
        seen.asked.push(serde_json::from_slice(&body).unwrap());
        seen.answers.pop_front().unwrap_or_else(|| "0".to_owned())
    };
    match answer.as_str() {
        "hang" => std::future::pending().await,
        "junk" => "<html>".into_response(),
        "500" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        result if result.parse::<i32>().is_ok() => {
            let response = json!({ "Result": result, "Description": "", "RequestId": "r" });
            axum::Json(json!({ "Response": response })).into_response()
        }
        code => error(code).into_response(),
    }
}

fn error(code: &str) -> axum::Json<Value> {
    axum::Json(json!({ "Response": { "Error": { "Code": code, "Message": "" }, "RequestId": "r" } }))
}

/// The signature, rebuilt from what arrived.
fn check(headers: &HeaderMap, body: &[u8]) -> Result<(), &'static str> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if (header("x-tc-action"), header("x-tc-version")) != ("IdCardVerification", "2018-03-01") {
        return Err("InvalidAction");
    }
    let given = header("authorization");
    let between =
        |from: &str, to: &str| given.split_once(from).map(|(_, rest)| rest.split(to).next().unwrap());
    let scope = between("Credential=", ",").ok_or("AuthFailure")?;
    let (key_id, scope) = scope.split_once('/').ok_or("AuthFailure")?;
    let names = between("SignedHeaders=", ",").ok_or("AuthFailure")?;
    if key_id != KEY_ID || !["content-type", "host"].iter().all(|name| names.split(';').any(|n| n == *name)) {
        return Err("AuthFailure.SecretIdNotFound");
    }
    let lines: Vec<_> =
        names.split(';').map(|name| format!("{name}:{}", header(name).to_lowercase())).collect();
    let canonical = format!("POST\n/\n\n{}\n\n{names}\n{}", lines.join("\n"), sha256(body));
    let stamp = header("x-tc-timestamp");
    let text = format!("TC3-HMAC-SHA256\n{stamp}\n{scope}\n{}", sha256(canonical.as_bytes()));
    let parts: Vec<&str> = scope.split('/').collect();
    let [date, service, end] = parts[..] else { return Err("AuthFailure") };
    let day = stamp.parse::<i64>().map_err(|_| "AuthFailure")? / 86_400;
    if date != chrono::DateTime::from_timestamp(day * 86_400, 0).unwrap().format("%Y-%m-%d").to_string() {
        return Err("AuthFailure.SignatureExpire");
    }
    let key =
        [date, service, end].iter().fold(format!("TC3{SECRET}").into_bytes(), |key, part| mac(&key, part));
    let right = hex::encode(mac(&key, &text));
    if between("Signature=", ",") == Some(right.as_str()) {
        Ok(())
    } else {
        Err("AuthFailure.SignatureFailure")
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}
