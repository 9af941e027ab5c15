//! What every handler can reach.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use yikao_domain::face::FaceThresholds;
use yikao_domain::id::{AccountId, SittingId};
use yikao_store::Db;
use yikao_vision::Vision;

use crate::auth::password::Passwords;
use crate::auth::rate::Limit;
use crate::authority::IdentityAuthority;
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::Desk;
use crate::footage::Footage;
use crate::keyring::Keyring;
use crate::messenger::Messenger;
use crate::pictures::Sight;
use crate::revisions::Revisions;

/// The running application. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What is inside an [`App`].
pub struct Inner {
    /// What the operator set.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The one clock.
    pub clock: std::sync::Arc<Clock>,
    /// Keys.
    pub keys: Keyring,
    /// Who is signed in.
    pub logins: crate::auth::logins::Logins,
    /// The queue of password hashing.
    pub passwords: Passwords,
    /// What phones recorded.
    pub footage: Footage,
    /// What can be seen in pictures.
    pub vision: Vision,
    /// Where the lines between faces are drawn.
    pub face_thresholds: FaceThresholds,
    /// Exam revisions, which never change, kept ready.
    pub revisions: Revisions,
    /// When the desk works, and what it needs four eyes for.
    pub desk: Desk,
    /// What looks at pictures.
    pub sight: Sight,
    /// Turns of those who send one: what is read at once stays bounded.
    pub uploads: tokio::sync::Semaphore,
    /// Who says whether a name and a number belong together.
    pub authority: IdentityAuthority,
    /// How codes reach people.
    pub messenger: Messenger,
    /// How often things may be asked for.
    pub limits: Limits,
    /// What `/metrics` prints.
    pub metrics: metrics_exporter_prometheus::PrometheusHandle,
}

/// On whose account a request goes. A school's candidates share an address: who is known by a login or by the
/// right to send a part is counted by that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asker {
    /// Somebody who is signed in.
    Account(AccountId),
    /// A phone that sends footage.
    Sitting(SittingId),
    /// Anybody else there.
    Address(IpAddr),
}

/// How often things may be asked for.
#[derive(Debug)]
pub struct Limits {
    /// Requests, by who asks.
    pub requests: Limit<Asker>,
    /// Sign-ins and code entries for one number, address or document.
    pub attempts: Limit<String>,
    /// Sign-ins and code entries from one network, in which many may sit.
    pub attempts_of_network: Limit<IpAddr>,
    /// Pictures of one account.
    pub pictures: Limit<AccountId>,
    /// Frames of one account's camera.
    pub frames: Limit<AccountId>,
}

impl Limits {
    /// The usual limits; 0 requests a second turns all of them off, for trials.
    pub fn new(requests_per_second: u32) -> Self {
        let on = u32::from(requests_per_second > 0);
        let every = Duration::from_secs(1) / requests_per_second.max(1);
        Self {
            requests: Limit::new(requests_per_second.saturating_mul(5), every),
            attempts: Limit::new(10 * on, Duration::from_mins(1)),
            attempts_of_network: Limit::new(300 * on, Duration::from_secs(2)),
            pictures: Limit::new(30 * on, Duration::from_secs(10)),
            frames: Limit::new(60 * on, Duration::from_millis(200)),
        }
    }
}

impl App {
    /// Shares `inner`.
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("node", &self.config.node).finish_non_exhaustive()
    }
}
