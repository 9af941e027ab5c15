//! What the desk decides about who somebody is: documents, appeals against another account, corrections.

use axum::http::Method;
use serde_json::{Value, json};
use yikao_domain::face::FaceOutcome;
use yikao_domain::standing::{Standing, verification};
use yikao_server::auth::actor::PlatformRole;
use yikao_server::{faces, seed};
use yikao_store::{args, audit};

use crate::util::{Answer, Person, TestApp};

struct Office {
    app: TestApp,
    agent: Person,
}

impl Office {
    async fn open() -> Self {
        let app = TestApp::start().await;
        let agent = app.platform(PlatformRole::Agent).await;
        Self { app, agent }
    }

    async fn say(&self, person: &Person, name: &str, serial: u32) -> Answer {
        let form = json!({ "name": name, "document_type": "id_card", "document_number": seed::id_card(serial), "province": "广东" });
        self.app.command(Method::PUT, person, "/me/identity", form).await
    }

    async fn picture(&self, person: &Person, kind: &str) -> Value {
        self.app.agree(person).await;
        self.app.picture(person, kind, "{}").await.expect(200)["id"].clone()
    }

    async fn appeal(&self, person: &Person) -> Answer {
        let picture = self.picture(person, "card_in_hand").await;
        let form = json!({ "topic": "document", "note": "这是我的身份证", "pictures": [picture] });
        self.app.post(person, "/me/appeals", form).await
    }

    /// The newest review of a candidate, claimed and decided.
    async fn decide(&self, person: &Person, verdict: &str) -> Value {
        let own = self.app.get(person, "/me/reviews").await.expect(200);
        let id = own["reviews"][0]["id"].as_str().unwrap();
        let claimed =
            self.app.post(&self.agent, &format!("/desk/reviews/{id}/claim"), json!({})).await.expect(200);
        let body = json!({ "verdict": verdict, "reason": "与证件核对" });
        self.app.post(&self.agent, &format!("/desk/reviews/{id}/decision"), body).await.expect(200);
        claimed
    }

    async fn identity(&self, person: &Person) -> Value {
        self.app.get(person, "/me/identity").await.expect(200)
    }

    /// Their face was verified.
    async fn verified(&self, person: &Person) {
        let (account, now) = (person.account, self.app.app.clock.now());
        let (standing, _) = verification(&Standing::default(), FaceOutcome::Pass, now).unwrap();
        let kept = self.app.app.db.write(move |tx| {
            Box::pin(async move { faces::keep_standing(tx, account, None, &standing, now) })
        });
        kept.await.unwrap();
    }

    async fn correct(&self, person: &Person, body: Value) -> Answer {
        self.app.post(&self.agent, &format!("/desk/candidates/{}/corrections", person.account), body).await
    }
}

#[tokio::test]
async fn an_appeal_that_is_right_moves_the_document_and_the_old_account_is_told() {
    let office = Office::open().await;
    let (old, own) = (office.app.person().await, office.app.person().await);
    office.say(&old, "林小溪", 7).await.expect(200);
    assert_eq!(office.say(&own, "王小艺", 7).await.refusal(409), "identity.taken");
    assert_eq!(office.appeal(&own).await.expect(201)["claim"]["state"], "in_review");
    office.verified(&old).await;
    let facts = office.decide(&own, "approved").await["facts"].clone();
    let face = office.app.get(&old, "/me/reviews").await.expect(200)["face"].clone();
    assert_eq!(face, "unverified", "a face is verified beside the document that one has");
    assert_eq!(facts["values"]["document_number"], seed::id_card(7));
    assert_eq!(facts["automatic"]["held_by"], old.account.to_string());
    assert_eq!(office.identity(&own).await["identity"]["name"], "王小艺");
    let lost = office.identity(&old).await;
    assert_eq!(
        (&lost["identity"], &lost["claim"]["refusal"]["code"]),
        (&Value::Null, &json!("appeal.overturned"))
    );
    let told = office.app.get(&old, "/me/messages").await.expect(200);
    assert!(told[0]["text"].as_str().unwrap().contains("证件已转到另一个账号"), "{told}");
    let mut tx = office.app.app.db.reader().await.unwrap();
    let page = yikao_store::Page { limit: 10, offset: 0 };
    let lines = audit::of_subject(&mut tx, "candidate", &old.account.to_string(), page).await.unwrap();
    assert!(lines.iter().any(|line| line.action == "identity.moved"));
}

#[tokio::test]
async fn an_appeal_that_is_refused_changes_nothing_and_may_be_made_again() {
    let office = Office::open().await;
    let (old, own) = (office.app.person().await, office.app.person().await);
    office.say(&old, "林小溪", 7).await.expect(200);
    office.say(&own, "王小艺", 7).await.refusal(409);
    office.appeal(&own).await.expect(201);
    assert_eq!(office.say(&own, "王小艺", 8).await.refusal(409), "identity.in_review");
    office.decide(&own, "refused").await;
    assert_eq!(office.identity(&own).await["claim"]["state"], "taken");
    assert_eq!(office.identity(&old).await["identity"]["name"], "林小溪");
    office.appeal(&own).await.expect(201);
}

#[tokio::test]
async fn an_appeal_is_made_once_however_often_it_is_sent() {
    let office = Office::open().await;
    let (old, own) = (office.app.person().await, office.app.person().await);
    office.say(&old, "林小溪", 7).await.expect(200);
    office.say(&own, "王小艺", 7).await.refusal(409);
    let picture = office.picture(&own, "card_in_hand").await;
    let form = json!({ "command_id": office.app.id(), "topic": "document", "pictures": [picture] });
    office.app.post(&own, "/me/appeals", form.clone()).await.expect(201);
    office.app.post(&own, "/me/appeals", form).await.expect(201);
    let reviews = office.app.get(&own, "/me/reviews").await.expect(200);
    assert_eq!(reviews["reviews"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_id_that_one_command_used_up_is_new_to_another() {
    let office = Office::open().await;
    let (old, own) = (office.app.person().await, office.app.person().await);
    office.say(&old, "林小溪", 7).await.expect(200);
    office.say(&own, "王小艺", 7).await.refusal(409);
    let picture = office.picture(&own, "card_in_hand").await;
    let id = office.app.id();
    let appeal = json!({ "command_id": id, "topic": "document", "pictures": [picture] });
    office.app.post(&own, "/me/appeals", appeal).await.expect(201);
    office.app.post(&own, "/me/reviews", json!({ "command_id": id })).await.expect(201);
    let reviews = office.app.get(&own, "/me/reviews").await.expect(200);
    assert_eq!(reviews["reviews"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn who_has_nothing_taken_has_nothing_to_appeal_against() {
    let office = Office::open().await;
    let own = office.app.person().await;
    assert_eq!(office.appeal(&own).await.refusal(409), "identity.required");
    office.say(&own, "王小艺", 7).await.expect(200);
    assert_eq!(office.appeal(&own).await.refusal(409), "identity.already_set");
    let bare = json!({ "topic": "document", "pictures": [] });
    assert_eq!(office.app.post(&own, "/me/appeals", bare).await.refusal(422), "correction.evidence");
}

#[tokio::test]
async fn a_temporary_card_is_decided_by_a_person() {
    let office = Office::open().await;
    let own = office.app.person().await;
    let front = office.picture(&own, "card_front").await;
    let form = json!({ "name": "王小艺", "document_type": "id_card", "document_number": seed::id_card(7),
        "province": "广东", "temporary": true, "pictures": { "front": front } });
    let state = office.app.command(Method::PUT, &own, "/me/identity", form).await.expect(200);
    assert_eq!(state["claim"]["state"], "in_review");
    let facts = office.decide(&own, "approved").await["facts"].clone();
    assert_eq!((&facts["automatic"]["temporary"], &facts["pictures"][0]["id"]), (&json!(true), &front));
    assert_eq!(office.identity(&own).await["identity"]["name"], "王小艺");
}

#[tokio::test]
async fn what_an_authority_cannot_confirm_is_confirmed_by_the_desk() {
    let service = crate::stand_in::faceid::FaceId::start(&["-5"]).await;
    let flags = service.flags();
    let app = TestApp::start_with(&flags.each_ref().map(String::as_str)).await;
    let agent = app.platform(PlatformRole::Agent).await;
    let office = Office { app, agent };
    let own = office.app.person().await;
    office.say(&own, "王小艺", 7).await.expect(200);
    let picture = office.picture(&own, "evidence").await;
    let form = json!({ "reason": "moved_out", "note": "户口迁移中", "pictures": [picture] });
    let asked = office.app.post(&own, "/me/identity/reviews", form).await.expect(201);
    assert_eq!(asked["claim"]["refusal"]["code"], "identity.in_review");
    let facts = office.decide(&own, "approved").await["facts"].clone();
    assert_eq!(facts["values"]["reason"], "moved_out");
    assert_eq!(facts["automatic"]["cause"], "identity.record_missing");
    assert_eq!(office.identity(&own).await["identity"]["name"], "王小艺");
}

#[tokio::test]
async fn a_candidate_number_moves_on_an_appeal_with_the_profile_that_it_belongs_to() {
    let office = Office::open().await;
    let old = office.app.candidate(&seed::somebody("林小溪", 7)).await;
    let own = office.app.candidate(&seed::somebody("周晓彤", 8)).await;
    let profile = |ticket: Value, portrait: Value| {
        json!({ "class": "gaokao", "candidate_number": "20110512345678", "ticket_picture": ticket,
            "portrait_picture": portrait, "command_id": office.app.id() })
    };
    let mine =
        profile(office.picture(&old, "admission_ticket").await, office.picture(&old, "portrait").await);
    office.app.command(Method::PUT, &old, "/me/profile", mine).await.expect(200);
    let wanted =
        profile(office.picture(&own, "admission_ticket").await, office.picture(&own, "portrait").await);
    let taken = office.app.command(Method::PUT, &own, "/me/profile", wanted.clone()).await;
    assert_eq!(taken.refusal(409), "profile.number_taken");
    let proof = office.picture(&own, "card_in_hand").await;
    let form = json!({ "topic": "candidate_number", "note": "", "pictures": [proof], "profile": wanted });
    office.app.post(&own, "/me/appeals", form).await.expect(201);
    office.decide(&own, "approved").await;
    let mine = office.app.get(&own, "/me/profile").await.expect(200);
    assert_eq!(mine["profile"]["candidate_number_masked"], "2***********78");
    assert_eq!(office.app.get(&old, "/me/profile").await.expect(200)["profile"], Value::Null);
}

#[tokio::test]
async fn an_agent_corrects_with_evidence_and_a_line_that_tells_no_values() {
    let office = Office::open().await;
    let own = office.app.candidate(&seed::somebody("林小溪", 7)).await;
    let bare = json!({ "changes": { "name": "林小西" }, "reason": "写错了一个字" });
    assert_eq!(office.correct(&own, bare.clone()).await.refusal(422), "correction.evidence");
    let mut body = bare;
    body["evidence"] = json!([office.picture(&own, "card_in_hand").await]);
    let corrected = office.correct(&own, body.clone()).await.expect(200);
    assert_eq!(corrected["identity"]["name"], "林小西");
    let told = office.app.get(&own, "/me/messages").await.expect(200);
    assert!(told[0]["text"].as_str().unwrap().contains("写错了一个字"), "{told}");
    body.as_object_mut().unwrap().remove("command_id");
    assert_eq!(office.correct(&own, body).await.refusal(422), "correction.nothing");
    let mut tx = office.app.app.db.reader().await.unwrap();
    let page = yikao_store::Page { limit: 10, offset: 0 };
    let lines = audit::of_subject(&mut tx, "candidate", &own.account.to_string(), page).await.unwrap();
    let line = lines.iter().find(|line| line.action == "candidate.corrected").unwrap();
    assert_eq!(line.account_id, Some(office.agent.account));
    assert!(!line.detail.contains("林小西"));
    let (kept,): (Vec<u8>,) = tx.fetch_one("SELECT cipher FROM correction", args![]).await.unwrap();
    assert!(!kept.windows(6).any(|bytes| bytes == "林小".as_bytes()));
}

#[tokio::test]
async fn a_correction_may_rest_on_any_review_of_the_candidates_and_on_nobody_elses() {
    let office = Office::open().await;
    let own = office.app.candidate(&seed::somebody("林小溪", 7)).await;
    let other = office.app.candidate(&seed::somebody("周晓彤", 8)).await;
    for person in [&own, &other] {
        office.app.post(person, "/me/reviews", json!({})).await.expect(201);
    }
    let review =
        async |person| office.app.get(person, "/me/reviews").await.expect(200)["reviews"][0]["id"].clone();
    let body =
        |review| json!({ "changes": { "name": "林小西" }, "reason": "写错了一个字", "review_id": review });
    office.correct(&own, body(review(&other).await)).await.expect(404);
    let corrected = office.correct(&own, body(review(&own).await)).await.expect(200);
    assert_eq!(corrected["identity"]["name"], "林小西");
}

#[tokio::test]
async fn a_correction_cannot_take_another_candidates_number() {
    let office = Office::open().await;
    office.app.candidate(&seed::somebody("周晓彤", 8)).await;
    let own = office.app.candidate(&seed::somebody("林小溪", 7)).await;
    let evidence = json!([office.picture(&own, "evidence").await]);
    let body =
        json!({ "changes": { "document_number": seed::id_card(8) }, "reason": "换证", "evidence": evidence });
    assert_eq!(office.correct(&own, body).await.refusal(409), "identity.taken");
}

#[tokio::test]
async fn a_correction_that_a_candidate_asks_for_holds_once_an_agent_agrees() {
    let office = Office::open().await;
    let own = office.app.candidate(&seed::somebody("林小溪", 7)).await;
    let picture = office.picture(&own, "card_in_hand").await;
    let form = json!({ "changes": { "name": "林小西", "province": "湖南" }, "note": "填错了", "pictures": [picture] });
    office.app.post(&own, "/me/corrections", form).await.expect(201);
    assert_eq!(office.identity(&own).await["identity"]["name"], "林小溪");
    office.decide(&own, "approved").await;
    let now = office.identity(&own).await;
    assert_eq!((&now["identity"]["name"], &now["identity"]["province"]), (&json!("林小西"), &json!("湖南")));
}
