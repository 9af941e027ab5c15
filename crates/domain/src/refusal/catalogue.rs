//! What each refusal says, in both languages; the seeds' messages (U1–U27) verbatim where they apply.

mod card;
mod consent;
mod desk;
mod exam;
mod face;
mod identity;
mod paper;
mod picture;
mod profile;
mod record;
mod request;
mod roster;
mod sitting;
mod standing;
mod submission;
mod take;
mod task;

use super::RefusalCode;
use crate::text::Language;

/// Title, detail and remedy.
pub(super) type Texts = [&'static str; 3];

/// A code with its Chinese and English texts.
pub(super) type Row = (RefusalCode, Texts, Texts);

const TABLES: &[&[Row]] = &[
    consent::ROWS,
    exam::ROWS,
    identity::ROWS,
    paper::ROWS,
    picture::ROWS,
    profile::ROWS,
    record::ROWS,
    roster::ROWS,
    sitting::ROWS,
    take::ROWS,
    task::ROWS,
    submission::ROWS,
    request::ROWS,
    desk::ROWS,
    standing::ROWS,
    face::ROWS,
    card::ROWS,
];

/// The texts of a code; empty ones for a code without any, which a test forbids.
pub(super) fn texts(code: RefusalCode, language: Language) -> Texts {
    let row = TABLES.iter().flat_map(|table| table.iter()).find(|row| row.0 == code);
    row.map_or([""; 3], |(_, chinese, english)| match language {
        Language::Chinese => *chinese,
        Language::English => *english,
    })
}

#[cfg(test)]
pub(super) fn rows_of(code: RefusalCode) -> usize {
    TABLES.iter().flat_map(|table| table.iter()).filter(|row| row.0 == code).count()
}
