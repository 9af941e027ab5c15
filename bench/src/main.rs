//! `make bench`: Yikao beside peers and limits, measured in the same run.

mod arena;
mod bare;
mod enter;
mod http;
mod live;
mod load;
mod options;
mod phone;
mod postgres;
mod process;
mod report;
mod seed;
mod signin;
mod start;
mod tls;
mod vision;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;

use crate::arena::Arena;
use crate::http::Endpoint;
use crate::options::{Command, Options};
use crate::phone::{Content, SegmentPhone, TusPhone};

fn main() -> Result<()> {
    let options = Options::parse();
    let mut runtime = if matches!(options.command, Command::Bare(_)) {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        process::settle(&options.setting.load_cores)?;
        // One thread on one core: the load costs as little as it can.
        tokio::runtime::Builder::new_current_thread()
    };
    runtime.enable_all().build()?.block_on(run(&options))
}

async fn run(options: &Options) -> Result<()> {
    let arena = || Arena::new(options.setting.clone());
    match &options.command {
        Command::Bare(bare) => bare::serve(bare).await,
        Command::Load(load) => drive_running(load, options.setting.seconds).await,
        Command::Live => live::closed_loop(&arena()?).await.map(drop),
        Command::Phones => live::open_loop(&arena()?).await.map(drop),
        Command::Enter => enter::run(&arena()?).await.map(drop),
        Command::Signin => signin::run(&arena()?).await,
        Command::Start => start::run(&arena()?).await.map(drop),
        Command::Vision => vision::run(&arena()?).await,
        Command::All => all(&arena()?).await,
    }
}

/// Everything, and the line of figures.
async fn all(arena: &Arena) -> Result<()> {
    let start = start::run(arena).await?;
    let live = live::closed_loop(arena).await?;
    let live_p99_ms = live::open_loop(arena).await?;
    let entries = enter::run(arena).await?;
    signin::run(arena).await?;
    vision::run(arena).await?;
    println!(
        "live_cpu_vs_bare={:.2} live_cpu_vs_rustus={:.2} live_p99_ms={live_p99_ms:.1} \
         entries_per_s_sqlite={:.0} entries_per_s_pg={:.0} start_ms={:.1} idle_mb={:.1}",
        live.cpu_vs_bare, live.cpu_vs_rustus, entries.sqlite, entries.postgres, start.start_ms, start.idle_mb
    );
    Ok(())
}

async fn drive_running(load: &options::Load, seconds: u64) -> Result<()> {
    let endpoint = Endpoint { address: SocketAddr::from(([127, 0, 0, 1], load.port)), tls: None };
    let content = Content::new(load.bytes);
    let plan = load::Plan {
        lasts: Duration::from_secs(seconds),
        every: Duration::from_millis(load.every_ms),
        bytes: load.bytes,
    };
    let turn = if load.tus {
        let mut phones = Vec::new();
        for number in 0..load.phones {
            phones.push(TusPhone::create(&endpoint, number, content.clone()).await?);
        }
        load::drive(phones, plan, load.pid).await?
    } else {
        let mut phones = Vec::new();
        for number in 0..load.phones {
            phones.push(SegmentPhone::open(&endpoint, number, content.clone(), None).await?);
        }
        load::drive(phones, plan, load.pid).await?
    };
    println!(
        "requests_per_s={:.0} cpu_s_per_gb={:.3} p50_ms={:.2} p99_ms={:.2}",
        turn.requests_per_s,
        turn.cpu_per_gb,
        turn.latencies.ms(500),
        turn.latencies.ms(990)
    );
    Ok(())
}
