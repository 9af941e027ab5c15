//! Faces: how accounts stand, kept with everything that changes it, and what the desk's answer gives back.

mod eyes;
pub mod references;

use serde_json::json;
use yikao_domain::id::{AccountId, CandidateId, FaceCheckId, SittingId};
use yikao_domain::policy::FaceCheck;
use yikao_domain::review::{Review, Verdict};
use yikao_domain::sitting::{
    self as sittings, ActionName, ActionState, Command, Context, FaceEvidence, GRANT_MAX,
};
use yikao_domain::standing::{FaceRule, Reviewed, Standing, reviewed};
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::face::{self, StandingRow};
use yikao_store::{Page, StoreError, Tx, enrolment, exam, sitting};

use crate::auth::actor::Actor;
use crate::problem::Problem;
use crate::reviews::{Facts, Picture};
use crate::sittings::command::{self, Given, Loaded};
use crate::state::App;

pub use eyes::{Judged, judge, look};

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
pub async fn of_candidate(app: &App, candidate: CandidateId) -> Result<Standing, Problem> {
    let account = AccountId::from_uuid(*candidate.as_uuid());
    Ok(standing(&mut app.db.reader().await?, account).await?.0)
}

/// Whether a sitting's rules ask for faces at all.
pub fn asked(context: &Context) -> bool {
    context.subjects.iter().any(|subject| FaceRule::of(&subject.policy, context.session.kind).wants_check())
}

/// Closes the start of takes that the standing lets not begin, with what the red bar says.
pub fn close_starts(actions: &mut [ActionState], context: &Context, standing: &Standing) {
    for action in actions.iter_mut().filter(|action| action.name == ActionName::StartTake) {
        let subject = action.subject_id.and_then(|id| context.subject(id).ok());
        let Some(subject) = subject.filter(|_| action.refusal.is_none()) else { continue };
        let rule = FaceRule::of(&subject.policy, context.session.kind);
        action.refusal = standing.may_start(&rule).err();
    }
}

/// The check that lets a take begin, as its rules want to see it: one's own, made on this device, for this
/// sitting, and such that a take may follow.
pub async fn evidence(
    app: &App,
    actor: &Actor,
    sitting: SittingId,
    id: Option<FaceCheckId>,
) -> Result<Option<FaceEvidence>, Problem> {
    let Some(id) = id else { return Ok(None) };
    let check = face::check(&mut app.db.reader().await?, id).await?;
    let fits = |check: &face::Check| {
        check.account_id == actor.account
            && check.login_id == actor.login
            && check.sitting_id == Some(sitting)
            && check.lets_begin
    };
    Ok(check.filter(fits).and_then(|check| {
        let flagged = check.outcome != "pass";
        Some(FaceEvidence { check_id: check.id, subject_id: check.subject_id?, at: check.at, flagged })
    }))
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

/// What the desk should see of a face: what was said, and what the machine found lately, with its distances.
pub async fn facts(app: &App, actor: &Actor, note: String) -> Result<Facts, Problem> {
    let lately = Page { limit: 6, offset: 0 };
    let checks = face::checks(&mut app.db.reader().await?, actor.account, lately).await?;
    let one = |check: &face::Check| {
        json!({ "at": check.at, "purpose": check.purpose, "outcome": check.outcome, "cause": check.cause,
            "distance": check.distance })
    };
    let mut facts = Facts::default();
    facts.notes.extend(Some(note).filter(|note| !note.trim().is_empty()));
    facts.automatic.insert("checks".to_owned(), checks.iter().map(one).collect());
    let pictures = checks.iter().filter_map(|check| Some((check.picture_id.clone()?, check.purpose.clone())));
    facts.pictures.extend(pictures.map(|(id, label)| Picture { id, label }));
    Ok(facts)
}
