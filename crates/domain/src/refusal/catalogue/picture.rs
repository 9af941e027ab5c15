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
    (VisionUnavailable,
        ["暂时不能识别照片", "这台服务器还没有装好人脸和证件识别。", "请手动填写，或走人工审核；不计入失败次数。"],
        ["Pictures cannot be looked at here", "This server has no face and card recognition installed.", "Enter it by hand, or ask for a manual review. It does not count as a failure."]),
];
