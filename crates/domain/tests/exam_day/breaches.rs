//! Breaches planted between server and model: each must be seen and called by its rule, by the ledger that foresees
//! and by the audit that only reads the record.

use yikao_domain::delivery::Delivery;
use yikao_domain::id::TakeId;
use yikao_domain::refusal::RefusalCode;
use yikao_domain::sitting::{Command, Event, LostCause, Outcome, Recorded, SCHEMA_VERSION, SubmittedBy};
use yikao_domain::time::{Millis, Timestamp};

use crate::report::Rule;
use crate::server::{Heard, Tamper};
use crate::{Day, SEED};

/// By which rules the first breach is called: the ledger's word, and all of the audit's.
fn called(tamper: Tamper) -> (Option<Rule>, Vec<Rule>) {
    let day = Day::new(SEED);
    let broken = (0..2_000).map(|number| day.sit(number, Some(tamper), false).violations);
    let found = broken.into_iter().find(|violations| !violations.is_empty()).unwrap_or_default();
    let by = |who: &str| -> Vec<Rule> {
        found.iter().filter(|violation| violation.by == who).map(|violation| violation.rule).collect()
    };
    (by("ledger").first().copied(), by("audit"))
}

/// What would have been recorded had the command been accepted.
fn accept(heard: &mut Heard, at: Timestamp, event: Event) {
    heard.refused = None;
    heard.events = vec![Recorded { seq: 0, at, schema_version: SCHEMA_VERSION, event }];
}

/// After the last thing that can happen on such a day.
const LATE: Timestamp = Timestamp(crate::rules::NINE + 10 * 86_400_000);

#[test]
fn a_take_beyond_the_attempts_is_seen() {
    let (ledger, audit) = called(|command, heard| {
        if let (
            Command::StartTake { subject_id, take_id, part_id, .. },
            Some(RefusalCode::TakeNoAttemptLeft),
        ) = (command, heard.refused)
        {
            let (number, silent_at) = (9, LATE);
            let (subject_id, take_id, part_id) = (*subject_id, *take_id, *part_id);
            let started = Event::TakeStarted { subject_id, take_id, part_id, number, silent_at, face: None };
            accept(heard, LATE, started);
        }
    });
    assert_eq!(ledger, Some(Rule::Attempts));
    assert!(audit.contains(&Rule::Attempts), "{audit:?}");
}

#[test]
fn a_lost_take_that_cost_nothing_is_seen() {
    let (ledger, audit) = called(|_, heard| {
        for recorded in &mut heard.events {
            if let Event::TakeLost { cause: LostCause::Interrupted { .. }, counted, .. } = &mut recorded.event
            {
                *counted = false;
            }
        }
    });
    assert_eq!(ledger, Some(Rule::Takes));
    assert!(audit.contains(&Rule::Attempts), "{audit:?}");
}

#[test]
fn a_take_that_may_run_too_long_is_seen() {
    let (ledger, audit) = called(|_, heard| {
        for recorded in &mut heard.events {
            if let Event::Beeped { max_ends_at, .. } = &mut recorded.event {
                *max_ends_at = *max_ends_at + Millis(1);
            }
        }
    });
    assert_eq!(ledger, Some(Rule::Attempts));
    assert!(audit.contains(&Rule::Takes), "{audit:?}");
}

#[test]
fn a_submission_that_is_not_on_record_is_seen() {
    let (ledger, audit) = called(|_, heard| {
        let is_submission = |recorded: &Recorded| matches!(recorded.event, Event::Submitted { .. });
        heard.events.retain(|recorded| !is_submission(recorded));
    });
    assert_eq!(ledger, Some(Rule::Answers));
    assert!(audit.contains(&Rule::Log), "{audit:?}");
}

#[test]
fn a_submission_after_the_close_is_seen() {
    let (ledger, audit) = called(|command, heard| {
        if let (
            Command::Submit { subject_id, take_id, submission_id },
            Some(RefusalCode::SubmissionTimeOver),
        ) = (command, heard.refused)
        {
            let (subject_id, take_id, submission_id) = (*subject_id, *take_id, *submission_id);
            let by = SubmittedBy::Candidate;
            accept(heard, LATE, Event::Submitted { subject_id, take_id, submission_id, revision: 1, by });
        }
    });
    assert_eq!(ledger, Some(Rule::Answers));
    assert!(audit.contains(&Rule::Answers), "{audit:?}");
}

#[test]
fn a_second_submission_is_seen() {
    let (ledger, audit) = called(|command, heard| {
        if let (
            Command::Submit { subject_id, take_id, submission_id },
            Some(RefusalCode::SubmissionAlreadyMade),
        ) = (command, heard.refused)
        {
            let (subject_id, take_id, submission_id) = (*subject_id, *take_id, *submission_id);
            let by = SubmittedBy::Candidate;
            accept(heard, LATE, Event::Submitted { subject_id, take_id, submission_id, revision: 2, by });
        }
    });
    assert_eq!(ledger, Some(Rule::Answers));
    assert!(audit.contains(&Rule::Answers), "{audit:?}");
}

#[test]
fn a_rule_that_submits_another_take_is_seen() {
    let (ledger, audit) = called(|_, heard| {
        for recorded in &mut heard.events {
            if let Event::Submitted { take_id, by: SubmittedBy::Rule, .. } = &mut recorded.event {
                *take_id = TakeId::from_uuid(uuid::Uuid::nil());
            }
        }
    });
    assert_eq!(ledger, Some(Rule::Answers));
    assert!(audit.contains(&Rule::Answers), "{audit:?}");
}

#[test]
fn an_exam_given_up_that_is_called_a_success_is_seen() {
    let (ledger, audit) = called(|_, heard| {
        for recorded in &mut heard.events {
            if let Event::Closed { outcome: outcome @ Outcome::Abandoned, .. } = &mut recorded.event {
                *outcome = Outcome::Completed;
            }
        }
    });
    assert_eq!(ledger, Some(Rule::Clock));
    assert!(audit.contains(&Rule::Clock), "{audit:?}");
}

#[test]
fn a_clock_that_gives_time_to_one_alone_is_seen() {
    let (ledger, _) = called(|_, heard| {
        for recorded in &mut heard.events {
            if let Event::Entered { closes_at, .. } = &mut recorded.event {
                *closes_at = *closes_at + Millis(1);
            }
        }
    });
    assert_eq!(ledger, Some(Rule::Clock));
}

#[test]
fn a_clock_that_runs_backwards_is_seen() {
    let (ledger, audit) = called(|command, heard| {
        if matches!(command, Command::Position { .. }) {
            heard.events.iter_mut().for_each(|recorded| recorded.at = recorded.at - Millis::hours(2));
        }
    });
    assert_eq!(ledger, Some(Rule::Takes));
    assert!(audit.contains(&Rule::Log), "{audit:?}");
}

#[test]
fn footage_that_came_too_late_and_counts_is_seen() {
    let (ledger, audit) = called(|_, heard| {
        for recorded in &mut heard.events {
            if let Event::Delivered { delivery, .. } = &mut recorded.event
                && let Delivery::Lapsed { at } = *delivery
            {
                *delivery = Delivery::Complete { at };
            }
        }
    });
    assert_eq!(ledger, Some(Rule::Delivery));
    assert!(audit.contains(&Rule::Delivery), "{audit:?}");
}

#[test]
fn another_phone_that_is_let_in_during_a_take_is_seen() {
    let (ledger, _) = called(|_, heard| {
        if heard.refused == Some(RefusalCode::SittingOtherDeviceRecords) {
            heard.refused = None;
        }
    });
    assert!(ledger.is_some());
}

#[test]
fn an_entry_that_was_refused_in_the_open_time_is_seen() {
    let (ledger, _) = called(|command, heard| {
        if matches!(command, Command::Enter) && heard.refused.is_none() {
            *heard = Heard { refused: Some(RefusalCode::SessionOver), events: Vec::new() };
        }
    });
    assert_eq!(ledger, Some(Rule::Clock));
}
