//! A local S3 server for tests: `s3s-fs`, found through `S3S_FS` or the path.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStore;
use tempfile::TempDir;

use crate::s3::{self, S3Config};

pub(crate) struct S3 {
    pub(crate) store: Arc<dyn ObjectStore>,
    server: Child,
    _dir: TempDir,
}

impl S3 {
    pub(crate) async fn start() -> Self {
        let dir = TempDir::new().unwrap();
        std::fs::create_dir(dir.path().join("footage")).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let program = std::env::var_os("S3S_FS").map_or_else(|| PathBuf::from("s3s-fs"), PathBuf::from);
        let server = Command::new(&program)
            .args(["--access-key", "key", "--secret-key", "secret", "--host", "127.0.0.1", "--port"])
            .arg(port.to_string())
            .arg(dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let server = server.unwrap_or_else(|error| {
            panic!(
                "tests need s3s-fs (cargo install s3s-fs; S3S_FS names it): {}: {error}",
                program.display()
            )
        });
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let config = S3Config {
            endpoint: format!("http://127.0.0.1:{port}"),
            bucket: "footage".into(),
            region: "us-east-1".into(),
            access_key: "key".into(),
            secret_key: "secret".into(),
            virtual_hosted: false,
        };
        Self { store: s3::open(&config).unwrap(), server, _dir: dir }
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
