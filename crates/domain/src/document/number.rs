//! Document numbers: normalisation, the ID card's checksum (GB 11643), birth date and region.

use serde::{Deserialize, Serialize};

use super::{Province, half_width, is_invisible};
use crate::refusal::{Refusal, RefusalCode};

/// What a valid ID card number tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdCard {
    /// Province of the first registration.
    pub province: Province,
    /// Date of birth.
    pub birth: BirthDate,
}

/// A date of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BirthDate {
    /// Year.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, from 1.
    pub day: u8,
}

/// A number as it is compared and stored: full-width digits halved, spaces, hyphens, invisible marks and the
/// apostrophes that spreadsheets put in front gone, letters in upper case, `×` read as X.
pub fn normalise_number(raw: &str) -> String {
    half_width(raw)
        .chars()
        .filter(|character| !character.is_whitespace() && !is_invisible(*character))
        .filter(|character| !"'`’‘＇\"-‐–—".contains(*character))
        .map(|character| if matches!(character, '×' | '✕' | 'х' | 'Х') { 'X' } else { character })
        .flat_map(char::to_uppercase)
        .collect()
}

/// A number of which only what a person needs to recognise it can be read: the first 3 and last 4 characters, less
/// of shorter ones.
pub fn mask(number: &str) -> String {
    let characters: Vec<char> = number.chars().collect();
    let (head, tail) = if characters.len() >= 15 { (3, 4) } else { (1, 2) };
    if characters.len() <= head + tail {
        return "*".repeat(characters.len());
    }
    let hidden = characters.len() - head - tail;
    let shown = |part: &[char]| part.iter().collect::<String>();
    format!("{}{}{}", shown(&characters[..head]), "*".repeat(hidden), shown(&characters[head + hidden..]))
}

impl IdCard {
    /// Reads a normalised number of 18 characters.
    ///
    /// # Errors
    /// `identity.number_length`, `identity.number_characters`, `identity.region`, `identity.birth_date`,
    /// `identity.checksum`, the first that applies.
    pub fn parse(number: &str) -> Result<Self, Refusal> {
        let length = number.chars().count();
        if length != 18 {
            let refusal = Refusal::new(RefusalCode::IdentityNumberLength).with("length", length);
            return Err(refusal.with("expected", "18"));
        }
        let bytes = number.as_bytes();
        let well_formed = bytes.len() == 18
            && bytes[..17].iter().all(u8::is_ascii_digit)
            && (bytes[17].is_ascii_digit() || bytes[17] == b'X');
        if !well_formed {
            return Err(RefusalCode::IdentityNumberCharacters.into());
        }
        let province = Province::from_region_code(decimal(&bytes[..2])).ok_or(RefusalCode::IdentityRegion)?;
        let birth = BirthDate::from_digits(&bytes[6..14]).ok_or(RefusalCode::IdentityBirthDate)?;
        if check_character(&bytes[..17]) != bytes[17] {
            return Err(RefusalCode::IdentityChecksum.into());
        }
        Ok(Self { province, birth })
    }
}

impl BirthDate {
    /// The date, if the calendar has it and somebody alive may be born on it.
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if year < 1900 || year > 2100 || day == 0 || day > days_in(year, month) {
            return None;
        }
        Some(Self { year, month, day })
    }

    /// Whether this person has lived `years` years on `today`.
    pub const fn is_at_least(&self, years: u16, today: Self) -> bool {
        let had_birthday = today.month > self.month || (today.month == self.month && today.day >= self.day);
        let lived = today.year.saturating_sub(self.year);
        if had_birthday { lived >= years } else { lived > years }
    }

    fn from_digits(digits: &[u8]) -> Option<Self> {
        let small = |part: &[u8]| u8::try_from(decimal(part)).ok();
        Self::new(decimal(&digits[..4]), small(&digits[4..6])?, small(&digits[6..])?)
    }
}

const fn days_in(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400) => 29,
        2 => 28,
        _ => 0,
    }
}

/// GB 11643: weights 2^(17-i) mod 11, and the character that makes the sum 1 mod 11.
fn check_character(digits: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    b"10X98765432"[(sum % 11) as usize]
}

fn decimal(digits: &[u8]) -> u16 {
    digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0'))
}
