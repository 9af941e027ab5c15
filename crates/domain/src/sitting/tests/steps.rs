//! Steps of candidates, phones, staff and time, sensible and senseless, for properties to hold after.

use proptest::prelude::*;
use proptest::test_runner::RngAlgorithm;

use super::world::*;
use crate::delivery::DeliveryOutcome;
use crate::id::{PartId, SubjectId, SubmissionId, TakeId};
use crate::policy::Act;
use crate::seal::Hash32;
use crate::sitting::*;
use crate::time::Millis;

/// One step: how much time passes, what is asked, and which of the things there are it is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) passes: Millis,
    pub(super) kind: u8,
    pub(super) which: usize,
    pub(super) amount: i64,
}

/// So many cases. The default generator, which nothing here needs, took more than half of the time.
pub(super) fn drawing(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_algorithm: RngAlgorithm::XorShift, ..ProptestConfig::default() }
}

/// Sixty steps at the most.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..60)
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let passes = prop_oneof![
        6 => Just(0_i64),
        20 => 0..20_000_i64,
        6 => 0..120_000_i64,
        2 => 0..900_000_i64,
        1 => 0..40_000_000_i64,
        1 => -60_000..0_i64,
    ];
    let kind = prop_oneof![
        60 => Just(SENSIBLE), 1 => Just(0_u8), 4 => Just(1), 4 => Just(2), 4 => Just(3), 8 => Just(4), 4 => Just(5),
        3 => Just(6), 14 => Just(7), 4 => Just(8), 3 => Just(9), 3 => Just(10), 2 => Just(11), 3 => Just(12),
        2 => Just(13), 1 => Just(14), 1 => Just(15), 5 => Just(16), 5 => Just(17), 4 => Just(18), 3 => Just(19),
        1 => Just(20), 1 => Just(21), 1 => Just(22), 3 => Just(23), 1 => Just(24),
    ];
    (passes, kind, any::<usize>(), 0..600_000_i64).prop_map(|(passes, kind, which, amount)| Step {
        passes: Millis(passes),
        kind,
        which,
        amount,
    })
}

/// What a candidate would do next.
const SENSIBLE: u8 = 100;

/// What there is in a sitting for a step to be about.
struct Things {
    subject_id: SubjectId,
    take_id: TakeId,
    part_id: PartId,
    finished: Option<TakeId>,
    submission_id: Option<SubmissionId>,
}

/// Things that exist where there are any; mostly the take under way, for that is where most can happen.
fn things(sitting: &Sitting, step: Step, new: uuid::Uuid) -> Things {
    fn pick<T: Copy>(all: &[T], which: usize) -> Option<T> {
        all.get(which.checked_rem(all.len())?).copied()
    }
    let takes: Vec<&Take> = sitting.subjects.iter().flat_map(|run| &run.takes).collect();
    let finished: Vec<TakeId> = takes.iter().filter(|take| take.is_finished()).map(|take| take.id).collect();
    let subjects: Vec<SubjectId> = sitting.subjects.iter().map(|run| run.subject_id).collect();
    let submissions: Vec<_> =
        sitting.subjects.iter().flat_map(|run| &run.submissions).map(|s| s.id).collect();
    let live = takes.iter().find(|take| take.is_live() && !step.which.is_multiple_of(8)).copied();
    let take = live.or_else(|| pick(&takes, step.which));
    Things {
        subject_id: pick(&subjects, step.which).unwrap(),
        take_id: take.map_or(new.into(), |take| take.id),
        part_id: take.and_then(|take| take.parts.last()).map_or(new.into(), |part| part.id),
        finished: pick(&finished, step.which),
        submission_id: pick(&submissions, step.which),
    }
}

fn sensible(world: &World, things: &Things, step: Step, new: uuid::Uuid, newer: uuid::Uuid) -> Command {
    let sitting = &world.sitting;
    match sitting.phase {
        Phase::Suspended { .. } => return Command::Resume,
        Phase::Waiting { .. } => return Command::Enter,
        _ => {}
    }
    if let Some((_, take)) = sitting.live_take() {
        let (take_id, part_id) = (take.id, take.parts.last().unwrap().id);
        return match take.state {
            TakeState::Recording { .. } => Command::FinishTake { take_id, parts: vec![end(part_id, 1)] },
            TakeState::Grace { act, .. } => returned(take_id, act),
            _ => Command::Beep { take_id, part_id },
        };
    }
    let unread = sitting.subjects.iter().find(|run| run.is_open() && run.paper.is_none());
    if let Some(run) = unread.filter(|_| new.as_u128().is_multiple_of(2)) {
        return Command::OpenPaper { subject_id: run.subject_id, seed: Hash32::of(new.as_bytes()) };
    }
    let mut open = sitting.subjects.iter().filter(|run| run.is_open());
    let ready = open.clone().find_map(|run| Some((run.subject_id, run.take_to_submit()?.id)));
    match (ready, open.next()) {
        (Some((subject_id, take_id)), _) if !new.as_u128().is_multiple_of(3) => {
            Command::Submit { subject_id, take_id, submission_id: new.into() }
        }
        (_, Some(run)) => start(world, run.subject_id, step, new, newer),
        _ => start(world, things.subject_id, step, new, newer),
    }
}

/// A start with a face check just made; now and then without one.
fn start(world: &World, subject_id: SubjectId, step: Step, new: uuid::Uuid, newer: uuid::Uuid) -> Command {
    let check = FaceEvidence { check_id: newer.into(), subject_id, at: world.now, flagged: false };
    let face = (!step.which.is_multiple_of(16)).then_some(check);
    Command::StartTake { subject_id, take_id: new.into(), part_id: newer.into(), face }
}

fn returned(take_id: TakeId, act: Act) -> Command {
    let interruption = Interruption { act, began_at_captured_ms: Millis(1), lasted_ms: Some(Millis(2)) };
    Command::Interrupt { take_id, interruption }
}

/// The command of a step.
pub(super) fn command(world: &mut World, step: Step) -> Command {
    let (new, newer) = (world.id(), world.id());
    let things = things(&world.sitting, step, new);
    if step.kind == SENSIBLE {
        return sensible(world, &things, step, new, newer);
    }
    let Things { subject_id, take_id, part_id, finished, submission_id } = things;
    let reason = "原因".to_owned();
    match step.kind {
        0 => Command::Enter,
        1 => start(world, subject_id, step, new, newer),
        2 => Command::Position { take_id },
        3 => Command::Beep { take_id, part_id },
        4 => Command::OpenPart {
            take_id,
            part_id: newer.into(),
            reason: REASONS[step.which % REASONS.len()],
            lasted_ms: step.which.is_multiple_of(2).then_some(Millis(step.amount / 10)),
            previous: vec![],
        },
        5 => Command::FinishTake { take_id, parts: vec![end(part_id, 1 + step.which as u64 % 2)] },
        6 => Command::FailTake { take_id, cause: reason },
        7 => Command::Interrupt {
            take_id,
            interruption: Interruption {
                act: Act::ALL[step.which % Act::ALL.len()],
                began_at_captured_ms: Millis(step.amount),
                lasted_ms: (step.amount % 2 == 0).then_some(Millis(step.amount / 10)),
            },
        },
        8 => Command::Choose { take_id: finished.unwrap_or(take_id) },
        9 => Command::Submit { subject_id, take_id: finished.unwrap_or(take_id), submission_id: new.into() },
        10 => Command::Skip { subject_id },
        11 => Command::Finish,
        23 => Command::OpenPaper { subject_id, seed: Hash32::of(new.as_bytes()) },
        24 => Command::NoteQuestion { take_id, shown: true, at_captured_ms: Millis(step.amount) },
        18 => Command::Deliver {
            submission_id: submission_id.unwrap_or(new.into()),
            outcome: [DeliveryOutcome::Complete, DeliveryOutcome::Damaged][step.which % 2],
        },
        _ => of_staff(world, step, subject_id, finished.unwrap_or(take_id)),
    }
}

/// What staff do, or time.
fn of_staff(world: &World, step: Step, subject_id: SubjectId, take_id: TakeId) -> Command {
    let reason = "原因".to_owned();
    match step.kind {
        12 => Command::Grant { extra_ms: Millis(step.amount), reason },
        13 => Command::GrantAttempt { subject_id, reason },
        14 => Command::EndByStaff { reason },
        15 => Command::Suspend { reason },
        16 => Command::Resume,
        17 => Command::Reopen { subject_id, until: world.now + Millis(step.amount * 6), reason },
        20 => Command::JudgeLate { take_id, counts: step.which.is_multiple_of(2), reason },
        21 => Command::ReleaseDevice { reason },
        22 => Command::NoteSignIn { device: "Pixel 8".into(), outcome: SignInOutcome::Asked },
        _ => Command::Tick,
    }
}

const REASONS: [PartReason; 4] =
    [PartReason::Reload, PartReason::QualityChanged, PartReason::PhoneChanged, PartReason::RecorderRestarted];
