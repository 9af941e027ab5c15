//! The shared log against a real S3 server (`s3s-fs`) and, where S3 itself is not the point, in memory.

use object_store::memory::InMemory;

use super::*;
use crate::test_s3::S3;

/// A database of positions that two nodes share.
#[derive(Default)]
struct Database {
    positions: Mutex<HashMap<(PartId, u64), Placed>>,
    flushes: Mutex<Vec<usize>>,
    fails: std::sync::atomic::AtomicBool,
}

impl Database {
    fn place(&self, record: &Placed) -> Placement {
        let mut positions = self.positions.lock().unwrap();
        match positions.get(&(record.part, record.index)) {
            Some(known) if (known.digest, known.seal) == (record.digest, record.seal) => Placement::Same,
            Some(_) => Placement::Conflict,
            None => {
                positions.insert((record.part, record.index), record.clone());
                Placement::Stored
            }
        }
    }

    fn position(&self, part: PartId, index: u64) -> Position {
        self.positions.lock().unwrap()[&(part, index)].position
    }
}

fn on_flush(database: &Arc<Database>) -> OnFlush {
    let database = Arc::clone(database);
    Arc::new(move |flush| {
        let database = Arc::clone(&database);
        Box::pin(async move {
            if database.fails.load(std::sync::atomic::Ordering::SeqCst) {
                return Err("the database is away".into());
            }
            database.flushes.lock().unwrap().push(flush.records.len());
            Ok(flush.records.iter().map(|record| database.place(record)).collect())
        })
    })
}

fn node(store: &Arc<dyn ObjectStore>, database: &Arc<Database>) -> SharedLog {
    node_that_waits(store, database, Duration::from_millis(50))
}

fn node_that_waits(
    store: &Arc<dyn ObjectStore>,
    database: &Arc<Database>,
    flush_after: Duration,
) -> SharedLog {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let ids = || uuid::Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into()).into();
    let config = SharedLogConfig { flush_after, ..SharedLogConfig::new(Arc::new(ids)) };
    let keys = NodeKeys::new(vec![(1, [7; 32])]).unwrap();
    SharedLog::start(Arc::clone(store), keys, config, on_flush(database)).unwrap()
}

fn part(number: u128) -> PartId {
    uuid::Uuid::from_u128(number).into()
}

async fn put(log: &SharedLog, part: PartId, index: u64, bytes: &[u8]) -> Result<Outcome, AppendError> {
    let mut body = log.buffer();
    body.extend(bytes).unwrap();
    let digest = Hash32::of(bytes);
    log.append(Record { part, index, digest, seal: digest, received_at: Timestamp(1), body }).await
}

fn in_memory() -> Arc<dyn ObjectStore> {
    Arc::new(InMemory::new())
}

#[tokio::test]
async fn segments_of_many_phones_share_an_object_on_s3_and_any_node_reads_them() {
    let s3 = S3::start().await;
    let database = Arc::default();
    let (one, two) = (node(&s3.store, &database), node(&s3.store, &database));
    let puts = (1..=20).map(|phone| {
        let log = one.clone();
        async move { put(&log, part(phone), 1, &vec![1; 150_000]).await.unwrap() }
    });
    let outcomes = futures_util::future::join_all(puts).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Stored(_))));
    assert_eq!(*database.flushes.lock().unwrap(), vec![20]);
    let read = two.read(part(20), 1, database.position(part(20), 1)).await.unwrap();
    assert_eq!(read, vec![1; 150_000]);
    assert_eq!(two.blocks().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_on_another_node_is_the_same_and_other_content_a_conflict() {
    let (store, database) = (in_memory(), Arc::default());
    let (one, two) = (node(&store, &database), node(&store, &database));
    assert!(matches!(put(&one, part(1), 1, b"one").await, Ok(Outcome::Stored(_))));
    let (same, other) = tokio::join!(put(&two, part(1), 1, b"one"), put(&two, part(1), 1, b"two"));
    assert_eq!((same.unwrap(), other.unwrap()), (Outcome::Same, Outcome::Conflict));
}

#[tokio::test]
async fn a_segment_alone_does_not_wait_for_others_for_ever() {
    let (store, database) = (in_memory(), Arc::default());
    let log = node_that_waits(&store, &database, Duration::from_millis(5));
    put(&log, part(1), 1, b"alone").await.unwrap();
    assert_eq!(*database.flushes.lock().unwrap(), vec![1]);
}

#[tokio::test]
async fn a_full_flush_waits_for_nobody() {
    let (store, database) = (in_memory(), Arc::default());
    let log = node_that_waits(&store, &database, Duration::from_hours(1));
    // 42 segments of 200 kB are the first 8 MiB.
    let bytes = vec![0; 200_000];
    let many = (1..=42).map(|index| put(&log, part(2), index, &bytes));
    futures_util::future::join_all(many).await;
    assert_eq!(*database.flushes.lock().unwrap(), vec![42]);
}

#[tokio::test]
async fn while_storage_hangs_only_so_much_waits_and_then_it_goes_on() {
    let (store, database) = (in_memory(), Arc::default());
    let ids = || uuid::Uuid::from_u128(7).into();
    let config = SharedLogConfig {
        flush_after: Duration::from_millis(5),
        waiting_bytes: 1_000,
        ..SharedLogConfig::new(Arc::new(ids))
    };
    let (hang, answered) = (Arc::new(Semaphore::new(0)), on_flush(&database));
    let held = Arc::clone(&hang);
    let hanging: OnFlush = Arc::new(move |flush| {
        let (held, answered) = (Arc::clone(&held), Arc::clone(&answered));
        Box::pin(async move {
            let _turn = held.acquire().await;
            answered(flush).await
        })
    });
    let log = SharedLog::start(store, NodeKeys::new(vec![(1, [7; 32])]).unwrap(), config, hanging).unwrap();
    let first = tokio::spawn({
        let log = log.clone();
        async move { put(&log, part(1), 1, &[1; 800]).await }
    });
    tokio::task::yield_now().await;
    assert!(matches!(put(&log, part(2), 1, &[1; 300]).await, Err(AppendError::Busy)));
    hang.add_permits(1);
    assert!(matches!(first.await.unwrap(), Ok(Outcome::Stored(_))));
    assert!(matches!(put(&log, part(2), 1, &[1; 300]).await, Ok(Outcome::Stored(_))));
}

#[tokio::test]
async fn nobody_is_answered_well_when_the_positions_were_not_stored() {
    let (store, database) = (in_memory(), Arc::<Database>::default());
    let log = node(&store, &database);
    database.fails.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(matches!(put(&log, part(1), 1, b"one").await, Err(AppendError::Storage(_))));
    database.fails.store(false, std::sync::atomic::Ordering::SeqCst);
    assert!(matches!(put(&log, part(1), 1, b"one").await, Ok(Outcome::Stored(_))));
}

#[tokio::test]
async fn a_position_gives_its_own_segment_or_nothing() {
    let (store, database) = (in_memory(), Arc::default());
    let log = node(&store, &database);
    let _ = tokio::join!(put(&log, part(1), 1, b"one"), put(&log, part(1), 2, b"two"));
    let position = database.position(part(1), 1);
    assert!(matches!(log.read(part(1), 2, position).await, Err(ReadError::Damaged { .. })));
    log.delete_block(position.block).await.unwrap();
    log.delete_block(position.block).await.unwrap();
    assert!(matches!(log.read(part(1), 1, position).await, Err(ReadError::Absent { .. })));
}
