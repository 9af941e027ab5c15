//! A school's lists: a file is read and shown first, and imported only then; single entries are corrected (G9).

pub mod correct;
pub mod import;
pub mod list;
pub mod preview;
pub mod remove;

use yikao_domain::id::RosterEntryId;
use yikao_store::roster::{self, RosterEntry};

use crate::auth::actor::{Actor, SchoolRole};
use crate::problem::Problem;
use crate::state::App;

/// Who may read a list.
const READERS: [SchoolRole; 2] = [SchoolRole::Admin, SchoolRole::Proctor];

/// An entry that stands on a list of a school in which `actor` is an administrator.
async fn entry_for(app: &App, actor: &Actor, id: RosterEntryId) -> Result<RosterEntry, Problem> {
    let found = roster::get(&mut app.db.reader().await?, id).await?.ok_or_else(Problem::not_found)?;
    actor.require(found.school_id, &[SchoolRole::Admin])?;
    if found.removed_at.is_some() { Err(Problem::not_found()) } else { Ok(found) }
}
