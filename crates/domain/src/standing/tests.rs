//! Stories and properties of standings.

use proptest::prelude::*;

use super::*;
use crate::face::FaceOutcome;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

const FORMAL: FaceRule = FaceRule {
    mode: FaceMode::Real,
    blocks: true,
    after_three_strikes: AfterThreeStrikes::Block,
    counts: true,
    within_ms: None,
};

fn verified() -> Standing {
    verification(&Standing::default(), FaceOutcome::Pass, NOW).unwrap().0
}

/// The standing after these answers before takes.
fn after(answers: &[FaceOutcome], rule: FaceRule) -> (Standing, Step) {
    let begin = (verified(), Step::Clear { flagged: false });
    answers.iter().fold(begin, |(standing, _), answer| take(&standing, &rule, *answer, NOW).unwrap())
}

#[test]
fn three_failures_in_a_row_strike_and_the_red_bar_says_so() {
    let (twice, step) = after(&[FaceOutcome::Fail; 2], FORMAL);
    assert_eq!((twice.standing, step), (FaceStanding::Verified, Step::Again { left: Some(1) }));
    let (struck, step) = after(&[FaceOutcome::Fail; 3], FORMAL);
    assert_eq!((struck.standing, step), (FaceStanding::Struck, Step::Struck));
    assert_eq!(struck.standing.bar().unwrap().code, RefusalCode::FaceStruck);
    assert_eq!(struck.may_start(&FORMAL).unwrap_err().code, RefusalCode::FaceStruck);
}

#[test]
fn a_pass_between_begins_the_count_again() {
    let answers =
        [FaceOutcome::Fail, FaceOutcome::Fail, FaceOutcome::Pass, FaceOutcome::Fail, FaceOutcome::Fail];
    assert_eq!(after(&answers, FORMAL).0.standing, FaceStanding::Verified);
}

#[test]
fn cannot_tell_is_no_strike_and_in_the_end_the_take_begins_flagged() {
    assert_eq!(after(&[FaceOutcome::CannotTell; 2], FORMAL).1, Step::Again { left: None });
    let (standing, step) = after(&[FaceOutcome::CannotTell; 3], FORMAL);
    assert_eq!((standing.strikes, step), (0, Step::Clear { flagged: true }));
}

#[test]
fn who_was_never_verified_verifies_first() {
    let refusal = take(&Standing::default(), &FORMAL, FaceOutcome::Pass, NOW).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::FaceUnverified);
}

#[test]
fn who_withdraws_is_not_verified_any_more_and_gets_no_new_tries() {
    let gone = withdrawn(&verified(), NOW);
    assert_eq!((gone.standing, gone.verified_at), (FaceStanding::Unverified, None));
    assert!(gone.may_ask_desk(NOW).is_ok());
    let (struck, _) = after(&[FaceOutcome::Fail; 3], FORMAL);
    let gone = withdrawn(&struck, NOW);
    assert_eq!((gone.standing, gone.strikes), (FaceStanding::Struck, STRIKES));
    let asked = reviewed(&verified_and_struck(), Reviewed::Opened, NOW);
    let gone = withdrawn(&asked, NOW);
    assert_eq!(gone.standing, FaceStanding::InReview);
}

fn verified_and_struck() -> Standing {
    after(&[FaceOutcome::Fail; 3], FORMAL).0
}

#[test]
fn the_desks_word_outlives_a_withdrawal_and_lets_takes_begin_unseen_for_a_day() {
    let vouched = reviewed(&Standing::default(), Reviewed::Approved, NOW);
    let gone = withdrawn(&vouched, NOW);
    assert_eq!(gone, vouched);
    let may = |now| gone.may_start_unseen(&FORMAL, ConsentKind::Faces, now);
    assert_eq!(may(NOW), Ok(()));
    let refusal = may(NOW + VOUCH_HOLDS).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::ConsentRequired);
    assert_eq!(refusal.params["kind"], "faces");
    // The desk can be asked again, and the bar says that something is to be done.
    assert!(gone.may_ask_desk(NOW).is_err() && gone.may_ask_desk(NOW + VOUCH_HOLDS).is_ok());
    assert_eq!(gone.bar(Some(ConsentKind::Faces), NOW), None);
    let bar = gone.bar(Some(ConsentKind::Faces), NOW + VOUCH_HOLDS).unwrap();
    assert_eq!(bar.code, RefusalCode::ConsentRequired);
    assert_eq!(gone.bar(None, NOW + VOUCH_HOLDS), None);
}

#[test]
fn without_consent_nothing_blocks_where_the_rules_block_nothing() {
    let marks = FaceRule { blocks: false, ..FORMAL };
    let nobody = Standing::default();
    assert_eq!(nobody.may_start_unseen(&marks, ConsentKind::Faces, NOW), Ok(()));
    let refusal = nobody.may_start_unseen(&FORMAL, ConsentKind::Faces, NOW).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::FaceUnverified);
}

#[test]
fn a_pass_of_the_machine_takes_the_place_of_an_old_word_of_the_desk() {
    let vouched = reviewed(&Standing::default(), Reviewed::Approved, NOW);
    let later = NOW + VOUCH_HOLDS;
    let unverified = Standing { standing: FaceStanding::Unverified, ..vouched };
    let (passed, _) = verification(&unverified, FaceOutcome::Pass, later).unwrap();
    assert_eq!(passed.vouched_until, None);
    assert!(passed.may_ask_desk(later).is_err());
}

#[test]
fn an_exam_may_go_on_flagged_after_three_strikes() {
    let rule = FaceRule { after_three_strikes: AfterThreeStrikes::ContinueFlagged, ..FORMAL };
    let (struck, step) = after(&[FaceOutcome::Fail; 3], rule);
    assert_eq!((struck.standing, step), (FaceStanding::Struck, Step::Clear { flagged: true }));
    assert_eq!(take(&struck, &rule, FaceOutcome::Fail, NOW).unwrap().1, Step::Clear { flagged: true });
    assert!(struck.may_start(&FORMAL).is_err());
}

#[test]
fn an_exam_that_only_marks_strikes_nobody() {
    let rule = FaceRule { blocks: false, ..FORMAL };
    let (standing, step) = after(&[FaceOutcome::Fail; 5], rule);
    assert_eq!((standing, step), (verified(), Step::Clear { flagged: true }));
}

#[test]
fn verification_is_the_way_back() {
    let (struck, _) = after(&[FaceOutcome::Fail; 3], FORMAL);
    let (back, step) = verification(&struck, FaceOutcome::Pass, NOW).unwrap();
    assert_eq!((back.standing, step), (FaceStanding::Verified, Step::Clear { flagged: false }));
}

#[test]
fn luck_is_no_proof() {
    let mut standing = Standing::default();
    for _ in 0..VERIFICATIONS {
        standing = verification(&standing, FaceOutcome::Fail, NOW).unwrap().0;
    }
    let refusal = verification(&standing, FaceOutcome::Pass, NOW).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::FaceOnlyDesk);
    assert!(standing.may_ask_desk(NOW).is_ok());
}

#[test]
fn the_desks_word_stands_against_the_machines() {
    let (struck, _) = after(&[FaceOutcome::Fail; 3], FORMAL);
    let asked = reviewed(&struck, Reviewed::Opened, NOW);
    assert_eq!(asked.standing, FaceStanding::InReview);
    assert_eq!(asked.may_start(&FORMAL).unwrap_err().code, RefusalCode::FaceInReview);
    let approved = reviewed(&asked, Reviewed::Approved, NOW);
    assert_eq!(take(&approved, &FORMAL, FaceOutcome::Fail, NOW).unwrap().1, Step::Clear { flagged: true });
    let later = NOW + VOUCH_HOLDS;
    assert_eq!(take(&approved, &FORMAL, FaceOutcome::Fail, later).unwrap().1, Step::Again { left: Some(2) });
    let refused = reviewed(&asked, Reviewed::Refused, NOW);
    assert_eq!(refused.may_verify().unwrap_err().code, RefusalCode::FaceRejected);
    assert!(refused.may_ask_desk(NOW).is_ok());
}

#[test]
fn a_question_taken_back_changes_nothing() {
    let (struck, _) = after(&[FaceOutcome::Fail; 3], FORMAL);
    let back = reviewed(&reviewed(&struck, Reviewed::Opened, NOW), Reviewed::Cancelled, NOW);
    assert_eq!(back, struck);
}

#[test]
fn a_person_at_the_desk_is_a_road_from_the_beginning() {
    let asked = reviewed(&Standing::default(), Reviewed::Opened, NOW);
    let approved = reviewed(&asked, Reviewed::Approved, NOW);
    assert!(approved.may_start(&FORMAL).is_ok());
}

#[test]
fn an_identity_that_is_lost_takes_everything_that_rested_on_it() {
    let approved = reviewed(&verified(), Reviewed::Approved, NOW);
    for before in [verified(), approved] {
        let after = identity_lost(&before);
        assert_eq!(after.standing, FaceStanding::Unverified);
        assert_eq!((after.vouched_until, after.verified_at), (None, None));
    }
    let struck =
        (0..3).fold(verified(), |standing, _| take(&standing, &FORMAL, FaceOutcome::Fail, NOW).unwrap().0);
    assert_eq!(identity_lost(&struck).standing, FaceStanding::Struck);
}

#[test]
fn practice_and_mocks_ask_as_they_say() {
    let mut policy = crate::policy::Preset::General.policy();
    policy.face = FaceCheck::Block;
    policy.face_in_mock = MockFace::Simulated;
    assert_eq!(FaceRule::of(&policy, SittingKind::Practice).mode, FaceMode::Off);
    let mock = FaceRule::of(&policy, SittingKind::Mock);
    assert_eq!((mock.mode, mock.counts, mock.blocks), (FaceMode::Simulated, false, false));
    for (mock, mode) in [(MockFace::Real, FaceMode::Real), (MockFace::Off, FaceMode::Off)] {
        policy.face_in_mock = mock;
        let rule = FaceRule::of(&policy, SittingKind::Mock);
        assert_eq!((rule.mode, rule.counts, rule.blocks), (mode, false, false));
    }
    let every_minute = FaceRule { within_ms: Some(Millis::minutes(1)), ..FORMAL };
    assert_eq!(FaceRule::of(&policy, SittingKind::Formal), every_minute);
    policy.face_within_ms = Millis::ZERO;
    assert_eq!(FaceRule::of(&policy, SittingKind::Formal), FORMAL);
}

#[derive(Debug, Clone)]
enum What {
    Verify(FaceOutcome),
    Take(FaceRule, FaceOutcome),
    Desk(Reviewed),
}

fn answers() -> impl Strategy<Value = FaceOutcome> {
    prop_oneof![
        Just(FaceOutcome::Pass),
        Just(FaceOutcome::Flag),
        Just(FaceOutcome::Fail),
        Just(FaceOutcome::CannotTell)
    ]
}

fn rules() -> impl Strategy<Value = FaceRule> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(counts, blocks, go_on)| FaceRule {
        counts,
        blocks: blocks && counts,
        after_three_strikes: if go_on {
            AfterThreeStrikes::ContinueFlagged
        } else {
            AfterThreeStrikes::Block
        },
        ..FORMAL
    })
}

fn whats() -> impl Strategy<Value = What> {
    let desk = prop_oneof![
        Just(Reviewed::Opened),
        Just(Reviewed::Approved),
        Just(Reviewed::Refused),
        Just(Reviewed::Cancelled)
    ];
    prop_oneof![
        answers().prop_map(What::Verify),
        (rules(), answers()).prop_map(|(rule, answer)| What::Take(rule, answer)),
        desk.prop_map(What::Desk),
    ]
}

proptest! {
    #[test]
    fn only_three_failures_in_a_row_strike_and_everybody_has_a_way_on(
        sequence in prop::collection::vec(whats(), 0..60),
    ) {
        let (mut standing, mut in_a_row) = (Standing::default(), 0_u32);
        for what in sequence {
            let before = standing;
            match what {
                What::Verify(answer) => if let Ok((after, _)) = verification(&standing, answer, NOW) {
                    in_a_row = if answer == FaceOutcome::Fail { in_a_row + 1 } else { in_a_row };
                    standing = after;
                },
                What::Take(rule, answer) => if let Ok((after, step)) = take(&standing, &rule, answer, NOW) {
                    in_a_row = if answer == FaceOutcome::Fail && after != before { in_a_row + 1 } else { in_a_row };
                    if !rule.counts {
                        prop_assert_eq!(before, after);
                        let clear = matches!(step, Step::Clear { .. });
                        prop_assert!(clear);
                    }
                    standing = after;
                },
                What::Desk(what) => standing = reviewed(&standing, what, NOW),
            }
            if standing.strikes == 0 {
                in_a_row = 0;
            }
            prop_assert!(standing.strikes <= in_a_row);
            if before.standing != FaceStanding::Struck && standing.standing == FaceStanding::Struck {
                prop_assert_eq!(standing.strikes, STRIKES);
            }
            // Somebody whom no exam lets begin can verify, or ask the desk, or has asked it.
            let has_a_way = standing.may_start(&FORMAL).is_ok()
                || standing.may_verify().is_ok()
                || standing.may_ask_desk(NOW).is_ok()
                || standing.standing == FaceStanding::InReview;
            prop_assert!(has_a_way);
        }
    }
}
