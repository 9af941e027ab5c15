//! Files that are no usable picture, and the engines that look at pictures.

use super::Row;
use crate::refusal::RefusalCode::*;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    (PictureTooLarge,
        ["照片文件太大", "一张照片最大 {limit_bytes} 字节。", "请用手机相机的普通照片模式重拍，或先压缩照片。"],
        ["The file is too large", "A picture may have at most {limit_bytes} bytes.", "Take it again in the phone's normal photo mode, or make it smaller first."]),
    (PictureUnreadable,
        ["不是可以识别的照片", "这个文件不是照片，或是不支持的格式。", "请选择 JPEG、PNG 或 WebP 格式的照片，或直接拍照。"],
        ["Not a picture", "The file is no picture, or of a kind that is not taken.", "Choose a JPEG, PNG or WebP photo, or take one now."]),
    (PictureDamaged,
        ["照片文件已损坏", "照片不完整或内容有误，可能没有保存或传输完整。", "请重新拍摄，或重新选择照片再试。"],
        ["The picture is damaged", "It breaks off or makes no sense; it may not have been saved or sent whole.", "Take it again, or choose it again."]),
    (PictureAnimated,
        ["不能使用动图", "这是会动的图片，需要一张静止的照片。", "请选择普通照片，或直接拍照。"],
        ["A moving picture", "This picture moves; a still photo is needed.", "Choose a normal photo, or take one now."]),
    (PictureHeic,
        ["暂不能读取 HEIC 照片", "这台服务器不能读取 HEIC 格式。", "请在手机“设置 → 相机 → 格式”中选“兼容性最佳”后重拍，或把照片存为 JPEG。"],
        ["HEIC cannot be read here", "This server has no reader for HEIC photos.", "Choose “Most Compatible” under Settings → Camera → Formats and take it again, or save it as JPEG."]),
    (PictureTooManyPixels,
        ["照片像素太高", "照片超过 {limit_megapixels} 百万像素，不会打开。", "请关闭“高像素”模式重拍，或先缩小照片。"],
        ["Too many pixels", "Pictures of more than {limit_megapixels} megapixels are not opened.", "Take it again without the high-resolution mode, or make it smaller first."]),
    (PictureTooSmall,
        ["照片太小", "照片的像素太少，什么也看不清。", "请选择原图，不要用缩略图或截图。"],
        ["The picture is tiny", "It has too few pixels to see anything in it.", "Choose the original, not a thumbnail."]),
    (VisionBusy,
        ["正在排队", "现在有很多照片在处理。", "请过几秒再试；不计入失败次数。"],
        ["Many are waiting", "Many pictures are being looked at right now.", "Try again in a few seconds; this does not count as a failure."]),
    (VisionFailed,
        ["照片没有处理成", "处理这张照片时出了问题。", "请重试一次；仍不成功时请换一张照片，或走人工审核。不计入失败次数。"],
        ["The picture could not be looked at", "Something went wrong while looking at this picture.", "Try once more; if it fails again use another picture, or ask for a manual review. It does not count as a failure."]),
    (VisionUnavailable,
        ["暂时不能识别照片", "这台服务器还没有装好人脸和证件识别。", "请手动填写，或走人工审核；不计入失败次数。"],
        ["Pictures cannot be looked at here", "This server has no face and card recognition installed.", "Enter it by hand, or ask for a manual review. It does not count as a failure."]),
];
