//! Light and detail of a picture or of a part of it.

use image::{GrayImage, RgbImage};
use yikao_domain::face::{Bounds, Light};

/// Pixels of the side to which a face is brought before its detail is measured, so that size does not count.
pub const FACE_DETAIL: u32 = 160;
/// The same of a page, whose letters are much smaller than it is.
pub const PAGE_DETAIL: u32 = 640;
const BLACK: u8 = 16;
const WHITE: u8 = 250;

/// The part of a picture inside `bounds`, in grey; `None` when nothing of it is inside.
pub fn grey_part(picture: &RgbImage, bounds: &Bounds) -> Option<GrayImage> {
    let (left, width) = span(bounds.left, bounds.width, picture.width())?;
    let (top, height) = span(bounds.top, bounds.height, picture.height())?;
    let part = image::imageops::crop_imm(picture, left, top, width, height);
    Some(image::imageops::grayscale(&part.to_image()))
}

/// How light a grey picture is.
pub fn light(grey: &GrayImage) -> Light {
    let share = |count: usize| ratio(count, grey.len());
    let sum: usize = grey.iter().map(|value| usize::from(*value)).sum();
    Light {
        mean: share(sum) / 255.0,
        dark: share(grey.iter().filter(|value| **value < BLACK).count()),
        blown: share(grey.iter().filter(|value| **value >= WHITE).count()),
    }
}

/// Fine detail, from 0 (none) to 1: the share of the differences between neighbours that goes away when the picture
/// is blurred once more. What is blurred already loses little. Contrast does not count. `detail` is the longer side at which that is measured.
pub fn sharpness(grey: &GrayImage, detail: u32) -> f32 {
    let (width, height) = grey.dimensions();
    let side = width.max(height);
    let grey = if side > detail {
        let scaled = |length: u32| (length * detail / side).max(1);
        image::imageops::thumbnail(grey, scaled(width), scaled(height))
    } else {
        grey.clone()
    };
    let across = lost_by_blurring(&grey);
    let down = lost_by_blurring(&image::imageops::rotate90(&grey));
    across.min(down)
}

/// Along rows.
fn lost_by_blurring(grey: &GrayImage) -> f32 {
    const REACH: usize = 4;
    let (mut all, mut lost) = (0.0_f32, 0.0_f32);
    for row in grey.rows() {
        let row: Vec<f32> = row.map(|pixel| f32::from(pixel.0[0])).collect();
        if row.len() <= 2 * REACH + 1 {
            continue;
        }
        let blurred: Vec<f32> = row.windows(2 * REACH + 1).map(mean).collect();
        for (at, pair) in blurred.windows(2).enumerate() {
            let before = (row[at + REACH + 1] - row[at + REACH]).abs();
            let after = (pair[1] - pair[0]).abs();
            all += before;
            lost += (before - after).max(0.0);
        }
    }
    if all > 0.0 { lost / all } else { 0.0 }
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / 9.0
}

/// A stretch cut to what is inside a picture's side.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the side of a picture"
)]
fn span(start: f32, length: f32, side: u32) -> Option<(u32, u32)> {
    let clamped = |at: f32| at.max(0.0).min(side_f32(side)) as u32;
    let (start, end) = (clamped(start), clamped(start + length));
    (end > start).then_some((start, end - start))
}

#[expect(clippy::cast_precision_loss, reason = "pictures are far smaller than 2^24 pixels wide")]
const fn side_f32(side: u32) -> f32 {
    side as f32
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than seven digits")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}
