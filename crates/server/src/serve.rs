//! Listening, TLS and an orderly end.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;

/// Connections that may wait to be accepted: registration opens for everyone in the same second, and the
/// usual 128 makes the rest wait a second and more.
const BACKLOG: u32 = 4096;

/// How long requests that are under way may take to finish once the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Binds the address, with room for a rush.
pub fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket =
        if address.is_ipv4() { tokio::net::TcpSocket::new_v4()? } else { tokio::net::TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.set_nodelay(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

/// The most that is read from a connection at once. hyper would go up to 400 KiB for each phone that sends: memory
/// of thousands of phones that no cache holds.
const READ_BYTES: usize = 64 * 1024;

/// Answers until a signal asks it to stop, then lets what is under way finish.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    app: Router,
) -> std::io::Result<()> {
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone()));
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    if let Some(config) = tls {
        let mut server =
            axum_server::from_tcp_rustls(listener, RustlsConfig::from_config(config))?.handle(handle);
        server.http_builder().http1().max_buf_size(READ_BYTES);
        server.serve(app).await
    } else {
        let mut server = axum_server::from_tcp(listener)?.handle(handle);
        server.http_builder().http1().max_buf_size(READ_BYTES);
        server.serve(app).await
    }
}

async fn stop_on_signal(handle: Handle<SocketAddr>) {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => return tracing::error!(%error, "cannot listen for signals"),
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping: no new connections");
    handle.graceful_shutdown(Some(DRAIN));
}
