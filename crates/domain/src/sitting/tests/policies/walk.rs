//! A walk of random steps through a sitting, with every rule checked after each.

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use super::rules;
use crate::id::DeviceId;
use crate::sitting::tests::steps::{Step, command};
use crate::sitting::tests::world::World;
use crate::sitting::*;
use crate::time::Millis;

/// After how many steps the open actions are asked for, which costs as much as many steps.
const LOOK_AROUND_EVERY: usize = 8;

pub(super) fn walk(mut world: World, steps: &[Step]) -> TestCaseResult {
    let mut replayed = world.sitting.clone();
    for (count, step) in steps.iter().enumerate() {
        world.after(step.passes);
        let command = command(&mut world, *step);
        let device = is_of_candidate(&command).then(|| phone(*step));
        let before = world.sitting.clone();
        let heard = world.log.len();
        // Time does its part whether or not the command is accepted.
        let _ = world.try_by(device, &command);
        world.tick();
        for recorded in &world.log[heard..] {
            rules::event(&replayed, recorded, &world.ctx)?;
            replayed.apply(recorded);
        }
        prop_assert_eq!(&replayed, &world.sitting, "replaying the events gives the state");
        prop_assert!(world.log[heard..].iter().all(|recorded| recorded.at <= world.latest));
        rules::step(&before, &world.sitting, &world.log[heard..])?;
        rules::state(&world)?;
        if count % LOOK_AROUND_EVERY == 0 {
            rules::way_on(&world)?;
        }
    }
    rules::way_on(&world)?;
    ends(world)
}

/// Left alone, a sitting ends, and every submission is settled.
fn ends(mut world: World) -> TestCaseResult {
    let far = world.now + Millis::hours(24 * 40);
    let (leapt, _) = handle(&world.sitting, &Command::Tick, &world.ctx, far).unwrap();
    let mut left = 100;
    while let Some(due) = next_due(&world.sitting).filter(|_| left > 0) {
        (world.now, left) = (due, left - 1);
        world.tick();
        rules::state(&world)?;
    }
    prop_assert!(world.sitting.is_closed() && world.sitting.outcome().is_some());
    prop_assert_eq!(&world.sitting, &leapt, "time does the same in one leap as in many");
    let mut submissions = world.sitting.subjects.iter().flat_map(|run| &run.submissions);
    prop_assert!(submissions.all(|submission| !submission.delivery.is_pending()));
    Ok(())
}

/// Mostly the same phone.
fn phone(step: Step) -> DeviceId {
    let other = step.which % 11 == 3;
    uuid::Uuid::from_u128(0x500 + u128::from(other)).into()
}

const fn is_of_candidate(command: &Command) -> bool {
    matches!(
        command,
        Command::Enter
            | Command::StartTake { .. }
            | Command::Position { .. }
            | Command::Beep { .. }
            | Command::OpenPart { .. }
            | Command::FinishTake { .. }
            | Command::FailTake { .. }
            | Command::Interrupt { .. }
            | Command::Choose { .. }
            | Command::Submit { .. }
            | Command::Skip { .. }
            | Command::Finish
    )
}
