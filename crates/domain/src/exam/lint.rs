//! The linter: contradictions in an exam, found before it opens (NEW12, K10).

mod clock;
mod face;
mod finding;
mod interruption;
mod majors;
mod own_settings;
mod papers;
mod sessions;
mod settings;
mod tasks;
mod view;
mod words;

use super::RevisionBody;
use crate::time::Timestamp;

pub use finding::{Finding, FindingCode, Severity};

/// What is wrong, or looks wrong, with an exam; errors first.
pub fn lint(body: &RevisionBody, now: Timestamp) -> Vec<Finding> {
    let mut findings = Vec::new();
    if body.title.trim().is_empty() {
        findings.push(Finding::new(FindingCode::TitleEmpty, "title"));
    }
    if !zone_looks_right(&body.zone) {
        findings.push(Finding::new(FindingCode::ZoneUnknown, "zone").with("zone", body.zone.as_str()));
    }
    words::check(body, &mut findings);
    majors::check(body, &mut findings);
    papers::check(body, &mut findings);
    sessions::check(body, now, &mut findings);
    tasks::check(body, &mut findings);
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// Shape of an IANA name; whether there is such a zone only the server's zone table knows.
fn zone_looks_right(zone: &str) -> bool {
    zone == "UTC"
        || (zone.contains('/')
            && zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte))
            && zone.split('/').all(|word| !word.is_empty()))
}
