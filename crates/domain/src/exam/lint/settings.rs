//! Resolved settings that contradict each other, or ask for what there is not yet.

use super::finding::{Finding, FindingCode};
use crate::exam::{Major, RevisionBody, Subject};
use crate::policy::{Act, Companion, Effect, MediaProfile, Orientation, Policy};
use crate::time::Millis;

/// More attempts than any exam that was read gives, with room (L2 names 10).
const MANY_ATTEMPTS: u32 = 20;

/// A major's own clock against what its compulsory subjects need.
pub(super) fn check_major(body: &RevisionBody, major: &Major, place: &str, findings: &mut Vec<Finding>) {
    let policy = body.resolve_major(major).policy;
    let Some(duration) = policy.duration_ms else { return };
    if duration <= Millis::ZERO {
        findings
            .push(Finding::new(FindingCode::DurationNotPositive, format!("{place}.settings.duration_ms")));
        return;
    }
    let longest = major
        .subjects
        .iter()
        .filter(|subject| subject.compulsory)
        .map(|subject| body.resolve_subject(major, subject).policy)
        .fold(Millis::ZERO, |sum, policy| sum + policy.position_ms + policy.take_max_ms);
    if longest > duration {
        let finding = Finding::new(FindingCode::TakesOverDuration, format!("{place}.settings.duration_ms"));
        findings.push(finding.lasting("take_max_ms", longest).lasting("duration_ms", duration));
    }
}

/// A subject's resolved settings.
pub(super) fn check_subject(
    body: &RevisionBody,
    major: &Major,
    subject: &Subject,
    place: &str,
    findings: &mut Vec<Finding>,
) {
    let policy = body.resolve_subject(major, subject).policy;
    let at = |setting: &str| format!("{place}.settings.{setting}");
    let mut found = |code, setting: &str| findings.push(Finding::new(code, at(setting)));
    if policy.attempts == 0 {
        found(FindingCode::AttemptsZero, "attempts");
    }
    if policy.parts_per_take_max == 0 {
        found(FindingCode::PartsZero, "parts_per_take_max");
    }
    if policy.companion == Companion::Required {
        found(FindingCode::CompanionUnavailable, "companion");
    }
    if !(0.0..=1.0).contains(&policy.battery_min) {
        found(FindingCode::BatteryOutOfRange, "battery_min");
    }
    if policy.deliver_within_ms == Millis::ZERO {
        found(FindingCode::DeliverAtOnce, "deliver_within_ms");
    }
    if policy.attempts > MANY_ATTEMPTS {
        findings
            .push(Finding::new(FindingCode::AttemptsMany, at("attempts")).with("attempts", policy.attempts));
    }
    check_no_effect(subject, place, findings);
    check_spans(&policy, place, findings);
    check_clock(body, major, subject, &policy, place, findings);
    check_interruption(&policy, place, findings);
    check_media(&policy.media, place, findings);
}

/// Settings of the sitting as a whole that a single subject cannot change.
fn check_no_effect(subject: &Subject, place: &str, findings: &mut Vec<Finding>) {
    let stated = [
        ("late_entry", subject.settings.late_entry.is_some()),
        ("deliver_within_ms", subject.settings.deliver_within_ms.is_some()),
        ("second_login", subject.settings.second_login.is_some()),
        ("hold_to_enter_ms", subject.settings.hold_to_enter_ms.is_some()),
    ];
    for (setting, _) in stated.into_iter().filter(|(_, stated)| *stated) {
        let finding = Finding::new(FindingCode::SessionLevelSetting, format!("{place}.settings.{setting}"));
        findings.push(finding.with("setting", setting));
    }
}

fn check_spans(policy: &Policy, place: &str, findings: &mut Vec<Finding>) {
    let spans = [
        ("position_ms", policy.position_ms),
        ("deliver_within_ms", policy.deliver_within_ms),
        ("hold_to_enter_ms", policy.hold_to_enter_ms),
        ("face_within_ms", policy.face_within_ms),
        ("take_min_ms", policy.take_min_ms.unwrap_or_default()),
        ("countdown_warnings_ms", policy.countdown_warnings_ms.iter().copied().min().unwrap_or_default()),
    ];
    for (setting, _) in spans.into_iter().filter(|(_, span)| *span < Millis::ZERO) {
        let finding = Finding::new(FindingCode::SpanNegative, format!("{place}.settings.{setting}"));
        findings.push(finding.with("setting", setting));
    }
}

fn check_clock(
    body: &RevisionBody,
    major: &Major,
    subject: &Subject,
    policy: &Policy,
    place: &str,
    findings: &mut Vec<Finding>,
) {
    let longest = policy.take_max_ms;
    let at = |setting: &str| format!("{place}.settings.{setting}");
    if longest <= Millis::ZERO {
        findings.push(Finding::new(FindingCode::TakeMaxZero, at("take_max_ms")));
    }
    if let Some(shortest) = policy.take_min_ms.filter(|shortest| *shortest > longest) {
        let finding = Finding::new(FindingCode::TakeMinOverMax, at("take_min_ms"));
        findings.push(finding.lasting("take_min_ms", shortest).lasting("take_max_ms", longest));
    }
    if let Some(duration) = policy.duration_ms.filter(|duration| *duration < longest) {
        let finding = Finding::new(FindingCode::TakeOverDuration, at("take_max_ms"));
        findings.push(finding.lasting("take_max_ms", longest).lasting("duration_ms", duration));
    }
    let own = subject.settings.duration_ms.flatten();
    if let (Some(own), Some(sitting)) = (own, body.resolve_major(major).policy.duration_ms)
        && own > sitting
    {
        let finding = Finding::new(FindingCode::SubjectClockOverSitting, at("duration_ms"));
        findings.push(finding.lasting("duration_ms", own).lasting("sitting_ms", sitting));
    }
}

fn check_interruption(policy: &Policy, place: &str, findings: &mut Vec<Finding>) {
    for act in Act::ALL {
        let rule = policy.interruption.of(act);
        if rule.allowed == 0 || rule.effect == Effect::Note {
            continue;
        }
        let at = format!("{place}.settings.interruption.{}", act.code());
        if rule.resume_within_ms <= Millis::ZERO {
            findings.push(Finding::new(FindingCode::AllowedWithoutTime, at).with("act", act.code()));
        } else if policy.parts_per_take_max == 1 {
            findings.push(Finding::new(FindingCode::ResumeWithoutParts, at).with("act", act.code()));
        }
    }
}

fn check_media(media: &MediaProfile, place: &str, findings: &mut Vec<Finding>) {
    let at = format!("{place}.settings.media");
    let numbers = [
        media.width,
        media.height,
        media.frame_rate,
        media.video_bits_per_second,
        media.audio_bits_per_second,
    ];
    if numbers.contains(&0) {
        findings.push(Finding::new(FindingCode::MediaImpossible, at));
        return;
    }
    let contradicts = match media.orientation {
        Orientation::Landscape => media.width < media.height,
        Orientation::Portrait => media.width > media.height,
        Orientation::Any => false,
    };
    if contradicts {
        let finding = Finding::new(FindingCode::MediaOrientation, at.clone());
        findings.push(finding.with("width", media.width).with("height", media.height));
    }
    if media.audio_bits_per_second < 64_000 {
        findings.push(Finding::new(FindingCode::MediaAudioLow, at));
    }
}
