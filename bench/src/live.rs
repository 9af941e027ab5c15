//! Live segments: the hot path in a closed loop, and 2 000 phones in an open one.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::arena::{Arena, Contender, Wire};
use crate::load::{self, Plan, Turn};
use crate::phone::{Content, SegmentPhone, TusPhone};
use crate::report::Tally;
use crate::seed::{Amount, Seed};

const CLOSED_PHONES: u32 = 64;
const SIZES: [(u32, &str); 2] = [(150_000, "150 KB"), (262_144, "256 KiB")];
const OPEN_PHONES: u32 = 2_000;
const OPEN_BYTES: u32 = 150_000;
const OPEN_EVERY: Duration = Duration::from_millis(500);

/// Ratios of CPU-seconds per GB: the worst of all lines.
#[derive(Debug)]
pub(crate) struct Live {
    /// Over the bare server.
    pub(crate) cpu_vs_bare: f64,
    /// Over rustus.
    pub(crate) cpu_vs_rustus: f64,
}

/// 64 phones as fast as they are answered, both sizes, over HTTP and HTTPS.
pub(crate) async fn closed_loop(arena: &Arena) -> Result<Live> {
    let seed = Seed::make(arena, "live-seed", Amount { parts: CLOSED_PHONES, ..Amount::default() }, None)?;
    arena.find_rustus()?;
    let mut live = Live { cpu_vs_bare: 0.0, cpu_vs_rustus: 0.0 };
    for wire in [Wire::Plain, Wire::Tls] {
        for (bytes, size) in SIZES {
            let race = Race { phones: CLOSED_PHONES, bytes, every: Duration::ZERO, wire };
            let mut contenders = vec![Contender::Yikao, Contender::Bare];
            // rustus speaks no TLS.
            contenders.extend((wire == Wire::Plain).then_some(Contender::Rustus));
            let tallies = race.run(arena, &seed, &contenders).await?;
            let title = format!("live {} {size} × {CLOSED_PHONES}", wire.name());
            for (other, ratio) in print(&title, &tallies) {
                match other {
                    Contender::Rustus => live.cpu_vs_rustus = live.cpu_vs_rustus.max(ratio),
                    _ => live.cpu_vs_bare = live.cpu_vs_bare.max(ratio),
                }
            }
        }
    }
    Ok(live)
}

/// 2 000 phones of 300 KB a second; returns our p99 in ms, from the moment a segment was due.
pub(crate) async fn open_loop(arena: &Arena) -> Result<f64> {
    let seed = Seed::make(arena, "phones-seed", Amount { parts: OPEN_PHONES, ..Amount::default() }, None)?;
    let race = Race { phones: OPEN_PHONES, bytes: OPEN_BYTES, every: OPEN_EVERY, wire: Wire::Plain };
    let tallies = race.run(arena, &seed, &[Contender::Yikao, Contender::Bare]).await?;
    print("phones 2000 × 150 KB twice a second", &tallies);
    let [ours, theirs] = &tallies[..] else { return Ok(f64::NAN) };
    let p99 = |turn: &Turn| turn.latencies.ms(990);
    println!(
        "    p50 {}, p99 {} of bare",
        ours.over(theirs, |turn| turn.latencies.ms(500)),
        ours.over(theirs, p99)
    );
    Ok(ours.median(p99))
}

/// The same load for all.
#[derive(Debug, Clone, Copy)]
struct Race {
    phones: u32,
    bytes: u32,
    every: Duration,
    wire: Wire,
}

impl Race {
    async fn run(self, arena: &Arena, seed: &Seed, contenders: &[Contender]) -> Result<Vec<Tally>> {
        // Not counted: the first turn pays for memory that the machine had given away while it was idle.
        self.turn(arena, seed, Contender::Bare).await?;
        let mut tallies: Vec<Tally> = contenders.iter().copied().map(Tally::new).collect();
        for round in 0..arena.setting.rounds {
            // Every other round goes backwards, so that nobody always follows the same neighbour.
            let order: Box<dyn Iterator<Item = &mut Tally>> = match round % 2 {
                0 => Box::new(tallies.iter_mut()),
                _ => Box::new(tallies.iter_mut().rev()),
            };
            for tally in order {
                let turn = self.turn(arena, seed, tally.who).await;
                tally.turns.push(turn.with_context(|| format!("a turn of {}", tally.who.name()))?);
            }
        }
        Ok(tallies)
    }

    async fn turn(self, arena: &Arena, seed: &Seed, who: Contender) -> Result<Turn> {
        let template = if who == Contender::Yikao { Some(seed.data.as_path()) } else { None };
        let data = arena.fresh("turn", template)?;
        let (server, endpoint) = arena.start(who, self.wire, &data).await?;
        let content = Content::new(self.bytes);
        let plan =
            Plan { lasts: Duration::from_secs(arena.setting.seconds), every: self.every, bytes: self.bytes };
        let parts = (0..self.phones).zip(&seed.parts);
        let turn = match who {
            Contender::Rustus => {
                let mut phones = Vec::new();
                for (number, _) in parts {
                    phones.push(TusPhone::create(&endpoint, number, content.clone()).await?);
                }
                load::drive(phones, plan, server.pid()).await
            }
            Contender::Bare | Contender::Yikao => {
                let mut phones = Vec::new();
                for (number, part) in parts {
                    let part = (who == Contender::Yikao).then_some(part);
                    phones.push(SegmentPhone::open(&endpoint, number, content.clone(), part).await?);
                }
                load::drive(phones, plan, server.pid()).await
            }
        };
        let turn = turn.with_context(|| server.last_words());
        drop(server);
        std::fs::remove_dir_all(&data)?;
        turn
    }
}

/// Prints a race; returns our CPU ratio over each of the others.
fn print(title: &str, tallies: &[Tally]) -> Vec<(Contender, f64)> {
    let Some((ours, others)) = tallies.split_first() else { return Vec::new() };
    println!("{title}: {ours}");
    let line = |other: &Tally| {
        let cpu = ours.over(other, |turn| turn.cpu_per_gb);
        let requests = ours.over(other, |turn| turn.requests_per_s);
        println!("    {other} → yikao/{}: CPU {cpu}, requests {requests}", other.who.name());
        (other.who, cpu.median)
    };
    others.iter().map(line).collect()
}
