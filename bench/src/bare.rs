//! The bare server that the segment path is held against: it does the unavoidable work (receive, hash,
//! append, sync) and nothing else — no identity, no state, no index.
//!
//! `PUT /parts/{part}/segments/{index}` appends the body to a file of the part and answers 204 after
//! `fdatasync`.

use std::collections::HashMap;
use std::fs::File;
use std::net::SocketAddr;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path as Named, State};
use axum::http::StatusCode;
use axum::routing::put;
use axum::serve::ListenerExt;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig, from_tcp_rustls};
use futures_util::StreamExt;
use ring::digest;

use crate::options;
use crate::tls;

/// As many connections may wait to be accepted: a default backlog of 128 delays phones that come together.
const BACKLOG: u32 = 4096;

/// Serves until it is killed.
pub(crate) async fn serve(options: &options::Bare) -> Result<()> {
    let app = Router::new()
        .route("/parts/{part}/segments/{index}", put(put_segment))
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::new(Bare { dir: options.dir.clone(), parts: Mutex::default() }));
    let listener = listen(SocketAddr::from(([127, 0, 0, 1], options.port)))?;
    if let (Some(certificate), Some(key)) = (&options.certificate, &options.key) {
        let config = RustlsConfig::from_config(tls::server_config(certificate, key)?);
        from_tcp_rustls(listener.into_std()?, config.clone())?
            .acceptor(RustlsAcceptor::new(config).acceptor(NoDelayAcceptor::new()))
            .serve(app.into_make_service())
            .await?;
        return Ok(());
    }
    let listener = listener.tap_io(|tcp| {
        // Without it answers wait for the next packet; a socket that refuses is only slower.
        let _ = tcp.set_nodelay(true);
    });
    axum::serve(listener, app).await?;
    Ok(())
}

fn listen(address: SocketAddr) -> Result<tokio::net::TcpListener> {
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket.listen(BACKLOG)?)
}

struct Bare {
    dir: PathBuf,
    parts: Mutex<HashMap<String, Arc<Part>>>,
}

struct Part {
    file: File,
    end: AtomicU64,
}

impl Bare {
    fn part(&self, name: &str) -> std::io::Result<Arc<Part>> {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = parts.get(name) {
            return Ok(part.clone());
        }
        let part = Arc::new(Part::create(&self.dir.join(name))?);
        parts.insert(name.to_owned(), part.clone());
        Ok(part)
    }
}

impl Part {
    fn create(path: &Path) -> std::io::Result<Self> {
        Ok(Self { file: File::create(path)?, end: AtomicU64::new(0) })
    }

    fn append(&self, bytes: &[u8]) -> std::io::Result<()> {
        let length = u64::try_from(bytes.len()).map_err(std::io::Error::other)?;
        self.file.write_all_at(bytes, self.end.fetch_add(length, Ordering::Relaxed))
    }
}

async fn put_segment(
    State(bare): State<Arc<Bare>>,
    Named((part, _index)): Named<(String, u64)>,
    body: Body,
) -> StatusCode {
    match store(&bare, &part, body).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn store(bare: &Bare, part: &str, body: Body) -> Result<()> {
    let part = bare.part(part)?;
    let mut hash = digest::Context::new(&digest::SHA256);
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        hash.update(&chunk);
        part.append(&chunk)?;
    }
    std::hint::black_box(hash.finish());
    tokio::task::spawn_blocking(move || part.file.sync_data()).await??;
    Ok(())
}
