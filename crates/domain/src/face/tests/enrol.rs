//! The living face beside the document and the portrait.

use super::*;

fn of(axis: usize, distance: f32) -> Look {
    look(vec![face(&near(axis, distance))])
}

fn enrolled(document: Option<&Look>, portrait: Option<&Look>) -> (FaceOutcome, Vec<FaceCause>) {
    let judged =
        enrol(&of(1, 0.0), &Portraits { document, portrait, unread: false }, &FaceThresholds::default());
    (judged.outcome, judged.causes)
}

#[test]
fn the_document_decides_where_it_is_clear() {
    assert_eq!(enrolled(Some(&of(1, 0.3)), None), (FaceOutcome::Pass, vec![]));
    assert_eq!(enrolled(Some(&of(1, 0.5)), None), (FaceOutcome::Flag, vec![FaceCause::WeakMatch]));
    // Somebody who brings a portrait of their own does not become another candidate.
    let stranger = enrolled(Some(&of(2, 0.0)), Some(&of(1, 0.0)));
    assert_eq!(stranger, (FaceOutcome::Fail, vec![FaceCause::NotSamePerson]));
}

#[test]
fn a_portrait_alone_passes_flagged() {
    assert_eq!(enrolled(None, Some(&of(1, 0.2))), (FaceOutcome::Flag, vec![FaceCause::NoDocument]));
    assert_eq!(enrolled(None, Some(&of(2, 0.0))).0, FaceOutcome::Fail);
}

#[test]
fn a_poor_photo_of_a_document_accuses_nobody() {
    let poor = |axis| {
        let mut face = face(&near(axis, 0.0));
        face.sharpness = 0.05;
        look(vec![face])
    };
    assert_eq!(enrolled(Some(&poor(2)), None), (FaceOutcome::CannotTell, vec![FaceCause::PortraitUnclear]));
    assert_eq!(enrolled(Some(&poor(2)), Some(&of(1, 0.2))).0, FaceOutcome::Flag);
    // What resembles all the same is the person.
    assert_eq!(enrolled(Some(&poor(1)), None).0, FaceOutcome::Pass);
}

#[test]
fn without_a_usable_face_to_compare_with_nothing_can_be_told() {
    let nobody = look(Vec::new());
    let unmeasured = alone(|face| face.embedding = None);
    for shown in [&nobody, &unmeasured] {
        let judged = enrolled(Some(shown), None);
        assert_eq!(judged, (FaceOutcome::CannotTell, vec![FaceCause::PortraitUnclear]));
    }
    assert_eq!(enrolled(None, None).0, FaceOutcome::CannotTell);
}

#[test]
fn a_document_whose_number_was_not_read_passes_flagged_and_fails_as_any_other() {
    let with = |document: &Look| {
        let portraits = Portraits { document: Some(document), portrait: None, unread: true };
        enrol(&of(1, 0.0), &portraits, &FaceThresholds::default())
    };
    let own = with(&of(1, 0.1));
    assert_eq!((own.outcome, own.causes[0]), (FaceOutcome::Flag, FaceCause::DocumentUnread));
    assert_eq!(with(&of(2, 0.0)).outcome, FaceOutcome::Fail);
}
