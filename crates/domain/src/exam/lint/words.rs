//! The school's words, and where its candidates ask.

use super::finding::{Finding, FindingCode};
use crate::exam::RevisionBody;

pub(super) fn check(body: &RevisionBody, findings: &mut Vec<Finding>) {
    for (name, _) in body.terms.words().filter(|(_, word)| word.trim().is_empty()) {
        findings.push(Finding::new(FindingCode::TermEmpty, format!("terms.{name}")).with("name", name));
    }
    let support = &body.support;
    let ways = [&support.phone, &support.email, &support.qq];
    if !support.hours.trim().is_empty() && ways.iter().all(|way| way.trim().is_empty()) {
        findings.push(Finding::new(FindingCode::SupportHoursOnly, "support.hours"));
    }
}
