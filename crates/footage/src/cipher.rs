//! Objects at rest: 64 KiB records under AES-256-GCM, so that any range can be read without the rest.
//!
//! Header: magic, `kid`, object id, salt, checksum. Every object has a key of its own, derived from the
//! owner's key and the salt; a record's nonce is its number, and the last record is marked, so that an object
//! that was cut off, or whose records were moved, does not open.

use std::fmt;
use std::ops::Range;

use ring::aead::{Aad, LessSafeKey, Nonce};
use uuid::Uuid;

use crate::keys::{KeyError, derive, random};

/// Bytes of an object's header.
pub const HEADER_BYTES: u64 = 64;
/// Plain bytes of every record but the last.
pub const RECORD_BYTES: u64 = 64 * 1024;
/// Bytes that encryption adds to each record.
pub const TAG_BYTES: u64 = 16;

const MAGIC: [u8; 8] = *b"YKOBJCT1";
const PURPOSE: &str = "yikao object 1";
const CLOSED_RECORD: u64 = RECORD_BYTES + TAG_BYTES;

/// A key under which objects are kept: a candidate's own.
#[derive(Clone)]
pub struct ObjectKey {
    /// The generation that wraps the key; written into the header for those who look for it.
    pub kid: u8,
    /// The key itself.
    pub key: [u8; 32],
}

impl fmt::Debug for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// Why an object does not open.
#[derive(Debug, thiserror::Error)]
pub enum CipherError {
    /// It is no object of ours, or another one than was asked for.
    #[error("this is not object {0}")]
    NotThis(Uuid),
    /// Its bytes were changed or cut off, or the key is another.
    #[error("object {object} does not open at record {record}")]
    Damaged {
        /// The object.
        object: Uuid,
        /// The record that failed, from 0.
        record: u64,
    },
    /// No randomness for a new object.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Closes an object's records one after the other.
#[derive(Debug)]
pub struct Closer {
    object: Uuid,
    key: LessSafeKey,
    next: u64,
    waiting: Vec<u8>,
}

/// Opens any record of one object.
#[derive(Debug, Clone)]
pub struct Opener {
    object: Uuid,
    key: LessSafeKey,
    plain_bytes: u64,
}

impl Closer {
    /// Begins an object; the first bytes to be stored are its header.
    pub fn begin(object: Uuid, key: &ObjectKey) -> Result<(Self, Vec<u8>), CipherError> {
        let salt: [u8; 32] = random()?;
        let mut header = Vec::with_capacity(64);
        header.extend_from_slice(&MAGIC);
        header.extend_from_slice(&[key.kid, 0, 0, 0]);
        header.extend_from_slice(object.as_bytes());
        header.extend_from_slice(&salt);
        let sum = crc32c::crc32c(&header);
        header.extend_from_slice(&sum.to_be_bytes());
        let key = derive(&key.key, PURPOSE, &salt)?;
        Ok((Self { object, key, next: 0, waiting: Vec::new() }, header))
    }

    /// Takes plain bytes; appends what can be stored to `out`.
    pub fn write(&mut self, mut plain: &[u8], out: &mut Vec<u8>) -> Result<(), CipherError> {
        while !plain.is_empty() {
            // A full record waits until more comes: it might be the last.
            if self.waiting.len() as u64 == RECORD_BYTES {
                self.close_record(false, out)?;
            }
            let room = usize::try_from(RECORD_BYTES).unwrap_or(0) - self.waiting.len();
            let (now, later) = plain.split_at(room.min(plain.len()));
            self.waiting.extend_from_slice(now);
            plain = later;
        }
        Ok(())
    }

    /// Ends the object; appends its last record to `out`.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), CipherError> {
        self.close_record(true, out)
    }

    fn close_record(&mut self, last: bool, out: &mut Vec<u8>) -> Result<(), CipherError> {
        let damaged = CipherError::Damaged { object: self.object, record: self.next };
        let nonce = nonce(self.next, last);
        let Ok(tag) = self.key.seal_in_place_separate_tag(nonce, Aad::empty(), &mut self.waiting) else {
            return Err(damaged);
        };
        out.extend_from_slice(&self.waiting);
        out.extend_from_slice(tag.as_ref());
        self.waiting.clear();
        self.next += 1;
        Ok(())
    }
}

impl Opener {
    /// Reads an object's header; `stored_bytes` is the size of the whole object.
    pub fn new(object: Uuid, key: &ObjectKey, header: &[u8], stored_bytes: u64) -> Result<Self, CipherError> {
        let not_this = || CipherError::NotThis(object);
        let header: &[u8; 64] = header.first_chunk().ok_or_else(not_this)?;
        let (head, sum) = header.split_last_chunk::<4>().ok_or_else(not_this)?;
        let sound = head[..8] == MAGIC
            && crc32c::crc32c(head) == u32::from_be_bytes(*sum)
            && head[12..28] == *object.as_bytes();
        if !sound {
            return Err(not_this());
        }
        let plain_bytes = plain_bytes(stored_bytes).ok_or(CipherError::Damaged { object, record: 0 })?;
        let salt: [u8; 32] = head[28..60].try_into().map_err(|_| not_this())?;
        Ok(Self { object, key: derive(&key.key, PURPOSE, &salt)?, plain_bytes })
    }

    /// Plain bytes of the object.
    pub fn plain_bytes(&self) -> u64 {
        self.plain_bytes
    }

    /// The records that cover a range of plain bytes, and where they are stored. The range must lie inside.
    pub fn covering(&self, range: &Range<u64>) -> (Range<u64>, Range<u64>) {
        let first = range.start / RECORD_BYTES;
        let end = range.end.div_ceil(RECORD_BYTES).max(first + 1);
        let stored_end = HEADER_BYTES + self.plain_bytes + self.records() * TAG_BYTES;
        let stored =
            HEADER_BYTES + first * CLOSED_RECORD..(HEADER_BYTES + end * CLOSED_RECORD).min(stored_end);
        (first..end, stored)
    }

    /// Opens consecutive records beginning with number `first`; gives their plain bytes.
    pub fn open(&self, first: u64, mut closed: Vec<u8>) -> Result<Vec<u8>, CipherError> {
        let size = usize::try_from(CLOSED_RECORD).unwrap_or(usize::MAX);
        let tag = usize::try_from(TAG_BYTES).unwrap_or(0);
        let (mut record, mut kept) = (first, 0);
        for start in (0..closed.len()).step_by(size) {
            let end = (start + size).min(closed.len());
            let nonce = nonce(record, record + 1 == self.records());
            let opened = self.key.open_in_place(nonce, Aad::empty(), &mut closed[start..end]);
            let opened = opened.map_err(|_| CipherError::Damaged { object: self.object, record })?.len();
            debug_assert_eq!(opened + tag, end - start, "a record is its bytes and a tag");
            closed.copy_within(start..start + opened, kept);
            kept += opened;
            record += 1;
        }
        closed.truncate(kept);
        Ok(closed)
    }

    fn records(&self) -> u64 {
        self.plain_bytes.div_ceil(RECORD_BYTES).max(1)
    }
}

/// Bytes that an object of `plain` bytes takes when stored.
pub fn stored_bytes(plain: u64) -> u64 {
    HEADER_BYTES + plain + plain.div_ceil(RECORD_BYTES).max(1) * TAG_BYTES
}

fn plain_bytes(stored: u64) -> Option<u64> {
    let records = stored.checked_sub(HEADER_BYTES)?;
    let plain = records.checked_sub(records.div_ceil(CLOSED_RECORD) * TAG_BYTES)?;
    (stored_bytes(plain) == stored).then_some(plain)
}

fn nonce(record: u64, last: bool) -> Nonce {
    let mut bytes = [0; 12];
    bytes[3..11].copy_from_slice(&record.to_be_bytes());
    bytes[11] = u8::from(last);
    Nonce::assume_unique_for_key(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OBJECT: Uuid = Uuid::from_u128(7);

    fn key() -> ObjectKey {
        ObjectKey { kid: 1, key: [3; 32] }
    }

    fn closed(plain: &[u8], pieces: usize) -> Vec<u8> {
        let (mut closer, mut out) = Closer::begin(OBJECT, &key()).unwrap();
        for piece in plain.chunks(pieces) {
            closer.write(piece, &mut out).unwrap();
        }
        closer.finish(&mut out).unwrap();
        out
    }

    fn opener(closed: &[u8]) -> Result<Opener, CipherError> {
        Opener::new(OBJECT, &key(), closed, closed.len() as u64)
    }

    fn read(closed: &[u8], range: Range<u64>) -> Result<Vec<u8>, CipherError> {
        let opener = opener(closed)?;
        let (records, stored) = opener.covering(&range);
        let at = |place: u64| usize::try_from(place).unwrap();
        let plain = opener.open(records.start, closed[at(stored.start)..at(stored.end)].to_vec())?;
        let skip = range.start - records.start * RECORD_BYTES;
        Ok(plain[at(skip)..at(skip + range.end - range.start)].to_vec())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn any_range_of_an_object_reads_as_it_was_written(
            length in 1..300_000_usize, pieces in 1..100_000_usize, from: prop::sample::Index, to: prop::sample::Index
        ) {
            let plain: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let closed = closed(&plain, pieces);
            prop_assert_eq!(closed.len() as u64, stored_bytes(length as u64));
            let (from, to) = (from.index(length).min(to.index(length)), from.index(length).max(to.index(length)));
            prop_assume!(from < to);
            prop_assert_eq!(read(&closed, from as u64..to as u64).unwrap(), &plain[from..to]);
        }
    }

    #[test]
    fn an_object_that_ends_with_a_full_record_and_an_empty_one_open() {
        let full = closed(&vec![1; 131_072], 1000);
        assert_eq!(read(&full, 65_536..131_072).unwrap(), vec![1; 65_536]);
        let empty = closed(&[], 1);
        assert_eq!(opener(&empty).unwrap().plain_bytes(), 0);
        assert_eq!(opener(&empty).unwrap().open(0, empty[64..].to_vec()).unwrap(), Vec::<u8>::new());
    }

    #[test]
    fn an_object_cut_off_between_records_does_not_open_at_its_new_end() {
        let closed = closed(&vec![1; 200_000], 1000);
        let cut = &closed[..64 + 2 * 65_552];
        assert!(matches!(read(cut, 65_536..131_072), Err(CipherError::Damaged { record: 1, .. })));
    }

    #[test]
    fn a_changed_a_moved_and_another_objects_record_do_not_open() {
        let mut changed = closed(&vec![1; 200_000], 1000);
        changed[64 + 65_552] ^= 1;
        assert!(matches!(read(&changed, 65_536..65_537), Err(CipherError::Damaged { record: 1, .. })));
        let mut moved = closed(&vec![1; 200_000], 1000);
        moved.copy_within(64..64 + 65_552, 64 + 65_552);
        assert!(matches!(read(&moved, 65_536..65_537), Err(CipherError::Damaged { record: 1, .. })));
        let other = Opener::new(Uuid::from_u128(8), &key(), &moved, moved.len() as u64);
        assert!(matches!(other, Err(CipherError::NotThis(_))));
    }

    #[test]
    fn another_key_opens_nothing() {
        let closed = closed(b"plain", 1000);
        let wrong = ObjectKey { kid: 1, key: [4; 32] };
        let opener = Opener::new(OBJECT, &wrong, &closed, closed.len() as u64).unwrap();
        assert!(opener.open(0, closed[64..].to_vec()).is_err());
    }
}
