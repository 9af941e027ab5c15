//! The clock of a sitting (§K).

use serde_json::json;

use super::world::*;
use crate::refusal::RefusalCode;
use crate::sitting::*;
use crate::time::{Millis, Timestamp};

#[test]
fn the_clock_starts_at_entry_and_runs_for_the_duration() {
    let mut world = World::waiting(&Plan::new(json!({"duration_ms": 7_200_000})));
    world.after(minutes(30)).give(Command::Enter);
    assert_eq!(world.sitting.closes_at(), Some(NINE + minutes(150)));
}

#[test]
fn who_enters_late_is_cut_by_the_windows_end() {
    let mut world = World::waiting(&Plan::new(json!({"duration_ms": 7_200_000})));
    world.after(Millis::hours(3)).give(Command::Enter);
    assert_eq!(world.sitting.closes_at(), Some(NINE + Millis::hours(4)));
}

#[test]
fn who_enters_late_gets_the_full_time_where_the_exam_says_so() {
    let mut world = World::waiting(&Plan::new(json!({"duration_ms": 7_200_000, "late_entry": "full"})));
    world.after(Millis::hours(3)).give(Command::Enter);
    assert_eq!(world.sitting.closes_at(), Some(NINE + Millis::hours(5)));
}

#[test]
fn without_a_duration_the_window_decides() {
    let world = World::entered(&Plan::new(json!({"duration_ms": null})));
    assert_eq!(world.sitting.closes_at(), Some(NINE + Millis::hours(4)));
}

#[test]
fn nobody_enters_before_the_window_or_twice() {
    let mut world = World::waiting(&Plan::new(json!({})));
    world.now = NINE - Millis(1);
    world.sitting.last_at = world.now;
    assert_eq!(world.refused(Command::Enter), RefusalCode::SessionNotOpenYet);
    world.after(Millis(1)).give(Command::Enter);
    assert_eq!(world.refused(Command::Enter), RefusalCode::SittingAlreadyEntered);
}

#[test]
fn who_does_not_enter_by_the_latest_entry_has_missed_it() {
    let plan = Plan { latest_entry_at: Some(NINE + minutes(15)), ..Plan::new(json!({})) };
    let mut world = World::waiting(&plan);
    assert_eq!(next_due(&world.sitting), Some(NINE + minutes(15)));
    world.after(minutes(15));
    assert_eq!(world.refused(Command::Enter), RefusalCode::SittingClosed);
    world.tick();
    assert_eq!(world.sitting.outcome(), Some(Outcome::Missed));
}

#[test]
fn at_zero_without_a_submission_the_exam_is_given_up() {
    let mut world = World::entered(&Plan::new(json!({"duration_ms": 7_200_000})));
    world.finished(0);
    world.after(Millis::hours(9)).tick();
    assert_eq!(world.sitting.outcome(), Some(Outcome::Abandoned));
    assert_eq!(world.run(0).state, RunState::Missed);
    assert_eq!(world.log.last().unwrap().at, NINE + Millis::hours(2));
}

#[test]
fn a_take_that_records_at_the_close_ends_there_and_can_be_submitted_by_rule() {
    let mut world = World::entered(&Plan::new(json!({"duration_ms": 600_000, "at_close": "submit_chosen"})));
    world.after(minutes(8));
    let (take_id, part_id) = world.record(0);
    world.after(minutes(5)).tick();
    let close = NINE + minutes(10);
    assert!(
        matches!(world.take(take_id).state, TakeState::Finished { finished_at, .. } if finished_at == close)
    );
    let submission = world.run(0).submission().unwrap().clone();
    assert_eq!((submission.take_id, submission.by), (take_id, SubmittedBy::Rule));
    assert_eq!(world.sitting.outcome(), Some(Outcome::Completed));
    world.give(Command::FinishTake { take_id, parts: vec![end(part_id, 120)] });
    assert_eq!(world.take(take_id).duration_ms(), Some(minutes(2)));
}

#[test]
fn the_marked_take_is_the_one_submitted_at_close() {
    let mut world = World::entered(&Plan::new(json!({"duration_ms": 600_000, "at_close": "submit_chosen"})));
    let first = world.finished(0);
    world.finished(0);
    world.give(Command::Choose { take_id: first }).after(minutes(10)).tick();
    assert_eq!(world.run(0).submission().unwrap().take_id, first);
}

#[test]
fn every_node_makes_the_same_submission_at_close() {
    let mut world = World::entered(&Plan::new(json!({"duration_ms": 600_000, "at_close": "submit_chosen"})));
    world.finished(0);
    let early = handle(&world.sitting, &Command::Tick, &world.ctx, NINE + minutes(10)).unwrap();
    let late = handle(&world.sitting, &Command::Tick, &world.ctx, NINE + minutes(50)).unwrap();
    assert_eq!(early, late);
    let id = early.0.subjects[0].submission().unwrap().id;
    assert_eq!(id.as_uuid().get_version_num(), 7);
}

#[test]
fn a_subject_with_its_own_clock_closes_by_itself() {
    let mut plan = Plan::new(json!({})).subjects(&[true, true]);
    plan.subjects[0].1 = overrides(json!({"duration_ms": 600_000}));
    let mut world = World::entered(&plan);
    world.after(minutes(10)).tick();
    assert_eq!(world.run(0).state, RunState::Missed);
    assert!(world.run(1).is_open());
    assert!(world.sitting.is_open());
}

#[test]
fn time_never_runs_backwards() {
    let mut world = World::entered(&Plan::new(json!({})));
    world.after(minutes(5));
    world.start(0);
    world.now = NINE;
    let (take, part) = (world.run(0).takes[0].id, world.run(0).takes[0].parts[0].id);
    world.give(Command::Beep { take_id: take, part_id: part });
    assert_eq!(world.take(take).beep_at(), Some(NINE + minutes(5)));
}

#[test]
fn footage_lapses_after_the_time_for_delivery_and_a_moment_to_check_it() {
    let mut world =
        World::entered(&Plan::new(json!({"duration_ms": 600_000, "deliver_within_ms": 3_600_000})));
    let take = world.finished(0);
    world.submit(0, take);
    let lapse = NINE + minutes(10) + Millis::hours(1) + DELIVERY_SETTLES_WITHIN;
    assert_eq!(next_due(&world.sitting), Some(lapse));
    world.now = lapse;
    world.tick();
    let delivery = world.run(0).submission().unwrap().delivery;
    assert_eq!(delivery, crate::delivery::Delivery::Lapsed { at: lapse });
    assert_eq!(next_due(&world.sitting), None);
}

#[test]
fn a_sitting_that_finishes_early_keeps_its_time_for_delivery() {
    let mut world = World::entered(&Plan::new(json!({"duration_ms": 600_000, "deliver_within_ms": 0})));
    let take = world.finished(0);
    world.submit(0, take);
    assert!(world.sitting.is_closed());
    assert_eq!(world.sitting.deliver_until, Some(NINE + minutes(10)));
    assert!(world.sitting.delivery_is_open(NINE + minutes(9)));
    assert!(!world.sitting.delivery_is_open(NINE + minutes(10)));
}

#[test]
fn the_state_document_stays_small() {
    let mut world = World::entered(&Plan::new(json!({})).subjects(&[true, true, true]));
    world.finished(0);
    let json = serde_json::to_string(&world.sitting).unwrap();
    assert!(json.len() < 1_400, "{} bytes: {json}", json.len());
    assert!(!json.contains("null"));
    let document = serde_json::from_str(&json).unwrap();
    assert_eq!(read_sitting(document).unwrap(), world.sitting);
}

#[test]
fn a_log_with_a_gap_is_not_replayed() {
    let world = World::entered(&Plan::new(json!({})));
    let gap = [world.log[0].clone(), world.log[2].clone()];
    assert_eq!(Sitting::replay(&gap), Err(ReplayError::OutOfSequence { expected: 2, found: 3 }));
    assert_eq!(Sitting::replay(&world.log[1..]), Err(ReplayError::NoCreation));
    assert_eq!(Timestamp::NEVER + Millis(1), Timestamp::NEVER);
}
