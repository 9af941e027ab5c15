use std::io::Write;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{Ed25519KeyPair, KeyPair};
use tempfile::TempDir;
use uuid::Uuid;
use yikao_domain::seal::Chain;

use super::*;

/// A server that signs, and the evidence of one part of five segments.
struct Evidence {
    key: Ed25519KeyPair,
    bundle: Bundle,
    original: Vec<u8>,
    dir: TempDir,
}

impl Evidence {
    fn new() -> Self {
        let key = Ed25519KeyPair::from_seed_unchecked(&[5; 32]).unwrap();
        let (sitting_id, id) = (SittingId::from(Uuid::from_u128(1)), PartId::from(Uuid::from_u128(3)));
        let owner = Owner::Take(Uuid::from_u128(2).into());
        let mut chain = Chain::start(sitting_id, owner, id);
        let (mut segments, mut seals, mut original) = (Vec::new(), Vec::new(), Vec::new());
        for content in 1..=5_u8 {
            let bytes = vec![content; 1_000];
            let seal = chain.push(&bytes);
            let digest = Hash32::of(&bytes);
            segments.push(BundleSegment { index: seal.index, bytes: 1_000, digest });
            let witnessed_at = Timestamp(i64::from(content));
            seals.push(WitnessedSeal { index: seal.index, head: seal.head, witnessed_at });
            original.extend(bytes);
        }
        let last = chain.seal();
        let pulse = serde_json::json!({"kind": "pulse", "part": id, "index": last.index, "head": last.head});
        let acknowledgements = vec![sign(&key, &pulse)];
        let claim = serde_json::json!({"part_id": id, "last_index": last.index, "head": last.head});
        let receipts = vec![sign(&key, &serde_json::json!({"kind": "submission", "parts": [claim]}))];
        let part = BundlePart { id, owner, last: Some(last), segments, seals, acknowledgements };
        let made_at = Timestamp(9);
        let bundle =
            Bundle { format: FORMAT, sitting_id, made_at, parts: vec![part], receipts, events: Vec::new() };
        Self { key, bundle, original, dir: TempDir::new().unwrap() }
    }

    fn keys(&self) -> Vec<PublicKey> {
        let key = self.key.public_key().as_ref().try_into().unwrap();
        vec![PublicKey { kid: Some("k1".into()), key }]
    }

    fn archive(&self) -> PathBuf {
        let path = self.dir.path().join("sitting.tar");
        let mut file = std::fs::File::create(&path).unwrap();
        let manifest = serde_json::to_vec(&self.bundle).unwrap();
        for (name, bytes) in [(MANIFEST.to_owned(), &manifest), (self.bundle.parts[0].file(), &self.original)]
        {
            file.write_all(&tar::header(&name, bytes.len() as u64).unwrap()).unwrap();
            file.write_all(bytes).unwrap();
            file.write_all(&vec![0; tar::padding(bytes.len() as u64)]).unwrap();
        }
        file.write_all(&tar::END).unwrap();
        path
    }

    fn report(&self) -> Report {
        verify(&self.archive(), &self.keys()).unwrap()
    }

    fn part(&mut self) -> &mut BundlePart {
        &mut self.bundle.parts[0]
    }

    fn id(&self) -> PartId {
        self.bundle.parts[0].id
    }
}

fn sign(key: &Ed25519KeyPair, payload: &serde_json::Value) -> Signed {
    let payload = payload.to_string();
    let signature = key.sign(format!("yikao-signed-1\n{payload}").as_bytes());
    Signed { kid: "k1".into(), payload, signature: URL_SAFE_NO_PAD.encode(signature.as_ref()) }
}

#[test]
fn an_untouched_bundle_is_whole_and_its_statements_genuine() {
    let report = Evidence::new().report();
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(report.statements.len(), 2);
    assert!(report.statements.iter().all(|statement| statement.is_genuine));
}

#[test]
fn a_folder_is_as_good_as_an_archive() {
    let evidence = Evidence::new();
    let folder = evidence.dir.path().join("sitting");
    std::fs::create_dir_all(folder.join("parts")).unwrap();
    std::fs::write(folder.join(MANIFEST), serde_json::to_vec(&evidence.bundle).unwrap()).unwrap();
    std::fs::write(folder.join(evidence.bundle.parts[0].file()), &evidence.original).unwrap();
    assert!(verify(&folder, &evidence.keys()).unwrap().is_whole());
}

#[test]
fn system_tar_reads_what_we_write() {
    let evidence = Evidence::new();
    let listed = std::process::Command::new("tar").arg("-tf").arg(evidence.archive()).output().unwrap();
    assert_eq!(
        String::from_utf8(listed.stdout).unwrap(),
        format!("{MANIFEST}\nparts/{}.original\n", evidence.id())
    );
}

#[test]
fn a_changed_byte_names_the_first_segment_that_differs() {
    let mut evidence = Evidence::new();
    evidence.original[2_500] ^= 1;
    let report = evidence.report();
    let part = evidence.id();
    assert!(report.findings.contains(&Finding::SegmentDiffers { part, index: 3 }), "{:?}", report.findings);
    assert!(report.findings.contains(&Finding::ChainDiffers { part, index: 3 }));
    assert!(report.findings.contains(&Finding::AcknowledgedOther { part, index: 5 }));
}

#[test]
fn bytes_changed_together_with_digests_and_seals_still_differ_from_what_was_signed() {
    let mut evidence = Evidence::new();
    evidence.original[2_500] ^= 1;
    let (sitting, part) = (evidence.bundle.sitting_id, evidence.id());
    let mut chain = Chain::start(sitting, evidence.bundle.parts[0].owner, part);
    for at in 0..5 {
        let bytes = evidence.original[at * 1_000..(at + 1) * 1_000].to_vec();
        let head = chain.push(&bytes).head;
        evidence.part().segments[at].digest = Hash32::of(&bytes);
        evidence.part().seals[at].head = head;
    }
    evidence.part().last = Some(chain.seal());
    let report = evidence.report();
    let expected =
        vec![Finding::AcknowledgedOther { part, index: 5 }, Finding::ReceiptDiffers { part, index: 5 }];
    assert_eq!(report.findings, expected);
}

#[test]
fn a_statement_that_was_changed_or_signed_by_another_is_not_genuine() {
    let mut evidence = Evidence::new();
    let payload = evidence.part().acknowledgements[0].payload.replace("pulse", "other");
    evidence.part().acknowledgements[0].payload = payload;
    let forged = Ed25519KeyPair::from_seed_unchecked(&[6; 32]).unwrap();
    evidence.bundle.receipts = vec![sign(&forged, &serde_json::json!({"kind": "submission"}))];
    let not_genuine = |statement| Finding::NotGenuine { statement, kid: "k1".into() };
    assert_eq!(evidence.report().findings, vec![not_genuine(0), not_genuine(1)]);
}

#[test]
fn a_segment_left_out_is_a_gap() {
    let mut evidence = Evidence::new();
    evidence.part().segments.remove(2);
    evidence.original.drain(2_000..3_000);
    let report = evidence.report();
    assert!(report.is_sound && !report.is_whole(), "{report:?}");
    assert_eq!(report.parts[0].chain.gaps.len(), 1);
}

#[test]
fn a_file_that_is_missing_or_too_long_or_too_short_is_named() {
    let mut evidence = Evidence::new();
    let part = evidence.id();
    evidence.original.push(0);
    let longer = Finding::LengthDiffers { part, expected: 5_000, found: 5_001 };
    assert_eq!(evidence.report().findings, vec![longer]);
    evidence.original.truncate(4_500);
    let shorter = Finding::LengthDiffers { part, expected: 5_000, found: 4_500 };
    assert!(evidence.report().findings.contains(&shorter));
    evidence.bundle.parts[0].id = Uuid::from_u128(99).into();
    let folder = evidence.dir.path().join("sitting");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(MANIFEST), serde_json::to_vec(&evidence.bundle).unwrap()).unwrap();
    let report = verify(&folder, &evidence.keys()).unwrap();
    assert!(report.findings.contains(&Finding::FileMissing { part: evidence.id() }));
}

#[test]
fn what_is_no_bundle_is_said_to_be_none() {
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join("noise"), [7; 5_000]).unwrap();
    assert!(verify(&dir.path().join("noise"), &[]).is_err());
    std::fs::write(dir.path().join(MANIFEST), "{}").unwrap();
    assert!(matches!(verify(dir.path(), &[]), Err(BundleError::NotABundle(_))));
}

#[test]
fn a_key_is_read_with_and_without_its_name() {
    let coded = URL_SAFE_NO_PAD.encode([5; 32]);
    assert_eq!(coded.parse::<PublicKey>().unwrap(), PublicKey { kid: None, key: [5; 32] });
    let named = PublicKey { kid: Some("k1".into()), key: [5; 32] };
    assert_eq!(format!("k1:{coded}").parse::<PublicKey>().unwrap(), named);
    assert!("k1:short".parse::<PublicKey>().is_err());
}
