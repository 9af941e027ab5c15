//! Papers.

use super::Row;
use crate::refusal::RefusalCode::*;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    (PaperNone,
        ["没有试题", "这个{term.subject}在本场没有试题。", "请按考试内容直接{term.record}。"],
        ["No questions", "This subject has no paper in this session.", "Record what its content asks for."]),
    (PaperNotOpened,
        ["还没有打开试题", "打开试题后才能{term.record}。", "请先按“打开试题”。"],
        ["The questions are not open yet", "A take can begin after they are opened.", "Open the questions first."]),
    (PaperBeingRead,
        ["正在审题", "审题到 {answer_from_at} 结束，之后才能{term.record}。", "请先看题，时间一到会自动进入下一步。"],
        ["Time to read", "A take can begin at {answer_from_at}, when reading ends.", "Read the questions; the page goes on by itself."]),
];
