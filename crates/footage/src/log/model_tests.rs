//! The local log against a plain map, through any sequence of appends, releases, failures and stops.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use tempfile::TempDir;
use uuid::Uuid;
use yikao_domain::Timestamp;
use yikao_domain::id::PartId;
use yikao_domain::seal::Hash32;

use super::{AppendError, Disk, Faults, LocalLog, LocalLogConfig, Outcome, Record, Volatile};
use crate::keys::NodeKeys;

#[derive(Debug, Clone)]
enum Act {
    Append { part: u8, index: u64, content: u8 },
    AppendTogether { part: u8, indexes: BTreeSet<u64>, content: u8 },
    Release { part: u8 },
    SyncFails { part: u8, index: u64, content: u8 },
    DiskFull { part: u8, index: u64, content: u8 },
    Restart,
    PowerCut,
}

fn acts() -> impl Strategy<Value = Act> {
    let place = || (0..4_u8, 1..8_u64, 0..3_u8);
    prop_oneof![
        8 => place().prop_map(|(part, index, content)| Act::Append { part, index, content }),
        3 => (0..4_u8, prop::collection::btree_set(1..8_u64, 1..6), 0..3_u8)
            .prop_map(|(part, indexes, content)| Act::AppendTogether { part, indexes, content }),
        1 => (0..4_u8).prop_map(|part| Act::Release { part }),
        1 => place().prop_map(|(part, index, content)| Act::SyncFails { part, index, content }),
        1 => place().prop_map(|(part, index, content)| Act::DiskFull { part, index, content }),
        1 => Just(Act::Restart),
        1 => Just(Act::PowerCut),
    ]
}

/// What must be true of the log.
#[derive(Debug, Default)]
struct Model {
    segments: BTreeMap<(u8, u64), u8>,
    released: BTreeSet<u8>,
}

impl Model {
    /// Whether the outcome is right; a stored segment is remembered.
    fn agrees(&mut self, part: u8, index: u64, content: u8, outcome: Outcome) -> bool {
        if self.released.contains(&part) {
            return outcome == Outcome::Released;
        }
        match self.segments.get(&(part, index)) {
            Some(known) if *known == content => outcome == Outcome::Same,
            Some(_) => outcome == Outcome::Conflict,
            None => {
                self.segments.insert((part, index), content);
                matches!(outcome, Outcome::Stored(_))
            }
        }
    }

    /// A failure may only answer what would have been written.
    fn would_write(&self, part: u8, index: u64) -> bool {
        !self.released.contains(&part) && !self.segments.contains_key(&(part, index))
    }
}

struct Node {
    dir: TempDir,
    disk: Arc<Volatile>,
    log: Option<LocalLog>,
}

impl Node {
    fn new() -> Self {
        let mut node =
            Self { dir: TempDir::new().unwrap(), disk: Volatile::new(Faults::default()), log: None };
        node.open();
        node
    }

    fn open(&mut self) {
        self.log = None;
        let config = LocalLogConfig {
            disk: Disk::Volatile(Arc::clone(&self.disk)),
            rotate_bytes: 32 << 10,
            reserve_bytes: 0,
            ..LocalLogConfig::new(self.dir.path())
        };
        let keys = NodeKeys::new(vec![(1, [7; 32])]).unwrap();
        self.log = Some(LocalLog::open(&config, &keys).unwrap());
    }

    fn log(&self) -> LocalLog {
        self.log.clone().unwrap()
    }

    async fn append(&self, part: u8, index: u64, content: u8) -> Result<Outcome, AppendError> {
        let log = self.log();
        let bytes = bytes(content);
        let mut body = log.buffer();
        body.extend(&bytes).unwrap();
        let digest = Hash32::of(&bytes);
        let received_at = Timestamp(0);
        log.append(Record { part: id(part), index, digest, seal: digest, received_at, body }).await
    }

    async fn act(&mut self, model: &mut Model, act: Act) -> Result<(), TestCaseError> {
        match act {
            Act::Append { part, index, content } => {
                let outcome = self.append(part, index, content).await.unwrap();
                prop_assert!(model.agrees(part, index, content, outcome), "{outcome:?}");
            }
            Act::AppendTogether { part, indexes, content } => {
                let appends = indexes.iter().map(|index| self.append(part, *index, content));
                for (index, outcome) in indexes.iter().zip(futures_util::future::join_all(appends).await) {
                    prop_assert!(model.agrees(part, *index, content, outcome.unwrap()));
                }
            }
            Act::Release { part } => {
                self.log().release(id(part)).await.unwrap();
                model.segments.retain(|(of, _), _| *of != part);
                // Deleting its blocks lets the log forget a part; the model knows only what must not happen.
                model.released.insert(part);
            }
            Act::SyncFails { part, index, content } => {
                self.disk.fail_next_sync();
                self.failing(model, part, index, content).await?;
                self.disk.heal();
            }
            Act::DiskFull { part, index, content } => {
                self.disk.plant(Faults { capacity_bytes: Some(1), ..Faults::default() });
                self.failing(model, part, index, content).await?;
                self.disk.plant(Faults::default());
            }
            Act::Restart => self.open(),
            Act::PowerCut => {
                self.disk.cut_power();
                self.log = None;
                self.disk = Volatile::new(Faults::default());
                self.open();
            }
        }
        Ok(())
    }

    async fn failing(
        &self,
        model: &mut Model,
        part: u8,
        index: u64,
        content: u8,
    ) -> Result<(), TestCaseError> {
        match self.append(part, index, content).await {
            Ok(outcome) => prop_assert!(model.agrees(part, index, content, outcome)),
            Err(_) => prop_assert!(model.would_write(part, index)),
        }
        Ok(())
    }

    async fn holds(&self, model: &Model) -> Result<(), TestCaseError> {
        let log = self.log();
        for part in 0..4 {
            let indexes = model.segments.keys().filter(|(of, _)| *of == part).map(|(_, index)| *index);
            prop_assert_eq!(log.received(id(part)), indexes.collect());
        }
        for ((part, index), content) in &model.segments {
            prop_assert_eq!(log.read(id(*part), *index).await.unwrap(), bytes(*content));
        }
        Ok(())
    }
}

fn id(part: u8) -> PartId {
    Uuid::from_u128(part.into()).into()
}

fn bytes(content: u8) -> Vec<u8> {
    vec![content; 1 + usize::from(content) * 5_000]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn what_was_acknowledged_is_there_whatever_happens(acts in prop::collection::vec(acts(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (mut node, mut model) = (Node::new(), Model::default());
            for act in acts {
                let stopped = matches!(act, Act::Restart | Act::PowerCut);
                node.act(&mut model, act).await?;
                if stopped {
                    // A stop may forget released parts whose blocks are gone; they hold nothing.
                    model.released.retain(|part| node.log().is_released(id(*part)));
                }
            }
            node.open();
            node.holds(&model).await
        })?;
    }
}
