//! What Discord answers when it refuses.

use serde_json::{Map, Value, json};

/// A refused request: its HTTP status and Discord's error JSON.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Refusal {
    pub(super) fn new(status: u16, code: u32, message: &str) -> Self {
        Self {
            status,
            body: json!({"message": message, "code": code}),
        }
    }

    /// The same about the `data` of a request.
    pub(super) fn in_data(mut self) -> Self {
        let errors = self.body["errors"].take();
        if errors.is_null() {
            return Self {
                body: json!({"message": self.body["message"], "code": self.body["code"]}),
                ..self
            };
        }
        self.body["errors"] = json!({"data": errors});
        self
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, 0, "404: Not Found")
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(405, 0, "405: Method Not Allowed")
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(401, 0, "401: Unauthorized")
    }

    pub(super) fn not_json() -> Self {
        Self::new(400, 50109, "The request body contains invalid JSON.")
    }

    pub(super) fn too_large() -> Self {
        Self::new(413, 40005, "Request entity too large")
    }

    pub(super) fn unknown_application() -> Self {
        Self::new(404, 10002, "Unknown Application")
    }

    pub(super) fn unknown_channel() -> Self {
        Self::new(404, 10003, "Unknown Channel")
    }

    pub(super) fn unknown_guild() -> Self {
        Self::new(404, 10004, "Unknown Guild")
    }

    pub(super) fn unknown_member() -> Self {
        Self::new(404, 10007, "Unknown Member")
    }

    pub(super) fn unknown_message() -> Self {
        Self::new(404, 10008, "Unknown Message")
    }

    pub(super) fn unknown_user() -> Self {
        Self::new(404, 10013, "Unknown User")
    }

    pub(super) fn unknown_emoji() -> Self {
        Self::new(400, 10014, "Unknown Emoji")
    }

    pub(super) fn unknown_webhook() -> Self {
        Self::new(404, 10015, "Unknown Webhook")
    }

    pub(super) fn unknown_interaction() -> Self {
        Self::new(404, 10062, "Unknown interaction")
    }

    pub(super) fn unknown_command() -> Self {
        Self::new(404, 10063, "Unknown application command")
    }

    pub(super) fn already_acknowledged() -> Self {
        Self::new(400, 40060, "Interaction has already been acknowledged.")
    }

    pub(super) fn missing_access() -> Self {
        Self::new(403, 50001, "Missing Access")
    }

    pub(super) fn not_their_message() -> Self {
        Self::new(403, 50005, "Cannot edit a message authored by another user")
    }

    pub(super) fn empty_message() -> Self {
        Self::new(400, 50006, "Cannot send an empty message")
    }

    pub(super) fn closed_dms() -> Self {
        Self::new(403, 50007, "Cannot send messages to this user")
    }

    pub(super) fn no_common_guild() -> Self {
        Self::new(
            403,
            50278,
            "Cannot send messages to this user due to having no mutual guilds",
        )
    }

    pub(super) fn missing_permissions() -> Self {
        Self::new(403, 50013, "Missing Permissions")
    }

    pub(super) fn wrong_channel_type() -> Self {
        Self::new(400, 50024, "Cannot execute action on this channel type")
    }

    pub(super) fn expired_token() -> Self {
        Self::new(401, 50027, "Invalid Webhook Token")
    }

    pub(super) fn archived() -> Self {
        Self::new(400, 50083, "Thread is archived")
    }

    pub(super) fn needs_tag() -> Self {
        Self::new(400, 40067, "A tag is required to create a forum post in this channel")
    }

    pub(super) fn has_thread() -> Self {
        Self::new(400, 160_004, "A thread has already been created for this message")
    }
}

/// The errors found in a request body, by dotted path.
#[derive(Debug, Default)]
pub(super) struct Errors(Map<String, Value>);

impl Errors {
    pub(super) fn add(&mut self, path: &str, code: &str, message: &str) {
        let mut at = &mut self.0;
        for part in path.split('.') {
            let entry = at.entry(part).or_insert_with(|| json!({}));
            if !entry.is_object() {
                *entry = json!({});
            }
            let Value::Object(inner) = entry else { return };
            at = inner;
        }
        let list = at.entry("_errors").or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(json!({"code": code, "message": message}));
        }
    }

    pub(super) fn required(&mut self, path: &str) {
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required");
    }

    pub(super) fn choice(&mut self, path: &str, choices: &str) {
        self.add(path, "BASE_TYPE_CHOICES", &format!("Value must be one of {choices}."));
    }

    /// The text at `path`, when it is there; too long, too short or not a text is an error.
    pub(super) fn text<'a>(&mut self, path: &str, value: &'a Value, least: usize, most: usize) -> Option<&'a str> {
        match value {
            Value::Null => None,
            Value::String(text) => {
                let length = text.chars().count();
                if length > most {
                    let message = format!("Must be {most} or fewer in length.");
                    self.add(path, "BASE_TYPE_MAX_LENGTH", &message);
                } else if length < least && length == 0 {
                    self.required(path);
                } else if length < least {
                    let message = format!("Must be between {least} and {most} in length.");
                    self.add(path, "BASE_TYPE_BAD_LENGTH", &message);
                }
                Some(text)
            }
            _ => {
                self.add(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
                None
            }
        }
    }

    /// The same, and its absence is an error too.
    pub(super) fn required_text(&mut self, path: &str, value: &Value, least: usize, most: usize) {
        if value.is_null() {
            self.required(path);
        }
        self.text(path, value, least, most);
    }

    /// The list at `path`; nothing when absent.
    pub(super) fn list<'a>(&mut self, path: &str, value: &'a Value, most: usize) -> &'a [Value] {
        match value {
            Value::Null => &[],
            Value::Array(list) => {
                if list.len() > most {
                    let message = format!("Must be {most} or fewer in length.");
                    self.add(path, "BASE_TYPE_MAX_LENGTH", &message);
                }
                list
            }
            _ => {
                self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
                &[]
            }
        }
    }

    pub(super) fn refuse_if_any(self) -> Result<(), Refusal> {
        if self.0.is_empty() {
            return Ok(());
        }
        let body = json!({"code": 50035, "message": "Invalid Form Body", "errors": self.0});
        Err(Refusal { status: 400, body })
    }
}
