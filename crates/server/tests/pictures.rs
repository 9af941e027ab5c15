//! Pictures: kept closed, only when they are good, only for their candidate, and not for ever.

use axum::http::Method;
use serde_json::json;
use yikao_domain::id::PictureId;
use yikao_server::pictures;
use yikao_store::{args, picture};

use crate::util::{Call, Person, TestApp};

/// Objects in storage.
pub(crate) fn objects(app: &TestApp) -> usize {
    fn count(dir: &std::path::Path) -> usize {
        let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
        let each = entries.map(|entry| entry.unwrap().path());
        each.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    count(&app.app.config.data.join("objects"))
}

async fn rows(app: &TestApp) -> i64 {
    let mut tx = app.app.db.reader().await.unwrap();
    let (count,): (i64,) = tx.fetch_one("SELECT count(*) FROM picture", args![]).await.unwrap();
    count
}

async fn send(app: &TestApp, person: &Person, path: &str, body: impl Into<Vec<u8>>) -> crate::util::Answer {
    app.ask(Call::new(Method::PUT, path).by(person).raw("image/jpeg", body)).await
}

#[tokio::test]
async fn a_picture_that_is_refused_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let person = app.person().await;
    app.agree(&person).await;
    for (script, code) in [
        (r#"{"refuse":"picture.unreadable"}"#, "picture.unreadable"),
        ("no script at all", "picture.unreadable"),
    ] {
        assert_eq!(app.picture(&person, "portrait", script).await.refusal(422), code);
    }
    assert_eq!((objects(&app), rows(&app).await), (0, 0));
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_before_it_is_read() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let path = format!("/me/pictures/{}?kind=evidence", app.id());
    let announced = Call::new(Method::PUT, &path).by(&person).with("content-length", "99999999");
    assert_eq!(app.ask(announced).await.refusal(413), "picture.too_large");
    let sent = send(&app, &person, &path, vec![0; pictures::MAX_BYTES + 1]).await;
    assert_eq!(sent.refusal(413), "picture.too_large");
}

#[tokio::test]
async fn sent_again_it_is_the_same_picture_and_another_candidates_id_is_nobodys() {
    let app = TestApp::start().await;
    let (one, other) = (app.person().await, app.person().await);
    let path = format!("/me/pictures/{}?kind=evidence", app.id());
    let first = send(&app, &one, &path, "scripted:{}").await.expect(200);
    assert_eq!(send(&app, &one, &path, "scripted:{}").await.expect(200), first);
    assert_eq!(send(&app, &other, &path, "scripted:{}").await.refusal(404), "request.not_found");
    assert_eq!(app.get(&other, path.split('?').next().unwrap()).await.refusal(404), "request.not_found");
    assert_eq!((objects(&app), rows(&app).await), (1, 1));
}

#[tokio::test]
async fn what_lies_on_disk_is_closed() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let script = r#"{"reading":{"name":"王小艺","number":"11010519491231002X","valid_until":null}}"#;
    let sent = app.picture(&person, "card_front", script).await.expect(200);
    assert_eq!(sent["reading"]["name"], "王小艺");
    let id: PictureId = sent["id"].as_str().unwrap().parse().unwrap();
    let mut tx = app.app.db.reader().await.unwrap();
    let row = picture::get(&mut tx, id).await.unwrap().unwrap();
    drop(tx);
    let kept = std::fs::read(app.app.config.data.join("objects").join(&row.object_key)).unwrap();
    let plain = pictures::read(&app.app, &row).await.unwrap();
    assert!(plain.starts_with(b"\xff\xd8\xff"));
    assert!(!kept.windows(5).any(|bytes| bytes == &plain[3..8]));
    let reading = row.reading_cipher.unwrap();
    assert!(!reading.windows(18).any(|bytes| bytes == b"11010519491231002X"));
}

#[tokio::test]
async fn a_picture_that_nobody_uses_is_dropped_and_one_that_is_used_stays() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let used = app.picture(&person, "evidence", "{}").await.expect(200);
    app.picture(&person, "evidence", "{}").await.expect(200);
    let candidate = yikao_domain::id::CandidateId::from_uuid(*person.account.as_uuid());
    let id: PictureId = used["id"].as_str().unwrap().parse().unwrap();
    let aged = app.app.db.write(move |tx| {
        Box::pin(async move {
            assert!(picture::keep(tx, candidate, id).await?);
            tx.execute("UPDATE picture SET expires_at = 1 WHERE expires_at IS NOT NULL", args![]).await
        })
    });
    assert_eq!(aged.await.unwrap(), 1);
    pictures::purge(&app.app).await.unwrap();
    assert_eq!((objects(&app), rows(&app).await), (1, 1));
    let path = format!("/me/pictures/{id}");
    assert_eq!(app.get(&person, &path).await.status, 200);
    let discard = Call::new(Method::DELETE, &path).by(&person);
    assert_eq!(app.ask(discard).await.refusal(404), "request.not_found");
}

#[tokio::test]
async fn a_server_that_died_while_it_wrote_leaves_nothing_for_good() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let sent = app.picture(&person, "evidence", "{}").await.expect(200);
    let id: PictureId = sent["id"].as_str().unwrap().parse().unwrap();
    let undone = app.app.db.write(move |tx| {
        Box::pin(
            async move { tx.execute("UPDATE picture SET stored_at = NULL WHERE id = $1", args![id]).await },
        )
    });
    undone.await.unwrap();
    let path = format!("/me/pictures/{id}?kind=evidence");
    assert_eq!(app.get(&person, &format!("/me/pictures/{id}")).await.status, 404);
    send(&app, &person, &path, "scripted:{}").await.expect(200);
    assert_eq!((objects(&app), rows(&app).await), (1, 1));
    assert_eq!(app.get(&person, &format!("/me/pictures/{id}")).await.status, 200);
}

#[tokio::test]
async fn a_candidate_can_take_back_what_was_not_used() {
    let app = TestApp::start().await;
    let person = app.person().await;
    let sent = app.picture(&person, "evidence", "{}").await.expect(200);
    let path = format!("/me/pictures/{}", sent["id"].as_str().unwrap());
    assert_eq!(app.ask(Call::new(Method::DELETE, &path).by(&person)).await.status, 204);
    assert_eq!((objects(&app), rows(&app).await), (0, 0));
    assert_eq!(app.get(&person, &path).await.refusal(404), "request.not_found");
}

#[tokio::test]
async fn pictures_that_wait_do_not_pile_up() {
    let app = TestApp::start().await;
    let person = app.person().await;
    for _ in 0..40 {
        app.picture(&person, "evidence", "{}").await.expect(200);
    }
    let one_more = app.picture(&person, "evidence", "{}").await;
    assert_eq!(one_more.refusal(409), "picture.many");
}

#[tokio::test]
async fn a_picture_for_something_else_is_named() {
    let app = TestApp::start().await;
    let person = app.candidate(&yikao_server::seed::somebody("林小溪", 7)).await;
    let portrait = app.picture(&person, "evidence", "{}").await.expect(200)["id"].clone();
    let roll = json!({ "school": "青山中学", "stage": "高三" });
    let form = json!({ "class": "other", "school_roll": roll, "portrait_picture": portrait });
    let answer = app.command(Method::PUT, &person, "/me/profile", form).await;
    assert_eq!(answer.refusal(422), "picture.kind_other");
}
