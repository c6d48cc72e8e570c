//! What somebody may mean who is typing in an option of a command, where the platform shows it meanwhile.
//!
//! It is only shown to whoever types, changes nothing, and says no more than lists say to them. What they choose, or
//! type all the same, comes as a command like any other.

use super::Chat;
use super::cards::{status_sign, urgency_mark};
use super::grammar::{Command, OptionKind};
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::age::Span;
use crate::domain::category::Category;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::permission::Purge;
use crate::domain::platform::{Platform, Spot};
use crate::domain::text::{folded, headline};
use crate::domain::ticket::Status;
use crate::store::colleagues::{self, Among};
use crate::store::lists::{self, Order, Part, TicketLine, Wanted};
use crate::store::{Fault, View, canned, categories, directory, people, requesters, tickets};

/// How many are shown at most (Discord takes 25).
const SHOWN: usize = 25;
/// Among how many tickets those are looked for whose number or title has what was typed.
const AMONG: u32 = 100;

/// Somebody is typing in an option.
#[derive(Clone, Debug)]
pub struct Typing {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the person.
    pub user_id: String,
    /// Where.
    pub spot: Spot,
    /// The command.
    pub command: Command,
    /// What the option holds.
    pub kind: OptionKind,
    /// What they have typed so far.
    pub typed: String,
    /// Their language, as the platform tells it.
    pub language: Option<Language>,
}

/// Something that they may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What they read.
    pub label: String,
    /// What the option holds when they choose it.
    pub value: String,
}

impl Chat {
    /// What they may mean; nothing for whoever may see none of it.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn suggest(&self, view: &mut View, typing: &Typing) -> Result<Vec<Suggestion>, Fault> {
        let found = people::find_identity(view, typing.platform, &typing.user_id, &typing.spot).await?;
        if typing.kind == OptionKind::Category {
            let me = found.map(|(me, _)| me);
            return match me {
                Some(me) if me.is_disabled => Ok(Vec::new()),
                me => {
                    let language = me.map(|me| me.language).or(typing.language);
                    Ok(named_categories(view, language.unwrap_or_default(), &typing.typed).await?)
                }
            };
        }
        let Some((me, account)) = found.and_then(|(me, _)| me.account.clone().map(|account| (me, account))) else {
            return Ok(Vec::new());
        };
        let actor = Actor {
            account: account.id,
            identity: me.id,
            role: account.role,
        };
        let page = (0, u32::try_from(SHOWN).unwrap_or(u32::MAX));
        let named = |name: String| Suggestion {
            label: name.clone(),
            value: name,
        };
        let typed = typing.typed.trim();
        if typing.kind == OptionKind::For {
            let Ok(permit) = actor.permit() else {
                return Ok(Vec::new());
            };
            let mut found = requesters::list(view, permit, typed, page.1).await?;
            found.retain(|person| !person.is_disabled);
            return Ok(found.into_iter().map(|person| named(person.name)).collect());
        }
        Ok(match (typing.kind, actor.permit(), actor.permit()) {
            (OptionKind::Number, ..) => {
                let lines = to_do(view, &actor, typing.command).await?.into_iter();
                let lines = lines.filter(|line| is_meant(line, typed));
                let mut meant: Vec<_> = lines.map(|line| suggested(me.language, &line)).take(SHOWN).collect();
                // Of all there are, the one of this very number.
                if meant.iter().all(|known| known.value != typed)
                    && let Some(line) = numbered(view, &actor, typing.command, typed).await?
                {
                    meant.insert(0, suggested(me.language, &line));
                    meant.truncate(SHOWN);
                }
                meant
            }
            (OptionKind::Colleague, Ok(permit), _) => {
                let among = Among {
                    letters: typed,
                    without: None,
                };
                let team = colleagues::list(view, permit, among, page).await?;
                team.into_iter().map(|colleague| named(colleague.name)).collect()
            }
            (OptionKind::Canned, Ok(permit), _) => {
                let all = canned::list(view, permit, typed, page).await?;
                all.into_iter().map(|reply| named(reply.name)).collect()
            }
            (OptionKind::Person, _, Ok(permit)) => {
                let all = directory::list(view, permit, typed, page).await?;
                all.into_iter().map(|person| named(person.name)).collect()
            }
            _ => Vec::new(),
        })
    }
}

/// The categories that have what was typed in their name. Whoever opens a first ticket chooses among them too.
async fn named_categories(view: &mut View, language: Language, typed: &str) -> Result<Vec<Suggestion>, Fault> {
    let typed = folded(typed);
    let mut offered = categories::list_offered(view).await?;
    offered.retain(|category| {
        Language::ALL
            .iter()
            .any(|of| folded(category.name(*of)).contains(&typed))
    });
    let suggestion = |category: Category| Suggestion {
        label: category.name(language).to_owned(),
        value: category.name(language).to_owned(),
    };
    Ok(offered.into_iter().map(suggestion).take(SHOWN).collect())
}

/// The tickets that one does that to.
async fn to_do(view: &mut View, actor: &Actor, command: Command) -> Result<Vec<TicketLine>, Fault> {
    let part = Part {
        offset: 0,
        limit: AMONG,
    };
    if is_done_to_deleted(command) && actor.permit::<Purge>().is_err() {
        return Ok(Vec::new());
    }
    let Ok(permit) = actor.permit() else {
        let is_open = !matches!(command, Command::Rate | Command::FollowUp);
        return lists::list_of(view, actor.account, is_open, part).await;
    };
    let (statuses, is_own): (&[Status], bool) = match command {
        Command::Restore | Command::Purge => (&[Status::Deleted], false),
        Command::FollowUp => (&[Status::Closed], false),
        Command::Rate => return lists::list_of(view, actor.account, false, part).await,
        Command::Cancel => return lists::list_of(view, actor.account, true, part).await,
        Command::Take => (&[Status::Waiting], false),
        Command::Release | Command::Resolve | Command::Helper => (&[Status::InProgress, Status::AwaitingInfo], true),
        Command::Reopen | Command::Close => (&[Status::Resolved], false),
        _ => (
            &[
                Status::Waiting,
                Status::InProgress,
                Status::AwaitingInfo,
                Status::Resolved,
            ],
            false,
        ),
    };
    let wanted = Wanted {
        statuses,
        urgency: None,
        category: None,
        technician: is_own.then_some(actor.account),
        opened: Span::default(),
        order: Order::Newest,
    };
    let (lines, _) = lists::list(view, permit, &wanted, part).await?;
    Ok(lines)
}

/// Whether a ticket has to be deleted first.
fn is_done_to_deleted(command: Command) -> bool {
    matches!(command, Command::Restore | Command::Purge)
}

/// Whether what was typed begins its number or stands in its title.
fn is_meant(line: &TicketLine, typed: &str) -> bool {
    line.id.to_string().starts_with(typed) || folded(&line.title).contains(&folded(typed))
}

/// The ticket of which the number was typed, if they may see it.
async fn numbered(view: &mut View, actor: &Actor, command: Command, typed: &str) -> Result<Option<TicketLine>, Fault> {
    let Ok(id) = typed.parse().map(TicketId) else {
        return Ok(None);
    };
    let found = tickets::find(view, id).await?;
    let found = found.filter(|ticket| {
        ticket.state.is_deleted() == is_done_to_deleted(command) && ticket.permit(Action::View, actor).is_ok()
    });
    Ok(found.map(|ticket| TicketLine {
        id,
        title: ticket.title,
        status: ticket.state.status(),
        urgency: ticket.urgency,
        technician: None,
        changed_at: ticket.changed_at,
    }))
}

/// A ticket as it is suggested to whoever types its number.
fn suggested(language: Language, line: &TicketLine) -> Suggestion {
    let number = language.say("number", &[("number", line.id.to_string().into())]);
    let title = headline(&line.title, 60);
    let sign = status_sign(line.status);
    Suggestion {
        label: format!("{sign} {number} · {}{title}", urgency_mark(line.urgency)),
        value: line.id.to_string(),
    }
}
