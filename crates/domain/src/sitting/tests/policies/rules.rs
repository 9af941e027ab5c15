//! The rules that no policy may break.

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::exam::SittingKind;
use crate::sitting::tests::world::World;
use crate::sitting::*;

/// What may happen in this state: nothing before the last event, no take outside the open time, an attempt given back
/// only where it was not used.
pub(super) fn event(state: &Sitting, recorded: &Recorded, ctx: &Context) -> TestCaseResult {
    prop_assert!(recorded.at >= state.last_at && recorded.seq == state.version + 1);
    match &recorded.event {
        Event::Entered { closes_at, deliver_until } => {
            prop_assert!(recorded.at < *closes_at && closes_at <= deliver_until);
        }
        Event::SubjectOpened { closes_at, .. } => {
            prop_assert!(closes_at.is_none_or(|close| recorded.at < close));
        }
        Event::TakeStarted { subject_id, number, .. } => {
            let run = state.run(*subject_id).unwrap();
            let allowed = run.attempts_allowed(ctx.subject(*subject_id).unwrap().policy.attempts);
            prop_assert!(is_open_for(state, run, recorded));
            prop_assert!(run.attempts_used() < allowed && *number as usize == run.takes.len() + 1);
            prop_assert!(state.live_take().is_none());
        }
        Event::Beeped { take_id, max_ends_at, .. } => {
            let (run, take) = state.take(*take_id).unwrap();
            let policy = &ctx.subject(run.subject_id).unwrap().policy;
            prop_assert!(is_open_for(state, run, recorded));
            prop_assert!(take.counts() && *max_ends_at == recorded.at + policy.take_max_ms);
        }
        Event::PartOpened { take_id, reason, .. } => {
            let (run, take) = state.take(*take_id).unwrap();
            let policy = &ctx.subject(run.subject_id).unwrap().policy;
            prop_assert!(is_open_for(state, run, recorded) && take.is_live());
            let is_free = *reason == PartReason::QualityChanged;
            prop_assert!(is_free || take.counted_parts() < policy.parts_per_take_max);
        }
        Event::TakeFinished { take_id, .. } => {
            let (run, take) = state.take(*take_id).unwrap();
            let longest = ctx.subject(run.subject_id).unwrap().policy.take_max_ms;
            prop_assert!(take.beep_at().is_some_and(|beep| recorded.at <= beep + longest));
        }
        Event::TakeLost { take_id, cause, counted } => {
            let (run, take) = state.take(*take_id).unwrap();
            lost(run, take, *cause, *counted)?;
        }
        Event::Submitted { subject_id, take_id, .. } => {
            let run = state.run(*subject_id).unwrap();
            prop_assert!(run.take(*take_id).is_some_and(Take::is_finished) && !run.is_over());
            prop_assert!(state.kind != SittingKind::Practice);
        }
        _ => {}
    }
    Ok(())
}

fn is_open_for(state: &Sitting, run: &SubjectRun, recorded: &Recorded) -> bool {
    state.is_open()
        && run.is_open()
        && state.entered_at().is_none_or(|entered| entered <= recorded.at)
        && state.run_closes_at(run).is_some_and(|close| recorded.at < close)
}

/// An attempt is used at the beep; before it only by silence, by the end, or by a recorder that fails without end.
fn lost(run: &SubjectRun, take: &Take, cause: LostCause, counted: bool) -> TestCaseResult {
    prop_assert!(take.is_live());
    let begun = take.beep_at().is_some();
    match cause {
        LostCause::Suspended => prop_assert!(!counted),
        LostCause::RecorderFailed => {
            prop_assert!(!begun);
            prop_assert_eq!(counted, run.attempts_returned() >= RETURNED_TAKES_MAX);
        }
        LostCause::Silent | LostCause::Close => prop_assert!(counted && !begun),
        LostCause::Interrupted { .. } => prop_assert!(counted && begun),
        LostCause::SittingEnded => prop_assert!(counted),
        LostCause::NoAttemptLeft => prop_assert!(false, "takes are not lost so"),
    }
    Ok(())
}

/// From one state to the next: what was answered stands, and time given is not taken back.
pub(super) fn step(before: &Sitting, after: &Sitting, events: &[Recorded]) -> TestCaseResult {
    prop_assert!(after.version == before.version + events.len() as u64);
    prop_assert!(after.granted_ms >= before.granted_ms);
    prop_assert!(after.deliver_until >= before.deliver_until);
    let was_reopened = |run: &SubjectRun| {
        let opens = |event: &Event| matches!(event, Event::Reopened { subject_id, .. } if *subject_id == run.subject_id);
        events.iter().any(|recorded| opens(&recorded.event))
    };
    for (old, new) in before.subjects.iter().zip(&after.subjects) {
        prop_assert!(old.state != RunState::Submitted || new.state == old.state || was_reopened(new));
        prop_assert!(old.takes.len() <= new.takes.len() && old.extra_attempts <= new.extra_attempts);
        for (kept, now) in old.submissions.iter().zip(&new.submissions) {
            prop_assert_eq!(
                (kept.id, kept.take_id, kept.submitted_at),
                (now.id, now.take_id, now.submitted_at)
            );
            prop_assert!(kept.delivery.is_pending() || kept.delivery == now.delivery);
        }
        prop_assert!(old.submissions.len() <= new.submissions.len());
        for (was, is) in old.takes.iter().zip(&new.takes) {
            prop_assert!(was.is_live() || was.state == is.state, "what is over stays as it ended");
        }
    }
    let reopened = events.iter().any(|recorded| matches!(recorded.event, Event::Reopened { .. }));
    prop_assert!(!before.is_closed() || after.is_closed() || reopened);
    if let (Phase::Open { closes_at: was, .. }, Phase::Open { closes_at: is, .. }) =
        (before.phase, after.phase)
    {
        prop_assert!(is >= was);
    }
    Ok(())
}

/// A state in itself: attempts, live takes and submissions, and nothing open past its close.
pub(super) fn state(world: &World) -> TestCaseResult {
    let (sitting, now) = (&world.sitting, world.sitting.last_at.max(world.now));
    let live = sitting.subjects.iter().flat_map(|run| &run.takes).filter(|take| take.is_live()).count();
    prop_assert!(live <= 1);
    for run in &sitting.subjects {
        let allowed = run.attempts_allowed(world.ctx.subject(run.subject_id).unwrap().policy.attempts);
        prop_assert!(run.attempts_used() <= allowed);
        let standing = run.submissions.iter().filter(|submission| submission.superseded_at.is_none()).count();
        prop_assert!(standing <= 1);
        prop_assert_eq!(run.state == RunState::Submitted, standing == 1 && run.is_over());
        prop_assert!(run.live_take().is_none() || (sitting.is_open() && run.is_open()));
        prop_assert!(run.is_over() || !sitting.is_closed());
        if sitting.is_open() && run.is_open() {
            prop_assert!(now < sitting.run_closes_at(run).unwrap());
        }
    }
    let next = next_due(sitting);
    prop_assert!(next.is_none_or(|due| due > now), "time has done its part");
    prop_assert!(sitting.is_closed() || next.is_some(), "what is not over ends by itself");
    Ok(())
}

/// The candidate can act, or a take ends by itself, or staff have the word, or it is over and says how.
pub(super) fn way_on(world: &World) -> TestCaseResult {
    if world.sitting.is_closed() {
        prop_assert!(world.sitting.outcome().is_some());
        return Ok(());
    }
    let due = next_due(&world.sitting).unwrap();
    let (later, _) = handle(&world.sitting, &Command::Tick, &world.ctx, due).unwrap();
    prop_assert!(later.version > world.sitting.version);
    let moves_on = |action: &ActionState| action.is_open() && action.name != ActionName::RenewCapability;
    let open = || actions(&world.sitting, &world.ctx, world.now).iter().any(moves_on);
    prop_assert!(world.sitting.waits_for_staff() || world.sitting.live_take().is_some() || open());
    Ok(())
}
