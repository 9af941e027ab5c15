//! Contradictions in how many electives are picked.

use super::*;

const PLACE: &str = "majors[0].electives";

/// Two electives beside the compulsory subject, of which so many are picked.
fn picks(pick_min: u32, pick_max: u32) -> impl FnOnce(&mut RevisionBody) {
    move |exam| {
        exam.majors[0].subjects.push(subject(3, false));
        exam.majors[0].electives = Some(Electives { pick_min, pick_max });
    }
}

#[test]
fn more_at_least_than_at_most() {
    contradicts("electives.inverted", PLACE, picks(1, 0), picks(1, 1));
}

#[test]
fn more_at_most_than_there_are() {
    contradicts("electives.surplus", PLACE, picks(1, 3), picks(1, 2));
}

#[test]
fn more_at_least_than_there_are() {
    let one_of_none = |exam: &mut RevisionBody| {
        exam.majors[0].subjects.truncate(1);
        exam.majors[0].electives = Some(Electives { pick_min: 1, pick_max: 1 });
    };
    assert_eq!(found(one_of_none)[0], ("electives.impossible", PLACE.to_owned()));
    assert_eq!(found(picks(1, 1)), []);
}

#[test]
fn electives_that_nobody_may_pick() {
    contradicts("electives.closed", PLACE, picks(0, 0), picks(0, 1));
}

#[test]
fn electives_that_everybody_must_pick() {
    contradicts("electives.all", PLACE, picks(2, 2), picks(1, 2));
}
