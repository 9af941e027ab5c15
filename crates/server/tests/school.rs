//! A school's day: an exam is written, opened and sat; the desk sees it; people come and go.

use axum::http::Method;
use serde_json::{Value, json};
use yikao_server::auth::actor::SchoolRole;
use yikao_server::seed;

use crate::util::{Call, TestApp};
use crate::world::World;

fn action<'a>(view: &'a Value, name: &str) -> &'a Value {
    view["actions"].as_array().unwrap().iter().find(|action| action["name"] == name).unwrap()
}

#[tokio::test]
async fn an_exam_opens_only_without_errors_and_changes_only_without_errors() {
    let app = TestApp::start().await;
    let school = app.school().await;
    let admin = app.staff(school, SchoolRole::Admin).await;
    let now = app.app.clock.now().as_ms();
    let new = json!({ "preset": "general", "title": "校考", "zone": "Asia/Shanghai",
        "opens_at": now, "closes_at": now + 3_600_000 });
    let made = app.post(&admin, &format!("/schools/{school}/exams"), new).await.expect(201);
    let path = format!("/console/exams/{}", made["id"].as_str().unwrap());
    let draft = format!("{path}/draft");
    let save = |based_on: u32, body: &Value| {
        app.command(Method::PUT, &admin, &draft, json!({ "based_on": based_on, "body": body }))
    };

    let mut body = made["revision"]["body"].clone();
    body["majors"][0]["subjects"][0]["settings"]["attempts"] = 0.into();
    let spoilt = save(1, &body).await.expect(200);
    assert_eq!(spoilt["revision"]["number"], 2);
    assert_eq!(spoilt["findings"][0]["code"], "attempts.zero");
    assert_eq!(action(&spoilt, "open")["refusal"]["code"], "exam.findings");
    assert_eq!(app.post(&admin, &format!("{path}/open"), json!({})).await.refusal(409), "exam.findings");

    body["majors"][0]["subjects"][0]["settings"]["attempts"] = 5.into();
    let right = save(2, &body).await.expect(200);
    let attempts =
        right["resolved"][0]["values"].as_array().unwrap().iter().find(|one| one["setting"] == "attempts");
    assert_eq!(attempts.unwrap(), &json!({ "setting": "attempts", "value": 5, "from": "subject" }));
    let open = app.post(&admin, &format!("{path}/open"), json!({})).await.expect(200);
    assert_eq!(open["state"], "open");

    body["title"] = "".into();
    assert_eq!(save(3, &body).await.refusal(409), "exam.findings");
    app.post(&admin, &format!("{path}/close"), json!({})).await.expect(200);
    body["title"] = "校考".into();
    assert_eq!(save(3, &body).await.refusal(410), "exam.closed");
    let rows = app.get(&admin, &format!("/schools/{school}/exams")).await.expect(200);
    assert_eq!((&rows[0]["state"], &rows[0]["counts"]["enrolments"]), (&json!("closed"), &json!(0)));
}

#[tokio::test]
async fn who_edits_an_old_revision_is_told_and_overwrites_nobody() {
    let world = World::make().await;
    let app = world.open().await;
    let (admin, path) = (world.person("admin"), format!("/console/exams/{}", world.id("draft")));
    let draft = format!("{path}/draft");
    let mut body = app.get(admin, &path).await.expect(200)["revision"]["body"].clone();
    body["title"] = "甲的标题".into();
    let save = |based_on: u32, body: &Value| {
        let form = json!({ "command_id": app.id(), "based_on": based_on, "body": body });
        app.command(Method::PUT, admin, &draft, form)
    };
    save(1, &body).await.expect(200);
    body["title"] = "乙的标题".into();
    let stale = save(1, &body).await.expect(409);
    assert_eq!((&stale["code"], &stale["params"]["number"]), (&json!("exam.draft_stale"), &json!(2)));
    assert_eq!(app.get(admin, &path).await.expect(200)["revision"]["body"]["title"], "甲的标题");
    assert_eq!(save(2, &body).await.expect(200)["revision"]["number"], 3, "on purpose it may be overwritten");
}

#[tokio::test]
async fn a_link_shows_an_exam_only_while_it_is_open() {
    let world = World::make().await;
    let app = world.open().await;
    let admin = world.person("admin");
    let link = |exam: &str| Call::new(Method::GET, &format!("/exams/{}", world.id(exam)));
    let summary = app.ask(link("exam")).await.expect(200);
    assert_eq!(
        (&summary["title"], &summary["majors"][1]["name"]),
        (&json!("2027 年校考"), &json!("钢琴演奏"))
    );
    assert_eq!(app.ask(link("draft")).await.refusal(404), "exam.not_found");
    app.post(admin, &format!("/console/exams/{}/close", world.id("exam")), json!({})).await.expect(200);
    assert_eq!(app.ask(link("exam")).await.refusal(410), "exam.closed");
}

#[tokio::test]
async fn a_candidate_sees_what_to_confirm_and_what_can_be_entered() {
    let world = World::make().await;
    let app = world.open().await;
    let own = app.get(world.person("candidate"), "/me/enrolments").await.expect(200);
    assert_eq!(own["pending"][0]["major"]["name"], "钢琴演奏");
    assert_eq!(action(&own["pending"][0], "confirm")["open"], true);
    let sessions = own["confirmed"][0]["sessions"].as_array().unwrap();
    assert_eq!(
        (&sessions[0]["sitting_id"], &action(&sessions[0], "enter")["open"]),
        (&Value::Null, &json!(true))
    );
    assert_eq!(sessions[1]["sitting_id"], world.id("bare sitting"));
    assert_eq!(own["confirmed"][0]["policy"]["attempts"], 3);
    let stranger = app.get(world.person("operator"), "/me/enrolments").await.expect(200);
    assert_eq!((&stranger["pending"], &stranger["confirmed"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn the_desk_shows_who_sits_and_what_their_camera_said() {
    let world = World::make().await;
    let app = world.open().await;
    let bearer = format!("Bearer {}", world.id("capability"));
    let pulse = json!({ "recorder": "recording", "queued_segments": 7, "battery": { "level": 0.5, "charging": false } });
    let path = format!("/parts/{}/pulses", world.id("recording part"));
    app.ask(Call::new(Method::POST, &path).with("authorization", &bearer).json(&pulse)).await.expect(200);

    let path = format!("/console/exams/{}/sittings", world.id("exam"));
    let all = app.get(world.person("proctor"), &path).await.expect(200);
    assert_eq!(all["total"], 5);
    let rows = all["items"].as_array().unwrap();
    let row = rows.iter().find(|row| row["sitting_id"] == world.id("recording sitting")).unwrap();
    assert_eq!((&row["candidate_name"], &row["major"]), (&json!("林小溪"), &json!("声乐表演")));
    assert_eq!(row["cameras"][0]["recorder"], "recording");
    assert_eq!(
        (&row["cameras"][0]["battery"]["level"], &row["cameras"][0]["queued_segments"]),
        (&json!(0.5), &json!(7))
    );
    let by_name = app.get(world.person("proctor"), &format!("{path}?q=%E6%9E%97%E5%B0%8F%E6%BA%AA")).await;
    assert_eq!(by_name.expect(200)["total"], 5);
    let nobody = app.get(world.person("proctor"), &format!("{path}?q=%E6%97%A0%E4%BA%BA")).await;
    assert_eq!(nobody.expect(200)["total"], 0);
    let judged = app.get(world.person("judge"), &path).await.expect(200);
    assert_eq!(
        (&judged["total"], &judged["items"][0]["sitting_id"]),
        (&json!(1), &json!(world.id("delivered sitting")))
    );
}

#[tokio::test]
async fn an_order_is_on_the_timeline_with_who_gave_it_and_why() {
    let world = World::make().await;
    let app = world.open().await;
    let proctor = world.person("proctor");
    let path = format!("/console/sittings/{}", world.id("recording sitting"));
    let before = app.get(proctor, &path).await.expect(200);
    assert_eq!(before["candidate"]["document_number_masked"].as_str().unwrap().len(), 18);
    assert!(before["parts"][0]["offset_ms"].as_i64().unwrap() <= 0);
    let grant = json!({ "command_id": app.id(), "extra_ms": 600_000, "reason": "停电 8 分钟" });
    let first = app.post(proctor, &format!("{path}/grants"), grant.clone()).await.expect(200);
    let again = app.post(proctor, &format!("{path}/grants"), grant).await.expect(200);
    assert_eq!(first["phase"]["closes_at"], again["phase"]["closes_at"]);
    let closes = before["sitting"]["phase"]["closes_at"].as_i64().unwrap();
    assert_eq!(first["phase"]["closes_at"], closes + 600_000);

    let after = app.get(proctor, &path).await.expect(200);
    let granted = after["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(granted["kind"], "granted");
    assert_eq!(granted["actor"], json!({ "kind": "staff", "role": "proctor" }));
    assert_eq!(granted["text_params"]["reason"], "停电 8 分钟");
    let unsaid = json!({ "extra_ms": 600_000, "reason": " " });
    let refused = app.post(proctor, &format!("{path}/grants"), unsaid).await.expect(422);
    assert_eq!(refused["errors"][0]["field"], "reason");
}

#[tokio::test]
async fn every_look_is_logged_once_in_a_while() {
    let world = World::make().await;
    let app = world.open().await;
    let path = format!("/console/sittings/{}", world.id("delivered sitting"));
    app.get(world.person("judge"), &path).await.expect(200);
    app.get(world.person("judge"), &path).await.expect(200);
    app.get(world.person("proctor"), &path).await.expect(200);
    let mut tx = app.app.db.reader().await.unwrap();
    let all = yikao_store::Page::ALL;
    let looks =
        yikao_store::audit::of_subject(&mut tx, "sitting", world.id("delivered sitting"), all).await.unwrap();
    assert_eq!(looks.iter().filter(|entry| entry.action == "sitting.read").count(), 2);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let world = World::make().await;
    let app = world.open().await;
    let (admin, operator) = (world.person("admin"), world.person("operator"));
    let members = format!("/schools/{}/members", world.id("school"));
    let own = format!("{members}/{}", admin.account);
    let remove = |path: &str| app.ask(Call::new(Method::DELETE, path).by(admin));
    assert_eq!(remove(&own).await.refusal(409), "member.last_admin");
    let phone = seed::phone(2).unwrap();
    let added =
        app.post(operator, &members, json!({ "contact": phone.digits(), "role": "admin" })).await.expect(201);
    assert_eq!((&added["roles"], &added["phone_masked"]), (&json!(["admin"]), &json!(phone.masked())));
    assert_eq!(remove(&format!("{own}?role=admin")).await.status, 204);
    assert_eq!(remove(&own).await.status, 404, "whoever is no member any more sees nothing");
}

#[tokio::test]
async fn an_activation_code_signs_up_as_one_that_was_sent() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let body = json!({ "command_id": app.id(), "contact": "137 0000 0009" });
    let first = app.post(&operator, "/operator/activation-codes", body.clone()).await.expect(201);
    let again = app.post(&operator, "/operator/activation-codes", body).await.expect(201);
    assert_eq!(first, again);
    let sign_up = json!({ "contact": "13700000009", "code": first["code"], "password": "long enough" });
    app.ask(Call::new(Method::POST, "/accounts").json(&sign_up)).await.expect(201);
    let late = json!({ "contact": "13700000009" });
    assert_eq!(app.post(&operator, "/operator/activation-codes", late).await.refusal(409), "account.exists");
}

#[tokio::test]
async fn the_operator_reads_out_codes_that_were_sent() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let asked = json!({ "contact": "13700000009", "purpose": "register" });
    assert_eq!(app.ask(Call::new(Method::POST, "/codes").json(&asked)).await.status, 202);
    let messages = app.get(&operator, "/operator/messages").await.expect(200);
    assert_eq!(messages[0]["to"], "13700000009");
    let sign_up = json!({ "contact": "13700000009", "code": messages[0]["code"], "password": "long enough" });
    app.ask(Call::new(Method::POST, "/accounts").json(&sign_up)).await.expect(201);
}
