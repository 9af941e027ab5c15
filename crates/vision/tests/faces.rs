//! The same person passes, another fails, and each fault of a picture is told from the others.

use bytes::Bytes;
use yikao_domain::face::{
    Challenge, Embedding, FaceCause, FaceOutcome, FaceThresholds, Judgement, judge, portrait as accept,
};
use yikao_vision::Look;

use crate::pictures::{beside, file, jpeg, pixels, plain, portrait, resized, toned, vision};

const LINES: fn() -> FaceThresholds = FaceThresholds::default;

async fn look(picture: Bytes) -> Look {
    vision().look(picture).await.unwrap()
}

async fn reference() -> Embedding {
    *accept(&look(file("obama.jpg")).await, &LINES()).unwrap()
}

async fn check(picture: Bytes) -> Judgement {
    judge(&reference().await, &look(picture).await, &LINES())
}

async fn cannot_tell(picture: Bytes) -> FaceCause {
    let judged = check(picture).await;
    assert_eq!(judged.outcome, FaceOutcome::CannotTell, "{judged:?}");
    judged.causes[0]
}

#[tokio::test]
async fn the_same_persons_other_photos_pass() {
    let (two, three) = (check(file("obama2.jpg")).await, check(file("obama3.jpg")).await);
    assert!(two.outcome.passes() && three.outcome.passes(), "{two:?} {three:?}");
}

#[tokio::test]
async fn other_people_fail() {
    let (biden, astronaut) = (check(file("biden.jpg")).await, check(file("astronaut.png")).await);
    assert_eq!((biden.outcome, biden.causes), (FaceOutcome::Fail, vec![FaceCause::NotSamePerson]));
    assert_eq!((astronaut.outcome, astronaut.causes), (FaceOutcome::Fail, vec![FaceCause::NotSamePerson]));
}

#[tokio::test]
async fn each_packaged_portrait_is_accepted() {
    for name in ["obama.jpg", "obama2.jpg", "obama3.jpg", "biden.jpg", "astronaut.png"] {
        let look = look(file(name)).await;
        assert!(accept(&look, &LINES()).is_ok(), "{name}: {:?}", accept(&look, &LINES()));
    }
}

#[tokio::test]
async fn nobody_is_told_from_black_and_from_white() {
    let wall = toned(&plain(120), |value| value);
    assert_eq!(cannot_tell(jpeg(&plain(0))).await, FaceCause::TooDark);
    assert_eq!(cannot_tell(jpeg(&plain(255))).await, FaceCause::OverExposed);
    let landscape = image::imageops::crop_imm(&pixels("astronaut.png"), 0, 256, 160, 160).to_image();
    assert_eq!(cannot_tell(jpeg(&resized(&landscape, 640, 640))).await, FaceCause::NoFace);
    assert_ne!(cannot_tell(jpeg(&wall)).await, FaceCause::TooDark);
}

#[tokio::test]
async fn a_dark_an_over_exposed_and_a_blurred_picture_are_told_apart() {
    let dark = toned(&pixels("biden.jpg"), |value| value * 0.08);
    let burnt = toned(&pixels("biden.jpg"), |value| value * 1.2 + 175.0);
    let blurred = image::imageops::fast_blur(&resized(&portrait(), 480, 600), 9.0);
    assert_eq!(cannot_tell(jpeg(&dark)).await, FaceCause::TooDark);
    assert_eq!(cannot_tell(jpeg(&burnt)).await, FaceCause::OverExposed);
    let judged = accept(&look(jpeg(&blurred)).await, &LINES()).map(|_| ()).unwrap_err();
    assert_eq!(judged[0], FaceCause::Blurred);
}

#[tokio::test]
async fn a_face_of_20_pixels_is_too_small() {
    let face = look(jpeg(&portrait())).await.faces[0].bounds.width;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a side of a small picture")]
    let scaled = |side: f32| (side * 20.0 / face).round() as u32;
    let small = resized(&portrait(), scaled(480.0), scaled(600.0));
    let mut scene = plain(128);
    image::imageops::replace(&mut scene, &small, 300, 200);
    assert_eq!(cannot_tell(jpeg(&scene)).await, FaceCause::TooSmall);
}

#[tokio::test]
async fn half_a_face_is_cut_off() {
    let whole = look(jpeg(&portrait())).await;
    let nose = whole.faces[0].landmarks.nose;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a point inside the picture")]
    let middle = nose.x as u32;
    let half = image::imageops::crop_imm(&portrait(), middle, 0, 480 - middle, 600).to_image();
    assert_eq!(cannot_tell(jpeg(&half)).await, FaceCause::CutOff);
}

#[tokio::test]
async fn two_people_are_flagged_in_a_check_and_refused_in_a_portrait() {
    let biden =
        resized(&image::imageops::crop_imm(&pixels("biden.jpg"), 200, 0, 600, 750).to_image(), 480, 600);
    let both = jpeg(&beside(&portrait(), &biden));
    let judged = check(both.clone()).await;
    assert_eq!((judged.outcome, judged.causes), (FaceOutcome::Flag, vec![FaceCause::SeveralFaces]));
    assert_eq!(accept(&look(both).await, &LINES()).map(|_| ()), Err(vec![FaceCause::SeveralFaces]));
}

#[tokio::test]
async fn a_photograph_held_before_the_camera_does_not_pass_a_challenge() {
    let (still, closer) = (portrait(), image::imageops::crop_imm(&portrait(), 60, 60, 360, 450).to_image());
    let frames = [look(jpeg(&still)).await, look(jpeg(&still)).await, look(jpeg(&closer)).await];
    let result = Challenge::from_seed(3).evaluate(&frames, &LINES());
    assert_eq!(result.judgement.outcome, FaceOutcome::Fail);
    assert_eq!(result.judgement.causes, [FaceCause::NotFollowed]);
}

#[tokio::test]
async fn a_head_that_leans_is_measured() {
    let upright = look(jpeg(&portrait())).await;
    let half = image::imageops::rotate90(&portrait());
    assert!(upright.faces[0].landmarks.tilt().abs() < 10.0);
    assert!(upright.faces[0].landmarks.turn().abs() < 0.2);
    assert_eq!(look(jpeg(&half)).await.faces.first().and_then(|face| face.embedding), None);
}

#[tokio::test]
async fn an_operator_sees_how_often_the_check_would_be_wrong() {
    let people = tempfile::tempdir().unwrap();
    for (person, name) in [("a", "obama.jpg"), ("a", "obama2.jpg"), ("a", "obama3.jpg"), ("b", "biden.jpg")] {
        std::fs::create_dir_all(people.path().join(person)).unwrap();
        std::fs::write(people.path().join(person).join(name), file(name)).unwrap();
    }
    std::fs::write(people.path().join("b/note.txt"), "no picture").unwrap();
    let found = yikao_vision::calibrate::calibrate(&vision(), people.path()).await.unwrap();
    assert_eq!((found.people, found.photos, found.same.len(), found.different.len()), (2, 4, 3, 3));
    assert!(found.false_accepts(0.6) < 0.01 && found.false_rejects(0.6) < 0.01, "{found}");
    assert!(found.false_rejects(0.0) > 0.99 && found.false_accepts(2.0) > 0.99);
    assert_eq!(found.unreadable.len(), 1);
}
