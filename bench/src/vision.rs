//! Faces and cards: what one costs in time and memory, and a face check against the bare dlib calls it is made of.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, ensure};
use serde::Deserialize;
use yikao_domain::card::read_front;
use yikao_vision::{DlibFaces, Models, Vision, VisionConfig, picture};

use crate::arena::Arena;
use crate::load::number;
use crate::process;
use crate::report::{Ratio, median};

/// Where `make setup` puts models, and `make setup-tests` pictures.
const MODELS: &str = ".cache/models";
const PICTURES: &str = ".cache/test-pictures";
/// Photos of a round: one face each, from 120 to 600 pixels wide.
const PHOTOS: [&str; 5] = ["obama.jpg", "obama2.jpg", "obama3.jpg", "biden.jpg", "astronaut.png"];
/// How often each is looked at in a round.
const TIMES: usize = 3;
/// Cards of the hard set.
const CARDS: usize = 60;

#[derive(Deserialize)]
struct Drawn {
    file: String,
    name: String,
    number: String,
}

/// Faces, then cards; a line of figures at the end.
pub(crate) async fn run(arena: &Arena) -> Result<()> {
    let vision = workers(arena);
    let face_vs_dlib = faces(arena, &vision).await?;
    drop(vision);
    let read = cards(arena, &workers(arena)).await?;
    println!("face_vs_dlib={face_vs_dlib:.2} {read}");
    Ok(())
}

/// One worker, as a server starts it.
fn workers(arena: &Arena) -> Vision {
    let arguments = ["vision-worker", "--models", MODELS].map(str::to_owned);
    let mut config = VisionConfig::new(arena.program(), arguments.to_vec());
    config.workers = 1;
    Vision::new(config)
}

/// A check through the worker, and the same picture through dlib alone: decoding, finding, five points, embedding.
async fn faces(arena: &Arena, vision: &Vision) -> Result<f64> {
    let files = PHOTOS.map(|name| std::fs::read(Path::new(PICTURES).join(name)));
    let files = files.into_iter().collect::<Result<Vec<_>, _>>().context("run `make setup-tests` first")?;
    let mut bare = DlibFaces::load(&Models::new(MODELS))?;
    vision.look(files[0].clone().into()).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..arena.setting.rounds {
        let (mut our_ms, mut their_ms) = (0.0, 0.0);
        for file in files.iter().cycle().take(files.len() * TIMES) {
            let began = Instant::now();
            ensure!(vision.look(file.clone().into()).await?.faces.len() == 1, "the face was not found");
            our_ms += began.elapsed().as_secs_f64() * 1000.0;
            let began = Instant::now();
            let pixels = picture::decode(file).map_err(|fault| anyhow!("{fault:?}"))?;
            ensure!(bare.bare_calls(&pixels)? == 1, "the face was not found");
            their_ms += began.elapsed().as_secs_f64() * 1000.0;
        }
        ours.push(our_ms / number(files.len() * TIMES));
        theirs.push(their_ms / number(files.len() * TIMES));
    }
    let ratio = Ratio::of(ours.iter().zip(&theirs).map(|(our, their)| our / their).collect());
    let peak = peak_mb(vision)?;
    println!(
        "face check: {:.0} ms, bare dlib {:.0} ms, {ratio}; peak {peak} MB",
        median(ours),
        median(theirs)
    );
    Ok(ratio.median)
}

/// The hard set, a card at a time.
async fn cards(arena: &Arena, vision: &Vision) -> Result<String> {
    let folder = arena.fresh("cards", None)?;
    let mut draw = Command::new(".cache/venv/bin/python");
    draw.arg("crates/vision/tests/draw_cards.py").arg(&folder).arg(CARDS.to_string());
    process::output(&mut draw).context("run `make setup-tests` first")?;
    let drawn: Vec<Drawn> = serde_json::from_slice(&std::fs::read(folder.join("truth.json"))?)?;
    let (mut names, mut numbers, mut wrong, mut times) = (0, 0, 0, Vec::new());
    for card in &drawn {
        let photo = std::fs::read(folder.join(&card.file))?;
        let began = Instant::now();
        let front = read_front(&vision.read_card(photo.into()).await?);
        times.push(began.elapsed().as_secs_f64() * 1000.0);
        names += usize::from(front.name.as_ref() == Some(&card.name));
        numbers += usize::from(front.number.as_ref() == Some(&card.number));
        wrong += usize::from(front.number.is_some_and(|number| number != card.number));
    }
    times.remove(0); // it loaded the models
    let (card_ms, peak) = (median(times), peak_mb(vision)?);
    println!(
        "cards: {numbers} numbers and {names} names right of {CARDS}, {wrong} numbers wrong; {card_ms:.0} ms, peak {peak} MB"
    );
    let share = |right: usize| number(right) / number(CARDS);
    Ok(format!(
        "card_ms={card_ms:.0} numbers_right={:.2} names_right={:.2} numbers_wrong={wrong}",
        share(numbers),
        share(names)
    ))
}

/// The most memory that a worker has had.
fn peak_mb(vision: &Vision) -> Result<u64> {
    let worker = *vision.workers().first().context("no worker is running")?;
    let status = std::fs::read_to_string(format!("/proc/{worker}/status"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(peak.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}
