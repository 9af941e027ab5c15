//! The challenge that a photograph cannot meet: turn, turn back, tilt or come closer, in an order nobody knows before.

use serde::{Deserialize, Serialize};

use super::judge::{counted_faces, faults, nothing_found};
use super::{Embedding, FaceCause, FaceOutcome, FaceThresholds, Judgement, Look, MeasuredFace};

/// One thing to do. Left and right are the person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Motion {
    /// Turn the head to one's own left.
    TurnLeft,
    /// Turn the head to one's own right.
    TurnRight,
    /// Lean the head to either side.
    Tilt,
    /// Come closer to the camera.
    Closer,
}

/// Steps in the order in which they must be seen. Both turns are always among them: a photograph can be tilted and
/// brought closer, but its nose never moves between its eyes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Challenge {
    pub(super) steps: Vec<Motion>,
}

/// How far a challenge was met.
#[derive(Debug, Clone, PartialEq)]
pub struct ChallengeResult {
    /// Pass, fail or cannot tell, with causes.
    pub judgement: Judgement,
    /// Steps seen, in order.
    pub steps_done: usize,
    /// The face as it was in the neutral frame, to be compared with the portrait.
    pub embedding: Option<Embedding>,
}

/// How far a challenge is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Steps seen, in order.
    pub steps_done: usize,
    /// Whether all were.
    pub complete: bool,
    /// What ended it: no more frames help.
    pub broken: Option<Judgement>,
    /// The face of the first frame.
    pub embedding: Option<Embedding>,
}

/// Where the head was in the first frame.
struct Neutral {
    turn: f32,
    tilt: f32,
    /// The eyes' distance as a share of the picture's width.
    nearness: f32,
    embedding: Embedding,
}

impl Challenge {
    /// The challenge of a random seed.
    pub fn from_seed(seed: u64) -> Self {
        const THIRD: [Motion; 2] = [Motion::Tilt, Motion::Closer];
        let mut left = vec![Motion::TurnLeft, Motion::TurnRight, THIRD[usize::from(seed & 1 == 1)]];
        let mut rest = usize::try_from((seed >> 1) % 6).unwrap_or(0);
        let mut steps = Vec::new();
        while !left.is_empty() {
            let count = left.len();
            steps.push(left.remove(rest % count));
            rest /= count;
        }
        Self { steps }
    }

    /// What to do, in order.
    pub fn steps(&self) -> &[Motion] {
        &self.steps
    }

    /// Whether a frame can be the first: a straight look at the camera, alone, in good light.
    ///
    /// # Errors
    /// The cause to mend first.
    pub fn may_begin(&self, frame: &Look, thresholds: &FaceThresholds) -> Result<(), FaceCause> {
        let first = |causes: Vec<FaceCause>| causes.first().copied().unwrap_or(FaceCause::NoFace);
        Neutral::of(frame, thresholds).map(drop).map_err(first)
    }

    /// Judges frames in the order of time. The first one is neutral: looking straight at the camera.
    ///
    /// Every frame must hold exactly one face, and the same one: a frame without it, or with another person's,
    /// is no pass. A turn that is asked for later must not come earlier.
    pub fn evaluate(&self, frames: &[Look], thresholds: &FaceThresholds) -> ChallengeResult {
        let progress = self.progress(frames, thresholds);
        let met = || {
            if progress.complete {
                Judgement::new(FaceOutcome::Pass, Vec::new())
            } else if frames.is_empty() {
                Judgement::new(FaceOutcome::CannotTell, vec![FaceCause::FaceLost])
            } else {
                Judgement::new(FaceOutcome::Fail, vec![FaceCause::NotFollowed])
            }
        };
        let judgement = progress.broken.unwrap_or_else(met);
        ChallengeResult { judgement, steps_done: progress.steps_done, embedding: progress.embedding }
    }

    /// How far a challenge is while frames still come.
    pub fn progress(&self, frames: &[Look], thresholds: &FaceThresholds) -> Progress {
        let mut progress = Progress { steps_done: 0, complete: false, broken: None, embedding: None };
        let Some(first) = frames.first() else { return progress };
        let neutral = match Neutral::of(first, thresholds) {
            Ok(neutral) => neutral,
            Err(causes) => {
                progress.broken = Some(Judgement::new(FaceOutcome::CannotTell, causes));
                return progress;
            }
        };
        progress.broken = self.follow(&frames[1..], &neutral, &mut progress.steps_done, thresholds).err();
        progress.complete = progress.broken.is_none() && progress.steps_done == self.steps.len();
        progress.embedding = Some(neutral.embedding);
        progress
    }

    /// Counts steps, or says what ended it.
    fn follow(
        &self,
        frames: &[Look],
        neutral: &Neutral,
        done: &mut usize,
        thresholds: &FaceThresholds,
    ) -> Result<(), Judgement> {
        // Left and right are easily mixed up: no failure, and another order the next time.
        let mixed_up = || Judgement::new(FaceOutcome::CannotTell, vec![FaceCause::NotFollowed]);
        for frame in frames {
            let face = neutral.same_face(frame, thresholds)?;
            let ahead = &self.steps[*done..];
            let moved = |step: &Motion| neutral.moved(*step, frame, face, thresholds);
            match ahead.first() {
                Some(step) if moved(step) => *done += 1,
                _ if ahead.iter().skip(1).any(|step| step.is_turn() && moved(step)) => {
                    return Err(mixed_up());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Motion {
    const fn is_turn(self) -> bool {
        matches!(self, Self::TurnLeft | Self::TurnRight)
    }
}

impl Neutral {
    fn of(frame: &Look, thresholds: &FaceThresholds) -> Result<Self, Vec<FaceCause>> {
        let embedding = *super::portrait(frame, &thresholds.for_frames())?;
        let face = frame.largest().ok_or_else(|| vec![FaceCause::NoFace])?;
        let nearness = nearness(frame, face);
        Ok(Self { turn: face.landmarks.turn(), tilt: face.landmarks.tilt(), nearness, embedding })
    }

    /// The one face of a frame, if it is the one of the first frame.
    fn same_face<'a>(
        &self,
        frame: &'a Look,
        thresholds: &FaceThresholds,
    ) -> Result<&'a MeasuredFace, Judgement> {
        let cannot_tell = |causes| Judgement::new(FaceOutcome::CannotTell, causes);
        let face = the_one_face(frame, thresholds).map_err(cannot_tell)?;
        let now = face.embedding.ok_or_else(|| cannot_tell(vec![FaceCause::FaceLost]))?;
        if now.distance(&self.embedding) > thresholds.flag {
            // As in a check: a large distance says something only where the picture is good.
            let faults = faults(frame, face, thresholds);
            let strange = || Judgement::new(FaceOutcome::Fail, vec![FaceCause::NotSamePerson]);
            return Err(if faults.is_empty() { strange() } else { cannot_tell(faults) });
        }
        Ok(face)
    }

    fn moved(&self, step: Motion, frame: &Look, face: &MeasuredFace, thresholds: &FaceThresholds) -> bool {
        // Cameras are never mirrored here: the person's left is the picture's right.
        let turned = face.landmarks.turn() - self.turn;
        match step {
            Motion::TurnLeft => turned >= thresholds.challenge_turn,
            Motion::TurnRight => turned <= -thresholds.challenge_turn,
            Motion::Tilt => (face.landmarks.tilt() - self.tilt).abs() >= thresholds.challenge_tilt,
            Motion::Closer => nearness(frame, face) >= self.nearness * thresholds.challenge_closer,
        }
    }
}

fn the_one_face<'a>(
    frame: &'a Look,
    thresholds: &FaceThresholds,
) -> Result<&'a MeasuredFace, Vec<FaceCause>> {
    match counted_faces(frame, thresholds).as_slice() {
        [face] => Ok(*face),
        [] => {
            let mut causes = nothing_found(frame, thresholds);
            causes.retain(|cause| *cause != FaceCause::NoFace);
            causes.push(FaceCause::FaceLost);
            Err(causes)
        }
        _ => Err(vec![FaceCause::SeveralFaces]),
    }
}

#[expect(clippy::cast_precision_loss, reason = "pictures are far smaller than 2^24 pixels wide")]
fn nearness(frame: &Look, face: &MeasuredFace) -> f32 {
    face.landmarks.eye_distance() / frame.width.max(1) as f32
}
