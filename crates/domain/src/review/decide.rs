//! Who may do what to a review, and when.

use super::{Command, Event, Review, ReviewState, Verdict};
use crate::id::AccountId;
use crate::refusal::{Refusal, RefusalCode};
use crate::time::{Millis, Timestamp};

/// How long a claim keeps others out: an agent who was called away does not hold up the queue.
pub const CLAIM_HOLDS: Millis = Millis::minutes(10);

/// The event that a command leads to; none where it asks for what is so already.
///
/// # Errors
/// The rule that says no.
pub fn decide(review: &Review, command: &Command, now: Timestamp) -> Result<Option<Event>, Refusal> {
    if !review.is_live() {
        return over(review, command);
    }
    match command {
        Command::Claim { by } => claim(review, *by, now),
        Command::Release { by } => {
            holds(review, *by, now)?;
            Ok(Some(Event::Released { by: *by }))
        }
        Command::Decide { by, verdict, reason } => {
            holds(review, *by, now)?;
            if *verdict == Verdict::Refused {
                said(reason)?;
            }
            Ok(Some(judged(review, *by, *verdict)))
        }
        Command::AskForMore { by, what } => {
            holds(review, *by, now)?;
            said(what)?;
            Ok(Some(Event::AskedForMore { by: *by }))
        }
        Command::GiveMore { due_at } => match review.state {
            ReviewState::NeedMore { .. } => Ok(Some(Event::MoreGiven { due_at: *due_at })),
            _ => Err(RefusalCode::ReviewNothingAsked.into()),
        },
        Command::Cancel { by, reason } => {
            if by.is_some() {
                said(reason)?;
            }
            Ok(Some(Event::Cancelled { by: *by }))
        }
    }
}

/// An open one, one's own again, one that waits for the candidate, or one whose claim no longer holds.
fn claim(review: &Review, by: AccountId, now: Timestamp) -> Result<Option<Event>, Refusal> {
    if review.opinions.iter().any(|opinion| opinion.by == by) {
        return Err(RefusalCode::ReviewOtherEyes.into());
    }
    match review.state {
        ReviewState::Claimed { by: other, at } if other != by => {
            if now.since(at) < CLAIM_HOLDS {
                return Err(Refusal::new(RefusalCode::ReviewClaimed)
                    .with("by", other.to_string())
                    .at("claimed_at", at));
            }
            Ok(Some(Event::Claimed { by, from: Some(other) }))
        }
        ReviewState::Claimed { .. } => Ok(None),
        _ => Ok(Some(Event::Claimed { by, from: None })),
    }
}

/// Only who has it before them decides: two people never answer differently at the same time.
fn holds(review: &Review, by: AccountId, now: Timestamp) -> Result<(), Refusal> {
    match review.state {
        ReviewState::Claimed { by: holder, .. } if holder == by => Ok(()),
        ReviewState::Claimed { .. } => claim(review, by, now).and(Err(RefusalCode::ReviewNotClaimed.into())),
        _ => Err(RefusalCode::ReviewNotClaimed.into()),
    }
}

/// With four eyes, two people have to say the same; three always suffice.
fn judged(review: &Review, by: AccountId, verdict: Verdict) -> Event {
    let agrees = review.opinions.iter().any(|opinion| opinion.verdict == verdict && opinion.by != by);
    if review.four_eyes && !agrees {
        Event::OpinionGiven { by, verdict }
    } else {
        Event::Decided { by, verdict }
    }
}

fn said(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() { Err(RefusalCode::ReviewReasonMissing.into()) } else { Ok(()) }
}

/// What is over stays so; saying the same again is no error.
fn over(review: &Review, command: &Command) -> Result<Option<Event>, Refusal> {
    match (review.state, command) {
        (ReviewState::Decided { by, verdict, .. }, Command::Decide { by: again, verdict: same, .. })
            if by == *again && verdict == *same =>
        {
            Ok(None)
        }
        (ReviewState::Cancelled { .. }, Command::Cancel { .. }) => Ok(None),
        _ => {
            Err(Refusal::new(RefusalCode::ReviewOver).at("closed_at", review.closed_at().unwrap_or_default()))
        }
    }
}
