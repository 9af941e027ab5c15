//! Submissions and their delivery: each cause of “cannot submit” is told apart (N9).

use super::Row;
use crate::refusal::RefusalCode::*;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    (SubmissionNotFound,
        ["没有找到提交记录", "这次提交不存在。", "请返回{term.subject}页面查看。"],
        ["No such submission", "It does not exist.", "Go back to the subject."]),
    (SubmissionAlreadyMade,
        ["已提交", "这个{term.subject}已于 {submitted_at} 提交，一经提交不得更改。", "不需要再操作，请等待显示“已送达”。"],
        ["Already submitted", "This subject was submitted at {submitted_at}, which is final.", "There is nothing left to do; wait until it is delivered."]),
    (SubmissionTimeOver,
        ["{term.exam}时间已结束", "{term.exam}已于 {closed_at} 结束，不能再提交。", "已提交的{term.subject}不受影响；如有异议，请联系{term.school}，由{term.school}决定是否重新开放。"],
        ["The time is over", "It ended at {closed_at}; nothing can be submitted any more.", "What was submitted stands; if something went wrong, ask the school, which may reopen the subject."]),
    (SubmissionAttemptsUsedUp,
        ["{term.record}机会已用完", "{allowed} 次机会都没有留下可以提交的视频。", "请联系{term.school}，由监考老师决定是否补给机会。"],
        ["No attempt left", "None of the {allowed} attempts left a take that can be submitted.", "Contact the school: a proctor can grant another attempt."]),
    (SubmissionTakeLost,
        ["录制已中断", "这次{term.record}因中断而失效，没有可以提交的视频。", "请选择另一次{term.record}，或在还有机会时重新{term.record}。"],
        ["The take is lost", "It was interrupted and cannot be submitted.", "Choose another take, or record again while an attempt is left."]),
    (SubmissionTakeNotFinished,
        ["{term.record}还没有完成", "这次{term.record}还在进行。", "请先完成{term.record}，回放确认后再提交。"],
        ["The take is not finished", "It is still running.", "Finish it, play it back, then submit."]),
    (SubmissionNothingRecorded,
        ["还没有可以提交的视频", "这个{term.subject}还没有完成的{term.record}，剩 {left} 次机会。", "请先{term.record}。"],
        ["Nothing to submit yet", "This subject has no finished take; {left} attempts are left.", "Record one first."]),
    (SubmissionPractice,
        ["练习不需要提交", "练习的视频不会提交，次数和时间不限。", "练习好后可以直接结束。"],
        ["Practice is not submitted", "Nothing of a practice is submitted; it has no limits.", "Finish it when you like."]),
    (DeliverySettled,
        ["送达状态已确定", "这次提交的送达状态已经是 {state}。", "如需补救，请重新开放该{term.subject}。"],
        ["Delivery is settled", "The delivery of this submission is {state}.", "Reopen the subject if something has to be done."]),
    (DeliveryLapsed,
        ["传送时间已结束", "视频须在 {deliver_until_at} 前传完。", "已送达的部分会保留；请保留手机上的视频并联系{term.school}，由{term.school}决定。"],
        ["The time for delivery is over", "Footage had to arrive until {deliver_until_at}.", "What arrived is kept; keep the video on the phone and contact the school, which decides."]),
    (DeliveryDamaged,
        ["视频文件损坏", "视频已全部送达，但无法播放。", "请保留手机上的视频并联系{term.school}，由{term.school}决定是否重新开放该{term.subject}。"],
        ["The file is damaged", "All of it arrived, but it cannot be played.", "Keep the video on the phone and contact the school, which may reopen the subject."]),
];
