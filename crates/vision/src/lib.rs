//! Vision: what can be seen in a picture that somebody sent. Faces are measured, identity cards are read, and a
//! picture is made upright and free of metadata; what any of it means is decided in `domain`.
//!
//! The way of a picture: [`Vision`] hands its bytes to a *worker*, a child process with limits on memory, CPU and
//! time ([`worker`]), for a file from a stranger may be made to break its reader. The worker decodes it ([`picture`]),
//! asks an engine ([`engine`]: dlib for faces, PP-OCR in tract for cards) and answers with numbers and text. It is
//! started when first needed and ended when idle, so that a server that looks at nothing carries no models.

pub mod calibrate;
pub mod engine;
pub mod measure;
pub mod picture;
pub mod worker;

mod card;
mod face;
mod handle;
mod models;

pub use card::PaddleCards;
pub use face::DlibFaces;
pub use handle::{Patience, Vision, VisionConfig, VisionError};
pub use models::Models;
pub use yikao_domain::card::CardText;
pub use yikao_domain::face::{Embedding, Look};
