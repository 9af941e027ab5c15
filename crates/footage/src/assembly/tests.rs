//! Assembly of what phones really send, and of what nobody should, with the real ffmpeg.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use tempfile::TempDir;
use yikao_domain::id::PartId;
use yikao_domain::seal::{Owner, Seal};

use super::*;

const SEGMENT_BYTES: usize = 20_000;

/// A part as a phone recorded it: segments and their seals.
struct Recorded {
    chain: Chain,
    segments: Vec<Segment>,
    seals: BTreeMap<u64, Hash32>,
}

impl Recorded {
    fn of(bytes: &[u8]) -> Self {
        let part: PartId = Uuid::from_u128(3).into();
        let chain = Chain::start(Uuid::from_u128(1).into(), Owner::Take(Uuid::from_u128(2).into()), part);
        let mut recorded = Self { chain, segments: Vec::new(), seals: BTreeMap::new() };
        let mut at = chain;
        for bytes in bytes.chunks(SEGMENT_BYTES) {
            let seal = at.push(bytes);
            recorded.seals.insert(seal.index, seal.head);
            recorded.segments.push(Segment { index: seal.index, bytes: Bytes::copy_from_slice(bytes) });
        }
        recorded
    }

    fn last(&self) -> Option<Seal> {
        self.seals.last_key_value().map(|(index, head)| Seal { index: *index, head: *head })
    }

    fn without(mut self, indexes: std::ops::RangeInclusive<u64>) -> Self {
        self.segments.retain(|segment| !indexes.contains(&segment.index));
        self
    }

    async fn assemble(self) -> (Assembled, Desk) {
        let desk = Desk::new();
        let tools = desk.tools();
        (self.assemble_with(&desk, &tools).await, desk)
    }

    async fn assemble_with(self, desk: &Desk, tools: &MediaTools) -> Assembled {
        let witnessed = Witnessed { last: self.last(), seals: self.seals };
        let assembly = Assembly {
            chain: self.chain,
            witnessed,
            key: desk.key.clone(),
            original: (Uuid::from_u128(10), "original".into()),
            playable: (Uuid::from_u128(11), "playable".into()),
        };
        let segments = stream::iter(self.segments.into_iter().map(Ok));
        let assembled = assembly.run(segments, &desk.objects, tools).await.unwrap();
        assert_eq!(std::fs::read_dir(&tools.scratch).unwrap().count(), 0, "scratch space is left empty");
        assembled
    }
}

struct Desk {
    dir: TempDir,
    objects: Objects,
    key: ObjectKey,
}

impl Desk {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let objects = Objects::local(&dir.path().join("objects")).unwrap();
        Self { objects, dir, key: ObjectKey { kid: 1, key: [3; 32] } }
    }

    fn tools(&self) -> MediaTools {
        MediaTools::new(self.dir.path().join("scratch"))
    }

    async fn bytes(&self, object: &StoredObject) -> Bytes {
        let reader = self.objects.open(object, &self.key).await.unwrap();
        reader.read_range(0..reader.bytes()).await.unwrap()
    }
}

/// Four seconds of picture and tone, as ffmpeg encodes them with these arguments.
fn footage(format: &str, codecs: &[&str]) -> Vec<u8> {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("footage");
    let mut ffmpeg = Command::new("/usr/bin/ffmpeg");
    ffmpeg.args(["-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=15:duration=4"]);
    ffmpeg.args(["-f", "lavfi", "-i", "sine=frequency=440:duration=4", "-g", "15"]);
    let made = ffmpeg.args(codecs).args(["-f", format]).arg(&file).status().unwrap();
    assert!(made.success());
    std::fs::read(file).unwrap()
}

fn webm_vp9() -> Vec<u8> {
    let codecs = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "600k"];
    footage("webm", &[&codecs[..], &["-c:a", "libopus", "-cluster_time_limit", "500"]].concat())
}

fn webm_vp8() -> Vec<u8> {
    footage("webm", &["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "600k", "-c:a", "libopus"])
}

fn fragmented_mp4() -> Vec<u8> {
    let codecs = ["-c:v", "libx264", "-b:v", "600k", "-c:a", "aac", "-pix_fmt", "yuv420p"];
    let movflags = ["-movflags", "empty_moov+default_base_moof+frag_keyframe"];
    footage("mp4", &[&codecs[..], &movflags].concat())
}

fn playable(assembled: &Assembled) -> &Playable {
    match &assembled.media {
        Media::Playable(playable) => playable,
        Media::Unplayable { reason, detail } => panic!("{reason:?}: {detail}"),
    }
}

fn reason(assembled: &Assembled) -> Unplayable {
    match &assembled.media {
        Media::Playable(_) => panic!("it plays"),
        Media::Unplayable { reason, .. } => *reason,
    }
}

fn codecs(assembled: &Assembled) -> Vec<&str> {
    playable(assembled).probe.tracks.iter().map(|track| track.codec.as_str()).collect()
}

/// Whether a player may begin before it has the whole file.
fn begins_at_once(mp4: &[u8]) -> bool {
    let place = |kind: &[u8]| mp4.windows(4).position(|window| window == kind);
    place(b"moov") < place(b"mdat")
}

#[tokio::test]
async fn vp9_and_opus_are_copied_into_an_mp4_that_begins_at_once() {
    let bytes = webm_vp9();
    let (assembled, desk) = Recorded::of(&bytes).assemble().await;
    assert_eq!(assembled.chain.verdict, Verdict::Whole);
    assert_eq!(desk.bytes(assembled.original.as_ref().unwrap()).await, bytes);
    assert_eq!(codecs(&assembled), ["vp9", "opus"]);
    let playable = playable(&assembled);
    assert!(!playable.no_audio && !playable.transcoded);
    assert!((3_900..4_200).contains(&playable.duration_ms), "{}", playable.duration_ms);
    assert!(begins_at_once(&desk.bytes(&playable.object).await));
}

#[tokio::test]
async fn fragmented_mp4_is_copied() {
    let (assembled, desk) = Recorded::of(&fragmented_mp4()).assemble().await;
    assert_eq!(codecs(&assembled), ["h264", "aac"]);
    assert!(!playable(&assembled).transcoded);
    assert!(begins_at_once(&desk.bytes(&playable(&assembled).object).await));
}

#[tokio::test]
async fn vp8_is_encoded_anew_and_its_sound_kept() {
    let (assembled, _desk) = Recorded::of(&webm_vp8()).assemble().await;
    assert_eq!(codecs(&assembled), ["h264", "opus"]);
    assert!(playable(&assembled).transcoded);
}

#[tokio::test]
async fn footage_without_sound_is_delivered_and_flagged() {
    let silent = footage("webm", &["-an", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]);
    let (assembled, _desk) = Recorded::of(&silent).assemble().await;
    assert!(playable(&assembled).no_audio);
}

#[tokio::test]
async fn sound_without_a_picture_is_kept_but_not_played() {
    let (assembled, _desk) = Recorded::of(&footage("webm", &["-vn", "-c:a", "libopus"])).assemble().await;
    assert_eq!(reason(&assembled), Unplayable::NoPicture);
    assert!(assembled.original.is_some());
}

#[tokio::test]
async fn a_gap_in_webm_costs_its_seconds_and_is_recorded() {
    let recorded = Recorded::of(&webm_vp9());
    let middle = recorded.segments.len() as u64 / 2;
    let (assembled, _desk) = recorded.without(middle..=middle).assemble().await;
    assert_eq!(assembled.chain.verdict, Verdict::Gapped);
    assert_eq!(assembled.chain.gaps, [Gap { from_index: middle, to_index: middle }]);
    assert!(playable(&assembled).duration_ms > 3_000, "{}", playable(&assembled).duration_ms);
}

#[tokio::test]
async fn a_gap_in_fragmented_mp4_costs_its_fragments_and_is_recorded() {
    let recorded = Recorded::of(&fragmented_mp4());
    let middle = recorded.segments.len() as u64 / 2;
    let (assembled, _desk) = recorded.without(middle..=middle).assemble().await;
    assert_eq!(assembled.chain.gaps, [Gap { from_index: middle, to_index: middle }]);
    assert!(playable(&assembled).duration_ms > 3_000, "{}", playable(&assembled).duration_ms);
}

#[tokio::test]
async fn footage_that_ends_early_plays_to_its_end_and_says_what_is_missing() {
    let recorded = Recorded::of(&webm_vp9());
    let last = recorded.segments.len() as u64;
    let (assembled, _desk) = recorded.without(last / 2..=last).assemble().await;
    assert_eq!(assembled.chain.gaps, [Gap { from_index: last / 2, to_index: last }]);
    assert!(playable(&assembled).duration_ms > 500);
}

#[tokio::test]
async fn without_its_beginning_nothing_plays_but_all_is_kept() {
    let (assembled, _desk) = Recorded::of(&webm_vp9()).without(1..=1).assemble().await;
    assert_eq!(reason(&assembled), Unplayable::NoBeginning);
    assert!(assembled.original.is_some());
}

#[tokio::test]
async fn a_segment_that_differs_from_its_seal_is_named() {
    let mut recorded = Recorded::of(&webm_vp9());
    let mut bytes = recorded.segments[4].bytes.to_vec();
    bytes[SEGMENT_BYTES / 2] ^= 1;
    recorded.segments[4].bytes = bytes.into();
    let (assembled, _desk) = recorded.assemble().await;
    let damaged = Verdict::Damaged { first_bad_index: 5, why: Why::SealDiffers };
    assert_eq!((assembled.chain.verdict, assembled.chain.sound_through), (damaged, 4));
    assert!(assembled.original.is_some());
}

#[tokio::test]
async fn another_end_than_was_announced_is_named() {
    let mut recorded = Recorded::of(&webm_vp9());
    let last = recorded.segments.len() as u64;
    recorded.seals.insert(last, Hash32([0; 32]));
    let (assembled, _desk) = recorded.assemble().await;
    let damaged = Verdict::Damaged { first_bad_index: last, why: Why::SealDiffers };
    assert_eq!(assembled.chain.verdict, damaged);
}

#[tokio::test]
async fn nothing_at_all_is_empty() {
    let (assembled, _desk) = Recorded::of(b"").assemble().await;
    assert_eq!(reason(&assembled), Unplayable::Empty);
    assert_eq!(assembled.original, None);
}

#[tokio::test]
async fn what_is_no_video_is_kept_and_never_given_to_ffmpeg() {
    let playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n";
    let (assembled, desk) = Recorded::of(playlist).assemble().await;
    assert_eq!(reason(&assembled), Unplayable::NotVideo);
    assert_eq!(desk.bytes(&assembled.original.unwrap()).await, playlist[..]);
}

#[tokio::test]
async fn noise_behind_a_videos_first_bytes_is_unreadable() {
    let noise: Vec<u8> = (0..200_000_u32).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let webm = [&[0x1A, 0x45, 0xDF, 0xA3][..], &noise].concat();
    assert_eq!(reason(&Recorded::of(&webm).assemble().await.0), Unplayable::Unreadable);
    let mp4 = [&b"\0\0\0\x18ftypisom"[..], &noise].concat();
    assert_eq!(reason(&Recorded::of(&mp4).assemble().await.0), Unplayable::Unreadable);
}

#[tokio::test]
async fn a_tool_that_takes_too_long_is_stopped() {
    let desk = Desk::new();
    let limits = Limits { wall: Duration::from_millis(20), ..Limits::default() };
    let tools = MediaTools { limits, ..desk.tools() };
    let assembled = Recorded::of(&webm_vp8()).assemble_with(&desk, &tools).await;
    assert_eq!(reason(&assembled), Unplayable::TooCostly);
}

#[tokio::test]
async fn a_tool_that_writes_too_much_is_stopped() {
    let desk = Desk::new();
    let limits = Limits { file_bytes: 50 << 10, ..Limits::default() };
    let tools = MediaTools { limits, ..desk.tools() };
    let assembled = Recorded::of(&webm_vp9()).assemble_with(&desk, &tools).await;
    assert_eq!(reason(&assembled), Unplayable::TooCostly);
}

#[tokio::test]
async fn a_segment_that_rotted_in_the_log_is_named_and_the_rest_assembled() {
    use crate::keys::NodeKeys;
    use crate::log::{LocalLog, LocalLogConfig, Record, SegmentLog};

    let (desk, recorded) = (Desk::new(), Recorded::of(&webm_vp9()));
    let part: PartId = Uuid::from_u128(3).into();
    let config = LocalLogConfig { reserve_bytes: 0, ..LocalLogConfig::new(desk.dir.path().join("log")) };
    let log = LocalLog::open(&config, &NodeKeys::new(vec![(1, [7; 32])]).unwrap()).unwrap();
    for Segment { index, bytes } in &recorded.segments {
        let mut body = log.buffer();
        body.extend(bytes).unwrap();
        let (digest, seal) = (Hash32::of(bytes), recorded.seals[index]);
        let received_at = yikao_domain::Timestamp(0);
        log.append(Record { part, index: *index, digest, seal, received_at, body }).await.unwrap();
    }
    let block = config.dir.join("0000000001.block");
    let mut stored = std::fs::read(&block).unwrap();
    // The sixth record begins on its own page: five pages of 4 KiB for 20 kB, the block's header before them.
    stored[4096 + 5 * 20_480 + 500] ^= 1;
    std::fs::write(&block, stored).unwrap();
    let segments = log.segments(part).iter().map(|segment| (segment.index, None)).collect();
    let assembly = Assembly {
        chain: recorded.chain,
        witnessed: Witnessed { seals: recorded.seals.clone(), last: recorded.last() },
        key: desk.key.clone(),
        original: (Uuid::from_u128(10), "original".into()),
        playable: (Uuid::from_u128(11), "playable".into()),
    };
    let segments = SegmentLog::Local(log).stream(part, segments);
    let assembled = assembly.run(segments, &desk.objects, &desk.tools()).await.unwrap();
    let lost = Verdict::Damaged { first_bad_index: 6, why: Why::LostInStorage };
    assert_eq!(assembled.chain.verdict, lost);
    assert!(matches!(assembled.media, Media::Playable(_)));
}

#[tokio::test]
async fn without_ffmpeg_the_assembly_is_to_be_tried_again() {
    let desk = Desk::new();
    let tools = MediaTools { ffprobe: "/nowhere/ffprobe".into(), ..desk.tools() };
    let recorded = Recorded::of(&webm_vp9());
    let assembly = Assembly {
        chain: recorded.chain,
        witnessed: Witnessed::default(),
        key: desk.key.clone(),
        original: (Uuid::from_u128(10), "original".into()),
        playable: (Uuid::from_u128(11), "playable".into()),
    };
    let segments = stream::iter(recorded.segments.into_iter().map(Ok));
    let failed = assembly.run(segments, &desk.objects, &tools).await;
    assert!(matches!(failed, Err(AssemblyError::Tool { .. })));
}
