//! What a subject's picture and sound are recorded as.

use serde::{Deserialize, Serialize};

/// Recording profile of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MediaProfile {
    /// Pixels across, held as the orientation says.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Pictures per second.
    pub frame_rate: u32,
    /// Wanted bit rate of the picture.
    pub video_bits_per_second: u32,
    /// Wanted bit rate of the sound; music wants 128 000 or more.
    pub audio_bits_per_second: u32,
    /// How the phone is held (K10).
    pub orientation: Orientation,
    /// Which camera films (K11).
    pub facing: Facing,
}

/// How the phone is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    /// Wider than high.
    Landscape,
    /// Higher than wide.
    Portrait,
    /// As the candidate likes (U13).
    Any,
}

/// Which camera films.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Facing {
    /// The one beside the screen.
    Front,
    /// The one at the back.
    Back,
    /// As the candidate likes.
    Any,
}

impl MediaProfile {
    /// Voice and instruments: 720p, sound as music.
    pub const MUSIC: Self = Self {
        width: 1280,
        height: 720,
        frame_rate: 30,
        video_bits_per_second: 2_500_000,
        audio_bits_per_second: 128_000,
        orientation: Orientation::Any,
        facing: Facing::Any,
    };

    /// Dance: 1080p in landscape.
    pub const DANCE: Self = Self {
        width: 1920,
        height: 1080,
        video_bits_per_second: 5_000_000,
        orientation: Orientation::Landscape,
        ..Self::MUSIC
    };

    /// Drawing: hours at 480p and a low rate.
    pub const DRAWING: Self = Self {
        width: 854,
        height: 480,
        frame_rate: 15,
        video_bits_per_second: 600_000,
        audio_bits_per_second: 64_000,
        ..Self::MUSIC
    };
}
