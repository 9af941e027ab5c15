//! What came of a day: counts, and the rules that were broken.

use std::fmt;

use yikao_domain::delivery::DeliveryOutcome;
use yikao_domain::sitting::Outcome;

use crate::facts::Fact;

/// A rule, as a breach of it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// What uses an attempt, and how many there are.
    Attempts,
    /// When takes begin, are interrupted, end and are lost.
    Takes,
    /// What is submitted, once and in time.
    Answers,
    /// When an exam opens, closes and is over, and how.
    Clock,
    /// Until when footage arrives.
    Delivery,
    /// Which phone drives, and what staff may do.
    Phones,
    /// The log: in order, and enough to make the state again.
    Log,
}

/// A rule broken by one candidate's sitting.
#[derive(Debug, Clone)]
pub(crate) struct Violation {
    pub(crate) rule: Rule,
    /// Who found it: the ledger that foresees, or the audit of what is on record.
    pub(crate) by: &'static str,
    pub(crate) text: String,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) candidates: u64,
    pub(crate) commands: u64,
    pub(crate) refused: u64,
    pub(crate) takes: u64,
    pub(crate) lost: u64,
    pub(crate) submitted: u64,
    pub(crate) completed: u64,
    pub(crate) given_up: u64,
    pub(crate) missed: u64,
    pub(crate) ended: u64,
    pub(crate) delivered: u64,
    pub(crate) damaged: u64,
    pub(crate) lapsed: u64,
    pub(crate) violations: u64,
}

impl Rule {
    pub(crate) const fn of(fact: &Fact) -> Self {
        match fact {
            Fact::Started { .. } | Fact::AttemptGranted { .. } | Fact::Beeped { .. } => Self::Attempts,
            Fact::Positioned { .. }
            | Fact::Part { .. }
            | Fact::EndsKnown { .. }
            | Fact::Noted { .. }
            | Fact::Grace { .. }
            | Fact::WentOn { .. }
            | Fact::Finished { .. }
            | Fact::Lost { .. } => Self::Takes,
            Fact::Chosen { .. }
            | Fact::Submitted { .. }
            | Fact::Skipped { .. }
            | Fact::Failed { .. }
            | Fact::Missed { .. } => Self::Answers,
            Fact::Delivered { .. } => Self::Delivery,
            Fact::Device { .. } | Fact::DeviceReleased | Fact::SignIn | Fact::Judged { .. } => Self::Phones,
            Fact::Other => Self::Log,
            _ => Self::Clock,
        }
    }
}

impl Counts {
    /// Counts what a sitting's record says.
    pub(crate) fn add_fact(&mut self, fact: &Fact) {
        match fact {
            Fact::Started { .. } => self.takes += 1,
            Fact::Lost { .. } => self.lost += 1,
            Fact::Submitted { .. } => self.submitted += 1,
            Fact::Closed { outcome, .. } => match outcome {
                Outcome::Completed => self.completed += 1,
                Outcome::Abandoned => self.given_up += 1,
                Outcome::Missed => self.missed += 1,
                Outcome::EndedByRule | Outcome::EndedByStaff => self.ended += 1,
            },
            Fact::Delivered { outcome, .. } => match outcome {
                DeliveryOutcome::Complete => self.delivered += 1,
                DeliveryOutcome::Damaged => self.damaged += 1,
                DeliveryOutcome::Lapsed => self.lapsed += 1,
            },
            _ => {}
        }
    }

    pub(crate) const fn add(self, other: Self) -> Self {
        Self {
            candidates: self.candidates + other.candidates,
            commands: self.commands + other.commands,
            refused: self.refused + other.refused,
            takes: self.takes + other.takes,
            lost: self.lost + other.lost,
            submitted: self.submitted + other.submitted,
            completed: self.completed + other.completed,
            given_up: self.given_up + other.given_up,
            missed: self.missed + other.missed,
            ended: self.ended + other.ended,
            delivered: self.delivered + other.delivered,
            damaged: self.damaged + other.damaged,
            lapsed: self.lapsed + other.lapsed,
            violations: self.violations + other.violations,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "candidates={} commands={} refused={} takes={} lost={} submitted={} completed={} given_up={} missed={} \
             ended={} delivered={} damaged={} lapsed={} violations={}",
            self.candidates,
            self.commands,
            self.refused,
            self.takes,
            self.lost,
            self.submitted,
            self.completed,
            self.given_up,
            self.missed,
            self.ended,
            self.delivered,
            self.damaged,
            self.lapsed,
            self.violations,
        )
    }
}
