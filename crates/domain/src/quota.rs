//! How much footage a sitting may bring, from its own rules with ample headroom: no phone that records as the exam
//! asks comes near it, and nobody fills the storage with a right to send.
//!
//! A quota that is reached refuses the next take, where nobody is hurt. A take that runs may always be finished: it
//! has twice the room, its seals are witnessed even where its bytes have to wait on the phone, and an attempt that
//! staff grant makes room for them.

use crate::policy::Policy;
use crate::refusal::{Refusal, RefusalCode};
use crate::sitting::{Context, Sitting};
use crate::time::Millis;

/// Encoders miss the wanted rate, and some phones do not listen at all.
const HEADROOM: u64 = 4;
/// What is allowed for however little a subject asks for, in bits a second.
const BITS_MIN: u64 = 3_000_000;
/// Slices that a recorder may hand out in a second; each begins a segment of its own.
const SLICES_PER_SECOND: u64 = 10;
/// The most bytes of a segment.
const SEGMENT_BYTES: u64 = 256 * 1024;
/// Beside the take itself: a recorder that starts early and ends late.
const MARGIN: Millis = Millis::minutes(2);
/// Footage of one subject that is counted on at the most, unless two takes are longer: practice has attempts without
/// number. With the headroom these are 16 hours at the wanted rate.
const LONGEST: Millis = Millis::hours(4);

/// The highest index of a part's segments.
pub fn part_segments_max(policy: &Policy) -> u32 {
    let seconds = seconds(take_longest(policy));
    let bytes = seconds.saturating_mul(bits_per_second(policy)) / 8;
    let segments = seconds.saturating_mul(SLICES_PER_SECOND).saturating_add(bytes / SEGMENT_BYTES);
    u32::try_from(segments).unwrap_or(u32::MAX)
}

/// The bytes that a sitting may bring before it is refused another take.
pub fn sitting_bytes_max(sitting: &Sitting, ctx: &Context) -> u64 {
    let of_subject = |subject: &crate::sitting::SubjectContext| {
        let policy = &subject.policy;
        let granted = sitting.run(subject.id).map_or(0, |run| run.extra_attempts);
        let takes = |attempts: u32| Millis(take_longest(policy).as_ms().saturating_mul(attempts.into()));
        let span = takes(policy.attempts).min(LONGEST.max(takes(2))) + takes(granted);
        seconds(span).saturating_mul(bits_per_second(policy)) / 8
    };
    ctx.subjects.iter().map(of_subject).fold(0, u64::saturating_add)
}

/// The bytes beyond which segments of a sitting are not taken: twice what refuses another take.
pub fn sitting_bytes_end(sitting: &Sitting, ctx: &Context) -> u64 {
    sitting_bytes_max(sitting, ctx).saturating_mul(2)
}

/// Refuses another take of a sitting that has brought `bytes`.
///
/// # Errors
/// `footage.quota`.
pub fn may_record(sitting: &Sitting, ctx: &Context, bytes: u64) -> Result<(), Refusal> {
    let limit = sitting_bytes_max(sitting, ctx);
    if bytes < limit {
        Ok(())
    } else {
        Err(Refusal::new(RefusalCode::FootageQuota).with("limit_bytes", limit))
    }
}

fn take_longest(policy: &Policy) -> Millis {
    policy.position_ms + policy.take_max_ms + MARGIN
}

fn bits_per_second(policy: &Policy) -> u64 {
    let wanted =
        u64::from(policy.media.video_bits_per_second) + u64::from(policy.media.audio_bits_per_second);
    wanted.saturating_mul(HEADROOM).max(BITS_MIN)
}

fn seconds(span: Millis) -> u64 {
    u64::try_from(span.as_ms()).unwrap_or_default().div_ceil(1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{MediaProfile, Preset};

    #[test]
    fn the_longest_take_at_the_wanted_rate_and_at_twice_the_slices_fits_a_part_four_times() {
        let policy = Preset::General.policy();
        let bytes = (2_500_000 + 128_000) / 8 * 15 * 60;
        let slices = 2 * 15 * 60;
        let sent = bytes / SEGMENT_BYTES + slices;
        assert!(u64::from(part_segments_max(&policy)) > 4 * sent);
    }

    #[test]
    fn three_hours_of_drawing_fit_a_part() {
        let policy = Policy {
            media: MediaProfile::DRAWING,
            take_max_ms: Millis::hours(3),
            ..Preset::General.policy()
        };
        assert!(part_segments_max(&policy) > 3 * 3600 * 4, "four segments a second");
        assert!(bits_per_second(&policy) >= BITS_MIN);
    }

    #[test]
    fn no_policy_asks_for_more_than_can_be_counted() {
        let mut policy = Preset::General.policy();
        policy.take_max_ms = Millis(i64::MAX / 4);
        policy.media.video_bits_per_second = u32::MAX;
        assert_eq!(part_segments_max(&policy), u32::MAX);
    }
}
