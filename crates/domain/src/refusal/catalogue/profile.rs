//! What a candidate is in a season.

use super::Row;
use crate::refusal::RefusalCode::*;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    (ProfileAlreadySet,
        ["{term.candidate}信息已确认", "{season} 年的{term.candidate}信息一经确认不能自行修改。", "如有错误，请申请更正，并附上准考证和手持证件的照片。"],
        ["Your profile is set", "Once confirmed, the profile for {season} cannot be changed by yourself.", "If it is wrong, ask for a correction, with photos of your admission ticket and of you with your document."]),
    (ProfileNumberTaken,
        ["考生号重复", "这个考生号已在另一个账号使用，通常是别人填错了。", "请核对您的准考证；号码无误请去申诉，由工作人员核实。"],
        ["This candidate number is in use", "Another account has it, usually because somebody mistyped theirs.", "Compare it with your admission ticket; if it is right, appeal, and the desk will look into it."]),
    (ProfileNumberEmpty,
        ["没有考生号", "考生号还没有填写。", "请填写准考证上的考生号；不清楚时可查看统考准考证、高考准考证，或询问高中老师。"],
        ["No candidate number", "The candidate number is empty.", "Enter the one on your admission ticket; if you have none, ask your teacher."]),
    (ProfileNumberCharacters,
        ["考生号不正确", "考生号由 8 到 20 位数字（个别省份含字母）组成。", "请对照准考证逐位核对。"],
        ["Not a candidate number", "A candidate number has 8 to 20 digits (letters in some provinces).", "Compare it with your admission ticket, digit by digit."]),
    (ProfileNumberPattern,
        ["考生号与{province}的常见格式不同", "填写了 {length} 位，常见的是 {expected}。", "请对照准考证核对；确认无误可以继续。"],
        ["Unusual for {province}", "It has {length} characters; usual is {expected}.", "Compare it with your admission ticket. If it is right, go on."]),
    (ProfileTicketMissing,
        ["请上传准考证照片", "高考生需要准考证照片，以便核对考生号。", "请拍摄统考准考证或高考准考证。"],
        ["A photo of the admission ticket is needed", "It is compared with the candidate number.", "Take a photo of your admission ticket."]),
    (ProfilePortraitMissing,
        ["请上传证件照", "需要一张免冠证件照。", "请上传或拍摄证件照，背景颜色不限。"],
        ["A portrait is needed", "A bare-headed portrait is needed.", "Upload or take one; the background may have any colour."]),
    (ProfileRollMissing,
        ["学籍信息不完整", "需要就读学校和年级（或学历阶段）。", "请如实填写；已毕业的填写最后就读的学校。"],
        ["The school roll is incomplete", "A school and a year (or stage) are needed.", "Enter where you study, or where you studied last."]),
    (ProfileRollTooLong,
        ["学籍信息太长", "学校最多 100 字，年级最多 50 字，学籍号最多 40 位。", "请缩短后再提交。"],
        ["The school roll is too long", "At most 100 letters for the school, 50 for the stage, 40 for the number.", "Shorten it, then send it again."]),
    (ProfileRules,
        ["表格有误", "第 {rows} 行无法识别。", "每行依次为省份（或 *）、位数、前缀（多个用 | 分隔）。"],
        ["The table cannot be read", "Row {rows} cannot be understood.", "Each row is a province (or *), a count of digits, and prefixes separated by |."]),
];
