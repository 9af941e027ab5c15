//! What a line says: cut out level, 48 pixels high, read letter by letter (CTC).

use std::path::Path;

use image::RgbImage;
use tract_onnx::prelude::tract_data::internal::format_err;
use tract_onnx::prelude::*;
use yikao_domain::card::{Letter, TextLine};

use super::as_f32;
use super::find::Quad;
use super::network::{Network, level, load};

const HEIGHT: usize = 48;
/// Widths for which a network is ready: the smallest that holds the line is taken.
const WIDTHS: [usize; 3] = [160, 320, 640];
/// How sure the reader must be of a line to give it at all.
const LEAST_CONFIDENCE: f32 = 0.5;
/// Digits in a line from which it is read twice.
const NUMBER_DIGITS: usize = 12;

/// Letters that are kept of each place, and how likely the least likely of them is.
const ALTERNATIVES: usize = 6;
const LEAST_LIKELY: f32 = 0.01;

/// Reads lines.
pub(super) struct Reader {
    networks: Vec<(usize, Network)>,
    /// The letter of each class; the first means none.
    letters: Vec<char>,
}

impl Reader {
    pub(super) fn load(file: &Path) -> TractResult<Self> {
        let proto = tract_onnx::onnx().proto_model_for_path(file)?;
        let known = proto.metadata_props.iter().find(|property| property.key == "character");
        let known = known.ok_or_else(|| format_err!("the text reader has no character set"))?;
        let mut letters = vec![' '];
        letters.extend(known.value.split('\n').map(|letter| letter.chars().next().unwrap_or(' ')));
        letters.push(' ');
        let ready = |width: usize| Ok((width, load(file, [1, 3, HEIGHT, width])?));
        Ok(Self { networks: WIDTHS.into_iter().map(ready).collect::<TractResult<_>>()?, letters })
    }

    /// The text in `quad`, if there is any.
    ///
    /// A line of digits is read twice, the second time cut out a little higher: where both differ it is not sure.
    pub(super) fn read(&self, photo: &RgbImage, quad: &Quad) -> TractResult<Option<TextLine>> {
        let mut line = self.read_once(photo, quad)?;
        let text = line.text();
        if text.chars().filter(char::is_ascii_digit).count() >= NUMBER_DIGITS
            && self.read_once(photo, &quad.grown(0.06))?.text() != text
        {
            line.confidence = line.confidence.min(LEAST_CONFIDENCE);
        }
        Ok((!line.letters.is_empty() && line.confidence >= LEAST_CONFIDENCE).then_some(line))
    }

    fn read_once(&self, photo: &RgbImage, quad: &Quad) -> TractResult<TextLine> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a width, at most 640 below"
        )]
        let wanted = (f32::from(48_u8) * quad.width() / quad.height().max(1.0)).ceil() as usize;
        let fitting = self.networks.iter().find(|(width, _)| *width >= wanted).or(self.networks.last());
        let (width, network) = fitting.ok_or_else(|| format_err!("no network is loaded"))?;
        let filled = wanted.clamp(16, *width);
        let input = level_cut(photo, quad, filled, *width);
        let input = Tensor::from_shape(&[1, 3, HEIGHT, *width], &input)?;
        let output = network.run(tvec!(input.into()))?;
        let output = output[0].to_plain_array_view::<f32>()?;
        let classes = output.shape().last().copied().unwrap_or(1).max(1);
        let likely: Vec<f32> = output.iter().copied().collect();
        let letters = self.spell(&likely, classes, as_f32(*width) / as_f32(filled));
        let sure =
            letters.iter().filter_map(|letter| letter.likely.first()).map(|(_, sure)| sure).sum::<f32>();
        let confidence = sure / as_f32(letters.len().max(1));
        Ok(TextLine { letters, confidence, corners: quad.corners })
    }

    /// The likeliest class of each column; repetitions are one letter. A line fills one part in `spare` of the width.
    fn spell(&self, likely: &[f32], classes: usize, spare: f32) -> Vec<Letter> {
        let (mut last, mut letters) = (0, Vec::new());
        let columns = likely.len() / classes;
        for (place, column) in likely.chunks_exact(classes).enumerate() {
            let best = (0..classes).max_by(|a, b| column[*a].total_cmp(&column[*b])).unwrap_or(0);
            if best != last && best != 0 {
                let at = (as_f32(place) + 0.5) / as_f32(columns) * spare;
                letters.push(Letter { at, likely: self.alternatives(column) });
            }
            last = best;
        }
        letters
    }

    /// What a column may be, the likeliest first.
    fn alternatives(&self, column: &[f32]) -> Vec<(char, f32)> {
        let known = column.iter().zip(&self.letters).skip(1);
        let mut likely: Vec<(char, f32)> =
            known.filter(|(sure, _)| **sure >= LEAST_LIKELY).map(|(sure, letter)| (*letter, *sure)).collect();
        likely.sort_by(|a, b| b.1.total_cmp(&a.1));
        likely.truncate(ALTERNATIVES);
        likely
    }
}

/// The quad as a level strip, the rest of the width empty.
fn level_cut(photo: &RgbImage, quad: &Quad, filled: usize, width: usize) -> Vec<f32> {
    let mut strip = vec![0.0_f32; 3 * HEIGHT * width];
    let [start, end, _, below] = quad.corners;
    for y in 0..HEIGHT {
        for x in 0..filled {
            let (right, down) = ((as_f32(x) + 0.5) / as_f32(filled), (as_f32(y) + 0.5) / as_f32(HEIGHT));
            let at_x = start.x + (end.x - start.x) * right + (below.x - start.x) * down;
            let at_y = start.y + (end.y - start.y) * right + (below.y - start.y) * down;
            let colour = between(photo, at_x, at_y);
            for channel in 0..3 {
                strip[(channel * HEIGHT + y) * width + x] = level(colour[2 - channel]);
            }
        }
    }
    strip
}

/// The colour at a place between pixels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the picture")]
fn between(photo: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (width, height) = (as_f32(photo.width() as usize), as_f32(photo.height() as usize));
    let (x, y) = ((x - 0.5).clamp(0.0, width - 1.01), (y - 0.5).clamp(0.0, height - 1.01));
    let (left, top) = (x as u32, y as u32);
    let (right, down) = (x.fract(), y.fract());
    let at = |dx: u32, dy: u32| photo.get_pixel(left + dx, top + dy).0.map(f32::from);
    let (upper, lower) = ([at(0, 0), at(1, 0)], [at(0, 1), at(1, 1)]);
    std::array::from_fn(|channel| {
        let mixed = |[one, next]: [[f32; 3]; 2]| one[channel] * (1.0 - right) + next[channel] * right;
        mixed(upper) * (1.0 - down) + mixed(lower) * down
    })
}
