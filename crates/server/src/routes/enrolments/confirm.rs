//! `POST /exams/{exam}/majors/{major}/enrolments`: a candidate who is on the list confirms (G3–G5).

use axum::extract::State;
use axum::http::StatusCode;
use yikao_domain::enrolment as rules;
use yikao_domain::exam::ExamState;
use yikao_domain::id::{CandidateId, EnrolmentId, ExamId, MajorId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::roster::Identity;
use yikao_store::enrolment::{self, Enrolment};
use yikao_store::{StoreError, Tx, exam};

use crate::auth::actor::Actor;
use crate::enrolments::{self, EnrolmentView};
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::routes::takes::Bare;
use crate::state::App;
use crate::{commands, identities, rosters};

/// Confirms for a major whose list has one's document.
#[utoipa::path(post, path = "/exams/{exam}/majors/{major}/enrolments", tag = "enrolments", request_body = Bare,
    params(("exam" = ExamId, Path, description = "An open exam"),
        ("major" = MajorId, Path, description = "One of its majors")),
    responses(
        (status = 201, description = "Confirmed", body = EnrolmentView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such exam or major, or not on its list", body = crate::problem::ProblemBody),
        (status = 409, description = "Confirmed before, or name, province or type of document differ from the list", body = crate::problem::ProblemBody),
        (status = 410, description = "The exam is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn confirm(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path((exam, major)): Path<(ExamId, MajorId)>,
    Json(form): Json<Bare>,
) -> Result<(StatusCode, axum::Json<EnrolmentView>), Problem> {
    let candidate = actor.candidate();
    let identity = identities::of(&app, candidate).await?;
    let new = Confirming { app: app.clone(), exam, major, candidate, identity };
    let made = commands::once(&app, &actor, "enrolments.confirm", form.command_id, new, |tx, new| {
        Box::pin(async move { new.confirm(tx).await })
    });
    let made: EnrolmentId = made.await?;
    let found = enrolment::get(&mut app.db.reader().await?, made).await?.ok_or_else(Problem::not_found)?;
    Ok((StatusCode::CREATED, axum::Json(enrolments::view(&app, &reader, &found).await?)))
}

struct Confirming {
    app: App,
    exam: ExamId,
    major: MajorId,
    candidate: CandidateId,
    identity: Option<Identity>,
}

impl Confirming {
    async fn confirm(&self, tx: &mut Tx) -> commands::Outcome<EnrolmentId> {
        let found = exam::get(tx, self.exam).await?.filter(|exam| exam.state != ExamState::Draft);
        let Some(found) = found else { return Ok(Err(RefusalCode::ExamNotFound.into())) };
        let revision_id = found.current_revision_id.ok_or(StoreError::NotFound)?;
        let known = self.app.revisions.get(tx, revision_id).await?;
        let entries = match &self.identity {
            Some(who) => rosters::of_identity(&self.app, tx, self.exam, self.major, who).await?,
            None => Vec::new(),
        };
        let existing = enrolment::find(tx, self.exam, self.major, self.candidate).await?;
        let request = rules::Request {
            state: found.state,
            body: &known.revision.body,
            major_id: self.major,
            identity: self.identity.as_ref(),
            existing: existing.map(|enrolment| enrolment.id),
            entries: &entries,
        };
        let entry = match rules::confirm(&request) {
            Ok(entry) => entry,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let row = Enrolment {
            id: EnrolmentId::from_uuid(self.app.clock.new_uuid()),
            school_id: found.school_id,
            exam_id: self.exam,
            major_id: self.major,
            revision_id,
            candidate_id: self.candidate,
            roster_entry_id: Some(entry),
            confirmed_at: self.app.clock.now(),
        };
        let made = enrolment::insert(tx, &row).await?;
        Ok(if made { Ok(row.id) } else { Err(RefusalCode::EnrolmentAlreadyMade.into()) })
    }
}
