//! Lists of tickets, and somebody's day.

use super::build::{button, fact, pages, who};
use super::cards::{list_line, numbered, urgency};
use super::choosing::choices;
use super::listing::{Listing, Scope};
use super::press::{CategoryPress, Press};
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::Actor;
use crate::domain::age::{Age, Span};
use crate::domain::category::Category;
use crate::domain::language::Language;
use crate::domain::permission::EveryTicket;
use crate::domain::text::{beginning, folded, headline};
use crate::domain::ticket::Status;
use crate::store::colleagues::{self, Among};
use crate::store::lists::{self, Order, Part, TicketLine, Waits, Wanted};
use crate::store::{Fault, accounts, categories};

/// How many tickets a page shows: with two rows of their buttons and three that lead on, five rows, which is what
/// Discord takes.
const PAGE: u8 = 10;
/// How many colleagues are offered at once: in pairs, four rows, and one that leads on.
const OFFERED: u32 = 8;
/// How much of a name a button shows.
const NAME: usize = 40;
/// How many categories are gone through one by one.
const FEW: usize = 4;
/// The last page: with choices made, nobody has to go further.
const LAST: u8 = 24;
/// How many tickets of each kind a day shows.
const OF_EACH: usize = 5;

impl Turn<'_> {
    /// `/tickets`: one's own, of any age; for staff, what is still to be done.
    pub(super) async fn list_first(&mut self, typed: &str) -> Result<Reply, Fault> {
        let is_staff = self.actor().is_some_and(|actor| actor.role.is_staff());
        let first = if is_staff {
            self.list_aged(Scope::Team, typed).await?
        } else {
            self.list(Listing::of(Scope::Mine)).await?
        };
        // Not in place of the card whose button was pressed.
        Ok(match first {
            Reply::Update(message) => self.tell(message),
            first => first,
        })
    }

    /// The tickets of a scope, of the age that was typed behind the command.
    pub(super) async fn list_aged(&mut self, scope: Scope, typed: &str) -> Result<Reply, Fault> {
        let listing = Listing::of(scope);
        let age = read_age(typed);
        if age.is_some() || typed.trim().is_empty() {
            return self.list(listing.with_age(age)).await;
        }
        if let Err(refused) = self.permit::<EveryTicket>().await? {
            return Ok(refused);
        }
        let language = self.lang();
        let words = beginning(typed.trim(), NAME).to_owned();
        let sentence = language.say("age-unknown", &[("words", words.into())]);
        let choices = Age::ALL.map(|of| Button {
            label: age_name(language, of),
            action: Press::List(listing.with_age(Some(of))).to_string(),
            look: Look::Plain,
        });
        let message = Message::text(sentence).row(choices).row([lead(language, listing)]);
        Ok(self.tell(message))
    }

    /// A page of a list, in place of the one whose button was pressed.
    pub(super) async fn list(&mut self, listing: Listing) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let page = listing.page.min(LAST);
        let part = Part {
            offset: u32::from(page) * u32::from(PAGE),
            limit: u32::from(PAGE) + 1,
        };
        let mut lines = if listing.scope.is_own() {
            lists::list_of(self.tx, actor.account, listing.scope == Scope::Mine, part).await?
        } else {
            let permit = match self.permit().await? {
                Ok(permit) => permit,
                Err(refused) => return Ok(refused),
            };
            let opened = listing.age.map(|age| age.span(self.tx.now(), self.rules.timezone));
            let wanted = wanted(listing, opened.unwrap_or_default(), &actor);
            lists::list(self.tx, permit, &wanted, part).await?
        };
        let is_more = lines.len() > usize::from(PAGE);
        lines.truncate(usize::from(PAGE));
        let categories = categories::list(self.tx).await?;
        let technician = match listing.chosen_technician() {
            Some(technician) => Some(who(self.lang(), &accounts::find_name(self.tx, technician).await?)),
            None => None,
        };
        let shown = Shown {
            language: self.lang(),
            listing: listing.at(page),
            is_more: is_more && page < LAST,
            is_staff: actor.role.is_staff(),
            categories: &categories,
            technician,
        };
        let message = shown.message(&lines);
        Ok(self.instead_or_tell(message))
    }

    /// The colleagues from this one on, of whom a list can be.
    pub(super) async fn choose_technician(&mut self, listing: Listing, from: u32) -> Result<Reply, Fault> {
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let among = Among {
            letters: "",
            without: None,
        };
        let colleagues = colleagues::list(self.tx, permit, among, (from, OFFERED + 1)).await?;
        let language = self.lang();
        let shown = OFFERED as usize;
        let buttons = colleagues.iter().take(shown).map(|colleague| Button {
            label: headline(&colleague.name, NAME),
            action: Press::List(listing.with_technician(Some(colleague.id))).to_string(),
            look: Look::Plain,
        });
        let buttons: Vec<Button> = buttons.collect();
        let question = Message::text(self.say("list-of-whom"));
        let message = buttons.chunks(2).map(<[Button]>::to_vec).fold(question, Message::row);
        let of = (from, OFFERED, colleagues.len() > shown);
        let mut leads = pages(language, of, |from| Press::ListOf(listing, from));
        leads.push(lead(language, listing));
        let message = message.row(leads);
        Ok(self.instead_or_tell(message))
    }

    /// Of which category is a list to be?
    pub(super) async fn choose_category(&mut self, listing: Listing, from: u32) -> Result<Reply, Fault> {
        if let Err(refused) = self.permit::<EveryTicket>().await? {
            return Ok(refused);
        }
        let language = self.lang();
        let message = Message::text(self.say("draft-which-category"));
        let offered = categories::list_offered(self.tx).await?;
        let page = |from| Press::Categories(CategoryPress::ChooseOf(listing, from));
        let choose = |category| Press::List(listing.with_category(Some(category)));
        let (message, leads) = choices(language, message, (&offered, from), choose, page);
        let back = lead(language, listing);
        Ok(self.instead_or_tell(message.row(leads.into_iter().chain([back]))))
    }

    /// `/myday`: what waits for somebody, and why.
    pub(super) async fn day(&mut self) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let limit = u32::try_from(OF_EACH + 1).unwrap_or(u32::MAX);
        let day = lists::list_day(self.tx, actor.permit().ok(), actor.account, limit).await?;
        let language = self.lang();
        let mut blocks = vec![Block::Title(self.say(if day.is_empty() {
            "day-free"
        } else {
            "day-heading"
        }))];
        let mut shown = Vec::new();
        for waits in Waits::ALL {
            let lines: Vec<&TicketLine> = day.iter().filter(|line| line.0 == waits).map(|line| &line.1).collect();
            if lines.is_empty() {
                continue;
            }
            let more = if lines.len() > OF_EACH { "yes" } else { "no" };
            let args = [("count", lines.len().min(OF_EACH).into()), ("more", more.into())];
            blocks.push(Block::Text(language.say(&format!("day-{}", waits.code()), &args)));
            let lines = lines.into_iter().take(OF_EACH);
            for line in lines {
                blocks.push(list_line(language, line));
                shown.push(line.clone());
            }
        }
        let message = Message {
            blocks,
            buttons: numbered(language, &shown),
            ..Message::default()
        };
        let leads: &[Scope] = if actor.role.is_staff() {
            &[Scope::Queue, Scope::InHand, Scope::Team]
        } else {
            &[Scope::Mine]
        };
        let message = message.row(leads.iter().map(|scope| lead(language, Listing::of(*scope))));
        Ok(self.tell(message))
    }
}

/// Which of everybody's tickets a list is of.
fn wanted(listing: Listing, opened: Span, actor: &Actor) -> Wanted<'static> {
    const OPEN: &[Status] = &[Status::Waiting, Status::InProgress, Status::AwaitingInfo];
    let (statuses, order): (&[Status], Order) = match listing.scope {
        Scope::Queue => (&[Status::Waiting], Order::MostUrgent),
        Scope::InHand => (&[Status::InProgress, Status::AwaitingInfo], Order::MostUrgent),
        Scope::Resolved => (&[Status::Resolved], Order::Newest),
        Scope::Closed => (&[Status::Closed], Order::Newest),
        Scope::Team | Scope::Mine | Scope::MineOver => (OPEN, Order::Oldest),
    };
    Wanted {
        statuses,
        urgency: listing.urgency,
        category: listing.category,
        technician: match listing.scope {
            Scope::InHand => Some(actor.account),
            _ => listing.chosen_technician(),
        },
        opened,
        order,
    }
}

/// When tickets of an age were opened, in words.
fn age_name(language: Language, age: Age) -> String {
    language.say(&format!("age-{}", age.code()), &[])
}

/// An age as somebody typed it, or an option carries it.
fn read_age(typed: &str) -> Option<Age> {
    let plain = |words: &str| folded(&words.trim().replace('’', "'"));
    let typed = plain(typed);
    let is_named = |of: &Age| {
        let mut names = Language::ALL.iter().map(|language| age_name(*language, *of));
        of.code() == typed || names.any(|name| plain(&name) == typed)
    };
    Age::ALL.into_iter().find(is_named)
}

/// The button that leads to the tickets of a scope.
fn lead(language: Language, listing: Listing) -> Button {
    let label = format!("button-list-{}", listing.scope.code());
    button(language, &label, Press::List(listing), Look::Plain)
}

/// A list as somebody sees it.
struct Shown<'a> {
    language: Language,
    listing: Listing,
    is_more: bool,
    /// The one who reads it is of the team.
    is_staff: bool,
    categories: &'a [Category],
    /// The name of the one whose tickets it is of, if it is of one's.
    technician: Option<String>,
}

impl Shown<'_> {
    fn message(&self, lines: &[TicketLine]) -> Message {
        let (language, listing) = (self.language, self.listing);
        let first = usize::from(listing.page) * usize::from(PAGE);
        let args = [
            ("count", lines.len().into()),
            ("from", (first + 1).into()),
            ("to", (first + lines.len()).into()),
            ("whole", if first == 0 && !self.is_more { "yes" } else { "no" }.into()),
        ];
        let title = language.say(&format!("list-{}", listing.scope.code()), &args);
        let mut blocks = vec![Block::Title(title)];
        let choices = [
            listing.urgency.map(|of| urgency(language, of)),
            self.category().map(|of| of.name(language).to_owned()),
            self.technician.clone(),
            listing
                .age
                .map(|of| language.say("list-opened", &[("age", age_name(language, of).into())])),
        ];
        let choices: Vec<_> = choices.into_iter().flatten().map(fact).collect();
        if !choices.is_empty() {
            blocks.push(Block::Facts(choices));
        }
        blocks.extend(lines.iter().map(|line| list_line(language, line)));
        let message = Message {
            blocks,
            buttons: numbered(language, lines),
            ..Message::default()
        };
        let search = button(language, "button-search", Press::Search, Look::Plain);
        if listing.scope.is_own() {
            let other = if listing.scope == Scope::Mine {
                Scope::MineOver
            } else {
                Scope::Mine
            };
            let new = button(language, "button-new", Press::NewTicket, Look::Plain);
            let team = self.is_staff.then(|| lead(language, Listing::of(Scope::Team)));
            let leads = [lead(language, listing.in_scope(other)), search, new].into_iter();
            return message.row(leads.chain(team)).row(self.pages());
        }
        let own = Press::List(Listing::of(Scope::Mine));
        let own = button(language, "button-mine", own, Look::Plain);
        let others = [Scope::Queue, Scope::InHand, Scope::Team, Scope::Resolved, Scope::Closed];
        let others = others.into_iter().filter(|scope| *scope != listing.scope);
        let leads: Vec<_> = others.map(|scope| lead(language, listing.in_scope(scope))).collect();
        let filters = [self.urgency_button(), self.category_button()].into_iter();
        let filters = filters.chain(self.technician_button());
        message
            .row(leads[..2].iter().cloned().chain([search, own]))
            .row(leads[2..].iter().cloned().chain([self.age_button()]))
            .row(filters.chain(self.pages()))
    }

    fn category(&self) -> Option<&Category> {
        let chosen = self.listing.category?;
        self.categories.iter().find(|known| known.id == chosen)
    }

    fn urgency_button(&self) -> Button {
        let next = self.listing.with_next_urgency();
        self.filter("urgency", next.urgency.map(|of| urgency(self.language, of)), next)
    }

    fn age_button(&self) -> Button {
        let next = self.listing.with_next_age();
        self.filter("age", next.age.map(|of| age_name(self.language, of)), next)
    }

    /// With the next category that is offered, in the order in which they are listed everywhere; of many, it leads to all
    /// of them, or back to any.
    fn category_button(&self) -> Button {
        let mut offered = self.categories.iter().filter(|known| !known.is_retired);
        let are_many = offered.clone().nth(FEW).is_some();
        let next = match self.listing.category {
            None if are_many => {
                let choose = Press::Categories(CategoryPress::ChooseOf(self.listing.at(0), 0));
                return button(self.language, "button-category", choose, Look::Plain);
            }
            None => offered.next(),
            Some(_) if are_many => None,
            Some(chosen) => offered.find(|known| known.id > chosen),
        };
        let listing = self.listing.with_category(next.map(|category| category.id));
        let name = next.map(|category| category.name(self.language).to_owned());
        self.filter("category", name, listing)
    }

    /// It leads to the colleagues, or back to everybody's; of what one has in hand, and of what nobody has, it says nothing.
    fn technician_button(&self) -> Option<Button> {
        let (language, listing) = (self.language, self.listing);
        listing.scope.is_of_technicians().then(|| {
            if listing.technician.is_some() {
                return self.filter("technician", None, listing.with_technician(None));
            }
            button(language, "button-list-of", Press::ListOf(listing, 0), Look::Plain)
        })
    }

    /// A button that says what will be shown, or that all will be.
    fn filter(&self, of: &str, chosen: Option<String>, listing: Listing) -> Button {
        let chosen = chosen.unwrap_or_else(|| self.language.say("filter-any", &[("of", of.into())]));
        Button {
            label: self
                .language
                .say(&format!("button-filter-{of}"), &[("choice", chosen.into())]),
            action: Press::List(listing).to_string(),
            look: Look::Plain,
        }
    }

    fn pages(&self) -> Vec<Button> {
        let to = |label, page| button(self.language, label, Press::List(self.listing.at(page)), Look::Plain);
        let before = self.listing.page.checked_sub(1).map(|page| to("button-before", page));
        let after = self.is_more.then(|| to("button-after", self.listing.page + 1));
        before.into_iter().chain(after).collect()
    }
}
