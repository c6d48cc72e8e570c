//! The sentences, from the locale files compiled in.
//!
//! `say` gives one sentence in one language. Sentences are plain text: nothing in them is markup.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::domain::language::Language;

type Bundle = FluentBundle<FluentResource>;

static FRENCH: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        Language::Fr,
        &[
            include_str!("locales/fr/canned.ftl"),
            include_str!("locales/fr/categories.ftl"),
            include_str!("locales/fr/commands.ftl"),
            include_str!("locales/fr/desk.ftl"),
            include_str!("locales/fr/errors.ftl"),
            include_str!("locales/fr/opening.ftl"),
            include_str!("locales/fr/people.ftl"),
            include_str!("locales/fr/questions.ftl"),
            include_str!("locales/fr/rating.ftl"),
            include_str!("locales/fr/helping.ftl"),
            include_str!("locales/fr/relating.ftl"),
            include_str!("locales/fr/rewriting.ftl"),
            include_str!("locales/fr/transcript.ftl"),
            include_str!("locales/fr/web.ftl"),
        ],
    )
});
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        Language::En,
        &[
            include_str!("locales/en/canned.ftl"),
            include_str!("locales/en/categories.ftl"),
            include_str!("locales/en/commands.ftl"),
            include_str!("locales/en/desk.ftl"),
            include_str!("locales/en/errors.ftl"),
            include_str!("locales/en/opening.ftl"),
            include_str!("locales/en/people.ftl"),
            include_str!("locales/en/questions.ftl"),
            include_str!("locales/en/rating.ftl"),
            include_str!("locales/en/helping.ftl"),
            include_str!("locales/en/relating.ftl"),
            include_str!("locales/en/rewriting.ftl"),
            include_str!("locales/en/transcript.ftl"),
            include_str!("locales/en/web.ftl"),
        ],
    )
});

#[expect(
    clippy::expect_used,
    reason = "the locale files are compiled in, and a test reads them all"
)]
fn bundle(language: Language, files: &[&str]) -> Bundle {
    let tag = language.code().parse().expect("a language tag");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolation marks would stand in what people copy, and in what tests compare.
    bundle.set_use_isolating(false);
    for file in files {
        let resource = FluentResource::try_new((*file).to_owned()).expect("a locale file that parses");
        bundle.add_resource(resource).expect("a locale file without duplicates");
    }
    bundle
}

/// A sentence's arguments: `[("number", 12.into())]`.
pub type Args<'a> = &'a [(&'a str, FluentValue<'a>)];

impl Language {
    /// The sentence with that id in this language.
    ///
    /// A missing sentence gives its id: a test shows that none is missing.
    #[must_use]
    pub fn say(self, id: &str, args: Args<'_>) -> String {
        let bundle: &Bundle = match self {
            Self::Fr => &FRENCH,
            Self::En => &ENGLISH,
        };
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "{id}: {errors:?}");
        text
    }
}
