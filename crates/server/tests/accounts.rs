//! Signing up and in, by those who may and those who guess.

use axum::http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use yikao_domain::Millis;
use yikao_domain::consent::ConsentKind;
use yikao_domain::exam::{RevisionBody, Session, SittingKind};
use yikao_domain::id::{CandidateId, SessionId};
use yikao_domain::policy::Preset;
use yikao_server::auth::actor::{PlatformRole, SchoolRole};
use yikao_server::{consents, seed};
use yikao_store::message;

use crate::util::{Call, Person, TestApp};

const PASSWORD: &str = "right-password";

async fn with_password(app: &TestApp, serial: u32, password: &str) -> String {
    // Apart from the numbers that the test application gives its own people.
    let phone = seed::phone(1_000_000 + serial).unwrap();
    let hash = app.app.passwords.hash(password.into()).await.unwrap();
    seed::account(&app.app, &phone, &hash).await.unwrap();
    phone.digits().to_owned()
}

fn sign_in(account: &str, password: &str) -> Call {
    Call::new(Method::POST, "/logins").json(&json!({ "account": account, "password": password }))
}

fn ask_for_code(contact: &str, purpose: &str) -> Call {
    Call::new(Method::POST, "/codes").json(&json!({ "contact": contact, "purpose": purpose }))
}

fn sign_up(contact: &str, code: &str) -> Call {
    let body = json!({ "contact": contact, "code": code, "password": PASSWORD });
    Call::new(Method::POST, "/accounts").json(&body)
}

/// The newest code that the embedded messenger shows.
async fn newest_code(app: &TestApp, operator: &Person) -> String {
    let messages = app.get(operator, "/operator/messages").await.expect(200);
    messages[0]["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_wrong_password_and_an_absent_account_are_told_the_same() {
    let app = TestApp::start().await;
    let phone = with_password(&app, 1, PASSWORD).await;
    assert_eq!(app.ask(sign_in(&phone, "wrong")).await.refusal(401), "login.wrong");
    for nobody in ["13911111111", "nobody@example.com", "11010519491231002X"] {
        assert_eq!(app.ask(sign_in(nobody, "wrong")).await.refusal(401), "login.wrong");
    }
    app.ask(sign_in(&format!("+86 {phone}"), PASSWORD)).await.expect(201);
}

#[tokio::test]
async fn what_names_no_account_is_told_what_would() {
    let app = TestApp::start().await;
    for (typed, code) in [
        ("", "account.name_invalid"),
        ("138000000", "login.wrong"),
        ("小艺", "account.name_invalid"),
        ("01234567890", "account.name_invalid"),
        ("someone@", "email.invalid"),
    ] {
        let answer = app.ask(sign_in(typed, "wrong")).await;
        assert_eq!(answer.body["code"], code, "{typed}");
    }
}

#[tokio::test]
async fn somebody_from_elsewhere_signs_up_and_in_by_e_mail_and_resets_the_password() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let sent = app.ask(ask_for_code("Li.Hua@Example.com", "register")).await.expect(202);
    assert_eq!(sent["state"], "shown");
    let seen = app.ask(Call::new(Method::GET, &format!("/codes/{}", sent["id"].as_str().unwrap()))).await;
    assert_eq!(seen.expect(200), sent);
    let code = newest_code(&app, &operator).await;
    app.ask(sign_up("li.hua@example.com", &code)).await.expect(201);
    assert_eq!(app.ask(sign_up("li.hua@example.com", &code)).await.refusal(422), "code.wrong");
    app.ask(sign_in(" LI.HUA@example.com", PASSWORD)).await.expect(201);
    app.ask(ask_for_code("li.hua@example.com", "reset")).await.expect(202);
    let reset = json!({ "contact": "li.hua@example.com", "code": newest_code(&app, &operator).await, "password": "another one" });
    app.ask(Call::new(Method::POST, "/password-resets").json(&reset)).await.expect(204);
    assert_eq!(app.ask(sign_in("li.hua@example.com", PASSWORD)).await.refusal(401), "login.wrong");
    app.ask(sign_in("li.hua@example.com", "another one")).await.expect(201);
}

#[tokio::test]
async fn an_address_has_one_account_and_only_its_owner_hears_of_it() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    for expected in [201, 409] {
        app.ask(ask_for_code("li@example.com", "register")).await.expect(202);
        let code = newest_code(&app, &operator).await;
        app.ask(sign_up("li@example.com", &code)).await.expect(expected);
    }
}

#[tokio::test]
async fn a_document_number_opens_the_account_that_authenticated_it_and_no_other() {
    let app = TestApp::start().await;
    let who = seed::somebody("王小艺", 7);
    let phone = with_password(&app, 1, PASSWORD).await;
    assert_eq!(app.ask(sign_in(&who.document_number, PASSWORD)).await.refusal(401), "login.wrong");
    let account = app.ask(sign_in(&phone, PASSWORD)).await.expect(201)["account_id"].clone();
    seed::identify(&app.app, account.as_str().unwrap().parse().unwrap(), &who).await.unwrap();
    let typed = who.document_number.to_lowercase();
    assert_eq!(app.ask(sign_in(&typed, PASSWORD)).await.expect(201)["account_id"], account);
    let other = seed::somebody("李小帮", 8).document_number;
    assert_eq!(app.ask(sign_in(&other, PASSWORD)).await.refusal(401), "login.wrong");
}

#[tokio::test]
async fn asking_for_a_code_tells_nothing_of_accounts() {
    let app = TestApp::start().await;
    let phone = with_password(&app, 1, PASSWORD).await;
    let mut answers = Vec::new();
    for (contact, purpose) in [
        (phone.as_str(), "register"),
        (phone.as_str(), "reset"),
        ("13911111111", "register"),
        ("13911111111", "reset"),
        ("nobody@example.com", "reset"),
    ] {
        let mut answer = app.ask(ask_for_code(contact, purpose)).await.expect(202);
        answer["id"] = Value::Null;
        answers.push(answer);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let reset = json!({ "contact": "13911111111", "code": "000000", "password": PASSWORD });
    let answer = app.ask(Call::new(Method::POST, "/password-resets").json(&reset)).await;
    assert_eq!(answer.refusal(422), "code.wrong");
}

#[tokio::test]
async fn a_thousand_wrong_codes_open_no_account() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    app.ask(ask_for_code("13911111111", "register")).await.expect(202);
    let code = newest_code(&app, &operator).await;
    let right: u32 = code.parse().unwrap();
    for guess in 0..1000 {
        let wrong = format!("{:06}", (right + 1 + guess) % 1_000_000);
        assert_eq!(app.ask(sign_up("13911111111", &wrong)).await.refusal(422), "code.wrong");
    }
    // By now even the right one is dead.
    assert_eq!(app.ask(sign_up("13911111111", &code)).await.refusal(422), "code.wrong");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_requests_send_no_more_messages_than_the_limits_allow() {
    let app = TestApp::start_limited().await;
    let began = app.app.clock.now();
    // One network asks for codes to ever other numbers, and many networks ask for codes to one number.
    for request in 0..5_000_u32 {
        let call = ask_for_code(seed::phone(request).unwrap().digits(), "register").from("198.51.100.7");
        app.ask(call).await;
        let [_, b, c, d] = request.to_be_bytes();
        app.ask(ask_for_code("13711111111", "reset").from(&format!("10.{b}.{c}.{d}"))).await;
    }
    let took = app.app.clock.now().since(began).as_ms();
    let config = &app.app.config;
    let of_network = i64::from(config.codes_per_address) + took / 10_000 + 1;
    let of_number = i64::from(config.codes_per_contact) + took / 900_000 + 1;
    let sent = message::count(&mut app.app.db.reader().await.unwrap()).await.unwrap();
    let most = (of_network + of_number).unsigned_abs();
    let least = u64::from(config.codes_per_address + config.codes_per_contact);
    assert!((least..=most).contains(&sent), "{sent} messages, allowed were {least} to {most}");
}

#[tokio::test]
async fn guessing_ends_even_with_the_right_password() {
    let app = TestApp::start_limited().await;
    let phone = with_password(&app, 1, PASSWORD).await;
    for _ in 0..10 {
        app.ask(sign_in(&phone, "a guess")).await.refusal(401);
    }
    assert_eq!(app.ask(sign_in(&phone, PASSWORD)).await.refusal(429), "rate.limited");
}

#[tokio::test]
async fn one_network_cannot_try_everybodys_password() {
    let app = TestApp::start_limited().await;
    let guess = |serial| sign_in(seed::phone(serial).unwrap().digits(), "a guess").from("198.51.100.7");
    let mut answered = 0;
    while app.ask(guess(answered)).await.status == 401 {
        answered += 1;
    }
    // Three hundred at once, and one more every two seconds that this took.
    assert!((300..400).contains(&answered), "{answered} guesses were answered");
    let elsewhere = sign_in(seed::phone(300).unwrap().digits(), "a guess").from("198.51.100.8");
    assert_eq!(app.ask(elsewhere).await.refusal(401), "login.wrong");
}

#[tokio::test]
async fn a_form_on_a_foreign_page_is_refused() {
    let app = TestApp::start().await;
    let phone = with_password(&app, 1, PASSWORD).await;
    let mut call = sign_in(&phone, PASSWORD);
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

const PIXEL: &str =
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36";

#[tokio::test]
async fn devices_are_named_and_one_who_signs_in_again_has_one_login() {
    let app = TestApp::start().await;
    let phone = with_password(&app, 1, PASSWORD).await;
    let first = app.ask(sign_in(&phone, PASSWORD).with("user-agent", PIXEL)).await;
    let again = sign_in(&phone, PASSWORD).with("user-agent", PIXEL).with("cookie", &first.cookies);
    let again = app.ask(again).await;
    app.ask(sign_in(&phone, PASSWORD).with("user-agent", "curl/8.0")).await.expect(201);
    let list = |cookies: &str| Call::new(Method::GET, "/logins").with("cookie", cookies);
    assert_eq!(app.ask(list(&first.cookies)).await.refusal(401), "login.required");
    let logins = app.ask(list(&again.cookies)).await.expect(200);
    let named = |login: &Value| (login["kind"].clone(), login["device"].clone(), login["current"].clone());
    let logins: Vec<_> = logins.as_array().unwrap().iter().map(named).collect();
    assert_eq!(
        logins,
        [
            (json!("unknown"), json!(""), json!(false)),
            (json!("phone"), json!("Pixel 8 · Android 14 · Chrome"), json!(true))
        ]
    );
}

#[tokio::test]
async fn only_an_agent_changes_a_number_and_both_are_told() {
    let app = TestApp::start().await;
    let (agent, operator) = (app.platform(PlatformRole::Agent).await, app.operator().await);
    let phone = with_password(&app, 77, PASSWORD).await;
    let look = Call::new(Method::POST, "/desk/account-lookups").by(&agent).json(&json!({ "account": phone }));
    let found = app.ask(look).await.expect(200);
    let path = format!("/desk/accounts/{}/contact-changes", found["account_id"].as_str().unwrap());
    let change =
        json!({ "command_id": app.id(), "contact": "13712345678", "evidence": "视频通话中出示证件" });
    assert_eq!(app.post(&operator, &path, change.clone()).await.refusal(403), "role.missing");
    let changed = app.post(&agent, &path, change.clone()).await.expect(201);
    assert_eq!(changed["phone_masked"], "137****5678");
    assert_eq!(changed["changes"][0]["evidence"], "视频通话中出示证件");
    // Asked twice it is done once.
    assert_eq!(app.post(&agent, &path, change).await.expect(201)["changes"].as_array().unwrap().len(), 1);
    let told = app.get(&operator, "/operator/messages").await.expect(200);
    let told: Vec<_> = told.as_array().unwrap().iter().map(|one| one["to"].as_str().unwrap()).collect();
    assert!(told.len() == 2 && told.contains(&phone.as_str()) && told.contains(&"13712345678"), "{told:?}");
    assert_eq!(app.ask(sign_in(&phone, PASSWORD)).await.refusal(401), "login.wrong");
    app.ask(sign_in("13712345678", PASSWORD)).await.expect(201);
    let other = with_password(&app, 78, PASSWORD).await;
    let taken = json!({ "contact": other, "evidence": "…" });
    assert_eq!(app.post(&agent, &path, taken).await.refusal(409), "account.exists");
}

#[tokio::test]
async fn a_consent_is_for_the_very_text_that_was_shown_and_can_be_withdrawn() {
    let app = TestApp::start().await;
    let adult = app.candidate(&seed::somebody("王小艺", 7)).await;
    let has =
        || consents::has(&app.app, CandidateId::from_uuid(*adult.account.as_uuid()), ConsentKind::Faces);
    let shown = app.get(&adult, "/me/consents").await.expect(200);
    let faces = shown["consents"].as_array().unwrap().iter().find(|one| one["kind"] == "faces").unwrap();
    let sign = |hash: &str, name: &str| json!({ "kind": "faces", "text_hash": hash, "name": name });
    let hash = faces["text_hash"].as_str().unwrap();
    assert!(!has().await.unwrap());
    let stale = app.post(&adult, "/me/consents", sign("00", "王小艺")).await;
    assert_eq!(stale.refusal(409), "consent.text_changed");
    let other = app.post(&adult, "/me/consents", sign(hash, "李小帮")).await;
    assert_eq!(other.refusal(422), "consent.name_differs");
    app.post(&adult, "/me/consents", sign(hash, "王小艺")).await.expect(201);
    assert!(has().await.unwrap());
    let again = app.post(&adult, "/me/consents", sign(hash, "王小艺")).await;
    assert_eq!(again.refusal(409), "consent.already_signed");
    let withdraw = || Call::new(Method::DELETE, "/me/consents/faces").by(&adult);
    app.ask(withdraw()).await.expect(200);
    assert!(!has().await.unwrap());
    assert_eq!(app.ask(withdraw()).await.refusal(404), "request.not_found");
}

#[tokio::test]
async fn a_second_sign_in_during_a_formal_exam_asks_and_the_first_device_is_told() {
    let app = TestApp::start().await;
    let phone = with_password(&app, 1, PASSWORD).await;
    let first = app.ask(sign_in(&phone, PASSWORD).with("user-agent", "curl/8.0")).await;
    let first = Person {
        account: first.body["account_id"].as_str().unwrap().parse().unwrap(),
        cookie: first.cookies,
    };
    let sitting = entered(&app, &first, json!({})).await;
    let second = || sign_in(&phone, PASSWORD).with("user-agent", PIXEL);
    assert_eq!(app.ask(second()).await.refusal(409), "login.other_device_asks");
    let told = app.get(&first, &sitting).await.expect(200)["second_sign_in"].clone();
    assert_eq!(
        (&told["outcome"], &told["device"]),
        (&json!("asked"), &json!("Pixel 8 · Android 14 · Chrome"))
    );
    // The same phone may sign in again at any time.
    app.ask(sign_in(&phone, PASSWORD).with("cookie", &first.cookie)).await.expect(201);
    let body = json!({ "account": phone, "password": PASSWORD, "take_over": true });
    let over = app.ask(Call::new(Method::POST, "/logins").with("user-agent", PIXEL).json(&body)).await;
    assert_eq!(over.status, 201);
    let second = Person { account: first.account, cookie: over.cookies };
    let seen = app.get(&second, &sitting).await.expect(200);
    assert_eq!(
        (&seen["phase"]["state"], &seen["second_sign_in"]["outcome"]),
        (&json!("open"), &json!("taken_over"))
    );
}

#[tokio::test]
async fn where_a_second_sign_in_is_refused_signing_out_or_a_proctor_opens_the_way() {
    let app = TestApp::start().await;
    let phone = with_password(&app, 1, PASSWORD).await;
    let first = app.ask(sign_in(&phone, PASSWORD)).await;
    let first = Person {
        account: first.body["account_id"].as_str().unwrap().parse().unwrap(),
        cookie: first.cookies,
    };
    entered(&app, &first, json!({ "second_login": "refuse", "phone_change": "refuse" })).await;
    assert_eq!(app.ask(sign_in(&phone, PASSWORD)).await.refusal(409), "login.other_device");
    app.ask(Call::new(Method::DELETE, "/logins/current").by(&first)).await.expect(204);
    app.ask(sign_in(&phone, PASSWORD)).await.expect(201);
}

/// The address of a formal sitting that is under way.
async fn entered(app: &TestApp, person: &Person, settings: Value) -> String {
    let exam = exam(app, settings).await;
    let major = exam.body.majors[0].id;
    let who = seed::somebody("王小艺", 7);
    let entry = seed::put_on_roster(&app.app, &exam, major, &who).await.unwrap();
    let enrolment = seed::enrol(&app.app, &exam, major, person.account, entry).await.unwrap();
    let session = json!({ "session_id": exam.body.sessions[0].id });
    let entered =
        app.post(person, &format!("/enrolments/{}/sittings", enrolment.id), session).await.expect(201);
    format!("/sittings/{}", entered["id"].as_str().unwrap())
}

/// An exam that is open now, with these settings.
pub(crate) async fn exam(app: &TestApp, settings: Value) -> seed::MadeExam {
    let school = app.school().await;
    let admin = app.staff(school, SchoolRole::Admin).await;
    let now = app.app.clock.now();
    let id = SessionId::from_uuid(app.app.clock.new_uuid());
    let session =
        Session::new(id, SittingKind::Formal, "上午", now - Millis::hours(1), now + Millis::hours(4));
    let mut body = RevisionBody::from_preset(Preset::General, "校考", "Asia/Shanghai", session);
    body.settings = serde_json::from_value(settings).unwrap();
    body.majors.push(seed::major(&app.app, "声乐", vec![seed::subject(&app.app, "歌曲", true, "一首", "")]));
    seed::open_exam(&app.app, school, admin.account, body).await.unwrap()
}
