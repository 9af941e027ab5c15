//! HTTP/1.1 by hand over one kept connection. The load shares a machine with the server, so the client
//! does the least that is correct.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;

/// Where a server answers.
#[derive(Clone)]
pub(crate) struct Endpoint {
    /// Address and port.
    pub(crate) address: SocketAddr,
    /// Whom to trust, where it speaks TLS.
    pub(crate) tls: Option<Arc<ClientConfig>>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: u16,
    head: String,
    body: Vec<u8>,
}

/// One connection.
pub(crate) struct Connection {
    stream: Box<dyn Stream>,
    received: Vec<u8>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Connection {
    /// Connects the `number`-th phone, from a loopback address of its own: phones do not share one.
    pub(crate) async fn open(endpoint: &Endpoint, number: u32) -> Result<Self> {
        let tcp = connect(endpoint.address, number).await.context("connecting")?;
        tcp.set_nodelay(true)?;
        let stream: Box<dyn Stream> = match &endpoint.tls {
            None => Box::new(tcp),
            Some(config) => {
                let name = ServerName::IpAddress(endpoint.address.ip().into());
                Box::new(TlsConnector::from(config.clone()).connect(name, tcp).await?)
            }
        };
        Ok(Self { stream, received: Vec::with_capacity(4096) })
    }

    /// Sends a request whose head is complete, and waits for the whole answer.
    pub(crate) async fn exchange(&mut self, head: &str, body: &[u8]) -> Result<Answer> {
        let sent = self.send(head.as_bytes(), body).await;
        // A server that refuses early closes before it has read everything: its answer says why.
        match (sent, self.answer().await) {
            (_, Ok(answer)) => Ok(answer),
            (Err(error), Err(_)) => Err(error).context("sending"),
            (Ok(()), Err(error)) => Err(error).context("waiting for the answer"),
        }
    }

    /// Sends a request with an optional JSON body.
    pub(crate) async fn json(
        &mut self,
        line: &str,
        cookie: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer> {
        let body = body.map_or_else(String::new, Value::to_string);
        let cookie = cookie.map_or_else(String::new, |cookie| format!("Cookie: {cookie}\r\n"));
        let head = format!(
            "{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nYikao-Client: web\r\n{cookie}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.exchange(&head, body.as_bytes()).await
    }

    async fn send(&mut self, mut head: &[u8], mut body: &[u8]) -> std::io::Result<()> {
        // Head and the start of the body leave in one system call.
        while !head.is_empty() {
            let parts = [std::io::IoSlice::new(head), std::io::IoSlice::new(body)];
            let sent = self.stream.write_vectored(&parts).await?;
            let of_head = sent.min(head.len());
            head = &head[of_head..];
            body = &body[sent - of_head..];
        }
        self.stream.write_all(body).await?;
        self.stream.flush().await
    }

    async fn answer(&mut self) -> Result<Answer> {
        let end = loop {
            if let Some(at) = find(&self.received, b"\r\n\r\n") {
                break at + 4;
            }
            self.receive().await?;
        };
        let head = String::from_utf8_lossy(&self.received[..end]).into_owned();
        let status = head.get(9..12).and_then(|s| s.parse().ok()).context("no HTTP status")?;
        let length = header(&head, "content-length").map_or(Ok(0), str::parse::<usize>)?;
        while self.received.len() < end + length {
            self.receive().await?;
        }
        let body = self.received[end..end + length].to_vec();
        self.received.drain(..end + length);
        Ok(Answer { status, head, body })
    }

    async fn receive(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.received).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

impl Answer {
    /// A header, by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    /// The cookies that it set, as a later request sends them.
    pub(crate) fn cookies(&self) -> String {
        let set = headers(&self.head).filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let pairs = set.filter_map(|(_, cookie)| cookie.split(';').next());
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("not JSON: {}", self.text()))
    }

    /// The answer where its status is `expected`; otherwise what the server said.
    pub(crate) fn expect(self, expected: u16) -> Result<Self> {
        if self.status == expected {
            return Ok(self);
        }
        bail!("{} instead of {expected}: {}", self.status, self.text())
    }

    /// The body as text, for messages.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

async fn connect(address: SocketAddr, number: u32) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    let [_, b, c, d] = (number + 2).to_be_bytes();
    socket.bind(SocketAddr::from((Ipv4Addr::new(127, b, c, d), 0)))?;
    socket.connect(address).await
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    headers(head).find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

fn headers(head: &str) -> impl Iterator<Item = (&str, &str)> {
    head.lines().filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim()))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
