//! `PUT /console/exams/{exam}/draft`: a new revision. Sittings that run stay with the one they began with.

use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yikao_domain::exam::{ExamState, RevisionBody, Severity, lint};
use yikao_domain::id::{AccountId, CommandId, ExamId, RevisionId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::task::keep_booked;
use yikao_domain::time::Timestamp;
use yikao_store::audit::AuditEntry;
use yikao_store::paper::ClosedTexts;
use yikao_store::{StoreError, Tx, exam, paper, revision, task};

use crate::auth::actor::{Actor, SchoolRole};
use crate::exams::{self, ExamView, SCHEMA_VERSION};
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::state::App;
use crate::{audit, commands, papers, revisions};

/// Saves an exam's next revision.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// The number of the revision that was edited: somebody else may have saved another meanwhile.
    pub based_on: u32,
    /// What the school has edited.
    pub body: RevisionBody,
}

/// Saves an exam's next revision. A draft may hold errors; an open exam's revision may not.
#[utoipa::path(put, path = "/console/exams/{exam}/draft", tag = "exams", request_body = SaveDraft,
    params(("exam" = ExamId, Path, description = "An exam of a school in which one is an administrator")),
    responses(
        (status = 200, description = "Saved and checked", body = ExamView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such exam of this person's schools", body = crate::problem::ProblemBody),
        (status = 409, description = "Another revision was saved meanwhile, or the exam is open and this has errors", body = crate::problem::ProblemBody),
        (status = 410, description = "The exam is closed", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn save(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ExamId>,
    Json(form): Json<SaveDraft>,
) -> Result<axum::Json<ExamView>, Problem> {
    let school = exams::load_for(&app, &actor, id, &[SchoolRole::Admin]).await?.school_id;
    exams::check_zone(&form.body.zone, "body.zone")?;
    let (id_of_next, mut stored) = (RevisionId::from_uuid(app.clock.new_uuid()), form.body.clone());
    let texts = papers::close(&app, school, id_of_next, &stored.take_texts())?;
    let next = Next {
        exam: id,
        based_on: form.based_on,
        id: id_of_next,
        text: serde_json::to_string(&stored)?,
        texts,
        body: form.body,
        by: actor.account,
        at: app.clock.now(),
        line: audit::line(&app, &actor, Some(school), "exam.edited", "exam", &json!({})),
    };
    let saved: ExamId = commands::once(&app, &actor, "exams.draft", form.command_id, next, |tx, next| {
        Box::pin(async move { next.save(tx).await })
    })
    .await?;
    Ok(axum::Json(exams::view(&app, &actor, &reader, saved).await?))
}

struct Next {
    exam: ExamId,
    based_on: u32,
    id: RevisionId,
    text: String,
    texts: Option<ClosedTexts>,
    body: RevisionBody,
    by: AccountId,
    at: Timestamp,
    line: AuditEntry,
}

impl Next {
    async fn save(&self, tx: &mut Tx) -> commands::Outcome<ExamId> {
        let mut exam = exam::get(tx, self.exam).await?.ok_or(StoreError::NotFound)?;
        if let Err(refusal) = self.may_follow(exam.state) {
            return Ok(Err(refusal));
        }
        let last = revision::latest(tx, self.exam).await?.ok_or(StoreError::NotFound)?;
        if last.number != self.based_on {
            let stale = Refusal::new(RefusalCode::ExamDraftStale).with("number", last.number);
            return Ok(Err(stale.at("saved_at", last.created_at)));
        }
        let taken = task::taken(tx, self.exam).await?;
        let is_booked = |slot| taken.get(&slot).is_some_and(|places| *places > 0);
        if let Err(refusal) = keep_booked(&revisions::read(&last)?.body, &self.body, is_booked) {
            return Ok(Err(refusal));
        }
        revision::insert(tx, &self.row(&exam, last.number + 1));
        if let Some(texts) = &self.texts {
            paper::insert(tx, texts);
        }
        exams::describe(&mut exam, self.id, &self.body);
        exam::save(tx, &exam);
        let detail = json!({ "number": last.number + 1 }).to_string();
        audit::keep(tx, &AuditEntry { detail, ..self.line.clone() }, &self.exam);
        Ok(Ok(self.exam))
    }

    fn may_follow(&self, state: ExamState) -> Result<(), Refusal> {
        let errors =
            || lint(&self.body, self.at).iter().filter(|found| found.severity == Severity::Error).count();
        match state {
            ExamState::Draft => Ok(()),
            ExamState::Closed => Err(RefusalCode::ExamClosed.into()),
            ExamState::Open => match errors() {
                0 => Ok(()),
                count => Err(Refusal::new(RefusalCode::ExamFindings).with("errors", count)),
            },
        }
    }

    fn row(&self, exam: &exam::Exam, number: u32) -> revision::Revision {
        revision::Revision {
            id: self.id,
            school_id: exam.school_id,
            exam_id: exam.id,
            number,
            schema_version: SCHEMA_VERSION,
            body: self.text.clone(),
            created_at: self.at,
            created_by: self.by,
        }
    }
}
