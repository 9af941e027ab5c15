//! What ffprobe and ffmpeg are asked to do.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::fs::File;

use super::child::{self, Ended, Limits};
use super::{AssemblyError, Unplayable, read_at};

/// Debian's ffmpeg and ffprobe, and what they may use.
#[derive(Debug, Clone)]
pub struct MediaTools {
    /// The ffmpeg program.
    pub ffmpeg: PathBuf,
    /// The ffprobe program.
    pub ffprobe: PathBuf,
    /// Footage lies here, unencrypted, only while it is being assembled; each run has a folder of its own.
    pub scratch: PathBuf,
    /// What each run may use.
    pub limits: Limits,
}

/// What ffprobe says of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// Length in ms; 0 when the file does not say.
    pub duration_ms: u64,
    /// Tracks in the order of the file.
    pub tracks: Vec<Track>,
    /// All that it said.
    pub json: serde_json::Value,
}

/// A track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// `video`, `audio` or something else.
    pub kind: String,
    /// As ffmpeg names it: `vp8`, `h264`, `opus`…
    pub codec: String,
    /// Pixels, of a picture.
    pub width: Option<u32>,
    /// Pixels, of a picture.
    pub height: Option<u32>,
}

/// The containers that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    WebM,
    Mp4,
}

/// A playable file in scratch space.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) file: PathBuf,
    pub(crate) probe: Probe,
    pub(crate) transcoded: bool,
}

type Refused = (Unplayable, String);

/// The largest picture that is encoded anew, in pixels.
const PIXELS: u64 = 4096 * 4096;

impl Container {
    /// Looks at the first bytes, never at a name.
    pub(crate) async fn of(source: &Path) -> io::Result<Option<Self>> {
        let head = read_at(&mut File::open(source).await?, 0, 12).await?;
        Ok(match head.as_slice() {
            [0x1A, 0x45, 0xDF, 0xA3, ..] => Some(Self::WebM),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            _ => None,
        })
    }

    fn format(self) -> &'static str {
        match self {
            Self::WebM => "matroska",
            Self::Mp4 => "mov",
        }
    }
}

impl MediaTools {
    /// The programs on the usual path.
    pub fn new(scratch: impl Into<PathBuf>) -> Self {
        Self {
            ffmpeg: "/usr/bin/ffmpeg".into(),
            ffprobe: "/usr/bin/ffprobe".into(),
            scratch: scratch.into(),
            limits: Limits::default(),
        }
    }

    /// Removes what a killed server left in scratch space. Call it at start, before any assembly.
    pub fn clear_scratch(&self) -> io::Result<()> {
        match std::fs::remove_dir_all(&self.scratch) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// A private folder (mode 700) that goes when it is dropped.
    pub(crate) fn scratch(&self) -> io::Result<TempDir> {
        std::fs::create_dir_all(&self.scratch)?;
        TempDir::new_in(&self.scratch)
    }

    /// Makes an MP4 of what can be played.
    pub(crate) async fn playable(
        &self,
        container: Container,
        source: &Path,
        to: &Path,
    ) -> Result<Result<Made, Refused>, AssemblyError> {
        let probe = match self.probe(container.format(), source).await? {
            Ok(probe) => probe,
            Err(refused) => return Ok(Err(refused)),
        };
        let Some(picture) = probe.tracks.iter().find(|track| track.kind == "video") else {
            return Ok(Err((Unplayable::NoPicture, String::new())));
        };
        let transcoded = !matches!(picture.codec.as_str(), "h264" | "vp9" | "av1" | "hevc");
        if transcoded && pixels(picture) > PIXELS {
            return Ok(Err((Unplayable::TooCostly, format!("{} pixels", pixels(picture)))));
        }
        let sound = probe.tracks.iter().find(|track| track.kind == "audio").map(|track| track.codec.as_str());
        let arguments = remux(container, transcoded, sound, source, to);
        if let Err(refused) = self.run(&self.ffmpeg, &arguments, source).await? {
            return Ok(Err(refused));
        }
        let probe = self.probe(Container::Mp4.format(), to).await?;
        Ok(probe.map(|probe| Made { file: to.to_owned(), probe, transcoded }))
    }

    async fn probe(&self, format: &str, file: &Path) -> Result<Result<Probe, Refused>, AssemblyError> {
        let name = file.to_string_lossy();
        let mut arguments = vec!["-v", "error"];
        arguments.extend(["-protocol_whitelist", "file,pipe", "-f", format, "-show_format", "-show_streams"]);
        arguments.extend(["-of", "json", &name]);
        let output = self.run(&self.ffprobe, &arguments, file).await?;
        Ok(output.and_then(|output| {
            Probe::read(&output).ok_or((Unplayable::Unreadable, "ffprobe gave no JSON".into()))
        }))
    }

    async fn run<A: AsRef<std::ffi::OsStr>>(
        &self,
        tool: &Path,
        arguments: &[A],
        beside: &Path,
    ) -> Result<Result<Vec<u8>, Refused>, AssemblyError> {
        let dir = beside.parent().unwrap_or(&self.scratch);
        let ended = child::run(tool, arguments, dir, &self.limits).await;
        let ended = ended.map_err(|error| AssemblyError::Tool { tool: tool.to_owned(), error })?;
        Ok(match ended {
            Ended::Well { output } => Ok(output),
            Ended::Badly { said } => Err((Unplayable::Unreadable, said)),
            Ended::Stopped { limit } => Err((Unplayable::TooCostly, limit)),
        })
    }
}

impl Probe {
    fn read(output: &[u8]) -> Option<Self> {
        let json: serde_json::Value = serde_json::from_slice(output).ok()?;
        let seconds = json["format"]["duration"].as_str().and_then(|text| text.parse::<f64>().ok());
        let duration = seconds.and_then(|seconds| std::time::Duration::try_from_secs_f64(seconds).ok());
        let tracks = json["streams"].as_array()?.iter().map(Track::read).collect();
        let duration_ms = duration.map_or(0, |duration| u64::try_from(duration.as_millis()).unwrap_or(0));
        Some(Self { duration_ms, tracks, json })
    }
}

impl Track {
    fn read(json: &serde_json::Value) -> Self {
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        let number = |name: &str| json[name].as_u64().and_then(|number| u32::try_from(number).ok());
        Self {
            kind: text("codec_type"),
            codec: text("codec_name"),
            width: number("width"),
            height: number("height"),
        }
    }
}

fn pixels(track: &Track) -> u64 {
    u64::from(track.width.unwrap_or(0)) * u64::from(track.height.unwrap_or(0))
}

/// One picture and at most one sound track into an MP4 whose index comes first.
fn remux(container: Container, transcoded: bool, sound: Option<&str>, from: &Path, to: &Path) -> Vec<String> {
    let picture: &[&str] = if transcoded {
        &["libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-threads", "2"]
    } else {
        &["copy"]
    };
    let sound: &[&str] = match sound {
        None => &["-an"],
        Some("opus" | "aac") => &["-c:a", "copy"],
        Some(_) => &["-c:a", "aac", "-b:a", "192k"],
    };
    let (from, to) = (from.to_string_lossy(), to.to_string_lossy());
    let mut arguments = vec!["-nostdin", "-v", "error", "-y", "-fflags", "+genpts+discardcorrupt"];
    arguments.extend(["-err_detect", "ignore_err", "-protocol_whitelist", "file,pipe"]);
    arguments.extend(["-f", container.format(), "-i", &from, "-map", "0:v:0", "-map", "0:a:0?", "-c:v"]);
    arguments.extend(picture);
    arguments.extend(sound);
    arguments.extend(["-map_metadata", "-1", "-max_muxing_queue_size", "4096"]);
    arguments.extend(["-movflags", "+faststart", "-f", "mp4", &to]);
    arguments.into_iter().map(str::to_owned).collect()
}
