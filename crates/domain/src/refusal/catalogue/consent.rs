//! Consents: who signs what, in which order.

use super::Row;
use crate::refusal::RefusalCode::*;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    (ConsentRequired,
        ["需要您先同意", "在此之前，需要您阅读并签署同意书。", "请打开“我的—同意书”阅读并签名；不同意的，可以选择人工核验。"],
        ["Your consent is needed first", "Before this, a consent has to be read and signed.", "Open “My – Consents”, read it and sign; if you would rather not, choose to be checked by a person."]),
    (ConsentWithdrawn,
        ["同意已撤回", "保存的人脸照片和人脸特征已删除，今后不再拍摄和比对您的人脸；已提交的作答和{term.exam}记录不受影响。", "身份改由工作人员人工核验：请在{term.exam}当天提前打开“客服”申请人工审核。改变主意时，可以随时重新签署同意书。"],
        ["Your consent is withdrawn", "The pictures and numbers of your face are deleted, and your face is neither photographed nor compared from now on; what you submitted and the exam's records stay.", "Staff check who you are instead: on the day of the exam, open “Support” in good time and ask for a person to look. You can sign again at any time."]),
    (ConsentGuardianFirst,
        ["请监护人先签名", "考生未满 18 周岁，需要监护人先同意。", "请父母或其他监护人阅读并签署《未成年考生监护人同意书》，然后再签这一份。"],
        ["A guardian has to sign first", "The candidate is under 18, so a guardian has to agree first.", "Have a parent or another guardian read and sign their consent, then sign this one."]),
    (ConsentGuardianUnneeded,
        ["不需要监护人同意", "考生已满 18 周岁，由本人签署即可。", "请直接签署本人的同意书。"],
        ["No guardian is needed", "The candidate is 18 or older and signs alone.", "Sign the candidate's own consent."]),
    (ConsentTextChanged,
        ["同意书已更新", "您看到的不是现在的文本。", "请重新阅读后再签名。"],
        ["The text has changed", "What you saw is not the present text.", "Read it again, then sign."]),
    (ConsentAlreadySigned,
        ["已经签署", "这份同意书已经签署并有效。", "不需要再签；可以在“我的—同意书”里查看或撤回。"],
        ["Signed already", "This consent has been signed and holds.", "There is nothing to do; look at it or withdraw it under “My – Consents”."]),
    (ConsentNameDiffers,
        ["姓名与证件不一致", "签名的姓名与认证时的证件姓名不同。", "请按证件填写本人的姓名。"],
        ["Not the name on the document", "The typed name differs from the one on your document.", "Type your own name as on the document."]),
    (ConsentBirthDateMissing,
        ["请填写出生日期", "证件号码里没有出生日期，需要填写，用来判断是否需要监护人同意。", "请按证件填写考生的出生日期。"],
        ["The date of birth is needed", "The document number does not tell it; it decides whether a guardian has to agree.", "Enter the candidate's date of birth as on the document."]),
    (ConsentBirthDateDiffers,
        ["出生日期与证件不一致", "填写的出生日期与已知的不同。", "请核对；证件有误时请联系客服。"],
        ["Another date of birth is known", "What was entered differs from what is known.", "Check it; if the document is wrong, contact support."]),
    (ConsentRelationMissing,
        ["请选择与考生的关系", "监护人需要说明是考生的什么人。", "请选择父亲、母亲或其他监护人。"],
        ["Say what you are to the candidate", "A guardian says what they are to the candidate.", "Choose father, mother or another guardian."]),
    (ConsentGuardianIsCandidate,
        ["监护人不能是考生本人", "这里需要监护人的姓名，填写的是考生的姓名。", "请由父母或其他监护人填写自己的姓名。"],
        ["The guardian is somebody else", "A guardian's name is needed here, not the candidate's.", "Have the guardian type their own name."]),
];
