//! What the local log holds, in memory: per part the segments that are durable or being written. The first
//! of several writers of one index wins; the others wait to see how it ends.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use yikao_domain::Timestamp;
use yikao_domain::id::PartId;
use yikao_domain::part::Indexes;
use yikao_domain::seal::Hash32;

const SHARDS: usize = 64;

/// What is known under an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Nothing durable.
    Absent,
    /// This very segment, durable.
    Same,
    /// A durable segment of another content or seal.
    Other,
    /// The part was released.
    Released,
}

/// A durable segment, as the log describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredSegment {
    /// Counted from 1.
    pub index: u64,
    /// Bytes.
    pub length: u32,
    /// SHA-256 of the bytes.
    pub digest: Hash32,
    /// The head of the chain that came with it.
    pub seal: Hash32,
    /// Server time of its arrival.
    pub received_at: Timestamp,
}

/// A durable segment and where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) block: u64,
    pub(crate) offset: u64,
    pub(crate) length: u32,
    pub(crate) digest: Hash32,
    pub(crate) seal: Hash32,
    pub(crate) received_at: Timestamp,
}

/// What a writer of an index may do.
#[derive(Debug)]
pub(crate) enum Reserved {
    /// Write it: the index is this writer's until [`Parts::stored`] or [`Parts::given_up`].
    Mine,
    /// Somebody is writing it; ask again when this resolves.
    Wait(oneshot::Receiver<()>),
    /// It is settled already.
    Settled(Check),
}

#[derive(Debug)]
enum Slot {
    Writing(Vec<oneshot::Sender<()>>),
    Durable(Entry),
}

#[derive(Debug)]
enum Part {
    Live(BTreeMap<u64, Slot>),
    Released,
}

/// All parts of the log.
#[derive(Debug)]
pub(crate) struct Parts {
    shards: Vec<Mutex<HashMap<PartId, Part>>>,
    hasher: RandomState,
}

impl Parts {
    pub(crate) fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), hasher: RandomState::new() }
    }

    #[expect(clippy::cast_possible_truncation, reason = "any bits of the hash do")]
    fn shard(&self, part: PartId) -> MutexGuard<'_, HashMap<PartId, Part>> {
        let shard = self.hasher.hash_one(part) as usize % SHARDS;
        self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known under an index, without waiting for those who are writing it.
    pub(crate) fn check(&self, part: PartId, index: u64, digest: &Hash32, seal: &Hash32) -> Check {
        match self.shard(part).get(&part) {
            Some(Part::Released) => Check::Released,
            Some(Part::Live(slots)) => match slots.get(&index) {
                Some(Slot::Durable(entry)) => compare(entry, digest, seal),
                _ => Check::Absent,
            },
            None => Check::Absent,
        }
    }

    pub(crate) fn reserve(&self, part: PartId, index: u64, digest: &Hash32, seal: &Hash32) -> Reserved {
        let mut shard = self.shard(part);
        match shard.entry(part).or_insert_with(|| Part::Live(BTreeMap::new())) {
            Part::Released => Reserved::Settled(Check::Released),
            Part::Live(slots) => match slots.get_mut(&index) {
                Some(Slot::Durable(entry)) => Reserved::Settled(compare(entry, digest, seal)),
                Some(Slot::Writing(waiting)) => {
                    let (settled, wait) = oneshot::channel();
                    waiting.push(settled);
                    Reserved::Wait(wait)
                }
                None => {
                    slots.insert(index, Slot::Writing(Vec::new()));
                    Reserved::Mine
                }
            },
        }
    }

    /// The segment is durable. A part that was released meanwhile stays so. The first known content stays.
    pub(crate) fn stored(&self, part: PartId, index: u64, entry: Entry) {
        let mut shard = self.shard(part);
        if let Part::Live(slots) = shard.entry(part).or_insert_with(|| Part::Live(BTreeMap::new())) {
            match slots.get_mut(&index) {
                Some(Slot::Durable(_)) => {}
                // Dropping the senders tells those who wait.
                Some(slot) => *slot = Slot::Durable(entry),
                None => {
                    slots.insert(index, Slot::Durable(entry));
                }
            }
        }
    }

    /// The segment was not written; those who wait may try theirs.
    pub(crate) fn given_up(&self, part: PartId, index: u64) {
        let mut shard = self.shard(part);
        let Some(Part::Live(slots)) = shard.get_mut(&part) else { return };
        if matches!(slots.get(&index), Some(Slot::Writing(_))) {
            slots.remove(&index);
        }
        if slots.is_empty() {
            shard.remove(&part);
        }
    }

    pub(crate) fn release(&self, part: PartId) {
        self.shard(part).insert(part, Part::Released);
    }

    pub(crate) fn is_released(&self, part: PartId) -> bool {
        matches!(self.shard(part).get(&part), Some(Part::Released))
    }

    pub(crate) fn entry(&self, part: PartId, index: u64) -> Option<Entry> {
        match self.shard(part).get(&part)? {
            Part::Live(slots) => match slots.get(&index)? {
                Slot::Durable(entry) => Some(*entry),
                Slot::Writing(_) => None,
            },
            Part::Released => None,
        }
    }

    /// The durable segments of a part, by index.
    pub(crate) fn segments(&self, part: PartId) -> Vec<StoredSegment> {
        let shard = self.shard(part);
        let Some(Part::Live(slots)) = shard.get(&part) else { return Vec::new() };
        let durable = slots.iter().filter_map(|(index, slot)| match slot {
            Slot::Durable(entry) => Some(StoredSegment {
                index: *index,
                length: entry.length,
                digest: entry.digest,
                seal: entry.seal,
                received_at: entry.received_at,
            }),
            Slot::Writing(_) => None,
        });
        durable.collect()
    }

    /// The durable indexes of a part.
    pub(crate) fn received(&self, part: PartId) -> Indexes {
        let shard = self.shard(part);
        let Some(Part::Live(slots)) = shard.get(&part) else { return Indexes::new() };
        slots.iter().filter(|(_, slot)| matches!(slot, Slot::Durable(_))).map(|(index, _)| *index).collect()
    }

    /// The parts that have segments here.
    pub(crate) fn live(&self) -> Vec<PartId> {
        let mut live = Vec::new();
        for shard in &self.shards {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            live.extend(shard.iter().filter(|(_, part)| matches!(part, Part::Live(_))).map(|(id, _)| *id));
        }
        live
    }
}

fn compare(entry: &Entry, digest: &Hash32, seal: &Hash32) -> Check {
    if entry.digest == *digest && entry.seal == *seal { Check::Same } else { Check::Other }
}
