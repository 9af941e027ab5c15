//! Opening a subject's paper, and reading it before a take (K6).

use super::Course;
use crate::id::{SubjectId, TakeId};
use crate::refusal::{Refusal, RefusalCode};
use crate::seal::Hash32;
use crate::sitting::{Event, SubjectRun};
use crate::time::Millis;

/// How often in a take it is noted that the question was opened or hidden: a log that anybody can fill is no log.
const QUESTION_NOTES_MAX: u32 = 200;

impl Course<'_> {
    /// Deals the questions with `seed`; what is open already stays as it was dealt.
    pub(super) fn open_paper(&mut self, subject_id: SubjectId, seed: Hash32) -> Result<(), Refusal> {
        let subject = self.ctx.subject(subject_id)?;
        let paper = subject.paper.as_ref().ok_or(RefusalCode::PaperNone)?;
        let run = self.run(subject_id)?;
        self.require_open()?;
        if run.paper.is_some() {
            return Ok(());
        }
        self.require_run_open(run, subject.policy.attempts)?;
        let (questions, answer_from) = (paper.deal(seed), self.now + paper.read_ms);
        self.record(Event::PaperOpened { subject_id, paper_id: paper.id, seed, questions, answer_from });
        Ok(())
    }

    /// Notes that the question was opened or hidden; what comes too often is not noted any more.
    pub(super) fn note_question(
        &mut self,
        take_id: TakeId,
        shown: bool,
        at_captured_ms: Millis,
    ) -> Result<(), Refusal> {
        let (run, take) = self.take(take_id)?;
        run.paper.as_ref().ok_or(RefusalCode::PaperNotOpened)?;
        if !take.is_live() {
            return Err(self.begun_or_over(take));
        }
        if take.question_notes < QUESTION_NOTES_MAX {
            self.record(if shown {
                Event::QuestionShown { take_id, at_captured_ms }
            } else {
                Event::QuestionHidden { take_id, at_captured_ms }
            });
        }
        Ok(())
    }

    /// A take begins when the paper, where there is one, has been read as long as it is read.
    pub(super) fn require_read(&self, run: &SubjectRun) -> Result<(), Refusal> {
        if self.ctx.subject(run.subject_id)?.paper.is_none() {
            return Ok(());
        }
        let opened = run.paper.as_ref().ok_or(RefusalCode::PaperNotOpened)?;
        if self.now < opened.answer_from {
            return Err(Refusal::new(RefusalCode::PaperBeingRead).at("answer_from_at", opened.answer_from));
        }
        Ok(())
    }
}
