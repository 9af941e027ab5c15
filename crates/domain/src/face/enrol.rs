//! Is the living face the one on the document (C14, F1)?

use super::judge::faults;
use super::{FaceCause, FaceOutcome, FaceThresholds, Judgement, Look, judge};

/// What a living face is compared with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Portraits<'a> {
    /// The picture of the document.
    pub document: Option<&'a Look>,
    /// The portrait that the candidate gave with their profile.
    pub portrait: Option<&'a Look>,
    /// Whether the document's number could not be read, or is not the one that was claimed: whoever's it is, the
    /// picture alone does not say.
    pub unread: bool,
}

/// Compares the neutral frame of a challenge that was met with the document, and with the candidate's own portrait only
/// where the document says nothing: that passes flagged, for a portrait proves less than a document.
///
/// A large distance is a failure only where both pictures are good.
pub fn enrol(live: &Look, portraits: &Portraits<'_>, thresholds: &FaceThresholds) -> Judgement {
    let told = |look: Option<&Look>| look.and_then(|look| against(look, live, thresholds));
    if let Some(judged) = told(portraits.document) {
        return if portraits.unread { flagged(judged, FaceCause::DocumentUnread) } else { judged };
    }
    match told(portraits.portrait) {
        Some(judged) => flagged(judged, FaceCause::NoDocument),
        None => Judgement::new(FaceOutcome::CannotTell, vec![FaceCause::PortraitUnclear]),
    }
}

/// What passes does so flagged.
fn flagged(mut judged: Judgement, why: FaceCause) -> Judgement {
    if judged.outcome.passes() {
        judged.causes.insert(0, why);
        judged.outcome = FaceOutcome::Flag;
    }
    judged
}

/// The comparison with one picture; `None` where that picture is too poor to say anything.
fn against(portrait: &Look, live: &Look, thresholds: &FaceThresholds) -> Option<Judgement> {
    let face = portrait.largest()?;
    let judged = judge(&face.embedding?, live, thresholds);
    let is_poor = || !faults(portrait, face, thresholds).is_empty();
    (judged.outcome != FaceOutcome::Fail || !is_poor()).then_some(judged)
}
