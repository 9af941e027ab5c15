//! What is to be done before an exam, and whom it keeps out.

use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::exam::Terms;
use crate::policy::Preset;
use crate::text::Language;

const NOW: Timestamp = Timestamp(1_900_000_000_000);
const HOUR: Millis = Millis::hours(1);

fn task(form: TaskForm) -> Task {
    Task {
        id: TaskId::from_uuid(Uuid::from_u128(1)),
        title: Worded::new("承诺书", "Pledge"),
        before: Before::Formal,
        due_at: None,
        majors: None,
        form,
    }
}

fn reading() -> Task {
    task(TaskForm::Reading { text: Worded::new("须知", ""), min_ms: Millis::seconds(30) })
}

fn pledge() -> Task {
    task(TaskForm::Pledge { text: Worded::new("承诺", "I promise") })
}

fn slot(number: u128) -> Slot {
    let starts_at = NOW + Millis::hours(number.try_into().unwrap());
    Slot { id: slot_id(number), starts_at, ends_at: starts_at + HOUR, capacity: 1 }
}

fn slot_id(number: u128) -> SlotId {
    SlotId::from_uuid(Uuid::from_u128(0x50 + number))
}

fn booking(changeable: bool) -> Task {
    let (opens_at, closes_at) = (NOW, NOW + Millis::minutes(90));
    let slots = vec![slot(1), slot(2)];
    task(TaskForm::Booking(Booking { opens_at, closes_at, changeable, notice: true, slots }))
}

fn booked(number: u128) -> Progress {
    Progress::Booked(Booked { slot: slot(number), at: NOW })
}

fn named(name: &str) -> TaskSignature {
    TaskSignature { name: name.into(), drawing: None }
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> RefusalCode {
    result.unwrap_err().code
}

#[test]
fn a_text_is_read_for_its_time_by_the_servers_clock() {
    let begun = begin(&reading(), None, NOW).unwrap();
    let soon = finish(&reading(), Some(&begun), NOW + Millis::seconds(29)).unwrap_err();
    assert_eq!((soon.code, &soon.params["left_ms"]), (RefusalCode::TaskTooSoon, &json!(1_000)));
    let later = NOW + Millis::seconds(30);
    assert_eq!(finish(&reading(), Some(&begun), later), Ok(Progress::Done { at: later }));
}

#[test]
fn beginning_again_does_not_begin_anew_and_what_is_read_stays_read() {
    let begun = begin(&reading(), None, NOW).unwrap();
    assert_eq!(begin(&reading(), Some(&begun), NOW + HOUR), Ok(begun));
    let done = Progress::Done { at: NOW };
    assert_eq!(finish(&reading(), Some(&done), NOW + HOUR), Ok(done));
    assert_eq!(code(finish(&reading(), None, NOW)), RefusalCode::TaskNotBegun);
}

#[test]
fn a_pledge_is_signed_once_with_ones_own_name() {
    let try_with = |name: &str| sign(&pledge(), None, Some("王小艺"), named(name), NOW);
    assert_eq!(try_with(" 王小艺 "), Ok(named("王小艺")));
    assert_eq!(code(try_with("李小帮")), RefusalCode::TaskNameDiffers);
    assert_eq!(code(try_with("")), RefusalCode::IdentityNameEmpty);
    let nobody = sign(&pledge(), None, None, named("王小艺"), NOW);
    assert_eq!(code(nobody), RefusalCode::IdentityRequired);
    let done = Progress::Done { at: NOW };
    let again = sign(&pledge(), Some(&done), Some("王小艺"), named("王小艺"), NOW);
    assert_eq!(code(again), RefusalCode::TaskAlreadySigned);
}

#[test]
fn a_drawn_signature_has_a_line_and_stays_inside_its_field() {
    let draw = |points: Vec<[u16; 2]>| Drawing(vec![points]).check();
    assert_eq!(draw(vec![[0, 0], [1000, 400]]), Ok(()));
    assert_eq!(code(draw(vec![[10, 10]])), RefusalCode::TaskDrawing);
    assert_eq!(code(draw(vec![[0, 0], [0, 401]])), RefusalCode::TaskDrawing);
    assert_eq!(code(draw(vec![[1, 1]; 4_001])), RefusalCode::TaskDrawing);
    let drawn = TaskSignature { drawing: Some(Drawing(Vec::new())), ..named("王小艺") };
    assert_eq!(code(sign(&pledge(), None, Some("王小艺"), drawn, NOW)), RefusalCode::TaskDrawing);
}

#[test]
fn each_form_is_done_in_its_own_way() {
    assert_eq!(code(begin(&pledge(), None, NOW)), RefusalCode::TaskOtherKind);
    assert_eq!(code(finish(&booking(false), None, NOW)), RefusalCode::TaskOtherKind);
    assert_eq!(code(book(&reading(), None, slot_id(1), 0, NOW)), RefusalCode::TaskOtherKind);
    let signed = sign(&reading(), None, Some("王小艺"), named("王小艺"), NOW);
    assert_eq!(code(signed), RefusalCode::TaskOtherKind);
}

#[test]
fn a_slot_is_booked_inside_the_window_while_there_is_room() {
    let at = |taken, now| book(&booking(false), None, slot_id(1), taken, now);
    assert_eq!(at(0, NOW), Ok(Place::Taken(slot(1))));
    assert_eq!(code(at(0, NOW - Millis(1))), RefusalCode::BookingNotOpenYet);
    assert_eq!(code(at(1, NOW)), RefusalCode::BookingFull);
    assert_eq!(code(at(0, NOW + HOUR)), RefusalCode::BookingSlotBegun);
    assert_eq!(code(at(0, NOW + Millis::hours(2))), RefusalCode::TaskMissed);
    assert_eq!(code(book(&booking(false), None, slot_id(9), 0, NOW)), RefusalCode::BookingSlotNotFound);
}

#[test]
fn a_booking_is_final_unless_the_exam_says_otherwise() {
    let own = booked(1);
    assert_eq!(book(&booking(false), Some(&own), slot_id(1), 1, NOW), Ok(Place::Kept));
    assert_eq!(code(book(&booking(false), Some(&own), slot_id(2), 0, NOW)), RefusalCode::BookingFinal);
    assert_eq!(code(release(&booking(false), Some(&own), NOW)), RefusalCode::BookingFinal);
    let moved = book(&booking(true), Some(&own), slot_id(2), 0, NOW);
    assert_eq!(moved, Ok(Place::Moved(slot(1), slot(2))));
    assert_eq!(release(&booking(true), Some(&own), NOW).unwrap().slot, slot(1));
    // Nobody leaves a slot that has begun.
    assert_eq!(code(release(&booking(true), Some(&own), NOW + HOUR)), RefusalCode::BookingFinal);
    assert_eq!(code(release(&booking(true), None, NOW)), RefusalCode::BookingNone);
}

#[test]
fn what_has_a_deadline_is_missed_after_it() {
    let due = Task { due_at: Some(NOW), ..reading() };
    assert_eq!(code(begin(&due, None, NOW)), RefusalCode::TaskMissed);
    assert_eq!(state(&due, None, NOW), TaskState::Missed { at: NOW });
    let begun = Progress::Begun { at: NOW - HOUR };
    assert_eq!(code(finish(&due, Some(&begun), NOW)), RefusalCode::TaskMissed);
    // What was done in time stays done.
    let done = Progress::Done { at: NOW - HOUR };
    assert_eq!(state(&due, Some(&done), NOW), TaskState::Done { at: NOW - HOUR });
}

#[test]
fn an_open_task_closes_what_it_gates_and_nothing_else() {
    let keeps_out = |before, kind| {
        let task = Task { before, ..pledge() };
        entry([(&task, None)], kind, NOW).is_err()
    };
    let table = [Before::Nothing, Before::Mock, Before::Formal].map(|before| {
        [SittingKind::Practice, SittingKind::Mock, SittingKind::Formal].map(|kind| keeps_out(before, kind))
    });
    assert_eq!(table, [[false, false, false], [false, true, true], [false, false, true]]);
    let refusal = entry([(&pledge(), None)], SittingKind::Formal, NOW).unwrap_err();
    assert_eq!((refusal.code, &refusal.params["task"]), (RefusalCode::TaskOpen, &json!("承诺书")));
    let done = Progress::Done { at: NOW };
    assert_eq!(entry([(&pledge(), Some(done))], SittingKind::Formal, NOW), Ok(()));
}

#[test]
fn who_has_booked_enters_inside_the_slot_only() {
    let at = |now| entry([(&booking(false), Some(booked(1)))], SittingKind::Formal, now);
    let starts_at = slot(1).starts_at;
    assert_eq!(code(at(starts_at - Millis(1))), RefusalCode::BookingEarly);
    assert_eq!(at(starts_at), Ok(()));
    assert_eq!(code(at(starts_at + HOUR)), RefusalCode::BookingSlotOver);
    assert_eq!(code(entry([(&booking(false), None)], SittingKind::Formal, NOW)), RefusalCode::TaskOpen);
    // A slot for the mock says nothing about the formal exam.
    let mock = Task { before: Before::Mock, ..booking(false) };
    assert_eq!(entry([(&mock, Some(booked(1)))], SittingKind::Formal, NOW), Ok(()));
}

#[test]
fn who_has_booked_follows_a_slot_that_the_school_moves() {
    let mut moved = booking(false);
    let TaskForm::Booking(booking) = &mut moved.form else { panic!("a booking") };
    booking.slots[0].starts_at = NOW;
    assert_eq!(entry([(&moved, Some(booked(1)))], SittingKind::Formal, NOW), Ok(()));
}

#[test]
fn the_pledge_speaks_the_schools_words_and_covers_the_rules_of_conduct() {
    let [draft] = &standard(Preset::General)[..] else { panic!("one task") };
    let TaskForm::Pledge { text } = &draft.form else { panic!("a pledge") };
    let terms = Preset::Recital.terms();
    let chinese = text.shown(Language::Chinese, &terms).text;
    assert!(chinese.contains("本次录制") && !chinese.contains("考试") && !chinese.contains('{'), "{chinese}");
    let english = text.shown(Language::English, &Terms::english()).text;
    assert!(!english.contains('{'), "{english}");
    // A18, A19, A26–A28, R1–R7, O3.
    for word in [
        "外接设备",
        "支架",
        "通话",
        "微信",
        "Siri",
        "背景",
        "其他人",
        "不遮挡镜头",
        "个人信息",
        "资料",
        "浓妆",
        "取消",
        "传播",
    ] {
        assert!(chinese.contains(word), "{word}");
    }
}

#[test]
fn a_recital_wants_its_tasks_done_before_the_mock() {
    let gates = |preset| standard(preset).into_iter().map(|draft| draft.before).collect::<Vec<_>>();
    assert_eq!(gates(Preset::Recital), [Before::Mock, Before::Mock]);
    assert_eq!(gates(Preset::FitnessTest), [Before::Formal]);
}

#[test]
fn without_an_english_text_its_readers_get_the_chinese_one() {
    let shown = Worded::new("须知{term.exam}{其他}", " ").shown(Language::English, &Terms::default());
    assert_eq!((shown.text.as_str(), shown.language), ("须知考试{其他}", Language::Chinese));
}

#[test]
fn a_task_is_written_as_it_is_read() {
    let text = json!({ "id": Uuid::from_u128(1), "title": { "zh": "约考", "en": "" }, "before": "mock", "due_at": null,
        "majors": null, "form": { "kind": "booking", "opens_at": 1, "closes_at": 2, "slots": [] } });
    let task: Task = serde_json::from_value(text).unwrap();
    assert!(task.booking().unwrap().notice);
    assert_eq!(serde_json::from_value::<Task>(serde_json::to_value(&task).unwrap()).unwrap(), task);
}
