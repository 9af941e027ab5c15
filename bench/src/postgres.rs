//! A PostgreSQL cluster of the run's own, on a socket in its folder, with PostgreSQL's own defaults
//! (every commit is synced).

use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// PostgreSQL refuses to run as root; this user comes with its packages.
const USER: &str = "postgres";
/// More than one server's pool needs.
const CONNECTIONS: u32 = 300;

/// A running cluster; stopped when dropped.
pub(crate) struct Postgres {
    dir: PathBuf,
    programs: PathBuf,
    as_root: bool,
}

impl Postgres {
    /// Makes and starts one in `dir`, which does not exist.
    pub(crate) fn start(dir: PathBuf) -> Result<Self> {
        let programs = process::output(Command::new("pg_config").arg("--bindir"))
            .context("PostgreSQL's programs are needed")?;
        std::fs::create_dir(&dir)?;
        let as_root = std::fs::metadata("/proc/self")?.uid() == 0;
        let cluster = Self { dir, programs: programs.trim().into(), as_root };
        if as_root {
            let id = |which| {
                let printed = process::output(Command::new("id").args([which, USER]))?;
                Ok::<u32, anyhow::Error>(printed.trim().parse()?)
            };
            chown(&cluster.dir, Some(id("-u")?), Some(id("-g")?))?;
        }
        process::output(
            cluster
                .program("initdb")
                .args(["--no-sync", "--auth=trust", "--username=yikao", "--encoding=UTF8"])
                .arg("-D")
                .arg(cluster.data()),
        )?;
        cluster.run()?;
        Ok(cluster)
    }

    /// Where a database of this cluster is.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://yikao@localhost/{database}?host={}", self.dir.display())
    }

    /// Makes a database, anew: empty, or a copy of another that nobody uses now.
    pub(crate) fn create(&self, database: &str, template: Option<&str>) -> Result<()> {
        self.sql(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"))?;
        self.sql(&format!("CREATE DATABASE {database} TEMPLATE {}", template.unwrap_or("template1")))
    }

    /// Stops without a shutdown, as a power cut would, and starts again on what is on disk.
    pub(crate) fn crash(&self) -> Result<()> {
        self.stop()?;
        self.run()
    }

    fn run(&self) -> Result<()> {
        let settings =
            format!("-k {} -c listen_addresses='' -c max_connections={CONNECTIONS}", self.dir.display());
        // Nothing of ours may be inherited: a pipe held open by the daemon would never end.
        let mut start = self.program("pg_ctl");
        start.args(["start", "--wait", "--silent", "-o", &settings, "-l"]).arg(self.dir.join("log"));
        start.arg("-D").arg(self.data());
        let status = start.stdin(std::process::Stdio::null()).status()?;
        anyhow::ensure!(status.success(), "PostgreSQL did not start");
        Ok(())
    }

    fn stop(&self) -> Result<()> {
        let mut stop = self.program("pg_ctl");
        process::output(stop.args(["stop", "--wait", "--mode=immediate", "-D"]).arg(self.data()))?;
        Ok(())
    }

    fn sql(&self, statement: &str) -> Result<()> {
        let mut psql = self.program("psql");
        psql.arg("-h").arg(&self.dir).args(["-U", "yikao", "-d", "postgres", "-qc", statement]);
        process::output(&mut psql)?;
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// On every core: it is part of the server that is measured, not of the load.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = Command::new("taskset");
        command.arg("-c").arg(process::all_cores().unwrap_or_else(|_| "0".into()));
        if self.as_root {
            let user = ["setpriv", "--reuid", USER, "--regid", USER, "--init-groups", "--"];
            command.args(user);
        }
        command.arg(path).current_dir(&self.dir);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Fails only where it is stopped already.
        let _ = self.stop();
    }
}

/// Whether the socket in `dir` fits what a socket address can hold.
pub(crate) fn fits(dir: &Path) -> bool {
    dir.as_os_str().len() + "/.s.PGSQL.5432".len() < 108
}
