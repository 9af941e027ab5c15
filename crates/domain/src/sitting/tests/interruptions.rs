//! Interrupting acts and what they cost (§M, §X).

use serde_json::{Value, json};

use super::world::*;
use crate::id::TakeId;
use crate::policy::Act;
use crate::refusal::RefusalCode;
use crate::sitting::*;
use crate::time::Millis;

fn plan(allowed: u32, within_ms: i64, effect: &str) -> Plan {
    let rule: Value = json!({"allowed": allowed, "resume_within_ms": within_ms, "effect": effect});
    Plan::new(json!({"attempts": 3, "interruption": {"left_page": rule, "call": rule, "reload": rule}}))
}

fn left(take_id: TakeId, lasted: Option<i64>) -> Command {
    let interruption = Interruption {
        act: Act::LeftPage,
        began_at_captured_ms: Millis::seconds(5),
        lasted_ms: lasted.map(Millis::seconds),
    };
    Command::Interrupt { take_id, interruption }
}

#[test]
fn an_interrupted_take_is_a_lost_take() {
    let mut world = World::entered(&plan(0, 0, "lose_take"));
    let (take_id, _) = world.record(0);
    world.give(left(take_id, None));
    let cause = LostCause::Interrupted { act: Act::LeftPage };
    assert!(
        matches!(world.take(take_id).state, TakeState::Lost { cause: c, counted: true, .. } if c == cause)
    );
    let submit = world.submission(0, take_id);
    assert_eq!(world.refused(submit), RefusalCode::SubmissionTakeLost);
    assert!(world.action(ActionName::StartTake).is_open());
}

#[test]
fn one_interruption_is_allowed_if_the_candidate_is_back_within_two_minutes() {
    let mut world = World::entered(&plan(1, 120_000, "end_sitting"));
    let (take_id, _) = world.record(0);
    world.give(left(take_id, None));
    assert!(
        matches!(world.take(take_id).state, TakeState::Grace { until, .. } if until == NINE + minutes(2))
    );
    world.after(seconds(110)).give(left(take_id, Some(110)));
    assert!(matches!(world.take(take_id).state, TakeState::Recording { .. }));
    world.give(left(take_id, None));
    assert_eq!(world.sitting.outcome(), Some(Outcome::EndedByRule));
}

#[test]
fn who_is_not_back_in_time_has_lost_the_take_then() {
    let mut world = World::entered(&plan(1, 120_000, "lose_take"));
    let (take_id, _) = world.record(0);
    world.give(left(take_id, None)).after(minutes(3)).tick();
    assert!(matches!(world.take(take_id).state, TakeState::Lost { at, .. } if at == NINE + minutes(2)));
}

#[test]
fn a_new_recorder_within_the_time_goes_on_with_the_take() {
    let mut world = World::entered(&plan(1, 120_000, "lose_take"));
    let (take_id, _) = world.record(0);
    let part_id = world.id().into();
    world.give(left(take_id, None)).after(minutes(1));
    assert!(world.action(ActionName::ResumeTake).is_open());
    let reason = PartReason::RecorderRestarted;
    world.give(Command::OpenPart { take_id, part_id, reason, lasted_ms: None, previous: vec![] });
    let take = world.take(take_id);
    assert!(matches!(take.state, TakeState::Recording { .. }));
    assert_eq!((take.parts.len(), take.interruption_count()), (2, 1));
}

#[test]
fn an_act_reported_afterwards_is_judged_by_its_length() {
    let mut world = World::entered(&plan(2, 10_000, "lose_take"));
    let (take_id, _) = world.record(0);
    world.give(left(take_id, Some(8)));
    assert!(matches!(world.take(take_id).state, TakeState::Recording { .. }));
    world.give(left(take_id, Some(12)));
    assert!(matches!(world.take(take_id).state, TakeState::Lost { .. }));
}

#[test]
fn an_act_may_be_noted_and_nothing_else() {
    let mut world = World::entered(&plan(0, 0, "note"));
    let (take_id, _) = world.record(0);
    world.give(left(take_id, None)).give(left(take_id, Some(500)));
    assert!(matches!(world.take(take_id).state, TakeState::Recording { .. }));
    assert_eq!(world.take(take_id).interruption_count(), 2);
}

#[test]
fn an_act_before_the_beep_is_noted_only() {
    let mut world = World::entered(&plan(0, 0, "end_sitting"));
    let (take_id, part_id) = world.start(0);
    world.give(left(take_id, None)).give(Command::Beep { take_id, part_id });
    assert_eq!(world.take(take_id).interruption_count(), 0);
    assert!(matches!(world.log[world.log.len() - 2].event, Event::Interrupted { .. }));
}

#[test]
fn an_act_may_end_the_subject() {
    let mut world = World::entered(&plan(0, 0, "end_subject").subjects(&[true, true]));
    let (take_id, _) = world.record(0);
    world.give(left(take_id, None));
    assert_eq!(world.run(0).state, RunState::Failed);
    assert!(world.run(1).is_open());
    let (take_id, part_id) = (world.id().into(), world.id().into());
    let start = Command::StartTake { subject_id: subject_id(0), take_id, part_id, face: None };
    assert_eq!(world.refused(start), RefusalCode::SubjectFailed);
}

#[test]
fn a_reload_nobody_reported_is_an_interruption_of_its_own() {
    let mut world = World::entered(&plan(0, 0, "lose_take"));
    let (take_id, _) = world.record(0);
    let part_id = world.id().into();
    let reason = PartReason::Reload;
    world.give(Command::OpenPart { take_id, part_id, reason, lasted_ms: None, previous: vec![] });
    assert!(world.sitting.part(part_id).is_none());
    assert!(matches!(world.take(take_id).state, TakeState::Lost { .. }));
}

#[test]
fn a_reload_of_unknown_length_is_taken_as_short_enough() {
    let mut world = World::entered(&plan(1, 30_000, "lose_take"));
    let (take_id, _) = world.record(0);
    let reason = PartReason::Reload;
    let part_id = world.id().into();
    world.give(Command::OpenPart { take_id, part_id, reason, lasted_ms: None, previous: vec![] });
    assert!(world.sitting.part(part_id).is_some());
    assert_eq!(world.take(take_id).interruptions[&Act::Reload], 1);
}

#[test]
fn grace_at_the_close_ends_with_a_finished_take() {
    let mut strict = plan(1, 600_000, "lose_take");
    strict.settings.duration_ms = Some(Some(minutes(5)));
    let mut world = World::entered(&strict);
    let (take_id, _) = world.record(0);
    world.after(minutes(4)).give(left(take_id, None)).after(minutes(9)).tick();
    assert!(world.take(take_id).is_finished());
}

#[test]
fn times_that_cannot_be_are_refused() {
    let mut world = World::entered(&plan(1, 600_000, "lose_take"));
    let (take_id, _) = world.record(0);
    assert_eq!(world.refused(left(take_id, Some(-1))), RefusalCode::InterruptionInvalid);
}
