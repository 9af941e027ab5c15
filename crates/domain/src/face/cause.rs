//! Why a picture of a face is no good, or not enough.

use serde::{Deserialize, Serialize};

use crate::refusal::RefusalCode;

/// One cause. Each has its words: see [`FaceCause::code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaceCause {
    /// Nothing that looks like a face.
    NoFace,
    /// More than one face of a size that counts.
    SeveralFaces,
    /// The face has too few pixels.
    TooSmall,
    /// Too little light.
    TooDark,
    /// Too much light.
    OverExposed,
    /// Too little detail.
    Blurred,
    /// The head is turned to the side.
    TurnedAway,
    /// Part of the face is outside the picture.
    CutOff,
    /// It resembles the reference, but not closely.
    WeakMatch,
    /// It is another face.
    NotSamePerson,
    /// In a challenge: a frame without the face.
    FaceLost,
    /// In a challenge: what was asked for did not happen, or something else did.
    NotFollowed,
}

impl FaceCause {
    /// Every cause.
    pub const ALL: [Self; 12] = [
        Self::NoFace,
        Self::SeveralFaces,
        Self::TooSmall,
        Self::TooDark,
        Self::OverExposed,
        Self::Blurred,
        Self::TurnedAway,
        Self::CutOff,
        Self::WeakMatch,
        Self::NotSamePerson,
        Self::FaceLost,
        Self::NotFollowed,
    ];

    /// The code under which the catalogue has its words.
    pub const fn code(self) -> RefusalCode {
        match self {
            Self::NoFace => RefusalCode::FaceNone,
            Self::SeveralFaces => RefusalCode::FaceSeveral,
            Self::TooSmall => RefusalCode::FaceTooSmall,
            Self::TooDark => RefusalCode::FaceTooDark,
            Self::OverExposed => RefusalCode::FaceOverExposed,
            Self::Blurred => RefusalCode::FaceBlurred,
            Self::TurnedAway => RefusalCode::FaceTurnedAway,
            Self::CutOff => RefusalCode::FaceCutOff,
            Self::WeakMatch => RefusalCode::FaceWeakMatch,
            Self::NotSamePerson => RefusalCode::FaceNotSamePerson,
            Self::FaceLost => RefusalCode::FaceLost,
            Self::NotFollowed => RefusalCode::FaceNotFollowed,
        }
    }
}
