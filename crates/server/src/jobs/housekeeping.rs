//! Forgets what nobody can use any more, and lets go of log blocks that nobody needs.

use yikao_domain::time::Millis;
use yikao_footage::log::SegmentLog;
use yikao_store::{block, code, command, face, job, login, message, part, roster, segment, send_limit};

use crate::problem::Problem;
use crate::state::App;

/// How long expired codes, messages, previews and logins stay for support.
const EXPIRED: Millis = Millis::hours(24);
/// How long a repeated command gets its first answer, and done jobs stay visible.
const COMMANDS: Millis = Millis::hours(24 * 30);
/// How long a block stays after nobody needs it: longer than any flush that is under way.
const BLOCKS: Millis = Millis::minutes(10);

/// One round.
pub(super) async fn run(app: App) -> Result<(), Problem> {
    app.limits.requests.forget_idle();
    app.limits.attempts.forget_idle();
    app.limits.attempts_of_network.forget_idle();
    app.limits.pictures.forget_idle();
    app.limits.frames.forget_idle();
    app.footage.usage.forget_idle(app.clock.now());
    purge(&app).await?;
    crate::pictures::purge(&app).await?;
    match &app.footage.log {
        SegmentLog::Local(_) => release_assembled(&app).await,
        SegmentLog::Shared(log) => drop_blocks(&app, log).await,
    }
}

async fn purge(app: &App) -> Result<(), Problem> {
    let now = app.clock.now();
    let purged = app.db.write(move |tx| {
        Box::pin(async move {
            code::purge(tx, now - EXPIRED);
            message::purge(tx, now - EXPIRED);
            send_limit::purge(tx, now);
            roster::purge_previews(tx, now - EXPIRED);
            login::purge(tx, now - EXPIRED);
            command::purge(tx, now - COMMANDS);
            face::purge(tx, now - EXPIRED);
            job::purge(tx, now - COMMANDS);
            Ok(())
        })
    });
    Ok(purged.await?)
}

/// A segment that was sent again after its part was assembled is let go of again.
async fn release_assembled(app: &App) -> Result<(), Problem> {
    let SegmentLog::Local(log) = &app.footage.log else { return Ok(()) };
    for id in log.live_parts() {
        let part = part::get(&mut app.db.reader().await?, id).await?;
        let is_done = part.is_some_and(|part| matches!(part.state.as_str(), "assembled" | "damaged"));
        if is_done {
            app.footage.release(id).await.map_err(|error| Problem::unexpected(&error))?;
        }
    }
    Ok(())
}

async fn drop_blocks(app: &App, log: &yikao_footage::log::SharedLog) -> Result<(), Problem> {
    let forgotten = app.db.write(|tx| {
        Box::pin(async move {
            segment::forget_settled(tx);
            Ok(())
        })
    });
    forgotten.await?;
    let now = app.clock.now();
    let unneeded = block::unneeded(&mut app.db.reader().await?, now - BLOCKS, 1000).await?;
    for old in unneeded {
        log.delete_block(old.id).await.map_err(|error| Problem::unexpected(&error))?;
        let noted = app.db.write(move |tx| {
            Box::pin(async move {
                block::mark_dropped(tx, old.id, now);
                Ok(())
            })
        });
        noted.await?;
    }
    Ok(())
}
