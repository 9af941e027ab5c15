//! Sessions: their windows, and whether what is asked fits into them.

use std::collections::BTreeSet;

use super::finding::{Finding, FindingCode};
use super::own_settings;
use crate::exam::{Major, RevisionBody, Session, SittingKind};
use crate::policy::LateEntry;
use crate::time::Timestamp;

pub(super) fn check(body: &RevisionBody, now: Timestamp, findings: &mut Vec<Finding>) {
    if body.sessions.is_empty() {
        findings.push(Finding::new(FindingCode::SessionsNone, "sessions"));
        return;
    }
    let has = |kind| body.sessions.iter().any(|session| session.kind == kind);
    if !has(SittingKind::Formal) {
        findings.push(Finding::new(FindingCode::SessionsNoFormal, "sessions"));
    } else if !has(SittingKind::Mock) {
        findings.push(Finding::new(FindingCode::SessionsNoMock, "sessions"));
    }
    let mut ids = BTreeSet::new();
    for (index, session) in body.sessions.iter().enumerate() {
        let place = format!("sessions[{index}]");
        if !ids.insert(session.id) {
            let finding = Finding::new(FindingCode::IdTwice, format!("{place}.id"));
            findings.push(finding.with("id", session.id.to_string()));
        }
        check_window(session, now, &place, findings);
        check_admission(body, session, &place, findings);
        check_rehearsal(body, session, &place, findings);
        own_settings::check(body, session, &place, findings);
        if session.window().as_ms() > 0 {
            check_fit(body, session, &place, findings);
        }
    }
}

fn check_window(session: &Session, now: Timestamp, place: &str, findings: &mut Vec<Finding>) {
    if session.title.trim().is_empty() {
        findings.push(Finding::new(FindingCode::SessionTitleEmpty, format!("{place}.title")));
    }
    if session.closes_at <= session.opens_at {
        findings.push(Finding::new(FindingCode::SessionWindowInverted, format!("{place}.closes_at")));
    } else if session.closes_at <= now {
        findings.push(Finding::new(FindingCode::SessionOver, format!("{place}.closes_at")));
    }
    let outside = |latest| latest <= session.opens_at || latest > session.closes_at;
    if session.latest_entry_at.is_some_and(outside) {
        findings
            .push(Finding::new(FindingCode::SessionLatestEntryOutside, format!("{place}.latest_entry_at")));
    }
}

fn check_admission(body: &RevisionBody, session: &Session, place: &str, findings: &mut Vec<Finding>) {
    if session.capacity == Some(0) {
        findings.push(Finding::new(FindingCode::SessionCapacityZero, format!("{place}.capacity")));
    }
    let Some(majors) = &session.majors else { return };
    if majors.is_empty() {
        findings.push(Finding::new(FindingCode::SessionMajorsNone, format!("{place}.majors")));
    }
    for major in majors.iter().filter(|major| body.major(**major).is_none()) {
        let finding = Finding::new(FindingCode::SessionMajorUnknown, format!("{place}.majors"));
        findings.push(finding.with("major", major.to_string()));
    }
}

fn check_fit(body: &RevisionBody, session: &Session, place: &str, findings: &mut Vec<Finding>) {
    let window = session.window();
    for major in body.majors.iter().filter(|major| session.is_for(major.id)) {
        let duration = body.policy_in(session, major, None).duration_ms;
        if let Some(duration) = duration.filter(|duration| *duration > window) {
            let finding = Finding::new(FindingCode::DurationOverWindow, place);
            findings.push(finding.lasting("duration_ms", duration).lasting("window_ms", window));
        }
        for subject in &major.subjects {
            let longest = body.policy_in(session, major, Some(subject)).take_max_ms;
            if longest > window {
                let finding = Finding::new(FindingCode::TakeOverWindow, place);
                findings.push(finding.lasting("take_max_ms", longest).lasting("window_ms", window));
            }
        }
        check_latest_entry(body, session, major, place, findings);
    }
}

/// Who enters at the latest moment still needs time for a take, unless the full duration counts from entry.
fn check_latest_entry(
    body: &RevisionBody,
    session: &Session,
    major: &Major,
    place: &str,
    findings: &mut Vec<Finding>,
) {
    let policy = body.policy_in(session, major, None);
    let clock_of_their_own = policy.late_entry == LateEntry::Full && policy.duration_ms.is_some();
    let Some(latest) = session.latest_entry_at.filter(|_| !clock_of_their_own) else { return };
    let left = session.closes_at.since(latest);
    let window = session.window();
    let needs = |subject| {
        let policy = body.policy_in(session, major, Some(subject));
        policy.position_ms + policy.take_max_ms
    };
    let longest = major.subjects.iter().map(needs).filter(|needed| *needed <= window).max();
    if let Some(needed) = longest.filter(|needed| *needed > left && latest <= session.closes_at) {
        let at = format!("{place}.latest_entry_at");
        let finding = Finding::new(FindingCode::LatestEntryTooLate, at);
        findings.push(finding.lasting("left_ms", left).lasting("needed_ms", needed));
    }
}

/// A mock comes before the last formal session of its majors is over, or it rehearses nothing.
fn check_rehearsal(body: &RevisionBody, mock: &Session, place: &str, findings: &mut Vec<Finding>) {
    if mock.kind != SittingKind::Mock {
        return;
    }
    let shared =
        |formal: &&Session| body.majors.iter().any(|major| formal.is_for(major.id) && mock.is_for(major.id));
    let is_formal = |session: &&Session| session.kind == SittingKind::Formal && session.window().as_ms() > 0;
    let formal = body.sessions.iter().filter(is_formal);
    let last = formal.filter(shared).map(|session| session.closes_at).max();
    if last.is_some_and(|last| mock.opens_at >= last) {
        findings.push(Finding::new(FindingCode::MockTooLate, format!("{place}.opens_at")));
    }
}
