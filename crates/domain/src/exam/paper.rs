//! A paper (试卷): what candidates of a subject are asked in the sessions that use it, and how much of it each gets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{RevisionBody, Subject};
use crate::id::{PaperId, QuestionId, SessionId};
use crate::seal::Hash32;
use crate::time::Millis;

/// What candidates of a subject are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// The paper.
    pub id: PaperId,
    /// The sessions that use it; in all others nobody sees it (J1).
    #[serde(default)]
    pub sessions: Vec<SessionId>,
    /// How many questions are drawn for each candidate; `None`: everybody gets all.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub draw: Option<u32>,
    /// How long it is read before a take may begin.
    #[serde(default)]
    pub read_ms: Millis,
    /// The questions in their order.
    #[serde(default)]
    pub questions: Vec<Question>,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question.
    pub id: QuestionId,
    /// What is asked. A stored revision keeps it apart, closed; wherever it is not wanted it is empty.
    #[serde(default)]
    pub text: String,
}

/// What is asked, by question.
pub type QuestionTexts = BTreeMap<QuestionId, String>;

impl Paper {
    /// How many questions a candidate gets.
    pub fn dealt(&self) -> u32 {
        let all = u32::try_from(self.questions.len()).unwrap_or(u32::MAX);
        self.draw.map_or(all, |draw| draw.min(all))
    }

    /// The questions that a seed deals to a candidate, in the paper's order. Whoever knows the seed deals the same.
    pub fn deal(&self, seed: Hash32) -> Vec<QuestionId> {
        let lot = |id: QuestionId| {
            let hash = Sha256::new().chain_update(b"yikao-draw-1").chain_update(seed.0);
            <[u8; 32]>::from(hash.chain_update(id.as_bytes()).finalize())
        };
        let mut lots: Vec<_> = self.questions.iter().map(|question| lot(question.id)).collect();
        lots.sort_unstable();
        let drawn = usize::try_from(self.dealt()).unwrap_or(usize::MAX);
        let highest = drawn.checked_sub(1).and_then(|last| lots.get(last).copied());
        let ids = self.questions.iter().map(|question| question.id);
        ids.filter(|id| highest.is_some_and(|highest| lot(*id) <= highest)).collect()
    }
}

impl Subject {
    /// The paper of this subject in a session, if that session uses one.
    pub fn paper_in(&self, session: SessionId) -> Option<&Paper> {
        self.papers.iter().find(|paper| paper.sessions.contains(&session))
    }
}

impl RevisionBody {
    /// Takes out what is asked and leaves the rest.
    pub fn take_texts(&mut self) -> QuestionTexts {
        let taken = self.questions_mut().map(|question| (question.id, std::mem::take(&mut question.text)));
        taken.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// Puts back what was taken out.
    pub fn put_texts(&mut self, mut texts: QuestionTexts) {
        for question in self.questions_mut() {
            question.text = texts.remove(&question.id).unwrap_or_default();
        }
    }

    fn questions_mut(&mut self) -> impl Iterator<Item = &mut Question> {
        let subjects = self.majors.iter_mut().flat_map(|major| &mut major.subjects);
        subjects.flat_map(|subject| &mut subject.papers).flat_map(|paper| &mut paper.questions)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn paper(count: u128, draw: Option<u32>) -> Paper {
        let question = |n| Question { id: Uuid::from_u128(n).into(), text: format!("第{n}题") };
        let questions = (1..=count).map(question).collect();
        let id = PaperId::from_uuid(Uuid::from_u128(0x900));
        Paper { id, sessions: Vec::new(), draw, read_ms: Millis::ZERO, questions }
    }

    proptest! {
        #[test]
        fn a_seed_deals_as_many_as_are_drawn_in_order_and_always_the_same(
            count in 1..12_u128, draw in prop::option::of(0..14_u32), seed: [u8; 32]
        ) {
            let paper = paper(count, draw);
            let dealt = paper.deal(Hash32(seed));
            prop_assert_eq!(dealt.len(), paper.dealt() as usize);
            prop_assert!(dealt.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert_eq!(dealt, paper.deal(Hash32(seed)));
        }
    }

    #[test]
    fn every_question_is_drawn_about_as_often() {
        let paper = paper(5, Some(2));
        let mut counts = BTreeMap::new();
        for number in 0_u64..5_000 {
            for id in paper.deal(Hash32::of(&number.to_be_bytes())) {
                *counts.entry(id).or_insert(0) += 1;
            }
        }
        assert_eq!(counts.len(), 5);
        assert!(counts.values().all(|count| (1_850..2_150).contains(count)), "{counts:?}");
    }

    #[test]
    fn different_seeds_deal_different_questions() {
        let paper = paper(10, Some(3));
        let dealt: BTreeSet<_> = (0_u64..50).map(|n| paper.deal(Hash32::of(&n.to_be_bytes()))).collect();
        assert!(dealt.len() > 25, "{}", dealt.len());
    }
}
