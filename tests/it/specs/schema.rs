//! A value against a JSON Schema, as far as Discord's specification uses it.

use serde_json::{Map, Value};

use super::{Violation, brief, nearest};

/// The schema's document, in which references are looked up.
pub struct Schemas<'a>(pub &'a Value);

impl Schemas<'_> {
    /// What in the value is against the schema.
    pub fn check(&self, schema: &Value, value: &Value, at: &str) -> Vec<Violation> {
        if schema["nullable"] == true && value.is_null() {
            return Vec::new();
        }
        if let Some(problem) = wrong_type(schema, value).or_else(|| wrong_value(schema, value)) {
            return vec![Violation::of_another_kind(at, problem)];
        }
        let mut violations: Vec<_> = self.combined(schema, value, at);
        match value {
            Value::String(text) => {
                let problem = wrong_text(schema, text);
                violations.extend(problem.map(|problem| Violation::new(at, problem)));
            }
            Value::Number(_) => {
                let problem = wrong_number(schema, value);
                violations.extend(problem.map(|problem| Violation::new(at, problem)));
            }
            Value::Array(items) => {
                let count = wrong_count(schema, items.len(), "Items");
                violations.extend(count.map(|problem| Violation::new(at, problem)));
                if schema["uniqueItems"] == true && (1..items.len()).any(|end| items[..end].contains(&items[end])) {
                    violations.push(Violation::new(at, "has an item twice"));
                }
                for (index, item) in items.iter().enumerate() {
                    violations.extend(self.check(&schema["items"], item, &format!("{at}[{index}]")));
                }
            }
            Value::Object(object) => violations.extend(self.object(schema, object, at)),
            Value::Null | Value::Bool(_) => {}
        }
        violations
    }

    /// What other schemas this one refers to say.
    fn combined(&self, schema: &Value, value: &Value, at: &str) -> Vec<Violation> {
        let mut violations = Vec::new();
        if let Some(reference) = schema["$ref"].as_str() {
            let referred = self.0.pointer(reference.trim_start_matches('#'));
            match referred {
                Some(schema) => violations.extend(self.check(schema, value, at)),
                None => violations.push(Violation::new(at, format!("the specification lacks {reference}"))),
            }
        }
        let all = schema["allOf"].as_array().into_iter().flatten();
        violations.extend(all.flat_map(|schema| self.check(schema, value, at)));
        // Discord's `oneOf` is not exclusive: a message's parts fit several of them.
        for any in ["oneOf", "anyOf"] {
            let any = schema[any].as_array().into_iter().flatten();
            violations.extend(nearest(at, any.map(|schema| self.check(schema, value, at))));
        }
        violations
    }

    fn object(&self, schema: &Value, object: &Map<String, Value>, at: &str) -> Vec<Violation> {
        let mut violations = Vec::new();
        let count = wrong_count(schema, object.len(), "Properties");
        violations.extend(count.map(|problem| Violation::new(at, problem)));
        let required = schema["required"].as_array().into_iter().flatten();
        for name in required
            .filter_map(Value::as_str)
            .filter(|name| !object.contains_key(*name))
        {
            violations.push(Violation::new(&format!("{at}.{name}"), "is required"));
        }
        for (name, value) in object {
            let at = format!("{at}.{name}");
            match (schema["properties"].get(name), &schema["additionalProperties"]) {
                (Some(schema), _) => violations.extend(self.check(schema, value, &at)),
                (None, Value::Bool(false)) => violations.push(Violation::new(&at, "is unknown here")),
                (None, others) => violations.extend(self.check(others, value, &at)),
            }
        }
        violations
    }
}

fn wrong_type(schema: &Value, value: &Value) -> Option<String> {
    let types = match &schema["type"] {
        Value::String(name) => vec![name.as_str()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let is = |name: &&str| match *name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        // Its API reference lets an id be sent as a number too, though the specification does not say so.
        "string" => value.is_string() || (schema["format"] == "snowflake" && value.is_u64()),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    };
    (!types.iter().any(is)).then(|| format!("is {}, not {}", brief(value), types.join(" or ")))
}

fn wrong_value(schema: &Value, value: &Value) -> Option<String> {
    let allowed = match (&schema["enum"], schema.get("const")) {
        (Value::Array(allowed), _) => allowed.as_slice(),
        (_, Some(only)) => std::slice::from_ref(only),
        _ => return None,
    };
    let names = || allowed.iter().map(Value::to_string).collect::<Vec<_>>().join(" or ");
    (!allowed.contains(value)).then(|| format!("is {}, not {}", brief(value), names()))
}

fn wrong_text(schema: &Value, text: &str) -> Option<String> {
    // The one pattern that requests meet.
    let is_id = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if schema["format"] == "snowflake" && !is_id {
        return Some(format!("is \"{text}\", which is no id"));
    }
    wrong_count(schema, text.chars().count(), "Length")
}

fn wrong_count(schema: &Value, count: usize, what: &str) -> Option<String> {
    let limit = |end: &str| {
        schema[format!("{end}{what}")]
            .as_u64()
            .and_then(|limit| usize::try_from(limit).ok())
    };
    let (least, most) = (limit("min").unwrap_or(0), limit("max").unwrap_or(usize::MAX));
    let what = if what == "Length" {
        "characters".to_owned()
    } else {
        what.to_lowercase()
    };
    if count < least {
        Some(format!("has {count} {what}, and must have at least {least}"))
    } else if count > most {
        Some(format!("has {count} {what}, and must have at most {most}"))
    } else {
        None
    }
}

fn wrong_number(schema: &Value, value: &Value) -> Option<String> {
    let number = value.as_f64()?;
    let below = schema["minimum"].as_f64().filter(|least| number < *least);
    let above = schema["maximum"].as_f64().filter(|most| number > *most);
    let limit = below.map(|least| format!("at least {least}"));
    let limit = limit.or_else(|| above.map(|most| format!("at most {most}")));
    limit.map(|limit| format!("is {value}, and must be {limit}"))
}
