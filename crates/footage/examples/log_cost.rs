//! What durable segments cost: the log against one file per part with a sync each, in one process, in
//! CPU-seconds per GB. `log_cost DIR [SEGMENT_BYTES] [WRITERS] [GIGABYTES]`; variants are interleaved.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinSet;
use uuid::Uuid;
use yikao_domain::Timestamp;
use yikao_domain::id::PartId;
use yikao_domain::seal::Hash32;
use yikao_footage::keys::NodeKeys;
use yikao_footage::log::{LocalLog, LocalLogConfig, Record};

type Failure = Box<dyn std::error::Error + Send + Sync>;

struct Load {
    dir: PathBuf,
    body: Arc<Vec<u8>>,
    writers: usize,
    each: usize,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: usize| arguments.get(at).map_or(Ok(default), |text| text.parse());
    let (bytes, writers, gigabytes) = (number(1, 150_000)?, number(2, 64)?, number(3, 2)?);
    let dir = PathBuf::from(arguments.first().map_or("./log-cost", String::as_str));
    let each = gigabytes * 1_000_000_000 / bytes / writers;
    let load = Load { dir, body: Arc::new(noise(bytes)), writers, each };
    for round in 1..=3 {
        for variant in ["log", "file per part", "hash only"] {
            let _ = fs::remove_dir_all(&load.dir);
            fs::create_dir_all(&load.dir)?;
            let (began, cpu) = (Instant::now(), cpu_seconds()?);
            let mut latencies = match variant {
                "log" => through_log(&load).await?,
                "file per part" => through_files(&load, true).await?,
                _ => through_files(&load, false).await?,
            };
            report(round, variant, &load, began, cpu_seconds()? - cpu, &mut latencies);
        }
    }
    Ok(fs::remove_dir_all(&load.dir)?)
}

async fn through_log(load: &Load) -> Result<Vec<u128>, Failure> {
    let config = LocalLogConfig { reserve_bytes: 0, ..LocalLogConfig::new(&load.dir) };
    let log = LocalLog::open(&config, &NodeKeys::new(vec![(1, [7; 32])])?)?;
    let mut writers = JoinSet::new();
    for writer in 0..load.writers {
        let (log, source, each) = (log.clone(), Arc::clone(&load.body), load.each as u64);
        writers.spawn(async move {
            let part = PartId::from(Uuid::from_u128(writer as u128));
            let mut latencies = Vec::new();
            for index in 1..=each {
                let began = Instant::now();
                let mut body = log.buffer();
                body.extend(&source)?;
                let digest = hash(body.body());
                let received_at = Timestamp(0);
                log.append(Record { part, index, digest, seal: digest, received_at, body }).await?;
                latencies.push(began.elapsed().as_micros());
                tokio::task::yield_now().await;
            }
            Ok::<_, Failure>(latencies)
        });
    }
    gather(writers).await
}

async fn through_files(load: &Load, sync: bool) -> Result<Vec<u128>, Failure> {
    let mut writers = JoinSet::new();
    for writer in 0..load.writers {
        let (source, each) = (Arc::clone(&load.body), load.each);
        let path: PathBuf = Path::join(&load.dir, writer.to_string());
        writers.spawn(async move {
            let file = Arc::new(File::create(path)?);
            let mut latencies = Vec::new();
            for index in 0..each {
                let began = Instant::now();
                let body = source.as_ref().clone();
                std::hint::black_box(hash(&body));
                if sync {
                    file.write_all_at(&body, (index * body.len()) as u64)?;
                    let file = Arc::clone(&file);
                    tokio::task::spawn_blocking(move || file.sync_data()).await??;
                }
                latencies.push(began.elapsed().as_micros());
                tokio::task::yield_now().await;
            }
            Ok::<_, Failure>(latencies)
        });
    }
    gather(writers).await
}

async fn gather(mut writers: JoinSet<Result<Vec<u128>, Failure>>) -> Result<Vec<u128>, Failure> {
    let mut latencies = Vec::new();
    while let Some(writer) = writers.join_next().await {
        latencies.extend(writer??);
    }
    Ok(latencies)
}

fn report(round: u32, variant: &str, load: &Load, began: Instant, cpu: f64, latencies: &mut [u128]) {
    latencies.sort_unstable();
    let megabytes = u32::try_from(load.writers * load.each * load.body.len() / 1_000_000).unwrap_or(u32::MAX);
    let gigabytes = f64::from(megabytes) / 1e3;
    let wall = began.elapsed().as_secs_f64();
    let at = |share: usize| latencies.get(latencies.len() * share / 100).copied().unwrap_or(0);
    println!(
        "{round} {variant:>14}: {:.2} CPU-s/GB, {:.0} MB/s, p50 {} us, p99 {} us",
        cpu / gigabytes,
        gigabytes * 1000.0 / wall,
        at(50),
        at(99)
    );
}

fn hash(bytes: &[u8]) -> Hash32 {
    let mut out = [0; 32];
    out.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref());
    Hash32(out)
}

fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..bytes).map(|_| next()).collect()
}

/// User and system time of this process.
fn cpu_seconds() -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).ok_or("no such field")?.parse::<f64>().map_err(Failure::from);
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}
