//! The rules of the repository, each as a test that says what is against it and where.
//!
//! To change a rule, change its table here, with the reason. What the rules read of the source is in [`source`].

mod dashboard;
mod readme;
pub mod source;

use figment::Figment;
use figment::providers::{Format, Toml};
use serde_json::{Map, Value};

use self::source::{Source, files, has_word, root, sources};

/// What the files of a module may use of the crate, besides their own module; `*` for all of it.
const MAY_USE: [(&str, &[&str]); 19] = [
    ("lib", &[]),
    ("main", &["cli"]),
    ("domain", &[]),
    ("body", &[]),
    ("clock", &[]),
    ("config", &["domain"]),
    ("metrics", &["domain"]),
    ("store", &["metrics", "domain", "clock"]),
    ("service", &["store", "domain", "clock"]),
    ("chat", &["service", "store", "domain", "clock"]),
    ("replica", &["store", "metrics"]),
    (
        "outbox",
        &["chat", "service", "replica", "store", "metrics", "domain", "clock"],
    ),
    (
        "intake",
        &["chat", "outbox", "replica", "store", "metrics", "domain", "clock"],
    ),
    ("telegram", ADAPTER),
    ("discord", ADAPTER),
    ("mail", &["outbox", "chat", "domain"]),
    // Its sentences come by `Language::say`, which `chat` gives.
    ("web", &["service", "store", "metrics", "domain", "clock"]),
    (
        "desk",
        &[
            "web", "mail", "telegram", "discord", "intake", "outbox", "replica", "chat", "service", "store", "domain",
            "clock",
        ],
    ),
    ("cli", &["*"]),
];
/// A platform's module knows its platform and nothing about tickets; it keeps received files.
const ADAPTER: &[&str] = &[
    "intake",
    "outbox",
    "chat",
    "store::files",
    "body",
    "metrics",
    "domain",
    "clock",
];

/// What the simulated platforms may use: they stand outside, like the real ones.
const SANDBOX_MAY_USE: &[&str] = &["clock"];

/// Where a library may be named: a module, or a single file, then with the reason.
const HOME_OF: [(&str, &[&str]); 11] = [
    // cli/desk_at.rs turns `database.url` into the options that the store connects with.
    ("sqlx", &["store", "cli/desk_at.rs"]),
    ("serenity", &["discord"]),
    ("teloxide", &["telegram"]),
    ("fluent_bundle", &["chat"]),
    ("figment", &["config"]),
    ("clap", &["cli"]),
    ("lettre", &["mail"]),
    ("metrics_exporter_prometheus", &["metrics"]),
    // A transcript is a page that is sent as a file.
    ("maud", &["web", "chat/transcript.rs"]),
    ("argon2", &["service"]),
    // The webhook is the adapter's page, and the simulated platforms are servers.
    ("axum", &["web", "telegram/webhook.rs", "desk/webhook.rs", "sandbox"]),
];

/// What `domain`, which is pure, never names.
const IMPURE: [&str; 11] = [
    "sqlx",
    "tokio",
    "serenity",
    "teloxide",
    "reqwest",
    "axum",
    "futures_util",
    "async",
    "rand",
    "fs",
    "env",
];

const MOST_LINES: usize = 400;
/// The longer files, and why each is.
const LONG: [(&str, &str); 3] = [
    ("discord/sandbox_tests.rs", "tests"),
    ("sandbox/discord/tests.rs", "tests"),
    ("sandbox/telegram/tests.rs", "tests"),
];

/// What the program never does: each of them ends it, or hides something from the reader.
const NEVER: [&str; 7] = [
    ".unwrap()",
    ".expect(",
    "todo!",
    "unimplemented!",
    "dbg!",
    "#[allow",
    "#![allow",
];

/// What a migration may do.
const MIGRATIONS_BEGIN: [&str; 8] = [
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE UNIQUE INDEX ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
];

fn report(rule: &str, against: &[String]) {
    assert!(against.is_empty(), "{rule}\n  {}\n", against.join("\n  "));
}

#[test]
fn imports_go_one_way() {
    let mut against = Vec::new();
    for source in sources() {
        let module = source.module();
        let allowed = if module == "sandbox" {
            SANDBOX_MAY_USE
        } else if let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) {
            allowed
        } else {
            against.push(format!("{}: the table MAY_USE has no line for {module}", source.path));
            continue;
        };
        for (line, path) in uses(&source) {
            let is = |name: &str| path == name || path.starts_with(&format!("{name}::"));
            if !is(module) && !allowed.iter().any(|name| *name == "*" || is(name)) {
                against.push(format!("{}:{line}: {module} → {path}", source.path));
            }
        }
    }
    report("Imports go one way (MAY_USE in tests/it/rules.rs):", &against);
}

#[test]
fn each_library_has_its_home() {
    let mut against = Vec::new();
    for source in sources() {
        for (library, homes) in HOME_OF {
            let at_home = homes
                .iter()
                .any(|home| *home == source.module() || *home == source.path);
            let named = source.find(library).next().filter(|_| !at_home);
            against.extend(named.map(|at| format!("{}:{}: {library}", source.path, source.line(at))));
        }
        for impure in IMPURE.iter().filter(|_| source.module() == "domain") {
            against.extend(
                source
                    .find(impure)
                    .map(|at| format!("{}:{}: {impure}", source.path, source.line(at))),
            );
        }
    }
    report(
        "A library is named only in its module (HOME_OF), and `domain` is pure:",
        &against,
    );
}

#[test]
fn only_the_command_line_permits_itself_everything() {
    let homes = ["domain/permission.rs", "cli"];
    let mut against = Vec::new();
    for source in sources() {
        let at_home = homes.contains(&source.path.as_str()) || homes.contains(&source.module());
        let named = source.find("of_the_operator").next().filter(|_| !at_home);
        against.extend(named.map(|at| format!("{}:{}", source.path, source.line(at))));
    }
    report("Permit::of_the_operator is for the command line:", &against);
}

#[test]
fn every_metric_is_measured() {
    let sources = sources();
    let is_metrics = |source: &&Source| source.path == "metrics.rs";
    let metrics = sources.iter().find(is_metrics).expect("src/metrics.rs");
    let mut against = Vec::new();
    for at in metrics.find("pub fn") {
        let rest = metrics.code[at + "pub fn".len()..].trim_start();
        let name = &rest[..rest.find('(').expect("a function")];
        let call = format!("metrics::{name}(");
        let mut others = sources.iter().filter(|source| !is_metrics(source));
        if !others.any(|source| source.code.contains(&call)) {
            against.push(format!("metrics.rs:{}: {name}", metrics.line(at)));
        }
    }
    report(
        "Every public function of src/metrics.rs is called outside of it:",
        &against,
    );
}

/// The paths from the crate's root that a file names, with their lines.
fn uses(source: &Source) -> Vec<(usize, String)> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    for root in ["crate::", "guichet::"] {
        starts.extend(source.find(root).map(|at| (at, at + root.len())));
    }
    // As many `super::` as the file is deep lead to the root too.
    let up = "super::".repeat(source.depth());
    if !up.is_empty() {
        starts.extend(source.find(&up).map(|at| (at, at + up.len())));
    }
    let mut uses = Vec::new();
    for (at, end) in starts {
        let mut paths = Vec::new();
        use_tree("", &source.code[end..], &mut paths);
        uses.extend(paths.into_iter().map(|path| (source.line(at), path)));
    }
    uses
}

/// Writes each path of `a::{b, c::d}` out, and gives what follows the tree.
fn use_tree<'a>(prefix: &str, code: &'a str, paths: &mut Vec<String>) -> &'a str {
    let code = code.trim_start();
    if let Some(mut rest) = code.strip_prefix('{') {
        loop {
            rest = rest.trim_start().trim_start_matches(',').trim_start();
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            if rest.is_empty() {
                return rest;
            }
            let before = rest.len();
            rest = use_tree(prefix, rest, paths);
            if let Some(renamed) = rest.trim_start().strip_prefix("as ") {
                rest = renamed.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
            }
            if rest.len() == before {
                return rest;
            }
        }
    }
    let length = code
        .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*')
        .unwrap_or(code.len());
    let (name, rest) = code.split_at(length);
    let path = match (prefix, name) {
        ("", name) => name.to_owned(),
        (prefix, "self" | "") => prefix.to_owned(),
        (prefix, name) => format!("{prefix}::{name}"),
    };
    if let Some(deeper) = rest.strip_prefix("::") {
        return use_tree(&path, deeper, paths);
    }
    paths.push(path);
    rest
}

#[test]
fn a_use_tree_is_read_to_its_leaves() {
    let mut paths = Vec::new();
    let tree = "store::{self, files::{FileStore, MAX_BYTES as MOST}, Tx};\nlet x = 1;";
    let rest = use_tree("", tree, &mut paths);
    assert_eq!(
        paths,
        [
            "store",
            "store::files::FileStore",
            "store::files::MAX_BYTES",
            "store::Tx"
        ]
    );
    assert!(rest.starts_with(';'), "{rest}");
}

#[test]
fn no_file_is_long_without_a_reason() {
    let mut against = Vec::new();
    let mut long = Vec::new();
    for (path, text) in files("src", ".rs") {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            if !LONG.iter().any(|(listed, _)| *listed == path) {
                against.push(format!("{path}: {lines} lines; cut it where the idea cuts"));
            }
            long.push(path);
        }
    }
    let shorter = LONG
        .iter()
        .filter(|(listed, _)| !long.iter().any(|path| path == listed));
    against.extend(shorter.map(|(path, _)| format!("{path}: no longer long; take it off the list LONG")));
    report(&format!("No file is longer than {MOST_LINES} lines:"), &against);
}

#[test]
fn nothing_panics_and_nothing_is_hidden() {
    let mut against = Vec::new();
    for source in sources().iter().filter(|source| source.module() != "sandbox") {
        let excused = source.items_under(|attribute| {
            attribute.starts_with("expect(")
                && attribute.contains("clippy::expect_used")
                && attribute.contains("reason")
        });
        for never in NEVER {
            for at in source.find(never) {
                if never != ".expect(" || !excused.iter().any(|item| item.contains(&at)) {
                    against.push(format!("{}:{}: {never}", source.path, source.line(at)));
                }
            }
        }
    }
    report(
        "Neither unwrap nor expect (but under #[expect(clippy::expect_used, reason = …)]), nothing unfinished, \
         no #[allow]:",
        &against,
    );
}

#[test]
fn every_setting_is_read() {
    let structs: String = sources()
        .into_iter()
        .filter(|source| source.module() == "config")
        .map(|source| source.code)
        .collect();
    let text = std::fs::read_to_string(root().join("config/default.toml")).unwrap();
    let mut against = Vec::new();
    compare_settings("", &settings(&text), "Config", &structs, &mut against);
    // What the file shows as an example, commented out, is read too.
    let places = settings(&examples(&text));
    let place = places["places"][0].as_object().expect("an example of a place");
    compare_settings("places.", place, "Place", &structs, &mut against);
    report(
        "config/default.toml and the structs of src/config have the same settings:",
        &against,
    );
}

fn settings(toml: &str) -> Map<String, Value> {
    let figment = Figment::from(Toml::string(toml));
    figment.extract().expect("settings in TOML")
}

/// The commented lines from the first commented section on.
fn examples(toml: &str) -> String {
    let lines = toml.lines().skip_while(|line| !line.starts_with("# [")).map(|line| {
        let line = line.trim_start_matches("# ");
        format!("{line}\n")
    });
    lines.collect()
}

fn compare_settings(at: &str, settings: &Map<String, Value>, name: &str, structs: &str, against: &mut Vec<String>) {
    let fields = fields(structs, name);
    for (key, value) in settings {
        match fields.iter().find(|(field, _)| field == key) {
            None => against.push(format!("{at}{key} is not read: struct {name} has no such field")),
            Some((_, section)) => {
                if let Value::Object(inner) = value {
                    compare_settings(&format!("{at}{key}."), inner, section, structs, against);
                }
            }
        }
    }
    for (field, _) in fields {
        // A list of blocks has no default that could be written; it is shown as an example.
        if !settings.contains_key(&field) && field != "places" {
            against.push(format!("{at}{field} of struct {name} has no line in the file"));
        }
    }
}

/// The public fields of a struct, with their types.
fn fields(code: &str, name: &str) -> Vec<(String, String)> {
    let start = code.find(&format!("pub struct {name} {{"));
    let start = start.unwrap_or_else(|| panic!("src/config has no struct {name}"));
    let body = &code[start..];
    let body = &body[..body.find("\n}").expect("an end of the struct")];
    let written = body
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(": "));
    written
        .map(|(field, of)| (field.to_owned(), of.trim_end_matches(',').to_owned()))
        .collect()
}

#[test]
fn every_migration_is_one_plain_statement() {
    let mut against = Vec::new();
    for (path, text) in files("migrations", ".sql") {
        let sql = sql_code(&text);
        let statement = sql.strip_suffix(';').unwrap_or(&sql);
        let mut complain = |problem: &str| against.push(format!("migrations/{path}: {problem}"));
        // MySQL ends the transaction at each statement that changes the schema: of two in a file, the first would
        // stay when the second fails.
        if statement.is_empty() || statement.contains(';') {
            complain("is not one statement");
        }
        // No stored code, then: what the program does stands in the program.
        if !MIGRATIONS_BEGIN.iter().any(|begin| statement.starts_with(begin)) {
            complain(&format!("begins with none of: {}", MIGRATIONS_BEGIN.join(", ")));
        }
        for word in ["ENUM", "RETURNING"] {
            if has_word(statement, word) {
                complain(&format!("has {word}, which MySQL and MariaDB don't have alike"));
            }
        }
        if statement.starts_with("CREATE TABLE") {
            if !statement.contains("PRIMARY KEY") {
                complain("makes a table without a primary key");
            }
            if !statement.ends_with("COLLATE UTF8MB4_UNICODE_CI") {
                complain("does not end with utf8mb4_unicode_ci: MySQL and MariaDB have different defaults");
            }
        }
    }
    report(
        "A migration is one statement, the same for MySQL and MariaDB:",
        &against,
    );
}

#[test]
fn migrations_are_numbered_one_after_the_other() {
    let names: Vec<_> = files("migrations", ".sql").into_iter().map(|(name, _)| name).collect();
    let numbers: Vec<_> = names
        .iter()
        .map(|name| name.split('_').next().unwrap_or_default())
        .collect();
    let expected: Vec<_> = (1..=numbers.len()).map(|number| format!("{number:04}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn queries_are_the_same_for_mysql_and_mariadb() {
    let mut against = Vec::new();
    for source in sources().iter().filter(|source| source.module() == "store") {
        let quotes = source.quotes.iter().filter(|quote| has_word(&quote.text, "RETURNING"));
        against.extend(quotes.map(|quote| format!("{}:{}: RETURNING", source.path, source.line(quote.at))));
    }
    report("MySQL has no RETURNING:", &against);
}

/// The statement in capitals and on one line, without comments and quoted text.
fn sql_code(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("-- ").next().unwrap_or_default());
    let joined = lines.collect::<Vec<_>>().join(" ");
    let unquoted: Vec<_> = joined.split('\'').step_by(2).collect();
    let words: Vec<_> = unquoted.join("''").split_whitespace().map(str::to_uppercase).collect();
    words.join(" ")
}

#[test]
fn sql_is_read_without_comments_and_quotes() {
    let sql = "-- a; b\nINSERT INTO x -- c;\n VALUES ('d; it''s', 1);\n";
    assert_eq!(sql_code(sql), "INSERT INTO X VALUES ('''', 1);");
}
