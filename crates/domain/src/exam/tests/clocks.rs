//! Contradictions between takes, warnings and the clocks they must fit into.

use super::*;

const HOUR: i64 = 3_600_000;

/// A second compulsory subject with a clock of its own beside the first, one hour each, in this order.
fn own_clocks(first: i64, second: i64, order: Order) -> impl FnOnce(&mut RevisionBody) {
    move |exam| {
        let major = &mut exam.majors[0];
        major.order = order;
        major.subjects[0].settings = settings(json!({"duration_ms": first}));
        major.subjects[1].settings = settings(json!({"duration_ms": second}));
    }
}

#[test]
fn a_take_longer_than_its_subjects_clock() {
    contradicts(
        "take.over_duration",
        &format!("{SUBJECT}.settings.take_max_ms"),
        of_subject(json!({"duration_ms": 600_000, "take_max_ms": 600_001, "position_ms": 0})),
        of_subject(json!({"duration_ms": 600_000, "take_max_ms": 600_000, "position_ms": 0})),
    );
}

#[test]
fn takes_of_all_compulsory_subjects_longer_than_the_sittings_clock() {
    contradicts(
        "takes.over_duration",
        "majors[0].settings.duration_ms",
        of_major(json!({"duration_ms": 915_000, "position_ms": 15_001, "countdown_warnings_ms": []})),
        of_major(json!({"duration_ms": 915_000, "position_ms": 15_000, "countdown_warnings_ms": []})),
    );
}

#[test]
fn a_take_longer_than_the_session() {
    let window = |ms: i64| {
        move |exam: &mut RevisionBody| {
            exam.settings = settings(json!({"duration_ms": null}));
            exam.majors[0].subjects.truncate(1);
            exam.sessions[1].closes_at = exam.sessions[1].opens_at + Millis(ms);
        }
    };
    contradicts("take.over_window", "sessions[1]", window(899_999), window(900_000));
}

#[test]
fn a_clock_of_nothing() {
    let at_once = |ms: i64| {
        move |exam: &mut RevisionBody| {
            exam.majors[0].settings = settings(json!({"duration_ms": ms}));
        }
    };
    let codes = |ms| found(at_once(ms)).into_iter().any(|(code, _)| code == "duration.not_positive");
    assert_eq!((codes(0), codes(1)), (true, false));
}

#[test]
fn a_clock_longer_than_the_session() {
    contradicts(
        "duration.over_window",
        "sessions[1]",
        of_mock(json!({"duration_ms": 4 * HOUR + 1})),
        of_mock(json!({"duration_ms": 4 * HOUR})),
    );
}

#[test]
fn a_subjects_clock_longer_than_the_sittings() {
    contradicts(
        "duration.subject_over_sitting",
        &format!("{SUBJECT}.settings.duration_ms"),
        of_subject(json!({"duration_ms": 2 * HOUR + 1})),
        of_subject(json!({"duration_ms": 2 * HOUR})),
    );
}

#[test]
fn clocks_of_subjects_that_run_at_once() {
    contradicts(
        "duration.clocks_at_once",
        "majors[0].order",
        own_clocks(HOUR, HOUR, Order::Free),
        own_clocks(HOUR, HOUR, Order::Fixed),
    );
}

#[test]
fn clocks_of_subjects_that_together_outlast_the_sitting() {
    contradicts(
        "duration.clocks_over_sitting",
        "majors[0].settings.duration_ms",
        own_clocks(HOUR, HOUR + 1, Order::Fixed),
        own_clocks(HOUR, HOUR, Order::Fixed),
    );
}

#[test]
fn a_position_that_uses_up_the_clock() {
    let take =
        |position: i64| json!({"duration_ms": 120_000, "take_max_ms": 120_000, "position_ms": position});
    contradicts(
        "position.over_duration",
        &format!("{SUBJECT}.settings.position_ms"),
        of_subject(take(120_000)),
        of_subject(take(119_999)),
    );
}

#[test]
fn a_position_longer_than_the_take() {
    contradicts(
        "position.over_take",
        &format!("{SUBJECT}.settings.position_ms"),
        of_subject(json!({"position_ms": 60_001, "take_max_ms": 60_000})),
        of_subject(json!({"position_ms": 60_000, "take_max_ms": 60_000})),
    );
}

#[test]
fn a_take_that_may_not_be_ended_and_does_not_end_in_time() {
    let take = |close: &str| json!({"early_stop": false, "at_close": close, "duration_ms": 900_000, "take_max_ms": 890_000});
    contradicts(
        "take.never_ends",
        &format!("{SUBJECT}.settings.early_stop"),
        of_subject(take("abandon")),
        of_subject(take("submit_chosen")),
    );
}

#[test]
fn a_warning_before_the_clock_starts() {
    let warned = |ms: i64| json!({"duration_ms": HOUR, "countdown_warnings_ms": [ms, 60_000]});
    contradicts(
        "countdown.over_duration",
        "majors[0].settings.countdown_warnings_ms",
        of_major(warned(HOUR)),
        of_major(warned(HOUR - 1)),
    );
}

#[test]
fn a_full_duration_for_late_entry_without_a_duration() {
    contradicts(
        "late_entry.without_duration",
        "majors[0].settings.late_entry",
        of_major(json!({"late_entry": "full", "duration_ms": null})),
        of_major(json!({"late_entry": "full"})),
    );
}

#[test]
fn a_negative_span() {
    contradicts(
        "span.negative",
        &format!("{SUBJECT}.settings.position_ms"),
        of_subject(json!({"position_ms": -1})),
        of_subject(json!({"position_ms": 0})),
    );
}
