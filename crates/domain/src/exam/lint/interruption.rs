//! What the exam allows after an interruption, against what a take can do.

use super::finding::{Finding, FindingCode};
use crate::policy::{Act, ActPolicy, Effect, Policy};
use crate::sitting::PARTS_MAX;
use crate::time::Millis;

pub(super) fn check(policy: &Policy, place: &str, findings: &mut Vec<Finding>) {
    if policy.parts_per_take_max == 0 {
        findings.push(Finding::new(FindingCode::PartsZero, format!("{place}.settings.parts_per_take_max")));
    } else if policy.parts_per_take_max as usize > PARTS_MAX {
        let finding =
            Finding::new(FindingCode::PartsOverLimit, format!("{place}.settings.parts_per_take_max"));
        findings.push(finding.with("parts", policy.parts_per_take_max).with("limit", PARTS_MAX));
    }
    for act in Act::ALL {
        let at = format!("{place}.settings.interruption.{}", act.code());
        findings.extend(contradiction(policy, act).map(|code| described(code, at, policy, act)));
    }
}

fn contradiction(policy: &Policy, act: Act) -> Option<FindingCode> {
    let ActPolicy { allowed, resume_within_ms, effect } = *policy.interruption.of(act);
    let parts = policy.parts_per_take_max;
    match (allowed, effect) {
        (0, _) => None,
        (_, Effect::Note) => Some(FindingCode::LimitOfNote),
        _ if resume_within_ms <= Millis::ZERO => Some(FindingCode::AllowedWithoutTime),
        _ if parts == 1 => Some(FindingCode::ResumeWithoutParts),
        _ if needs_part(act) && parts > 1 && allowed >= parts => Some(FindingCode::PartsShort),
        _ if resume_within_ms >= policy.take_max_ms && policy.take_max_ms > Millis::ZERO => {
            Some(FindingCode::ResumeOverTake)
        }
        _ => None,
    }
}

/// Whether a take goes on only with another recorder.
const fn needs_part(act: Act) -> bool {
    matches!(act, Act::TrackEnded | Act::Reload | Act::RecorderError)
}

fn described(code: FindingCode, at: String, policy: &Policy, act: Act) -> Finding {
    let rule = policy.interruption.of(act);
    let finding = Finding::new(code, at).with("act", act.code());
    match code {
        FindingCode::LimitOfNote => finding.with("allowed", rule.allowed),
        FindingCode::PartsShort => {
            finding.with("allowed", rule.allowed).with("parts", policy.parts_per_take_max)
        }
        FindingCode::ResumeOverTake => finding
            .lasting("resume_within_ms", rule.resume_within_ms)
            .lasting("take_max_ms", policy.take_max_ms),
        _ => finding,
    }
}
