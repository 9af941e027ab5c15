//! HEIC and AVIF, through libheif's own tool where it is installed.

use std::process::{Command, Stdio};
use std::time::Duration;

use yikao_domain::picture::PictureFault;

/// Brands of files that libheif reads.
const BRANDS: [&[u8; 4]; 8] = [b"heic", b"heix", b"heim", b"heis", b"mif1", b"hevc", b"avif", b"msf1"];

/// How folders begin in which a file is converted.
const PREFIX: &str = "yikao-heic-";
/// No conversion takes this long: what is older was left behind by a worker that was killed.
const OLD: Duration = Duration::from_mins(5);

/// Removes what workers that were killed left in the folder for temporary files: photos of documents.
pub(crate) fn sweep() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let age = entry.metadata().ok().and_then(|about| about.modified().ok()?.elapsed().ok());
        if is_ours && age.is_some_and(|age| age > OLD) {
            // Another worker may be quicker.
            std::fs::remove_dir_all(entry.path()).ok();
        }
    }
}

/// Whether the file says that it is a HEIC or AVIF.
pub(super) fn is_heic(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp")
        && bytes.get(8..12).is_some_and(|brand| BRANDS.iter().any(|it| *it == brand))
}

/// The picture as PNG, upright.
///
/// # Errors
/// `Heic` where the tool is not installed, `Damaged` when it does not read the file.
pub(super) fn to_png(bytes: &[u8]) -> Result<Vec<u8>, PictureFault> {
    let folder = tempfile::Builder::new().prefix(PREFIX).tempdir().map_err(|_| PictureFault::Heic)?;
    let (source, target) = (folder.path().join("picture.heic"), folder.path().join("picture.png"));
    std::fs::write(&source, bytes).map_err(|_| PictureFault::Heic)?;
    // `timeout` ends it even when this process has been killed meanwhile; limits are inherited.
    let mut convert = Command::new("timeout");
    convert.args(["10", "heif-convert"]).args([&source, &target]);
    convert.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match convert.status().map_err(|_| PictureFault::Heic)?.code() {
        Some(0) => {}
        Some(126 | 127) => return Err(PictureFault::Heic),
        _ => return Err(PictureFault::Damaged),
    }
    // Of several pictures in one file the first is the one that phones show.
    let first = folder.path().join("picture-1.png");
    std::fs::read(&target).or_else(|_| std::fs::read(first)).map_err(|_| PictureFault::Damaged)
}
