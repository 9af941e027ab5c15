//! 考生号 by province, and what a profile may hold.

use super::*;
use crate::document::Province;

const SEASON: Season = Season(2027);

fn warns(province: Province, number: &str) -> bool {
    NumberRules::default().warning(province, SEASON, number).is_some()
}

#[test]
fn the_seeds_provinces_have_their_lengths() {
    for province in [Province::Hunan, Province::Shaanxi, Province::Guangdong] {
        assert!(!warns(province, "1234567890") && warns(province, "12345678901234"), "{province}");
    }
    assert!(!warns(Province::Xinjiang, "12345678901") && warns(Province::Xinjiang, "1234567890"));
}

#[test]
fn all_other_provinces_have_fourteen_digits_that_begin_with_their_code() {
    assert!(!warns(Province::Beijing, "20110512345678"));
    assert!(!warns(Province::Beijing, "27110512345678"), "the season's own year");
    assert!(warns(Province::Beijing, "20120512345678"), "another province's code");
    assert!(warns(Province::Beijing, "2011051234567"));
}

#[test]
fn a_warning_says_what_was_expected() {
    let warning = NumberRules::default().warning(Province::Beijing, SEASON, "123").unwrap();
    assert_eq!(warning.code, RefusalCode::ProfileNumberPattern);
    assert_eq!(warning.params["expected"], "14 (2011…, 2711…)");
}

fn table(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn an_operators_table_takes_the_place_of_the_usual_one() {
    let rules = NumberRules::read(&table("省份,位数,前缀\n湖南省,１２,43\n*,14,{yy}{code}|99")).unwrap();
    assert!(rules.warning(Province::Hunan, SEASON, "431234567890").is_none());
    assert!(rules.warning(Province::Hunan, SEASON, "1234567890").is_some());
    assert!(rules.warning(Province::Beijing, SEASON, "99345678901234").is_none());
    assert!(rules.warning(Province::Beijing, SEASON, "20110512345678").is_some());
}

#[test]
fn a_province_without_any_rule_is_never_warned_about() {
    let rules = NumberRules::read(&table("湖南,10,")).unwrap();
    assert_eq!(rules.warning(Province::Beijing, SEASON, "1"), None);
}

#[test]
fn each_wrong_row_of_a_table_is_named() {
    let errors =
        NumberRules::read(&table("省份,位数,前缀\n火星,10,\n湖南,many,\n北京,14,2o\n新疆,11,")).unwrap_err();
    let named: Vec<_> = errors.iter().map(|error| (error.row, error.trouble)).collect();
    assert_eq!(named, [(2, RuleTrouble::Province), (3, RuleTrouble::Digits), (4, RuleTrouble::Prefix)]);
    assert_eq!(NumberRules::read(&table("省份,位数,前缀")).unwrap_err()[0].trouble, RuleTrouble::Rows);
}

#[test]
fn a_candidate_number_is_read_however_it_was_pasted() {
    assert_eq!(check_candidate_number(" ２０1１0512345678 ").unwrap(), "20110512345678");
    assert_eq!(check_candidate_number("").unwrap_err().code, RefusalCode::ProfileNumberEmpty);
    assert_eq!(
        check_candidate_number("不清楚不清楚不清楚").unwrap_err().code,
        RefusalCode::ProfileNumberCharacters
    );
}

#[test]
fn a_school_roll_needs_a_school_and_a_stage() {
    let roll =
        SchoolRoll { school: " 青山  中学 ".into(), stage: "高三".into(), number: String::new() };
    assert_eq!(check_school_roll(&roll).unwrap().school, "青山 中学");
    let bare = SchoolRoll { stage: " ".into(), ..roll.clone() };
    assert_eq!(check_school_roll(&bare).unwrap_err().code, RefusalCode::ProfileRollMissing);
    let long = SchoolRoll { school: "中".repeat(101), ..roll };
    assert_eq!(check_school_roll(&long).unwrap_err().code, RefusalCode::ProfileRollTooLong);
}

#[test]
fn a_season_begins_in_september() {
    assert_eq!(Season::of(2026, 8), Season(2026));
    assert_eq!(Season::of(2026, 9), Season(2027));
    assert_eq!(Season::parse("27"), None);
}
