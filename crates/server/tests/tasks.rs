//! Tasks before an exam: reading takes its time, a pledge is signed once, a slot has so many places; and who has not done
//! them stays outside.

use axum::http::Method;
use serde_json::{Value, json};
use yikao_domain::exam::{RevisionBody, Session, SittingKind};
use yikao_domain::id::{EnrolmentId, SessionId};
use yikao_domain::policy::Preset;
use yikao_domain::time::{Millis, Timestamp};
use yikao_server::auth::actor::SchoolRole;
use yikao_server::jobs::{self, Reminder};
use yikao_server::seed::{self, MadeExam};
use yikao_store::testing::postgres_database;
use yikao_store::{Page, audit, job};

use crate::dump::{Dump, Log};
use crate::util::{Answer, Call, Person, TestApp};

/// An exam with a mock and a formal session, open now, and what is to be done before it.
struct Hall {
    app: TestApp,
    admin: Person,
    exam: MadeExam,
    opened_at: Timestamp,
}

/// Somebody who is enrolled.
struct Enrolled {
    person: Person,
    enrolment: EnrolmentId,
}

fn reading(before: &str) -> Value {
    json!({ "title": { "zh": "考前阅读", "en": "Read this" }, "before": before,
        "form": { "kind": "reading", "text": { "zh": "本次{term.exam}须知", "en": "About this {term.exam}" }, "min_ms": 30_000 } })
}

fn pledge() -> Value {
    json!({ "title": { "zh": "诚信承诺书", "en": "Pledge" }, "before": "formal",
        "form": { "kind": "pledge", "text": { "zh": "我承诺", "en": "I promise" } } })
}

/// Two slots, in one and in two hours from `now`, with one place each; booking is open for another hour and a half.
fn booking(now: Timestamp, changeable: bool) -> Value {
    let slot = |number: u8| {
        let starts_at = now + Millis::hours(number.into());
        json!({ "id": slot(number), "starts_at": starts_at, "ends_at": starts_at + Millis::minutes(30), "capacity": 1 })
    };
    json!({ "title": { "zh": "约考", "en": "Booking" }, "before": "formal", "form": { "kind": "booking",
        "opens_at": now, "closes_at": now + Millis::minutes(90), "changeable": changeable, "slots": [slot(1), slot(2)] } })
}

fn slot(number: u8) -> String {
    format!("00000000-0000-0000-0000-00000000005{number}")
}

impl Hall {
    async fn open(tasks: impl FnOnce(Timestamp) -> Vec<Value>) -> Self {
        Self::within(TestApp::start().await, tasks).await
    }

    async fn within(app: TestApp, tasks: impl FnOnce(Timestamp) -> Vec<Value>) -> Self {
        let school = app.school().await;
        let admin = app.staff(school, SchoolRole::Admin).await;
        let now = app.app.clock.now();
        let session = |kind| {
            let id = SessionId::from_uuid(app.app.clock.new_uuid());
            Session::new(id, kind, "场次", now - Millis::hours(1), now + Millis::hours(8))
        };
        let mut body =
            RevisionBody::from_preset(Preset::General, "校考", "Asia/Shanghai", session(SittingKind::Formal));
        body.sessions.push(session(SittingKind::Mock));
        let song = seed::subject(&app.app, "声乐", true, "一首", "");
        body.majors = vec![seed::major(&app.app, "音乐学", vec![song])];
        let task = |mut task: Value| {
            task["id"] = app.id().into();
            serde_json::from_value(task).unwrap()
        };
        body.tasks = tasks(now).into_iter().map(task).collect();
        let exam = seed::open_exam(&app.app, school, admin.account, body).await.unwrap();
        Self { app, admin, exam, opened_at: now }
    }

    async fn enrol(&self, name: &str, serial: u32) -> Enrolled {
        let who = seed::somebody(name, serial);
        let person = self.app.candidate(&who).await;
        let major = self.exam.body.majors[0].id;
        let entry = seed::put_on_roster(&self.app.app, &self.exam, major, &who).await.unwrap();
        let made = seed::enrol(&self.app.app, &self.exam, major, person.account, entry).await.unwrap();
        Enrolled { person, enrolment: made.id }
    }

    fn path(&self, who: &Enrolled, number: usize, verb: &str) -> String {
        format!("/enrolments/{}/tasks/{}{verb}", who.enrolment, self.exam.body.tasks[number].id)
    }

    async fn task(&self, who: &Enrolled, number: usize) -> Value {
        self.app.get(&who.person, &self.path(who, number, "")).await.expect(200)
    }

    async fn act(&self, who: &Enrolled, number: usize, verb: &str, body: Value) -> Answer {
        self.app.post(&who.person, &self.path(who, number, verb), body).await
    }

    async fn book(&self, who: &Enrolled, slot_number: u8) -> Answer {
        self.act(who, 0, "/booking", json!({ "slot_id": slot(slot_number) })).await
    }

    async fn sign(&self, who: &Enrolled, number: usize, name: &str) -> Answer {
        let text_hash = self.task(who, number).await["text_hash"].clone();
        self.act(who, number, "/signature", json!({ "text_hash": text_hash, "name": name })).await
    }

    async fn enter(&self, who: &Enrolled, kind: SittingKind) -> Answer {
        let session = self.exam.body.sessions.iter().find(|session| session.kind == kind).unwrap();
        let path = format!("/enrolments/{}/sittings", who.enrolment);
        self.app.post(&who.person, &path, json!({ "session_id": session.id })).await
    }

    async fn enrolment(&self, who: &Enrolled) -> Value {
        self.app.get(&who.person, &format!("/enrolments/{}", who.enrolment)).await.expect(200)
    }

    async fn told(&self, who: &Enrolled) -> Vec<String> {
        let messages = self.app.get(&who.person, "/me/messages").await.expect(200);
        messages.as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
    }

    fn later(&self, by: Millis) {
        self.app.app.clock.advance(by.as_ms());
    }
}

fn left(task: &Value) -> Vec<u64> {
    task["slots"].as_array().unwrap().iter().map(|slot| slot["left"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn until_its_tasks_are_done_a_session_stays_closed_and_says_which() {
    let hall = Hall::open(|_| vec![reading("mock"), pledge()]).await;
    let who = hall.enrol("王小艺", 7).await;
    let refused = hall.enter(&who, SittingKind::Mock).await.expect(409);
    assert_eq!((&refused["code"], &refused["params"]["task_en"]), (&json!("task.open"), &json!("Read this")));
    assert!(refused["detail"].as_str().unwrap().contains("“Read this”"), "{refused}");
    let seen = hall.enrolment(&who).await;
    let closed = &seen["sessions"][0]["actions"][0];
    assert_eq!((&closed["open"], &closed["refusal"]["code"]), (&json!(false), &json!("task.open")));
    let brief = |at: usize| (seen["tasks"][at]["kind"].clone(), seen["tasks"][at]["state"].clone());
    assert_eq!((brief(0), brief(1)), ((json!("reading"), json!("open")), (json!("pledge"), json!("open"))));

    hall.act(&who, 0, "/begin", json!({})).await.expect(200);
    hall.later(Millis::seconds(30));
    hall.act(&who, 0, "/finish", json!({})).await.expect(200);
    hall.enter(&who, SittingKind::Mock).await.expect(201);
    let refused = hall.enter(&who, SittingKind::Formal).await.expect(409);
    assert_eq!(refused["params"]["task"], "诚信承诺书");
    hall.sign(&who, 1, "王小艺").await.expect(201);
    let seen = hall.enrolment(&who).await;
    assert_eq!(seen["sessions"][0]["actions"][0]["open"], true);
    assert_eq!((&seen["tasks"][0]["state"], &seen["tasks"][1]["state"]), (&json!("done"), &json!("done")));
    hall.enter(&who, SittingKind::Formal).await.expect(201);
}

#[tokio::test]
async fn reading_takes_its_time_by_the_servers_clock() {
    let hall = Hall::open(|_| vec![reading("formal")]).await;
    let who = hall.enrol("王小艺", 7).await;
    assert_eq!(hall.act(&who, 0, "/finish", json!({})).await.refusal(409), "task.not_begun");
    let begun = hall.act(&who, 0, "/begin", json!({})).await.expect(200);
    assert_eq!((&begun["text"], &begun["task"]["state"]), (&json!("About this exam"), &json!("begun")));
    hall.later(Millis::seconds(20));
    // Opening it anew does not begin anew, and nobody is done before the time.
    let again = hall.act(&who, 0, "/begin", json!({})).await.expect(200);
    assert_eq!(again["ready_at"], begun["ready_at"]);
    let soon = hall.act(&who, 0, "/finish", json!({})).await.expect(409);
    assert_eq!(
        (&soon["code"], soon["params"]["left_ms"].as_i64() <= Some(10_000)),
        (&json!("task.too_soon"), true)
    );
    hall.later(Millis::seconds(10));
    let done = hall.act(&who, 0, "/finish", json!({})).await.expect(200);
    assert_eq!(done["task"]["state"], "done");
    hall.later(Millis::hours(1));
    let again = hall.act(&who, 0, "/finish", json!({})).await.expect(200);
    assert_eq!(again["task"]["done_at"], done["task"]["done_at"]);
}

#[tokio::test]
async fn a_pledge_is_signed_once_with_ones_own_name_for_the_text_that_was_shown() {
    let hall = Hall::open(|_| vec![pledge()]).await;
    let who = hall.enrol("王小艺", 7).await;
    assert_eq!(hall.sign(&who, 0, "李小帮").await.refusal(422), "task.name_differs");
    let other_text = json!({ "text_hash": "00", "name": "王小艺" });
    assert_eq!(hall.act(&who, 0, "/signature", other_text).await.refusal(409), "task.text_changed");
    let command = hall.app.id();
    let text_hash = hall.task(&who, 0).await["text_hash"].clone();
    let strokes = json!([[[100, 100], [900, 300]]]);
    let signature =
        json!({ "command_id": command, "text_hash": text_hash, "name": "王小艺", "drawing": strokes });
    let signed = hall.act(&who, 0, "/signature", signature.clone()).await.expect(201);
    assert_eq!(signed["signed"], json!({ "name": "王小艺", "drawing": strokes, "text_changed": false }));
    // The same command again is the same signature; another one signs nothing.
    let repeated = hall.act(&who, 0, "/signature", signature).await.expect(201);
    assert_eq!(repeated["task"]["done_at"], signed["task"]["done_at"]);
    assert_eq!(hall.sign(&who, 0, "王小艺").await.refusal(409), "task.already_signed");
    let page = Page { limit: 9, offset: 0 };
    let mut tx = hall.app.app.db.reader().await.unwrap();
    let lines = audit::of_subject(&mut tx, "enrolment", &who.enrolment.to_string(), page).await.unwrap();
    assert_eq!(lines.len(), 1);
    let detail: Value = serde_json::from_str(&lines[0].detail).unwrap();
    assert_eq!((lines[0].action.as_str(), &detail["text_hash"]), ("pledge.signed", &text_hash));
    assert!(detail["device"].is_string() && detail["drawn"] == true, "{detail}");
}

#[tokio::test]
async fn a_signature_is_kept_closed() {
    let log = Log::listen();
    let hall = Hall::open(|_| vec![pledge()]).await;
    let who = hall.enrol("欧阳晓筠", 7).await;
    let text_hash = hall.task(&who, 0).await["text_hash"].clone();
    let drawing = json!([[[123, 231], [321, 132]]]);
    let body = json!({ "text_hash": text_hash, "name": "欧阳晓筠", "drawing": drawing });
    hall.act(&who, 0, "/signature", body).await.expect(201);
    let folder = hall.app.stop().await;
    let dump = Dump::of(folder.path(), &log);
    for secret in ["欧阳晓筠", "[123,231]"] {
        assert_eq!(dump.places(secret.as_bytes()), Vec::<&str>::new(), "{secret}");
    }
    assert!(!dump.places(text_hash.as_str().unwrap().as_bytes()).is_empty());
}

async fn the_last_place_goes_to_one_of_two(app: TestApp) {
    let hall = Hall::within(app, |now| vec![booking(now, false)]).await;
    let (one, other) = (hall.enrol("王小艺", 7).await, hall.enrol("李小帮", 8).await);
    let (first, second) = tokio::join!(hall.book(&one, 1), hall.book(&other, 1));
    let (won, lost) = if first.status == 200 {
        ((first, &one), (second, &other))
    } else {
        ((second, &other), (first, &one))
    };
    let task = won.0.expect(200);
    assert_eq!((left(&task), &task["task"]["slot"]["id"]), (vec![0, 1], &json!(slot(1))));
    assert_eq!(lost.0.refusal(409), "booking.full");
    assert_eq!((hall.told(won.1).await.len(), hall.told(lost.1).await.len()), (1, 0));
    // Who came too late takes the other one, twice at once, and has one place.
    let at_once = tokio::join!(hall.book(lost.1, 2), hall.book(lost.1, 2));
    assert_eq!((at_once.0.status, at_once.1.status), (200, 200));
    assert_eq!(left(&hall.task(won.1, 0).await), [0, 0]);
    assert_eq!(hall.told(lost.1).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_place_goes_to_one_of_two_on_sqlite() {
    the_last_place_goes_to_one_of_two(TestApp::start().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_place_goes_to_one_of_two_on_postgres() {
    let database = postgres_database().await.unwrap();
    the_last_place_goes_to_one_of_two(TestApp::start_with(&["--database", &database]).await).await;
}

#[tokio::test]
async fn a_booked_slot_is_final_and_entered_inside_of_it_only() {
    let hall = Hall::open(|now| vec![booking(now, false)]).await;
    let (who, late) = (hall.enrol("王小艺", 7).await, hall.enrol("李小帮", 8).await);
    assert_eq!(hall.enter(&who, SittingKind::Formal).await.refusal(409), "task.open");
    // A slot for the formal exam says nothing about the mock.
    hall.enter(&who, SittingKind::Mock).await.expect(201);
    hall.book(&who, 1).await.expect(200);
    assert_eq!(hall.book(&who, 2).await.refusal(409), "booking.final");
    assert_eq!(hall.act(&who, 0, "/release", json!({})).await.refusal(409), "booking.final");
    assert_eq!(hall.enter(&who, SittingKind::Formal).await.refusal(409), "booking.early");
    hall.later(Millis::hours(1));
    hall.enter(&who, SittingKind::Formal).await.expect(201);
    hall.book(&late, 2).await.expect(200);
    hall.later(Millis::minutes(91));
    assert_eq!(hall.enter(&late, SittingKind::Formal).await.refusal(410), "booking.slot_over");
    // Who is in may come back to the page.
    hall.enter(&who, SittingKind::Formal).await.expect(201);
}

#[tokio::test]
async fn a_slot_that_somebody_has_stays_theirs() {
    let hall = Hall::open(|now| vec![booking(now, false)]).await;
    let who = hall.enrol("王小艺", 7).await;
    hall.book(&who, 1).await.expect(200);
    let path = format!("/console/exams/{}", hall.exam.id);
    let draft = format!("{path}/draft");
    let now = hall.app.get(&hall.admin, &path).await.expect(200);
    let body = now["revision"]["body"].clone();
    let save = |change: fn(&mut Value), based_on: u32| {
        let mut body = body.clone();
        change(&mut body["tasks"][0]["form"]["slots"]);
        hall.app.command(Method::PUT, &hall.admin, &draft, json!({ "based_on": based_on, "body": body }))
    };
    for spoil in [
        |slots: &mut Value| slots[0]["starts_at"] = (slots[0]["starts_at"].as_i64().unwrap() + 1).into(),
        |slots: &mut Value| slots[0]["ends_at"] = (slots[0]["ends_at"].as_i64().unwrap() - 1).into(),
        |slots: &mut Value| drop(slots.as_array_mut().unwrap().remove(0)),
    ] as [fn(&mut Value); 3]
    {
        assert_eq!(save(spoil, 1).await.refusal(409), "slot.is_booked");
    }
    let longer = |slots: &mut Value| {
        slots[0]["ends_at"] = (slots[0]["ends_at"].as_i64().unwrap() + 1).into();
        slots.as_array_mut().unwrap().remove(1);
    };
    save(longer, 1).await.expect(200);
}

#[tokio::test]
async fn who_has_not_booked_in_time_cannot() {
    let hall = Hall::open(|now| vec![booking(now, true)]).await;
    let who = hall.enrol("王小艺", 7).await;
    hall.later(Millis::minutes(90));
    assert_eq!(hall.book(&who, 2).await.refusal(410), "task.missed");
    assert_eq!(hall.enrolment(&who).await["tasks"][0]["state"], "missed");
    assert_eq!(hall.enter(&who, SittingKind::Formal).await.refusal(410), "task.missed");
}

#[tokio::test]
async fn where_the_exam_allows_it_a_slot_is_changed_and_given_back() {
    let hall = Hall::open(|now| vec![booking(now, true)]).await;
    let (who, other) = (hall.enrol("王小艺", 7).await, hall.enrol("李小帮", 8).await);
    hall.book(&who, 1).await.expect(200);
    assert_eq!(left(&hall.book(&who, 2).await.expect(200)), [1, 0]);
    hall.book(&other, 1).await.expect(200);
    assert_eq!(hall.book(&who, 1).await.refusal(409), "booking.full");
    let released = hall.act(&who, 0, "/release", json!({})).await.expect(200);
    assert_eq!((left(&released), &released["task"]["state"]), (vec![0, 1], &json!("open")));
    assert_eq!(hall.act(&who, 0, "/release", json!({})).await.refusal(409), "booking.none");
    assert_eq!(hall.enter(&who, SittingKind::Formal).await.refusal(409), "task.open");
}

#[tokio::test]
async fn who_has_booked_is_told_when_in_the_exams_zone_and_gets_it_for_the_calendar() {
    let hall = Hall::open(|now| vec![booking(now, false)]).await;
    let who = hall.enrol("王小艺", 7).await;
    let calendar = hall.path(&who, 0, "/calendar");
    assert_eq!(hall.app.get(&who.person, &calendar).await.refusal(409), "booking.none");
    hall.book(&who, 1).await.expect(200);
    let utc = |at: Timestamp| chrono::DateTime::from_timestamp_millis(at.as_ms()).unwrap();
    let starts_at = utc(hall.opened_at + Millis::hours(1));
    let there = starts_at.with_timezone(&chrono_tz::Asia::Shanghai).format("%Y-%m-%d %H:%M").to_string();
    let told = hall.told(&who).await;
    assert!(told[0].contains("预约成功") && told[0].contains("Your slot is booked"), "{told:?}");
    assert!(told[0].contains(&there) && told[0].contains("Asia/Shanghai"), "{told:?}");
    let (kind, text) = hall.app.text(Call::new(Method::GET, &calendar).by(&who.person)).await;
    assert_eq!(kind, "text/calendar; charset=utf-8");
    assert!(text.contains(&format!("DTSTART:{}", starts_at.format("%Y%m%dT%H%M%SZ"))), "{text}");
    assert!(text.contains("SUMMARY:校考 · Booking"), "{text}");
}

#[tokio::test]
async fn who_has_booked_is_reminded_before_and_who_gave_it_back_is_not() {
    let hall = Hall::open(|now| vec![booking(now, true)]).await;
    let who = hall.enrol("王小艺", 7).await;
    hall.book(&who, 2).await.expect(200);
    let reminder = Reminder { enrolment: who.enrolment, slot: slot(2).parse().unwrap(), hours: 1 };
    assert_eq!(reminder.to_string().parse(), Ok(reminder));
    let page = Page { limit: 9, offset: 0 };
    let waiting = job::page(&mut hall.app.app.db.reader().await.unwrap(), false, page).await.unwrap();
    let due: Vec<_> = waiting.items.into_iter().map(|job| (job.body, job.due_at)).collect();
    let hour_before = hall.opened_at + Millis::hours(1);
    assert_eq!(due, [(reminder.to_string(), hour_before)]);
    // Too early nobody is told yet.
    jobs::remind(&hall.app.app, reminder).await.unwrap();
    assert_eq!(hall.told(&who).await.len(), 1);
    hall.later(Millis::hours(1));
    jobs::remind(&hall.app.app, reminder).await.unwrap();
    let told = hall.told(&who).await;
    assert!(told.iter().any(|text| text.contains("Your slot is coming")), "{told:?}");
    hall.act(&who, 0, "/release", json!({})).await.expect(200);
    let before = hall.told(&who).await.len();
    jobs::remind(&hall.app.app, reminder).await.unwrap();
    assert_eq!(hall.told(&who).await.len(), before);
}

#[tokio::test]
async fn nobody_does_the_tasks_of_somebody_else_or_of_another_exam() {
    let hall = Hall::open(|now| vec![booking(now, true), pledge()]).await;
    let (who, other) = (hall.enrol("王小艺", 7).await, hall.enrol("李小帮", 8).await);
    hall.book(&who, 1).await.expect(200);
    for verb in ["/release", "/begin", "/finish"] {
        let stranger = hall.app.post(&other.person, &hall.path(&who, 0, verb), json!({})).await;
        assert_eq!(stranger.refusal(404), "request.not_found", "{verb}");
    }
    let seen = hall.app.get(&other.person, &hall.path(&who, 1, "")).await;
    assert_eq!(seen.refusal(404), "request.not_found");
    let unknown = format!("/enrolments/{}/tasks/{}", who.enrolment, hall.app.id());
    assert_eq!(hall.app.get(&who.person, &unknown).await.refusal(404), "task.not_found");
    assert_eq!(hall.book(&other, 9).await.refusal(404), "booking.slot_not_found");
    assert_eq!(hall.act(&who, 1, "/begin", json!({})).await.refusal(409), "task.other_kind");
}

#[tokio::test]
async fn once_the_exam_is_closed_nothing_is_done_any_more() {
    let hall = Hall::open(|_| vec![pledge()]).await;
    let who = hall.enrol("王小艺", 7).await;
    let path = format!("/console/exams/{}/close", hall.exam.id);
    hall.app.post(&hall.admin, &path, json!({})).await.expect(200);
    assert_eq!(hall.sign(&who, 0, "王小艺").await.refusal(410), "exam.closed");
}

#[tokio::test]
async fn an_exam_begins_with_the_tasks_of_its_preset() {
    let app = TestApp::start().await;
    let school = app.school().await;
    let admin = app.staff(school, SchoolRole::Admin).await;
    let now = app.app.clock.now();
    let form = json!({ "preset": "recital", "title": "音乐会", "zone": "Asia/Shanghai",
        "opens_at": now, "closes_at": now + Millis::hours(9) });
    let made = app.post(&admin, &format!("/schools/{school}/exams"), form).await.expect(201);
    let tasks = made["revision"]["body"]["tasks"].as_array().unwrap();
    let kinds: Vec<_> = tasks.iter().map(|task| (&task["form"]["kind"], &task["before"])).collect();
    assert_eq!(kinds, [(&json!("reading"), &json!("mock")), (&json!("pledge"), &json!("mock"))]);
    // What is written anew begins with the same words.
    let presets = app.get(&admin, "/presets").await.expect(200);
    let recital = presets.as_array().unwrap().iter().find(|preset| preset["id"] == "recital").unwrap();
    assert_eq!(recital["tasks"][1]["form"], tasks[1]["form"]);
}
