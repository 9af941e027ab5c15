//! Staff, devices and what the footage side says.

use yikao_domain::delivery::DeliveryOutcome;
use yikao_domain::id::{DeviceId, SubmissionId};
use yikao_domain::sitting::Command;

use super::{Answer, Ending, Fate, Ledger, No, Stage, Standing, no_unless};
use crate::facts::Fact;

/// The most that can be granted at once.
const DAY: i64 = 24 * 3_600_000;

impl Ledger<'_> {
    /// One phone at a time: another takes its place between takes, or by going on with the one that runs.
    pub(super) fn drive(&mut self, device: Option<DeviceId>, command: &Command) -> Answer {
        let Some(device) = device.filter(|device| self.device != Some(*device)) else { return Ok(()) };
        if let Command::FinishTake { take_id, .. } = command
            && self.find(*take_id).is_ok_and(|(subject, at)| !self.subjects[subject].takes[at].is_live())
        {
            return Ok(());
        }
        let goes_on = matches!(command, Command::OpenPart { .. });
        if self.device.is_some() {
            no_unless(self.rules.phone_may_change, "phones may not be changed")?;
            no_unless(self.live().is_none() || goes_on, "another phone records")?;
        }
        self.device = Some(device);
        self.note(Fact::Device { device });
        Ok(())
    }

    pub(super) fn obey_staff(&mut self, command: &Command) -> Answer {
        match command {
            Command::Grant { extra_ms, .. } => self.grant(extra_ms.as_ms()),
            Command::GrantAttempt { subject_id, .. } => {
                self.grant_attempt(self.place(*subject_id.as_uuid())?)
            }
            Command::JudgeLate { take_id, counts, .. } => {
                let (subject, at) = self.find(*take_id)?;
                let take = &mut self.subjects[subject].takes[at];
                no_unless(take.is_finished(), "not finished")?;
                if take.judged != Some(*counts) {
                    take.judged = Some(*counts);
                    self.note(Fact::Judged { take: *take_id, counts: *counts });
                }
                Ok(())
            }
            Command::Suspend { .. } => self.suspend(),
            Command::Resume => self.resume(),
            Command::EndByStaff { .. } => {
                no_unless(self.stage != Stage::Over, "over")?;
                self.end(Ending::Staff);
                Ok(())
            }
            Command::ReleaseDevice { .. } => {
                no_unless(self.stage != Stage::Over && self.device.is_some(), "over, or no device")?;
                self.device = None;
                self.note(Fact::DeviceReleased);
                Ok(())
            }
            Command::NoteSignIn { .. } => {
                self.note(Fact::SignIn);
                Ok(())
            }
            Command::Deliver { submission_id, outcome } => self.deliver(*submission_id, *outcome),
            _ => Err(No("nobody asks for this today")),
        }
    }

    fn grant(&mut self, extra: i64) -> Answer {
        no_unless(self.stage != Stage::Over && extra > 0 && extra <= DAY, "over, or no such time")?;
        if self.stage == Stage::Before {
            self.granted += extra;
            self.note(Fact::GrantedAhead { extra });
        } else {
            self.lengthen(extra);
            self.note(Fact::Granted { closes: self.closes, deliver_until: self.deliver_until });
        }
        Ok(())
    }

    /// Every close moves: the sitting's, its open subjects', and that of delivery.
    fn lengthen(&mut self, extra: i64) {
        self.closes += extra;
        self.deliver_until += extra;
        for subject in &mut self.subjects {
            if let Standing::Open { own_close: Some(close) } = &mut subject.standing {
                *close += extra;
            }
        }
    }

    fn grant_attempt(&mut self, subject: usize) -> Answer {
        no_unless(self.stage != Stage::Over, "over")?;
        let standing = self.subjects[subject].standing;
        let takes_more = matches!(standing, Standing::NotYet | Standing::Open { .. } | Standing::Failed);
        no_unless(takes_more, "submitted, skipped or missed")?;
        let compulsory = self.rules.subjects[subject].compulsory;
        no_unless(self.stage != Stage::Open || compulsory || !self.is_full(), "no place for it")?;
        self.subjects[subject].extra += 1;
        self.note(Fact::AttemptGranted { subject });
        if standing == Standing::Failed {
            self.open(subject);
        }
        Ok(())
    }

    /// Time stands still, and what was under way is given back.
    fn suspend(&mut self) -> Answer {
        self.must_be_open()?;
        let live = self.places(|run| run.takes.iter().any(super::LedgerTake::is_live)).next();
        if let Some(subject) = live {
            self.end_take(subject, Fate::Lost { counted: false });
        }
        self.stage = Stage::Stopped { since: self.now };
        self.note(Fact::Suspended);
        Ok(())
    }

    fn resume(&mut self) -> Answer {
        let Stage::Stopped { since } = self.stage else { return Err(No("not stopped")) };
        self.stage = Stage::Open;
        self.lengthen(self.now - since);
        self.note(Fact::Resumed { closes: self.closes, deliver_until: self.deliver_until });
        Ok(())
    }

    /// Once and for all.
    fn deliver(&mut self, id: SubmissionId, outcome: DeliveryOutcome) -> Answer {
        let subject = self.places(|run| run.submission.is_some_and(|one| one.id == Some(id))).next();
        let run = subject.ok_or(No("no such submission"))?;
        let Some(answered) = &mut self.subjects[run].submission else { return Err(No("nothing submitted")) };
        match answered.outcome {
            None => {
                answered.outcome = Some(outcome);
                self.note(Fact::Delivered { subject: run, outcome });
                Ok(())
            }
            Some(settled) => no_unless(settled == outcome, "settled otherwise"),
        }
    }

    /// The id of an answer that a rule gave, which the model does not make up.
    pub(crate) fn learn(&mut self, subject: usize, id: SubmissionId) {
        if let Some(answered) = &mut self.subjects[subject].submission {
            answered.id.get_or_insert(id);
        }
    }
}
