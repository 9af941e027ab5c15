//! The code under test behind a line: it hears commands, answers each id once, and is held against the model.

use std::collections::BTreeSet;

use yikao_domain::delivery::DeliveryOutcome;
use yikao_domain::id::{DeviceId, SubmissionId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::sitting::{
    Command, Context, Event, Recorded, Seed, Sitting, SubmittedBy, create, handle_by, next_due,
};
use yikao_domain::time::Timestamp;

use crate::audit::audit;
use crate::facts::{At, Fact, Reader, place};
use crate::model::Ledger;
use crate::report::{Counts, Rule, Violation};
use crate::rules::{NINE, Rules};

/// What the model is told: the answer, and the events that came of it.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) refused: Option<RefusalCode>,
    pub(crate) events: Vec<Recorded>,
}

/// Changes what the model is told, to see that it notices.
pub(crate) type Tamper = fn(&Command, &mut Heard);

pub(crate) struct Server<'a> {
    pub(crate) sitting: Sitting,
    context: &'a Context,
    rules: &'a Rules,
    log: Vec<Recorded>,
    answered: Vec<(u64, Result<(), RefusalCode>)>,
    ledger: Ledger<'a>,
    reader: Reader,
    record: Vec<At>,
    tamper: Option<Tamper>,
    pub(crate) counts: Counts,
    pub(crate) violations: Vec<Violation>,
    /// What happened, in lines; only for a replay.
    pub(crate) lines: Option<Vec<String>>,
}

impl<'a> Server<'a> {
    pub(crate) fn new(rules: &'a Rules, context: &'a Context, number: u64, tamper: Option<Tamper>) -> Self {
        let id = |of: u128| uuid::Uuid::from_u128((of << 64) | u128::from(number));
        let seed = Seed {
            id: id(3).into(),
            enrolment_id: id(4).into(),
            revision_id: id(5).into(),
            runs: (6..).take(rules.subjects.len()).map(|of| id(of).into()).collect(),
        };
        let (sitting, created) = create(context, &seed, Timestamp(NINE - 86_400_000)).unwrap();
        Self {
            sitting,
            context,
            rules,
            log: vec![created],
            answered: Vec::new(),
            ledger: Ledger::new(rules),
            reader: Reader::default(),
            record: Vec::new(),
            tamper,
            counts: Counts { candidates: 1, ..Counts::default() },
            violations: Vec::new(),
            lines: None,
        }
    }

    /// Answers a command; the same id again gets the same answer.
    pub(crate) fn hear(
        &mut self,
        at: i64,
        device: Option<DeviceId>,
        id: u64,
        command: &Command,
    ) -> Result<(), RefusalCode> {
        if let Some((_, answer)) = self.answered.iter().find(|(known, _)| *known == id) {
            return *answer;
        }
        self.counts.commands += 1;
        let decided = handle_by(&self.sitting, device, command, self.context, Timestamp(at));
        let (answer, events) = match decided {
            Ok((sitting, events)) => {
                self.sitting = sitting;
                self.log.extend(events.iter().cloned());
                (Ok(()), events)
            }
            Err(refusal) => {
                self.counts.refused += 1;
                (Err(refusal.code), Vec::new())
            }
        };
        self.answered.push((id, answer));
        self.compare(at, device, command, Heard { refused: answer.err(), events });
        answer
    }

    fn compare(&mut self, at: i64, device: Option<DeviceId>, command: &Command, mut heard: Heard) {
        if let Some(tamper) = self.tamper {
            tamper(command, &mut heard);
        }
        let facts = self.reader.facts(&heard.events);
        for (_, fact) in &facts {
            self.counts.add_fact(fact);
        }
        if let Some(lines) = &mut self.lines {
            lines.push(format!("{at} {device:?} {command:?}"));
            lines.push(format!("    refused: {:?}  facts: {facts:?}", heard.refused));
        }
        self.record.extend(&facts);
        if !self.violations.is_empty() {
            return;
        }
        let said = self.ledger.hear(at, device, command);
        for recorded in &heard.events {
            if let Event::Submitted { subject_id, submission_id, by: SubmittedBy::Rule, .. } = recorded.event
            {
                self.ledger.learn(place(subject_id), submission_id);
            }
        }
        let found = match (&said.no, heard.refused) {
            (Some(no), None) => Some((of_command(command), format!("accepted: {command:?}; but {}", no.0))),
            (None, Some(code)) => {
                Some((of_command(command), format!("refused: {command:?} with {}", code.code())))
            }
            _ => difference(&said.facts, &facts),
        };
        self.violations.extend(found.map(|(rule, text)| Violation { rule, by: "ledger", text }));
    }

    /// Footage of a submission is complete, or came to nothing, by now.
    pub(crate) fn footage(
        &mut self,
        at: i64,
        id: u64,
        submission_id: SubmissionId,
        outcome: DeliveryOutcome,
    ) {
        // What time did is known before anything is taken in.
        let _ = self.hear(at, None, id, &Command::Tick);
        let taken = self.sitting.delivery_is_open(Timestamp(at));
        if taken != self.ledger.takes_footage(at) && self.violations.is_empty() {
            let text = format!("footage at {at}, taken: {taken}");
            self.violations.push(Violation { rule: Rule::Delivery, by: "ledger", text });
        }
        if taken {
            let _ = self.hear(at, None, id + 1, &Command::Deliver { submission_id, outcome });
        }
    }

    /// When time next does something by itself.
    pub(crate) fn due(&self) -> Option<i64> {
        next_due(&self.sitting).map(Timestamp::as_ms)
    }

    /// What kinds of things happened.
    pub(crate) fn kinds(&self) -> BTreeSet<String> {
        let name = |fact: &Fact| format!("{fact:?}").split([' ', '{']).next().unwrap_or_default().to_owned();
        self.record.iter().map(|(_, fact)| name(fact)).collect()
    }

    /// The whole record, looked at once more.
    pub(crate) fn close_the_books(&mut self) {
        let replayed = Sitting::replay(&self.log).ok();
        if replayed.as_ref() != Some(&self.sitting) {
            let text = "the log does not lead to the state".to_owned();
            self.violations.push(Violation { rule: Rule::Log, by: "audit", text });
        }
        self.violations.extend(audit(self.rules, &self.record));
        self.counts.violations = self.violations.len() as u64;
    }
}

/// The first difference between what was foreseen and what happened.
fn difference(foreseen: &[At], happened: &[At]) -> Option<(Rule, String)> {
    let longer = foreseen.len().max(happened.len());
    let at = (0..longer).find(|at| foreseen.get(*at) != happened.get(*at))?;
    let (foreseen, happened) = (foreseen.get(at), happened.get(at));
    let rule = foreseen.or(happened).map_or(Rule::Log, |(_, fact)| Rule::of(fact));
    Some((rule, format!("foreseen {foreseen:?}, happened {happened:?}")))
}

const fn of_command(command: &Command) -> Rule {
    match command {
        Command::StartTake { .. } | Command::Beep { .. } | Command::GrantAttempt { .. } => Rule::Attempts,
        Command::Position { .. }
        | Command::OpenPart { .. }
        | Command::FinishTake { .. }
        | Command::FailTake { .. }
        | Command::Interrupt { .. } => Rule::Takes,
        Command::Choose { .. } | Command::Submit { .. } | Command::Skip { .. } => Rule::Answers,
        Command::Deliver { .. } => Rule::Delivery,
        Command::ReleaseDevice { .. } | Command::NoteSignIn { .. } | Command::JudgeLate { .. } => {
            Rule::Phones
        }
        _ => Rule::Clock,
    }
}
