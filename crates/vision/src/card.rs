//! PP-OCRv6 in tract: lines of text are found, cut out level, and read, whichever way up the card is.

mod find;
mod network;
mod read;

use image::RgbImage;
use yikao_domain::card::{CardText, TextLine};

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
        Ok(CardText {
            width: best.size.0,
            height: best.size.1,
            turned: best.turned,
            lines: best.lines,
            sharpness: measure::sharpness(&grey, measure::PAGE_DETAIL),
            blown: light.blown,
            brightness: light.mean,
        })
    }
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

#[expect(clippy::cast_precision_loss, reason = "a line is short")]
fn letters(line: &TextLine) -> f32 {
    line.text.chars().count() as f32
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
