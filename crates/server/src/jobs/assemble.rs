//! Makes a part's files: the original bytes, an MP4, the list of segments; then the log may forget it.

use std::collections::BTreeMap;

use yikao_domain::id::PartId;
use yikao_domain::part::Indexes;
use yikao_domain::seal::{Chain, Hash32, Seal, late_from};
use yikao_domain::sitting::Phase;
use yikao_domain::time::Millis;
use yikao_footage::assembly::{Assembled, Assembly, Media, Verdict, Witnessed};
use yikao_footage::bundle::BundleSegment;
use yikao_footage::cipher::ObjectKey;
use yikao_footage::log::SegmentLog;
use yikao_footage::objects::StoredObject;
use yikao_store::asset::{self, Asset};
use yikao_store::part::{self, Part};
use yikao_store::{Tx, seal, segment, sitting};

use super::{Failure, Work, enqueue};
use crate::assets;
use crate::footage::{Arrived, object_path};
use crate::sittings::command;
use crate::sittings::parts::owner_of;
use crate::state::App;

/// Makes the files of a part. Done again it makes them again, under other names: whoever else is at it must not
/// write over files that are kept already, for the log forgets what they were made of.
pub(super) async fn run(app: &App, id: PartId) -> Result<(), Failure> {
    let part = part::get(&mut app.db.reader().await?, id).await?.ok_or("no such part")?;
    if !matches!(part.state.as_str(), "complete" | "lapsed") {
        return Ok(());
    }
    let arrived = app.footage.arrived(&app.db, id).await?;
    let key = assets::key_of(app, part.candidate_id).await.map_err(|_| "the candidate's key is gone")?;
    let (original, playable) = (app.clock.new_uuid(), app.clock.new_uuid());
    let assembly = Assembly {
        chain: Chain::start(part.sitting_id, owner_of(&part)?, id),
        witnessed: witnessed(app, &part, &arrived).await?,
        key: key.clone(),
        original: (original, object_path(id, "original", original)),
        playable: (playable, object_path(id, "playable", playable)),
    };
    let received: Indexes = arrived.iter().map(|segment| segment.index).collect();
    let segments = app.footage.read(id, &arrived);
    let paths = [assembly.original.1.clone(), assembly.playable.1.clone()];
    let made = async {
        let assembled = assembly.run(segments, &app.footage.objects, &app.footage.tools).await?;
        Ok::<_, Failure>((assembled, keep_manifest(app, id, &arrived, &key).await?))
    };
    let (assembled, manifest) = match made.await {
        Ok(made) => made,
        Err(error) => {
            // The next attempt has names of its own, and would never find these.
            delete(app, &paths).await;
            return Err(error);
        }
    };
    let late = late(app, &part, &arrived).await?;
    keep(app, part, assembled, manifest, &received, late).await?;
    app.footage.release(id).await?;
    Ok(())
}

/// What was witnessed of the chain: seals that came with segments, and those that pulses brought.
async fn witnessed(app: &App, part: &Part, arrived: &[Arrived]) -> Result<Witnessed, Failure> {
    let pulsed = seal::of_part(&mut app.db.reader().await?, part.id).await?;
    let with_segments = arrived.iter().map(|segment| (segment.index, segment.seal));
    let mut seals: BTreeMap<u64, Hash32> = with_segments.collect();
    seals.extend(pulsed.into_iter().map(|seal| (seal.idx, seal.head)));
    let last = part.last_index.zip(part.head).filter(|(index, _)| *index > 0);
    Ok(Witnessed { seals, last: last.map(|(index, head)| Seal { index, head }) })
}

/// What was first witnessed after the sitting's close: the log is about to forget when segments came.
async fn late(app: &App, part: &Part, arrived: &[Arrived]) -> Result<Option<(u64, Millis)>, Failure> {
    let mut tx = app.db.reader().await?;
    let row = sitting::get(&mut tx, part.sitting_id).await?.ok_or("no such sitting")?;
    let Phase::Closed { closed_at, .. } = command::read(&row)?.phase else { return Ok(None) };
    let pulsed = seal::of_part(&mut tx, part.id).await?;
    let with_segments = arrived.iter().map(|segment| (segment.index, segment.received_at));
    let witnessed: Vec<_> =
        with_segments.chain(pulsed.iter().map(|seal| (seal.idx, seal.sealed_at))).collect();
    Ok(late_from(&witnessed, closed_at).map(|(from, last)| (from, last.since(closed_at))))
}

async fn keep_manifest(
    app: &App,
    id: PartId,
    arrived: &[Arrived],
    key: &ObjectKey,
) -> Result<StoredObject, Failure> {
    let segments: Vec<_> = arrived
        .iter()
        .map(|one| BundleSegment { index: one.index, bytes: one.length, digest: one.digest })
        .collect();
    let object = app.clock.new_uuid();
    let path = object_path(id, "manifest", object);
    let mut writer = app.footage.objects.create(&path, object, key).await?;
    writer.write(&serde_json::to_vec(&segments)?).await?;
    Ok(writer.finish().await?)
}

async fn keep(
    app: &App,
    part: Part,
    assembled: Assembled,
    manifest: StoredObject,
    received: &Indexes,
    late: Option<(u64, Millis)>,
) -> Result<(), Failure> {
    let found = serde_json::to_string(&assembled)?;
    let mut files = vec![("manifest", manifest, "{}".to_owned())];
    files.extend(assembled.original.clone().map(|object| ("original", object, found.clone())));
    let mut duration = None;
    if let Media::Playable(playable) = &assembled.media {
        duration = i64::try_from(playable.duration_ms).ok().map(Millis);
        files.push(("playable", playable.object.clone(), found));
    }
    let bytes = assembled.original.as_ref().map_or(0, |object| object.bytes);
    let paths: Vec<_> = files.iter().map(|(_, object, _)| object.path.clone()).collect();
    let assets = files.into_iter().map(|(kind, object, media)| row(app, &part, kind, object, media));
    let assets = assets.collect::<Result<Vec<_>, _>>()?;
    let is_whole = !matches!(assembled.chain.verdict, Verdict::Damaged { .. }) && duration.is_some();
    let to = if is_whole { "assembled" } else { "damaged" };
    let found = part::Measured { bytes, duration, received: serde_json::to_string(received)?, late };
    let input = (app.clone(), part, assets, found);
    let kept = app.db.write_with(input, move |tx, (app, part, assets, found)| {
        Box::pin(async move {
            if !part::advance(tx, part.id, &part.state, to).await? {
                return Ok(false);
            }
            for one in assets {
                asset::put(tx, one);
            }
            part::measure(tx, part.id, found);
            forget(tx, app, part.id);
            enqueue(tx, app, part.school_id, Work::Deliver(part.sitting_id), app.clock.now());
            Ok(true)
        })
    });
    if !kept.await? {
        // Somebody else was faster; theirs are kept.
        delete(app, &paths).await;
    }
    Ok(())
}

async fn delete(app: &App, paths: &[String]) {
    for path in paths {
        if let Err(error) = app.footage.objects.delete(path).await {
            tracing::warn!(path, %error, "an object that nobody needs stays");
        }
    }
}

fn row(app: &App, part: &Part, kind: &str, object: StoredObject, media: String) -> Result<Asset, Failure> {
    Ok(Asset {
        id: object.id,
        school_id: part.school_id,
        part_id: part.id,
        kind: kind.to_owned(),
        object_key: object.path,
        bytes: yikao_footage::cipher::stored_bytes(object.bytes),
        plain_bytes: object.bytes,
        sha256: object.digest.parse()?,
        kid: format!("k{}", object.kid),
        media,
        created_at: app.clock.now(),
    })
}

/// In shared storage the database knows the segments, and forgets them with the commit that keeps the files.
fn forget(tx: &mut Tx, app: &App, part: PartId) {
    if matches!(app.footage.log, SegmentLog::Shared(_)) {
        segment::forget(tx, part);
    }
}
