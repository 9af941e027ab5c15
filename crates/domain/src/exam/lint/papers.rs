//! Papers: whether what is drawn is there, is read in time, and is seen only where it should be.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, FindingCode};
use crate::exam::{Major, Paper, RevisionBody, Session, SittingKind, Subject};
use crate::time::Millis;

pub(super) fn check(body: &RevisionBody, findings: &mut Vec<Finding>) {
    let mut ids = BTreeSet::new();
    for (at, major) in body.majors.iter().enumerate() {
        for (index, subject) in major.subjects.iter().enumerate() {
            let mut used = BTreeMap::new();
            for (number, paper) in subject.papers.iter().enumerate() {
                let place = format!("majors[{at}].subjects[{index}].papers[{number}]");
                check_ids(paper, &place, &mut ids, findings);
                check_questions(paper, &place, findings);
                check_sessions(body, major, paper, &place, &mut used, findings);
                check_reading(body, major, subject, paper, &place, findings);
            }
        }
    }
}

/// A question's key is its own: an id that occurs twice would open both.
fn check_ids(paper: &Paper, place: &str, ids: &mut BTreeSet<uuid::Uuid>, findings: &mut Vec<Finding>) {
    let questions = paper.questions.iter().map(|question| question.id.into());
    for id in std::iter::once(paper.id.into()).chain(questions) {
        if !ids.insert(id) {
            let finding = Finding::new(FindingCode::IdTwice, format!("{place}.id"));
            findings.push(finding.with("id", id.to_string()));
        }
    }
}

fn check_questions(paper: &Paper, place: &str, findings: &mut Vec<Finding>) {
    if paper.questions.is_empty() {
        findings.push(Finding::new(FindingCode::PaperEmpty, format!("{place}.questions")));
    }
    for (index, _) in paper.questions.iter().enumerate().filter(|(_, one)| one.text.trim().is_empty()) {
        let at = format!("{place}.questions[{index}].text");
        findings.push(Finding::new(FindingCode::QuestionEmpty, at).with("number", index + 1));
    }
    let Some(draw) = paper.draw else { return };
    let at = format!("{place}.draw");
    if draw == 0 {
        findings.push(Finding::new(FindingCode::PaperDrawsNothing, at));
    } else if draw > paper.dealt() {
        let finding = Finding::new(FindingCode::PaperDrawsMore, at);
        findings.push(finding.with("draw", draw).with("count", paper.questions.len()));
    }
}

fn check_sessions(
    body: &RevisionBody,
    major: &Major,
    paper: &Paper,
    place: &str,
    used: &mut BTreeMap<crate::id::SessionId, SittingKind>,
    findings: &mut Vec<Finding>,
) {
    let at = format!("{place}.sessions");
    if paper.sessions.is_empty() {
        findings.push(Finding::new(FindingCode::PaperUnused, at.clone()));
    }
    let mut kinds = BTreeSet::new();
    for id in &paper.sessions {
        let Some(session) = body.session(*id).filter(|session| session.is_for(major.id)) else {
            findings.push(Finding::new(FindingCode::PaperSessionUnknown, at.clone()));
            continue;
        };
        kinds.insert(session.kind);
        if used.insert(*id, session.kind).is_some() {
            let finding = Finding::new(FindingCode::PaperTwice, at.clone());
            findings.push(finding.with("session", session.title.as_str()));
        }
    }
    if kinds.contains(&SittingKind::Formal) && kinds.len() > 1 {
        findings.push(Finding::new(FindingCode::PaperRehearsed, at));
    }
}

/// Reading and one take fit into the subject's own clock, or the sitting's.
fn check_reading(
    body: &RevisionBody,
    major: &Major,
    subject: &Subject,
    paper: &Paper,
    place: &str,
    findings: &mut Vec<Finding>,
) {
    let at = format!("{place}.read_ms");
    if paper.read_ms < Millis::ZERO {
        findings.push(Finding::new(FindingCode::SpanNegative, at).with("setting", "read_ms"));
        return;
    }
    let sessions = paper.sessions.iter().filter_map(|id| body.session(*id));
    let clock = |session: &Session| {
        let own = body.policy_in(session, major, Some(subject)).duration_ms;
        own.unwrap_or_else(|| session.window()).min(session.window())
    };
    let Some(shortest) = sessions.map(clock).min() else { return };
    if paper.read_ms > Millis::ZERO && paper.read_ms >= shortest {
        let finding = Finding::new(FindingCode::PaperReadOverClock, at);
        findings.push(finding.lasting("read_ms", paper.read_ms).lasting("duration_ms", shortest));
    }
}
