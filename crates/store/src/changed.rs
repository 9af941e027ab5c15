//! Word that something changed: ids only, so that whoever listens loads what it may see.

use serde::{Deserialize, Serialize};

/// One aggregate has a new version. Told after the commit, on every node; may be lost on the way, so it is
/// a hint to load again and never the only sign of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// What kind of thing: `sitting`, `exam`, `camera`, `job` …
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The school that owns it.
    pub school_id: Option<String>,
    /// The exam it belongs to.
    pub exam_id: Option<String>,
    /// Its version after the change, where it has one.
    pub version: Option<i64>,
}
