//! Commands, and the first words: hello, help, language, the staff's place.

use super::build::button;
use super::choosing::read_category;
use super::form::FormKind;
use super::grammar::{Call, ChannelKind, Command};
use super::intent::PlaceKind;
use super::listing::Scope;
use super::press::{NotifyPress, Press};
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::{Registration, Role};
use crate::domain::action::Handing;
use crate::domain::code::Code;
use crate::domain::ids::CategoryId;
use crate::domain::language::Language;
use crate::domain::permission::Right;
use crate::domain::text::{clean, one_line};
use crate::domain::ticket::Urgency;
use crate::service::setup::{NewPlace, bind_place};
use crate::store::{Fault, categories, people};

impl Turn<'_> {
    /// A command.
    pub(super) async fn command(&mut self, call: &Call) -> Result<Reply, Fault> {
        match call.command {
            // What follows a deep link is a code or nothing.
            Command::Start if Code::parse(&call.text).is_some() => self.link(&call.text).await,
            Command::Start => Ok(self.hello()),
            Command::Help => Ok(self.help()),
            Command::Ticket => self.open_command(call).await,
            Command::Tickets => self.list_first(&one_line(&call.text)).await,
            Command::Queue => self.list_chosen(Scope::Queue, &one_line(&call.text)).await,
            Command::MyDay => self.day().await,
            Command::Search => self.search(&call.text).await,
            Command::Language => self.language(&call.text).await,
            Command::Me => self.me().await,
            Command::Notify => self.notify(NotifyPress::Show).await,
            Command::Link => self.link(&call.text).await,
            Command::Unlink => self.unlink().await,
            Command::Users => self.list_people(&clean(&call.text), 0).await,
            Command::Invite => self.invite(&call.text).await,
            Command::Setup => self.setup(call).await,
            Command::Delivery => self.delivery().await,
            Command::Deleted => self.list_deleted(0).await,
            Command::History => self.history_command(call).await,
            Command::Relate => self.relate_command(call).await,
            Command::Transcript => self.transcript_command(call).await,
            Command::Urgency | Command::Category | Command::Title | Command::Describe => self.edit_command(call).await,
            Command::FollowUp => self.follow_command(call).await,
            Command::Assign => self.hand_command(call, Handing::Assign).await,
            Command::HandOver => self.hand_command(call, Handing::HandOver).await,
            Command::Helper => self.hand_command(call, Handing::Help).await,
            Command::Rate => self.rate_command(call).await,
            Command::Canned => self.canned_command(call).await,
            Command::Retract => self.retract(call).await,
            Command::Categories => self.list_categories(0, None).await,
            Command::Cancel if call.number.is_none() && self.is_private() && !self.dialog.is_idle() => {
                Ok(self.cancel_dialog())
            }
            _ => self.ticket_command(call).await,
        }
    }

    pub(super) fn hello(&self) -> Reply {
        let sentence = match &self.me.account {
            Some(account) => self.lang().say("hello-again", &[("name", account.name.clone().into())]),
            None => self.say("hello"),
        };
        self.tell(Message::text(sentence))
    }

    /// `/cancel` in the middle of something.
    fn cancel_dialog(&mut self) -> Reply {
        let sentence = if self.dialog.draft.is_some() {
            "draft-dropped"
        } else {
            "stopped"
        };
        self.dialog = super::dialog::Dialog::default();
        let new = button(self.lang(), "button-new", Press::NewTicket, Look::Plain);
        Reply::Message(Message::text(self.say(sentence)).row([new]))
    }

    fn help(&self) -> Reply {
        let language = self.lang();
        let role = self.me.account.as_ref().map_or(Role::Learner, |account| account.role);
        // Of what everybody may, staff read the names alone: a message has no room for all of it.
        let is_common =
            |command: &Command| role.is_staff() && *command != Command::Tickets && for_role(*command, Role::Learner);
        let known = Command::ALL.into_iter().filter(|command| for_role(*command, role));
        let (common, described): (Vec<_>, Vec<_>) = known.partition(is_common);
        let name = |command: &Command| format!("/{}", command.name(language));
        let names = |commands: &[Command]| commands.iter().map(name).collect::<Vec<_>>().join(" ");
        let mut lines: Vec<String> = described
            .chunk_by(|one, next| beside(*one) == beside(*next))
            .map(|line| {
                let id = match beside(line[0]) {
                    Command::Tickets if role.is_staff() => "help-tickets-staff".to_owned(),
                    Command::Urgency => "help-change".to_owned(),
                    command => format!("command-{}-description", command.code()),
                };
                format!("{} · {}", names(line), language.say(&id, &[]))
            })
            .collect();
        if !common.is_empty() {
            let names = names(&common);
            lines.push(language.say("help-common", &[("commands", names.into())]));
        }
        let commands = lines.join("\n");
        let mut blocks = vec![
            Block::Title(self.say("help-heading")),
            Block::Text(self.say("help-learner")),
        ];
        if role.is_staff() {
            blocks.push(Block::Text(self.say("help-staff")));
        }
        blocks.push(Block::Text(commands));
        self.tell(Message {
            blocks,
            ..Message::default()
        })
    }

    /// `/ticket`: a form where there are forms, a question otherwise.
    async fn open_command(&mut self, call: &Call) -> Result<Reply, Fault> {
        let urgency = call.urgency.as_deref().and_then(|code| code.parse::<Urgency>().ok());
        let category = match &call.category {
            Some(typed) => {
                let offered = categories::list_offered(self.tx).await?;
                let Some(category) = read_category(self.lang(), typed, offered) else {
                    let blocks = vec![
                        Block::Text(self.unknown_category(typed)),
                        Block::Text(self.say("category-left-out")),
                    ];
                    return Ok(self.tell(Message {
                        blocks,
                        ..Message::default()
                    }));
                };
                Some(category.id)
            }
            None => None,
        };
        let words = clean(&call.text);
        let behind_at = words.strip_prefix('@');
        if let Some(named) = call.for_whom.as_deref().or(behind_at) {
            return self
                .open_for_command(named, call.for_whom.is_some(), (urgency, category))
                .await;
        }
        if !self.inbound.can_open_form && self.is_private() && !words.is_empty() {
            return self.add_to_draft(&words, &[]).await;
        }
        Ok(self.new_ticket_asked(urgency, category))
    }

    /// Somebody wants a new ticket and has not said yet what it is about.
    pub(super) fn new_ticket_asked(&mut self, urgency: Option<Urgency>, category: Option<CategoryId>) -> Reply {
        if self.me.account.is_none() && self.rules.registration == Registration::Invite {
            return self.ask_who();
        }
        if self.inbound.can_open_form {
            return self.start_form(FormKind::Open {
                urgency,
                category,
                stranger: self.me.account.is_none(),
                follows: None,
                requester: None,
            });
        }
        let sentence = if self.is_private() {
            if self.dialog.draft.is_some() {
                match self.draft_of(None) {
                    // It is a new one that they want.
                    Some(draft) => draft.follows = None,
                    None => return self.other_draft(),
                }
            }
            "just-write"
        } else {
            "just-write-privately"
        };
        self.tell(Message::text(self.say(sentence)))
    }

    async fn language(&mut self, wanted: &str) -> Result<Reply, Fault> {
        let wanted = wanted.trim().to_lowercase();
        let chosen = match wanted.as_str() {
            "fr" | "français" | "francais" | "french" => Some(Language::Fr),
            "en" | "english" | "anglais" => Some(Language::En),
            _ => None,
        };
        if let Some(language) = chosen {
            return self.speak(language).await;
        }
        let choices = Language::ALL.map(|language| Button {
            label: language.say(&format!("language-{}", language.code()), &[]),
            action: Press::Speak(language).to_string(),
            look: Look::Plain,
        });
        Ok(self.tell(Message::text(self.say("language-which")).row(choices)))
    }

    /// Speaks this language from now on.
    pub(super) async fn speak(&mut self, language: Language) -> Result<Reply, Fault> {
        people::set_language(self.tx, self.me.id, language).await?;
        self.me.language = language;
        Ok(self.word(self.say("language-chosen")))
    }

    /// `/setup`: this channel or group, or the channel that was chosen, is the staff's from now on.
    async fn setup(&mut self, call: &Call) -> Result<Reply, Fault> {
        let (chat, name, topics) = match (&call.channel, &self.inbound.place.kind) {
            (_, PlaceKind::Private) => return Ok(self.tell(Message::text(self.say("setup-where")))),
            (Some(channel), _) if channel.kind != ChannelKind::Other => {
                let is_forum = channel.kind == ChannelKind::Forum;
                (channel.id.clone(), channel.name.clone(), is_forum)
            }
            (Some(_), _) | (None, PlaceKind::Shared { is_thread: true, .. }) => {
                return Ok(self.tell(Message::text(self.say("setup-which"))));
            }
            (None, PlaceKind::Shared { name, topics, .. }) => {
                (self.inbound.place.spot.chat.clone(), name.clone(), *topics)
            }
        };
        if call.channel.is_none() && self.me.account.is_some() && self.thread_ticket().await?.is_some() {
            return Ok(self.tell(Message::text(self.say("setup-where"))));
        }
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let place = NewPlace {
            platform: self.inbound.platform,
            chat: &chat,
            name: &name,
            topics,
            language: self.lang(),
        };
        bind_place(self.tx, permit, place).await?;
        let sentence = match &call.channel {
            None => "setup-done",
            Some(_) if topics => "setup-done-forum",
            Some(_) => "setup-done-there",
        };
        let done = Message::text(self.lang().say(sentence, &[("place", name.into())]));
        // Which channel is the team's is nothing for those who read another.
        Ok(if call.channel.is_some() {
            self.tell(done)
        } else {
            Reply::Message(done)
        })
    }
}

/// The command with which it shares a line of help: a message has no room for a line of each.
fn beside(command: Command) -> Command {
    match command {
        Command::Category | Command::Title | Command::Describe => Command::Urgency,
        Command::Restore | Command::Purge => Command::Deleted,
        command => command,
    }
}

/// Whether help names the command to people of this role.
fn for_role(command: Command, role: Role) -> bool {
    match command {
        Command::Start => false,
        Command::Users | Command::Invite => Right::People.is_of(role),
        Command::Categories => Right::Categories.is_of(role),
        Command::Setup => Right::Places.is_of(role),
        Command::Delivery => Right::Deliveries.is_of(role),
        Command::Delete | Command::Deleted | Command::Restore | Command::Purge => Right::Purge.is_of(role),
        Command::Queue | Command::History | Command::Canned => Right::EveryTicket.is_of(role),
        Command::Assign => role == Role::Admin,
        Command::Take
        | Command::Release
        | Command::HandOver
        | Command::Helper
        | Command::Urgency
        | Command::Category
        | Command::Title
        | Command::Describe
        | Command::Ask
        | Command::Note
        | Command::Resolve
        | Command::Relate
        | Command::Close => role.is_staff(),
        _ => true,
    }
}
