//! What a sitting is decided against: the session and the policies of the revision it is pinned to.

use crate::exam::{Electives, Order, Paper, RevisionBody, Session, SittingKind, Subject};
use crate::id::{MajorId, SessionId, SubjectId};
use crate::policy::Policy;
use crate::refusal::{Refusal, RefusalCode};
use crate::time::Millis;

/// Session, order and policies that hold for a sitting; cheap to make, or to keep per revision, major and session.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// The session.
    pub session: Session,
    /// The major.
    pub major_id: MajorId,
    /// The policy of the sitting as a whole: its clock and its delivery.
    pub policy: Policy,
    /// In which order subjects are taken.
    pub order: Order,
    /// How many electives are submitted.
    pub picks: Electives,
    /// The subjects in their order.
    pub subjects: Vec<SubjectContext>,
}

/// One subject of a sitting's major.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectContext {
    /// The subject.
    pub id: SubjectId,
    /// Its name, for refusals.
    pub name: String,
    /// Compulsory or elective.
    pub compulsory: bool,
    /// Its own clock from the moment it opens, if it states one.
    pub duration_ms: Option<Millis>,
    /// Its resolved settings.
    pub policy: Policy,
    /// What is asked in this session, if anything is.
    pub paper: Option<Paper>,
}

impl Context {
    /// The context of sittings of one major in one session.
    ///
    /// # Errors
    /// `major.not_found`, `session.not_found`; `session.other_major` if the session is not for the major.
    pub fn new(body: &RevisionBody, major_id: MajorId, session_id: SessionId) -> Result<Self, Refusal> {
        let major = body.major(major_id).ok_or(RefusalCode::MajorNotFound)?;
        let session = body.session(session_id).ok_or(RefusalCode::SessionNotFound)?;
        if !session.is_for(major_id) {
            return Err(RefusalCode::SessionOtherMajor.into());
        }
        let subjects = major.subjects.iter().map(|subject| SubjectContext {
            id: subject.id,
            name: subject.name.clone(),
            compulsory: subject.compulsory,
            duration_ms: own_clock(session, subject),
            policy: body.policy_in(session, major, Some(subject)),
            paper: subject.paper_in(session_id).cloned(),
        });
        Ok(Self {
            session: session.clone(),
            major_id,
            policy: body.policy_in(session, major, None),
            order: major.order,
            picks: major.picks(),
            subjects: subjects.collect(),
        })
    }

    /// The subject of this id.
    ///
    /// # Errors
    /// `subject.not_found`.
    pub fn subject(&self, id: SubjectId) -> Result<&SubjectContext, Refusal> {
        self.subjects
            .iter()
            .find(|subject| subject.id == id)
            .ok_or_else(|| RefusalCode::SubjectNotFound.into())
    }
}

/// A subject that states a duration has a clock of its own; practice has none (I2).
fn own_clock(session: &Session, subject: &Subject) -> Option<Millis> {
    subject.settings.duration_ms.flatten().filter(|_| session.kind != SittingKind::Practice)
}
