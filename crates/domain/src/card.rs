//! Identity cards: from the lines of text that were read on a photo to the fields of the card.
//!
//! Nothing here sees a picture. What is read is a proposal: every field can be corrected, and a number is given only
//! when it is whole, its checksum holds and the rest of the card does not contradict it.

mod back;
mod fault;
mod front;
mod lines;
mod name;
mod names;
mod number;

use serde::{Deserialize, Serialize};

use crate::document::{BirthDate, Province};
use crate::face::Point;

pub use back::read_back;
pub use fault::CardFault;
pub use front::read_front;

/// A line of text on a photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextLine {
    /// Its letters, from where reading begins.
    pub letters: Vec<Letter>,
    /// How sure the reader is, from 0 to 1.
    pub confidence: f32,
    /// Its corners, clockwise from where reading begins.
    pub corners: [Point; 4],
}

/// A letter of a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// Where its middle is along the line, from 0 to 1.
    pub at: f32,
    /// What it may be and how likely that is, from 0 to 1; the likeliest first, and never nothing.
    pub likely: Vec<(char, f32)>,
}

impl TextLine {
    /// The likeliest text.
    #[must_use]
    pub fn text(&self) -> String {
        self.letters.iter().filter_map(|letter| letter.likely.first()).map(|(letter, _)| letter).collect()
    }
}

/// Everything read on one photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CardText {
    /// Width in pixels of the picture as it was read.
    pub width: u32,
    /// Height in pixels of the picture as it was read.
    pub height: u32,
    /// How far the photo was turned clockwise to be read: 0, 90, 180 or 270 degrees.
    pub turned: u16,
    /// The lines, from top to bottom.
    pub lines: Vec<TextLine>,
    /// Fine detail; a sharp photo has more than 1.
    pub sharpness: f32,
    /// Share of the picture that is as good as white.
    pub blown: f32,
    /// Mean brightness, from 0 to 1.
    pub brightness: f32,
}

/// 性别, as cards and numbers have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 女.
    Female,
    /// 男.
    Male,
}

/// What the portrait side (人像面) says. What could not be read is absent and named in `faults`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardFront {
    /// 姓名, as it is stored (`document::check_name`).
    pub name: Option<String>,
    /// 公民身份号码: its checksum holds, and birth date and sex agree with what is printed beside it.
    pub number: Option<String>,
    /// 性别.
    pub sex: Option<Sex>,
    /// 民族.
    pub ethnicity: Option<String>,
    /// 出生.
    pub birth: Option<BirthDate>,
    /// 住址.
    pub address: Option<String>,
    /// The province that the address, or else the number, names.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub province: Option<Province>,
    /// What to mend before the photo is taken again; the first is the one to say.
    pub faults: Vec<CardFault>,
}

/// What the emblem side (国徽面) says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardBack {
    /// 签发机关.
    pub authority: Option<String>,
    /// 有效期限, first day.
    pub valid_from: Option<BirthDate>,
    /// 有效期限, last day.
    pub valid_until: Option<ValidUntil>,
    /// What to mend before the photo is taken again; the first is the one to say.
    pub faults: Vec<CardFault>,
}

/// The end of a card's validity. An expired card is accepted (C8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ValidUntil {
    /// The last day.
    Day(BirthDate),
    /// 长期.
    LongTerm,
}

#[cfg(test)]
mod tests;
