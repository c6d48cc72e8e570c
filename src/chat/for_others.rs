//! A ticket that the team opens in somebody else's name: whom they mean, and for whom it is on every step.

use super::build::{button, deed, ticket_args, who};
use super::dialog::Draft;
use super::form::FormKind;
use super::naming::{after, called};
use super::press::Press;
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::{Actor, Named};
use crate::domain::action::Action;
use crate::domain::ids::{AccountId, CategoryId};
use crate::domain::permission::{OpenForOthers, Permit};
use crate::domain::text::{beginning, clean, headline};
use crate::domain::ticket::{Ticket, Urgency};
use crate::service::open::{Unable, chat_of, open_for};
use crate::store::requesters::{self, Requester};
use crate::store::tickets::NewTicket;
use crate::store::{Fault, accounts};

/// Among how many a name is looked for.
const LOOKED_AT: u32 = 100;
/// How many words of a name are looked for together, where other words may follow.
const TWO: usize = 2;
/// How many are offered: in pairs, four rows.
const OFFERED: usize = 8;
const ABREAST: usize = 2;
/// How much of a name, and of what was typed, is shown.
const WORDS: usize = 40;
/// How much of a name stands beside the title of a form, which has 45 characters.
const SHORT: usize = 20;

/// What was chosen of a ticket before it is written.
type Chosen = (Option<Urgency>, Option<CategoryId>);

impl Turn<'_> {
    /// `/ticket @lina mon écran est noir`; on Discord the name stands apart, and the words come in a form.
    pub(super) async fn open_for_command(
        &mut self,
        typed: &str,
        is_all_name: bool,
        chosen: Chosen,
    ) -> Result<Reply, Fault> {
        let permit = match self.permit::<OpenForOthers>().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        if !self.is_private() && !self.inbound.can_open_form {
            return Ok(self.tell(Message::text(self.say("for-privately"))));
        }
        let typed = clean(typed);
        let (found, said) = self.find_named(permit, &typed, is_all_name).await?;
        let words = if is_all_name || found.is_empty() {
            String::new()
        } else {
            after(&typed, said)
        };
        // Of what follows a name nothing is said again.
        let named = if is_all_name {
            &typed
        } else {
            &beginning_words(&typed, said.max(1))
        };
        let cut = || beginning(named, WORDS).to_owned();
        match &found[..] {
            [] if typed.is_empty() => Ok(self.tell(Message::text(self.say("for-whom")))),
            [] => {
                let sentence = self.lang().say("for-unknown", &[("words", cut().into())]);
                Ok(self.tell(Message::text(sentence)))
            }
            [person] => self.begin_for(person, &words, chosen).await,
            several => {
                let sentence = if several.len() > OFFERED {
                    "for-many"
                } else {
                    "for-several"
                };
                let sentence = self.lang().say(sentence, &[("words", cut().into())]);
                let buttons = several
                    .iter()
                    .take(OFFERED)
                    .map(|person| self.person_button(person, chosen));
                let buttons: Vec<Button> = buttons.collect();
                let message = buttons
                    .chunks(ABREAST)
                    .map(<[Button]>::to_vec)
                    .fold(Message::text(sentence), Message::row);
                // They wait for the choice.
                self.dialog.for_words = (!words.is_empty()).then_some(words);
                Ok(self.tell(message))
            }
        }
    }

    /// Whom the first words name, and how many words that is.
    async fn find_named(
        &mut self,
        permit: Permit<OpenForOthers>,
        typed: &str,
        is_all_name: bool,
    ) -> Result<(Vec<Requester>, usize), Fault> {
        let bare = |word: &str| word.trim_end_matches([',', ':']).to_owned();
        let words: Vec<String> = typed.split_whitespace().map(bare).collect();
        let Some(first) = words.first().filter(|first| !first.is_empty()) else {
            return Ok((Vec::new(), 0));
        };
        let mut all = requesters::list(self.tx, permit, first, LOOKED_AT).await?;
        if all.len() == LOOKED_AT as usize {
            // Too many are called so: whoever is named in full has to be among them.
            let whole = if is_all_name { words.len() } else { TWO };
            let whole = words[..whole.min(words.len())].join(" ");
            let mut named = requesters::list(self.tx, permit, &whole, LOOKED_AT).await?;
            named.retain(|one| all.iter().all(|known| known.id != one.id));
            all.extend(named);
        }
        let (found, said) = if first.contains('@') {
            let is_theirs = |person: &&Requester| person.address.eq_ignore_ascii_case(first);
            (all.iter().filter(is_theirs).collect(), 1)
        } else {
            called(&all, |person| &person.name, typed, is_all_name)
        };
        let mut found: Vec<Requester> = found.into_iter().cloned().collect();
        if found.iter().any(|person| !person.is_disabled) {
            found.retain(|person| !person.is_disabled);
        }
        Ok((found, said))
    }

    /// People of one name are told apart by what they are called where they write.
    fn person_button(&self, person: &Requester, (urgency, category): Chosen) -> Button {
        let name = headline(&person.name, WORDS);
        let label = match &person.chat {
            Some((_, platform, there)) => {
                let there = headline(there, SHORT);
                let args = [
                    ("name", name.into()),
                    ("platform", platform.name().into()),
                    ("chat", there.into()),
                ];
                self.lang().say("button-for", &args)
            }
            None => name,
        };
        Button {
            label,
            action: Press::NewFor(person.id, urgency, category).to_string(),
            look: Look::Plain,
        }
    }

    /// One of several was chosen.
    pub(super) async fn begin_for_chosen(&mut self, person: AccountId, chosen: Chosen) -> Result<Reply, Fault> {
        if let Err(refused) = self.permit::<OpenForOthers>().await? {
            return Ok(refused);
        }
        let Some(person) = requesters::hold(self.tx, person).await? else {
            return self.unable(person, Unable::Gone).await;
        };
        let words = self.dialog.for_words.clone().unwrap_or_default();
        self.begin_for(&person, &words, chosen).await
    }

    /// Why a form in somebody else's name is not taken from whoever sent it.
    pub(super) async fn form_refused(
        &mut self,
        form: FormKind,
        fields: &[(String, String)],
    ) -> Result<Option<Reply>, Fault> {
        if !matches!(form, FormKind::Open { requester: Some(_), .. }) {
            return Ok(None);
        }
        let words: Vec<String> = fields.iter().map(|(_, text)| clean(text)).collect();
        let refused = self.permit::<OpenForOthers>().await?.err();
        Ok(refused.map(|refused| self.with_words(refused, &words.join("\n"))))
    }

    /// A form, or a draft, for this person.
    async fn begin_for(&mut self, person: &Requester, words: &str, chosen: Chosen) -> Result<Reply, Fault> {
        let requester = self.unless_oneself(person.id);
        if let (Some(_), Err(unable)) = (requester, chat_of(person)) {
            return self.unable(person.id, unable).await;
        }
        if self.inbound.can_open_form && words.is_empty() {
            return Ok(self.start_form(open_form(chosen, requester)));
        }
        if !self.is_private() {
            return Ok(self.tell(Message::text(self.say("for-privately"))));
        }
        let Some(draft) = self.draft_of(requester) else {
            return Ok(self.other_draft());
        };
        if !draft.has_room(words, &[]) {
            return Ok(self.draft_full());
        }
        draft.add(words, &[]);
        let is_blank = draft.is_blank();
        self.dialog.for_words = None;
        if !is_blank {
            return self.show_draft().await;
        }
        let message = Message {
            shows_dialog: true,
            ..Message::text(self.say("for-write"))
        };
        let drop = button(self.lang(), "button-drop", Press::DropDraft, Look::Plain);
        Ok(self.tell(message.row([drop])))
    }

    /// In whose name a ticket is opened that is to be this person's: nobody else's, where it is who writes.
    pub(super) async fn requester_for(
        &mut self,
        person: AccountId,
    ) -> Result<Result<Option<AccountId>, Unable>, Fault> {
        let Some(other) = self.unless_oneself(person) else {
            return Ok(Ok(None));
        };
        let held = requesters::hold(self.tx, other).await?.ok_or(Unable::Gone);
        Ok(held.and_then(|held| chat_of(&held)).map(|_| Some(other)))
    }

    /// Somebody else; nobody, where it is who writes.
    pub(super) fn unless_oneself(&self, person: AccountId) -> Option<AccountId> {
        let me = self.me.account.as_ref().map(|account| account.id);
        Some(person).filter(|_| me != Some(person))
    }

    /// The draft for this person, begun or to begin; none while there is [another](Self::other_draft).
    pub(super) fn draft_of(&mut self, requester: Option<AccountId>) -> Option<&mut Draft> {
        let other = self.dialog.draft.as_ref().filter(|draft| draft.requester != requester);
        if other.is_some_and(|draft| !draft.is_blank()) {
            return None;
        }
        if other.is_some() {
            self.dialog.draft = None;
        }
        let draft = self.dialog.draft.get_or_insert_default();
        draft.requester = requester;
        Some(draft)
    }

    /// That a draft for somebody else has to be sent or dropped first.
    pub(super) fn other_draft(&self) -> Reply {
        let language = self.lang();
        let message = Message::text(self.say("draft-for-other")).row([
            button(language, "button-send", Press::Send, Look::Main),
            button(language, "button-edit", Press::EditDraft, Look::Plain),
            button(language, "button-drop", Press::DropDraft, Look::Plain),
        ]);
        self.tell(message)
    }

    /// Opens it; or why not, while the draft stays.
    pub(super) async fn open_for(
        &mut self,
        actor: &Actor,
        requester: AccountId,
        new: &NewTicket,
    ) -> Result<Result<Ticket, Reply>, Fault> {
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(Err(refused)),
        };
        Ok(match open_for(self.tx, permit, actor, requester, new).await? {
            Ok(ticket) => Ok(ticket),
            Err(unable) => Err(self.unable(requester, unable).await?),
        })
    }

    /// What whoever opened it reads.
    pub(super) async fn opened_for(&mut self, ticket: &Ticket) -> Result<Message, Fault> {
        let language = self.lang();
        let name = accounts::find_name(self.tx, ticket.requester).await?;
        let [number, title] = ticket_args(ticket);
        let args = [number, title, ("name", who(language, &name).into())];
        let message = Message::text(language.say("done-opened-for", &args)).about(ticket.id);
        Ok(message.row([deed(language, "button-details", Action::View, ticket.id)]))
    }

    /// Why nothing is opened in somebody's name.
    pub(super) async fn unable(&mut self, requester: AccountId, unable: Unable) -> Result<Reply, Fault> {
        let name = self.name_of(requester).await?;
        let mut refused = self.unable_to(name, unable);
        let draft = self.dialog.draft.as_ref();
        if let Some(message) = refused.message_mut()
            && draft.is_some_and(|draft| draft.requester == Some(requester))
        {
            let drop = button(self.me.language, "button-drop", Press::DropDraft, Look::Plain);
            message.buttons.push(vec![drop]);
        }
        Ok(refused)
    }

    /// The same, of somebody by name.
    pub(super) fn unable_to(&self, name: String, unable: Unable) -> Reply {
        let sentence = match unable {
            Unable::Gone => "for-gone",
            Unable::Disabled => "for-disabled",
            Unable::WithoutChat => "for-without-chat",
        };
        self.tell(Message::text(self.lang().say(sentence, &[("name", name.into())])))
    }

    async fn name_of(&mut self, person: AccountId) -> Result<String, Fault> {
        let name: Named = accounts::find_name(self.tx, person).await?;
        Ok(who(self.lang(), &name))
    }

    /// An answer that is about a draft, or a form, for somebody else says for whom.
    pub(super) async fn with_requester(&mut self, mut reply: Reply) -> Result<Reply, Fault> {
        let requester = self.requester_of(&reply);
        // Nobody else is told whose account it is.
        let Some(requester) = requester.filter(|_| self.actor().is_some_and(|actor| actor.role.is_staff())) else {
            return Ok(reply);
        };
        let name = self.name_of(requester).await?;
        if let Reply::Form(form) = &mut reply {
            let args = [
                ("title", form.title.clone().into()),
                ("name", headline(&name, SHORT).into()),
            ];
            form.title = self.lang().say("form-for", &args);
        } else if let Some(message) = reply.message_mut() {
            let line = Block::Text(self.lang().say("draft-for", &[("name", name.into())]));
            let heading = message.blocks.iter().position(|block| matches!(block, Block::Title(_)));
            message.blocks.insert(heading.map_or(0, |at| at + 1), line);
        }
        Ok(reply)
    }

    /// For whom the draft or the form is that is shown, where that is somebody else.
    fn requester_of(&self, reply: &Reply) -> Option<AccountId> {
        let of_draft = self.dialog.draft.as_ref().and_then(|draft| draft.requester);
        let message = match reply {
            Reply::Form(form) => {
                return match form.action.parse() {
                    Ok(FormKind::Open { requester, .. }) => requester,
                    Ok(FormKind::EditDraft | FormKind::Answers { .. }) => of_draft,
                    _ => None,
                };
            }
            Reply::Message(message) | Reply::Aside(message) | Reply::Update(message) => message,
            Reply::Quiet | Reply::Toast(_) | Reply::Receipt(_) => return None,
        };
        let leads_to = |press: Press| {
            let action = press.to_string();
            message.buttons.iter().flatten().any(|button| button.action == action)
        };
        let is_draft = leads_to(Press::Send) || leads_to(Press::EditDraft);
        let is_form = leads_to(Press::FormAgain) || message.shows_dialog && !is_draft && self.dialog.is_asking();
        let form = self.dialog.asking.as_ref().map(|asking| asking.form);
        match form.filter(|_| is_form) {
            Some(FormKind::Open { requester, .. }) => requester,
            Some(FormKind::EditDraft) => of_draft,
            Some(_) => None,
            None => of_draft.filter(|_| is_draft || message.shows_dialog),
        }
    }
}

fn beginning_words(typed: &str, count: usize) -> String {
    typed.split_whitespace().take(count).collect::<Vec<_>>().join(" ")
}

fn open_form((urgency, category): Chosen, requester: Option<AccountId>) -> FormKind {
    FormKind::Open {
        urgency,
        category,
        stranger: false,
        follows: None,
        requester,
    }
}
