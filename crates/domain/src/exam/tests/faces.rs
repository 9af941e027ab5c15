//! Contradictions in how faces are checked.

use super::*;

fn at(setting: &str) -> String {
    format!("{SUBJECT}.settings.{setting}")
}

#[test]
fn faces_compared_while_recording_where_none_are_checked() {
    contradicts(
        "face.within_while_off",
        &at("face_within_ms"),
        of_subject(json!({"face": "off", "face_within_ms": 30_000})),
        of_subject(json!({"face": "off", "face_within_ms": 0})),
    );
}

#[test]
fn a_subject_may_leave_out_what_the_exam_asks_for() {
    let mixed = |exam: &mut RevisionBody| {
        exam.settings = settings(json!({"face": "block", "face_within_ms": 30_000, "face_in_mock": "real"}));
        exam.majors[0].subjects[0].settings = settings(json!({"face": "off"}));
    };
    assert_eq!(found(mixed), []);
}

#[test]
fn faces_compared_less_often_than_a_take_is_long() {
    let within = |ms: i64| json!({"face": "flag", "take_max_ms": 60_000, "face_within_ms": ms});
    contradicts(
        "face.within_over_take",
        &at("face_within_ms"),
        of_subject(within(120_000)),
        of_subject(within(119_999)),
    );
}

#[test]
fn faces_checked_in_mocks_where_none_are_checked() {
    contradicts(
        "face.mock_while_off",
        &at("face_in_mock"),
        of_subject(json!({"face_in_mock": "real"})),
        of_subject(json!({"face_in_mock": "real", "face": "flag"})),
    );
}

#[test]
fn strikes_where_no_faces_are_checked() {
    contradicts(
        "face.strikes_while_off",
        &at("after_three_strikes"),
        of_subject(json!({"after_three_strikes": "block"})),
        of_subject(json!({"after_three_strikes": "block", "face": "block"})),
    );
}

#[test]
fn strikes_where_faces_are_only_marked() {
    contradicts(
        "face.strikes_while_flag",
        &at("after_three_strikes"),
        of_subject(json!({"face": "flag", "after_three_strikes": "block"})),
        of_subject(json!({"face": "flag", "after_three_strikes": "continue_flagged"})),
    );
}

#[test]
fn faces_that_are_met_first_in_the_formal_exam() {
    contradicts(
        "face.unrehearsed",
        &at("face_in_mock"),
        of_subject(json!({"face": "block", "face_in_mock": "off"})),
        of_subject(json!({"face": "flag", "face_in_mock": "off"})),
    );
}
