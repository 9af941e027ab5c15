//! The pictures that the set-up fetched, and what is made of them.

use std::io::Cursor;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{ImageFormat, Rgb, RgbImage};
use yikao_vision::{Vision, VisionConfig};

/// A folder that `make setup-tests` fills.
fn cache(folder: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.cache").join(folder);
    assert!(path.is_dir(), "{} is missing: run `make setup-tests`", path.display());
    path
}

/// How workers of this crate are started.
pub(crate) fn config() -> VisionConfig {
    let models = cache("models").display().to_string();
    let mut config = VisionConfig::new(env!("CARGO_BIN_EXE_yikao-vision-worker"), vec![models]);
    config.workers = 1;
    // Unoptimised, and beside other tests.
    config.wall = Duration::from_mins(2);
    config
}

pub(crate) fn vision() -> Vision {
    Vision::new(config())
}

/// The file as it was fetched.
pub(crate) fn file(name: &str) -> Bytes {
    std::fs::read(cache("test-pictures").join(name)).unwrap().into()
}

/// Its pixels.
pub(crate) fn pixels(name: &str) -> RgbImage {
    image::load_from_memory(&file(name)).unwrap().into_rgb8()
}

pub(crate) fn jpeg(picture: &RgbImage) -> Bytes {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 92).encode_image(picture).unwrap();
    bytes.into()
}

pub(crate) fn png(picture: &RgbImage) -> Bytes {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner().into()
}

/// A portrait of Obama with the face in its middle, 480×600.
pub(crate) fn portrait() -> RgbImage {
    let picture = pixels("obama.jpg");
    let picture = image::imageops::resize(
        &picture,
        960,
        picture.height() * 960 / picture.width(),
        FilterType::Triangle,
    );
    image::imageops::crop_imm(&picture, 260, 0, 480, 600).to_image()
}

pub(crate) fn resized(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    image::imageops::resize(picture, width, height, FilterType::Triangle)
}

/// One grey everywhere.
pub(crate) fn plain(value: u8) -> RgbImage {
    RgbImage::from_pixel(640, 480, Rgb([value; 3]))
}

/// Every channel through a function.
pub(crate) fn toned(picture: &RgbImage, tone: impl Fn(f32) -> f32) -> RgbImage {
    let mut picture = picture.clone();
    for value in picture.iter_mut() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
        let toned = tone(f32::from(*value)).clamp(0.0, 255.0) as u8;
        *value = toned;
    }
    picture
}

/// Two pictures beside each other.
pub(crate) fn beside(left: &RgbImage, right: &RgbImage) -> RgbImage {
    let mut both = RgbImage::new(left.width() + right.width(), left.height().max(right.height()));
    image::imageops::replace(&mut both, left, 0, 0);
    image::imageops::replace(&mut both, right, i64::from(left.width()), 0);
    both
}
