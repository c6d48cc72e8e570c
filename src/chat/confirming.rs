//! An address to confirm: a code goes there by mail, and is typed back here. What is said until then does not depend on
//! whose address it is.

use super::asking::start_asking;
use super::build::button;
use super::dialog::{Asking, Draft};
use super::form::{FieldKind, FormKind};
use super::press::Press;
use super::refusals::text_error;
use super::reply::{Block, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::Registration;
use crate::domain::code::MailedCode;
use crate::domain::text::{Email, PersonName, TextError, clean};
use crate::domain::ticket::Urgency;
use crate::service::codes;
use crate::service::confirmation::{self, Asked, Tried};
use crate::store::{Fault, accounts};

impl Turn<'_> {
    /// Has a code mailed to the address that somebody typed, and asks for it.
    pub(super) async fn ask_for_code(&mut self, name: &str, email: &str) -> Result<Reply, Fault> {
        let Ok(email) = Email::parse(email) else {
            return Ok(self.nothing_asked());
        };
        let lead = self.mail_code(&email).await?;
        let mut asking = Asking::new(FormKind::Confirm, self.tx.now());
        for (field, answer) in [(FieldKind::Name, name), (FieldKind::Email, email.as_str())] {
            asking.answers.push((field.code().to_owned(), answer.to_owned()));
        }
        self.dialog.asking = Some(asking);
        Ok(self.code_question(Some(lead)))
    }

    async fn mail_code(&mut self, email: &Email) -> Result<String, Fault> {
        let language = self.lang();
        let asked = confirmation::ask(self.tx, self.me.id, email, language).await?;
        let address = ("email", email.as_str().to_owned().into());
        Ok(match asked {
            Asked::Sent => language.say("code-sent", &[address]),
            Asked::TooMany(within) => {
                let minutes = ("minutes", within.num_minutes().into());
                language.say("code-too-many", &[address, minutes])
            }
            Asked::Crowded => language.say("code-crowded", &[]),
        })
    }

    /// The question for a mailed code, after a line that leads to it. In a shared place it is typed in a form, for
    /// nobody else to read.
    pub(super) fn code_question(&self, lead: Option<String>) -> Reply {
        let minutes = [("minutes", confirmation::VALID_FOR.num_minutes().into())];
        let question = if self.is_private() {
            "code-question"
        } else {
            "code-question-shared"
        };
        let question = self.lang().say(question, &minutes);
        self.while_confirming(lead.into_iter().chain([question]))
    }

    /// These paragraphs, with what one can do while an address is to be confirmed.
    fn while_confirming(&self, paragraphs: impl IntoIterator<Item = String>) -> Reply {
        let language = self.lang();
        let enter = button(language, "button-enter-code", Press::EnterCode, Look::Main);
        let message = Message {
            blocks: paragraphs.into_iter().map(Block::Text).collect(),
            shows_dialog: self.is_private(),
            ..Message::default()
        };
        let message = message.row((!self.is_private()).then_some(enter)).row([
            button(language, "button-new-letter", Press::NewLetter, Look::Plain),
            button(language, "button-other-email", Press::OtherEmail, Look::Plain),
            button(language, "button-stop", Press::StopAsking, Look::Plain),
        ]);
        self.tell(message)
    }

    /// What is being confirmed here.
    fn confirming(&self) -> Option<Asking> {
        self.dialog
            .asking
            .clone()
            .filter(|asking| asking.form == FormKind::Confirm)
    }

    /// « Saisir le code ».
    pub(super) fn enter_code(&mut self) -> Reply {
        match self.confirming() {
            Some(_) if self.inbound.can_open_form => self.open_form(FormKind::Confirm),
            Some(_) => self.code_question(None),
            None => self.nothing_asked(),
        }
    }

    /// « Renvoyer un code ».
    pub(super) async fn new_letter(&mut self) -> Result<Reply, Fault> {
        let Some(asking) = self.confirming() else {
            return Ok(self.nothing_asked());
        };
        let answer = |field| asking.answer(field).unwrap_or_default().to_owned();
        self.ask_for_code(&answer(FieldKind::Name), &answer(FieldKind::Email))
            .await
    }

    /// « Changer l'adresse ».
    pub(super) fn other_email(&mut self) -> Reply {
        if self.me.account.is_some() || self.rules.registration != Registration::Email {
            return self.nothing_asked();
        }
        let asking = self.dialog.asking.as_ref();
        let name = asking.and_then(|asking| asking.answer(FieldKind::Name).map(str::to_owned));
        self.sign_up_again(name)
    }

    /// Asks who they are, with their name known or not.
    pub(super) fn sign_up_again(&mut self, name: Option<String>) -> Reply {
        if self.inbound.can_open_form {
            return self.open_form(FormKind::SignUp);
        }
        if !self.is_private() {
            return self.nothing_asked();
        }
        let Some(name) = name else {
            return start_asking(self, FormKind::SignUp, None);
        };
        let mut asking = Asking::new(FormKind::SignUp, self.tx.now());
        asking.answers.push((FieldKind::Name.code().to_owned(), name));
        let reply = self.question(&asking, Some(self.say("email-other")));
        self.dialog.asking = Some(asking);
        reply
    }

    /// A code from a form.
    pub(super) async fn submit_code(&mut self, fields: &[(String, String)]) -> Result<Reply, Fault> {
        let Some(mut asking) = self.confirming() else {
            return Ok(self.nothing_asked());
        };
        let typed = fields.iter().find(|(id, _)| id == FieldKind::Code.code());
        let typed = typed.map(|(_, text)| clean(text)).unwrap_or_default();
        asking.answers.push((FieldKind::Code.code().to_owned(), typed));
        self.complete_code(asking).await
    }

    /// A code was typed: what it is good for, or the question again.
    pub(super) async fn complete_code(&mut self, mut asking: Asking) -> Result<Reply, Fault> {
        let typed = asking.answer(FieldKind::Code).and_then(MailedCode::parse);
        asking.answers.retain(|(field, _)| field != FieldKind::Code.code());
        let name = asking.answer(FieldKind::Name).unwrap_or_default().to_owned();
        self.dialog.asking = None;
        if self.me.account.is_some() {
            return self.welcome(&name, None).await;
        }
        let Some(typed) = typed else {
            self.dialog.asking = Some(asking);
            let lead = text_error(self.lang(), FieldKind::Code.code(), TextError::NotACode);
            return Ok(self.code_question(Some(lead)));
        };
        let sentence = match confirmation::try_code(self.tx, self.key, self.me.id, &typed).await? {
            Tried::Right(email) => return self.confirmed(&name, &email).await,
            Tried::Wrong { left: 0 } => self.say("code-wrong-last"),
            Tried::Wrong { left } => self.lang().say("code-wrong", &[("count", left.into())]),
            Tried::NotSent => self.say("code-not-sent"),
            Tried::TooOften => {
                let minutes = codes::TRIES_WITHIN.num_minutes();
                self.lang().say("link-too-often", &[("minutes", minutes.into())])
            }
            Tried::Spent => self.say("code-spent"),
        };
        self.dialog.asking = Some(asking);
        Ok(self.while_confirming([sentence]))
    }

    /// The address is theirs: they get an account, or are asked whether the one that it identifies is.
    async fn confirmed(&mut self, name: &str, email: &Email) -> Result<Reply, Fault> {
        match accounts::find_by_email(self.tx, email).await? {
            Some(account) if account.is_disabled => Ok(self.tell(Message::text(self.say("account-disabled")))),
            Some(account) => {
                // Shown to nobody: their yes uses it up, as that of a code they were given does.
                let (code, _) = codes::issue(self.tx, self.key, account.id, None).await?;
                let hash = self.key.hash(&code);
                self.ask_whether_theirs(account, hash).await
            }
            None => {
                let Ok(name) = PersonName::parse(name) else {
                    return Ok(start_asking(self, FormKind::SignUp, None));
                };
                let id = confirmation::sign_up(self.tx, self.me.id, &name, email).await?;
                self.has_joined(id, &name);
                self.welcome(name.as_str(), None).await
            }
        }
    }

    /// Keeps what was typed and chosen in a form until it can be sent, after what was written before; or what they read
    /// where there is no room for it.
    pub(super) fn keep_as_draft(&mut self, new: Draft, urgency: Option<Urgency>) -> Option<Reply> {
        self.dialog.filling = None;
        let Some(draft) = &mut self.dialog.draft else {
            self.dialog.draft = Some(new);
            return None;
        };
        if draft.requester != new.requester {
            if draft.is_blank() {
                *draft = new;
                return None;
            }
            let words = format!("{}\n{}", new.title(), new.text);
            return Some(self.with_words(self.other_draft(), words.trim()));
        }
        let title = new.title.unwrap_or_default();
        let words = format!("{title}\n{}", new.text);
        if !draft.has_room(&words, &new.files) {
            return Some(self.with_words(self.draft_full(), words.trim()));
        }
        draft.add(&title, &[]);
        draft.add(&new.text, &new.files);
        draft.urgency = urgency.unwrap_or(draft.urgency);
        draft.category = new.category.or(draft.category);
        draft.follows = new.follows.or(draft.follows);
        None
    }
}
