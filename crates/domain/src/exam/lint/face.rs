//! Settings of face checks that contradict one another (F4, F5, F8, F10).

use super::finding::{Finding, FindingCode};
use super::view::is_stated_over;
use crate::policy::{AfterThreeStrikes, FaceCheck, MockFace, Resolution};
use crate::time::Millis;

pub(super) fn check(settings: &Resolution, place: &str, findings: &mut Vec<Finding>) {
    let policy = &settings.policy;
    let mut found = |code, setting: &str| {
        findings.push(Finding::new(code, format!("{place}.settings.{setting}")));
    };
    let stated = |setting| is_stated_over(settings, setting, "face");
    let within = policy.face_within_ms;
    match policy.face {
        FaceCheck::Off => {
            if within > Millis::ZERO && stated("face_within_ms") {
                found(FindingCode::FaceWithinWhileOff, "face_within_ms");
            }
            if policy.face_in_mock != MockFace::Off && stated("face_in_mock") {
                found(FindingCode::FaceMockWhileOff, "face_in_mock");
            }
            if policy.after_three_strikes == AfterThreeStrikes::Block && stated("after_three_strikes") {
                found(FindingCode::StrikesWhileOff, "after_three_strikes");
            }
        }
        FaceCheck::Flag
            if policy.after_three_strikes == AfterThreeStrikes::Block && stated("after_three_strikes") =>
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
