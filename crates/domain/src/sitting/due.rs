//! What time does to a sitting by itself, and when.

use super::decide::DELIVERY_SETTLES_WITHIN;
use super::{Phase, Sitting, SubjectRun, TakeState};
use crate::delivery::Delivery;
use crate::id::{SubjectId, SubmissionId, TakeId};
use crate::time::{Millis, Timestamp};

/// Something that time does. The order decides between things due at the same moment: a take that reached its end
/// or the close is finished rather than lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    TakeLongest(TakeId),
    SittingClose,
    SubjectClose(SubjectId),
    GraceOver(TakeId),
    TakeSilent(TakeId),
    SuspensionLapse,
    DeliveryLapse(SubmissionId),
}

/// When time next changes the sitting by itself; a `Tick` is wanted then.
pub fn next_due(sitting: &Sitting) -> Option<Timestamp> {
    next(sitting).map(|(at, _)| at)
}

/// The next thing that time does, and when.
pub(super) fn next(sitting: &Sitting) -> Option<(Timestamp, Due)> {
    match sitting.phase {
        Phase::Waiting { entry_ends_at } => Some((entry_ends_at, Due::SittingClose)),
        Phase::Suspended { since, .. } => Some((since + SUSPENSION_LAPSES_AFTER, Due::SuspensionLapse)),
        Phase::Open { closes_at, .. } => running(sitting, closes_at),
        Phase::Reopened { until, .. } => running(sitting, until),
        Phase::Closed { .. } => delivery(sitting),
    }
}

/// How long a suspension may last before the sitting is closed.
pub const SUSPENSION_LAPSES_AFTER: Millis = Millis::hours(24);

fn running(sitting: &Sitting, closes_at: Timestamp) -> Option<(Timestamp, Due)> {
    let subjects =
        sitting.subjects.iter().filter_map(|run| Some((run.closes_at()?, Due::SubjectClose(run.subject_id))));
    let takes = sitting.subjects.iter().filter_map(SubjectRun::live_take).flat_map(|take| {
        let dues = match take.state {
            TakeState::Preparing { silent_at } | TakeState::Positioning { silent_at } => {
                [Some((silent_at, Due::TakeSilent(take.id))), None]
            }
            TakeState::Recording { max_ends_at, .. } => {
                [Some((max_ends_at, Due::TakeLongest(take.id))), None]
            }
            TakeState::Grace { max_ends_at, until, .. } => {
                [Some((max_ends_at, Due::TakeLongest(take.id))), Some((until, Due::GraceOver(take.id)))]
            }
            TakeState::Finished { .. } | TakeState::Lost { .. } => [None, None],
        };
        dues.into_iter().flatten()
    });
    subjects.chain(takes).chain([(closes_at, Due::SittingClose)]).min()
}

fn delivery(sitting: &Sitting) -> Option<(Timestamp, Due)> {
    let lapses_at = sitting.deliver_until? + DELIVERY_SETTLES_WITHIN;
    let mut submissions = sitting.subjects.iter().flat_map(|run| &run.submissions);
    let pending = submissions.find(|submission| submission.delivery == Delivery::Pending)?;
    Some((lapses_at, Due::DeliveryLapse(pending.id)))
}
