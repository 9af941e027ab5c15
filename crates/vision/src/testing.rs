//! For other crates' tests: pictures that say themselves what is to be seen in them, and engines that believe it.
//!
//! A [`Scene`] is a small PNG. `Vision::scripted()` sees in it what the scene says; in any other picture it sees no
//! face and no text. Real files go through the real decoder, so that faults of files are real.
//!
//! ```
//! # use yikao_vision::{Vision, testing::Scene};
//! # async fn story() -> Result<(), yikao_vision::VisionError> {
//! let vision = Vision::scripted();
//! let portrait = vision.look(Scene::person(7).picture()).await?;
//! let live = vision.look(Scene::person(7).at_distance(0.5).picture()).await?;
//! # Ok(()) }
//! ```

use std::io::Cursor;

use bytes::Bytes;
use image::{ImageFormat, RgbImage};
use serde::{Deserialize, Serialize};
use yikao_domain::card::{CardText, TextLine};
use yikao_domain::face::{Bounds, Embedding, Landmarks, Light, Look, MeasuredFace, Point};

use crate::VisionError;
use crate::engine::{CardReader, EngineError, Engines, FaceEngine, Seen, Wanted};
use crate::picture;

const MAGIC: &[u8; 12] = b"yikao scene\n";

/// What is to be seen in a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    look: Look,
    card: CardText,
    crashes: bool,
}

impl Scene {
    /// Nobody, in good light, and no text.
    pub fn nobody() -> Self {
        let light = Light { mean: 0.5, dark: 0.0, blown: 0.0 };
        Self {
            look: Look { width: 640, height: 480, faces: Vec::new(), light, sharpness: 0.6 },
            card: CardText {
                width: 1280,
                height: 960,
                turned: 0,
                lines: Vec::new(),
                sharpness: 0.6,
                blown: 0.0,
                brightness: 0.6,
            },
            crashes: false,
        }
    }

    /// A good picture of one person, looking straight at the camera. Different numbers are different people.
    pub fn person(number: u8) -> Self {
        Self::nobody().and_person(number)
    }

    /// Another person in the same picture, a little smaller than the one before.
    #[must_use]
    pub fn and_person(mut self, number: u8) -> Self {
        let beside = self.look.faces.len() as f32;
        let width = 160.0 - 10.0 * beside;
        let bounds = Bounds { left: 240.0 + 180.0 * beside, top: 150.0, width, height: width };
        let eyes = bounds.top + 0.35 * width;
        self.look.faces.push(MeasuredFace {
            bounds,
            landmarks: Landmarks {
                left_eye: Point { x: bounds.left + 0.3 * width, y: eyes },
                right_eye: Point { x: bounds.left + 0.7 * width, y: eyes },
                nose: Point { x: bounds.left + 0.5 * width, y: eyes + 0.25 * width },
            },
            sharpness: 0.6,
            light: self.look.light,
            embedding: Some(embedding(number, 0.0)),
        });
        self
    }

    /// The last person's face lies this far from the one of [`Scene::person`].
    #[must_use]
    pub fn at_distance(self, distance: f32) -> Self {
        self.change(|face| {
            let number = face.embedding.and_then(|it| it.numbers().iter().position(|at| *at > 0.5));
            let number = number.and_then(|number| u8::try_from(number).ok()).unwrap_or_default();
            face.embedding = Some(embedding(number, distance));
        })
    }

    /// The last face is turned this far (a share of the eyes' distance), towards the person's own left.
    #[must_use]
    pub fn turned(self, turn: f32) -> Self {
        self.change(|face| face.landmarks.nose.x += turn * face.landmarks.eye_distance())
    }

    /// The last face leans by this many degrees.
    #[must_use]
    pub fn tilted(self, degrees: f32) -> Self {
        self.change(|face| {
            let Landmarks { left_eye, right_eye, .. } = face.landmarks;
            let middle = Point {
                x: f32::midpoint(left_eye.x, right_eye.x),
                y: f32::midpoint(left_eye.y, right_eye.y),
            };
            let (sine, cosine) = degrees.to_radians().sin_cos();
            for point in
                [&mut face.landmarks.left_eye, &mut face.landmarks.right_eye, &mut face.landmarks.nose]
            {
                let (x, y) = (point.x - middle.x, point.y - middle.y);
                *point = Point { x: middle.x + x * cosine - y * sine, y: middle.y + x * sine + y * cosine };
            }
        })
    }

    /// The last face is this many times as large.
    #[must_use]
    pub fn nearer(self, times: f32) -> Self {
        self.change(|face| {
            let Bounds { left, top, .. } = face.bounds;
            for point in
                [&mut face.landmarks.left_eye, &mut face.landmarks.right_eye, &mut face.landmarks.nose]
            {
                *point = Point { x: left + (point.x - left) * times, y: top + (point.y - top) * times };
            }
            face.bounds.width *= times;
            face.bounds.height *= times;
        })
    }

    /// The last face is 20 pixels wide.
    #[must_use]
    pub fn too_small(self) -> Self {
        self.nearer(0.125).change(|face| face.embedding = None)
    }

    /// Hardly any light.
    #[must_use]
    pub fn too_dark(self) -> Self {
        self.in_light(Light { mean: 0.03, dark: 0.9, blown: 0.0 })
    }

    /// Washed out.
    #[must_use]
    pub fn over_exposed(self) -> Self {
        self.in_light(Light { mean: 0.96, dark: 0.0, blown: 0.8 })
    }

    /// Out of focus.
    #[must_use]
    pub fn blurred(mut self) -> Self {
        self.look.sharpness = 0.05;
        self.card.sharpness = 0.05;
        self.change(|face| face.sharpness = 0.05)
    }

    /// Half of the last face is outside the picture.
    #[must_use]
    pub fn cut_off(self) -> Self {
        self.change(|face| face.bounds.left = -face.bounds.width / 2.0)
    }

    /// Lines of text, from top to bottom.
    pub fn text(lines: &[&str]) -> Self {
        let mut scene = Self::nobody();
        let line = |(at, text): (usize, &&str)| {
            let top = 100.0 + 60.0 * at as f32;
            let right = 100.0 + 30.0 * text.chars().count() as f32;
            let corner = |x, y| Point { x, y };
            TextLine {
                text: (*text).to_owned(),
                confidence: 0.99,
                corners: [
                    corner(100.0, top),
                    corner(right, top),
                    corner(right, top + 36.0),
                    corner(100.0, top + 36.0),
                ],
            }
        };
        scene.card.lines = lines.iter().enumerate().map(line).collect();
        scene
    }

    /// The portrait side of a card. The number should be valid; its birth date and sex are printed as it has them.
    pub fn card_front(name: &str, number: &str) -> Self {
        let digits = |range| number.get(range).unwrap_or_default();
        let sex = if digits(16..17).parse::<u8>().unwrap_or(0) % 2 == 1 { "男" } else { "女" };
        let plain = |digits: &str| digits.trim_start_matches('0').to_owned();
        let birth = format!("出生{}年{}月{}日", digits(6..10), plain(digits(10..12)), plain(digits(12..14)));
        Self::text(&[
            &format!("姓名{name}"),
            &format!("性别{sex}民族汉"),
            &birth,
            "住址北京市西城区鲍家街43号",
            &format!("公民身份号码{number}"),
        ])
    }

    /// The emblem side of a card.
    pub fn card_back() -> Self {
        Self::text(&[
            "中华人民共和国",
            "居民身份证",
            "签发机关北京市公安局西城分局",
            "有效期限2016.05.20-2036.05.20",
        ])
    }

    /// A picture over which a worker dies.
    pub fn deadly() -> Self {
        Self { crashes: true, ..Self::nobody() }
    }

    /// The picture: a PNG.
    pub fn picture(&self) -> Bytes {
        let json = serde_json::to_vec(self).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend(u32::try_from(json.len()).unwrap_or_default().to_be_bytes());
        bytes.extend(json);
        let width = 64;
        let height = u32::try_from(bytes.len().div_ceil(3 * 64)).unwrap_or(1).max(16);
        bytes.resize((3 * width * height) as usize, 0);
        let mut png = Cursor::new(Vec::new());
        if let Some(pixels) = RgbImage::from_raw(width, height, bytes) {
            let written = pixels.write_to(&mut png, ImageFormat::Png);
            debug_assert!(written.is_ok(), "a PNG in memory can be written");
        }
        Bytes::from(png.into_inner())
    }

    /// What a picture says, if it is a scene.
    fn of(picture: &RgbImage) -> Option<Self> {
        let rest = picture.as_raw().strip_prefix(MAGIC)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        serde_json::from_slice(rest.get(..u32::from_be_bytes(*length) as usize)?).ok()
    }

    fn in_light(mut self, light: Light) -> Self {
        self.look.light = light;
        self.card.brightness = light.mean;
        self.card.blown = light.blown;
        self.change(|face| face.light = light)
    }

    fn change(mut self, change: impl FnOnce(&mut MeasuredFace)) -> Self {
        if let Some(face) = self.look.faces.last_mut() {
            change(face);
        }
        self
    }
}

/// Sees what scenes say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Believer;

impl FaceEngine for Believer {
    fn look(&mut self, picture: &RgbImage) -> Result<Look, EngineError> {
        Ok(Scene::of(picture).unwrap_or_else(Scene::nobody).look)
    }
}

impl CardReader for Believer {
    fn read(&mut self, picture: &RgbImage) -> Result<CardText, EngineError> {
        Ok(Scene::of(picture).unwrap_or_else(Scene::nobody).card)
    }
}

/// Answers as a worker would. A scene is its own normal form, for a JPEG could not say what it says.
pub(crate) fn answer(wanted: Wanted, bytes: &[u8]) -> Result<(Seen, Vec<u8>), VisionError> {
    let scene = picture::decode(bytes).ok().as_ref().and_then(Scene::of);
    match scene {
        Some(scene) if scene.crashes => Err(VisionError::Crashed("signal: 9 (SIGKILL)".to_owned())),
        Some(_) if matches!(wanted, Wanted::Normal { .. }) => Ok((Seen::Normal, bytes.to_vec())),
        _ => Ok(Engines::new(Believer, Believer).answer(wanted, bytes)),
    }
}

/// People lie on axes of their own, further apart than any threshold.
fn embedding(number: u8, distance: f32) -> Embedding {
    let axis = usize::from(number % 64);
    let mut numbers = [0.0; 128];
    numbers[axis] = 0.7;
    numbers[axis + 64] = distance;
    Embedding::new(numbers)
}
