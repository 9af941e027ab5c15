//! PP-OCRv6 in tract: lines of text are found, cut out level, and read, whichever way up the card is.

mod find;
mod network;
mod read;

use image::RgbImage;
use image::imageops::FilterType;
use yikao_domain::card::{CardFront, CardText, TextLine, read_front};
use yikao_domain::face::Point;

use crate::engine::{CardReader, EngineError};
use crate::measure;
use crate::models::Models;
use crate::picture::shrink;
use find::Finder;
use read::Reader;

/// Pixels of the longer side of a photo that is read: a card's letters are 30 pixels high then.
const READ_SIDE: u32 = 1600;
/// Mean confidence from which a photo was read the right way up.
const UPRIGHT: f32 = 0.85;

/// Lines from which a photo shows something like a card.
const LEAST_LINES: usize = 3;

/// The reader. One per thread.
pub struct PaddleCards {
    finder: Finder,
    reader: Reader,
}

/// What was read with the photo held one way.
struct Reading {
    turned: u16,
    size: (u32, u32),
    lines: Vec<TextLine>,
    /// Most lines run from top to bottom.
    sideways: bool,
}

impl PaddleCards {
    /// Loads the models: about 200 MB and half a second.
    ///
    /// # Errors
    /// [`EngineError::Missing`] when a file is not there or not what it should be.
    pub fn load(models: &Models) -> Result<Self, EngineError> {
        let finder = models.file(Models::TEXT_FINDER).map_err(EngineError::Missing)?;
        let reader = models.file(Models::TEXT_READER).map_err(EngineError::Missing)?;
        let missing = |error: tract_onnx::prelude::TractError| EngineError::Missing(error.to_string());
        Ok(Self {
            finder: Finder::load(&finder).map_err(missing)?,
            reader: Reader::load(&reader).map_err(missing)?,
        })
    }

    fn read_turned(&self, photo: &RgbImage, turned: u16) -> Result<Reading, EngineError> {
        let failed = |error: tract_onnx::prelude::TractError| EngineError::Failed(error.to_string());
        let held = turn(photo, turned);
        let quads = self.finder.find(&held).map_err(failed)?;
        let upright = quads.iter().filter(|quad| quad.width() >= 1.5 * quad.height()).count();
        let across = quads.iter().filter(|quad| quad.height() >= 1.5 * quad.width()).count();
        let mut lines = Vec::new();
        for quad in quads {
            lines.extend(self.reader.read(&held, &quad).map_err(failed)?);
        }
        lines.sort_by(|a, b| a.corners[0].y.total_cmp(&b.corners[0].y));
        Ok(Reading { turned, size: held.dimensions(), lines, sideways: across > upright })
    }
}

impl CardReader for PaddleCards {
    fn read(&mut self, picture: &RgbImage) -> Result<CardText, EngineError> {
        let photo = shrink(picture.clone(), READ_SIDE);
        let mut best = self.read_turned(&photo, 0)?;
        if !best.is_upright() && !best.lines.is_empty() {
            let others: &[u16] = if best.sideways { &[90, 270] } else { &[180] };
            for turned in others {
                let other = self.read_turned(&photo, *turned)?;
                if other.worth() > best.worth() {
                    best = other;
                }
                if best.is_upright() {
                    break;
                }
            }
        }
        let grey = image::imageops::grayscale(&photo);
        let light = measure::light(&grey);
        let mut text = CardText {
            width: best.size.0,
            height: best.size.1,
            turned: best.turned,
            lines: best.lines,
            sharpness: measure::sharpness(&grey, measure::PAGE_DETAIL),
            blown: light.blown,
            brightness: light.mean,
        };
        self.look_closer(&photo, &mut text)?;
        Ok(text)
    }
}

impl PaddleCards {
    /// Reads the card once more, as large as it can be, where name or number was not found.
    fn look_closer(&self, photo: &RgbImage, text: &mut CardText) -> Result<(), EngineError> {
        let found =
            |front: &CardFront| usize::from(front.name.is_some()) + usize::from(front.number.is_some());
        let front = read_front(text);
        if found(&front) == 2 || text.lines.len() < LEAST_LINES {
            return Ok(());
        }
        let held = turn(photo, text.turned);
        let (left, top, width, height) = around(&text.lines, held.dimensions());
        let card = image::imageops::crop_imm(&held, left, top, width, height).to_image();
        let scale = Finder::scale(card.dimensions());
        let larger = |side: u32| scaled(side, scale);
        let card = image::imageops::resize(&card, larger(width), larger(height), FilterType::CatmullRom);
        let mut lines = self.read_turned(&card, 0)?.lines;
        for corner in lines.iter_mut().flat_map(|line| &mut line.corners) {
            *corner = Point {
                x: corner.x / scale + as_f32(left as usize),
                y: corner.y / scale + as_f32(top as usize),
            };
        }
        let closer = CardText { lines, ..text.clone() };
        let seen = read_front(&closer);
        if found(&seen) > found(&front) && (front.number.is_none() || seen.number == front.number) {
            *text = closer;
        }
        Ok(())
    }
}

/// Left, top, width and height of a card of which these lines were read: there are more to their left and above.
fn around(lines: &[TextLine], photo: (u32, u32)) -> (u32, u32, u32, u32) {
    let corners = || lines.iter().flat_map(|line| line.corners);
    let range = |of: fn(Point) -> f32| {
        corners().map(of).fold((f32::MAX, f32::MIN), |(low, high), at| (low.min(at), high.max(at)))
    };
    let ((left, right), (top, bottom)) = (range(|corner| corner.x), range(|corner| corner.y));
    let (wide, high) = (right - left, bottom - top);
    let within = |at: f32, most: u32| scaled(1, at.clamp(0.0, as_f32(most as usize))).min(most);
    let (x, y) = (within(left - 0.15 * wide - 10.0, photo.0), within(top - 0.25 * high - 10.0, photo.1));
    let (end_x, end_y) = (within(right + 0.05 * wide, photo.0), within(bottom + 0.06 * high, photo.1));
    (x, y, end_x.saturating_sub(x).max(1), end_y.saturating_sub(y).max(1))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a photo's side")]
fn scaled(side: u32, scale: f32) -> u32 {
    (as_f32(side as usize) * scale) as u32
}

#[expect(clippy::cast_precision_loss, reason = "pictures are far smaller than 2^24 pixels wide")]
const fn as_f32(number: usize) -> f32 {
    number as f32
}

impl Reading {
    fn is_upright(&self) -> bool {
        !self.sideways && self.lines.len() >= 3 && self.confidence() >= UPRIGHT
    }

    /// Letters that were read, each counted as far as the reader is sure.
    fn worth(&self) -> f32 {
        self.lines.iter().map(|line| letters(line) * line.confidence * line.confidence).sum()
    }

    fn confidence(&self) -> f32 {
        let all: f32 = self.lines.iter().map(letters).sum();
        let sure: f32 = self.lines.iter().map(|line| letters(line) * line.confidence).sum();
        sure / all.max(1.0)
    }
}

fn letters(line: &TextLine) -> f32 {
    as_f32(line.letters.len())
}

/// The photo turned clockwise.
fn turn(photo: &RgbImage, degrees: u16) -> RgbImage {
    match degrees {
        90 => image::imageops::rotate90(photo),
        180 => image::imageops::rotate180(photo),
        270 => image::imageops::rotate270(photo),
        _ => photo.clone(),
    }
}
