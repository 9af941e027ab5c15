//! Finds parts whose footage is all there, and parts for which nothing more may come.

use yikao_domain::time::Timestamp;
use yikao_store::part::{self, Part};
use yikao_store::sitting;

use super::{Work, enqueue};
use crate::problem::Problem;
use crate::sittings::command;
use crate::state::App;

/// Parts that are looked at in one turn, oldest first.
const AT_ONCE: u32 = 1000;

/// A part is complete when its last index is known and none is missing.
pub(super) async fn complete(app: App) -> Result<(), Problem> {
    let finished = part::in_state(&mut app.db.reader().await?, "finished", AT_ONCE).await?;
    for part in finished {
        let Some(last) = part.last_index else { continue };
        if app.footage.received(&app.db, part.id).await?.is_complete(last) {
            advance(&app, part, "finished", "complete").await?;
        }
    }
    Ok(())
}

/// Where delivery is over, what has arrived is assembled with its gaps.
pub(super) async fn lapse(app: App) -> Result<(), Problem> {
    let now = app.clock.now();
    for state in ["open", "finished"] {
        let parts = part::in_state(&mut app.db.reader().await?, state, AT_ONCE).await?;
        for part in parts {
            if is_over(&app, &part, now).await? {
                advance(&app, part, state, "lapsed").await?;
            }
        }
    }
    Ok(())
}

async fn is_over(app: &App, part: &Part, now: Timestamp) -> Result<bool, Problem> {
    let row = sitting::get(&mut app.db.reader().await?, part.sitting_id).await?;
    let Some(row) = row else { return Ok(false) };
    Ok(!command::read(&row)?.delivery_is_open(now))
}

async fn advance(app: &App, part: Part, from: &'static str, to: &'static str) -> Result<(), Problem> {
    let moved = app.db.write_with((app.clone(), part), move |tx, (app, part)| {
        Box::pin(async move {
            if part::advance(tx, part.id, from, to).await? {
                enqueue(tx, app, part.school_id, Work::Assemble(part.id), app.clock.now());
            }
            Ok(())
        })
    });
    Ok(moved.await?)
}
