//! Finds parts whose footage is all there, and parts for which nothing more may come.

use yikao_domain::sitting::{Sitting, TakeState};
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::part::{self, Part};
use yikao_store::sitting;

use super::{Work, enqueue_for};
use crate::problem::Problem;
use crate::sittings::command;
use crate::state::App;

/// Parts that are loaded at once, oldest first. Every turn looks at all: a thousand phones that went silent must
/// not hold up whoever came after them.
const AT_ONCE: u32 = 1000;
/// How much later footage is wanted that nobody can submit any more: it stays as evidence.
const EVIDENCE_WAITS: Millis = Millis::hours(1);

/// A part is complete when its last index is known and none is missing.
pub(super) async fn complete(app: App) -> Result<(), Problem> {
    let mut page = page(&app, "finished", None).await?;
    while let Some(last_part) = page.last().cloned() {
        for part in page {
            let Some(last) = part.last_index else { continue };
            if app.footage.received(&app.db, part.id).await?.is_complete(last) {
                advance(&app, part, "finished", "complete").await?;
            }
        }
        page = self::page(&app, "finished", Some(&last_part)).await?;
    }
    Ok(())
}

/// Where delivery is over, what has arrived is assembled with its gaps.
pub(super) async fn lapse(app: App) -> Result<(), Problem> {
    let now = app.clock.now();
    for state in ["open", "finished"] {
        let mut page = page(&app, state, None).await?;
        while let Some(last_part) = page.last().cloned() {
            for part in page {
                if is_over(&app, &part, now).await? {
                    advance(&app, part, state, "lapsed").await?;
                }
            }
            page = self::page(&app, state, Some(&last_part)).await?;
        }
    }
    Ok(())
}

async fn page(app: &App, state: &str, after: Option<&Part>) -> Result<Vec<Part>, Problem> {
    Ok(part::in_state(&mut app.db.reader().await?, state, after, AT_ONCE).await?)
}

async fn is_over(app: &App, part: &Part, now: Timestamp) -> Result<bool, Problem> {
    Ok(sitting_of(app, part).await?.is_some_and(|sitting| !sitting.delivery_is_open(now)))
}

async fn sitting_of(app: &App, part: &Part) -> Result<Option<Sitting>, Problem> {
    let row = sitting::get(&mut app.db.reader().await?, part.sitting_id).await?;
    Ok(row.as_ref().map(command::read).transpose()?)
}

async fn advance(app: &App, part: Part, from: &'static str, to: &'static str) -> Result<(), Problem> {
    let now = app.clock.now();
    let sitting = sitting_of(app, &part).await?;
    let wanted_at = sitting.map_or(now, |sitting| wanted_at(&sitting, &part, now));
    let moved = app.db.write_with((app.clone(), part), move |tx, (app, part)| {
        Box::pin(async move {
            if part::advance(tx, part.id, from, to).await? {
                enqueue_for(tx, app, part.school_id, Work::Assemble(part.id), now, wanted_at);
            }
            Ok(())
        })
    });
    Ok(moved.await?)
}

/// Candidates wait for what they submitted, and for what they want to play back before they do.
fn wanted_at(sitting: &Sitting, part: &Part, now: Timestamp) -> Timestamp {
    let Some((run, take, _)) = sitting.part(part.id) else { return now };
    let is_submitted = run.submission().is_some_and(|submission| submission.take_id == take.id);
    let is_lost = matches!(take.state, TakeState::Lost { .. });
    if is_submitted || (run.is_open() && !is_lost) { now } else { now + EVIDENCE_WAITS }
}
