//! Server processes: pinned to cores, waited for, measured through `/proc`, killed.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::http::{Connection, Endpoint};

/// `/proc` counts CPU time in ticks of this many a second, on every architecture Linux has today.
const TICKS_PER_SECOND: f64 = 100.0;
/// A server that has not answered by then will not.
const START_WITHIN: Duration = Duration::from_secs(30);

/// A running server; it is killed when dropped.
pub(crate) struct Server {
    child: Child,
    log: PathBuf,
    /// From spawning until it answered.
    pub(crate) started_in: Duration,
}

impl Server {
    /// Runs a command on `cores`, and waits until `endpoint` answers (`healthz`: with 200 on `/healthz`).
    pub(crate) async fn start(
        command: &Command,
        cores: &str,
        log: &Path,
        endpoint: &Endpoint,
        healthz: bool,
    ) -> Result<Self> {
        let spawned = Instant::now();
        let child = spawn(command, cores, log)?;
        let mut server = Self { child, log: log.to_owned(), started_in: Duration::ZERO };
        while !answers(endpoint, healthz).await {
            if server.child.try_wait()?.is_some() || spawned.elapsed() > START_WITHIN {
                bail!("{command:?} did not start: {}", server.last_words());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.started_in = spawned.elapsed();
        Ok(server)
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        // Both fail only where it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// The end of what it logged.
    pub(crate) fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let from = log.lines().count().saturating_sub(12);
        log.lines().skip(from).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A child on `cores` that logs into a file. taskset becomes the program, so that the process id is its own.
pub(crate) fn spawn(command: &Command, cores: &str, log: &Path) -> Result<Child> {
    let file = File::create(log)?;
    let mut pinned = Command::new("taskset");
    pinned.arg("-c").arg(cores).arg(command.get_program()).args(command.get_args());
    pinned.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    pinned.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    pinned.spawn().context("taskset (util-linux) is needed")
}

/// Runs a command to its end and returns what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let done = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    Ok(String::from_utf8(done.stdout)?)
}

/// Pins this process, before it has threads, and lifts its limit of open files to what it may have.
pub(crate) fn settle(cores: &str) -> Result<()> {
    let me = std::process::id().to_string();
    output(Command::new("taskset").args(["-p", "-c", cores, &me]))?;
    let limits = std::fs::read_to_string("/proc/self/limits")?;
    let files = limits.lines().find(|line| line.starts_with("Max open files"));
    if let Some(hard) = files.and_then(|line| line.split_whitespace().nth(4)) {
        output(Command::new("prlimit").args(["--pid", &me, &format!("--nofile={hard}")]))?;
    }
    Ok(())
}

/// Every core of the machine, as taskset has them.
pub(crate) fn all_cores() -> Result<String> {
    Ok(std::fs::read_to_string("/sys/devices/system/cpu/online")?.trim().to_owned())
}

/// CPU-seconds, user and system, that a process has used.
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| Ok::<f64, anyhow::Error>(fields.get(at).context("short stat")?.parse()?);
    Ok((ticks(11)? + ticks(12)?) / TICKS_PER_SECOND)
}

/// Resident memory in MB (10⁶ bytes).
pub(crate) fn resident_mb(pid: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024.0 / 1e6)
}

/// A port of 127.0.0.1 that nobody uses now.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

async fn answers(endpoint: &Endpoint, healthz: bool) -> bool {
    let Ok(mut connection) = Connection::open(endpoint, 0).await else { return false };
    if !healthz {
        return true;
    }
    let asked = connection.json("GET /healthz", None, None).await;
    asked.is_ok_and(|answer| answer.status == 200)
}
