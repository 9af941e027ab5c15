//! Contradictions in what is recorded, kept, interrupted and delivered.

use super::*;

fn at(setting: &str) -> String {
    format!("{SUBJECT}.settings.{setting}")
}

/// The rule for one act of the first subject.
fn act(act: &str, allowed: u32, within: i64, effect: &str) -> impl FnOnce(&mut RevisionBody) {
    let rule = json!({"allowed": allowed, "resume_within_ms": within, "effect": effect});
    of_subject(json!({ "interruption": { act: rule } }))
}

#[test]
fn no_attempts() {
    contradicts(
        "attempts.zero",
        &at("attempts"),
        of_subject(json!({"attempts": 0})),
        of_subject(json!({"attempts": 1})),
    );
}

#[test]
fn a_shortest_take_longer_than_the_longest() {
    contradicts(
        "take.min_over_max",
        &at("take_min_ms"),
        of_subject(json!({"take_min_ms": 60_001, "take_max_ms": 60_000})),
        of_subject(json!({"take_min_ms": 60_000, "take_max_ms": 60_000})),
    );
}

#[test]
fn takes_without_parts() {
    contradicts(
        "parts.zero",
        &at("parts_per_take_max"),
        of_subject(json!({"parts_per_take_max": 0})),
        of_subject(json!({"parts_per_take_max": 2})),
    );
}

#[test]
fn more_parts_than_are_ever_kept() {
    contradicts(
        "parts.over_limit",
        &at("parts_per_take_max"),
        of_subject(json!({"parts_per_take_max": 65})),
        of_subject(json!({"parts_per_take_max": 64})),
    );
}

#[test]
fn going_on_without_time_for_it() {
    contradicts(
        "interruption.no_time",
        &at("interruption.call"),
        act("call", 1, 0, "lose_take"),
        act("call", 0, 0, "lose_take"),
    );
}

#[test]
fn going_on_where_a_take_has_one_part() {
    let one_part = |allowed: u32| {
        let rule = json!({"allowed": allowed, "resume_within_ms": 5_000, "effect": "lose_take"});
        let none = json!({"allowed": 0, "resume_within_ms": 0, "effect": "lose_take"});
        of_subject(json!({
            "parts_per_take_max": 1,
            "interruption": { "reload": none, "recorder_error": none, "call": rule },
        }))
    };
    contradicts("interruption.no_parts", &at("interruption.call"), one_part(1), one_part(0));
}

#[test]
fn going_on_more_often_than_there_are_parts() {
    contradicts(
        "interruption.parts_short",
        &at("interruption.reload"),
        act("reload", 3, 5_000, "lose_take"),
        act("reload", 2, 5_000, "lose_take"),
    );
}

#[test]
fn more_time_to_come_back_than_a_take_is_long() {
    contradicts(
        "interruption.over_take",
        &at("interruption.call"),
        act("call", 1, 900_000, "lose_take"),
        act("call", 1, 899_999, "lose_take"),
    );
}

#[test]
fn a_limit_on_what_is_only_noted() {
    contradicts(
        "interruption.limit_of_note",
        &at("interruption.call"),
        act("call", 1, 5_000, "note"),
        act("call", 0, 5_000, "note"),
    );
}

#[test]
fn a_picture_across_its_orientation() {
    let media = |orientation: &str| {
        json!({"media": {"width": 720, "height": 1280, "frame_rate": 30, "video_bits_per_second": 2_500_000,
            "audio_bits_per_second": 128_000, "orientation": orientation, "facing": "any"}})
    };
    contradicts(
        "media.orientation",
        &at("media"),
        of_subject(media("landscape")),
        of_subject(media("portrait")),
    );
}

#[test]
fn a_picture_of_nothing() {
    let media = |frame_rate: u32| {
        json!({"media": {"width": 720, "height": 1280, "frame_rate": frame_rate, "orientation": "any",
            "video_bits_per_second": 2_500_000, "audio_bits_per_second": 128_000, "facing": "any"}})
    };
    contradicts("media.impossible", &at("media"), of_subject(media(0)), of_subject(media(1)));
}

#[test]
fn a_battery_of_more_than_all() {
    let level = |level: f64| of_exam(json!({ "battery_min": level }));
    let codes: BTreeSet<_> = found(level(1.01)).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, BTreeSet::from(["battery.out_of_range"]));
    assert_eq!(found(level(1.0)), []);
}

#[test]
fn less_room_than_all_takes_need() {
    // Two subjects of three takes of 15 minutes at 2.628 Mbit/s.
    let room = |bytes: u64| of_major(json!({ "storage_min_bytes": bytes }));
    contradicts(
        "storage.too_small",
        "majors[0].settings.storage_min_bytes",
        room(1_773_899_999),
        room(1_773_900_000),
    );
}

#[test]
fn room_need_not_hold_more_than_the_clock_allows() {
    let hours =
        |bytes: u64| of_major(json!({"attempts": 20, "duration_ms": 3_600_000, "storage_min_bytes": bytes}));
    contradicts(
        "storage.too_small",
        "majors[0].settings.storage_min_bytes",
        hours(1_182_599_999),
        hours(1_182_600_000),
    );
}

#[test]
fn late_seals_that_count_and_cannot_arrive() {
    let late = |seals: &str| of_major(json!({"deliver_within_ms": 0, "late_seals": seals}));
    let codes = |change| found(change).into_iter().map(|(code, _)| code).collect::<BTreeSet<_>>();
    assert_eq!(codes(late("accept")), BTreeSet::from(["deliver.at_once", "late_seals.no_time"]));
    assert_eq!(codes(late("mark")), BTreeSet::from(["deliver.at_once"]));
}

#[test]
fn a_question_which_phone_goes_on_where_none_may() {
    let phones = |change: &str| of_major(json!({"phone_change": change, "second_login": "ask"}));
    contradicts(
        "phone_change.asks_in_vain",
        "majors[0].settings.second_login",
        phones("refuse"),
        phones("allow"),
    );
}

#[test]
fn a_setting_that_a_single_subject_cannot_change() {
    contradicts(
        "settings.no_effect",
        &at("countdown_warnings_ms"),
        of_subject(json!({"countdown_warnings_ms": [60_000]})),
        of_major(json!({"countdown_warnings_ms": [60_000]})),
    );
}

#[test]
fn a_word_that_is_empty() {
    contradicts(
        "terms.empty",
        "terms.exam",
        |exam| exam.terms.exam = " ".into(),
        |exam| {
            exam.terms.exam = "录".into();
        },
    );
}

#[test]
fn hours_at_which_nobody_can_be_asked() {
    let support = |phone: &str| {
        let support = Support { hours: "8–24".into(), phone: phone.into(), ..Support::default() };
        move |exam: &mut RevisionBody| exam.support = support
    };
    contradicts("support.hours_only", "support.hours", support(""), support("400"));
}
