//! Accounts, logins, codes, roles, keys and identities.

use crate::world::{LATER, NOW, an_account, id, school, with_exam};
use uuid::Uuid;
use yikao_domain::id::{AccountId, LoginId};
use yikao_store::{
    account,
    candidate_key::{self, CandidateKey},
    code::{self, NewCode},
    identity::{self, Identity, Set},
    login::{self, Login},
    membership,
    testing::TestStore,
};

async fn a_number_has_one_account(store: TestStore) {
    let db = store.open().await.unwrap();
    let mut second = an_account(2);
    "phone-1".clone_into(&mut second.phone_hash);
    let made = db
        .write_with(second, |tx, second| {
            Box::pin(async move {
                Ok((account::insert(tx, &an_account(1)).await?, account::insert(tx, second).await?))
            })
        })
        .await
        .unwrap();
    assert_eq!(made, (true, false));
    let mut reader = db.reader().await.unwrap();
    assert_eq!(account::by_phone(&mut reader, "phone-1").await.unwrap(), Some(an_account(1)));
    drop(reader);
    db.close().await;
}

fn a_login(n: u128) -> Login {
    Login {
        id: id::<LoginId>(n),
        token_hash: format!("token-{n}"),
        account_id: id::<AccountId>(1),
        device: "phone".to_owned(),
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
    assert_eq!(login::by_token(&mut reader, "token-1", NOW).await.unwrap(), Some(a_login(1)));
    assert_eq!(login::by_token(&mut reader, "token-1", LATER).await.unwrap(), None);
    let ended = db.write(|tx| Box::pin(login::revoke(tx, id(1), id(1), NOW))).await.unwrap();
    let strangers = db.write(|tx| Box::pin(login::revoke(tx, id(2), id(2), NOW))).await.unwrap();
    assert_eq!((ended, strangers), (true, false));
    assert_eq!(login::by_token(&mut reader, "token-1", NOW).await.unwrap(), None);
    assert_eq!(login::of_account(&mut reader, id(1), NOW).await.unwrap(), [a_login(2)]);
    drop(reader);
    db.close().await;
}

fn a_code(n: u128) -> NewCode {
    NewCode {
        id: Uuid::from_u128(n),
        kid: "k1".to_owned(),
        phone_hash: "phone-1".to_owned(),
        purpose: "register",
        code_hash: format!("code-{n}"),
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
                let newest = code::newest(tx, "phone-1", "register", NOW).await?;
                code::count_try(tx, &Uuid::from_u128(2));
                code::mark_used(tx, &Uuid::from_u128(2), NOW);
                Ok((newest.map(|code| code.code_hash), code::newest(tx, "phone-1", "register", NOW).await?))
            })
        })
        .await
        .unwrap();
    assert_eq!(used, (Some("code-2".to_owned()), None));
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
    assert_eq!(membership::platform_of(&mut reader, id(1)).await.unwrap(), ["operator"]);
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
    a_login_is_good_until_it_expires_or_is_ended,
    only_the_newest_code_can_be_used_and_once,
    roles_are_given_and_taken,
    the_first_key_of_a_candidate_holds_until_it_is_destroyed,
    an_identity_is_final_and_a_document_has_one_owner,
);
