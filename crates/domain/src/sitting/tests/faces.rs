//! A take begins with a fresh face check, where the policy asks for one (F4).

use serde_json::json;

use super::world::*;
use crate::exam::SittingKind;
use crate::id::FaceCheckId;
use crate::refusal::RefusalCode;
use crate::sitting::{ActionName, Command, FACE_FRESH, FaceEvidence};
use crate::time::Millis;

fn with_faces() -> Plan {
    Plan::new(json!({"face": "block", "attempts": 3})).subjects(&[true, true])
}

fn start(world: &mut World, face: Option<FaceEvidence>) -> Command {
    let (take_id, part_id) = (world.id().into(), world.id().into());
    Command::StartTake { subject_id: subject_id(0), take_id, part_id, face }
}

fn check(world: &mut World, subject: u128) -> FaceEvidence {
    let check_id = FaceCheckId::from_uuid(world.id());
    FaceEvidence { check_id, subject_id: subject_id(subject), at: world.now, flagged: true }
}

#[test]
fn without_a_check_no_take_begins_and_no_attempt_is_used() {
    let mut world = World::entered(&with_faces());
    let start = start(&mut world, None);
    assert_eq!(world.refused(start), RefusalCode::FaceCheckRequired);
    assert_eq!(world.run(0).takes.len(), 0);
    assert!(world.action(ActionName::StartTake).is_open());
}

#[test]
fn a_check_lets_one_take_of_its_subject_begin_and_stays_with_it() {
    let mut world = World::entered(&with_faces());
    let face = check(&mut world, 0);
    let first = start(&mut world, Some(face));
    let Command::StartTake { take_id, .. } = first else { unreachable!() };
    world.give(first);
    assert_eq!(world.take(take_id).face, Some(face));
    world.give(Command::FailTake { take_id, cause: String::new() });
    let again = start(&mut world, Some(face));
    assert_eq!(world.refused(again), RefusalCode::FaceCheckRequired);
    let others = check(&mut world, 1);
    let others = start(&mut world, Some(others));
    assert_eq!(world.refused(others), RefusalCode::FaceCheckRequired);
}

#[test]
fn a_check_does_not_keep() {
    let mut world = World::entered(&with_faces());
    let face = check(&mut world, 0);
    world.after(FACE_FRESH + Millis(1));
    let start = start(&mut world, Some(face));
    assert_eq!(world.refused(start), RefusalCode::FaceCheckRequired);
}

#[test]
fn practice_asks_for_none() {
    let mut plan = with_faces();
    plan.kind = SittingKind::Practice;
    let mut world = World::entered(&plan);
    let start = start(&mut world, None);
    world.give(start);
    assert_eq!(world.run(0).takes[0].face, None);
}
