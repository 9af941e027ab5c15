//! The little of the tar format that a bundle needs: plain files, written and read as a stream.

use std::io::{self, Read, Write};

const BLOCK: usize = 512;

/// The header of a plain file; its bytes follow, then [`padding`].
pub fn header(name: &str, bytes: u64) -> io::Result<[u8; BLOCK]> {
    let mut out = [0; BLOCK];
    if name.len() >= 100 || !name.is_ascii() || bytes >= 1 << 33 {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "too long a name or file for a bundle"));
    }
    out[..name.len()].copy_from_slice(name.as_bytes());
    write!(&mut out[100..108], "0000600\0")?;
    write!(&mut out[108..116], "0000000\0")?;
    write!(&mut out[116..124], "0000000\0")?;
    write!(&mut out[124..136], "{bytes:011o}\0")?;
    write!(&mut out[136..148], "00000000000\0")?;
    out[156] = b'0';
    write!(&mut out[257..265], "ustar\x0000")?;
    let sum = checksum(&out);
    write!(&mut out[148..156], "{sum:06o}\0 ")?;
    Ok(out)
}

/// Zero bytes that follow a file of this many bytes.
pub fn padding(bytes: u64) -> usize {
    (BLOCK - usize::try_from(bytes % BLOCK as u64).unwrap_or(0)) % BLOCK
}

/// What ends an archive.
pub const END: [u8; 2 * BLOCK] = [0; 2 * BLOCK];

/// Calls `file` with the name, size and bytes of each file in turn.
pub(crate) fn read(
    mut archive: impl Read,
    mut file: impl FnMut(&str, u64, &mut dyn Read) -> io::Result<()>,
) -> io::Result<()> {
    let mut head = [0; BLOCK];
    loop {
        archive.read_exact(&mut head)?;
        if head == [0; BLOCK] {
            return Ok(());
        }
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "the archive is damaged");
        if octal(&head[148..156]) != Some(checksum(&head)) {
            return Err(damaged());
        }
        let end = head[..100].iter().position(|byte| *byte == 0).unwrap_or(100);
        let name = std::str::from_utf8(&head[..end]).map_err(|_| damaged())?;
        let bytes = octal(&head[124..136]).ok_or_else(damaged)?;
        let mut body = archive.by_ref().take(bytes);
        file(name, bytes, &mut body)?;
        io::copy(&mut body, &mut io::sink())?;
        io::copy(&mut archive.by_ref().take(padding(bytes) as u64), &mut io::sink())?;
    }
}

/// The sum of a header's bytes, its own field counted as spaces.
fn checksum(head: &[u8; BLOCK]) -> u64 {
    let byte = |(at, byte): (usize, &u8)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) };
    head.iter().enumerate().map(byte).sum()
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
}
