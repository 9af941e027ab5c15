//! Every refusal has its words, in both languages, and fills only what it knows.

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::text::placeholders;

fn known(code: RefusalCode, name: &str) -> bool {
    name.strip_prefix("term.")
        .map_or_else(|| code.params().contains(&name), |term| Terms::NAMES.contains(&term))
}

fn words(refusal: &Refusal, language: Language) -> Words {
    refusal.words(language, &Terms::default(), &|at| format!("T{}", at.as_ms()))
}

#[test]
fn every_code_has_its_texts_exactly_once() {
    let rows: Vec<_> = RefusalCode::ALL.iter().map(|code| (code.code(), catalogue::rows_of(*code))).collect();
    let wrong: Vec<_> = rows.into_iter().filter(|(_, rows)| *rows != 1).collect();
    assert_eq!(wrong, []);
}

#[test]
fn no_text_is_empty_in_any_language() {
    let empty = |code: &&RefusalCode| {
        [Language::Chinese, Language::English]
            .into_iter()
            .any(|language| catalogue::texts(**code, language).iter().any(|text| text.trim().is_empty()))
    };
    assert_eq!(RefusalCode::ALL.iter().find(empty), None);
}

#[test]
fn texts_use_only_placeholders_that_their_code_fills() {
    let used = RefusalCode::ALL.iter().flat_map(|code| {
        [Language::Chinese, Language::English].into_iter().flat_map(move |language| {
            let names = catalogue::texts(*code, language).into_iter().flat_map(placeholders);
            names.map(move |name| (*code, name))
        })
    });
    let unknown: Vec<_> = used.filter(|(code, name)| !known(*code, name)).collect();
    assert_eq!(unknown, []);
}

#[test]
fn codes_are_told_apart_by_their_text() {
    let texts: BTreeSet<_> = RefusalCode::ALL.iter().map(|code| code.code()).collect();
    assert_eq!(texts.len(), RefusalCode::ALL.len());
    assert_eq!(RefusalCode::from_code("take.no_attempt_left"), Some(RefusalCode::TakeNoAttemptLeft));
    assert_eq!(RefusalCode::from_code("take.nothing"), None);
}

#[test]
fn a_refusal_travels_as_its_code_and_what_it_knows() {
    let refusal = Refusal::new(RefusalCode::TakeNoAttemptLeft).with("allowed", 3);
    let text = serde_json::to_value(&refusal).unwrap();
    assert_eq!(text, json!({"code": "take.no_attempt_left", "params": {"allowed": 3}}));
    assert_eq!(serde_json::from_value::<Refusal>(text).unwrap(), refusal);
}

#[test]
fn the_seeds_messages_are_kept_word_for_word() {
    let title = |code: RefusalCode| words(&code.into(), Language::Chinese).title;
    assert_eq!(title(RefusalCode::RosterNothingFound), "暂无您申请的考试信息");
    assert_eq!(
        words(&RefusalCode::RosterNothingFound.into(), Language::Chinese).detail,
        "暂无您申请的考试信息，请确认您选择的学校和使用的证件号码是否正确"
    );
    assert_eq!(title(RefusalCode::ProfileNumberTaken), "考生号重复");
    assert_eq!(
        title(RefusalCode::RosterProvinceDiffers),
        "您的申请考试信息与学校名单信息不匹配，无法申请此考试"
    );
    assert_eq!(title(RefusalCode::RosterDocumentTypeDiffers), "信息不一致");
    assert_eq!(title(RefusalCode::RosterNameDiffers), "地区或姓名不匹配");
    assert_eq!(title(RefusalCode::IdentityChecksum), "身份证验证失败");
    assert_eq!(title(RefusalCode::IdentityTaken), "身份证已被验证");
    assert_eq!(title(RefusalCode::FaceStruck), "您未通过人脸验证，请申请人工审核");
    assert_eq!(title(RefusalCode::TakeLost), "录制已中断");
    assert_eq!(title(RefusalCode::DeliveryDamaged), "视频文件损坏");
}

#[test]
fn a_refusal_speaks_the_schools_words() {
    let terms = Terms { exam: "录制".into(), ..Terms::default() };
    let refusal = Refusal::new(RefusalCode::SittingClosed).at("closed_at", Timestamp(7));
    let chinese = refusal.words(Language::Chinese, &terms, &|_| "12:34".into());
    assert_eq!(chinese.detail, "这场录制已于 12:34 结束。");
    assert_eq!(words(&refusal, Language::English).detail, "It ended at T7.");
}
