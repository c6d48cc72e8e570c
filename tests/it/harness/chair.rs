//! One person in one place, on either platform, with the same verbs; what they do and see goes into the script.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use guichet::domain::platform::Platform;
use guichet::sandbox::discord::DiscordSeat;
use guichet::sandbox::telegram::TelegramSeat;
use guichet::sandbox::{Answer, Missed, Seat, Seen, Upload};

use sqlx::mysql::MySqlPool;

use super::Script;

/// A seat on either platform.
#[derive(Clone)]
pub enum AnySeat {
    /// On Telegram.
    Telegram(TelegramSeat),
    /// On Discord.
    Discord(DiscordSeat),
}

impl From<TelegramSeat> for AnySeat {
    fn from(seat: TelegramSeat) -> Self {
        Self::Telegram(seat)
    }
}

impl From<DiscordSeat> for AnySeat {
    fn from(seat: DiscordSeat) -> Self {
        Self::Discord(seat)
    }
}

macro_rules! on_either {
    ($chair:expr, $seat:ident => $do:expr) => {
        match &$chair.seat {
            AnySeat::Telegram($seat) => $do,
            AnySeat::Discord($seat) => $do,
        }
    };
}

/// What has no words; neither a sticker nor a place is known on Discord.
#[derive(Clone, Copy, Debug)]
pub enum Wordless {
    Sticker,
    Location,
    Voice,
}

/// One person in one place.
#[derive(Clone)]
pub struct Chair {
    who: String,
    place: String,
    pub seat: AnySeat,
    script: Script,
    database: MySqlPool,
    /// The text of each message as it was last seen.
    read: Arc<Mutex<HashMap<i64, String>>>,
}

impl Chair {
    pub fn new(who: &str, place: &str, seat: AnySeat, script: Script, database: MySqlPool) -> Self {
        Self {
            who: who.to_owned(),
            place: place.to_owned(),
            seat,
            script,
            database,
            read: Arc::default(),
        }
    }

    fn did(&self, what: &str) {
        self.script.did(&self.who, &self.place, what);
    }

    fn must<T>(&self, outcome: Result<T, Missed>) -> T {
        match outcome {
            Ok(value) => value,
            Err(missed) => panic!(
                "{} ({}): {missed}\n\nThe story so far:\n{}",
                self.who,
                self.place,
                self.script.text()
            ),
        }
    }

    /// Writes a message.
    pub async fn says(&self, text: &str) -> i64 {
        self.did(&format!("says\n{text}"));
        self.script.typed_in(text);
        on_either!(self, seat => seat.says(text).await)
    }

    /// Writes a message with something secret in it, which the script shows as `shown`.
    pub async fn says_secretly(&self, text: &str, shown: &str) -> i64 {
        self.did(&format!("says\n{shown}"));
        self.script.typed_in(text);
        on_either!(self, seat => seat.says(text).await)
    }

    /// Sends a file with a caption.
    pub async fn sends(&self, name: &str, media_type: &str, bytes: &[u8], caption: &str) -> i64 {
        self.did(&format!("sends {name}\n{caption}"));
        self.script.typed_in(caption);
        let file = upload(&(name, media_type, bytes));
        on_either!(self, seat => seat.sends(&[file], caption).await)
    }

    /// Sends several files at once: (name, media type, content).
    pub async fn sends_all(&self, files: &[(&str, &str, &[u8])], caption: &str) -> i64 {
        let names: Vec<_> = files.iter().map(|(name, ..)| *name).collect();
        self.did(&format!("sends {}\n{caption}", names.join(", ")));
        let files: Vec<Upload> = files.iter().map(upload).collect();
        on_either!(self, seat => seat.sends(&files, caption).await)
    }

    /// Sends something without words.
    pub async fn sends_wordless(&self, what: Wordless) -> i64 {
        self.did(&format!("sends a {what:?}").to_lowercase());
        match what {
            Wordless::Sticker => self.telegram().sends_sticker("😭").await,
            Wordless::Location => self.telegram().sends_location(14.7, -17.4).await,
            Wordless::Voice => on_either!(self, seat => seat.sends_voice(b"OggS").await),
        }
    }

    /// The platform they are on.
    pub fn platform(&self) -> Platform {
        match &self.seat {
            AnySeat::Telegram(_) => Platform::Telegram,
            AnySeat::Discord(_) => Platform::Discord,
        }
    }

    /// Their seat, which is on Telegram.
    pub fn telegram(&self) -> &TelegramSeat {
        match &self.seat {
            AnySeat::Telegram(seat) => seat,
            AnySeat::Discord(_) => panic!("{} is on Discord", self.who),
        }
    }

    /// Types in an option of a command on Discord, and reads what is suggested.
    pub async fn types(&self, name: &str, option: &str, text: &str) -> Vec<String> {
        let AnySeat::Discord(seat) = &self.seat else {
            panic!("{} is on Telegram", self.who)
        };
        self.did(&format!("types /{name} {option}: {text}"));
        self.must(seat.types(name, option, text).await)
    }

    /// Uses a command from the menu of a message, as only Discord has it.
    pub async fn picks(&self, name: &str, message: i64) -> Answer {
        let AnySeat::Discord(seat) = &self.seat else {
            panic!("{} is on Telegram", self.who)
        };
        self.did(&format!("uses « {name} » on a message"));
        self.must(seat.uses_message_command(name, message).await)
    }

    /// Answers a message.
    pub async fn replies(&self, to: &Seen, text: &str) -> i64 {
        self.did(&format!("replies\n{text}"));
        self.script.typed_in(text);
        self.noted(to).await;
        on_either!(self, seat => seat.replies(to, text).await)
    }

    /// Waits for a message with this text. A draft or a question that another one replaced loses its buttons, which
    /// makes it unread again: that is nothing new to read.
    pub async fn sees(&self, text: &str) -> Seen {
        loop {
            let seen = self.must(on_either!(self, seat => seat.sees(text).await));
            if self.is_news(&seen) {
                self.script.saw(&self.who, &self.place, &seen);
                return seen;
            }
        }
    }

    /// Waits until the desk has written down which message of its own this is: it does so a moment after sending,
    /// sooner than any person could answer.
    async fn noted(&self, seen: &Seen) {
        let id = seen.message_id.to_string();
        let sql = "SELECT (SELECT COUNT(*) FROM messages WHERE message_id = ?)
                        + (SELECT COUNT(*) FROM dialogs WHERE message_id = ?)";
        for _ in 0..400 {
            let query = sqlx::query_scalar::<_, i64>(sql).bind(&id).bind(&id);
            if query.fetch_one(&self.database).await.expect("a count") > 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    fn is_news(&self, seen: &Seen) -> bool {
        let before = self
            .read
            .lock()
            .expect("no panic while reading")
            .insert(seen.message_id, seen.text.clone());
        !seen.buttons.is_empty() || before.is_none_or(|text| text != seen.text)
    }

    /// A message of the bot as it now stands.
    pub fn stands(&self, message: i64) -> Option<Seen> {
        on_either!(self, seat => seat.looks_at(message))
    }

    /// Waits until a message that they saw says this, and looks at it as it stands then.
    pub async fn looks_at(&self, message: &Seen, text: &str) -> Seen {
        for _ in 0..1_500 {
            let now = self.stands(message.message_id);
            if let Some(now) = now.filter(|now| now.text.contains(text)) {
                self.is_news(&now);
                self.script.saw(&self.who, &self.place, &now);
                return now;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("{text:?} is not on the message:\n{}", self.history());
    }

    /// Presses a button.
    pub async fn presses(&self, on: &Seen, label: &str) -> Answer {
        self.did(&format!("presses [{label}]"));
        self.must(on_either!(self, seat => seat.presses(on, label).await))
    }

    /// Presses a button that may go before it is pressed; nothing where it did.
    pub async fn tries(&self, on: &Seen, label: &str) -> Option<Answer> {
        self.did(&format!("presses [{label}], if it is there"));
        let pressed = on_either!(self, seat => seat.presses(on, label).await);
        let is_gone = |missed: &Missed| {
            ["a button ", "the button ", "the message "]
                .iter()
                .any(|no| missed.expected.starts_with(no))
        };
        match pressed {
            Err(missed) if is_gone(&missed) => None,
            pressed => Some(self.must(pressed)),
        }
    }

    /// Presses a button twice before anything can come of it: what both presses got.
    pub async fn presses_twice(&self, on: &Seen, label: &str) -> [Answer; 2] {
        self.did(&format!("presses [{label}] twice"));
        let (first, second) = tokio::join!(
            async { on_either!(self, seat => seat.presses(on, label).await) },
            async { on_either!(self, seat => seat.presses(on, label).await) },
        );
        [self.must(first), self.must(second)]
    }

    /// Presses a button that may not be there, on any message.
    pub async fn forges(&self, on: &Seen, data: &str) -> Answer {
        self.did(&format!("forges [{data}]"));
        self.must(on_either!(self, seat => seat.presses_raw(on.message_id, data).await))
    }

    /// Reacts to a message.
    pub fn reacts(&self, on: &Seen, emoji: &str) {
        self.did(&format!("reacts {emoji}"));
        on_either!(self, seat => seat.reacts(on.message_id, emoji));
    }

    /// Deletes a message.
    pub fn deletes(&self, on: &Seen) {
        self.did("deletes it");
        on_either!(self, seat => seat.deletes(on.message_id));
    }

    /// Answers a message with a file: its name, media type and content.
    pub async fn answers_with(&self, to: &Seen, file: (&str, &str, &[u8]), caption: &str) -> i64 {
        self.answers_with_all(to, &[file], caption).await
    }

    /// The same with several files at once, which are an album on Telegram.
    pub async fn answers_with_all(&self, to: &Seen, files: &[(&str, &str, &[u8])], caption: &str) -> i64 {
        let files: Vec<Upload> = files.iter().map(upload).collect();
        let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
        self.did(&format!("replies with {}\n{caption}", names.join(", ")));
        self.script.typed_in(caption);
        on_either!(self, seat => seat.replies_with(to, &files, caption).await)
    }

    /// Changes a message of theirs.
    pub fn edits(&self, message: i64, text: &str) {
        self.did(&format!("edits it\n{text}"));
        self.script.typed_in(text);
        on_either!(self, seat => seat.edits(message, text));
    }

    /// Takes a message of theirs back: on Discord by deleting it, on Telegram by a command in reply to it.
    pub async fn takes_back(&self, message: i64, command: &str) {
        self.did(&format!("takes it back ({command})"));
        let own = Seen {
            message_id: message,
            text: String::new(),
            buttons: Vec::new(),
            files: Vec::new(),
            edits: 0,
        };
        match &self.seat {
            AnySeat::Telegram(seat) => drop(seat.replies(&own, command).await),
            AnySeat::Discord(seat) => seat.deletes(message),
        }
    }

    /// The messages of the bot that they have not looked for.
    pub fn unread(&self) -> Vec<Seen> {
        on_either!(self, seat => seat.unread())
    }

    /// Reads all that changed so far, so that what comes is found.
    pub fn catches_up(&self) {
        for seen in self.unread() {
            self.stands(seen.message_id);
            self.is_news(&seen);
        }
    }

    /// Looks at the files that stand below what they have read, as they do on Telegram.
    pub fn sees_files_below(&self) {
        let is_file = |seen: &Seen| seen.text.is_empty() && !seen.files.is_empty();
        for seen in self.unread().into_iter().filter(is_file) {
            self.stands(seen.message_id);
            self.is_news(&seen);
            self.script.saw(&self.who, &self.place, &seen);
        }
    }

    /// How often these words stand in the place.
    pub fn times(&self, words: &str) -> usize {
        self.history().matches(words).count()
    }

    /// Presses a button that is answered by a short word to them alone: a toast, or a message only they see.
    pub async fn told(&self, on: &Seen, label: &str, word: &str) {
        let told = match self.presses(on, label).await {
            Answer::Toast(text) => text,
            Answer::Message(seen) => {
                self.is_news(&seen);
                seen.text
            }
            other => panic!("{} got {other:?} for [{label}]", self.who),
        };
        assert!(told.contains(word), "{} was told {told:?}", self.who);
        self.did(&format!("is told\n{told}"));
    }

    /// Presses a button that asks for words, and gives them: in the form that opens, or in reply to the question.
    pub async fn presses_and_writes(&self, on: &Seen, label: &str, words: &str) {
        if let Answer::Form { fields, .. } = self.presses(on, label).await {
            self.submits(&[(fields[0].label.as_str(), words)]).await;
        } else {
            let question = self.sees_question(label).await;
            self.replies(&question, words).await;
        }
    }

    /// Waits for the question behind a button, the one that is open.
    pub async fn sees_question(&self, label: &str) -> Seen {
        // A question that was answered before loses its buttons, which makes it unread again.
        let question = loop {
            let seen = self.must(on_either!(self, seat => seat.sees(question(label)).await));
            if !seen.buttons.is_empty() {
                break seen;
            }
        };
        self.script.saw(&self.who, &self.place, &question);
        question
    }

    /// Uses a command.
    pub async fn uses(&self, name: &str, options: &[(&str, &str)]) -> Answer {
        let words: Vec<_> = options.iter().map(|(_, value)| *value).collect();
        self.did(&format!("uses /{name} {}", words.join(" ")));
        for words in &words {
            self.script.typed_in(words);
        }
        self.must(on_either!(self, seat => seat.uses(name, options).await))
    }

    /// Fills the open form and sends it.
    pub async fn submits(&self, fields: &[(&str, &str)]) -> Answer {
        let typed: Vec<_> = fields.iter().map(|(label, text)| format!("{label}: {text}")).collect();
        self.did(&format!("fills the form\n{}", typed.join("\n")));
        for (_, text) in fields {
            self.script.typed_in(text);
        }
        self.must(on_either!(self, seat => seat.submits(fields).await))
    }

    /// Waits until the bot put this reaction on a message of theirs.
    pub async fn sees_reaction(&self, message: i64, telegram: &str, discord: &str) {
        let (outcome, emoji) = match &self.seat {
            AnySeat::Telegram(seat) => (seat.sees_reaction(message, telegram).await, telegram),
            AnySeat::Discord(seat) => (seat.sees_reaction(message, discord).await, discord),
        };
        self.must(outcome);
        self.did(&format!("sees {emoji} on it"));
    }

    /// The bot's reactions on a message of theirs.
    pub fn reactions(&self, message: i64) -> Vec<String> {
        on_either!(self, seat => seat.reactions(message))
    }

    /// Fails if the bot wrote anything here that nobody looked at. What changed since they looked rings nobody.
    #[track_caller]
    pub fn sees_nothing_else(&self) {
        let unread = on_either!(self, seat => seat.unread());
        let read = self.read.lock().expect("no panic while reading");
        let unread: Vec<_> = unread
            .into_iter()
            .filter(|seen| !read.contains_key(&seen.message_id))
            .collect();
        assert!(unread.is_empty(), "{} also sees {unread:#?}", self.who);
        self.did("sees nothing else");
    }

    /// Everything there, as they see it now.
    pub fn history(&self) -> String {
        on_either!(self, seat => seat.history())
    }
}

/// A file: its name, media type and content.
fn upload((name, media_type, bytes): &(&str, &str, &[u8])) -> Upload {
    Upload {
        name: (*name).to_owned(),
        media_type: (*media_type).to_owned(),
        bytes: bytes.to_vec(),
    }
}

/// The words that an answer holds at once.
pub fn words(answer: &Answer) -> String {
    match answer {
        Answer::Quiet => String::new(),
        Answer::Toast(text) => text.clone(),
        Answer::Message(seen) => seen.text.clone(),
        Answer::Form { title, .. } => title.clone(),
    }
}

/// What the question behind a button contains, where there are no forms.
fn question(label: &str) -> &'static str {
    match label {
        "Demander une précision" => "Que voulez-vous demander",
        "Ask for details" => "What would you like to ask",
        "Résoudre" => "a-t-il été résolu",
        "Resolve" => "How was no.",
        "Toujours en panne" => "ne va toujours pas",
        "Still broken" => "What is still wrong",
        "Répondre" | "Ajouter" => "Que voulez-vous ajouter",
        "Reply" | "Answer" | "Add" => "What would you like to add",
        "Note interne" => "Que voulez-vous noter",
        "Internal note" => "What would you like to note",
        "Ajouter un mot" => "Un mot sur le n°",
        "Add a word" => "A word about no.",
        other => panic!("no question is known for [{other}]"),
    }
}
