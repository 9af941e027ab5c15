//! Faces and cards: what one costs in time and memory, and a face check against the bare dlib calls it is made of.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use yikao_domain::card::read_front;
use yikao_vision::{DlibFaces, Models, Vision, VisionConfig, picture};

use crate::arena::Arena;
use crate::report::{Ratio, median};

/// Checks a round; contenders take turns within it.
const CHECKS: usize = 12;
/// Cards of the hard set.
const CARDS: usize = 60;

/// What was measured.
#[derive(Debug)]
pub(crate) struct Figures {
    /// A face check through the worker, divided by the same dlib calls on the same file in one process.
    pub(crate) face_vs_dlib: f64,
    /// Milliseconds of a card.
    pub(crate) card_ms: f64,
}

#[derive(Deserialize)]
struct Drawn {
    file: String,
    name: String,
    number: String,
}

/// Faces, then cards.
pub(crate) async fn run(arena: &Arena) -> Result<Figures> {
    let models = PathBuf::from(".cache/models");
    let vision = workers(arena, &models);
    let face_vs_dlib = faces(arena, &vision, &models).await?;
    drop(vision);
    let card_ms = cards(&workers(arena, &models)).await?;
    println!("face_vs_dlib={face_vs_dlib:.2} card_ms={card_ms:.0}");
    Ok(Figures { face_vs_dlib, card_ms })
}

fn workers(arena: &Arena, models: &Path) -> Vision {
    let arguments = ["vision-worker".to_owned(), "--models".to_owned(), models.display().to_string()];
    let mut config = VisionConfig::new(arena.yikao(), arguments.to_vec());
    config.workers = 1;
    Vision::new(config)
}

async fn faces(arena: &Arena, vision: &Vision, models: &Path) -> Result<f64> {
    let file = std::fs::read(".cache/test-pictures/biden.jpg").context("run `make setup-tests` first")?;
    let mut bare = DlibFaces::load(models_in(models)).map_err(|error| anyhow::anyhow!(error.to_string()))?;
    vision.look(file.clone().into()).await?;
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..arena.setting.rounds {
        let (mut our_ms, mut their_ms) = (0.0, 0.0);
        for _ in 0..CHECKS {
            let began = Instant::now();
            ensure!(vision.look(file.clone().into()).await?.faces.len() == 1, "the face was not found");
            our_ms += began.elapsed().as_secs_f64() * 1000.0;
            let began = Instant::now();
            let pixels = picture::decode(&file).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
            ensure!(bare.bare_calls(pixels)? == 1, "the face was not found");
            their_ms += began.elapsed().as_secs_f64() * 1000.0;
        }
        ratios.push(our_ms / their_ms);
        ours.push(our_ms / CHECKS as f64);
        theirs.push(their_ms / CHECKS as f64);
    }
    let ratio = Ratio::of(ratios);
    let (ours, theirs, peak) = (median(ours), median(theirs), peak_mb(vision)?);
    println!("face check: {ours:.0} ms, bare dlib {theirs:.0} ms, {ratio}; peak {peak} MB");
    Ok(ratio.median)
}
