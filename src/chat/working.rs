//! What is done to tickets: from commands and from buttons.

use super::build::ticket_args;
use super::details;
use super::form::FormKind;
use super::grammar::{Call, Command};
use super::intent::Intent;
use super::press::Press;
use super::reply::{Message, Reply};
use super::turn::Turn;
use crate::domain::account::Actor;
use crate::domain::action::{Action, Handing};
use crate::domain::edit::Edit;
use crate::domain::ids::{CommentId, TicketId};
use crate::domain::platform::Spot;
use crate::domain::text::{Body, TextError};
use crate::domain::ticket::Ticket;
use crate::domain::transition::Refusal;
use crate::service;
use crate::service::view::view;
use crate::service::work::{self, Deed};
use crate::store::Fault;
use crate::store::lists::{self, Part};

impl Turn<'_> {
    /// Does it: the ticket since then, and the comment that its words are; a refusal becomes what the person reads.
    pub(super) async fn work(
        &mut self,
        actor: &Actor,
        ticket: TicketId,
        deed: &Deed,
        written_in: Option<&Spot>,
    ) -> Result<Result<(Ticket, Option<CommentId>), Reply>, Fault> {
        let written = self.original(deed, written_in);
        match work::work(self.tx, actor, ticket, deed, written).await {
            Ok(done) => Ok(Ok(done)),
            Err(service::Error::Refused(refusal)) => Ok(Err(self.refuse(refusal, &ticket.to_string()).await?)),
            Err(service::Error::Fault(fault)) => Err(fault),
        }
    }

    /// A button was pressed.
    pub(super) async fn press(&mut self, action: &str, message_id: &str) -> Result<Reply, Fault> {
        let Ok(press) = action.parse::<Press>() else {
            return Ok(self.word(self.say("button-unknown")));
        };
        match press {
            Press::Send => self.send_draft(message_id).await,
            Press::ShowDraft => self.update_draft().await,
            Press::PickUrgency => Ok(self.pick_urgency()),
            Press::SetUrgency(urgency) => self.set_urgency(urgency).await,
            Press::SetCategory(category) => self.set_category(category).await,
            Press::EditDraft if self.dialog.draft.is_none() => Ok(self.no_draft()),
            Press::EditDraft => Ok(self.start_form(FormKind::EditDraft)),
            Press::DropDraft => Ok(self.drop_draft()),
            Press::AddTo(ticket) => self.add_draft_to(ticket).await,
            Press::NewTicket => Ok(self.new_ticket_asked(None, None)),
            Press::NewFor(person, urgency, category) => self.begin_for_chosen(person, (urgency, category)).await,
            Press::Mine => self.list_first("").await,
            Press::Day => self.day().await,
            Press::Search => self.search("").await,
            Press::List(listing) => self.list(listing).await,
            Press::ListOf(listing, from) => self.choose_technician(listing, from).await,
            Press::Do(action, ticket) => self.wish(action, ticket).await,
            Press::WithdrawSurely(ticket) => self.withdraw_surely(ticket).await,
            Press::DeleteSurely(ticket) => self.delete_surely(ticket).await,
            Press::PurgeSurely(ticket) => self.purge_surely(ticket).await,
            Press::Deleted(from) => self.list_deleted(from).await,
            Press::History(ticket, from) => self.history(ticket, from).await,
            Press::Links(ticket) => self.links(ticket).await,
            Press::Relate(ticket, relation, other) => self.relate(ticket, relation, other).await,
            Press::Unrelate(ticket, other) => self.unrelate(ticket, other).await,
            Press::Detach(ticket, page) => self.detach(ticket, page).await,
            Press::Transcript(ticket) => self.transcript(ticket).await,
            Press::Change(ticket) => self.ask_what_to_change(ticket).await,
            Press::Prioritize(ticket, urgency) => self.edit(ticket, Edit::Urgency(urgency)).await,
            Press::Categorize(ticket, category) => self.categorize(ticket, category).await,
            Press::Colleagues(handing, ticket, from) => self.list_colleagues(handing, ticket, from).await,
            Press::HandTo(handing, ticket, to) => self.hand_by_button(handing, ticket, to).await,
            Press::LetGo(ticket, helper) => self.let_go(ticket, helper).await,
            Press::Stars(ticket, stars) => self.rate_by_button(ticket, stars).await,
            Press::Remark(ticket) => self.ask_for_remark(ticket).await,
            Press::Canned(press) => self.canned(press).await,
            Press::Categories(press) => self.categories(press).await,
            Press::Questions(press) => self.questions(press).await,
            Press::Keep => self.keep_field().await,
            Press::StopAsking => self.stop_asking().await,
            Press::FormAgain => Ok(self.form_again()),
            Press::EnterCode => Ok(self.enter_code()),
            Press::NewLetter => self.new_letter().await,
            Press::OtherEmail => Ok(self.other_email()),
            Press::LateAnswer(yes) => self.late_answer(yes).await,
            Press::ConfirmLink(yes, mark) => self.confirm_link(yes, mark).await,
            Press::ShowCode => self.show_code().await,
            Press::AskUnlink(chat) => self.ask_unlink(chat).await,
            Press::Unlink(chat) => self.unlink_chat(chat).await,
            Press::AskDisown(chat) => self.ask_disown(chat).await,
            Press::Disown(chat) => self.disown(chat).await,
            Press::KeepChats => Ok(self.keep_chats()),
            Press::TellEverywhere(yes) => self.tell_everywhere(yes).await,
            Press::Notify(press) => self.notify(press).await,
            Press::Accept(yes, mark) => self.accept_invitation(yes, mark).await,
            Press::People(from) => self.list_people("", from).await,
            Press::Person(person) => self.show_person(person).await,
            Press::Delete(person) => self.ask_what_becomes_of_tickets(person).await,
            Press::AskPerson(deed, person) => self.ask_about_person(deed, person).await,
            Press::DoPerson(deed, person) => self.do_to_person(deed, person).await,
            Press::Speak(language) => self.speak(language).await,
            Press::Resend(letter) => self.resend(Some(letter)).await,
            Press::ResendAll => self.resend(None).await,
        }
    }

    /// A wish about a ticket, from a button or a command without words.
    pub(super) async fn wish(&mut self, action: Action, ticket: TicketId) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        match action {
            Action::View => self.show(&actor, ticket).await,
            Action::Take => self.simple(&actor, ticket, Deed::Take).await,
            Action::Release => self.simple(&actor, ticket, Deed::Release).await,
            Action::Confirm => self.simple(&actor, ticket, Deed::Confirm).await,
            Action::Close => self.simple(&actor, ticket, Deed::Close).await,
            Action::Withdraw => self.ask_before_withdrawing(&actor, ticket).await,
            Action::Comment => self.form_for(&actor, action, FormKind::Comment(ticket), ticket).await,
            Action::Note => self.form_for(&actor, action, FormKind::Note(ticket), ticket).await,
            Action::Ask => self.form_for(&actor, action, FormKind::Ask(ticket), ticket).await,
            Action::Resolve => self.form_for(&actor, action, FormKind::Resolve(ticket), ticket).await,
            Action::Reopen => self.form_for(&actor, action, FormKind::Reopen(ticket), ticket).await,
            Action::Prioritize => self.offer_urgencies(ticket, None).await,
            Action::Categorize => self.offer_categories(ticket, 0, None).await,
            Action::Retitle => self.rewrite(&actor, FormKind::Retitle(ticket), ticket).await,
            Action::Describe => self.rewrite(&actor, FormKind::Describe(ticket), ticket).await,
            Action::Assign => self.offer_colleagues(Handing::Assign, ticket, None).await,
            Action::HandOver => self.offer_colleagues(Handing::HandOver, ticket, None).await,
            Action::Help => self.offer_colleagues(Handing::Help, ticket, None).await,
            Action::Delete | Action::Purge => self.ask_before_removing(&actor, action, ticket).await,
            Action::Restore => self.restore(&actor, ticket).await,
            Action::Follow => self.follow_up(&actor, ticket, "").await,
            Action::Rate => self.ask_for_stars(ticket, None).await,
            Action::Relate => self.form_for(&actor, action, FormKind::Relate(ticket), ticket).await,
            Action::Reword | Action::Retract => Ok(self.word(self.say("retract-how"))),
        }
    }

    async fn show(&mut self, actor: &Actor, id: TicketId) -> Result<Reply, Fault> {
        let details = self.details(actor, id).await?;
        Ok(details.map_or_else(|refused| refused, |details| self.tell(details)))
    }

    /// All there is to read about a ticket, if they may see it.
    pub(super) async fn details(&mut self, actor: &Actor, id: TicketId) -> Result<Result<Message, Reply>, Fault> {
        Ok(match details::find(self.tx, self.me.language, id, actor).await? {
            Some(details) => Ok(details),
            None => Err(self.refuse(Refusal::NotFound, &id.to_string()).await?),
        })
    }

    /// The ticket, if this may be done to it now.
    pub(super) async fn seen(
        &mut self,
        actor: &Actor,
        id: TicketId,
        action: Action,
    ) -> Result<Result<Ticket, Reply>, Fault> {
        match self.permitted(actor, id, action).await? {
            Ok(ticket) => Ok(Ok(ticket)),
            Err(refusal) => Ok(Err(self.refuse(refusal, &id.to_string()).await?)),
        }
    }

    /// The same, or why not.
    pub(super) async fn permitted(
        &mut self,
        actor: &Actor,
        id: TicketId,
        action: Action,
    ) -> Result<Result<Ticket, Refusal>, Fault> {
        match view(self.tx, actor, id).await {
            Ok(ticket) => Ok(ticket.permit(action, actor).map(|_| ticket)),
            Err(service::Error::Refused(refusal)) => Ok(Err(refusal)),
            Err(service::Error::Fault(fault)) => Err(fault),
        }
    }

    /// What takes no words.
    async fn simple(&mut self, actor: &Actor, id: TicketId, deed: Deed) -> Result<Reply, Fault> {
        let after = match self.work(actor, id, &deed, None).await? {
            Ok((after, _)) => after,
            Err(refused) => return Ok(refused),
        };
        let pressed = matches!(self.inbound.intent, Intent::Press { .. });
        if self.is_private() {
            return Ok(match self.details(actor, id).await? {
                Ok(details) if pressed => Reply::Update(details),
                Ok(details) => Reply::Message(details),
                Err(refused) => refused,
            });
        }
        if pressed {
            // The card tells.
            return Ok(Reply::Quiet);
        }
        let sentence = match deed {
            Deed::Take => "done-taken",
            Deed::Release => "done-released",
            _ => "done-closed",
        };
        Ok(self.word(self.lang().say(sentence, &ticket_args(&after))))
    }

    /// Opens the form of an action, unless it would be refused anyway.
    async fn form_for(&mut self, actor: &Actor, action: Action, form: FormKind, id: TicketId) -> Result<Reply, Fault> {
        Ok(match self.seen(actor, id, action).await? {
            Ok(_) => self.start_form(form),
            Err(refused) => refused,
        })
    }

    /// A command about a ticket.
    pub(super) async fn ticket_command(&mut self, call: &Call) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let id = match self.which(call).await? {
            Ok(id) => id,
            Err(refused) => return Ok(refused),
        };
        let action = match call.command {
            Command::Take => Action::Take,
            Command::Release => Action::Release,
            Command::Close => self.closing(&actor, id).await?,
            Command::Cancel => Action::Withdraw,
            Command::Reply => Action::Comment,
            Command::Ask => Action::Ask,
            Command::Note => Action::Note,
            Command::Resolve => Action::Resolve,
            Command::Reopen => Action::Reopen,
            Command::Delete => Action::Delete,
            Command::Restore => Action::Restore,
            Command::Purge => Action::Purge,
            _ => Action::View,
        };
        let deed: fn(Body) -> Deed = match action {
            Action::Comment => |body| Deed::Comment(Some(body), Vec::new()),
            Action::Note => |body| Deed::Note(Some(body), Vec::new()),
            Action::Ask => |body| Deed::Ask(body, Vec::new()),
            Action::Resolve => |body| Deed::Resolve(body, Vec::new()),
            Action::Reopen => |body| Deed::Reopen(body, Vec::new()),
            _ => return self.wish(action, id).await,
        };
        match Body::parse(&call.text) {
            Ok(body) => self.say_and_do(&actor, id, deed(body)).await,
            Err(TextError::Empty) => self.wish(action, id).await,
            Err(error) => Ok(self.tell(self.too_long(error))),
        }
    }

    /// Whoever asked says that it is solved, and whoever worked on it closes it.
    async fn closing(&mut self, actor: &Actor, id: TicketId) -> Result<Action, Fault> {
        let confirms = !actor.role.is_staff() || self.permitted(actor, id, Action::Confirm).await?.is_ok();
        Ok(if confirms { Action::Confirm } else { Action::Close })
    }

    async fn say_and_do(&mut self, actor: &Actor, id: TicketId, deed: Deed) -> Result<Reply, Fault> {
        // A command's words stand nowhere that others read, so every thread gets them.
        let after = match self.work(actor, id, &deed, None).await? {
            Ok((after, _)) => after,
            Err(refused) => {
                let kept = self.keep_for_new(actor, id, deed.body(), deed.files()).await?;
                return Ok(kept.unwrap_or_else(|| self.with_words(refused, deed.body())));
            }
        };
        self.done(actor, &deed, &after).await
    }

    /// Which ticket a command is about: the number typed, the thread it is used in, or the only open one.
    pub(super) async fn which(&mut self, call: &Call) -> Result<Result<TicketId, Reply>, Fault> {
        if let Some(number) = &call.number {
            return Ok(if let Ok(id) = number.parse() {
                Ok(TicketId(id))
            } else {
                let refused = self.refuse(Refusal::NotFound, number).await?;
                Err(self.with_words(refused, &call.text))
            });
        }
        if let Some(id) = self.thread_ticket().await? {
            return Ok(Ok(id));
        }
        // What is rated, or goes on in another, is not open any more.
        if self.actor().is_some_and(|actor| !actor.role.is_staff())
            && !matches!(call.command, Command::Rate | Command::FollowUp)
            && let Some(id) = self.only_open_ticket().await?
        {
            return Ok(Ok(id));
        }
        let example = format!("/{} 12", call.command.name(self.lang()));
        let sentence = self.lang().say("which-ticket", &[("example", example.into())]);
        let asked = self.tell(Message::text(sentence).row([super::build::mine(self.lang())]));
        Ok(Err(self.with_words(asked, &call.text)))
    }

    /// The only open ticket of a person, when there is just one.
    async fn only_open_ticket(&mut self) -> Result<Option<TicketId>, Fault> {
        let Some(actor) = self.actor() else { return Ok(None) };
        let two = Part { offset: 0, limit: 2 };
        let open = lists::list_of(self.tx, actor.account, true, two).await?;
        Ok((open.len() == 1).then(|| open[0].id))
    }
}
