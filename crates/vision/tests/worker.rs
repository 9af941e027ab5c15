//! A worker as a program of its own, for this crate's tests: `yikao vision-worker` is the one that servers start.

use std::process::ExitCode;

use yikao_vision::Models;
use yikao_vision::worker::{Limits, serve};

fn main() -> ExitCode {
    let folder = std::env::args_os().nth(1).unwrap_or_default();
    match serve(&Models::new(folder), &Limits { cpu_seconds: 120, ..Limits::default() }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
