//! Answers: chosen, submitted once, left out.

use yikao_domain::id::{SubmissionId, TakeId};

use super::{Answer, Answered, Ending, Ledger, No, Standing, is_open, is_over, no_unless};
use crate::facts::Fact;

impl Ledger<'_> {
    pub(super) fn choose(&mut self, take: TakeId) -> Answer {
        let (subject, _) = self.find(take)?;
        self.may_submit(subject, take)?;
        self.subjects[subject].chosen = Some(take);
        self.note(Fact::Chosen { take });
        Ok(())
    }

    pub(super) fn submit(&mut self, subject: usize, take: TakeId, id: SubmissionId) -> Answer {
        self.may_submit(subject, take)?;
        self.answer(subject, Some(id));
        self.note(Fact::Submitted { subject, take, by_rule: false });
        self.go_on();
        Ok(())
    }

    /// A finished take, before the close, once, and with no take under way.
    fn may_submit(&self, subject: usize, take: TakeId) -> Answer {
        self.must_be_open()?;
        no_unless(is_open(&self.subjects[subject]), "the subject is not open")?;
        let takes = &self.subjects[subject].takes;
        let take = takes.iter().find(|one| one.id == take).ok_or(No("no such take"))?;
        no_unless(take.is_finished() && self.live().is_none(), "not finished")
    }

    pub(super) fn answer(&mut self, subject: usize, id: Option<SubmissionId>) {
        let run = &mut self.subjects[subject];
        run.standing = Standing::Submitted;
        run.submission = Some(Answered { id, outcome: None });
    }

    pub(super) fn skip(&mut self, subject: usize) -> Answer {
        self.must_be_open()?;
        no_unless(is_open(&self.subjects[subject]), "the subject is not open")?;
        no_unless(!self.rules.subjects[subject].compulsory, "compulsory")?;
        no_unless(self.live().is_none(), "a take is under way")?;
        let possible = self.electives(|run| run.standing == Standing::Submitted || !is_over(run));
        no_unless(possible > self.rules.picks.0, "too few electives would be left")?;
        self.leave_out(subject);
        self.go_on();
        Ok(())
    }

    pub(super) fn finish(&mut self) -> Answer {
        self.must_be_open()?;
        no_unless(self.live().is_none(), "a take is under way")?;
        no_unless(self.is_complete(), "something compulsory is missing")?;
        self.end(Ending::Wish);
        Ok(())
    }

    pub(super) fn leave_out(&mut self, subject: usize) {
        self.subjects[subject].standing = Standing::Skipped;
        self.note(Fact::Skipped { subject });
    }

    /// Electives for which there is no place any more.
    pub(super) fn drop_surplus(&mut self) {
        if !self.is_full() {
            return;
        }
        for subject in 0..self.subjects.len() {
            if !self.rules.subjects[subject].compulsory && !is_over(&self.subjects[subject]) {
                self.stop(subject, true);
                self.leave_out(subject);
            }
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.electives(|run| run.standing == Standing::Submitted) >= self.rules.picks.1
    }

    /// All compulsory subjects are submitted, and enough electives.
    pub(super) fn is_complete(&self) -> bool {
        let submitted = |run: &super::Subject| run.standing == Standing::Submitted;
        let compulsory = self.rules.subjects.iter().zip(&self.subjects).filter(|(rules, _)| rules.compulsory);
        compulsory.into_iter().all(|(_, run)| submitted(run))
            && self.electives(submitted) >= self.rules.picks.0
    }

    pub(super) fn electives(&self, is: impl Fn(&super::Subject) -> bool) -> usize {
        let electives = self.rules.subjects.iter().zip(&self.subjects).filter(|(rules, _)| !rules.compulsory);
        electives.filter(|(_, run)| is(run)).count()
    }
}
