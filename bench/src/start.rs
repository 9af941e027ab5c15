//! How long a start takes, and how much memory a server holds that has nothing to do.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use crate::arena::{Arena, Contender, Wire};
use crate::process;
use crate::report::median;

/// Starts of every kind; each takes milliseconds.
const STARTS: u32 = 7;
/// After this long a server that was started has settled.
const IDLE: Duration = Duration::from_secs(3);

/// A start on an installation that exists, and what it holds.
#[derive(Debug)]
pub(crate) struct Start {
    /// From spawning to the first 200 on `/healthz`.
    pub(crate) start_ms: f64,
    /// Resident memory in MB, idle.
    pub(crate) idle_mb: f64,
}

/// Starts the server and the bare server in turn.
pub(crate) async fn run(arena: &Arena) -> Result<Start> {
    let (installed, nothing) = (arena.fresh("installed", None)?, arena.fresh("nothing", None)?);
    let first = start(arena, Contender::Yikao, &installed, Duration::ZERO).await?.start_ms;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        ours.push(start(arena, Contender::Yikao, &installed, Duration::ZERO).await?.start_ms);
        bare.push(start(arena, Contender::Bare, &nothing, Duration::ZERO).await?.start_ms);
    }
    let idle = start(arena, Contender::Yikao, &installed, IDLE).await?.idle_mb;
    let bare_idle = start(arena, Contender::Bare, &nothing, IDLE).await?.idle_mb;
    let (ours, bare) = (median(ours), median(bare));
    println!(
        "start: {ours:.1} ms (very first, with migrations: {first:.1} ms), ×{:.1} of bare's {bare:.1} ms",
        ours / bare
    );
    println!("idle: {idle:.1} MB, ×{:.1} of bare's {bare_idle:.1} MB", idle / bare_idle);
    Ok(Start { start_ms: ours, idle_mb: idle })
}

async fn start(arena: &Arena, who: Contender, data: &Path, settle: Duration) -> Result<Start> {
    let (server, _) = arena.start(who, Wire::Plain, data).await?;
    tokio::time::sleep(settle).await;
    let start_ms = server.started_in.as_secs_f64() * 1000.0;
    Ok(Start { start_ms, idle_mb: process::resident_mb(server.pid())? })
}
