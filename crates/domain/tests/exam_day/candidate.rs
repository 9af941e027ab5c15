//! A candidate's day: comes, enters, records, is interrupted, submits, leaves; and what staff do meanwhile.

mod recording;

use yikao_domain::delivery::DeliveryOutcome;
use yikao_domain::id::{SubjectId, SubmissionId, TakeId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::sitting::{Command, FaceEvidence, RunState, Sitting};
use yikao_domain::time::{Millis, Timestamp};

use crate::dice::Dice;
use crate::facts::place;
use crate::faults::{Fault, Faults, Outages};
use crate::phone::Phone;
use crate::rules::{MINUTE, NINE, Rules, subject_id};
use crate::server::Server;

pub(crate) struct Candidate<'a> {
    phone: Phone<'a>,
    rules: &'a Rules,
    /// Subjects that this candidate has no wish to go on with.
    done: Vec<bool>,
    /// Where parts end, as the recorder said it first.
    ends: Vec<yikao_domain::sitting::PartEnd>,
}

impl<'a> Candidate<'a> {
    pub(crate) fn new(
        mut server: Server<'a>,
        rules: &'a Rules,
        outages: &'a Outages,
        mut dice: Dice,
    ) -> Self {
        let faults = Faults::draw(&mut dice);
        if let Some(lines) = &mut server.lines {
            lines.push(format!("{}: {:?}", rules.name, faults.all()));
        }
        let done = vec![false; rules.subjects.len()];
        Self { phone: Phone::new(server, outages, faults, dice), rules, done, ends: Vec::new() }
    }

    /// The whole day; what the server was held to comes back.
    pub(crate) fn sits(mut self) -> Server<'a> {
        self.comes();
        for _ in 0..12 {
            self.staff();
            let Some(subject) = self.next_subject() else { break };
            self.works_on(subject);
        }
        if self.phone.dice.chance(300) {
            self.phone.does(&Command::Finish);
        }
        self.waits_for_the_close();
        self.delivers();
        self.time_runs_out();
        self.phone.server.close_the_books();
        self.phone.server
    }

    fn view(&self) -> &Sitting {
        &self.phone.server.sitting
    }

    /// By the phone's clock; who is early tries again, who is late too.
    fn comes(&mut self) {
        let from = if self.phone.dice.chance(30) { 0 } else { -3 * MINUTE };
        let shown = NINE + self.phone.dice.between(from, self.rules.entry_ends - NINE + 2 * MINUTE);
        self.phone.now = self.phone.when_it_shows(shown);
        if self.phone.dice.chance(20) {
            let extra_ms = Millis(self.phone.dice.between(1, 20) * MINUTE);
            self.phone.staff_ask(&Command::Grant { extra_ms, reason: "停电".into() });
        }
        match self.phone.dice.between(0, 200) {
            0..3 => self.phone.now = self.rules.entry_ends + self.phone.dice.between(0, 60 * MINUTE),
            3..6 => self.phone.now = self.rules.entry_ends - 2,
            _ => {}
        }
        for _ in 0..60 {
            match self.phone.send(&Command::Enter) {
                Some(Err(RefusalCode::SessionNotOpenYet)) => self.phone.wait(90_000),
                _ => return,
            }
        }
    }

    fn next_subject(&mut self) -> Option<usize> {
        if !self.view().is_open() {
            return None;
        }
        let open = self.view().subjects.iter().filter(|run| run.is_open());
        let open: Vec<usize> =
            open.map(|run| place(run.subject_id)).filter(|subject| !self.done[*subject]).collect();
        self.phone.dice.pick(&open)
    }

    /// An elective may be left out; otherwise a take or two, and one of them submitted.
    fn works_on(&mut self, subject: usize) {
        let subject_id: SubjectId = subject_id(subject).into();
        if !self.rules.subjects[subject].compulsory && self.phone.dice.chance(350) {
            self.done[subject] = true;
            self.phone.does(&Command::Skip { subject_id });
            return;
        }
        let tries = self.phone.dice.between(1, 4);
        for _ in 0..tries {
            if self.view().run(subject_id).is_none_or(|run| !run.is_open()) {
                return;
            }
            self.records(subject);
            let pause = self.phone.dice.between(5_000, 4 * MINUTE);
            self.phone.wait(pause);
            self.staff();
        }
        self.submits(subject, subject_id);
    }

    fn finished(&self, subject_id: SubjectId) -> Vec<TakeId> {
        let takes = self.view().run(subject_id).into_iter().flat_map(|run| &run.takes);
        takes.filter(|take| take.is_finished()).map(|take| take.id).collect()
    }

    /// Mostly a finished take, sometimes twice, sometimes a lost one, sometimes never.
    fn submits(&mut self, subject: usize, subject_id: SubjectId) {
        let finished = self.finished(subject_id);
        let Some(take_id) = self.phone.dice.pick(&finished) else { return };
        if self.phone.dice.chance(150) {
            self.phone.does(&Command::Choose { take_id });
        }
        if self.phone.dice.chance(if self.phone.faults.has(Fault::Forgetful) { 600 } else { 20 }) {
            self.done[subject] = true;
            return;
        }
        if self.phone.dice.chance(30) {
            let any: Vec<TakeId> = self
                .view()
                .run(subject_id)
                .into_iter()
                .flat_map(|run| &run.takes)
                .map(|take| take.id)
                .collect();
            let take_id = self.phone.dice.pick(&any).unwrap_or(take_id);
            let submission_id = self.phone.id().into();
            self.phone.does(&Command::Submit { subject_id, take_id, submission_id });
        }
        let submission_id = self.phone.id().into();
        let submit = Command::Submit { subject_id, take_id, submission_id };
        let accepted = self.phone.does(&submit);
        if self.phone.dice.chance(50) {
            let submission_id = self.phone.id().into();
            self.phone.does(&Command::Submit { subject_id, take_id, submission_id });
        }
        if self.phone.faults.has(Fault::TwoPhones) {
            let submission_id = self.phone.id().into();
            self.phone.other_asks(&Command::Submit { subject_id, take_id, submission_id });
        }
        if accepted && self.phone.dice.chance(300) {
            self.phone.wait(45_000);
            self.phone.footage(submission_id, DeliveryOutcome::Complete);
        }
    }

    /// What staff do, now and then.
    fn staff(&mut self) {
        let reason = || "现场情况".to_owned();
        let roll = self.phone.dice.between(0, 1_000);
        let subject_id: SubjectId = subject_id(self.phone.dice.below(self.rules.subjects.len())).into();
        match roll {
            0..10 => {
                let extra_ms = Millis(self.phone.dice.between(-1, 30) * MINUTE);
                self.phone.staff_ask(&Command::Grant { extra_ms, reason: reason() });
            }
            10..20 => self.phone.staff_ask(&Command::GrantAttempt { subject_id, reason: reason() }),
            20..28 => {
                self.phone.staff_ask(&Command::Suspend { reason: reason() });
                let pause = self.phone.dice.between(30_000, 20 * MINUTE);
                self.phone.wait(pause);
                if self.phone.dice.chance(950) {
                    self.phone.staff_ask(&Command::Resume);
                }
            }
            28..30 => self.phone.staff_ask(&Command::EndByStaff { reason: reason() }),
            30..34 => self.phone.staff_ask(&Command::ReleaseDevice { reason: reason() }),
            34..40 => {
                let outcome = yikao_domain::sitting::SignInOutcome::Refused;
                self.phone.staff_ask(&Command::NoteSignIn { device: "另一台".into(), outcome });
            }
            40..400 => self.phone.staff_ask(&Command::Tick),
            _ => {}
        }
    }

    /// Some go on trying until after the close.
    fn waits_for_the_close(&mut self) {
        if let Some(close) = self.view().closes_at().filter(|_| self.phone.dice.clone().chance(500)) {
            self.phone.now = self.phone.now.max(close.as_ms() - 1);
            let open = self.view().subjects.iter().find(|run| run.is_open()).map(|run| place(run.subject_id));
            if let Some(subject) = open {
                self.submits(subject, subject_id(subject).into());
                self.records(subject);
            }
        }
        while let Some(due) = self.phone.server.due().filter(|_| !self.view().is_closed()) {
            let late = self.phone.dice.between(0, 90_000);
            self.phone.now = self.phone.now.max(due + late);
            self.phone.staff_ask(&Command::Tick);
        }
    }

    /// Footage arrives in its time, or late, or never; ends may become known and late seals be judged.
    fn delivers(&mut self) {
        let pending: Vec<(SubmissionId, TakeId)> = self
            .view()
            .subjects
            .iter()
            .filter_map(|run| run.submission())
            .filter(|submission| submission.delivery.is_pending())
            .map(|submission| (submission.id, submission.take_id))
            .collect();
        let late = self.phone.faults.has(Fault::LateDelivery);
        for (submission, take_id) in pending {
            let within = self.rules.deliver_within;
            let delay = if late {
                self.phone.dice.between(0, 2 * within)
            } else {
                self.phone.dice.between(0, within / 4)
            };
            self.phone.wait(delay);
            self.tells_ends(take_id);
            if self.phone.faults.has(Fault::LateSeals) {
                let counts = self.phone.dice.chance(500);
                self.phone.staff_ask(&Command::JudgeLate { take_id, counts, reason: "断网".into() });
            }
            if !self.phone.dice.chance(if late { 300 } else { 5 }) {
                let damaged = self.phone.dice.chance(10);
                let outcome = if damaged { DeliveryOutcome::Damaged } else { DeliveryOutcome::Complete };
                self.phone.footage(submission, outcome);
            }
        }
    }

    fn time_runs_out(&mut self) {
        for _ in 0..20 {
            let Some(due) = self.phone.server.due() else { return };
            self.phone.now = self.phone.now.max(due);
            self.phone.staff_ask(&Command::Tick);
        }
    }

    /// A face check made now.
    fn looks(&mut self, subject_id: SubjectId) -> Option<FaceEvidence> {
        let check_id = self.phone.id().into();
        let at = Timestamp(self.phone.now);
        self.rules.faces.then_some(FaceEvidence { check_id, subject_id, at, flagged: false })
    }

    fn is_submittable(&self, subject_id: SubjectId) -> bool {
        self.view().run(subject_id).is_some_and(|run| matches!(run.state, RunState::Open { .. }))
    }
}
