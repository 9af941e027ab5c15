//! Exams, rosters, enrolments and sittings.

use crate::world::{
    LATER, NOW, a_revision, a_roster_entry, a_sitting, an_enrolment, an_event, exam as exam_id, id, major,
    with_exam, with_sitting,
};
use futures_util::future::join_all;
use yikao_domain::{exam::ExamState, time::Timestamp};
use yikao_store::{
    Db, Page, Result, StoreError, Tx, command, enrolment, exam,
    paper::{self, ClosedTexts},
    revision,
    roster::{self, RosterFilter},
    sitting::{self, SittingFilter},
    testing::TestStore,
};

async fn an_exam_changed_by_two_is_saved_by_one(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let mut reader = db.reader().await.unwrap();
    let mut loaded = exam::get(&mut reader, exam_id()).await.unwrap().unwrap();
    loaded.state = ExamState::Closed;
    let save = |stale| {
        db.write_with(stale, |tx, stale| {
            Box::pin(async move {
                exam::save(tx, stale);
                Ok(())
            })
        })
    };
    save(loaded.clone()).await.unwrap();
    assert!(matches!(save(loaded).await, Err(StoreError::Conflict)));
    let saved = exam::get(&mut reader, exam_id()).await.unwrap().unwrap();
    assert_eq!((saved.state, saved.version), (ExamState::Closed, 2));
    drop(reader);
    db.close().await;
}

async fn the_latest_revision_is_the_highest_number(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    db.write(|tx| {
        Box::pin(async move {
            revision::insert(tx, &a_revision(2));
            Ok(())
        })
    })
    .await
    .unwrap();
    let mut reader = db.reader().await.unwrap();
    assert_eq!(revision::latest(&mut reader, exam_id()).await.unwrap(), Some(a_revision(2)));
    assert_eq!(revision::of_exam(&mut reader, exam_id()).await.unwrap().len(), 2);
    drop(reader);
    db.close().await;
}

async fn what_papers_ask_is_kept_beside_its_revision(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let of = a_revision(1);
    let texts = ClosedTexts {
        revision_id: of.id,
        school_id: of.school_id,
        kid: "k1".into(),
        cipher: vec![0, 255, 7],
    };
    let kept = db.write_with(texts.clone(), |tx, texts| {
        Box::pin(async move {
            paper::insert(tx, texts);
            Ok(())
        })
    });
    kept.await.unwrap();
    let mut reader = db.reader().await.unwrap();
    assert_eq!(paper::of_revision(&mut reader, of.id).await.unwrap(), Some(texts));
    assert_eq!(paper::of_revision(&mut reader, a_revision(2).id).await.unwrap(), None);
    drop(reader);
    db.close().await;
}

async fn a_new_list_adds_corrects_and_removes(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let list = db
        .write(|tx| {
            Box::pin(async move {
                roster::put(tx, &(1..=100).map(a_roster_entry).collect::<Vec<_>>());
                let mut corrected = a_roster_entry(1);
                corrected.id = id(500);
                "广东".clone_into(&mut corrected.province);
                roster::put(tx, &[corrected]);
                roster::remove(tx, &(51..=100).map(id).collect::<Vec<_>>(), LATER);
                roster::of_major(tx, exam_id(), major()).await
            })
        })
        .await
        .unwrap();
    assert_eq!(list.len(), 50);
    assert_eq!((list[0].id, list[0].province.as_str()), (id(1), "广东"));
    let mut reader = db.reader().await.unwrap();
    let by_name = RosterFilter { name_hash: Some("name-7".to_owned()), ..RosterFilter::default() };
    let found = roster::page(&mut reader, exam_id(), &by_name, Page::ALL).await.unwrap();
    assert_eq!((found.total, found.items[0].id), (1, id(7)));
    let second_page = Page { limit: 20, offset: 40 };
    let page = roster::page(&mut reader, exam_id(), &RosterFilter::default(), second_page).await.unwrap();
    assert_eq!((page.total, page.items.len()), (50, 10));
    drop(reader);
    db.close().await;
}

async fn what_is_on_the_list_is_pending_until_it_is_confirmed(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let (pending, confirmed, again, left) = db
        .write(|tx| {
            Box::pin(async move {
                roster::put(tx, &[a_roster_entry(1), a_roster_entry(2)]);
                let pending = roster::pending(tx, id(1), "number-1").await?;
                let confirmed = enrolment::insert(tx, &an_enrolment(1)).await?;
                let mut twice = an_enrolment(1);
                twice.id = id(99);
                let again = enrolment::insert(tx, &twice).await?;
                Ok((pending, confirmed, again, roster::pending(tx, id(1), "number-1").await?))
            })
        })
        .await
        .unwrap();
    assert_eq!(pending, [a_roster_entry(1)]);
    assert_eq!((confirmed, again), (true, false));
    assert!(left.is_empty());
    db.close().await;
}

async fn record_one_more_take(tx: &mut Tx) -> Result<()> {
    let Some(mut loaded) = sitting::get(tx, id(1)).await? else { return Err(StoreError::NotFound) };
    tokio::task::yield_now().await;
    let takes = loaded.version;
    loaded.state = format!("{{\"takes\":{takes}}}");
    sitting::append(tx, &[an_event(takes + 1)]);
    sitting::save(tx, &loaded);
    Ok(())
}

async fn commands_on_one_sitting_follow_one_another(store: TestStore) {
    let db = store.open().await.unwrap();
    with_sitting(&db).await;
    let mut changes = db.subscribe();
    let outcomes = join_all((0..3).map(|_| db.write(|tx| Box::pin(record_one_more_take(tx))))).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let mut reader = db.reader().await.unwrap();
    let saved = sitting::get(&mut reader, id(1)).await.unwrap().unwrap();
    assert_eq!((saved.version, saved.state.as_str()), (4, "{\"takes\":3}"));
    let events = sitting::events(&mut reader, id(1), 0).await.unwrap();
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let told = [changes.recv().await.unwrap(), changes.recv().await.unwrap(), changes.recv().await.unwrap()];
    assert_eq!(told.iter().filter_map(|changed| changed.version).max(), Some(4));
    drop(reader);
    db.close().await;
}

async fn a_session_is_entered_once(store: TestStore) {
    let db = store.open().await.unwrap();
    with_sitting(&db).await;
    let mut again = a_sitting(1);
    again.id = id(98);
    let entered = db.write_with(again, |tx, again| {
        Box::pin(async move {
            sitting::insert(tx, again);
            Ok(())
        })
    });
    assert!(matches!(entered.await, Err(StoreError::Conflict)));
    let mut reader = db.reader().await.unwrap();
    assert_eq!(sitting::find(&mut reader, id(1), id(9)).await.unwrap(), Some(a_sitting(1)));
    drop(reader);
    db.close().await;
}

async fn the_console_finds_sittings_and_the_clock_those_that_are_due(store: TestStore) {
    let db = store.open().await.unwrap();
    with_sitting(&db).await;
    let mut reader = db.reader().await.unwrap();
    let closed = SittingFilter { phase: Some("closed".to_owned()), ..SittingFilter::default() };
    let open = SittingFilter { phase: Some("open".to_owned()), candidate: Some(id(1)), ..closed.clone() };
    assert_eq!(sitting::page(&mut reader, exam_id(), &closed, Page::ALL).await.unwrap().total, 0);
    assert_eq!(sitting::page(&mut reader, exam_id(), &open, Page::ALL).await.unwrap().items, [a_sitting(1)]);
    assert!(sitting::due(&mut reader, Timestamp(LATER.0 - 1), 10).await.unwrap().is_empty());
    assert_eq!(sitting::due(&mut reader, LATER, 10).await.unwrap(), [id(1)]);
    drop(reader);
    db.close().await;
}

/// As every command does: the stored answer, or the work and its answer.
async fn answer_once(db: &Db, mine: &'static str) -> String {
    db.write(move |tx| {
        Box::pin(async move {
            if let Some(answer) = command::answer(tx, "account:1", id(7)).await? {
                return Ok(answer);
            }
            tokio::task::yield_now().await;
            command::keep(tx, "account:1", id(7), mine, NOW);
            Ok(mine.to_owned())
        })
    })
    .await
    .unwrap()
}

async fn a_command_sent_twice_at_once_gets_one_answer(store: TestStore) {
    let db = store.open().await.unwrap();
    let (one, other) = tokio::join!(answer_once(&db, "\"one\""), answer_once(&db, "\"other\""));
    assert_eq!(one, other);
    assert_eq!(answer_once(&db, "\"third\"").await, one);
    db.close().await;
}

crate::on_both!(
    an_exam_changed_by_two_is_saved_by_one,
    the_latest_revision_is_the_highest_number,
    what_papers_ask_is_kept_beside_its_revision,
    a_new_list_adds_corrects_and_removes,
    what_is_on_the_list_is_pending_until_it_is_confirmed,
    commands_on_one_sitting_follow_one_another,
    a_session_is_entered_once,
    the_console_finds_sittings_and_the_clock_those_that_are_due,
    a_command_sent_twice_at_once_gets_one_answer,
);
