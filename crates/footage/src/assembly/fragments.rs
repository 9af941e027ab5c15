//! Fragmented MP4 with bytes missing in the middle: a reader loses its place at the first torn box. This
//! copies the boxes that are whole and finds the next fragment after each gap.

use std::io;
use std::path::Path;

use tokio::fs::File;
use tokio::io::{AsyncWriteExt, BufWriter};

use super::read_at;

const WINDOW: usize = 1 << 20;
const BOX_HEADER: u64 = 8;

/// Copies `source` to `to` without boxes that a gap tore. `runs` says where bytes begin that follow a gap.
pub(super) async fn without_torn(source: &Path, runs: &[u64], to: &Path) -> io::Result<()> {
    let mut from = File::open(source).await?;
    let length = from.metadata().await?.len();
    let mut out = BufWriter::new(File::create(to).await?);
    let ends = runs.iter().copied().chain([length]);
    for (start, end) in [0].into_iter().chain(runs.iter().copied()).zip(ends) {
        let first = if start == 0 { Some(0) } else { next_fragment(&mut from, start, end).await? };
        if let Some(first) = first {
            copy_whole_boxes(&mut from, first, end, &mut out).await?;
        }
    }
    out.flush().await
}

/// Copies boxes from `at` until one does not fit before `end`. A fragment goes only with its data.
async fn copy_whole_boxes(
    from: &mut File,
    mut at: u64,
    end: u64,
    out: &mut BufWriter<File>,
) -> io::Result<()> {
    let mut pending = None;
    while let Some((kind, size)) = box_at(from, at, end).await? {
        match &kind {
            b"moof" => pending = Some(at),
            _ => copy(from, pending.take().unwrap_or(at)..at + size, out).await?,
        }
        at += size;
    }
    Ok(())
}

async fn copy(from: &mut File, mut range: std::ops::Range<u64>, out: &mut BufWriter<File>) -> io::Result<()> {
    while !range.is_empty() {
        let piece = (range.end - range.start).min(WINDOW as u64);
        let bytes = read_at(from, range.start, usize::try_from(piece).unwrap_or(WINDOW)).await?;
        if bytes.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        out.write_all(&bytes).await?;
        range.start += bytes.len() as u64;
    }
    Ok(())
}

/// Kind and size of the box at `at`, if it is whole.
async fn box_at(from: &mut File, at: u64, end: u64) -> io::Result<Option<([u8; 4], u64)>> {
    let head = read_at(from, at, 16).await?;
    let Some((size, rest)) = head.split_first_chunk::<4>() else { return Ok(None) };
    let Some((kind, rest)) = rest.split_first_chunk::<4>() else { return Ok(None) };
    let size = match (u32::from_be_bytes(*size), rest.first_chunk::<8>()) {
        (1, Some(large)) => u64::from_be_bytes(*large),
        (size, _) => u64::from(size),
    };
    let whole = size >= BOX_HEADER && at.checked_add(size).is_some_and(|after| after <= end);
    Ok(whole.then_some((*kind, size)))
}

/// Where the first fragment (`moof` with its `mfhd` right inside) begins in a range.
async fn next_fragment(from: &mut File, start: u64, end: u64) -> io::Result<Option<u64>> {
    let mut at = start;
    while at < end {
        let window = read_at(from, at, WINDOW).await?;
        let is_fragment = |bytes: &[u8]| bytes[4..8] == *b"moof" && bytes[12..16] == *b"mfhd";
        if let Some(found) = window.windows(16).position(is_fragment) {
            return Ok(Some(at + found as u64).filter(|found| *found < end));
        }
        // The windows overlap by what a fragment's head needs.
        at += (window.len().saturating_sub(15)).max(1) as u64;
    }
    Ok(None)
}
