//! What is promised to the person who writes the settings.

use crate::domain::account::Registration;
use crate::domain::platform::Platform;
use std::fs;
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;
use tempfile::TempDir;
use tracing::level_filters::LevelFilter;

use super::layers::{self, SECRETS};
use super::{Config, ConfigError, Language, LogFormat, Place, Purpose};

const TOKEN: &str = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

fn load(file: Option<&Path>, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    layers::read(file, environment)
}

fn written(text: &str) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("guichet.toml");
    fs::write(&path, text).expect("a file in it");
    (directory, path)
}

fn refusal_of(text: &str) -> String {
    let (directory, path) = written(text);
    let error = load(Some(&path), &[]).expect_err("it is wrong");
    assert!(!format!("{error:?}").contains(TOKEN), "the error tells the token");
    error.to_string().replace(&*directory.path().to_string_lossy(), "")
}

fn refusal_of_variables(environment: &[(&str, &str)]) -> String {
    load(None, environment).expect_err("it is wrong").to_string()
}

fn token(config: &Config) -> Option<&str> {
    config.telegram.token.as_ref().map(ExposeSecret::expose_secret)
}

#[test]
fn the_defaults_are_enough() {
    let config = load(None, &[]).expect("the defaults are right");
    assert_eq!(config.data, Path::new("data"));
    assert!(config.database.url.is_empty());
    assert!(config.telegram.token.is_none());
    assert_eq!(config.telegram.api_url.as_str(), "https://api.telegram.org/");
    assert_eq!(config.discord.api_url.as_str(), "https://discord.com/");
    assert_eq!(config.desk.timezone, chrono_tz::Europe::Paris);
    assert_eq!(config.desk.language, Language::Fr);
    assert_eq!(config.log.format, LogFormat::Text);
    assert_eq!(config.log.level, LevelFilter::INFO);
    assert!(config.places.is_empty());
    assert!(config.web.listen.is_none() && config.telegram_webhook().is_none());
}

#[test]
fn a_webhook_needs_an_address_that_telegram_reaches() {
    let hook = |listen: &str, public: &str, api: &str| {
        let text = format!(
            "[web]\nlisten = '{listen}'\npublic_url = '{public}'\n\
             [telegram]\ntoken = '{TOKEN}'\nmode = 'webhook'\napi_url = '{api}'\n"
        );
        let (_directory, path) = written(&text);
        let config = load(Some(&path), &[]).map_err(|error| error.to_string())?;
        Ok::<_, String>(config.telegram_webhook().map(|url| url.to_string()))
    };
    let (here, telegram, own) = ("127.0.0.1:8080", "https://api.telegram.org", "http://localhost:8081");
    for (public, address) in [
        ("https://desk.example.org", "https://desk.example.org/telegram/webhook"),
        (
            "https://example.org:8443/desk/",
            "https://example.org:8443/desk/telegram/webhook",
        ),
    ] {
        assert_eq!(hook(here, public, telegram), Ok(Some(address.to_owned())));
    }
    assert!(hook(here, "http://127.0.0.1:9", own).is_ok());
    for (listen, public, api, problem) in [
        (
            "",
            "https://desk.example.org",
            telegram,
            "`web.listen` must say where Guichet listens",
        ),
        (
            here,
            "",
            telegram,
            "`web.public_url` must say where Telegram reaches Guichet",
        ),
        (
            here,
            "http://desk.example.org",
            telegram,
            "`web.public_url` must begin with https://",
        ),
        (
            here,
            "https://desk.example.org:8080",
            telegram,
            "`web.public_url` must have port 443",
        ),
        (
            here,
            "https://desk.example.org?a=b",
            telegram,
            "`web.public_url` must end with the host",
        ),
        (
            "8080",
            "https://desk.example.org",
            telegram,
            "`web.listen` must be an address and a port",
        ),
    ] {
        let refused = hook(listen, public, api).expect_err("it is wrong");
        assert!(refused.contains(problem), "{refused}");
    }
}

#[test]
fn the_file_wins_over_the_defaults_and_the_environment_over_the_file() {
    let (_directory, path) = written("[desk]\ntimezone = 'UTC'\nlanguage = 'en'\n");
    let config = load(
        Some(&path),
        &[
            ("GUICHET_DESK__TIMEZONE", "Africa/Dakar"),
            ("GUICHET_DATA", "/srv/guichet"),
        ],
    );
    let config = config.expect("all of it is right");
    assert_eq!(config.desk.language, Language::En);
    assert_eq!(config.desk.timezone, chrono_tz::Africa::Dakar);
    assert_eq!(config.data, Path::new("/srv/guichet"));
}

#[test]
fn places_come_from_the_file_or_from_one_variable() {
    let staff = Place {
        platform: Platform::Telegram,
        id: -100_123,
        purpose: Purpose::Staff,
    };
    let (_directory, path) = written("[[places]]\nplatform = 'telegram'\nid = -100123\npurpose = 'staff'\n");
    assert_eq!(load(Some(&path), &[]).expect("right").places, [staff]);

    let discord = "[{platform=discord,id=\"1234567890123456789\",purpose=staff}]";
    let config = load(Some(&path), &[("GUICHET_PLACES", discord)]).expect("right");
    assert_eq!(config.places.len(), 1);
    assert_eq!(config.places[0].id, 1_234_567_890_123_456_789);
}

#[test]
fn every_secret_can_be_read_from_a_file() {
    for key in SECRETS {
        let (_directory, path) = written("  mysql://guichet:pass@db/guichet \n");
        let variable = format!("GUICHET_{}_FILE", key.to_uppercase().replace('.', "__"));
        let config = load(None, &[(&variable, &path.to_string_lossy())]).expect("right");
        let url = config.database.url.into_iter().next();
        let secrets = [url, config.telegram.token, config.discord.token, config.smtp.password];
        let found: Vec<_> = secrets.iter().flatten().map(ExposeSecret::expose_secret).collect();
        assert_eq!(found, ["mysql://guichet:pass@db/guichet"], "{variable}");
    }
}

#[test]
fn an_empty_secret_is_not_set_and_one_of_digits_is_no_number() {
    let config = load(
        None,
        &[("GUICHET_TELEGRAM__TOKEN", ""), ("GUICHET_TELEGRAM__TOKEN_FILE", "")],
    );
    assert_eq!(token(&config.expect("right")), None);
    let config = load(None, &[("GUICHET_TELEGRAM__TOKEN", "0012")]).expect("right");
    assert_eq!(token(&config), Some("0012"));
}

#[test]
fn debug_output_tells_no_secret() {
    let url = "mysql://guichet:hush@db/guichet";
    let config = load(
        None,
        &[("GUICHET_TELEGRAM__TOKEN", TOKEN), ("GUICHET_DATABASE__URL", url)],
    );
    let shown = format!("{config:?}");
    assert!(!shown.contains(TOKEN) && !shown.contains("hush"), "{shown}");
}

#[test]
fn an_unknown_setting_is_named() {
    insta::assert_snapshot!(refusal_of("[telegram]\ntokn = 'x'\n"), @"/guichet.toml: there is no setting `telegram.tokn`. There are: token, api_url, mode.");
    insta::assert_snapshot!(refusal_of("[telegrm]\ntoken = 'x'\n"), @"/guichet.toml: there is no setting `telegrm`. There are: data, database, telegram, discord, desk, accounts, smtp, places, web, log.");
    insta::assert_snapshot!(refusal_of_variables(&[("GUICHET_DESK__TIME_ZONE", "UTC")]), @"GUICHET_DESK__TIME_ZONE: there is no setting `desk.time_zone`. There are: timezone, language, tickets_at_once.");
    insta::assert_snapshot!(refusal_of_variables(&[("GUICHET_DESK__NAME_FILE", "/etc/name")]), @"GUICHET_DESK__NAME_FILE: there is no setting `desk.name_file`. There are: timezone, language, tickets_at_once.");
}

#[test]
fn a_bad_value_is_explained() {
    insta::assert_snapshot!(refusal_of("[desk]\ntimezone = 'Paris'\n"), @r#"/guichet.toml: `desk.timezone` is "Paris", not a time zone; it must be a name like Europe/Paris or UTC."#);
    insta::assert_snapshot!(refusal_of("[log]\nformat = 'xml'\n"), @r#"/guichet.toml: `log.format` is "xml", and must be one of: text, json."#);
    insta::assert_snapshot!(refusal_of_variables(&[("GUICHET_LOG__LEVEL", "chatty")]), @r#"GUICHET_LOG__LEVEL: `log.level` is "chatty", not a log level; it must be one of: error, warn, info, debug, trace."#);
    insta::assert_snapshot!(refusal_of("[discord]\napi_url = 'discord.com'\n"), @"/guichet.toml: `discord.api_url` is not an address: relative URL without a base.");
    insta::assert_snapshot!(refusal_of("[[places]]\nplatform = 'irc'\nid = 1\npurpose = 'staff'\n"), @r#"/guichet.toml: `places.0.platform` is "irc", and must be one of: discord, telegram."#);
    insta::assert_snapshot!(refusal_of("[[places]]\nplatform = 'telegram'\nid = 12\npurpose = 'staff'\n"), @"/guichet.toml: `places.0` must have a negative id: on Telegram, groups do, and only people don't.");
    insta::assert_snapshot!(refusal_of("[[places]]\nplatform = 'discord'\npurpose = 'staff'\n"), @"/guichet.toml: `places.0` lacks `id`.");
}

#[test]
fn a_bad_secret_is_explained_without_telling_it() {
    insta::assert_snapshot!(refusal_of(&format!("[telegram]\ntoken = {TOKEN}\n")), @"The settings file /guichet.toml is not understood at line 2: expected newline, `#`.");
    insta::assert_snapshot!(refusal_of("[telegram]\ntoken = 110201543\n"), @"/guichet.toml: `telegram.token` is a number, and must be text between quotes.");
    insta::assert_snapshot!(refusal_of_variables(&[("GUICHET_DATABASE__URL", "postgres://me:hush@db/x")]), @"GUICHET_DATABASE__URL: `database.url` must begin with mysql:// or mariadb://.");
    insta::assert_snapshot!(refusal_of_variables(&[("GUICHET_DATABASE__URL", "hush@db")]), @"GUICHET_DATABASE__URL: `database.url` is not an address: relative URL without a base.");
    insta::assert_snapshot!(refusal_of_variables(&[("GUICHET_DATABASE__URL", "mysql://me:hush@db")]), @"GUICHET_DATABASE__URL: `database.url` must end with the database's name, as in mysql://user:password@host/guichet.");
}

#[test]
fn missing_files_are_named() {
    let missing = Path::new("/nowhere/guichet.toml");
    insta::assert_snapshot!(load(Some(missing), &[]).expect_err("missing"), @"The settings file /nowhere/guichet.toml can't be read: No such file or directory (os error 2).");
    insta::assert_snapshot!(refusal_of_variables(&[("GUICHET_DISCORD__TOKEN_FILE", "/nowhere/token")]), @"GUICHET_DISCORD__TOKEN_FILE names the file /nowhere/token, which can't be read: No such file or directory (os error 2).");
    let both = [
        ("GUICHET_DISCORD__TOKEN_FILE", "/nowhere/token"),
        ("GUICHET_DISCORD__TOKEN", "x"),
    ];
    insta::assert_snapshot!(refusal_of_variables(&both), @"GUICHET_DISCORD__TOKEN and GUICHET_DISCORD__TOKEN_FILE are both set. Keep one of them.");
}

#[test]
fn several_database_servers_become_an_address_each() {
    let url = "mysql://me:p,w@db1:3306,db2,[::1]:3307/guichet?ssl-mode=required";
    let config = load(None, &[("GUICHET_DATABASE__URL", url)]).expect("it is right");
    let addresses: Vec<&str> = config.database.url.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(
        addresses,
        [
            "mysql://me:p,w@db1:3306/guichet?ssl-mode=required",
            "mysql://me:p,w@db2/guichet?ssl-mode=required",
            "mysql://me:p,w@[::1]:3307/guichet?ssl-mode=required",
        ]
    );
    insta::assert_snapshot!(refusal_of_variables(&[("GUICHET_DATABASE__URL", "mysql://me:hush@db1,,db3/guichet")]), @"GUICHET_DATABASE__URL: `database.url` is not an address: empty host.");
}

#[test]
fn accounts_are_confirmed_by_mail_where_there_is_a_mail_server() {
    let with = |smtp: &str, registration: &str| {
        let (_directory, path) = written(&format!("{smtp}\n[accounts]\nregistration = '{registration}'\n"));
        load(Some(&path), &[]).expect("it is right").registration()
    };
    let server = "[smtp]\nhost = 'mail.example.org'\nfrom = 'Guichet <guichet@example.org>'\n";
    assert_eq!(with("", ""), Registration::Open);
    assert_eq!(with("", "open"), Registration::Open);
    assert_eq!(with(server, ""), Registration::Email);
    assert_eq!(with(server, "email"), Registration::Email);
    assert_eq!(with(server, "open"), Registration::Open);
    assert_eq!(with("", "invite"), Registration::Invite);
    assert_eq!(with(server, "invite"), Registration::Invite);
}

#[test]
fn a_mail_server_that_could_not_be_used_is_refused() {
    insta::assert_snapshot!(refusal_of("[accounts]\nregistration = 'email'\n"), @r#"The settings: `accounts.registration` is "email", for which smtp.host must name a mail server."#);
    insta::assert_snapshot!(refusal_of("[accounts]\nregistration = 'closed'\n"), @r#"/guichet.toml: `accounts.registration` is "closed", and must be one of: open, email, invite."#);
    insta::assert_snapshot!(refusal_of("[smtp]\nhost = 'mail'\n"), @"The settings: `smtp.from` must say whom mail is from when smtp.host is set.");
    insta::assert_snapshot!(refusal_of("[smtp]\nfrom = 'Guichet'\n"), @"/guichet.toml: `smtp.from` must be an address, alone or after a name: Guichet <guichet@example.org>.");
    insta::assert_snapshot!(refusal_of("[smtp]\nencryption = 'ssl'\n"), @r#"/guichet.toml: `smtp.encryption` is "ssl", and must be one of: starttls, tls, none."#);
    insta::assert_snapshot!(refusal_of("[smtp]\nhost = 'mail'\nfrom = 'a@b.fr'\nuser = 'a'\n"), @"The settings: `smtp.password` and smtp.user must both be set, or neither.");
    let open = |host: &str, user: &str| {
        let text = format!("[smtp]\nhost = '{host}'\nencryption = 'none'\nfrom = 'a@b.fr'\n{user}");
        let (_directory, path) = written(&text);
        load(Some(&path), &[]).map(drop).map_err(|error| error.to_string())
    };
    let user = "user = 'a'\npassword = 'hush'\n";
    for host in ["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"] {
        assert_eq!(open(host, user), Ok(()), "{host}");
    }
    assert_eq!(open("mail.example.org", ""), Ok(()));
    for host in [
        "mail.example.org",
        "192.0.2.7",
        "localhost.example.org",
        "fe80::1",
        "mail",
    ] {
        let refused = open(host, user).expect_err(host);
        assert!(!refused.contains("hush"), "{refused}");
    }
    insta::assert_snapshot!(open("mail", user).expect_err("in clear"), @r#"The settings: `smtp.encryption` is "none", and the password would go over the network for all to read: choose "starttls" or "tls", or a server on this machine."#);
}
