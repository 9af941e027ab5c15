//! `GET /sittings/{sitting}/papers/{subject}`: the keys of an open paper again, after a reload or on another device.

use axum::extract::State;
use yikao_domain::id::{SittingId, SubjectId};

use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::papers::{self, PaperKeys};
use crate::problem::Problem;
use crate::sittings::command;
use crate::state::App;

/// The keys of the questions that are the candidate's own, while the sitting is not over.
#[utoipa::path(get, path = "/sittings/{sitting}/papers/{subject}", tag = "papers",
    params(
        ("sitting" = SittingId, Path, description = "One's own sitting"),
        ("subject" = SubjectId, Path, description = "A subject with a paper"),
    ),
    responses(
        (status = 200, description = "As they were handed out when the paper was opened", body = PaperKeys),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting or subject, or nothing is asked in it", body = crate::problem::ProblemBody),
        (status = 409, description = "Not opened yet", body = crate::problem::ProblemBody),
        (status = 410, description = "The sitting is over", body = crate::problem::ProblemBody),
    ))]
pub async fn keys(
    State(app): State<App>,
    actor: Actor,
    Path((sitting, subject)): Path<(SittingId, SubjectId)>,
) -> Result<axum::Json<PaperKeys>, Problem> {
    let loaded = command::load_own(&app, sitting, actor.candidate()).await?;
    Ok(axum::Json(papers::keys(&app, &loaded, subject)?))
}
