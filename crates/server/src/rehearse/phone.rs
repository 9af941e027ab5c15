//! What a robot's phone does: enters, films, sends what it filmed, submits.

use std::cell::RefCell;

use axum::http::{Method, header};
use base64::Engine;
use serde_json::{Value, json};
use yikao_domain::id::{FaceCheckId, PartId, SittingId, SubjectId, TakeId};
use yikao_domain::seal::{Chain, Hash32, Owner};
use yikao_domain::standing::FaceRule;
use yikao_domain::time::Millis;
use yikao_store::face::{self, Check};
use yikao_store::login;

use super::stage::{Answer, Stage, Trouble};
use crate::jobs;

/// A sitting on a phone.
pub(super) struct Phone<'a> {
    pub(super) stage: &'a Stage,
    pub(super) sitting: SittingId,
    /// Subjects whose paper has been read.
    read: RefCell<Vec<usize>>,
}

/// A take that runs.
pub(super) struct Take {
    pub(super) id: TakeId,
    part: PartId,
    chain: Chain,
}

impl<'a> Phone<'a> {
    /// Asks to enter.
    pub(super) async fn knock(stage: &Stage) -> Result<Answer, Trouble> {
        let path = format!("/enrolments/{}/sittings", stage.enrolment);
        stage.post(&path, json!({ "session_id": stage.session.id })).await
    }

    /// Enters.
    pub(super) async fn enter(stage: &'a Stage) -> Result<Self, Trouble> {
        let entered = Self::knock(stage).await?.accepted("entering")?;
        Ok(Self { stage, sitting: id(&entered["id"])?, read: RefCell::default() })
    }

    /// The sitting as it stands, after time has passed for it.
    pub(super) async fn look(&self) -> Result<Value, Trouble> {
        jobs::tick(&self.stage.app, self.sitting).await;
        self.stage.get(&format!("/sittings/{}", self.sitting)).await?.accepted("looking at the sitting")
    }

    /// Asks to begin a take, once the paper has been read and a face check has passed where there are any.
    pub(super) async fn start(&self, subject: usize) -> Result<Answer, Trouble> {
        self.read_paper(subject).await?;
        let check = self.show_face(subject).await?;
        let media = json!({ "mime": "video/webm;codecs=vp9,opus", "width": 1280, "height": 720 });
        let begin = json!({ "subject_id": self.subject(subject), "media": media, "device": {},
            "face_check_id": check });
        self.stage.post(&format!("/sittings/{}/takes", self.sitting), begin).await
    }

    /// Begins a take, is positioned, and hears the beep.
    pub(super) async fn begin(&self, subject: usize) -> Result<Take, Trouble> {
        let started = self.start(subject).await?.accepted("beginning a take")?;
        self.beep(subject, &started).await
    }

    /// Is positioned, and hears the beep.
    pub(super) async fn beep(&self, subject: usize, started: &Value) -> Result<Take, Trouble> {
        let take: TakeId = id(&started["take_id"])?;
        let part: PartId = id(&started["part"]["id"])?;
        self.stage.pass(self.stage.subject_policy(subject).position_ms);
        let beep = self.stage.post(&format!("/takes/{take}/beep"), json!({ "part_id": part })).await?;
        beep.accepted("the beep")?;
        let chain = Chain::start(self.sitting, Owner::Take(take), part);
        Ok(Take { id: take, part, chain })
    }

    /// Films for some time, sends what was filmed, and ends the take.
    pub(super) async fn film(&self, take: &mut Take, length: Millis) -> Result<(), Trouble> {
        self.stage.pass(length);
        let last = self.send(take).await?;
        let end = json!({ "part_id": take.part, "last_index": last, "head": take.chain.head().to_hex(),
            "duration_ms": length });
        let path = format!("/takes/{}/finish", take.id);
        self.stage.post(&path, json!({ "parts": [end] })).await?.accepted("ending a take")?;
        Ok(())
    }

    /// Submits a take.
    pub(super) async fn submit(&self, subject: usize, take: &Take) -> Result<Answer, Trouble> {
        let submit = json!({ "subject_id": self.subject(subject), "take_id": take.id });
        self.stage.post(&format!("/sittings/{}/submissions", self.sitting), submit).await
    }

    /// Sends one segment, with a capability that may have become too old while it was filmed.
    async fn send(&self, take: &mut Take) -> Result<u64, Trouble> {
        let renewed = self.stage.post(&format!("/parts/{}/capability", take.part), json!({})).await?;
        let renewed = renewed.accepted("renewing the capability")?;
        let body = b"filmed by nobody";
        let seal = take.chain.push(body);
        let digest = base64::engine::general_purpose::STANDARD.encode(Hash32::of(body).0);
        let path = format!("/parts/{}/segments/{}", take.part, seal.index);
        let capability = renewed["capability"].as_str().unwrap_or_default();
        let request = self.stage.request(Method::PUT, &path);
        let request = request
            .header(header::AUTHORIZATION, format!("Bearer {capability}"))
            .header("content-digest", format!("sha-256=:{digest}:"))
            .header("yikao-seal", seal.head.to_hex())
            .header(header::CONTENT_TYPE, "application/octet-stream");
        self.stage.ask(request, body.to_vec().into()).await?.accepted("a segment")?;
        Ok(seal.index)
    }

    async fn read_paper(&self, subject: usize) -> Result<(), Trouble> {
        let asked = self.stage.major.subjects.get(subject);
        let paper = asked.and_then(|subject| subject.paper_in(self.stage.session.id));
        let Some(paper) = paper.filter(|_| !self.read.borrow().contains(&subject)) else { return Ok(()) };
        let open = json!({ "subject_id": self.subject(subject) });
        let opened = self.stage.post(&format!("/sittings/{}/papers", self.sitting), open).await?;
        opened.accepted("opening the paper")?;
        self.stage.pass(paper.read_ms);
        self.read.borrow_mut().push(subject);
        Ok(())
    }

    fn subject(&self, at: usize) -> Option<SubjectId> {
        self.stage.major.subjects.get(at).map(|subject| subject.id)
    }

    /// A robot has no face: that it was compared, and passed, is written down for it.
    async fn show_face(&self, subject: usize) -> Result<Option<FaceCheckId>, Trouble> {
        let policy = self.stage.subject_policy(subject);
        if !FaceRule::of(&policy, self.stage.session.kind).wants_check() {
            return Ok(None);
        }
        let app = &self.stage.app;
        let logins =
            login::of_account(&mut app.db.reader().await?, self.stage.account, self.stage.now()).await?;
        let login = logins.first().ok_or_else(|| Trouble("the robot is not signed in".to_owned()))?;
        let check = Check {
            id: FaceCheckId::from_uuid(app.clock.new_uuid()),
            account_id: self.stage.account,
            login_id: login.id,
            sitting_id: Some(self.sitting),
            subject_id: self.subject(subject),
            take_id: None,
            purpose: "take".to_owned(),
            mode: "simulated".to_owned(),
            outcome: "pass".to_owned(),
            lets_begin: true,
            cause: None,
            distance: None,
            picture_id: None,
            at: self.stage.now(),
        };
        let id = check.id;
        let kept = app.db.write_with(check, |tx, check| {
            Box::pin(async move {
                face::insert_check(tx, check);
                Ok(())
            })
        });
        kept.await?;
        Ok(Some(id))
    }
}

fn id<T: std::str::FromStr>(value: &Value) -> Result<T, Trouble> {
    let parsed = value.as_str().and_then(|text| text.parse().ok());
    parsed.ok_or_else(|| Trouble(format!("the server answered without an id: {value}")))
}
