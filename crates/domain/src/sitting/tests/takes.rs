//! Takes, attempts and parts (§L).

use serde_json::json;

use super::world::*;
use crate::refusal::RefusalCode;
use crate::sitting::*;
use crate::time::Millis;

fn general() -> Plan {
    Plan::new(json!({"attempts": 2, "take_max_ms": 600_000, "position_ms": 15_000}))
}

#[test]
fn starting_reserves_an_attempt_and_the_beep_consumes_it() {
    let mut world = World::entered(&general());
    let (take_id, part_id) = world.start(0);
    assert_eq!(world.run(0).attempts_left(2), 1);
    world.give(Command::Position { take_id }).after(seconds(15)).give(Command::Beep { take_id, part_id });
    assert_eq!(world.run(0).attempts_left(2), 1);
    assert_eq!(world.sitting.take_ends_at(world.run(0), world.take(take_id)), Some(world.now + minutes(10)));
}

#[test]
fn a_reservation_that_goes_silent_counts() {
    let mut world = World::entered(&general());
    let (take_id, part_id) = world.start(0);
    world.after(seconds(75));
    assert_eq!(world.refused(Command::Beep { take_id, part_id }), RefusalCode::TakeLost);
    world.tick();
    let state = world.take(take_id).state;
    assert!(matches!(state, TakeState::Lost { cause: LostCause::Silent, counted: true, .. }));
    assert_eq!(world.run(0).attempts_used(), 1);
}

#[test]
fn a_recorder_that_fails_before_the_beep_gives_the_attempt_back() {
    let mut world = World::entered(&general());
    let (take_id, _) = world.start(0);
    world.give(Command::FailTake { take_id, cause: "NotReadableError".into() });
    assert_eq!(world.run(0).attempts_used(), 0);
    let again = world.finished(0);
    assert_eq!(world.take(again).number, 2);
}

#[test]
fn attempts_are_given_back_only_so_often() {
    let mut world = World::entered(&general());
    let mut fail = || {
        let (take_id, _) = world.start(0);
        world.give(Command::FailTake { take_id, cause: String::new() });
        world.run(0).attempts_used()
    };
    let given_back: Vec<u32> = (0..RETURNED_TAKES_MAX).map(|_| fail()).collect();
    assert_eq!(given_back, vec![0; RETURNED_TAKES_MAX as usize]);
    assert_eq!(fail(), 1);
}

#[test]
fn a_recorder_that_fails_after_the_beep_costs_what_the_policy_says() {
    let mut world = World::entered(&general());
    let (take_id, _) = world.record(0);
    world.give(Command::FailTake { take_id, cause: String::new() });
    assert!(matches!(world.take(take_id).state, TakeState::Lost { counted: true, .. }));
    let note =
        json!({"interruption": {"recorder_error": {"allowed": 0, "resume_within_ms": 0, "effect": "note"}}});
    let mut lenient = World::entered(&Plan::new(note));
    let (take_id, _) = lenient.record(0);
    lenient.give(Command::FailTake { take_id, cause: String::new() });
    assert!(lenient.take(take_id).is_finished());
}

#[test]
fn there_are_no_more_takes_than_attempts() {
    let mut world = World::entered(&general());
    world.finished(0);
    world.finished(0);
    let (take_id, part_id) = (world.id().into(), world.id().into());
    let start = Command::StartTake { subject_id: subject_id(0), take_id, part_id, face: None };
    assert_eq!(world.refused(start), RefusalCode::TakeNoAttemptLeft);
}

#[test]
fn there_is_one_take_at_a_time() {
    let mut world = World::entered(&general().subjects(&[true, true]));
    world.record(0);
    let (take_id, part_id) = (world.id().into(), world.id().into());
    let start = Command::StartTake { subject_id: subject_id(1), take_id, part_id, face: None };
    assert_eq!(world.refused(start), RefusalCode::TakeOtherRunning);
}

#[test]
fn a_subject_whose_attempts_are_all_lost_has_failed() {
    let mut world = World::entered(&general());
    let (first, _) = world.record(0);
    world.give(Command::FailTake { take_id: first, cause: String::new() });
    let (second, _) = world.record(0);
    world.give(Command::FailTake { take_id: second, cause: String::new() });
    assert_eq!(world.run(0).state, RunState::Failed);
    assert_eq!(world.sitting.outcome(), Some(Outcome::EndedByRule));
    let submit = world.submission(0, second);
    assert_eq!(world.refused(submit), RefusalCode::SubmissionAttemptsUsedUp);
}

#[test]
fn a_take_ends_by_itself_at_its_longest() {
    let mut world = World::entered(&general());
    let (take_id, _) = world.record(0);
    let longest = world.now + minutes(10);
    world.after(minutes(30)).tick();
    assert!(
        matches!(world.take(take_id).state, TakeState::Finished { finished_at, .. } if finished_at == longest)
    );
}

#[test]
fn where_the_exam_says_so_a_take_runs_to_its_longest() {
    let mut world = World::entered(&Plan::new(json!({"early_stop": false, "take_max_ms": 600_000})));
    let (take_id, part_id) = world.record(0);
    let finish = Command::FinishTake { take_id, parts: vec![end(part_id, 590)] };
    world.after(minutes(9));
    assert_eq!(world.refused(finish.clone()), RefusalCode::TakeNoEarlyStop);
    world.after(seconds(57)).give(finish);
    assert!(world.take(take_id).is_finished());
}

#[test]
fn the_same_end_again_changes_nothing_and_another_is_refused() {
    let mut world = World::entered(&general());
    let (take_id, part_id) = world.record(0);
    let finish = |last| Command::FinishTake { take_id, parts: vec![end(part_id, last)] };
    world.give(finish(9));
    let version = world.sitting.version;
    world.give(finish(9));
    assert_eq!(world.sitting.version, version);
    assert_eq!(world.refused(finish(10)), RefusalCode::PartClaimDiffers);
}

#[test]
fn where_parts_ended_may_become_known_until_delivery_ends() {
    let mut world =
        World::entered(&Plan::new(json!({"take_max_ms": 600_000, "deliver_within_ms": 3_600_000})));
    let (first, first_part) = world.record(0);
    world.after(minutes(11));
    let (second, second_part) = world.record(0);
    world
        .after(Millis::hours(2))
        .give(Command::FinishTake { take_id: first, parts: vec![end(first_part, 600)] });
    assert_eq!(world.take(first).duration_ms(), Some(minutes(10)));
    world.after(Millis::hours(2));
    let late = Command::FinishTake { take_id: second, parts: vec![end(second_part, 600)] };
    assert_eq!(world.refused(late), RefusalCode::DeliveryLapsed);
}

#[test]
fn quality_may_change_without_being_an_interruption_or_a_counted_part() {
    let mut world = World::entered(&Plan::new(json!({"parts_per_take_max": 1})));
    let (take_id, first) = world.record(0);
    let part_id = world.id().into();
    let previous = vec![end(first, 30)];
    world.give(Command::OpenPart {
        take_id,
        part_id,
        reason: PartReason::QualityChanged,
        lasted_ms: None,
        previous,
    });
    let take = world.take(take_id);
    assert_eq!((take.parts.len(), take.counted_parts(), take.interruption_count()), (2, 1, 0));
    assert_eq!(take.parts[0].end.unwrap().last_index, 30);
    assert!(matches!(take.state, TakeState::Recording { .. }));
}

#[test]
fn another_phone_goes_on_only_where_the_exam_allows_it() {
    let mut world = World::entered(&Plan::new(json!({"phone_change": "refuse"})));
    let (take_id, _) = world.record(0);
    let part_id = world.id().into();
    let reason = PartReason::PhoneChanged;
    let open = Command::OpenPart { take_id, part_id, reason, lasted_ms: None, previous: vec![] };
    assert_eq!(world.refused(open.clone()), RefusalCode::TakePhoneChange);
    let mut allowed = World::entered(&Plan::new(json!({"phone_change": "allow"})));
    allowed.record(0);
    allowed.give(open);
    assert_eq!(allowed.take(take_id).parts.len(), 2);
}

#[test]
fn too_little_time_is_a_warning_and_no_refusal() {
    let mut world = World::entered(&Plan::new(json!({"duration_ms": 7_200_000, "take_max_ms": 900_000})));
    world.after(minutes(106));
    let start = world.action(ActionName::StartTake);
    assert!(start.is_open());
    assert_eq!(start.notices[0].code, RefusalCode::TakeMayNotFit);
    assert_eq!(start.notices[0].params["left_ms"], minutes(14).as_ms());
}
