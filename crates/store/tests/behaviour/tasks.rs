//! Tasks before an exam: what was done is kept, and a place in a slot has one taker.

use crate::world::{LATER, NOW, an_enrolment, exam, id, school, with_exam};
use futures_util::future::join_all;
use yikao_domain::id::{EnrolmentId, SlotId, TaskId};
use yikao_store::{
    Db, enrolment,
    task::{self, TaskRow},
    testing::TestStore,
};

async fn take(db: &Db, slot: u128, capacity: u32) -> bool {
    db.write(move |tx| Box::pin(task::take_place(tx, exam(), id::<SlotId>(slot), capacity))).await.unwrap()
}

async fn taken(db: &Db, slot: u128) -> u32 {
    let mut reader = db.reader().await.unwrap();
    task::taken(&mut reader, exam()).await.unwrap().get(&id::<SlotId>(slot)).copied().unwrap_or_default()
}

fn done(enrolment: u128) -> TaskRow {
    TaskRow {
        enrolment_id: id::<EnrolmentId>(enrolment),
        task_id: id::<TaskId>(70),
        school_id: school(),
        exam_id: exam(),
        candidate_id: id(enrolment),
        kind: "booking".to_owned(),
        began_at: NOW,
        done_at: Some(NOW),
        slot_id: Some(id(80)),
        starts_at: Some(NOW),
        ends_at: Some(LATER),
        text_hash: None,
        language: None,
        device_id: None,
        cipher: None,
    }
}

async fn the_last_place_of_a_slot_has_one_winner(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let outcomes = join_all((0..12).map(|_| take(&db, 80, 3))).await;
    assert_eq!(outcomes.iter().filter(|won| **won).count(), 3);
    assert_eq!((taken(&db, 80).await, taken(&db, 81).await), (3, 0));
    db.close().await;
}

async fn two_who_change_places_both_get_one(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    assert!(take(&db, 80, 2).await && take(&db, 81, 2).await);
    let change = |from: u128, to: u128| {
        db.write(move |tx| Box::pin(task::move_place(tx, exam(), id(from), (id(to), 2))))
    };
    let (one, other) = tokio::join!(change(80, 81), change(81, 80));
    assert!(one.unwrap() && other.unwrap());
    assert_eq!((taken(&db, 80).await, taken(&db, 81).await), (1, 1));
    // Where the other slot is full nothing changes, whichever comes first.
    assert!(take(&db, 81, 2).await);
    assert!(!change(80, 81).await.unwrap());
    assert_eq!((taken(&db, 80).await, taken(&db, 81).await), (1, 2));
    db.close().await;
}

async fn what_was_done_is_kept_until_it_is_given_back(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    db.write(|tx| {
        Box::pin(async move {
            enrolment::insert(tx, &an_enrolment(1)).await?;
            enrolment::lock(tx, id(1)).await?;
            task::put(tx, &TaskRow { done_at: None, ..done(1) });
            task::put(tx, &done(1));
            Ok(())
        })
    })
    .await
    .unwrap();
    let mut reader = db.reader().await.unwrap();
    assert_eq!(task::of_enrolment(&mut reader, id(1)).await.unwrap(), [done(1)]);
    assert_eq!(task::of_enrolments(&mut reader, &[id(2), id(1)]).await.unwrap(), [done(1)]);
    drop(reader);
    db.write(|tx| {
        Box::pin(async move {
            task::remove(tx, id(1), id(70));
            Ok(())
        })
    })
    .await
    .unwrap();
    let mut reader = db.reader().await.unwrap();
    assert_eq!(task::of_enrolment(&mut reader, id(1)).await.unwrap(), []);
    drop(reader);
    db.close().await;
}

crate::on_both!(
    the_last_place_of_a_slot_has_one_winner,
    two_who_change_places_both_get_one,
    what_was_done_is_kept_until_it_is_given_back,
);
