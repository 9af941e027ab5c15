//! The segment log: everything that phones send is durable here before they are answered.
//!
//! [`LocalLog`] appends to block files and syncs once for all that waits; [`SharedLog`] puts one immutable
//! object per flush, and the server keeps the positions. Both know the same record format.

mod blocks;
mod buffer;
mod disk;
mod local;
mod parts;
mod record;
mod room;
mod shared;
mod sidecar;
#[cfg(any(test, feature = "faults"))]
mod volatile;
mod writer;

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use yikao_domain::Timestamp;
use yikao_domain::id::{BlockId, PartId};
use yikao_domain::seal::Hash32;

pub use buffer::{BufferPool, SegmentBuffer, TooLarge};
pub use disk::Disk;
pub use local::{LocalLog, LocalLogConfig, OpenError};
pub use parts::{Check, StoredSegment};
pub use shared::{Flush, OnFlush, Placed, Placement, SharedLog, SharedLogConfig};
#[cfg(any(test, feature = "faults"))]
pub use volatile::{Faults, Volatile};

/// The most bytes that a segment may have.
pub const MAX_SEGMENT_BYTES: usize = 256 * 1024;

const READ_AHEAD: usize = 4;

/// A segment to be kept. The caller has computed and compared the digest.
#[derive(Debug)]
pub struct Record {
    /// The part that the segment belongs to.
    pub part: PartId,
    /// Counted from 1.
    pub index: u64,
    /// SHA-256 of the body.
    pub digest: Hash32,
    /// The head of the part's chain at this segment, as the phone says.
    pub seal: Hash32,
    /// Server time: the earliest moment at which this seal is witnessed by the bytes themselves.
    pub received_at: Timestamp,
    /// The bytes.
    pub body: SegmentBuffer,
}

/// A segment as it comes from the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Counted from 1.
    pub index: u64,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Where a segment lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The block: a file of the local log, or an object of the shared one.
    pub block: BlockId,
    /// Bytes from the block's beginning to the record.
    pub offset: u64,
    /// Bytes of the segment itself.
    pub length: u32,
}

/// What became of an append. In every case the answer to the phone may go out now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Durable, for the first time.
    Stored(Position),
    /// The same segment was durable before (204 again).
    Same,
    /// Another content or seal is known under this index (409 `segment.conflict`).
    Conflict,
    /// The part was released: it is assembled or given up, and takes nothing more.
    Released,
}

/// Why a segment was not kept. Nothing of it counts as received.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// No space is left (507 `storage.full`); the log goes on when there is.
    #[error("no space is left for segments")]
    Full,
    /// More waits than there is room for: storage is slow, or hangs (503 `storage.busy`).
    #[error("too many segments wait to be stored")]
    Busy,
    /// The storage failed.
    #[error("segments cannot be stored: {0}")]
    Storage(String),
    /// The log was closed, or is closing.
    #[error("the segment log is closed")]
    Closed,
}

/// Why a segment cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The log has no such segment.
    #[error("segment {index} of part {part} is not in the log")]
    Absent {
        /// The part asked for.
        part: PartId,
        /// The index asked for.
        index: u64,
    },
    /// The bytes were changed since they were written.
    #[error("segment {index} of part {part} was damaged in storage")]
    Damaged {
        /// The part asked for.
        part: PartId,
        /// The index asked for.
        index: u64,
    },
    /// The storage failed.
    #[error("segments cannot be read: {0}")]
    Storage(String),
}

/// The log of this installation.
#[derive(Debug, Clone)]
pub enum SegmentLog {
    /// On local disk; knows by itself which segments it has.
    Local(LocalLog),
    /// On S3-compatible storage; the database knows the positions.
    Shared(SharedLog),
}

impl SegmentLog {
    /// An empty buffer for a body that is about to arrive.
    pub fn buffer(&self) -> SegmentBuffer {
        match self {
            Self::Local(log) => log.buffer(),
            Self::Shared(log) => log.buffer(),
        }
    }

    /// Keeps a segment; resolves when it is durable, or known to be refused.
    pub async fn append(&self, record: Record) -> Result<Outcome, AppendError> {
        match self {
            Self::Local(log) => log.append(record).await,
            Self::Shared(log) => log.append(record).await,
        }
    }

    /// The bytes of a segment, authenticated. `position` is what the database says; the local log needs none.
    pub async fn read(
        &self,
        part: PartId,
        index: u64,
        position: Option<Position>,
    ) -> Result<Bytes, ReadError> {
        match (self, position) {
            (Self::Local(log), _) => log.read(part, index).await,
            (Self::Shared(log), Some(position)) => log.read(part, index, position).await,
            (Self::Shared(_), None) => Err(ReadError::Absent { part, index }),
        }
    }

    /// The segments of a part in the order given, a few read ahead: what an assembly is fed with.
    pub fn stream(
        &self,
        part: PartId,
        segments: Vec<(u64, Option<Position>)>,
    ) -> impl Stream<Item = Result<Segment, ReadError>> + Send + use<> {
        let log = self.clone();
        let read = move |(index, position)| {
            let log = log.clone();
            async move { log.read(part, index, position).await.map(|bytes| Segment { index, bytes }) }
        };
        stream::iter(segments).map(read).buffered(READ_AHEAD)
    }
}

#[cfg(test)]
mod model_tests;
