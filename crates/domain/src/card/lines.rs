//! Lines of text as rows of a level card, however the photo was held.

use super::{CardText, Letter, TextLine};
use crate::document::half_width;

/// A line in the card's own directions: x along the text, y across it, in pixels of the photo.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// As many as `text` has, each with its `at` in pixels.
    pub(super) letters: Vec<Letter>,
    pub(super) confidence: f32,
    pub(super) left: f32,
    pub(super) y: f32,
    pub(super) height: f32,
}

/// Pieces beside each other, from left to right.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) pieces: Vec<Piece>,
}

impl Row {
    /// The whole row.
    pub(super) fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Its letters, their `at` in pixels along the text.
    pub(super) fn letters(&self) -> impl Iterator<Item = &Letter> {
        self.pieces.iter().flat_map(|piece| &piece.letters)
    }

    /// How sure the reader is of the pieces that are asked about: a misread label says nothing of what stands beside it.
    pub(super) fn confidence_where(&self, asked: impl Fn(&str) -> bool) -> f32 {
        self.pieces
            .iter()
            .filter(|piece| asked(&piece.text))
            .map(|piece| piece.confidence)
            .fold(1.0, f32::min)
    }

    fn y(&self) -> f32 {
        let count = self.pieces.len().max(1);
        #[expect(clippy::cast_precision_loss, reason = "a row has few pieces")]
        let count = count as f32;
        self.pieces.iter().map(|piece| piece.y).sum::<f32>() / count
    }
}

/// The rows of a photo, from top to bottom. Spaces and full width mean nothing on a card and are gone.
pub(super) fn rows(text: &CardText) -> Vec<Row> {
    let lean = lean(&text.lines);
    let mut pieces: Vec<Piece> = text.lines.iter().map(|line| piece(line, lean)).collect();
    pieces.retain(|piece| !piece.text.is_empty());
    pieces.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Row> = Vec::new();
    for piece in pieces {
        match rows.last_mut() {
            Some(row) if beside(row, &piece) => row.pieces.push(piece),
            _ => rows.push(Row { pieces: vec![piece] }),
        }
    }
    for row in &mut rows {
        row.pieces.sort_by(|a, b| a.left.total_cmp(&b.left));
    }
    rows
}

fn beside(row: &Row, piece: &Piece) -> bool {
    let height = row.pieces.iter().map(|other| other.height).fold(piece.height, f32::max);
    (piece.y - row.y()).abs() < 0.5 * height
}

fn piece(line: &TextLine, lean: f32) -> Piece {
    let (sine, cosine) = lean.sin_cos();
    let level = |at: usize| {
        let point = line.corners[at];
        (point.x * cosine + point.y * sine, point.y * cosine - point.x * sine)
    };
    let corners = [level(0), level(1), level(2), level(3)];
    let sum = |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).sum::<f32>();
    let left = f32::midpoint(corners[0].0, corners[3].0);
    let right = f32::midpoint(corners[1].0, corners[2].0);
    let letters: Vec<Letter> = line.letters.iter().filter_map(|letter| seen(letter, left, right)).collect();
    Piece {
        text: letters.iter().map(|letter| letter.likely[0].0).collect(),
        letters,
        confidence: line.confidence,
        left,
        y: sum(|corner| corner.1) / 4.0,
        height: f32::midpoint(corners[3].1 - corners[0].1, corners[2].1 - corners[1].1).abs(),
    }
}

/// A letter at its place in pixels; none where there is only space.
fn seen(letter: &Letter, left: f32, right: f32) -> Option<Letter> {
    let narrow = |of: char| half_width(of.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(of);
    let likely: Vec<(char, f32)> = letter.likely.iter().map(|(of, sure)| (narrow(*of), *sure)).collect();
    let (first, _) = likely.first()?;
    (!first.is_whitespace()).then_some(Letter { at: left + (right - left) * letter.at, likely })
}

/// The angle of the text in radians: the median of the lines' own, each counted by its length.
fn lean(lines: &[TextLine]) -> f32 {
    let mut angles: Vec<(f32, f32)> = lines
        .iter()
        .map(|line| {
            let across = line.corners[1].x - line.corners[0].x;
            let down = line.corners[1].y - line.corners[0].y;
            (down.atan2(across), across.hypot(down))
        })
        .collect();
    angles.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = angles.iter().map(|(_, length)| length).sum::<f32>() / 2.0;
    let mut passed = 0.0;
    for (angle, length) in angles {
        passed += length;
        if passed >= half {
            return angle;
        }
    }
    0.0
}
