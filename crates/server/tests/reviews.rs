//! The desk: a review is opened once, claimed by one, decided with everybody told, and what was written is closed.

use serde_json::{Value, json};
use yikao_domain::review::ReviewKind;
use yikao_server::auth::actor::PlatformRole;
use yikao_server::seed;
use yikao_store::{audit, desk_message, review};

use crate::util::{Person, TestApp};

/// A candidate, and two agents.
async fn people(app: &TestApp) -> (Person, Person, Person) {
    let candidate = app.candidate(&seed::somebody("林小溪", 1)).await;
    (candidate, app.platform(PlatformRole::Agent).await, app.platform(PlatformRole::Agent).await)
}

async fn ask(app: &TestApp, candidate: &Person) -> String {
    let asked = app.post(candidate, "/me/reviews", json!({ "note": "认不出我" })).await.expect(201);
    asked["reviews"][0]["id"].as_str().unwrap().to_owned()
}

async fn order(app: &TestApp, by: &Person, id: &str, order: &str, body: Value) -> Value {
    app.post(by, &format!("/desk/reviews/{id}/{order}"), body).await.expect(200)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn of_two_who_claim_at_once_one_wins_and_the_other_is_told_who() {
    let app = TestApp::start().await;
    let (candidate, one, other) = people(&app).await;
    let path = format!("/desk/reviews/{}/claim", ask(&app, &candidate).await);
    let answers = tokio::join!(app.post(&one, &path, json!({})), app.post(&other, &path, json!({})));
    let lost = if answers.0.status == 200 { answers.1 } else { answers.0 };
    let lost = lost.expect(409);
    assert_eq!(lost["code"], "review.claimed");
    assert!(lost["detail"].as_str().unwrap().contains("****"));
}

#[tokio::test]
async fn who_asks_twice_has_asked_once() {
    let app = TestApp::start().await;
    let (candidate, ..) = people(&app).await;
    let first = app.review(&candidate, ReviewKind::Appeal, "document", "被占用").await;
    assert_eq!(app.review(&candidate, ReviewKind::Appeal, "document", "被占用").await, first);
    let other = app.review(&candidate, ReviewKind::Appeal, "exam_number", "被占用").await;
    assert_ne!(other, first);
    let command = json!({ "command_id": app.id() });
    app.post(&candidate, "/me/reviews", command.clone()).await.expect(201);
    let again = app.post(&candidate, "/me/reviews", command).await.expect(201);
    assert_eq!(again["reviews"].as_array().unwrap().len(), 3);
    let new = app.post(&candidate, "/me/reviews", json!({})).await;
    assert_eq!(new.refusal(409), "face.in_review");
}

#[tokio::test]
async fn the_candidate_sees_where_it_stands_and_what_was_said() {
    let app = TestApp::start().await;
    let (candidate, agent, _) = people(&app).await;
    let id = ask(&app, &candidate).await;
    order(&app, &agent, &id, "claim", json!({})).await;
    order(&app, &agent, &id, "question", json!({ "words": "请说明换过的眼镜" })).await;
    let seen = app.get(&candidate, "/me/reviews").await.expect(200);
    let mine = &seen["reviews"][0];
    assert_eq!((&mine["state"], &mine["words"]), (&json!("need_more"), &json!("请说明换过的眼镜")));
    let answer = format!("/me/reviews/{id}/answer");
    app.post(&candidate, &answer, json!({ "note": "戴了隐形眼镜" })).await.expect(200);
    assert_eq!(
        app.post(&candidate, &answer, json!({ "note": "又" })).await.refusal(409),
        "review.nothing_asked"
    );
    let again = order(&app, &agent, &id, "claim", json!({})).await;
    assert_eq!(again["facts"]["notes"], json!(["认不出我", "戴了隐形眼镜"]));
    order(&app, &agent, &id, "decision", json!({ "verdict": "approved" })).await;
    let seen = app.get(&candidate, "/me/reviews").await.expect(200);
    assert_eq!((&seen["face"], &seen["bar"]), (&json!("verified"), &Value::Null));
    assert_eq!(seen["reviews"][0]["verdict"], "approved");
}

#[tokio::test]
async fn a_refusal_says_why_and_leaves_a_way() {
    let app = TestApp::start().await;
    let (candidate, agent, _) = people(&app).await;
    let id = ask(&app, &candidate).await;
    order(&app, &agent, &id, "claim", json!({})).await;
    let silent =
        app.post(&agent, &format!("/desk/reviews/{id}/decision"), json!({ "verdict": "refused" })).await;
    assert_eq!(silent.refusal(422), "review.reason_missing");
    order(&app, &agent, &id, "decision", json!({ "verdict": "refused", "reason": "照片翻拍" })).await;
    let seen = app.get(&candidate, "/me/reviews").await.expect(200);
    assert_eq!((&seen["face"], &seen["reviews"][0]["words"]), (&json!("rejected"), &json!("照片翻拍")));
    assert_ne!(ask(&app, &candidate).await, id);
}

#[tokio::test]
async fn every_look_and_decision_is_logged_and_nothing_written_stands_in_clear() {
    let app = TestApp::start().await;
    let (candidate, agent, _) = people(&app).await;
    let id = ask(&app, &candidate).await;
    app.get(&agent, &format!("/desk/reviews/{id}")).await.expect(200);
    order(&app, &agent, &id, "claim", json!({})).await;
    order(&app, &agent, &id, "decision", json!({ "verdict": "refused", "reason": "照片翻拍" })).await;
    let logged = app.get(&agent, &format!("/desk/audit?subject={id}")).await.expect(200);
    let actions: Vec<_> = logged.as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
    assert_eq!(actions, ["review.decided", "review.claimed", "review.looked"]);
    let mut tx = app.app.db.reader().await.unwrap();
    let stored = review::get(&mut tx, id.parse().unwrap()).await.unwrap().unwrap();
    assert!(!contains(&stored.facts_cipher, "认不出我"));
    let events = review::events(&mut tx, stored.id).await.unwrap();
    assert!(!contains(events.last().unwrap().words_cipher.as_ref().unwrap(), "照片翻拍"));
    let page = yikao_store::Page { limit: 50, offset: 0 };
    let entries = audit::of_desk(&mut tx, None, None, page).await.unwrap();
    assert!(entries.iter().all(|entry| !entry.detail.contains("照片翻拍")));
}

#[tokio::test]
async fn stewards_look_at_faces_and_leave_appeals_to_agents() {
    let app = TestApp::start().await;
    let (candidate, ..) = people(&app).await;
    let steward = app.platform(PlatformRole::Steward).await;
    let face = ask(&app, &candidate).await;
    let appeal = app.review(&candidate, ReviewKind::Appeal, "document", "被占用").await;
    order(&app, &steward, &face, "claim", json!({})).await;
    let refused = app.post(&steward, &format!("/desk/reviews/{appeal}/claim"), json!({})).await;
    assert_eq!(refused.refusal(403), "role.missing");
}

#[tokio::test]
async fn a_candidate_and_the_desk_write_to_each_other() {
    let app = TestApp::start().await;
    let (candidate, agent, _) = people(&app).await;
    let hello = json!({ "text": "摄像头打不开", "log": "NotReadableError", "command_id": app.id() });
    app.post(&candidate, "/me/messages", hello.clone()).await.expect(201);
    app.post(&candidate, "/me/messages", hello).await.expect(201);
    let open = app.get(&agent, "/desk/conversations").await.expect(200);
    assert_eq!((&open[0]["unread"], &open[0]["candidate_name"]), (&json!(1), &json!("林小溪")));
    let path = format!("/desk/candidates/{}/messages", candidate.account);
    let seen = app.get(&agent, &path).await.expect(200);
    assert_eq!((&seen[0]["text"], &seen[0]["log"]), (&json!("摄像头打不开"), &json!("NotReadableError")));
    app.post(&agent, &path, json!({ "text": "请关闭其他应用" })).await.expect(201);
    let mine = app.get(&candidate, "/me/messages").await.expect(200);
    assert_eq!((&mine[1]["text"], &mine[0]["log"]), (&json!("请关闭其他应用"), &Value::Null));
    assert!(mine[0]["read_at"].is_i64());
    assert_eq!(app.get(&agent, "/desk/conversations").await.expect(200)[0]["unread"], 0);
    let mut tx = app.app.db.reader().await.unwrap();
    let page = yikao_store::Page { limit: 10, offset: 0 };
    let id = yikao_domain::id::CandidateId::from_uuid(*candidate.account.as_uuid());
    let stored = desk_message::of_candidate(&mut tx, id, page).await.unwrap();
    assert!(stored.iter().all(|one| !contains(&one.cipher, "摄像头") && !contains(&one.cipher, "应用")));
}

#[tokio::test]
async fn the_desk_finds_a_person_by_a_whole_number_and_the_look_is_logged() {
    let app = TestApp::start().await;
    let (candidate, agent, _) = people(&app).await;
    let whole = app.get(&agent, &format!("/desk/candidates?q={}", seed::id_card(1))).await.expect(200);
    assert_eq!((&whole[0]["name"], whole.as_array().unwrap().len()), (&json!("林小溪"), 1));
    let part = app.get(&agent, &format!("/desk/candidates?q={}", &seed::id_card(1)[..10])).await.expect(200);
    assert_eq!(part, json!([]));
    let logged = app.get(&agent, &format!("/desk/audit?subject={}", candidate.account)).await.expect(200);
    assert_eq!(logged[0]["action"], "desk.candidate");
}

#[tokio::test]
async fn the_desk_finds_a_person_by_their_candidate_number_however_it_is_typed() {
    let app = TestApp::start().await;
    let (candidate, agent, _) = people(&app).await;
    let ticket = app.picture(&candidate, "admission_ticket", "{}").await.expect(200)["id"].clone();
    let profile =
        json!({ "class": "gaokao", "candidate_number": "20110512345678", "ticket_picture": ticket });
    app.command(axum::http::Method::PUT, &candidate, "/me/profile", profile).await.expect(200);
    let find = async |typed: &str| app.get(&agent, &format!("/desk/candidates?q={typed}")).await.expect(200);
    for typed in ["20110512345678", "%EF%BC%92%EF%BC%90110512345678", "%202011%200512345678%20"] {
        let found = find(typed).await;
        assert_eq!(found[0]["candidate_id"], candidate.account.to_string(), "{typed}: {found}");
    }
    assert_eq!(find("2011051234567").await, json!([]));
    assert_eq!(find("20110512345679").await, json!([]));
    let logged = app.get(&agent, &format!("/desk/audit?subject={}", candidate.account)).await.expect(200);
    assert_eq!(logged[0]["action"], "desk.candidate");
}

#[tokio::test]
async fn the_desk_sees_the_pictures_of_a_review_and_no_others_and_each_look_is_logged() {
    let app = TestApp::start().await;
    let (candidate, agent, _) = people(&app).await;
    let shown = app.picture(&candidate, "evidence", "{}").await.expect(200)["id"].clone();
    let other = app.picture(&candidate, "evidence", "{}").await.expect(200)["id"].clone();
    let id = app.review_with(&candidate, &[shown.as_str().unwrap()]).await;
    let path = |picture: &Value| format!("/desk/reviews/{id}/pictures/{}", picture.as_str().unwrap());
    assert_eq!(app.get(&agent, &path(&shown)).await.status, 200);
    assert_eq!(app.get(&agent, &path(&other)).await.status, 404);
    assert_eq!(app.get(&candidate, &path(&shown)).await.status, 403);
    let logged = app.get(&agent, &format!("/desk/audit?subject={id}")).await.expect(200);
    assert_eq!((&logged[0]["action"], &logged[0]["detail"]["picture"]), (&json!("review.picture"), &shown));
}

#[tokio::test]
async fn a_face_is_held_beside_the_document_and_each_look_at_each_picture_is_logged() {
    let app = TestApp::start().await;
    let agent = app.platform(PlatformRole::Agent).await;
    let candidate = app.person().await;
    app.agree(&candidate).await;
    let picture = async |kind: &str| app.picture(&candidate, kind, "{}").await.expect(200)["id"].clone();
    let (front, back) = (picture("card_front").await, picture("card_back").await);
    let form = json!({ "name": "考生", "document_type": "id_card", "document_number": seed::id_card(1),
        "province": "广东", "pictures": { "front": front, "back": back } });
    app.command(axum::http::Method::PUT, &candidate, "/me/identity", form).await.expect(200);
    let selfie = picture("selfie").await;
    let asked = json!({ "note": "认不出我", "pictures": [selfie] });
    let asked = app.post(&candidate, "/me/reviews", asked).await.expect(201);
    let id = asked["reviews"][0]["id"].as_str().unwrap();
    let facts = app.get(&agent, &format!("/desk/reviews/{id}")).await.expect(200)["facts"].clone();
    let side_by_side = json!([{ "id": front, "label": "card_front" }, { "id": selfie, "label": "selfie" }]);
    assert_eq!(facts["pictures"], side_by_side);
    order(&app, &agent, id, "claim", json!({})).await;
    order(&app, &agent, id, "question", json!({ "words": "请摘下眼镜再拍一张" })).await;
    let again = picture("selfie").await;
    let more = json!({ "note": "已摘下", "pictures": [again] });
    app.post(&candidate, &format!("/me/reviews/{id}/answer"), more).await.expect(200);
    for shown in [&front, &selfie, &again, &selfie] {
        let path = format!("/desk/reviews/{id}/pictures/{}", shown.as_str().unwrap());
        assert_eq!(app.get(&agent, &path).await.status, 200);
    }
    let logged = app.get(&agent, &format!("/desk/audit?subject={id}")).await.expect(200);
    let looks = logged.as_array().unwrap().iter().filter(|line| line["action"] == "review.picture");
    let looks: Vec<_> = looks.map(|line| line["detail"]["picture"].clone()).collect();
    assert_eq!(looks, [again, selfie, front]);
}

#[tokio::test]
async fn another_candidates_picture_proves_nothing() {
    let app = TestApp::start().await;
    let (candidate, ..) = people(&app).await;
    let other = app.person().await;
    let foreign = app.picture(&other, "evidence", "{}").await.expect(200)["id"].clone();
    let asked = app.post(&candidate, "/me/reviews", json!({ "pictures": [foreign] })).await;
    assert_eq!(asked.refusal(410), "picture.gone");
}
