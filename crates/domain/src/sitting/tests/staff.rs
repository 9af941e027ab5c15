//! What staff do: time, attempts, suspension, reopening.

use serde_json::json;

use super::world::*;
use crate::delivery::DeliveryOutcome;
use crate::quota;
use crate::refusal::RefusalCode;
use crate::sitting::*;
use crate::time::Millis;

fn because() -> String {
    "网络故障".into()
}

fn plan() -> Plan {
    Plan::new(json!({"attempts": 1, "duration_ms": 7_200_000, "deliver_within_ms": 3_600_000}))
}

#[test]
fn granted_time_moves_the_close_and_the_end_of_delivery() {
    let mut world = World::entered(&plan());
    world.give(Command::Grant { extra_ms: minutes(10), reason: because() });
    assert_eq!(world.sitting.closes_at(), Some(NINE + minutes(130)));
    assert_eq!(world.sitting.deliver_until, Some(NINE + minutes(190)));
    assert_eq!(
        world.refused(Command::Grant { extra_ms: Millis(0), reason: because() }),
        RefusalCode::GrantInvalid
    );
}

#[test]
fn time_granted_before_entry_counts_from_entry() {
    let mut world = World::waiting(&plan());
    world.give(Command::Grant { extra_ms: minutes(30), reason: because() }).give(Command::Enter);
    assert_eq!(world.sitting.closes_at(), Some(NINE + minutes(150)));
}

#[test]
fn a_granted_attempt_makes_room_for_its_footage_and_no_exam_meets_its_quota() {
    let plan = plan();
    let (mut world, ctx) = (World::entered(&plan), plan.context());
    let room = quota::sitting_bytes_max(&world.sitting, &ctx);
    let policy = &ctx.subjects[0].policy;
    let wanted = u64::from(policy.media.video_bits_per_second + policy.media.audio_bits_per_second) / 8;
    let longest = u64::try_from(policy.take_max_ms.as_ms()).unwrap() / 1_000;
    assert!(room > 4 * wanted * longest, "one attempt, four times over");
    assert_eq!(quota::may_record(&world.sitting, &ctx, room - 1), Ok(()));
    let refused = quota::may_record(&world.sitting, &ctx, room).unwrap_err();
    assert_eq!(refused.code, RefusalCode::FootageQuota);
    world.give(Command::GrantAttempt { subject_id: subject_id(0), reason: because() });
    assert_eq!(quota::may_record(&world.sitting, &ctx, room), Ok(()));
    assert!(quota::sitting_bytes_end(&world.sitting, &ctx) > 2 * room);
}

#[test]
fn staff_decide_on_what_was_sealed_late_and_may_think_again() {
    let mut world = World::entered(&plan());
    let (running, _) = world.record(0);
    let judge = |take_id, counts| Command::JudgeLate { take_id, counts, reason: because() };
    assert_eq!(world.refused(judge(running, true)), RefusalCode::SubmissionTakeNotFinished);
    world.after(minutes(121)).tick();
    world.give(judge(running, false)).give(judge(running, false));
    assert_eq!(world.take(running).late_counts, Some(false));
    let version = world.sitting.version;
    world.give(judge(running, false));
    assert_eq!(world.sitting.version, version, "the same again is no news");
    world.give(judge(running, true));
    assert_eq!(world.take(running).late_counts, Some(true));
}

#[test]
fn a_suspension_gives_its_time_and_the_attempt_back() {
    let mut world = World::entered(&plan());
    let (take_id, _) = world.record(0);
    world.give(Command::Suspend { reason: because() });
    assert!(matches!(
        world.take(take_id).state,
        TakeState::Lost { cause: LostCause::Suspended, counted: false, .. }
    ));
    assert_eq!(world.action(ActionName::StartTake).refusal.unwrap().code, RefusalCode::SittingSuspended);
    world.after(minutes(180)).tick();
    assert!(matches!(world.sitting.phase, Phase::Suspended { .. }));
    world.give(Command::Resume);
    assert_eq!(world.sitting.closes_at(), Some(NINE + minutes(300)));
    world.finished(0);
}

#[test]
fn a_suspension_nobody_ends_closes_the_sitting() {
    let mut world = World::entered(&plan());
    world.give(Command::Suspend { reason: because() }).after(SUSPENSION_LAPSES_AFTER).tick();
    assert_eq!(world.sitting.outcome(), Some(Outcome::EndedByStaff));
}

#[test]
fn a_sitting_that_stood_still_until_its_end_has_its_time_for_delivery() {
    let mut plan = plan();
    plan.settings.deliver_within_ms = Some(minutes(10));
    plan.settings.at_close = Some(crate::policy::AtClose::SubmitChosen);
    let mut world = World::entered(&plan);
    world.finished(0);
    world.give(Command::Suspend { reason: because() }).after(SUSPENSION_LAPSES_AFTER).tick();
    let submission = world.run(0).submission().unwrap().clone();
    assert!(submission.delivery.is_pending() && world.sitting.delivery_is_open(world.now + minutes(10)));
    world.after(minutes(9)).deliver(submission.id, DeliveryOutcome::Complete);
    assert_eq!(Sitting::replay(&world.log).unwrap(), world.sitting);
}

#[test]
fn a_sitting_that_staff_end_while_it_stands_still_keeps_the_time_for_delivery() {
    let mut world = World::entered(&plan());
    let take = world.finished(0);
    world.give(Command::Suspend { reason: because() }).after(Millis::hours(20));
    world.give(Command::EndByStaff { reason: because() });
    assert!(world.take(take).is_finished());
    assert!(world.sitting.deliver_until.unwrap() >= world.now + world.ctx.policy.deliver_within_ms);
}

#[test]
fn a_granted_attempt_opens_a_failed_subject_again() {
    let mut world = World::entered(&plan().subjects(&[true, true]));
    let (take_id, _) = world.record(0);
    world.give(Command::FailTake { take_id, cause: String::new() });
    assert_eq!(world.run(0).state, RunState::Failed);
    world.give(Command::GrantAttempt { subject_id: subject_id(0), reason: because() });
    world.finished(0);
}

#[test]
fn what_was_submitted_stands_until_the_reopened_subject_is_submitted_again() {
    let mut world = World::entered(&plan());
    let take = world.finished(0);
    let first = world.submit(0, take);
    let until = NINE + Millis::hours(30);
    world.after(Millis::hours(24)).give(Command::Reopen {
        subject_id: subject_id(0),
        until,
        reason: because(),
    });
    assert_eq!(world.run(0).submission().unwrap().id, first);
    assert_eq!(world.sitting.closes_at(), Some(until));
    let take = world.finished(0);
    let second = world.submit(0, take);
    let run = world.run(0);
    assert_eq!(run.submission().unwrap().id, second);
    assert_eq!(run.submissions[0].superseded_at, Some(world.now));
    assert_eq!((run.submissions[1].revision, world.sitting.outcome()), (2, Some(Outcome::Completed)));
}

#[test]
fn a_reopened_subject_that_is_not_submitted_keeps_what_stood() {
    let mut world = World::entered(&plan());
    let take = world.finished(0);
    let first = world.submit(0, take);
    let until = NINE + Millis::hours(30);
    world.give(Command::Reopen { subject_id: subject_id(0), until, reason: because() });
    world.after(Millis::hours(48)).tick();
    assert_eq!(world.run(0).submission().unwrap().id, first);
    assert_eq!(world.sitting.outcome(), Some(Outcome::Completed));
}

#[test]
fn someone_who_missed_the_exam_can_be_let_in_again() {
    let mut world = World::waiting(&plan());
    world.after(Millis::hours(5)).tick();
    let until = world.now + Millis::hours(1);
    world.give(Command::Reopen { subject_id: subject_id(0), until, reason: because() });
    let take = world.finished(0);
    world.submit(0, take);
    assert_eq!(world.sitting.outcome(), Some(Outcome::Completed));
}

#[test]
fn reopening_needs_a_subject_that_is_over_and_a_time_ahead() {
    let mut world = World::entered(&plan());
    let reopen = |until| Command::Reopen { subject_id: subject_id(0), until, reason: because() };
    assert_eq!(world.refused(reopen(NINE + minutes(1))), RefusalCode::SubjectStillOpen);
    world.after(minutes(120)).tick();
    assert_eq!(world.refused(reopen(NINE)), RefusalCode::ReopenUntil);
}

#[test]
fn staff_may_end_a_sitting_and_its_running_take() {
    let mut world = World::entered(&plan());
    let (take_id, _) = world.record(0);
    world.give(Command::EndByStaff { reason: because() });
    assert_eq!(world.sitting.outcome(), Some(Outcome::EndedByStaff));
    assert!(matches!(world.take(take_id).state, TakeState::Lost { cause: LostCause::SittingEnded, .. }));
    assert_eq!(world.refused(Command::EndByStaff { reason: because() }), RefusalCode::SittingClosed);
}

#[test]
fn staff_see_what_they_can_do() {
    let world = World::entered(&plan());
    let open: Vec<_> = staff_actions(&world.sitting, &world.ctx, world.now)
        .into_iter()
        .filter(ActionState::is_open)
        .map(|action| action.name)
        .collect();
    let expected = [ActionName::Grant, ActionName::Suspend, ActionName::End, ActionName::GrantAttempt];
    assert_eq!(open, expected);
}

#[test]
fn a_suspension_gives_a_subjects_own_clock_its_time_back_too() {
    let mut plan = plan();
    plan.subjects[0].1 = overrides(json!({"duration_ms": 600_000}));
    let mut world = World::entered(&plan);
    world.after(minutes(5)).give(Command::Suspend { reason: because() });
    world.after(minutes(20)).give(Command::Resume);
    assert_eq!(world.run(0).closes_at(), Some(NINE + minutes(30)));
}

#[test]
fn an_elective_beyond_the_most_gets_no_attempt_while_the_sitting_runs() {
    let mut world = World::entered(&plan().subjects(&[true, false, false]).picks(0, 1));
    let (take_id, _) = world.record(1);
    world.give(Command::FailTake { take_id, cause: String::new() });
    let take = world.finished(2);
    world.submit(2, take);
    let grant = Command::GrantAttempt { subject_id: subject_id(1), reason: because() };
    assert_eq!(world.refused(grant), RefusalCode::SubjectSkipped);
}
