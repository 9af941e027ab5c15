//! What is wrong with a picture of a face, and what to do about it (F3, F6).

use super::Row;
use crate::refusal::RefusalCode::*;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    (FaceNone,
        ["没有看到人脸", "画面里找不到人脸。", "请把脸放在画面中间，摘下口罩、墨镜，正对镜头再试。"],
        ["No face to be seen", "There is no face in the picture.", "Bring your face to the middle, take off mask and sunglasses, and look straight at the camera."]),
    (FaceSeveral,
        ["画面里不止一张脸", "看到了多张人脸，不知道哪一张是您。", "请让其他人离开画面，背后的海报、照片也请避开。"],
        ["More than one face", "There are several faces, and it is unclear which is yours.", "Ask others to step out of the picture, and mind posters and photos behind you."]),
    (FaceTooSmall,
        ["脸太小", "脸在画面里太小，看不清楚。", "请靠近镜头一些。"],
        ["The face is too small", "The face takes up too little of the picture.", "Come closer to the camera."]),
    (FaceTooDark,
        ["光线太暗", "脸上的光线不够。", "请开灯或面对窗户，不要背光。"],
        ["Too dark", "There is too little light on the face.", "Turn on a light or face a window; avoid light from behind."]),
    (FaceOverExposed,
        ["光线太强", "脸上有大片过亮，看不清五官。", "请避开直射的灯光和阳光，关闭闪光灯和补光灯。"],
        ["Too bright", "Large parts of the face are washed out.", "Avoid direct lamps and sunlight, and turn off flash and fill lights."]),
    (FaceBlurred,
        ["画面模糊", "脸部不够清晰，可能是晃动或没有对上焦。", "请擦一下镜头，拿稳手机，停一下再拍。"],
        ["Blurred", "The face is not sharp: it moved, or the camera was out of focus.", "Wipe the lens, hold still for a moment, and try again."]),
    (FaceTurnedAway,
        ["没有正对镜头", "头转向了一边。", "请正对镜头，眼睛看着镜头。"],
        ["Turned away", "The head is turned to the side.", "Face the camera and look into it."]),
    (FaceCutOff,
        ["脸没有拍全", "脸的一部分在画面之外。", "请移动手机，让整张脸都在画面里。"],
        ["The face is cut off", "Part of the face is outside the picture.", "Move the phone until the whole face is inside."]),
    (FaceWeakMatch,
        ["比对结果不够确定", "与证件照相似，但不够明确；可以继续，稍后由工作人员复核。", "不需要做任何事。浓妆、美瞳、光线都可能影响比对。"],
        ["A likely match", "It resembles your portrait, but not clearly; you can go on, and a person will look at it later.", "There is nothing you need to do. Heavy make-up, coloured lenses and light make a difference."]),
    (FaceNotSamePerson,
        ["与本人照片差异过大", "画面中的人脸与已认证的照片不相符。", "请本人参加；卸去浓妆和美瞳，在正面光线下再试。多次不通过可以申请人工审核。"],
        ["Not the same face", "The face does not match the authenticated photo.", "It has to be you; remove heavy make-up and coloured lenses and try in light from the front. After several failures you can ask for a manual review."]),
    (FaceLost,
        ["中途看不到脸了", "动作过程中有一段没有看到您的脸。", "动作慢一点、小一点，让脸一直在画面里，再来一次。"],
        ["The face was lost", "For a moment your face could not be seen.", "Move more slowly and less far, keep your face in the picture, and do it once more."]),
    (FaceNotFollowed,
        ["没有按提示完成动作", "没有看到要求的动作，或顺序不对。", "请看着提示，一步一步来；用照片或视频代替本人不会通过。"],
        ["The steps were not followed", "What was asked for was not seen, or not in this order.", "Watch the prompts and go step by step; a photo or video in your place will not pass."]),
];
