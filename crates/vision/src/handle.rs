//! The handle that a server holds: pictures in, what is seen in them out.

mod child;
mod pool;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use yikao_domain::card::CardText;
use yikao_domain::face::Look;
use yikao_domain::picture::PictureFault;
use yikao_domain::{Refusal, RefusalCode};

use crate::engine::{EngineError, Seen, Wanted};
use pool::Pool;

/// How workers are started and how many there may be.
#[derive(Debug, Clone)]
pub struct VisionConfig {
    /// The program that becomes a worker.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Workers at the same time; each takes a core and, with its models, about 300 MB.
    pub workers: usize,
    /// Requests that may wait for one; more are told that it is busy.
    pub waiting: usize,
    /// How long a worker without work is kept.
    pub idle: Duration,
    /// How long one picture may take by the clock.
    pub wall: Duration,
    /// Bytes of a picture above which it is not taken.
    pub most_bytes: usize,
}

/// Looks at pictures, in child processes. Clones share them.
#[derive(Clone)]
pub struct Vision(Arc<Pool>);

/// Whether somebody waits for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It takes its place behind those who came before.
    Waits,
    /// It is done at once, or not at all: it never stands in the way of those who wait.
    IfIdle,
}

/// Why nothing was seen. None of these says anything about the person: never a strike.
#[derive(Debug, thiserror::Error)]
pub enum VisionError {
    /// The file is no usable picture.
    #[error("the picture: {0:?}")]
    Picture(PictureFault),
    /// Too many requests wait already.
    #[error("busy")]
    Busy,
    /// The picture took longer than one may.
    #[error("a picture took too long")]
    TookTooLong,
    /// The worker died over it.
    #[error("the worker ended: {0}")]
    Crashed(String),
    /// The engine's files are not installed.
    #[error("{0}")]
    Unavailable(String),
    /// The engine failed.
    #[error("the engine failed: {0}")]
    Failed(String),
}

impl VisionConfig {
    /// Usual settings: half the cores (at most four), a minute of idleness, 20 seconds and 20 MiB a picture.
    pub fn new(program: impl Into<PathBuf>, arguments: Vec<String>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            program: program.into(),
            arguments,
            workers: (cores / 2).clamp(1, 4),
            waiting: 256,
            idle: Duration::from_mins(1),
            wall: Duration::from_secs(20),
            most_bytes: 20 << 20,
        }
    }
}

impl Vision {
    /// A handle. Nothing runs before the first picture.
    pub fn new(config: VisionConfig) -> Self {
        Self(Arc::new(Pool::new(config)))
    }

    /// Measures the faces of a picture; the four largest have embeddings.
    ///
    /// # Errors
    /// [`VisionError`]; a picture without faces is none.
    pub async fn look(&self, picture: Bytes) -> Result<Look, VisionError> {
        self.look_with(picture, Patience::Waits).await
    }

    /// The same, with the patience that is given.
    ///
    /// # Errors
    /// [`VisionError`].
    pub async fn look_with(&self, picture: Bytes, patience: Patience) -> Result<Look, VisionError> {
        match self.ask(Wanted::Look, picture, patience).await?.0 {
            Seen::Look(look) => Ok(look),
            other => Err(VisionError::unexpected(&other)),
        }
    }

    /// Reads the text on the photo of a card, whichever way up. What it means: `domain::card::read_front`, `read_back`.
    ///
    /// # Errors
    /// [`VisionError`]; a picture without text is none.
    pub async fn read_card(&self, picture: Bytes) -> Result<CardText, VisionError> {
        match self.ask(Wanted::Card, picture, Patience::Waits).await?.0 {
            Seen::Card(text) => Ok(text),
            other => Err(VisionError::unexpected(&other)),
        }
    }

    /// The picture as it is kept: an upright JPEG without metadata, its longer side at most `longest` pixels.
    ///
    /// # Errors
    /// [`VisionError`].
    pub async fn normalise(&self, picture: Bytes, longest: u32) -> Result<Vec<u8>, VisionError> {
        match self.ask(Wanted::Normal { longest }, picture, Patience::Waits).await? {
            (Seen::Normal, jpeg) => Ok(jpeg),
            (other, _) => Err(VisionError::unexpected(&other)),
        }
    }

    /// Workers that are running, with their process ids: for the operator's page and for trials.
    pub fn workers(&self) -> Vec<u32> {
        self.0.running()
    }

    /// Bytes of a picture above which it is not taken.
    pub fn most_bytes(&self) -> usize {
        self.0.most_bytes()
    }

    async fn ask(
        &self,
        wanted: Wanted,
        picture: Bytes,
        patience: Patience,
    ) -> Result<(Seen, Vec<u8>), VisionError> {
        if picture.len() > self.most_bytes() {
            return Err(VisionError::Picture(PictureFault::TooLarge));
        }
        self.0.ask(wanted, picture, patience).await
    }
}

impl VisionError {
    /// The refusal for whoever sent the picture; `most_bytes` is [`Vision::most_bytes`].
    pub fn refusal(&self, most_bytes: usize) -> Refusal {
        match self {
            Self::Picture(fault) => fault.refusal(u64::try_from(most_bytes).unwrap_or(u64::MAX)),
            Self::Busy => RefusalCode::VisionBusy.into(),
            Self::TookTooLong | Self::Crashed(_) | Self::Failed(_) => RefusalCode::VisionFailed.into(),
            Self::Unavailable(_) => RefusalCode::VisionUnavailable.into(),
        }
    }

    /// What an answer means that is not what was asked for.
    fn unexpected(seen: &Seen) -> Self {
        match seen {
            Seen::Fault(fault) => Self::Picture(*fault),
            Seen::Engine(EngineError::Missing(what)) => Self::Unavailable(what.clone()),
            Seen::Engine(EngineError::Failed(what)) => Self::Failed(what.clone()),
            Seen::Look(_) | Seen::Card(_) | Seen::Normal => Self::Failed("another answer".to_owned()),
        }
    }
}

impl std::fmt::Debug for Vision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vision").field("workers", &self.workers()).finish()
    }
}
