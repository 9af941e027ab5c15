//! Closed and open loops over phones, and what a turn of them came to.

use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;

use crate::phone::Phone;
use crate::process;

/// How long and how often phones send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// How long segments fall due.
    pub(crate) lasts: Duration,
    /// Between two segments of a phone; zero sends the next when the last is answered.
    pub(crate) every: Duration,
    /// Bytes a segment.
    pub(crate) bytes: u32,
}

/// What a turn came to.
#[derive(Debug)]
pub(crate) struct Turn {
    /// Answered requests a second.
    pub(crate) requests_per_s: f64,
    /// CPU-seconds (user and system) of the server for every 10⁹ bytes.
    pub(crate) cpu_per_gb: f64,
    /// Of the load's one core, how much it used: near 1 it is the load that is measured.
    pub(crate) load_busy: f64,
    /// From the moment a segment was due until its answer.
    pub(crate) latencies: Latencies,
}

/// Sorted latencies.
#[derive(Debug)]
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    /// Sorts.
    pub(crate) fn new(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        Self(all)
    }

    /// How many.
    pub(crate) fn count(&self) -> f64 {
        number(self.0.len())
    }

    /// The latency in ms that `per_mille` of all stay within.
    pub(crate) fn ms(&self, per_mille: usize) -> f64 {
        let at = self.0.len().saturating_sub(1) * per_mille / 1000;
        self.0.get(at).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1000.0)
    }
}

/// A count as a float.
pub(crate) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Lets connected phones send by `plan` to the server `pid`.
pub(crate) async fn drive<P: Phone>(phones: Vec<P>, plan: Plan, pid: u32) -> Result<Turn> {
    let (start, cpu) = (Instant::now(), process::cpu_seconds(pid)?);
    let load_cpu = process::cpu_seconds(std::process::id())?;
    let all = u32::try_from(phones.len())?;
    let mut senders = JoinSet::new();
    for (number, phone) in (0..).zip(phones) {
        senders.spawn(sender(phone, plan, start, plan.every * number / all));
    }
    let mut latencies = Vec::new();
    while let Some(sent) = senders.join_next().await {
        latencies.extend(sent??);
    }
    let (took, cpu) = (start.elapsed().as_secs_f64(), process::cpu_seconds(pid)? - cpu);
    let load_busy = (process::cpu_seconds(std::process::id())? - load_cpu) / took;
    let latencies = Latencies::new(latencies);
    let gb = latencies.count() * f64::from(plan.bytes) / 1e9;
    Ok(Turn { requests_per_s: latencies.count() / took, cpu_per_gb: cpu / gb, load_busy, latencies })
}

/// In an open loop every segment that fell due is sent and counted, however late: a slow server must not
/// shorten the list of those who waited for it.
async fn sender<P: Phone>(
    mut phone: P,
    plan: Plan,
    start: Instant,
    offset: Duration,
) -> Result<Vec<Duration>> {
    let (mut latencies, mut due) = (Vec::new(), start + offset);
    loop {
        if plan.every.is_zero() {
            due = Instant::now();
        }
        if due >= start + plan.lasts {
            return Ok(latencies);
        }
        tokio::time::sleep_until(due.into()).await;
        phone.send().await?;
        latencies.push(due.elapsed());
        due += plan.every;
    }
}
