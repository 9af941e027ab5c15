//! What time does, and how things end.

use yikao_domain::delivery::DeliveryOutcome;
use yikao_domain::id::TakeId;

use super::{Ending, Fate, Ledger, Stage, Standing, by, is_open, is_over};
use crate::facts::Fact;

/// What was in time is looked at for a minute after the end of delivery.
const LOOKED_AT: i64 = 60_000;
/// A stopped sitting is over after a day.
const FORGOTTEN_AFTER: i64 = 24 * 3_600_000;

/// In the order in which things happen that are due at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Longest(usize),
    Close,
    OwnClose(usize),
    NotBack(usize),
    Silent(usize),
    Forgotten,
    NotDelivered(usize),
}

impl Ledger<'_> {
    pub(super) fn pass_time(&mut self) {
        let now = self.now;
        while let Some((at, turn)) = self.next_turn().filter(|(at, _)| *at <= now) {
            self.now = at.max(self.last);
            self.take_turn(turn);
        }
        self.now = now;
    }

    fn next_turn(&self) -> Option<(i64, Turn)> {
        match self.stage {
            Stage::Before => Some((self.rules.entry_ends, Turn::Close)),
            Stage::Stopped { since } => Some((since + FORGOTTEN_AFTER, Turn::Forgotten)),
            Stage::Open => {
                self.subjects.iter().enumerate().flat_map(turns).chain([(self.closes, Turn::Close)]).min()
            }
            Stage::Over => {
                let waits = |subject: &super::Subject| {
                    subject.submission.is_some_and(|answered| answered.outcome.is_none())
                };
                let subject = self.places(waits).next()?;
                Some((self.deliver_until + LOOKED_AT, Turn::NotDelivered(subject)))
            }
        }
    }

    fn take_turn(&mut self, turn: Turn) {
        match turn {
            Turn::Longest(subject) => self.end_take(subject, Fate::Finished),
            Turn::Close => self.end(Ending::Time),
            Turn::OwnClose(subject) => {
                self.stop(subject, true);
                self.settle(subject, true);
                self.go_on();
            }
            Turn::NotBack(subject) => {
                let live = self.subjects[subject].takes.iter().find(|take| take.is_live());
                if let Some(Fate::Interrupted { act, .. }) = live.map(|take| take.fate) {
                    self.pay(subject, act);
                }
            }
            Turn::Silent(subject) => self.lose(subject, true),
            Turn::Forgotten => self.end(Ending::Forgotten),
            Turn::NotDelivered(subject) => {
                if let Some(answered) = &mut self.subjects[subject].submission {
                    answered.outcome = Some(DeliveryOutcome::Lapsed);
                    self.note(Fact::Delivered { subject, outcome: DeliveryOutcome::Lapsed });
                }
            }
        }
    }

    /// The whole exam ends. Only at its time are takes finished and answers submitted by rule.
    pub(super) fn end(&mut self, ending: Ending) {
        let by_time = matches!(ending, Ending::Time | Ending::Forgotten);
        (0..self.subjects.len()).for_each(|subject| self.stop(subject, by_time));
        (0..self.subjects.len()).for_each(|subject| self.settle(subject, by_time));
        let failed = self.places(|subject| subject.standing == Standing::Failed).next().is_some();
        let outcome = by(ending, self.entered && self.is_complete(), self.entered, failed);
        let stood_still = match self.stage {
            Stage::Stopped { since } => Some(self.now - since),
            _ => None,
        };
        self.deliver_until += stood_still.unwrap_or(0);
        self.stage = Stage::Over;
        self.note(Fact::Closed { outcome, deliver_until: stood_still.map(|_| self.deliver_until) });
    }

    /// Ends the take that is under way: one that had begun is finished when time is up, and lost otherwise.
    pub(super) fn stop(&mut self, subject: usize, by_time: bool) {
        if let Some(take) = self.subjects[subject].takes.iter().find(|take| take.is_live()) {
            let finished = by_time && take.has_begun();
            self.end_take(subject, if finished { Fate::Finished } else { Fate::Lost { counted: true } });
        }
    }

    /// A subject whose time is over is submitted by rule, missed, or an elective not taken.
    fn settle(&mut self, subject: usize, by_time: bool) {
        let run = &self.subjects[subject];
        if is_over(run) {
            return;
        }
        let compulsory = self.rules.subjects[subject].compulsory;
        let submits =
            by_time && is_open(run) && self.rules.submits_at_close && (compulsory || !self.is_full());
        let has_take = run.takes.iter().any(super::LedgerTake::is_finished);
        match self.take_to_submit(subject).filter(|_| submits) {
            Some(take) => {
                self.answer(subject, None);
                self.note(Fact::Submitted { subject, take, by_rule: true });
            }
            None if compulsory || has_take => {
                self.subjects[subject].standing = Standing::Missed;
                self.note(Fact::Missed { subject });
            }
            None => self.leave_out(subject),
        }
    }

    /// The take its candidate marked, or else the last one finished.
    fn take_to_submit(&self, subject: usize) -> Option<TakeId> {
        let run = &self.subjects[subject];
        let finished = || run.takes.iter().filter(|take| take.is_finished()).map(|take| take.id);
        finished().find(|take| Some(*take) == run.chosen).or_else(|| finished().next_back())
    }
}

fn turns((at, subject): (usize, &super::Subject)) -> Vec<(i64, Turn)> {
    let mut turns = Vec::new();
    if let Standing::Open { own_close: Some(close) } = subject.standing {
        turns.push((close, Turn::OwnClose(at)));
    }
    for take in subject.takes.iter().filter(|take| take.is_live()) {
        match take.fate {
            Fate::Reserved { silent, .. } => turns.push((silent, Turn::Silent(at))),
            Fate::Runs { ends } => turns.push((ends, Turn::Longest(at))),
            Fate::Interrupted { ends, until, .. } => {
                turns.extend([(ends, Turn::Longest(at)), (until, Turn::NotBack(at))]);
            }
            Fate::Finished | Fate::Lost { .. } => {}
        }
    }
    turns
}
