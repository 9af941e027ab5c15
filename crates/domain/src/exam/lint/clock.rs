//! Takes against the clocks they must fit into.

use super::finding::{Finding, FindingCode};
use super::view::View;
use crate::exam::{Major, Order, Subject};
use crate::policy::{AtClose, LateEntry, Policy};
use crate::time::Millis;

/// The clock of a sitting as a whole.
pub(super) fn check_major(view: View<'_>, major: &Major, place: &str, findings: &mut Vec<Finding>) {
    let policy = view.policy(major, None);
    let at = |setting: &str| format!("{place}.settings.{setting}");
    let Some(duration) = policy.duration_ms else {
        if policy.late_entry == LateEntry::Full {
            findings.push(Finding::new(FindingCode::LateEntryWithoutDuration, at("late_entry")));
        }
        return;
    };
    if duration <= Millis::ZERO {
        findings.push(Finding::new(FindingCode::DurationNotPositive, at("duration_ms")));
        return;
    }
    let longest = major
        .subjects
        .iter()
        .filter(|subject| subject.compulsory)
        .map(|subject| view.policy(major, Some(subject)))
        .fold(Millis::ZERO, |sum, policy| sum + policy.position_ms + policy.take_max_ms);
    if longest > duration {
        let finding = Finding::new(FindingCode::TakesOverDuration, at("duration_ms"));
        findings.push(finding.lasting("take_max_ms", longest).lasting("duration_ms", duration));
    }
    let earliest = policy.countdown_warnings_ms.iter().max().copied().unwrap_or_default();
    let stated = view.states(major, None, "countdown_warnings_ms", "countdown_warnings_ms");
    if earliest >= duration && stated {
        let finding = Finding::new(FindingCode::CountdownOverDuration, at("countdown_warnings_ms"));
        findings.push(finding.lasting("warning_ms", earliest).lasting("duration_ms", duration));
    }
    check_own_clocks(view, major, duration, place, findings);
}

/// Clocks of subjects run from the moment a subject opens: all at entry, or one after another.
fn check_own_clocks(
    view: View<'_>,
    major: &Major,
    duration: Millis,
    place: &str,
    findings: &mut Vec<Finding>,
) {
    let own = || major.subjects.iter().filter_map(|subject| view.own_clock(subject));
    if own().count() < 2 {
        return;
    }
    match major.order {
        Order::Free => findings.push(Finding::new(FindingCode::ClocksAtOnce, format!("{place}.order"))),
        Order::Fixed => {
            let together = own().fold(Millis::ZERO, |sum, clock| sum + clock);
            if together > duration {
                let finding =
                    Finding::new(FindingCode::ClocksOverSitting, format!("{place}.settings.duration_ms"));
                findings.push(finding.lasting("clocks_ms", together).lasting("duration_ms", duration));
            }
        }
    }
}

/// The takes of a subject.
pub(super) fn check_subject(
    view: View<'_>,
    major: &Major,
    subject: &Subject,
    place: &str,
    findings: &mut Vec<Finding>,
) {
    let policy = view.policy(major, Some(subject));
    let at = |setting: &str| format!("{place}.settings.{setting}");
    check_lengths(&policy, place, findings);
    let sitting = view.policy(major, None).duration_ms;
    if let (Some(own), Some(sitting)) = (view.own_clock(subject), sitting)
        && own > sitting
    {
        let finding = Finding::new(FindingCode::SubjectClockOverSitting, at("duration_ms"));
        findings.push(finding.lasting("duration_ms", own).lasting("sitting_ms", sitting));
    }
    let longest = policy.take_max_ms;
    if let Some(duration) = policy.duration_ms.filter(|duration| *duration < longest) {
        let finding = Finding::new(FindingCode::TakeOverDuration, at("take_max_ms"));
        findings.push(finding.lasting("take_max_ms", longest).lasting("duration_ms", duration));
        return;
    }
    let Some(clock) = view.longest(major, policy.duration_ms) else { return };
    check_fit(&policy, clock, place, findings);
}

fn check_lengths(policy: &Policy, place: &str, findings: &mut Vec<Finding>) {
    let at = |setting: &str| format!("{place}.settings.{setting}");
    let longest = policy.take_max_ms;
    if longest <= Millis::ZERO {
        findings.push(Finding::new(FindingCode::TakeMaxZero, at("take_max_ms")));
        return;
    }
    if let Some(shortest) = policy.take_min_ms.filter(|shortest| *shortest > longest) {
        let finding = Finding::new(FindingCode::TakeMinOverMax, at("take_min_ms"));
        findings.push(finding.lasting("take_min_ms", shortest).lasting("take_max_ms", longest));
    }
    if policy.position_ms > longest {
        let finding = Finding::new(FindingCode::PositionOverTake, at("position_ms"));
        findings.push(finding.lasting("position_ms", policy.position_ms).lasting("take_max_ms", longest));
    }
}

/// What begins with the clock must be over before it is.
fn check_fit(policy: &Policy, clock: Millis, place: &str, findings: &mut Vec<Finding>) {
    let at = |setting: &str| format!("{place}.settings.{setting}");
    let (position, longest) = (policy.position_ms, policy.take_max_ms);
    let ends_only_at_close = !policy.early_stop && policy.at_close == AtClose::Abandon;
    if position >= clock && clock > Millis::ZERO {
        let finding = Finding::new(FindingCode::PositionOverDuration, at("position_ms"));
        findings.push(finding.lasting("position_ms", position).lasting("duration_ms", clock));
    } else if ends_only_at_close && longest <= clock && position + longest > clock {
        let finding = Finding::new(FindingCode::TakeNeverEnds, at("early_stop"));
        findings.push(finding.lasting("needed_ms", position + longest).lasting("duration_ms", clock));
    }
}
