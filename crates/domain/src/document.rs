//! Identity documents: types, numbers as people and spreadsheets write them, and what a number tells.

mod number;
mod province;

use serde::{Deserialize, Serialize};

use crate::refusal::{Refusal, RefusalCode};

pub use number::{BirthDate, IdCard, mask, normalise_number};
pub use province::Province;

/// Kind of an identity document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DocumentType {
    /// 居民身份证.
    IdCard,
    /// 护照.
    Passport,
    /// 港澳台居民来往内地通行证 and residence permits.
    Permit,
}

impl DocumentType {
    /// Every type.
    pub const ALL: [Self; 3] = [Self::IdCard, Self::Passport, Self::Permit];

    /// The name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::IdCard => "id_card",
            Self::Passport => "passport",
            Self::Permit => "permit",
        }
    }

    /// The type that a school's list means by this text, or by its wire name.
    pub fn recognise(text: &str) -> Option<Self> {
        let text = half_width(text.trim()).to_lowercase();
        if let Some(exact) = Self::ALL.into_iter().find(|kind| kind.code() == text) {
            return Some(exact);
        }
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if says(&["通行证", "居住证", "台胞证", "回乡证", "港澳", "台湾", "permit"]) {
            Some(Self::Permit)
        } else if says(&["护照", "passport"]) {
            Some(Self::Passport)
        } else if says(&["身份证", "idcard", "id card"]) {
            Some(Self::IdCard)
        } else {
            None
        }
    }

    /// The number as it is compared and stored, if it can be one of this type.
    ///
    /// # Errors
    /// `identity.number_empty`, `…_length`, `…_characters`; for ID cards also `identity.region`,
    /// `identity.birth_date`, `identity.checksum`, the first that applies.
    pub fn check_number(self, raw: &str) -> Result<String, Refusal> {
        let number = normalise_number(raw);
        if number.is_empty() {
            return Err(RefusalCode::IdentityNumberEmpty.into());
        }
        match self {
            Self::IdCard => {
                IdCard::parse(&number)?;
            }
            Self::Passport | Self::Permit => check_foreign(&number)?,
        }
        Ok(number)
    }
}

/// A name as it is compared: full-width letters halved, spaces and zero-width marks gone, every kind of middle dot
/// the same, Latin letters in upper case.
pub fn normalise_name(raw: &str) -> String {
    half_width(raw)
        .chars()
        .filter(|character| !character.is_whitespace() && !is_invisible(*character))
        .map(|character| if MIDDLE_DOTS.contains(&character) { '·' } else { character })
        .flat_map(char::to_uppercase)
        .collect()
}

/// A name as it is stored: trimmed, one kind of middle dot, single spaces.
///
/// # Errors
/// `identity.name_empty`; `identity.name_characters` for digits and signs that no name has, or more than 100 letters.
pub fn check_name(raw: &str) -> Result<String, Refusal> {
    let clean: String = half_width(raw)
        .chars()
        .filter(|character| !is_invisible(*character))
        .map(|character| if MIDDLE_DOTS.contains(&character) { '·' } else { character })
        .collect();
    let name = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(RefusalCode::IdentityNameEmpty.into());
    }
    let fits = |character: char| character.is_alphabetic() || " ·'-,()".contains(character);
    if name.chars().count() > 100 || !name.chars().all(fits) {
        return Err(RefusalCode::IdentityNameCharacters.into());
    }
    Ok(name)
}

/// Full-width letters, digits and signs as their half-width ones, the ideographic space as a space.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
            '\u{3000}' | '\u{A0}' => ' ',
            other => other,
        })
        .collect()
}

/// The dots between the parts of a name, as input methods and spreadsheets write them.
pub(crate) const MIDDLE_DOTS: [char; 9] = ['·', '•', '‧', '∙', '・', '･', '．', '.', '⋅'];

pub(crate) const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

fn check_foreign(number: &str) -> Result<(), Refusal> {
    if !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(RefusalCode::IdentityNumberCharacters.into());
    }
    if !(5..=18).contains(&number.len()) {
        let refusal = Refusal::new(RefusalCode::IdentityNumberLength).with("length", number.len());
        return Err(refusal.with("expected", "5–18"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
