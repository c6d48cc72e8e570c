//! The layers that settings come from, and how they are laid one over the other.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::{Config, ConfigError};

/// The settings that may also be read from a file of their own, named by a `…_FILE` variable.
pub(super) const SECRETS: [&str; 4] = ["database.url", "telegram.token", "discord.token", "smtp.password"];

const DEFAULTS: &str = include_str!("../../config/default.toml");
const PREFIX: &str = "GUICHET_";
const TWIN: &str = "_FILE";

pub(super) fn read(
    file: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let mut figment = Figment::from(Toml::string(DEFAULTS));
    if let Some(path) = file {
        figment = figment.merge(Layer {
            name: path.display().to_string(),
            values: read_file(path)?,
        });
    }
    for layer in read_environment(environment)? {
        figment = figment.merge(layer);
    }
    let config: Config = figment.extract().map_err(|error| ConfigError::from_figment(&error))?;
    config.check_webhook()?.check_mail()
}

/// Values with the name that an error gives for where they came from.
struct Layer {
    name: String,
    values: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// Read here and not by figment, whose message for bad syntax quotes the line, and with it what may be a token.
fn read_file(path: &Path) -> Result<Dict, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    Toml::from_str(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        ConfigError::Syntax {
            path: path.to_owned(),
            line: text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1,
            problem: error.message().replace('\n', ", "),
        }
    })
}

fn read_environment(variables: impl Iterator<Item = (String, String)>) -> Result<Vec<Layer>, ConfigError> {
    let variables: BTreeMap<_, _> = variables.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    let mut layers = Vec::new();
    for (name, text) in &variables {
        let key = key(name);
        let (key, value) = match secret_of_twin(name) {
            Some((secret, _)) if text.is_empty() && is_secret(&secret) => continue,
            Some((secret, variable)) if is_secret(&secret) => {
                if variables.get(variable).is_some_and(|value| !value.is_empty()) {
                    return Err(ConfigError::Twice(variable.to_owned()));
                }
                (secret, Value::from(read_secret(name, text)?))
            }
            // Taken as it stands: a token of digits alone is not a number.
            _ if is_secret(&key) => (key, Value::from(text.as_str())),
            _ => (
                key,
                text.parse()
                    .unwrap_or_else(|never: std::convert::Infallible| match never {}),
            ),
        };
        layers.push(Layer {
            name: name.clone(),
            values: nest(&key, value),
        });
    }
    Ok(layers)
}

fn key(variable: &str) -> String {
    variable[PREFIX.len()..].to_lowercase().replace("__", ".")
}

fn secret_of_twin(name: &str) -> Option<(String, &str)> {
    let variable = name
        .strip_suffix(TWIN)
        .filter(|variable| variable.starts_with(PREFIX))?;
    Some((key(variable), variable))
}

fn is_secret(key: &str) -> bool {
    SECRETS.contains(&key)
}

fn read_secret(variable: &str, path: &str) -> Result<String, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::SecretFile {
        variable: variable.to_owned(),
        path: PathBuf::from(path),
        source,
    })?;
    Ok(text.trim().to_owned())
}

fn nest(key: &str, value: Value) -> Dict {
    match figment::util::nest(key, value) {
        Value::Dict(_, values) => values,
        _ => Dict::new(),
    }
}
