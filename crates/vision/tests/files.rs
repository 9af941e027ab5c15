//! Files from strangers: each fault has its cause, and none gets past the limits.

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use yikao_domain::picture::PictureFault;
use yikao_vision::{Vision, VisionConfig, VisionError};

use crate::pictures::{config, file, jpeg, pixels, plain, png, portrait, vision};

async fn fault(picture: impl Into<Bytes>) -> PictureFault {
    match vision().look(picture.into()).await {
        Err(VisionError::Picture(fault)) => fault,
        other => panic!("a fault was expected: {other:?}"),
    }
}

/// The portrait, turned by the camera: the file says so in its metadata.
fn photo_on_its_side() -> Bytes {
    let tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let turned = image::imageops::rotate270(&portrait());
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 92);
    encoder.set_exif_metadata(tiff.to_vec()).unwrap();
    encoder.write_image(&turned, turned.width(), turned.height(), ExtendedColorType::Rgb8).unwrap();
    bytes.into()
}

#[tokio::test]
async fn what_is_no_picture_is_told_from_what_is_a_broken_one() {
    let whole = jpeg(&portrait());
    let cut = whole.slice(..whole.len() / 2);
    let drawn = png(&portrait());
    assert_eq!(fault("%PDF-1.7 …").await, PictureFault::Unreadable);
    assert_eq!(fault("").await, PictureFault::Unreadable);
    assert_eq!(fault(b"GIF89a\x01\0\x01\0\0\0\0".to_vec()).await, PictureFault::Unreadable);
    assert_eq!(fault(cut).await, PictureFault::Damaged);
    assert_eq!(fault(drawn.slice(..drawn.len() / 2)).await, PictureFault::Damaged);
    assert_eq!(fault(whole.slice(..3)).await, PictureFault::Damaged);
}

#[tokio::test]
async fn moving_pictures_are_refused() {
    let looped = [b"GIF89a\x10\0\x10\0\0\0\0!\xFF\x0BNETSCAPE2.0".as_slice(), &[3, 1, 0, 0, 0]].concat();
    let mut moving = png(&plain(9)).to_vec();
    // An animation control chunk before the pixels: two frames, for ever.
    let mut chunk = b"acTL\0\0\0\x02\0\0\0\0".to_vec();
    chunk.extend(crc(&chunk).to_be_bytes());
    moving.splice(33..33, [8_u32.to_be_bytes().as_slice(), &chunk].concat());
    assert_eq!(fault(looped).await, PictureFault::Animated);
    assert_eq!(fault(moving).await, PictureFault::Animated);
}

#[tokio::test]
async fn sixty_megapixels_and_a_bomb_are_refused_before_they_are_opened() {
    let large = jpeg(&RgbImage::from_pixel(9000, 6700, Rgb([90, 120, 150])));
    // 60 000 × 60 000 pixels claimed by 70 bytes.
    let mut bomb = png(&plain(0)).to_vec();
    bomb[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    let sum = crc(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.to_be_bytes());
    assert_eq!(fault(large).await, PictureFault::TooManyPixels);
    assert_eq!(fault(bomb).await, PictureFault::TooManyPixels);
}

#[tokio::test]
async fn a_file_that_is_too_long_never_reaches_a_worker() {
    let vision = Vision::new(VisionConfig { most_bytes: 1000, ..config() });
    let told = vision.look(jpeg(&portrait())).await;
    assert!(matches!(told, Err(VisionError::Picture(PictureFault::TooLarge))), "{told:?}");
    assert!(vision.workers().is_empty());
}

#[tokio::test]
async fn a_picture_of_a_few_pixels_is_too_small() {
    assert_eq!(fault(png(&RgbImage::new(8, 8))).await, PictureFault::TooSmall);
}

#[tokio::test]
async fn a_photo_that_was_taken_sideways_is_seen_upright() {
    let look = vision().look(photo_on_its_side()).await.unwrap();
    assert_eq!((look.width, look.height, look.faces.len()), (480, 600, 1));
}

#[tokio::test]
async fn what_is_kept_is_upright_bounded_and_says_nothing_about_the_phone() {
    let kept = vision().normalise(photo_on_its_side(), 300).await.unwrap();
    let picture = image::load_from_memory(&kept).unwrap();
    assert_eq!((picture.width(), picture.height()), (240, 300));
    assert!(!kept.windows(4).any(|window| window == b"Exif"));
}

#[tokio::test]
async fn a_picture_with_transparency_is_read() {
    assert_eq!(vision().look(file("32bit.png")).await.unwrap().faces.len(), 1);
}

#[tokio::test]
async fn a_heic_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (source, target) = (folder.path().join("a.png"), folder.path().join("a.heic"));
    pixels("biden.jpg").save(&source).unwrap();
    let made = std::process::Command::new("heif-enc").arg(&source).arg("-o").arg(&target).output().unwrap();
    assert!(made.status.success(), "heif-enc: {made:?}");
    let look = vision().look(std::fs::read(&target).unwrap().into()).await.unwrap();
    let (width, height) = pixels("biden.jpg").dimensions();
    assert_eq!((look.width, look.height, look.faces.len()), (width, height, 1));
    let mut broken = std::fs::read(&target).unwrap();
    broken.truncate(broken.len() / 3);
    assert_eq!(fault(broken).await, PictureFault::Damaged);
}

/// CRC-32 of a PNG chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    })
}
