//! Requests to Discord against its description of its HTTP API.

use std::sync::LazyLock;

use guichet::sandbox::discord::Recorded;
use serde_json::{Map, Value};

use super::schema::Schemas;
use super::{Skipped, Specification, Violation, read};

static SPECIFICATION: Specification = LazyLock::new(|| read("discord-openapi.json"));

/// What in these requests is against Discord's API, a line each.
///
/// # Errors
/// [`Skipped`] when the specification is not here.
pub fn check_discord(requests: &[Recorded]) -> Result<Vec<String>, Skipped> {
    let api = Api(SPECIFICATION.as_ref().ok_or(Skipped)?);
    let lines = requests.iter().flat_map(|request| {
        let violations = api.request(request).into_iter();
        violations.map(|violation| format!("{} {}: {violation}", request.method, name(request)))
    });
    Ok(lines.collect())
}

fn name(request: &Recorded) -> &str {
    request.template.as_deref().unwrap_or(&request.path)
}

struct Api<'a>(&'a Value);

impl Api<'_> {
    fn request(&self, request: &Recorded) -> Vec<Violation> {
        let paths = self.0["paths"].as_object();
        let Some(path) = paths.and_then(|paths| path_of(paths, request)) else {
            return vec![Violation::new("", "there is no such path")];
        };
        let Some(operation) = path.get(request.method.to_lowercase()) else {
            return vec![Violation::new("", "there is no such method of this path")];
        };
        let mut violations = query(path, operation, &request.query);
        violations.extend(self.body(operation, request));
        violations
    }

    fn body(&self, operation: &Value, request: &Recorded) -> Vec<Violation> {
        let described = &operation["requestBody"];
        let Some(body) = &request.body else {
            let missing = described["required"] == true;
            let complaint = || Violation::new("", "its body is missing");
            return if missing { vec![complaint()] } else { Vec::new() };
        };
        let kind = if request.files.is_empty() {
            "application/json"
        } else {
            "multipart/form-data"
        };
        match described["content"][kind].get("schema") {
            Some(schema) => Schemas(self.0).check(schema, body, ""),
            // A client library may send `{}` where nothing is to be sent.
            None if body.as_object().is_some_and(Map::is_empty) => Vec::new(),
            None => vec![Violation::new("", format!("takes no body of {kind}"))],
        }
    }
}

/// The description of a request's path; of several that fit, the one with the fewest variables.
fn path_of<'a>(paths: &'a Map<String, Value>, request: &Recorded) -> Option<&'a Value> {
    if let Some(template) = &request.template {
        return paths.get(template);
    }
    let fits = |template: &&String| {
        let (wanted, given): (Vec<_>, Vec<_>) = (template.split('/').collect(), request.path.split('/').collect());
        let mut pairs = wanted.iter().zip(&given);
        wanted.len() == given.len() && pairs.all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
    };
    let best = paths
        .keys()
        .filter(fits)
        .min_by_key(|template| template.matches('{').count())?;
    paths.get(best)
}

fn query(path: &Value, operation: &Value, query: &str) -> Vec<Violation> {
    let described = [path, operation]
        .into_iter()
        .filter_map(|part| part["parameters"].as_array());
    let described: Vec<_> = described
        .flatten()
        .filter(|parameter| parameter["in"] == "query")
        .collect();
    let named: Vec<_> = query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| part.split('=').next().unwrap_or_default())
        .collect();
    let unknown = named
        .iter()
        .filter(|name| !described.iter().any(|parameter| parameter["name"] == **name));
    let mut violations: Vec<_> = unknown
        .map(|name| Violation::new(&format!("?{name}"), "is unknown here"))
        .collect();
    for parameter in described.iter().filter(|parameter| parameter["required"] == true) {
        let name = parameter["name"].as_str().unwrap_or_default();
        if !named.contains(&name) {
            violations.push(Violation::new(&format!("?{name}"), "is required"));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::specs::{check_discord, found};

    const MESSAGES: &str = "/channels/{channel_id}/messages";
    const CALLBACK: &str = "/interactions/{interaction_id}/{interaction_token}/callback";

    fn request(method: &str, template: &str, body: Value) -> Recorded {
        Recorded {
            method: method.to_owned(),
            template: Some(template.to_owned()),
            path: String::new(),
            query: String::new(),
            body: (!body.is_null()).then_some(body),
            files: Vec::new(),
            status: 200,
        }
    }

    fn check(request: Recorded) -> Option<Vec<String>> {
        found(check_discord(&[request]))
    }

    fn row(label: &str) -> Value {
        json!([{"type": 1, "components": [{"type": 2, "style": 1, "label": label, "custom_id": "take:1"}]}])
    }

    fn modal(title: &str) -> Value {
        let input = json!({"type": 4, "custom_id": "body", "style": 2, "max_length": 4000});
        let fields = json!([{"type": 18, "label": "Message", "component": input}]);
        json!({"type": 9, "data": {"custom_id": "note:1", "title": title, "components": fields}})
    }

    #[test]
    fn good_requests_to_discord_pass() {
        let message = json!({
            "content": "Bonjour", "components": row("Prendre"), "nonce": "o1", "enforce_nonce": true,
            "allowed_mentions": {"parse": []}, "message_reference": {"message_id": "12"}, "embeds": null,
        });
        let mut with_file = request(
            "POST",
            MESSAGES,
            json!({"attachments": [{"id": "0", "filename": "a.png"}]}),
        );
        with_file.files.push("a.png".to_owned());
        let mut by_path = request("GET", "", Value::Null);
        (by_path.template, by_path.path) = (None, "/channels/12/messages".to_owned());
        by_path.query = "after=5&limit=100".to_owned();
        for request in [
            request("GET", "/gateway/bot", Value::Null),
            request("POST", MESSAGES, message),
            request(
                "POST",
                CALLBACK,
                json!({"type": 4, "data": {"content": "Voilà", "flags": 64}}),
            ),
            request("POST", CALLBACK, modal("Note interne sur le n° 1")),
            request(
                "PUT",
                "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
                json!({}),
            ),
            with_file,
            by_path,
        ] {
            let Some(violations) = check(request) else { return };
            assert_eq!(violations, [""; 0]);
        }
    }

    #[test]
    fn bad_requests_to_discord_are_told() {
        let mut unknown_query = request("GET", MESSAGES, Value::Null);
        unknown_query.query = "since=5".to_owned();
        let mut unknown_path = request("GET", "", Value::Null);
        (unknown_path.template, unknown_path.path) = (None, "/tickets/1".to_owned());
        let number = json!({"type": 4, "name": "number", "description": "a", "max_value": 1_u64 << 53});
        let commands = json!([{"name": "take", "description": "b", "options": [number]}]);
        for (request, told) in [
            (
                request("PUT", "/applications/{application_id}/commands", commands),
                "PUT /applications/{application_id}/commands: [0].options[0].max_value: is 9007199254740992, and must be \
                 at most 9007199254740991",
            ),
            (unknown_path, "GET /tickets/1: there is no such path"),
            (
                unknown_query,
                "GET /channels/{channel_id}/messages: ?since: is unknown here",
            ),
            (
                request("PATCH", MESSAGES, Value::Null),
                "PATCH /channels/{channel_id}/messages: there is no such method of this path",
            ),
            (
                request("POST", MESSAGES, Value::Null),
                "POST /channels/{channel_id}/messages: its body is missing",
            ),
            (
                request("GET", MESSAGES, json!({"content": "a"})),
                "GET /channels/{channel_id}/messages: takes no body of application/json",
            ),
            (
                request("POST", MESSAGES, json!({"content": "é".repeat(4001)})),
                "POST /channels/{channel_id}/messages: content: has 4001 characters, and must have at most 4000",
            ),
            (
                request("POST", MESSAGES, json!({"components": row(&"x".repeat(81))})),
                "POST /channels/{channel_id}/messages: components[0].components[0].label: has 81 characters, and must \
                 have at most 80",
            ),
            (
                request("POST", MESSAGES, json!({"message_reference": {"message_id": "twelve"}})),
                "POST /channels/{channel_id}/messages: message_reference.message_id: is \"twelve\", which is no id",
            ),
            (
                request("POST", MESSAGES, json!({"poll": {"question": {}, "answers": 5}})),
                "POST /channels/{channel_id}/messages: poll.answers: is 5, not array",
            ),
            (
                request("POST", CALLBACK, modal(&"x".repeat(46))),
                "POST /interactions/{interaction_id}/{interaction_token}/callback: data.title: has 46 characters, and \
                 must have at most 45",
            ),
        ] {
            let Some(violations) = check(request) else { return };
            assert_eq!(violations, [told]);
        }
    }
}
