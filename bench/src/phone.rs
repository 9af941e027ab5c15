//! What a phone sends: segments to Yikao (with capability, digest and seal), the same bytes to the bare
//! server, and tus to rustus.

use std::future::Future;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};

use crate::http::{Connection, Endpoint};
use crate::seed::Part;

/// Sends one segment after the other.
pub(crate) trait Phone: Send + 'static {
    /// Sends the next segment; returns once the server has answered that it is stored.
    fn send(&mut self) -> impl Future<Output = Result<()>> + Send;
}

/// The content that all segments of a turn carry.
#[derive(Debug)]
pub(crate) struct Content {
    bytes: Vec<u8>,
    sha256: [u8; 32],
    /// `Content-Digest` (RFC 9530).
    digest: String,
}

impl Content {
    /// `length` bytes that do not compress.
    pub(crate) fn new(length: u32) -> Arc<Self> {
        let mut x = 0x9E37_79B9_7F4A_7C15_u64;
        let next = |_| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            x.to_le_bytes()[0]
        };
        let bytes: Vec<u8> = (0..length).map(next).collect();
        let sha256 = sha256(&bytes);
        let digest = format!("sha-256=:{}:", STANDARD.encode(sha256));
        Arc::new(Self { bytes, sha256, digest })
    }
}

/// A phone that sends segments of one part.
pub(crate) struct SegmentPhone {
    connection: Connection,
    content: Arc<Content>,
    route: String,
    index: u64,
    seal: Option<Chain>,
}

impl SegmentPhone {
    /// A phone that holds the capability of a part, or one of the bare server: nothing to prove.
    pub(crate) async fn open(
        endpoint: &Endpoint,
        number: u32,
        content: Arc<Content>,
        part: Option<&Part>,
    ) -> Result<Self> {
        let connection = Connection::open(endpoint, number).await?;
        let seal = part.map(|part| Chain::of(&part.capability)).transpose()?;
        let route = match part {
            Some(part) => format!("/api/parts/{}/segments", part.part),
            None => format!("/parts/{number}/segments"),
        };
        Ok(Self { connection, content, route, index: 1, seal })
    }
}

impl Phone for SegmentPhone {
    async fn send(&mut self) -> Result<()> {
        let proof = match &mut self.seal {
            None => String::new(),
            Some(chain) => chain.headers(self.index, &self.content),
        };
        let head = format!(
            "PUT {}/{} HTTP/1.1\r\nHost: 127.0.0.1\r\n{proof}Content-Length: {}\r\n\r\n",
            self.route,
            self.index,
            self.content.bytes.len()
        );
        self.connection.exchange(&head, &self.content.bytes).await?.expect(204)?;
        self.index += 1;
        Ok(())
    }
}

/// The seal chain of one part.
struct Chain {
    capability: String,
    head: [u8; 32],
}

impl Chain {
    /// `h[0]`, from what the capability says about its part.
    fn of(capability: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(capability).context("capability is not base64url")?;
        ensure!(bytes.len() > 51 && bytes[0] == 2, "capability of an unknown version");
        let (part, sitting, owner) = (&bytes[2..18], &bytes[18..34], &bytes[34..51]);
        let head = sha256(&[b"yikao-seal-1", sitting, owner, part].concat());
        Ok(Self { capability: capability.to_owned(), head })
    }

    fn headers(&mut self, index: u64, content: &Content) -> String {
        let mut link = Vec::with_capacity(80);
        link.extend(self.head);
        link.extend(index.to_be_bytes());
        link.extend(u64::try_from(content.bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        link.extend(content.sha256);
        self.head = sha256(&link);
        format!(
            "Authorization: Bearer {}\r\nContent-Digest: {}\r\nYikao-Seal: {}\r\n",
            self.capability,
            content.digest,
            hex::encode(self.head)
        )
    }
}

/// A phone that speaks tus 1.0: one upload, a PATCH for each segment.
pub(crate) struct TusPhone {
    connection: Connection,
    content: Arc<Content>,
    location: String,
    offset: usize,
}

impl TusPhone {
    /// Creates the upload.
    pub(crate) async fn create(endpoint: &Endpoint, number: u32, content: Arc<Content>) -> Result<Self> {
        let mut connection = Connection::open(endpoint, number).await?;
        // Longer than any turn sends: the upload never ends.
        let create = "POST /files HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\n\
                      Upload-Length: 1000000000000\r\nContent-Length: 0\r\n\r\n";
        let created = connection.exchange(create, &[]).await?.expect(201)?;
        let location = created.header("location").context("tus: no location")?;
        let path = location.find("/files").map_or(location, |at| &location[at..]).to_owned();
        Ok(Self { connection, content, location: path, offset: 0 })
    }
}

impl Phone for TusPhone {
    async fn send(&mut self) -> Result<()> {
        let head = format!(
            "PATCH {} HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {}\r\n\
             Content-Type: application/offset+octet-stream\r\nContent-Length: {}\r\n\r\n",
            self.location,
            self.offset,
            self.content.bytes.len()
        );
        self.connection.exchange(&head, &self.content.bytes).await?.expect(204)?;
        self.offset += self.content.bytes.len();
        Ok(())
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}
