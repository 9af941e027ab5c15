//! Sessions: their windows, and whether what is asked fits into them.

use std::collections::BTreeSet;

use super::finding::{Finding, FindingCode};
use crate::exam::{RevisionBody, Session, SittingKind};
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
    }
}
