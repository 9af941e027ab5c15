//! Phones and computers: known again by a cookie of their own, and named so that people recognise them.

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::id::DeviceId;

use crate::base64url;
use crate::keyring::{KeyError, random, token_hash};

/// The cookie by which a device is known again after somebody signed out, or somebody else in.
const COOKIE: &str = "yikao_device";

/// A device that somebody signs in on.
#[derive(Debug)]
pub struct Device {
    /// What it is known by. It follows from the cookie, which nobody else sees.
    pub id: DeviceId,
    /// What it calls itself.
    pub user_agent: String,
    /// The cookie, to be set again so that it lasts.
    pub cookie: Cookie<'static>,
}

impl Device {
    /// The device that sent these cookies, or a new one.
    ///
    /// # Errors
    /// Where there is no randomness.
    pub fn of(
        jar: &CookieJar,
        user_agent: Option<&axum::http::HeaderValue>,
        secure: bool,
    ) -> Result<Self, KeyError> {
        let known = jar.get(COOKIE).map(|cookie| cookie.value().to_owned()).filter(|value| value.len() == 43);
        let token = match known {
            Some(token) => token,
            None => base64url::encode(&random::<32>()?),
        };
        let user_agent = user_agent.and_then(|value| value.to_str().ok()).unwrap_or("unknown");
        Ok(Self {
            id: id_of(&token),
            user_agent: user_agent.chars().take(200).collect(),
            cookie: cookie(token, secure),
        })
    }
}

fn id_of(token: &str) -> DeviceId {
    let hash = token_hash(&format!("device:{token}"));
    let number = u128::from_str_radix(&hash[..32], 16).unwrap_or_default();
    DeviceId::from_uuid(uuid::Builder::from_custom_bytes(number.to_be_bytes()).into_uuid())
}

fn cookie(token: String, secure: bool) -> Cookie<'static> {
    Cookie::build((COOKIE, token))
        .path("/api")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .permanent()
        .build()
}

/// What kind of device it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// A phone.
    Phone,
    /// A tablet.
    Tablet,
    /// A computer.
    Computer,
    /// It does not say.
    Unknown,
}

/// What kind of device calls itself so, and its name: `Pixel 8 · Android 14 · Chrome`.
pub fn name(user_agent: &str) -> (DeviceKind, String) {
    let (kind, system) = system(user_agent);
    let parts = [model(user_agent), system, browser(user_agent).map(str::to_owned)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (kind, parts.join(" · "))
}

fn system(agent: &str) -> (DeviceKind, Option<String>) {
    let has = |word: &str| agent.contains(word);
    let ios = || version(agent, " OS ").map(|number| number.replace('_', "."));
    let named = |name: &str, number: Option<String>| {
        Some([name, &number.unwrap_or_default()].join(" ").trim().to_owned())
    };
    if has("iPhone") {
        (DeviceKind::Phone, named("iPhone · iOS", ios()))
    } else if has("iPad") {
        (DeviceKind::Tablet, named("iPad · iPadOS", ios()))
    } else if has("OpenHarmony") || has("HarmonyOS") {
        let kind = if has("Mobile") || has("Phone") { DeviceKind::Phone } else { DeviceKind::Tablet };
        (kind, named("HarmonyOS", version(agent, "HarmonyOS ")))
    } else if has("Android") {
        let kind = if has("Mobile") { DeviceKind::Phone } else { DeviceKind::Tablet };
        (kind, named("Android", version(agent, "Android ")))
    } else if has("Windows") {
        (DeviceKind::Computer, named("Windows", None))
    } else if has("Mac OS X") {
        (DeviceKind::Computer, named("macOS", None))
    } else if has("Linux") {
        (DeviceKind::Computer, named("Linux", None))
    } else {
        (DeviceKind::Unknown, None)
    }
}

/// The model, where the browser tells: `(Linux; Android 14; Pixel 8)`. Browsers that hide it say `K`.
fn model(agent: &str) -> Option<String> {
    let inside = agent.split_once('(')?.1.split_once(')')?.0;
    let mut parts = inside.split(';').map(str::trim).skip_while(|part| !part.starts_with("Android"));
    let model = parts.nth(1)?.split(" Build/").next()?.trim();
    let tells = model.len() > 1 && !model.starts_with("wv") && !model.starts_with("rv:");
    tells.then(|| model.chars().take(40).collect())
}

fn browser(agent: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 11] = [
        ("MicroMessenger", "WeChat"),
        ("HuaweiBrowser", "Huawei Browser"),
        ("MiuiBrowser", "Mi Browser"),
        ("VivoBrowser", "vivo Browser"),
        ("HeyTapBrowser", "OPPO Browser"),
        ("MQQBrowser", "QQ Browser"),
        ("EdgA", "Edge"),
        ("Edg/", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    KNOWN.into_iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| name)
}

/// The number behind a word.
fn version(agent: &str, word: &str) -> Option<String> {
    let rest = agent.split_once(word)?.1;
    let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.' || *c == '_').collect();
    (!number.is_empty()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named_so_that_people_recognise_them() {
        let pixel = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36";
        assert_eq!(name(pixel), (DeviceKind::Phone, "Pixel 8 · Android 14 · Chrome".into()));
        let hidden =
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36";
        assert_eq!(name(hidden), (DeviceKind::Phone, "Android 10 · Chrome".into()));
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605 Version/17.4 Mobile Safari/604.1";
        assert_eq!(name(iphone), (DeviceKind::Phone, "iPhone · iOS 17.4 · Safari".into()));
        let computer = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(name(computer), (DeviceKind::Computer, "Windows · Edge".into()));
        assert_eq!(name("curl/8.0"), (DeviceKind::Unknown, String::new()));
    }

    #[test]
    fn a_device_is_known_again_by_its_cookie_and_not_by_its_id() {
        let first = Device::of(&CookieJar::new(), None, true).unwrap();
        let jar = CookieJar::new().add(first.cookie.clone());
        assert_eq!(Device::of(&jar, None, true).unwrap().id, first.id);
        let guess = CookieJar::new().add(Cookie::new(COOKIE, first.id.to_string()));
        assert_ne!(Device::of(&guess, None, true).unwrap().id, first.id);
    }
}
