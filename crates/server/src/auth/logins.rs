//! Who is signed in where. A login is looked up at every request, so the answer is kept for a moment; a
//! revoked one is forgotten here at once and on other nodes within [`KEPT`].

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use yikao_domain::id::{AccountId, DeviceId, LoginId, SchoolId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::Db;
use yikao_store::login::{self, SignedIn};

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
        let rows = login::signed_in(&mut tx, token_hash, now).await?;
        drop(tx);
        let row = rows.first().ok_or_else(|| Problem::new(RefusalCode::LoginRequired))?;
        if row.last_seen_at + SEEN < now {
            seen(db, row.id, now, row.expires_at).await?;
        }
        let actor = actor(row, &rows);
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
fn actor(row: &SignedIn, rows: &[SignedIn]) -> Actor {
    let school_role = |row: &SignedIn| -> Option<(SchoolId, SchoolRole)> {
        Some((row.school_id?, SchoolRole::parse(row.school_role.as_deref()?)?))
    };
    let platform_role = |row: &SignedIn| PlatformRole::parse(row.platform_role.as_deref()?);
    let (mut school_roles, mut platform_roles) = (Vec::new(), Vec::new());
    for row in rows {
        school_roles.extend(school_role(row).filter(|role| !school_roles.contains(role)));
        platform_roles.extend(platform_role(row).filter(|role| !platform_roles.contains(role)));
    }
    Actor {
        account: row.account_id,
        login: row.id,
        // Logins from before devices were known stand for one each.
        device: row.device_id.unwrap_or_else(|| DeviceId::from_uuid(*row.id.as_uuid())),
        school_roles,
        platform_roles,
    }
}
