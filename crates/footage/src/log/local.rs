//! The segment log on local disk: one append-only file at a time, one sync for all that waits.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;

use bytes::Bytes;
use tokio::sync::oneshot;
use uuid::Uuid;
use yikao_domain::Timestamp;
use yikao_domain::id::PartId;
use yikao_domain::part::Indexes;
use yikao_domain::seal::Hash32;

use super::blocks::{self, Block, BlockError, Holdings, RecordError};
use super::buffer::{BufferPool, SegmentBuffer};
use super::disk::Disk;
use super::parts::{Check, Parts, Reserved, StoredSegment};
use super::record::{Header, Kind, PAGE_BYTES, WriterKey};
use super::room::{self, Room, WAITING_BYTES};
use super::sidecar::{self, Contents};
use super::writer::{self, Answered, Blocks, Work, Writer};
use super::{AppendError, Outcome, Position, ReadError, Record};
use crate::keys::{KeyError, NodeKeys};

/// How a local log is kept.
#[derive(Debug, Clone)]
pub struct LocalLogConfig {
    /// The folder of the block files; made if there is none.
    pub dir: PathBuf,
    /// The files under it.
    pub disk: Disk,
    /// A block that has this many bytes is sealed, and another begun.
    pub rotate_bytes: u64,
    /// Segments are refused (`Full`) when the file system would have less than this left, in bytes.
    pub reserve_bytes: u64,
    /// Idle buffers (260 KiB each) that are kept for the next segments.
    pub idle_buffers: usize,
    /// Bytes that may wait to be written; beyond them segments are refused (`Busy`).
    pub waiting_bytes: usize,
}

/// Why a log cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("{0} is in use by another process")]
    InUse(PathBuf),
    /// A key is missing.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The file system failed.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What happened.
        error: io::Error,
    },
}

/// The log. Cheap to clone; closed when the last clone is dropped.
#[derive(Debug, Clone)]
pub struct LocalLog {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    work: Option<Sender<Work>>,
    thread: Option<JoinHandle<()>>,
    key: Arc<WriterKey>,
    parts: Arc<Parts>,
    blocks: Blocks,
    pool: BufferPool,
    room: Room,
    _lock: File,
}

impl LocalLogConfig {
    /// The usual: blocks of 256 MiB, 512 MiB left to the database, 128 idle buffers.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            disk: Disk::Real,
            rotate_bytes: 256 << 20,
            reserve_bytes: 512 << 20,
            idle_buffers: 128,
            waiting_bytes: WAITING_BYTES,
        }
    }
}

impl LocalLog {
    /// Opens the log, with everything in it that was ever acknowledged. Blocks the thread.
    pub fn open(config: &LocalLogConfig, keys: &NodeKeys) -> Result<Self, OpenError> {
        let failed = |error| OpenError::Io { path: config.dir.clone(), error };
        fs::create_dir_all(&config.dir).map_err(failed)?;
        let lock = lock(&config.dir)?;
        remove_leftovers(&config.dir).map_err(failed)?;
        let key = Arc::new(WriterKey::new(keys)?);
        let found = Found::load(config, keys)?;
        let (parts, blocks) = (Arc::new(found.parts), Arc::new(RwLock::new(found.blocks)));
        let mut writer = Writer {
            disk: config.disk.clone(),
            dir: config.dir.clone(),
            rotate_bytes: config.rotate_bytes,
            reserve_bytes: config.reserve_bytes,
            key: Arc::clone(&key),
            parts: Arc::clone(&parts),
            blocks: Arc::clone(&blocks),
            holdings: found.holdings,
            next_number: found.next_number,
            current: None,
        };
        writer.sweep();
        let (work, waiting) = mpsc::channel();
        let thread = std::thread::Builder::new().name("segment-log".into());
        let thread = thread.spawn(move || writer.run(&waiting)).map_err(failed)?;
        let (pool, room) = (BufferPool::new(config.idle_buffers), Room::new(config.waiting_bytes));
        let inner =
            Inner { work: Some(work), thread: Some(thread), key, parts, blocks, pool, room, _lock: lock };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// An empty buffer for a body that is about to arrive.
    pub fn buffer(&self) -> SegmentBuffer {
        self.inner.pool.take()
    }

    /// Keeps a segment; resolves when it is durable, or known to be refused. Of several contents sent at once
    /// for one index the first wins. Dropping the future does not undo the append.
    pub async fn append(&self, mut record: Record) -> Result<Outcome, AppendError> {
        // Taken first: one who waits for a twin of this segment holds its bytes as well.
        let room = self.inner.room.take(record.body.len())?;
        loop {
            match self.inner.parts.reserve(record.part, record.index, &record.digest, &record.seal) {
                Reserved::Settled(check) => return Ok(settled(check)),
                Reserved::Wait(settled) => {
                    // An error only means that it is settled: ask again.
                    let _ = settled.await;
                }
                Reserved::Mine => break,
            }
        }
        let mut header = Header::of(Kind::Segment, &record);
        let (part, index, length) = (record.part, record.index, header.length);
        if self.inner.key.close(&mut header, &mut record.body).is_err() {
            self.inner.parts.given_up(part, index);
            return Err(AppendError::Storage("cannot encrypt".into()));
        }
        let sent = self
            .send(header, record.body, Some(room))
            .inspect_err(|_| self.inner.parts.given_up(part, index))?;
        let (block, offset) = sent.await.map_err(|_| AppendError::Closed)??;
        Ok(Outcome::Stored(Position { block: Uuid::from_u128(block.into()).into(), offset, length }))
    }

    /// Says durably that a part's segments are needed no longer: it is assembled, or given up. Blocks in which
    /// nothing is needed are deleted.
    pub async fn release(&self, part: PartId) -> Result<(), AppendError> {
        if self.inner.parts.is_released(part) {
            return Ok(());
        }
        let (nothing, received_at) = (Hash32([0; 32]), Timestamp::default());
        let body = self.buffer();
        let mut record = Record { part, index: 0, digest: nothing, seal: nothing, received_at, body };
        let mut header = Header::of(Kind::Release, &record);
        let closed = self.inner.key.close(&mut header, &mut record.body);
        closed.map_err(|_| AppendError::Storage("cannot encrypt".into()))?;
        self.send(header, record.body, None)?.await.map_err(|_| AppendError::Closed)??;
        Ok(())
    }

    /// Whether the part was released. A part whose blocks are all gone is forgotten by the next start: then
    /// only the database knows it.
    pub fn is_released(&self, part: PartId) -> bool {
        self.inner.parts.is_released(part)
    }

    /// What is durable under an index.
    pub fn check(&self, part: PartId, index: u64, digest: &Hash32, seal: &Hash32) -> Check {
        self.inner.parts.check(part, index, digest, seal)
    }

    /// The durable indexes of a part (`missing` and `safe_through` are asked of it).
    pub fn received(&self, part: PartId) -> Indexes {
        self.inner.parts.received(part)
    }

    /// The durable segments of a part, by index.
    pub fn segments(&self, part: PartId) -> Vec<StoredSegment> {
        self.inner.parts.segments(part)
    }

    /// The parts that have segments here and are not released.
    pub fn live_parts(&self) -> Vec<PartId> {
        self.inner.parts.live()
    }

    /// The bytes of a segment, authenticated.
    pub async fn read(&self, part: PartId, index: u64) -> Result<Bytes, ReadError> {
        let entry = self.inner.parts.entry(part, index).ok_or(ReadError::Absent { part, index })?;
        let block = self.block(entry.block).ok_or(ReadError::Absent { part, index })?;
        let read = move || -> Result<Bytes, ReadError> {
            let damaged = || ReadError::Damaged { part, index };
            let storage = |error: io::Error| ReadError::Storage(error.to_string());
            let header = block.header_at(entry.offset).map_err(storage)?.ok_or_else(damaged)?;
            if (header.part, header.index, header.digest) != (part, index, entry.digest) {
                return Err(damaged());
            }
            block.read(&header, entry.offset).map(Bytes::from).map_err(|error| match error {
                RecordError::Io(error) => storage(error),
                RecordError::Corrupt(_) => damaged(),
            })
        };
        tokio::task::spawn_blocking(read).await.map_err(|error| ReadError::Storage(error.to_string()))?
    }

    fn block(&self, number: u64) -> Option<Arc<Block>> {
        self.inner.blocks.read().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
    }

    fn send(
        &self,
        header: Header,
        buffer: SegmentBuffer,
        room: Option<room::Place>,
    ) -> Result<Answered, AppendError> {
        let (answer, answered) = oneshot::channel();
        let work = Work { header, buffer, answer, _room: room };
        let sender = self.inner.work.as_ref().ok_or(AppendError::Closed)?;
        sender.send(work).map_err(|_| AppendError::Closed)?;
        Ok(answered)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.work.take());
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            tracing::error!("the segment log's writer ended badly");
        }
    }
}

/// What the blocks of an earlier run hold.
struct Found {
    parts: Parts,
    blocks: HashMap<u64, Arc<Block>>,
    holdings: BTreeMap<u64, Holdings>,
    next_number: u64,
}

impl Found {
    fn load(config: &LocalLogConfig, keys: &NodeKeys) -> Result<Self, OpenError> {
        let dir = &config.dir;
        let numbers = blocks::numbers(dir).map_err(|error| OpenError::Io { path: dir.clone(), error })?;
        let next_number = numbers.last().map_or(1, |last| last + 1);
        let parts = Parts::new();
        let mut found = Self { parts, blocks: HashMap::new(), holdings: BTreeMap::new(), next_number };
        let mut released = Vec::new();
        for number in numbers {
            let path = blocks::path_of(dir, number);
            match Block::reopen(&config.disk, dir, number, keys) {
                Ok((block, contents)) => found.add(block, &contents, &mut released),
                Err(BlockError::Headless) => set_aside(&path)?,
                Err(BlockError::Key(error)) => return Err(error.into()),
                Err(BlockError::Io(error)) => return Err(OpenError::Io { path, error }),
            }
        }
        for part in released {
            found.parts.release(part);
        }
        Ok(found)
    }

    fn add(&mut self, block: Block, contents: &Contents, released: &mut Vec<PartId>) {
        for (header, offset) in &contents.records {
            match header.kind {
                Kind::Segment => {
                    let entry = writer::entry(header, block.number, *offset);
                    self.parts.stored(header.part, header.index, entry);
                }
                Kind::Release => released.push(header.part),
            }
        }
        self.holdings.insert(block.number, Holdings::of(contents));
        self.blocks.insert(block.number, Arc::new(block));
    }
}

fn settled(check: Check) -> Outcome {
    match check {
        Check::Same => Outcome::Same,
        Check::Released => Outcome::Released,
        Check::Other | Check::Absent => Outcome::Conflict,
    }
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join("lock");
    let failed = |error| OpenError::Io { path: path.clone(), error };
    let file = File::options().write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(OpenError::InUse(dir.to_owned())),
        Err(fs::TryLockError::Error(error)) => Err(OpenError::Io { path, error }),
    }
}

/// Removes what a stop in the middle of something leaves: drafts, and sidecars whose block is gone.
fn remove_leftovers(dir: &Path) -> io::Result<()> {
    for file in fs::read_dir(dir)? {
        let path = file?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        let orphaned = extension == Some("index") && !path.with_extension("block").exists();
        if orphaned || matches!(extension, Some("index-draft" | "unnamed")) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// A block without a sound header: nothing was acknowledged in it if it never got past its first page.
fn set_aside(path: &Path) -> Result<(), OpenError> {
    let failed = |error| OpenError::Io { path: path.to_owned(), error };
    let length = fs::metadata(path).map_err(failed)?.len();
    if length <= PAGE_BYTES as u64 {
        return fs::remove_file(path).map_err(failed);
    }
    tracing::error!(block = %path.display(), "a block's header is damaged; it is set aside");
    let _ = fs::remove_file(sidecar::path_of(path));
    fs::rename(path, path.with_extension("damaged")).map_err(failed)
}

#[cfg(test)]
#[path = "local_tests.rs"]
mod tests;
