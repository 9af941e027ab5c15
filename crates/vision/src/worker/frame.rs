//! Frames between server and worker: length of the head, length of the body (big-endian u32), a JSON head, a body.

use std::io::{self, Read};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Most bytes of a head or a body.
const MOST_BYTES: usize = 64 << 20;

/// A frame up to where its body begins.
pub(crate) fn pack(head: &impl Serialize, body_len: usize) -> io::Result<Vec<u8>> {
    let head = serde_json::to_vec(head)?;
    let length = |length: usize| u32::try_from(length).map_err(io::Error::other);
    let mut frame = length(head.len())?.to_be_bytes().to_vec();
    frame.extend(length(body_len)?.to_be_bytes());
    frame.extend(head);
    Ok(frame)
}

/// The lengths of head and body.
pub(crate) fn unpack_header(header: [u8; 8]) -> io::Result<(usize, usize)> {
    let both = u64::from_be_bytes(header);
    let length = |bits: u64| usize::try_from(bits & 0xFFFF_FFFF).map_err(io::Error::other);
    let (head, body) = (length(both >> 32)?, length(both)?);
    if head.max(body) > MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame is too long"));
    }
    Ok((head, body))
}

/// The next frame; `None` where the input ends between frames.
pub(super) fn read<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<(T, Vec<u8>)>> {
    let mut header = [0; 8];
    match input.read_exact(&mut header) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let (head_len, body_len) = unpack_header(header)?;
    let (mut head, mut body) = (vec![0; head_len], vec![0; body_len]);
    input.read_exact(&mut head)?;
    input.read_exact(&mut body)?;
    Ok(Some((serde_json::from_slice(&head)?, body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_as_it_was_packed_and_the_end_of_input_is_no_error() {
        let mut wire = pack(&"look", 3).unwrap();
        wire.extend(b"abc");
        let mut input = wire.as_slice();
        assert_eq!(read::<String>(&mut input).unwrap(), Some(("look".to_owned(), b"abc".to_vec())));
        assert_eq!(read::<String>(&mut input).unwrap(), None);
    }

    #[test]
    fn a_frame_that_claims_gigabytes_is_refused_before_anything_is_reserved() {
        assert!(unpack_header([0, 0, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF]).is_err());
    }
}
