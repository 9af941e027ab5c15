//! Exams that are right, and each way in which one is wrong.

mod clocks;
mod electives;
mod faces;
mod recording;
mod sessions;

use std::collections::BTreeSet;

use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::text::{Language, placeholders};

const NOW: Timestamp = Timestamp(1_900_000_000_000);

fn session(kind: SittingKind) -> Session {
    let id = SessionId::from_uuid(Uuid::from_u128(kind as u128 + 1));
    Session::new(id, kind, "上午场", NOW + Millis::hours(1), NOW + Millis::hours(5))
}

fn subject(number: u128, compulsory: bool) -> Subject {
    Subject {
        id: SubjectId::from_uuid(Uuid::from_u128(0x100 + number)),
        name: format!("科目{number}"),
        form: SubjectForm::Video,
        compulsory,
        content: "自选曲目一首".into(),
        requirements: String::new(),
        notes: String::new(),
        settings: Overrides::default(),
        papers: Vec::new(),
    }
}

pub(super) fn exam() -> RevisionBody {
    let mut body =
        RevisionBody::from_preset(Preset::General, "校考", "Asia/Shanghai", session(SittingKind::Formal));
    body.sessions.push(session(SittingKind::Mock));
    body.majors.push(Major {
        id: MajorId::from_uuid(Uuid::from_u128(0x10)),
        name: "声乐".into(),
        notes: String::new(),
        settings: Overrides::default(),
        electives: None,
        order: Order::Free,
        subjects: vec![subject(1, true), subject(2, false)],
    });
    body
}

pub(super) fn found(change: impl FnOnce(&mut RevisionBody)) -> Vec<(&'static str, String)> {
    let mut body = exam();
    change(&mut body);
    lint(&body, NOW).into_iter().map(|finding| (finding.code.code(), finding.place)).collect()
}

fn settings(value: serde_json::Value) -> Overrides {
    serde_json::from_value(value).unwrap()
}

pub(super) fn one(code: &'static str, place: &str) -> Vec<(&'static str, String)> {
    vec![(code, place.to_owned())]
}

/// What contradicts itself is found, exactly that and where it is; what is beside it is not.
fn contradicts(
    code: &'static str,
    place: &str,
    wrong: impl FnOnce(&mut RevisionBody),
    right: impl FnOnce(&mut RevisionBody),
) {
    assert_eq!(found(wrong), one(code, place));
    assert_eq!(found(right), []);
}

/// Settings of the first subject, the one major, the exam, or the mock.
fn of_subject(value: serde_json::Value) -> impl FnOnce(&mut RevisionBody) {
    |exam| exam.majors[0].subjects[0].settings = settings(value)
}

fn of_major(value: serde_json::Value) -> impl FnOnce(&mut RevisionBody) {
    |exam| exam.majors[0].settings = settings(value)
}

fn of_exam(value: serde_json::Value) -> impl FnOnce(&mut RevisionBody) {
    |exam| exam.settings = settings(value)
}

fn of_mock(value: serde_json::Value) -> impl FnOnce(&mut RevisionBody) {
    |exam| exam.sessions[1].settings = settings(value)
}

const SUBJECT: &str = "majors[0].subjects[0]";

#[test]
fn an_exam_that_is_right_has_no_findings() {
    assert_eq!(found(|_| {}), []);
}

#[test]
fn an_empty_exam_lacks_majors_and_cannot_open() {
    let body =
        RevisionBody::from_preset(Preset::General, "校考", "Asia/Shanghai", session(SittingKind::Mock));
    let refusal = open(ExamState::Draft, &body, NOW).unwrap_err();
    assert_eq!((refusal.code, refusal.params["errors"].clone()), (RefusalCode::ExamFindings, json!(1)));
}

#[test]
fn an_exam_opens_once_and_closes_once() {
    assert_eq!(open(ExamState::Draft, &exam(), NOW), Ok(ExamState::Open));
    assert_eq!(open(ExamState::Open, &exam(), NOW).unwrap_err().code, RefusalCode::ExamAlreadyOpen);
    assert_eq!(close(ExamState::Open), Ok(ExamState::Closed));
    assert_eq!(close(ExamState::Closed).unwrap_err().code, RefusalCode::ExamAlreadyClosed);
    assert_eq!(ExamState::Draft.require_open().unwrap_err().code, RefusalCode::ExamNotOpen);
}

#[test]
fn missing_subjects_and_sessions_are_errors() {
    assert_eq!(found(|exam| exam.majors[0].subjects.clear()), one("subjects.none", "majors[0].subjects"));
    assert_eq!(found(|exam| exam.sessions.clear()), one("sessions.none", "sessions"));
    assert_eq!(found(|exam| exam.majors.clear()), one("majors.none", "majors"));
}

#[test]
fn an_inverted_window_is_an_error() {
    let inverted = |exam: &mut RevisionBody| exam.sessions[0].closes_at = exam.sessions[0].opens_at;
    assert_eq!(found(inverted), one("session.window_inverted", "sessions[0].closes_at"));
}

#[test]
fn a_latest_entry_lies_inside_the_window() {
    let late = |exam: &mut RevisionBody| exam.sessions[0].latest_entry_at = Some(NOW + Millis::hours(6));
    assert_eq!(found(late), one("session.latest_entry_outside", "sessions[0].latest_entry_at"));
}

#[test]
fn a_session_is_for_majors_that_exist_and_has_room() {
    let unknown = |exam: &mut RevisionBody| {
        exam.sessions[0].majors = Some(vec![exam.majors[0].id, MajorId::from_uuid(Uuid::nil())]);
    };
    assert_eq!(found(unknown), one("session.major_unknown", "sessions[0].majors"));
    let full = |exam: &mut RevisionBody| exam.sessions[0].capacity = Some(0);
    assert_eq!(found(full), one("session.capacity_zero", "sessions[0].capacity"));
}

#[test]
fn a_major_without_a_session_cannot_be_sat() {
    let closed = |exam: &mut RevisionBody| {
        exam.sessions[0].majors = Some(vec![]);
        exam.sessions[1].majors = Some(vec![]);
    };
    let codes: BTreeSet<_> = found(closed).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, BTreeSet::from(["major.without_session", "session.majors_none"]));
}

#[test]
fn names_are_not_empty_and_not_twice() {
    let twice = |exam: &mut RevisionBody| exam.majors[0].subjects[1].name = "科目1".into();
    assert_eq!(found(twice), one("subject.name_twice", "majors[0].subjects[1].name"));
    assert_eq!(found(|exam| exam.majors[0].name = " ".into()), one("major.name_empty", "majors[0].name"));
}

#[test]
fn electives_are_as_many_as_can_be_picked() {
    let picks = |pick_min, pick_max| {
        move |exam: &mut RevisionBody| exam.majors[0].electives = Some(Electives { pick_min, pick_max })
    };
    assert_eq!(found(picks(0, 1)), []);
    assert_eq!(found(picks(1, 0)), one("electives.inverted", "majors[0].electives"));
    let codes: Vec<_> = found(picks(2, 2)).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["electives.impossible", "electives.surplus"]);
}

#[test]
fn attempts_of_zero_are_an_error() {
    let none =
        |exam: &mut RevisionBody| exam.majors[0].subjects[0].settings = settings(json!({"attempts": 0}));
    assert_eq!(found(none), one("attempts.zero", &format!("{SUBJECT}.settings.attempts")));
}

#[test]
fn a_take_fits_into_the_duration_and_the_window() {
    let long = |exam: &mut RevisionBody| {
        exam.majors[0].subjects[1].settings = settings(json!({"take_max_ms": 3 * 3_600_000}));
    };
    let place = "majors[0].subjects[1].settings.take_max_ms";
    assert_eq!(found(long), one("take.over_duration", place));
    let longer = |exam: &mut RevisionBody| {
        exam.settings = settings(json!({"duration_ms": null}));
        exam.majors[0].subjects[1].settings = settings(json!({"take_max_ms": 5 * 3_600_000}));
    };
    let codes: BTreeSet<_> = found(longer).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, BTreeSet::from(["take.over_window"]));
}

#[test]
fn the_shortest_take_is_not_longer_than_the_longest() {
    let inverted = |exam: &mut RevisionBody| {
        exam.majors[0].subjects[0].settings = settings(json!({"take_min_ms": 90_000, "take_max_ms": 60_000}));
    };
    assert_eq!(found(inverted), one("take.min_over_max", &format!("{SUBJECT}.settings.take_min_ms")));
}

#[test]
fn what_cannot_be_had_yet_cannot_be_required() {
    let second = |exam: &mut RevisionBody| {
        exam.majors[0].subjects[0].settings = settings(json!({"companion": "required"}));
    };
    assert_eq!(found(second), one("companion.unavailable", &format!("{SUBJECT}.settings.companion")));
    let photos = |exam: &mut RevisionBody| exam.majors[0].subjects[0].form = SubjectForm::Photos;
    assert_eq!(found(photos), one("subject.form_unavailable", &format!("{SUBJECT}.form")));
}

#[test]
fn an_orientation_that_contradicts_the_size_is_found() {
    let tall = |exam: &mut RevisionBody| {
        let media =
            crate::policy::MediaProfile { width: 720, height: 1280, ..crate::policy::MediaProfile::DANCE };
        exam.majors[0].subjects[0].settings.media = Some(media);
    };
    assert_eq!(found(tall), one("media.orientation", &format!("{SUBJECT}.settings.media")));
}

#[test]
fn resuming_needs_time_and_a_second_part() {
    let rule = |within: i64| json!({"allowed": 1, "resume_within_ms": within, "effect": "lose_take"});
    let no_time = |exam: &mut RevisionBody| {
        exam.majors[0].subjects[0].settings = settings(json!({"interruption": {"call": rule(0)}}));
    };
    assert_eq!(found(no_time), one("interruption.no_time", &format!("{SUBJECT}.settings.interruption.call")));
    let no_part = |exam: &mut RevisionBody| {
        exam.majors[0].subjects[0].settings = settings(json!({"parts_per_take_max": 1}));
    };
    let codes: BTreeSet<_> = found(no_part).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, BTreeSet::from(["interruption.no_parts"]));
}

#[test]
fn a_zone_is_an_iana_name() {
    assert_eq!(found(|exam| exam.zone = "Beijing time".into()), one("zone.unknown", "zone"));
}

#[test]
fn errors_come_before_warnings() {
    let mut body = exam();
    body.sessions.remove(1);
    body.majors[0].subjects[1].name = String::new();
    let severities: Vec<_> = lint(&body, NOW).into_iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Warning]);
}

#[test]
fn every_finding_has_words_that_use_only_what_it_knows() {
    let unknown = |code: &FindingCode| {
        [Language::Chinese, Language::English]
            .into_iter()
            .flat_map(|language| placeholders(code.template(language)))
            .any(|name| match name.strip_prefix("term.") {
                Some(term) => !Terms::NAMES.contains(&term),
                None => !code.params().contains(&name),
            })
    };
    assert_eq!(FindingCode::ALL.iter().copied().find(unknown), None);
    let codes: BTreeSet<_> = FindingCode::ALL.iter().map(|code| code.code()).collect();
    assert_eq!(codes.len(), FindingCode::ALL.len());
}

#[test]
fn a_finding_speaks_the_schools_words() {
    let mut body = exam();
    body.majors[0].electives = Some(Electives { pick_min: 1, pick_max: 3 });
    let finding = &lint(&body, NOW)[0];
    assert_eq!(finding.message(Language::Chinese, &body.terms), "至多可选 3 门，但只有 1 门选考科目。");
    assert_eq!(serde_json::to_value(finding).unwrap()["where"], "majors[0].electives");
}

#[test]
fn a_sessions_own_settings_come_last_and_practice_has_no_clock() {
    let mut body = exam();
    body.sessions[1].settings = settings(json!({"attempts": 5}));
    let major = &body.majors[0];
    let policy = |session: &Session| body.policy_in(session, major, Some(&major.subjects[0]));
    assert_eq!(policy(&body.sessions[0]).attempts, 3);
    assert_eq!(policy(&body.sessions[1]).attempts, 5);
    let practice = policy(&session(SittingKind::Practice));
    assert_eq!((practice.attempts, practice.duration_ms), (PRACTICE_ATTEMPTS, None));
}

#[test]
fn a_full_session_takes_nobody_more() {
    let mut formal = session(SittingKind::Formal);
    formal.capacity = Some(2);
    assert_eq!(formal.seat(1), Ok(()));
    assert_eq!(formal.seat(2).unwrap_err().code, RefusalCode::SessionFull);
}

#[test]
fn an_exam_of_the_contract_is_read_and_an_unknown_field_is_not() {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let text = json!({"title": "校考", "zone": "Asia/Shanghai", "terms": {"exam": "录制"}, "support": {},
        "settings": {"attempts": 5}, "majors": [{"id": id, "name": "声乐", "notes": "", "settings": {},
        "electives": null, "order": "fixed", "subjects": []}], "sessions": []});
    let body: RevisionBody = serde_json::from_value(text).unwrap();
    assert_eq!((body.terms.exam.as_str(), body.terms.candidate.as_str()), ("录制", "考生"));
    assert_eq!(body.majors[0].order, Order::Fixed);
    let written = serde_json::to_value(&body).unwrap();
    assert_eq!(serde_json::from_value::<RevisionBody>(written).unwrap(), body);
    assert!(serde_json::from_value::<RevisionBody>(json!({"title": "", "zone": "", "tittle": ""})).is_err());
}

#[test]
fn tasks_can_be_done_and_who_has_booked_gets_in() {
    use crate::task::{Task, TaskForm};
    let task = |value: serde_json::Value| serde_json::from_value::<Task>(value).unwrap();
    let with = |form: serde_json::Value| {
        let id = Uuid::from_u128(7);
        found(|exam| exam.tasks.push(task(json!({ "id": id, "title": { "zh": "任务" }, "form": form }))))
    };
    let text = |zh: &str| json!({ "kind": "pledge", "text": { "zh": zh } });
    assert_eq!(with(text("承诺")), []);
    assert_eq!(with(text(" ")), one("task.text_empty", "tasks[0].form.text"));
    let slot = |from: Timestamp, capacity: u32| {
        let slot = json!({ "id": Uuid::from_u128(8), "starts_at": from, "ends_at": from + Millis::hours(1), "capacity": capacity });
        json!({ "kind": "booking", "opens_at": NOW, "closes_at": NOW + Millis::hours(1), "slots": [slot] })
    };
    let inside = NOW + Millis::hours(2);
    assert_eq!(with(slot(inside, 1)), []);
    assert_eq!(with(slot(inside, 0)), one("slot.capacity_zero", "tasks[0].form.slots[0].capacity"));
    let outside = slot(NOW + Millis::hours(9), 1);
    assert_eq!(with(outside), one("slot.outside_sessions", "tasks[0].form.slots[0].starts_at"));
    let mut none = slot(inside, 1);
    none["slots"] = json!([]);
    assert_eq!(with(none), one("booking.slots_none", "tasks[0].form.slots"));
    let due = found(|exam| {
        exam.tasks.push(task(json!({ "id": Uuid::nil(), "title": { "zh": "" }, "form": text("承诺"), "majors": [Uuid::nil()] })));
        assert!(matches!(exam.tasks[0].form, TaskForm::Pledge { .. }));
    });
    let codes: Vec<_> = due.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["task.title_empty", "task.major_unknown"]);
}
