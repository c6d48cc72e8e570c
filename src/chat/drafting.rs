//! A ticket in the making: what somebody writes becomes a draft that one tap sends.

use std::num::NonZeroU32;

use super::build::{button, excerpt, fact, mine};
use super::cards;
use super::dialog::Draft;
use super::following::follows;
use super::intent::Written;
use super::press::{CategoryPress, Press, QuestionPress};
use super::refusals::text_error;
use super::reply::{Block, Button, Look, Message, Reply};
use super::replying::added;
use super::turn::Turn;
use crate::domain::account::Actor;
use crate::domain::file::StoredFile;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::text::{Body, Description, TextError, Title};
use crate::domain::ticket::Urgency;
use crate::service::open::{TooMany, WITHIN, may_open};
use crate::service::work::Deed;
use crate::store::Fault;
use crate::store::cards::find_message;
use crate::store::tickets::{self, NewTicket};

/// How many open tickets a draft can be added to by button.
const OFFERED: u32 = 2;

impl Turn<'_> {
    /// A message in the private chat: a word on the ticket it replies to, the answer to a question, or a draft.
    pub(super) async fn private_message(
        &mut self,
        written: &Written,
        text: String,
        files: Vec<StoredFile>,
    ) -> Result<Reply, Fault> {
        if let Some(reply_to) = written
            .reply_to
            .as_ref()
            .filter(|reply_to| Some(*reply_to) != self.shown.as_ref())
        {
            let chat = self.spot().chat.clone();
            let mention = find_message(self.tx, self.inbound.platform, &chat, reply_to).await?;
            if let (Some(mention), Some(actor)) = (mention, self.actor()) {
                return self.reply_to_ticket(&actor, mention, &text, files).await;
            }
        }
        if self.dialog.is_asking() {
            return self.answer(text, files).await;
        }
        if self.dialog.filling.is_some() {
            return self.answer_question(&text, &files).await;
        }
        if self.dialog.draft.is_none() && files.is_empty() && is_greeting(&text) {
            return Ok(self.hello());
        }
        self.add_to_draft(&text, &files).await
    }

    /// Adds to the draft, and shows it; somebody unknown is asked who they are first.
    pub(super) async fn add_to_draft(&mut self, text: &str, files: &[StoredFile]) -> Result<Reply, Fault> {
        let draft = self.dialog.draft.get_or_insert_default();
        if !draft.has_room(text, files) {
            return Ok(self.draft_full());
        }
        draft.add(text, files);
        self.note_first_words(text);
        if self.me.account.is_none() {
            return Ok(self.ask_who());
        }
        self.show_draft().await
    }

    /// What the draft can't take any more.
    pub(super) fn draft_full(&self) -> Reply {
        let language = self.lang();
        let message = Message::text(self.say("draft-full")).row([
            button(language, "button-send", Press::Send, Look::Main),
            button(language, "button-edit", Press::EditDraft, Look::Plain),
            button(language, "button-drop", Press::DropDraft, Look::Plain),
        ]);
        self.tell(message)
    }

    /// What is too long for a form, where it can't be asked for otherwise.
    pub(super) fn draft_too_long(&self) -> Reply {
        let language = self.lang();
        let message = Message::text(self.say("draft-too-long")).row([
            button(language, "button-send", Press::Send, Look::Main),
            button(language, "button-drop", Press::DropDraft, Look::Plain),
        ]);
        self.tell(message)
    }

    /// The draft as it stands, as a new message.
    pub(super) async fn show_draft(&mut self) -> Result<Reply, Fault> {
        Ok(match self.draft_message(None).await? {
            Some(message) => Reply::Message(message),
            None => self.no_draft(),
        })
    }

    /// The draft as it stands, in place of the one whose button was pressed.
    pub(super) async fn update_draft(&mut self) -> Result<Reply, Fault> {
        self.dialog.filling = None;
        Ok(match self.draft_message(None).await? {
            Some(message) => Reply::Update(message),
            None => self.no_draft(),
        })
    }

    pub(super) fn no_draft(&self) -> Reply {
        self.word(self.say("draft-none"))
    }

    /// The draft as a message, with a line before it.
    pub(super) async fn draft_message(&mut self, before: Option<String>) -> Result<Option<Message>, Fault> {
        let Some(draft) = self.dialog.draft.clone() else {
            return Ok(None);
        };
        let language = self.lang();
        let mut blocks: Vec<Block> = before.into_iter().map(Block::Text).collect();
        if Title::parse(&draft.title()).is_err() && draft.title.is_none() {
            let kept = if draft.files.is_empty() {
                "draft-needs-words"
            } else {
                "draft-needs-words-files"
            };
            let args = [("count", draft.files.len().into())];
            blocks.push(Block::Text(language.say(kept, &args)));
            let drop = button(language, "button-drop", Press::DropDraft, Look::Plain);
            // What is written in a place of several is no part of it.
            let edit = button(language, "button-edit", Press::EditDraft, Look::Main);
            let edit = (!self.is_private()).then_some(edit);
            let message = Message {
                blocks,
                shows_dialog: true,
                ..Message::default()
            };
            let message = message.row(edit.into_iter().chain([drop]));
            return Ok(Some(self.with_open_tickets(message).await?));
        }
        blocks.push(Block::Title(self.say("draft-heading")));
        blocks.extend(draft.title.clone().map(Block::Text));
        blocks.push(Block::Text(excerpt(&draft.text)));
        let mut facts = Vec::new();
        if !draft.files.is_empty() {
            facts.push(fact(
                language.say("draft-files", &[("count", draft.files.len().into())]),
            ));
        }
        facts.extend(draft.follows.map(|older| follows(language, older)));
        let category = self.category_of(&draft).await?;
        if let Some(category) = &category {
            let name = category.name(language).to_owned();
            facts.push(fact(language.say("draft-category", &[("name", name.into())])));
        }
        facts.push(fact(language.say(
            "draft-urgency",
            &[("name", cards::urgency(language, draft.urgency).into())],
        )));
        blocks.push(Block::Facts(facts));
        let asked = self.questions_of(&draft).await?;
        blocks.extend(self.questions_shown(&draft, &asked));
        let message = Message {
            blocks,
            shows_dialog: true,
            ..Message::default()
        };
        Ok(Some(self.with_draft_buttons(message, !asked.is_empty()).await?))
    }

    async fn with_draft_buttons(&mut self, message: Message, has_questions: bool) -> Result<Message, Fault> {
        let language = self.lang();
        let of = |label, press, look| button(language, label, press, look);
        let fill = Press::Questions(QuestionPress::Fill);
        let fill = has_questions.then(|| of("button-fill", fill, Look::Plain));
        let first = [
            of("button-send", Press::Send, Look::Main),
            of("button-edit", Press::EditDraft, Look::Plain),
        ];
        let message = message.row(first.into_iter().chain(fill)).row([
            of(
                "button-category",
                Press::Categories(CategoryPress::Choose(0)),
                Look::Plain,
            ),
            of("button-urgency", Press::PickUrgency, Look::Plain),
            of("button-drop", Press::DropDraft, Look::Plain),
        ]);
        self.with_open_tickets(message).await
    }

    /// With the tickets to which the draft can be added instead.
    async fn with_open_tickets(&mut self, mut message: Message) -> Result<Message, Fault> {
        let language = self.lang();
        // What is somebody else's is no word of one's own.
        let is_own = self
            .dialog
            .draft
            .as_ref()
            .is_some_and(|draft| draft.requester.is_none());
        if let Some(actor) = self.actor().filter(|_| is_own) {
            for number in tickets::list_open_numbers(self.tx, actor.account, OFFERED).await? {
                let label = language.say("button-add-to", &[("number", number.to_string().into())]);
                let action = Press::AddTo(number).to_string();
                message = message.row([Button {
                    label,
                    action,
                    look: Look::Plain,
                }]);
            }
        }
        Ok(message)
    }

    /// « Envoyer ».
    pub(super) async fn send_draft(&mut self, pressed: &str) -> Result<Reply, Fault> {
        let Some(draft) = self.dialog.draft.clone() else {
            return self.sent_already(pressed).await;
        };
        let Some(actor) = self.actor() else {
            return Ok(self.ask_who());
        };
        let text = if draft.text.is_empty() {
            draft.title()
        } else {
            draft.text.clone()
        };
        let new = match (Title::parse(&draft.title()), Description::parse(&text)) {
            (Ok(title), Ok(description)) => self.new_ticket(&draft, title, description).await?,
            (Err(error), _) => return Ok(self.keep_draft("title", error)),
            (_, Err(error)) => return Ok(self.keep_draft("description", error)),
        };
        if let Err(too_many) = may_open(self.tx, &actor, self.rules.most).await? {
            return self.come_later(too_many).await;
        }
        let asked = self.questions_of(&draft).await?;
        if asked.iter().any(|question| draft.lacks(question)) {
            return self.fill_in(false, Some(self.say("questions-missing"))).await;
        }
        let opened = match self.open(&actor, &new, &draft).await? {
            Ok(opened) => opened,
            Err(refused) => return Ok(refused),
        };
        self.dialog.draft = None;
        self.dialog.filling = None;
        Ok(Reply::Update(opened))
    }

    async fn new_ticket(&mut self, draft: &Draft, title: Title, description: Description) -> Result<NewTicket, Fault> {
        let category = self.category_of(draft).await?.map(|category| category.id);
        let category = category.ok_or_else(|| Fault::Unreadable("there is no category".to_owned()))?;
        Ok(NewTicket {
            title,
            description,
            urgency: draft.urgency,
            category,
            answers: draft.answers.clone(),
            files: draft.files.clone(),
        })
    }

    /// The draft can't be sent as it is; it stays.
    fn keep_draft(&self, field: &str, error: TextError) -> Reply {
        let sentence = text_error(self.lang(), field, error);
        let edit = button(self.lang(), "button-edit", Press::EditDraft, Look::Main);
        let blocks = vec![Block::Text(sentence), Block::Text(self.say("kept-shorten"))];
        self.tell(
            Message {
                blocks,
                ..Message::default()
            }
            .row([edit]),
        )
    }

    /// They opened too many at once; the draft stays.
    async fn come_later(&mut self, too_many: TooMany) -> Result<Reply, Fault> {
        let wait = too_many.until - self.tx.now();
        let args = [
            ("most", self.rules.most.map_or(0, NonZeroU32::get).into()),
            ("within", WITHIN.num_minutes().into()),
            ("minutes", (wait.num_seconds().max(0) / 60 + 1).into()),
        ];
        let sentence = self.lang().say("too-many-at-once", &args);
        let send = button(self.lang(), "button-send", Press::Send, Look::Main);
        let message = Message::text(sentence).row([send, mine(self.lang())]);
        let message = self.with_open_tickets(message).await?;
        Ok(self.tell(message))
    }

    /// « Envoyer » a second time: the message is the ticket's card by now.
    async fn sent_already(&mut self, pressed: &str) -> Result<Reply, Fault> {
        let chat = self.spot().chat.clone();
        let mention = find_message(self.tx, self.inbound.platform, &chat, pressed).await?;
        Ok(match mention {
            Some(mention) => self.word(
                self.lang()
                    .say("draft-sent-already", &[("number", mention.ticket.to_string().into())]),
            ),
            None => self.no_draft(),
        })
    }

    /// « Annuler » on a draft.
    pub(super) fn drop_draft(&mut self) -> Reply {
        if self.dialog.draft.take().is_none() {
            return self.no_draft();
        }
        self.dialog.asking = None;
        self.dialog.filling = None;
        let new = button(self.lang(), "button-new", Press::NewTicket, Look::Plain);
        Reply::Update(Message::text(self.say("draft-dropped")).row([new]))
    }

    /// « Ajouter au n° 12 »: the draft becomes a word on an open ticket.
    pub(super) async fn add_draft_to(&mut self, ticket: TicketId) -> Result<Reply, Fault> {
        let (Some(draft), Some(actor)) = (self.dialog.draft.clone(), self.actor()) else {
            return Ok(self.no_draft());
        };
        if draft.requester.is_some() {
            return Ok(self.other_draft());
        }
        let body = match Body::parse(&draft.words()) {
            Ok(body) => Some(body),
            Err(TextError::Empty) => None,
            Err(error) => return Ok(self.keep_draft("body", error)),
        };
        let deed = Deed::Comment(body, draft.files);
        match self.work(&actor, ticket, &deed, None).await? {
            Ok((after, _)) => {
                self.dialog.draft = None;
                self.dialog.filling = None;
                Ok(Reply::Update(added(self.lang(), &after)))
            }
            Err(refused) => Ok(refused),
        }
    }

    /// A ticket from a form: at once, since the form was the draft.
    pub(super) async fn open_from_form(
        &mut self,
        actor: &Actor,
        draft: &Draft,
        urgency: Option<Urgency>,
    ) -> Result<Reply, Fault> {
        let text = if draft.text.is_empty() {
            draft.title()
        } else {
            draft.text.clone()
        };
        let (Ok(title), Ok(description)) = (Title::parse(&draft.title()), Description::parse(&text)) else {
            return Ok(self.no_draft());
        };
        let new = self.new_ticket(draft, title, description).await?;
        if !self.questions_of(draft).await?.is_empty() {
            if let Some(full) = self.keep_as_draft(draft.clone(), urgency) {
                return Ok(full);
            }
            let shown = self.draft_message(None).await?;
            return Ok(shown.map_or_else(|| self.no_draft(), |shown| self.tell(shown)));
        }
        if let Err(too_many) = may_open(self.tx, actor, self.rules.most).await? {
            return match self.keep_as_draft(draft.clone(), urgency) {
                Some(full) => Ok(full),
                None => self.come_later(too_many).await,
            };
        }
        Ok(match self.open(actor, &new, draft).await? {
            Ok(opened) => self.tell(opened),
            Err(refused) => self.with_words(refused, &format!("{}\n{}", draft.title(), draft.text)),
        })
    }
}

/// Whether a message only says hello, in any of our languages: the problem comes next.
fn is_greeting(text: &str) -> bool {
    let known: Vec<String> = Language::ALL.map(|language| language.say("greetings", &[])).to_vec();
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is_known = |word: &&str| {
        known
            .iter()
            .any(|greetings| greetings.split(' ').any(|greeting| greeting == *word))
    };
    !words.is_empty() && words.len() <= 3 && words.iter().all(is_known)
}
