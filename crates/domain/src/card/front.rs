//! The portrait side: 姓名, 性别, 民族, 出生, 住址, 公民身份号码.

use super::fault::photo_fault;
use super::lines::{Row, rows};
use super::name::{Places, name};
use super::number::{number, sex_of};
use super::{CardFault, CardFront, CardText, Sex};
use crate::document::{BirthDate, IdCard, Province};

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
    if front.number.is_none() || front.name.is_none() {
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

/// Everything but the number. A name of which a letter was not certain is given, and named as unclear.
fn fields(rows: &[Row]) -> CardFront {
    let texts: Vec<String> = rows.iter().map(Row::text).collect();
    let birth = texts.iter().position(|text| printed_date(text).is_some() || is_birth_row(text));
    let number = texts.iter().position(|text| is_number_row(text));
    // Below 出生 stands an address, which may be in 民族大道.
    let sex = sex_row(&texts[..birth.or(number).unwrap_or(texts.len())]);
    let places = Places { sex, birth, number };
    let name = name(rows, places);
    let number_row = places.number.unwrap_or(texts.len());
    let address_begins = places.birth.or(places.sex).map_or(number_row, |row| row + 1);
    let address = address(texts.get(address_begins..number_row).unwrap_or_default());
    let beside_sex = places.sex.map_or("", |row| texts[row].as_str());
    CardFront {
        faults: name.iter().filter(|name| !name.certain).map(|_| CardFault::Unclear).collect(),
        name: name.map(|name| name.text),
        number: None,
        sex: printed_sex(beside_sex),
        ethnicity: ethnicity(beside_sex),
        birth: places.birth.and_then(|row| printed_date(&texts[row])),
        province: address.as_deref().and_then(Province::recognise),
        address,
    }
}

/// The row of 性别 and 民族, by its words or, where those were misread, by what it begins with.
fn sex_row(texts: &[String]) -> Option<usize> {
    let said = texts.iter().position(|text| text.contains("性别") || text.contains("民族"));
    let begins = |text: &String| {
        let after = text.split_once(['男', '女']).map_or("", |(_, after)| after);
        text.starts_with(['性', '男', '女']) && !text.starts_with("性名") || after.contains(['民', '族'])
    };
    said.or_else(|| texts.iter().position(begins))
}

fn is_birth_row(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let begins_with_a_year = text.starts_with("19") || text.starts_with("20");
    text.starts_with("出生")
        || (5..15).contains(&digits) && (text.contains(['年', '月']) || begins_with_a_year)
}

fn is_number_row(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    text.contains("身份号") || digits >= 15 && !text.contains(['.', '-'])
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
