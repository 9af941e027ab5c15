//! Who a candidate says they are: by hand, with photos, again, with somebody else's document.

use axum::http::Method;
use serde_json::{Value, json};
use yikao_server::seed;

use crate::util::{Answer, Person, TestApp};

fn form(name: &str, number: &str) -> Value {
    json!({ "name": name, "document_type": "id_card", "document_number": number, "province": "广东" })
}

async fn say(app: &TestApp, person: &Person, form: Value) -> Answer {
    app.command(Method::PUT, person, "/me/identity", form).await
}

async fn picture(app: &TestApp, person: &Person, kind: &str, script: Value) -> Value {
    app.picture(person, kind, &script.to_string()).await.expect(200)["id"].clone()
}

/// Both sides of a card on which this name and number are read.
async fn card(app: &TestApp, person: &Person, name: Value, number: Value) -> Value {
    let reading = json!({ "reading": { "name": name, "number": number, "valid_until": "2019-01-01" } });
    let front = picture(app, person, "card_front", reading).await;
    let back = picture(app, person, "card_back", json!({})).await;
    json!({ "front": front, "back": back })
}

#[tokio::test]
async fn typing_it_by_hand_authenticates_and_saying_it_again_is_no_error() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let number = seed::id_card(7);
    let first = say(&app, &person, form("王小艺", &number)).await.expect(200);
    assert_eq!((&first["identity"]["name"], &first["claim"]), (&json!("王小艺"), &Value::Null));
    say(&app, &person, form(" 王小艺 ", &number.to_lowercase())).await.expect(200);
    assert_eq!(say(&app, &person, form("王小意", &number)).await.refusal(409), "identity.already_set");
}

#[tokio::test]
async fn names_are_kept_as_people_have_them() {
    let long = "欧阳".repeat(15);
    for (serial, name) in
        ["阿卜杜热合曼·买买提", "𠮷田𠀀", "䶮小艺", long.as_str(), "Jean-Luc O'Brien", "NGUYỄN THỊ HỒNG"]
            .iter()
            .enumerate()
    {
        let app = TestApp::start().await;
        let person = app.person().await;
        let number = seed::id_card(u32::try_from(serial).unwrap() + 20);
        let state = say(&app, &person, form(name, &number)).await.expect(200);
        assert_eq!(state["identity"]["name"], **name);
    }
}

#[tokio::test]
async fn a_photographed_card_needs_both_sides_and_an_expired_one_is_fine() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let number = seed::id_card(7);
    let pictures = card(&app, &person, json!("王小艺"), json!(number)).await;
    let mut form = form("王小艺", &number);
    form["pictures"] = json!({ "front": pictures["front"] });
    assert_eq!(say(&app, &person, form.clone()).await.refusal(422), "identity.photos_missing");
    form["pictures"] = pictures;
    let state = say(&app, &person, form).await.expect(200);
    assert_eq!(state["identity"]["name"], "王小艺");
}

#[tokio::test]
async fn what_was_misread_is_corrected_by_the_candidate() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let mut form = form("䶮小艺", &seed::id_card(7));
    form["pictures"] = card(&app, &person, json!("小艺"), Value::Null).await;
    assert_eq!(say(&app, &person, form).await.expect(200)["identity"]["name"], "䶮小艺");
}

#[tokio::test]
async fn somebody_elses_card_is_refused_by_its_number() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let mut form = form("王小艺", &seed::id_card(7));
    form["pictures"] = card(&app, &person, json!("林小溪"), json!(seed::id_card(8))).await;
    assert_eq!(say(&app, &person, form).await.refusal(422), "card.number_differs");
}

#[tokio::test]
async fn another_candidates_pictures_cannot_be_used() {
    let app = TestApp::start().await;
    let (one, other) = (app.person().await, app.person().await);
    let mut form = form("王小艺", &seed::id_card(7));
    form["pictures"] = card(&app, &one, json!("王小艺"), json!(seed::id_card(7))).await;
    assert_eq!(say(&app, &other, form).await.refusal(410), "picture.gone");
}

#[tokio::test]
async fn a_temporary_card_goes_to_people_with_its_photo() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let mut form = form("王小艺", &seed::id_card(7));
    form["temporary"] = json!(true);
    assert_eq!(say(&app, &person, form.clone()).await.refusal(422), "identity.temporary_photo");
    let front = picture(&app, &person, "card_front", json!({})).await;
    form["pictures"] = json!({ "front": front });
    let state = say(&app, &person, form).await.expect(200);
    assert_eq!((&state["claim"]["state"], &state["claim"]["temporary"]), (&json!("in_review"), &json!(true)));
}

#[tokio::test]
async fn a_passport_is_authenticated_with_its_page() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let page = picture(&app, &person, "document_page", json!({})).await;
    let form = json!({ "name": "Martin, Anne-Sophie", "document_type": "passport", "document_number": "e1234-5678",
        "province": "北京", "pictures": { "page": page } });
    let state = say(&app, &person, form).await.expect(200);
    assert_eq!(state["identity"]["document_type"], "passport");
}

#[tokio::test]
async fn a_document_that_another_account_has_is_kept_as_a_claim_for_the_appeal() {
    let app = TestApp::start().await;
    app.candidate(&seed::somebody("林小溪", 7)).await;
    let person = app.person().await;
    let answer = say(&app, &person, form("王小艺", &seed::id_card(7))).await;
    assert_eq!(answer.refusal(409), "identity.taken");
    let state = app.get(&person, "/me/identity").await.expect(200);
    assert_eq!((&state["claim"]["state"], &state["claim"]["name"]), (&json!("taken"), &json!("王小艺")));
    assert_eq!(state["claim"]["refusal"]["title"], "This document is in use");
    // A number that was mistyped is said anew, without any appeal.
    say(&app, &person, form("王小艺", &seed::id_card(8))).await.expect(200);
}

#[tokio::test]
async fn two_phones_at_the_same_moment_make_one_owner() {
    let app = TestApp::start().await;
    let (one, other) = (app.person().await, app.person().await);
    let number = seed::id_card(7);
    let (first, second) =
        tokio::join!(say(&app, &one, form("王小艺", &number)), say(&app, &other, form("王小艺", &number)));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn guessing_documents_ends() {
    let app = TestApp::start_limited().await;
    app.candidate(&seed::somebody("林小溪", 7)).await;
    let person = app.person().await;
    for _ in 0..10 {
        assert_eq!(
            say(&app, &person, form("王小艺", &seed::id_card(7))).await.refusal(409),
            "identity.taken"
        );
    }
    assert_eq!(say(&app, &person, form("王小艺", &seed::id_card(7))).await.refusal(429), "rate.limited");
}

#[tokio::test]
async fn pictures_of_a_claim_that_was_made_anew_are_let_go() {
    let app = TestApp::start().await;
    app.candidate(&seed::somebody("林小溪", 7)).await;
    let person = app.person().await;
    let mut first = form("王小艺", &seed::id_card(9));
    first["temporary"] = json!(true);
    let front = picture(&app, &person, "card_front", json!({})).await;
    first["pictures"] = json!({ "front": front });
    say(&app, &person, first).await.expect(200);
    let review = app.get(&person, "/me/reviews").await.expect(200)["reviews"][0]["id"].clone();
    let path = format!("/me/reviews/{}/cancellation", review.as_str().unwrap());
    app.post(&person, &path, json!({})).await.expect(200);
    say(&app, &person, form("王小艺", &seed::id_card(9))).await.expect(200);
    let id: yikao_domain::id::PictureId = front.as_str().unwrap().parse().unwrap();
    let mut tx = app.app.db.reader().await.unwrap();
    assert!(yikao_store::picture::get(&mut tx, id).await.unwrap().unwrap().expires_at.is_some());
}
