//! Checks, portraits and challenges, told as what the engine measured.

use proptest::prelude::*;

use super::*;

mod challenge;
mod enrol;

/// A person's embedding: people lie on axes of their own.
fn person(axis: usize) -> Embedding {
    near(axis, 0.0)
}

/// An embedding this far from the person's.
fn near(axis: usize, distance: f32) -> Embedding {
    let mut numbers = [0.0; 128];
    numbers[axis] = 0.7;
    numbers[axis + 64] = distance;
    Embedding::new(numbers)
}

/// A good face, looking straight here.
fn face(embedding: &Embedding) -> MeasuredFace {
    MeasuredFace {
        bounds: Bounds { left: 240.0, top: 150.0, width: 160.0, height: 160.0 },
        landmarks: Landmarks {
            left_eye: Point { x: 290.0, y: 210.0 },
            right_eye: Point { x: 350.0, y: 210.0 },
            nose: Point { x: 320.0, y: 250.0 },
        },
        sharpness: 0.6,
        light: Light { mean: 0.5, dark: 0.0, blown: 0.0 },
        embedding: Some(*embedding),
    }
}

fn look(faces: Vec<MeasuredFace>) -> Look {
    let light = Light { mean: 0.5, dark: 0.0, blown: 0.0 };
    Look { width: 640, height: 480, faces, light, sharpness: 0.6 }
}

fn check(look: &Look) -> Judgement {
    judge(&person(1), look, &FaceThresholds::default())
}

fn alone(change: impl FnOnce(&mut MeasuredFace)) -> Look {
    let mut face = face(&person(1));
    change(&mut face);
    look(vec![face])
}

#[test]
fn the_same_person_passes_a_likely_one_is_flagged_and_another_fails() {
    let at = |distance| check(&look(vec![face(&near(1, distance))]));
    assert_eq!((at(0.30).outcome, at(0.30).causes), (FaceOutcome::Pass, vec![]));
    assert_eq!((at(0.50).outcome, at(0.50).causes), (FaceOutcome::Flag, vec![FaceCause::WeakMatch]));
    assert_eq!((at(0.70).outcome, at(0.70).causes), (FaceOutcome::Fail, vec![FaceCause::NotSamePerson]));
    assert!(at(0.50).distance.is_some_and(|distance| (distance - 0.5).abs() < 1e-6));
}

#[test]
fn an_operator_moves_the_lines() {
    let strict = FaceThresholds { pass: 0.2, flag: 0.25, ..FaceThresholds::default() };
    let judged = judge(&person(1), &look(vec![face(&near(1, 0.3))]), &strict);
    assert_eq!(judged.outcome, FaceOutcome::Fail);
}

#[test]
fn a_picture_that_says_nothing_is_no_strike_and_says_why() {
    let blank = look(Vec::new());
    let dark = Look { light: Light { mean: 0.02, dark: 0.9, blown: 0.0 }, ..blank.clone() };
    let white = Look { light: Light { mean: 0.97, dark: 0.0, blown: 0.9 }, ..blank.clone() };
    let fog = Look { sharpness: 0.05, ..blank.clone() };
    let causes = |look: &Look| (check(look).outcome, check(look).causes);
    assert_eq!(causes(&blank), (FaceOutcome::CannotTell, vec![FaceCause::NoFace]));
    assert_eq!(causes(&dark), (FaceOutcome::CannotTell, vec![FaceCause::TooDark, FaceCause::NoFace]));
    assert_eq!(causes(&white), (FaceOutcome::CannotTell, vec![FaceCause::OverExposed, FaceCause::NoFace]));
    assert_eq!(causes(&fog), (FaceOutcome::CannotTell, vec![FaceCause::Blurred, FaceCause::NoFace]));
}

#[test]
fn a_bad_picture_of_what_may_be_another_person_is_no_strike() {
    let blurred = alone(|face| (face.embedding, face.sharpness) = (Some(person(2)), 0.05));
    assert_eq!(check(&blurred).outcome, FaceOutcome::CannotTell);
    assert_eq!(check(&blurred).causes, [FaceCause::Blurred]);
    let turned = alone(|face| {
        face.embedding = Some(person(2));
        face.landmarks.nose.x += 20.0;
    });
    assert_eq!(check(&turned).causes, [FaceCause::TurnedAway]);
}

#[test]
fn a_bad_picture_of_the_right_person_passes() {
    let dark = alone(|face| face.light.mean = 0.05);
    assert_eq!(check(&dark).outcome, FaceOutcome::Pass);
}

#[test]
fn a_face_that_is_too_small_or_cut_off_cannot_be_compared() {
    let small = alone(|face| (face.bounds.width, face.bounds.height, face.embedding) = (20.0, 20.0, None));
    let cut = alone(|face| (face.bounds.left, face.embedding) = (-80.0, None));
    assert_eq!(
        (check(&small).outcome, check(&small).causes),
        (FaceOutcome::CannotTell, vec![FaceCause::TooSmall])
    );
    assert_eq!((check(&cut).outcome, check(&cut).causes), (FaceOutcome::CannotTell, vec![FaceCause::CutOff]));
}

#[test]
fn somebody_beside_the_candidate_is_flagged_and_a_poster_far_behind_is_not() {
    let beside = look(vec![face(&person(2)), face(&person(1))]);
    assert_eq!(
        (check(&beside).outcome, check(&beside).causes),
        (FaceOutcome::Flag, vec![FaceCause::SeveralFaces])
    );
    let mut poster = face(&person(2));
    poster.bounds.width = 50.0;
    assert_eq!(check(&look(vec![face(&person(1)), poster])).outcome, FaceOutcome::Pass);
}

#[test]
fn two_strangers_are_not_the_candidate() {
    let judged = check(&look(vec![face(&person(2)), face(&person(3))]));
    assert_eq!(judged.outcome, FaceOutcome::Fail);
    assert_eq!(judged.causes, [FaceCause::NotSamePerson, FaceCause::SeveralFaces]);
}

#[test]
fn a_portrait_holds_exactly_one_good_face() {
    let accepts = |look: &Look| portrait(look, &FaceThresholds::default()).map(|_| ());
    assert_eq!(accepts(&alone(|_| ())), Ok(()));
    assert_eq!(accepts(&look(Vec::new())), Err(vec![FaceCause::NoFace]));
    assert_eq!(accepts(&look(vec![face(&person(1)), face(&person(2))])), Err(vec![FaceCause::SeveralFaces]));
    assert_eq!(accepts(&alone(|face| face.bounds.width = 60.0)), Err(vec![FaceCause::TooSmall]));
    assert_eq!(accepts(&alone(|face| face.light.blown = 0.6)), Err(vec![FaceCause::OverExposed]));
    assert_eq!(accepts(&alone(|face| face.landmarks.nose.x -= 20.0)), Err(vec![FaceCause::TurnedAway]));
    let blurred_and_dark = alone(|face| (face.sharpness, face.light.mean) = (0.05, 0.05));
    assert_eq!(accepts(&blurred_and_dark), Err(vec![FaceCause::TooDark, FaceCause::Blurred]));
}

#[test]
fn an_embedding_is_stored_as_512_bytes_and_never_printed() {
    let kept = near(3, 0.25);
    assert_eq!(kept.to_bytes().len(), Embedding::BYTES);
    assert_eq!(Embedding::from_bytes(&kept.to_bytes()), Some(kept));
    assert_eq!(Embedding::from_bytes(&kept.to_bytes()[1..]), None);
    assert_eq!(Embedding::from_bytes(&f32::NAN.to_le_bytes().repeat(128)), None);
    assert_eq!(format!("{kept:?}"), "Embedding(…)");
    let json = serde_json::to_string(&kept).unwrap();
    assert_eq!(serde_json::from_str::<Embedding>(&json).unwrap(), kept);
}

#[test]
fn turn_and_tilt_are_told_from_five_points_however_large_the_face_is() {
    let mut points = face(&person(1)).landmarks;
    assert!(points.turn().abs() < 1e-6 && points.tilt().abs() < 1e-6);
    points.nose.x += 15.0;
    assert!((points.turn() - 0.25).abs() < 1e-6);
    points.right_eye.y += 60.0;
    assert!((points.tilt() - 45.0).abs() < 1e-4);
}

#[test]
fn every_cause_has_words_of_its_own() {
    let codes: std::collections::BTreeSet<_> =
        FaceCause::ALL.iter().map(|cause| cause.code().code()).collect();
    assert_eq!(codes.len(), FaceCause::ALL.len());
}

prop_compose! {
    fn any_face()(
        axis in 0_usize..4, distance in 0.0_f32..1.0, left in -200.0_f32..700.0, width in 5.0_f32..400.0,
        nose in -60.0_f32..60.0, sharpness in 0.0_f32..1.0, mean in 0.0_f32..1.0, blown in 0.0_f32..1.0,
        compared in any::<bool>(),
    ) -> MeasuredFace {
        let mut face = face(&near(axis, distance));
        face.bounds = Bounds { left, width, height: width, ..face.bounds };
        face.landmarks.nose.x += nose;
        (face.sharpness, face.light.mean, face.light.blown) = (sharpness, mean, blown);
        face.embedding = face.embedding.filter(|_| compared);
        face
    }
}

prop_compose! {
    fn any_look()(mut faces in proptest::collection::vec(any_face(), 0..4), mean in 0.0_f32..1.0) -> Look {
        faces.sort_by(|a, b| b.bounds.area().total_cmp(&a.bounds.area()));
        let mut look = look(faces);
        look.light.mean = mean;
        look
    }
}

proptest! {
    #[test]
    fn only_a_pass_is_without_causes(look in any_look()) {
        let judged = check(&look);
        prop_assert_eq!(judged.outcome == FaceOutcome::Pass, judged.causes.is_empty());
    }

    #[test]
    fn nobody_passes_beyond_the_line_and_nobody_fails_within_it(look in any_look()) {
        let judged = check(&look);
        let beyond = judged.distance.is_none_or(|distance| distance > 0.60);
        prop_assert!(!(judged.outcome.passes() && beyond));
        prop_assert!(judged.outcome != FaceOutcome::Fail || beyond);
    }

    #[test]
    fn a_strike_is_given_for_a_good_picture_of_another_face_only(look in any_look()) {
        let judged = check(&look);
        if judged.outcome == FaceOutcome::Fail {
            prop_assert_eq!(judged.causes[0], FaceCause::NotSamePerson);
            prop_assert!(judged.causes[1..].iter().all(|cause| *cause == FaceCause::SeveralFaces));
        }
    }

    #[test]
    fn a_portrait_that_is_accepted_passes_its_own_check(look in any_look()) {
        if let Ok(embedding) = portrait(&look, &FaceThresholds::default()) {
            prop_assert_eq!(judge(embedding, &look, &FaceThresholds::default()).outcome, FaceOutcome::Pass);
        }
    }
}
