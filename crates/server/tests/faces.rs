//! Faces before takes: the red bar, a fresh check for each take, and what the desk's time gives back.

use axum::http::Method;
use serde_json::{Value, json};
use yikao_domain::exam::{RevisionBody, Session, SittingKind};
use yikao_domain::face::FaceOutcome;
use yikao_domain::id::{CandidateId, FaceCheckId, SessionId, SittingId, SubjectId};
use yikao_domain::policy::{FaceCheck, Preset};
use yikao_domain::standing::{FaceMode, FaceRule, Standing, take, verification};
use yikao_domain::time::Millis;
use yikao_server::auth::actor::{PlatformRole, SchoolRole};
use yikao_server::faces::{self, references};
use yikao_server::{identities, seed};
use yikao_store::face::{self, Check};
use yikao_store::login;

use crate::util::{self, Call, Person, TestApp, photo};
use crate::world::media;

/// A candidate in an open formal sitting of an exam that asks for faces; they agree to it.
pub(crate) struct Hall {
    pub(crate) app: TestApp,
    pub(crate) candidate: Person,
    admin: Person,
    pub(crate) sitting: SittingId,
    subject: SubjectId,
}

impl Hall {
    pub(crate) async fn open() -> Self {
        let app = TestApp::start().await;
        let school = app.school().await;
        let admin = app.staff(school, SchoolRole::Admin).await;
        let now = app.app.clock.now();
        let session = SessionId::from_uuid(app.app.clock.new_uuid());
        let formal = Session::new(
            session,
            SittingKind::Formal,
            "正式",
            now - Millis::hours(1),
            now + Millis::hours(8),
        );
        let mut body = RevisionBody::from_preset(Preset::General, "校考", "Asia/Shanghai", formal);
        body.settings.face = Some(FaceCheck::Block);
        let song = seed::subject(&app.app, "声乐", true, "一首", "");
        let subject = song.id;
        body.majors = vec![seed::major(&app.app, "音乐学", vec![song])];
        let exam = seed::open_exam(&app.app, school, admin.account, body).await.unwrap();
        let who = seed::somebody("林小溪", 1);
        let candidate = app.candidate(&who).await;
        app.agree(&candidate).await;
        let major = exam.body.majors[0].id;
        let entry = seed::put_on_roster(&app.app, &exam, major, &who).await.unwrap();
        let enrolled = seed::enrol(&app.app, &exam, major, candidate.account, entry).await.unwrap();
        let path = format!("/enrolments/{}/sittings", enrolled.id);
        let entered = app.post(&candidate, &path, json!({ "session_id": session })).await.expect(201);
        let sitting = entered["id"].as_str().unwrap().parse().unwrap();
        Self { app, candidate, admin, sitting, subject }
    }

    pub(crate) async fn stand(&self, standing: Standing) {
        let (account, now) = (self.candidate.account, self.app.app.clock.now());
        let kept = self.app.app.db.write(move |tx| {
            Box::pin(async move {
                let (_, row) = faces::standing(tx, account).await?;
                faces::keep_standing(tx, account, row.as_ref(), &standing, now)
            })
        });
        kept.await.unwrap();
    }

    /// A check that was made on the candidate's device.
    pub(crate) async fn check(&self, outcome: &str, change: fn(&mut Check)) -> FaceCheckId {
        let mut tx = self.app.app.db.reader().await.unwrap();
        let now = self.app.app.clock.now();
        let logins = login::of_account(&mut tx, self.candidate.account, now).await.unwrap();
        let mut check = Check {
            id: FaceCheckId::from_uuid(self.app.app.clock.new_uuid()),
            account_id: self.candidate.account,
            login_id: logins[0].id,
            sitting_id: Some(self.sitting),
            subject_id: Some(self.subject),
            take_id: None,
            purpose: "take".to_owned(),
            mode: "real".to_owned(),
            outcome: outcome.to_owned(),
            lets_begin: true,
            cause: None,
            distance: Some(0.4),
            picture_id: None,
            at: now,
        };
        change(&mut check);
        let kept = self.app.app.db.write_with(check.clone(), |tx, check| {
            Box::pin(async move {
                face::insert_check(tx, check);
                Ok(())
            })
        });
        kept.await.unwrap();
        check.id
    }

    pub(crate) async fn start(&self, check: Option<FaceCheckId>) -> crate::util::Answer {
        let path = format!("/sittings/{}/takes", self.sitting);
        let body = json!({ "subject_id": self.subject, "media": media(), "face_check_id": check });
        self.app.post(&self.candidate, &path, body).await
    }

    fn look_path(&self, command: &str) -> String {
        format!("/sittings/{}/face-checks?subject_id={}&command_id={command}", self.sitting, self.subject)
    }

    /// Shows a face to the camera.
    pub(crate) async fn look(&self, command: &str) -> crate::util::Answer {
        let call = Call::new(Method::POST, &self.look_path(command)).by(&self.candidate);
        self.app.ask(call.raw("image/jpeg", [0xff, 0xd8, 0xff])).await
    }

    /// Shows a photo to the camera.
    async fn show(&self, photo: Vec<u8>) -> Value {
        let call = Call::new(Method::POST, &self.look_path(&self.app.id())).by(&self.candidate);
        self.app.ask(call.raw("image/jpeg", photo)).await.expect(201)
    }

    /// The candidate enrolled with this photo.
    async fn known_by(&self, photo: Vec<u8>) {
        let app = &self.app.app;
        let candidate = CandidateId::from_uuid(*self.candidate.account.as_uuid());
        let look = app.vision.look(photo.into()).await.unwrap();
        let embedding = look.largest().unwrap().embedding.unwrap();
        let key = identities::key_of(app, &mut app.db.reader().await.unwrap(), candidate).await.unwrap();
        let reference = references::closed(app, &key, candidate, "portrait", &embedding).unwrap();
        let kept = app.db.write_with(reference, |tx, reference| {
            Box::pin(async move {
                face::put_reference(tx, reference);
                Ok(())
            })
        });
        kept.await.unwrap();
    }

    /// A take that is being recorded.
    async fn record(&self) -> String {
        let checked = self.check("pass", |_| ()).await;
        let started = self.start(Some(checked)).await.expect(201);
        let take = started["take_id"].as_str().unwrap().to_owned();
        let beep = json!({ "part_id": started["part"]["id"] });
        self.app.post(&self.candidate, &format!("/takes/{take}/beep"), beep).await.expect(200);
        take
    }

    /// Shows a photo to the camera while a take is recorded.
    async fn show_within(&self, take: &str, photo: Vec<u8>) -> crate::util::Answer {
        let call = Call::new(Method::POST, &format!("/takes/{take}/face-checks")).by(&self.candidate);
        self.app.ask(call.raw("image/jpeg", photo)).await
    }

    /// What reviewers see marked.
    async fn marks(&self) -> Vec<String> {
        let review =
            self.app.get(&self.admin, &format!("/console/sittings/{}", self.sitting)).await.expect(200);
        let marks = review["marks"].as_array().unwrap();
        marks.iter().map(|mark| mark["kind"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn view(&self) -> Value {
        self.app.get(&self.candidate, &format!("/sittings/{}", self.sitting)).await.expect(200)
    }
}

#[tokio::test]
async fn the_candidate_passes_and_somebody_else_three_times_in_a_row_raises_the_red_bar() {
    let hall = Hall::open().await;
    hall.stand(verified()).await;
    hall.known_by(photo("obama.jpg")).await;
    let mine = hall.show(photo("obama2.jpg")).await;
    assert_eq!(mine["next"]["step"], "clear", "{mine}");
    let stranger = [hall.show(photo("biden.jpg")).await, hall.show(photo("biden.jpg")).await];
    assert_eq!((&stranger[0]["outcome"], &stranger[0]["next"]["left"]), (&json!("fail"), &json!(2)));
    assert_eq!(stranger[1]["next"]["left"], 1);
    let third = hall.app.id();
    let strike = async || {
        let call = Call::new(Method::POST, &hall.look_path(&third)).by(&hall.candidate);
        hall.app.ask(call.raw("image/jpeg", photo("biden.jpg"))).await.expect(201)
    };
    assert_eq!(strike().await["next"]["step"], "struck");
    // The answer was lost on the way: it is the same, and nothing is looked at or kept once more.
    assert_eq!(strike().await["next"]["step"], "struck");
    let mine = hall.app.get(&hall.candidate, "/me/reviews").await.expect(200);
    assert_eq!(mine["bar"]["code"], "face.struck");
    // The desk sees whom the camera saw.
    let asked = hall.app.post(&hall.candidate, "/me/reviews", json!({})).await.expect(201);
    let agent = hall.app.platform(PlatformRole::Agent).await;
    let review = format!("/desk/reviews/{}", asked["reviews"][0]["id"].as_str().unwrap());
    let facts = hall.app.get(&agent, &review).await.expect(200)["facts"].clone();
    let shown: Vec<_> =
        facts["pictures"].as_array().unwrap().iter().filter(|one| one["label"] == "take").collect();
    assert_eq!(shown.len(), 3, "{facts}");
    let path = format!("{review}/pictures/{}", shown[0]["id"].as_str().unwrap());
    assert_eq!(hall.app.get(&agent, &path).await.status, 200);
    assert_eq!(hall.view().await["subjects"][0]["attempts"]["used"], 0);
}

#[tokio::test]
async fn somebody_else_within_a_take_is_marked_for_the_reviewers_and_nothing_stops() {
    let hall = Hall::open().await;
    hall.stand(verified()).await;
    hall.known_by(photo("obama.jpg")).await;
    assert_eq!(hall.view().await["subjects"][0]["face_within_ms"], 60_000);
    let take = hall.record().await;
    hall.show_within(&take, photo("biden.jpg")).await.expect(204);
    assert_eq!(hall.marks().await, ["not_same_person"]);
    // Sent again at once, and sooner than the exam asks for, nothing is looked at.
    hall.show_within(&take, photo("biden.jpg")).await.expect(204);
    assert_eq!(hall.marks().await, ["not_same_person"]);
    let view = hall.view().await;
    assert_eq!(view["subjects"][0]["takes"][0]["state"], "recording");
    let mine = hall.app.get(&hall.candidate, "/me/reviews").await.expect(200);
    assert_eq!(mine["bar"], Value::Null);
}

#[tokio::test]
async fn the_candidate_within_a_take_leaves_no_mark() {
    let hall = Hall::open().await;
    hall.stand(verified()).await;
    hall.known_by(photo("obama.jpg")).await;
    let take = hall.record().await;
    hall.show_within(&take, photo("obama2.jpg")).await.expect(204);
    let mut tx = hall.app.app.db.reader().await.unwrap();
    let kept = face::checks_of_sitting(&mut tx, hall.sitting).await.unwrap();
    assert!(kept.iter().any(|check| check.purpose == "during" && check.outcome == "pass"));
    assert!(hall.marks().await.is_empty());
}

#[tokio::test]
async fn within_a_take_of_an_exam_that_does_not_ask_nothing_is_looked_at() {
    let world = crate::world::World::make().await;
    let app = world.open().await;
    let path = format!("/takes/{}/face-checks", world.id("recording take"));
    let call =
        Call::new(Method::POST, &path).by(world.person("candidate")).raw("image/jpeg", photo("biden.jpg"));
    let told = app.ask(call).await.expect(409);
    assert_eq!(told["code"], "face.not_asked");
}

#[tokio::test]
async fn a_picture_that_shows_nobody_is_no_strike_and_its_cause_is_kept_for_the_desk() {
    let hall = Hall::open().await;
    hall.stand(verified()).await;
    hall.known_by(photo("obama.jpg")).await;
    let black = util::jpeg(|_, _| [0, 0, 0]);
    let seen = hall.show(black).await;
    assert_eq!((&seen["outcome"], &seen["words"]["code"]), (&json!("cannot_tell"), &json!("face.too_dark")));
    assert_eq!(hall.show([0xff, 0xd8, 0xff].to_vec()).await["outcome"], "cannot_tell");
    let page = yikao_store::Page { limit: 9, offset: 0 };
    let mut tx = hall.app.app.db.reader().await.unwrap();
    let kept = face::checks(&mut tx, hall.candidate.account, page).await.unwrap();
    let causes: Vec<_> = kept.iter().filter_map(|check| check.cause.as_deref()).collect();
    assert!(causes.contains(&"too_dark") && causes.contains(&"bad_picture"), "{causes:?}");
}

pub(crate) fn verified() -> Standing {
    verification(&Standing::default(), FaceOutcome::Pass, yikao_domain::Timestamp(1)).unwrap().0
}

fn struck() -> Standing {
    let rule = FaceRule {
        mode: FaceMode::Real,
        blocks: true,
        after_three_strikes: yikao_domain::policy::AfterThreeStrikes::Block,
        counts: true,
        within_ms: None,
    };
    let failed = |standing: Standing, _| {
        take(&standing, &rule, FaceOutcome::Fail, yikao_domain::Timestamp(1)).unwrap().0
    };
    (0..3).fold(verified(), failed)
}

#[tokio::test]
async fn who_is_not_verified_sees_why_no_take_begins() {
    let hall = Hall::open().await;
    let view = hall.view().await;
    let subject = &view["subjects"][0];
    assert_eq!(subject["face"], "real");
    let start =
        subject["actions"].as_array().unwrap().iter().find(|one| one["name"] == "start_take").unwrap();
    assert_eq!(start["refusal"]["code"], "face.unverified");
    let mine = hall.app.get(&hall.candidate, "/me/reviews").await.expect(200);
    assert_eq!(mine["bar"]["code"], "face.unverified");
}

#[tokio::test]
async fn a_take_begins_with_a_check_of_ones_own_on_this_device_and_no_other() {
    let hall = Hall::open().await;
    hall.stand(verified()).await;
    assert_eq!(hall.start(None).await.refusal(409), "face.check_required");
    let elsewhere = hall.check("pass", |check| check.sitting_id = None).await;
    assert_eq!(hall.start(Some(elsewhere)).await.refusal(409), "face.check_required");
    let other = hall.check("pass", |check| {
        check.login_id = yikao_domain::id::LoginId::from_uuid(*check.id.as_uuid());
    });
    let other = other.await;
    assert_eq!(hall.start(Some(other)).await.refusal(409), "face.check_required");
    let failed = hall.check("fail", |check| check.lets_begin = false).await;
    assert_eq!(hall.start(Some(failed)).await.refusal(409), "face.check_required");
    assert_eq!(hall.view().await["subjects"][0]["attempts"]["used"], 0);
    let passed = hall.check("pass", |_| ()).await;
    let started = hall.start(Some(passed)).await.expect(201);
    let take = started["take_id"].as_str().unwrap();
    let cause = json!({ "cause": "NotReadableError" });
    hall.app.post(&hall.candidate, &format!("/takes/{take}/failure"), cause).await.expect(200);
    assert_eq!(hall.start(Some(passed)).await.refusal(409), "face.check_required");
}

#[tokio::test]
async fn what_cannot_be_told_is_no_strike_and_counts_once_however_often_it_is_sent() {
    let hall = Hall::open().await;
    hall.stand(verified()).await;
    hall.known_by(photo("obama.jpg")).await;
    let command = hall.app.id();
    let first = hall.look(&command).await.expect(201);
    assert_eq!((&first["outcome"], &first["next"]["step"]), (&json!("cannot_tell"), &json!("again")));
    assert_eq!(hall.look(&command).await.expect(201)["id"], first["id"]);
    let too_early = first["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(hall.start(Some(too_early)).await.refusal(409), "face.check_required");
    hall.look(&hall.app.id()).await.expect(201);
    let third = hall.look(&hall.app.id()).await.expect(201);
    assert_eq!(third["next"], json!({ "step": "clear", "flagged": true }));
    assert_eq!(third["words"]["code"], "face.flagged");
    hall.start(Some(third["id"].as_str().unwrap().parse().unwrap())).await.expect(201);
}

#[tokio::test]
async fn where_nothing_is_known_to_compare_with_the_take_begins_at_once_and_flagged() {
    let hall = Hall::open().await;
    hall.stand(verified()).await;
    let seen = hall.look(&hall.app.id()).await.expect(201);
    assert_eq!(seen["next"], json!({ "step": "clear", "flagged": true }));
    hall.start(Some(seen["id"].as_str().unwrap().parse().unwrap())).await.expect(201);
}

#[tokio::test]
async fn a_check_is_a_picture_and_the_red_bar_comes_before_it() {
    let hall = Hall::open().await;
    assert_eq!(hall.look(&hall.app.id()).await.refusal(409), "face.unverified");
    hall.stand(verified()).await;
    let path = hall.look_path(&hall.app.id());
    let text = Call::new(Method::POST, &path).by(&hall.candidate).raw("image/jpeg", "no picture");
    assert_eq!(hall.app.ask(text).await.refusal(422), "request.malformed");
    let huge = [vec![0xff, 0xd8], vec![0; 3 * 1024 * 1024]].concat();
    let huge = Call::new(Method::POST, &path).by(&hall.candidate).raw("image/jpeg", huge);
    assert_eq!(hall.app.ask(huge).await.refusal(413), "request.too_large");
}

#[tokio::test]
async fn three_strikes_raise_the_red_bar_and_the_desks_time_is_given_back() {
    let hall = Hall::open().await;
    hall.stand(struck()).await;
    let before = hall.view().await["phase"]["closes_at"].as_i64().unwrap();
    let mine = hall.app.get(&hall.candidate, "/me/reviews").await.expect(200);
    assert_eq!(mine["bar"]["code"], "face.struck");
    let asked = json!({ "sitting_id": hall.sitting });
    let asked = hall.app.post(&hall.candidate, "/me/reviews", asked).await.expect(201);
    let id = asked["reviews"][0]["id"].as_str().unwrap().to_owned();
    let agent = hall.app.platform(PlatformRole::Agent).await;
    let queue = hall.app.get(&agent, "/desk/reviews").await.expect(200);
    assert!(queue["items"][0]["alarm_at"].is_i64());
    hall.app.app.clock.advance(120_000);
    hall.app.post(&agent, &format!("/desk/reviews/{id}/claim"), json!({})).await.expect(200);
    let approve = json!({ "verdict": "approved" });
    hall.app.post(&agent, &format!("/desk/reviews/{id}/decision"), approve).await.expect(200);
    let after = hall.view().await["phase"]["closes_at"].as_i64().unwrap();
    assert!(after - before >= 119_000, "{}", after - before);
    let passed = hall.check("fail", |_| ()).await;
    hall.start(Some(passed)).await.expect(201);
}

#[tokio::test]
async fn a_refusal_gives_nothing_back() {
    let hall = Hall::open().await;
    hall.stand(struck()).await;
    let before = hall.view().await["phase"]["closes_at"].clone();
    let asked = hall.app.post(&hall.candidate, "/me/reviews", json!({})).await.expect(201);
    let id = asked["reviews"][0]["id"].as_str().unwrap().to_owned();
    let agent = hall.app.platform(PlatformRole::Agent).await;
    hall.app.app.clock.advance(120_000);
    hall.app.post(&agent, &format!("/desk/reviews/{id}/claim"), json!({})).await.expect(200);
    let refuse = json!({ "verdict": "refused", "reason": "不是同一人" });
    hall.app.post(&agent, &format!("/desk/reviews/{id}/decision"), refuse).await.expect(200);
    assert_eq!(hall.view().await["phase"]["closes_at"], before);
    let start = hall.start(None).await;
    assert_eq!(start.refusal(409), "face.check_required");
}

#[tokio::test]
async fn strikes_never_stop_a_take_that_runs() {
    let hall = Hall::open().await;
    hall.stand(verified()).await;
    let passed = hall.check("pass", |_| ()).await;
    let started = hall.start(Some(passed)).await.expect(201);
    let (take, part) = (started["take_id"].as_str().unwrap(), &started["part"]["id"]);
    hall.stand(struck()).await;
    hall.app
        .post(&hall.candidate, &format!("/takes/{take}/beep"), json!({ "part_id": part }))
        .await
        .expect(200);
    let resumed = json!({ "reason": "reload", "media": media(), "device": {} });
    hall.app.post(&hall.candidate, &format!("/takes/{take}/parts"), resumed).await.expect(201);
}
