//! Buffers for segments on their way to the log, used again and again: pages that were touched once stay,
//! and each buffer has room around the body for what the log writes, aligned for direct I/O.

use std::sync::{Arc, Mutex, PoisonError};

use super::MAX_SEGMENT_BYTES;
use super::record::{HEADER_BYTES, PAGE_BYTES, TAG_BYTES};

const ROOM_BYTES: usize = (HEADER_BYTES + MAX_SEGMENT_BYTES + TAG_BYTES).next_multiple_of(PAGE_BYTES);

/// A body that does not fit a segment (256 KiB).
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a segment has at most {MAX_SEGMENT_BYTES} bytes")]
pub struct TooLarge;

/// Lends buffers and takes them back. Cheap to clone.
#[derive(Debug, Clone)]
pub struct BufferPool {
    idle: Arc<Mutex<Vec<Room>>>,
    keep: usize,
}

/// One segment's body, built up as it arrives. Goes back to its pool when dropped.
#[derive(Debug)]
pub struct SegmentBuffer {
    room: Option<Room>,
    length: usize,
    pool: BufferPool,
}

/// Memory whose usable part begins on a page.
#[derive(Debug)]
struct Room {
    bytes: Vec<u8>,
    start: usize,
}

impl BufferPool {
    /// A pool that holds on to at most `keep` idle buffers (260 KiB each).
    pub fn new(keep: usize) -> Self {
        Self { idle: Arc::default(), keep }
    }

    /// An empty buffer.
    pub fn take(&self) -> SegmentBuffer {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        SegmentBuffer { room: Some(idle.unwrap_or_else(Room::new)), length: 0, pool: self.clone() }
    }

    fn give_back(&self, room: Room) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.keep {
            idle.push(room);
        }
    }
}

impl SegmentBuffer {
    /// Adds what arrived. Nothing is added when it would be too much.
    pub fn extend(&mut self, arrived: &[u8]) -> Result<(), TooLarge> {
        let end = self.length + arrived.len();
        if end > MAX_SEGMENT_BYTES {
            return Err(TooLarge);
        }
        let from = HEADER_BYTES + self.length;
        self.whole_mut()[from..from + arrived.len()].copy_from_slice(arrived);
        self.length = end;
        Ok(())
    }

    /// The body so far.
    pub fn body(&self) -> &[u8] {
        &self.whole()[HEADER_BYTES..HEADER_BYTES + self.length]
    }

    /// Bytes in the body.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether nothing arrived yet.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Header, body, tag and padding.
    pub(crate) fn whole(&self) -> &[u8] {
        self.room.as_ref().map_or(&[], |room| &room.bytes[room.start..room.start + ROOM_BYTES])
    }

    /// As [`Self::whole`], to write into.
    pub(crate) fn whole_mut(&mut self) -> &mut [u8] {
        self.room.as_mut().map_or(&mut [], |room| &mut room.bytes[room.start..room.start + ROOM_BYTES])
    }
}

impl Drop for SegmentBuffer {
    fn drop(&mut self) {
        if let Some(room) = self.room.take() {
            self.pool.give_back(room);
        }
    }
}

impl Room {
    fn new() -> Self {
        let bytes = vec![0; ROOM_BYTES + PAGE_BYTES];
        let start = bytes.as_ptr().align_offset(PAGE_BYTES);
        Self { bytes, start }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_takes_exactly_one_segment_and_begins_on_a_page() {
        let mut buffer = BufferPool::new(1).take();
        assert_eq!(buffer.extend(&vec![7; MAX_SEGMENT_BYTES]), Ok(()));
        assert_eq!(buffer.extend(&[1]), Err(TooLarge));
        assert_eq!(buffer.len(), MAX_SEGMENT_BYTES);
        assert_eq!(buffer.whole().as_ptr().align_offset(PAGE_BYTES), 0);
    }

    #[test]
    fn a_pool_keeps_no_more_than_it_was_told() {
        let pool = BufferPool::new(1);
        drop((pool.take(), pool.take()));
        assert_eq!(pool.idle.lock().unwrap().len(), 1);
    }
}
