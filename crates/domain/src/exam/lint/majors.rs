//! Majors, subjects and electives.

use std::collections::BTreeSet;

use super::finding::{Finding, FindingCode};
use super::settings;
use super::view::View;
use crate::exam::{Major, RevisionBody, SubjectForm};

pub(super) fn check(body: &RevisionBody, findings: &mut Vec<Finding>) {
    if body.majors.is_empty() {
        findings.push(Finding::new(FindingCode::MajorsNone, "majors"));
    }
    let mut names = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (index, major) in body.majors.iter().enumerate() {
        let place = format!("majors[{index}]");
        let name = major.name.trim();
        if name.is_empty() {
            findings.push(Finding::new(FindingCode::MajorNameEmpty, format!("{place}.name")));
        } else if !names.insert(name) {
            findings
                .push(Finding::new(FindingCode::MajorNameTwice, format!("{place}.name")).with("name", name));
        }
        if !ids.insert(*major.id.as_uuid()) {
            findings.push(
                Finding::new(FindingCode::IdTwice, format!("{place}.id")).with("id", major.id.to_string()),
            );
        }
        if body.sessions_of(major.id).next().is_none() && !body.sessions.is_empty() {
            findings.push(Finding::new(FindingCode::MajorWithoutSession, place.clone()).with("name", name));
        }
        check_subjects(body, major, &place, &mut ids, findings);
        check_electives(major, &place, findings);
        settings::check_major(View::of_exam(body), major, &place, findings);
    }
}

fn check_subjects(
    body: &RevisionBody,
    major: &Major,
    place: &str,
    ids: &mut BTreeSet<uuid::Uuid>,
    findings: &mut Vec<Finding>,
) {
    if major.subjects.is_empty() {
        findings.push(
            Finding::new(FindingCode::SubjectsNone, format!("{place}.subjects"))
                .with("name", major.name.trim()),
        );
    }
    let mut names = BTreeSet::new();
    for (index, subject) in major.subjects.iter().enumerate() {
        let place = format!("{place}.subjects[{index}]");
        let name = subject.name.trim();
        if name.is_empty() {
            findings.push(Finding::new(FindingCode::SubjectNameEmpty, format!("{place}.name")));
        } else if !names.insert(name) {
            findings.push(
                Finding::new(FindingCode::SubjectNameTwice, format!("{place}.name")).with("name", name),
            );
        }
        if !ids.insert(*subject.id.as_uuid()) {
            findings.push(
                Finding::new(FindingCode::IdTwice, format!("{place}.id")).with("id", subject.id.to_string()),
            );
        }
        if subject.form != SubjectForm::Video {
            findings.push(
                Finding::new(FindingCode::SubjectFormUnavailable, format!("{place}.form")).with("name", name),
            );
        }
        if subject.content.trim().is_empty() {
            findings.push(
                Finding::new(FindingCode::SubjectContentEmpty, format!("{place}.content")).with("name", name),
            );
        }
        settings::check_no_effect(subject, &place, findings);
        settings::check_subject(View::of_exam(body), major, subject, &place, findings);
    }
}

fn check_electives(major: &Major, place: &str, findings: &mut Vec<Finding>) {
    let Some(picks) = major.electives else { return };
    let place = format!("{place}.electives");
    let count = major.elective_count();
    if picks.pick_min > picks.pick_max {
        let finding = Finding::new(FindingCode::ElectivesInverted, place.clone());
        findings.push(finding.with("pick_min", picks.pick_min).with("pick_max", picks.pick_max));
    }
    if picks.pick_min > count {
        let finding = Finding::new(FindingCode::ElectivesImpossible, place.clone());
        findings.push(finding.with("pick_min", picks.pick_min).with("count", count));
    }
    if picks.pick_max > count {
        let finding = Finding::new(FindingCode::ElectivesSurplus, place.clone());
        findings.push(finding.with("pick_max", picks.pick_max).with("count", count));
    }
    if picks.pick_min <= picks.pick_max && count > 0 {
        if picks.pick_max == 0 {
            findings.push(Finding::new(FindingCode::ElectivesClosed, place).with("count", count));
        } else if picks.pick_min == count {
            findings.push(Finding::new(FindingCode::ElectivesAll, place).with("count", count));
        }
    }
}
