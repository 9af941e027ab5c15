//! For tests, here and in other crates: an empty store on either backend.
//!
//! PostgreSQL is one cluster for all test processes of a user, on a Unix socket of its own. Each process holds
//! a shared lock on it for as long as it lives; a watcher ends the cluster when nobody has for a while.

use crate::{Backend, Db, StoreConfig};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::{
    error::Error,
    fs::{self, File},
    io,
    os::unix::{fs::chown, net::UnixStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// What the set-up of a test may fail with.
pub type Failure = Box<dyn Error + Send + Sync>;

/// An empty database for one test. SQLite's goes with it; PostgreSQL's goes with the cluster.
pub struct TestStore {
    /// What [`Db::open`] takes. Change `node` to open it as another node.
    pub config: StoreConfig,
    _folder: Option<tempfile::TempDir>,
}

impl TestStore {
    /// A database of its own on `backend`.
    ///
    /// # Errors
    /// Where PostgreSQL is not installed or does not start.
    pub async fn new(backend: Backend) -> Result<Self, Failure> {
        if backend == Backend::Sqlite {
            let folder = tempfile::tempdir()?;
            let url = format!("sqlite://{}", folder.path().join("store.db").display());
            return Ok(Self { config: StoreConfig::new(url), _folder: Some(folder) });
        }
        let mut config = StoreConfig::new(postgres_database().await?);
        config.connections = 8;
        Ok(Self { config, _folder: None })
    }

    /// Opens it; more than once for several nodes.
    pub async fn open(&self) -> Result<Db, Failure> {
        Ok(Db::open(&self.config).await?)
    }
}

/// The address of a new, empty PostgreSQL database.
pub async fn postgres_database() -> Result<String, Failure> {
    static DATABASES: AtomicU32 = AtomicU32::new(0);
    let cluster = Cluster::running()?;
    let name = format!("test_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&cluster.url("postgres")).await?;
    connection.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))).await?;
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
    connection.close().await?;
    Ok(cluster.url(&name))
}

/// The cluster that test processes share.
struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    owner: Option<(u32, u32)>,
}

impl Cluster {
    /// Holds the cluster for the rest of this process, and starts it where nobody has.
    fn running() -> Result<Self, Failure> {
        static HELD: OnceLock<File> = OnceLock::new();
        let owner = owner()?;
        let user = owner.map_or_else(|| "own".to_owned(), |(uid, _)| uid.to_string());
        let home = std::env::var("USER").unwrap_or(user);
        let folder = std::env::temp_dir().join(format!("yikao-test-postgres-{home}"));
        let cluster = Self { folder, programs: programs()?, owner };
        cluster.make_folder(&cluster.folder)?;
        let users = cluster.make_file("users")?;
        users.lock_shared()?;
        let starting = cluster.make_file("starting")?;
        starting.lock()?;
        if UnixStream::connect(cluster.folder.join("socket/.s.PGSQL.5432")).is_err() {
            cluster.start()?;
        }
        HELD.get_or_init(|| users);
        Ok(cluster)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.join("socket").display())
    }

    fn start(&self) -> Result<(), Failure> {
        const SETTINGS: &str = "listen_addresses = ''\nfsync = off\nfull_page_writes = off\n\
            max_connections = 300\nshared_buffers = 64MB\nautovacuum = off\n";
        let (data, socket) = (self.folder.join("data"), self.folder.join("socket"));
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        self.make_folder(&socket)?;
        let data_text = data.display().to_string();
        self.run("initdb", &["-D", &data_text, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"])?;
        let settings = format!("{SETTINGS}unix_socket_directories = '{}'\n", socket.display());
        fs::write(data.join("postgresql.auto.conf"), settings)?;
        let log = self.folder.join("log").display().to_string();
        self.run("pg_ctl", &["-D", &data_text, "-l", &log, "-w", "-t", "60", "start"])?;
        self.watch()
    }

    /// Ends the cluster once nobody has held it for about twenty seconds.
    fn watch(&self) -> Result<(), Failure> {
        const SCRIPT: &str = r#"idle=0
            while sleep 5; do
                if flock -x -n "$1/users" true; then idle=$((idle + 1)); else idle=0; fi
                if [ $idle -ge 4 ]; then
                    flock -x -n "$1/users" sh -c '"$2" -D "$1/data" -m immediate stop; rm -rf "$1/data"' sh "$1" "$2" && exit
                fi
            done"#;
        let pg_ctl = self.programs.join("pg_ctl");
        let mut command = self.as_owner(Path::new("setsid"));
        command.args(["sh", "-c", SCRIPT, "sh"]).arg(&self.folder).arg(pg_ctl);
        quiet(&mut command).spawn()?;
        Ok(())
    }

    fn run(&self, program: &str, args: &[&str]) -> Result<(), Failure> {
        let mut command = self.as_owner(&self.programs.join(program));
        let status = quiet(command.args(args)).status()?;
        if status.success() { Ok(()) } else { Err(format!("{program} failed: {status}").into()) }
    }

    /// PostgreSQL refuses to run as root.
    fn as_owner(&self, program: &Path) -> Command {
        let Some((uid, gid)) = self.owner else { return Command::new(program) };
        let mut command = Command::new("setpriv");
        command
            .arg(format!("--reuid={uid}"))
            .arg(format!("--regid={gid}"))
            .arg("--clear-groups")
            .arg(program);
        command
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)?;
        self.own(path)
    }

    fn make_file(&self, name: &str) -> io::Result<File> {
        let path = self.folder.join(name);
        let file = File::options().create(true).append(true).open(&path)?;
        self.own(&path)?;
        Ok(file)
    }

    fn own(&self, path: &Path) -> io::Result<()> {
        self.owner.map_or(Ok(()), |(uid, gid)| chown(path, Some(uid), Some(gid)))
    }
}

/// Whom PostgreSQL runs as where this process is root: user and group id.
fn owner() -> Result<Option<(u32, u32)>, Failure> {
    if id(&["-u"])? != 0 {
        return Ok(None);
    }
    let user = if id(&["-u", "postgres"]).is_ok() { "postgres" } else { "nobody" };
    Ok(Some((id(&["-u", user])?, id(&["-g", user])?)))
}

fn id(args: &[&str]) -> Result<u32, Failure> {
    let output = Command::new("id").args(args).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// Where `initdb` and `pg_ctl` are: Debian keeps them out of the path.
fn programs() -> Result<PathBuf, Failure> {
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&in_path).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.filter_map(Result::ok).map(|version| version.path().join("bin")));
    }
    let found = folders.into_iter().find(|folder| folder.join("initdb").exists());
    found.ok_or_else(|| "PostgreSQL is not installed: tests need its initdb and pg_ctl".into())
}

/// Detached from this process's output, so that a test runner does not wait for it.
fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/")
}
