//! Settings of face checks that contradict one another (F4, F5, F8, F10).

use super::finding::{Finding, FindingCode};
use crate::policy::{AfterThreeStrikes, FaceCheck, MockFace, Policy};
use crate::time::Millis;

/// `states` says which settings a level states that does not itself give way to another choice of `face`.
pub(super) fn check(
    policy: &Policy,
    states: impl Fn(&str) -> bool,
    place: &str,
    findings: &mut Vec<Finding>,
) {
    let mut found = |code, setting: &str| {
        findings.push(Finding::new(code, format!("{place}.settings.{setting}")));
    };
    let within = policy.face_within_ms;
    match policy.face {
        FaceCheck::Off => {
            if within > Millis::ZERO && states("face_within_ms") {
                found(FindingCode::FaceWithinWhileOff, "face_within_ms");
            }
            if policy.face_in_mock != MockFace::Off && states("face_in_mock") {
                found(FindingCode::FaceMockWhileOff, "face_in_mock");
            }
            if policy.after_three_strikes == AfterThreeStrikes::Block && states("after_three_strikes") {
                found(FindingCode::StrikesWhileOff, "after_three_strikes");
            }
        }
        FaceCheck::Flag
            if policy.after_three_strikes == AfterThreeStrikes::Block && states("after_three_strikes") =>
        {
            found(FindingCode::StrikesWhileFlag, "after_three_strikes");
        }
        FaceCheck::Flag | FaceCheck::Block => {}
    }
    if policy.face == FaceCheck::Block && policy.face_in_mock == MockFace::Off {
        found(FindingCode::FaceUnrehearsed, "face_in_mock");
    }
    // The phone looks for the first time after half the span.
    let too_late = within.as_ms() / 2 >= policy.take_max_ms.as_ms() && policy.take_max_ms > Millis::ZERO;
    if policy.face != FaceCheck::Off && too_late {
        let finding =
            Finding::new(FindingCode::FaceWithinOverTake, format!("{place}.settings.face_within_ms"));
        findings.push(finding.lasting("face_within_ms", within).lasting("take_max_ms", policy.take_max_ms));
    }
}
