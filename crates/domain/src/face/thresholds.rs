//! Where the lines are drawn. An operator who measured their own photos (`yikao vision calibrate`) moves them.

use serde::{Deserialize, Serialize};

/// The lines between pass, flag and fail, and what a usable picture needs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaceThresholds {
    /// Up to this distance it is the same person.
    pub pass: f32,
    /// Up to this distance the check passes and a person looks at it later; beyond, it fails.
    pub flag: f32,
    /// Least width of a face in pixels.
    pub least_face: f32,
    /// Least width of a face in pixels in a portrait that is kept and compared with.
    pub least_portrait_face: f32,
    /// Least detail of a face.
    pub least_sharpness: f32,
    /// Darkest mean of a face, 0 to 1.
    pub darkest: f32,
    /// Brightest mean of a face, 0 to 1.
    pub brightest: f32,
    /// Largest share of a face that may be white.
    pub most_blown: f32,
    /// Largest turn, as a share of the eyes' distance.
    pub most_turn: f32,
    /// Largest share of a face outside the picture.
    pub most_outside: f32,
    /// A second face counts when it is at least this share as wide as the largest.
    pub other_face: f32,
    /// In a challenge, how far from the neutral frame a turn must go, as a share of the eyes' distance.
    pub challenge_turn: f32,
    /// In a challenge, how many degrees from the neutral frame a tilt must go.
    pub challenge_tilt: f32,
    /// In a challenge, how many times further apart the eyes must come.
    pub challenge_closer: f32,
}

impl FaceThresholds {
    /// The same for frames of a moving picture, which need not be portraits.
    pub(super) const fn for_frames(&self) -> Self {
        Self { least_portrait_face: self.least_face, ..*self }
    }
}

impl Default for FaceThresholds {
    fn default() -> Self {
        Self {
            pass: 0.45,
            flag: 0.60,
            least_face: 40.0,
            least_portrait_face: 80.0,
            least_sharpness: 0.35,
            darkest: 0.12,
            brightest: 0.88,
            most_blown: 0.35,
            most_turn: 0.22,
            most_outside: 0.15,
            other_face: 0.5,
            challenge_turn: 0.10,
            challenge_tilt: 10.0,
            challenge_closer: 1.2,
        }
    }
}
