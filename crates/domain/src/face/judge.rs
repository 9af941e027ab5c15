//! Is it the person? And: can this picture serve as the one that is compared with?

use serde::{Deserialize, Serialize};

use super::{Embedding, FaceCause, FaceThresholds, Look, MeasuredFace};

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaceOutcome {
    /// It is the person.
    Pass,
    /// It passes, and a person should look at it later.
    Flag,
    /// It is not the person: a strike.
    Fail,
    /// The picture does not say. Never a strike.
    CannotTell,
}

/// An outcome with its causes: none for a pass, at least one otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// What it came to.
    pub outcome: FaceOutcome,
    /// Why, the cause to mend first in front.
    pub causes: Vec<FaceCause>,
    /// Distance between the face and the reference, where both could be measured.
    pub distance: Option<f32>,
}

impl FaceOutcome {
    /// The word in the database and on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Flag => "flag",
            Self::Fail => "fail",
            Self::CannotTell => "cannot_tell",
        }
    }

    /// Whether the candidate goes on.
    pub const fn passes(self) -> bool {
        matches!(self, Self::Pass | Self::Flag)
    }
}

impl Judgement {
    /// An outcome without a distance.
    pub(super) fn new(outcome: FaceOutcome, causes: Vec<FaceCause>) -> Self {
        Self { outcome, causes, distance: None }
    }

    fn at(self, distance: f32) -> Self {
        Self { distance: Some(distance), ..self }
    }
}

/// Compares a picture with the reference (the portrait's embedding): the check before a take, and within one.
///
/// The distance goes first: a face that resembles closely is the person, however the picture was made. A large
/// distance says something only when the picture is good.
pub fn judge(reference: &Embedding, look: &Look, thresholds: &FaceThresholds) -> Judgement {
    let Some(largest) = look.largest() else {
        return Judgement::new(FaceOutcome::CannotTell, nothing_found(look, thresholds));
    };
    let counted = counted_faces(look, thresholds);
    let several = counted.len() > 1;
    let nearest = counted
        .iter()
        .filter_map(|face| Some((face.embedding?.distance(reference), *face)))
        .min_by(|(a, _), (b, _)| a.total_cmp(b));
    let Some((distance, face)) = nearest else {
        return Judgement::new(
            FaceOutcome::CannotTell,
            faults_or(look, largest, thresholds, FaceCause::TooSmall),
        );
    };
    let mut causes = Vec::new();
    if several {
        causes.push(FaceCause::SeveralFaces);
    }
    if distance > thresholds.flag {
        let faults = faults(look, face, thresholds);
        if !faults.is_empty() {
            causes.splice(0..0, faults);
            return Judgement::new(FaceOutcome::CannotTell, causes).at(distance);
        }
        causes.insert(0, FaceCause::NotSamePerson);
        return Judgement::new(FaceOutcome::Fail, causes).at(distance);
    }
    if distance > thresholds.pass {
        causes.push(FaceCause::WeakMatch);
        causes.extend(faults(look, face, thresholds));
    }
    let outcome = if causes.is_empty() { FaceOutcome::Pass } else { FaceOutcome::Flag };
    Judgement::new(outcome, causes).at(distance)
}

/// Whether a picture can be the one that is compared with: exactly one face, of usable size, sharpness and light,
/// whole, and looking here.
///
/// # Errors
/// Every cause, the one to mend first in front.
pub fn portrait<'a>(look: &'a Look, thresholds: &FaceThresholds) -> Result<&'a Embedding, Vec<FaceCause>> {
    let Some(face) = look.largest() else {
        return Err(nothing_found(look, thresholds));
    };
    let mut causes = Vec::new();
    if counted_faces(look, thresholds).len() > 1 {
        causes.push(FaceCause::SeveralFaces);
    }
    causes.extend(faults(look, face, thresholds));
    if face.bounds.width < thresholds.least_portrait_face && !causes.contains(&FaceCause::TooSmall) {
        causes.push(FaceCause::TooSmall);
    }
    match &face.embedding {
        Some(embedding) if causes.is_empty() => Ok(embedding),
        None if causes.is_empty() => Err(vec![FaceCause::TooSmall]),
        _ => Err(causes),
    }
}

/// The faces that count: the largest, and others not much smaller (a poster behind somebody does not).
pub(super) fn counted_faces<'a>(look: &'a Look, thresholds: &FaceThresholds) -> Vec<&'a MeasuredFace> {
    let largest = look.largest().map_or(0.0, |face| face.bounds.width);
    look.faces.iter().filter(|face| face.bounds.width >= largest * thresholds.other_face).collect()
}

/// What is wrong with the picture of a face that was found.
pub(super) fn faults(look: &Look, face: &MeasuredFace, thresholds: &FaceThresholds) -> Vec<FaceCause> {
    #[expect(clippy::cast_precision_loss, reason = "pictures are far smaller than 2^24 pixels wide")]
    let outside = face.bounds.share_outside(look.width as f32, look.height as f32);
    let checks = [
        (outside > thresholds.most_outside, FaceCause::CutOff),
        (face.bounds.width < thresholds.least_face, FaceCause::TooSmall),
        (face.light.mean < thresholds.darkest, FaceCause::TooDark),
        (over_exposed(face, thresholds), FaceCause::OverExposed),
        (face.sharpness < thresholds.least_sharpness, FaceCause::Blurred),
        (face.landmarks.turn().abs() > thresholds.most_turn, FaceCause::TurnedAway),
    ];
    checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, cause)| cause).collect()
}

fn over_exposed(face: &MeasuredFace, thresholds: &FaceThresholds) -> bool {
    face.light.mean > thresholds.brightest || face.light.blown > thresholds.most_blown
}

fn faults_or(
    look: &Look,
    face: &MeasuredFace,
    thresholds: &FaceThresholds,
    other: FaceCause,
) -> Vec<FaceCause> {
    let faults = faults(look, face, thresholds);
    if faults.is_empty() { vec![other] } else { faults }
}

/// Why there may be no face: the whole picture says.
pub(super) fn nothing_found(look: &Look, thresholds: &FaceThresholds) -> Vec<FaceCause> {
    let light = look.light;
    if light.mean < thresholds.darkest {
        vec![FaceCause::TooDark, FaceCause::NoFace]
    } else if light.mean > thresholds.brightest || light.blown > 0.6 {
        vec![FaceCause::OverExposed, FaceCause::NoFace]
    } else if look.sharpness < thresholds.least_sharpness {
        vec![FaceCause::Blurred, FaceCause::NoFace]
    } else {
        vec![FaceCause::NoFace]
    }
}
