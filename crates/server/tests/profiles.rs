//! In which capacity a candidate applies: 考生号 by province, 学籍, final, and nobody's twice.

use axum::http::Method;
use serde_json::{Value, json};
use yikao_server::seed;

use crate::util::{Answer, Call, Person, TestApp};

async fn picture(app: &TestApp, person: &Person, kind: &str) -> Value {
    app.agree(person).await;
    app.picture(person, kind, "{}").await.expect(200)["id"].clone()
}

async fn gaokao(app: &TestApp, person: &Person, number: &str) -> Value {
    let (ticket, portrait) =
        (picture(app, person, "admission_ticket").await, picture(app, person, "portrait").await);
    json!({ "class": "gaokao", "candidate_number": number, "ticket_picture": ticket, "portrait_picture": portrait })
}

async fn set(app: &TestApp, person: &Person, form: Value) -> Answer {
    app.command(Method::PUT, person, "/me/profile", form).await
}

#[tokio::test]
async fn a_profile_is_final_and_saying_it_again_is_no_error() {
    let app = TestApp::start().await;
    let person = app.candidate(&seed::somebody("林小溪", 7)).await;
    let mut form = gaokao(&app, &person, "20110512345678").await;
    let state = set(&app, &person, form.clone()).await.expect(200);
    assert_eq!(state["profile"]["candidate_number_masked"], "2***********78");
    assert!(!state.to_string().contains("20110512345678"));
    set(&app, &person, form.clone()).await.expect(200);
    form["candidate_number"] = json!("20110512345679");
    assert_eq!(set(&app, &person, form).await.refusal(409), "profile.already_set");
}

#[tokio::test]
async fn a_candidate_number_belongs_to_one_candidate() {
    let app = TestApp::start().await;
    let one = app.candidate(&seed::somebody("林小溪", 7)).await;
    let other = app.candidate(&seed::somebody("周晓彤", 8)).await;
    let form = gaokao(&app, &one, "20110512345678").await;
    set(&app, &one, form).await.expect(200);
    let form = gaokao(&app, &other, "２０110512345678").await;
    assert_eq!(set(&app, &other, form).await.refusal(409), "profile.number_taken");
}

#[tokio::test]
async fn each_class_asks_for_what_it_needs() {
    let app = TestApp::start().await;
    let person = app.candidate(&seed::somebody("林小溪", 7)).await;
    let portrait = picture(&app, &person, "portrait").await;
    let without = |form: Value| set(&app, &person, form);
    let number = json!({ "class": "gaokao", "portrait_picture": portrait });
    assert_eq!(without(number).await.refusal(422), "profile.number_empty");
    let ticket =
        json!({ "class": "gaokao", "candidate_number": "20110512345678", "portrait_picture": portrait });
    assert_eq!(without(ticket).await.refusal(422), "profile.ticket_missing");
    let roll = json!({ "class": "other", "portrait_picture": portrait });
    assert_eq!(without(roll).await.refusal(422), "profile.roll_missing");
    assert_eq!(without(json!({ "class": "other" })).await.refusal(422), "profile.portrait_missing");
    let roll = json!({ "school": "青山中学", "stage": "高三" });
    let whole = json!({ "class": "other", "portrait_picture": portrait, "school_roll": roll });
    assert_eq!(without(whole).await.expect(200)["profile"]["school_roll"]["school"], "青山中学");
}

#[tokio::test]
async fn who_one_is_comes_before_in_which_capacity() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let form = gaokao(&app, &person, "20110512345678").await;
    assert_eq!(set(&app, &person, form).await.refusal(409), "identity.required");
}

async fn warning(app: &TestApp, person: &Person, number: &str) -> Value {
    let call = Call::new(Method::POST, "/me/profile/number-checks").by(person);
    app.ask(call.json(&json!({ "candidate_number": number }))).await.expect(200)["warning"].clone()
}

#[tokio::test]
async fn an_unusual_number_is_pointed_out_and_never_blocks() {
    let app = TestApp::start().await;
    let person = app.candidate(&seed::somebody("林小溪", 7)).await;
    assert_eq!(warning(&app, &person, "20110512345678").await, Value::Null);
    let unusual = warning(&app, &person, "1234567890").await;
    assert_eq!(unusual["code"], "profile.number_pattern");
    let form = gaokao(&app, &person, "1234567890").await;
    set(&app, &person, form).await.expect(200);
}

#[tokio::test]
async fn an_operator_imports_a_seasons_table() {
    let app = TestApp::start().await;
    let person = app.candidate(&seed::somebody("林小溪", 7)).await;
    let operator = app.operator().await;
    let season = app.get(&person, "/me/profile").await.expect(200)["season"].clone();
    let path = format!("/operator/seasons/{season}/number-rules");
    assert_eq!(app.get(&operator, &path).await.expect(200)["imported"], false);
    let import = |table: &'static str| Call::new(Method::PUT, &path).by(&operator).raw("text/csv", table);
    let answer = app.ask(import("省份,位数,前缀\n火星,10,\n北京,12,\n")).await;
    assert_eq!(answer.body["errors"][0]["field"], "rows[2]");
    assert_eq!(answer.refusal(422), "profile.rules");
    let table = app.ask(import("省份,位数,前缀\n北京,12,{yy}\n")).await.expect(200);
    assert_eq!((&table["imported"], table["rules"].as_array().unwrap().len()), (&json!(true), 1));
    assert_eq!(warning(&app, &person, "20110512345678").await["code"], "profile.number_pattern");
}
