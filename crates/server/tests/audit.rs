//! What staff do and the line that tells of it: never one without the other.

use axum::http::Method;
use serde_json::json;
use yikao_store::{Page, audit};

use crate::endpoints::call;
use crate::util::{Call, TestApp};
use crate::world::World;

/// What staff do, by whom, and what its line says.
const ACTIONS: [(&str, &str, &str); 10] = [
    ("POST /console/exams/{exam}/open", "admin", "exam.opened"),
    ("POST /console/exams/{exam}/close", "admin", "exam.closed"),
    ("PUT /console/exams/{exam}/draft", "admin", "exam.edited"),
    ("POST /schools/{school}/exams", "admin", "exam.created"),
    ("POST /console/exams/{exam}/roster-imports", "admin", "roster.imported"),
    ("PATCH /console/roster-entries/{entry}", "admin", "roster.corrected"),
    ("DELETE /console/roster-entries/{entry}", "admin", "roster.removed"),
    ("POST /schools/{school}/members", "admin", "member.added"),
    ("DELETE /schools/{school}/members/{account}", "admin", "member.removed"),
    ("POST /schools", "operator", "school.created"),
];

async fn lines(app: &TestApp) -> Vec<String> {
    let mut tx = app.app.db.reader().await.unwrap();
    let sql = "SELECT action FROM audit ORDER BY at, id";
    let rows: Vec<(String,)> = tx.fetch_all(sql, Vec::new()).await.unwrap();
    rows.into_iter().map(|(action,)| action).collect()
}

#[tokio::test]
async fn every_action_of_staff_leaves_one_line_however_often_it_is_sent() {
    let world = World::make().await;
    for (endpoint, person, action) in ACTIONS {
        let app = world.open().await;
        let before = lines(&app).await.len();
        let asked = call(endpoint, &world, &app).unwrap().by(world.person(person));
        let first = app.ask(asked.clone()).await.status;
        assert!((200..300).contains(&first), "{endpoint}: {first}");
        app.ask(asked.clone()).await;
        app.ask(asked).await;
        // Taking somebody off twice is the same as once, and told as often as it was asked.
        let mut told = lines(&app).await.split_off(before);
        told.dedup();
        assert_eq!(told, [action], "{endpoint}");
    }
}

#[tokio::test]
async fn nothing_is_done_whose_line_cannot_be_kept() {
    let world = World::make().await;
    let app = world.open().await;
    let dropped =
        app.app.db.write(|tx| Box::pin(async move { tx.execute("DROP TABLE audit", Vec::new()).await }));
    dropped.await.unwrap();
    for (endpoint, person, _) in ACTIONS {
        let asked = call(endpoint, &world, &app).unwrap().by(world.person(person));
        assert_eq!(app.ask(asked).await.status, 500, "{endpoint}");
    }
    let admin = world.person("admin");
    let draft = app.get(admin, &format!("/console/exams/{}", world.id("draft"))).await.expect(200);
    assert_eq!((&draft["state"], &draft["revision"]["number"]), (&json!("draft"), &json!(1)));
    let exam = app.get(admin, &format!("/console/exams/{}", world.id("exam"))).await.expect(200);
    assert_eq!((&exam["state"], &exam["revision"]["number"]), (&json!("open"), &json!(1)));
    let members = app.get(admin, &format!("/schools/{}/members", world.id("school"))).await.expect(200);
    assert!(members.as_array().unwrap().iter().any(|member| member["roles"] == json!(["examiner"])));
}

#[tokio::test]
async fn what_is_refused_leaves_no_line() {
    let world = World::make().await;
    let app = world.open().await;
    let (admin, exam) = (world.person("admin"), world.id("exam"));
    let open = json!({ "command_id": app.id() });
    app.post(admin, &format!("/console/exams/{exam}/open"), open).await.expect(409);
    let own = format!("/schools/{}/members/{}", world.id("school"), admin.account);
    app.ask(Call::new(Method::DELETE, &own).by(admin)).await.expect(409);
    let mut tx = app.app.db.reader().await.unwrap();
    let told = audit::of_subject(&mut tx, "account", &admin.account.to_string(), Page::ALL).await.unwrap();
    let of_exam = audit::of_subject(&mut tx, "exam", exam, Page::ALL).await.unwrap();
    assert!(told.is_empty() && of_exam.is_empty());
}
