//! From a document to an authenticated identity (§C): which way a claim goes, what an authority's answer makes of
//! it, and each cause that a real-name check can fail for (C13).

mod pictures;

use serde::{Deserialize, Serialize};

use crate::document::{DocumentType, normalise_name};
use crate::refusal::{Refusal, RefusalCode};

pub use pictures::{MAX_WAITING, PictureKind};

/// How an identity came to be authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Road {
    /// Typed by hand, which is no disadvantage (C5).
    Typed,
    /// Read from photos of the document.
    Photo,
    /// Decided by a person at the desk.
    Desk,
    /// Decided on an appeal against another account.
    Appeal,
}

impl Road {
    /// The name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Photo => "photo",
            Self::Desk => "desk",
            Self::Appeal => "appeal",
        }
    }
}

/// What was read on a photo of the portrait side, or of a passport's page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The name, if it could be read.
    pub name: Option<String>,
    /// The number, only where its checksum fits.
    pub number: Option<String>,
}

/// What is claimed.
#[derive(Debug, Clone, Copy)]
pub struct Claimed<'a> {
    /// The name, as it is stored.
    pub name: &'a str,
    /// The document.
    pub document_type: DocumentType,
    /// Its number, normalised.
    pub number: &'a str,
    /// 临时身份证 (C7).
    pub temporary: bool,
    /// What the photos said, where there are any.
    pub reading: Option<&'a Reading>,
    /// Photos for people to look at.
    pub has_photo: bool,
}

/// Where a claim goes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// To the authority.
    Ask {
        /// How it will have been authenticated.
        road: Road,
        /// Whether the candidate corrected what was read.
        corrected: bool,
    },
    /// To the desk: no machine can tell.
    Review,
}

/// Where a claim goes (C5–C7).
///
/// # Errors
/// `identity.temporary_type`, `identity.temporary_photo`; `card.number_differs` where the photo shows another
/// person's number.
pub fn next(claimed: &Claimed) -> Result<Next, Refusal> {
    if claimed.temporary {
        return temporary(claimed);
    }
    let Some(reading) = claimed.reading else { return Ok(Next::Ask { road: Road::Typed, corrected: false }) };
    // Only numbers whose checksum fits are kept as read: a different one is on another card.
    if reading.number.as_deref().is_some_and(|read| read != claimed.number) {
        return Err(RefusalCode::CardNumberDiffers.into());
    }
    let same = |read: &str| normalise_name(read) == normalise_name(claimed.name);
    let corrected = reading.number.is_none() || !reading.name.as_deref().is_some_and(same);
    Ok(Next::Ask { road: Road::Photo, corrected })
}

/// A temporary card has another layout and no chip: people look at it.
fn temporary(claimed: &Claimed) -> Result<Next, Refusal> {
    if claimed.document_type != DocumentType::IdCard {
        return Err(RefusalCode::IdentityTemporaryType.into());
    }
    if claimed.has_photo { Ok(Next::Review) } else { Err(RefusalCode::IdentityTemporaryPhoto.into()) }
}

/// What an authority says of a name and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// They belong together.
    Confirmed,
    /// They do not, or cannot be checked, and why.
    Refused(RecordCause),
    /// It did not answer: asked again later, and the candidate is told.
    Unavailable,
}

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident $code:literal $refusal:ident,)+) => {
        /// Why a record does not confirm somebody. The first six come from authorities; the others are what may lie
        /// behind them, and the candidate knows which (C13).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum RecordCause { $($(#[$doc])* $name,)+ }

        impl RecordCause {
            /// Every cause.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name on the wire.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The refusal that tells it.
            pub const fn refusal(self) -> RefusalCode {
                match self { $(Self::$name => RefusalCode::$refusal,)+ }
            }
        }
    };
}

causes! {
    /// There is no record of this number.
    Missing "missing" IdentityRecordMissing,
    /// The record has another name.
    Differs "differs" IdentityRecordDiffers,
    /// The authority does not take the name: letters that its records do not have.
    NameUnknown "name_unknown" IdentityRecordName,
    /// The authority does not take the number.
    NumberUnknown "number_unknown" IdentityRecordNumber,
    /// It was asked too often about this person today.
    AskedOften "asked_often" IdentityRecordAskedOften,
    /// It knows no documents of this type: people have to look.
    NotCovered "not_covered" IdentityRecordNotCovered,
    /// 现役军人、武警官兵、特殊部门人员.
    Serving "serving" IdentityRecordServing,
    /// 退役不到两年.
    Discharged "discharged" IdentityRecordDischarged,
    /// 户口迁出，尚未迁入.
    MovedOut "moved_out" IdentityRecordMovedOut,
    /// 已迁入，当地尚未上报.
    MoveUnreported "move_unreported" IdentityRecordMoveUnreported,
    /// 更改姓名，尚未上报.
    NameChanged "name_changed" IdentityRecordNameChanged,
    /// 移民.
    Emigrated "emigrated" IdentityRecordEmigrated,
    /// 未更换二代身份证.
    OldCard "old_card" IdentityRecordOldCard,
}

impl RecordCause {
    /// What may lie behind an authority's no.
    pub const fn reasons(self) -> &'static [Self] {
        match self {
            Self::Missing | Self::NumberUnknown => &[
                Self::MovedOut,
                Self::MoveUnreported,
                Self::Serving,
                Self::Discharged,
                Self::Emigrated,
                Self::OldCard,
            ],
            Self::Differs => &[Self::NameChanged, Self::MoveUnreported, Self::OldCard],
            _ => &[],
        }
    }

    /// The cause that a refusal's code tells.
    pub fn from_refusal(code: RefusalCode) -> Option<Self> {
        Self::ALL.iter().copied().find(|cause| cause.refusal() == code)
    }
}

/// How far a claim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClaimState {
    /// The authority is asked.
    Asking,
    /// It was not confirmed; another may be made, or the desk asked.
    Refused,
    /// The document is another account's; an appeal may be made (C12).
    Taken,
    /// A person at the desk looks at it.
    InReview,
    /// It is the candidate's identity now.
    Authenticated,
}

impl ClaimState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Asking, Self::Refused, Self::Taken, Self::InReview, Self::Authenticated];

    /// The name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asking => "asking",
            Self::Refused => "refused",
            Self::Taken => "taken",
            Self::InReview => "in_review",
            Self::Authenticated => "authenticated",
        }
    }

    /// The state of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether something else may be claimed now.
    ///
    /// # Errors
    /// `identity.in_review`, `identity.already_set`.
    pub fn may_claim_anew(self) -> Result<(), Refusal> {
        match self {
            Self::Asking | Self::Refused | Self::Taken => Ok(()),
            Self::InReview => Err(RefusalCode::IdentityInReview.into()),
            Self::Authenticated => Err(RefusalCode::IdentityAlreadySet.into()),
        }
    }

    /// Whether the desk may be asked to look at it: always, unless it does or there is nothing to look at (C5).
    ///
    /// # Errors
    /// `identity.in_review`, `identity.already_set`, `identity.taken` (an appeal is the way).
    pub fn may_ask_desk(self) -> Result<(), Refusal> {
        match self {
            Self::Asking | Self::Refused => Ok(()),
            Self::Taken => Err(RefusalCode::IdentityTaken.into()),
            Self::InReview => Err(RefusalCode::IdentityInReview.into()),
            Self::Authenticated => Err(RefusalCode::IdentityAlreadySet.into()),
        }
    }

    /// Whether an appeal may be made: only against another account's hold (C12).
    ///
    /// # Errors
    /// `appeal.nothing_taken`, `identity.in_review`, `identity.already_set`.
    pub fn may_appeal(self) -> Result<(), Refusal> {
        match self {
            Self::Taken => Ok(()),
            Self::InReview => Err(RefusalCode::IdentityInReview.into()),
            Self::Asking | Self::Refused => Err(RefusalCode::AppealNothingTaken.into()),
            Self::Authenticated => Err(RefusalCode::IdentityAlreadySet.into()),
        }
    }
}

#[cfg(test)]
mod tests;
