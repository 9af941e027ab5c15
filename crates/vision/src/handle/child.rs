//! One worker, seen from the server.

use std::io;
use std::process::Stdio;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::Instant;

use super::VisionConfig;
use crate::engine::{Seen, Wanted};
use crate::worker::{pack, unpack_header};

/// A running worker. It is killed when this is dropped, and ends by itself when the server is gone.
pub(super) struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// Since when it has had nothing to do.
    pub(super) idle_since: Instant,
}

impl Worker {
    /// Starts one. It sees nothing of the server's environment, which holds secrets.
    pub(super) fn start(config: &VisionConfig) -> io::Result<Self> {
        let mut command = Command::new(&config.program);
        command.args(&config.arguments).env_clear();
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        // One picture, one core: more threads would only wait for one another.
        command.env("OPENBLAS_NUM_THREADS", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let missing = || io::Error::other("the worker has no pipes");
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = BufReader::new(child.stdout.take().ok_or_else(missing)?);
        Ok(Self { child, input, output, idle_since: Instant::now() })
    }

    /// Its process id, while it runs.
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether it is still there.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Sends a picture and waits for what is seen in it.
    pub(super) async fn ask(&mut self, wanted: Wanted, picture: &Bytes) -> io::Result<(Seen, Vec<u8>)> {
        self.input.write_all(&pack(&wanted, picture.len())?).await?;
        self.input.write_all(picture).await?;
        self.input.flush().await?;
        let mut header = [0; 8];
        self.output.read_exact(&mut header).await?;
        let (head_len, body_len) = unpack_header(header)?;
        let (mut head, mut body) = (vec![0; head_len], vec![0; body_len]);
        self.output.read_exact(&mut head).await?;
        self.output.read_exact(&mut body).await?;
        Ok((serde_json::from_slice(&head)?, body))
    }

    /// How it ended, in words for the log.
    pub(super) async fn epitaph(mut self) -> String {
        // It closed its pipes, so it is ending; if not, it is made to.
        let ended = tokio::time::timeout(std::time::Duration::from_secs(1), self.child.wait()).await;
        match ended {
            Ok(Ok(status)) => status.to_string(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it stopped answering".to_owned(),
        }
    }
}
