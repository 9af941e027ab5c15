//! Draft → open → closed: an exam opens only without errors from the linter.

use serde::{Deserialize, Serialize};

use super::{RevisionBody, Severity, lint};
use crate::refusal::{Refusal, RefusalCode};
use crate::time::Timestamp;

/// How far an exam is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExamState {
    /// Being written; candidates do not see it.
    Draft,
    /// Candidates may enrol and sit.
    Open,
    /// Over.
    Closed,
}

impl ExamState {
    /// Whether candidates may enrol and enter.
    ///
    /// # Errors
    /// `exam.not_open` before, `exam.closed` after.
    pub fn require_open(self) -> Result<(), Refusal> {
        match self {
            Self::Open => Ok(()),
            Self::Draft => Err(RefusalCode::ExamNotOpen.into()),
            Self::Closed => Err(RefusalCode::ExamClosed.into()),
        }
    }
}

/// Opens an exam with this body.
///
/// # Errors
/// `exam.already_open`, `exam.closed`; `exam.findings` with the number of the linter's errors.
pub fn open(state: ExamState, body: &RevisionBody, now: Timestamp) -> Result<ExamState, Refusal> {
    match state {
        ExamState::Open => return Err(RefusalCode::ExamAlreadyOpen.into()),
        ExamState::Closed => return Err(RefusalCode::ExamClosed.into()),
        ExamState::Draft => {}
    }
    let errors = lint(body, now).iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors > 0 {
        return Err(Refusal::new(RefusalCode::ExamFindings).with("errors", errors));
    }
    Ok(ExamState::Open)
}

/// Closes an exam: nobody enrols or enters any more; running sittings go on.
///
/// # Errors
/// `exam.not_open`, `exam.already_closed`.
pub const fn close(state: ExamState) -> Result<ExamState, Refusal> {
    match state {
        ExamState::Open => Ok(ExamState::Closed),
        ExamState::Draft => Err(Refusal::new(RefusalCode::ExamNotOpen)),
        ExamState::Closed => Err(Refusal::new(RefusalCode::ExamAlreadyClosed)),
    }
}
