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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::document::{DocumentType, Province};
    use crate::exam::{Major, Order, Session, SittingKind};
    use crate::id::SessionId;
    use crate::policy::Preset;
    use crate::time::Timestamp;

    fn exam() -> RevisionBody {
        let session = Session::new(
            SessionId::from_uuid(Uuid::nil()),
            SittingKind::Formal,
            "场次",
            Timestamp(0),
            Timestamp(1),
        );
        let mut body = RevisionBody::from_preset(Preset::General, "校考", "Asia/Shanghai", session);
        body.majors.push(Major {
            id: MajorId::from_uuid(Uuid::nil()),
            name: "声乐".into(),
            notes: String::new(),
            settings: crate::policy::Overrides::default(),
            electives: None,
            order: Order::Free,
            subjects: Vec::new(),
        });
        body
    }

    fn candidate() -> Identity {
        Identity {
            name: "王小艺".into(),
            document_type: DocumentType::IdCard,
            document_number: "11010519491231002X".into(),
            province: Province::Guangdong,
        }
    }

    fn entry() -> RosterEntry {
        RosterEntry {
            id: RosterEntryId::from_uuid(Uuid::from_u128(7)),
            name: "王小艺".into(),
            document_type: DocumentType::IdCard,
            province: Province::Guangdong,
        }
    }

    fn request<'a>(
        body: &'a RevisionBody,
        who: Option<&'a Identity>,
        entries: &'a [RosterEntry],
    ) -> Request<'a> {
        let major_id = body.majors[0].id;
        Request { state: ExamState::Open, body, major_id, identity: who, existing: None, entries }
    }

    #[test]
    fn a_candidate_on_the_list_is_confirmed() {
        let (body, who, entries) = (exam(), candidate(), [entry()]);
        assert_eq!(confirm(&request(&body, Some(&who), &entries)), Ok(entry().id));
    }

    #[test]
    fn each_thing_in_the_way_has_its_own_refusal() {
        let (body, who, entries) = (exam(), candidate(), [entry()]);
        let good = request(&body, Some(&who), &entries);
        let code = |request: Request<'_>| confirm(&request).unwrap_err().code;
        assert_eq!(code(Request { state: ExamState::Draft, ..good }), RefusalCode::ExamNotOpen);
        assert_eq!(code(Request { state: ExamState::Closed, ..good }), RefusalCode::ExamClosed);
        let elsewhere = MajorId::from_uuid(Uuid::from_u128(9));
        assert_eq!(code(Request { major_id: elsewhere, ..good }), RefusalCode::MajorNotFound);
        let existing = Some(EnrolmentId::from_uuid(Uuid::nil()));
        assert_eq!(code(Request { existing, ..good }), RefusalCode::EnrolmentAlreadyMade);
        assert_eq!(code(Request { identity: None, ..good }), RefusalCode::IdentityRequired);
        assert_eq!(code(Request { entries: &[], ..good }), RefusalCode::RosterNothingFound);
    }
}
