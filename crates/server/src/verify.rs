//! `yikao verify`: a bundle is checked offline, by anybody who has the server's public key.

use std::path::PathBuf;

use clap::Args;
use yikao_footage::bundle::{PublicKey, verify};

use crate::start::StartError;

/// What is to be checked, against which keys.
#[derive(Debug, Args)]
pub struct Verify {
    /// The exported bundle: an archive, or the folder that it was unpacked to.
    pub bundle: PathBuf,
    /// A public key of the server, as `/api/server` gives it: `kid:key` or the key alone. May be repeated.
    #[arg(long = "key", required = true)]
    pub keys: Vec<String>,
    /// Print the whole report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Checks a bundle and says what was found.
///
/// # Errors
/// Where the bundle is not sound, or cannot be read.
pub fn run(asked: &Verify) -> Result<(), StartError> {
    let keys = asked.keys.iter().map(|key| key.parse()).collect::<Result<Vec<PublicKey>, _>>()?;
    let report = verify(&asked.bundle, &keys)?;
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        for part in &report.parts {
            let sound = part.chain.sound_through;
            println!("part {}: {} segments, sound through {sound}", part.part, part.chain.segments);
        }
        println!("signed statements: {}", report.statements.len());
        for finding in &report.findings {
            println!("{}", serde_json::to_string(finding)?);
        }
    }
    if report.is_sound {
        println!("sound: everything is as it was sealed and signed");
        return Ok(());
    }
    Err("not sound: see the findings above".into())
}
