//! Ids as types of their own, so that a take's id cannot stand where a part's is wanted.
//!
//! On the wire and in the database each is the usual hyphenated UUID string. Ids are made by the server
//! (`UUIDv7`) or, for commands, by the client; this crate only carries them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: {0:?}")]
pub struct NotAnId(pub String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that is known to name this kind of thing.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside, for the database and for hashing.
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }

            /// The 16 raw bytes, as they enter the seal chain and capabilities.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::parse_str(text).map(Self).map_err(|_| NotAnId(text.to_owned()))
            }
        }
    )+};
}

ids! {
    /// A tenant that owns exams, rosters and staff.
    SchoolId,
    /// A person's account, candidate or staff.
    AccountId,
    /// A candidate; an account once it stands for an exam.
    CandidateId,
    /// An authenticated identity.
    IdentityId,
    /// What somebody says who they are, on the way to an identity.
    ClaimId,
    /// A kept picture of a candidate or their document.
    PictureId,
    /// A change of something final, by an agent.
    CorrectionId,
    /// An examination of a school.
    ExamId,
    /// One immutable revision of an exam.
    RevisionId,
    /// A major (专业) of an exam.
    MajorId,
    /// A subject (科目) of a major.
    SubjectId,
    /// A session (场次): practice, mock or formal.
    SessionId,
    /// Something to do before an exam (考前任务).
    TaskId,
    /// A slot that can be booked (约考).
    SlotId,
    /// A paper (试卷) of a subject.
    PaperId,
    /// A question of a paper.
    QuestionId,
    /// A row of a school's roster (名单).
    RosterEntryId,
    /// A parsed roster file waiting to be imported.
    RosterPreviewId,
    /// A candidate confirmed for a major of an exam (确认报考).
    EnrolmentId,
    /// One candidate's run through one major in one session.
    SittingId,
    /// A sitting's run through one subject.
    SubjectRunId,
    /// One of the limited attempts at a subject.
    TakeId,
    /// One run of a recorder.
    PartId,
    /// The answer chosen for a subject.
    SubmissionId,
    /// A command, made by the client; repeated, it gets the stored answer.
    CommandId,
    /// A job of the background table.
    JobId,
    /// A block of the segment log.
    BlockId,
    /// A sign-in of an account on one device.
    LoginId,
    /// A phone or computer, known again whoever signs in on it.
    DeviceId,
    /// The server's signed word on a submission or delivery.
    ReceiptId,
    /// An event, where events of several aggregates share a table.
    EventId,
    /// A flag on the timeline.
    MarkId,
    /// A question that a person at the desk decides.
    ReviewId,
    /// A random challenge for enrolling a face.
    FaceChallengeId,
    /// One comparison of a face.
    FaceCheckId,
    /// A staff membership of a school.
    MemberId,
    /// An unexpected failure, answered with this and nothing else.
    IncidentId,
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    #[test]
    fn an_id_is_written_and_read_as_its_uuid() {
        let take: TakeId = TEXT.parse().unwrap();
        assert_eq!(take.to_string(), TEXT);
        assert_eq!(serde_json::to_string(&take).unwrap(), format!("\"{TEXT}\""));
        assert_eq!(serde_json::from_str::<TakeId>(&format!("\"{TEXT}\"")).unwrap(), take);
    }

    #[test]
    fn what_is_no_uuid_is_refused_with_the_text() {
        assert_eq!("take-1".parse::<TakeId>(), Err(NotAnId("take-1".into())));
    }
}
