//! Where the engines' files are. The set-up fetches them and checks each by its SHA-256.

use std::path::{Path, PathBuf};

/// The folder of model files.
#[derive(Debug, Clone)]
pub struct Models {
    folder: PathBuf,
}

impl Models {
    /// dlib's five-point shape predictor.
    pub const FACE_POINTS: &str = "shape_predictor_5_face_landmarks.dat";
    /// dlib's face network.
    pub const FACE_NETWORK: &str = "dlib_face_recognition_resnet_model_v1.dat";
    /// Finds lines of text.
    pub const TEXT_FINDER: &str = "PP-OCRv6_det_small.onnx";
    /// Reads a line of text; its character set is inside.
    pub const TEXT_READER: &str = "PP-OCRv6_rec_small.onnx";

    /// The files in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether every file is there.
    ///
    /// # Errors
    /// The first that is missing, in words for an operator.
    pub fn all_there(&self) -> Result<(), String> {
        let files = [Self::FACE_POINTS, Self::FACE_NETWORK, Self::TEXT_FINDER, Self::TEXT_READER];
        files.into_iter().try_for_each(|name| self.file(name).map(drop))
    }

    /// A file, if it is there.
    ///
    /// # Errors
    /// The file's path, in words for an operator.
    pub fn file(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.folder.join(name);
        if path.is_file() {
            Ok(path)
        } else {
            Err(format!(
                "{} is missing; `make setup` fetches it (or point --models at its folder)",
                path.display()
            ))
        }
    }
}
