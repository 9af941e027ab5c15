//! The two engines, and what answers a request with them.

use image::RgbImage;
use serde::{Deserialize, Serialize};
use yikao_domain::card::CardText;
use yikao_domain::face::Look;
use yikao_domain::picture::PictureFault;

use crate::picture;

/// An engine could not do its work: its files are missing, or it failed within.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineError {
    /// It cannot be loaded; the text is for an operator.
    #[error("not installed: {0}")]
    Missing(String),
    /// It failed on this picture.
    #[error("failed: {0}")]
    Failed(String),
}

/// Finds and measures faces.
pub trait FaceEngine {
    /// Measures the faces of an upright picture.
    ///
    /// # Errors
    /// [`EngineError`]; a picture without faces is none.
    fn look(&mut self, picture: &RgbImage) -> Result<Look, EngineError>;
}

/// Reads the text on a card.
pub trait CardReader {
    /// Reads the text of an upright picture.
    ///
    /// # Errors
    /// [`EngineError`]; a picture without text is none.
    fn read(&mut self, picture: &RgbImage) -> Result<CardText, EngineError>;
}

/// What is wanted of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Its faces, measured.
    Look,
    /// The text of a card.
    Card,
    /// The picture itself: upright, its longer side at most this many pixels, a JPEG without metadata.
    Normal {
        /// Pixels.
        longest: u32,
    },
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Faces.
    Look(Look),
    /// Text.
    Card(CardText),
    /// A picture, beside this answer.
    Normal,
    /// The file is no usable picture.
    Fault(PictureFault),
    /// The engine could not.
    Engine(EngineError),
}

/// Engines, loaded when first asked.
pub struct Engines<F, C> {
    faces: F,
    cards: C,
}

impl<F: FaceEngine, C: CardReader> Engines<F, C> {
    /// Joins two engines.
    pub const fn new(faces: F, cards: C) -> Self {
        Self { faces, cards }
    }

    /// Decodes and answers. The bytes are a JPEG for [`Seen::Normal`] and empty otherwise.
    pub fn answer(&mut self, wanted: Wanted, bytes: &[u8]) -> (Seen, Vec<u8>) {
        let picture = match picture::decode(bytes) {
            Ok(picture) => picture,
            Err(fault) => return (Seen::Fault(fault), Vec::new()),
        };
        let seen = match wanted {
            Wanted::Look => self.faces.look(&picture).map(Seen::Look),
            Wanted::Card => self.cards.read(&picture).map(Seen::Card),
            Wanted::Normal { longest } => {
                return match picture::to_jpeg(picture, longest) {
                    Ok(jpeg) => (Seen::Normal, jpeg),
                    Err(error) => (Seen::Engine(EngineError::Failed(error)), Vec::new()),
                };
            }
        };
        (seen.unwrap_or_else(Seen::Engine), Vec::new())
    }
}

/// An engine that is loaded when it is first asked, and tried again next time when it could not be.
pub struct Lazy<E> {
    load: Box<dyn Fn() -> Result<E, EngineError>>,
    engine: Option<E>,
}

impl<E> Lazy<E> {
    /// Loads with `load`, later.
    pub fn new(load: impl Fn() -> Result<E, EngineError> + 'static) -> Self {
        Self { load: Box::new(load), engine: None }
    }

    fn get(&mut self) -> Result<&mut E, EngineError> {
        if self.engine.is_none() {
            self.engine = Some((self.load)()?);
        }
        self.engine.as_mut().ok_or_else(|| EngineError::Failed("not loaded".to_owned()))
    }
}

impl<E: FaceEngine> FaceEngine for Lazy<E> {
    fn look(&mut self, picture: &RgbImage) -> Result<Look, EngineError> {
        self.get()?.look(picture)
    }
}

impl<E: CardReader> CardReader for Lazy<E> {
    fn read(&mut self, picture: &RgbImage) -> Result<CardText, EngineError> {
        self.get()?.read(picture)
    }
}
