//! How many bytes may wait in a log: while storage hangs phones are asked to come again later, instead of their
//! segments filling the memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::AppendError;

/// Bytes that may wait for one sync after another: some seconds of many phones.
pub(crate) const WAITING_BYTES: usize = 128 << 20;

/// The room for what waits. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    waiting: Arc<AtomicUsize>,
    limit: usize,
}

/// A place in the room, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    waiting: Arc<AtomicUsize>,
    bytes: usize,
}

impl Room {
    /// Room for this many bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { waiting: Arc::default(), limit }
    }

    /// Takes a place for a segment.
    ///
    /// # Errors
    /// `Busy` where too much waits already.
    pub(crate) fn take(&self, bytes: usize) -> Result<Place, AppendError> {
        let place = Place { waiting: Arc::clone(&self.waiting), bytes };
        let before = self.waiting.fetch_add(bytes, Ordering::Relaxed);
        // Dropping the place gives back what was added.
        if before.saturating_add(bytes) > self.limit { Err(AppendError::Busy) } else { Ok(place) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.waiting.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
