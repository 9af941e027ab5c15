//! `POST /schools`: a new school, by who runs the installation.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, SchoolId};
use yikao_store::school;

use super::list::{SchoolView, view};
use crate::auth::actor::{Actor, PlatformRole};
use crate::extract::Json;
use crate::problem::Problem;
use crate::state::App;
use crate::{audit, commands};

/// Makes a school.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSchool {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
}

/// Makes a school.
#[utoipa::path(post, path = "/schools", tag = "schools", request_body = CreateSchool, responses(
    (status = 201, description = "A school without members", body = SchoolView),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Only for operators, or not from one of the apps", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
))]
pub async fn create(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<CreateSchool>,
) -> Result<(StatusCode, axum::Json<SchoolView>), Problem> {
    actor.require_platform(PlatformRole::Operator)?;
    let name = form.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Problem::field("name", "1 to 100 characters"));
    }
    let id = SchoolId::from_uuid(app.clock.new_uuid());
    let row = school::School { id, name, created_at: app.clock.now() };
    let line = audit::line(&app, &actor, Some(id), "school.created", "school", &json!({}));
    let made =
        commands::once(&app, &actor, "schools.create", form.command_id, (row, line), |tx, (row, line)| {
            Box::pin(async move {
                school::insert(tx, row);
                audit::keep(tx, line, &row.id);
                Ok(Ok(row.id))
            })
        });
    let made: SchoolId = made.await?;
    let row = school::get(&mut app.db.reader().await?, made).await?.ok_or_else(Problem::not_found)?;
    Ok((StatusCode::CREATED, axum::Json(view(&actor, row))))
}
