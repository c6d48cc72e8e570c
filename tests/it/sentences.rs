//! The sentences: the same in both languages, none missing, none left over, none too long for where it goes.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use guichet::chat::grammar::{Command, OptionKind};
use guichet::domain::account::Role;
use guichet::domain::action::Action;
use guichet::domain::age::Age;
use guichet::domain::language::Language;
use guichet::domain::obstacle::Obstacle;
use guichet::domain::pace::Pace;
use guichet::domain::relation::Relation;
use guichet::domain::ticket::{Status, Urgency};
use guichet::store::history::Event;
use guichet::store::lists::Waits;

use crate::rules::source::{Quote, Source, files, sources};

/// The modules that say sentences.
const SPEAKERS: [&str; 6] = ["chat", "intake", "outbox", "telegram", "discord", "web"];

/// What is written like a sentence's id in those modules and isn't one.
const NO_SENTENCES: [&str; 12] = [
    "current-password",
    "form-action",
    "new-password",
    "no-referrer",
    "no-store",
    "retry-after",
    "x-ratelimit-bucket",
    "x-ratelimit-global",
    "x-ratelimit-remaining",
    "x-ratelimit-reset-after",
    "same-origin",
    "x-ratelimit-scope",
];

/// The ids that are put together, as `format!` writes them with `{}` for whatever is filled in, and what is.
fn families() -> Vec<(&'static str, Vec<String>)> {
    let options = [
        OptionKind::Number,
        OptionKind::Text,
        OptionKind::Words,
        OptionKind::Urgency,
        OptionKind::Category,
        OptionKind::Opened,
        OptionKind::Status,
        OptionKind::Language,
        OptionKind::Code,
        OptionKind::Person,
        OptionKind::For,
        OptionKind::Colleague,
        OptionKind::Role,
        OptionKind::Email,
        OptionKind::Stars,
        OptionKind::Canned,
        OptionKind::Relation,
        OptionKind::Target,
        OptionKind::Channel,
    ];
    let options = owned(options.map(OptionKind::code));
    let statuses = owned(Status::ALL.map(Status::code))
        .into_iter()
        .map(|code| code.replace('_', "-"))
        .collect::<Vec<_>>();
    let urgencies = owned(Urgency::ALL.map(Urgency::code));
    let languages = owned(Language::ALL.map(Language::code));
    let choices = urgencies.iter().map(|code| format!("urgency-{code}"));
    let roles = Role::ALL.map(|role| format!("role-{}", role.code()));
    let relations = Relation::ALL.map(|relation| format!("relation-{}", relation.code()));
    let choices = choices
        .chain(roles)
        .chain(relations)
        .chain(Age::ALL.map(|age| format!("age-{}", age.code())))
        .chain(statuses.clone().into_iter().map(|code| format!("status-{code}")))
        .chain(languages.iter().map(|code| format!("language-{code}")));
    // Looking, erasing and following are not written down.
    let events = Action::ALL.into_iter();
    let events = events.filter(|action| !matches!(action, Action::View | Action::Purge | Action::Follow));
    let events = events.map(Event::Done).chain([Event::Opened]);
    let events: Vec<String> = events.map(|event| event.code().replace('_', "-")).collect();
    let lists = owned(["mine", "over", "queue", "hand", "team", "resolved", "closed"]);
    let mut families = vec![
        ("event-{}", events),
        ("status-{}", statuses.clone()),
        ("next-{}", statuses),
        ("urgency-{}", urgencies.clone()),
        ("relation-{}", owned(Relation::ALL.map(Relation::code))),
        ("linked-{}", owned(Relation::ALL.map(Relation::code))),
        ("role-{}", owned(Role::ALL.map(Role::code))),
        ("language-{}", languages.clone()),
        (
            "history-{}",
            owned([
                "role",
                "disabled",
                "enabled",
                "password",
                "code",
                "reset",
                "mailed",
                "joined",
                "linked",
                "linked-page",
                "unlinked",
            ]),
        ),
        ("{}-{}", choices.collect()),
        ("list-{}", lists.clone()),
        ("button-list-{}", lists),
        (
            "button-filter-{}",
            owned(["urgency", "category", "technician", "age", "status"]),
        ),
        ("age-{}", owned(Age::ALL.map(Age::code))),
        ("question-kind-{}", owned(["short", "long", "choice"])),
        ("category-in-{}", languages.clone()),
        ("button-category-{}", languages.clone()),
        ("day-{}", owned(Waits::ALL.map(Waits::code))),
        ("words-{}", owned(["comment", "note", "question", "report", "reason"])),
        ("why-{}", owned(Obstacle::ALL.map(Obstacle::code))),
        ("pace-{}", owned(Pace::ALL.map(Pace::code))),
        ("button-pace-{}", owned(Pace::ALL.map(Pace::code))),
        ("command-{}-description", owned(Command::ALL.map(Command::code))),
        ("option-{}-name", options.clone()),
        ("option-{}-description", options),
    ];
    families.extend(of_forms());
    families
}

/// Those of forms and their fields.
fn of_forms() -> [(&'static str, Vec<String>); 4] {
    let fields = owned([
        "name",
        "email",
        "code",
        "title",
        "description",
        "body",
        "words",
        "remark",
        "label",
        "canned",
        "categoryfr",
        "categoryen",
        "keywords",
        "question",
        "choices",
        "target",
    ]);
    let about_tickets = [
        "comment", "note", "ask", "resolve", "reopen", "retitle", "describe", "handover", "remark", "relate",
    ];
    let forms = [
        &[
            "join",
            "signup",
            "confirm",
            "open",
            "edit",
            "search",
            "newcanned",
            "renamecanned",
            "rewritecanned",
            "newcategory",
            "changecategory",
            "newquestion",
            "changequestion",
        ],
        &about_tickets[..],
    ]
    .concat();
    // A form about a ticket, which has one field, asks its own question; the others ask their fields'.
    let questions = [
        &[
            "name",
            "email",
            "title",
            "description",
            "words",
            "label",
            "canned",
            "categoryfr",
            "categoryen",
            "keywords",
            "question",
            "choices",
        ],
        &about_tickets[..],
    ]
    .concat();
    [
        ("form-{}", owned(forms)),
        ("question-{}", owned(questions)),
        ("field-{}", fields.clone()),
        ("the-{}", [fields, owned(["answer"])].concat()),
    ]
}

fn owned<'a>(codes: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    codes.into_iter().map(str::to_owned).collect()
}

/// One sentence as its file has it.
struct Sentence {
    file: String,
    text: String,
}

/// The sentences of a language by id.
fn sentences(language: Language) -> BTreeMap<String, Sentence> {
    let mut sentences = BTreeMap::new();
    for (file, text) in files(&format!("src/chat/locales/{}", language.code()), ".ftl") {
        let mut last = None;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with(' ') {
                let id: &String = last.as_ref().expect("a sentence before its second line");
                let sentence: &mut Sentence = sentences.get_mut(id).expect("the sentence before");
                sentence.text.push_str(line);
            } else if let Some((id, text)) = line.split_once(" = ") {
                let (file, text) = (file.clone(), text.to_owned());
                let before = sentences.insert(id.to_owned(), Sentence { file, text });
                assert!(before.is_none(), "{}: {id} stands twice", language.code());
                last = Some(id.to_owned());
            } else {
                assert!(line.trim().is_empty(), "{file}: what is `{line}`?");
            }
        }
    }
    sentences
}

impl Sentence {
    /// Its file and its variables: what must be the same in every language.
    fn shape(&self) -> (&str, BTreeSet<&str>) {
        let variables = self.text.split('$').skip(1);
        let variables = variables.map(|rest| {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
            &rest[..end.unwrap_or(rest.len())]
        });
        (&self.file, variables.collect())
    }
}

/// Values of a size that is usual: a number of six digits, a full name, a title as it is shortened.
fn usual(name: &str) -> FluentValue<'static> {
    match name {
        "number" => "123456".into(),
        "name" | "technician" => "Aminata Diallo".into(),
        "title" => "Mon chargeur ne marche plus".into(),
        "ago" => "il y a 59 minutes".into(),
        "count" => 12.into(),
        "more" => "yes".into(),
        other => other.to_owned().into(),
    }
}

/// A sentence with usual values, as people get it.
fn said(language: Language, id: &str, sentence: &Sentence) -> String {
    let args: Vec<_> = sentence.shape().1.into_iter().map(|name| (name, usual(name))).collect();
    language.say(id, &args)
}

fn report(rule: &str, against: &[String]) {
    assert!(against.is_empty(), "{rule}\n  {}\n", against.join("\n  "));
}

#[test]
fn french_and_english_have_the_same_sentences() {
    let [french, english] = Language::ALL.map(sentences);
    let mut against = Vec::new();
    for id in french.keys().chain(english.keys()).collect::<BTreeSet<_>>() {
        match (french.get(id), english.get(id)) {
            (Some(french), Some(english)) if french.shape() == english.shape() => {}
            (Some(french), Some(english)) => {
                against.push(format!("{id}: {:?} and {:?}", french.shape(), english.shape()));
            }
            (french, _) => {
                let missing = if french.is_none() { "French" } else { "English" };
                against.push(format!("{id}: missing in {missing}"));
            }
        }
    }
    report(
        "Every sentence is in the same file of both languages, with the same variables:",
        &against,
    );
}

#[test]
fn every_sentence_can_be_said() {
    for language in Language::ALL {
        let tag = language.code().parse().unwrap();
        let mut bundle = FluentBundle::new(vec![tag]);
        bundle.set_use_isolating(false);
        for (file, text) in files(&format!("src/chat/locales/{}", language.code()), ".ftl") {
            let resource = FluentResource::try_new(text).unwrap_or_else(|(_, errors)| panic!("{file}: {errors:?}"));
            bundle
                .add_resource(resource)
                .unwrap_or_else(|errors| panic!("{file}: {errors:?}"));
        }
        for (id, sentence) in sentences(language) {
            let message = bundle.get_message(&id).unwrap_or_else(|| panic!("{id} is not read"));
            let pattern = message.value().unwrap_or_else(|| panic!("{id} is empty"));
            for (count, more) in [(0, "no"), (1, "no"), (2, "no"), (21, "yes")] {
                let value = |name| match name {
                    "count" => count.into(),
                    "more" => more.into(),
                    name => usual(name),
                };
                let args: Vec<_> = sentence.shape().1.into_iter().map(|name| (name, value(name))).collect();
                let mut errors = Vec::new();
                let given: FluentArgs = args.iter().cloned().collect();
                let text = bundle.format_pattern(pattern, Some(&given), &mut errors);
                assert!(errors.is_empty(), "{id}: {errors:?}");
                assert!(!text.trim().is_empty() && !text.contains(['{', '}']), "{id}: {text}");
                // The program says the same: it has compiled this file in.
                assert_eq!(language.say(&id, &args), text, "{id}");
            }
        }
    }
}

/// What the speaking modules quote, with where.
fn quoted() -> Vec<(Source, Vec<Quote>)> {
    let speaking = sources()
        .into_iter()
        .filter(|source| SPEAKERS.contains(&source.module()));
    let quoted = speaking.map(|mut source| {
        let quotes = std::mem::take(&mut source.quotes);
        (source, quotes)
    });
    quoted.collect()
}

/// Whether this is what `say` is called with.
fn is_said(source: &Source, quote: &Quote) -> bool {
    source.code[..quote.at].trim_end().ends_with("say(")
}

fn is_kebab(text: &str) -> bool {
    text.contains('-')
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()))
}

/// `option-{code}-name` as `option-{}-name`, if it is an id that is put together.
fn pattern(text: &str) -> Option<String> {
    let mut pattern = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (_, after) = after.split_once('}')?;
        pattern.push_str(before);
        pattern.push_str("{}");
        rest = after;
    }
    pattern.push_str(rest);
    let is_id = pattern.chars().all(|c| c.is_ascii_lowercase() || "-{}".contains(c));
    (pattern.contains("{}") && pattern.contains('-') && is_id).then_some(pattern)
}

#[test]
fn no_sentence_is_missing_and_none_is_left_over() {
    let existing = sentences(Language::Fr);
    let families = families();
    let mut against = Vec::new();
    let (mut said, mut patterns) = (BTreeSet::new(), BTreeSet::new());
    for (source, quotes) in quoted() {
        for quote in quotes {
            let place = format!("src/{}:{}", source.path, source.line(quote.at));
            if let Some(pattern) = pattern(&quote.text) {
                if !families.iter().any(|(known, _)| *known == pattern) {
                    against.push(format!("{place}: \"{pattern}\" is not among the families of this test"));
                }
                patterns.insert(pattern);
            } else if is_said(&source, &quote) || (is_kebab(&quote.text) && !NO_SENTENCES.contains(&&*quote.text)) {
                if !existing.contains_key(&quote.text) {
                    against.push(format!("{place}: there is no sentence {}", quote.text));
                }
                said.insert(quote.text);
            }
        }
    }
    for (pattern, codes) in families {
        if !patterns.contains(pattern) {
            against.push(format!(
                "\"{pattern}\" is no longer put together anywhere: take it off the families"
            ));
        }
        for code in codes {
            // Where all is filled in, the code is the id.
            let id = if pattern == "{}-{}" {
                code
            } else {
                pattern.replace("{}", &code)
            };
            if !existing.contains_key(&id) {
                against.push(format!("there is no sentence {id}, which \"{pattern}\" gives"));
            }
            said.insert(id);
        }
    }
    let unused = existing.keys().filter(|id| !said.contains(*id));
    against.extend(unused.map(|id| format!("{id} is never said")));
    report("The program says every sentence, and no other:", &against);
}

#[test]
fn sentences_fit_where_they_go() {
    let limits: [(&str, &str, usize, &str); 11] = [
        ("button-", "", 80, "a button's label on Discord"),
        ("form-", "", 45, "a form's title on Discord"),
        ("field-", "", 45, "a field's label on Discord"),
        ("command-", "-description", 100, "a command's description on Discord"),
        ("option-", "-description", 100, "an option's description on Discord"),
        ("option-", "-name", 32, "an option's name on Discord"),
        ("urgency-", "", 100, "a choice's name on Discord"),
        ("refused-", "", 200, "a toast on Telegram"),
        ("done-", "", 200, "a toast on Telegram"),
        ("added", "", 200, "a toast on Telegram"),
        ("write-to-me-first", "", 200, "a toast on Telegram"),
    ];
    let mut against = Vec::new();
    for language in Language::ALL {
        for (id, sentence) in sentences(language) {
            let text = said(language, &id, &sentence);
            // The platforms don't agree on what a character is; UTF-16 units are the most that one of them counts.
            let length = text.encode_utf16().count();
            for (start, end, most, what) in limits {
                if id.starts_with(start) && id.ends_with(end) && length > most {
                    against.push(format!(
                        "{id} ({}): {length} of {most} for {what}: {text}",
                        language.code()
                    ));
                }
            }
        }
    }
    report("No sentence is cut:", &against);
}

#[test]
fn names_of_options_are_names_to_discord() {
    for language in Language::ALL {
        for (id, sentence) in sentences(language) {
            if id.starts_with("option-") && id.ends_with("-name") {
                let name = said(language, &id, &sentence);
                let right = |c: char| (c.is_alphanumeric() && !c.is_uppercase()) || c == '_' || c == '-';
                assert!(name.chars().all(right), "{id} ({}): {name}", language.code());
            }
        }
    }
}

#[test]
fn every_command_that_a_sentence_tells_of_exists() {
    let mut against = Vec::new();
    for language in Language::ALL {
        for (id, sentence) in sentences(language) {
            let text = said(language, &id, &sentence);
            let told = text.split_whitespace().filter_map(|word| word.strip_prefix('/'));
            for name in told.map(|name| name.trim_end_matches(|c: char| !c.is_alphanumeric())) {
                if !Command::ALL
                    .iter()
                    .any(|command| command.code() == name || command.french() == name)
                {
                    against.push(format!("{id} ({}): /{name}", language.code()));
                }
            }
        }
    }
    report("A sentence tells only of commands that exist:", &against);
}
