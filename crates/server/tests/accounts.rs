//! Signing up and in, by those who may and those who guess.

use axum::http::Method;
use serde_json::json;
use yikao_server::seed;

use crate::util::{Call, TestApp};

async fn with_password(app: &TestApp, serial: u32, password: &str) -> String {
    let phone = seed::phone(serial).unwrap();
    let hash = app.app.passwords.hash(password.into()).await.unwrap();
    seed::account(&app.app, &phone, &hash).await.unwrap();
    phone.digits().to_owned()
}

fn sign_in(phone: &str, password: &str) -> Call {
    Call::new(Method::POST, "/logins").json(&json!({ "phone": phone, "password": password }))
}

#[tokio::test]
async fn a_wrong_password_and_an_absent_account_are_told_the_same() {
    let app = TestApp::start().await;
    let phone = with_password(&app, 1, "right-password").await;
    assert_eq!(app.ask(sign_in(&phone, "wrong")).await.refusal(401), "login.wrong");
    assert_eq!(app.ask(sign_in("13911111111", "wrong")).await.refusal(401), "login.wrong");
    app.ask(sign_in(&format!("+86 {phone}"), "right-password")).await.expect(201);
}

#[tokio::test]
async fn guessing_ends_even_with_the_right_password() {
    let app = TestApp::start_limited().await;
    let phone = with_password(&app, 1, "right-password").await;
    for _ in 0..10 {
        app.ask(sign_in(&phone, "a guess")).await.refusal(401);
    }
    assert_eq!(app.ask(sign_in(&phone, "right-password")).await.refusal(429), "rate.limited");
}

#[tokio::test]
async fn a_form_on_a_foreign_page_is_refused() {
    let app = TestApp::start().await;
    let phone = with_password(&app, 1, "right-password").await;
    let mut call = sign_in(&phone, "right-password");
    call.headers.retain(|(name, _)| name != "yikao-client");
    assert_eq!(app.ask(call).await.refusal(403), "request.client_missing");
}
