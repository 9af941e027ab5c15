//! `POST /parts/{part}/capability`: a fresh right to send a part's footage, for whoever owns it.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::id::PartId;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::seal::Owner;
use yikao_domain::sitting::Sitting;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::{part, sitting};

use crate::auth::actor::Actor;
use crate::auth::capability::Capability;
use crate::extract::Path;
use crate::problem::Problem;
use crate::sittings::{command, parts};
use crate::state::App;

/// How long a capability holds; a pulse renews it long before.
pub const LIFE: Millis = Millis::minutes(30);

/// Segments of one part: five hours at one a second, with room for large slices that are cut.
const SEGMENTS_MAX: u32 = 40_000;

/// A right to send.
#[derive(Debug, Serialize, ToSchema)]
pub struct Renewed {
    /// The token for `Authorization: Bearer`.
    pub capability: String,
    /// Until when it holds, ms.
    pub expires_at: Timestamp,
}

/// Gives a fresh capability for one's own part.
#[utoipa::path(post, path = "/parts/{part}/capability", tag = "footage",
    params(("part" = PartId, Path, description = "The part")),
    responses(
        (status = 200, description = "A fresh capability", body = Renewed),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such part of this candidate", body = crate::problem::ProblemBody),
        (status = 410, description = "Footage is not taken any more", body = crate::problem::ProblemBody),
    ))]
pub async fn renew(
    State(app): State<App>,
    actor: Actor,
    Path(part): Path<PartId>,
) -> Result<axum::Json<Renewed>, Problem> {
    let mut tx = app.db.reader().await?;
    let found = part::get(&mut tx, part).await?;
    let found = found.filter(|part| part.candidate_id == actor.candidate());
    let found = found.ok_or_else(|| Problem::new(RefusalCode::PartNotFound))?;
    let row = sitting::get(&mut tx, found.sitting_id).await?.ok_or_else(Problem::not_found)?;
    let sitting = command::read(&row)?;
    let now = app.clock.now();
    let capability = issue(&sitting, parts::owner_of(&found)?, part, now)?;
    Ok(axum::Json(Renewed { expires_at: capability.expires_at, capability: capability.issue(&app.keys) }))
}

/// A capability for a part of `sitting`.
///
/// # Errors
/// `delivery.lapsed` once footage is not taken any more.
pub fn issue(sitting: &Sitting, owner: Owner, part: PartId, now: Timestamp) -> Result<Capability, Refusal> {
    if !sitting.delivery_is_open(now) {
        let until = sitting.deliver_until.unwrap_or(now);
        return Err(Refusal::new(RefusalCode::DeliveryLapsed).at("deliver_until_at", until));
    }
    let end = sitting.deliver_until.filter(|_| sitting.is_closed()).unwrap_or(Timestamp::NEVER);
    Ok(Capability {
        part,
        sitting: sitting.id,
        owner,
        expires_at: (now + LIFE).min(end),
        max_index: SEGMENTS_MAX,
    })
}

/// A longer capability, once the old one has lived half its life.
pub fn when_half_spent(app: &App, old: &Capability, sitting: &Sitting, now: Timestamp) -> Option<String> {
    let half = Millis(LIFE.as_ms() / 2);
    let due = old.expires_at.since(now) < half;
    let fresh = due.then(|| issue(sitting, old.owner, old.part, now).ok()).flatten()?;
    Some(fresh.issue(&app.keys))
}
