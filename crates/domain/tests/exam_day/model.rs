//! The rules once more, told apart from the code under test: a ledger that hears the same commands at the same times
//! and says by itself what is accepted and what happens. It shares ids, commands and acts with that code, no rules.

mod answers;
mod staff;
mod takes;
mod time;

use yikao_domain::delivery::DeliveryOutcome;
use yikao_domain::id::{DeviceId, FaceCheckId, PartId, SubmissionId, TakeId};
use yikao_domain::policy::Act;
use yikao_domain::seal::Hash32;
use yikao_domain::sitting::{Command, Outcome};
use yikao_domain::time::Millis;

use crate::facts::{At, Fact};
use crate::rules::{Rules, SubjectRules, subject_id};

/// Why a command is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct No(pub(crate) &'static str);

type Answer = Result<(), No>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Before,
    Open,
    Stopped { since: i64 },
    Over,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    NotYet,
    Open { own_close: Option<i64> },
    Submitted,
    Skipped,
    Failed,
    Missed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Reserved; it counts if nothing is heard until then.
    Reserved {
        silent: i64,
        positioned: bool,
    },
    /// From the beep on.
    Runs {
        ends: i64,
    },
    /// Interrupted, and back until then or it costs what the act costs.
    Interrupted {
        ends: i64,
        act: Act,
        until: i64,
    },
    Finished,
    Lost {
        counted: bool,
    },
}

#[derive(Debug, Clone)]
struct LedgerTake {
    id: TakeId,
    fate: Fate,
    acts: [u32; 6],
    parts: Vec<LedgerPart>,
    judged: Option<bool>,
}

#[derive(Debug, Clone)]
struct LedgerPart {
    id: PartId,
    /// Whether it counts for the limit of parts.
    counts: bool,
    end: Option<(u64, Hash32)>,
}

#[derive(Debug, Clone)]
struct Subject {
    standing: Standing,
    extra: u32,
    takes: Vec<LedgerTake>,
    chosen: Option<TakeId>,
    submission: Option<Answered>,
}

#[derive(Debug, Clone, Copy)]
struct Answered {
    id: Option<SubmissionId>,
    outcome: Option<DeliveryOutcome>,
}

/// What the model knows of one candidate's sitting.
#[derive(Debug, Clone)]
pub(crate) struct Ledger<'a> {
    rules: &'a Rules,
    now: i64,
    last: i64,
    stage: Stage,
    entered: bool,
    closes: i64,
    deliver_until: i64,
    granted: i64,
    device: Option<DeviceId>,
    subjects: Vec<Subject>,
    faces_used: Vec<FaceCheckId>,
    facts: Vec<At>,
}

/// What the model says to a command.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) no: Option<No>,
    pub(crate) facts: Vec<At>,
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(rules: &'a Rules) -> Self {
        let subject = |_: &SubjectRules| Subject {
            standing: Standing::NotYet,
            extra: 0,
            takes: Vec::new(),
            chosen: None,
            submission: None,
        };
        Self {
            rules,
            now: i64::MIN,
            last: i64::MIN,
            stage: Stage::Before,
            entered: false,
            closes: rules.closes,
            deliver_until: i64::MAX,
            granted: 0,
            device: None,
            subjects: rules.subjects.iter().map(subject).collect(),
            faces_used: Vec::new(),
            facts: Vec::new(),
        }
    }

    /// Hears a command; one that is not accepted leaves no trace, not even of the time that passed.
    pub(crate) fn hear(&mut self, at: i64, device: Option<DeviceId>, command: &Command) -> Said {
        let before = self.clone();
        self.now = at.max(self.last);
        self.pass_time();
        let known = self.device;
        let answer = self.drive(device, command).and_then(|()| self.obey(known, command));
        if let Err(no) = answer {
            *self = before;
            return Said { no: Some(no), facts: Vec::new() };
        }
        self.pass_time();
        Said { no: None, facts: std::mem::take(&mut self.facts) }
    }

    /// Whether footage that arrives now is taken.
    pub(crate) fn takes_footage(&self, at: i64) -> bool {
        self.stage != Stage::Over || !self.entered || at < self.deliver_until
    }

    fn obey(&mut self, known: Option<DeviceId>, command: &Command) -> Answer {
        match command {
            Command::Tick => Ok(()),
            Command::Enter => self.enter(),
            Command::StartTake { subject_id, take_id, part_id, face } => {
                self.start(self.place(*subject_id.as_uuid())?, *take_id, *part_id, *face)
            }
            Command::Position { take_id } => self.position(*take_id),
            Command::Beep { take_id, part_id } => self.beep(*take_id, *part_id),
            Command::OpenPart { take_id, part_id, reason, lasted_ms, previous } => {
                let reason = self.true_reason(known, *reason);
                self.open_part(*take_id, *part_id, reason, lasted_ms.map(Millis::as_ms), previous)
            }
            Command::FinishTake { take_id, parts } => self.finish_take(*take_id, parts),
            Command::FailTake { take_id, .. } => self.fail_take(*take_id),
            Command::Interrupt { take_id, interruption } => self.interrupt(*take_id, interruption),
            Command::Choose { take_id } => self.choose(*take_id),
            Command::Submit { subject_id, take_id, submission_id } => {
                self.submit(self.place(*subject_id.as_uuid())?, *take_id, *submission_id)
            }
            Command::Skip { subject_id } => self.skip(self.place(*subject_id.as_uuid())?),
            Command::Finish => self.finish(),
            _ => self.obey_staff(command),
        }
    }

    fn place(&self, subject: uuid::Uuid) -> Result<usize, No> {
        (0..self.subjects.len()).find(|at| subject_id(*at) == subject).ok_or(No("no such subject"))
    }

    fn note(&mut self, fact: Fact) {
        self.facts.push((self.now, fact));
        self.last = self.now;
    }

    /// The clock starts, and never stops.
    fn enter(&mut self) -> Answer {
        let rules = self.rules;
        no_unless(self.stage == Stage::Before, "entered or over")?;
        no_unless(self.now >= crate::rules::NINE && self.now < rules.entry_ends, "not the time to enter")?;
        let clock = match rules.clock {
            None => rules.closes,
            Some(clock) if rules.full => self.now + clock,
            Some(clock) => rules.closes.min(self.now + clock),
        };
        self.closes = clock + self.granted;
        self.deliver_until = self.closes + rules.deliver_within;
        (self.stage, self.entered) = (Stage::Open, true);
        self.note(Fact::Entered { closes: self.closes, deliver_until: self.deliver_until });
        let waiting = if rules.in_order { 1..self.subjects.len() } else { 0..0 };
        waiting.for_each(|subject| self.note(Fact::Waits { subject }));
        self.go_on();
        Ok(())
    }

    /// What follows when a subject is over: the next opens, electives without a place go, an exam with nothing left
    /// ends.
    fn go_on(&mut self) {
        if self.stage == Stage::Open {
            self.drop_surplus();
            let waiting: Vec<usize> = self.places(|subject| subject.standing == Standing::NotYet).collect();
            let opens = match (self.rules.in_order, self.places(is_open).next()) {
                (false, _) => waiting.len(),
                (true, None) => 1,
                (true, Some(_)) => 0,
            };
            waiting.into_iter().take(opens).for_each(|subject| self.open(subject));
            if self.places(|subject| !is_over(subject)).next().is_none() {
                self.end(Ending::NothingLeft);
            }
        }
    }

    fn open(&mut self, subject: usize) {
        let own_close = self.rules.subjects[subject].clock.map(|clock| self.now + clock);
        self.subjects[subject].standing = Standing::Open { own_close };
        self.note(Fact::Opened { subject, closes: own_close });
    }

    fn places(&self, is: impl Fn(&Subject) -> bool) -> impl Iterator<Item = usize> {
        self.subjects.iter().enumerate().filter(move |(_, subject)| is(subject)).map(|(at, _)| at)
    }

    /// The sitting can be acted on by its candidate.
    fn must_be_open(&self) -> Answer {
        no_unless(self.stage == Stage::Open, "the sitting is not open")
    }
}

/// Why a sitting ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Time,
    NothingLeft,
    Wish,
    Interruption,
    Staff,
    /// Stopped, and never let go on.
    Forgotten,
}

const fn is_open(subject: &Subject) -> bool {
    matches!(subject.standing, Standing::Open { .. })
}

const fn is_over(subject: &Subject) -> bool {
    !matches!(subject.standing, Standing::Open { .. } | Standing::NotYet)
}

fn no_unless(holds: bool, why: &'static str) -> Answer {
    if holds { Ok(()) } else { Err(No(why)) }
}

impl LedgerTake {
    const fn is_live(&self) -> bool {
        !matches!(self.fate, Fate::Finished | Fate::Lost { .. })
    }

    const fn has_begun(&self) -> bool {
        matches!(self.fate, Fate::Runs { .. } | Fate::Interrupted { .. })
    }

    fn is_finished(&self) -> bool {
        self.fate == Fate::Finished
    }
}

impl Subject {
    fn attempts_left(&self, rules: &SubjectRules) -> usize {
        let used = self.takes.iter().filter(|take| take.fate != Fate::Lost { counted: false }).count();
        (rules.attempts + self.extra) as usize - used
    }
}

/// How the exam ended for its candidate.
const fn by(ending: Ending, complete: bool, entered: bool, failed: bool) -> Outcome {
    match ending {
        Ending::Staff => Outcome::EndedByStaff,
        Ending::Interruption => Outcome::EndedByRule,
        _ if complete => Outcome::Completed,
        _ if !entered => Outcome::Missed,
        Ending::Forgotten => Outcome::EndedByStaff,
        _ if failed => Outcome::EndedByRule,
        _ => Outcome::Abandoned,
    }
}
