//! dlib: HOG detector, five points, `ResNet`. Weak on what is not frontal, and known to be weaker on faces of East
//! Asia than on others: hence the flagged band of `FaceThresholds`.

#[expect(unsafe_code, reason = "calls into C++ are declared unsafe; face.cc checks what it is given")]
#[expect(unreachable_pub, reason = "the bridge generates it so")]
mod bridge;

use cxx::UniquePtr;
use image::RgbImage;
use yikao_domain::face::{Bounds, Embedding, Landmarks, Look, MeasuredFace, Point};

use crate::engine::{EngineError, FaceEngine};
use crate::measure;
use crate::models::Models;
use crate::picture::shrink;
use bridge::ffi;

/// Pixels of the longer side in which faces are looked for: a face of 80 is found at once, one of 40 on doubling.
const SEARCHED_SIDE: u32 = 1024;
/// Pixels of the longer side when the only question left is why no face was found.
const EXPLAINED_SIDE: u32 = 640;
/// Width of a face below which its 128 numbers say nothing.
const LEAST_EMBEDDED: i32 = 30;
/// Faces that are compared: a crowd costs no more than this.
const MOST_EMBEDDED: usize = 4;

/// The engine. One per thread.
pub struct DlibFaces {
    dlib: UniquePtr<ffi::Dlib>,
}

/// Faces in a searched picture, and how many of the upright picture's pixels one of its own is.
struct Search<'a> {
    pixels: &'a RgbImage,
    scale: f32,
    /// Where the searched picture's corner lies, in its own pixels.
    offset: Point,
}

impl DlibFaces {
    /// Loads the models: about 30 MB and 0.2 s.
    ///
    /// # Errors
    /// [`EngineError::Missing`] when a file is not there or not what it should be.
    pub fn load(models: &Models) -> Result<Self, EngineError> {
        let file =
            |name| models.file(name).map(|path| path.display().to_string()).map_err(EngineError::Missing);
        let (points, network) = (file(Models::FACE_POINTS)?, file(Models::FACE_NETWORK)?);
        let dlib =
            ffi::new_dlib(&points, &network).map_err(|error| EngineError::Missing(error.to_string()))?;
        Ok(Self { dlib })
    }

    /// dlib alone: the faces of a picture found, given five points, and turned into numbers, with nothing measured.
    /// What everything else is held against (`make bench`).
    ///
    /// # Errors
    /// [`EngineError::Failed`].
    pub fn bare_calls(&mut self, picture: &RgbImage) -> Result<usize, EngineError> {
        let pixels = shrink(picture.clone(), SEARCHED_SIDE);
        let picture = Search { pixels: &pixels, scale: 1.0, offset: Point::default() }.picture()?;
        let boxes = self.detect(&picture, 0)?;
        for found in &boxes {
            let spots = self.dlib.points(&picture, found).map_err(|error| failed(&error))?;
            self.dlib.pin_mut().embed(&picture, &spots).map_err(|error| failed(&error))?;
        }
        Ok(boxes.len())
    }

    fn detect(&mut self, picture: &ffi::Picture, doublings: u32) -> Result<Vec<ffi::FaceBox>, EngineError> {
        self.dlib.pin_mut().detect(picture, doublings).map_err(|error| failed(&error))
    }

    /// Every face that can be compared with another.
    fn faces(&mut self, search: &Search<'_>) -> Result<Vec<MeasuredFace>, EngineError> {
        let picture = search.picture()?;
        let mut boxes = self.detect(&picture, 0)?;
        if boxes.is_empty() {
            boxes = self.detect(&picture, 1)?;
        }
        boxes.sort_by_key(|found| found.left - found.right);
        let mut faces = Vec::new();
        for (rank, found) in boxes.iter().enumerate() {
            let embeds = rank < MOST_EMBEDDED && found.right - found.left >= LEAST_EMBEDDED;
            faces.push(self.measure(search, &picture, found, embeds)?);
        }
        Ok(faces)
    }

    fn measure(
        &mut self,
        search: &Search<'_>,
        picture: &ffi::Picture,
        found: &ffi::FaceBox,
        embeds: bool,
    ) -> Result<MeasuredFace, EngineError> {
        let spots = self.dlib.points(picture, found).map_err(|error| failed(&error))?;
        let embedding = if embeds {
            let numbers = self.dlib.pin_mut().embed(picture, &spots).map_err(|error| failed(&error))?;
            <[f32; 128]>::try_from(numbers).ok().map(Embedding::new)
        } else {
            None
        };
        let inner = box_bounds(found);
        let grey = measure::grey_part(search.pixels, &inner).unwrap_or_default();
        Ok(MeasuredFace {
            bounds: search.bounds_in_picture(&inner),
            landmarks: search.landmarks_in_picture(&spots)?,
            sharpness: measure::sharpness(&grey, measure::FACE_DETAIL),
            light: measure::light(&grey),
            embedding,
        })
    }

    /// No face was found: is one cut by an edge, or too small? Both are told without an embedding.
    fn explain(&mut self, pixels: &RgbImage, scale: f32) -> Result<Vec<MeasuredFace>, EngineError> {
        let small = shrink(pixels.clone(), EXPLAINED_SIDE);
        let scale = scale * side(pixels.width()) / side(small.width());
        let cut = self.cut_by_an_edge(&small, scale)?;
        if !cut.is_empty() {
            return Ok(cut);
        }
        let search = Search { pixels: &small, scale, offset: Point::default() };
        let picture = search.picture()?;
        let boxes = self.detect(&picture, 2)?;
        boxes.iter().map(|found| self.measure(&search, &picture, found, false)).collect()
    }

    /// Half a face beside a mirror is a whole one: faces that lie across the edge of a mirrored picture.
    fn cut_by_an_edge(&mut self, pixels: &RgbImage, scale: f32) -> Result<Vec<MeasuredFace>, EngineError> {
        let (across, down) = (pixels.width() / 2, pixels.height() / 2);
        let mirrored = with_mirrored_edges(pixels, across, down);
        let offset = Point { x: -side(across), y: -side(down) };
        let search = Search { pixels: &mirrored, scale, offset };
        let picture = search.picture()?;
        let (width, height) = (side(pixels.width()) * scale, side(pixels.height()) * scale);
        let mut faces = Vec::new();
        for found in &self.detect(&picture, 0)? {
            let outside = search.bounds_in_picture(&box_bounds(found)).share_outside(width, height);
            if (0.15..=0.85).contains(&outside) {
                faces.push(self.measure(&search, &picture, found, false)?);
            }
        }
        faces.truncate(1);
        Ok(faces)
    }
}

impl FaceEngine for DlibFaces {
    fn look(&mut self, picture: &RgbImage) -> Result<Look, EngineError> {
        let pixels = shrink(picture.clone(), SEARCHED_SIDE);
        let scale = side(picture.width()) / side(pixels.width());
        let mut faces = self.faces(&Search { pixels: &pixels, scale, offset: Point::default() })?;
        let grey = image::imageops::grayscale(&pixels);
        let (light, sharpness) = (measure::light(&grey), measure::sharpness(&grey, measure::FACE_DETAIL));
        let anything = light.mean > 0.04 && light.mean < 0.96;
        if faces.is_empty() && anything {
            faces = self.explain(&pixels, scale)?;
        }
        Ok(Look { width: picture.width(), height: picture.height(), faces, light, sharpness })
    }
}

impl Search<'_> {
    fn picture(&self) -> Result<UniquePtr<ffi::Picture>, EngineError> {
        ffi::new_picture(self.pixels.as_raw(), self.pixels.width(), self.pixels.height())
            .map_err(|error| failed(&error))
    }

    fn bounds_in_picture(&self, inner: &Bounds) -> Bounds {
        Bounds {
            left: (inner.left + self.offset.x) * self.scale,
            top: (inner.top + self.offset.y) * self.scale,
            width: inner.width * self.scale,
            height: inner.height * self.scale,
        }
    }

    /// dlib's order: outer and inner corner of one eye, outer and inner of the other, base of the nose.
    fn landmarks_in_picture(&self, spots: &[ffi::Spot]) -> Result<Landmarks, EngineError> {
        let [a, b, c, d, nose] = spots else {
            return Err(EngineError::Failed("the shape predictor is not the five-point one".to_owned()));
        };
        let middle = |one: &ffi::Spot, other: &ffi::Spot| Point {
            x: (f32::midpoint(pixel(one.x), pixel(other.x)) + self.offset.x) * self.scale,
            y: (f32::midpoint(pixel(one.y), pixel(other.y)) + self.offset.y) * self.scale,
        };
        let (one, other) = (middle(a, b), middle(c, d));
        let (left_eye, right_eye) = if one.x <= other.x { (one, other) } else { (other, one) };
        Ok(Landmarks { left_eye, right_eye, nose: middle(nose, nose) })
    }
}

/// The picture with its edges mirrored outwards.
fn with_mirrored_edges(pixels: &RgbImage, across: u32, down: u32) -> RgbImage {
    let mirrored = |at: u32, margin: u32, side: u32| {
        if at < margin {
            margin - 1 - at
        } else if at < margin + side {
            at - margin
        } else {
            (2 * side + margin - 1).saturating_sub(at)
        }
        .min(side - 1)
    };
    let (width, height) = pixels.dimensions();
    RgbImage::from_fn(width + 2 * across, height + 2 * down, |x, y| {
        *pixels.get_pixel(mirrored(x, across, width), mirrored(y, down, height))
    })
}

fn box_bounds(found: &ffi::FaceBox) -> Bounds {
    Bounds {
        left: pixel(found.left),
        top: pixel(found.top),
        width: pixel(found.right - found.left + 1),
        height: pixel(found.bottom - found.top + 1),
    }
}

fn failed(error: &cxx::Exception) -> EngineError {
    EngineError::Failed(error.to_string())
}

#[expect(clippy::cast_precision_loss, reason = "pictures are far smaller than 2^24 pixels wide")]
const fn pixel(at: i32) -> f32 {
    at as f32
}

#[expect(clippy::cast_precision_loss, reason = "pictures are far smaller than 2^24 pixels wide")]
const fn side(length: u32) -> f32 {
    length as f32
}
