//! `GET /enrolments/{enrolment}/sessions/{session}/papers`: what a session asks, sealed, to be fetched ahead (K6).

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use yikao_domain::id::{EnrolmentId, SessionId};
use yikao_store::{enrolment, sitting};

use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::papers::{self, SealedPapers};
use crate::problem::Problem;
use crate::state::App;

/// The papers of a session, sealed. Nothing can be read before their keys are handed out, in a sitting.
#[utoipa::path(get, path = "/enrolments/{enrolment}/sessions/{session}/papers", tag = "papers",
    params(
        ("enrolment" = EnrolmentId, Path, description = "One's own enrolment"),
        ("session" = SessionId, Path, description = "A session of its major"),
    ),
    responses(
        (status = 200, description = "Sealed; of the candidate's own edition once they have entered", body = SealedPapers),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 404, description = "No such enrolment of this candidate, or no such session", body = crate::problem::ProblemBody),
        (status = 409, description = "The exam is not open, or the session is for others", body = crate::problem::ProblemBody),
        (status = 410, description = "The exam is closed", body = crate::problem::ProblemBody),
    ))]
pub async fn sealed(
    State(app): State<App>,
    actor: Actor,
    Path((id, session)): Path<(EnrolmentId, SessionId)>,
) -> Result<impl IntoResponse, Problem> {
    let mut tx = app.db.reader().await?;
    let found = enrolment::entrance(&mut tx, id).await?;
    let found =
        found.filter(|found| found.candidate_id == actor.candidate()).ok_or_else(Problem::not_found)?;
    let own = sitting::find(&mut tx, id, session).await?;
    if own.is_none() {
        found.exam_state.require_open()?;
    }
    let current = found.current_revision_id.unwrap_or(found.revision_id);
    let revision = own.map_or(current, |own| own.revision_id);
    let known = app.revisions.get(&mut tx, revision).await?;
    let sealed = papers::sealed(&app, &mut tx, &known, found.major_id, session).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], sealed))
}
