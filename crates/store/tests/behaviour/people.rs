//! Accounts, logins, codes, roles, keys and identities.

use crate::world::{LATER, NOW, a_phone, an_account, id, school, with_exam};
use uuid::Uuid;
use yikao_domain::{
    id::{AccountId, DeviceId, LoginId},
    time::{Millis, Timestamp},
};
use yikao_store::{
    Db, account,
    candidate_key::{self, CandidateKey},
    code::{self, Code},
    consent::{self, Consent},
    contact::{self, Contact},
    identity::{self, Identity, Set},
    login::{self, Login},
    membership,
    send_limit::{self, SendLimit},
    testing::TestStore,
};

async fn a_number_has_one_account(store: TestStore) {
    let db = store.open().await.unwrap();
    let again = Contact { account_id: id(2), ..a_phone(1) };
    let made = db
        .write_with(again, |tx, again| {
            Box::pin(async move {
                Ok((
                    account::insert(tx, &an_account(1), &a_phone(1)).await?,
                    account::insert(tx, &an_account(2), again).await?,
                ))
            })
        })
        .await
        .unwrap();
    assert_eq!(made, (true, false));
    let mut reader = db.reader().await.unwrap();
    assert_eq!(account::by_contact(&mut reader, "phone-1").await.unwrap(), Some(an_account(1)));
    drop(reader);
    db.close().await;
}

fn an_email(account: u128, n: u128) -> Contact {
    Contact { kind: "email".to_owned(), hash: format!("email-{n}"), ..a_phone(account) }
}

async fn an_address_has_one_account_and_leaves_none_half_made(store: TestStore) {
    let db = store.open().await.unwrap();
    let made = db
        .write(|tx| {
            Box::pin(async move {
                Ok((
                    account::insert(tx, &an_account(1), &an_email(1, 1)).await?,
                    account::insert(tx, &an_account(2), &an_email(2, 1)).await?,
                    account::get(tx, id(2)).await?,
                ))
            })
        })
        .await
        .unwrap();
    assert_eq!(made, (true, false, None));
    db.close().await;
}

async fn a_changed_contact_is_found_and_the_old_one_is_not(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let changed = db
        .write(|tx| {
            Box::pin(async move {
                let new = Contact { hash: "phone-3".to_owned(), ..a_phone(1) };
                let taken = Contact { hash: "phone-2".to_owned(), ..a_phone(1) };
                Ok((contact::replace(tx, &new).await?, contact::replace(tx, &taken).await?))
            })
        })
        .await
        .unwrap();
    assert_eq!(changed, (true, false));
    let mut reader = db.reader().await.unwrap();
    assert_eq!(account::by_contact(&mut reader, "phone-1").await.unwrap(), None);
    assert_eq!(account::by_contact(&mut reader, "phone-3").await.unwrap(), Some(an_account(1)));
    drop(reader);
    db.close().await;
}

async fn sending_is_counted_for_all_nodes_together(store: TestStore) {
    let (one, other) = (store.open().await.unwrap(), store.open().await.unwrap());
    let limit = SendLimit { burst: 2, every: Millis::minutes(1) };
    let take = |db: &Db, at: Timestamp| {
        let db = db.clone();
        async move { db.write(move |tx| Box::pin(send_limit::take(tx, "number", limit, at))).await.unwrap() }
    };
    let at = |seconds| NOW + Millis::seconds(seconds);
    assert_eq!((take(&one, at(0)).await, take(&other, at(1)).await), (None, None));
    assert_eq!(take(&one, at(10)).await, Some(Millis::seconds(50)));
    assert_eq!((take(&other, at(60)).await, take(&one, at(61)).await), (None, Some(Millis::seconds(59))));
    one.close().await;
    other.close().await;
}

async fn a_consent_holds_until_it_is_withdrawn(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let given = |n: u128| Consent {
        id: Uuid::from_u128(n),
        candidate_id: id(1),
        kind: "faces".to_owned(),
        text_version: "1".to_owned(),
        text_hash: "hash".to_owned(),
        language: "zh-CN".to_owned(),
        cipher: vec![1],
        signed_at: NOW,
        withdrawn_at: None,
    };
    let answers = db
        .write_with([given(1), given(2), given(3)], |tx, [first, again, later]| {
            Box::pin(async move {
                Ok([
                    consent::insert(tx, first).await?,
                    consent::insert(tx, again).await?,
                    consent::withdraw(tx, id(1), "faces", LATER).await?,
                    consent::withdraw(tx, id(1), "faces", LATER).await?,
                    consent::insert(tx, later).await?,
                ])
            })
        })
        .await
        .unwrap();
    assert_eq!(answers, [true, false, true, false, true]);
    let mut reader = db.reader().await.unwrap();
    assert_eq!(consent::live(&mut reader, id(1)).await.unwrap(), [given(3)]);
    assert_eq!(consent::all(&mut reader, id(1)).await.unwrap().len(), 2);
    drop(reader);
    db.close().await;
}

fn a_login(n: u128) -> Login {
    Login {
        id: id::<LoginId>(n),
        token_hash: format!("token-{n}"),
        account_id: id::<AccountId>(1),
        device: "phone".to_owned(),
        device_id: Some(id::<DeviceId>(n)),
        created_at: NOW,
        last_seen_at: NOW,
        expires_at: LATER,
        revoked_at: None,
    }
}

async fn a_login_is_good_until_it_expires_or_is_ended(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    db.write(|tx| {
        Box::pin(async move {
            login::insert(tx, &a_login(1));
            login::insert(tx, &a_login(2));
            Ok(())
        })
    })
    .await
    .unwrap();
    let mut reader = db.reader().await.unwrap();
    let found = login::signed_in(&mut reader, "token-1", NOW).await.unwrap();
    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [a_login(1).id]);
    assert_eq!(login::signed_in(&mut reader, "token-1", LATER).await.unwrap(), []);
    let ended = db.write(|tx| Box::pin(login::revoke(tx, id(1), id(1), NOW))).await.unwrap();
    let strangers = db.write(|tx| Box::pin(login::revoke(tx, id(2), id(2), NOW))).await.unwrap();
    assert_eq!((ended, strangers), (true, false));
    assert_eq!(login::signed_in(&mut reader, "token-1", NOW).await.unwrap(), []);
    assert_eq!(login::of_account(&mut reader, id(1), NOW).await.unwrap(), [a_login(2)]);
    drop(reader);
    db.close().await;
}

fn a_code(n: u128) -> Code {
    Code {
        id: Uuid::from_u128(n),
        kid: "k1".to_owned(),
        contact_hash: "phone-1".to_owned(),
        purpose: "register".to_owned(),
        code_hash: format!("code-{n}"),
        message_id: None,
        created_at: NOW,
        expires_at: LATER,
    }
}

async fn only_the_newest_code_can_be_used_and_once(store: TestStore) {
    let db = store.open().await.unwrap();
    let used = db
        .write(|tx| {
            Box::pin(async move {
                code::insert(tx, &a_code(1));
                code::insert(tx, &a_code(2));
                let newest = code::attempt(tx, "phone-1", "register", 5, NOW).await?;
                code::mark_used(tx, &Uuid::from_u128(2), NOW);
                Ok((newest, code::attempt(tx, "phone-1", "register", 5, NOW).await?))
            })
        })
        .await
        .unwrap();
    assert_eq!(used, (Some(a_code(2)), None));
    db.close().await;
}

async fn of_many_guesses_at_once_a_few_are_compared(store: TestStore) {
    let db = store.open().await.unwrap();
    db.write(|tx| {
        Box::pin(async move {
            code::insert(tx, &a_code(1));
            Ok(())
        })
    })
    .await
    .unwrap();
    let guess = || db.write(|tx| Box::pin(code::attempt(tx, "phone-1", "register", 5, NOW)));
    let guesses = futures_util::future::join_all((0..40).map(|_| guess())).await;
    assert_eq!(guesses.into_iter().filter(|guess| matches!(guess, Ok(Some(_)))).count(), 5);
    db.close().await;
}

async fn roles_are_given_and_taken(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let taken = db
        .write(|tx| {
            Box::pin(async move {
                membership::grant(tx, id(1), school(), "admin", NOW);
                membership::grant(tx, id(1), school(), "admin", LATER);
                membership::grant(tx, id(1), school(), "judge", NOW);
                membership::grant_platform(tx, id(1), "operator", NOW);
                login::insert(tx, &a_login(1));
                membership::revoke(tx, id(1), school(), "judge").await
            })
        })
        .await
        .unwrap();
    assert!(taken);
    let mut reader = db.reader().await.unwrap();
    let roles = membership::of_account(&mut reader, id(1)).await.unwrap();
    assert_eq!(roles.len(), 1);
    assert_eq!((roles[0].role.as_str(), roles[0].school_name.as_str()), ("admin", "Academy"));
    assert_eq!(membership::of_school(&mut reader, school()).await.unwrap().len(), 1);
    let found = login::signed_in(&mut reader, "token-1", NOW).await.unwrap();
    assert_eq!(found.iter().map(|row| row.platform_role.as_deref()).collect::<Vec<_>>(), [Some("operator")]);
    assert_eq!((found[0].school_id, found[0].school_role.as_deref()), (Some(school()), Some("admin")));
    drop(reader);
    db.close().await;
}

async fn the_first_key_of_a_candidate_holds_until_it_is_destroyed(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let key = |wrapped| CandidateKey {
        candidate_id: id(1),
        kid: "k1".to_owned(),
        wrapped_key: Some(vec![wrapped]),
        created_at: NOW,
        destroyed_at: None,
    };
    let held = db
        .write_with((key(1), key(2)), |tx, (first, second)| {
            Box::pin(async move {
                candidate_key::insert_or_get(tx, first).await?;
                candidate_key::insert_or_get(tx, second).await
            })
        })
        .await
        .unwrap();
    assert_eq!(held, key(1));
    db.write(|tx| {
        Box::pin(async move {
            candidate_key::destroy(tx, id(1), LATER);
            Ok(())
        })
    })
    .await
    .unwrap();
    let mut reader = db.reader().await.unwrap();
    let left = candidate_key::get(&mut reader, id(1)).await.unwrap().unwrap();
    assert_eq!((left.wrapped_key, left.destroyed_at), (None, Some(LATER)));
    drop(reader);
    db.close().await;
}

fn an_identity(candidate: u128, number: &str) -> Identity {
    Identity {
        candidate_id: id(candidate),
        kid: "k1".to_owned(),
        document_type: "id_card".to_owned(),
        number_hash: number.to_owned(),
        province: "广东".to_owned(),
        cipher: vec![1, 2, 3],
        confirmed_at: NOW,
        road: "typed".to_owned(),
    }
}

async fn an_identity_is_final_and_a_document_has_one_owner(store: TestStore) {
    let db = store.open().await.unwrap();
    with_exam(&db).await;
    let answers = db
        .write(|tx| {
            Box::pin(async move {
                Ok([
                    identity::set(tx, &an_identity(1, "number-1")).await?,
                    identity::set(tx, &an_identity(1, "number-9")).await?,
                    identity::set(tx, &an_identity(2, "number-1")).await?,
                ])
            })
        })
        .await
        .unwrap();
    assert_eq!(answers, [Set::Done, Set::AlreadySet, Set::Taken]);
    let mut reader = db.reader().await.unwrap();
    assert_eq!(identity::get(&mut reader, id(1)).await.unwrap(), Some(an_identity(1, "number-1")));
    assert_eq!(account::by_document(&mut reader, "number-1").await.unwrap(), [an_account(1)]);
    drop(reader);
    db.close().await;
}

crate::on_both!(
    a_number_has_one_account,
    an_address_has_one_account_and_leaves_none_half_made,
    a_changed_contact_is_found_and_the_old_one_is_not,
    sending_is_counted_for_all_nodes_together,
    a_consent_holds_until_it_is_withdrawn,
    of_many_guesses_at_once_a_few_are_compared,
    a_login_is_good_until_it_expires_or_is_ended,
    only_the_newest_code_can_be_used_and_once,
    roles_are_given_and_taken,
    the_first_key_of_a_candidate_holds_until_it_is_destroyed,
    an_identity_is_final_and_a_document_has_one_owner,
);
