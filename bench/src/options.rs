//! What a run may be told.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Holds Yikao against peers and limits measured in the same run.
#[derive(Debug, Parser)]
pub(crate) struct Options {
    /// What to measure.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// How to measure it.
    #[command(flatten)]
    pub(crate) setting: Setting,
}

/// One thing to measure, or one thing to run.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs the bare server: receive, SHA-256, append, fdatasync, and nothing else.
    Bare(Bare),
    /// Drives a server that is already running and prints one line.
    Load(Load),
    /// Live segments in a closed loop over plain HTTP and TLS, against the bare server and rustus.
    Live,
    /// 2 000 phones at 300 KB a second, open loop, against the bare server.
    Phones,
    /// Sittings entered per second on `SQLite` and on `PostgreSQL`, and what is left after SIGKILL.
    Enter,
    /// 10 000 candidates signing in and confirming within the same minute.
    Signin,
    /// Cold start and idle memory.
    Start,
    /// A face check against the bare calls of dlib, and cards.
    Vision,
    /// Everything, and the line of figures.
    All,
}

/// How the bare server runs.
#[derive(Debug, Args)]
pub(crate) struct Bare {
    /// Port on 127.0.0.1.
    #[arg(long)]
    pub(crate) port: u16,
    /// Where it appends.
    #[arg(long)]
    pub(crate) dir: PathBuf,
    /// PEM certificate; with it the server speaks TLS.
    #[arg(long, requires = "key")]
    pub(crate) certificate: Option<PathBuf>,
    /// PEM private key.
    #[arg(long, requires = "certificate")]
    pub(crate) key: Option<PathBuf>,
}

/// Load on a server that is already running.
#[derive(Debug, Args)]
pub(crate) struct Load {
    /// Port on 127.0.0.1.
    #[arg(long)]
    pub(crate) port: u16,
    /// Whose CPU time is read.
    #[arg(long)]
    pub(crate) pid: u32,
    /// Phones, one connection each.
    #[arg(long, default_value_t = 64)]
    pub(crate) phones: u32,
    /// Bytes a segment.
    #[arg(long, default_value_t = 150_000)]
    pub(crate) bytes: u32,
    /// Milliseconds between two segments of a phone; 0 sends the next when the last is answered.
    #[arg(long, default_value_t = 0)]
    pub(crate) every_ms: u64,
    /// Speak tus instead of segments.
    #[arg(long)]
    pub(crate) tus: bool,
}

/// Where programs are, which cores they run on, and how long a turn takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Setting {
    /// The server; by default beside this program.
    #[arg(long, global = true)]
    pub(crate) yikao: Option<PathBuf>,
    /// rustus 0.5.10; by default the one on the path, else installed once into the tools folder.
    #[arg(long, global = true)]
    pub(crate) rustus: Option<PathBuf>,
    /// Where peers are installed; by default `bench-tools` beside the folder of this program.
    #[arg(long, global = true)]
    pub(crate) tools: Option<PathBuf>,
    /// Where servers keep their data while they are measured; by default a temporary folder.
    #[arg(long, global = true)]
    pub(crate) work: Option<PathBuf>,
    /// Turns of every contender; they take turns (A B A B).
    #[arg(long, global = true, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,
    /// Seconds of load a turn.
    #[arg(long, global = true, default_value_t = 6)]
    pub(crate) seconds: u64,
    /// Cores of the server under live load, as taskset has them.
    #[arg(long, global = true, default_value = "0")]
    pub(crate) server_cores: String,
    /// Cores of the load.
    #[arg(long, global = true, default_value = "1")]
    pub(crate) load_cores: String,
    /// Candidates who enter, each of them once.
    #[arg(long, global = true, default_value_t = 12_000)]
    pub(crate) entrants: u32,
    /// Candidates who sign in within the minute.
    #[arg(long, global = true, default_value_t = 10_000)]
    pub(crate) signins: u32,
    /// The minute in which they come, in seconds.
    #[arg(long, global = true, default_value_t = 60)]
    pub(crate) signin_seconds: u64,
}
