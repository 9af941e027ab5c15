//! From where a request comes. A proxy's word on that is taken only from proxies that the operator names, and
//! from the one header that they are known to set: anything else a client could have written itself.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use crate::state::App;

/// The network of whoever asks, by which limits are counted; none where it cannot be known. It is never stored or
/// logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address(pub Option<IpAddr>);

/// Whose word on a client's address is taken.
#[derive(Debug, Clone, clap::Args)]
pub struct Proxies {
    /// Addresses or networks (`10.0.0.0/8`) of proxies whose word on a client's address is taken.
    #[arg(long, env = "YIKAO_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,
    /// The header into which they write it. It must be one that they never pass on as a client wrote it.
    #[arg(long, env = "YIKAO_CLIENT_ADDRESS_HEADER", default_value = "x-forwarded-for")]
    pub client_address_header: AddressHeader,
}

/// Addresses that begin alike, such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

/// Which header trusted proxies write the client's address into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum AddressHeader {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// No such network.
#[derive(Debug, thiserror::Error)]
#[error("an address or network is wanted, such as 10.0.0.0/8 or fd00::/8")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(ip, bits)| (ip, Some(bits)));
        let address: IpAddr = address.trim().parse().map_err(|_| NotANetwork)?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(all), str::parse).map_err(|_| NotANetwork)?;
        if prefix > all { Err(NotANetwork) } else { Ok(Self { address, prefix }) }
    }
}

impl Network {
    /// Whether an address is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.prefix
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.prefix
            }
            _ => false,
        }
    }
}

impl FromRequestParts<App> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions, &parts.headers, &app.config.proxies))
    }
}

impl Address {
    /// From where a request comes.
    pub fn of(extensions: &Extensions, headers: &HeaderMap, proxies: &Proxies) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        Self(peer.map(|peer| network(client(peer, headers, proxies))))
    }

    /// Whether it is this machine.
    pub fn is_here(self) -> bool {
        self.0.is_some_and(|address| address.is_loopback())
    }
}

/// Whoever has an IPv6 address has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        other => other,
    }
}

/// Each proxy adds the address it was asked from: from the last back to the first that is no trusted proxy.
fn client(peer: IpAddr, headers: &HeaderMap, proxies: &Proxies) -> IpAddr {
    let is_trusted = |address| proxies.trusted_proxies.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    for named in named(headers, proxies.client_address_header).into_iter().rev() {
        match named {
            Some(address) if is_trusted(client) => client = address,
            _ => break,
        }
    }
    client
}

/// The addresses in the header, in order; none where something else stands.
fn named(headers: &HeaderMap, header: AddressHeader) -> Vec<Option<IpAddr>> {
    let name = match header {
        AddressHeader::XForwardedFor => "x-forwarded-for",
        AddressHeader::Forwarded => "forwarded",
    };
    let texts = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?"));
    let entries = texts.flat_map(|text| text.split(','));
    entries
        .map(|entry| match header {
            AddressHeader::XForwardedFor => read(entry),
            AddressHeader::Forwarded => entry.split(';').find_map(for_of).and_then(read),
        })
        .collect()
}

/// What a pair of a `Forwarded` entry says the request was made for.
fn for_of(pair: &str) -> Option<&str> {
    let (name, value) = pair.split_once('=')?;
    name.trim().eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
}

/// An address with or without a port; IPv6 with a port stands in brackets.
fn read(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(bare).or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(peer: &str, header: (&'static str, &str)) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(header.0, header.1.parse().unwrap());
        let proxies = Proxies {
            trusted_proxies: ["10.0.0.0/8", "::1"].map(|text| text.parse().unwrap()).into(),
            client_address_header: match header.0 {
                "forwarded" => AddressHeader::Forwarded,
                _ => AddressHeader::XForwardedFor,
            },
        };
        client(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn a_proxys_word_is_taken_only_from_trusted_ones() {
        let named = ("x-forwarded-for", "203.0.113.9, 10.1.1.1");
        assert_eq!(asked("10.0.0.2", named), "203.0.113.9");
        assert_eq!(asked("::ffff:10.0.0.2", named), "203.0.113.9");
        assert_eq!(asked("198.51.100.4", named), "198.51.100.4", "a stranger says what it likes");
    }

    #[test]
    fn what_a_client_wrote_before_its_own_address_counts_for_nothing() {
        assert_eq!(asked("10.0.0.2", ("x-forwarded-for", "1.2.3.4, 203.0.113.9")), "203.0.113.9");
        assert_eq!(asked("10.0.0.2", ("x-forwarded-for", "203.0.113.9, nonsense")), "10.0.0.2");
        assert_eq!(asked("10.0.0.2", ("x-real-ip", "203.0.113.9")), "10.0.0.2");
    }

    #[test]
    fn the_standard_header_is_read_with_its_quotes_brackets_and_ports() {
        let named = ("forwarded", "for=1.2.3.4, proto=https;For=\"[2001:db8::7]:4711\";by=10.0.0.2");
        assert_eq!(asked("::1", named), "2001:db8::7");
        assert_eq!(asked("::1", ("forwarded", "for=unknown")), "::1");
        assert_eq!(asked("::1", ("x-forwarded-for", "203.0.113.9:5000")), "203.0.113.9");
    }

    #[test]
    fn one_who_has_a_whole_network_is_one() {
        let of = |text: &str| network(text.parse::<IpAddr>().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:aaaa::1"), of("2001:db8:1:2:bbbb::2"));
        assert_eq!((of("::1"), of("192.0.2.1")), ("::1".into(), "192.0.2.1".into()));
    }

    #[test]
    fn a_network_is_an_address_and_how_much_of_it_counts() {
        let contains = |network: &str, address: &str| {
            network.parse::<Network>().unwrap().contains(address.parse().unwrap())
        };
        assert!(contains("10.0.0.0/8", "10.255.1.1") && !contains("10.0.0.0/8", "11.0.0.1"));
        assert!(contains("0.0.0.0/0", "203.0.113.9") && contains("127.0.0.1", "127.0.0.1"));
        assert!(contains("fd00::/8", "fd12::1") && !contains("fd00::/8", "2001:db8::1"));
        assert!("10.0.0.0/33".parse::<Network>().is_err() && "home".parse::<Network>().is_err());
    }
}
