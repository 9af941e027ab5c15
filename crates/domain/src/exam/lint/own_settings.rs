//! A session's own settings: what they contradict, and what they cannot change in such a session.

use std::collections::BTreeSet;

use super::finding::{Finding, FindingCode};
use super::settings;
use super::view::View;
use crate::exam::{RevisionBody, Session, SittingKind};
use crate::policy::Overrides;

pub(super) fn check(body: &RevisionBody, session: &Session, place: &str, findings: &mut Vec<Finding>) {
    if session.settings == Overrides::default() {
        return;
    }
    let known: BTreeSet<_> =
        found_with(body, session, &Overrides::default(), place).map(|finding| key(&finding)).collect();
    let mut told = BTreeSet::new();
    findings.extend(
        found_with(body, session, &session.settings, place)
            .filter(|finding| !known.contains(&key(finding)) && told.insert(key(finding))),
    );
    check_no_effect(session, place, findings);
}

/// What is found in the session when it states `settings`; the exam's own findings are the same without them.
fn found_with<'a>(
    body: &'a RevisionBody,
    session: &'a Session,
    own: &'a Overrides,
    place: &str,
) -> impl Iterator<Item = Finding> {
    let view = View::of_session(body, session, own);
    let mut findings = Vec::new();
    for major in body.majors.iter().filter(|major| session.is_for(major.id)) {
        settings::check_major(view, major, place, &mut findings);
        for subject in &major.subjects {
            settings::check_subject(view, major, subject, place, &mut findings);
        }
    }
    findings.into_iter()
}

fn key(finding: &Finding) -> (&'static str, String) {
    (finding.code.code(), finding.place.clone())
}

/// Nothing is submitted or checked in practice, and only a mock has a mock's face check.
fn check_no_effect(session: &Session, place: &str, findings: &mut Vec<Finding>) {
    let own = &session.settings;
    let practice = session.kind == SittingKind::Practice;
    let stated = [
        ("at_close", practice && own.at_close.is_some()),
        ("face", practice && own.face.is_some()),
        ("face_within_ms", practice && own.face_within_ms.is_some()),
        ("after_three_strikes", session.kind != SittingKind::Formal && own.after_three_strikes.is_some()),
        ("face_in_mock", session.kind != SittingKind::Mock && own.face_in_mock.is_some()),
    ];
    for (setting, _) in stated.into_iter().filter(|(_, stated)| *stated) {
        let finding = Finding::new(FindingCode::SettingOfOtherKind, format!("{place}.settings.{setting}"));
        findings.push(finding.with("setting", setting));
    }
}
