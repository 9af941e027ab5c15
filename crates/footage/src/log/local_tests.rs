use std::os::unix::fs::FileExt;

use tempfile::TempDir;

use super::super::volatile::{Faults, Volatile};
use super::*;

/// A log in a folder of its own that can be stopped and opened again.
struct Node {
    dir: TempDir,
    disk: Arc<Volatile>,
    rotate_bytes: u64,
}

impl Node {
    fn new() -> Self {
        Self::with(Faults::default())
    }

    fn with(faults: Faults) -> Self {
        Self { dir: TempDir::new().unwrap(), disk: Volatile::new(faults), rotate_bytes: 1 << 20 }
    }

    fn open(&self) -> LocalLog {
        self.open_on(Disk::Volatile(Arc::clone(&self.disk)))
    }

    fn open_on(&self, disk: Disk) -> LocalLog {
        let config = LocalLogConfig {
            disk,
            rotate_bytes: self.rotate_bytes,
            reserve_bytes: 0,
            ..LocalLogConfig::new(self.dir.path())
        };
        LocalLog::open(&config, &keys()).unwrap()
    }

    /// Cuts the power, and gives it back.
    fn power_cut(&mut self, log: LocalLog) {
        self.disk.cut_power();
        drop(log);
        self.disk = Volatile::new(Faults::default());
    }

    fn files(&self, extension: &str) -> Vec<PathBuf> {
        let files = fs::read_dir(self.dir.path()).unwrap().map(|file| file.unwrap().path());
        let mut files: Vec<_> =
            files.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
        files.sort();
        files
    }
}

fn keys() -> NodeKeys {
    NodeKeys::new(vec![(1, [7; 32])]).unwrap()
}

fn part(number: u128) -> PartId {
    Uuid::from_u128(number).into()
}

fn record(log: &LocalLog, part: PartId, index: u64, bytes: &[u8]) -> Record {
    let mut body = log.buffer();
    body.extend(bytes).unwrap();
    let digest = Hash32::of(bytes);
    Record { part, index, digest, seal: digest, received_at: Timestamp(1_000), body }
}

async fn put(log: &LocalLog, part: PartId, index: u64, bytes: &[u8]) -> Result<Outcome, AppendError> {
    log.append(record(log, part, index, bytes)).await
}

async fn stored(log: &LocalLog, part: PartId, index: u64, bytes: &[u8]) {
    assert!(matches!(put(log, part, index, bytes).await, Ok(Outcome::Stored(_))));
}

#[tokio::test]
async fn a_segment_is_read_as_it_was_sent_and_described_as_it_arrived() {
    let node = Node::new();
    let log = node.open_on(Disk::Real);
    stored(&log, part(1), 1, b"one").await;
    stored(&log, part(1), 3, &vec![3; super::super::MAX_SEGMENT_BYTES]).await;
    assert_eq!(log.read(part(1), 1).await.unwrap(), b"one"[..]);
    assert_eq!(log.read(part(1), 3).await.unwrap().len(), super::super::MAX_SEGMENT_BYTES);
    assert_eq!(log.received(part(1)).intervals(), &[(1, 1), (3, 3)]);
    assert_eq!(log.received(part(1)).missing(4), vec![(2, 2), (4, 4)]);
    assert_eq!(log.segments(part(1))[0].received_at, Timestamp(1_000));
    assert!(matches!(log.read(part(1), 2).await, Err(ReadError::Absent { index: 2, .. })));
}

#[tokio::test]
async fn bodies_lie_encrypted_on_the_disk() {
    let node = Node::new();
    let log = node.open_on(Disk::Real);
    stored(&log, part(1), 1, &b"nobody but the node reads this".repeat(100)).await;
    let block = fs::read(&node.files("block")[0]).unwrap();
    assert!(!block.windows(6).any(|window| window == b"nobody"));
}

#[tokio::test]
async fn the_same_again_is_the_same_and_other_content_or_another_seal_a_conflict() {
    let node = Node::new();
    let log = node.open();
    stored(&log, part(1), 1, b"one").await;
    assert_eq!(put(&log, part(1), 1, b"one").await.unwrap(), Outcome::Same);
    assert_eq!(put(&log, part(1), 1, b"two").await.unwrap(), Outcome::Conflict);
    let resealed = Record { seal: Hash32([9; 32]), ..record(&log, part(1), 1, b"one") };
    assert_eq!(log.append(resealed).await.unwrap(), Outcome::Conflict);
    assert_eq!(log.check(part(1), 1, &Hash32::of(b"one"), &Hash32::of(b"one")), Check::Same);
    assert_eq!(log.check(part(1), 2, &Hash32::of(b"one"), &Hash32::of(b"one")), Check::Absent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_ten_contents_sent_at_once_for_one_index_one_wins_and_its_repeats_are_the_same() {
    let node = Node::new();
    let log = node.open();
    for index in 1..=100 {
        let tries = (0..10_u8).map(|who| {
            let log = log.clone();
            tokio::spawn(async move { put(&log, part(1), index, &[who / 2; 100]).await.unwrap() })
        });
        let outcomes: Vec<Outcome> =
            futures_util::future::join_all(tries).await.into_iter().map(Result::unwrap).collect();
        let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| wanted(outcome)).count();
        assert_eq!(count(|outcome| matches!(outcome, Outcome::Stored(_))), 1);
        assert_eq!(count(|outcome| *outcome == Outcome::Same), 1);
        assert_eq!(count(|outcome| *outcome == Outcome::Conflict), 8);
        let winner = outcomes.iter().position(|outcome| matches!(outcome, Outcome::Stored(_))).unwrap();
        assert_eq!(log.read(part(1), index).await.unwrap(), vec![u8::try_from(winner / 2).unwrap(); 100]);
    }
}

#[tokio::test]
async fn a_repeat_waits_until_the_first_is_durable() {
    let node = Node::new();
    let log = node.open();
    node.disk.hold_syncs(true);
    let first = tokio::spawn({
        let log = log.clone();
        async move { put(&log, part(1), 1, b"one").await }
    });
    let repeat = tokio::spawn({
        let log = log.clone();
        async move { put(&log, part(1), 1, b"one").await }
    });
    tokio::task::yield_now().await;
    assert_eq!(log.check(part(1), 1, &Hash32::of(b"one"), &Hash32::of(b"one")), Check::Absent);
    assert!(!first.is_finished() && !repeat.is_finished());
    node.disk.hold_syncs(false);
    assert!(matches!(first.await.unwrap(), Ok(Outcome::Stored(_))));
    assert_eq!(repeat.await.unwrap().unwrap(), Outcome::Same);
}

#[tokio::test]
async fn while_the_disk_hangs_only_so_much_waits_and_the_rest_is_told_to_come_again() {
    let node = Node::new();
    let config = LocalLogConfig {
        disk: Disk::Volatile(Arc::clone(&node.disk)),
        reserve_bytes: 0,
        waiting_bytes: 2_500,
        ..LocalLogConfig::new(node.dir.path())
    };
    let log = LocalLog::open(&config, &keys()).unwrap();
    node.disk.hold_syncs(true);
    let send = |index, many: usize| {
        let log = log.clone();
        tokio::spawn(async move { put(&log, part(1), index, &vec![1; many]).await })
    };
    let waiting = [send(1, 1_000), send(2, 1_000)];
    tokio::task::yield_now().await;
    // Whoever sends the same again while the first hangs holds as many bytes.
    assert!(matches!(put(&log, part(1), 1, &[1; 1_000]).await, Err(AppendError::Busy)));
    assert!(matches!(put(&log, part(2), 1, &[1; 1_000]).await, Err(AppendError::Busy)));
    let small = send(3, 400);
    tokio::task::yield_now().await;
    node.disk.hold_syncs(false);
    for segment in waiting.into_iter().chain([small]) {
        assert!(matches!(segment.await.unwrap(), Ok(Outcome::Stored(_))));
    }
    stored(&log, part(2), 1, &[1; 2_000]).await;
    log.release(part(1)).await.unwrap();
}

#[tokio::test]
async fn when_the_first_cannot_be_stored_one_who_waited_may() {
    let node = Node::new();
    let log = node.open();
    stored(&log, part(1), 1, b"one").await;
    node.disk.hold_syncs(true);
    node.disk.fail_next_sync();
    let send = |bytes: &'static [u8]| {
        let log = log.clone();
        tokio::spawn(async move { put(&log, part(1), 2, bytes).await })
    };
    let first = send(b"first");
    tokio::task::yield_now().await;
    let second = send(b"second");
    tokio::task::yield_now().await;
    node.disk.hold_syncs(false);
    assert!(matches!(first.await.unwrap(), Err(AppendError::Storage(_))));
    assert!(matches!(second.await.unwrap(), Ok(Outcome::Stored(_))));
    assert_eq!(log.read(part(1), 2).await.unwrap(), b"second"[..]);
}

#[tokio::test]
async fn a_restart_knows_everything_again_with_and_without_sidecars() {
    let node = Node { rotate_bytes: 64 << 10, ..Node::new() };
    let log = node.open_on(Disk::Real);
    for index in 1..=50 {
        stored(&log, part(index.into()), index, &vec![1; 10_000]).await;
    }
    drop(log);
    assert!(node.files("block").len() > 3);
    fs::remove_file(&node.files("index")[0]).unwrap();
    fs::write(&node.files("index")[0], b"torn").unwrap();
    let log = node.open_on(Disk::Real);
    for index in 1..=50 {
        assert_eq!(log.read(part(index.into()), index).await.unwrap(), vec![1; 10_000]);
    }
    assert_eq!(node.files("index").len(), node.files("block").len());
}

#[tokio::test]
async fn a_second_process_cannot_open_the_log() {
    let node = Node::new();
    let _log = node.open_on(Disk::Real);
    let again = LocalLog::open(&LocalLogConfig::new(node.dir.path()), &keys());
    assert!(matches!(again, Err(OpenError::InUse(_))));
}

#[tokio::test]
async fn a_log_does_not_open_without_the_key_it_was_written_under() {
    let node = Node::new();
    let log = node.open_on(Disk::Real);
    stored(&log, part(1), 1, b"one").await;
    drop(log);
    let others = NodeKeys::new(vec![(2, [8; 32])]).unwrap();
    let opened = LocalLog::open(&LocalLogConfig::new(node.dir.path()), &others);
    assert!(matches!(opened, Err(OpenError::Key(KeyError::Unknown(1)))));
}

#[tokio::test]
async fn a_new_key_closes_new_blocks_and_the_old_one_still_opens_the_old() {
    let node = Node::new();
    let log = node.open_on(Disk::Real);
    stored(&log, part(1), 1, b"old").await;
    drop(log);
    let both = NodeKeys::new(vec![(1, [7; 32]), (2, [8; 32])]).unwrap();
    let config = LocalLogConfig { reserve_bytes: 0, ..LocalLogConfig::new(node.dir.path()) };
    let log = LocalLog::open(&config, &both).unwrap();
    stored(&log, part(1), 2, b"new").await;
    assert_eq!(log.read(part(1), 1).await.unwrap(), b"old"[..]);
    assert_eq!(log.read(part(1), 2).await.unwrap(), b"new"[..]);
}

#[tokio::test]
async fn a_tail_torn_at_any_byte_costs_the_torn_record_and_nothing_else() {
    let node = Node::new();
    let log = node.open_on(Disk::Real);
    stored(&log, part(1), 1, &[1; 200]).await;
    stored(&log, part(1), 2, &[2; 200]).await;
    drop(log);
    let block = node.files("block").remove(0);
    let whole = fs::read(&block).unwrap();
    let last = whole.len() - PAGE_BYTES;
    let written = last + 128 + 200 + 16;
    for end in (last..=written).chain([whole.len() - 1]) {
        let torn = Node::new();
        fs::write(torn.dir.path().join(block.file_name().unwrap()), &whole[..end]).unwrap();
        let log = torn.open_on(Disk::Real);
        assert_eq!(log.read(part(1), 1).await.unwrap(), vec![1; 200]);
        assert_eq!(log.received(part(1)).contains(2), end >= written, "cut at {end}");
        stored(&log, part(1), 3, b"three").await;
    }
}

#[tokio::test]
async fn a_last_record_whose_body_never_reached_the_disk_does_not_count() {
    let node = Node::new();
    let log = node.open_on(Disk::Real);
    stored(&log, part(1), 1, &[1; 200]).await;
    stored(&log, part(1), 2, &[2; 200]).await;
    drop(log);
    let block = node.files("block").remove(0);
    fs::remove_file(node.files("index").remove(0)).unwrap();
    let file = File::options().write(true).open(&block).unwrap();
    file.write_all_at(&[0; 200], file.metadata().unwrap().len() - PAGE_BYTES as u64 + 128).unwrap();
    let log = node.open_on(Disk::Real);
    assert_eq!(log.received(part(1)).intervals(), &[(1, 1)]);
    stored(&log, part(1), 2, &[2; 200]).await;
}

#[tokio::test]
async fn damage_in_the_middle_of_a_block_costs_what_was_damaged_and_is_seen() {
    let node = Node::new();
    let log = node.open_on(Disk::Real);
    for index in 1..=4 {
        stored(&log, part(1), index, &[1; 200]).await;
    }
    drop(log);
    let block = node.files("block").remove(0);
    fs::remove_file(node.files("index").remove(0)).unwrap();
    let file = File::options().write(true).open(&block).unwrap();
    let page = PAGE_BYTES as u64;
    file.write_all_at(b"?", page + 40).unwrap();
    file.write_all_at(b"?", 2 * page + 200).unwrap();
    let log = node.open_on(Disk::Real);
    assert_eq!(log.received(part(1)).intervals(), &[(2, 4)]);
    assert!(matches!(log.read(part(1), 2).await, Err(ReadError::Damaged { index: 2, .. })));
    assert_eq!(log.read(part(1), 3).await.unwrap(), vec![1; 200]);
}

#[tokio::test]
async fn a_full_disk_refuses_and_the_log_goes_on_when_there_is_space() {
    let node = Node::with(Faults { capacity_bytes: Some(100_000), ..Faults::default() });
    let log = node.open();
    stored(&log, part(1), 1, &vec![1; 60_000]).await;
    assert!(matches!(put(&log, part(1), 2, &vec![2; 60_000]).await, Err(AppendError::Full)));
    stored(&log, part(1), 3, &vec![3; 1_000]).await;
    node.disk.plant(Faults::default());
    stored(&log, part(1), 2, &vec![2; 60_000]).await;
    drop(log);
    let log = node.open_on(Disk::Real);
    assert_eq!(log.received(part(1)).intervals(), &[(1, 3)]);
    assert_eq!(log.read(part(1), 2).await.unwrap(), vec![2; 60_000]);
}

#[tokio::test]
async fn a_disk_too_full_for_a_new_block_refuses_until_there_is_space() {
    let node = Node::with(Faults { capacity_bytes: Some(100), ..Faults::default() });
    let log = node.open();
    assert!(matches!(put(&log, part(1), 1, b"one").await, Err(AppendError::Full)));
    node.disk.plant(Faults::default());
    stored(&log, part(1), 1, b"one").await;
}

#[tokio::test]
async fn space_is_left_for_the_database() {
    let node = Node::new();
    let config = LocalLogConfig { reserve_bytes: u64::MAX / 2, ..LocalLogConfig::new(node.dir.path()) };
    let log = LocalLog::open(&config, &keys()).unwrap();
    assert!(matches!(put(&log, part(1), 1, b"one").await, Err(AppendError::Full)));
}

#[tokio::test]
async fn after_a_failed_sync_nothing_of_it_counts_and_what_was_durable_stays() {
    let node = Node::new();
    let log = node.open();
    stored(&log, part(1), 1, b"one").await;
    node.disk.fail_next_sync();
    assert!(matches!(put(&log, part(1), 2, b"two").await, Err(AppendError::Storage(_))));
    stored(&log, part(1), 2, b"other").await;
    assert_eq!(log.read(part(1), 1).await.unwrap(), b"one"[..]);
    assert_eq!(log.read(part(1), 2).await.unwrap(), b"other"[..]);
}

#[tokio::test]
async fn a_power_cut_takes_nothing_that_was_acknowledged() {
    let mut node = Node::new();
    let log = node.open();
    for index in 1..=20 {
        stored(&log, part(1), index, &vec![5; 50_000]).await;
    }
    node.power_cut(log);
    let log = node.open();
    assert_eq!(log.received(part(1)).intervals(), &[(1, 20)]);
    assert_eq!(log.read(part(1), 20).await.unwrap(), vec![5; 50_000]);
}

#[tokio::test]
async fn a_disk_that_skips_syncs_is_found_out_by_a_power_cut() {
    let mut node = Node::with(Faults { skip_sync: true, ..Faults::default() });
    let log = node.open();
    stored(&log, part(1), 1, b"one").await;
    node.power_cut(log);
    assert!(node.open().received(part(1)).is_empty());
}

#[tokio::test]
async fn a_log_that_answers_early_is_found_out_by_a_power_cut() {
    let mut node = Node::with(Faults { ack_early: true, ..Faults::default() });
    let log = node.open();
    node.disk.hold_syncs(true);
    stored(&log, part(1), 1, b"one").await;
    node.power_cut(log);
    assert!(node.open().received(part(1)).is_empty());
}

#[tokio::test]
async fn a_released_part_takes_nothing_more_also_after_a_restart() {
    let mut node = Node::new();
    let log = node.open();
    stored(&log, part(1), 1, b"one").await;
    stored(&log, part(2), 1, b"one").await;
    log.release(part(1)).await.unwrap();
    log.release(part(1)).await.unwrap();
    assert_eq!(put(&log, part(1), 2, b"two").await.unwrap(), Outcome::Released);
    node.power_cut(log);
    let log = node.open();
    assert_eq!(put(&log, part(1), 2, b"two").await.unwrap(), Outcome::Released);
    assert_eq!(log.live_parts(), vec![part(2)]);
}

#[tokio::test]
async fn a_block_goes_when_nothing_in_it_is_needed_and_not_before() {
    let node = Node { rotate_bytes: 16 << 10, ..Node::new() };
    let log = node.open_on(Disk::Real);
    stored(&log, part(1), 1, &vec![1; 20_000]).await;
    stored(&log, part(2), 1, &vec![2; 20_000]).await;
    stored(&log, part(1), 2, &vec![1; 20_000]).await;
    assert_eq!(node.files("block").len(), 3);
    log.release(part(1)).await.unwrap();
    let left: Vec<PathBuf> = node.files("block");
    assert_eq!(left.len(), 2, "the block of part 2, and the one that says that part 1 is released");
    assert_eq!(log.read(part(2), 1).await.unwrap(), vec![2; 20_000]);
    drop(log);
    let log = node.open_on(Disk::Real);
    assert_eq!(log.live_parts(), vec![part(2)]);
    log.release(part(2)).await.unwrap();
    drop(log);
    drop(node.open_on(Disk::Real));
    assert_eq!(node.files("block"), Vec::<PathBuf>::new());
    assert_eq!(node.files("index"), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_block_without_a_whole_header_is_no_obstacle() {
    let node = Node::new();
    fs::write(node.dir.path().join("0000000001.block"), b"YKBL").unwrap();
    fs::write(node.dir.path().join("0000000002.block"), vec![0; 3 * PAGE_BYTES]).unwrap();
    let log = node.open_on(Disk::Real);
    stored(&log, part(1), 1, b"one").await;
    assert_eq!(node.files("block").len(), 1);
    assert_eq!(node.files("damaged").len(), 1);
}
