//! Rust files read as text: what in them is code, what is quoted, what is only for tests.
//!
//! Not a parser: it knows comments, quotes and brackets, which is all that the rules ask about.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A file of `src`.
pub struct Source {
    /// Its path under `src`, with slashes: `chat/asking.rs`.
    pub path: String,
    /// All of it.
    pub text: String,
    /// The same without comments, quoted text and tests: blanks stand in their place, so that offsets and lines
    /// are those of `text`.
    pub code: String,
    /// What is quoted outside tests.
    pub quotes: Vec<Quote>,
}

/// A string literal.
pub struct Quote {
    /// Where its quotation mark stands.
    pub at: usize,
    /// What is between the marks, as it is written.
    pub text: String,
}

/// The folder of the crate.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder of the crate whose names end so, in order, with their paths under that folder.
pub fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let top = root().join(folder);
    let (mut found, mut folders) = (Vec::new(), vec![top.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push((
                    slashed(path.strip_prefix(&top).unwrap()),
                    fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no {ending} in {folder}");
    found
}

/// The files of `src` that are not only for tests.
pub fn sources() -> Vec<Source> {
    let mut only_tests = BTreeSet::new();
    let mut sources = Vec::new();
    for (path, text) in files("src", ".rs") {
        let (mut code, mut quotes) = split(&text);
        for item in items_under(&code, |attribute| {
            attribute.starts_with("cfg(") && has_word(attribute, "test") && !attribute.contains("not(test")
        }) {
            only_tests.extend(file_of(&path, &text[item.clone()], &code[item.clone()]));
            quotes.retain(|quote| !item.contains(&quote.at));
            let blank = blanked(&code[item.clone()]);
            code.replace_range(item, &blank);
        }
        sources.push(Source {
            path,
            text,
            code,
            quotes,
        });
    }
    // The folder of a module that is only for tests is only for tests too.
    let is_test = |path: &str| {
        only_tests.iter().any(|test: &String| {
            let folder = test.trim_end_matches("mod.rs").trim_end_matches('/');
            path == test || path.starts_with(&format!("{}/", folder.trim_end_matches(".rs")))
        })
    };
    sources.retain(|source| !is_test(&source.path));
    sources
}

impl Source {
    /// The module at the top that it belongs to: `chat`, `desk`, `main`.
    pub fn module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    /// How many modules deep it is: 0 for `lib.rs`, 1 for `desk.rs` and `chat/mod.rs`.
    pub fn depth(&self) -> usize {
        let steps = self.path.trim_end_matches("mod.rs").trim_end_matches('/').split('/');
        if self.path == "lib.rs" { 0 } else { steps.count() }
    }

    /// The line of an offset.
    pub fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    /// Where a text stands in the code, with neither letter nor digit before it, nor after it if it ends in one.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        find_words(&self.code, text)
    }

    /// The items under an attribute that the test accepts, attribute included.
    pub fn items_under(&self, accepts: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
        items_under(&self.code, accepts)
    }
}

/// Whether the word stands in the text, not as a part of another.
pub fn has_word(text: &str, word: &str) -> bool {
    find_words(text, word).next().is_some()
}

fn find_words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let before = text[..at].chars().next_back().is_some_and(joins) && word.starts_with(joins);
        let after = text[at + word.len()..].chars().next().is_some_and(joins) && word.ends_with(joins);
        !before && !after
    })
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn blanked(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
        .collect()
}

/// The code without comments and quoted text, and the quotes.
fn split(text: &str) -> (String, Vec<Quote>) {
    let (mut code, mut quotes) = (String::with_capacity(text.len()), Vec::new());
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some((mark, length)) = string(rest, code.chars().next_back()) {
            let text = rest[mark..length].trim_matches(['"', '#']).to_owned();
            quotes.push(Quote { at, text });
            length
        } else if next == '\''
            && let Some(length) = character(rest)
        {
            length
        } else {
            code.push(next);
            at += next.len_utf8();
            continue;
        };
        code.push_str(&blanked(&rest[..length]));
        at += length;
    }
    (code, quotes)
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    loop {
        if rest[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += rest[at..].chars().next().expect("an end of the comment").len_utf8();
        }
        if depth == 0 {
            return at;
        }
    }
}

/// How much before the first mark, and the length of all, if this begins with a string.
fn string(rest: &str, before: Option<char>) -> Option<(usize, usize)> {
    let prefix = rest.find(|c| !matches!(c, 'b' | 'c' | 'r')).unwrap_or(rest.len());
    let hashes = rest[prefix..].len() - rest[prefix..].trim_start_matches('#').len();
    let raw = rest[..prefix].contains('r');
    let part_of_word = prefix > 0 && before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if part_of_word || prefix > 2 || (hashes > 0 && !raw) || !rest[prefix + hashes..].starts_with('"') {
        return None;
    }
    let opened = prefix + hashes + 1;
    let body = &rest[opened..];
    let closing = format!("\"{}", "#".repeat(hashes));
    let length = if raw {
        body.find(&closing)?
    } else {
        let mut escaped = false;
        body.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })?
    };
    Some((prefix, opened + length + closing.len()))
}

/// The length of a character literal; none for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut inside = rest[1..].chars();
    let first = inside.next()?;
    if first == '\\' {
        let escape = 1 + inside.next()?.len_utf8();
        return Some(1 + escape + rest[1 + escape..].find('\'')? + 1);
    }
    (inside.next() == Some('\'')).then(|| first.len_utf8() + 2)
}

fn items_under(code: &str, accepts: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let mut items: Vec<Range<usize>> = Vec::new();
    for (start, _) in code.match_indices("#[") {
        let attribute = start + 1..end_of(code, start + 1);
        let inside_last = items.last().is_some_and(|item| item.contains(&start));
        if !inside_last && accepts(code[attribute.start + 1..attribute.end - 1].trim_start()) {
            items.push(start..end_of_item(code, attribute.end));
        }
    }
    items
}

/// The end of the brackets that open here.
fn end_of(code: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, c) in code[open..].char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + at + 1;
        }
    }
    code.len()
}

/// The end of the item or statement that begins here: its semicolon, or its braces.
fn end_of_item(code: &str, mut at: usize) -> usize {
    while let Some(step) = code[at..].find([';', '{', '(', '[', '}', ',']) {
        at += step;
        match &code[at..=at] {
            ";" | "," => return at + 1,
            "}" => return at,
            "{" => return end_of(code, at),
            _ => at = end_of(code, at),
        }
    }
    code.len()
}

/// The file of `mod name;` in this item, if it is one.
fn file_of(path: &str, text: &str, code: &str) -> Vec<String> {
    let Some(name) = code
        .trim_end()
        .strip_suffix(';')
        .and_then(|code| code.rsplit_once("mod "))
        .map(|(_, name)| name.trim())
    else {
        return Vec::new();
    };
    let here = Path::new(path).parent().unwrap_or(Path::new(""));
    if let Some((_, rest)) = text.split_once("path = \"") {
        let file = rest.split('"').next().unwrap_or_default();
        return vec![slashed(&here.join(file))];
    }
    let stem = Path::new(path).file_stem().unwrap_or_default();
    let folder: PathBuf = if stem == "mod" || stem == "lib" || stem == "main" {
        here.to_owned()
    } else {
        here.join(stem)
    };
    vec![
        slashed(&folder.join(format!("{name}.rs"))),
        slashed(&folder.join(name).join("mod.rs")),
    ]
}

#[test]
fn comments_quotes_and_tests_are_told_from_code() {
    let text = r##"/* a /* b */ "c" */ fn f<'a>() { g("d\"", 'e', '"', '\'', b"h", r#"i"j"#); } // "k""##;
    let (code, quotes) = split(text);
    assert_eq!(code.len(), text.len());
    let code: String = code.split_whitespace().collect();
    assert_eq!(code, "fnf<'a>(){g(,,,,,);}");
    let quotes: Vec<_> = quotes.into_iter().map(|quote| quote.text).collect();
    assert_eq!(quotes, [r"d\", "h", r#"i"j"#]);

    let code = "use a;\n#[cfg(test)]\n#[path = x]\nmod tests;\n#[cfg(unix)] fn b() {}\n#[cfg(all(test, c))] mod d { }";
    let items = items_under(code, |attribute| has_word(attribute, "test"));
    let items: Vec<_> = items.into_iter().map(|item| &code[item]).collect();
    assert_eq!(
        items,
        [
            "#[cfg(test)]\n#[path = x]\nmod tests;",
            "#[cfg(all(test, c))] mod d { }"
        ]
    );
    assert_eq!(
        file_of("a/b.rs", "", "mod tests;"),
        ["a/b/tests.rs", "a/b/tests/mod.rs"]
    );
    let path = "#[path = \"c.rs\"] mod tests;";
    assert_eq!(file_of("a/b.rs", path, path), ["a/c.rs"]);
}

#[test]
fn only_files_for_tests_are_left_out() {
    let kept: BTreeSet<_> = sources().into_iter().map(|source| source.path).collect();
    let is_test = |path: &str| path.contains("tests.rs") || path.contains("tests/");
    for (path, _) in files("src", ".rs") {
        assert_eq!(kept.contains(&path), !is_test(&path), "{path}");
    }
}
