//! One device at a time (B7, B8).

use serde_json::json;
use uuid::Uuid;

use super::world::*;
use crate::exam::SittingKind;
use crate::id::DeviceId;
use crate::refusal::RefusalCode;
use crate::sitting::*;

fn phone(number: u128) -> DeviceId {
    DeviceId::from_uuid(Uuid::from_u128(0x500 + number))
}

impl World {
    fn from(&mut self, device: DeviceId, command: &Command) -> Result<(), RefusalCode> {
        let done = handle_by(&self.sitting, Some(device), command, &self.ctx, self.now);
        let (sitting, events) = done.map_err(|refusal| refusal.code)?;
        self.sitting = sitting;
        self.log.extend(events);
        Ok(())
    }

    fn taking(&mut self) -> (Command, crate::id::TakeId, crate::id::PartId) {
        let (take_id, part_id) = (self.id().into(), self.id().into());
        (Command::StartTake { subject_id: subject_id(0), take_id, part_id, face: None }, take_id, part_id)
    }
}

fn going_on(world: &mut World, take_id: crate::id::TakeId) -> Command {
    let part_id = world.id().into();
    Command::OpenPart { take_id, part_id, reason: PartReason::Reload, lasted_ms: None, previous: vec![] }
}

/// Entered on the first phone.
fn entered(settings: serde_json::Value) -> World {
    let mut world = World::waiting(&Plan::new(settings));
    world.from(phone(1), &Command::Enter).unwrap();
    world
}

#[test]
fn between_takes_another_phone_may_take_over() {
    let mut world = entered(json!({"phone_change": "allow"}));
    let (start, ..) = world.taking();
    world.from(phone(2), &start).unwrap();
    assert_eq!(world.sitting.device_id, Some(phone(2)));
}

#[test]
fn while_one_phone_records_another_is_refused_with_the_reason() {
    let mut world = entered(json!({"phone_change": "allow"}));
    let (start, take_id, part_id) = world.taking();
    world.from(phone(1), &start).unwrap();
    world.from(phone(1), &Command::Beep { take_id, part_id }).unwrap();
    let (other, ..) = world.taking();
    assert_eq!(world.from(phone(2), &other), Err(RefusalCode::SittingOtherDeviceRecords));
    let finish = Command::FinishTake { take_id, parts: vec![] };
    assert_eq!(world.from(phone(2), &finish), Err(RefusalCode::SittingOtherDeviceRecords));
    assert!(world.take(take_id).is_live());
}

#[test]
fn a_take_goes_on_at_another_phone_and_is_called_what_it_is() {
    let rule = json!({"allowed": 3, "resume_within_ms": 60_000, "effect": "note"});
    let mut world = entered(json!({"phone_change": "allow", "interruption": {"recorder_error": rule}}));
    let (start, take_id, part_id) = world.taking();
    world.from(phone(1), &start).unwrap();
    world.from(phone(1), &Command::Beep { take_id, part_id }).unwrap();
    let open = going_on(&mut world, take_id);
    world.from(phone(2), &open).unwrap();
    let opened = world.log.iter().rev().find_map(|recorded| match &recorded.event {
        Event::PartOpened { reason, .. } => Some(*reason),
        _ => None,
    });
    assert_eq!(opened, Some(PartReason::PhoneChanged));
    // The first phone may still say where its own part ended, once the take is over.
    let (_, own) = (take_id, world.take(take_id).parts.last().unwrap().id);
    let early = Command::FinishTake { take_id, parts: vec![end(part_id, 5)] };
    assert_eq!(world.from(phone(1), &early), Err(RefusalCode::SittingOtherDeviceRecords));
    let finish = Command::FinishTake { take_id, parts: vec![end(own, 6)] };
    world.after(minutes(1)).from(phone(2), &finish).unwrap();
    world.from(phone(1), &early).unwrap();
    assert_eq!(world.sitting.device_id, Some(phone(2)));
}

#[test]
fn where_phones_must_not_be_changed_only_staff_let_another_in() {
    let mut world = entered(json!({"phone_change": "refuse"}));
    let (start, ..) = world.taking();
    assert_eq!(world.from(phone(2), &start), Err(RefusalCode::SittingOtherDevice));
    world.give(Command::ReleaseDevice { reason: "手机摔坏".into() });
    assert_eq!(world.refused(Command::ReleaseDevice { reason: String::new() }), RefusalCode::SittingNoDevice);
    world.from(phone(2), &start).unwrap();
    assert_eq!(world.from(phone(1), &Command::Finish), Err(RefusalCode::SittingOtherDevice));
}

#[test]
fn a_second_sign_in_asks_or_is_refused_and_ends_nothing() {
    let world = entered(json!({"second_login": "ask"}));
    let meets = |world: &World, device, over| world.sitting.second_sign_in(device, &world.ctx.policy, over);
    assert_eq!(meets(&world, phone(1), false), None);
    assert_eq!(meets(&world, phone(2), false), Some(SignInOutcome::Asked));
    assert_eq!(meets(&world, phone(2), true), Some(SignInOutcome::TakenOver));
    let strict = entered(json!({"second_login": "refuse"}));
    assert_eq!(meets(&strict, phone(2), true), Some(SignInOutcome::Refused));
}

#[test]
fn the_running_phone_is_told_and_nothing_else_changes() {
    let mut world = entered(json!({}));
    let before = world.sitting.clone();
    let note = Command::NoteSignIn { device: "Pixel 8".into(), outcome: SignInOutcome::Asked };
    world.after(seconds(1)).give(note);
    let told = world.sitting.second_sign_in.clone().unwrap();
    assert_eq!((told.device.as_str(), told.outcome), ("Pixel 8", SignInOutcome::Asked));
    assert_eq!((world.sitting.phase, world.sitting.device_id), (before.phase, before.device_id));
}

#[test]
fn before_entry_after_the_end_and_in_rehearsals_anybody_may_sign_in() {
    let mut world = World::waiting(&Plan::new(json!({})));
    assert_eq!(world.sitting.second_sign_in(phone(2), &world.ctx.policy, false), None);
    world.from(phone(1), &Command::Enter).unwrap();
    world.give(Command::EndByStaff { reason: String::new() });
    assert_eq!(world.sitting.second_sign_in(phone(2), &world.ctx.policy, false), None);
    let mut plan = Plan::new(json!({}));
    plan.kind = SittingKind::Mock;
    let mut mock = World::waiting(&plan);
    mock.from(phone(1), &Command::Enter).unwrap();
    assert_eq!(mock.sitting.second_sign_in(phone(2), &mock.ctx.policy, false), None);
}

#[test]
fn a_sitting_from_before_devices_were_known_is_taken_by_the_first_that_commands_it() {
    let mut document = serde_json::to_value(&entered(json!({})).sitting).unwrap();
    document.as_object_mut().unwrap().remove("device_id");
    let old = read_sitting(document).unwrap();
    assert_eq!((old.device_id, old.second_sign_in), (None, None));
}
