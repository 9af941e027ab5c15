//! 姓名: the row above 性别, right of the labels.

use super::Letter;
use super::lines::Row;
use super::names::{ReadName, likeliest};
use crate::document;

/// Letters of a name, without and with dots between its parts; more are not only a name.
const LONGEST: usize = 6;
const LONGEST_IN_PARTS: usize = 40;

/// Rows of a card, as far as they could be told apart.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Places {
    /// 性别 and 民族.
    pub(super) sex: Option<usize>,
    /// 出生.
    pub(super) birth: Option<usize>,
    /// 公民身份号码.
    pub(super) number: Option<usize>,
}

/// The name, if a row looks like one.
///
/// Without a row of 性别 the first that does is taken, with one the last above it; a long name takes two rows.
pub(super) fn name(rows: &[Row], places: Places) -> Option<ReadName> {
    let ends = places.sex.or(places.birth).or(places.number)?;
    let labels_end = labels_end(rows, places.sex);
    let beside = |row: &Row| -> Vec<Letter> {
        let values = row.letters().filter(|letter| labels_end.is_none_or(|end| letter.at > end));
        unlabelled(values.cloned().collect())
    };
    let above = rows.get(..ends)?;
    if let Some(first) = above.iter().position(|row| row.text().starts_with("姓名")) {
        // Without a row of 性别 the last one above 出生 may be it.
        let last = if places.sex.is_some() { ends } else { (ends - 1).max(first + 1) };
        let joined: Vec<Letter> = above[first..last].iter().flat_map(beside).collect();
        if let Some(name) = plausible(&joined) {
            return Some(name);
        }
    }
    let mut names = above.iter().filter_map(|row| plausible(&beside(row)));
    if places.sex.is_some() { names.next_back() } else { names.next() }
}

/// What a card's name can be spelled with: labels that were misread as something else are gone.
fn plausible(letters: &[Letter]) -> Option<ReadName> {
    let name = likeliest(letters.iter().filter(|letter| is_name_letter(first(letter))));
    let text = document::check_name(&name.text).ok()?;
    let longest = if text.contains('·') { LONGEST_IN_PARTS } else { LONGEST };
    ((2..=longest).contains(&text.chars().count()) && text != "姓名").then_some(ReadName { text, ..name })
}

fn is_name_letter(letter: char) -> bool {
    letter.is_alphabetic() && !letter.is_ascii() || document::MIDDLE_DOTS.contains(&letter)
}

/// Without the label before it.
fn unlabelled(mut letters: Vec<Letter>) -> Vec<Letter> {
    for label in ["姓名", "姓", "名"] {
        let length = label.chars().count();
        if letters.len() > length && letters.iter().map(first).zip(label.chars()).all(|(a, b)| a == b) {
            letters.drain(..length);
            break;
        }
    }
    letters
}

/// Where the column of labels ends, in pixels: a letter's width before the values, of which the year and 男 or 女
/// are told for certain.
fn labels_end(rows: &[Row], sex: Option<usize>) -> Option<f32> {
    let mut values: Vec<f32> = rows.iter().filter_map(year_at).collect();
    let beside_sex = sex.and_then(|row| rows.get(row)).into_iter().flat_map(Row::letters);
    values.extend(beside_sex.filter(|letter| matches!(first(letter), '男' | '女')).map(|letter| letter.at));
    Some(median(values)? - median(rows.iter().flat_map(steps).collect())?)
}

/// Where the year of a date begins; a date has eight digits, or a few more where 月 was misread.
fn year_at(row: &Row) -> Option<f32> {
    let text: Vec<char> = row.text().chars().collect();
    let digits = text.iter().filter(|letter| letter.is_ascii_digit()).count();
    let is_year = |four: &[char]| {
        matches!(four, ['1', '9', ..] | ['2', '0', ..]) && four.iter().all(char::is_ascii_digit)
    };
    let at = text.windows(4).take(4).position(is_year)?;
    row.letters().nth(at).filter(|_| digits <= 10).map(|letter| letter.at)
}

/// From letter to letter, in rows of words that are long enough to tell.
fn steps(row: &Row) -> Vec<f32> {
    let letters: Vec<&Letter> = row.letters().collect();
    let digits = letters.iter().filter(|letter| first(letter).is_ascii_digit()).count();
    if letters.len() < 6 || digits >= 6 {
        return Vec::new();
    }
    letters.windows(2).map(|pair| pair[1].at - pair[0].at).collect()
}

fn first(letter: &Letter) -> char {
    letter.likely.first().map_or(' ', |(of, _)| *of)
}

fn median(mut of: Vec<f32>) -> Option<f32> {
    of.sort_by(f32::total_cmp);
    of.get(of.len().saturating_sub(1) / 2).copied()
}
