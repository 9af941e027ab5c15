//! Commands into events.

mod close;
mod device;
mod interrupt;
mod paper;
mod staff;
mod submit;
mod take;
mod time;

use super::{
    Command, Context, Created, Event, Phase, Recorded, RunState, SCHEMA_VERSION, Seed, Sitting,
    SubjectContext, SubjectRun, Take,
};
use crate::exam::Order;
use crate::id::{DeviceId, SubjectId, TakeId};
use crate::refusal::{Refusal, RefusalCode};
use crate::time::{Millis, Timestamp};

pub use super::due::SUSPENSION_LAPSES_AFTER;

/// How long past `position_ms` a reserved attempt may stay silent before it counts.
pub const RESERVATION_MARGIN: Millis = Millis::seconds(60);

/// How long a face check lets a take begin.
pub const FACE_FRESH: Millis = Millis::minutes(2);

/// How many recorder failures before the beep give the attempt back, per subject; later ones count.
pub const RETURNED_TAKES_MAX: u32 = 20;

/// How many parts a take may have altogether, changes of quality included.
pub const PARTS_MAX: usize = 64;

/// The most time that staff can grant at once.
pub const GRANT_MAX: Millis = Millis::hours(24);

/// After `deliver_until`, how long the server has to establish that what arrived in time is complete.
pub const DELIVERY_SETTLES_WITHIN: Millis = Millis::seconds(60);

/// Creates a sitting that waits to be entered.
///
/// # Errors
/// `subject.not_found` if the seed has fewer run ids than the major has subjects.
pub fn create(ctx: &Context, seed: &Seed, now: Timestamp) -> Result<(Sitting, Recorded), Refusal> {
    if seed.runs.len() < ctx.subjects.len() {
        return Err(RefusalCode::SubjectNotFound.into());
    }
    let subjects = ctx.subjects.iter().map(|subject| subject.id).zip(seed.runs.iter().copied()).collect();
    let created = Created {
        id: seed.id,
        enrolment_id: seed.enrolment_id,
        revision_id: seed.revision_id,
        major_id: ctx.major_id,
        session_id: ctx.session.id,
        kind: ctx.session.kind,
        entry_ends_at: ctx.session.entry_ends_at(),
        subjects,
    };
    let event = Event::Created(created);
    let recorded = Recorded { seq: 1, at: now, schema_version: SCHEMA_VERSION, event };
    let sitting = Sitting::created(&recorded).ok_or(RefusalCode::SittingNotFound)?;
    Ok((sitting, recorded))
}

/// The events that a command leads to, those of the time that passed before it first.
///
/// # Errors
/// The rule that says no. What time did is then not among the events; a `Tick` gives it.
pub fn decide(
    sitting: &Sitting,
    command: &Command,
    ctx: &Context,
    now: Timestamp,
) -> Result<Vec<Recorded>, Refusal> {
    handle(sitting, command, ctx, now).map(|(_, events)| events)
}

/// Like [`decide`], with the state that the events lead to.
///
/// # Errors
/// As [`decide`].
pub fn handle(
    sitting: &Sitting,
    command: &Command,
    ctx: &Context,
    now: Timestamp,
) -> Result<(Sitting, Vec<Recorded>), Refusal> {
    handle_by(sitting, None, command, ctx, now)
}

/// Like [`handle`], for a command that comes from a device; staff and time have none.
///
/// # Errors
/// As [`decide`]; `sitting.other_device`, `sitting.other_device_records`.
pub fn handle_by(
    sitting: &Sitting,
    device: Option<DeviceId>,
    command: &Command,
    ctx: &Context,
    now: Timestamp,
) -> Result<(Sitting, Vec<Recorded>), Refusal> {
    let now = now.max(sitting.last_at);
    let mut course =
        Course { state: sitting.clone(), ctx, now, before: sitting.device_id, events: Vec::new() };
    course.pass_time();
    if let Some(device) = device {
        course.drive(device, command)?;
    }
    course.obey(command)?;
    course.pass_time();
    Ok((course.state, course.events))
}

/// A sitting while a command is being decided: every event is applied at once, so that rules see the latest state.
struct Course<'a> {
    state: Sitting,
    ctx: &'a Context,
    now: Timestamp,
    /// The device that drove it when the command came.
    before: Option<DeviceId>,
    events: Vec<Recorded>,
}

impl<'a> Course<'a> {
    fn obey(&mut self, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::Tick => Ok(()),
            Command::Enter => self.enter(),
            Command::OpenPaper { subject_id, seed } => self.open_paper(*subject_id, *seed),
            Command::StartTake { subject_id, take_id, part_id, face } => {
                self.start_take(*subject_id, *take_id, *part_id, *face)
            }
            Command::Position { take_id } => self.position(*take_id),
            Command::Beep { take_id, part_id } => self.beep(*take_id, *part_id),
            Command::OpenPart { take_id, part_id, reason, lasted_ms, previous } => {
                let reason = self.true_reason(self.before, *reason);
                self.open_part(*take_id, *part_id, reason, *lasted_ms, previous)
            }
            Command::FinishTake { take_id, parts } => self.finish_take(*take_id, parts),
            Command::FailTake { take_id, .. } => self.fail_take(*take_id),
            Command::Interrupt { take_id, interruption } => self.interrupt(*take_id, interruption),
            Command::NoteQuestion { take_id, shown, at_captured_ms } => {
                self.note_question(*take_id, *shown, *at_captured_ms)
            }
            Command::Choose { take_id } => self.choose(*take_id),
            Command::Submit { subject_id, take_id, submission_id } => {
                self.submit(*subject_id, *take_id, *submission_id)
            }
            Command::Skip { subject_id } => self.skip(*subject_id),
            Command::Finish => self.finish(),
            Command::Grant { extra_ms, reason } => self.grant(*extra_ms, reason),
            Command::GrantAttempt { subject_id, reason } => self.grant_attempt(*subject_id, reason),
            Command::JudgeLate { take_id, counts, reason } => self.judge_late(*take_id, *counts, reason),
            Command::Suspend { reason } => self.suspend(reason),
            Command::Resume => self.resume(),
            Command::Reopen { subject_id, until, reason } => self.reopen(*subject_id, *until, reason),
            Command::EndByStaff { reason } => self.end_by_staff(reason),
            Command::NoteSignIn { device, outcome } => {
                self.note_sign_in(device, *outcome);
                Ok(())
            }
            Command::ReleaseDevice { reason } => self.release_device(reason),
            Command::Deliver { submission_id, outcome } => self.deliver(*submission_id, *outcome),
        }
    }

    /// The clock starts (K2, K3).
    fn enter(&mut self) -> Result<(), Refusal> {
        match self.state.phase {
            Phase::Waiting { .. } => {}
            Phase::Closed { closed_at, .. } => return Err(closed(closed_at)),
            _ => return Err(RefusalCode::SittingAlreadyEntered.into()),
        }
        self.ctx.session.entry(self.now)?;
        let closes_at = self.ctx.session.clock_ends_at(&self.ctx.policy, self.now) + self.state.granted_ms;
        let deliver_until = closes_at + self.ctx.policy.deliver_within_ms;
        self.record(Event::Entered { closes_at, deliver_until });
        if self.ctx.order == Order::Fixed {
            for subject in self.ctx.subjects.iter().skip(1) {
                self.record(Event::SubjectWaits { subject_id: subject.id });
            }
        }
        self.go_on();
        Ok(())
    }

    /// Opens what comes next, and closes the sitting when every subject is over.
    fn go_on(&mut self) {
        if matches!(self.state.phase, Phase::Open { .. }) {
            self.skip_surplus_electives();
            for subject in self.next_to_open() {
                let closes_at = subject.duration_ms.map(|duration| self.now + duration);
                self.record(Event::SubjectOpened { subject_id: subject.id, closes_at });
            }
        }
        if self.state.is_open() && self.state.subjects.iter().all(SubjectRun::is_over) {
            self.close(super::CloseCause::SubjectsOver);
        }
    }

    fn next_to_open(&self) -> Vec<&'a SubjectContext> {
        let waiting = |subject: &&SubjectContext| {
            let state = self.state.run(subject.id).map(|run| run.state);
            matches!(state, Some(RunState::Pending | RunState::Waiting))
        };
        let at_once = match self.ctx.order {
            Order::Free => usize::MAX,
            Order::Fixed => usize::from(!self.state.subjects.iter().any(SubjectRun::is_open)),
        };
        self.ctx.subjects.iter().filter(waiting).take(at_once).collect()
    }

    fn record(&mut self, event: Event) {
        let seq = self.state.version + 1;
        let recorded = Recorded { seq, at: self.now, schema_version: SCHEMA_VERSION, event };
        self.state.apply(&recorded);
        self.events.push(recorded);
    }

    fn run(&self, subject_id: SubjectId) -> Result<&SubjectRun, Refusal> {
        self.state.run(subject_id).ok_or_else(|| RefusalCode::SubjectNotFound.into())
    }

    fn take(&self, take_id: TakeId) -> Result<(&SubjectRun, &Take), Refusal> {
        self.state.take(take_id).ok_or_else(|| RefusalCode::TakeNotFound.into())
    }

    /// Candidates can act: the sitting is entered, not stopped, not over.
    fn require_open(&self) -> Result<(), Refusal> {
        match self.state.phase {
            Phase::Open { .. } | Phase::Reopened { .. } => Ok(()),
            Phase::Waiting { .. } => Err(RefusalCode::SittingNotEntered.into()),
            Phase::Suspended { .. } => Err(RefusalCode::SittingSuspended.into()),
            Phase::Closed { closed_at, .. } => Err(closed(closed_at)),
        }
    }

    /// The subject whose end the given one waits for, by name.
    fn turn(&self) -> Refusal {
        let open = self
            .ctx
            .subjects
            .iter()
            .find(|subject| self.state.run(subject.id).is_some_and(SubjectRun::is_open));
        Refusal::new(RefusalCode::SubjectTurn)
            .with("before", open.map_or("", |subject| subject.name.as_str()))
    }
}

fn closed(closed_at: Timestamp) -> Refusal {
    Refusal::new(RefusalCode::SittingClosed).at("closed_at", closed_at)
}
