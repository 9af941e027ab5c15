//! How a subject's values are found, and that released presets stay as they are.

use serde_json::json;

use super::*;

fn overrides(value: serde_json::Value) -> Overrides {
    serde_json::from_value(value).unwrap()
}

fn value<'a>(resolution: &'a Resolution, setting: &str) -> &'a Resolved {
    resolution.values.iter().find(|resolved| resolved.setting == setting).unwrap()
}

#[test]
fn the_nearest_level_that_states_a_value_wins_and_is_named() {
    let exam = overrides(json!({"attempts": 5, "take_max_ms": 1_000}));
    let subject = overrides(json!({"attempts": 2}));
    let layers = [
        Layer { source: Source::Exam, settings: &exam },
        Layer { source: Source::Subject, settings: &subject },
    ];
    let resolution = resolve(Preset::General.policy(), &layers);
    assert_eq!(resolution.policy.attempts, 2);
    assert_eq!(value(&resolution, "attempts").from, Source::Subject);
    assert_eq!(value(&resolution, "take_max_ms").from, Source::Exam);
    assert_eq!(value(&resolution, "take_max_ms").value, json!(1_000));
    assert_eq!(value(&resolution, "face").from, Source::Preset);
}

#[test]
fn one_act_is_set_without_touching_the_others() {
    let exam =
        overrides(json!({"interruption": {"call": {"allowed": 2, "resume_within_ms": 9, "effect": "note"}}}));
    let resolution = resolve(Preset::General.policy(), &[Layer { source: Source::Exam, settings: &exam }]);
    assert_eq!(resolution.policy.interruption.call.effect, Effect::Note);
    assert_eq!(resolution.policy.interruption.locked.effect, Effect::LoseTake);
    assert_eq!(value(&resolution, "interruption.call").from, Source::Exam);
    assert_eq!(value(&resolution, "interruption.locked").from, Source::Preset);
}

#[test]
fn no_duration_can_be_stated_and_differs_from_saying_nothing() {
    let none = overrides(json!({"duration_ms": null}));
    let silent = overrides(json!({"attempts": null}));
    assert_eq!(none.duration_ms, Some(None));
    assert_eq!(silent, Overrides::default());
    let resolution = resolve(Preset::General.policy(), &[Layer { source: Source::Major, settings: &none }]);
    assert_eq!(resolution.policy.duration_ms, None);
    assert_eq!(value(&resolution, "duration_ms").from, Source::Major);
    assert_eq!(serde_json::to_value(&none).unwrap(), json!({"duration_ms": null}));
}

#[test]
fn an_unknown_setting_is_refused() {
    assert!(serde_json::from_value::<Overrides>(json!({"atempts": 2})).is_err());
}

#[test]
fn every_setting_of_a_policy_has_a_name_that_levels_can_state() {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(Preset::General.policy()) else {
        panic!()
    };
    let mut names = Overrides::NAMES.to_vec();
    names.sort_unstable();
    assert_eq!(fields.keys().map(String::as_str).collect::<Vec<_>>(), names);
}

#[test]
fn the_general_preset_keeps_the_values_it_was_released_with() {
    let json = serde_json::to_vec(&Preset::General.policy()).unwrap();
    assert_eq!(
        crate::seal::Hash32::of(&json).to_hex(),
        "ef17369fadd81dc9c7f45c12e62fd08e8de86fa942c5570c5742b49e314eab4f"
    );
}

#[test]
fn a_preset_is_found_by_its_name() {
    assert_eq!(Preset::from_id("general"), Some(Preset::General));
    assert_eq!(Preset::from_id("nothing"), None);
    assert_eq!(serde_json::to_value(Preset::General).unwrap(), json!(Preset::General.id()));
}
