//! Each way in which a paper is wrong.

use uuid::Uuid;

use super::tests::{exam, found, one};
use super::{Paper, Question, RevisionBody};
use crate::id::{PaperId, SessionId};
use crate::time::Millis;

const PAPER: &str = "majors[0].subjects[0].papers[0]";

fn paper(sessions: Vec<SessionId>, questions: u128) -> Paper {
    let question = |n| Question { id: Uuid::from_u128(0x500 + n).into(), text: format!("第{n}题") };
    let id = PaperId::from_uuid(Uuid::from_u128(0x400));
    let questions = (1..=questions).map(question).collect();
    Paper { id, sessions, draw: Some(2), read_ms: Millis::minutes(5), questions }
}

/// What is found in an exam whose formal session has a paper that was changed.
fn with(change: impl FnOnce(&mut Paper, &RevisionBody)) -> Vec<(&'static str, String)> {
    let body = exam();
    let mut paper = paper(vec![body.sessions[0].id], 3);
    change(&mut paper, &body);
    found(|exam| exam.majors[0].subjects[0].papers = vec![paper])
}

#[test]
fn a_paper_that_is_right_has_no_findings() {
    assert_eq!(with(|_, _| {}), []);
}

#[test]
fn what_is_drawn_must_be_there() {
    let at = format!("{PAPER}.draw");
    assert_eq!(with(|paper, _| paper.draw = Some(4)), one("paper.draws_more", &at));
    assert_eq!(with(|paper, _| paper.draw = Some(0)), one("paper.draws_nothing", &at));
    assert_eq!(with(|paper, _| paper.draw = None), []);
}

#[test]
fn every_question_says_something_and_has_an_id_of_its_own() {
    let at = format!("{PAPER}.questions[1].text");
    assert_eq!(with(|paper, _| paper.questions[1].text = " ".into()), one("paper.question_empty", &at));
    let twice = |paper: &mut Paper, _: &RevisionBody| paper.questions[1].id = paper.questions[0].id;
    assert_eq!(with(twice), one("id.twice", &format!("{PAPER}.id")));
    let none = with(|paper, _| (paper.questions, paper.draw) = (Vec::new(), None));
    assert_eq!(none, one("paper.empty", &format!("{PAPER}.questions")));
}

#[test]
fn a_formal_paper_is_not_rehearsed_and_one_session_has_one() {
    let at = format!("{PAPER}.sessions");
    let rehearsed = |paper: &mut Paper, body: &RevisionBody| paper.sessions.push(body.sessions[1].id);
    assert_eq!(with(rehearsed), one("paper.rehearsed", &at));
    assert_eq!(with(|paper, _| paper.sessions.clear()), one("paper.unused", &at));
    let unknown = |paper: &mut Paper, _: &RevisionBody| paper.sessions.push(Uuid::nil().into());
    assert_eq!(with(unknown), one("paper.session_unknown", &at));
    let twice = found(|exam| {
        let mut second = paper(vec![exam.sessions[0].id], 0);
        (second.id, second.draw) = (Uuid::from_u128(0x401).into(), None);
        second.questions = vec![Question { id: Uuid::from_u128(0x600).into(), text: "题".into() }];
        exam.majors[0].subjects[0].papers = vec![paper(vec![exam.sessions[0].id], 3), second];
    });
    assert_eq!(twice, one("paper.twice", "majors[0].subjects[0].papers[1].sessions"));
}

#[test]
fn reading_leaves_time_to_record() {
    let long = |paper: &mut Paper, _: &RevisionBody| paper.read_ms = Millis::hours(3);
    assert_eq!(with(long), one("paper.read_over_clock", &format!("{PAPER}.read_ms")));
    let negative = |paper: &mut Paper, _: &RevisionBody| paper.read_ms = Millis(-1);
    assert_eq!(with(negative), one("span.negative", &format!("{PAPER}.read_ms")));
}

#[test]
fn texts_are_taken_out_and_put_back() {
    let mut body = exam();
    body.majors[0].subjects[0].papers = vec![paper(vec![body.sessions[0].id], 3)];
    let whole = body.clone();
    let texts = body.take_texts();
    assert!(!serde_json::to_string(&body).unwrap().contains('第'));
    body.put_texts(texts);
    assert_eq!(body, whole);
}
