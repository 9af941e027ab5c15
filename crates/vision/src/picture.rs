//! From a stranger's file to upright pixels, within limits.

mod heic;

pub(crate) use heic::sweep;

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, Limits, RgbImage};
use yikao_domain::picture::{LEAST_SIDE, MOST_PIXELS, PictureFault};

/// What a decoder may take beside its output.
const MOST_ALLOCATED: u64 = 640 << 20;

/// Decodes a JPEG, PNG, WebP or HEIC and turns it upright.
///
/// # Errors
/// What is wrong with the file.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, PictureFault> {
    if heic::is_heic(bytes) {
        return upright(png(&heic::to_png(bytes)?)?, true);
    }
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => upright(jpeg(bytes)?, false),
        Ok(ImageFormat::Png) => upright(png(bytes)?, false),
        Ok(ImageFormat::WebP) => upright(webp(bytes)?, false),
        Ok(ImageFormat::Gif) if moves(bytes) => Err(PictureFault::Animated),
        _ => Err(PictureFault::Unreadable),
    }
}

/// The picture as a JPEG without metadata, its longer side at most `longest` pixels.
///
/// # Errors
/// The encoder's words.
pub fn to_jpeg(picture: RgbImage, longest: u32) -> Result<Vec<u8>, String> {
    let picture = shrink(picture, longest);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 90).encode_image(&picture).map_err(|error| error.to_string())?;
    Ok(jpeg)
}

/// The picture, made smaller if its longer side has more than `longest` pixels.
pub fn shrink(picture: RgbImage, longest: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let side = width.max(height);
    if side <= longest {
        return picture;
    }
    let scaled = |length: u32| {
        let exact = u64::from(length) * u64::from(longest) / u64::from(side);
        u32::try_from(exact).unwrap_or(longest).max(1)
    };
    // Averaging whole pixels first is fast; the filter does the rest.
    let (wide, high) = (scaled(width), scaled(height));
    let picture =
        if side > longest * 3 { image::imageops::thumbnail(&picture, wide * 2, high * 2) } else { picture };
    image::imageops::resize(&picture, wide, high, FilterType::Triangle)
}

fn jpeg(bytes: &[u8]) -> Result<impl ImageDecoder + use<'_>, PictureFault> {
    if !ends_whole(bytes) {
        return Err(PictureFault::Damaged);
    }
    JpegDecoder::new(Cursor::new(bytes)).map_err(|error| fault_of(&error))
}

fn png(bytes: &[u8]) -> Result<impl ImageDecoder + use<'_>, PictureFault> {
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(|error| fault_of(&error))?;
    if decoder.is_apng().map_err(|error| fault_of(&error))? {
        return Err(PictureFault::Animated);
    }
    Ok(decoder)
}

fn webp(bytes: &[u8]) -> Result<impl ImageDecoder + use<'_>, PictureFault> {
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|error| fault_of(&error))?;
    if decoder.has_animation() { Err(PictureFault::Animated) } else { Ok(decoder) }
}

fn upright(mut decoder: impl ImageDecoder, is_upright: bool) -> Result<RgbImage, PictureFault> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PictureFault::TooManyPixels);
    }
    if width.min(height) < LEAST_SIDE {
        return Err(PictureFault::TooSmall);
    }
    decoder.set_limits(limits()).map_err(|error| fault_of(&error))?;
    let orientation = if is_upright { Orientation::NoTransforms } else { orientation(&mut decoder) };
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| fault_of(&error))?;
    picture.apply_orientation(orientation);
    Ok(picture.into_rgb8())
}

/// Metadata that makes no sense says nothing about how the phone was held.
fn orientation(decoder: &mut impl ImageDecoder) -> Orientation {
    decoder.orientation().unwrap_or(Orientation::NoTransforms)
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_ALLOCATED);
    limits
}

fn fault_of(error: &ImageError) -> PictureFault {
    match error {
        ImageError::Limits(_) => PictureFault::TooManyPixels,
        ImageError::Unsupported(_) => PictureFault::Unreadable,
        _ => PictureFault::Damaged,
    }
}

/// Whether a JPEG's first scan comes to an end: readers fill in what is missing with grey and say nothing.
fn ends_whole(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xFF, marker]) = bytes.get(at..at + 2) {
        let Some(&[high, low]) = bytes.get(at + 2..at + 4) else { return false };
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
        if marker == 0xDA {
            return bytes.get(at..).is_some_and(|scan| scan.windows(2).any(|pair| pair == [0xFF, 0xD9]));
        }
    }
    false
}

/// Whether a GIF asks to be looped.
fn moves(gif: &[u8]) -> bool {
    gif.windows(11).any(|window| window == b"NETSCAPE2.0")
}
