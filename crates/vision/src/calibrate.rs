//! How often the face check would be wrong, for an operator's own photos: the engine is not equally good for
//! everybody, so nobody should trust thresholds that were measured on others.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use yikao_domain::face::{Embedding, FaceCause, FaceThresholds, portrait};

use crate::handle::{Vision, VisionError};

/// Distances at which both rates are printed.
const AT: [f32; 7] = [0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65];

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// People with at least one photo that was looked at.
    pub people: usize,
    /// Photos that were looked at.
    pub photos: usize,
    /// Photos that a portrait could not be, by what is wrong with them first.
    pub causes: BTreeMap<FaceCause, usize>,
    /// Files that are no usable picture.
    pub unreadable: Vec<PathBuf>,
    /// Distances between photos of one person.
    pub same: Vec<f32>,
    /// Distances between photos of two persons.
    pub different: Vec<f32>,
}

/// Looks at every photo in `DIR/<person>/` and compares each with each.
///
/// # Errors
/// The folder cannot be read, or pictures cannot be looked at here at all.
pub async fn calibrate(
    vision: &Vision,
    folder: &Path,
) -> Result<Calibration, Box<dyn std::error::Error + Send + Sync>> {
    let lines = FaceThresholds::default();
    let mut measured: Vec<(usize, Embedding)> = Vec::new();
    let mut found = Calibration::empty();
    for (person, of_person) in sorted(folder)?.into_iter().filter(|path| path.is_dir()).enumerate() {
        let before = found.photos;
        for file in sorted(&of_person)? {
            let look = match vision.look(std::fs::read(&file)?.into()).await {
                Ok(look) => look,
                Err(VisionError::Picture(_)) => {
                    found.unreadable.push(file);
                    continue;
                }
                Err(other) => return Err(other.into()),
            };
            found.photos += 1;
            if let Err(causes) = portrait(&look, &lines) {
                *found.causes.entry(causes[0]).or_default() += 1;
            }
            measured
                .extend(look.largest().and_then(|face| face.embedding).map(|embedding| (person, embedding)));
        }
        found.people += usize::from(found.photos > before);
    }
    for (at, (person, embedding)) in measured.iter().enumerate() {
        for (other, theirs) in &measured[at + 1..] {
            let distances = if person == other { &mut found.same } else { &mut found.different };
            distances.push(embedding.distance(theirs));
        }
    }
    Ok(found)
}

impl Calibration {
    const fn empty() -> Self {
        Self {
            people: 0,
            photos: 0,
            causes: BTreeMap::new(),
            unreadable: Vec::new(),
            same: Vec::new(),
            different: Vec::new(),
        }
    }

    /// Share of pairs of two persons that are taken for one at this threshold.
    pub fn false_accepts(&self, threshold: f32) -> f32 {
        share(&self.different, |distance| distance <= threshold)
    }

    /// Share of pairs of one person that are taken for two.
    pub fn false_rejects(&self, threshold: f32) -> f32 {
        share(&self.same, |distance| distance > threshold)
    }
}

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} photos of {} people", self.photos, self.people)?;
        writeln!(f, "{} pairs of one person, {} of two", self.same.len(), self.different.len())?;
        writeln!(f, "distance  false accepts  false rejects")?;
        for at in AT {
            let (accepts, rejects) = (100.0 * self.false_accepts(at), 100.0 * self.false_rejects(at));
            writeln!(f, "    {at:.2}        {accepts:6.2} %       {rejects:6.2} %")?;
        }
        writeln!(f, "photos that could not be portraits:")?;
        for (cause, count) in &self.causes {
            writeln!(f, "{:>6}  {}", count, cause.word())?;
        }
        for file in &self.unreadable {
            writeln!(f, "unreadable: {}", file.display())?;
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than seven digits")]
fn share(distances: &[f32], wrong: impl Fn(f32) -> bool) -> f32 {
    distances.iter().filter(|distance| wrong(**distance)).count() as f32 / distances.len().max(1) as f32
}

fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}
