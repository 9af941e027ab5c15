//! Submitting, electives, order (§K, §N).

use serde_json::json;

use super::world::*;
use crate::delivery::{Delivery, DeliveryOutcome};
use crate::exam::{Order, SittingKind};
use crate::refusal::RefusalCode;
use crate::sitting::*;

#[test]
fn one_take_is_submitted_once_and_the_sitting_is_complete() {
    let mut world = World::entered(&Plan::new(json!({})));
    let take = world.finished(0);
    world.submit(0, take);
    assert_eq!(world.sitting.outcome(), Some(Outcome::Completed));
    let again = world.submission(0, take);
    assert_eq!(world.refused(again), RefusalCode::SubmissionAlreadyMade);
}

#[test]
fn each_cause_of_cannot_submit_is_told_apart() {
    let mut world = World::entered(&Plan::new(json!({"duration_ms": 7_200_000})).subjects(&[true, true]));
    assert_eq!(
        world.action(ActionName::Submit).refusal.unwrap().code,
        RefusalCode::SubmissionNothingRecorded
    );
    let (running, part_id) = world.record(0);
    let early = world.submission(0, running);
    assert_eq!(world.refused(early), RefusalCode::SubmissionTakeNotFinished);
    world.give(Command::FinishTake { take_id: running, parts: vec![end(part_id, 3)] });
    let of_other = world.submission(1, running);
    assert_eq!(world.refused(of_other), RefusalCode::TakeNotFound);
    world.after(minutes(120));
    let late = world.submission(0, running);
    assert_eq!(world.refused(late), RefusalCode::SubmissionTimeOver);
}

#[test]
fn a_submission_is_possible_until_the_last_millisecond() {
    let mut world = World::entered(&Plan::new(json!({"duration_ms": 7_200_000})));
    let take = world.finished(0);
    world.now = NINE + minutes(120) - crate::time::Millis(1);
    world.submit(0, take);
    assert_eq!(world.sitting.outcome(), Some(Outcome::Completed));
}

#[test]
fn who_has_done_the_compulsory_subjects_may_finish_without_the_elective() {
    let mut world = World::entered(&Plan::new(json!({})).subjects(&[true, false]));
    assert_eq!(world.refused(Command::Finish), RefusalCode::SittingCompulsoryMissing);
    let take = world.finished(0);
    world.submit(0, take);
    assert!(world.sitting.is_open());
    world.give(Command::Finish);
    assert_eq!(world.run(1).state, RunState::Skipped);
    assert_eq!(world.sitting.outcome(), Some(Outcome::Completed));
}

#[test]
fn enough_electives_must_be_submitted() {
    let mut world = World::entered(&Plan::new(json!({})).subjects(&[false, false, false]).picks(1, 2));
    assert_eq!(world.refused(Command::Finish), RefusalCode::SittingElectivesMissing);
    world.give(Command::Skip { subject_id: subject_id(0) }).give(Command::Skip { subject_id: subject_id(1) });
    assert_eq!(
        world.refused(Command::Skip { subject_id: subject_id(2) }),
        RefusalCode::SittingElectivesMissing
    );
}

#[test]
fn the_other_electives_are_left_out_once_the_most_are_submitted() {
    let mut world = World::entered(&Plan::new(json!({})).subjects(&[false, false, true]).picks(1, 1));
    let take = world.finished(1);
    world.submit(1, take);
    assert_eq!(world.run(0).state, RunState::Skipped);
    assert!(world.run(2).is_open());
}

#[test]
fn in_a_fixed_order_the_next_subject_opens_when_the_one_before_is_over() {
    let plan = Plan { order: Order::Fixed, ..Plan::new(json!({})).subjects(&[true, false, true]) };
    let mut world = World::entered(&plan);
    let (take_id, part_id) = (world.id().into(), world.id().into());
    let start = Command::StartTake { subject_id: subject_id(1), take_id, part_id, face: None };
    assert_eq!(world.refused(start), RefusalCode::SubjectTurn);
    let take = world.finished(0);
    world.submit(0, take);
    assert!(world.run(1).is_open());
    world.give(Command::Skip { subject_id: subject_id(1) });
    assert!(world.run(2).is_open());
}

#[test]
fn a_compulsory_subject_cannot_be_left_out() {
    let mut world = World::entered(&Plan::new(json!({})));
    assert_eq!(world.refused(Command::Skip { subject_id: subject_id(0) }), RefusalCode::SubjectCompulsory);
}

#[test]
fn practice_is_unlimited_and_submits_nothing() {
    let plan = Plan { kind: SittingKind::Practice, ..Plan::new(json!({"attempts": 1, "duration_ms": 1})) };
    let mut world = World::entered(&plan);
    world.finished(0);
    let take = world.finished(0);
    let submit = world.submission(0, take);
    assert_eq!(world.refused(submit), RefusalCode::SubmissionPractice);
    world.give(Command::Finish);
    assert_eq!(world.sitting.outcome(), Some(Outcome::Completed));
}

#[test]
fn delivery_is_settled_once() {
    let mut world = World::entered(&Plan::new(json!({})));
    let take = world.finished(0);
    let submission_id = world.submit(0, take);
    world.after(minutes(1)).deliver(submission_id, DeliveryOutcome::Complete);
    assert_eq!(world.run(0).submission().unwrap().delivery, Delivery::Complete { at: world.now });
    let version = world.sitting.version;
    world.deliver(submission_id, DeliveryOutcome::Complete);
    assert_eq!(world.sitting.version, version);
    let outcome = DeliveryOutcome::Damaged;
    assert_eq!(world.refused(Command::Deliver { submission_id, outcome }), RefusalCode::DeliverySettled);
}

#[test]
fn a_mock_is_submitted_and_delivered_and_is_still_a_mock() {
    let mut plan = Plan::new(json!({}));
    plan.kind = SittingKind::Mock;
    let mut world = World::entered(&plan);
    let take = world.finished(0);
    let submission = world.submit(0, take);
    world.deliver(submission, DeliveryOutcome::Complete);
    assert_eq!(world.sitting.outcome(), Some(Outcome::Completed));
    assert_eq!(world.sitting.kind, SittingKind::Mock);
}
