//! What happened to a sitting, in words that the server's events and the model's ledger share.

use yikao_domain::delivery::{Delivery, DeliveryOutcome};
use yikao_domain::id::{DeviceId, PartId, SubjectId, SubmissionId, TakeId};
use yikao_domain::policy::Act;
use yikao_domain::sitting::{Event, Outcome, Recorded, SubmittedBy};
use yikao_domain::time::Timestamp;

use crate::rules::subject_id;

/// More subjects than any exam of the day has.
const SUBJECTS_MAX: usize = 16;

/// Something that happened; subjects go by their place in the exam.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    Entered {
        closes: i64,
        deliver_until: i64,
    },
    Waits {
        subject: usize,
    },
    Opened {
        subject: usize,
        closes: Option<i64>,
    },
    Started {
        subject: usize,
        take: TakeId,
        number: usize,
        silent: i64,
    },
    Positioned {
        take: TakeId,
        silent: i64,
    },
    Beeped {
        take: TakeId,
        ends: i64,
    },
    Part {
        take: TakeId,
        part: PartId,
    },
    EndsKnown {
        take: TakeId,
        parts: usize,
    },
    Noted {
        take: TakeId,
        act: Act,
    },
    Grace {
        take: TakeId,
        until: i64,
    },
    WentOn {
        take: TakeId,
    },
    Finished {
        take: TakeId,
    },
    Lost {
        take: TakeId,
        counted: bool,
    },
    Chosen {
        take: TakeId,
    },
    Submitted {
        subject: usize,
        take: TakeId,
        by_rule: bool,
    },
    Skipped {
        subject: usize,
    },
    Failed {
        subject: usize,
    },
    Missed {
        subject: usize,
    },
    Granted {
        closes: i64,
        deliver_until: i64,
    },
    GrantedAhead {
        extra: i64,
    },
    AttemptGranted {
        subject: usize,
    },
    Judged {
        take: TakeId,
        counts: bool,
    },
    Suspended,
    Resumed {
        closes: i64,
        deliver_until: i64,
    },
    Closed {
        outcome: Outcome,
        deliver_until: Option<i64>,
    },
    Device {
        device: DeviceId,
    },
    DeviceReleased,
    SignIn,
    Delivered {
        subject: usize,
        outcome: DeliveryOutcome,
    },
    /// What this day never asks for.
    Other,
}

/// When, and what.
pub(crate) type At = (i64, Fact);

/// Reads events as facts; remembers which subject a submission is of.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    submissions: Vec<(SubmissionId, usize)>,
}

impl Reader {
    pub(crate) fn facts(&mut self, events: &[Recorded]) -> Vec<At> {
        events.iter().map(|recorded| (recorded.at.as_ms(), self.fact(&recorded.event))).collect()
    }

    fn fact(&mut self, event: &Event) -> Fact {
        if let Event::Submitted { subject_id, submission_id, .. } = event {
            self.submissions.push((*submission_id, place(*subject_id)));
        }
        match event {
            Event::Delivered { submission_id, delivery } => self.delivered(*submission_id, *delivery),
            _ => fact(event),
        }
    }

    fn delivered(&self, id: SubmissionId, delivery: Delivery) -> Fact {
        let known = self.submissions.iter().find(|(submission, _)| *submission == id);
        match (known, delivery.outcome()) {
            (Some((_, subject)), Some(outcome)) => Fact::Delivered { subject: *subject, outcome },
            _ => Fact::Other,
        }
    }
}

/// The place of a subject in its exam.
pub(crate) fn place(subject: SubjectId) -> usize {
    (0..SUBJECTS_MAX).find(|at| subject_id(*at) == *subject.as_uuid()).unwrap_or(usize::MAX)
}

fn fact(event: &Event) -> Fact {
    match event {
        Event::TakeStarted { .. }
        | Event::TakePositioned { .. }
        | Event::Beeped { .. }
        | Event::PartOpened { .. }
        | Event::PartsEnded { .. }
        | Event::Interrupted { .. }
        | Event::GraceBegan { .. }
        | Event::TakeResumed { .. }
        | Event::TakeFinished { .. }
        | Event::TakeLost { .. }
        | Event::LateJudged { .. } => of_take(event),
        Event::SubjectWaits { subject_id } => Fact::Waits { subject: place(*subject_id) },
        Event::SubjectOpened { subject_id, closes_at } => {
            Fact::Opened { subject: place(*subject_id), closes: closes_at.map(Timestamp::as_ms) }
        }
        Event::TakeChosen { take_id, .. } => Fact::Chosen { take: *take_id },
        Event::Submitted { subject_id, take_id, by, .. } => {
            Fact::Submitted { subject: place(*subject_id), take: *take_id, by_rule: *by == SubmittedBy::Rule }
        }
        Event::SubjectSkipped { subject_id } => Fact::Skipped { subject: place(*subject_id) },
        Event::SubjectFailed { subject_id, .. } => Fact::Failed { subject: place(*subject_id) },
        Event::SubjectMissed { subject_id } => Fact::Missed { subject: place(*subject_id) },
        Event::AttemptGranted { subject_id, .. } => Fact::AttemptGranted { subject: place(*subject_id) },
        _ => of_sitting(event),
    }
}

fn of_take(event: &Event) -> Fact {
    match event {
        Event::TakeStarted { subject_id, take_id, number, silent_at, .. } => Fact::Started {
            subject: place(*subject_id),
            take: *take_id,
            number: *number as usize,
            silent: silent_at.as_ms(),
        },
        Event::TakePositioned { take_id, silent_at } => {
            Fact::Positioned { take: *take_id, silent: silent_at.as_ms() }
        }
        Event::Beeped { take_id, max_ends_at, .. } => {
            Fact::Beeped { take: *take_id, ends: max_ends_at.as_ms() }
        }
        Event::PartOpened { take_id, part_id, .. } => Fact::Part { take: *take_id, part: *part_id },
        Event::PartsEnded { take_id, parts } => Fact::EndsKnown { take: *take_id, parts: parts.len() },
        Event::Interrupted { take_id, interruption } => Fact::Noted { take: *take_id, act: interruption.act },
        Event::GraceBegan { take_id, until, .. } => Fact::Grace { take: *take_id, until: until.as_ms() },
        Event::TakeResumed { take_id } => Fact::WentOn { take: *take_id },
        Event::TakeFinished { take_id, .. } => Fact::Finished { take: *take_id },
        Event::TakeLost { take_id, counted, .. } => Fact::Lost { take: *take_id, counted: *counted },
        Event::LateJudged { take_id, counts, .. } => Fact::Judged { take: *take_id, counts: *counts },
        _ => Fact::Other,
    }
}

fn of_sitting(event: &Event) -> Fact {
    match event {
        Event::Entered { closes_at, deliver_until } => {
            Fact::Entered { closes: closes_at.as_ms(), deliver_until: deliver_until.as_ms() }
        }
        Event::Granted { closes_at, deliver_until, .. } => {
            Fact::Granted { closes: closes_at.as_ms(), deliver_until: deliver_until.as_ms() }
        }
        Event::GrantedAhead { extra_ms, .. } => Fact::GrantedAhead { extra: extra_ms.as_ms() },
        Event::Suspended { .. } => Fact::Suspended,
        Event::Resumed { closes_at, deliver_until, .. } => {
            Fact::Resumed { closes: closes_at.as_ms(), deliver_until: deliver_until.as_ms() }
        }
        Event::Closed { outcome, deliver_until, .. } => {
            Fact::Closed { outcome: *outcome, deliver_until: deliver_until.map(Timestamp::as_ms) }
        }
        Event::DeviceTaken { device_id } => Fact::Device { device: *device_id },
        Event::DeviceReleased { .. } => Fact::DeviceReleased,
        Event::SecondSignIn(_) => Fact::SignIn,
        _ => Fact::Other,
    }
}
