//! Numbers and names as people and spreadsheets write them.

use super::*;

/// The standard's own example.
const VALID: &str = "11010519491231002X";

fn code(result: Result<impl std::fmt::Debug, Refusal>) -> RefusalCode {
    result.unwrap_err().code
}

#[test]
fn the_standards_example_is_valid_and_tells_region_and_birth_date() {
    let card = IdCard::parse(VALID).unwrap();
    assert_eq!(card.province, Province::Beijing);
    assert_eq!(card.birth, BirthDate { year: 1949, month: 12, day: 31 });
}

#[test]
fn a_number_is_read_however_a_spreadsheet_wrote_it() {
    assert_eq!(DocumentType::IdCard.check_number("'110105 19491231 002x").unwrap(), VALID);
    assert_eq!(DocumentType::IdCard.check_number("１１０１０５１９４９１２３１００２Ｘ").unwrap(), VALID);
    assert_eq!(DocumentType::IdCard.check_number(" 11010519491231002× \u{FEFF}").unwrap(), VALID);
}

#[test]
fn each_mistake_has_its_own_refusal() {
    let check = |number: &str| code(DocumentType::IdCard.check_number(number));
    assert_eq!(check("  "), RefusalCode::IdentityNumberEmpty);
    assert_eq!(check("1101051949123100"), RefusalCode::IdentityNumberLength);
    assert_eq!(check("1101051949123100XX"), RefusalCode::IdentityNumberCharacters);
    assert_eq!(check("99010519491231002X"), RefusalCode::IdentityRegion);
    assert_eq!(check("11010519490231002X"), RefusalCode::IdentityBirthDate);
    assert_eq!(check("110105194912310021"), RefusalCode::IdentityChecksum);
}

#[test]
fn two_swapped_digits_do_not_pass() {
    assert_eq!(code(DocumentType::IdCard.check_number("11010519491213002X")), RefusalCode::IdentityChecksum);
}

#[test]
fn passports_and_permits_are_checked_by_shape_only() {
    assert_eq!(DocumentType::Passport.check_number("e 12345678").unwrap(), "E12345678");
    assert_eq!(DocumentType::Permit.check_number("H1234567800").unwrap(), "H1234567800");
    assert_eq!(code(DocumentType::Passport.check_number("E12")), RefusalCode::IdentityNumberLength);
    assert_eq!(code(DocumentType::Passport.check_number("E1234#678")), RefusalCode::IdentityNumberCharacters);
}

#[test]
fn a_document_type_is_recognised_by_what_schools_write() {
    assert_eq!(DocumentType::recognise("居民身份证"), Some(DocumentType::IdCard));
    assert_eq!(DocumentType::recognise("港澳居民来往内地通行证"), Some(DocumentType::Permit));
    assert_eq!(DocumentType::recognise(" 护照 "), Some(DocumentType::Passport));
    assert_eq!(DocumentType::recognise("permit"), Some(DocumentType::Permit));
    assert_eq!(DocumentType::recognise("学生证"), None);
}

#[test]
fn the_29th_of_february_exists_in_leap_years_only() {
    assert!(BirthDate::new(2004, 2, 29).is_some());
    assert!(BirthDate::new(2005, 2, 29).is_none());
    assert!(BirthDate::new(1900, 2, 29).is_none());
    assert!(BirthDate::new(2000, 2, 29).is_some());
}

#[test]
fn someone_is_fourteen_from_the_birthday_on() {
    let birth = BirthDate::new(2010, 5, 20).unwrap();
    assert!(!birth.is_at_least(14, BirthDate::new(2024, 5, 19).unwrap()));
    assert!(birth.is_at_least(14, BirthDate::new(2024, 5, 20).unwrap()));
    assert!(!birth.is_at_least(14, BirthDate::new(2023, 12, 31).unwrap()));
}

#[test]
fn a_masked_number_shows_only_its_ends() {
    assert_eq!(mask(VALID), "110***********002X");
    assert_eq!(mask("E12345678"), "E******78");
    assert_eq!(mask("E1"), "**");
}

#[test]
fn names_are_the_same_whatever_dot_space_or_width_they_are_written_with() {
    assert_eq!(normalise_name("阿卜杜拉•买买提"), normalise_name("阿卜杜拉 ・买买提"));
    assert_eq!(normalise_name("Ｌｉ　Ｍｉｎｇ"), normalise_name("li ming"));
    assert_ne!(normalise_name("王小艺"), normalise_name("王小亿"));
}

#[test]
fn a_name_is_stored_clean_and_one_without_letters_is_refused() {
    assert_eq!(check_name("  阿卜杜拉•买买提 ").unwrap(), "阿卜杜拉·买买提");
    assert_eq!(check_name("Anna   Maria").unwrap(), "Anna Maria");
    assert_eq!(code(check_name(" ")), RefusalCode::IdentityNameEmpty);
    assert_eq!(code(check_name("王1")), RefusalCode::IdentityNameCharacters);
}

#[test]
fn a_province_is_recognised_by_every_usual_name() {
    assert_eq!(Province::recognise("广东"), Some(Province::Guangdong));
    assert_eq!(Province::recognise("广东省"), Some(Province::Guangdong));
    assert_eq!(Province::recognise("内蒙古自治区"), Some(Province::InnerMongolia));
    assert_eq!(Province::recognise("内蒙 古"), Some(Province::InnerMongolia));
    assert_eq!(Province::recognise("广西壮族自治区"), Some(Province::Guangxi));
    assert_eq!(Province::recognise("44"), Some(Province::Guangdong));
    assert_eq!(Province::recognise("广东省广州市"), Some(Province::Guangdong));
    assert_eq!(Province::recognise("东广"), None);
    assert_eq!(Province::recognise("国外"), Some(Province::Abroad));
    assert_eq!(Province::recognise("其他国家或地区"), Some(Province::Abroad));
    assert_eq!(Province::from_region_code(0), None, "no document is issued there");
    assert_eq!(serde_json::to_value(Province::Tibet).unwrap(), "西藏");
}
