//! Messages through real clients, to stand-ins that speak the services' protocols and fail as they do.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use yikao_server::jobs;

use crate::stand_in::mail::MailServer;
use crate::stand_in::sms::SmsService;
use crate::util::{Call, TestApp};

/// Most of a message's way; what takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

async fn app(sms: &SmsService, mail: &MailServer) -> TestApp {
    let smtp = format!("smtp://127.0.0.1:{}", mail.port);
    let service = format!("http://127.0.0.1:{}/", sms.port);
    let app = TestApp::start_with(&[
        "--sms",
        &service,
        "--sms-key-id",
        "key-id",
        "--sms-key-secret",
        "key-secret",
        "--sms-sign-name",
        "艺考",
        "--sms-code-template",
        "SMS_1001",
        "--smtp",
        &smtp,
        "--smtp-user",
        "yikao",
        "--smtp-password",
        "mail-password",
        "--mail-from",
        "艺考 <no-reply@example.com>",
    ])
    .await;
    jobs::start(&app.app).await.unwrap();
    app
}

async fn ask(app: &TestApp, contact: &str) -> String {
    let body = json!({ "contact": contact, "purpose": "register" });
    let asked = app.ask(Call::new(Method::POST, "/codes").json(&body)).await.expect(202);
    assert_eq!(asked["state"], "waiting");
    asked["id"].as_str().unwrap().to_owned()
}

/// The code's view, as soon as it is as `holds` wants it.
async fn until(app: &TestApp, id: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let look = async {
        loop {
            let view = app.ask(Call::new(Method::GET, &format!("/codes/{id}"))).await.expect(200);
            if holds(&view) {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.unwrap()
}

async fn signs_up(app: &TestApp, contact: &str, code: &str) {
    let body = json!({ "contact": contact, "code": code, "password": "long enough" });
    app.ask(Call::new(Method::POST, "/accounts").json(&body)).await.expect(201);
}

#[tokio::test]
async fn a_short_message_is_signed_and_its_code_opens_an_account() {
    let (sms, mail) = (SmsService::start(&["OK"]).await, MailServer::start(&[]).await);
    let app = app(&sms, &mail).await;
    let id = ask(&app, "138 0000 0000").await;
    until(&app, &id, |view| view["state"] == "sent").await;
    let sent = sms.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].number.as_str(), sent[0].template.as_str()), ("13800000000", "SMS_1001"));
    assert_eq!(sent[0].sign_name, "艺考");
    signs_up(&app, "13800000000", sent[0].values["code"].as_str().unwrap()).await;
}

#[tokio::test]
async fn a_throttled_message_is_sent_again_and_the_candidate_is_told_to_wait() {
    let sms = SmsService::start(&["isv.BUSINESS_LIMIT_CONTROL", "OK"]).await;
    let mail = MailServer::start(&[]).await;
    let app = app(&sms, &mail).await;
    let id = ask(&app, "13800000000").await;
    let told = until(&app, &id, |view| !view["refusal"].is_null()).await;
    assert_eq!((&told["state"], &told["refusal"]["code"]), (&json!("waiting"), &json!("message.delayed")));
    let settled = until(&app, &id, |view| view["state"] == "sent").await;
    assert_eq!(settled["refusal"], Value::Null);
    assert_eq!(sms.sent().len(), 1);
    // The service refuses a nonce that it has seen as a replay.
    assert_eq!(sms.nonces(), 2);
}

#[tokio::test]
async fn a_number_that_the_service_refuses_is_told_and_not_tried_again() {
    let sms = SmsService::start(&["isv.MOBILE_NUMBER_ILLEGAL"]).await;
    let mail = MailServer::start(&[]).await;
    let app = app(&sms, &mail).await;
    let id = ask(&app, "13800000000").await;
    let told = until(&app, &id, |view| view["state"] == "failed").await;
    assert_eq!(told["refusal"]["code"], "message.undeliverable");
}

#[tokio::test]
async fn a_service_that_answers_nothing_sensible_is_tried_again() {
    let (sms, mail) = (SmsService::start(&["500", "OK"]).await, MailServer::start(&[]).await);
    let app = app(&sms, &mail).await;
    let id = ask(&app, "13800000000").await;
    until(&app, &id, |view| view["state"] == "sent").await;
}

#[tokio::test]
async fn a_mail_arrives_after_the_server_was_busy_and_its_code_opens_an_account() {
    let sms = SmsService::start(&[]).await;
    let mail = MailServer::start(&["451 try again later", "250 fine"]).await;
    let app = app(&sms, &mail).await;
    let id = ask(&app, "li.hua@example.org").await;
    until(&app, &id, |view| view["refusal"]["code"] == "message.delayed").await;
    until(&app, &id, |view| view["state"] == "sent").await;
    let mails = mail.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "li.hua@example.org");
    assert_eq!(mails[0].login, "\0yikao\0mail-password");
    signs_up(&app, "li.hua@example.org", &mails[0].code()).await;
}

#[tokio::test]
async fn a_mailbox_that_does_not_exist_is_told() {
    let (sms, mail) = (SmsService::start(&[]).await, MailServer::start(&["550 no such user"]).await);
    let app = app(&sms, &mail).await;
    let id = ask(&app, "nobody@example.org").await;
    let told = until(&app, &id, |view| view["state"] == "failed").await;
    assert_eq!(told["refusal"]["code"], "message.undeliverable");
}

#[tokio::test]
async fn what_was_sent_is_not_kept_and_the_operator_does_not_read_it() {
    let (sms, mail) = (SmsService::start(&["OK"]).await, MailServer::start(&[]).await);
    let app = app(&sms, &mail).await;
    let operator = app.operator().await;
    let id = ask(&app, "13800000000").await;
    until(&app, &id, |view| view["state"] == "sent").await;
    assert_eq!(app.get(&operator, "/operator/messages").await.expect(200), json!([]));
}
