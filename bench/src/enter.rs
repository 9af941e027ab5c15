//! Sittings entered: distinct signed-in candidates, each once, over HTTP. Then SIGKILL in the middle of
//! it, and everything that was acknowledged must be there.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::arena::Arena;
use crate::http::{Connection, Endpoint};
use crate::load::{Latencies, number};
use crate::postgres::{self, Postgres};
use crate::process::Server;
use crate::report::{Ratio, median};
use crate::seed::{Amount, Entrant, Seed};

/// Connections that candidates come through.
const CONNECTIONS: u32 = 256;
const SEEDED: &str = "seeded";
const TURN: &str = "turn";

/// Entries a second.
#[derive(Debug)]
pub(crate) struct Entries {
    /// On `SQLite`, synchronous=FULL.
    pub(crate) sqlite: f64,
    /// On `PostgreSQL`.
    pub(crate) postgres: f64,
}

/// Takes turns between both databases.
pub(crate) async fn run(arena: &Arena) -> Result<Entries> {
    let amount = Amount { entrants: arena.setting.entrants, ..Amount::default() };
    let dir = arena.work().join("pg");
    ensure!(postgres::fits(&dir), "{} is too long for a socket: choose another --work", dir.display());
    let cluster = Postgres::start(dir)?;
    cluster.create(SEEDED, None)?;
    let sqlite = Place {
        name: "SQLite, synchronous=FULL",
        seed: Seed::make(arena, "enter-seed", amount, None)?,
        cluster: None,
    };
    let url = cluster.url(SEEDED);
    let seed = Seed::make(arena, "enter-pg-seed", amount, Some(&url))?;
    let postgres = Place { name: "PostgreSQL", seed, cluster: Some(&cluster) };
    let (mut on_sqlite, mut on_postgres, mut syncs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..arena.setting.rounds {
        syncs.push(syncs_per_second(arena.work())?);
        on_sqlite.push(sqlite.turn(arena).await?);
        on_postgres.push(postgres.turn(arena).await?);
    }
    println!("limit: one sync an entry would allow {:.0}/s", median(syncs.clone()));
    sqlite.print(&on_sqlite, &syncs);
    postgres.print(&on_postgres, &syncs);
    let entries = |turns: &[Turn]| median(turns.iter().map(|turn| turn.entries_per_s).collect());
    Ok(Entries { sqlite: entries(&on_sqlite), postgres: entries(&on_postgres) })
}

struct Place<'a> {
    name: &'static str,
    seed: Seed,
    cluster: Option<&'a Postgres>,
}

struct Turn {
    entries_per_s: f64,
    latencies: Latencies,
    acknowledged_before_kill: usize,
}

/// An entry that the server acknowledged.
struct Entered {
    who: usize,
    sitting: String,
    after: Duration,
}

impl Place<'_> {
    async fn turn(&self, arena: &Arena) -> Result<Turn> {
        let data = arena.fresh(TURN, Some(&self.seed.data))?;
        let database = self.cluster.map(|cluster| {
            cluster.create(TURN, Some(SEEDED))?;
            Ok::<String, anyhow::Error>(cluster.url(TURN))
        });
        let database = database.transpose()?;
        let (mut server, endpoint) = arena.start_wide(&data, database.as_deref()).await?;
        let crowd = Crowd::new(&self.seed.entrants);
        // Three quarters of the candidates are timed; in the middle of the others the server dies.
        let timed = crowd.entrants.len() / 4 * 3;
        let begun = Instant::now();
        let mut entered = crowd.enter(&endpoint, timed, None).await?;
        let entries_per_s = number(entered.len()) / begun.elapsed().as_secs_f64();
        let latencies = Latencies::new(entered.iter().map(|entry| entry.after).collect());
        let last = crowd.enter(&endpoint, crowd.entrants.len(), Some(&mut server)).await?;
        let acknowledged_before_kill = last.len();
        entered.extend(last);
        if let Some(cluster) = self.cluster {
            cluster.crash()?;
        }
        let (server, endpoint) = arena.start_wide(&data, database.as_deref()).await?;
        crowd.verify(&endpoint, &entered).await?;
        drop(server);
        std::fs::remove_dir_all(&data)?;
        Ok(Turn { entries_per_s, latencies, acknowledged_before_kill })
    }

    fn print(&self, turns: &[Turn], syncs: &[f64]) {
        let of = |figure: fn(&Turn) -> f64| median(turns.iter().map(figure).collect());
        let ratio =
            Ratio::of(turns.iter().zip(syncs).map(|(turn, syncs)| turn.entries_per_s / syncs).collect());
        println!(
            "enter {}: {:.0} entries/s, p50 {:.1} ms, p99 {:.1} ms, {ratio} of one sync an entry; \
             after SIGKILL {} of the last acknowledged are there, and all before them",
            self.name,
            of(|turn| turn.entries_per_s),
            of(|turn| turn.latencies.ms(500)),
            of(|turn| turn.latencies.ms(990)),
            turns.iter().map(|turn| turn.acknowledged_before_kill).sum::<usize>(),
        );
    }
}

/// Candidates in a row, and who of them is next.
struct Crowd {
    entrants: Arc<[Entrant]>,
    next: Arc<AtomicUsize>,
}

impl Crowd {
    fn new(entrants: &[Entrant]) -> Self {
        Self { entrants: entrants.into(), next: Arc::default() }
    }

    /// Lets candidates enter up to the `until`-th. A server that is handed over is killed once half of
    /// them have; then those who got no answer are not counted.
    async fn enter(
        &self,
        endpoint: &Endpoint,
        until: usize,
        victim: Option<&mut Server>,
    ) -> Result<Vec<Entered>> {
        let before = self.next.load(Ordering::Relaxed);
        let (answered, mut answers) = mpsc::unbounded_channel();
        let mut senders = JoinSet::new();
        for number in 0..CONNECTIONS {
            let connection = Connection::open(endpoint, number).await?;
            let (entrants, next) = (self.entrants.clone(), self.next.clone());
            senders.spawn(enter_in_turn(connection, entrants, next, until, answered.clone()));
        }
        drop(answered);
        let (mut entered, mut victim) = (Vec::new(), victim);
        let kills = victim.is_some();
        while let Some(entry) = answers.recv().await {
            entered.push(entry);
            if entered.len() * 2 >= until - before
                && let Some(server) = victim.take()
            {
                server.kill();
            }
        }
        self.next.store(until, Ordering::Relaxed);
        while let Some(sender) = senders.join_next().await {
            let sent = sender?;
            if !kills {
                sent?;
            }
        }
        ensure!(victim.is_none(), "too few candidates entered to kill the server among them");
        Ok(entered)
    }

    /// Asks for every acknowledged sitting.
    async fn verify(&self, endpoint: &Endpoint, entered: &[Entered]) -> Result<()> {
        let mut connections = Vec::new();
        for number in 0..CONNECTIONS {
            connections.push(Connection::open(endpoint, number).await?);
        }
        let connections_count = connections.len();
        for (at, entry) in entered.iter().enumerate() {
            let entrant = &self.entrants[entry.who];
            let line = format!("GET /api/enrolments/{}", entrant.enrolment);
            let answer = connections[at % connections_count].json(&line, Some(&entrant.cookie), None).await?;
            let view = answer.expect(200)?.json()?;
            let sessions = view["sessions"].as_array().map_or(&[][..], Vec::as_slice);
            let there = sessions.iter().any(|session| session["sitting_id"] == entry.sitting.as_str());
            ensure!(there, "sitting {} was acknowledged and is lost", entry.sitting);
        }
        Ok(())
    }
}

async fn enter_in_turn(
    mut connection: Connection,
    entrants: Arc<[Entrant]>,
    next: Arc<AtomicUsize>,
    until: usize,
    answered: mpsc::UnboundedSender<Entered>,
) -> Result<()> {
    loop {
        let who = next.fetch_add(1, Ordering::Relaxed);
        let Some(entrant) = entrants.get(who).filter(|_| who < until) else { return Ok(()) };
        let line = format!("POST /api/enrolments/{}/sittings", entrant.enrolment);
        let command = json!({"command_id": command_id(), "session_id": entrant.session});
        let sent = Instant::now();
        let answer = connection.json(&line, Some(&entrant.cookie), Some(&command)).await?.expect(201)?;
        let after = sent.elapsed();
        let sitting = answer.json()?["id"].as_str().map(str::to_owned).context("a sitting without an id")?;
        answered.send(Entered { who, sitting, after })?;
    }
}

/// A new command id, as clients make them.
pub(crate) fn command_id() -> Value {
    let mut bytes = [0; 16];
    // Fails only where the system has no random numbers; then the server sees one id twice and says so.
    let _ = ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string().into()
}

/// How often a second this disk makes 4 KB durable, one after the other.
fn syncs_per_second(dir: &Path) -> Result<f64> {
    let mut file = File::create(dir.join("syncs"))?;
    let (begun, mut syncs) = (Instant::now(), 0_usize);
    while begun.elapsed() < Duration::from_secs(1) {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        syncs += 1;
    }
    Ok(number(syncs) / begun.elapsed().as_secs_f64())
}
