//! The morning registration opens: 10 000 candidates sign in and confirm within the same minute.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use argon2::{Algorithm, Argon2, Params, Version};
use serde_json::json;
use tokio::task::JoinSet;

use crate::arena::Arena;
use crate::enter::command_id;
use crate::http::{Answer, Connection, Endpoint};
use crate::load::{Latencies, number};
use crate::process;
use crate::seed::{Amount, Seed, Signin};

/// The server's password cost (KiB, passes, lanes): one hash a sign-in is the work nobody can avoid.
const PASSWORD_COST: (u32, u32, u32) = (7 * 1024, 5, 1);

/// Runs the minute, prints it, and fails where somebody was refused.
pub(crate) async fn run(arena: &Arena) -> Result<()> {
    let amount = Amount { signins: arena.setting.signins, ..Amount::default() };
    let seed = Seed::make(arena, "signin-seed", amount, None)?;
    let hash = cpu_seconds_per_hash()?;
    let data = arena.fresh("turn", Some(&seed.data))?;
    let (server, endpoint) = arena.start_wide(&data, None).await?;
    let cpu = process::cpu_seconds(server.pid())?;
    let minute = Minute::pass(&seed, &endpoint, Duration::from_secs(arena.setting.signin_seconds)).await?;
    let cpu = process::cpu_seconds(server.pid())? - cpu;
    minute.print(arena.setting.signin_seconds);
    let each = cpu / number(seed.signins.len());
    println!(
        "    {:.1} ms of CPU a candidate, ×{:.2} of one password hash ({:.1} ms)",
        each * 1000.0,
        each / hash,
        hash * 1000.0
    );
    ensure!(minute.refusals.is_empty(), "candidates were refused: {:?}", minute.refusals);
    Ok(())
}

/// What became of everybody.
struct Minute {
    signed_in: Latencies,
    confirmed: Latencies,
    /// From the moment a candidate came until the enrolment was confirmed.
    whole: Latencies,
    refusals: BTreeMap<String, usize>,
    all_done_in: Duration,
}

struct Journey {
    signed_in: Duration,
    confirmed: Duration,
}

impl Minute {
    async fn pass(seed: &Seed, endpoint: &Endpoint, lasts: Duration) -> Result<Self> {
        let start = Instant::now();
        let everybody = u32::try_from(seed.signins.len())?;
        let mut candidates = JoinSet::new();
        for (number, signin) in (0..everybody).zip(&seed.signins) {
            // Not in the order of the data: neighbours in a table do not come one after the other.
            let place = number.wrapping_mul(7_919) % everybody;
            let due = start + lasts * place / everybody;
            candidates.spawn(journey(endpoint.clone(), number, signin.clone(), due));
        }
        let (mut signed_in, mut confirmed, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        let mut refusals = BTreeMap::new();
        while let Some(candidate) = candidates.join_next().await {
            match candidate? {
                Ok(journey) => {
                    signed_in.push(journey.signed_in);
                    confirmed.push(journey.confirmed);
                    whole.push(journey.signed_in + journey.confirmed);
                }
                Err(error) => *refusals.entry(format!("{error:#}")).or_insert(0) += 1,
            }
        }
        Ok(Self {
            signed_in: Latencies::new(signed_in),
            confirmed: Latencies::new(confirmed),
            whole: Latencies::new(whole),
            refusals,
            all_done_in: start.elapsed(),
        })
    }

    fn print(&self, seconds: u64) {
        let refused: usize = self.refusals.values().sum();
        println!(
            "signin {:.0} candidates in {seconds} s: {refused} refused; sign-in p50 {:.0} ms, p99 {:.0} ms; \
             confirming p50 {:.0} ms, p99 {:.0} ms; both p99 {:.0} ms; all done after {:.1} s",
            self.whole.count() + number(refused),
            self.signed_in.ms(500),
            self.signed_in.ms(990),
            self.confirmed.ms(500),
            self.confirmed.ms(990),
            self.whole.ms(990),
            self.all_done_in.as_secs_f64(),
        );
    }
}

async fn journey(endpoint: Endpoint, number: u32, signin: Signin, due: Instant) -> Result<Journey> {
    tokio::time::sleep_until(due.into()).await;
    let mut phone = Connection::open(&endpoint, number).await?;
    let login = json!({"account": signin.phone, "password": signin.password});
    let answer = phone.json("POST /api/logins", None, Some(&login)).await?;
    let answer = accepted(answer).context("sign-in")?;
    let (signed_in, since) = (due.elapsed(), Instant::now());
    let cookies = answer.cookies();
    ensure!(cookies.contains("yikao_login="), "signed in without a cookie");
    let line = format!("POST /api/exams/{}/majors/{}/enrolments", signin.exam, signin.major);
    let command = json!({"command_id": command_id()});
    accepted(phone.json(&line, Some(&cookies), Some(&command)).await?).context("confirming")?;
    Ok(Journey { signed_in, confirmed: since.elapsed() })
}

/// The answer, or the problem's code: refusals are counted by it.
fn accepted(answer: Answer) -> Result<Answer> {
    if answer.status == 201 {
        return Ok(answer);
    }
    let code = answer.json().ok().and_then(|problem| problem["code"].as_str().map(str::to_owned));
    Err(anyhow!("{} {}", answer.status, code.unwrap_or_else(|| answer.text())))
}

fn cpu_seconds_per_hash() -> Result<f64> {
    const HASHES: u32 = 50;
    let (memory, passes, lanes) = PASSWORD_COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|e| anyhow!("{e}"))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (me, mut out) = (std::process::id(), [0; 32]);
    let cpu = process::cpu_seconds(me)?;
    for round in 0..HASHES {
        let salt = [b"yikao-bench-".as_slice(), &round.to_be_bytes()].concat();
        argon.hash_password_into(b"correct horse", &salt, &mut out).map_err(|e| anyhow!("{e}"))?;
        std::hint::black_box(&out);
    }
    Ok((process::cpu_seconds(me)? - cpu) / f64::from(HASHES))
}
