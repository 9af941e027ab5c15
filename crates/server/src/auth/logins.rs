//! Who is signed in where. A login is looked up at every request, so the answer is kept for a moment; a
//! revoked one is forgotten here at once and on other nodes within [`KEPT`].

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use yikao_domain::id::{AccountId, DeviceId, LoginId, SchoolId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::{Db, login, membership};

use super::actor::{Actor, PlatformRole, SchoolRole};
use crate::problem::Problem;

/// How long a found login is believed without asking again.
const KEPT: Millis = Millis::seconds(5);
/// How exactly it is known when a login was last used.
const SEEN: Millis = Millis::minutes(10);
/// Kept logins after which the old ones are swept out.
const MANY: usize = 50_000;

#[derive(Debug, Clone)]
struct Known {
    actor: Actor,
    expires_at: Timestamp,
    asked_at: Timestamp,
}

/// The logins that were found lately, by token hash.
#[derive(Debug, Default)]
pub struct Logins {
    known: Mutex<HashMap<String, Known>>,
}

impl Logins {
    /// Whose token this is, or that one has to sign in.
    pub async fn find(&self, db: &Db, token_hash: &str, now: Timestamp) -> Result<Actor, Problem> {
        if let Some(actor) = self.remembered(token_hash, now) {
            return Ok(actor);
        }
        let mut tx = db.reader().await?;
        let row = login::by_token(&mut tx, token_hash, now).await?;
        let row = row.ok_or_else(|| Problem::new(RefusalCode::LoginRequired))?;
        let actor = load(&mut tx, &row).await?;
        drop(tx);
        if row.last_seen_at + SEEN < now {
            seen(db, row.id, now, row.expires_at).await?;
        }
        let known = Known { actor: actor.clone(), expires_at: row.expires_at, asked_at: now };
        self.remember(token_hash, known, now);
        Ok(actor)
    }

    /// Whose a token was when it was last found, for counting requests: it may have been revoked since.
    pub fn lately(&self, token_hash: &str) -> Option<AccountId> {
        self.lock().get(token_hash).map(|known| known.actor.account)
    }

    /// Forgets everything about an account: its roles or logins changed.
    pub fn forget(&self, account: AccountId) {
        self.lock().retain(|_, known| known.actor.account != account);
    }

    fn remembered(&self, token_hash: &str, now: Timestamp) -> Option<Actor> {
        let known = self.lock();
        let known = known.get(token_hash)?;
        let fresh = now < known.asked_at + KEPT && now < known.expires_at;
        fresh.then(|| known.actor.clone())
    }

    fn remember(&self, token_hash: &str, found: Known, now: Timestamp) {
        let mut known = self.lock();
        if known.len() >= MANY {
            known.retain(|_, known| now < known.asked_at + KEPT);
        }
        known.insert(token_hash.to_owned(), found);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn seen(db: &Db, id: LoginId, now: Timestamp, expires_at: Timestamp) -> Result<(), Problem> {
    let noted = db.write(move |tx| {
        Box::pin(async move {
            login::touch(tx, id, now, expires_at);
            Ok(())
        })
    });
    Ok(noted.await?)
}

/// An account with its roles.
pub async fn load(tx: &mut yikao_store::Tx, row: &login::Login) -> Result<Actor, yikao_store::StoreError> {
    let account = row.account_id;
    let in_schools = membership::of_account(tx, account).await?;
    let on_platform = membership::platform_of(tx, account).await?;
    let school_role = |row: &membership::Membership| -> Option<(SchoolId, SchoolRole)> {
        Some((row.school_id, SchoolRole::parse(&row.role)?))
    };
    Ok(Actor {
        account,
        login: row.id,
        // Logins from before devices were known stand for one each.
        device: row.device_id.unwrap_or_else(|| DeviceId::from_uuid(*row.id.as_uuid())),
        school_roles: in_schools.iter().filter_map(school_role).collect(),
        platform_roles: on_platform.iter().filter_map(|role| PlatformRole::parse(role)).collect(),
    })
}
