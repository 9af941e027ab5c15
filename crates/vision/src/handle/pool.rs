//! Workers: started when needed, used again while there is work, ended when idle, replaced when they break.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::child::Worker;
use super::{Patience, VisionConfig, VisionError};
use crate::engine::{Seen, Wanted};

pub(super) struct Pool {
    config: VisionConfig,
    /// A permit for each worker that may run.
    slots: Semaphore,
    waiting: AtomicUsize,
    workers: Mutex<Workers>,
}

#[derive(Default)]
struct Workers {
    idle: Vec<Worker>,
    /// Process ids of those at work.
    busy: Vec<u32>,
    /// Whether somebody ends the idle ones.
    watched: bool,
}

/// Counts somebody who waits for a worker, until dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl Pool {
    pub(super) fn new(config: VisionConfig) -> Self {
        let slots = Semaphore::new(config.workers.max(1));
        Self { config, slots, waiting: AtomicUsize::new(0), workers: Mutex::default() }
    }

    pub(super) const fn most_bytes(&self) -> usize {
        self.config.most_bytes
    }

    pub(super) fn running(&self) -> Vec<u32> {
        let workers = self.lock();
        workers.idle.iter().filter_map(Worker::id).chain(workers.busy.iter().copied()).collect()
    }

    /// Hands the picture to a worker. Who no longer waits for the answer does not stop the work: a worker that is
    /// killed has to load its models again.
    pub(super) async fn ask(
        self: &Arc<Self>,
        wanted: Wanted,
        picture: Bytes,
        patience: Patience,
    ) -> Result<(Seen, Vec<u8>), VisionError> {
        match patience {
            Patience::Waits => self.wait().await?,
            Patience::IfIdle => self.slots.try_acquire().map_err(|_| VisionError::Busy)?.forget(),
        }
        let pool = Arc::clone(self);
        let work = tokio::spawn(async move {
            let answer = pool.work(wanted, &picture).await;
            pool.slots.add_permits(1);
            answer
        });
        work.await.map_err(|error| VisionError::Crashed(error.to_string()))?
    }

    /// Waits until a worker is free, in the order of coming.
    async fn wait(&self) -> Result<(), VisionError> {
        let queued = Waiting::join(&self.waiting, self.config.waiting)?;
        let permit = self.slots.acquire().await.map_err(|_| VisionError::Busy)?;
        drop(queued);
        permit.forget();
        Ok(())
    }

    async fn work(self: &Arc<Self>, wanted: Wanted, picture: &Bytes) -> Result<(Seen, Vec<u8>), VisionError> {
        let mut worker = self.take()?;
        let id = worker.id().unwrap_or_default();
        let answer = tokio::time::timeout(self.config.wall, worker.ask(wanted, picture)).await;
        self.lock().busy.retain(|busy| *busy != id);
        match answer {
            Ok(Ok(answer)) => {
                self.keep(worker);
                Ok(answer)
            }
            Ok(Err(error)) => {
                let how = worker.epitaph().await;
                tracing::warn!(worker = id, how, %error, "a vision worker ended over a picture");
                Err(VisionError::Crashed(how))
            }
            Err(_) => {
                tracing::warn!(worker = id, "a picture took too long; its vision worker is ended");
                Err(VisionError::TookTooLong)
            }
        }
    }

    fn take(&self) -> Result<Worker, VisionError> {
        let idle = || self.lock().idle.pop();
        while let Some(mut worker) = idle() {
            if worker.is_alive() {
                return Ok(self.note_busy(worker));
            }
        }
        let worker = Worker::start(&self.config);
        worker
            .map(|worker| self.note_busy(worker))
            .map_err(|error| VisionError::Unavailable(error.to_string()))
    }

    fn note_busy(&self, worker: Worker) -> Worker {
        self.lock().busy.extend(worker.id());
        worker
    }

    fn keep(self: &Arc<Self>, mut worker: Worker) {
        worker.idle_since = Instant::now();
        let mut workers = self.lock();
        workers.idle.push(worker);
        if !std::mem::replace(&mut workers.watched, true) {
            tokio::spawn(end_idle(Arc::downgrade(self), self.config.idle));
        }
    }

    /// Ends workers that were idle for long enough; false when none is left to watch.
    fn end_those_idle(&self) -> bool {
        let mut workers = self.lock();
        workers.idle.retain(|worker| worker.idle_since.elapsed() < self.config.idle);
        workers.watched = !(workers.idle.is_empty() && workers.busy.is_empty());
        workers.watched
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Workers> {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Waiting<'a> {
    fn join(count: &'a AtomicUsize, most: usize) -> Result<Self, VisionError> {
        let waiting = Self(count);
        if count.fetch_add(1, Ordering::Relaxed) >= most { Err(VisionError::Busy) } else { Ok(waiting) }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn end_idle(pool: Weak<Pool>, idle: Duration) {
    loop {
        tokio::time::sleep((idle / 4).max(Duration::from_millis(20))).await;
        if !pool.upgrade().is_some_and(|pool| pool.end_those_idle()) {
            return;
        }
    }
}
