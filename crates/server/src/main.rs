//! `yikao`: serves the platform, describes its API, checks exported sittings.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use yikao_server::{config::Config, logs, rehearse, router, seed, start, verify, vision};

/// A self-hosted platform for remote arts examinations.
#[derive(Parser)]
#[command(name = "yikao", version)]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Serve the API and the web apps.
    Serve(Box<Config>),
    /// Print the description of the API.
    Openapi,
    /// Check an exported sitting offline.
    Verify(verify::Verify),
    /// Send robot candidates through an exam before people come.
    Rehearse(Box<rehearse::Asked>),
    /// Measure the face engine on an operator's own photos.
    #[command(subcommand)]
    Vision(vision::Task),
    /// Look at strangers' pictures, within limits: the server starts this by itself.
    #[command(hide = true)]
    VisionWorker(vision::Worker),
    /// Fill a new installation for benchmarks.
    #[command(hide = true)]
    BenchSeed(Box<seed::bench::Wanted>),
    /// Fill a new installation for trials.
    #[cfg(feature = "faults")]
    #[command(hide = true)]
    ChaosSeed(Box<seed::chaos::Wanted>),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Task::Serve(config) => serve(*config),
        Task::Openapi => openapi(),
        Task::Verify(asked) => verify::run(&asked),
        Task::Rehearse(asked) => on_runtime(rehearse::run(*asked)),
        Task::Vision(task) => vision::run(&task),
        Task::VisionWorker(asked) => vision::serve(&asked),
        Task::BenchSeed(wanted) => on_runtime(seed::bench::run(*wanted)),
        #[cfg(feature = "faults")]
        Task::ChaosSeed(wanted) => on_runtime(seed::chaos::run(*wanted)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("yikao: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(config: Config) -> Result<(), start::StartError> {
    logs::start();
    on_runtime(start::serve(config))
}

fn on_runtime(work: impl Future<Output = Result<(), start::StartError>>) -> Result<(), start::StartError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

fn openapi() -> Result<(), start::StartError> {
    println!("{}", router::openapi().to_pretty_json()?);
    Ok(())
}
