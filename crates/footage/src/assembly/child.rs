//! Runs a media tool on bytes that anybody may have sent: in limits, in a group of its own, without
//! environment or input, and dead when time is up.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

/// What one run of a tool may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Address space in bytes.
    pub memory_bytes: u64,
    /// CPU time.
    pub cpu: Duration,
    /// The largest file it may write, in bytes.
    pub file_bytes: u64,
    /// Time on the wall.
    pub wall: Duration,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// By itself, well.
    Well {
        /// What it wrote to standard output.
        output: Vec<u8>,
    },
    /// By itself, with an error.
    Badly {
        /// The beginning of what it wrote to standard error.
        said: String,
    },
    /// Because it wanted more than it was allowed.
    Stopped {
        /// Which limit.
        limit: String,
    },
}

/// Sets the limits, then becomes the tool. A shell's `ulimit` counts memory in KiB, files in 512-byte blocks.
const LIMITED: &str = r#"ulimit -c 0; ulimit -v "$1"; ulimit -t "$2"; ulimit -f "$3"; shift 3; exec "$@""#;
const OUTPUT_BYTES: u64 = 4 << 20;
const SAID_BYTES: u64 = 16 << 10;

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 3 << 30,
            cpu: Duration::from_hours(4),
            file_bytes: 64 << 30,
            wall: Duration::from_hours(4),
        }
    }
}

/// Runs `tool` in `dir`. An error means that it could not be started at all.
pub(crate) async fn run<A: AsRef<OsStr>>(
    tool: &Path,
    arguments: &[A],
    dir: &Path,
    limits: &Limits,
) -> io::Result<Ended> {
    let mut child = Command::new("/bin/sh")
        .args(["-c", LIMITED, "sh"])
        .arg((limits.memory_bytes / 1024).to_string())
        .arg(limits.cpu.as_secs().max(1).to_string())
        .arg((limits.file_bytes / 512).to_string())
        .arg(tool)
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let group = Group(child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)));
    let (output, said) = (child.stdout.take(), child.stderr.take());
    let work = async {
        let (output, said) = tokio::join!(first(output, OUTPUT_BYTES), first(said, SAID_BYTES));
        Ok::<_, io::Error>((child.wait().await?, output, said))
    };
    let Ok(done) = tokio::time::timeout(limits.wall, work).await else {
        return Ok(Ended::Stopped { limit: "time".into() });
    };
    drop(group);
    let (status, output, said) = done?;
    let said = String::from_utf8_lossy(&said).into_owned();
    Ok(match (status.success(), std::os::unix::process::ExitStatusExt::signal(&status)) {
        (true, _) => Ended::Well { output },
        (_, Some(signal)) => Ended::Stopped { limit: format!("signal {signal}: {said}") },
        _ if status.code() == Some(127) || status.code() == Some(126) => {
            return Err(io::Error::new(io::ErrorKind::NotFound, said));
        }
        _ => Ended::Badly { said },
    })
}

/// The first bytes of a pipe; the rest is read and dropped, so that the tool is not held up.
async fn first(pipe: Option<impl AsyncRead + Unpin>, limit: u64) -> Vec<u8> {
    let mut kept = Vec::new();
    let Some(mut pipe) = pipe else { return kept };
    if (&mut pipe).take(limit).read_to_end(&mut kept).await.is_ok() {
        let _ = tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await;
    }
    kept
}

/// Kills what is left of a group when it goes.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // Nobody left in it is what we want.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}
