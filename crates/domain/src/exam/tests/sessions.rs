//! Contradictions of sessions: with their window, with one another, and in what they state themselves.

use super::*;

/// The formal session cannot be entered from so many minutes before its close on.
fn latest_entry(minutes: i64) -> impl FnOnce(&mut RevisionBody) {
    move |exam| {
        let formal = &mut exam.sessions[0];
        formal.latest_entry_at = Some(formal.closes_at - Millis::minutes(minutes));
    }
}

/// The mock opens so many minutes after the formal session.
fn mock_after(minutes: i64) -> impl FnOnce(&mut RevisionBody) {
    move |exam| {
        exam.sessions[1].opens_at = exam.sessions[0].opens_at + Millis::minutes(minutes);
        exam.sessions[1].closes_at = exam.sessions[1].opens_at + Millis::hours(4);
    }
}

/// A practice session that states this.
fn practice(value: serde_json::Value) -> impl FnOnce(&mut RevisionBody) {
    move |exam| {
        exam.sessions.push(session(SittingKind::Practice));
        exam.sessions[2].settings = settings(value);
    }
}

#[test]
fn a_latest_entry_after_the_close() {
    contradicts(
        "session.latest_entry_outside",
        "sessions[0].latest_entry_at",
        latest_entry(-1),
        latest_entry(60),
    );
}

#[test]
fn a_latest_entry_that_leaves_no_time_for_a_take() {
    contradicts(
        "session.latest_entry_too_late",
        "sessions[0].latest_entry_at",
        latest_entry(15),
        latest_entry(16),
    );
}

#[test]
fn a_latest_entry_leaves_time_where_the_full_duration_counts() {
    let late = |exam: &mut RevisionBody| {
        latest_entry(1)(exam);
        exam.settings = settings(json!({"late_entry": "full"}));
    };
    assert_eq!(found(late), []);
}

#[test]
fn a_window_that_ends_before_it_opens() {
    let window = |ms: i64| {
        move |exam: &mut RevisionBody| exam.sessions[1].closes_at = exam.sessions[1].opens_at + Millis(ms)
    };
    contradicts("session.window_inverted", "sessions[1].closes_at", window(0), window(7_200_000));
}

#[test]
fn a_mock_after_the_formal_exam() {
    contradicts("session.mock_too_late", "sessions[1].opens_at", mock_after(240), mock_after(239));
}

#[test]
fn a_session_without_room() {
    let room = |capacity| move |exam: &mut RevisionBody| exam.sessions[0].capacity = Some(capacity);
    contradicts("session.capacity_zero", "sessions[0].capacity", room(0), room(1));
}

#[test]
fn a_session_for_a_major_that_is_not_there() {
    let with = |other: Option<MajorId>| {
        move |exam: &mut RevisionBody| {
            exam.sessions[0].majors = Some([Some(exam.majors[0].id), other].into_iter().flatten().collect());
        }
    };
    let nobody = MajorId::from_uuid(Uuid::nil());
    contradicts("session.major_unknown", "sessions[0].majors", with(Some(nobody)), with(None));
}

#[test]
fn a_session_that_takes_away_all_attempts() {
    contradicts(
        "attempts.zero",
        "sessions[1].settings.attempts",
        of_mock(json!({"attempts": 0})),
        of_mock(json!({"attempts": 1})),
    );
}

#[test]
fn a_session_whose_own_settings_contradict_the_exams() {
    let shortest = |take_max: i64| {
        move |exam: &mut RevisionBody| {
            exam.settings = settings(json!({"take_min_ms": 120_000}));
            exam.sessions[1].settings = settings(json!({"take_max_ms": take_max}));
        }
    };
    contradicts(
        "take.min_over_max",
        "sessions[1].settings.take_min_ms",
        shortest(119_999),
        shortest(120_000),
    );
}

#[test]
fn what_the_exam_contradicts_is_not_told_again_for_a_session_with_settings_of_its_own() {
    let both = |exam: &mut RevisionBody| {
        exam.majors[0].subjects[0].settings = settings(json!({"attempts": 0}));
        exam.sessions[1].settings = settings(json!({"position_ms": 1_000}));
    };
    assert_eq!(found(both), one("attempts.zero", &format!("{SUBJECT}.settings.attempts")));
}

#[test]
fn a_submission_in_practice() {
    contradicts(
        "session.setting_no_effect",
        "sessions[2].settings.at_close",
        practice(json!({"at_close": "submit_chosen"})),
        practice(json!({"attempts": 3})),
    );
}

#[test]
fn a_mocks_face_check_in_a_formal_session() {
    let checked_in = |session: usize| {
        move |exam: &mut RevisionBody| {
            exam.settings = settings(json!({"face": "flag"}));
            exam.sessions[session].settings = settings(json!({"face_in_mock": "real"}));
        }
    };
    contradicts(
        "session.setting_no_effect",
        "sessions[0].settings.face_in_mock",
        checked_in(0),
        checked_in(1),
    );
}
