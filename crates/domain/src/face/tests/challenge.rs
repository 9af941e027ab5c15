//! The challenge: followed, not followed, lost, swapped, and a photograph.

use super::*;

fn frame(turn: f32, tilt: f32, nearer: f32, embedding: &Embedding) -> Look {
    let mut face = face(embedding);
    let (sine, cosine) = tilt.to_radians().sin_cos();
    let place = |x: f32, y: f32| Point {
        x: 320.0 + nearer * (x * cosine - y * sine),
        y: 240.0 + nearer * (x * sine + y * cosine),
    };
    face.landmarks = Landmarks {
        left_eye: place(-30.0, -20.0),
        right_eye: place(30.0, -20.0),
        nose: place(60.0 * turn, 20.0),
    };
    look(vec![face])
}

fn still() -> Look {
    frame(0.0, 0.0, 1.0, &person(1))
}

/// What a person looks like who does this.
fn doing(step: Motion) -> Look {
    match step {
        Motion::TurnLeft => frame(0.16, 0.0, 1.0, &near(1, 0.3)),
        Motion::TurnRight => frame(-0.16, 0.0, 1.0, &near(1, 0.3)),
        Motion::Tilt => frame(0.0, 15.0, 1.0, &near(1, 0.2)),
        Motion::Closer => frame(0.0, 0.0, 1.4, &near(1, 0.2)),
    }
}

fn following(challenge: &Challenge) -> Vec<Look> {
    let moves = challenge.steps().iter().flat_map(|step| [still(), doing(*step)]);
    std::iter::once(still()).chain(moves).collect()
}

fn evaluate(challenge: &Challenge, frames: &[Look]) -> ChallengeResult {
    challenge.evaluate(frames, &FaceThresholds::default())
}

fn says(result: &ChallengeResult) -> (FaceOutcome, &[FaceCause]) {
    (result.judgement.outcome, &result.judgement.causes)
}

#[test]
fn who_follows_passes_and_leaves_the_neutral_face_to_be_compared() {
    let challenge = Challenge::from_seed(5);
    let result = evaluate(&challenge, &following(&challenge));
    assert_eq!(says(&result), (FaceOutcome::Pass, &[][..]));
    assert_eq!(result.steps_done, 3);
    assert_eq!(result.embedding, Some(person(1)));
}

#[test]
fn a_face_that_is_lost_on_the_way_is_no_pass_and_no_strike() {
    let challenge = Challenge::from_seed(5);
    let mut frames = following(&challenge);
    frames.insert(3, look(Vec::new()));
    assert_eq!(says(&evaluate(&challenge, &frames)), (FaceOutcome::CannotTell, &[FaceCause::FaceLost][..]));
}

#[test]
fn another_person_who_takes_over_fails() {
    let challenge = Challenge::from_seed(5);
    let mut frames = following(&challenge);
    frames[4].faces[0].embedding = Some(person(2));
    assert_eq!(says(&evaluate(&challenge, &frames)), (FaceOutcome::Fail, &[FaceCause::NotSamePerson][..]));
}

#[test]
fn somebody_who_joins_in_is_no_pass() {
    let challenge = Challenge::from_seed(5);
    let mut frames = following(&challenge);
    frames[4].faces.push(face(&person(2)));
    assert_eq!(
        says(&evaluate(&challenge, &frames)),
        (FaceOutcome::CannotTell, &[FaceCause::SeveralFaces][..])
    );
}

#[test]
fn a_turn_that_was_asked_for_later_must_not_come_first() {
    let challenge = Challenge { steps: vec![Motion::TurnLeft, Motion::Tilt, Motion::TurnRight] };
    let swapped = [still(), doing(Motion::TurnRight), doing(Motion::Tilt), doing(Motion::TurnLeft)];
    // Who mixes left and right up is no stranger.
    assert_eq!(
        says(&evaluate(&challenge, &swapped)),
        (FaceOutcome::CannotTell, &[FaceCause::NotFollowed][..])
    );
}

#[test]
fn no_frames_or_a_first_frame_that_is_no_good_cannot_tell() {
    let challenge = Challenge::from_seed(0);
    assert_eq!(says(&evaluate(&challenge, &[])), (FaceOutcome::CannotTell, &[FaceCause::FaceLost][..]));
    let turned = [frame(0.3, 0.0, 1.0, &person(1))];
    assert_eq!(says(&evaluate(&challenge, &turned)), (FaceOutcome::CannotTell, &[FaceCause::TurnedAway][..]));
}

proptest! {
    #[test]
    fn every_challenge_has_both_turns_and_one_more_step(seed in any::<u64>()) {
        let challenge = Challenge::from_seed(seed);
        prop_assert_eq!(challenge.steps().len(), 3);
        prop_assert!(challenge.steps().contains(&Motion::TurnLeft));
        prop_assert!(challenge.steps().contains(&Motion::TurnRight));
    }

    #[test]
    fn whoever_follows_passes(seed in any::<u64>()) {
        let challenge = Challenge::from_seed(seed);
        prop_assert_eq!(evaluate(&challenge, &following(&challenge)).judgement.outcome, FaceOutcome::Pass);
    }

    /// A photograph can be held at any angle and distance, and its nose stays between its eyes.
    #[test]
    fn a_photograph_never_passes(
        seed in any::<u64>(),
        held in proptest::collection::vec((-40.0_f32..40.0, 0.5_f32..2.0), 0..12),
    ) {
        let moved = held.iter().map(|(tilt, nearer)| frame(0.0, *tilt, *nearer, &person(1)));
        let frames: Vec<Look> = std::iter::once(still()).chain(moved).collect();
        prop_assert_ne!(evaluate(&Challenge::from_seed(seed), &frames).judgement.outcome, FaceOutcome::Pass);
    }

    /// A recording of one challenge does not pass for one that asks for the turns the other way round.
    #[test]
    fn a_recording_of_another_order_never_passes(ours in any::<u64>(), theirs in any::<u64>()) {
        let (ours, theirs) = (Challenge::from_seed(ours), Challenge::from_seed(theirs));
        let place = |it: &Challenge, step| it.steps().iter().position(|at| *at == step);
        let left_first = |it: &Challenge| place(it, Motion::TurnLeft) < place(it, Motion::TurnRight);
        prop_assume!(left_first(&ours) != left_first(&theirs));
        prop_assert_ne!(evaluate(&ours, &following(&theirs)).judgement.outcome, FaceOutcome::Pass);
    }
}

#[test]
fn seeds_give_every_order_of_both_kinds() {
    let all: std::collections::HashSet<Vec<Motion>> =
        (0..12).map(|seed| Challenge::from_seed(seed).steps().to_vec()).collect();
    assert_eq!(all.len(), 12);
}

#[test]
fn a_challenge_under_way_is_neither_met_nor_broken() {
    let challenge = Challenge::from_seed(5);
    let frames = following(&challenge);
    let at = |frames: &[Look]| challenge.progress(frames, &FaceThresholds::default());
    assert_eq!((at(&[]).steps_done, at(&[]).broken), (0, None));
    let half = at(&frames[..3]);
    assert_eq!((half.steps_done, half.complete, half.broken), (1, false, None));
    assert!(at(&frames).complete);
    let lost = at(&[frames[0].clone(), look(Vec::new())]);
    assert_eq!(lost.broken.map(|broken| broken.outcome), Some(FaceOutcome::CannotTell));
    // Who stops there has not followed.
    assert_eq!(says(&evaluate(&challenge, &frames[..3])), (FaceOutcome::Fail, &[FaceCause::NotFollowed][..]));
}

#[test]
fn the_first_frame_is_a_straight_look_in_good_light() {
    let challenge = Challenge::from_seed(5);
    let may = |frame: &Look| challenge.may_begin(frame, &FaceThresholds::default());
    assert_eq!(may(&still()), Ok(()));
    assert_eq!(may(&frame(0.3, 0.0, 1.0, &person(1))), Err(FaceCause::TurnedAway));
    assert_eq!(may(&look(Vec::new())), Err(FaceCause::NoFace));
}
