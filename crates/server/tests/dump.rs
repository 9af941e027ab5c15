//! Everything that an installation leaves on disk and says in its logs, searched for what nobody may read there.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine;

/// The log of this process, from here on.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Begins to listen, to everything that is said at any level.
    pub(crate) fn listen() -> Self {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone());
        tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
        log
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What was left: each piece with its name.
pub(crate) struct Dump(Vec<(String, Vec<u8>)>);

impl Dump {
    /// Of a data folder that nobody writes to any more (its key file is no part of a dump), and a log.
    pub(crate) fn of(data: &Path, log: &Log) -> Self {
        let mut pieces = vec![("the log".to_owned(), log.0.lock().unwrap().clone())];
        collect(data, &mut pieces);
        Self(pieces)
    }

    /// Where something stands, in any way of writing it.
    pub(crate) fn places(&self, secret: &[u8]) -> Vec<&str> {
        let written = spellings(secret);
        let has =
            |piece: &[u8]| written.iter().any(|text| piece.windows(text.len()).any(|part| part == &text[..]));
        self.0.iter().filter(|(_, piece)| has(piece)).map(|(name, _)| name.as_str()).collect()
    }

    /// How much there is of each piece.
    pub(crate) fn sizes(&self) -> Vec<(&str, usize)> {
        self.0.iter().map(|(name, piece)| (name.as_str(), piece.len())).collect()
    }
}

fn collect(folder: &Path, pieces: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, pieces);
        } else if !path.ends_with("keys.json") {
            pieces.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

/// As it is, in UTF-16, as hex, escaped as JSON does, and in base64 wherever it may begin.
fn spellings(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut written =
        vec![secret.to_vec(), hex::encode(secret).into_bytes(), hex::encode_upper(secret).into_bytes()];
    if let Ok(text) = std::str::from_utf8(secret) {
        written.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        let escaped = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>();
        written.push(escaped.concat().into_bytes());
    }
    for engine in [base64::engine::general_purpose::STANDARD, base64::engine::general_purpose::URL_SAFE] {
        for before in 0..3 {
            let shifted = [&vec![0; before], secret].concat();
            let whole = shifted.len() - shifted.len() % 3;
            let text = engine.encode(&shifted[..whole]);
            // The first group holds bits of what stands before.
            written.push(text.as_bytes()[if before == 0 { 0 } else { 4 }..].to_vec());
        }
    }
    written.retain(|text| text.len() >= 6);
    written
}
