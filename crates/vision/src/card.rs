//! PP-OCRv6 in tract: lines of text are found, cut out level, and read.

use image::RgbImage;
use yikao_domain::card::CardText;

use crate::engine::{CardReader, EngineError};
use crate::models::Models;

/// The reader. One per thread.
pub struct PaddleCards {}

impl PaddleCards {
    /// Loads the models.
    ///
    /// # Errors
    /// [`EngineError::Missing`] when a file is not there or not what it should be.
    pub fn load(models: &Models) -> Result<Self, EngineError> {
        models.file(Models::TEXT_FINDER).map_err(EngineError::Missing)?;
        Err(EngineError::Missing("the card reader is being built".to_owned()))
    }
}

impl CardReader for PaddleCards {
    fn read(&mut self, _picture: &RgbImage) -> Result<CardText, EngineError> {
        Err(EngineError::Missing("the card reader is being built".to_owned()))
    }
}
