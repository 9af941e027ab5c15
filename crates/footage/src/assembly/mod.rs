//! From a part's segments to footage that can be watched: the chain is checked, the original bytes are kept
//! as evidence, and ffmpeg makes an MP4 of them that begins to play at once. What cannot be played is kept.

mod chain;
mod child;
mod fragments;
mod media;

use std::io::{self, SeekFrom};
use std::path::{Path, PathBuf};

use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt, BufWriter};
use uuid::Uuid;
use yikao_domain::seal::{Chain, Hash32};

use crate::cipher::ObjectKey;
use crate::log::ReadError;
use crate::objects::{ObjectError, ObjectWriter, Objects, StoredObject};

pub use crate::log::Segment;
pub use chain::{ChainCheck, ChainReport, Gap, Verdict, Why, Witnessed};
pub use child::Limits;
pub use media::{MediaTools, Probe, Track};

/// What is to be assembled, and where it goes.
#[derive(Debug, Clone)]
pub struct Assembly {
    /// The part's chain before its first segment, bound to sitting, owner and part.
    pub chain: Chain,
    /// What was witnessed of the chain.
    pub witnessed: Witnessed,
    /// The candidate's key.
    pub key: ObjectKey,
    /// Id and path of the original's object.
    pub original: (Uuid, String),
    /// Id and path of the playable's object.
    pub playable: (Uuid, String),
}

/// What came of an assembly. The log may forget the part now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assembled {
    /// Whether the bytes are what was sealed.
    pub chain: ChainReport,
    /// The bytes, one segment after the other; none when no segment arrived.
    pub original: Option<StoredObject>,
    /// What can be watched.
    pub media: Media,
}

/// What can be watched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Media {
    /// An MP4 that begins to play at once.
    Playable(Playable),
    /// Nothing; the original is kept all the same.
    Unplayable {
        /// Why not.
        reason: Unplayable,
        /// What the tool said, for staff.
        detail: String,
    },
}

/// A playable file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Playable {
    /// The MP4.
    pub object: StoredObject,
    /// Its length in ms.
    pub duration_ms: u64,
    /// There is no sound track.
    pub no_audio: bool,
    /// The picture was encoded anew (VP8).
    pub transcoded: bool,
    /// What ffprobe says of the MP4.
    pub probe: Probe,
}

/// Why there is nothing to watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unplayable {
    /// No bytes.
    Empty,
    /// Neither WebM nor MP4.
    NotVideo,
    /// The file's beginning, without which nothing can be read, is missing.
    NoBeginning,
    /// There is no picture in it.
    NoPicture,
    /// The tools cannot read it.
    Unreadable,
    /// It took more time, memory or space than is allowed.
    TooCostly,
}

/// Why an assembly has to be tried again.
#[derive(Debug, thiserror::Error)]
pub enum AssemblyError {
    /// The log could not be read.
    #[error(transparent)]
    Log(#[from] ReadError),
    /// The result could not be kept.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// Scratch space failed.
    #[error("scratch space: {0}")]
    Scratch(#[from] io::Error),
    /// ffmpeg or ffprobe could not be started.
    #[error("{tool} cannot be started: {error}")]
    Tool {
        /// The program.
        tool: PathBuf,
        /// What happened.
        error: io::Error,
    },
}

impl Assembly {
    /// Assembles a part. `segments` come in ascending order; those that are missing are simply not there.
    /// Doing it again with the same names overwrites what the first try left.
    pub async fn run(
        self,
        segments: impl Stream<Item = Result<Segment, ReadError>>,
        objects: &Objects,
        tools: &MediaTools,
    ) -> Result<Assembled, AssemblyError> {
        let scratch = tools.scratch()?;
        let source = scratch.path().join("original");
        let Gathered { chain, runs, writer } = self.gather(segments, objects, &source).await?;
        let Some(writer) = writer else {
            let media = Media::Unplayable { reason: Unplayable::Empty, detail: String::new() };
            return Ok(Assembled { chain, original: None, media });
        };
        let original = writer.finish().await?;
        let media = self.media(&chain, &runs, &source, scratch.path(), objects, tools).await?;
        Ok(Assembled { chain, original: Some(original), media })
    }

    /// Writes the bytes to scratch space and to the original's object, checking them on the way.
    async fn gather(
        &self,
        segments: impl Stream<Item = Result<Segment, ReadError>>,
        objects: &Objects,
        to: &Path,
    ) -> Result<Gathered, AssemblyError> {
        let mut chain = ChainCheck::begin(&self.chain, self.witnessed.clone());
        let mut file = BufWriter::new(File::create(to).await?);
        let mut writer: Option<ObjectWriter> = None;
        let (mut runs, mut end, mut next) = (Vec::new(), 0, 1);
        let mut segments = std::pin::pin!(segments);
        while let Some(segment) = segments.next().await {
            let Segment { index, bytes } = match segment {
                Ok(segment) => segment,
                Err(ReadError::Damaged { index, .. }) => {
                    chain.lost(index);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            if !chain.segment(index, bytes.len() as u64, Hash32::of(&bytes)) {
                continue;
            }
            if index != next {
                runs.push(end);
            }
            next = index + 1;
            end += bytes.len() as u64;
            file.write_all(&bytes).await?;
            let object = match writer.take() {
                Some(object) => object,
                None => objects.create(&self.original.1, self.original.0, &self.key).await?,
            };
            writer.insert(object).write(&bytes).await?;
        }
        file.flush().await?;
        Ok(Gathered { chain: chain.finish(), runs, writer })
    }

    async fn media(
        &self,
        chain: &ChainReport,
        runs: &[u64],
        source: &Path,
        scratch: &Path,
        objects: &Objects,
        tools: &MediaTools,
    ) -> Result<Media, AssemblyError> {
        let unplayable = |reason, detail| Ok(Media::Unplayable { reason, detail });
        if chain.gaps.first().is_some_and(|gap| gap.from_index == 1) {
            return unplayable(Unplayable::NoBeginning, String::new());
        }
        let Some(container) = media::Container::of(source).await? else {
            return unplayable(Unplayable::NotVideo, String::new());
        };
        let repaired = scratch.join("repaired");
        let source = match (container, runs.is_empty()) {
            (media::Container::Mp4, false) => {
                fragments::without_torn(source, runs, &repaired).await?;
                &repaired
            }
            _ => source,
        };
        let made = tools.playable(container, source, &scratch.join("playable.mp4")).await?;
        let media::Made { file, probe, transcoded } = match made {
            Ok(made) => made,
            Err((reason, detail)) => return unplayable(reason, detail),
        };
        let object = objects.put_file(&self.playable.1, self.playable.0, &self.key, &file).await?;
        let no_audio = !probe.tracks.iter().any(|track| track.kind == "audio");
        Ok(Media::Playable(Playable { object, duration_ms: probe.duration_ms, no_audio, transcoded, probe }))
    }
}

/// The bytes of a part, gathered.
struct Gathered {
    chain: ChainReport,
    /// Where bytes begin that follow a gap.
    runs: Vec<u64>,
    writer: Option<ObjectWriter>,
}

/// Reads `length` bytes at `from`, or fewer at the file's end.
async fn read_at(file: &mut File, from: u64, length: usize) -> io::Result<Vec<u8>> {
    use tokio::io::AsyncReadExt;
    file.seek(SeekFrom::Start(from)).await?;
    let mut bytes = Vec::with_capacity(length);
    file.take(length as u64).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
