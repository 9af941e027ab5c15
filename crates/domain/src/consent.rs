//! What a candidate, or a guardian for a minor, has to agree to before faces are looked at; it can be withdrawn.

mod text;

use serde::{Deserialize, Serialize};

use crate::document::{BirthDate, check_name, normalise_name};
use crate::refusal::{Refusal, RefusalCode};

pub use text::{ConsentText, text};

/// Whoever is younger needs a guardian's word (PIPL names 14 for itself; a minor is who is under 18).
pub const OF_AGE: u16 = 18;

/// What is agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConsentKind {
    /// The guardian of a minor agrees that the minor takes part and that their data, faces included, is processed.
    Guardian,
    /// The candidate agrees that their face is photographed and compared.
    Faces,
}

/// What a guardian is to the minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Father.
    Father,
    /// Mother.
    Mother,
    /// Another guardian.
    Other,
}

/// A signature as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// What is agreed to.
    pub kind: ConsentKind,
    /// The typed name.
    pub name: String,
    /// What a guardian is to the minor.
    pub relation: Option<Relation>,
    /// The candidate's date of birth, where no document tells it.
    pub birth: Option<BirthDate>,
}

/// A signature that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who signed.
    pub name: String,
    /// What a guardian is to the minor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// The candidate's date of birth, as it was known or said then.
    pub birth: BirthDate,
}

/// What is known of the candidate who signs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signer {
    /// The name on their document.
    pub name: Option<String>,
    /// Their date of birth: from their document, or as an earlier consent says.
    pub birth: Option<BirthDate>,
    /// What they, or their guardian, agreed to so far.
    pub live: Vec<ConsentKind>,
}

impl ConsentKind {
    /// Every kind, in the order in which they are signed.
    pub const ALL: [Self; 2] = [Self::Guardian, Self::Faces];

    /// The name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Guardian => "guardian",
            Self::Faces => "faces",
        }
    }

    /// The kind of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Signer {
    /// Whether they are under age on `today`; `None` while nobody knows.
    pub fn is_minor(&self, today: BirthDate) -> Option<bool> {
        self.birth.map(|birth| !birth.is_at_least(OF_AGE, today))
    }

    /// Whether a consent holds: signed, not withdrawn, and a minor's with their guardian's.
    pub fn has(&self, kind: ConsentKind, today: BirthDate) -> bool {
        self.rests_on(kind, today).iter().all(|kind| self.live.contains(kind))
    }

    /// What stands in the way of something that needs this consent: a minor's guardian comes first. `None` where it
    /// holds.
    pub fn missing(&self, kind: ConsentKind, today: BirthDate) -> Option<ConsentKind> {
        if self.has(kind, today) {
            return None;
        }
        let guardian_first = self.is_minor(today) == Some(true) && !self.has(ConsentKind::Guardian, today);
        Some(if guardian_first { ConsentKind::Guardian } else { kind })
    }

    /// The signatures on which this consent rests.
    pub fn rests_on(&self, kind: ConsentKind, today: BirthDate) -> &'static [ConsentKind] {
        match kind {
            ConsentKind::Guardian => &[ConsentKind::Guardian],
            ConsentKind::Faces if self.is_minor(today) == Some(false) => &[ConsentKind::Faces],
            ConsentKind::Faces => &ConsentKind::ALL,
        }
    }

    /// Whether nothing of the face may be kept once this consent is withdrawn.
    pub fn faces_go_with(&self, withdrawn: ConsentKind, today: BirthDate) -> bool {
        self.rests_on(ConsentKind::Faces, today).contains(&withdrawn)
    }

    /// The signature that a typed one makes on `today`.
    ///
    /// # Errors
    /// `consent.birth_date_missing`, `consent.birth_date_differs`, `consent.name_differs`, `consent.guardian_first`,
    /// `consent.guardian_unneeded`, `consent.relation_missing`, those of [`check_name`].
    pub fn sign(&self, signing: &Signing, today: BirthDate) -> Result<Signature, Refusal> {
        let name = check_name(&signing.name)?;
        let said = signing.birth.and_then(|said| BirthDate::new(said.year, said.month, said.day));
        let said = said.filter(|birth| *birth <= today);
        let birth = self.birth.or(said).ok_or(RefusalCode::ConsentBirthDateMissing)?;
        if said.is_some_and(|said| said != birth) {
            return Err(RefusalCode::ConsentBirthDateDiffers.into());
        }
        let is_minor = !birth.is_at_least(OF_AGE, today);
        let own = self.name.as_deref().map(normalise_name);
        let is_own = own.as_ref().is_none_or(|own| *own == normalise_name(&name));
        match signing.kind {
            ConsentKind::Faces if !is_own => Err(RefusalCode::ConsentNameDiffers.into()),
            ConsentKind::Faces if is_minor && !self.live.contains(&ConsentKind::Guardian) => {
                Err(RefusalCode::ConsentGuardianFirst.into())
            }
            ConsentKind::Faces => Ok(Signature { name, relation: None, birth }),
            ConsentKind::Guardian if !is_minor => Err(RefusalCode::ConsentGuardianUnneeded.into()),
            ConsentKind::Guardian if own.is_some() && is_own => {
                Err(RefusalCode::ConsentGuardianIsCandidate.into())
            }
            ConsentKind::Guardian => {
                let relation = Some(signing.relation.ok_or(RefusalCode::ConsentRelationMissing)?);
                Ok(Signature { name, relation, birth })
            }
        }
    }
}

#[cfg(test)]
mod tests;
