//! What holds after any sequence of commands, of candidates, phones, staff and time.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::steps::*;
use super::world::*;
use crate::exam::{Order, SittingKind};
use crate::id::SubjectId;
use crate::refusal::{Refusal, RefusalCode};
use crate::seal::Hash32;
use crate::sitting::*;
use crate::text::placeholders;
use crate::time::Millis;

fn plans() -> impl Strategy<Value = Plan> {
    let effect = prop::sample::select(vec!["note", "lose_take", "end_subject", "end_sitting"]);
    let rule = (0..3_u32, 0..90_000_i64, effect).prop_map(
        |(allowed, within, effect)| json!({"allowed": allowed, "resume_within_ms": within, "effect": effect}),
    );
    let settings = (
        (1..4_u32, prop::option::of(100_000..9_000_000_i64), 10_000..600_000_i64, 0..60_000_i64),
        (any::<bool>(), any::<bool>(), any::<bool>(), 0..90_000_000_i64, 1..4_u32),
        rule,
    );
    let shape = (
        prop::collection::vec((any::<bool>(), prop::option::weighted(0.2, 10_000..5_000_000_i64)), 1..5),
        (any::<bool>(), prop::option::of((0..3_u32, 0..3_u32)), 0..10_u8),
        prop::option::of((0..4_u128, prop::option::of(0..4_u32), 0..60_000_i64)),
    );
    (settings, shape).prop_map(|(settings, shape)| {
        let ((attempts, duration, longest, position), (early, submit, full, deliver, parts), rule) = settings;
        let (subjects, (fixed, picks, kind), paper) = shape;
        let mut plan = Plan::new(json!({
            "attempts": attempts, "duration_ms": duration, "take_max_ms": longest, "position_ms": position,
            "early_stop": early, "at_close": if submit { "submit_chosen" } else { "abandon" },
            "late_entry": if full { "full" } else { "cut" }, "deliver_within_ms": deliver,
            "parts_per_take_max": parts,
            "interruption": {"left_page": rule, "reload": rule, "recorder_error": rule},
        }));
        let own = |duration: Option<i64>| duration.map_or(json!({}), |ms| json!({"duration_ms": ms}));
        plan.subjects = subjects.into_iter().map(|(must, ms)| (must, overrides(own(ms)))).collect();
        plan.order = if fixed { Order::Fixed } else { Order::Free };
        plan.kind = if kind == 0 { SittingKind::Practice } else { SittingKind::Formal };
        let electives = u32::try_from(plan.subjects.iter().filter(|(must, _)| !must).count()).unwrap();
        if let Some((questions, draw, read)) = paper {
            plan = plan.paper(questions, draw, Millis(read));
        }
        let (min, more) = picks.unwrap_or((0, electives));
        let min = min.min(electives);
        plan.picks(min, (min + more).clamp(min, electives))
    })
}

/// Plays the steps; after each, `check` sees the world and what was refused.
fn play(
    plan: &Plan,
    steps: &[Step],
    mut check: impl FnMut(&World, Option<&Refusal>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut world = World::waiting(plan);
    world.after(Millis::seconds(1)).give(Command::Enter);
    for step in steps {
        world.after(step.passes);
        let command = command(&mut world, *step);
        let refusal = world.try_to(&command).err();
        world.tick();
        check(&world, refusal.as_ref())?;
    }
    Ok(())
}

/// Per subject, what the log says: attempts that were used and that were granted on top.
fn attempts(world: &World) -> BTreeMap<SubjectId, (i64, i64)> {
    let mut subject_of = BTreeMap::new();
    let mut counts: BTreeMap<SubjectId, (i64, i64)> = BTreeMap::new();
    for recorded in &world.log {
        match &recorded.event {
            Event::TakeStarted { subject_id, take_id, .. } => {
                subject_of.insert(*take_id, *subject_id);
                counts.entry(*subject_id).or_default().0 += 1;
            }
            Event::TakeLost { take_id, counted: false, .. } => {
                counts.entry(subject_of[take_id]).or_default().0 -= 1;
            }
            Event::AttemptGranted { subject_id, .. } => counts.entry(*subject_id).or_default().1 += 1,
            Event::Reopened { subject_id, extra_attempts, .. } => {
                counts.entry(*subject_id).or_default().1 += i64::from(*extra_attempts);
            }
            _ => {}
        }
    }
    counts
}

fn closed_things_are_closed(world: &World) -> Result<(), TestCaseError> {
    let now = world.sitting.last_at.max(world.now);
    match world.sitting.phase {
        Phase::Open { closes_at, .. } => prop_assert!(now < closes_at),
        Phase::Reopened { until, .. } => prop_assert!(now < until),
        Phase::Closed { .. } => prop_assert!(world.sitting.subjects.iter().all(SubjectRun::is_over)),
        Phase::Suspended { .. } | Phase::Waiting { .. } => {}
    }
    for run in &world.sitting.subjects {
        if world.sitting.is_open() && run.is_open() {
            prop_assert!(now < world.sitting.run_closes_at(run).unwrap());
        }
        for take in run.takes.iter().filter(|take| take.is_live()) {
            prop_assert!(world.sitting.is_open() && run.is_open());
            match take.state {
                TakeState::Preparing { silent_at } | TakeState::Positioning { silent_at } => {
                    prop_assert!(now < silent_at);
                }
                TakeState::Grace { until, .. } => prop_assert!(now < until),
                _ => {}
            }
            if let Some(ends_at) = world.sitting.take_ends_at(run, take) {
                prop_assert!(now < ends_at);
            }
        }
    }
    Ok(())
}

/// The command that an action stands for, with ids of its own.
fn command_of(action: &ActionState, world: &World) -> Option<Command> {
    let fresh = uuid::Uuid::from_u128(0xffff_ffff);
    let subject_id = action.subject_id.unwrap_or(subject_id(0));
    let run = world.sitting.run(subject_id)?;
    let take_id = action.take_id.or_else(|| run.take_to_submit().map(|take| take.id)).unwrap_or(fresh.into());
    let reason = String::new();
    Some(match action.name {
        ActionName::Enter => Command::Enter,
        ActionName::OpenPaper => Command::OpenPaper { subject_id, seed: Hash32([7; 32]) },
        ActionName::StartTake => {
            Command::StartTake { subject_id, take_id: fresh.into(), part_id: fresh.into(), face: None }
        }
        ActionName::FinishTake => Command::FinishTake { take_id, parts: vec![] },
        ActionName::Submit => Command::Submit { subject_id, take_id, submission_id: fresh.into() },
        ActionName::SkipSubject => Command::Skip { subject_id },
        ActionName::FinishWithoutElectives => Command::Finish,
        ActionName::Grant => Command::Grant { extra_ms: Millis(1), reason },
        ActionName::GrantAttempt => Command::GrantAttempt { subject_id, reason },
        ActionName::Suspend => Command::Suspend { reason },
        ActionName::Resume => Command::Resume,
        ActionName::Reopen => Command::Reopen { subject_id, until: world.latest + Millis(1), reason },
        ActionName::ReleaseDevice => Command::ReleaseDevice { reason },
        ActionName::End => Command::EndByStaff { reason },
        ActionName::ResumeTake | ActionName::RenewCapability => return None,
    })
}

proptest! {
    #![proptest_config(drawing(400))]

    #[test]
    fn there_are_never_more_takes_than_allowed(plan in plans(), steps in steps()) {
        play(&plan, &steps, |world, _| {
            for (subject, (used, extra)) in attempts(world) {
                let allowed = i64::from(world.ctx.subject(subject).unwrap().policy.attempts) + extra;
                prop_assert!(used <= allowed, "{used} of {allowed} attempts");
            }
            let live = world.sitting.subjects.iter().flat_map(|run| &run.takes).filter(|take| take.is_live());
            prop_assert!(live.count() <= 1);
            Ok(())
        })?;
    }

    #[test]
    fn no_take_begins_before_its_paper_has_been_read_and_what_was_dealt_stays(plan in plans(), steps in steps()) {
        let mut dealt = None;
        play(&plan, &steps, |world, _| {
            let run = &world.sitting.subjects[0];
            let paper = world.ctx.subjects[0].paper.as_ref();
            prop_assert!(paper.is_some() || run.paper.is_none());
            if let Some(opened) = &run.paper {
                prop_assert_eq!(dealt.get_or_insert(opened.clone()), opened);
                prop_assert!(run.takes.iter().all(|take| take.started_at >= opened.answer_from));
            } else if paper.is_some() {
                prop_assert!(run.takes.is_empty());
            }
            Ok(())
        })?;
    }

    #[test]
    fn there_are_never_two_live_submissions_of_a_subject(plan in plans(), steps in steps()) {
        play(&plan, &steps, |world, _| {
            for run in &world.sitting.subjects {
                let live = run.submissions.iter().filter(|submission| submission.superseded_at.is_none());
                prop_assert!(live.count() <= 1);
                prop_assert_eq!(run.state == RunState::Submitted, run.submission().is_some() && run.is_over());
                for (index, submission) in run.submissions.iter().enumerate() {
                    prop_assert_eq!(submission.revision as usize, index + 1);
                    prop_assert!(run.take(submission.take_id).is_some_and(Take::is_finished));
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn electives_beyond_the_most_are_only_submitted_after_a_reopening(plan in plans(), steps in steps()) {
        play(&plan, &steps, |world, _| {
            let reopened = world.log.iter().any(|recorded| matches!(recorded.event, Event::Reopened { .. }));
            let electives = world.ctx.subjects.iter().filter(|subject| !subject.compulsory);
            let submitted = electives.filter(|subject| {
                world.sitting.run(subject.id).is_some_and(|run| run.submission().is_some())
            });
            prop_assert!(reopened || submitted.count() <= world.ctx.picks.pick_max as usize);
            Ok(())
        })?;
    }

    #[test]
    fn nothing_is_open_past_its_close(plan in plans(), steps in steps()) {
        play(&plan, &steps, |world, _| closed_things_are_closed(world))?;
    }

    #[test]
    fn time_only_goes_forward_and_nothing_is_lost_from_the_log(plan in plans(), steps in steps()) {
        play(&plan, &steps, |world, _| {
            let in_order = world.log.windows(2).all(|pair| pair[0].at <= pair[1].at && pair[0].seq + 1 == pair[1].seq);
            prop_assert!(in_order);
            prop_assert!(world.log.last().unwrap().at <= world.latest);
            Ok(())
        })?;
    }

    #[test]
    fn replaying_the_events_gives_the_state_also_through_json(plan in plans(), steps in steps()) {
        let mut last = None;
        play(&plan, &steps, |world, _| {
            last = Some((world.sitting.clone(), world.log.clone()));
            Ok(())
        })?;
        let (sitting, log) = last.unwrap();
        prop_assert_eq!(&Sitting::replay(&log).unwrap(), &sitting);
        let stored: Vec<Recorded> =
            log.iter().map(|event| read_event(serde_json::to_value(event).unwrap()).unwrap()).collect();
        prop_assert_eq!(&stored, &log);
        prop_assert_eq!(read_sitting(serde_json::to_value(&sitting).unwrap()).unwrap(), sitting);
    }

    #[test]
    fn every_state_that_is_not_over_has_a_way_on(plan in plans(), steps in steps()) {
        play(&plan, &steps, |world, _| {
            if world.sitting.is_closed() {
                return Ok(());
            }
            let due = next_due(&world.sitting);
            prop_assert!(due.is_some_and(|due| due > world.sitting.last_at.max(world.now)));
            let (later, _) = handle(&world.sitting, &Command::Tick, &world.ctx, due.unwrap()).unwrap();
            prop_assert!(later.version > world.sitting.version);
            let moves_on = |action: &ActionState| action.is_open() && action.name != ActionName::RenewCapability;
            let open = actions(&world.sitting, &world.ctx, world.now).iter().any(moves_on);
            let ends_itself = world.sitting.live_take().is_some();
            let must_wait = world.sitting.waits_for_staff();
            prop_assert!(open || ends_itself || must_wait);
            Ok(())
        })?;
    }

    #[test]
    fn time_does_the_same_in_one_leap_as_in_many(plan in plans(), steps in steps(), leap in 0..200_000_000_i64) {
        play(&plan, &steps, |world, _| {
            let target = world.now + Millis(leap);
            let (leapt, _) = handle(&world.sitting, &Command::Tick, &world.ctx, target).unwrap();
            let mut walked = world.sitting.clone();
            while let Some(due) = next_due(&walked).filter(|due| *due <= target) {
                walked = handle(&walked, &Command::Tick, &world.ctx, due).unwrap().0;
            }
            prop_assert_eq!(walked, leapt);
            Ok(())
        })?;
    }

    #[test]
    fn a_mock_goes_as_the_formal_exam_does(mut plan in plans(), steps in steps()) {
        let mut events = |kind| -> Result<Vec<Recorded>, TestCaseError> {
            plan.kind = kind;
            let mut log = Vec::new();
            play(&plan, &steps, |world, _| {
                log.clone_from(&world.log);
                Ok(())
            })?;
            // The first says of what kind it is.
            Ok(log.split_off(1))
        };
        prop_assert_eq!(events(SittingKind::Mock)?, events(SittingKind::Formal)?);
    }

    #[test]
    fn actions_agree_with_what_is_decided(plan in plans(), steps in steps()) {
        play(&plan, &steps, |world, _| {
            let mut all = actions(&world.sitting, &world.ctx, world.now);
            all.extend(staff_actions(&world.sitting, &world.ctx, world.now));
            for action in &all {
                let Some(command) = command_of(action, world) else { continue };
                let decided = decide(&world.sitting, &command, &world.ctx, world.now).err().map(|refusal| refusal.code);
                let shown = action.refusal.as_ref().map(|refusal| refusal.code);
                let nothing = shown == Some(RefusalCode::SubmissionNothingRecorded);
                let expected = if nothing { Some(RefusalCode::TakeNotFound) } else { shown };
                prop_assert_eq!(decided, expected, "{:?}", action);
            }
            Ok(())
        })?;
    }

    #[test]
    fn during_a_take_only_going_on_with_it_changes_the_device(
        plan in plans(), steps in steps(), devices in prop::collection::vec(0..3_u128, 60),
    ) {
        let mut world = World::waiting(&plan);
        for (step, device) in steps.iter().zip(devices) {
            world.after(step.passes).tick();
            let (before, live) = (world.sitting.device_id, world.sitting.live_take().is_some());
            let command = command(&mut world, *step);
            let device = uuid::Uuid::from_u128(0x500 + device).into();
            let Ok((after, events)) = handle_by(&world.sitting, Some(device), &command, &world.ctx, world.now) else {
                continue;
            };
            let goes_on = matches!(command, Command::OpenPart { .. } | Command::ReleaseDevice { .. });
            let changed = before.is_some() && after.device_id != before;
            prop_assert!(!(live && changed) || goes_on, "{command:?}");
            world.sitting = after;
            world.log.extend(events);
        }
        prop_assert_eq!(&Sitting::replay(&world.log).unwrap(), &world.sitting);
    }

    #[test]
    fn every_refusal_knows_what_its_words_need(plan in plans(), steps in steps()) {
        play(&plan, &steps, |_, refusal| {
            let Some(refusal) = refusal else { return Ok(()) };
            let lacks = |name: &&str| !name.starts_with("term.") && !refusal.params.contains_key(*name);
            let templates = refusal.templates();
            prop_assert_eq!(templates.iter().flat_map(|text| placeholders(text)).find(lacks), None, "{:?}", refusal);
            Ok(())
        })?;
    }
}
