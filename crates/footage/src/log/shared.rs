//! The segment log on S3: one immutable object per node and flush with all phones' segments in it, in the
//! format of the local log. The server writes a whole flush's positions into the database in one
//! transaction; only then are its phones answered, so a lost node loses nothing.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use futures_util::future::BoxFuture;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use ring::aead::LessSafeKey;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::{Instant, timeout_at};
use yikao_domain::Timestamp;
use yikao_domain::id::{BlockId, PartId};
use yikao_domain::seal::Hash32;

use super::buffer::{BufferPool, SegmentBuffer};
use super::record::{
    self, BLOCK_HEADER_BYTES, BlockHeader, HEADER_BYTES, Header, Kind, PACKED_BYTES, TAG_BYTES, WriterKey,
};
use super::room::{self, Room, WAITING_BYTES};
use super::{AppendError, Outcome, Position, ReadError, Record};
use crate::keys::{KeyError, NodeKeys};

/// Keys of blocks that are remembered, so that reading a part costs one request a segment.
const KNOWN_KEYS: usize = 4096;

/// How a shared log is kept.
#[derive(Clone)]
pub struct SharedLogConfig {
    /// Objects are named `<prefix>/<block>`.
    pub prefix: String,
    /// The longest that a segment waits for others.
    pub flush_after: Duration,
    /// A flush of this many bytes does not wait any longer.
    pub flush_bytes: usize,
    /// Flushes under way at the same time.
    pub flushes_at_once: usize,
    /// Idle buffers (260 KiB each) that are kept for the next segments.
    pub idle_buffers: usize,
    /// Bytes that may wait to be put; beyond them segments are refused (`Busy`).
    pub waiting_bytes: usize,
    /// Makes block ids (`UUIDv7` with the server's time).
    pub new_block_id: Arc<dyn Fn() -> BlockId + Send + Sync>,
}

/// An object that was put, and what lies in it.
#[derive(Debug)]
pub struct Flush {
    /// The block's id.
    pub block: BlockId,
    /// The object's key.
    pub key: String,
    /// The object's size.
    pub bytes: u64,
    /// The segments in it. The same index of a part may occur twice: the first one counts.
    pub records: Vec<Placed>,
}

/// A segment in a flush.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its part.
    pub part: PartId,
    /// Its index, from 1.
    pub index: u64,
    /// SHA-256 of its bytes.
    pub digest: Hash32,
    /// The head of the chain that came with it.
    pub seal: Hash32,
    /// Server time of its arrival.
    pub received_at: Timestamp,
    /// Where it lies.
    pub position: Position,
}

/// What the database made of a segment in a flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Its position is stored.
    Stored,
    /// The same segment was known.
    Same,
    /// Another content or seal was known.
    Conflict,
    /// Its part takes nothing more.
    Released,
}

/// Stores the positions of a flush in one transaction, and says for each record what became of it, in order.
pub type OnFlush = Arc<
    dyn Fn(Arc<Flush>) -> BoxFuture<'static, Result<Vec<Placement>, Box<dyn std::error::Error + Send + Sync>>>
        + Send
        + Sync,
>;

/// The log. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SharedLog {
    work: mpsc::UnboundedSender<Waiting>,
    writer: Arc<WriterKey>,
    keys: NodeKeys,
    known: Arc<Mutex<HashMap<BlockId, LessSafeKey>>>,
    store: Arc<dyn ObjectStore>,
    prefix: String,
    pool: BufferPool,
    room: Room,
}

/// Who waits for a segment, and its place among what waits.
type Answer = (oneshot::Sender<Result<Outcome, AppendError>>, room::Place);

struct Waiting {
    header: Header,
    buffer: SegmentBuffer,
    answer: Answer,
}

/// What a flush needs besides its segments.
struct Flusher {
    store: Arc<dyn ObjectStore>,
    writer: Arc<WriterKey>,
    config: SharedLogConfig,
    on_flush: OnFlush,
}

impl SharedLogConfig {
    /// The usual: flushes of at most 250 ms or 8 MiB, four at a time.
    pub fn new(new_block_id: Arc<dyn Fn() -> BlockId + Send + Sync>) -> Self {
        Self {
            prefix: "log".into(),
            flush_after: Duration::from_millis(250),
            flush_bytes: 8 << 20,
            flushes_at_once: 4,
            idle_buffers: 128,
            waiting_bytes: WAITING_BYTES,
            new_block_id,
        }
    }
}

impl fmt::Debug for SharedLogConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedLogConfig").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl SharedLog {
    /// Starts the log in the current tokio runtime. It ends when the last clone is dropped and all that waits
    /// is answered.
    pub fn start(
        store: Arc<dyn ObjectStore>,
        keys: NodeKeys,
        config: SharedLogConfig,
        on_flush: OnFlush,
    ) -> Result<Self, KeyError> {
        let writer = Arc::new(WriterKey::new(&keys)?);
        let (work, waiting) = mpsc::unbounded_channel();
        let (prefix, pool) = (config.prefix.clone(), BufferPool::new(config.idle_buffers));
        let room = Room::new(config.waiting_bytes);
        let flusher = Flusher { store: Arc::clone(&store), writer: Arc::clone(&writer), config, on_flush };
        tokio::spawn(Arc::new(flusher).run(waiting));
        Ok(Self { work, writer, keys, known: Arc::default(), store, prefix, pool, room })
    }

    /// An empty buffer for a body that is about to arrive.
    pub fn buffer(&self) -> SegmentBuffer {
        self.pool.take()
    }

    /// Keeps a segment; resolves when its object is put and its position stored, or it is known to be refused.
    pub async fn append(&self, mut record: Record) -> Result<Outcome, AppendError> {
        let room = self.room.take(record.body.len())?;
        let mut header = Header::of(Kind::Segment, &record);
        let closed = self.writer.close(&mut header, &mut record.body);
        closed.map_err(|_| AppendError::Storage("cannot encrypt".into()))?;
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { header, buffer: record.body, answer: (answer, room) };
        self.work.send(waiting).map_err(|_| AppendError::Closed)?;
        answered.await.map_err(|_| AppendError::Closed)?
    }

    /// The bytes of a segment, authenticated.
    pub async fn read(&self, part: PartId, index: u64, position: Position) -> Result<Bytes, ReadError> {
        let damaged = || ReadError::Damaged { part, index };
        let length = HEADER_BYTES as u64 + u64::from(position.length) + TAG_BYTES as u64;
        let path = self.path(position.block);
        let range = position.offset..position.offset.saturating_add(length);
        let record = self.store.get_range(&path, range).await.map_err(|error| match error {
            object_store::Error::NotFound { .. } => ReadError::Absent { part, index },
            other => ReadError::Storage(other.to_string()),
        })?;
        let header = Header::decode(&record).ok_or_else(damaged)?;
        if (header.part, header.index, header.length) != (part, index, position.length) {
            return Err(damaged());
        }
        let key = self.block_key(position.block).await?.ok_or_else(damaged)?;
        let closed = record.get(HEADER_BYTES..).unwrap_or_default().to_vec();
        record::open(&key, &header, closed).map(Bytes::from).map_err(|_| damaged())
    }

    /// Deletes a block in which the database needs nothing any more. Deleting it twice is no error.
    pub async fn delete_block(&self, block: BlockId) -> Result<(), object_store::Error> {
        match self.store.delete(&self.path(block)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => other,
        }
    }

    /// All blocks in the store. One that the database does not know belonged to a node that was lost before
    /// it answered; wait well beyond a flush before deleting it.
    pub async fn blocks(&self) -> Result<Vec<BlockId>, object_store::Error> {
        let prefix = Path::from(self.prefix.as_str());
        let objects: Vec<_> = self.store.list(Some(&prefix)).try_collect().await?;
        let id = |meta: &object_store::ObjectMeta| meta.location.filename()?.parse().ok();
        Ok(objects.iter().filter_map(id).collect())
    }

    fn path(&self, block: BlockId) -> Path {
        Path::from(key_of(&self.prefix, block))
    }

    async fn block_key(&self, block: BlockId) -> Result<Option<LessSafeKey>, ReadError> {
        if let Some(key) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&block) {
            return Ok(Some(key.clone()));
        }
        let storage = |error: String| ReadError::Storage(error);
        let header = self.store.get_range(&self.path(block), 0..BLOCK_HEADER_BYTES as u64).await;
        let header = header.map_err(|error| storage(error.to_string()))?;
        let Some(header) = BlockHeader::decode(&header).filter(|header| header.block == block) else {
            return Ok(None);
        };
        let key = header.key(&self.keys).map_err(|error| storage(error.to_string()))?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_KEYS {
            known.clear();
        }
        known.insert(block, key.clone());
        Ok(Some(key))
    }
}

impl Flusher {
    async fn run(self: Arc<Self>, mut work: mpsc::UnboundedReceiver<Waiting>) {
        let slots = Arc::new(Semaphore::new(self.config.flushes_at_once.max(1)));
        while let Some(first) = work.recv().await {
            let batch = self.gather(first, &mut work).await;
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            let flusher = Arc::clone(&self);
            tokio::spawn(async move {
                flusher.flush(batch).await;
                drop(slot);
            });
        }
    }

    async fn gather(&self, first: Waiting, work: &mut mpsc::UnboundedReceiver<Waiting>) -> Vec<Waiting> {
        let until = Instant::now() + self.config.flush_after;
        let mut bytes = first.buffer.len();
        let mut batch = vec![first];
        while bytes < self.config.flush_bytes
            && let Ok(Some(next)) = timeout_at(until, work.recv()).await
        {
            bytes += next.buffer.len();
            batch.push(next);
        }
        batch
    }

    async fn flush(&self, mut batch: Vec<Waiting>) {
        // While storage hangs, phones give up and send again: what nobody waits for would only pile up.
        batch.retain(|waiting| !waiting.answer.0.is_closed());
        if batch.is_empty() {
            return;
        }
        let (flush, payload, answers) = self.lay_out(batch);
        let placed = match self.store.put(&Path::from(flush.key.as_str()), payload).await {
            Ok(_) => (self.on_flush)(Arc::clone(&flush)).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match placed {
            Ok(placements) if placements.len() == answers.len() => {
                for (((answer, _), placement), record) in
                    answers.into_iter().zip(placements).zip(&flush.records)
                {
                    let _ = answer.send(Ok(outcome(placement, record.position)));
                }
            }
            other => {
                // The object stays: whether its positions were committed may be unknown.
                let why = other.err().unwrap_or_else(|| "not every segment was placed".into());
                tracing::error!(block = %flush.block, error = why, "a flush was not stored");
                for (answer, _) in answers {
                    let _ = answer.send(Err(AppendError::Storage(why.clone())));
                }
            }
        }
    }

    /// The object, what lies in it, and who waits for it.
    fn lay_out(&self, batch: Vec<Waiting>) -> (Arc<Flush>, PutPayload, Vec<Answer>) {
        let block = (self.config.new_block_id)();
        let writer = &self.writer;
        let head = BlockHeader { align: PACKED_BYTES, kid: writer.kid, block, salt: writer.salt };
        let mut chunks = vec![Bytes::from(BytesMut::from(&head.encode()[..]))];
        let (mut end, mut records, mut answers) = (BLOCK_HEADER_BYTES as u64, Vec::new(), Vec::new());
        for Waiting { mut header, mut buffer, answer } in batch {
            header.batch = 1;
            buffer.whole_mut()[..HEADER_BYTES].copy_from_slice(&header.encode());
            records.push(placed(&header, Position { block, offset: end, length: header.length }));
            let chunk = Bytes::from_owner(Packed::new(&header, buffer));
            end += chunk.len() as u64;
            chunks.push(chunk);
            answers.push(answer);
        }
        let key = key_of(&self.config.prefix, block);
        (Arc::new(Flush { block, key, bytes: end, records }), chunks.into_iter().collect(), answers)
    }
}

/// A record with its padding, kept in its buffer until the object is put.
struct Packed {
    buffer: SegmentBuffer,
    bytes: usize,
}

impl Packed {
    fn new(header: &Header, buffer: SegmentBuffer) -> Self {
        let bytes = HEADER_BYTES + header.length as usize + TAG_BYTES;
        Self { buffer, bytes: bytes.next_multiple_of(PACKED_BYTES.into()) }
    }
}

impl AsRef<[u8]> for Packed {
    fn as_ref(&self) -> &[u8] {
        &self.buffer.whole()[..self.bytes]
    }
}

fn key_of(prefix: &str, block: BlockId) -> String {
    format!("{prefix}/{block}")
}

fn placed(header: &Header, position: Position) -> Placed {
    Placed {
        part: header.part,
        index: header.index,
        digest: header.digest,
        seal: header.seal,
        received_at: header.received_at,
        position,
    }
}

fn outcome(placement: Placement, position: Position) -> Outcome {
    match placement {
        Placement::Stored => Outcome::Stored(position),
        Placement::Same => Outcome::Same,
        Placement::Conflict => Outcome::Conflict,
        Placement::Released => Outcome::Released,
    }
}

#[cfg(test)]
#[path = "shared_tests.rs"]
mod tests;
