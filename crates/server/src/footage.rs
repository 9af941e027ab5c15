//! Joins the footage crate with the database: which log this node keeps, what has arrived of a part, and
//! where its files are.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::StatusCode;
use futures_util::Stream;
use yikao_domain::id::{BlockId, PartId, SittingId};
use yikao_domain::part::Indexes;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::seal::Hash32;
use yikao_domain::time::Timestamp;
use yikao_footage::assembly::{MediaTools, Segment};
use yikao_footage::bundle::BundleSegment;
use yikao_footage::keys::NodeKeys;
use yikao_footage::log::{
    Flush, LocalLog, LocalLogConfig, Placement, Position, ReadError, SegmentLog, SharedLog, SharedLogConfig,
};
use yikao_footage::objects::Objects;
use yikao_store::part::{self, Part};
use yikao_store::{Db, StoreError, block, segment};

use crate::assets;
use crate::clock::Clock;
use crate::config::Config;
use crate::keyring::Keyring;
use crate::problem::Problem;
use crate::state::App;
use crate::usage::Usage;

/// Footage of this installation, as this node reaches it.
#[derive(Debug)]
pub struct Footage {
    /// Where segments go first.
    pub log: SegmentLog,
    /// Assembled files.
    pub objects: Objects,
    /// ffmpeg and its limits.
    pub tools: MediaTools,
    /// Bytes that sittings have brought.
    pub usage: Usage,
}

/// A segment that has arrived, and where it lies in shared storage.
#[derive(Debug, Clone, Copy)]
pub struct Arrived {
    /// Counted from 1.
    pub index: u64,
    /// Bytes.
    pub length: u64,
    /// SHA-256 of the bytes.
    pub digest: Hash32,
    /// The head that came with it.
    pub seal: Hash32,
    /// When it arrived: the earliest moment at which its bytes witness the seal.
    pub received_at: Timestamp,
    /// Where it lies, in shared storage.
    position: Option<Position>,
}

/// Why footage storage cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum FootageError {
    /// The configuration cannot work.
    #[error("configuration: {0}")]
    Configuration(String),
    /// The storage failed.
    #[error("storage: {0}")]
    Storage(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl FootageError {
    fn storage(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Storage(Box::new(error))
    }
}

impl Footage {
    /// Opens what the configuration names.
    ///
    /// # Errors
    /// `Configuration` for local disk where another node works on the database: it would not find the
    /// footage.
    pub async fn open(
        config: &Config,
        keys: &Keyring,
        db: &Db,
        clock: &Arc<Clock>,
    ) -> Result<Self, FootageError> {
        let node_keys = NodeKeys::new(keys.node_keys()).map_err(FootageError::storage)?;
        let scratch = config.data.join("scratch");
        std::fs::create_dir_all(&scratch).map_err(FootageError::storage)?;
        let tools = MediaTools::new(scratch);
        tools.clear_scratch().map_err(FootageError::storage)?;
        match &config.storage {
            Some(_) if !db.claim_shared().await.map_err(FootageError::storage)? => {
                Err(FootageError::Configuration(
                    "another node works on this database and keeps footage on its own disk: set --storage s3://… for both"
                        .into(),
                ))
            }
            Some(address) => Self::shared(address, config, node_keys, db, clock, tools),
            None if !db.claim_alone().await.map_err(FootageError::storage)? => {
                Err(FootageError::Configuration(
                    "another node works on this database, and nodes do not share a local disk: \
                     set --storage s3://… for both"
                        .into(),
                ))
            }
            None => Self::local(config, &node_keys, tools),
        }
    }

    fn local(config: &Config, keys: &NodeKeys, tools: MediaTools) -> Result<Self, FootageError> {
        let mut log = LocalLogConfig::new(config.data.join("log"));
        log.disk = crate::faults::disk(config)?;
        let log = LocalLog::open(&log, keys).map_err(FootageError::storage)?;
        let objects = Objects::local(&config.data.join("objects")).map_err(FootageError::storage)?;
        Ok(Self { log: SegmentLog::Local(log), objects, tools, usage: Usage::default() })
    }

    fn shared(
        address: &str,
        config: &Config,
        keys: NodeKeys,
        db: &Db,
        clock: &Arc<Clock>,
        tools: MediaTools,
    ) -> Result<Self, FootageError> {
        let store = crate::s3::open(address)?;
        let ids = clock.clone();
        let new_block_id = Arc::new(move || BlockId::from_uuid(ids.new_uuid()));
        let (db, node) = (db.clone(), config.node.clone());
        let on_flush = Arc::new(move |flush: Arc<Flush>| {
            let (db, node) = (db.clone(), node.clone());
            Box::pin(async move { Ok(place(&db, node, flush).await?) }) as futures_util::future::BoxFuture<_>
        });
        let settings = SharedLogConfig::new(new_block_id);
        let log = SharedLog::start(store.clone(), keys, settings, on_flush).map_err(FootageError::storage)?;
        let (log, objects) = (SegmentLog::Shared(log), Objects::new(store));
        Ok(Self { log, objects, tools, usage: Usage::default() })
    }

    /// Which segments of a part are durable.
    pub async fn received(&self, db: &Db, part: PartId) -> Result<Indexes, StoreError> {
        match &self.log {
            SegmentLog::Local(log) => Ok(log.received(part)),
            SegmentLog::Shared(_) => segment::received(&mut db.reader().await?, part).await,
        }
    }

    /// Which segments of a part there are: those in the log, or once it has forgotten the part those that its
    /// files were made of. A phone that asks again must not hear that everything is missing.
    pub async fn kept(&self, app: &App, part: PartId) -> Result<Indexes, Problem> {
        // The log is asked before the part's state: what is forgotten in between is forgotten by the commit
        // that changes the state, and is then in the files.
        let logged = self.received(&app.db, part).await?;
        match part::get(&mut app.db.reader().await?, part).await? {
            // A segment that is sent again after the files were made lies in the log alone.
            Some(row) if row.is_assembled() => assembled_of(app, &row).await,
            _ => Ok(logged),
        }
    }

    /// The same for every part of a sitting that has segments; `parts` are all that it has.
    pub async fn kept_in(
        &self,
        app: &App,
        sitting: SittingId,
        parts: impl Iterator<Item = PartId>,
    ) -> Result<HashMap<PartId, Indexes>, Problem> {
        let mut kept: HashMap<PartId, Indexes> = match &self.log {
            SegmentLog::Local(log) => parts.map(|part| (part, log.received(part))).collect(),
            SegmentLog::Shared(_) => segment::received_in(&mut app.db.reader().await?, sitting).await?,
        };
        let rows = part::of_sitting(&mut app.db.reader().await?, sitting).await?;
        for row in rows.iter().filter(|row| row.is_assembled()) {
            kept.insert(row.id, assembled_of(app, row).await?);
        }
        Ok(kept)
    }

    /// How many bytes a sitting has brought, counted in the storage.
    pub async fn brought(&self, app: &App, sitting: SittingId) -> Result<u64, Problem> {
        let mut tx = app.db.reader().await?;
        let rows = part::of_sitting(&mut tx, sitting).await?;
        let assembled = rows.iter().filter(|row| row.is_assembled()).filter_map(|row| row.bytes).sum::<u64>();
        let logged = match &self.log {
            SegmentLog::Local(log) => {
                let waiting = rows.iter().filter(|row| !row.is_assembled());
                waiting.flat_map(|row| log.segments(row.id)).map(|one| u64::from(one.length)).sum()
            }
            SegmentLog::Shared(_) => segment::bytes_in(&mut tx, sitting).await?,
        };
        Ok(self.usage.counted(sitting, assembled.saturating_add(logged), app.clock.now()))
    }

    /// The segments of a part that are durable, ascending.
    pub async fn arrived(&self, db: &Db, part: PartId) -> Result<Vec<Arrived>, StoreError> {
        match &self.log {
            SegmentLog::Local(log) => Ok(log.segments(part).into_iter().map(Arrived::from).collect()),
            SegmentLog::Shared(_) => {
                let rows = segment::range(&mut db.reader().await?, part, 1, i64::MAX as u64).await?;
                Ok(rows.into_iter().map(Arrived::from).collect())
            }
        }
    }

    /// Reads segments one after the other.
    pub fn read(
        &self,
        part: PartId,
        arrived: &[Arrived],
    ) -> impl Stream<Item = Result<Segment, ReadError>> + use<> {
        self.log.stream(part, arrived.iter().map(|segment| (segment.index, segment.position)).collect())
    }

    /// Answers for a segment of a part that the log has let go: its files exist, and what was delivered
    /// is what is in them.
    pub async fn released(
        &self,
        app: &App,
        part: PartId,
        index: u32,
        digest: &[u8; 32],
    ) -> Result<StatusCode, Problem> {
        let manifest = assets::manifest(app, part).await?;
        let known = manifest.iter().find(|segment: &&BundleSegment| segment.index == u64::from(index));
        match known {
            Some(segment) if segment.digest.0 == *digest => Ok(StatusCode::NO_CONTENT),
            Some(_) => Err(Refusal::new(RefusalCode::SegmentConflict).with("index", index).into()),
            None => Err(Problem::new(RefusalCode::DeliveryLapsed)),
        }
    }

    /// Lets the log forget a part's segments.
    pub async fn release(&self, part: PartId) -> Result<(), yikao_footage::log::AppendError> {
        match &self.log {
            SegmentLog::Local(log) => log.release(part).await,
            // The database forgets them in the transaction that keeps the files.
            SegmentLog::Shared(_) => Ok(()),
        }
    }
}

impl From<yikao_footage::log::StoredSegment> for Arrived {
    fn from(stored: yikao_footage::log::StoredSegment) -> Self {
        Self {
            index: stored.index,
            length: stored.length.into(),
            digest: stored.digest,
            seal: stored.seal,
            received_at: stored.received_at,
            position: None,
        }
    }
}

impl From<segment::Segment> for Arrived {
    fn from(row: segment::Segment) -> Self {
        let length = u32::try_from(row.len).unwrap_or(u32::MAX);
        let position = row.block_id.map(|block| Position { block, offset: row.at_offset, length });
        Self {
            index: row.idx,
            length: row.len,
            digest: row.digest,
            seal: row.seal,
            received_at: row.stored_at,
            position,
        }
    }
}

/// The segments that an assembled part's files were made of. Parts assembled before these were kept beside the
/// row have them in their list alone.
async fn assembled_of(app: &App, row: &Part) -> Result<Indexes, Problem> {
    match &row.received {
        Some(text) => Ok(serde_json::from_str(text)?),
        None => Ok(assets::manifest(app, row.id).await?.iter().map(|segment| segment.index).collect()),
    }
}

/// Stores the positions of a flush in one transaction, before anyone in it is answered.
async fn place(db: &Db, node: String, flush: Arc<Flush>) -> Result<Vec<Placement>, StoreError> {
    db.write_with((node, flush), |tx, (node, flush)| {
        Box::pin(async move {
            let written_at = flush.records.first().map(|record| record.received_at).unwrap_or_default();
            block::insert(tx, &block_of(node, flush, written_at));
            let rows: Vec<_> = flush.records.iter().map(|record| row_of(record, flush.block)).collect();
            let new: std::collections::HashSet<_> =
                segment::insert(tx, &rows).await?.into_iter().map(|key| (key.part_id, key.idx)).collect();
            let mut placements = Vec::with_capacity(flush.records.len());
            for record in &flush.records {
                let is_new = new.contains(&(record.part, record.index));
                placements.push(if is_new { Placement::Stored } else { settled(tx, record).await? });
            }
            Ok(placements)
        })
    })
    .await
}

async fn settled(
    tx: &mut yikao_store::Tx,
    record: &yikao_footage::log::Placed,
) -> Result<Placement, StoreError> {
    let known = segment::get(tx, record.part, record.index).await?;
    Ok(match known {
        Some(known) if known.digest == record.digest && known.seal == record.seal => Placement::Same,
        Some(_) => Placement::Conflict,
        None => Placement::Released,
    })
}

fn block_of(node: &str, flush: &Flush, created_at: yikao_domain::time::Timestamp) -> block::Block {
    block::Block {
        id: flush.block,
        node: node.to_owned(),
        object_key: flush.key.clone(),
        bytes: flush.bytes,
        kid: String::new(),
        created_at,
        dropped_at: None,
    }
}

fn row_of(record: &yikao_footage::log::Placed, block: BlockId) -> segment::Segment {
    segment::Segment {
        part_id: record.part,
        idx: record.index,
        digest: record.digest,
        seal: record.seal,
        len: record.position.length.into(),
        block_id: Some(block),
        at_offset: record.position.offset,
        stored_at: record.received_at,
    }
}

/// Where a part's object of a kind is kept: no two objects share a name.
pub fn object_path(part: PartId, kind: &str, object: uuid::Uuid) -> String {
    format!("parts/{part}/{kind}-{object}")
}
