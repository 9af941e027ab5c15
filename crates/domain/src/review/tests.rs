//! Stories and properties of reviews.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::refusal::{Refusal, RefusalCode};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn agent(n: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(n))
}

fn review(four_eyes: bool) -> Review {
    let new = NewReview {
        id: ReviewId::from_uuid(Uuid::from_u128(1)),
        kind: ReviewKind::Face,
        topic: String::new(),
        candidate_id: CandidateId::from_uuid(Uuid::from_u128(2)),
        sitting_id: None,
        four_eyes,
    };
    Review::open(new, NOW + Millis::hours(2), NOW)
}

fn give(review: &mut Review, command: &Command, now: Timestamp) -> Result<(), Refusal> {
    if let Some(event) = decide(review, command, now)? {
        review.apply(&event, now);
    }
    Ok(())
}

fn refused(review: &mut Review, command: &Command, now: Timestamp) -> Refusal {
    give(review, command, now).unwrap_err()
}

fn judge(n: u128, verdict: Verdict) -> Command {
    Command::Decide { by: agent(n), verdict, reason: "证件照与本人一致".into() }
}

#[test]
fn who_claims_second_is_told_who_was_first() {
    let mut review = review(false);
    give(&mut review, &Command::Claim { by: agent(1) }, NOW).unwrap();
    let refusal = refused(&mut review, &Command::Claim { by: agent(2) }, NOW);
    assert_eq!(refusal.code, RefusalCode::ReviewClaimed);
    assert_eq!(refusal.params["by"], agent(1).to_string());
}

#[test]
fn a_claim_that_was_left_lying_can_be_taken_over() {
    let mut review = review(false);
    give(&mut review, &Command::Claim { by: agent(1) }, NOW).unwrap();
    give(&mut review, &Command::Claim { by: agent(2) }, NOW + CLAIM_HOLDS).unwrap();
    assert_eq!(review.claimed_by(), Some(agent(2)));
    assert_eq!(
        refused(&mut review, &judge(1, Verdict::Approved), NOW + CLAIM_HOLDS).code,
        RefusalCode::ReviewClaimed
    );
}

#[test]
fn only_who_has_it_decides_and_only_once() {
    let mut review = review(false);
    assert_eq!(refused(&mut review, &judge(1, Verdict::Approved), NOW).code, RefusalCode::ReviewNotClaimed);
    give(&mut review, &Command::Claim { by: agent(1) }, NOW).unwrap();
    give(&mut review, &judge(1, Verdict::Approved), NOW).unwrap();
    assert_eq!(review.verdict(), Some(Verdict::Approved));
    give(&mut review, &judge(1, Verdict::Approved), NOW).unwrap();
    assert_eq!(refused(&mut review, &judge(1, Verdict::Refused), NOW).code, RefusalCode::ReviewOver);
    assert_eq!(
        refused(&mut review, &Command::Cancel { by: None, reason: String::new() }, NOW).code,
        RefusalCode::ReviewOver
    );
}

#[test]
fn a_refusal_and_a_question_say_why() {
    let mut review = review(false);
    give(&mut review, &Command::Claim { by: agent(1) }, NOW).unwrap();
    let silent = Command::Decide { by: agent(1), verdict: Verdict::Refused, reason: " ".into() };
    assert_eq!(refused(&mut review, &silent, NOW).code, RefusalCode::ReviewReasonMissing);
    let silent = Command::AskForMore { by: agent(1), what: String::new() };
    assert_eq!(refused(&mut review, &silent, NOW).code, RefusalCode::ReviewReasonMissing);
}

#[test]
fn what_the_candidate_has_to_give_does_not_count_against_the_desk() {
    let mut review = review(false);
    give(&mut review, &Command::Claim { by: agent(1) }, NOW).unwrap();
    give(&mut review, &Command::AskForMore { by: agent(1), what: "请重拍".into() }, NOW).unwrap();
    let (given, due) = (NOW + Millis::hours(9), NOW + Millis::hours(11));
    give(&mut review, &Command::GiveMore { due_at: due }, given).unwrap();
    assert_eq!((review.state, review.due_at), (ReviewState::Open, due));
    let again = refused(&mut review, &Command::GiveMore { due_at: due }, given);
    assert_eq!(again.code, RefusalCode::ReviewNothingAsked);
}

#[test]
fn four_eyes_are_two_people_who_agree() {
    let mut review = review(true);
    give(&mut review, &Command::Claim { by: agent(1) }, NOW).unwrap();
    give(&mut review, &judge(1, Verdict::Approved), NOW).unwrap();
    assert!(review.is_live());
    assert_eq!(
        refused(&mut review, &Command::Claim { by: agent(1) }, NOW).code,
        RefusalCode::ReviewOtherEyes
    );
    give(&mut review, &Command::Claim { by: agent(2) }, NOW).unwrap();
    give(&mut review, &judge(2, Verdict::Refused), NOW).unwrap();
    assert!(review.is_live());
    give(&mut review, &Command::Claim { by: agent(3) }, NOW).unwrap();
    give(&mut review, &judge(3, Verdict::Refused), NOW).unwrap();
    assert_eq!(review.verdict(), Some(Verdict::Refused));
}

#[test]
fn what_the_desk_took_is_counted_from_when_the_candidate_had_to_wait() {
    let mut review = review(false);
    let entered = NOW + Millis::minutes(1);
    give(&mut review, &Command::Claim { by: agent(1) }, NOW).unwrap();
    assert_eq!(review.desk_took(entered), Millis::ZERO);
    give(&mut review, &judge(1, Verdict::Approved), NOW + Millis::minutes(4)).unwrap();
    assert_eq!(review.desk_took(entered), Millis::minutes(3));
}

/// 2026-04-18 in Shanghai, by hours and minutes.
fn shanghai(hours: i64, minutes: i64) -> Timestamp {
    Timestamp(1_776_441_600_000) + Millis::hours(hours) + Millis::minutes(minutes)
}

fn plus_eight(_: Timestamp) -> Millis {
    Millis::hours(8)
}

#[test]
fn the_desk_answers_within_two_hours_of_its_working_time() {
    let hours = ServiceHours::default();
    assert_eq!(hours.due(shanghai(14, 30), &plus_eight), shanghai(16, 30));
    assert_eq!(hours.due(shanghai(3, 0), &plus_eight), shanghai(10, 0));
    assert_eq!(hours.due(shanghai(23, 30), &plus_eight), shanghai(24 + 9, 30));
    assert!(hours.is_open(shanghai(8, 0), &plus_eight));
    assert!(!hours.is_open(shanghai(7, 59), &plus_eight));
}

#[test]
fn other_hours_can_be_set() {
    let hours = ServiceHours::parse("9:00-20:00", Millis::hours(2)).unwrap();
    assert_eq!(hours.due(shanghai(19, 0), &plus_eight), shanghai(24 + 10, 0));
    for wrong in ["20:00-9:00", "9-20", "9:00-24:30", "9:61-20:00", ""] {
        assert_eq!(ServiceHours::parse(wrong, Millis::hours(2)), None, "{wrong}");
    }
}

#[test]
fn clocks_that_change_move_the_opening_with_them() {
    // One hour ahead from local midnight of the second day on.
    let change = shanghai(24, 0);
    let zone = |at: Timestamp| if at < change { Millis::hours(8) } else { Millis::hours(9) };
    let due = ServiceHours::default().due(shanghai(23, 0), &zone);
    assert_eq!(due, shanghai(24 + 8, 0));
}

fn commands() -> impl Strategy<Value = Command> {
    let by = (1_u128..4).prop_map(agent);
    let verdict = prop_oneof![Just(Verdict::Approved), Just(Verdict::Refused)];
    prop_oneof![
        by.clone().prop_map(|by| Command::Claim { by }),
        by.clone().prop_map(|by| Command::Release { by }),
        (by.clone(), verdict).prop_map(|(by, verdict)| Command::Decide { by, verdict, reason: "因".into() }),
        by.clone().prop_map(|by| Command::AskForMore { by, what: "请重拍".into() }),
        Just(Command::GiveMore { due_at: NOW }),
        by.prop_map(|by| Command::Cancel { by: Some(by), reason: "因".into() }),
    ]
}

proptest! {
    #[test]
    fn nothing_changes_an_answer_and_four_eyes_are_never_two(
        four_eyes: bool,
        sequence in prop::collection::vec((commands(), 0_i64..12), 0..40),
    ) {
        let (mut review, mut now) = (review(four_eyes), NOW);
        for (command, minutes) in sequence {
            now = now + Millis::minutes(minutes);
            let before = review.clone();
            let answered = give(&mut review, &command, now);
            if !before.is_live() || answered.is_err() {
                prop_assert_eq!(&before, &review);
            }
            prop_assert!(review.version >= before.version);
        }
        if let (true, Some(verdict)) = (four_eyes, review.verdict()) {
            let mut agreed: Vec<_> =
                review.opinions.iter().filter(|opinion| opinion.verdict == verdict).map(|it| it.by).collect();
            agreed.dedup();
            prop_assert_eq!(agreed.len(), 2);
        }
    }

    #[test]
    fn an_answer_is_due_after_exactly_its_working_time(
        minutes in 0_i64..3 * 24 * 60,
        opens in 0_u16..23 * 60,
        length in 30_u16..600,
        within in 1_i64..400,
    ) {
        let closes = (opens + length).min(24 * 60);
        let hours = ServiceHours { opens_min: opens, closes_min: closes, within_ms: Millis::minutes(within) };
        let from = shanghai(0, minutes);
        let due = hours.due(from, &plus_eight);
        let mut worked = 0;
        let mut at = from;
        while at < due {
            worked += i64::from(hours.is_open(at, &plus_eight));
            at = at + Millis::minutes(1);
        }
        prop_assert_eq!(worked, within);
    }
}
