//! Flags on the timeline that follow from what the phones said and when, and from what the machine saw of faces:
//! nobody's verdict.

use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::face::FaceCause;
use yikao_domain::id::{PartId, SubjectId, TakeId};
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::face::Check;
use yikao_store::part::Part;
use yikao_store::pulse::Pulse;

/// A recording phone says something every two seconds. Silence of this length is a gap that nobody witnessed; it is no
/// interruption, and a proctor decides what it means.
const SILENCE: Millis = Millis::seconds(10);

/// What a flag says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// The phone was not heard of while it recorded.
    UnwitnessedGap,
    /// From here on nothing was sealed until after the close.
    LateSeals,
    /// More than one face was seen (F10).
    SeveralFaces,
    /// The face resembles the candidate's, but not closely (F10).
    WeakMatch,
    /// The machine takes the face for another person's (F10).
    NotSamePerson,
}

/// A flag on the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MarkView {
    /// When, ms.
    pub at: Timestamp,
    /// What.
    pub kind: MarkKind,
    /// In which subject.
    pub subject_id: SubjectId,
    /// In which take.
    #[schema(required)]
    pub take_id: Option<TakeId>,
    /// In which part.
    pub part_id: PartId,
    /// How long the phone was silent, or by how much the last seal was late, ms.
    #[schema(required)]
    pub lasted_ms: Option<Millis>,
}

/// The flags of one part.
pub(super) fn of_part(part: &Part, pulses: &[Pulse]) -> Vec<MarkView> {
    let mark = |kind, at, lasted_ms| MarkView {
        at,
        kind,
        subject_id: part.subject_id,
        take_id: part.take_id,
        part_id: part.id,
        lasted_ms: Some(lasted_ms),
    };
    let end = part.duration_ms.map_or(Timestamp::NEVER, |duration| part.opened_at + duration);
    let heard = pulses.iter().map(|pulse| pulse.at).filter(|at| *at <= end);
    let mut before = part.opened_at;
    let mut marks = Vec::new();
    // Silence up to the part's end counts as well, once it is known.
    for at in heard.chain(part.duration_ms.is_some().then_some(end)) {
        let silent = at.since(before);
        if silent >= SILENCE {
            marks.push(mark(MarkKind::UnwitnessedGap, before, silent));
        }
        before = at;
    }
    if let (Some(from), Some(by)) = (part.late_from, part.late_by_ms) {
        marks.push(mark(MarkKind::LateSeals, began_at(part, from), by));
    }
    marks
}

/// The flags of the faces that were seen while a take was recorded.
pub(super) fn of_faces(parts: &[Part], checks: &[Check]) -> Vec<MarkView> {
    checks.iter().filter_map(|check| of_face(parts, check)).collect()
}

fn of_face(parts: &[Part], check: &Check) -> Option<MarkView> {
    let cause = check.cause.as_deref().and_then(FaceCause::named)?;
    let kind = match cause {
        FaceCause::SeveralFaces => MarkKind::SeveralFaces,
        FaceCause::WeakMatch => MarkKind::WeakMatch,
        FaceCause::NotSamePerson => MarkKind::NotSamePerson,
        _ => return None,
    };
    let while_recorded = |part: &&Part| part.take_id == check.take_id && part.opened_at <= check.at;
    let part = parts.iter().filter(while_recorded).max_by_key(|part| part.opened_at)?;
    let (subject_id, take_id, part_id) = (part.subject_id, part.take_id, part.id);
    let is_within = check.purpose == "during" && take_id.is_some();
    is_within.then_some(MarkView { at: check.at, kind, subject_id, take_id, part_id, lasted_ms: None })
}

/// When a segment was recorded, as far as an even rate tells.
fn began_at(part: &Part, index: u64) -> Timestamp {
    let (Some(duration), Some(last)) = (part.duration_ms, part.last_index.filter(|last| *last > 0)) else {
        return part.opened_at;
    };
    let (index, last) = (i64::try_from(index.saturating_sub(1)), i64::try_from(last));
    let (Ok(index), Ok(last)) = (index, last) else { return part.opened_at };
    part.opened_at + Millis(duration.as_ms().saturating_mul(index) / last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENED: i64 = 1_790_000_000_000;

    fn part() -> Part {
        let id = uuid::Uuid::from_u128(7);
        Part {
            id: id.into(),
            school_id: id.into(),
            sitting_id: id.into(),
            owner_kind: 1,
            owner_id: id,
            subject_id: id.into(),
            take_id: Some(id.into()),
            candidate_id: id.into(),
            camera: "main".into(),
            number: 1,
            mime: "video/webm".into(),
            media: "{}".into(),
            device: "{}".into(),
            state: "assembled".into(),
            opened_at: Timestamp(OPENED),
            last_index: Some(60),
            head: None,
            bytes: None,
            duration_ms: Some(Millis(60_000)),
            cipher: String::new(),
            key_id: String::new(),
            received: None,
            late_from: None,
            late_by_ms: None,
        }
    }

    fn pulses(seconds: &[i64]) -> Vec<Pulse> {
        let one = |second: &i64| Pulse {
            part_id: part().id,
            at: Timestamp(OPENED + second * 1_000),
            body: "{}".into(),
        };
        seconds.iter().map(one).collect()
    }

    fn gaps(marks: &[MarkView]) -> Vec<(i64, i64)> {
        marks
            .iter()
            .map(|mark| ((mark.at.as_ms() - OPENED) / 1_000, mark.lasted_ms.unwrap().as_ms() / 1_000))
            .collect()
    }

    #[test]
    fn silence_while_a_phone_records_is_a_gap_and_a_steady_pulse_is_none() {
        let steady: Vec<i64> = (0..30).map(|n| n * 2).collect();
        assert_eq!(of_part(&part(), &pulses(&steady)), []);
        assert_eq!(gaps(&of_part(&part(), &pulses(&[2, 4, 30, 32, 58]))), [(4, 26), (32, 26)]);
    }

    #[test]
    fn a_phone_that_was_never_heard_of_leaves_one_gap_and_pulses_after_the_end_none() {
        assert_eq!(gaps(&of_part(&part(), &[])), [(0, 60)]);
        assert_eq!(gaps(&of_part(&part(), &pulses(&[90, 105, 120]))), [(0, 60)]);
    }

    #[test]
    fn late_seals_are_marked_where_they_begin_in_the_recording() {
        let late = Part { late_from: Some(31), late_by_ms: Some(Millis(90_000)), ..part() };
        let marks = of_part(&late, &pulses(&[5, 14, 23, 32, 41, 50, 59]));
        assert_eq!(marks.iter().map(|mark| mark.kind).collect::<Vec<_>>(), [MarkKind::LateSeals]);
        assert_eq!(gaps(&marks), [(30, 90)]);
    }

    fn seen(second: i64, purpose: &str, cause: Option<&str>) -> Check {
        let id = uuid::Uuid::from_u128(7);
        Check {
            id: id.into(),
            account_id: id.into(),
            login_id: id.into(),
            sitting_id: Some(id.into()),
            subject_id: Some(id.into()),
            take_id: Some(id.into()),
            purpose: purpose.to_owned(),
            mode: "real".to_owned(),
            outcome: if cause.is_some() { "fail" } else { "pass" }.to_owned(),
            lets_begin: false,
            cause: cause.map(str::to_owned),
            distance: None,
            picture_id: None,
            at: Timestamp(OPENED + second * 1_000),
        }
    }

    #[test]
    fn who_is_seen_within_a_take_is_marked_and_how_well_a_performer_can_be_seen_is_not() {
        let checks = [
            seen(20, "during", None),
            seen(25, "during", Some("turned_away")),
            seen(30, "during", Some("not_same_person")),
            seen(40, "during", Some("several_faces")),
        ];
        let marks = of_faces(&[part()], &checks);
        let kinds: Vec<_> =
            marks.iter().map(|mark| (mark.kind, (mark.at.as_ms() - OPENED) / 1_000)).collect();
        assert_eq!(kinds, [(MarkKind::NotSamePerson, 30), (MarkKind::SeveralFaces, 40)]);
    }

    #[test]
    fn a_check_before_the_take_marks_nothing_within_it() {
        assert_eq!(of_faces(&[part()], &[seen(20, "take", Some("not_same_person"))]), []);
        assert_eq!(of_faces(&[part()], &[seen(-5, "during", Some("not_same_person"))]), []);
    }
}
