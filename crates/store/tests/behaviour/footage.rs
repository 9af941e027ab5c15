//! Parts and what is known of their footage.

use crate::world::{LATER, NOW, a_part, id, school, with_sitting};
use uuid::Uuid;
use yikao_domain::{
    id::{BlockId, PartId},
    seal::Hash32,
    time::{Millis, Timestamp},
};
use yikao_store::{
    Page,
    asset::{self, Asset},
    audit::{self, AuditEntry},
    block::{self, Block},
    part,
    pulse::{self, Pulse},
    receipt::{self, Receipt},
    seal::{self, WitnessedSeal},
    segment::{self, Segment},
    testing::TestStore,
};

fn part_id() -> PartId {
    id(1)
}

async fn a_part_ends_once_and_moves_on_once(store: TestStore) {
    let db = store.open().await.unwrap();
    with_sitting(&db).await;
    let head = Hash32([7; 32]);
    let finish = || {
        db.write(move |tx| Box::pin(part::finish(tx, part_id(), 12, Some(head), Some(Millis::seconds(9)))))
    };
    assert!(finish().await.unwrap());
    assert!(!finish().await.unwrap());
    let advance = || db.write(|tx| Box::pin(part::advance(tx, part_id(), "finished", "complete")));
    assert!(advance().await.unwrap());
    assert!(!advance().await.unwrap());
    let mut reader = db.reader().await.unwrap();
    let stored = part::get(&mut reader, part_id()).await.unwrap().unwrap();
    assert_eq!((stored.state.as_str(), stored.last_index, stored.head), ("complete", Some(12), Some(head)));
    assert_eq!(part::in_state(&mut reader, "complete", None, 5).await.unwrap().len(), 1);
    let all = part::in_state(&mut reader, "complete", None, 5).await.unwrap();
    assert!(part::in_state(&mut reader, "complete", all.last(), 5).await.unwrap().is_empty());
    assert_eq!(part::of_owner(&mut reader, &a_part(1).owner_id).await.unwrap(), [stored]);
    drop(reader);
    db.close().await;
}

fn a_seal(idx: u64, sealed_at: Timestamp) -> WitnessedSeal {
    WitnessedSeal {
        part_id: part_id(),
        idx,
        head: Hash32([idx.to_be_bytes()[7]; 32]),
        sealed_at,
        late: false,
    }
}

async fn a_segment_was_first_sealed_when_the_earliest_seal_at_or_after_it_came(store: TestStore) {
    let db = store.open().await.unwrap();
    with_sitting(&db).await;
    let new = db
        .write(|tx| {
            Box::pin(async move {
                let first = seal::insert(tx, &[a_seal(3, LATER), a_seal(10, NOW)]).await?;
                let second = seal::insert(tx, &[a_seal(10, LATER), a_seal(11, LATER)]).await?;
                Ok((first.len(), second.len()))
            })
        })
        .await
        .unwrap();
    assert_eq!(new, (2, 1));
    let mut reader = db.reader().await.unwrap();
    assert_eq!(seal::first_for(&mut reader, part_id(), 2).await.unwrap(), Some(a_seal(10, NOW)));
    assert_eq!(seal::first_for(&mut reader, part_id(), 11).await.unwrap(), Some(a_seal(11, LATER)));
    assert_eq!(seal::first_for(&mut reader, part_id(), 12).await.unwrap(), None);
    assert_eq!(seal::latest(&mut reader, part_id()).await.unwrap(), Some(a_seal(11, LATER)));
    assert_eq!(seal::of_part(&mut reader, part_id()).await.unwrap().len(), 3);
    drop(reader);
    db.close().await;
}

fn a_pulse(at: Timestamp, body: &str) -> Pulse {
    Pulse { part_id: part_id(), at, body: body.to_owned() }
}

async fn a_late_pulse_is_kept_and_is_not_the_latest(store: TestStore) {
    let db = store.open().await.unwrap();
    with_sitting(&db).await;
    db.write(|tx| {
        Box::pin(async move {
            pulse::insert(tx, id(1), &a_pulse(LATER, "\"second\""));
            pulse::insert(tx, id(1), &a_pulse(NOW, "\"first\""));
            Ok(())
        })
    })
    .await
    .unwrap();
    let mut reader = db.reader().await.unwrap();
    let bodies: Vec<_> =
        pulse::of_part(&mut reader, part_id()).await.unwrap().into_iter().map(|pulse| pulse.body).collect();
    assert_eq!(bodies, ["\"first\"", "\"second\""]);
    let cameras = pulse::cameras(&mut reader, &[id(1), id(2)]).await.unwrap();
    assert_eq!(cameras.len(), 1);
    assert_eq!(cameras[0].body, "\"second\"");
    drop(reader);
    db.close().await;
}

fn a_block() -> Block {
    Block {
        id: id::<BlockId>(1),
        node: "one".to_owned(),
        object_key: "log/1".to_owned(),
        bytes: 1_000,
        kid: "k1".to_owned(),
        created_at: NOW,
        dropped_at: None,
    }
}

fn a_segment(idx: u64) -> Segment {
    Segment {
        part_id: part_id(),
        idx,
        digest: Hash32([1; 32]),
        seal: Hash32([2; 32]),
        len: 100,
        block_id: Some(a_block().id),
        at_offset: idx * 100,
        stored_at: NOW,
    }
}

async fn segments_are_stored_once_in_any_order_and_gaps_are_known(store: TestStore) {
    let db = store.open().await.unwrap();
    with_sitting(&db).await;
    let new = db
        .write(|tx| {
            Box::pin(async move {
                block::insert(tx, &a_block());
                let first = segment::insert(tx, &[7, 9, 8, 1, 2, 3, 4, 5].map(a_segment)).await?;
                let again = segment::insert(tx, &[5, 11].map(a_segment)).await?;
                Ok((first.len(), again.iter().map(|key| key.idx).collect::<Vec<_>>()))
            })
        })
        .await
        .unwrap();
    assert_eq!(new, (8, vec![11]));
    let mut reader = db.reader().await.unwrap();
    let received = segment::received(&mut reader, part_id()).await.unwrap();
    assert_eq!(received.intervals(), [(1, 5), (7, 9), (11, 11)]);
    assert_eq!(segment::range(&mut reader, part_id(), 4, 8).await.unwrap(), [4, 5, 7, 8].map(a_segment));
    assert_eq!(segment::get(&mut reader, part_id(), 6).await.unwrap(), None);
    assert!(segment::received(&mut reader, id(2)).await.unwrap().is_empty());
    drop(reader);
    db.close().await;
}

async fn a_block_is_unneeded_once_its_segments_are_forgotten(store: TestStore) {
    let db = store.open().await.unwrap();
    with_sitting(&db).await;
    let (needed, unneeded, dropped) = db
        .write(|tx| {
            Box::pin(async move {
                block::insert(tx, &a_block());
                segment::insert(tx, &[a_segment(1)]).await?;
                let needed = block::unneeded(tx, LATER, 10).await?;
                segment::forget(tx, part_id());
                let unneeded = block::unneeded(tx, LATER, 10).await?;
                block::mark_dropped(tx, a_block().id, LATER);
                Ok((needed, unneeded, block::unneeded(tx, LATER, 10).await?))
            })
        })
        .await
        .unwrap();
    assert_eq!((needed, unneeded, dropped), (vec![], vec![a_block()], vec![]));
    db.close().await;
}

fn an_asset(n: u128) -> Asset {
    Asset {
        id: Uuid::from_u128(n),
        school_id: school(),
        part_id: part_id(),
        kind: "playable".to_owned(),
        object_key: format!("assets/{n}"),
        bytes: 1_100,
        plain_bytes: 1_000,
        sha256: Hash32([3; 32]),
        kid: "k1".to_owned(),
        media: "{}".to_owned(),
        created_at: NOW,
    }
}

async fn assembling_again_replaces_the_file(store: TestStore) {
    let db = store.open().await.unwrap();
    with_sitting(&db).await;
    db.write(|tx| {
        Box::pin(async move {
            asset::put(tx, &an_asset(1));
            asset::put(tx, &an_asset(2));
            Ok(())
        })
    })
    .await
    .unwrap();
    let mut reader = db.reader().await.unwrap();
    assert_eq!(asset::get(&mut reader, part_id(), "playable").await.unwrap(), Some(an_asset(2)));
    assert_eq!(asset::of_sitting(&mut reader, id(1)).await.unwrap(), [an_asset(2)]);
    drop(reader);
    db.close().await;
}

async fn receipts_keep_the_exact_text_and_looks_are_logged(store: TestStore) {
    let db = store.open().await.unwrap();
    with_sitting(&db).await;
    let receipt = Receipt {
        id: id(1),
        school_id: school(),
        sitting_id: id(1),
        subject_id: Some(id(5)),
        kind: "submission".to_owned(),
        kid: "k1".to_owned(),
        payload: "{ \"kind\" : \"submission\" }".to_owned(),
        signature: vec![9; 64],
        at: NOW,
    };
    let look = AuditEntry {
        id: Uuid::from_u128(1),
        school_id: Some(school()),
        account_id: Some(id(1)),
        action: "identity.read".to_owned(),
        subject_kind: "candidate".to_owned(),
        subject_id: "1".to_owned(),
        at: NOW,
        detail: "{}".to_owned(),
    };
    db.write_with((receipt.clone(), look.clone()), |tx, (receipt, look)| {
        Box::pin(async move {
            receipt::insert(tx, receipt);
            audit::insert(tx, look);
            Ok(())
        })
    })
    .await
    .unwrap();
    let mut reader = db.reader().await.unwrap();
    assert_eq!(receipt::of_sitting(&mut reader, id(1)).await.unwrap(), [receipt]);
    let of_candidate = audit::of_subject(&mut reader, "candidate", "1", Page::ALL).await.unwrap();
    assert_eq!(of_candidate, audit::of_school(&mut reader, school(), Page::ALL).await.unwrap());
    assert_eq!(of_candidate, [look]);
    drop(reader);
    db.close().await;
}

crate::on_both!(
    a_part_ends_once_and_moves_on_once,
    a_segment_was_first_sealed_when_the_earliest_seal_at_or_after_it_came,
    a_late_pulse_is_kept_and_is_not_the_latest,
    segments_are_stored_once_in_any_order_and_gaps_are_known,
    a_block_is_unneeded_once_its_segments_are_forgotten,
    assembling_again_replaces_the_file,
    receipts_keep_the_exact_text_and_looks_are_logged,
);
