//! What Telegram says when it does not do what was asked, with its wording, since the library matches the
//! sentences letter by letter.

use serde_json::{Value, json};

/// An error body: `{"ok":false,"error_code":…,"description":…}`.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    /// The HTTP status, which the body repeats.
    pub(super) code: u16,
    description: String,
    parameters: Option<Value>,
}

impl Refusal {
    fn new(code: u16, kind: &str, detail: &str) -> Self {
        let description = if detail.is_empty() {
            kind.to_owned()
        } else {
            format!("{kind}: {detail}")
        };
        Self {
            code,
            description,
            parameters: None,
        }
    }

    pub(super) fn bad(detail: impl AsRef<str>) -> Self {
        Self::new(400, "Bad Request", detail.as_ref())
    }

    pub(super) fn forbidden(detail: &str) -> Self {
        Self::new(403, "Forbidden", detail)
    }

    pub(super) fn conflict(detail: &str) -> Self {
        Self::new(409, "Conflict", detail)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "")
    }

    pub(super) fn not_found(detail: &str) -> Self {
        Self::new(404, "Not Found", detail)
    }

    pub(super) fn too_large() -> Self {
        Self::new(413, "Request Entity Too Large", "")
    }

    /// Too many messages: come back after that many seconds.
    pub(super) fn too_many(seconds: u64) -> Self {
        Self {
            parameters: Some(json!({ "retry_after": seconds })),
            ..Self::new(429, "Too Many Requests", &format!("retry after {seconds}"))
        }
    }

    /// The group lives on under another id.
    pub(super) fn migrated(to: i64) -> Self {
        Self {
            parameters: Some(json!({ "migrate_to_chat_id": to })),
            ..Self::bad("group chat was upgraded to a supergroup chat")
        }
    }

    /// A bare status, as their front servers give when something is down.
    pub(super) fn status(code: u16) -> Self {
        let kind = match code {
            429 => return Self::too_many(1),
            500 => "Internal Server Error",
            502 => "Bad Gateway",
            503 => "Service Unavailable",
            504 => "Gateway Timeout",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            409 => "Conflict",
            _ => "Bad Request",
        };
        Self::new(code, kind, "")
    }

    pub(super) fn body(&self) -> Value {
        let mut body = json!({ "ok": false, "error_code": self.code, "description": self.description });
        if let Some(parameters) = &self.parameters {
            body["parameters"] = parameters.clone();
        }
        body
    }
}
