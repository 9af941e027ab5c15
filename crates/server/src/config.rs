//! What an operator sets: by flag, by environment, or not at all. Small by default, large by choice.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::auth::address::Proxies;
use crate::auth::client::Version;
use crate::authority::AuthoritySettings;
use crate::messenger::MessengerSettings;
use crate::vision::usual_models;

/// Settings of `yikao serve`.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Where keys, the database and footage are kept.
    #[arg(long, env = "YIKAO_DATA", default_value = "./data")]
    pub data: PathBuf,
    /// Address and port to answer on.
    #[arg(long, env = "YIKAO_LISTEN", default_value = "0.0.0.0:8443")]
    pub listen: SocketAddr,
    /// `sqlite://path` or `postgres://…`; by default `yikao.db` in the data folder.
    #[arg(long, env = "YIKAO_DATABASE")]
    pub database: Option<String>,
    /// `s3://bucket?endpoint=…`; by default local disk in the data folder.
    #[arg(long, env = "YIKAO_STORAGE")]
    pub storage: Option<String>,
    /// Key file; nodes of one installation share it. By default `keys.json` in the data folder.
    #[arg(long, env = "YIKAO_KEYS")]
    pub keys: Option<PathBuf>,
    /// Folder of the model files for faces and cards. By default `models` in the data folder or, where there is none,
    /// `.cache/models` in the folder in which the server is started: there `make setup` puts them.
    #[arg(long, env = "YIKAO_MODELS")]
    pub models: Option<PathBuf>,
    /// Pictures looked at at the same time; each takes a core and about 300 MB. By default half the cores, at most 4.
    #[arg(long, env = "YIKAO_VISION_WORKERS")]
    pub vision_workers: Option<usize>,
    /// Lines of the face check other than the usual ones, as JSON: what `yikao vision calibrate` showed to fit.
    #[arg(long, env = "YIKAO_FACE_THRESHOLDS")]
    pub face_thresholds: Option<PathBuf>,
    /// The program that looks at pictures, where it is not this one: trials run inside another.
    #[arg(long, hide = true)]
    pub vision_program: Option<PathBuf>,
    /// This node's name in logs and log blocks.
    #[arg(long, env = "YIKAO_NODE", default_value = "n1")]
    pub node: String,
    /// How TLS is done.
    #[arg(long, env = "YIKAO_TLS", default_value = "local-ca")]
    pub tls: Tls,
    /// PEM certificate chain, for `--tls files`.
    #[arg(long, env = "YIKAO_CERTIFICATE")]
    pub certificate: Option<PathBuf>,
    /// PEM private key, for `--tls files`.
    #[arg(long, env = "YIKAO_CERTIFICATE_KEY")]
    pub certificate_key: Option<PathBuf>,
    /// A demo school with an exam open now, and accounts to try it with.
    #[arg(long, env = "YIKAO_DEMO")]
    pub demo: bool,
    /// Show messages for which no service is set to the operator on a console page.
    #[arg(long, env = "YIKAO_CODES_ON_CONSOLE", default_value_t = true, action = clap::ArgAction::Set)]
    pub codes_on_console: bool,
    /// Proxies in front of the server.
    #[command(flatten)]
    pub proxies: Proxies,
    /// The oldest web app that may sign up, sign in and enter a sitting, such as `0.2.0`; what has begun goes on.
    #[arg(long, env = "YIKAO_MINIMUM_CLIENT", default_value = "0.0.0", value_parser = Version::minimum)]
    pub minimum_client: Version,
    /// Requests a second that one account, one phone that records, or one address of people who are not signed
    /// in may make before it is asked to wait; 0 turns the limit off.
    #[arg(long, env = "YIKAO_REQUESTS_PER_SECOND", default_value_t = 200)]
    pub requests_per_second: u32,
    /// Codes that one number or address gets at once; later one every quarter of an hour.
    #[arg(long, env = "YIKAO_CODES_PER_CONTACT", default_value_t = 5)]
    pub codes_per_contact: u32,
    /// Codes that one network asks for at once; later one every ten seconds. A studio's candidates share one.
    #[arg(long, env = "YIKAO_CODES_PER_ADDRESS", default_value_t = 200)]
    pub codes_per_address: u32,
    /// How messages go out.
    #[command(flatten)]
    pub messages: MessengerSettings,
    /// Passwords hashed at the same time; by default as many as there are cores.
    #[arg(long, env = "YIKAO_PASSWORDS_AT_ONCE")]
    pub passwords_at_once: Option<usize>,
    /// Recordings made playable at the same time; by default as many as there are cores, and two at least.
    #[arg(long, env = "YIKAO_ASSEMBLIES_AT_ONCE")]
    pub assemblies_at_once: Option<usize>,
    /// When somebody is at the desk, holidays included, in the desk's zone.
    #[arg(long, env = "YIKAO_DESK_HOURS", default_value = "8:00-24:00")]
    pub desk_hours: String,
    /// IANA time zone of the desk.
    #[arg(long, env = "YIKAO_DESK_ZONE", default_value = "Asia/Shanghai")]
    pub desk_zone: String,
    /// Within how many minutes of its working time the desk answers.
    #[arg(long, env = "YIKAO_DESK_ANSWERS_WITHIN_MINUTES", default_value_t = 120)]
    pub desk_answers_within_minutes: u32,
    /// What two people at the desk have to agree on (`identity`, `face`, `appeal`, `correction`).
    #[arg(long, env = "YIKAO_DESK_FOUR_EYES", value_delimiter = ',')]
    pub desk_four_eyes: Vec<String>,
    /// Who says whether a name and a number belong together.
    #[command(flatten)]
    pub authority: AuthoritySettings,
    /// Pictures are scripts that say what is to be seen: for trials.
    #[arg(long, env = "YIKAO_SCRIPTED_SIGHT", hide = true)]
    pub scripted_sight: bool,
    /// How far this machine's clock is set wrong on purpose, in ms: for trials.
    #[arg(
        long,
        env = "YIKAO_CLOCK_SKEW_MS",
        default_value_t = 0,
        hide = true,
        allow_negative_numbers = true
    )]
    pub clock_skew_ms: i64,
    /// Faults planted on purpose (`volatile`, `skip-sync`, `ack-early`, `double-submit`): for trials.
    #[arg(long, env = "YIKAO_FAULT", hide = true, value_delimiter = ',')]
    pub fault: Vec<String>,
}

/// Where certificates come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Tls {
    /// A certificate authority of this installation's own, for trials on a local network.
    LocalCa,
    /// PEM files named by the operator.
    Files,
    /// Plain HTTP, behind a proxy that ends TLS.
    Off,
}

impl Config {
    /// The database to open.
    pub fn database_url(&self) -> String {
        let local = || format!("sqlite://{}", self.data.join("yikao.db").display());
        self.database.clone().unwrap_or_else(local)
    }

    /// The key file.
    pub fn key_file(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| self.data.join("keys.json"))
    }

    /// Passwords hashed at the same time.
    pub fn passwords_at_once(&self) -> usize {
        self.passwords_at_once.unwrap_or_else(cores)
    }

    /// Recordings made playable at the same time. With one, a long one would hold up all the others.
    pub fn assemblies_at_once(&self) -> usize {
        self.assemblies_at_once.unwrap_or_else(|| cores().max(2)).max(1)
    }

    /// The folder of model files.
    pub fn models(&self) -> PathBuf {
        self.models.clone().unwrap_or_else(|| usual_models(&self.data))
    }

    /// Whether a fault was planted.
    pub fn has_fault(&self, name: &str) -> bool {
        self.fault.iter().any(|fault| fault == name)
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
