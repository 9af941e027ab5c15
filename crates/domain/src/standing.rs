//! How an account stands with face checks (§F). The red bar is derived from it, and nothing else is.
//!
//! A failure is a strike, three in a row are [`FaceStanding::Struck`]; "cannot tell" is no strike. What a machine
//! cannot settle a person at the desk does. Mocks and practice never change it, and no change of it ends a take
//! that runs: it is asked only when one is to begin.

mod rules;

use serde::{Deserialize, Serialize};

use crate::consent::ConsentKind;
use crate::exam::SittingKind;
use crate::policy::{AfterThreeStrikes, FaceCheck, MockFace, Policy};
use crate::refusal::{Refusal, RefusalCode};
use crate::time::{Millis, Timestamp};

pub use rules::{Reviewed, Step, identity_lost, reviewed, take, unseen, verification, withdrawn};

/// Failures in a row that strike an account (F5).
pub const STRIKES: u32 = 3;
/// Answers "cannot tell" in a row after which a take begins all the same, flagged.
pub const UNTOLD: u32 = 3;
/// Failed verifications since the last that passed, after which only the desk can help: luck is no proof.
pub const VERIFICATIONS: u32 = 9;
/// How long the desk's word stands where the machine says no: through the day of an exam.
pub const VOUCH_HOLDS: Millis = Millis::hours(24);
/// Version of the document's shape.
pub const SCHEMA_VERSION: u32 = 1;

/// How an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaceStanding {
    /// Not verified yet (F1).
    #[default]
    Unverified,
    /// Verified.
    Verified,
    /// Three failures in a row (F5): verify again, or ask the desk (F7).
    Struck,
    /// The desk looks at it.
    InReview,
    /// The desk said no.
    Rejected,
}

/// The standing with what it is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Version of this document's shape.
    pub schema_version: u32,
    /// How the account stands.
    pub standing: FaceStanding,
    /// Failures in a row.
    #[serde(default)]
    pub strikes: u32,
    /// Answers "cannot tell" in a row.
    #[serde(default)]
    pub untold: u32,
    /// Failed verifications since the last that passed.
    #[serde(default)]
    pub failures: u32,
    /// When it was first verified: from then on there is a face to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<Timestamp>,
    /// What it was before the desk was asked, while it looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_review: Option<FaceStanding>,
    /// Until when the desk's word stands against the machine's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vouched_until: Option<Timestamp>,
}

/// How a face is checked before a take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaceMode {
    /// Not at all.
    Off,
    /// The way is gone, nothing is compared (F8).
    Simulated,
    /// Compared.
    Real,
}

/// What the rules of a subject in a session ask of faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaceRule {
    /// Whether and how.
    pub mode: FaceMode,
    /// Whether a failure refuses the take.
    pub blocks: bool,
    /// What three strikes cost.
    pub after_three_strikes: AfterThreeStrikes,
    /// Whether it counts for the standing: only formal sittings do.
    pub counts: bool,
    /// How often faces are compared while a take is recorded (F10), where they are.
    pub within_ms: Option<Millis>,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            standing: FaceStanding::Unverified,
            strikes: 0,
            untold: 0,
            failures: 0,
            verified_at: None,
            before_review: None,
            vouched_until: None,
        }
    }
}

impl FaceRule {
    /// The rule of a subject's policy in a session of this kind: practice asks for no face, a mock what it says.
    pub const fn of(policy: &Policy, kind: SittingKind) -> Self {
        let mode = match (policy.face, kind) {
            (FaceCheck::Off, _) | (_, SittingKind::Practice) => FaceMode::Off,
            (_, SittingKind::Formal) => FaceMode::Real,
            (_, SittingKind::Mock) => match policy.face_in_mock {
                MockFace::Off => FaceMode::Off,
                MockFace::Simulated => FaceMode::Simulated,
                MockFace::Real => FaceMode::Real,
            },
        };
        let counts = matches!(kind, SittingKind::Formal);
        let blocks = counts && matches!(policy.face, FaceCheck::Block);
        let compares = matches!(mode, FaceMode::Real) && policy.face_within_ms.as_ms() > 0;
        let within_ms = if compares { Some(policy.face_within_ms) } else { None };
        Self { mode, blocks, after_three_strikes: policy.after_three_strikes, counts, within_ms }
    }

    /// Whether a take needs a fresh check.
    pub const fn wants_check(&self) -> bool {
        !matches!(self.mode, FaceMode::Off)
    }
}

impl FaceMode {
    /// The name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Simulated => "simulated",
            Self::Real => "real",
        }
    }
}

impl FaceStanding {
    /// The name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Verified => "verified",
            Self::Struck => "struck",
            Self::InReview => "in_review",
            Self::Rejected => "rejected",
        }
    }

    /// What the red bar says; nothing while all is well.
    pub fn bar(self) -> Option<Refusal> {
        Some(match self {
            Self::Verified => return None,
            Self::Unverified => RefusalCode::FaceUnverified.into(),
            Self::Struck => RefusalCode::FaceStruck.into(),
            Self::InReview => RefusalCode::FaceInReview.into(),
            Self::Rejected => RefusalCode::FaceRejected.into(),
        })
    }
}

impl Standing {
    /// Whether a take may begin, as far as the standing is concerned.
    ///
    /// # Errors
    /// What the red bar says.
    pub fn may_start(&self, rule: &FaceRule) -> Result<(), Refusal> {
        if !rule.wants_check() || !rule.blocks || !rule.counts {
            return Ok(());
        }
        match (self.standing, rule.after_three_strikes) {
            (FaceStanding::Struck | FaceStanding::InReview, AfterThreeStrikes::ContinueFlagged)
                if self.verified_at.is_some() =>
            {
                Ok(())
            }
            _ => self.standing.bar().map_or(Ok(()), Err),
        }
    }

    /// Whether a take may begin unseen: the candidate does not agree that their face is looked at, and `lacks` is the
    /// consent that is missing. The desk's word lets it, and so does a rule that blocks nothing; it begins flagged.
    ///
    /// # Errors
    /// What the red bar says; `consent.required` where the desk has not vouched for them today.
    pub fn may_start_unseen(
        &self,
        rule: &FaceRule,
        lacks: ConsentKind,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if !rule.wants_check() || !rule.blocks || self.is_vouched(now) {
            return self.may_start(rule);
        }
        self.may_start(rule).and_then(|()| Err(consent_required(lacks)))
    }

    /// What the red bar says; nothing while all is well. `lacks` is the consent without which nobody looks.
    pub fn bar(&self, lacks: Option<ConsentKind>, now: Timestamp) -> Option<Refusal> {
        let unseen = lacks.filter(|_| !self.is_vouched(now)).map(consent_required);
        self.standing.bar().or(unseen)
    }

    /// Whether the account may be verified by the machine now.
    ///
    /// # Errors
    /// `face.already_verified`, `face.rejected`; `face.only_desk` after too many failures.
    pub fn may_verify(&self) -> Result<(), Refusal> {
        match self.standing {
            FaceStanding::Verified => Err(RefusalCode::FaceAlreadyVerified.into()),
            FaceStanding::Rejected => Err(RefusalCode::FaceRejected.into()),
            _ if self.failures >= VERIFICATIONS => Err(RefusalCode::FaceOnlyDesk.into()),
            _ => Ok(()),
        }
    }

    /// Whether the desk may be asked now. A person there is a road of its own, open from the beginning (NEW10), and
    /// again where nothing but the desk's word was there and has run out.
    ///
    /// # Errors
    /// `face.already_verified`, `face.in_review`.
    pub fn may_ask_desk(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.standing {
            FaceStanding::Verified if self.vouched_until.is_none_or(|until| now < until) => {
                Err(RefusalCode::FaceAlreadyVerified.into())
            }
            FaceStanding::InReview => Err(RefusalCode::FaceInReview.into()),
            _ => Ok(()),
        }
    }

    /// Whether the desk's word stands against the machine's.
    pub fn is_vouched(&self, now: Timestamp) -> bool {
        self.vouched_until.is_some_and(|until| now < until)
    }
}

fn consent_required(lacks: ConsentKind) -> Refusal {
    Refusal::new(RefusalCode::ConsentRequired).with("kind", lacks.code())
}

#[cfg(test)]
mod tests;
