//! Which way claims go.

use super::*;

const NUMBER: &str = "11010519491231002X";

fn claimed(reading: Option<&Reading>) -> Claimed<'_> {
    Claimed {
        name: "阿依古丽·买买提",
        document_type: DocumentType::IdCard,
        number: NUMBER,
        temporary: false,
        has_photo: reading.is_some(),
        reading,
    }
}

fn read(name: &str, number: Option<&str>) -> Reading {
    Reading { name: Some(name.into()), number: number.map(str::to_owned) }
}

#[test]
fn typing_it_by_hand_is_no_disadvantage() {
    assert_eq!(next(&claimed(None)), Ok(Next::Ask { road: Road::Typed, corrected: false }));
}

#[test]
fn a_photo_that_says_the_same_needs_no_correction() {
    let reading = read("阿依古丽•买买提", Some(NUMBER));
    assert_eq!(next(&claimed(Some(&reading))), Ok(Next::Ask { road: Road::Photo, corrected: false }));
}

#[test]
fn a_name_that_was_misread_may_be_corrected_and_is_noted() {
    let reading = read("阿依古丽买买", Some(NUMBER));
    assert_eq!(next(&claimed(Some(&reading))), Ok(Next::Ask { road: Road::Photo, corrected: true }));
}

#[test]
fn a_number_that_could_not_be_read_may_be_typed_and_is_noted() {
    let reading = read("阿依古丽·买买提", None);
    assert_eq!(next(&claimed(Some(&reading))), Ok(Next::Ask { road: Road::Photo, corrected: true }));
}

#[test]
fn somebody_elses_card_is_told_from_a_misread_one() {
    let reading = read("王小艺", Some("110105194912310038"));
    assert_eq!(next(&claimed(Some(&reading))), Err(RefusalCode::CardNumberDiffers.into()));
}

#[test]
fn a_temporary_card_goes_to_people_with_its_photo() {
    let without = Claimed { temporary: true, ..claimed(None) };
    assert_eq!(next(&without), Err(RefusalCode::IdentityTemporaryPhoto.into()));
    assert_eq!(next(&Claimed { has_photo: true, ..without }), Ok(Next::Review));
    let passport = Claimed { document_type: DocumentType::Passport, ..without };
    assert_eq!(next(&passport), Err(RefusalCode::IdentityTemporaryType.into()));
}

#[test]
fn every_cause_has_a_refusal_of_its_own_and_is_found_by_it() {
    for cause in RecordCause::ALL {
        assert_eq!(RecordCause::from_refusal(cause.refusal()), Some(*cause));
    }
}

#[test]
fn the_seven_causes_of_a_record_are_offered_where_they_may_be() {
    let offered: std::collections::BTreeSet<_> =
        [RecordCause::Missing, RecordCause::Differs].iter().flat_map(|cause| cause.reasons()).collect();
    assert_eq!(offered.len(), 7);
}

#[test]
fn the_desk_may_always_be_asked_and_an_appeal_only_against_another_account() {
    assert!(ClaimState::Refused.may_ask_desk().is_ok() && ClaimState::Asking.may_ask_desk().is_ok());
    assert_eq!(ClaimState::Taken.may_ask_desk().unwrap_err().code, RefusalCode::IdentityTaken);
    assert!(ClaimState::Taken.may_appeal().is_ok());
    assert_eq!(ClaimState::Refused.may_appeal().unwrap_err().code, RefusalCode::AppealNothingTaken);
}

#[test]
fn nothing_else_is_claimed_while_people_look() {
    assert_eq!(ClaimState::InReview.may_claim_anew().unwrap_err().code, RefusalCode::IdentityInReview);
    assert_eq!(ClaimState::Authenticated.may_claim_anew().unwrap_err().code, RefusalCode::IdentityAlreadySet);
    assert!(ClaimState::Taken.may_claim_anew().is_ok());
}
