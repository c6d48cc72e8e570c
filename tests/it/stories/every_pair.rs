//! What is told on each pair of platforms and in both languages, paragraph by paragraph: the same story eight times, whose
//! snapshots are what people read.

mod categories;
mod exchange;
mod files;
mod finding;
mod following;
mod healing;
mod opening;
mod telling;
mod working;

use fluent_bundle::FluentValue;
use guichet::domain::account::Role;
use guichet::domain::language::Language;
use guichet::domain::platform::Platform;
use guichet::sandbox::{Answer, Seen};

use super::canned;
use crate::harness::{Chair, Learner, Office, Person, StaffOn, World, link, office};

/// What most stories are about.
const TITLE: &str = "Le wifi tombe";

/// The people of a story, on one pair, in one language.
struct Pair {
    world: World,
    staff: Office,
    lina: Chair,
    person: Person,
    learner_on: Platform,
    on: StaffOn,
    language: Language,
}

impl Pair {
    async fn open(learner_on: Platform, on: StaffOn, language: Language) -> Self {
        let world = World::open().await;
        let staff = office(&world, on, language.code()).await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language.code(), Role::Learner).await;
        world.script.forget();
        Self {
            world,
            staff,
            lina: lina.private,
            person: lina.person,
            learner_on,
            on,
            language,
        }
    }

    fn say(&self, id: &str) -> String {
        self.language.say(id, &[])
    }

    /// A sentence about the first ticket.
    fn about(&self, id: &str) -> String {
        self.about_with(id, &[])
    }

    /// A sentence about the first ticket, in which more is named.
    fn about_with(&self, id: &str, more: &[(&'static str, FluentValue<'static>)]) -> String {
        let named = [("number", "1".into()), ("title", TITLE.into())];
        self.language.say(id, &[&named, more].concat())
    }

    /// What Lina is told that Moussa did.
    fn by_moussa(&self, id: &str) -> String {
        self.about_with(id, &[("name", "Moussa Sarr".into())])
    }

    async fn presses(&self, chair: &Chair, on: &Seen, label: &str) -> Answer {
        chair.presses(on, &self.say(label)).await
    }

    /// Fills what a button asks for: a form, or one question after the other. Each is a field, its question, and the words.
    async fn fills(&self, chair: &Chair, on: &Seen, label: &str, fields: &[(&str, &str, &str)]) {
        let said: Vec<_> = fields
            .iter()
            .map(|(field, question, words)| (self.say(field), self.say(question), *words))
            .collect();
        let said: Vec<_> = said
            .iter()
            .map(|(field, question, words)| (field.as_str(), question.as_str(), *words))
            .collect();
        canned::fills(chair, on, &self.say(label), &said).await;
    }

    /// Lina's first ticket: her card of it.
    async fn opened(&self) -> Seen {
        self.sends(TITLE).await;
        let own = self.lina.sees(&format!("1 · {TITLE}")).await;
        self.staff.moussa.channel.sees(TITLE).await;
        self.world.quiet().await;
        own
    }

    /// The same, and Moussa has taken it.
    async fn taken(&self) -> Seen {
        let own = self.opened().await;
        self.staff.moussa.private.uses("take", &[("number", "1")]).await;
        self.staff.moussa.private.sees(TITLE).await;
        self.lina.sees(&self.by_moussa("told-taken")).await;
        self.world.quiet().await;
        self.lina.catches_up();
        own
    }

    /// Lina writes, and sends the draft.
    async fn sends(&self, words: &str) {
        self.lina.says(words).await;
        let draft = self.lina.sees(words).await;
        self.presses(&self.lina, &draft, "button-send").await;
    }

    /// Moussa in the thread of the first ticket.
    fn thread(&self) -> Chair {
        self.staff.moussa.thread(&self.world, 1)
    }

    /// Somebody's chat on another platform, of which the story tells nothing until they use it.
    async fn also_on(&self, platform: Platform, name: &str, email: &str) -> Learner {
        let so_far = self.world.script.text();
        let chat = Learner::new(&self.world, name, platform, self.language.code());
        let code = self.world.new_code(email).await;
        link(&chat.private, &code, self.language.code()).await;
        self.world.quiet().await;
        self.lina.catches_up();
        self.staff.moussa.private.catches_up();
        self.world.script.back_to(&so_far);
        chat
    }
}

/// Tells a story on every pair, and keeps what people read.
async fn on_every_pair(name: &str, story: impl AsyncFn(&mut Pair)) {
    for (learner_on, on) in [
        (Platform::Telegram, StaffOn::Discord),
        (Platform::Discord, StaffOn::TelegramTopics),
        (Platform::Discord, StaffOn::Discord),
        (Platform::Telegram, StaffOn::TelegramTopics),
    ] {
        for language in [Language::Fr, Language::En] {
            tell(name, Pair::open(learner_on, on, language).await, &story).await;
        }
    }
}

async fn tell(name: &str, mut pair: Pair, story: &impl AsyncFn(&mut Pair)) {
    story(&mut pair).await;
    pair.world.tables.all_went_well().await;
    pair.world.close().await;
    let Pair {
        learner_on,
        on,
        language,
        ..
    } = pair;
    insta::with_settings!({ snapshot_suffix => format!("{learner_on:?}_to_{on:?}_{}", language.code()) }, {
        insta::assert_snapshot!(name, pair.world.script.text());
    });
}
