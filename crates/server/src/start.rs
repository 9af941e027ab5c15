//! Putting an application together.

use std::sync::Arc;

use yikao_store::{Db, StoreConfig, StoreError, key_fingerprint};

use crate::auth::logins::Logins;
use crate::auth::password::Passwords;
use crate::authority::IdentityAuthority;
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::Desk;
use crate::footage::Footage;
use crate::keyring::Keyring;
use crate::messenger::Messenger;
use crate::pictures::{self, Sight};
use crate::revisions::Revisions;
use crate::state::{App, Inner, Limits};

/// Why the server does not start.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// Opens everything that the configuration names. Nothing runs yet: see [`crate::jobs::start`].
pub async fn app(config: Config) -> Result<App, StartError> {
    let clock = Arc::new(Clock::with_skew(config.clock_skew_ms));
    app_in_time(config, clock).await
}

/// The same, going by a clock that somebody else moves.
pub async fn app_in_time(config: Config, clock: Arc<Clock>) -> Result<App, StartError> {
    std::fs::create_dir_all(&config.data)?;
    let keys = Keyring::open_or_create(&config.key_file())?;
    let mut store = StoreConfig::new(config.database_url());
    store.node.clone_from(&config.node);
    let db = Db::open(&store).await?;
    agree(&db, &clock).await?;
    know_keys(&db, &keys, &config).await?;
    let vision = crate::vision::vision(&config)?;
    let footage = Footage::open(&config, &keys, &db, &clock).await?;
    Ok(App::new(Inner {
        passwords: Passwords::new(config.passwords_at_once()),
        messenger: Messenger::configured(&config.messages, config.codes_on_console)?,
        authority: IdentityAuthority::configured(&config.authority)?,
        uploads: tokio::sync::Semaphore::new(pictures::AT_A_TIME),
        sight: if config.scripted_sight { Sight::Scripted } else { Sight::Vision(vision.clone()) },
        vision,
        face_thresholds: crate::vision::thresholds(&config)?,
        limits: Limits::new(config.requests_per_second),
        desk: Desk::from_config(&config)?,
        logins: Logins::default(),
        revisions: Revisions::default(),
        metrics: crate::observe::recorder(),
        config,
        db,
        clock,
        keys,
        footage,
    }))
}

/// Refuses a key file that is not the one this database was filled with.
async fn know_keys(db: &Db, keys: &Keyring, config: &Config) -> Result<(), StartError> {
    for (kid, fingerprint) in keys.fingerprints() {
        let input = (kid.clone(), fingerprint.clone());
        let known = db.write_with(input, |tx, (kid, fingerprint)| {
            Box::pin(async move { key_fingerprint::note_or_get(tx, kid, fingerprint).await })
        });
        if known.await? != fingerprint {
            let file = config.key_file();
            return Err(format!(
                "{} holds another key {kid} than this database was filled with: nodes share one key file \
                 (--keys), and a lost one cannot be made again",
                file.display()
            )
            .into());
        }
    }
    Ok(())
}

/// Goes by the database's clock; by this machine's where the database has none.
pub async fn agree(db: &Db, clock: &Clock) -> Result<(), StoreError> {
    let of_database = db.clock_offset(|| clock.steady_ms()).await?;
    clock.agree(of_database.unwrap_or_else(|| clock.machine_offset()));
    Ok(())
}

/// Serves until it is asked to stop.
pub async fn serve(config: Config) -> Result<(), StartError> {
    let listener = crate::serve::bind(config.listen)?;
    std::fs::create_dir_all(&config.data)?;
    let tls = certificates(&config)?;
    let app = app(config).await?;
    let lanes = crate::jobs::start(&app).await.map_err(|problem| format!("jobs: {}", problem.code()))?;
    let routes = crate::router::router(app.clone());
    let port = listener.local_addr()?.port();
    let demo = if app.config.demo { Some(crate::seed::demo::prepare(&app).await?) } else { None };
    crate::banner::print(&app.config, port, demo.as_ref());
    tracing::info!(port, node = app.config.node, "serving");
    crate::serve::serve(listener, tls, routes).await?;
    lanes.stop().await;
    app.db.close().await;
    tracing::info!("stopped");
    Ok(())
}

fn certificates(config: &Config) -> Result<Option<Arc<rustls::ServerConfig>>, StartError> {
    use crate::config::Tls;
    let missing = "--tls files needs --certificate and --certificate-key";
    Ok(match config.tls {
        Tls::Off => None,
        Tls::LocalCa => {
            let days = Clock::default().now().as_ms() / 86_400_000;
            let year = i32::try_from(1970 + days * 400 / 146_097)?;
            Some(crate::tls::local_ca(&config.data.join("ca"), year)?)
        }
        Tls::Files => {
            let chain = config.certificate.as_deref().ok_or(missing)?;
            let key = config.certificate_key.as_deref().ok_or(missing)?;
            Some(crate::tls::from_files(chain, key)?)
        }
    })
}
