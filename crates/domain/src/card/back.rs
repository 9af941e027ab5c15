//! The emblem side: 签发机关, 有效期限.

use super::front::back_fault;
use super::lines::{Row, rows};
use super::{CardBack, CardText, ValidUntil};
use crate::document::BirthDate;

/// Reads the emblem side.
pub fn read_back(text: &CardText) -> CardBack {
    let rows = rows(text);
    let texts: Vec<String> = rows.iter().map(Row::text).collect();
    let validity = texts.iter().find_map(|row| validity(row));
    let authority = texts.iter().find_map(|row| authority(row));
    let whole = validity.is_some() && authority.is_some();
    CardBack {
        authority,
        valid_from: validity.map(|(from, _)| from),
        valid_until: validity.map(|(_, until)| until),
        faults: if whole { Vec::new() } else { vec![back_fault(&rows, text)] },
    }
}

fn authority(row: &str) -> Option<String> {
    let (_, name) = row.split_once("签发机关")?;
    let name: String = name.chars().filter(|character| character.is_alphabetic()).collect();
    (name.chars().count() >= 3).then_some(name)
}

/// `2016.05.20-2036.05.20` or `2016.05.20-长期`, whatever the reader made of the dots.
fn validity(row: &str) -> Option<(BirthDate, ValidUntil)> {
    let row = row.split_once("期限").map_or(row, |(_, after)| after);
    let digits: String = row.chars().filter(char::is_ascii_digit).collect();
    let from = date(digits.get(..8)?)?;
    let until = match digits.len() {
        8 if row.contains("长期") => ValidUntil::LongTerm,
        16 => ValidUntil::Day(date(digits.get(8..)?).filter(|until| *until > from)?),
        _ => return None,
    };
    Some((from, until))
}

fn date(digits: &str) -> Option<BirthDate> {
    let part = |range: std::ops::Range<usize>| digits.get(range);
    BirthDate::new(part(0..4)?.parse().ok()?, part(4..6)?.parse().ok()?, part(6..8)?.parse().ok()?)
}
