//! Faces: the red bar and what stands in a check's way (§F). No text says how close a comparison was.

use super::Row;
use crate::refusal::RefusalCode::*;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    (FaceAlreadyVerified,
        ["人脸验证已通过", "您已通过人脸验证，不需要重复验证。", "可以直接参加{term.exam}。"],
        ["Your face is verified", "There is nothing to verify again.", "Go on to the exam."]),
    (FaceCheckRequired,
        ["请先进行人脸比对", "每次{term.record}开始前都要进行人脸比对，比对通过后两分钟内有效。", "请正对镜头，按提示完成人脸比对，再开始{term.record}。"],
        ["Show your face first", "Each take begins with a face check, which holds for two minutes.", "Face the camera, follow the prompts, then start the take."]),
    (FaceCannotTell,
        ["这次没有看清", "画面不足以判断是否本人，不计入失败次数。", "请正对镜头、调整光线后再试；连续三次仍看不清时可以直接开始，稍后由工作人员复核。"],
        ["It could not be told", "The picture does not say whether it is you; this is no failure.", "Face the camera, mind the light and try again; after three times in a row you can start, and a person looks later."]),
    (FaceFailed,
        ["这次比对未通过", "画面中的人脸与已验证的不相符，还可以再试 {left} 次。", "请卸去浓妆和美瞳、摘下眼镜，在正面光线下正对镜头再试。"],
        ["Not the same face", "The face does not match; {left} more tries.", "Take off heavy make-up, coloured lenses and glasses, and face the camera in light from the front."]),
    (FaceFlagged,
        ["可以开始，稍后复核", "这次比对不够确定，已作标记。", "不需要做任何事，请继续{term.record}。"],
        ["You can start; somebody looks later", "The check was not certain and is marked.", "There is nothing to do: go on."]),
    (FaceNotAsked,
        ["不需要人脸比对", "这个{term.subject}不要求人脸比对。", "请直接开始{term.record}。"],
        ["No check is asked for", "This subject asks for no face check.", "Start the take."]),
    (FaceInReview,
        ["人工审核中", "客服正在审核您的人脸验证，{term.exam}中的{term.candidate}优先处理。", "请不要离开，结果会立即显示；审核占用的时间会补给正在进行的{term.exam}。"],
        ["Somebody is looking at it", "The desk is checking your face; candidates in an exam come first.", "Stay here: the answer appears at once, and an exam under way gets the time back."]),
    (FaceOnlyDesk,
        ["请申请人工审核", "自动验证已多次未通过，不能再自动验证。", "请申请人工审核，由客服核对；{term.exam}中的{term.candidate}优先处理。"],
        ["A person has to look", "The automatic check failed many times and is closed.", "Ask the desk; candidates in an exam come first."]),
    (FaceRejected,
        ["人工审核未通过", "客服核对后认为不是证件本人。", "请查看审核说明；如有异议，请补充材料后重新申请人工审核。"],
        ["The desk did not confirm it", "Whoever looked did not find you to be the person on the document.", "Read what the desk wrote; ask again with better pictures if you disagree."]),
    (FaceStruck,
        ["您未通过人脸验证，请申请人工审核", "连续三次人脸比对未通过。{term.record}机会没有扣除，{term.exam}时间仍在计算。", "请申请人工审核，由客服核对，{term.exam}中的{term.candidate}优先处理，占用的时间会补回；也可以重新进行人脸验证。"],
        ["Your face was not verified: ask for a person to look", "Three checks in a row failed. No attempt was used; the exam's clock runs on.", "Ask the desk: a person looks, candidates in an exam come first, and the time is given back; or verify your face again."]),
    (FaceUnverified,
        ["请先进行人脸验证", "首次视频{term.exam}前需要进行人脸验证。", "请点“开始验证”，按提示完成；也可以由客服人工核对，{term.exam}中的{term.candidate}优先处理。不要浓妆、不要戴美瞳。"],
        ["Verify your face first", "It is needed once, before the first exam.", "Choose “Start” and follow the prompts, without heavy make-up or coloured lenses; or have a person at the desk check: candidates in an exam come first."]),
];
