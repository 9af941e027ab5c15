//! Exams as the console edits them: the newest revision with its resolved settings, what the linter finds,
//! and what can be done now.

use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::exam::{self as rules, ExamRevision, ExamState, RevisionBody, Severity, lint};
use yikao_domain::id::{ExamId, RevisionId, SchoolId, SubjectId};
use yikao_domain::policy::Resolved;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::time::Timestamp;
use yikao_store::exam::Exam;
use yikao_store::{StoreError, Tx, exam, revision};

use crate::auth::actor::{Actor, SchoolRole};
use crate::language::Reader;
use crate::papers;
use crate::problem::Problem;
use crate::revisions;
use crate::sittings::view::Action;
use crate::state::App;

/// Roles that may read an exam in the console: everybody who works for the school.
pub const READERS: [SchoolRole; 5] =
    [SchoolRole::Admin, SchoolRole::Proctor, SchoolRole::Judge, SchoolRole::Examiner, SchoolRole::Department];

/// The version of a stored revision's body.
pub const SCHEMA_VERSION: i64 = 1;

/// An exam as the console edits it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExamView {
    /// The exam.
    pub id: ExamId,
    /// The school that owns it.
    pub school_id: SchoolId,
    /// How far it is.
    pub state: ExamState,
    /// Its newest revision.
    pub revision: RevisionView,
    /// Each subject's settings, with where each comes from.
    pub resolved: Vec<ResolvedSubject>,
    /// What the linter finds, errors first.
    pub findings: Vec<FindingView>,
    /// `edit_draft`, `open`, `close`, `import_roster`.
    pub actions: Vec<Action>,
}

/// A revision.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionView {
    /// The revision.
    pub id: RevisionId,
    /// Counted from 1.
    pub number: u32,
    /// What the school edits.
    pub body: RevisionBody,
}

/// A subject's settings.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResolvedSubject {
    /// The subject.
    pub subject_id: SubjectId,
    /// Its settings.
    pub values: Vec<Resolved>,
}

/// Something the linter found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// How bad it is.
    pub severity: Severity,
    /// Stable code, such as `take.min_over_max`.
    pub code: &'static str,
    /// What is wrong, in the reader's language.
    pub message: String,
    /// Where: a path into the body, such as `majors[0].subjects[1].name`.
    pub r#where: String,
}

/// Loads an exam of a school in which `actor` has one of `roles`; to strangers it does not exist.
pub async fn load_for(app: &App, actor: &Actor, id: ExamId, roles: &[SchoolRole]) -> Result<Exam, Problem> {
    let found = exam::get(&mut app.db.reader().await?, id).await?.ok_or_else(Problem::not_found)?;
    actor.require(found.school_id, roles)?;
    Ok(found)
}

/// The revision that holds for an exam, without what its papers ask.
pub async fn current(tx: &mut Tx, exam: &Exam) -> Result<ExamRevision, StoreError> {
    let row = match exam.current_revision_id {
        Some(id) => revision::get(tx, id).await?,
        None => revision::latest(tx, exam.id).await?,
    };
    revisions::read(&row.ok_or(StoreError::NotFound)?)
}

/// The revision that holds for an exam, with what its papers ask.
pub async fn whole(app: &App, tx: &mut Tx, exam: &Exam) -> Result<ExamRevision, StoreError> {
    let mut revision = current(tx, exam).await?;
    revision.body.put_texts(papers::texts(app, tx, revision.id).await?);
    Ok(revision)
}

/// The view of an exam for a member of its school. What papers ask is for its administrators alone.
pub async fn view(app: &App, actor: &Actor, reader: &Reader, id: ExamId) -> Result<ExamView, Problem> {
    let mut tx = app.db.reader().await?;
    let found = exam::get(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let mut revision = whole(app, &mut tx, &found).await?;
    drop(tx);
    let now = app.clock.now();
    let is_admin = actor.is_in(found.school_id, &[SchoolRole::Admin]);
    let findings = findings(&revision.body, reader, now);
    let actions = actions(found.state, &revision.body, is_admin, &reader.within(&revision.body), now);
    if !is_admin {
        revision.body.take_texts();
    }
    Ok(ExamView {
        id,
        school_id: found.school_id,
        state: found.state,
        resolved: resolved(&revision.body),
        findings,
        actions,
        revision: RevisionView { id: revision.id, number: revision.number, body: revision.body },
    })
}

/// Refuses a time zone that does not exist.
pub fn check_zone(zone: &str, field: &str) -> Result<(), Problem> {
    let known = zone.parse::<chrono_tz::Tz>().is_ok();
    if known {
        Ok(())
    } else {
        Err(Problem::field(field, "an IANA time zone is wanted, such as Asia/Shanghai"))
    }
}

/// Copies from a revision what is asked for beside it.
pub fn describe(exam: &mut Exam, revision: RevisionId, body: &RevisionBody) {
    exam.current_revision_id = Some(revision);
    exam.title.clone_from(&body.title);
    let opens = body.sessions.iter().map(|session| session.opens_at).min();
    let closes = body.sessions.iter().map(|session| session.closes_at).max();
    exam.opens_at = opens.unwrap_or(exam.opens_at);
    exam.closes_at = closes.unwrap_or(exam.closes_at);
}

fn resolved(body: &RevisionBody) -> Vec<ResolvedSubject> {
    let of_major = |major| move |subject| (major, subject);
    let subjects = body.majors.iter().flat_map(|major| major.subjects.iter().map(of_major(major)));
    subjects
        .map(|(major, subject)| ResolvedSubject {
            subject_id: subject.id,
            values: body.resolve_subject(major, subject).values,
        })
        .collect()
}

fn findings(body: &RevisionBody, reader: &Reader, now: Timestamp) -> Vec<FindingView> {
    lint(body, now)
        .into_iter()
        .map(|finding| FindingView {
            message: finding.message(reader.language, &body.terms),
            severity: finding.severity,
            code: finding.code.code(),
            r#where: finding.place,
        })
        .collect()
}

fn actions(
    state: ExamState,
    body: &RevisionBody,
    is_admin: bool,
    reader: &Reader,
    now: Timestamp,
) -> Vec<Action> {
    let not_closed = match state {
        ExamState::Closed => Err(Refusal::new(RefusalCode::ExamClosed)),
        ExamState::Draft | ExamState::Open => Ok(()),
    };
    let states = [
        ("edit_draft", not_closed.clone()),
        ("open", rules::open(state, body, now).map(drop)),
        ("close", rules::close(state).map(drop)),
        ("import_roster", not_closed),
    ];
    let for_all = |refused: Result<(), Refusal>| {
        if is_admin { refused.err() } else { Some(Refusal::new(RefusalCode::RoleMissing)) }
    };
    states.into_iter().map(|(name, refused)| Action::new(name, for_all(refused).as_ref(), reader)).collect()
}
