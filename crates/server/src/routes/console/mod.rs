//! The desk: sittings as a school's staff watch, review and steer them.

pub mod live;
mod marks;
pub mod orders;
pub mod people;
pub mod review;
pub mod sittings;
mod timeline;

use yikao_domain::delivery::Delivery;
use yikao_domain::id::{PartId, SittingId};
use yikao_domain::sitting::Sitting;

use crate::auth::actor::{Actor, SchoolRole};
use crate::problem::Problem;
use crate::sittings::command::{self, Loaded};
use crate::state::App;

/// Who steers sittings.
pub const STAFF: [SchoolRole; 2] = [SchoolRole::Admin, SchoolRole::Proctor];
/// Who sees footage: staff all of it, judges what was submitted and has arrived.
pub const WATCHERS: [SchoolRole; 3] = [SchoolRole::Admin, SchoolRole::Proctor, SchoolRole::Judge];

/// A sitting of a school in which `actor` has one of `roles`; to strangers it does not exist.
pub async fn load_for(
    app: &App,
    actor: &Actor,
    id: SittingId,
    roles: &[SchoolRole],
) -> Result<Loaded, Problem> {
    let loaded = command::load(app, &mut app.db.reader().await?, id).await?;
    let loaded = loaded.ok_or_else(Problem::not_found)?;
    actor.require(loaded.row.school_id, roles)?;
    Ok(loaded)
}

/// Parts that judges may see: of takes that are submitted and have arrived.
pub fn is_for_judges(sitting: &Sitting, part: PartId) -> bool {
    let Some((run, take, _)) = sitting.part(part) else { return false };
    let submitted = run.submission().filter(|submission| submission.take_id == take.id);
    submitted.is_some_and(|submission| matches!(submission.delivery, Delivery::Complete { .. }))
}
