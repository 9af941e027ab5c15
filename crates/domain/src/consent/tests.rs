//! Who may sign what, and what holds.

use super::*;
use crate::text::Language;

const TODAY: BirthDate = BirthDate { year: 2026, month: 11, day: 25 };
const ADULT: BirthDate = BirthDate { year: 2008, month: 11, day: 25 };
const MINOR: BirthDate = BirthDate { year: 2008, month: 11, day: 26 };

fn signer(birth: Option<BirthDate>, live: &[ConsentKind]) -> Signer {
    Signer { name: Some("王小艺".into()), birth, live: live.into() }
}

fn faces(name: &str) -> Signing {
    Signing { kind: ConsentKind::Faces, name: name.into(), relation: None, birth: None }
}

fn guardian(name: &str, relation: Option<Relation>) -> Signing {
    Signing { kind: ConsentKind::Guardian, name: name.into(), relation, birth: None }
}

fn code(result: Result<Signature, Refusal>) -> RefusalCode {
    result.unwrap_err().code
}

#[test]
fn an_adult_signs_with_the_name_on_the_document() {
    let adult = signer(Some(ADULT), &[]);
    assert_eq!(adult.sign(&faces(" 王小艺 "), TODAY).unwrap().name, "王小艺");
    assert_eq!(code(adult.sign(&faces("李小帮"), TODAY)), RefusalCode::ConsentNameDiffers);
    assert_eq!(code(adult.sign(&faces(""), TODAY)), RefusalCode::IdentityNameEmpty);
    let father = guardian("王大", Some(Relation::Father));
    assert_eq!(code(adult.sign(&father, TODAY)), RefusalCode::ConsentGuardianUnneeded);
}

#[test]
fn for_a_minor_the_guardian_signs_first() {
    let minor = signer(Some(MINOR), &[]);
    assert_eq!(code(minor.sign(&faces("王小艺"), TODAY)), RefusalCode::ConsentGuardianFirst);
    assert_eq!(code(minor.sign(&guardian("王大", None), TODAY)), RefusalCode::ConsentRelationMissing);
    let own = guardian("王小艺", Some(Relation::Father));
    assert_eq!(code(minor.sign(&own, TODAY)), RefusalCode::ConsentGuardianIsCandidate);
    let signed = minor.sign(&guardian("王大", Some(Relation::Father)), TODAY).unwrap();
    assert_eq!((signed.relation, signed.birth), (Some(Relation::Father), MINOR));
    let allowed = signer(Some(MINOR), &[ConsentKind::Guardian]);
    assert!(allowed.sign(&faces("王小艺"), TODAY).is_ok());
}

#[test]
fn where_no_document_tells_the_age_it_has_to_be_said() {
    let unknown = signer(None, &[]);
    assert_eq!(code(unknown.sign(&faces("王小艺"), TODAY)), RefusalCode::ConsentBirthDateMissing);
    let said = Signing { birth: Some(ADULT), ..faces("王小艺") };
    assert_eq!(unknown.sign(&said, TODAY).unwrap().birth, ADULT);
    let unborn = Signing { birth: Some(BirthDate { year: 2027, ..ADULT }), ..faces("王小艺") };
    assert_eq!(code(unknown.sign(&unborn, TODAY)), RefusalCode::ConsentBirthDateMissing);
    // Nobody grows up by saying so.
    let older = Signing { birth: Some(ADULT), ..faces("王小艺") };
    assert_eq!(code(signer(Some(MINOR), &[]).sign(&older, TODAY)), RefusalCode::ConsentBirthDateDiffers);
}

#[test]
fn faces_may_be_looked_at_only_while_everybody_agrees() {
    let has = |birth, live: &[ConsentKind]| signer(birth, live).has(ConsentKind::Faces, TODAY);
    assert!(has(Some(ADULT), &[ConsentKind::Faces]));
    assert!(!has(Some(ADULT), &[]));
    assert!(!has(Some(MINOR), &[ConsentKind::Faces]));
    assert!(!has(None, &[ConsentKind::Faces]));
    assert!(has(Some(MINOR), &[ConsentKind::Guardian, ConsentKind::Faces]));
}

#[test]
fn what_is_missing_is_named_a_guardians_word_first() {
    let missing = |birth, live: &[ConsentKind]| signer(birth, live).missing(ConsentKind::Faces, TODAY);
    assert_eq!(missing(Some(ADULT), &[]), Some(ConsentKind::Faces));
    assert_eq!(missing(Some(ADULT), &[ConsentKind::Faces]), None);
    assert_eq!(missing(None, &[]), Some(ConsentKind::Faces));
    assert_eq!(missing(Some(MINOR), &[ConsentKind::Faces]), Some(ConsentKind::Guardian));
    assert_eq!(missing(Some(MINOR), &[ConsentKind::Guardian]), Some(ConsentKind::Faces));
}

#[test]
fn faces_go_with_every_word_that_they_rest_on() {
    let go = |birth, withdrawn| signer(Some(birth), &[]).faces_go_with(withdrawn, TODAY);
    assert!(go(ADULT, ConsentKind::Faces) && go(MINOR, ConsentKind::Faces));
    assert!(go(MINOR, ConsentKind::Guardian));
    // Who has come of age since needs no guardian any more.
    assert!(!go(ADULT, ConsentKind::Guardian));
}

#[test]
fn the_texts_say_in_both_languages_what_withdrawing_means() {
    for kind in ConsentKind::ALL {
        for language in [Language::Chinese, Language::English] {
            let text = text(kind, language);
            assert!(text.paragraphs.len() >= 4 && !text.withdrawal.is_empty() && !text.title.is_empty());
        }
        assert_ne!(text(kind, Language::Chinese).whole(), text(kind, Language::English).whole());
    }
}
