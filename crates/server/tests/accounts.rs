//! Signing up and in, by those who may and those who guess.

use axum::http::Method;
use serde_json::json;
use tempfile::TempDir;
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

/// An installation behind a proxy that allows ten requests at once, and two a second after that.
async fn behind_a_proxy() -> TestApp {
    let flags = ["--requests-per-second", "2", "--trusted-proxies", "10.0.0.0/8"];
    TestApp::configured(TempDir::new().unwrap(), &flags).await
}

fn look(path: &str, address: &str) -> Call {
    Call::new(Method::GET, path).from("10.0.0.2").with("x-forwarded-for", address)
}

#[tokio::test]
async fn candidates_of_one_school_share_an_address_and_not_its_limit() {
    let app = behind_a_proxy().await;
    for _ in 0..12 {
        let candidate = app.person().await;
        for _ in 0..5 {
            app.ask(look("/me", "203.0.113.9").by(&candidate)).await.expect(200);
        }
    }
}

#[tokio::test]
async fn one_who_asks_too_often_waits_and_strangers_pay_by_their_address() {
    let app = behind_a_proxy().await;
    let (eager, other) = (app.person().await, app.person().await);
    let mut statuses = Vec::new();
    for _ in 0..14 {
        statuses.push(app.ask(look("/me", "203.0.113.9").by(&eager)).await.status);
    }
    assert!(statuses.starts_with(&[200; 10]) && statuses.ends_with(&[429]), "{statuses:?}");
    app.ask(look("/me", "203.0.113.9").by(&other)).await.expect(200);

    let made_up = |n: u32| look("/me", "203.0.113.7").with("cookie", &format!("yikao_login=made-up-{n}"));
    let mut statuses = Vec::new();
    for n in 0..14 {
        statuses.push(app.ask(made_up(n)).await.status);
    }
    assert!(statuses.starts_with(&[401; 10]) && statuses.ends_with(&[429]), "{statuses:?}");
    app.ask(look("/server", "203.0.113.8")).await.expect(200);
}
