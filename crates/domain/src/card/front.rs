//! The portrait side: 姓名, 性别, 民族, 出生, 住址, 公民身份号码.

use super::fault::photo_fault;
use super::lines::{Row, rows};
use super::number::{number, sex_of};
use super::{CardFault, CardFront, CardText, Sex};
use crate::document::{self, BirthDate, IdCard, Province};

/// How sure the reader must be of a name; a less certain one is given and named as unclear.
const SURE_NAME: f32 = 0.8;

const FRONT_WORDS: [&str; 6] = ["姓名", "性别", "民族", "出生", "住址", "公民身份号码"];
const BACK_WORDS: [&str; 4] = ["中华人民共和国", "居民身份证", "签发机关", "有效期限"];

/// Reads the portrait side.
pub fn read_front(text: &CardText) -> CardFront {
    let rows = rows(text);
    let mut front = fields(&rows);
    match number(&rows, front.birth, front.sex) {
        Ok(number) => front.number = number,
        Err(fault) => front.faults.push(fault),
    }
    let card = front.number.as_deref().and_then(|number| IdCard::parse(number).ok());
    front.birth = front.birth.or(card.map(|card| card.birth));
    front.sex = front.sex.or_else(|| front.number.as_deref().and_then(sex_of));
    front.province = front.province.or(card.map(|card| card.province));
    let unsure = rows.first().is_some_and(|row| row.confidence() < SURE_NAME);
    if front.number.is_some() && front.name.is_some() {
        if unsure {
            front.faults.push(CardFault::Unclear);
        }
    } else {
        front.faults.insert(0, side_fault(&rows, &BACK_WORDS, &FRONT_WORDS, CardFault::BackForFront, text));
    }
    front.faults.dedup();
    front
}

/// Why fields are missing: the other side, no card at all, or something about the photo.
fn side_fault(
    rows: &[Row],
    other: &[&str],
    wanted: &[&str],
    other_side: CardFault,
    text: &CardText,
) -> CardFault {
    let whole: String = rows.iter().map(Row::text).collect();
    let count = |words: &[&str]| words.iter().filter(|word| whole.contains(**word)).count();
    let (wanted, other) = (count(wanted), count(other));
    if other > wanted {
        other_side
    } else if wanted == 0
        && !whole.contains("身份")
        && whole.chars().filter(char::is_ascii_digit).count() < 15
    {
        match photo_fault(text) {
            fault @ (CardFault::TooDark | CardFault::Blurred) => fault,
            _ => CardFault::NoCard,
        }
    } else {
        photo_fault(text)
    }
}

/// The fault of an emblem side of which something is missing.
pub(super) fn back_fault(rows: &[Row], text: &CardText) -> CardFault {
    side_fault(rows, &FRONT_WORDS, &BACK_WORDS, CardFault::FrontForBack, text)
}

/// Everything but the number.
fn fields(rows: &[Row]) -> CardFront {
    let texts: Vec<String> = rows.iter().map(Row::text).collect();
    let sex_row = sex_row(&texts);
    let birth_row = texts.iter().position(|text| printed_date(text).is_some() || is_birth_row(text));
    let number_row = texts.iter().position(|text| is_number_row(text)).unwrap_or(texts.len());
    let name_ends = sex_row.or_else(|| birth_row.map(|row| row.saturating_sub(1))).unwrap_or(0);
    let address_begins = birth_row.or(sex_row).map_or(number_row, |row| row + 1);
    let address = address(texts.get(address_begins..number_row).unwrap_or_default());
    let beside_sex = sex_row.map_or("", |row| texts[row].as_str());
    CardFront {
        name: name(&texts[..name_ends]),
        number: None,
        sex: printed_sex(beside_sex),
        ethnicity: ethnicity(beside_sex),
        birth: birth_row.and_then(|row| printed_date(&texts[row])),
        province: address.as_deref().and_then(Province::recognise),
        address,
        faults: Vec::new(),
    }
}

/// The row of 性别 and 民族, by its words or, where those were misread, by what it begins with.
fn sex_row(texts: &[String]) -> Option<usize> {
    let said = texts.iter().position(|text| text.contains("性别") || text.contains("民族"));
    let begins = |text: &String| text.starts_with(['性', '男', '女']);
    said.or_else(|| texts.iter().skip(1).position(begins).map(|row| row + 1))
}

fn is_birth_row(text: &str) -> bool {
    text.starts_with("出生")
        || (text.contains('月') && text.chars().filter(char::is_ascii_digit).count() >= 5)
}

fn is_number_row(text: &str) -> bool {
    text.contains("身份号") || text.chars().filter(char::is_ascii_digit).count() >= 15
}

/// The name: what stands above 性别, without its label. Long names take two rows.
fn name(above: &[String]) -> Option<String> {
    let first = above.iter().position(|row| row.starts_with("姓名")).unwrap_or(above.len().saturating_sub(1));
    let mut joined: String = above.get(first..)?.concat();
    for label in ["姓名", "姓", "名"] {
        if let Some(rest) = joined.strip_prefix(label).filter(|rest| !rest.is_empty()) {
            joined = rest.to_owned();
            break;
        }
    }
    document::check_name(&joined).ok().filter(|name| name != "姓名" && name.chars().count() >= 2)
}

fn printed_sex(row: &str) -> Option<Sex> {
    let after = row.split_once("性别").map_or(row, |(_, after)| after);
    let before = after.split("民族").next().unwrap_or_default();
    match (before.contains('男'), before.contains('女')) {
        (true, false) => Some(Sex::Male),
        (false, true) => Some(Sex::Female),
        _ => None,
    }
}

fn ethnicity(row: &str) -> Option<String> {
    let (_, after) = row.split_once("民族")?;
    let name: String = after.chars().filter(|character| character.is_alphabetic()).collect();
    (!name.is_empty() && name.chars().count() <= 10).then_some(name)
}

fn address(rows: &[String]) -> Option<String> {
    let joined = rows.concat();
    let address = ["住址", "住", "址"].iter().find_map(|label| joined.strip_prefix(label)).unwrap_or(&joined);
    (address.chars().count() >= 6).then(|| address.to_owned())
}

/// `2003年4月15日`, wherever it is in the text.
fn printed_date(text: &str) -> Option<BirthDate> {
    let (before, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, _) = rest.split_once('日')?;
    let year: String = before.chars().rev().take_while(char::is_ascii_digit).take(4).collect();
    let year: String = year.chars().rev().collect();
    BirthDate::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}
