//! Whoever gets hold of the database, the objects and the logs reads no name, no number and no address in them.
//! A new kind of personal data is added to the run and to `secrets`.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use yikao_server::auth::actor::PlatformRole;
use yikao_server::{jobs, seed};

use crate::dump::{Dump, Log};
use crate::footage::Phone;
use crate::stand_in::mail::MailServer;
use crate::stand_in::sms::SmsService;
use crate::util::{Call, Person, TestApp};

const PHONE: &str = "13744445555";
const OTHER_PHONE: &str = "13766667777";
const EMAIL: &str = "wang.xiaoyi@example.com";
const NAME: &str = "王晓忆忆";
const GUARDIAN: &str = "王建国国";
const PASSWORD: &str = "a-password-to-find";
const EVIDENCE: &str = "视频通话中出示证件原件";
const FOOTAGE: &[u8] = b"one second of music that nobody may hear";

fn secrets() -> Vec<(&'static str, Vec<u8>)> {
    let number = seed::id_card(14_800_007);
    let texts = [
        ("phone", PHONE),
        ("other phone", OTHER_PHONE),
        ("e-mail", EMAIL),
        ("name", NAME),
        ("guardian", GUARDIAN),
        ("password", PASSWORD),
        ("evidence", EVIDENCE),
        ("document number", number.as_str()),
        ("SMS secret", "key-secret"),
        ("mail password", "mail-password"),
    ];
    let texts = texts.map(|(what, text)| (what, text.as_bytes().to_vec()));
    texts.into_iter().chain([("footage", FOOTAGE.to_vec())]).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_personal_is_kept_or_logged_in_clear() {
    let log = Log::listen();
    // Both services fail at first, as that is when a client has most to say.
    let sms = SmsService::start(&["isv.BUSINESS_LIMIT_CONTROL", "OK", "isv.MOBILE_NUMBER_ILLEGAL"]).await;
    let mail = MailServer::start(&["550 <wang.xiaoyi@example.com> no such user"]).await;
    let app = real(&sms, &mail).await;
    let lanes = jobs::start(&app.app).await.unwrap();
    let person = signed_up(&app, &sms).await;
    said_who_and_agreed(&app, &person).await;
    listed_and_recorded(&app, &person).await;
    changed_by_an_agent(&app, &person).await;
    guessed(&app).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    lanes.stop().await;
    let folder = app.stop().await;

    let dump = Dump::of(folder.path(), &log);
    for (what, secret) in secrets() {
        assert_eq!(dump.places(&secret), Vec::<&str>::new(), "{what} is there in clear");
    }
    // The search finds what is there: names of schools are nobody's secret, and the log speaks of messages.
    assert!(
        dump.places("青山音乐学院".as_bytes()).iter().any(|place| place.contains("yikao.db")),
        "{:?}",
        dump.sizes()
    );
    assert!(dump.places(b"isv.MOBILE_NUMBER_ILLEGAL").contains(&"the log"), "{:?}", dump.sizes());
}

async fn real(sms: &SmsService, mail: &MailServer) -> TestApp {
    let smtp = format!("smtp://127.0.0.1:{}", mail.port);
    let service = format!("http://127.0.0.1:{}/", sms.port);
    TestApp::start_with(&[
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
        "--sms-notice-template",
        "SMS_1002",
        "--smtp",
        &smtp,
        "--smtp-user",
        "yikao",
        "--smtp-password",
        "mail-password",
        "--mail-from",
        "艺考 <no-reply@example.com>",
    ])
    .await
}

async fn signed_up(app: &TestApp, sms: &SmsService) -> Person {
    let asked = json!({ "contact": PHONE, "purpose": "register" });
    app.ask(Call::new(Method::POST, "/codes").json(&asked)).await.expect(202);
    let by_mail = json!({ "contact": EMAIL, "purpose": "register" });
    app.ask(Call::new(Method::POST, "/codes").json(&by_mail)).await.expect(202);
    let arrived = async {
        while sms.sent().is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), arrived).await.unwrap();
    let code = sms.sent()[0].values["code"].as_str().unwrap().to_owned();
    let body = json!({ "contact": PHONE, "code": code, "password": PASSWORD });
    let answer = app.ask(Call::new(Method::POST, "/accounts").json(&body)).await;
    assert_eq!(answer.status, 201, "{:#}", answer.body);
    Person { account: answer.body["account_id"].as_str().unwrap().parse().unwrap(), cookie: answer.cookies }
}

async fn said_who_and_agreed(app: &TestApp, person: &Person) {
    let who = seed::somebody(NAME, 14_800_007);
    seed::identify(&app.app, person.account, &who).await.unwrap();
    let shown = app.get(person, "/me/consents").await.expect(200);
    for (kind, name, relation) in [("guardian", GUARDIAN, json!("mother")), ("faces", NAME, Value::Null)] {
        let text = shown["consents"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap();
        let body =
            json!({ "kind": kind, "text_hash": text["text_hash"], "name": name, "relation": relation });
        app.post(person, "/me/consents", body).await.expect(201);
    }
}

async fn listed_and_recorded(app: &TestApp, person: &Person) {
    let exam = crate::accounts::exam(app, json!({})).await;
    let id = exam.body.sessions[0].id;
    let major = exam.body.majors[0].id;
    let entry = seed::put_on_roster(&app.app, &exam, major, &seed::somebody(NAME, 14_800_007)).await.unwrap();
    let enrolment = seed::enrol(&app.app, &exam, major, person.account, entry).await.unwrap();
    let path = format!("/enrolments/{}/sittings", enrolment.id);
    app.post(person, &path, json!({ "session_id": id })).await.expect(201);
    let mut phone = Phone::new(app);
    assert_eq!(app.ask(phone.next(FOOTAGE)).await.status, 204);
}

async fn changed_by_an_agent(app: &TestApp, person: &Person) {
    let agent = app.platform(PlatformRole::Agent).await;
    let look = Call::new(Method::POST, "/desk/account-lookups").by(&agent).json(&json!({ "account": PHONE }));
    let found = app.ask(look).await.expect(200);
    assert_eq!(found["name"], NAME);
    for contact in [OTHER_PHONE, EMAIL] {
        let body = json!({ "contact": contact, "evidence": EVIDENCE });
        app.post(&agent, &format!("/desk/accounts/{}/contact-changes", person.account), body)
            .await
            .expect(201);
    }
}

async fn guessed(app: &TestApp) {
    for account in [PHONE, EMAIL, OTHER_PHONE] {
        let body = json!({ "account": account, "password": PASSWORD });
        app.ask(Call::new(Method::POST, "/logins").json(&body)).await;
    }
    app.ask(Call::new(Method::POST, "/logins").json(&json!({ "account": NAME, "password": [PASSWORD] })))
        .await
        .refusal(422);
}
