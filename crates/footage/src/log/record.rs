//! The format of log blocks, on disk and on S3 alike: a header, then records, each with a checksummed header
//! and a body under AES-256-GCM that authenticates its header too. Integers are big-endian.
//!
//! Every writer (one run of the server) derives a key of its own from the node key and a random salt, which
//! the block header carries; a counter then makes every nonce unique.

use std::sync::atomic::{AtomicU64, Ordering};

use ring::aead::{Aad, LessSafeKey, Nonce, Tag};
use uuid::Uuid;
use yikao_domain::Timestamp;
use yikao_domain::id::{BlockId, PartId};
use yikao_domain::seal::Hash32;

use super::buffer::SegmentBuffer;
use super::{MAX_SEGMENT_BYTES, Record};
use crate::keys::{KeyError, NodeKeys, random};

/// Records on local disk begin on pages of this size, so that they can bypass the page cache.
pub(crate) const PAGE_BYTES: usize = 4096;
/// Records in S3 objects begin on multiples of this.
pub(crate) const PACKED_BYTES: u16 = 64;
pub(crate) const HEADER_BYTES: usize = 128;
pub(crate) const TAG_BYTES: usize = 16;
pub(crate) const BLOCK_HEADER_BYTES: usize = 64;

const RECORD_MAGIC: [u8; 4] = *b"YKR1";
const BLOCK_MAGIC: [u8; 8] = *b"YKBLOCK1";
const KEY_PURPOSE: &str = "yikao log block 1";
/// The part of a header that is known before the record has its place; the body authenticates it.
const BOUND_BYTES: usize = 116;

/// What a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A segment's bytes.
    Segment = 1,
    /// The part's segments are needed no longer.
    Release = 2,
}

/// A record's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) kind: Kind,
    pub(crate) part: PartId,
    pub(crate) index: u64,
    /// Bytes of the body before encryption.
    pub(crate) length: u32,
    pub(crate) nonce: u64,
    pub(crate) digest: Hash32,
    pub(crate) seal: Hash32,
    pub(crate) received_at: Timestamp,
    /// Counts the writes of a block: a record of a later batch proves that the earlier ones were synced.
    pub(crate) batch: u64,
}

/// A block's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BlockHeader {
    /// Records begin on multiples of this.
    pub(crate) align: u16,
    pub(crate) kid: u8,
    pub(crate) block: BlockId,
    pub(crate) salt: [u8; 32],
}

/// The key of one writer and its nonce counter.
#[derive(Debug)]
pub(crate) struct WriterKey {
    pub(crate) kid: u8,
    pub(crate) salt: [u8; 32],
    pub(crate) key: LessSafeKey,
    next_nonce: AtomicU64,
}

/// A body that does not open: changed, cut off, or written under another key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the record's bytes are not what was written")]
pub(crate) struct Corrupt;

impl Header {
    /// The header of what a caller hands in; nonce and batch come later.
    #[expect(clippy::cast_possible_truncation, reason = "a buffer holds at most 256 KiB")]
    pub(crate) fn of(kind: Kind, record: &Record) -> Self {
        Self {
            kind,
            part: record.part,
            index: record.index,
            length: record.body.len() as u32,
            nonce: 0,
            digest: record.digest,
            seal: record.seal,
            received_at: record.received_at,
            batch: 0,
        }
    }

    /// Bytes of header, body and tag, without the padding after them.
    pub(crate) fn written_bytes(&self) -> u64 {
        (HEADER_BYTES + TAG_BYTES) as u64 + u64::from(self.length)
    }

    pub(crate) fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut out = [0; HEADER_BYTES];
        out[..4].copy_from_slice(&RECORD_MAGIC);
        out[4] = self.kind as u8;
        out[8..24].copy_from_slice(self.part.as_bytes());
        out[24..32].copy_from_slice(&self.index.to_be_bytes());
        out[32..36].copy_from_slice(&self.length.to_be_bytes());
        out[36..44].copy_from_slice(&self.nonce.to_be_bytes());
        out[44..76].copy_from_slice(&self.digest.0);
        out[76..108].copy_from_slice(&self.seal.0);
        out[108..116].copy_from_slice(&self.received_at.0.to_be_bytes());
        out[116..124].copy_from_slice(&self.batch.to_be_bytes());
        let sum = crc32c::crc32c(&out[..124]);
        out[124..].copy_from_slice(&sum.to_be_bytes());
        out
    }

    /// The header in `bytes`, or none when this is no record or its checksum is wrong.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; HEADER_BYTES] = bytes.first_chunk()?;
        if bytes[..4] != RECORD_MAGIC || crc32c::crc32c(&bytes[..124]) != u32::from_be_bytes(cut(bytes, 124))
        {
            return None;
        }
        let kind = match bytes[4] {
            1 => Kind::Segment,
            2 => Kind::Release,
            _ => return None,
        };
        let length = u32::from_be_bytes(cut(bytes, 32));
        (length as usize <= MAX_SEGMENT_BYTES).then(|| Self {
            kind,
            part: Uuid::from_bytes(cut(bytes, 8)).into(),
            index: u64::from_be_bytes(cut(bytes, 24)),
            length,
            nonce: u64::from_be_bytes(cut(bytes, 36)),
            digest: Hash32(cut(bytes, 44)),
            seal: Hash32(cut(bytes, 76)),
            received_at: Timestamp(i64::from_be_bytes(cut(bytes, 108))),
            batch: u64::from_be_bytes(cut(bytes, 116)),
        })
    }

    fn bound(&self) -> [u8; BOUND_BYTES] {
        cut(&self.encode(), 0)
    }
}

impl BlockHeader {
    pub(crate) fn encode(&self) -> [u8; BLOCK_HEADER_BYTES] {
        let mut out = [0; BLOCK_HEADER_BYTES];
        out[..8].copy_from_slice(&BLOCK_MAGIC);
        out[8..10].copy_from_slice(&self.align.to_be_bytes());
        out[10] = self.kid;
        out[12..28].copy_from_slice(self.block.as_bytes());
        out[28..60].copy_from_slice(&self.salt);
        let sum = crc32c::crc32c(&out[..60]);
        out[60..].copy_from_slice(&sum.to_be_bytes());
        out
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; BLOCK_HEADER_BYTES] = bytes.first_chunk()?;
        let align = u16::from_be_bytes(cut(bytes, 8));
        let sound = bytes[..8] == BLOCK_MAGIC
            && align.is_power_of_two()
            && usize::from(align) >= BLOCK_HEADER_BYTES
            && crc32c::crc32c(&bytes[..60]) == u32::from_be_bytes(cut(bytes, 60));
        sound.then(|| Self {
            align,
            kid: bytes[10],
            block: Uuid::from_bytes(cut(bytes, 12)).into(),
            salt: cut(bytes, 28),
        })
    }

    /// The key that the block's bodies open with.
    pub(crate) fn key(&self, keys: &NodeKeys) -> Result<LessSafeKey, KeyError> {
        keys.derive(self.kid, KEY_PURPOSE, &self.salt)
    }
}

impl WriterKey {
    pub(crate) fn new(keys: &NodeKeys) -> Result<Self, KeyError> {
        let (kid, salt) = (keys.newest()?, random()?);
        let key = keys.derive(kid, KEY_PURPOSE, &salt)?;
        Ok(Self { kid, salt, key, next_nonce: AtomicU64::new(1) })
    }

    /// Encrypts the body in place, under the header as it will be written (all but the batch).
    pub(crate) fn close(&self, header: &mut Header, buffer: &mut SegmentBuffer) -> Result<(), Corrupt> {
        header.nonce = self.next_nonce.fetch_add(1, Ordering::Relaxed);
        let body_end = HEADER_BYTES + buffer.len();
        let whole = buffer.whole_mut();
        let body = whole.get_mut(HEADER_BYTES..body_end).ok_or(Corrupt)?;
        let tag = self
            .key
            .seal_in_place_separate_tag(nonce(header.nonce), Aad::from(header.bound()), body)
            .map_err(|_| Corrupt)?;
        whole[body_end..body_end + TAG_BYTES].copy_from_slice(tag.as_ref());
        whole[body_end + TAG_BYTES..(body_end + TAG_BYTES).next_multiple_of(PAGE_BYTES)].fill(0);
        Ok(())
    }
}

/// Opens a body followed by its tag; gives the plain bytes.
pub(crate) fn open(key: &LessSafeKey, header: &Header, mut closed: Vec<u8>) -> Result<Vec<u8>, Corrupt> {
    let length = header.length as usize;
    let (body, tag) = closed.split_at_mut_checked(length).ok_or(Corrupt)?;
    let tag = Tag::try_from(&*tag).map_err(|_| Corrupt)?;
    key.open_in_place_separate_tag(nonce(header.nonce), Aad::from(header.bound()), tag, body, 0..)
        .map_err(|_| Corrupt)?;
    closed.truncate(length);
    Ok(closed)
}

fn nonce(counter: u64) -> Nonce {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&counter.to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

/// `N` bytes from `at`; callers pass places inside a fixed header.
fn cut<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}
