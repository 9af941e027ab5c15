//! Resolved settings that contradict each other, or ask for what there is not yet.

use super::finding::{Finding, FindingCode};
use super::view::View;
use super::{clock, face, interruption};
use crate::exam::{Major, Subject};
use crate::policy::{Companion, LateSeals, MediaProfile, Orientation, PhoneChange, Policy, SecondLogin};
use crate::time::Millis;

/// More attempts than any exam that was read gives, with room (L2 names 10).
const MANY_ATTEMPTS: u32 = 20;

/// The settings of a major, which hold for a sitting as a whole.
pub(super) fn check_major(view: View<'_>, major: &Major, place: &str, findings: &mut Vec<Finding>) {
    let policy = view.policy(major, None);
    let at = |setting: &str| format!("{place}.settings.{setting}");
    clock::check_major(view, major, place, findings);
    if policy.deliver_within_ms == Millis::ZERO && policy.late_seals == LateSeals::Accept {
        findings.push(Finding::new(FindingCode::LateSealsWithoutTime, at("late_seals")));
    }
    if policy.phone_change == PhoneChange::Refuse && policy.second_login == SecondLogin::Ask {
        findings.push(Finding::new(FindingCode::PhoneAskedInVain, at("second_login")));
    }
    check_storage(view, major, &policy, place, findings);
}

/// All takes of all subjects, as far as the clock has room for them, may have to wait on the phone.
fn check_storage(view: View<'_>, major: &Major, policy: &Policy, place: &str, findings: &mut Vec<Finding>) {
    let Some(clock) = view.longest(major, policy.duration_ms) else { return };
    let subjects = || major.subjects.iter().map(|subject| view.policy(major, Some(subject)));
    let all: u64 = subjects()
        .map(|policy| bytes(policy.take_max_ms, &policy.media).saturating_mul(u64::from(policy.attempts)))
        .fold(0, u64::saturating_add);
    let most = subjects().map(|policy| bytes(clock, &policy.media)).max().unwrap_or_default();
    let needed = all.min(most);
    if needed > policy.storage_min_bytes {
        let finding =
            Finding::new(FindingCode::StorageTooSmall, format!("{place}.settings.storage_min_bytes"));
        let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
        findings.push(
            finding
                .with("needed_mb", megabytes(needed))
                .with("storage_mb", megabytes(policy.storage_min_bytes)),
        );
    }
}

fn bytes(span: Millis, media: &MediaProfile) -> u64 {
    let seconds = u64::try_from(span.as_ms()).unwrap_or_default() / 1_000;
    let rate = u64::from(media.video_bits_per_second) + u64::from(media.audio_bits_per_second);
    seconds.saturating_mul(rate) / 8
}

/// A subject's resolved settings.
pub(super) fn check_subject(
    view: View<'_>,
    major: &Major,
    subject: &Subject,
    place: &str,
    findings: &mut Vec<Finding>,
) {
    let policy = &view.policy(major, Some(subject));
    let at = |setting: &str| format!("{place}.settings.{setting}");
    let mut found = |code, setting: &str| findings.push(Finding::new(code, at(setting)));
    if policy.attempts == 0 {
        found(FindingCode::AttemptsZero, "attempts");
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
    check_spans(policy, place, findings);
    clock::check_subject(view, major, subject, place, findings);
    interruption::check(policy, place, findings);
    let states = |setting: &str| view.states(major, Some(subject), setting, "face");
    face::check(policy, states, place, findings);
    check_media(&policy.media, place, findings);
}

/// Settings of the sitting as a whole that a single subject cannot change.
pub(super) fn check_no_effect(subject: &Subject, place: &str, findings: &mut Vec<Finding>) {
    let own = &subject.settings;
    let stated = [
        ("late_entry", own.late_entry.is_some()),
        ("deliver_within_ms", own.deliver_within_ms.is_some()),
        ("second_login", own.second_login.is_some()),
        ("hold_to_enter_ms", own.hold_to_enter_ms.is_some()),
        ("countdown_warnings_ms", own.countdown_warnings_ms.is_some()),
        ("storage_min_bytes", own.storage_min_bytes.is_some()),
        ("battery_min", own.battery_min.is_some()),
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
