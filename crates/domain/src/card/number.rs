//! The number on a card: found, checked, and held against what is printed beside it.

use super::lines::Row;
use super::{CardFault, Sex};
use crate::document::{BirthDate, IdCard};

/// How sure the reader must be of the line with the number.
const SURE: f32 = 0.85;

/// The one valid number on the card.
///
/// A misread digit breaks the checksum; two may mend it again by chance, so birth date and sex have to agree where
/// they could be read, and a line that the reader was unsure of is not believed.
pub(super) fn number(
    rows: &[Row],
    birth: Option<BirthDate>,
    sex: Option<Sex>,
) -> Result<Option<String>, CardFault> {
    let mut found: Vec<(String, IdCard)> = rows
        .iter()
        .filter(|row| row.confidence_where(has_digits) >= SURE)
        .flat_map(|row| candidates(&row.text()))
        .filter_map(|number| IdCard::parse(&number).ok().map(|card| (number, card)))
        .collect();
    found.dedup_by(|a, b| a.0 == b.0);
    let [(number, card)] = found.as_slice() else {
        return Ok(None);
    };
    let fits = birth.is_none_or(|printed| printed == card.birth)
        && sex.is_none_or(|printed| Some(printed) == sex_of(number));
    if fits { Ok(Some(number.clone())) } else { Err(CardFault::Contradiction) }
}

/// Whether a piece of a row is part of a number: labels have none.
fn has_digits(piece: &str) -> bool {
    piece.chars().any(|character| character.is_ascii_digit())
}

/// 性别, from the 17th digit.
pub(super) fn sex_of(number: &str) -> Option<Sex> {
    let digit = number.chars().nth(16)?.to_digit(10)?;
    Some(if digit % 2 == 1 { Sex::Male } else { Sex::Female })
}

/// Every 18 characters in a row that could be a number, standing alone: a longer run of digits holds none.
fn candidates(row: &str) -> Vec<String> {
    let mut runs: Vec<String> = vec![String::new()];
    for character in row.chars() {
        match digit(character) {
            Some(digit) => {
                if let Some(run) = runs.last_mut() {
                    run.push(digit);
                }
            }
            None => runs.push(String::new()),
        }
    }
    runs.retain(|run| run.len() == 18);
    runs
}

/// The digit that a character on a card's number can be, as readers confuse them.
const fn digit(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        'X' | 'x' | '×' => Some('X'),
        'O' | 'o' | 'D' | 'Q' => Some('0'),
        'I' | 'l' | '|' => Some('1'),
        'Z' => Some('2'),
        'B' => Some('8'),
        _ => None,
    }
}
