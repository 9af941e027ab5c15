//! What a take brings along of its candidate's face: a check of their own, or, where they do not agree that anybody
//! looks, a note that nobody did.

use yikao_domain::consent::ConsentKind;
use yikao_domain::face::FaceOutcome;
use yikao_domain::id::{FaceCheckId, SittingId, SubjectId};
use yikao_domain::sitting::FaceEvidence;
use yikao_domain::standing::{FaceMode, FaceRule};
use yikao_store::face::{self, Check};

use super::of_candidate;
use crate::auth::actor::Actor;
use crate::problem::Problem;
use crate::sittings::command::Loaded;
use crate::sittings::view::SittingView;
use crate::state::App;

/// Why nobody looked.
const NO_CONSENT: &str = "no_consent";

/// What a take begins with.
#[derive(Debug, Default)]
pub struct Brought {
    /// What its rules want to see.
    pub evidence: Option<FaceEvidence>,
    /// To be kept with the take: nobody looked.
    pub unseen: Option<Check>,
}

/// What the take of a subject brings along, as its rules want to see it.
///
/// # Errors
/// Where nobody may look: what the red bar says, `consent.required`.
pub async fn brought(
    app: &App,
    actor: &Actor,
    loaded: &Loaded,
    subject: SubjectId,
    id: Option<FaceCheckId>,
) -> Result<Brought, Problem> {
    let rule = FaceRule::of(&loaded.context.subject(subject)?.policy, loaded.context.session.kind);
    if !rule.wants_check() {
        return Ok(Brought::default());
    }
    let sitting = loaded.row.id;
    let stands = of_candidate(app, actor.candidate()).await?;
    let Some(lacks) = stands.lacks else {
        return Ok(Brought { evidence: evidence(app, actor, sitting, id).await?, unseen: None });
    };
    let now = app.clock.now();
    stands.standing.may_start_unseen(&rule, lacks, now)?;
    let unseen = unseen(app, actor, sitting, subject, rule.mode);
    let evidence = FaceEvidence {
        check_id: unseen.id,
        subject_id: subject,
        at: now,
        flagged: rule.mode == FaceMode::Real,
    };
    Ok(Brought { evidence: Some(evidence), unseen: Some(unseen) })
}

/// A check that was made: one's own, on this device, for this sitting, and such that a take may follow.
async fn evidence(
    app: &App,
    actor: &Actor,
    sitting: SittingId,
    id: Option<FaceCheckId>,
) -> Result<Option<FaceEvidence>, Problem> {
    let Some(id) = id else { return Ok(None) };
    let check = face::check(&mut app.db.reader().await?, id).await?;
    let fits = |check: &Check| {
        check.account_id == actor.account
            && check.login_id == actor.login
            && check.sitting_id == Some(sitting)
            && check.lets_begin
    };
    Ok(check.filter(fits).and_then(|check| {
        let flagged = check.outcome != FaceOutcome::Pass.code();
        Some(FaceEvidence { check_id: check.id, subject_id: check.subject_id?, at: check.at, flagged })
    }))
}

fn unseen(app: &App, actor: &Actor, sitting: SittingId, subject: SubjectId, mode: FaceMode) -> Check {
    Check {
        id: FaceCheckId::from_uuid(app.clock.new_uuid()),
        account_id: actor.account,
        login_id: actor.login,
        sitting_id: Some(sitting),
        subject_id: Some(subject),
        take_id: None,
        purpose: "take".to_owned(),
        mode: mode.code().to_owned(),
        outcome: FaceOutcome::CannotTell.code().to_owned(),
        lets_begin: true,
        cause: Some(NO_CONSENT.to_owned()),
        distance: None,
        picture_id: None,
        at: app.clock.now(),
    }
}

/// Tells the phone not to take a picture of whoever does not agree to it.
pub fn leave_unseen(view: &mut SittingView, lacks: Option<ConsentKind>) {
    if lacks.is_some() {
        for subject in &mut view.subjects {
            (subject.face, subject.face_within_ms) = (FaceMode::Off, None);
        }
    }
}
