//! Where contenders meet: programs, folders, a certificate, and how each of them is started.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::http::Endpoint;
use crate::options::Setting;
use crate::process::{self, Server};
use crate::tls::Certificate;

const RUSTUS: &str = "0.5.10";

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    /// The server.
    Yikao,
    /// Bench's own bare server.
    Bare,
    /// The peer: tus, neither hash nor sync.
    Rustus,
}

/// What speaks on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// HTTP.
    Plain,
    /// HTTPS.
    Tls,
}

/// The place of one run.
pub(crate) struct Arena {
    /// How to measure.
    pub(crate) setting: Setting,
    work: TempDir,
    certificate: Certificate,
    yikao: PathBuf,
    tools: PathBuf,
}

impl Contender {
    /// Its name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Yikao => "yikao",
            Self::Bare => "bare",
            Self::Rustus => "rustus",
        }
    }
}

impl Wire {
    /// Its name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "HTTP",
            Self::Tls => "HTTPS",
        }
    }
}

impl Arena {
    /// Makes the place.
    pub(crate) fn new(setting: Setting) -> Result<Self> {
        let mut work = tempfile::Builder::new();
        // PostgreSQL runs as another user where the run is root's, and must be able to come in.
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        work.prefix("yikao-bench-").permissions(mode);
        let work = match &setting.work {
            Some(dir) => work.tempdir_in(dir)?,
            None => work.tempdir()?,
        };
        let certificate = Certificate::make(work.path())?;
        let beside = std::env::current_exe()?.parent().context("no folder")?.to_owned();
        let yikao = setting.yikao.clone().unwrap_or_else(|| beside.join("yikao"));
        let tools = setting.tools.clone().unwrap_or_else(|| beside.join("../bench-tools"));
        Ok(Self { setting, work, certificate, yikao, tools })
    }

    /// The folder of this run; gone when the run ends.
    pub(crate) fn work(&self) -> &Path {
        self.work.path()
    }

    /// The `yikao` program.
    pub(crate) fn program(&self) -> &Path {
        &self.yikao
    }

    /// A `yikao` command.
    pub(crate) fn yikao(&self, subcommand: &str, data: &Path) -> Result<Command> {
        ensure!(self.yikao.exists(), "{} is missing: cargo build --release", self.yikao.display());
        let mut command = Command::new(&self.yikao);
        command.arg(subcommand).arg("--data").arg(data);
        Ok(command)
    }

    /// Starts a contender on `data`, pinned to the server's cores.
    pub(crate) async fn start(&self, who: Contender, wire: Wire, data: &Path) -> Result<(Server, Endpoint)> {
        let endpoint = self.endpoint(wire)?;
        let command = match who {
            Contender::Yikao => self.serve(wire, data, &endpoint, None)?,
            Contender::Bare => self.bare(wire, data, &endpoint)?,
            Contender::Rustus => self.rustus(data, &endpoint)?,
        };
        let cores = &self.setting.server_cores;
        let log = self.log(who);
        let healthz = who == Contender::Yikao;
        Ok((Server::start(&command, cores, &log, &endpoint, healthz).await?, endpoint))
    }

    /// Starts `yikao` on every core, over plain HTTP, on SQLite or the database named.
    pub(crate) async fn start_wide(&self, data: &Path, database: Option<&str>) -> Result<(Server, Endpoint)> {
        let endpoint = self.endpoint(Wire::Plain)?;
        let command = self.serve(Wire::Plain, data, &endpoint, database)?;
        let cores = process::all_cores()?;
        let log = self.log(Contender::Yikao);
        Ok((Server::start(&command, &cores, &log, &endpoint, true).await?, endpoint))
    }

    /// A folder that is empty, or a copy of `template`.
    pub(crate) fn fresh(&self, name: &str, template: Option<&Path>) -> Result<PathBuf> {
        let dir = self.work().join(name);
        if dir.exists() {
            std::fs::remove_dir_all(&dir)?;
        }
        match template {
            None => std::fs::create_dir(&dir)?,
            Some(template) => {
                process::output(Command::new("cp").arg("-a").arg(template).arg(&dir))?;
            }
        }
        Ok(dir)
    }

    /// rustus: the program that was named, the one on the path, or one installed once into the tools folder.
    pub(crate) fn find_rustus(&self) -> Result<PathBuf> {
        if let Some(named) = &self.setting.rustus {
            return Ok(named.clone());
        }
        let version = process::output(Command::new("rustus").arg("--version"));
        if version.is_ok_and(|version| version.trim().ends_with(RUSTUS)) {
            return Ok("rustus".into());
        }
        let program = self.tools.join("bin/rustus");
        if !program.exists() {
            eprintln!("installing rustus {RUSTUS} (once) …");
            let mut install = Command::new("cargo");
            install.args(["install", "--quiet", "rustus", "--version", RUSTUS, "--root"]).arg(&self.tools);
            process::output(&mut install)?;
        }
        Ok(program)
    }

    fn endpoint(&self, wire: Wire) -> Result<Endpoint> {
        let tls = (wire == Wire::Tls).then(|| self.certificate.client()).transpose()?;
        Ok(Endpoint { address: process::free_address()?, tls })
    }

    fn log(&self, who: Contender) -> PathBuf {
        self.work().join(format!("{}.log", who.name()))
    }

    fn serve(&self, wire: Wire, data: &Path, endpoint: &Endpoint, database: Option<&str>) -> Result<Command> {
        let mut command = self.yikao("serve", data)?;
        command.arg("--listen").arg(endpoint.address.to_string());
        if let Some(database) = database {
            command.args(["--database", database]);
        }
        match wire {
            Wire::Plain => command.args(["--tls", "off"]),
            Wire::Tls => command
                .args(["--tls", "files", "--certificate"])
                .arg(&self.certificate.certificate)
                .arg("--certificate-key")
                .arg(&self.certificate.key),
        };
        Ok(command)
    }

    fn bare(&self, wire: Wire, data: &Path, endpoint: &Endpoint) -> Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["bare", "--port", &endpoint.address.port().to_string(), "--dir"]).arg(data);
        if wire == Wire::Tls {
            command.arg("--certificate").arg(&self.certificate.certificate);
            command.arg("--key").arg(&self.certificate.key);
        }
        Ok(command)
    }

    /// Without its request log, which costs it a twelfth: a peer runs at its best.
    fn rustus(&self, data: &Path, endpoint: &Endpoint) -> Result<Command> {
        let mut command = Command::new(self.find_rustus()?);
        command.args(["--host", "127.0.0.1", "--port", &endpoint.address.port().to_string()]);
        command.args(["--storage", "file-storage", "--info-storage", "file-info-storage"]);
        command.args(["--dir-structure", "", "--max-body-size", "1000000000", "--workers", "1"]);
        command.args(["--log-level", "ERROR"]);
        command.arg("--data-dir").arg(data).arg("--info-dir").arg(data);
        Ok(command)
    }
}
