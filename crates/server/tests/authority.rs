//! A certified real-name service that is asked, and each of its answers told as what it is (C13).

use axum::http::Method;
use serde_json::{Value, json};
use yikao_domain::id::CandidateId;
use yikao_server::{claims, seed};

use crate::stand_in::faceid::FaceId;
use crate::util::{Person, TestApp};

async fn asking(answers: &[&str]) -> (FaceId, TestApp, Person) {
    let service = FaceId::start(answers).await;
    let flags = service.flags();
    let app = TestApp::start_with(&flags.each_ref().map(String::as_str)).await;
    let person = app.person().await;
    (service, app, person)
}

async fn say(app: &TestApp, person: &Person, name: &str) -> Value {
    let form = json!({ "name": name, "document_type": "id_card", "document_number": seed::id_card(7), "province": "广东" });
    app.command(Method::PUT, person, "/me/identity", form).await.expect(200)
}

#[tokio::test]
async fn a_name_that_fits_its_number_is_authenticated_by_one_signed_request() {
    let (service, app, person) = asking(&["0"]).await;
    let state = say(&app, &person, "王小艺").await;
    assert_eq!(state["identity"]["name"], "王小艺");
    assert_eq!(state["claim"], Value::Null);
    assert_eq!(service.asked(), [json!({ "Name": "王小艺", "IdCard": seed::id_card(7) })]);
}

async fn told(answer: &str) -> Value {
    let (_service, app, person) = asking(&[answer]).await;
    say(&app, &person, "王小艺").await["claim"].clone()
}

#[tokio::test]
async fn each_answer_of_the_service_is_told_apart() {
    for (answer, code) in [
        ("-1", "identity.record_differs"),
        ("-2", "identity.record_number"),
        ("-3", "identity.record_name"),
        ("-5", "identity.record_missing"),
        ("-7", "identity.record_asked_often"),
    ] {
        let claim = told(answer).await;
        assert_eq!(
            (&claim["state"], &claim["refusal"]["code"]),
            (&json!("refused"), &json!(code)),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_record_that_is_missing_comes_with_what_may_lie_behind_it() {
    let claim = told("-5").await;
    let reasons: Vec<_> =
        claim["reasons"].as_array().unwrap().iter().map(|it| it["reason"].clone()).collect();
    assert!(reasons.contains(&json!("moved_out")) && reasons.contains(&json!("serving")), "{reasons:?}");
    assert!(claim["reasons"][0]["words"]["remedy"].as_str().unwrap().len() > 10);
}

#[tokio::test]
async fn a_service_that_fails_in_any_way_is_told_and_loses_nothing() {
    for answer in ["-4", "-6", "junk", "500", "UnauthorizedOperation.Arrears"] {
        let claim = told(answer).await;
        assert_eq!(claim["state"], "asking", "{answer}");
        assert_eq!(claim["refusal"]["code"], "identity.authority_silent", "{answer}");
    }
}

#[tokio::test]
async fn what_it_did_not_answer_is_asked_again_until_it_does() {
    let (service, app, person) = asking(&["-4", "-6", "0"]).await;
    say(&app, &person, "王小艺").await;
    let candidate = CandidateId::from_uuid(*person.account.as_uuid());
    assert!(!claims::ask(&app.app, candidate).await.unwrap());
    assert!(claims::ask(&app.app, candidate).await.unwrap());
    let state = app.get(&person, "/me/identity").await.expect(200);
    assert_eq!(state["identity"]["name"], "王小艺");
    assert_eq!(service.asked().len(), 3);
    let jobs = app.get(&app.operator().await, "/operator/jobs").await.expect(200);
    assert_eq!(jobs[0]["kind"], "identify");
}

#[tokio::test]
async fn an_answer_to_an_older_claim_settles_nothing() {
    let (_service, app, person) = asking(&["-4", "-4"]).await;
    say(&app, &person, "王小艺").await;
    let candidate = CandidateId::from_uuid(*person.account.as_uuid());
    let mut tx = app.app.db.reader().await.unwrap();
    let old = yikao_store::claim::get(&mut tx, candidate).await.unwrap().unwrap();
    drop(tx);
    say(&app, &person, "王小意").await;
    let who = seed::somebody("王小艺", 7);
    let road = yikao_domain::identity::Road::Typed;
    let identity = yikao_server::identities::close(&app.app, candidate, &who, road).await.unwrap();
    claims::settle(&app.app, old, identity, yikao_domain::identity::Answer::Confirmed).await.unwrap();
    let state = app.get(&person, "/me/identity").await.expect(200);
    assert_eq!((&state["identity"], &state["claim"]["name"]), (&Value::Null, &json!("王小意")));
}

#[tokio::test]
async fn a_passport_which_it_does_not_know_goes_to_people_without_being_asked() {
    let (service, app, person) = asking(&[]).await;
    let form = json!({ "name": "MARTIN, ANNE-SOPHIE", "document_type": "passport", "document_number": "E12345678", "province": "北京" });
    let state = app.command(Method::PUT, &person, "/me/identity", form).await.expect(200);
    assert_eq!(state["claim"]["refusal"]["code"], "identity.record_not_covered");
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn somebody_elses_document_is_refused_before_the_service_is_paid() {
    let (service, app, person) = asking(&[]).await;
    app.candidate(&seed::somebody("林小溪", 7)).await;
    let form = json!({ "name": "王小艺", "document_type": "id_card", "document_number": seed::id_card(7), "province": "广东" });
    let answer = app.command(Method::PUT, &person, "/me/identity", form).await;
    assert_eq!(answer.refusal(409), "identity.taken");
    assert!(service.asked().is_empty());
}
