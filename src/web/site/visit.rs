//! Who asks for a page: from where, in which language, with which cookies.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::{Site, Stop};
use crate::domain::language::Language;
use crate::service::passwords::Client;
use crate::service::sessions;
use crate::service::tokens::Token;
use crate::store::sessions::Session;
use crate::web::Peer;

/// The session.
const SESSION: &str = "guichet";
/// What ties the forms of somebody who is not signed in to their browser.
const FORMS: &str = "guichet.form";
/// By what a browser is known as that of an account's owner.
const DEVICE: &str = "guichet.device";
/// The language that they chose.
const LANGUAGE: &str = "guichet.language";
/// For how long these two are kept: a year.
const YEAR_SECONDS: u32 = 31_536_000;

/// One request, as far as every page has to know it.
pub(super) struct Visit {
    /// The language to speak to them.
    pub language: Language,
    /// They have just chosen it.
    is_chosen: bool,
    /// What their browser says that their session is.
    session: Option<Token>,
    /// What ties forms to their browser while they are not signed in.
    pub forms: Token,
    is_first: bool,
    /// What their browser says it was given as that of an account's owner.
    device: Option<String>,
    /// It comes from a page of ours, as far as the browser tells.
    pub is_own: bool,
    /// The client's address.
    pub from: IpAddr,
}

impl Visit {
    pub(super) fn of(site: &Site, request: &Request) -> Self {
        let headers = request.headers();
        let cookie = |name: &str| cookie(headers, &named(site, name));
        let chosen = chosen(request.uri().query().unwrap_or_default());
        let before = || cookie(LANGUAGE)?.parse().ok();
        let forms = cookie(FORMS).and_then(Token::parse);
        Self {
            language: chosen
                .or_else(before)
                .unwrap_or_else(|| asked_for(headers).unwrap_or(site.language)),
            is_chosen: chosen.is_some(),
            session: cookie(SESSION).and_then(Token::parse),
            is_first: forms.is_none(),
            forms: forms.unwrap_or_else(Token::random),
            device: cookie(DEVICE).map(str::to_owned),
            is_own: is_own(site, headers),
            from: client(request),
        }
    }

    /// Who is signed in, and by what.
    pub(super) async fn session(&self, site: &Site) -> Result<(Session, &Token), Stop> {
        let Some(token) = &self.session else {
            return Err(Stop::SignedOut);
        };
        let session = sessions::find(&site.passwords.store, token).await?;
        Ok((session.ok_or(Stop::SignedOut)?, token))
    }

    /// What their browser says that their session is, good or not.
    pub(super) fn claimed_session(&self) -> Option<&Token> {
        self.session.as_ref()
    }

    /// Whoever tries a password here.
    pub(super) fn client(&self) -> Client<'_> {
        Client {
            address: self.from,
            device: self.device.as_deref(),
        }
    }

    /// The cookies that they don't have yet.
    pub(super) fn new_cookies(&self, site: &Site) -> Vec<HeaderValue> {
        let mut cookies = Vec::new();
        if self.is_first {
            cookies.extend(set(site, FORMS, self.forms.to_hex().expose_secret(), None));
        }
        if self.is_chosen {
            cookies.extend(set(site, LANGUAGE, self.language.code(), Some(YEAR_SECONDS)));
        }
        cookies
    }
}

/// The cookie of a session that has just begun; it ends with the browser at the latest.
pub(super) fn session_cookie(site: &Site, token: &Token) -> Option<HeaderValue> {
    let mut cookie = set(site, SESSION, token.to_hex().expose_secret(), None)?;
    cookie.set_sensitive(true);
    Some(cookie)
}

/// The cookie by which a browser is known as that of an account's owner.
pub(super) fn device_cookie(site: &Site, device: &SecretString) -> Option<HeaderValue> {
    let mut cookie = set(site, DEVICE, device.expose_secret(), Some(YEAR_SECONDS))?;
    cookie.set_sensitive(true);
    Some(cookie)
}

/// Takes the session's cookie away.
pub(super) fn no_session(site: &Site) -> Option<HeaderValue> {
    set(site, SESSION, "", Some(0))
}

/// Behind https the browser itself sees to it that no other server set it, and nobody without TLS.
fn named(site: &Site, name: &str) -> String {
    if site.is_https() {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

fn set(site: &Site, name: &str, value: &str, seconds: Option<u32>) -> Option<HeaderValue> {
    let name = named(site, name);
    let secure = if site.is_https() { "; Secure" } else { "" };
    let ends = seconds
        .map(|seconds| format!("; Max-Age={seconds}"))
        .unwrap_or_default();
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{ends}")).ok()
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The language that a link to switch names.
fn chosen(query: &str) -> Option<Language> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == "lang")?.1.parse().ok()
}

/// The language that the browser asks for: of ours, the one it prefers; English for people who read neither.
fn asked_for(headers: &HeaderMap) -> Option<Language> {
    let wanted = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Language)> = None;
    let mut others = false;
    for one in wanted.split(',') {
        let mut parts = one.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default();
        let weight = parts
            .find_map(|part| part.strip_prefix("q=")?.parse().ok())
            .unwrap_or(1.0);
        let primary = tag.split('-').next().unwrap_or_default().to_lowercase();
        match primary.parse() {
            Ok(language) if weight > best.map_or(0.0, |(most, _)| most) => best = Some((weight, language)),
            Ok(_) => {}
            Err(_) => others |= !matches!(primary.as_str(), "" | "*"),
        }
    }
    best.map(|(_, language)| language)
        .or_else(|| others.then_some(Language::En))
}

/// Whether a request comes from a page of ours. Browsers say `null` for the origin where no referrer is told; what they
/// say themselves of where it comes from is then all there is, and a form's own word has to do for the oldest.
fn is_own(site: &Site, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let is_near = text("Sec-Fetch-Site").is_none_or(|from| matches!(from, "same-origin" | "none"));
    is_near && text(ORIGIN.as_str()).is_none_or(|origin| origin == "null" || is_ours(site, headers, origin))
}

fn is_ours(site: &Site, headers: &HeaderMap, origin: &str) -> bool {
    if let Some(url) = &site.public_url {
        return url.origin().ascii_serialization() == origin;
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| origin.strip_prefix("http://") == Some(host))
}

/// The client's address. What a client says of itself is believed of no one but a proxy on this very machine, which
/// names at the end whom it speaks for.
fn client(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.to_canonical());
    if !peer.is_loopback() {
        return peer;
    }
    let named = request.headers().get_all("X-Forwarded-For").into_iter().next_back();
    let last = named.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    last.unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(header: &'static str) -> Option<Language> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(header));
        asked_for(&headers)
    }

    #[test]
    fn the_language_is_the_one_of_ours_that_they_prefer() {
        for (header, wanted) in [
            ("fr-FR,fr;q=0.9,en;q=0.8", Some(Language::Fr)),
            ("en-GB,en;q=0.9,fr;q=0.8", Some(Language::En)),
            ("fr;q=0.3, EN;q=0.5", Some(Language::En)),
            ("de,fr;q=0.2", Some(Language::Fr)),
            ("de", Some(Language::En)),
            ("fr;q=0,en;q=0", None),
            ("*", None),
            (";;;q=x,,", None),
        ] {
            assert_eq!(asked(header), wanted, "{header}");
        }
    }

    #[test]
    fn only_a_proxy_on_this_machine_says_for_whom_it_speaks() {
        for (peer, forwarded, wanted) in [
            ("127.0.0.1", None, "127.0.0.1"),
            ("127.0.0.1", Some("6.6.6.6, 192.0.2.7"), "192.0.2.7"),
            ("127.0.0.1", Some("nonsense"), "127.0.0.1"),
            ("::1", Some("2001:db8::7"), "2001:db8::7"),
            ("192.0.2.9", Some("192.0.2.7"), "192.0.2.9"),
        ] {
            let mut request = Request::new(axum::body::Body::empty());
            request.extensions_mut().insert(Peer(peer.parse().unwrap()));
            if let Some(forwarded) = forwarded {
                request
                    .headers_mut()
                    .insert("X-Forwarded-For", HeaderValue::from_static(forwarded));
            }
            assert_eq!(
                client(&request),
                wanted.parse::<IpAddr>().unwrap(),
                "{peer} {forwarded:?}"
            );
        }
    }
}
