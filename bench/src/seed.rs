//! Data to measure with, made by `yikao bench-seed` (README.md says what it must print).

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::arena::Arena;
use crate::process;

/// How much of what.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Amount {
    /// Parts of running takes, each of another candidate.
    pub(crate) parts: u32,
    /// Candidates who may enter a sitting now.
    pub(crate) entrants: u32,
    /// Candidates who may sign in and confirm now.
    pub(crate) signins: u32,
}

/// A data folder to copy from, and the keys to what is in it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Seed {
    /// The data folder.
    #[serde(skip)]
    pub(crate) data: PathBuf,
    /// Parts that take segments.
    #[serde(default)]
    pub(crate) parts: Vec<Part>,
    /// Candidates who may enter.
    #[serde(default)]
    pub(crate) entrants: Vec<Entrant>,
    /// Candidates who may sign in.
    #[serde(default)]
    pub(crate) signins: Vec<Signin>,
}

/// A part that takes segments.
#[derive(Debug, Deserialize)]
pub(crate) struct Part {
    /// Its id.
    pub(crate) part: String,
    /// The right to send.
    pub(crate) capability: String,
}

/// A signed-in candidate, enrolled, with an open session and no sitting yet.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Entrant {
    /// `Cookie` header: `yikao_login=…`.
    pub(crate) cookie: String,
    /// Enrolment id.
    pub(crate) enrolment: String,
    /// Session id.
    pub(crate) session: String,
}

/// A candidate with a confirmed identity, on the roster of a major, not signed in and not enrolled.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Signin {
    /// Phone number.
    pub(crate) phone: String,
    /// Password.
    pub(crate) password: String,
    /// Exam id.
    pub(crate) exam: String,
    /// Major id.
    pub(crate) major: String,
}

impl Seed {
    /// Makes `amount` of data in a new folder, on SQLite or the database named.
    pub(crate) fn make(arena: &Arena, name: &str, amount: Amount, database: Option<&str>) -> Result<Self> {
        let data = arena.fresh(name, None)?;
        let mut command = arena.yikao("bench-seed", &data)?;
        let amounts =
            [("--parts", amount.parts), ("--entrants", amount.entrants), ("--signins", amount.signins)];
        for (flag, count) in amounts {
            command.arg(flag).arg(count.to_string());
        }
        if let Some(database) = database {
            command.args(["--database", database]);
        }
        let mut seed = Self::read(&process::output(&mut command)?)?;
        seed.data = data;
        let enough = |has: usize, wanted: u32| u32::try_from(has).is_ok_and(|has| has >= wanted);
        ensure!(enough(seed.parts.len(), amount.parts), "bench-seed printed too few parts");
        ensure!(enough(seed.entrants.len(), amount.entrants), "bench-seed printed too few entrants");
        ensure!(enough(seed.signins.len(), amount.signins), "bench-seed printed too few signins");
        Ok(seed)
    }

    /// One JSON object, or one a line: their lists are joined.
    fn read(printed: &str) -> Result<Self> {
        let mut all = Self::default();
        for object in serde_json::Deserializer::from_str(printed).into_iter::<Self>() {
            let object = object.context("bench-seed printed something else")?;
            all.parts.extend(object.parts);
            all.entrants.extend(object.entrants);
            all.signins.extend(object.signins);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_several_lines_are_joined() -> Result<()> {
        let printed = "{\"parts\":[{\"part\":\"p1\",\"capability\":\"c1\"}]}\n\
                       {\"parts\":[{\"part\":\"p2\",\"capability\":\"c2\"}],\"entrants\":[]}\n";
        let seed = Seed::read(printed)?;
        let parts: Vec<&str> = seed.parts.iter().map(|part| part.part.as_str()).collect();
        assert_eq!(parts, ["p1", "p2"]);
        Ok(())
    }

    #[test]
    fn anything_else_is_an_error() {
        assert!(Seed::read("{\"parts\":[]} listening on …").is_err());
    }
}
