//! An exam as data: what a school edits, what a sitting is pinned to.

mod lifecycle;
mod lint;
mod paper;
mod terms;

use serde::{Deserialize, Serialize};

use crate::id::{ExamId, MajorId, RevisionId, SchoolId, SessionId, SubjectId, TaskId};
use crate::policy::{Layer, Overrides, Policy, Preset, Resolution, Source, lay_over, resolve};
use crate::refusal::{Refusal, RefusalCode};
use crate::task::Task;
use crate::time::{Millis, Timestamp};

pub use lifecycle::{ExamState, close, open};
pub use lint::{Finding, FindingCode, Severity, lint};
pub use paper::{Paper, Question, QuestionTexts};
pub use terms::{Support, Terms};

/// One immutable revision of an exam; a sitting is pinned to one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExamRevision {
    /// The revision.
    pub id: RevisionId,
    /// Of which exam.
    pub exam_id: ExamId,
    /// Of which school.
    pub school_id: SchoolId,
    /// Counted from 1.
    pub number: u32,
    /// What the school edits.
    pub body: RevisionBody,
}

/// What a school edits: titles, wording, settings, majors, sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevisionBody {
    /// Where settings that no level states come from.
    #[serde(default)]
    pub preset: Preset,
    /// The exam's name.
    pub title: String,
    /// IANA time zone in which times are shown.
    pub zone: String,
    /// The school's words (K16).
    #[serde(default)]
    pub terms: Terms,
    /// Where candidates ask (§S).
    #[serde(default)]
    pub support: Support,
    /// Settings for the whole exam.
    #[serde(default)]
    pub settings: Overrides,
    /// The majors (K1).
    #[serde(default)]
    pub majors: Vec<Major>,
    /// When it can be sat (场次).
    #[serde(default)]
    pub sessions: Vec<Session>,
    /// What is to be done before (考前任务, H1).
    #[serde(default)]
    pub tasks: Vec<Task>,
}

/// A major (专业) and its subjects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Major {
    /// The major.
    pub id: MajorId,
    /// Its name.
    pub name: String,
    /// Notes for candidates (注意事项).
    #[serde(default)]
    pub notes: String,
    /// Settings for the major.
    #[serde(default)]
    pub settings: Overrides,
    /// How many electives are taken; `None`: any number.
    #[serde(default)]
    pub electives: Option<Electives>,
    /// Whether subjects are taken in the order of the list.
    #[serde(default)]
    pub order: Order,
    /// The subjects (K1).
    #[serde(default)]
    pub subjects: Vec<Subject>,
}

/// How many elective subjects (选考) a candidate submits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Electives {
    /// At least so many.
    pub pick_min: u32,
    /// At most so many.
    pub pick_max: u32,
}

/// In which order subjects are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As the candidate likes.
    #[default]
    Free,
    /// As listed; the next opens when the one before is over.
    Fixed,
}

/// A subject (科目).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The subject.
    pub id: SubjectId,
    /// Its name.
    pub name: String,
    /// What is handed in.
    #[serde(default)]
    pub form: SubjectForm,
    /// 必考; otherwise 选考 (K7).
    pub compulsory: bool,
    /// 考试内容.
    #[serde(default)]
    pub content: String,
    /// 拍摄要求.
    #[serde(default)]
    pub requirements: String,
    /// 注意事项.
    #[serde(default)]
    pub notes: String,
    /// Settings for the subject.
    #[serde(default)]
    pub settings: Overrides,
    /// What is asked, each paper in sessions of its own (K6).
    #[serde(default)]
    pub papers: Vec<Paper>,
}

/// What is handed in for a subject (K9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SubjectForm {
    /// A recorded take.
    #[default]
    Video,
    /// Photographs.
    Photos,
    /// A take, then photographs.
    VideoThenPhotos,
    /// A live conversation.
    Interview,
}

/// Practice, mock or formal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SittingKind {
    /// Unlimited, nothing is submitted (I2).
    Practice,
    /// Same as formal except for the questions; never marked (J1, J3).
    Mock,
    /// The one that counts.
    Formal,
}

/// When an exam can be sat (场次).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// What it counts for.
    pub kind: SittingKind,
    /// Its name.
    pub title: String,
    /// From when it can be entered.
    pub opens_at: Timestamp,
    /// The window's end.
    pub closes_at: Timestamp,
    /// Latest moment to enter (K5); `None`: the window's end.
    #[serde(default)]
    pub latest_entry_at: Option<Timestamp>,
    /// For which majors; `None`: all.
    #[serde(default)]
    pub majors: Option<Vec<MajorId>>,
    /// How many candidates may enter; `None`: any number.
    #[serde(default)]
    pub capacity: Option<u32>,
    /// Settings of this session alone, over all others (J2).
    #[serde(default, skip_serializing_if = "is_default")]
    pub settings: Overrides,
}

/// Takes that practice allows: more than anyone needs (I2), and still an end for the state document.
pub const PRACTICE_ATTEMPTS: u32 = 200;

impl RevisionBody {
    /// An exam to begin with: the preset's settings, one formal session, no major yet.
    pub fn from_preset(
        preset: Preset,
        title: impl Into<String>,
        zone: impl Into<String>,
        session: Session,
    ) -> Self {
        Self {
            preset,
            title: title.into(),
            zone: zone.into(),
            terms: preset.terms(),
            support: Support::default(),
            settings: Overrides::default(),
            majors: Vec::new(),
            sessions: vec![session],
            tasks: Vec::new(),
        }
    }

    /// The major, if the exam has it.
    pub fn major(&self, id: MajorId) -> Option<&Major> {
        self.majors.iter().find(|major| major.id == id)
    }

    /// The session, if the exam has it.
    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    /// The major and subject, if the exam has it.
    pub fn subject(&self, id: SubjectId) -> Option<(&Major, &Subject)> {
        self.majors.iter().find_map(|major| Some((major, major.subject(id)?)))
    }

    /// The sessions that a candidate for `major` may choose from.
    pub fn sessions_of(&self, major: MajorId) -> impl Iterator<Item = &Session> {
        self.sessions.iter().filter(move |session| session.is_for(major))
    }

    /// The task, if the exam has it.
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// What a candidate for `major` has to do before.
    pub fn tasks_of(&self, major: MajorId) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(move |task| task.is_for(major))
    }

    /// The settings of a subject with their provenance: preset → exam → major → subject.
    pub fn resolve_subject(&self, major: &Major, subject: &Subject) -> Resolution {
        resolve(self.preset.policy(), &self.layers(major, Some(subject)))
    }

    /// The settings of a major, which hold for a sitting as a whole: preset → exam → major.
    pub fn resolve_major(&self, major: &Major) -> Resolution {
        resolve(self.preset.policy(), &self.layers(major, None))
    }

    /// A subject's policy in a session: practice and the session's own settings come last.
    pub fn policy_in(&self, session: &Session, major: &Major, subject: Option<&Subject>) -> Policy {
        let mut policy = lay_over(self.preset.policy(), &self.layers(major, subject));
        session.kind.ease(&mut policy);
        session.settings.apply(&mut policy);
        policy
    }

    fn layers<'a>(&'a self, major: &'a Major, subject: Option<&'a Subject>) -> Vec<Layer<'a>> {
        let mut layers = vec![
            Layer { source: Source::Exam, settings: &self.settings },
            Layer { source: Source::Major, settings: &major.settings },
        ];
        layers.extend(subject.map(|subject| Layer { source: Source::Subject, settings: &subject.settings }));
        layers
    }
}

impl SittingKind {
    /// Practice has no clock, and takes without number.
    fn ease(self, policy: &mut Policy) {
        if self == Self::Practice {
            policy.attempts = PRACTICE_ATTEMPTS;
            policy.duration_ms = None;
            policy.take_min_ms = None;
        }
    }
}

impl Major {
    /// The subject, if the major has it.
    pub fn subject(&self, id: SubjectId) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.id == id)
    }

    /// How many electives there are to choose from.
    pub fn elective_count(&self) -> u32 {
        let count = self.subjects.iter().filter(|subject| !subject.compulsory).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// How many electives are taken: what is stated, otherwise any number.
    pub fn picks(&self) -> Electives {
        self.electives.unwrap_or(Electives { pick_min: 0, pick_max: self.elective_count() })
    }
}

impl Session {
    /// A session over a window, open to all majors.
    pub fn new(
        id: SessionId,
        kind: SittingKind,
        title: impl Into<String>,
        opens_at: Timestamp,
        closes_at: Timestamp,
    ) -> Self {
        Self {
            id,
            kind,
            title: title.into(),
            opens_at,
            closes_at,
            latest_entry_at: None,
            majors: None,
            capacity: None,
            settings: Overrides::default(),
        }
    }

    /// Whether candidates for `major` may sit in it.
    pub fn is_for(&self, major: MajorId) -> bool {
        self.majors.as_ref().is_none_or(|majors| majors.contains(&major))
    }

    /// The moment from which it cannot be entered any more.
    pub fn entry_ends_at(&self) -> Timestamp {
        self.latest_entry_at.map_or(self.closes_at, |latest| latest.min(self.closes_at))
    }

    /// Whether one more candidate may enter where `taken` already did.
    ///
    /// # Errors
    /// `session.full`.
    pub fn seat(&self, taken: u32) -> Result<(), Refusal> {
        match self.capacity {
            Some(capacity) if taken >= capacity => {
                Err(Refusal::new(RefusalCode::SessionFull).with("capacity", capacity))
            }
            _ => Ok(()),
        }
    }

    /// Whether the session may be entered now.
    ///
    /// # Errors
    /// `session.not_open_yet`, `session.entry_closed` (K5), `session.over`.
    pub fn entry(&self, now: Timestamp) -> Result<(), Refusal> {
        if now < self.opens_at {
            return Err(Refusal::new(RefusalCode::SessionNotOpenYet).at("opens_at", self.opens_at));
        }
        if now >= self.closes_at {
            return Err(Refusal::new(RefusalCode::SessionOver).at("closed_at", self.closes_at));
        }
        if now >= self.entry_ends_at() {
            return Err(
                Refusal::new(RefusalCode::SessionEntryClosed).at("latest_entry_at", self.entry_ends_at())
            );
        }
        Ok(())
    }

    /// When the clock of someone who enters at `entered_at` runs out (K2, K5), without granted time.
    pub fn clock_ends_at(&self, policy: &Policy, entered_at: Timestamp) -> Timestamp {
        match (policy.duration_ms, policy.late_entry) {
            (None, _) => self.closes_at,
            (Some(duration), crate::policy::LateEntry::Full) => entered_at + duration,
            (Some(duration), crate::policy::LateEntry::Cut) => (entered_at + duration).min(self.closes_at),
        }
    }

    /// How long the window is.
    pub fn window(&self) -> Millis {
        self.closes_at.since(self.opens_at)
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod paper_lint_tests;
#[cfg(test)]
mod tests;
