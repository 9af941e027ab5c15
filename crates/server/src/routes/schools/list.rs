//! `GET /schools`: the schools in which one has a role; for who runs the installation, all of them.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::id::SchoolId;
use yikao_store::school;

use crate::auth::actor::{Actor, PlatformRole, SchoolRole};
use crate::problem::Problem;
use crate::state::App;

/// A school.
#[derive(Debug, Serialize, ToSchema)]
pub struct SchoolView {
    /// The school.
    pub id: SchoolId,
    /// Its name.
    pub name: String,
    /// What one may do there.
    pub roles: Vec<SchoolRole>,
}

/// The schools in which one has a role, oldest first; for operators all.
#[utoipa::path(get, path = "/schools", tag = "schools", responses(
    (status = 200, description = "Schools, oldest first", body = Vec<SchoolView>),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
))]
pub async fn list(State(app): State<App>, actor: Actor) -> Result<axum::Json<Vec<SchoolView>>, Problem> {
    let mut tx = app.db.reader().await?;
    let rows = if actor.platform_roles.contains(&PlatformRole::Operator) {
        school::all(&mut tx).await?
    } else {
        school::of_member(&mut tx, actor.account).await?
    };
    Ok(axum::Json(rows.into_iter().map(|row| view(&actor, row)).collect()))
}

/// A school as `actor` sees it.
pub fn view(actor: &Actor, row: school::School) -> SchoolView {
    let here = actor.school_roles.iter().filter(|(id, _)| *id == row.id);
    SchoolView { id: row.id, name: row.name, roles: here.map(|(_, role)| *role).collect() }
}
