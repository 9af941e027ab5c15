//! What other crates' tests see is what the rules would make of a real picture.

use yikao_domain::card::{read_back, read_front};
use yikao_domain::face::{FaceCause, FaceOutcome, FaceThresholds, judge, portrait};
use yikao_vision::testing::Scene;
use yikao_vision::{Vision, VisionError};

async fn judged(scene: Scene) -> (FaceOutcome, Vec<FaceCause>) {
    let vision = Vision::scripted();
    let lines = FaceThresholds::default();
    let enrolled = vision.look(Scene::person(7).picture()).await.unwrap();
    let judged =
        judge(portrait(&enrolled, &lines).unwrap(), &vision.look(scene.picture()).await.unwrap(), &lines);
    (judged.outcome, judged.causes)
}

#[tokio::test]
async fn scenes_pass_fail_and_are_flagged() {
    assert_eq!(judged(Scene::person(7)).await, (FaceOutcome::Pass, vec![]));
    assert_eq!(
        judged(Scene::person(7).at_distance(0.5)).await,
        (FaceOutcome::Flag, vec![FaceCause::WeakMatch])
    );
    assert_eq!(judged(Scene::person(8)).await, (FaceOutcome::Fail, vec![FaceCause::NotSamePerson]));
    let beside = Scene::person(7).and_person(8);
    assert_eq!(judged(beside).await, (FaceOutcome::Flag, vec![FaceCause::SeveralFaces]));
}

#[tokio::test]
async fn scenes_with_a_fault_cannot_tell_and_say_why() {
    let cause = |scene: Scene| async move { judged(scene).await.1[0] };
    assert_eq!(cause(Scene::nobody()).await, FaceCause::NoFace);
    assert_eq!(cause(Scene::person(8).too_small()).await, FaceCause::TooSmall);
    assert_eq!(cause(Scene::person(8).too_dark()).await, FaceCause::TooDark);
    assert_eq!(cause(Scene::person(8).over_exposed()).await, FaceCause::OverExposed);
    assert_eq!(cause(Scene::person(8).blurred()).await, FaceCause::Blurred);
    assert_eq!(cause(Scene::person(8).turned(0.4)).await, FaceCause::TurnedAway);
    assert_eq!(cause(Scene::person(8).cut_off()).await, FaceCause::CutOff);
}

#[tokio::test]
async fn scenes_hold_cards() {
    let vision = Vision::scripted();
    let front = Scene::card_front("王小艺", "11010519491231002X").picture();
    let front = read_front(&vision.read_card(front).await.unwrap());
    assert_eq!(front.name.as_deref(), Some("王小艺"));
    assert_eq!(front.number.as_deref(), Some("11010519491231002X"));
    assert_eq!(front.faults, []);
    let back = read_back(&vision.read_card(Scene::card_back().picture()).await.unwrap());
    assert_eq!(back.authority.as_deref(), Some("北京市公安局西城分局"));
}

#[tokio::test]
async fn a_scene_is_still_one_when_it_has_been_kept() {
    let vision = Vision::scripted();
    let kept = vision.normalise(Scene::person(3).picture(), 800).await.unwrap();
    assert_eq!(vision.look(kept.into()).await.unwrap().faces.len(), 1);
}

#[tokio::test]
async fn faults_of_files_are_real_and_a_deadly_scene_crashes() {
    let vision = Vision::scripted();
    assert!(matches!(vision.look("no picture".into()).await, Err(VisionError::Picture(_))));
    assert!(matches!(vision.look(Scene::deadly().picture()).await, Err(VisionError::Crashed(_))));
}
