//! `POST /console/exams/{exam}/open`: opens an exam: candidates may enrol and sit.

use axum::extract::State;
use serde_json::json;
use yikao_domain::exam as rules;
use yikao_domain::id::ExamId;
use yikao_store::{StoreError, exam};

use crate::auth::actor::{Actor, SchoolRole};
use crate::exams::{self, ExamView};
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::routes::takes::Bare;
use crate::state::App;
use crate::{audit, commands};

/// Opens an exam that the linter finds no error in.
#[utoipa::path(post, path = "/console/exams/{exam}/open", tag = "exams", request_body = Bare,
    params(("exam" = ExamId, Path, description = "An exam of a school in which one is an administrator")),
    responses(
        (status = 200, description = "The exam as it stands", body = ExamView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such exam of this person's schools", body = crate::problem::ProblemBody),
        (status = 409, description = "Open already, or with errors", body = crate::problem::ProblemBody),
        (status = 410, description = "The exam is closed", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn open(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ExamId>,
    Json(form): Json<Bare>,
) -> Result<axum::Json<ExamView>, Problem> {
    let school = exams::load_for(&app, &actor, id, &[SchoolRole::Admin]).await?.school_id;
    let now = app.clock.now();
    let line = audit::line(&app, &actor, Some(school), "exam.opened", "exam", &json!({}));
    let done = commands::once(
        &app,
        &actor,
        "exams.open",
        form.command_id,
        (app.clone(), line),
        move |tx, (app, line)| {
            Box::pin(async move {
                let mut found = exam::get(tx, id).await?.ok_or(StoreError::NotFound)?;
                let revision = exams::whole(app, tx, &found).await?;
                match rules::open(found.state, &revision.body, now) {
                    Ok(state) => found.state = state,
                    Err(refusal) => return Ok(Err(refusal)),
                }
                exam::save(tx, &found);
                audit::keep(tx, line, &id);
                Ok(Ok(()))
            })
        },
    );
    done.await?;
    Ok(axum::Json(exams::view(&app, &actor, &reader, id).await?))
}
