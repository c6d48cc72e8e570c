//! What somebody sends with a form.

use std::str;

use axum::body::Body;
use axum::extract::Request;
use futures_util::StreamExt as _;

use super::Stop;
use super::visit::Visit;
use crate::service::tokens::Token;

/// The largest form taken: a password of a thousand characters, each written as up to twelve.
const LARGEST: usize = 64 * 1024;
/// How much of a larger one is thrown away before it is answered: a browser that still sends would not read.
const THROWN_AWAY: usize = 8 * 1024 * 1024;

/// The fields of a form.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form that we showed to the holder of this token, or else to nobody.
    pub(super) async fn read(request: Request, visit: &Visit, holder: &Token) -> Result<Self, Stop> {
        if !visit.is_own {
            return Err(Stop::Forged);
        }
        let body = body(request.into_body()).await?;
        let form = Self(fields(&body).ok_or(Stop::Unreadable)?);
        if holder.has_form(form.field("token")) {
            Ok(form)
        } else {
            Err(Stop::Forged)
        }
    }

    /// A field, empty if it is not there.
    pub(super) fn field(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// A field.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

async fn body(body: Body) -> Result<Vec<u8>, Stop> {
    let (mut kept, mut length) = (Vec::new(), 0);
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Stop::Unreadable)?;
        length += chunk.len();
        if length <= LARGEST {
            kept.extend_from_slice(&chunk);
        } else if length > THROWN_AWAY {
            break;
        }
    }
    if length > LARGEST {
        return Err(Stop::TooLarge);
    }
    Ok(kept)
}

/// `application/x-www-form-urlencoded` (<https://url.spec.whatwg.org/#urlencoded-parsing>), but that what is no UTF-8 is
/// not guessed at.
fn fields(body: &[u8]) -> Option<Vec<(String, String)>> {
    let pairs = body.split(|c| *c == b'&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let end = pair.iter().position(|c| *c == b'=').unwrap_or(pair.len());
        Some((
            decoded(&pair[..end])?,
            decoded(pair.get(end + 1..).unwrap_or_default())?,
        ))
    });
    pairs.collect()
}

fn decoded(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, hexadecimal(after)) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).ok()
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digits = digits
        .get(..2)
        .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<Vec<(String, String)>> {
        fields(body.as_bytes())
    }

    fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
        pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec()
    }

    #[test]
    fn forms_are_read_as_browsers_write_them() {
        assert_eq!(
            read("a=b+c&d=%C3%A9%00&e"),
            Some(pairs([("a", "b c"), ("d", "é\0"), ("e", "")]))
        );
        assert_eq!(
            read("&&a=1=2&%61=%F0%9F%94%91&"),
            Some(pairs([("a", "1=2"), ("a", "🔑")]))
        );
        assert_eq!(
            read("a=100%&b=%zz&c=%4"),
            Some(pairs([("a", "100%"), ("b", "%zz"), ("c", "%4")]))
        );
        assert_eq!(read("a=%FF"), None);
        assert_eq!(read("a=%C3"), None);
        assert_eq!(read("a=%ED%A0%80"), None);
        assert_eq!(read(""), Some(pairs([])));
    }
}
