//! The worker: a child process that opens strangers' files. It reads requests from its input and writes answers to
//! its output until its input ends. What breaks it breaks nothing else.

mod frame;
mod limits;

use std::io::{self, Read, Write};

use crate::card::PaddleCards;
use crate::engine::{CardReader, Engines, FaceEngine, Lazy};
use crate::face::DlibFaces;
use crate::models::Models;

pub(crate) use frame::{pack, unpack_header};
pub use limits::Limits;

/// Serves as a worker: takes on its limits, then answers until its input ends. Engines are loaded when first asked.
///
/// # Errors
/// Input or output broke, or a limit could not be taken on.
pub fn serve(models: &Models, limits: &Limits) -> io::Result<()> {
    limits.take_on()?;
    crate::picture::sweep();
    let (for_faces, for_cards) = (models.clone(), models.clone());
    let engines = Engines::new(
        Lazy::new(move || DlibFaces::load(&for_faces)),
        Lazy::new(move || PaddleCards::load(&for_cards)),
    );
    answer_all(engines, limits, &mut io::stdin().lock(), &mut io::stdout().lock())
}

fn answer_all<F: FaceEngine, C: CardReader>(
    mut engines: Engines<F, C>,
    limits: &Limits,
    input: &mut impl Read,
    output: &mut impl Write,
) -> io::Result<()> {
    while let Some((wanted, picture)) = frame::read(input)? {
        limits.allow_one_more()?;
        let (seen, jpeg) = engines.answer(wanted, &picture);
        output.write_all(&pack(&seen, jpeg.len())?)?;
        output.write_all(&jpeg)?;
        output.flush()?;
    }
    Ok(())
}
