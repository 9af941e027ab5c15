//! Tasks before the exam: whether they can be done, and whether who has booked gets in.

use std::collections::BTreeSet;

use super::finding::{Finding, FindingCode};
use crate::exam::RevisionBody;
use crate::task::{Booking, Task, TaskForm};

pub(super) fn check(body: &RevisionBody, findings: &mut Vec<Finding>) {
    let mut ids = BTreeSet::new();
    for (index, task) in body.tasks.iter().enumerate() {
        let place = format!("tasks[{index}]");
        if !ids.insert(*task.id.as_uuid()) {
            let finding = Finding::new(FindingCode::IdTwice, format!("{place}.id"));
            findings.push(finding.with("id", task.id.to_string()));
        }
        if task.title.zh.trim().is_empty() {
            findings.push(Finding::new(FindingCode::TaskTitleEmpty, format!("{place}.title")));
        }
        if task.text().is_some_and(|text| text.zh.trim().is_empty()) {
            findings.push(Finding::new(FindingCode::TaskTextEmpty, format!("{place}.form.text")));
        }
        check_majors(body, task, &place, findings);
        match &task.form {
            TaskForm::Reading { min_ms, .. } if min_ms.as_ms() < 0 => {
                let finding = Finding::new(FindingCode::SpanNegative, format!("{place}.form.min_ms"));
                findings.push(finding.with("setting", "min_ms"));
            }
            TaskForm::Booking(booking) => check_booking(body, task, booking, &place, &mut ids, findings),
            TaskForm::Reading { .. } | TaskForm::Pledge { .. } => {}
        }
    }
}

fn check_majors(body: &RevisionBody, task: &Task, place: &str, findings: &mut Vec<Finding>) {
    for major in task.majors.iter().flatten().filter(|major| body.major(**major).is_none()) {
        let finding = Finding::new(FindingCode::TaskMajorUnknown, format!("{place}.majors"));
        findings.push(finding.with("major", major.to_string()));
    }
}

fn check_booking(
    body: &RevisionBody,
    task: &Task,
    booking: &Booking,
    place: &str,
    ids: &mut BTreeSet<uuid::Uuid>,
    findings: &mut Vec<Finding>,
) {
    if booking.closes_at <= booking.opens_at {
        findings.push(Finding::new(FindingCode::BookingWindowInverted, format!("{place}.form.closes_at")));
    }
    if booking.slots.is_empty() {
        findings.push(Finding::new(FindingCode::BookingSlotsNone, format!("{place}.form.slots")));
    }
    for (index, slot) in booking.slots.iter().enumerate() {
        let place = format!("{place}.form.slots[{index}]");
        if !ids.insert(*slot.id.as_uuid()) {
            let finding = Finding::new(FindingCode::IdTwice, format!("{place}.id"));
            findings.push(finding.with("id", slot.id.to_string()));
        }
        if slot.ends_at <= slot.starts_at {
            findings.push(Finding::new(FindingCode::SlotInverted, format!("{place}.ends_at")));
        }
        if slot.capacity == 0 {
            findings.push(Finding::new(FindingCode::SlotCapacityZero, format!("{place}.capacity")));
        }
        let mut gated = body.sessions.iter().filter(|session| task.gates(session.kind)).peekable();
        let meets = |session: &crate::exam::Session| {
            slot.starts_at < session.entry_ends_at() && session.opens_at < slot.ends_at
        };
        if gated.peek().is_some() && !gated.any(meets) {
            findings.push(Finding::new(FindingCode::SlotOutsideSessions, format!("{place}.starts_at")));
        }
    }
}
