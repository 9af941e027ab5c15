//! A sitting's evidence in one archive that anybody can check offline with `yikao verify`.

use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use yikao_domain::id::PartId;
use yikao_domain::seal::Seal;
use yikao_domain::signed::Signed;
use yikao_footage::bundle::{Bundle, BundlePart, BundleSegment, FORMAT, MANIFEST, WitnessedSeal, tar};
use yikao_footage::objects::ObjectReader;
use yikao_store::sitting::EventRow;
use yikao_store::{part, receipt, seal, sitting};

use crate::footage::Arrived;
use crate::problem::Problem;
use crate::sittings::command::Loaded;
use crate::sittings::parts::owner_of;
use crate::sittings::receipt as receipts;
use crate::state::App;
use crate::{assets, routes};

/// What an archive's stream is made of, or why it breaks off.
type Piece = Result<Bytes, std::io::Error>;

/// A part, and where its bytes come from.
struct Source {
    described: BundlePart,
    bytes: u64,
    from: From,
}

enum From {
    /// The assembled original.
    Object(Box<ObjectReader>),
    /// The log, for what is not assembled yet.
    Log(Vec<Arrived>),
}

/// Streams the bundle of a sitting as a tar archive.
pub async fn stream(
    app: &App,
    loaded: &Loaded,
) -> Result<impl futures_util::Stream<Item = Piece> + use<>, Problem> {
    let sources = sources(app, loaded).await?;
    let manifest = manifest(app, loaded, &sources).await?;
    let (pieces, taken) = mpsc::channel(8);
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = write(&app, &manifest, sources, &pieces).await {
            // The archive breaks off, so that nobody takes it for whole.
            let _ = pieces.send(Err(error)).await;
        }
    });
    Ok(futures_util::stream::unfold(taken, |mut taken| async move { Some((taken.recv().await?, taken)) }))
}

async fn sources(app: &App, loaded: &Loaded) -> Result<Vec<Source>, Problem> {
    let rows = part::of_sitting(&mut app.db.reader().await?, loaded.row.id).await?;
    let mut sources = Vec::with_capacity(rows.len());
    for row in rows {
        sources.push(source(app, row).await?);
    }
    Ok(sources)
}

async fn source(app: &App, row: part::Part) -> Result<Source, Problem> {
    let (segments, from) = if let Some(object) = assets::open(app, &row, "original").await? {
        (assets::manifest(app, row.id).await?, From::Object(Box::new(object)))
    } else {
        let arrived = app.footage.arrived(&app.db, row.id).await?;
        (arrived.iter().map(described).collect(), From::Log(arrived))
    };
    let witnessed = seal::of_part(&mut app.db.reader().await?, row.id).await?;
    let bytes = segments.iter().map(|segment: &BundleSegment| segment.bytes).sum();
    let described = BundlePart {
        id: row.id,
        owner: owner_of(&row)?,
        last: row.last_index.zip(row.head).map(|(index, head)| Seal { index, head }),
        segments,
        acknowledgements: witnessed.iter().map(|seal| acknowledgement(app, row.id, seal)).collect(),
        seals: witnessed
            .into_iter()
            .map(|seal| WitnessedSeal { index: seal.idx, head: seal.head, witnessed_at: seal.sealed_at })
            .collect(),
    };
    Ok(Source { described, bytes, from })
}

fn described(segment: &Arrived) -> BundleSegment {
    BundleSegment { index: segment.index, bytes: segment.length, digest: segment.digest }
}

/// The answer that the pulse with this seal got: signing the same words gives the same signature.
fn acknowledgement(app: &App, part: PartId, seal: &seal::WitnessedSeal) -> Signed {
    let sealed = Seal { index: seal.idx, head: seal.head };
    routes::parts::pulse::acknowledge(app, part, sealed, seal.sealed_at)
}

async fn manifest(app: &App, loaded: &Loaded, sources: &[Source]) -> Result<Vec<u8>, Problem> {
    let mut tx = app.db.reader().await?;
    let events = sitting::events(&mut tx, loaded.row.id, 0).await?;
    let words = receipt::of_sitting(&mut tx, loaded.row.id).await?;
    let bundle = Bundle {
        format: FORMAT,
        sitting_id: loaded.row.id,
        made_at: app.clock.now(),
        parts: sources.iter().map(|source| source.described.clone()).collect(),
        receipts: words.iter().map(receipts::signed).collect(),
        events: events.iter().map(event).collect(),
    };
    Ok(serde_json::to_vec(&bundle)?)
}

/// An event as it is kept.
fn event(row: &EventRow) -> Value {
    let body: Value = serde_json::from_str(&row.body).unwrap_or(Value::Null);
    json!({
        "seq": row.seq, "at": row.at, "actor": row.actor, "command_id": row.command_id,
        "schema_version": row.schema_version, "kind": row.kind, "data": body.get("data"),
    })
}

async fn write(
    app: &App,
    manifest: &[u8],
    sources: Vec<Source>,
    out: &mpsc::Sender<Piece>,
) -> Result<(), std::io::Error> {
    put(out, &tar::header(MANIFEST, manifest.len() as u64)?).await?;
    put(out, manifest).await?;
    pad(out, manifest.len() as u64).await?;
    for source in sources {
        put(out, &tar::header(&source.described.file(), source.bytes)?).await?;
        match source.from {
            From::Object(object) => {
                let mut pieces = object.stream(0..object.bytes());
                while let Some(piece) = pieces.next().await {
                    put(out, &piece.map_err(std::io::Error::other)?).await?;
                }
            }
            From::Log(arrived) => {
                let mut pieces = std::pin::pin!(app.footage.read(source.described.id, &arrived));
                while let Some(piece) = pieces.next().await {
                    put(out, &piece.map_err(std::io::Error::other)?.bytes).await?;
                }
            }
        }
        pad(out, source.bytes).await?;
    }
    put(out, &tar::END).await
}

async fn put(out: &mpsc::Sender<Piece>, bytes: &[u8]) -> Result<(), std::io::Error> {
    let gone = |_| std::io::Error::from(std::io::ErrorKind::BrokenPipe);
    out.send(Ok(Bytes::copy_from_slice(bytes))).await.map_err(gone)
}

async fn pad(out: &mpsc::Sender<Piece>, bytes: u64) -> Result<(), std::io::Error> {
    let zeros = [0; 512];
    put(out, &zeros[..tar::padding(bytes)]).await
}
