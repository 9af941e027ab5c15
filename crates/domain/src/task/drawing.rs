//! A signature as it was drawn: strokes on a field of 1000 by 400.

use serde::{Deserialize, Serialize};

use crate::refusal::{Refusal, RefusalCode};

/// Points of all strokes together.
const MOST_POINTS: usize = 4_000;

/// A drawn signature: each stroke is a row of points, x from 0 to 1000 and y from 0 to 400.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Drawing(pub Vec<Vec<[u16; 2]>>);

impl Drawing {
    /// Whether it can be one.
    ///
    /// # Errors
    /// `task.drawing` where it has no line, too many points, or points outside of the field.
    pub fn check(&self) -> Result<(), Refusal> {
        let points = self.0.iter().map(Vec::len).sum::<usize>();
        let has_line = self.0.iter().any(|stroke| stroke.len() > 1);
        let inside = self.0.iter().flatten().all(|[x, y]| *x <= 1000 && *y <= 400);
        if has_line && inside && points <= MOST_POINTS {
            Ok(())
        } else {
            Err(RefusalCode::TaskDrawing.into())
        }
    }
}
