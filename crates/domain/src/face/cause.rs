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
    /// The picture that it is compared with shows no usable face.
    PortraitUnclear,
    /// There is a portrait to compare with, and no document.
    NoDocument,
    /// The face is the one on the photo of a document whose number could not be read: a person compares the two.
    DocumentUnread,
}

impl FaceCause {
    /// Every cause.
    pub const ALL: [Self; 15] = [
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
        Self::PortraitUnclear,
        Self::NoDocument,
        Self::DocumentUnread,
    ];

    /// The word in the database and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoFace => "no_face",
            Self::SeveralFaces => "several_faces",
            Self::TooSmall => "too_small",
            Self::TooDark => "too_dark",
            Self::OverExposed => "over_exposed",
            Self::Blurred => "blurred",
            Self::TurnedAway => "turned_away",
            Self::CutOff => "cut_off",
            Self::WeakMatch => "weak_match",
            Self::NotSamePerson => "not_same_person",
            Self::FaceLost => "face_lost",
            Self::NotFollowed => "not_followed",
            Self::PortraitUnclear => "portrait_unclear",
            Self::NoDocument => "no_document",
            Self::DocumentUnread => "document_unread",
        }
    }

    /// The cause of a word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.word() == word)
    }

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
            Self::PortraitUnclear => RefusalCode::FacePortraitUnclear,
            Self::NoDocument => RefusalCode::FaceNoDocument,
            Self::DocumentUnread => RefusalCode::FaceDocumentUnread,
        }
    }
}
