//! Papers: drawn when they are opened, read before a take, the same from then on.

use super::world::*;
use crate::exam::SittingKind;
use crate::refusal::RefusalCode;
use crate::seal::Hash32;
use crate::sitting::*;
use crate::time::Millis;

fn open(seed: &[u8]) -> Command {
    Command::OpenPaper { subject_id: subject_id(0), seed: Hash32::of(seed) }
}

fn plan(read_ms: Millis) -> Plan {
    Plan::new(serde_json::json!({})).subjects(&[true, true]).paper(8, Some(2), read_ms)
}

fn start(world: &mut World, subject: u128) -> Command {
    let (take_id, part_id) = (world.id().into(), world.id().into());
    Command::StartTake { subject_id: subject_id(subject), take_id, part_id, face: None }
}

#[test]
fn nobody_opens_a_paper_before_entry_or_after_the_close() {
    let mut world = World::waiting(&plan(Millis::ZERO));
    assert_eq!(world.refused(open(b"a")), RefusalCode::SittingNotEntered);
    world.give(Command::Enter).give(Command::EndByStaff { reason: String::new() });
    assert_eq!(world.refused(open(b"a")), RefusalCode::SittingClosed);
}

#[test]
fn what_was_dealt_stays_whoever_opens_it_again() {
    let mut world = World::entered(&plan(Millis::ZERO));
    world.give(open(b"a"));
    let dealt = world.run(0).paper.clone().unwrap();
    assert_eq!(dealt.questions.len(), 2);
    let version = world.sitting.version;
    world.after(minutes(3)).give(open(b"another seed"));
    assert_eq!((world.run(0).paper.clone().unwrap(), world.sitting.version), (dealt, version));
}

#[test]
fn the_log_tells_what_was_drawn_and_with_what() {
    let mut world = World::entered(&plan(Millis::ZERO));
    world.give(open(b"a"));
    let paper = world.ctx.subjects[0].paper.clone().unwrap();
    let Event::PaperOpened { seed, questions, .. } = &world.log.last().unwrap().event else {
        panic!("{:?}", world.log.last())
    };
    assert_eq!(questions, &paper.deal(*seed));
    assert_eq!(Sitting::replay(&world.log).unwrap(), world.sitting);
}

#[test]
fn a_take_waits_until_the_paper_is_open_and_has_been_read() {
    let mut world = World::entered(&plan(minutes(5)));
    let first = start(&mut world, 0);
    assert_eq!(world.refused(&first), RefusalCode::PaperNotOpened);
    let action = world.action(ActionName::StartTake);
    assert_eq!(action.refusal.unwrap().code, RefusalCode::PaperNotOpened);
    world.give(open(b"a"));
    world.after(minutes(4));
    let refusal = world.try_to(&first).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::PaperBeingRead);
    assert_eq!(refusal.params["answer_from_at"], (NINE + minutes(5)).as_ms());
    world.after(minutes(1)).give(first);
}

#[test]
fn a_subject_without_a_paper_waits_for_nothing_and_has_nothing_to_open() {
    let mut world = World::entered(&plan(minutes(5)));
    let second = start(&mut world, 1);
    world.give(second);
    let none = Command::OpenPaper { subject_id: subject_id(1), seed: Hash32::of(b"a") };
    assert_eq!(world.refused(none), RefusalCode::PaperNone);
}

#[test]
fn opening_and_hiding_the_question_in_a_take_is_noted_and_cannot_fill_the_log() {
    let mut world = World::entered(&plan(Millis::ZERO));
    world.give(open(b"a"));
    let (take_id, part_id) = world.record(0);
    let note = |shown| Command::NoteQuestion { take_id, shown, at_captured_ms: seconds(3) };
    world.give(note(true)).give(note(false));
    let [.., shown, hidden] = world.log.as_slice() else { panic!() };
    assert_eq!(shown.event, Event::QuestionShown { take_id, at_captured_ms: seconds(3) });
    assert_eq!(hidden.event, Event::QuestionHidden { take_id, at_captured_ms: seconds(3) });
    for _ in 0..500 {
        world.give(note(true));
    }
    assert!(world.log.len() < 250, "{}", world.log.len());
    world.give(Command::FinishTake { take_id, parts: vec![end(part_id, 1)] });
    assert_eq!(world.refused(note(true)), RefusalCode::TakeFinished);
}

#[test]
fn the_clock_of_a_paper_that_nobody_opens_runs_out() {
    let mut plan = Plan::new(serde_json::json!({ "duration_ms": 600_000 })).paper(1, None, minutes(5));
    plan.kind = SittingKind::Formal;
    let mut world = World::entered(&plan);
    world.after(minutes(10)).tick();
    assert_eq!(world.sitting.outcome(), Some(Outcome::Abandoned));
}
