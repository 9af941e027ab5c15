//! Faces: what was measured of a picture, what the measures mean, and what is asked of a face that must be alive.
//!
//! Nothing here sees a picture. The engine (`vision`) measures; these rules judge. A detector flags and people
//! decide, so "cannot tell" is an answer of its own and never counts against anybody.

mod cause;
mod challenge;
mod enrol;
mod judge;
mod measure;
mod thresholds;

pub use cause::FaceCause;
pub use challenge::{Challenge, ChallengeResult, Motion, Progress};
pub use enrol::{Portraits, enrol};
pub use judge::{FaceOutcome, Judgement, judge, portrait};
pub use measure::{Bounds, Embedding, Landmarks, Light, Look, MeasuredFace, Point};
pub use thresholds::FaceThresholds;

#[cfg(test)]
mod tests;
