//! The parameters of a request, from JSON, a form or the query, read with the types that the Bot API gives them.
//!
//! Telegram itself reads a number where it wants a string and the other way round; we do not, since a client
//! library that mixes them up has a bug worth knowing about.

use std::collections::HashMap;

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::header::CONTENT_TYPE,
};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// The most that Telegram takes in one upload, with some room for what is around the file.
const LARGEST: usize = 50 * 1024 * 1024 + 64 * 1024;

/// Parameters whose value stays a string even when it looks like a number or JSON.
const TEXTS: [&str; 21] = [
    "text",
    "caption",
    "name",
    "title",
    "description",
    "short_description",
    "parse_mode",
    "url",
    "action",
    "callback_query_id",
    "secret_token",
    "language_code",
    "file_id",
    "photo",
    "document",
    "voice",
    "icon_custom_emoji_id",
    "message_effect_id",
    "business_connection_id",
    "inline_message_id",
    "ip_address",
];

/// A file of a form.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) bytes: Bytes,
}

/// What a request asks for.
#[derive(Debug, Default)]
pub(super) struct Params {
    pub(super) values: Map<String, Value>,
    pub(super) files: HashMap<String, Part>,
}

impl Params {
    /// Reads query and body.
    pub(super) async fn read(request: Request) -> Result<Self, Refusal> {
        let mut params = Self::default();
        if let Some(query) = request.uri().query() {
            params.form(query.as_bytes());
        }
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        if kind.starts_with("multipart/form-data") {
            params.multipart(request).await?;
            return Ok(params);
        }
        let body = axum::body::to_bytes(request.into_body(), LARGEST)
            .await
            .map_err(|_| Refusal::too_large())?;
        if kind.starts_with("application/json") {
            match serde_json::from_slice(&body) {
                Ok(Value::Object(object)) => params.values.extend(object),
                _ if body.is_empty() => {}
                _ => return Err(Refusal::bad("can't parse JSON object")),
            }
        } else {
            params.form(&body);
        }
        Ok(params)
    }

    fn form(&mut self, encoded: &[u8]) {
        for (name, value) in url::form_urlencoded::parse(encoded) {
            self.plain(&name, value.into_owned());
        }
    }

    fn plain(&mut self, name: &str, value: String) {
        let read = if TEXTS.contains(&name) {
            None
        } else {
            serde_json::from_str(&value).ok()
        };
        self.values
            .insert(name.to_owned(), read.unwrap_or(Value::String(value)));
    }

    async fn multipart(&mut self, request: Request) -> Result<(), Refusal> {
        let broken = || Refusal::bad("can't parse multipart form data");
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        let mut total = 0;
        while let Some(field) = form.next_field().await.map_err(|_| broken())? {
            let name = field.name().unwrap_or_default().to_owned();
            let file = field.file_name().map(str::to_owned);
            let media_type = field.content_type().map(str::to_owned);
            let bytes = field.bytes().await.map_err(|_| broken())?;
            total += bytes.len();
            if total > LARGEST {
                return Err(Refusal::too_large());
            }
            if file.is_none() && media_type.is_none() {
                let value =
                    String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::bad("strings must be encoded in UTF-8"))?;
                self.plain(&name, value);
                continue;
            }
            // A file sent under the parameter's own name is the same as one attached under another.
            self.values
                .entry(&name)
                .or_insert_with(|| Value::String(format!("attach://{name}")));
            let part = Part {
                name: file.filter(|f| !f.is_empty()).unwrap_or_else(|| "file".to_owned()),
                media_type: media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
                bytes,
            };
            self.files.insert(name, part);
        }
        // Parts that only hold an attached file are no parameters of the method.
        let attached: Vec<String> = self.attached();
        self.values.retain(|name, value| {
            value.as_str() != Some(&format!("attach://{name}")) || !attached.iter().any(|part| part == name)
        });
        Ok(())
    }

    /// The names of parts that another parameter points at.
    fn attached(&self) -> Vec<String> {
        let everything: Vec<(&String, String)> = self.values.iter().map(|(k, v)| (k, v.to_string())).collect();
        self.files
            .keys()
            .filter(|part| {
                let link = format!("attach://{part}");
                everything
                    .iter()
                    .any(|(name, value)| name != part && value.contains(&link))
            })
            .cloned()
            .collect()
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|v| !v.is_null())
    }

    /// A string.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(s)) => Ok(Some(s)),
            Some(_) => Err(wrong(name, "String")),
        }
    }

    /// A whole number.
    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or_else(|| wrong(name, "Integer")),
        }
    }

    /// A whole number that has to be there.
    pub(super) fn id(&self, name: &str) -> Result<i64, Refusal> {
        self.integer(name)?
            .ok_or_else(|| Refusal::bad(format!("parameter \"{name}\" is required")))
    }

    /// True or false; false when absent.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.get(name) {
            None => Ok(false),
            Some(value) => value.as_bool().ok_or_else(|| wrong(name, "Boolean")),
        }
    }

    /// An array, or a string that holds one as JSON.
    pub(super) fn array(&self, name: &str) -> Result<Option<Vec<Value>>, Refusal> {
        match self.json(name)? {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(_) => Err(wrong(name, "Array")),
        }
    }

    /// An object, or a string that holds one as JSON.
    pub(super) fn object(&self, name: &str) -> Result<Option<Map<String, Value>>, Refusal> {
        match self.json(name)? {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(object)),
            Some(_) => Err(wrong(name, "Object")),
        }
    }

    fn json(&self, name: &str) -> Result<Option<Value>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(held)) if held.is_empty() => Ok(None),
            Some(Value::String(held)) => serde_json::from_str(held)
                .map(Some)
                .map_err(|_| Refusal::bad(format!("can't parse {name} JSON object"))),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// A chat's id, as a number or in digits. Nobody here has a public `@name`.
    pub(super) fn chat(&self, name: &str) -> Result<i64, Refusal> {
        match self.get(name) {
            None => Err(Refusal::bad(format!("{name} is empty"))),
            Some(Value::String(s)) => s.parse().map_err(|_| Refusal::bad("chat not found")),
            Some(value) => value.as_i64().ok_or_else(|| wrong(name, "Integer or String")),
        }
    }
}

fn wrong(name: &str, wanted: &str) -> Refusal {
    Refusal::bad(format!("can't parse parameter \"{name}\": expected {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::Params;

    #[test]
    fn a_form_keeps_texts_and_reads_the_rest() {
        let mut params = Params::default();
        params.form(b"text=12&chat_id=-5&disable_notification=true");
        assert_eq!(params.text("text").unwrap(), Some("12"));
        assert_eq!(params.chat("chat_id").unwrap(), -5);
        assert!(params.flag("disable_notification").unwrap());
        assert!(params.integer("text").is_err());
    }
}
