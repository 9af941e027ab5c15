//! Confirming an enrolment (确认报考, G3–G5): who may, and what for.

use crate::exam::{ExamState, RevisionBody};
use crate::id::{EnrolmentId, MajorId, RosterEntryId};
use crate::refusal::{Refusal, RefusalCode};
use crate::roster::{Identity, RosterEntry, match_candidate};

/// What is known when a candidate asks to be confirmed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// How far the exam is.
    pub state: ExamState,
    /// The exam's open revision.
    pub body: &'a RevisionBody,
    /// For which major.
    pub major_id: MajorId,
    /// Who asks, if authenticated.
    pub identity: Option<&'a Identity>,
    /// The candidate's enrolment for the same major, if there is one.
    pub existing: Option<EnrolmentId>,
    /// Entries of the major's list with the candidate's document number.
    pub entries: &'a [RosterEntry],
}

/// The entry of the list that lets the candidate enrol.
///
/// # Errors
/// `exam.not_open`, `exam.closed`, `major.not_found`, `enrolment.already_made`, `identity.required`, and what
/// [`match_candidate`] refuses.
pub fn confirm(request: &Request<'_>) -> Result<RosterEntryId, Refusal> {
    request.state.require_open()?;
    request.body.major(request.major_id).ok_or(RefusalCode::MajorNotFound)?;
    if request.existing.is_some() {
        return Err(RefusalCode::EnrolmentAlreadyMade.into());
    }
    let identity = request.identity.ok_or(RefusalCode::IdentityRequired)?;
    match_candidate(request.entries, identity)
}
