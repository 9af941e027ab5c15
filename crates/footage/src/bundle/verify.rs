//! The check itself: bytes against digests, digests against the chain, the chain against what the server
//! witnessed and signed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Context, SHA256};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::Value;
use yikao_domain::id::PartId;
use yikao_domain::seal::{Chain, Hash32, Seal};
use yikao_domain::signed::Signed;

use super::report::{Finding, PartReport, Report, StatementReport};
use super::{Bundle, BundlePart, FORMAT, MANIFEST, tar};
use crate::assembly::{ChainCheck, Verdict, Witnessed};

const MANIFEST_BYTES: u64 = 256 << 20;
const CHUNK: usize = 64 * 1024;

/// A public key of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Its name; without one it is tried on every statement.
    pub kid: Option<String>,
    /// The Ed25519 key.
    pub key: [u8; 32],
}

/// Why a bundle cannot be checked at all.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// `bundle.json` is not the first file, or is none of ours.
    #[error("this is no bundle: {0}")]
    NotABundle(String),
    /// A key is not 32 bytes in base64url, with or without `kid:` before it.
    #[error("not a public key: {0}")]
    NotAKey(String),
}

impl std::str::FromStr for PublicKey {
    type Err = BundleError;

    /// Reads `<base64url>` or `<kid>:<base64url>`.
    fn from_str(text: &str) -> Result<Self, BundleError> {
        let (kid, coded) =
            text.split_once(':').map_or((None, text), |(kid, key)| (Some(kid.to_owned()), key));
        let bytes = URL_SAFE_NO_PAD.decode(coded.trim()).ok();
        let key = bytes.and_then(|bytes| bytes.try_into().ok());
        Ok(Self { kid, key: key.ok_or_else(|| BundleError::NotAKey(text.to_owned()))? })
    }
}

/// Checks the bundle at `path` (an archive or a folder) against the server's public keys.
pub fn verify(path: &Path, keys: &[PublicKey]) -> Result<Report, BundleError> {
    let mut check = None;
    if path.is_dir() {
        let mut started = Check::begin(&fs::read(path.join(MANIFEST))?)?;
        for part in started.bundle.parts.clone() {
            if let Ok(file) = File::open(path.join(part.file())) {
                started.part(&part, &mut BufReader::new(file))?;
            }
        }
        check = Some(started);
    } else {
        tar::read(BufReader::new(File::open(path)?), |name, _, body| Check::file(&mut check, name, body))?;
    }
    let check = check.ok_or_else(|| BundleError::NotABundle("it is empty".into()))?;
    Ok(check.finish(keys))
}

/// A check in progress.
struct Check {
    bundle: Bundle,
    parts: Vec<PartReport>,
    findings: Vec<Finding>,
    /// The heads that the bytes give, as far as they can be computed without a gap.
    heads: HashMap<PartId, BTreeMap<u64, Hash32>>,
    seen: HashSet<PartId>,
}

impl Check {
    fn begin(manifest: &[u8]) -> Result<Self, BundleError> {
        let bundle: Bundle =
            serde_json::from_slice(manifest).map_err(|error| BundleError::NotABundle(error.to_string()))?;
        if bundle.format != FORMAT {
            return Err(BundleError::NotABundle(format!("format {}", bundle.format)));
        }
        let (parts, findings) = (Vec::new(), Vec::new());
        Ok(Self { bundle, parts, findings, heads: HashMap::new(), seen: HashSet::new() })
    }

    /// The next file of an archive.
    fn file(check: &mut Option<Self>, name: &str, body: &mut dyn Read) -> io::Result<()> {
        match check {
            None if name == MANIFEST => {
                let mut manifest = Vec::new();
                body.take(MANIFEST_BYTES).read_to_end(&mut manifest)?;
                *check = Some(Self::begin(&manifest).map_err(io::Error::other)?);
            }
            None => return Err(io::Error::other("bundle.json is not the first file")),
            Some(check) => {
                if let Some(part) = check.bundle.parts.iter().find(|part| part.file() == name).cloned() {
                    check.part(&part, body)?;
                }
            }
        }
        Ok(())
    }

    fn part(&mut self, part: &BundlePart, body: &mut dyn Read) -> io::Result<()> {
        if !self.seen.insert(part.id) {
            return Ok(());
        }
        let start = Chain::start(self.bundle.sitting_id, part.owner, part.id);
        let seals = part.seals.iter().map(|seal| (seal.index, seal.head)).collect();
        let mut check = ChainCheck::begin(&start, Witnessed { seals, last: part.last });
        let (mut chain, mut heads) = (Some(start), BTreeMap::new());
        let (mut found, mut expected, mut differs) = (0, 0, None);
        for segment in &part.segments {
            let (read, digest) = digest(body, segment.bytes)?;
            found += read;
            expected += segment.bytes;
            if digest != segment.digest {
                differs = differs.or(Some(segment.index));
            }
            check.segment(segment.index, segment.bytes, digest);
            chain = chain.filter(|chain| chain.index() + 1 == segment.index);
            if let Some(chain) = &mut chain {
                heads.insert(segment.index, chain.push_digest(segment.bytes, digest).head);
            }
        }
        found += io::copy(body, &mut io::sink())?;
        if found != expected {
            self.findings.push(Finding::LengthDiffers { part: part.id, expected, found });
        }
        self.findings.extend(differs.map(|index| Finding::SegmentDiffers { part: part.id, index }));
        let chain = check.finish();
        if let Verdict::Damaged { first_bad_index: index, .. } = chain.verdict {
            self.findings.push(Finding::ChainDiffers { part: part.id, index });
        }
        self.parts.push(PartReport { part: part.id, chain });
        self.heads.insert(part.id, heads);
        Ok(())
    }

    fn finish(mut self, keys: &[PublicKey]) -> Report {
        let missing = self.bundle.parts.iter().filter(|part| !self.seen.contains(&part.id));
        // A part of which nothing arrived needs no file.
        let missing = missing.filter(|part| !part.segments.is_empty());
        self.findings.extend(missing.map(|part| Finding::FileMissing { part: part.id }));
        let mut statements = Vec::new();
        for signed in self.bundle.parts.iter().flat_map(|part| &part.acknowledgements) {
            let payload = payload(signed);
            if let Some((part, seal)) = claim(&payload)
                && self.contradicts(part, seal)
            {
                self.findings.push(Finding::AcknowledgedOther { part, index: seal.index });
            }
            statements.push(statement(signed, &payload, keys));
        }
        for signed in &self.bundle.receipts {
            let payload = payload(signed);
            for (part, seal) in payload["parts"].as_array().into_iter().flatten().filter_map(claim) {
                if self.contradicts(part, seal) {
                    self.findings.push(Finding::ReceiptDiffers { part, index: seal.index });
                }
            }
            statements.push(statement(signed, &payload, keys));
        }
        for (place, statement) in statements.iter().enumerate().filter(|(_, statement)| !statement.is_genuine)
        {
            self.findings.push(Finding::NotGenuine { statement: place, kid: statement.kid.clone() });
        }
        let is_sound = self.findings.is_empty();
        Report { is_sound, parts: self.parts, statements, findings: self.findings }
    }

    /// Whether the bytes give another head than was claimed. Beyond a gap they give none.
    fn contradicts(&self, part: PartId, seal: Seal) -> bool {
        let head = self.heads.get(&part).and_then(|heads| heads.get(&seal.index));
        seal.index > 0 && head.is_some_and(|head| *head != seal.head)
    }
}

/// The digest of the next `bytes` bytes, and how many there were.
fn digest(body: &mut dyn Read, bytes: u64) -> io::Result<(u64, Hash32)> {
    let (mut context, mut chunk, mut read) = (Context::new(&SHA256), vec![0; CHUNK], 0);
    let mut body = body.take(bytes);
    loop {
        match body.read(&mut chunk)? {
            0 => break,
            more => {
                context.update(&chunk[..more]);
                read += more as u64;
            }
        }
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    Ok((read, Hash32(out)))
}

fn payload(signed: &Signed) -> Value {
    serde_json::from_str(&signed.payload).unwrap_or_default()
}

/// What a payload says of a part: `part` or `part_id`, `index` or `last_index`, and `head`.
fn claim(payload: &Value) -> Option<(PartId, Seal)> {
    let part = payload.get("part").or_else(|| payload.get("part_id"))?.as_str()?.parse().ok()?;
    let index = payload.get("index").or_else(|| payload.get("last_index"))?.as_u64()?;
    let head = payload.get("head")?.as_str()?.parse().ok()?;
    Some((part, Seal { index, head }))
}

fn statement(signed: &Signed, payload: &Value, keys: &[PublicKey]) -> StatementReport {
    let message = Signed::message(&signed.payload);
    let signature = URL_SAFE_NO_PAD.decode(&signed.signature).unwrap_or_default();
    let mut candidates = keys.iter().filter(|key| key.kid.as_ref().is_none_or(|kid| *kid == signed.kid));
    let is_genuine = candidates
        .any(|key| UnparsedPublicKey::new(&ED25519, key.key).verify(message.as_bytes(), &signature).is_ok());
    StatementReport {
        kind: payload["kind"].as_str().unwrap_or_default().to_owned(),
        part: claim(payload).map(|(part, _)| part),
        kid: signed.kid.clone(),
        is_genuine,
    }
}
