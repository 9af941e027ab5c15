//! Block files: how they are named, opened after a stop of any kind, scanned and read.

use std::collections::HashSet;
use std::fs;
use std::io::{self, IoSlice};
use std::path::{Path, PathBuf};

use ring::aead::LessSafeKey;
use uuid::Uuid;
use yikao_domain::id::PartId;

use super::disk::{BlockFile, Disk};
use super::record::{
    self, BLOCK_HEADER_BYTES, BlockHeader, Corrupt, HEADER_BYTES, Header, Kind, PAGE_BYTES, TAG_BYTES,
    WriterKey,
};
use super::sidecar::{self, Contents};
use crate::keys::NodeKeys;

const PAGE: u64 = PAGE_BYTES as u64;

/// A block file that can be read.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) number: u64,
    pub(crate) path: PathBuf,
    pub(crate) file: BlockFile,
    key: LessSafeKey,
}

/// What a block means for the others: it may go when all its parts are released, and when no other block
/// holds segments of the parts that it releases.
#[derive(Debug, Default)]
pub(crate) struct Holdings {
    pub(crate) parts: HashSet<PartId>,
    pub(crate) releases: HashSet<PartId>,
}

/// Why a block cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BlockError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Key(#[from] crate::keys::KeyError),
    /// The block's own header was never written whole, or was damaged.
    #[error("the block has no sound header")]
    Headless,
}

/// Why a record cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
}

/// The numbers of the blocks in a folder, ascending.
pub(crate) fn numbers(dir: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for file in fs::read_dir(dir)? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "block") {
            numbers.extend(path.file_stem().and_then(|stem| stem.to_str()?.parse::<u64>().ok()));
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// The file of a block.
pub(crate) fn path_of(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:010}.block"))
}

impl Block {
    /// Starts a block whose header and name are durable.
    pub(crate) fn create(
        disk: &Disk,
        dir: &Path,
        number: u64,
        writer: &WriterKey,
    ) -> Result<Self, BlockError> {
        let header = BlockHeader {
            align: 4096,
            kid: writer.kid,
            block: Uuid::from_u128(u128::from(number)).into(),
            salt: writer.salt,
        };
        let path = path_of(dir, number);
        let block = Self { number, file: disk.create(&path)?, key: writer.key.clone(), path };
        block.begin(disk, dir, &header).inspect_err(|_| {
            // Half a block would only be in the way of the next attempt.
            let _ = disk.discard(&block.path);
        })?;
        Ok(block)
    }

    fn begin(&self, disk: &Disk, dir: &Path, header: &BlockHeader) -> io::Result<()> {
        let mut page = vec![0; 2 * PAGE_BYTES];
        let start = page.as_ptr().align_offset(PAGE_BYTES);
        page[start..start + BLOCK_HEADER_BYTES].copy_from_slice(&header.encode());
        self.file.write_all_at(&[IoSlice::new(&page[start..start + PAGE_BYTES])], 0)?;
        self.file.sync()?;
        disk.sync_dir(dir)
    }

    /// Opens a block that an earlier run left, with what it holds. A torn end is cut off; a sidecar is
    /// written where there was none.
    pub(crate) fn reopen(
        disk: &Disk,
        dir: &Path,
        number: u64,
        keys: &NodeKeys,
    ) -> Result<(Self, Contents), BlockError> {
        let path = path_of(dir, number);
        let file = disk.open(&path)?;
        let mut header = [0; BLOCK_HEADER_BYTES];
        file.read_exact_at(&mut header, 0).map_err(|_| BlockError::Headless)?;
        let header = BlockHeader::decode(&header).ok_or(BlockError::Headless)?;
        let block = Self { number, key: header.key(keys)?, file, path };
        let length = block.file.length()?;
        if let Some(contents) = sidecar::read(&block.path, length) {
            return Ok((block, contents));
        }
        let contents = block.scan(length)?;
        if contents.length < length {
            tracing::warn!(block = number, lost_bytes = length - contents.length, "cut off a torn end");
            block.file.truncate(contents.length)?;
            block.file.sync()?;
        }
        sidecar::write(&block.path, &contents)?;
        disk.sync_dir(dir)?;
        Ok((block, contents))
    }

    /// Finds all sound records. Records of the last batch may be torn anywhere, so their bodies are opened;
    /// earlier ones were synced, and a place that cannot be read is damage, which is stepped over.
    fn scan(&self, length: u64) -> Result<Contents, BlockError> {
        let mut records: Vec<(Header, u64)> = Vec::new();
        let mut at = PAGE;
        while at + HEADER_BYTES as u64 <= length {
            match self.header_at(at)? {
                Some(header) if at + header.written_bytes() <= length => {
                    let next = (at + header.written_bytes()).next_multiple_of(PAGE);
                    records.push((header, at));
                    at = next;
                }
                _ => at += PAGE,
            }
        }
        let read: u64 = records.iter().map(|(header, _)| header.written_bytes().next_multiple_of(PAGE)).sum();
        let end =
            records.last().map_or(PAGE, |(header, at)| (at + header.written_bytes()).next_multiple_of(PAGE));
        if PAGE + read < end {
            tracing::error!(block = self.number, unreadable_bytes = end - PAGE - read, "damage in a block");
        }
        let last = records.iter().map(|(header, _)| header.batch).max();
        records.retain(|(header, at)| Some(header.batch) != last || self.read(header, *at).is_ok());
        let end = records.last().map(|(header, at)| at + header.written_bytes());
        let end = end.map_or(PAGE, |end| end.next_multiple_of(PAGE));
        Ok(Contents { records, length: end.min(length) })
    }

    pub(crate) fn header_at(&self, at: u64) -> io::Result<Option<Header>> {
        let mut header = [0; HEADER_BYTES];
        self.file.read_exact_at(&mut header, at)?;
        Ok(Header::decode(&header))
    }

    /// The plain body of the record at `at`, authenticated.
    pub(crate) fn read(&self, header: &Header, at: u64) -> Result<Vec<u8>, RecordError> {
        let mut closed = vec![0; header.length as usize + TAG_BYTES];
        self.file.read_exact_at(&mut closed, at + HEADER_BYTES as u64)?;
        Ok(record::open(&self.key, header, closed)?)
    }

    /// Deletes the block and its sidecar. Those who are reading it finish undisturbed.
    pub(crate) fn delete(&self) -> io::Result<()> {
        fs::remove_file(&self.path)?;
        match fs::remove_file(sidecar::path_of(&self.path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}

impl Holdings {
    pub(crate) fn of(contents: &Contents) -> Self {
        let mut holdings = Self::default();
        for (header, _) in &contents.records {
            holdings.add(header.kind, header.part);
        }
        holdings
    }

    pub(crate) fn add(&mut self, kind: Kind, part: PartId) {
        match kind {
            Kind::Segment => self.parts.insert(part),
            Kind::Release => self.releases.insert(part),
        };
    }
}
