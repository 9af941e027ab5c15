//! No picture of a face without a consent, a minor's with their guardian's; once it is withdrawn nothing of the face is
//! kept, and the person at the desk is the other road.

use axum::http::Method;
use serde_json::{Value, json};
use yikao_domain::consent::ConsentKind;
use yikao_domain::id::{AccountId, CandidateId, FaceChallengeId, LoginId, PictureId};
use yikao_domain::identity::PictureKind;
use yikao_server::auth::actor::PlatformRole;
use yikao_server::{consents, pictures, seed};
use yikao_store::face::{self, Challenge, Reference};
use yikao_store::{Page, audit};

use crate::faces::{Hall, verified};
use crate::pictures::objects;
use crate::util::{Call, Person, TestApp};

/// Born in 2010.
const MINOR: u32 = 13_440_001;
const LATELY: Page = Page { limit: 20, offset: 0 };

fn candidate(person: &Person) -> CandidateId {
    CandidateId::from_uuid(*person.account.as_uuid())
}

async fn sign(app: &TestApp, person: &Person, kind: &str, name: &str, relation: Value) {
    let shown = app.get(person, "/me/consents").await.expect(200);
    let text = shown["consents"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap();
    let body = json!({ "kind": kind, "text_hash": text["text_hash"], "name": name, "relation": relation });
    app.post(person, "/me/consents", body).await.expect(201);
}

async fn withdraw(app: &TestApp, person: &Person, kind: &str) -> crate::util::Answer {
    app.ask(Call::new(Method::DELETE, &format!("/me/consents/{kind}")).by(person)).await
}

/// What a camera made of a face, and what a challenge measured, as an enrolment keeps them.
async fn known_by_face(app: &TestApp, account: AccountId) {
    let now = app.app.clock.now();
    let reference = Reference {
        id: app.app.clock.new_uuid(),
        account_id: account,
        source: "challenge".to_owned(),
        engine: "test".to_owned(),
        cipher: vec![1],
        created_at: now,
        removed_at: None,
    };
    let challenge = Challenge {
        id: FaceChallengeId::from_uuid(app.app.clock.new_uuid()),
        account_id: account,
        login_id: LoginId::from_uuid(app.app.clock.new_uuid()),
        nonce_hash: String::new(),
        steps: "[]".to_owned(),
        version: 1,
        created_at: now,
        expires_at: now,
        closed_at: None,
        outcome: None,
        cipher: None,
    };
    let kept = app.app.db.write_with((reference, challenge), |tx, (reference, challenge)| {
        Box::pin(async move {
            face::put_reference(tx, reference);
            face::issue(tx, challenge);
            Ok(())
        })
    });
    kept.await.unwrap();
}

async fn references(app: &TestApp, person: &Person) -> usize {
    face::references(&mut app.app.db.reader().await.unwrap(), person.account).await.unwrap().len()
}

#[tokio::test]
async fn no_picture_of_a_face_is_taken_in_before_its_owner_agrees() {
    let app = TestApp::start().await;
    let person = app.candidate(&seed::somebody("王小艺", 7)).await;
    for kind in ["portrait", "selfie", "card_in_hand"] {
        let refused = app.picture(&person, kind, "{}").await.expect(403);
        assert_eq!(
            (&refused["code"], &refused["params"]["kind"]),
            (&json!("consent.required"), &json!("faces"))
        );
    }
    assert_eq!(objects(&app), 0);
    // A document is no face.
    app.picture(&person, "card_front", "{}").await.expect(200);
    sign(&app, &person, "faces", "王小艺", Value::Null).await;
    app.picture(&person, "portrait", "{}").await.expect(200);
}

#[tokio::test]
async fn a_minors_face_needs_their_guardians_word_too_and_goes_with_it() {
    let app = TestApp::start().await;
    let minor = app.candidate(&seed::somebody("王小艺", MINOR)).await;
    let refused = app.picture(&minor, "portrait", "{}").await.expect(403);
    assert_eq!(refused["params"]["kind"], "guardian");
    sign(&app, &minor, "guardian", "王大", json!("father")).await;
    assert_eq!(app.picture(&minor, "portrait", "{}").await.expect(403)["params"]["kind"], "faces");
    sign(&app, &minor, "faces", "王小艺", Value::Null).await;
    app.picture(&minor, "portrait", "{}").await.expect(200);
    withdraw(&app, &minor, "guardian").await.expect(200);
    assert_eq!(objects(&app), 0);
    assert_eq!(app.picture(&minor, "portrait", "{}").await.expect(403)["params"]["kind"], "guardian");
}

#[tokio::test]
async fn who_withdraws_leaves_no_face_behind_and_is_told_what_follows() {
    let app = TestApp::start().await;
    let person = app.candidate(&seed::somebody("王小艺", 7)).await;
    let other = app.candidate(&seed::somebody("周晓彤", 8)).await;
    for somebody in [&person, &other] {
        app.agree(somebody).await;
        app.picture(somebody, "portrait", "{}").await.expect(200);
        known_by_face(&app, somebody.account).await;
    }
    let portrait = app.picture(&person, "selfie", "{}").await.expect(200)["id"].clone();
    app.picture(&person, "card_front", "{}").await.expect(200);
    withdraw(&app, &person, "faces").await.expect(200);
    // The document stays, and so does everything of others.
    assert_eq!((objects(&app), references(&app, &person).await, references(&app, &other).await), (2, 0, 1));
    let path = format!("/me/pictures/{}", portrait.as_str().unwrap());
    assert_eq!(app.get(&person, &path).await.status, 404);
    let told = app.get(&person, "/me/messages").await.expect(200);
    assert!(told[0]["text"].as_str().unwrap().contains("人工审核"), "{told}");
    assert_eq!(app.get(&other, "/me/messages").await.expect(200), json!([]));
    let mut tx = app.app.db.reader().await.unwrap();
    let lines = audit::of_subject(&mut tx, "account", &person.account.to_string(), LATELY).await.unwrap();
    let line = lines.iter().find(|line| line.action == "consent.withdrawn").unwrap();
    let forgotten = json!({ "pictures": 2, "references": 1, "challenges": 1 });
    assert_eq!(serde_json::from_str::<Value>(&line.detail).unwrap()["forgotten"], forgotten);
    drop(tx);
    assert_eq!(withdraw(&app, &person, "faces").await.refusal(404), "request.not_found");
    assert_eq!(app.get(&person, "/me/messages").await.expect(200).as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_picture_that_was_under_way_when_the_consent_went_is_not_kept() {
    let app = TestApp::start().await;
    let person = app.candidate(&seed::somebody("王小艺", 7)).await;
    app.agree(&person).await;
    let agreed = consents::require(&app.app, candidate(&person), ConsentKind::Faces).await.unwrap();
    withdraw(&app, &person, "faces").await.expect(200);
    let id = PictureId::from_uuid(app.app.clock.new_uuid());
    let late = pictures::receive(
        &app.app,
        candidate(&person),
        id,
        PictureKind::Selfie,
        Some(agreed),
        "scripted:{}".into(),
    );
    assert_eq!(late.await.unwrap_err().code().code(), "consent.required");
    assert_eq!(objects(&app), 0);
}

#[tokio::test]
async fn withdrawn_on_another_phone_it_holds_on_this_one_too() {
    let hall = Hall::open().await;
    hall.stand(verified()).await;
    let checked = hall.check("pass", |_| ()).await;
    let cookie = seed::sign_in(&hall.app.app, hall.candidate.account).await.unwrap();
    let other_phone = Person { account: hall.candidate.account, cookie };
    withdraw(&hall.app, &other_phone, "faces").await.expect(200);
    assert_eq!(hall.look(&hall.app.id()).await.refusal(403), "consent.required");
    assert_eq!(hall.start(Some(checked)).await.refusal(409), "face.unverified");
    let mine = hall.app.get(&hall.candidate, "/me/reviews").await.expect(200);
    assert_eq!(
        (&mine["bar"]["code"], &mine["actions"][0]["open"]),
        (&json!("face.unverified"), &json!(true))
    );
}

#[tokio::test]
async fn a_take_that_runs_goes_on_when_the_consent_is_withdrawn() {
    let hall = Hall::open().await;
    hall.stand(verified()).await;
    let checked = hall.check("pass", |_| ()).await;
    let started = hall.start(Some(checked)).await.expect(201);
    withdraw(&hall.app, &hall.candidate, "faces").await.expect(200);
    let beep = json!({ "part_id": started["part"]["id"] });
    let path = format!("/takes/{}/beep", started["take_id"].as_str().unwrap());
    hall.app.post(&hall.candidate, &path, beep).await.expect(200);
}

#[tokio::test]
async fn whom_the_desk_knows_begins_without_a_picture_and_is_marked() {
    let hall = Hall::open().await;
    withdraw(&hall.app, &hall.candidate, "faces").await.expect(200);
    let asked = hall.app.post(&hall.candidate, "/me/reviews", json!({})).await.expect(201);
    let id = asked["reviews"][0]["id"].as_str().unwrap().to_owned();
    let agent = hall.app.platform(PlatformRole::Agent).await;
    hall.app.post(&agent, &format!("/desk/reviews/{id}/claim"), json!({})).await.expect(200);
    let approve = json!({ "verdict": "approved" });
    hall.app.post(&agent, &format!("/desk/reviews/{id}/decision"), approve).await.expect(200);
    let subject = hall.view().await["subjects"][0].clone();
    let start =
        subject["actions"].as_array().unwrap().iter().find(|one| one["name"] == "start_take").unwrap();
    assert_eq!((&subject["face"], &start["open"]), (&json!("off"), &json!(true)));
    let started = hall.start(None).await.expect(201);
    let take = started["take_id"].as_str().unwrap().to_owned();
    let mut tx = hall.app.app.db.reader().await.unwrap();
    let checks = face::checks_of_sitting(&mut tx, hall.sitting).await.unwrap();
    assert_eq!((checks[0].outcome.as_str(), checks[0].cause.as_deref()), ("cannot_tell", Some("no_consent")));
    drop(tx);
    let cause = json!({ "cause": "NotReadableError" });
    hall.app.post(&hall.candidate, &format!("/takes/{take}/failure"), cause).await.expect(200);
    // The desk's word is for the day of the exam; after that it is asked again, or the consent is signed.
    hall.stand(yikao_domain::standing::Standing {
        vouched_until: Some(yikao_domain::Timestamp(1)),
        ..verified()
    })
    .await;
    assert_eq!(hall.start(None).await.refusal(403), "consent.required");
    let mine = hall.app.get(&hall.candidate, "/me/reviews").await.expect(200);
    assert_eq!(
        (&mine["bar"]["code"], &mine["actions"][0]["open"]),
        (&json!("consent.required"), &json!(true))
    );
}

#[tokio::test]
async fn who_does_not_agree_can_apply_without_a_portrait() {
    let app = TestApp::start().await;
    let person = app.candidate(&seed::somebody("王小艺", 7)).await;
    let form = json!({ "class": "other", "school_roll": { "school": "青山中学", "stage": "高三" } });
    let state = app.command(Method::PUT, &person, "/me/profile", form.clone()).await.expect(200);
    assert_eq!(state["profile"]["portrait_picture"], Value::Null);
    let agrees = app.candidate(&seed::somebody("周晓彤", 8)).await;
    app.agree(&agrees).await;
    let refused = app.command(Method::PUT, &agrees, "/me/profile", form.clone()).await;
    assert_eq!(refused.refusal(422), "profile.portrait_missing");
    let mut whole = form;
    whole["portrait_picture"] = app.picture(&agrees, "portrait", "{}").await.expect(200)["id"].clone();
    app.command(Method::PUT, &agrees, "/me/profile", whole).await.expect(200);
    withdraw(&app, &agrees, "faces").await.expect(200);
    let state = app.get(&agrees, "/me/profile").await.expect(200);
    assert_eq!(state["profile"]["portrait_picture"], Value::Null);
}
