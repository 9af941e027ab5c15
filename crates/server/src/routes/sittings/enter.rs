//! `POST /enrolments/{enrolment}/sittings`: enters a session; the clock starts (K2, K3).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, EnrolmentId, SessionId, SittingId, SubjectRunId};
use yikao_domain::refusal::Refusal;
use yikao_domain::sitting::{self as rules, Command, Recorded, Seed};
use yikao_domain::time::Timestamp;
use yikao_store::enrolment::Entrance;
use yikao_store::sitting::SittingRow;
use yikao_store::task::TaskRow;
use yikao_store::{StoreError, Tx, enrolment, exam, sitting, task};

use crate::auth::actor::Actor;
use crate::auth::client::RecentClient;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::sittings::command::{self, Given, Loaded};
use crate::sittings::view::SittingView;
use crate::state::App;
use crate::tasks;

/// Enters a session.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enter {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Which session.
    pub session_id: SessionId,
}

/// Enters a session: the clock starts.
#[utoipa::path(post, path = "/enrolments/{enrolment}/sittings", tag = "sittings", request_body = Enter,
    params(("enrolment" = EnrolmentId, Path, description = "One's own enrolment")),
    responses(
        (status = 201, description = "Entered; entering again gives the same sitting", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps, or from one that is too old", body = crate::problem::ProblemBody),
        (status = 404, description = "No such enrolment or session", body = crate::problem::ProblemBody),
        (status = 409, description = "Not open yet, full, something is to be done before …", body = crate::problem::ProblemBody),
        (status = 410, description = "Entry is closed", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn enter(
    State(app): State<App>,
    actor: Actor,
    _: RecentClient,
    reader: Reader,
    Path(id): Path<EnrolmentId>,
    Json(form): Json<Enter>,
) -> Result<(StatusCode, axum::Json<SittingView>), Problem> {
    let mut tx = app.db.reader().await?;
    let found = enrolment::entrance(&mut tx, id).await?;
    let found =
        found.filter(|found| found.candidate_id == actor.candidate()).ok_or_else(Problem::not_found)?;
    found.exam_state.require_open()?;
    let known = app.revisions.get(&mut tx, found.current_revision_id.unwrap_or(found.revision_id)).await?;
    let context = known.context(found.major_id, form.session_id)?;
    let gated = tasks::is_gated(&known.revision.body, found.major_id, &context.session);
    let done = if gated { Some(task::of_enrolment(&mut tx, found.id).await?) } else { None };
    drop(tx);
    let given = Given {
        sitting: new_id(&app),
        command_id: Some(form.command_id),
        actor: actor.signature(),
        device: Some(actor.device),
    };
    let again = AtomicBool::new(false);
    let entering = Arc::new(Entering { enrolment: found, known, context, done, given, again });
    let entered = match run(&app, &entering).await {
        Err(StoreError::Conflict) => run(&app, &entering).await,
        entered => entered,
    };
    let loaded = entered??;
    let view = command::view(&app, &loaded, &reader).await?;
    Ok((StatusCode::CREATED, axum::Json(view)))
}

async fn run(app: &App, entering: &Arc<Entering>) -> Result<Result<Loaded, Refusal>, StoreError> {
    let input = (app.clone(), entering.clone());
    let body = app
        .db
        .write_with(input, |tx, (app, entering)| Box::pin(async move { entering.enter(app, tx).await }));
    body.await
}

fn new_id(app: &App) -> SittingId {
    SittingId::from_uuid(app.clock.new_uuid())
}

struct Entering {
    enrolment: Entrance,
    known: Arc<crate::revisions::Known>,
    context: Arc<rules::Context>,
    /// What was done of the tasks before this session, if there are any.
    done: Option<Vec<TaskRow>>,
    given: Given,
    /// Whether it ran before and met somebody: most likely the same candidate, who is in.
    again: AtomicBool,
}

impl Entering {
    /// Makes the sitting and enters it in one step; one that is there already is the answer.
    async fn enter(&self, app: &App, tx: &mut Tx) -> Result<Result<Loaded, Refusal>, StoreError> {
        if self.again.swap(true, Ordering::Relaxed)
            && let Some(there) = self.there(app, tx).await?
        {
            return Ok(Ok(there));
        }
        let now = app.clock.now();
        let (sitting, recorded) = match self.decide(app, now) {
            Ok(decided) => decided,
            // Somebody who is in already may come back to the page after entry has closed.
            Err(refusal) => return Ok(self.there(app, tx).await?.ok_or(refusal)),
        };
        if let Err(refusal) = self.tasks(tx, now).await? {
            return Ok(self.there(app, tx).await?.ok_or(refusal));
        }
        let mut loaded = Loaded {
            row: self.row(&sitting, now),
            sitting,
            known: self.known.clone(),
            context: self.context.clone(),
        };
        command::fill(&mut loaded.row, &loaded.sitting)?;
        if let Some(capacity) = self.context.session.capacity {
            // One after the other, or two who take the last seat at the same moment would both get it.
            exam::lock(tx, self.enrolment.exam_id).await?;
            let taken = sitting::entered(tx, self.context.session.id).await?;
            if taken >= u64::from(capacity) {
                let full = self.context.session.seat(capacity).err();
                return Ok(self.there(app, tx).await?.ok_or_else(|| full.unwrap_or_else(not_full)));
            }
        }
        sitting::insert(tx, &loaded.row);
        sitting::append(tx, &command::event_rows(&loaded.row, &recorded, &self.given)?);
        Ok(Ok(loaded))
    }

    /// Whether everything is done that has to be done before (H3). What is done is not undone, so it is asked for once
    /// more only where something was missing: a statement here would end the batch that many who enter share.
    async fn tasks(&self, tx: &mut Tx, now: Timestamp) -> Result<Result<(), Refusal>, StoreError> {
        let (body, session) = (&self.known.revision.body, &self.context.session);
        let major = self.enrolment.major_id;
        let Some(done) = &self.done else { return Ok(Ok(())) };
        if tasks::entry(body, major, session, done, now).is_ok() {
            return Ok(Ok(()));
        }
        let done = task::of_enrolment(tx, self.enrolment.id).await?;
        Ok(tasks::entry(body, major, session, &done, now))
    }

    fn decide(&self, app: &App, now: Timestamp) -> Result<(rules::Sitting, Vec<Recorded>), Refusal> {
        let run = || SubjectRunId::from_uuid(app.clock.new_uuid());
        let seed = Seed {
            id: self.given.sitting,
            enrolment_id: self.enrolment.id,
            revision_id: self.known.revision.id,
            runs: self.context.subjects.iter().map(|_| run()).collect(),
        };
        let (waiting, created) = rules::create(&self.context, &seed, now)?;
        let (entered, mut events) =
            rules::handle_by(&waiting, self.given.device, &Command::Enter, &self.context, now)?;
        events.insert(0, created);
        Ok((entered, events))
    }

    async fn there(&self, app: &App, tx: &mut Tx) -> Result<Option<Loaded>, StoreError> {
        match sitting::find(tx, self.enrolment.id, self.context.session.id).await? {
            Some(row) => command::load(app, tx, row.id).await,
            None => Ok(None),
        }
    }

    fn row(&self, sitting: &rules::Sitting, now: Timestamp) -> SittingRow {
        SittingRow {
            id: sitting.id,
            school_id: self.enrolment.school_id,
            exam_id: self.enrolment.exam_id,
            revision_id: sitting.revision_id,
            major_id: sitting.major_id,
            session_id: sitting.session_id,
            enrolment_id: self.enrolment.id,
            candidate_id: self.enrolment.candidate_id,
            kind: sitting.kind,
            phase: String::new(),
            entered_at: now,
            closes_at: None,
            due_at: None,
            version: 1,
            schema_version: sitting.schema_version.into(),
            state: String::new(),
        }
    }
}

fn not_full() -> Refusal {
    Refusal::new(yikao_domain::refusal::RefusalCode::SittingNotFound)
}
