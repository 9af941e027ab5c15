//! Faults planted on purpose, so that trials can show that they would notice. Only in binaries built with
//! the feature `faults`; any other refuses to start with one.

use std::borrow::Cow;

use yikao_domain::sitting::{Command, Sitting};
use yikao_footage::log::Disk;

use crate::config::Config;
use crate::footage::FootageError;
use crate::state::App;

/// Names of faults that can be planted.
pub const KNOWN: [&str; 4] = ["volatile", "skip-sync", "ack-early", "double-submit"];

/// The disk under the segment log.
#[cfg(feature = "faults")]
pub fn disk(config: &Config) -> Result<Disk, FootageError> {
    use yikao_footage::log::{Faults, Volatile};
    let unknown = config.fault.iter().find(|name| !KNOWN.contains(&name.as_str()));
    if let Some(name) = unknown {
        return Err(FootageError::Configuration(format!("no such fault: {name}")));
    }
    if !config.has_fault("volatile") {
        return Ok(Disk::Real);
    }
    Ok(Disk::Volatile(Volatile::new(Faults {
        skip_sync: config.has_fault("skip-sync"),
        ack_early: config.has_fault("ack-early"),
        capacity_bytes: None,
    })))
}

/// The disk under the segment log.
#[cfg(not(feature = "faults"))]
pub fn disk(config: &Config) -> Result<Disk, FootageError> {
    if config.fault.is_empty() {
        return Ok(Disk::Real);
    }
    Err(FootageError::Configuration("faults need a binary built with --features faults".into()))
}

/// The state that a command is decided against: forgetful of submissions where that fault is planted.
#[cfg(feature = "faults")]
pub fn state<'a>(app: &App, sitting: &'a Sitting, command: &Command) -> Cow<'a, Sitting> {
    use yikao_domain::sitting::RunState;
    let Command::Submit { subject_id, .. } = command else { return Cow::Borrowed(sitting) };
    if !app.config.has_fault("double-submit") {
        return Cow::Borrowed(sitting);
    }
    let mut forgetful = sitting.clone();
    for run in forgetful.subjects.iter_mut().filter(|run| run.subject_id == *subject_id) {
        run.state = RunState::Open { closes_at: None };
    }
    Cow::Owned(forgetful)
}

/// The state that a command is decided against.
#[cfg(not(feature = "faults"))]
pub fn state<'a>(_: &App, sitting: &'a Sitting, _: &Command) -> Cow<'a, Sitting> {
    Cow::Borrowed(sitting)
}
