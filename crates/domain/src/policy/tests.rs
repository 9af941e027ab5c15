//! How a subject's values are found, and that released presets stay as they are.

use serde_json::json;

use super::*;
use crate::exam::{FindingCode, RevisionBody, Session, SittingKind};
use crate::time::Timestamp;

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

/// The values a preset was released with, as a hash.
fn hash(preset: Preset) -> String {
    crate::seal::Hash32::of(&serde_json::to_vec(&preset.policy()).unwrap()).to_hex()
}

#[test]
fn presets_keep_the_values_they_were_released_with() {
    assert_eq!(hash(Preset::General), "ef17369fadd81dc9c7f45c12e62fd08e8de86fa942c5570c5742b49e314eab4f");
    assert_eq!(hash(Preset::FitnessTest), "da78eb2e631cb99987c7c09eff508a65ebc3c365d302c5485b29f3b40d681652");
    assert_eq!(hash(Preset::Recital), "c9a4f8d40cbf8bdba45d1cca49992624fac6481c5f2be67e658ceeb411d99a8b");
}

/// An exam of this preset with a major of one subject.
fn exam_of(preset: Preset) -> RevisionBody {
    let window = (Timestamp(1_800_000_000_000), Timestamp(1_800_100_000_000));
    let id = uuid::Uuid::from_u128;
    let formal = Session::new(id(1).into(), SittingKind::Formal, "正式", window.0, window.1);
    let mut body = RevisionBody::from_preset(preset, "校考", "Asia/Shanghai", formal);
    let subject = json!({ "id": id(3), "name": "声乐", "compulsory": true, "content": "一首" });
    let major = json!({ "id": id(2), "name": "音乐学", "subjects": [subject] });
    body.majors = vec![serde_json::from_value(major).unwrap()];
    body
}

#[test]
fn an_exam_of_each_preset_opens_as_it_comes() {
    for preset in Preset::ALL {
        let findings = crate::exam::lint(&exam_of(preset), Timestamp(1_799_000_000_000));
        // Nobody but the school can say when its mock is.
        let others: Vec<_> = findings.iter().filter(|one| one.code != FindingCode::SessionsNoMock).collect();
        assert!(others.is_empty(), "{}: {others:?}", preset.id());
    }
}

#[test]
fn a_recital_has_words_of_its_own() {
    let terms = exam_of(Preset::Recital).terms;
    assert_eq!([terms.exam, terms.candidate, terms.apply], ["录制", "研究生", "报名"]);
}

#[test]
fn a_preset_is_found_by_its_name() {
    assert_eq!(Preset::from_id("general"), Some(Preset::General));
    assert_eq!(Preset::from_id("nothing"), None);
    assert_eq!(serde_json::to_value(Preset::General).unwrap(), json!(Preset::General.id()));
}
