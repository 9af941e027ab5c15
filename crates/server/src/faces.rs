//! Faces: how accounts stand, kept with everything that changes it, and what the desk's answer gives back.

mod begin;
mod eyes;
mod facts;
mod forget;
pub mod references;
pub mod verification;

use yikao_domain::consent::ConsentKind;
use yikao_domain::id::{AccountId, CandidateId, SittingId};
use yikao_domain::policy::FaceCheck;
use yikao_domain::review::{Review, Verdict};
use yikao_domain::sitting::{
    self as sittings, ActionName, ActionState, Command, Context, GRANT_MAX, SubjectContext,
};
use yikao_domain::standing::{FaceRule, Reviewed, Standing, identity_lost, reviewed};
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::face::{self, StandingRow};
use yikao_store::{StoreError, Tx, enrolment, exam, sitting};

use crate::consents;
use crate::problem::Problem;
use crate::sittings::command::{self, Given, Loaded};
use crate::state::App;

pub use begin::{Brought, brought, leave_unseen};
pub use eyes::{Judged, is_unseen, judge, judge_if_idle};
pub use facts::{facts, portraits};
pub use forget::forget;

/// Who grants the desk's delay, as the timeline names it.
const GRANTED_BY: &str = "desk";
/// Why it is granted; reviewers and the candidate read it.
pub const DESK_DELAY: &str = "人工审核占用的时间 / time taken by the desk";

/// How an account stands, with the row to save it over.
pub async fn standing(
    tx: &mut Tx,
    account: AccountId,
) -> Result<(Standing, Option<StandingRow>), StoreError> {
    let row = face::standing(tx, account).await?;
    let state = row.as_ref().map(read).transpose()?;
    Ok((state.unwrap_or_default(), row))
}

fn read(row: &StandingRow) -> Result<Standing, StoreError> {
    serde_json::from_str(&row.state)
        .map_err(|e| StoreError::Unreadable { what: "face_standing.state", why: e.to_string() })
}

/// Saves a changed standing.
pub fn keep_standing(
    tx: &mut Tx,
    account: AccountId,
    before: Option<&StandingRow>,
    after: &Standing,
    now: Timestamp,
) -> Result<(), StoreError> {
    let state = serde_json::to_string(after)
        .map_err(|e| StoreError::Unreadable { what: "face_standing.state", why: e.to_string() })?;
    let row = StandingRow {
        account_id: account,
        standing: after.standing.code().to_owned(),
        version: before.map_or(1, |row| row.version + 1),
        schema_version: after.schema_version.into(),
        state,
        changed_at: now,
    };
    face::save_standing(tx, &row);
    Ok(())
}

/// What the desk did changes how the candidate stands.
pub async fn on_review(
    app: &App,
    tx: &mut Tx,
    candidate: CandidateId,
    what: Reviewed,
) -> Result<(), StoreError> {
    let (account, now) = (AccountId::from_uuid(*candidate.as_uuid()), app.clock.now());
    let (before, row) = standing(tx, account).await?;
    let after = reviewed(&before, what, now);
    if after != before {
        keep_standing(tx, account, row.as_ref(), &after, now)?;
    }
    Ok(())
}

/// The identity that a candidate's face was held beside belongs to somebody else: the face is verified anew, beside
/// another one.
pub async fn lose_identity(app: &App, tx: &mut Tx, candidate: CandidateId) -> Result<(), StoreError> {
    let (account, now) = (AccountId::from_uuid(*candidate.as_uuid()), app.clock.now());
    face::retire_references(tx, account, now);
    let (before, row) = standing(tx, account).await?;
    let after = identity_lost(&before);
    if after != before {
        keep_standing(tx, account, row.as_ref(), &after, now)?;
    }
    Ok(())
}

/// Gives open formal sittings back what the desk took, where its answer was yes: by rule, logged and shown
/// (NEW11). Only where faces hold takes back did the candidate have to wait.
pub async fn credit(app: &App, tx: &mut Tx, review: &Review, verdict: Verdict) -> Result<(), StoreError> {
    if verdict != Verdict::Approved {
        return Ok(());
    }
    for id in sitting::open_formal(tx, review.candidate_id).await? {
        credit_one(app, tx, review, id).await?;
    }
    Ok(())
}

async fn credit_one(app: &App, tx: &mut Tx, review: &Review, id: SittingId) -> Result<(), StoreError> {
    let Some(mut loaded) = command::load(app, tx, id).await? else { return Ok(()) };
    let Some(entered_at) = loaded.sitting.entered_at() else { return Ok(()) };
    let took = review.desk_took(entered_at);
    if took == Millis::ZERO || !waited(&loaded) {
        return Ok(());
    }
    let extra_ms = took.min(GRANT_MAX);
    let grant = Command::Grant { extra_ms, reason: DESK_DELAY.to_owned() };
    // A sitting that closed meanwhile takes no grant: staff can open it again.
    let Ok((after, recorded)) = sittings::handle(&loaded.sitting, &grant, &loaded.context, app.clock.now())
    else {
        return Ok(());
    };
    loaded.sitting = after;
    let given = Given { sitting: id, command_id: None, actor: GRANTED_BY.to_owned(), device: None };
    command::keep(tx, &mut loaded, &recorded, &given)
}

/// Whether the exam's rules made the candidate wait for the desk.
fn waited(loaded: &Loaded) -> bool {
    loaded.context.subjects.iter().any(|subject| subject.policy.face == FaceCheck::Block)
}

/// How a candidate stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stands {
    /// What is known of their face.
    pub standing: Standing,
    /// The consent that is missing; without it nobody looks.
    pub lacks: Option<ConsentKind>,
}

/// How a candidate stands.
pub async fn of_candidate(app: &App, candidate: CandidateId) -> Result<Stands, Problem> {
    let account = AccountId::from_uuid(*candidate.as_uuid());
    let (standing, _) = standing(&mut app.db.reader().await?, account).await?;
    let lacks = consents::missing(app, candidate, ConsentKind::Faces).await?;
    Ok(Stands { standing, lacks })
}

/// How the candidate of a sitting stands; where it asks for no face, nobody has to know.
pub async fn of_sitting(app: &App, loaded: &Loaded) -> Result<Stands, Problem> {
    let kind = loaded.context.session.kind;
    let asks = |subject: &SubjectContext| FaceRule::of(&subject.policy, kind).wants_check();
    if !loaded.context.subjects.iter().any(asks) {
        return Ok(Stands::default());
    }
    of_candidate(app, loaded.row.candidate_id).await
}

/// Closes the start of takes that the standing lets not begin, with what the red bar says.
pub fn close_starts(actions: &mut [ActionState], context: &Context, stands: &Stands, now: Timestamp) {
    for action in actions.iter_mut().filter(|action| action.name == ActionName::StartTake) {
        let subject = action.subject_id.and_then(|id| context.subject(id).ok());
        let Some(subject) = subject.filter(|_| action.refusal.is_none()) else { continue };
        let rule = FaceRule::of(&subject.policy, context.session.kind);
        let may = match stands.lacks {
            Some(lacks) => stands.standing.may_start_unseen(&rule, lacks, now),
            None => stands.standing.may_start(&rule),
        };
        action.refusal = may.err();
    }
}

/// Whether one of a candidate's exams asks for faces.
pub async fn is_asked(app: &App, tx: &mut Tx, candidate: CandidateId) -> Result<bool, StoreError> {
    for enrolled in enrolment::of_candidate(tx, candidate).await? {
        let current = exam::get(tx, enrolled.exam_id).await?.and_then(|exam| exam.current_revision_id);
        let known = app.revisions.get(tx, current.unwrap_or(enrolled.revision_id)).await?;
        let body = &known.revision.body;
        let Some(major) = body.major(enrolled.major_id) else { continue };
        let asks = |subject| body.resolve_subject(major, subject).policy.face != FaceCheck::Off;
        if major.subjects.iter().any(asks) {
            return Ok(true);
        }
    }
    Ok(false)
}
