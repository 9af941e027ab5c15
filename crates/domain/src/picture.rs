//! Pictures that people send, before anything is looked for in them.

use serde::{Deserialize, Serialize};

use crate::refusal::{Refusal, RefusalCode};

/// Pixels above which a picture is not opened: larger than what phones take unless asked to (50 megapixels).
pub const MOST_PIXELS: u64 = 52_000_000;

/// Pixels of the shorter side below which nothing can be seen in a picture.
pub const LEAST_SIDE: u32 = 16;

/// Why a file cannot be used as a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureFault {
    /// The file has more bytes than are taken.
    TooLarge,
    /// It is no picture, or of a kind that is not taken.
    Unreadable,
    /// It begins as a picture and then breaks off or makes no sense.
    Damaged,
    /// It moves.
    Animated,
    /// A HEIC that this server has no decoder for.
    Heic,
    /// More pixels than are opened, whatever the file's size.
    TooManyPixels,
    /// Hardly any pixels.
    TooSmall,
}

impl PictureFault {
    /// The refusal, with what its words need; `limit_bytes` is what the server takes.
    pub fn refusal(self, limit_bytes: u64) -> Refusal {
        match self {
            Self::TooLarge => Refusal::new(RefusalCode::PictureTooLarge).with("limit_bytes", limit_bytes),
            Self::Unreadable => RefusalCode::PictureUnreadable.into(),
            Self::Damaged => RefusalCode::PictureDamaged.into(),
            Self::Animated => RefusalCode::PictureAnimated.into(),
            Self::Heic => RefusalCode::PictureHeic.into(),
            Self::TooManyPixels => Refusal::new(RefusalCode::PictureTooManyPixels)
                .with("limit_megapixels", MOST_PIXELS / 1_000_000),
            Self::TooSmall => RefusalCode::PictureTooSmall.into(),
        }
    }
}
