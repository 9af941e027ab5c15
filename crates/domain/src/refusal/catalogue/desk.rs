//! The desk: reviews, and who decides them (§E).

use super::Row;
use crate::refusal::RefusalCode::*;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    (ReviewClaimed,
        ["已有人在处理", "{who} 已于 {claimed_at} 开始处理这项审核。", "请处理下一项；十分钟后仍未处理的可以接手。"],
        ["Somebody has it", "{who} has been on it since {claimed_at}.", "Take the next one; it can be taken over when it lies for ten minutes."]),
    (ReviewNotClaimed,
        ["请先领取", "只有领取了这项审核的人才能处理。", "请先领取，再作决定。"],
        ["Take it first", "Only the person who has a review decides it.", "Take it, then decide."]),
    (ReviewNothingAsked,
        ["没有需要补充的材料", "客服目前没有要求补充材料。", "请等待结果；需要说明时可以给客服留言。"],
        ["Nothing was asked for", "The desk has not asked you for more.", "Wait for the answer; write to the desk if there is something to say."]),
    (ReviewOtherEyes,
        ["需要另一个人复核", "您已对这项审核作过决定，须由另一个人复核。", "请处理下一项。"],
        ["Another pair of eyes", "You have said what you think; somebody else has to agree.", "Take the next one."]),
    (ReviewOver,
        ["这项审核已结束", "已于 {closed_at} 结束。", "请查看结果；需要时可以重新申请。"],
        ["It is over", "It ended at {closed_at}.", "Read the answer; ask again if you need to."]),
    (ReviewReasonMissing,
        ["请写明原因", "{term.candidate}会看到这段文字，不能为空。", "请写明原因和接下来该怎么做。"],
        ["Say why", "The candidate reads it; it cannot be empty.", "Say why, and what to do next."]),
];
