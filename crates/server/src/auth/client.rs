//! Which of our apps asks, and whether it is too old to begin something (A9). Only the ways in ask: what has begun is
//! served to its end however old the app, for a sitting keeps the version that it began with.

use std::fmt;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use yikao_domain::refusal::{Refusal, RefusalCode};

use super::actor::CLIENT_HEADER;
use crate::problem::Problem;
use crate::state::App;

/// The name under which the web apps come: `web/0.1.0`.
const WEB: &str = "web";

/// A version of the web apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Version(u32, u32, u32);

/// A request that is not from a web app older than the operator allows.
#[derive(Debug, Clone, Copy)]
pub struct RecentClient;

impl Version {
    /// The version of the web apps that this server has inside.
    pub fn own() -> Self {
        env!("CARGO_PKG_VERSION").parse().unwrap_or_default()
    }

    /// The oldest version that is let in, as an operator writes it.
    ///
    /// # Errors
    /// It is no version, or nobody could come in with the server's own apps.
    pub fn minimum(text: &str) -> Result<Self, String> {
        let minimum: Self = text.parse()?;
        let own = Self::own();
        if minimum > own {
            return Err(format!("{minimum} is newer than this server's own web apps, which are {own}"));
        }
        Ok(minimum)
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text}: write a version as 0.1.0");
        let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        match numbers.map_err(|_| wrong())?.as_slice() {
            [major, minor, patch] => Ok(Self(*major, *minor, *patch)),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// The version of the web app that asks; none for other clients. One that does not say is older than all that do.
fn version_of(headers: &HeaderMap) -> Option<Version> {
    let said = headers.get(CLIENT_HEADER)?.to_str().ok()?;
    let (name, version) = said.split_once('/').unwrap_or((said, ""));
    (name == WEB).then(|| version.parse().unwrap_or_default())
}

/// Refuses a web app that is too old.
///
/// # Errors
/// `client.too_old`.
pub fn require_recent(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let minimum = app.config.minimum_client;
    match version_of(headers) {
        Some(version) if version < minimum => {
            let refusal = Refusal::new(RefusalCode::ClientTooOld);
            Err(refusal.with("minimum", minimum.to_string()).with("version", version.to_string()).into())
        }
        _ => Ok(()),
    }
}

impl FromRequestParts<App> for RecentClient {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        require_recent(app, &parts.headers).map(|()| Self)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn came_as(said: &'static str) -> Option<Version> {
        version_of(&HeaderMap::from_iter([(CLIENT_HEADER.parse().unwrap(), HeaderValue::from_static(said))]))
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert!(Version(0, 9, 0) < Version(0, 10, 0));
        assert_eq!("1.2.3".parse(), Ok(Version(1, 2, 3)));
        for wrong in ["", "1", "1.2", "1.2.3.4", "a.b.c", "1.2.-3"] {
            assert!(wrong.parse::<Version>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_web_app_that_does_not_say_how_old_it_is_is_older_than_all_that_do() {
        assert_eq!(came_as("web/0.3.1"), Some(Version(0, 3, 1)));
        assert_eq!(came_as("web"), Some(Version(0, 0, 0)));
        assert_eq!(came_as("web/new"), Some(Version(0, 0, 0)));
        assert_eq!(came_as("curl"), None);
        assert_eq!(version_of(&HeaderMap::new()), None);
    }

    #[test]
    fn an_operator_cannot_shut_out_the_servers_own_apps() {
        assert_eq!(Version::minimum(&Version::own().to_string()), Ok(Version::own()));
        assert!(Version::minimum("99.0.0").is_err());
    }

    #[test]
    fn server_and_web_apps_have_one_version() {
        let package = include_str!("../../../../web/package.json");
        let package: serde_json::Value = serde_json::from_str(package).unwrap();
        assert_eq!(package["version"], Version::own().to_string());
    }
}
