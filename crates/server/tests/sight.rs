//! Documents and portraits as the engines see them, through the API.

use axum::http::Method;
use serde_json::Value;

use crate::util::{self, Answer, Call, Person, TestApp, photo};

async fn send(app: &TestApp, person: &Person, kind: &str, picture: Vec<u8>) -> Answer {
    let path = format!("/me/pictures/{}?kind={kind}", app.id());
    app.ask(Call::new(Method::PUT, &path).by(person).raw("image/jpeg", picture)).await
}

async fn refused(app: &TestApp, person: &Person, kind: &str, picture: Vec<u8>) -> String {
    send(app, person, kind, picture).await.refusal(422)
}

#[tokio::test]
async fn a_portrait_holds_one_face_and_each_fault_has_its_words() {
    let app = TestApp::start_seeing().await;
    let person = app.person().await;
    app.agree(&person).await;
    send(&app, &person, "portrait", photo("obama.jpg")).await.expect(200);
    assert_eq!(refused(&app, &person, "portrait", util::jpeg(|_, _| [0; 3])).await, "face.too_dark");
    assert_eq!(refused(&app, &person, "portrait", util::jpeg(|_, _| [255; 3])).await, "face.over_exposed");
    assert_eq!(refused(&app, &person, "portrait", b"no picture".to_vec()).await, "picture.unreadable");
    let half = photo("obama.jpg");
    assert_eq!(refused(&app, &person, "portrait", half[..half.len() / 2].to_vec()).await, "picture.damaged");
}

#[tokio::test]
async fn the_photo_of_a_card_is_read_and_a_face_is_no_card() {
    let app = TestApp::start_seeing().await;
    let person = app.person().await;
    let (card, truth) = util::card();
    let seen: Value = send(&app, &person, "card_front", card).await.expect(200);
    assert_eq!(seen["reading"]["number"], truth["number"]);
    assert_eq!(seen["reading"]["name"], truth["name"]);
    let refused = refused(&app, &person, "card_front", photo("biden.jpg")).await;
    assert!(refused.starts_with("card."), "{refused}");
}
