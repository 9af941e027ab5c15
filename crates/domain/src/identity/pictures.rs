//! Pictures of candidates and their documents: what each shows, and what must be seen on it.

use serde::{Deserialize, Serialize};

/// Most pictures of a candidate that wait to be used.
pub const MAX_WAITING: u64 = 40;

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PictureKind {
    /// The portrait side (人像面) of an ID card.
    CardFront,
    /// The emblem side (国徽面) of an ID card.
    CardBack,
    /// The page or side of a passport or permit that bears the portrait.
    DocumentPage,
    /// 准考证.
    AdmissionTicket,
    /// 免冠证件照.
    Portrait,
    /// The candidate as they are now.
    Selfie,
    /// The candidate with the document in hand (手持身份证).
    CardInHand,
    /// Whatever else proves something.
    Evidence,
}

impl PictureKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::CardFront,
        Self::CardBack,
        Self::DocumentPage,
        Self::AdmissionTicket,
        Self::Portrait,
        Self::Selfie,
        Self::CardInHand,
        Self::Evidence,
    ];

    /// The name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CardFront => "card_front",
            Self::CardBack => "card_back",
            Self::DocumentPage => "document_page",
            Self::AdmissionTicket => "admission_ticket",
            Self::Portrait => "portrait",
            Self::Selfie => "selfie",
            Self::CardInHand => "card_in_hand",
            Self::Evidence => "evidence",
        }
    }

    /// The kind of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it is taken for its face, so that the consent for faces is needed (design §7).
    pub const fn is_of_face(self) -> bool {
        matches!(self, Self::Portrait | Self::Selfie | Self::CardInHand)
    }

    /// The kinds that are taken for their faces.
    pub fn of_faces() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|kind| kind.is_of_face())
    }

    /// Whether its candidate's portrait is on it: what a face is compared with.
    pub const fn has_portrait(self) -> bool {
        matches!(self, Self::CardFront | Self::DocumentPage | Self::Portrait)
    }

    /// Whether exactly one face must be clear on it.
    pub const fn must_be_portrait(self) -> bool {
        matches!(self, Self::Portrait | Self::Selfie)
    }
}
