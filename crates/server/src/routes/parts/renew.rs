//! `POST /parts/{part}/capability`: a fresh right to send a part's footage, for whoever owns it.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::id::PartId;
use yikao_domain::quota;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::seal::Owner;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::part;

use crate::auth::actor::Actor;
use crate::auth::capability::Capability;
use crate::extract::Path;
use crate::problem::Problem;
use crate::sittings::command::{self, Loaded};
use crate::sittings::parts;
use crate::state::App;

/// How long a capability holds; a pulse renews it long before.
pub const LIFE: Millis = Millis::minutes(30);

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
    let loaded = command::load(&app, &mut tx, found.sitting_id).await?.ok_or_else(Problem::not_found)?;
    drop(tx);
    app.footage.brought(&app, found.sitting_id).await?;
    let capability = issue(&loaded, parts::owner_of(&found)?, part, app.clock.now())?;
    Ok(axum::Json(Renewed { expires_at: capability.expires_at, capability: capability.issue(&app.keys) }))
}

/// A capability for a part of a sitting, with as much room as the sitting's rules give it.
///
/// # Errors
/// `delivery.lapsed` once footage is not taken any more.
pub fn issue(loaded: &Loaded, owner: Owner, part: PartId, now: Timestamp) -> Result<Capability, Refusal> {
    let Loaded { sitting, context, .. } = loaded;
    if !sitting.delivery_is_open(now) {
        let until = sitting.deliver_until.unwrap_or(now);
        return Err(Refusal::new(RefusalCode::DeliveryLapsed).at("deliver_until_at", until));
    }
    let end = sitting.deliver_until.filter(|_| sitting.is_closed()).unwrap_or(Timestamp::NEVER);
    let subject = sitting.part(part).map(|(run, _, _)| run.subject_id);
    let subject = subject.ok_or(RefusalCode::PartNotFound).map_err(Refusal::from)?;
    let policy = &context.subject(subject)?.policy;
    Ok(Capability {
        part,
        sitting: sitting.id,
        owner,
        expires_at: (now + LIFE).min(end),
        max_index: quota::part_segments_max(policy),
        max_bytes: quota::sitting_bytes_end(sitting, context),
    })
}

/// A longer capability, once the old one has lived half its life.
pub async fn when_half_spent(app: &App, old: &Capability, now: Timestamp) -> Result<Option<String>, Problem> {
    if old.expires_at.since(now) >= Millis(LIFE.as_ms() / 2) {
        return Ok(None);
    }
    let loaded = command::load(app, &mut app.db.reader().await?, old.sitting).await?;
    let fresh = loaded.and_then(|loaded| issue(&loaded, old.owner, old.part, now).ok());
    Ok(fresh.map(|fresh| fresh.issue(&app.keys)))
}
