//! A sealed block's table of contents, beside it: what a scan of the block would find, so that a start need
//! not scan. Never trusted over the block: when missing, torn or of another length, the block is scanned.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::record::{HEADER_BYTES, Header};

const MAGIC: [u8; 8] = *b"YKINDEX1";
const FIXED_BYTES: usize = 24;
const ROW_BYTES: usize = HEADER_BYTES + 8;

/// What a block holds, in the order of writing.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Contents {
    /// Headers and where their records begin.
    pub(crate) records: Vec<(Header, u64)>,
    /// Bytes up to the end of the last sound record.
    pub(crate) length: u64,
}

/// The name of a block's sidecar.
pub(crate) fn path_of(block: &Path) -> PathBuf {
    block.with_extension("index")
}

/// Writes the sidecar of a block that takes no more records.
pub(crate) fn write(block: &Path, contents: &Contents) -> io::Result<()> {
    let (path, draft) = (path_of(block), block.with_extension("index-draft"));
    let mut file = File::create(&draft)?;
    file.write_all(&encode(contents))?;
    file.sync_all()?;
    fs::rename(draft, path)
}

/// Reads a block's sidecar; none when it cannot be relied on.
pub(crate) fn read(block: &Path, block_length: u64) -> Option<Contents> {
    let contents = decode(&fs::read(path_of(block)).ok()?)?;
    (contents.length == block_length).then_some(contents)
}

fn encode(contents: &Contents) -> Vec<u8> {
    let mut out = Vec::with_capacity(FIXED_BYTES + contents.records.len() * ROW_BYTES + 4);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&contents.length.to_be_bytes());
    out.extend_from_slice(&(contents.records.len() as u64).to_be_bytes());
    for (header, offset) in &contents.records {
        out.extend_from_slice(&header.encode());
        out.extend_from_slice(&offset.to_be_bytes());
    }
    let sum = crc32c::crc32c(&out);
    out.extend_from_slice(&sum.to_be_bytes());
    out
}

fn decode(bytes: &[u8]) -> Option<Contents> {
    let (bytes, sum) = bytes.split_last_chunk::<4>()?;
    let (magic, rest) = bytes.split_first_chunk::<8>()?;
    if *magic != MAGIC || crc32c::crc32c(bytes) != u32::from_be_bytes(*sum) {
        return None;
    }
    let (length, rest) = rest.split_first_chunk::<8>()?;
    let (count, rows) = rest.split_first_chunk::<8>()?;
    if rows.len() as u64 != u64::from_be_bytes(*count).checked_mul(ROW_BYTES as u64)? {
        return None;
    }
    let row = |row: &[u8]| {
        let (header, offset) = row.split_last_chunk::<8>()?;
        Some((Header::decode(header)?, u64::from_be_bytes(*offset)))
    };
    let records = rows.chunks_exact(ROW_BYTES).map(row).collect::<Option<Vec<_>>>()?;
    Some(Contents { records, length: u64::from_be_bytes(*length) })
}
