//! Cards that a script drew, read as photos: what is read is right, and what is not certain is not given.

use std::path::{Path, PathBuf};
use std::process::Command;

use bytes::Bytes;
use image::RgbImage;
use serde::Deserialize;
use yikao_domain::card::{CardFault, CardFront, read_back, read_front};
use yikao_vision::Vision;

use crate::pictures::{jpeg, plain, vision};

#[derive(Debug, Deserialize)]
struct Person {
    file: String,
    name: String,
    number: String,
}

/// Draws cards of nobody.
fn draw(folder: &Path, count: usize, kind: &str) -> Vec<Person> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let drawn = Command::new(root.join("../../.cache/venv/bin/python"))
        .arg(root.join("tests/draw_cards.py"))
        .arg(folder)
        .args([&count.to_string(), kind])
        .output()
        .unwrap();
    assert!(drawn.status.success(), "run `make setup-tests`: {}", String::from_utf8_lossy(&drawn.stderr));
    serde_json::from_slice(&std::fs::read(folder.join("truth.json")).unwrap()).unwrap()
}

async fn read(vision: &Vision, picture: Bytes) -> CardFront {
    read_front(&vision.read_card(picture).await.unwrap())
}

async fn one_card(change: impl Fn(RgbImage) -> RgbImage) -> (Person, CardFront) {
    let folder = tempfile::tempdir().unwrap();
    let person = draw(folder.path(), 1, "easy").remove(0);
    let photo = image::open(folder.path().join(&person.file)).unwrap().into_rgb8();
    let front = read(&vision(), jpeg(&change(photo))).await;
    (person, front)
}

#[tokio::test]
async fn bad_photos_of_cards_are_read_and_no_number_is_ever_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let people = draw(folder.path(), 6, "hard");
    let vision = vision();
    let (mut numbers, mut names, mut missed) = (0, 0, Vec::new());
    for person in &people {
        let front = read(&vision, std::fs::read(folder.path().join(&person.file)).unwrap().into()).await;
        assert!(front.number.as_ref().is_none_or(|number| *number == person.number), "{person:?} {front:?}");
        numbers += usize::from(front.number.is_some());
        names += usize::from(front.name.as_ref() == Some(&person.name));
        if front.number.is_none() || front.name.as_ref() != Some(&person.name) {
            missed.push(format!("{} {:?} {:?} {:?}", person.name, front.name, front.number, front.faults));
        }
    }
    assert!(numbers >= 5 && names >= 5, "{numbers} numbers and {names} names right of six: {missed:#?}");
}

#[tokio::test]
async fn a_card_that_is_upside_down_or_on_its_side_is_read() {
    let (person, flipped) = one_card(|photo| image::imageops::rotate180(&photo)).await;
    assert_eq!(flipped.number, Some(person.number));
    let (person, sideways) = one_card(|photo| image::imageops::rotate90(&photo)).await;
    assert_eq!(sideways.number, Some(person.number));
}

#[tokio::test]
async fn a_card_that_is_cut_off_says_so() {
    let half = |photo: RgbImage| {
        let height = photo.height() * 6 / 10;
        image::imageops::crop_imm(&photo, 0, 0, photo.width(), height).to_image()
    };
    let (_, front) = one_card(half).await;
    assert_eq!(front.number, None);
    let across = |photo: RgbImage| image::imageops::crop_imm(&photo, 0, 0, 760, photo.height()).to_image();
    let (_, front) = one_card(across).await;
    assert_eq!((front.number, front.faults.first()), (None, Some(&CardFault::CutOff)));
}

#[tokio::test]
async fn a_card_out_of_focus_or_in_the_dark_says_so() {
    let (_, front) = one_card(|photo| image::imageops::fast_blur(&photo, 12.0)).await;
    assert_eq!((&front.number, front.faults.first()), (&None, Some(&CardFault::Blurred)), "{front:?}");
    let (_, front) = one_card(|photo| crate::pictures::toned(&photo, |value| value * 0.03)).await;
    assert_eq!((front.number, front.faults.first()), (None, Some(&CardFault::TooDark)));
}

#[tokio::test]
async fn a_wall_is_no_card_and_a_portrait_side_is_no_emblem_side() {
    let nothing = read(&vision(), jpeg(&plain(140))).await;
    assert_eq!(nothing.number, None);
    assert!(!nothing.faults.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let person = draw(folder.path(), 1, "easy").remove(0);
    let photo = std::fs::read(folder.path().join(&person.file)).unwrap();
    let back = read_back(&vision().read_card(photo.into()).await.unwrap());
    assert_eq!(back.faults, [CardFault::FrontForBack]);
}
