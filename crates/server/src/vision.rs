//! The server's eyes: workers are this same program, started when the first picture comes.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use yikao_domain::face::FaceThresholds;
use yikao_vision::calibrate::calibrate;
use yikao_vision::worker::{self, Limits};
use yikao_vision::{Models, Vision, VisionConfig};

use crate::config::Config;
use crate::start::StartError;

/// What an operator may ask of the engines.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Print how often the face check would be wrong at several thresholds, for photos in DIR/<person>/.
    Calibrate(Calibrate),
}

/// Whose photos, and with which models.
#[derive(Debug, Args)]
pub struct Calibrate {
    /// A folder with a folder of photos for each person.
    dir: PathBuf,
    /// Folder of the model files; by default `models` in `./data`, or else where the set-up puts them.
    #[arg(long, env = "YIKAO_MODELS")]
    models: Option<PathBuf>,
}

/// What a worker is told.
#[derive(Debug, Args)]
pub struct Worker {
    /// Folder of the model files.
    #[arg(long)]
    models: PathBuf,
}

/// The handle with what the operator set.
///
/// # Errors
/// The system does not say which program this is.
pub fn vision(config: &Config) -> Result<Vision, StartError> {
    let models = config.models();
    if let Err(missing) = Models::new(&models).all_there() {
        tracing::warn!(missing, "faces and documents are not looked at: people at the desk do it");
    }
    let models = models.display().to_string();
    let arguments = ["vision-worker".to_owned(), "--models".to_owned(), models].to_vec();
    let program = config.vision_program.clone().map_or_else(std::env::current_exe, Ok)?;
    let mut vision = VisionConfig::new(program, arguments);
    vision.workers = config.vision_workers.unwrap_or(vision.workers);
    Ok(Vision::new(vision))
}

/// Where model files are that nobody named: with the data of an installation, or where the set-up puts them.
pub fn usual_models(data: &Path) -> PathBuf {
    let installed = Some(data.join("models")).filter(|folder| folder.is_dir());
    installed.unwrap_or_else(|| PathBuf::from(".cache/models"))
}

/// The lines between faces: the usual ones, or the operator's.
///
/// # Errors
/// The file cannot be read.
pub fn thresholds(config: &Config) -> Result<FaceThresholds, StartError> {
    let Some(file) = &config.face_thresholds else { return Ok(FaceThresholds::default()) };
    let unreadable = |why: String| format!("{}: {why}", file.display());
    let text = std::fs::read(file).map_err(|error| unreadable(error.to_string()))?;
    Ok(serde_json::from_slice(&text).map_err(|error| unreadable(error.to_string()))?)
}

/// Becomes a worker until the server closes its input.
///
/// # Errors
/// A pipe broke.
pub fn serve(asked: &Worker) -> Result<(), StartError> {
    Ok(worker::serve(&Models::new(&asked.models), &Limits::default())?)
}

/// Does what the operator asked.
///
/// # Errors
/// The folder cannot be read, or a worker cannot be started.
pub fn run(task: &Task) -> Result<(), StartError> {
    let Task::Calibrate(asked) = task;
    let models = asked.models.clone().unwrap_or_else(|| usual_models(Path::new("data")));
    let arguments = ["vision-worker".to_owned(), "--models".to_owned(), models.display().to_string()];
    let vision = Vision::new(VisionConfig::new(std::env::current_exe()?, arguments.to_vec()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    println!("{}", runtime.block_on(calibrate(&vision, &asked.dir))?);
    Ok(())
}
