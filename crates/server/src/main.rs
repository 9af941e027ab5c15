//! `yikao`: serves the platform, describes its API, checks exported sittings.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use yikao_server::{config::Config, logs, router, start};

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
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Task::Serve(config) => serve(*config),
        Task::Openapi => openapi(),
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
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(start::serve(config))
}

fn openapi() -> Result<(), start::StartError> {
    println!("{}", router::openapi().to_pretty_json()?);
    Ok(())
}
