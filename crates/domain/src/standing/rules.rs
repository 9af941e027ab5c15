//! What an answer of the machine, or of the desk, does to a standing.

use serde::{Deserialize, Serialize};

use super::{FaceRule, FaceStanding, STRIKES, Standing, UNTOLD, VOUCH_HOLDS};
use crate::face::FaceOutcome;
use crate::policy::AfterThreeStrikes;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// What follows from an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// It goes on.
    Clear {
        /// Marked on the timeline, for people to look at.
        flagged: bool,
    },
    /// Once more.
    Again {
        /// How many failures are left before the strike; `None` where this was none.
        left: Option<u32>,
    },
    /// Back to the list, with the red bar (F5).
    Struck,
}

/// What became of the desk's look at a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reviewed {
    /// It was asked.
    Opened,
    /// It is the candidate.
    Approved,
    /// It is not.
    Refused,
    /// Nobody needs the answer any more.
    Cancelled,
}

/// A verification: the first one, or the way back after strikes (F1, F5).
///
/// # Errors
/// What stands in its way.
pub fn verification(
    standing: &Standing,
    answer: FaceOutcome,
    now: Timestamp,
) -> Result<(Standing, Step), Refusal> {
    standing.may_verify()?;
    let mut after = *standing;
    let step = match answer {
        FaceOutcome::Pass | FaceOutcome::Flag => {
            after.verify(now);
            // From here on it rests on a face again, and no longer on the desk's word of another day.
            after.vouched_until = after.vouched_until.filter(|_| standing.is_vouched(now));
            Step::Clear { flagged: answer == FaceOutcome::Flag }
        }
        FaceOutcome::CannotTell => Step::Again { left: None },
        FaceOutcome::Fail => {
            after.failures += 1;
            after.strike()
        }
    };
    Ok((after, step))
}

/// A check before a take.
///
/// # Errors
/// What the red bar says, where the standing lets no take begin.
pub fn take(
    standing: &Standing,
    rule: &FaceRule,
    answer: FaceOutcome,
    now: Timestamp,
) -> Result<(Standing, Step), Refusal> {
    standing.may_start(rule)?;
    let mut after = *standing;
    if !rule.counts || !rule.blocks || standing.standing != FaceStanding::Verified {
        // A mock, an exam that only marks, or one that goes on flagged after three strikes: nothing is counted.
        return Ok((after, Step::Clear { flagged: answer != FaceOutcome::Pass }));
    }
    let step = match answer {
        FaceOutcome::Pass | FaceOutcome::Flag => {
            (after.strikes, after.untold) = (0, 0);
            Step::Clear { flagged: answer == FaceOutcome::Flag }
        }
        FaceOutcome::CannotTell => after.not_told(),
        FaceOutcome::Fail if standing.is_vouched(now) => Step::Clear { flagged: true },
        FaceOutcome::Fail => match (after.strike(), rule.after_three_strikes) {
            (Step::Struck, AfterThreeStrikes::ContinueFlagged) => Step::Clear { flagged: true },
            (step, _) => step,
        },
    };
    Ok((after, step))
}

/// A take of which nobody could look at the face, for the installation lacks what that needs: it begins at once, flagged.
///
/// # Errors
/// What the red bar says, where the standing lets no take begin.
pub fn unseen(standing: &Standing, rule: &FaceRule) -> Result<(Standing, Step), Refusal> {
    standing.may_start(rule)?;
    Ok((*standing, Step::Clear { flagged: true }))
}

/// The identity that the face was held beside has gone to somebody else: nothing rests on it any more.
pub fn identity_lost(standing: &Standing) -> Standing {
    let without = |was| if was == FaceStanding::Verified { FaceStanding::Unverified } else { was };
    Standing {
        standing: without(standing.standing),
        before_review: standing.before_review.map(without),
        verified_at: None,
        vouched_until: None,
        ..*standing
    }
}

/// What the desk did.
pub fn reviewed(standing: &Standing, what: Reviewed, now: Timestamp) -> Standing {
    let mut after = *standing;
    match what {
        Reviewed::Opened if standing.may_ask_desk(now).is_ok() => {
            after.before_review = Some(standing.standing);
            after.standing = FaceStanding::InReview;
        }
        Reviewed::Approved => {
            after.verify(now);
            after.vouched_until = Some(now + VOUCH_HOLDS);
        }
        Reviewed::Refused => {
            after.standing = FaceStanding::Rejected;
            (after.before_review, after.vouched_until) = (None, None);
        }
        Reviewed::Cancelled if standing.standing == FaceStanding::InReview => {
            after.standing = standing.before_review.unwrap_or_default();
            after.before_review = None;
        }
        Reviewed::Opened | Reviewed::Cancelled => {}
    }
    after
}

/// The consent was withdrawn and the face is gone: what rested on it does so no longer. The desk's word stands while it
/// holds. Failures stay, so that nobody gets new tries by signing anew.
pub fn withdrawn(standing: &Standing, now: Timestamp) -> Standing {
    let rests_on_face = |was| was == FaceStanding::Verified && !standing.is_vouched(now);
    let without = |was| if rests_on_face(was) { FaceStanding::Unverified } else { was };
    Standing {
        standing: without(standing.standing),
        before_review: standing.before_review.map(without),
        verified_at: standing.verified_at.filter(|_| standing.is_vouched(now)),
        ..*standing
    }
}

impl Standing {
    fn verify(&mut self, now: Timestamp) {
        self.standing = FaceStanding::Verified;
        (self.strikes, self.untold, self.failures) = (0, 0, 0);
        self.before_review = None;
        self.verified_at.get_or_insert(now);
    }

    fn strike(&mut self) -> Step {
        self.strikes = (self.strikes + 1).min(STRIKES);
        self.untold = 0;
        if self.strikes < STRIKES {
            return Step::Again { left: Some(STRIKES - self.strikes) };
        }
        if self.standing != FaceStanding::InReview {
            self.standing = FaceStanding::Struck;
        }
        Step::Struck
    }

    /// No strike; after some in a row the take begins all the same, for the picture and not the person is at fault.
    fn not_told(&mut self) -> Step {
        self.untold += 1;
        if self.untold < UNTOLD {
            return Step::Again { left: None };
        }
        self.untold = 0;
        Step::Clear { flagged: true }
    }
}
