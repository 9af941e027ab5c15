//! Why a photographed identity card could not be read (C13).

use super::Row;
use crate::refusal::RefusalCode::*;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    (CardNone,
        ["没有看到身份证", "照片里找不到身份证上的文字。", "请把身份证放满取景框再拍，或改为手动填写。"],
        ["No card to be seen", "There is no text of an identity card on the photo.", "Fill the frame with the card and take it again, or enter it by hand."]),
    (CardBackForFront,
        ["这是国徽面", "这里需要有照片的人像面，收到的是国徽面。", "请把身份证翻过来，拍有照片的一面。"],
        ["This is the emblem side", "The side with the portrait is needed here.", "Turn the card over and photograph the side with the portrait."]),
    (CardFrontForBack,
        ["这是人像面", "这里需要国徽面，收到的是有照片的人像面。", "请把身份证翻过来，拍有国徽的一面。"],
        ["This is the portrait side", "The side with the emblem is needed here.", "Turn the card over and photograph the side with the emblem."]),
    (CardCutOff,
        ["身份证没有拍全", "有文字在照片边缘之外。", "请让四个角都在取景框内再拍。"],
        ["The card is cut off", "Some text is beyond the edge of the photo.", "Take it again with all four corners inside the frame."]),
    (CardGlare,
        ["有反光", "反光盖住了文字。", "请关闭闪光灯，换个角度避开灯光再拍。"],
        ["Glare on the card", "A reflection hides some of the text.", "Turn off the flash, tilt the card away from the lamp, and take it again."]),
    (CardTooDark,
        ["光线太暗", "照片太暗，看不清文字。", "请在明亮的地方再拍。"],
        ["Too dark", "There is too little light to read the text.", "Take it again where it is bright."]),
    (CardBlurred,
        ["照片模糊", "文字不够清晰。", "请拿稳手机，等对好焦再拍；太近时请稍稍退后。"],
        ["Blurred", "The text is not sharp enough.", "Hold still, let the camera focus, and step back a little if it is very close."]),
    (CardUnclear,
        ["有文字没认清", "有的文字没有把握，留空了。", "请对照证件补上空着的内容，或再拍一次。"],
        ["Some text is unclear", "What could not be read for certain was left empty.", "Fill in what is missing, or take the photo again."]),
    (CardContradiction,
        ["号码与其他信息不一致", "号码里的出生日期或性别与证件上印的不一致，可能有一位认错了。", "请对照证件逐位填写号码，或再拍一次。"],
        ["The number does not fit the rest", "The number's date of birth or sex is not the one printed beside it: a digit may have been misread.", "Enter the number digit by digit, or take the photo again."]),
];
