//! The local log's one writer: takes all that waits, writes it in one go, syncs once, then answers.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, IoSlice};
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::oneshot;
use yikao_domain::id::PartId;

use super::AppendError;
use super::blocks::{Block, BlockError, Holdings};
use super::buffer::SegmentBuffer;
use super::disk::Disk;
use super::parts::{Entry, Parts};
use super::record::{HEADER_BYTES, Header, Kind, PAGE_BYTES, WriterKey};
use super::room;
use super::sidecar::{self, Contents};

/// The most bytes that wait for one sync.
const BATCH_BYTES: usize = 32 << 20;

/// A record on its way to the disk, already encrypted.
pub(crate) struct Work {
    pub(crate) header: Header,
    pub(crate) buffer: SegmentBuffer,
    pub(crate) answer: oneshot::Sender<Result<Place, AppendError>>,
    /// Its place among what waits; a release needs none, for it makes room.
    pub(crate) _room: Option<room::Place>,
}

/// Where a record lies: block and offset.
pub(crate) type Place = (u64, u64);

/// The writer's answer to one piece of work.
pub(crate) type Answered = oneshot::Receiver<Result<Place, AppendError>>;

/// Blocks that can be read, by number.
pub(crate) type Blocks = Arc<RwLock<HashMap<u64, Arc<Block>>>>;

pub(crate) struct Writer {
    pub(crate) disk: Disk,
    pub(crate) dir: PathBuf,
    pub(crate) rotate_bytes: u64,
    pub(crate) reserve_bytes: u64,
    pub(crate) key: Arc<WriterKey>,
    pub(crate) parts: Arc<Parts>,
    pub(crate) blocks: Blocks,
    pub(crate) holdings: BTreeMap<u64, Holdings>,
    pub(crate) next_number: u64,
    pub(crate) current: Option<Current>,
}

/// The block that is written to.
pub(crate) struct Current {
    block: Arc<Block>,
    batch: u64,
    contents: Contents,
}

/// What went wrong with a batch, and whether the file can be trusted with the next one.
struct Failed {
    error: AppendError,
    abandon: bool,
}

impl Writer {
    /// Works until nobody can send any more.
    pub(crate) fn run(mut self, work: &Receiver<Work>) {
        while let Ok(first) = work.recv() {
            let mut bytes = first.buffer.len();
            let mut batch = vec![first];
            while bytes < BATCH_BYTES
                && let Ok(next) = work.try_recv()
            {
                bytes += next.buffer.len();
                batch.push(next);
            }
            self.commit(batch);
        }
        self.seal();
    }

    fn commit(&mut self, mut batch: Vec<Work>) {
        let early = if self.disk.answers_early() { answer_early(&mut batch) } else { Vec::new() };
        self.disk.lag();
        match self.write(&mut batch) {
            Ok(places) => self.settle(batch, &places),
            Err(failed) => self.fail(batch, &failed),
        }
        drop(early);
        if self.current.as_ref().is_some_and(|current| current.contents.length >= self.rotate_bytes) {
            self.seal();
        }
    }

    /// Writes and syncs; gives the place of each record.
    fn write(&mut self, batch: &mut [Work]) -> Result<Vec<u64>, Failed> {
        let keep = |error: AppendError| Failed { error, abandon: false };
        self.ensure_space(batch).map_err(keep)?;
        let current = self.current().map_err(keep)?;
        let (mut places, mut end) = (Vec::with_capacity(batch.len()), current.contents.length);
        let start = end;
        for work in batch.iter_mut() {
            work.header.batch = current.batch;
            work.buffer.whole_mut()[..HEADER_BYTES].copy_from_slice(&work.header.encode());
            places.push(end);
            end += padded_bytes(&work.header);
        }
        let slices: Vec<IoSlice<'_>> = batch.iter().map(slice).collect();
        let file = &current.block.file;
        if let Err(error) = file.write_all_at(&slices, start) {
            return Err(Failed { error: refusal(&error), abandon: file.truncate(start).is_err() });
        }
        if let Err(error) = file.sync() {
            // After a failed sync nobody knows what of the file is on the disk beyond what was synced before.
            let _ = file.truncate(start);
            return Err(Failed { error: refusal(&error), abandon: true });
        }
        current.batch += 1;
        current.contents.length = end;
        Ok(places)
    }

    fn settle(&mut self, batch: Vec<Work>, places: &[u64]) {
        let Some(current) = &mut self.current else { return };
        let block = current.block.number;
        let holdings = self.holdings.entry(block).or_default();
        let mut released = Vec::new();
        for (work, offset) in batch.into_iter().zip(places) {
            let header = work.header;
            holdings.add(header.kind, header.part);
            match header.kind {
                Kind::Segment => {
                    self.parts.stored(header.part, header.index, entry(&header, block, *offset));
                    let _ = work.answer.send(Ok((block, *offset)));
                }
                Kind::Release => {
                    self.parts.release(header.part);
                    released.push((work.answer, *offset));
                }
            }
            current.contents.records.push((header, *offset));
        }
        if !released.is_empty() {
            self.sweep();
        }
        for (answer, offset) in released {
            let _ = answer.send(Ok((block, offset)));
        }
    }

    fn fail(&mut self, batch: Vec<Work>, failed: &Failed) {
        tracing::error!(error = %failed.error, records = batch.len(), "segments were not stored");
        for work in batch {
            if work.header.kind == Kind::Segment {
                self.parts.given_up(work.header.part, work.header.index);
            }
            let _ = work.answer.send(Err(failed.error.clone()));
        }
        if failed.abandon {
            self.seal();
        }
    }

    /// The block to write to; a new one where there is none.
    fn current(&mut self) -> Result<&mut Current, AppendError> {
        let current = match self.current.take() {
            Some(current) => current,
            None => self.begin()?,
        };
        Ok(self.current.insert(current))
    }

    fn begin(&mut self) -> Result<Current, AppendError> {
        let number = self.next_number;
        self.next_number += 1;
        let block = Block::create(&self.disk, &self.dir, number, &self.key).map_err(|error| match error {
            BlockError::Io(error) => refusal(&error),
            other => AppendError::Storage(other.to_string()),
        })?;
        let block = Arc::new(block);
        self.blocks.write().unwrap_or_else(PoisonError::into_inner).insert(number, Arc::clone(&block));
        self.holdings.insert(number, Holdings::default());
        let contents = Contents { records: Vec::new(), length: PAGE_BYTES as u64 };
        Ok(Current { block, batch: 1, contents })
    }

    /// Segments leave room for the database; a release makes room, so it is let through.
    fn ensure_space(&self, batch: &[Work]) -> Result<(), AppendError> {
        if self.reserve_bytes == 0 || batch.iter().all(|work| work.header.kind == Kind::Release) {
            return Ok(());
        }
        let space = rustix::fs::statvfs(&self.dir).map_err(|error| refusal(&error.into()))?;
        let needed: u64 = batch.iter().map(|work| padded_bytes(&work.header)).sum();
        let left = space.f_bavail.saturating_mul(space.f_frsize);
        if left < self.reserve_bytes.saturating_add(needed) { Err(AppendError::Full) } else { Ok(()) }
    }

    /// Ends the current block. A start without its sidecar would only be slower.
    fn seal(&mut self) {
        let Some(current) = self.current.take() else { return };
        let (path, contents) = (&current.block.path, &current.contents);
        let written = sidecar::write(path, contents).and_then(|()| self.disk.sync_dir(&self.dir));
        if let Err(error) = written {
            tracing::warn!(block = current.block.number, %error, "no sidecar was written");
        }
        self.sweep();
    }

    /// Deletes blocks that nobody needs: those whose parts are all released, oldest first, so that a release
    /// is never forgotten before the segments it releases.
    pub(crate) fn sweep(&mut self) {
        let current = self.current.as_ref().map(|current| current.block.number);
        let mut numbers: Vec<u64> = self.holdings.keys().copied().collect();
        numbers.retain(|number| Some(*number) != current);
        numbers.retain(|number| self.delete_unless_needed(*number));
        if !numbers.is_empty()
            && let Err(error) = self.disk.sync_dir(&self.dir)
        {
            tracing::warn!(%error, "deleting blocks may not last");
        }
    }

    /// Whether the block is gone.
    fn delete_unless_needed(&mut self, number: u64) -> bool {
        if self.is_needed(number) {
            return false;
        }
        let mut blocks = self.blocks.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(Err(error)) = blocks.get(&number).map(|block| block.delete()) {
            tracing::warn!(block = number, %error, "a block that is needed no longer could not be deleted");
            return false;
        }
        blocks.remove(&number);
        self.holdings.remove(&number);
        true
    }

    fn is_needed(&self, number: u64) -> bool {
        let Some(own) = self.holdings.get(&number) else { return false };
        let elsewhere: HashSet<&PartId> = self
            .holdings
            .iter()
            .filter(|(other, _)| **other != number)
            .flat_map(|(_, holdings)| own.releases.intersection(&holdings.parts))
            .collect();
        !elsewhere.is_empty() || own.parts.iter().any(|part| !self.parts.is_released(*part))
    }
}

fn padded_bytes(header: &Header) -> u64 {
    header.written_bytes().next_multiple_of(PAGE_BYTES as u64)
}

/// The record with its padding, as it goes to the disk.
fn slice(work: &Work) -> IoSlice<'_> {
    let whole = work.buffer.whole();
    let bytes = usize::try_from(padded_bytes(&work.header)).unwrap_or(usize::MAX).min(whole.len());
    IoSlice::new(&whole[..bytes])
}

pub(crate) fn entry(header: &Header, block: u64, offset: u64) -> Entry {
    Entry {
        block,
        offset,
        length: header.length,
        digest: header.digest,
        seal: header.seal,
        received_at: header.received_at,
    }
}

/// The planted fault: says yes before anything is written.
fn answer_early(batch: &mut [Work]) -> Vec<Answered> {
    let early = batch.iter_mut().map(|work| {
        let (ignored, receiver) = oneshot::channel();
        let _ = std::mem::replace(&mut work.answer, ignored).send(Ok((0, 0)));
        receiver
    });
    early.collect()
}

fn refusal(error: &io::Error) -> AppendError {
    match error.raw_os_error() {
        Some(libc::ENOSPC | libc::EDQUOT | libc::EFBIG) => AppendError::Full,
        _ => AppendError::Storage(error.to_string()),
    }
}
