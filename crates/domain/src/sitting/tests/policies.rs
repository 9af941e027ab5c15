//! What holds under every policy that the linter lets through: each preset, with settings drawn at every level.

mod rules;
mod space;
mod walk;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use super::steps::{Step, drawing, step};
use super::world::World;
use crate::exam::{RevisionBody, SittingKind};
use crate::policy::Preset;
use crate::sitting::Context;

/// Policies of each preset; of all presets together more than ten thousand.
const POLICIES: u32 = 3_400;

fn walks() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 4..40)
}

fn holds(body: &RevisionBody, steps: &[Step]) -> TestCaseResult {
    let context = Context::new(body, body.majors[0].id, body.sessions[0].id).unwrap();
    walk::walk(World::of(context), steps)
}

#[test]
fn a_policy_of_the_space_states_every_setting_somewhere() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let drawn: Vec<RevisionBody> = (0..200)
        .map(|_| space::exams(Preset::General).new_tree(&mut runner).unwrap())
        .map(|tree| proptest::strategy::ValueTree::current(&tree))
        .collect();
    let texts: String = drawn.iter().map(|body| serde_json::to_string(&body.settings).unwrap()).collect();
    let never = crate::policy::Overrides::NAMES.iter().find(|name| !texts.contains(**name));
    assert_eq!(never, None);
    let kinds = [SittingKind::Practice, SittingKind::Mock, SittingKind::Formal];
    assert!(kinds.iter().all(|kind| drawn.iter().any(|body| body.sessions[0].kind == *kind)));
}

proptest! {
    #![proptest_config(ProptestConfig { max_local_rejects: 1_000_000, ..drawing(POLICIES) })]

    #[test]
    fn the_rules_hold_under_every_policy_over_the_general_preset(
        body in space::exams(Preset::General), steps in walks(),
    ) {
        holds(&body, &steps)?;
    }

    #[test]
    fn the_rules_hold_under_every_policy_over_the_fitness_test(
        body in space::exams(Preset::FitnessTest), steps in walks(),
    ) {
        holds(&body, &steps)?;
    }

    #[test]
    fn the_rules_hold_under_every_policy_over_the_recital(
        body in space::exams(Preset::Recital), steps in walks(),
    ) {
        holds(&body, &steps)?;
    }
}
