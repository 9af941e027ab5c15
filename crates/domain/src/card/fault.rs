//! Why a card could not be read, each cause with its own words (C13).

use serde::{Deserialize, Serialize};

use super::CardText;
use crate::refusal::RefusalCode;

/// One cause. Each has its words: see [`CardFault::code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CardFault {
    /// Nothing on the photo looks like an identity card.
    NoCard,
    /// The emblem side was sent as the portrait side.
    BackForFront,
    /// The portrait side was sent as the emblem side.
    FrontForBack,
    /// A part of the card is outside the photo.
    CutOff,
    /// Light is reflected on the text.
    Glare,
    /// Too little light.
    TooDark,
    /// Too little detail.
    Blurred,
    /// The photo is good, but a text could not be read for certain.
    Unclear,
    /// The number does not agree with the birth date or sex beside it.
    Contradiction,
}

impl CardFault {
    /// Every cause.
    pub const ALL: [Self; 9] = [
        Self::NoCard,
        Self::BackForFront,
        Self::FrontForBack,
        Self::CutOff,
        Self::Glare,
        Self::TooDark,
        Self::Blurred,
        Self::Unclear,
        Self::Contradiction,
    ];

    /// The code under which the catalogue has its words.
    pub const fn code(self) -> RefusalCode {
        match self {
            Self::NoCard => RefusalCode::CardNone,
            Self::BackForFront => RefusalCode::CardBackForFront,
            Self::FrontForBack => RefusalCode::CardFrontForBack,
            Self::CutOff => RefusalCode::CardCutOff,
            Self::Glare => RefusalCode::CardGlare,
            Self::TooDark => RefusalCode::CardTooDark,
            Self::Blurred => RefusalCode::CardBlurred,
            Self::Unclear => RefusalCode::CardUnclear,
            Self::Contradiction => RefusalCode::CardContradiction,
        }
    }
}

/// What is wrong with a photo on which something could not be read.
pub(super) fn photo_fault(text: &CardText) -> CardFault {
    if text.brightness < 0.15 {
        CardFault::TooDark
    } else if cut_off(text) {
        CardFault::CutOff
    } else if text.sharpness < 0.25 {
        CardFault::Blurred
    } else if text.blown > 0.03 {
        CardFault::Glare
    } else {
        CardFault::Unclear
    }
}

/// Whether a line of text touches the photo's edge.
#[expect(clippy::cast_precision_loss, reason = "pictures are far smaller than 2^24 pixels wide")]
pub(super) fn cut_off(text: &CardText) -> bool {
    let (width, height) = (text.width as f32, text.height as f32);
    let margin = 0.008 * width.max(height);
    text.lines.iter().filter(|line| line.letters.len() > 1).any(|line| {
        line.corners.iter().any(|corner| {
            corner.x < margin || corner.y < margin || corner.x > width - margin || corner.y > height - margin
        })
    })
}
