//! Reviews: one live one of a kind, the first save wins, the queue's order.

use crate::world::{LATER, NOW, a_sitting, id, with_exam, with_sitting};
use yikao_domain::{
    id::{CandidateId, ReviewId},
    review::ReviewKind,
};
use yikao_store::{
    Page, StoreError,
    review::{self, ReviewFilter, ReviewRow},
    sitting,
    testing::TestStore,
};

fn a_review(n: u128, candidate: u128, kind: ReviewKind) -> ReviewRow {
    ReviewRow {
        id: id::<ReviewId>(n),
        kind,
        topic: String::new(),
        candidate_id: id::<CandidateId>(candidate),
        sitting_id: None,
        status: "open".to_owned(),
        claimed_by: None,
        opened_at: NOW,
        due_at: LATER,
        closed_at: None,
        version: 1,
        schema_version: 1,
        state: format!("{{\"n\":{n}}}"),
        facts_cipher: vec![1, 2, 3],
    }
}

async fn a_candidate_has_one_live_review_of_a_kind(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let made = db
        .write(|tx| {
            Box::pin(async move {
                let first = review::insert(tx, &a_review(1, 1, ReviewKind::Face)).await?;
                let again = review::insert(tx, &a_review(2, 1, ReviewKind::Face)).await?;
                let other = review::insert(tx, &a_review(3, 1, ReviewKind::Appeal)).await?;
                let closed =
                    ReviewRow { closed_at: Some(LATER), version: 2, ..a_review(1, 1, ReviewKind::Face) };
                review::save(tx, &closed, 1);
                let next = review::insert(tx, &a_review(4, 1, ReviewKind::Face)).await?;
                Ok((first, again, other, next))
            })
        })
        .await
        .unwrap();
    assert_eq!(made, (true, false, true, true));
    let mut reader = db.reader().await.unwrap();
    let live = review::live(&mut reader, id(1), ReviewKind::Face, "").await.unwrap();
    assert_eq!(live.map(|row| row.id), Some(id(4)));
    drop(reader);
    db.close().await;
}

async fn who_saves_an_old_version_meets_a_conflict(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let opened = db
        .write(|tx| Box::pin(async move { review::insert(tx, &a_review(1, 1, ReviewKind::Face)).await }))
        .await;
    assert!(opened.unwrap());
    let saved = |version| {
        let row = ReviewRow { version, ..a_review(1, 1, ReviewKind::Face) };
        db.write_with(row, |tx, row| {
            Box::pin(async move {
                review::save(tx, row, 1);
                Ok(())
            })
        })
    };
    saved(2).await.unwrap();
    assert!(matches!(saved(3).await, Err(StoreError::Conflict)));
    db.close().await;
}

async fn candidates_in_an_open_formal_sitting_come_first(store: TestStore) {
    let db = store.open().await.unwrap();
    with_sitting(&db).await;
    db.write(|tx| {
        Box::pin(async move {
            let early = ReviewRow { due_at: NOW, ..a_review(1, 2, ReviewKind::Appeal) };
            review::insert(tx, &early).await?;
            review::insert(tx, &a_review(2, 1, ReviewKind::Face)).await?;
            Ok(())
        })
    })
    .await
    .unwrap();
    let page = Page { limit: 10, offset: 0 };
    let mut reader = db.reader().await.unwrap();
    let queue = review::queue(&mut reader, &ReviewFilter::default(), page).await.unwrap();
    let order: Vec<_> = queue.items.iter().map(|item| (item.id, item.urgent_since.is_some())).collect();
    assert_eq!(order, [(id(2), true), (id(1), false)]);
    let faces = ReviewFilter { kind: Some(ReviewKind::Face), ..ReviewFilter::default() };
    assert_eq!(review::queue(&mut reader, &faces, page).await.unwrap().total, 1);
    drop(reader);
    db.write(|tx| {
        Box::pin(async move {
            let mut over = a_sitting(1);
            "closed".clone_into(&mut over.phase);
            sitting::save(tx, &over);
            Ok(())
        })
    })
    .await
    .unwrap();
    let mut reader = db.reader().await.unwrap();
    let queue = review::queue(&mut reader, &ReviewFilter::default(), page).await.unwrap();
    assert_eq!(queue.items.iter().map(|item| item.id).collect::<Vec<_>>(), [id(1), id(2)]);
    drop(reader);
    db.close().await;
}

crate::on_both!(
    a_candidate_has_one_live_review_of_a_kind,
    who_saves_an_old_version_meets_a_conflict,
    candidates_in_an_open_formal_sitting_come_first,
);
