//! Papers: fetched ahead and sealed, opened in a sitting, drawn for each candidate, read before a take.

use std::collections::BTreeSet;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::{Value, json};
use yikao_domain::exam::{Paper, Question, RevisionBody, Session, SittingKind};
use yikao_domain::id::{PaperId, QuestionId, SessionId};
use yikao_domain::policy::Preset;
use yikao_domain::seal::Hash32;
use yikao_domain::time::Millis;
use yikao_server::auth::actor::SchoolRole;
use yikao_server::{base64url, seed};

use crate::dump::{Dump, Log};
use crate::util::{Person, TestApp};

const TEXTS: [&str; 6] = ["视唱甲段", "视唱乙段", "即兴甲题", "即兴乙题", "模唱甲组", "模唱乙组"];

/// A paper of six questions of which two are drawn, used in these sessions.
pub(crate) fn paper(app: &TestApp, sessions: &[SessionId]) -> Paper {
    let question = |text: &str| {
        let id = QuestionId::from_uuid(app.app.clock.new_uuid());
        Question { id, text: text.to_owned() }
    };
    Paper {
        id: PaperId::from_uuid(app.app.clock.new_uuid()),
        sessions: sessions.to_vec(),
        draw: Some(2),
        read_ms: Millis::ZERO,
        questions: TEXTS.map(question).into(),
    }
}

/// An exam with a paper in its formal session, and none in its mock.
struct Hall {
    app: TestApp,
    exam: seed::MadeExam,
    admin: Person,
}

/// Somebody who is enrolled.
struct Sitter {
    person: Person,
    enrolment: String,
}

impl Hall {
    async fn open(change: impl FnOnce(&mut Paper)) -> Self {
        let app = TestApp::start().await;
        let school = app.school().await;
        let admin = app.staff(school, SchoolRole::Admin).await;
        let now = app.app.clock.now();
        let session = |kind, title: &str, opens: Millis| {
            let id = SessionId::from_uuid(app.app.clock.new_uuid());
            let opens_at = yikao_domain::time::Timestamp(now.as_ms() + opens.as_ms());
            Session::new(id, kind, title, opens_at, now + Millis::hours(8))
        };
        let formal = session(SittingKind::Formal, "上午", Millis::hours(-1));
        let mut song = seed::subject(&app.app, "视唱", true, "抽题视唱", "");
        let mut paper = paper(&app, &[formal.id]);
        change(&mut paper);
        song.papers = vec![paper];
        let mut body = RevisionBody::from_preset(Preset::General, "校考", "Asia/Shanghai", formal);
        body.sessions.push(session(SittingKind::Mock, "模拟", Millis::hours(-1)));
        body.sessions.push(session(SittingKind::Formal, "下午", Millis::hours(2)));
        let afternoon = body.sessions[2].id;
        song.papers[0].sessions.push(afternoon);
        body.majors.push(seed::major(&app.app, "声乐", vec![song]));
        let exam = seed::open_exam(&app.app, school, admin.account, body).await.unwrap();
        Self { app, exam, admin }
    }

    async fn sitter(&self, serial: u32) -> Sitter {
        let who = seed::somebody("林小溪", serial);
        let person = self.app.candidate(&who).await;
        let major = self.exam.body.majors[0].id;
        let entry = seed::put_on_roster(&self.app.app, &self.exam, major, &who).await.unwrap();
        let made = seed::enrol(&self.app.app, &self.exam, major, person.account, entry).await.unwrap();
        Sitter { person, enrolment: made.id.to_string() }
    }

    fn subject(&self) -> String {
        self.exam.body.majors[0].subjects[0].id.to_string()
    }

    fn session(&self, at: usize) -> String {
        self.exam.body.sessions[at].id.to_string()
    }

    async fn sealed(&self, sitter: &Sitter, session: usize) -> Value {
        let path = format!("/enrolments/{}/sessions/{}/papers", sitter.enrolment, self.session(session));
        self.app.get(&sitter.person, &path).await.expect(200)
    }

    async fn enter(&self, sitter: &Sitter, session: usize) -> Value {
        let path = format!("/enrolments/{}/sittings", sitter.enrolment);
        self.app.post(&sitter.person, &path, json!({ "session_id": self.session(session) })).await.expect(201)
    }

    async fn opened(&self, sitter: &Sitter, sitting: &Value) -> Value {
        let path = format!("/sittings/{}/papers", sitting["id"].as_str().unwrap());
        self.app.post(&sitter.person, &path, json!({ "subject_id": self.subject() })).await.expect(200)
    }

    /// The questions of somebody who enters the first session and opens the paper.
    async fn asked(&self, serial: u32) -> Vec<String> {
        let sitter = self.sitter(serial).await;
        let sealed = self.sealed(&sitter, 0).await;
        let sitting = self.enter(&sitter, 0).await;
        read(&sealed, &self.opened(&sitter, &sitting).await["keys"])
    }
}

/// What a page does with sealed papers and keys; what a key does not open is left out.
fn read(sealed: &Value, keys: &Value) -> Vec<String> {
    let (edition, session) = (text(&sealed["edition"]), text(&sealed["session_id"]));
    let all: Vec<&Value> = sealed["papers"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|p| p["questions"].as_array().unwrap())
        .collect();
    let one = |wanted: &Value| {
        let question = all.iter().find(|one| one["id"] == wanted["id"])?;
        let key = base64url::decode(text(&wanted["key"])).unwrap();
        let mut closed = base64url::decode(text(&question["sealed"])).unwrap();
        assert_eq!((closed.len() - 12 - 16) % 256, 0);
        let nonce = Nonce::try_assume_unique_for_key(&closed[..12]).unwrap();
        let aad = format!("yikao-question-1:{edition}:{session}:{}", text(&wanted["id"]));
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
        let plain = key.open_in_place(nonce, Aad::from(aad), &mut closed[12..]).ok()?;
        Some(String::from_utf8(plain.to_vec()).unwrap().trim_end().to_owned())
    };
    keys["questions"].as_array().unwrap().iter().filter_map(one).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn says_a_question(body: &Value) -> bool {
    let body = body.to_string();
    TEXTS.iter().any(|text| body.contains(text))
}

#[tokio::test]
async fn sealed_papers_are_fetched_before_the_opening_and_say_nothing() {
    let hall = Hall::open(|_| {}).await;
    let sitter = hall.sitter(1).await;
    let sealed = hall.sealed(&sitter, 2).await;
    assert_eq!(sealed["papers"][0]["questions"].as_array().unwrap().len(), TEXTS.len());
    assert!(!says_a_question(&sealed));
    assert_eq!(sealed, hall.sealed(&sitter, 2).await, "the same bytes for everybody");
    // The afternoon is not open yet: there is no sitting, and so no key.
    let path = format!("/enrolments/{}/sittings", sitter.enrolment);
    let refused = hall.app.post(&sitter.person, &path, json!({ "session_id": hall.session(2) })).await;
    assert_eq!(refused.refusal(409), "session.not_open_yet");
    let other = hall.sitter(2).await;
    let path = format!("/enrolments/{}/sessions/{}/papers", sitter.enrolment, hall.session(2));
    assert_eq!(hall.app.get(&other.person, &path).await.refusal(404), "request.not_found");
}

#[tokio::test]
async fn the_drawn_questions_open_with_their_keys_and_no_others_do() {
    let hall = Hall::open(|_| {}).await;
    let sitter = hall.sitter(1).await;
    let sealed = hall.sealed(&sitter, 0).await;
    let sitting = hall.enter(&sitter, 0).await;
    let keys_path = format!("/sittings/{}/papers/{}", text(&sitting["id"]), hall.subject());
    assert_eq!(hall.app.get(&sitter.person, &keys_path).await.refusal(409), "paper.not_opened");
    let opened = hall.opened(&sitter, &sitting).await;
    let asked = read(&sealed, &opened["keys"]);
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|text| TEXTS.contains(&text.as_str())), "{asked:?}");
    // A key of one question opens none of the others, and none of another session's copies.
    let key = opened["keys"]["questions"][0]["key"].clone();
    let all = sealed["papers"][0]["questions"].as_array().unwrap();
    let same_key: Vec<Value> = all.iter().map(|one| json!({ "id": one["id"], "key": key })).collect();
    assert_eq!(read(&sealed, &json!({ "questions": same_key })).len(), 1);
    let afternoon = hall.sealed(&sitter, 2).await;
    assert_eq!(read(&afternoon, &opened["keys"]), Vec::<String>::new());
}

#[tokio::test]
async fn the_draw_is_the_same_after_a_restart_and_is_in_the_log() {
    let hall = Hall::open(|_| {}).await;
    let sitter = hall.sitter(1).await;
    let sitting = hall.enter(&sitter, 0).await;
    let first = hall.opened(&sitter, &sitting).await;
    assert_eq!(first["keys"], hall.opened(&sitter, &sitting).await["keys"]);
    let id = text(&sitting["id"]).to_owned();
    let review = hall.app.get(&hall.admin, &format!("/console/sittings/{id}")).await.expect(200);
    let drawn = review["timeline"].as_array().unwrap().iter().filter(|one| one["kind"] == "paper_opened");
    let drawn: Vec<_> = drawn.collect();
    assert_eq!(drawn.len(), 1, "{:#}", review["timeline"]);
    // Whoever doubts the draw deals again with the seed that the log keeps.
    let seed: Hash32 = text(&drawn[0]["text_params"]["seed"]).parse().unwrap();
    let dealt = hall.exam.body.majors[0].subjects[0].papers[0].deal(seed);
    let handed: Vec<_> =
        first["keys"]["questions"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(json!(dealt), json!(handed));
    let (person, subject) = (sitter.person.clone(), hall.subject());
    let asked = review["papers"][0]["questions"].clone();
    let app = TestApp::open(hall.app.stop().await).await;
    let again = app.get(&person, &format!("/sittings/{id}/papers/{subject}")).await.expect(200);
    assert_eq!(again, first["keys"]);
    let path = format!("/enrolments/{}/sessions/{}/papers", sitter.enrolment, text(&again["session_id"]));
    let sealed = app.get(&person, &path).await.expect(200);
    assert_eq!(json!(read(&sealed, &again)), asked, "what reviewers see is what was asked");
}

#[tokio::test]
async fn who_has_entered_keeps_the_paper_that_was_there_then() {
    let hall = Hall::open(|paper| paper.draw = None).await;
    let (early, late) = (hall.sitter(1).await, hall.sitter(2).await);
    let fetched = hall.sealed(&late, 0).await;
    let sitting = hall.enter(&early, 0).await;
    let path = format!("/console/exams/{}", hall.exam.id);
    let mut body = hall.app.get(&hall.admin, &path).await.expect(200)["revision"]["body"].clone();
    body["majors"][0]["subjects"][0]["papers"][0]["questions"][0]["text"] = json!("改过的题");
    let draft = json!({ "based_on": 1, "body": body });
    let put = axum::http::Method::PUT;
    hall.app.command(put, &hall.admin, &format!("{path}/draft"), draft).await.expect(200);
    let keys = hall.opened(&early, &sitting).await["keys"].clone();
    assert_eq!(read(&hall.sealed(&early, 0).await, &keys), TEXTS);
    // Whoever enters afterwards has the new one, and what they fetched before does not pass for it.
    let sitting = hall.enter(&late, 0).await;
    let keys = hall.opened(&late, &sitting).await["keys"].clone();
    assert_ne!(fetched["edition"], keys["edition"]);
    assert_eq!(read(&fetched, &keys), Vec::<String>::new());
    assert_eq!(read(&hall.sealed(&late, 0).await, &keys)[0], "改过的题");
}

#[tokio::test]
async fn candidates_get_different_questions() {
    let hall = Hall::open(|_| {}).await;
    let mut draws = BTreeSet::new();
    for serial in 1..=8 {
        draws.insert(hall.asked(serial).await);
    }
    assert!(draws.len() > 1, "{draws:?}");
}

#[tokio::test]
async fn a_mock_has_no_question_of_the_formal_exam() {
    let hall = Hall::open(|_| {}).await;
    let sitter = hall.sitter(1).await;
    assert_eq!(hall.sealed(&sitter, 1).await["papers"], json!([]));
    let sitting = hall.enter(&sitter, 1).await;
    assert_eq!(sitting["subjects"][0]["paper"], Value::Null);
    let path = format!("/sittings/{}/papers", text(&sitting["id"]));
    let refused = hall.app.post(&sitter.person, &path, json!({ "subject_id": hall.subject() })).await;
    assert_eq!(refused.refusal(404), "paper.none");
}

#[tokio::test]
async fn a_paper_is_read_before_a_take_begins() {
    let hall = Hall::open(|paper| paper.read_ms = Millis::minutes(5)).await;
    let sitter = hall.sitter(1).await;
    let sitting = hall.enter(&sitter, 0).await;
    let takes = format!("/sittings/{}/takes", text(&sitting["id"]));
    let start = json!({ "subject_id": hall.subject(), "media": crate::world::media(), "device": {} });
    let early = hall.app.post(&sitter.person, &takes, start.clone()).await;
    assert_eq!(early.refusal(409), "paper.not_opened");
    let opened = hall.opened(&sitter, &sitting).await;
    let paper = &opened["sitting"]["subjects"][0]["paper"];
    let (from, at) = (paper["answer_from"].as_i64().unwrap(), paper["opened_at"].as_i64().unwrap());
    assert_eq!(from - at, 300_000);
    assert_eq!(hall.app.post(&sitter.person, &takes, start).await.refusal(409), "paper.being_read");
}

#[tokio::test]
async fn nothing_that_candidates_or_judges_see_of_an_exam_says_a_question() {
    let hall = Hall::open(|_| {}).await;
    let sitter = hall.sitter(1).await;
    let sitting = hall.enter(&sitter, 0).await;
    let own = [
        "/me/enrolments".to_owned(),
        format!("/enrolments/{}", sitter.enrolment),
        format!("/exams/{}", hall.exam.id),
        format!("/sittings/{}", text(&sitting["id"])),
    ];
    for path in own {
        let shown = hall.app.get(&sitter.person, &path).await.expect(200);
        assert!(!says_a_question(&shown), "{path}");
    }
    let path = format!("/console/exams/{}", hall.exam.id);
    for role in [SchoolRole::Proctor, SchoolRole::Judge, SchoolRole::Examiner, SchoolRole::Department] {
        let member = hall.app.staff(hall.exam.school, role).await;
        let shown = hall.app.get(&member, &path).await.expect(200);
        assert!(!says_a_question(&shown), "{role:?}");
        assert_eq!(shown["findings"], json!([]), "who may not read the questions still hears what is wrong");
    }
    assert!(says_a_question(&hall.app.get(&hall.admin, &path).await.expect(200)));
}

#[tokio::test]
async fn a_saved_draft_keeps_its_questions_and_no_copy_of_the_database_tells_them() {
    let log = Log::listen();
    let hall = Hall::open(|_| {}).await;
    let path = format!("/console/exams/{}", hall.exam.id);
    let mut body = hall.app.get(&hall.admin, &path).await.expect(200)["revision"]["body"].clone();
    body["majors"][0]["subjects"][0]["papers"][0]["questions"][0]["text"] = json!("视唱丙段");
    let draft = json!({ "based_on": 1, "body": body });
    let put = axum::http::Method::PUT;
    let saved = hall.app.command(put.clone(), &hall.admin, &format!("{path}/draft"), draft).await.expect(200);
    assert_eq!(saved["revision"]["body"], body);
    // What an open exam cannot be is said, and not saved.
    body["majors"][0]["subjects"][0]["papers"][0]["draw"] = json!(9);
    let draft = json!({ "based_on": 2, "body": body });
    let refused = hall.app.command(put, &hall.admin, &format!("{path}/draft"), draft).await;
    assert_eq!(refused.refusal(409), "exam.findings");
    let sitter = hall.sitter(1).await;
    let sitting = hall.enter(&sitter, 0).await;
    hall.opened(&sitter, &sitting).await;
    let folder = hall.app.stop().await;
    let dump = Dump::of(folder.path(), &log);
    for text in TEXTS.iter().chain(&["视唱丙段"]) {
        assert_eq!(dump.places(text.as_bytes()), Vec::<&str>::new(), "{text}");
    }
    assert!(!dump.places("抽题视唱".as_bytes()).is_empty());
}
