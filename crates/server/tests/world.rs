//! A small installation with everybody in it, made once and copied for each question.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tempfile::TempDir;
use yikao_domain::delivery::DeliveryOutcome;
use yikao_domain::exam::{RevisionBody, Session, SittingKind};
use yikao_domain::id::{FaceChallengeId, SchoolId, SessionId};
use yikao_domain::policy::{AtClose, Preset};
use yikao_domain::review::ReviewKind;
use yikao_domain::roster::Identity;
use yikao_domain::sitting::Command;
use yikao_domain::task::Task;
use yikao_domain::time::Millis;
use yikao_server::auth::actor::{PlatformRole, SchoolRole};
use yikao_server::seed::{self, MadeExam};
use yikao_server::sittings::command::{self, Given};
use yikao_store::face::{self, Challenge};
use yikao_store::login;

use crate::util::{Call, Person, TestApp, copy};

/// Everybody and everything by name.
pub(crate) struct World {
    dir: TempDir,
    pub(crate) people: BTreeMap<&'static str, Person>,
    pub(crate) things: BTreeMap<&'static str, String>,
    pub(crate) own: Identity,
}

/// The sessions of the exam, each for a sitting in another state.
pub(crate) const SESSIONS: [&str; 6] = ["fresh", "bare", "preparing", "recording", "finished", "delivered"];

/// What a phone says of its recorder.
pub(crate) fn media() -> Value {
    json!({ "mime": "video/webm;codecs=vp9,opus", "width": 1280, "height": 720 })
}

impl World {
    /// Makes it.
    pub(crate) async fn make() -> Self {
        let app = TestApp::start().await;
        let mut world = Self {
            dir: TempDir::new().unwrap(),
            people: BTreeMap::new(),
            things: BTreeMap::new(),
            own: seed::somebody("林小溪", 1),
        };
        let school = app.school().await;
        world.people(&app, school).await;
        world.things.insert("school", school.to_string());
        let exam = world.exam(&app, school).await;
        world.list(&app, &exam).await;
        world.pictures(&app).await;
        world.sittings(&app).await;
        world.delivered(&app).await;
        world.reviews(&app).await;
        let kept = app.stop().await;
        copy(kept.path(), world.dir.path());
        world
    }

    /// Opens a copy.
    pub(crate) async fn open(&self) -> TestApp {
        let dir = TempDir::new().unwrap();
        copy(self.dir.path(), dir.path());
        TestApp::open(dir).await
    }

    /// Opens a copy some time later.
    pub(crate) async fn open_after(&self, later: Millis) -> TestApp {
        self.open_with(&["--clock-skew-ms", &later.as_ms().to_string()]).await
    }

    /// Opens a copy with more flags.
    pub(crate) async fn open_with(&self, more: &[&str]) -> TestApp {
        let dir = TempDir::new().unwrap();
        copy(self.dir.path(), dir.path());
        TestApp::configured(dir, &[&["--requests-per-second", "0"][..], more].concat()).await
    }

    /// Somebody by their name.
    pub(crate) fn person(&self, name: &str) -> &Person {
        &self.people[name]
    }

    /// A thing's id by its name.
    pub(crate) fn id(&self, name: &str) -> &str {
        &self.things[name]
    }

    async fn people(&mut self, app: &TestApp, school: SchoolId) {
        self.people.insert("candidate", app.candidate(&self.own).await);
        self.people.insert("other", app.candidate(&seed::somebody("周晓彤", 2)).await);
        for (name, role) in [
            ("admin", SchoolRole::Admin),
            ("proctor", SchoolRole::Proctor),
            ("judge", SchoolRole::Judge),
            ("examiner", SchoolRole::Examiner),
            ("department", SchoolRole::Department),
        ] {
            self.people.insert(name, app.staff(school, role).await);
        }
        let foreign = app.school().await;
        self.people.insert("foreign", app.staff(foreign, SchoolRole::Admin).await);
        self.people.insert("operator", app.operator().await);
        self.people.insert("agent", app.platform(PlatformRole::Agent).await);
        self.people.insert("steward", app.platform(PlatformRole::Steward).await);
    }

    async fn exam(&mut self, app: &TestApp, school: SchoolId) -> MadeExam {
        let now = app.app.clock.now();
        let session = |name: &str| {
            let id = SessionId::from_uuid(app.app.clock.new_uuid());
            let (opens, closes) = (now - Millis::hours(1), now + Millis::hours(8));
            Session::new(id, SittingKind::Formal, name, opens, closes)
        };
        let mut sessions = SESSIONS.map(session);
        for session in sessions.iter_mut().filter(|session| session.title == "finished") {
            session.settings.at_close = Some(AtClose::SubmitChosen);
        }
        for (name, session) in SESSIONS.iter().zip(&sessions) {
            self.things.insert(name, session.id.to_string());
        }
        let song = seed::subject(&app.app, "自选歌曲", true, "一首", "全身入镜");
        let mut talent = seed::subject(&app.app, "才艺展示", false, "任选", "");
        let second = seed::subject(&app.app, "练习曲", true, "一首", "");
        self.things.insert("subject", song.id.to_string());
        talent.papers = vec![crate::papers::paper(app, &sessions.each_ref().map(|session| session.id))];
        self.things.insert("asked subject", talent.id.to_string());
        let majors = [
            ("major", seed::major(&app.app, "声乐表演", vec![song, talent])),
            ("second major", seed::major(&app.app, "钢琴演奏", vec![second])),
        ];
        let [first, ..] = sessions.clone();
        let mut body = RevisionBody::from_preset(Preset::General, "2027 年校考", "Asia/Shanghai", first);
        body.sessions = sessions.into();
        body.tasks = self.tasks(app);
        for (name, major) in majors {
            self.things.insert(name, major.id.to_string());
            body.majors.push(major);
        }
        self.things.insert("body", serde_json::to_string(&body).unwrap());
        let exam = seed::open_exam(&app.app, school, self.person("admin").account, body).await.unwrap();
        self.things.insert("exam", exam.id.to_string());
        let draft = json!({ "preset": "general", "title": "明年", "zone": "Asia/Shanghai",
            "opens_at": now + Millis::hours(1), "closes_at": now + Millis::hours(9) });
        let draft =
            app.post(self.person("admin"), &format!("/schools/{school}/exams"), draft).await.expect(201);
        self.things.insert("draft", draft["id"].as_str().unwrap().to_owned());
        exam
    }

    /// A task for each thing that can be done with one; none keeps anybody out.
    fn tasks(&mut self, app: &TestApp) -> Vec<Task> {
        let now = app.app.clock.now();
        let text = || json!({ "zh": "须知", "en": "Notes" });
        let mut slots = |name: &'static str| {
            let id = app.id();
            self.things.insert(name, id.clone());
            json!({ "kind": "booking", "opens_at": now, "closes_at": now + Millis::hours(1), "changeable": true, "slots": [
                { "id": id, "starts_at": now + Millis::hours(2), "ends_at": now + Millis::hours(3), "capacity": 5 }] })
        };
        let forms = [
            ("reading task", json!({ "kind": "reading", "text": text() })),
            ("begun task", json!({ "kind": "reading", "text": text() })),
            ("pledge task", json!({ "kind": "pledge", "text": text() })),
            ("booking task", slots("slot")),
            ("booked task", slots("booked slot")),
        ];
        let task = |(name, form): (&'static str, Value)| {
            let task = json!({ "id": app.id(), "title": { "zh": name }, "before": "nothing", "form": form });
            self.keep(name, &task["id"]);
            serde_json::from_value(task).unwrap()
        };
        forms.into_iter().map(task).collect()
    }

    /// The candidate has begun to read one, has booked another, and has seen what they would sign.
    async fn begun_tasks(&mut self, app: &TestApp) {
        let own = self.person("candidate").clone();
        let of = |task: &str| format!("/enrolments/{}/tasks/{}", self.id("enrolment"), self.id(task));
        app.post(&own, &format!("{}/begin", of("begun task")), json!({})).await.expect(200);
        let slot = json!({ "slot_id": self.id("booked slot") });
        app.post(&own, &format!("{}/booking", of("booked task")), slot).await.expect(200);
        let pledge = app.get(&own, &of("pledge task")).await.expect(200);
        self.keep("pledge text", &pledge["text_hash"]);
    }

    async fn list(&mut self, app: &TestApp, exam: &MadeExam) {
        for major in &exam.body.majors {
            let entry = seed::put_on_roster(&app.app, exam, major.id, &self.own).await.unwrap();
            self.things.insert("entry", entry.to_string());
        }
        let path = format!("/console/exams/{}/roster-previews?major={}", exam.id, self.id("major"));
        let file = format!("姓名,证件号码,高考省份\n王小艺,{},北京\n", seed::id_card(9));
        let call = Call::new(axum::http::Method::POST, &path).by(self.person("admin")).raw("text/csv", file);
        let preview = app.ask(call).await.expect(201);
        self.things.insert("preview", preview["preview_id"].as_str().unwrap().to_owned());
    }

    async fn pictures(&mut self, app: &TestApp) {
        app.agree(self.person("candidate")).await;
        self.challenge(app).await;
        for (name, kind) in
            [("picture", "evidence"), ("ticket", "admission_ticket"), ("portrait", "portrait")]
        {
            let sent = app.picture(self.person("candidate"), kind, "{}").await.expect(200);
            self.keep(name, &sent["id"]);
        }
    }

    /// A face challenge of the candidate's, on their device.
    async fn challenge(&mut self, app: &TestApp) {
        let (account, now) = (self.person("candidate").account, app.app.clock.now());
        let logins = login::of_account(&mut app.app.db.reader().await.unwrap(), account, now).await.unwrap();
        let challenge = Challenge {
            id: FaceChallengeId::from_uuid(app.app.clock.new_uuid()),
            account_id: account,
            login_id: logins[0].id,
            nonce_hash: String::new(),
            steps: r#"["turn_left","tilt","turn_right"]"#.to_owned(),
            version: 1,
            created_at: now,
            expires_at: now + Millis::hours(1),
            closed_at: None,
            outcome: None,
            cipher: None,
        };
        self.things.insert("challenge", challenge.id.to_string());
        let issued = app.app.db.write_with(challenge, |tx, challenge| {
            Box::pin(async move {
                face::issue(tx, challenge);
                Ok(())
            })
        });
        issued.await.unwrap();
    }

    async fn sittings(&mut self, app: &TestApp) {
        let own = self.person("candidate").clone();
        let path = format!("/exams/{}/majors/{}/enrolments", self.id("exam"), self.id("major"));
        let enrolment = app.post(&own, &path, json!({})).await.expect(201);
        self.keep("enrolment", &enrolment["id"]);
        self.begun_tasks(app).await;
        let asked = json!({ "contact": "13700000003", "purpose": "reset" });
        let code = app.ask(Call::new(axum::http::Method::POST, "/codes").json(&asked)).await.expect(202);
        self.keep("code", &code["id"]);
        let logins = app.get(&own, "/logins").await.expect(200);
        self.keep("login", &logins[0]["id"]);
        for (session, sitting, take, part) in [
            ("bare", "bare sitting", "", ""),
            ("preparing", "preparing sitting", "preparing take", "preparing part"),
            ("recording", "recording sitting", "recording take", "recording part"),
            ("finished", "finished sitting", "finished take", "finished part"),
            ("delivered", "delivered sitting", "delivered take", "delivered part"),
        ] {
            let path = format!("/enrolments/{}/sittings", self.id("enrolment"));
            let entered = app.post(&own, &path, json!({ "session_id": self.id(session) })).await.expect(201);
            self.keep(sitting, &entered["id"]);
            if !take.is_empty() {
                self.take(app, &own, sitting, take, part).await;
            }
        }
        for (take, part) in [("finished take", "finished part"), ("delivered take", "delivered part")] {
            let end = json!({ "part_id": self.id(part), "last_index": 1, "head": "00".repeat(32), "duration_ms": 900 });
            let path = format!("/takes/{}/finish", self.id(take));
            app.post(&own, &path, json!({ "parts": [end] })).await.expect(200);
        }
    }

    async fn take(
        &mut self,
        app: &TestApp,
        own: &Person,
        sitting: &str,
        take: &'static str,
        part: &'static str,
    ) {
        let path = format!("/sittings/{}/takes", self.id(sitting));
        let start = json!({ "subject_id": self.id("subject"), "media": media(), "device": {} });
        let started = app.post(own, &path, start).await.expect(201);
        self.keep(take, &started["take_id"]);
        self.keep(part, &started["part"]["id"]);
        if take == "preparing take" {
            return;
        }
        let capability = started["part"]["capability"].as_str().unwrap().to_owned();
        self.things
            .insert(if take == "recording take" { "capability" } else { "other capability" }, capability);
        let path = format!("/takes/{}/beep", self.id(take));
        app.post(own, &path, json!({ "part_id": self.id(part) })).await.expect(200);
    }

    async fn delivered(&mut self, app: &TestApp) {
        let path = format!("/sittings/{}/submissions", self.id("delivered sitting"));
        let submit = json!({ "subject_id": self.id("subject"), "take_id": self.id("delivered take") });
        let submitted = app.post(self.person("candidate"), &path, submit).await.expect(201);
        let subjects = submitted["sitting"]["subjects"].as_array().unwrap();
        let submission_id = subjects[0]["submission"]["id"].as_str().unwrap().parse().unwrap();
        let sitting = self.id("delivered sitting").parse().unwrap();
        let given = Given { sitting, command_id: None, actor: "delivery".into(), device: None };
        let order = Command::Deliver { submission_id, outcome: DeliveryOutcome::Complete };
        command::run(&app.app, given, order, Box::new(|_, _, _, _| ())).await.unwrap();
    }

    async fn reviews(&mut self, app: &TestApp) {
        let (own, agent) = (self.person("candidate").clone(), self.person("agent").clone());
        let asked = app.post(&own, "/me/reviews", json!({ "note": "认不出我" })).await.expect(201);
        self.keep("open review", &asked["reviews"][0]["id"]);
        for (name, kind) in [("claimed review", ReviewKind::Identity), ("asked review", ReviewKind::Appeal)] {
            let id = app.review(&own, kind, "document", "申请").await;
            app.post(&agent, &format!("/desk/reviews/{id}/claim"), json!({})).await.expect(200);
            self.things.insert(name, id.to_string());
        }
        let question = json!({ "words": "请重拍证件" });
        let path = format!("/desk/reviews/{}/question", self.id("asked review"));
        app.post(&agent, &path, question).await.expect(200);
    }

    fn keep(&mut self, name: &'static str, id: &Value) {
        self.things.insert(name, id.as_str().unwrap().to_owned());
    }
}
