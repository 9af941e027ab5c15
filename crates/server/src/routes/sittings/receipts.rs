//! `GET /sittings/{sitting}/receipts`: what the server has signed for this sitting.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::id::{SittingId, SubjectId};
use yikao_domain::signed::Signed;
use yikao_domain::time::Timestamp;
use yikao_store::receipt as rows;

use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::problem::Problem;
use crate::sittings::{command, receipt};
use crate::state::App;

/// What a receipt confirms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptKind {
    /// That a take was submitted.
    Submission,
    /// That all of its footage has arrived.
    Delivery,
}

/// A receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptView {
    /// What it confirms.
    #[schema(value_type = ReceiptKind)]
    pub kind: String,
    /// For which subject.
    #[schema(required)]
    pub subject_id: Option<SubjectId>,
    /// When, ms.
    pub at: Timestamp,
    /// What was signed.
    #[serde(flatten)]
    pub signed: Signed,
}

/// The receipts of one's own sitting, oldest first.
#[utoipa::path(get, path = "/sittings/{sitting}/receipts", tag = "sittings",
    params(("sitting" = SittingId, Path, description = "One's own sitting")),
    responses(
        (status = 200, description = "Receipts, oldest first", body = Vec<ReceiptView>),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this candidate", body = crate::problem::ProblemBody),
    ))]
pub async fn receipts(
    State(app): State<App>,
    actor: Actor,
    Path(sitting): Path<SittingId>,
) -> Result<axum::Json<Vec<ReceiptView>>, Problem> {
    command::load_own(&app, sitting, actor.candidate()).await?;
    let rows = rows::of_sitting(&mut app.db.reader().await?, sitting).await?;
    let view = |row: rows::Receipt| ReceiptView {
        signed: receipt::signed(&row),
        kind: row.kind,
        subject_id: row.subject_id,
        at: row.at,
    };
    Ok(axum::Json(rows.into_iter().map(view).collect()))
}
