//! From what is written to what is meant. Whatever passes here needs no check later.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use chrono_tz::Tz;
use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, Visitor};
use tracing::level_filters::LevelFilter;
use url::Url;

use crate::domain::account::Registration;
use crate::domain::mailbox::Mailbox;

/// A secret; empty means that it is not set.
pub(super) fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    let secret = SecretString::from(String::deserialize(from)?.trim());
    Ok(Some(secret).filter(|secret| !secret.expose_secret().is_empty()))
}

/// The addresses of a database: one for each server that is named, in order. Secrets, for the password in them.
pub(super) fn database_url<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SecretString>, D::Error> {
    let Some(secret) = secret(from)? else {
        return Ok(Vec::new());
    };
    let addresses = each_server(secret.expose_secret());
    for address in &addresses {
        let url = Url::parse(address).map_err(|error| D::Error::custom(format!("is not an address: {error}")))?;
        if !matches!(url.scheme(), "mysql" | "mariadb") {
            return Err(D::Error::custom("must begin with mysql:// or mariadb://"));
        }
        if addresses.len() > 1 && url.host_str().is_none_or(str::is_empty) {
            return Err(D::Error::custom("names no server between two commas"));
        }
        if url.path().trim_start_matches('/').is_empty() {
            return Err(D::Error::custom(
                "must end with the database's name, as in mysql://user:password@host/guichet",
            ));
        }
    }
    Ok(addresses.into_iter().map(SecretString::from).collect())
}

/// `mysql://user:password@one:3306,two/guichet` names two servers; all else is the same for both.
fn each_server(address: &str) -> Vec<String> {
    let before = address.find("://").map_or(0, |at| at + 3);
    let end = address[before..]
        .find(['/', '?'])
        .map_or(address.len(), |at| before + at);
    let servers = address[before..end].rfind('@').map_or(before, |at| before + at + 1);
    let (head, tail) = (&address[..servers], &address[end..]);
    let each = address[servers..end].split(',');
    each.map(|server| format!("{head}{server}{tail}")).collect()
}

/// The address of an HTTP service.
pub(super) fn web_address<'de, D: Deserializer<'de>>(from: D) -> Result<Url, D::Error> {
    http_url(&String::deserialize(from)?)
}

fn http_url<E: Error>(text: &str) -> Result<Url, E> {
    let url = Url::parse(text).map_err(|error| E::custom(format!("is not an address: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(E::custom("must begin with https:// or http://"));
    }
    Ok(url)
}

/// The address under which others reach us; empty means that it is not set.
pub(super) fn public_address<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
    let text = String::deserialize(from)?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let url: Url = http_url(text.trim())?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(D::Error::custom("must end with the host or a path"));
    }
    Ok(Some(url))
}

/// An address and a port to listen on; empty means that it is not set.
pub(super) fn socket_address<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(from)?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let address = text.trim().parse().map(Some);
    address.map_err(|_| D::Error::custom("must be an address and a port, as in 127.0.0.1:8080 or [::1]:8080"))
}

/// How accounts are made; empty means that it is not set.
pub(super) fn registration<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Registration>, D::Error> {
    let text = String::deserialize(from)?;
    if text.is_empty() {
        return Ok(None);
    }
    Registration::deserialize(text.into_deserializer()).map(Some)
}

/// Whom letters are from; empty means that it is not set.
pub(super) fn mailbox<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Mailbox>, D::Error> {
    let text = String::deserialize(from)?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(D::Error::custom)
}

/// A time zone by its name in the tz database.
pub(super) fn timezone<'de, D: Deserializer<'de>>(from: D) -> Result<Tz, D::Error> {
    named(from, "not a time zone; it must be a name like Europe/Paris or UTC")
}

/// A log level.
pub(super) fn level<'de, D: Deserializer<'de>>(from: D) -> Result<LevelFilter, D::Error> {
    named(
        from,
        "not a log level; it must be one of: error, warn, info, debug, trace",
    )
}

fn named<'de, D: Deserializer<'de>, T: FromStr>(from: D, problem: &str) -> Result<T, D::Error> {
    let name = String::deserialize(from)?;
    name.parse()
        .map_err(|_| D::Error::custom(format!("is \"{name}\", {problem}")))
}

/// A chat's number; between quotes too, since Discord's are longer than what some editors keep of a number.
pub(super) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    from.deserialize_any(Number)
}

struct Number;

impl Visitor<'_> for Number {
    type Value = i64;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a whole number")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
        i64::try_from(number).map_err(|_| E::custom("is too large"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<i64, E> {
        text.trim().parse().map_err(|_| E::custom("must be a whole number"))
    }
}
