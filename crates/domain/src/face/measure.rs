//! What the engine measured of a picture.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A place in an upright picture, in pixels from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// Where a face is, in pixels. It may reach beyond the picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// The five points of a face: both corners of both eyes, and the base of the nose.
///
/// Left and right are those of the picture, not of the person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Landmarks {
    /// Centre of the eye on the picture's left.
    pub left_eye: Point,
    /// Centre of the eye on the picture's right.
    pub right_eye: Point,
    /// Base of the nose.
    pub nose: Point,
}

/// How light a picture, or the part with the face, is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Light {
    /// Mean brightness, from 0 (black) to 1 (white).
    pub mean: f32,
    /// Share of the area that is as good as black.
    pub dark: f32,
    /// Share of the area that is as good as white.
    pub blown: f32,
}

/// A face that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredFace {
    /// Where.
    pub bounds: Bounds,
    /// Its five points.
    pub landmarks: Landmarks,
    /// Fine detail in the face, whatever its size and contrast; a sharp photo has more than 1.
    pub sharpness: f32,
    /// Light on the face.
    pub light: Light,
    /// What tells it from other faces. Faces too small or cut off have none.
    pub embedding: Option<Embedding>,
}

/// Everything measured of one picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Width of the upright picture in pixels.
    pub width: u32,
    /// Height of the upright picture in pixels.
    pub height: u32,
    /// Faces, the largest first.
    pub faces: Vec<MeasuredFace>,
    /// Light on the whole picture.
    pub light: Light,
    /// Fine detail in the whole picture.
    pub sharpness: f32,
}

/// 128 numbers that lie close together for one person's photos and apart for two persons'.
#[derive(Clone, Copy, PartialEq)]
pub struct Embedding([f32; 128]);

impl Bounds {
    /// The share of this box that lies outside a picture of this size, from 0 to 1.
    pub fn share_outside(&self, width: f32, height: f32) -> f32 {
        let across = ((self.left + self.width).min(width) - self.left.max(0.0)).max(0.0);
        let down = ((self.top + self.height).min(height) - self.top.max(0.0)).max(0.0);
        let area = self.width * self.height;
        if area > 0.0 { 1.0 - across * down / area } else { 1.0 }
    }

    /// The area in square pixels.
    pub fn area(&self) -> f32 {
        self.width * self.height
    }
}

impl Landmarks {
    /// Distance between the eyes in pixels.
    pub fn eye_distance(&self) -> f32 {
        (self.right_eye.x - self.left_eye.x).hypot(self.right_eye.y - self.left_eye.y)
    }

    /// How far the head is turned: the nose's way along the eye line from the middle of the eyes, as a share of the
    /// eyes' distance. Positive towards the picture's right, which is the person's own left.
    pub fn turn(&self) -> f32 {
        let (across, down) = (self.right_eye.x - self.left_eye.x, self.right_eye.y - self.left_eye.y);
        let middle = Point {
            x: f32::midpoint(self.left_eye.x, self.right_eye.x),
            y: f32::midpoint(self.left_eye.y, self.right_eye.y),
        };
        let along = (self.nose.x - middle.x) * across + (self.nose.y - middle.y) * down;
        let square = across * across + down * down;
        if square > 0.0 { along / square } else { 0.0 }
    }

    /// How far the head leans, in degrees: positive when the eye on the picture's right is lower.
    pub fn tilt(&self) -> f32 {
        let (across, down) = (self.right_eye.x - self.left_eye.x, self.right_eye.y - self.left_eye.y);
        down.atan2(across).to_degrees()
    }
}

impl Look {
    /// The largest face.
    pub fn largest(&self) -> Option<&MeasuredFace> {
        self.faces.first()
    }
}

impl Embedding {
    /// Bytes of an embedding at rest.
    pub const BYTES: usize = 512;

    /// Wraps what the engine computed.
    pub const fn new(numbers: [f32; 128]) -> Self {
        Self(numbers)
    }

    /// The numbers.
    pub const fn numbers(&self) -> &[f32; 128] {
        &self.0
    }

    /// Euclidean distance: under about 0.45 it is the same person, over 0.6 it is another.
    pub fn distance(&self, other: &Self) -> f32 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
    }

    /// Little-endian bytes, to be encrypted and stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    /// What [`Embedding::to_bytes`] wrote; `None` for any other length or for what is no number.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (chunks, rest) = bytes.as_chunks::<4>();
        let numbers: [f32; 128] =
            chunks.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect::<Vec<_>>().try_into().ok()?;
        (rest.is_empty() && numbers.iter().all(|number| number.is_finite())).then_some(Self(numbers))
    }
}

/// An embedding identifies somebody: it stays out of logs.
impl fmt::Debug for Embedding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Embedding(…)")
    }
}

impl Serialize for Embedding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0)
    }
}

impl<'de> Deserialize<'de> for Embedding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let numbers = Vec::<f32>::deserialize(deserializer)?;
        let wrong = |numbers: Vec<f32>| serde::de::Error::invalid_length(numbers.len(), &"128 numbers");
        numbers.try_into().map(Self).map_err(wrong)
    }
}
