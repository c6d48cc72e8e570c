//! Lists of tickets.

use super::build::{button, fact, pages, who};
use super::cards::{self, list_line, numbered, urgency};
use super::choosing::choices;
use super::listing::{Listing, Scope, age_name, read};
use super::press::{CategoryPress, Press};
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::Actor;
use crate::domain::age::{Age, Span};
use crate::domain::category::Category;
use crate::domain::language::Language;
use crate::domain::permission::EveryTicket;
use crate::domain::text::{beginning, headline};
use crate::store::colleagues::{self, Among};
use crate::store::lists::{self, Order, Part, TicketLine, Wanted};
use crate::store::{Fault, categories};

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

impl Turn<'_> {
    /// `/tickets`: one's own, of any age; for staff, what is still to be done.
    pub(super) async fn list_first(&mut self, typed: &str) -> Result<Reply, Fault> {
        let is_staff = self.actor().is_some_and(|actor| actor.role.is_staff());
        let first = if is_staff {
            self.list_chosen(Scope::Team, typed).await?
        } else {
            self.list(Listing::of(Scope::Mine)).await?
        };
        // Not in place of the card whose button was pressed.
        Ok(match first {
            Reply::Update(message) => self.tell(message),
            first => first,
        })
    }

    /// The tickets of a scope, of the age and the status that were typed behind the command.
    pub(super) async fn list_chosen(&mut self, scope: Scope, typed: &str) -> Result<Reply, Fault> {
        let listing = Listing::of(scope);
        if let Some(chosen) = read(listing, typed) {
            return self.list(chosen).await;
        }
        if let Err(refused) = self.permit::<EveryTicket>().await? {
            return Ok(refused);
        }
        let language = self.lang();
        let words = beginning(typed.trim(), NAME).to_owned();
        let sentence = language.say("list-unknown", &[("words", words.into())]);
        let choice = |label, chosen| Button {
            label,
            action: Press::List(chosen).to_string(),
            look: Look::Plain,
        };
        let ages = Age::ALL.map(|of| choice(age_name(language, of), listing.with_age(Some(of))));
        let statuses = scope.choosable().iter();
        let statuses = statuses.map(|of| choice(cards::status(language, *of), listing.with_status(Some(*of))));
        let message = Message::text(sentence)
            .row(ages)
            .row(statuses)
            .row([lead(language, listing)]);
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
        let (mut lines, technician) = if listing.scope.is_own() {
            let is_open = listing.scope == Scope::Mine;
            (lists::list_of(self.tx, actor.account, is_open, part).await?, None)
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
        let technician = technician.filter(|_| listing.chosen_technician().is_some());
        let shown = Shown {
            language: self.lang(),
            listing: listing.at(page),
            is_more: is_more && page < LAST,
            is_staff: actor.role.is_staff(),
            categories: &categories,
            technician: technician.map(|technician| who(self.lang(), &technician)),
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
}

/// Which of everybody's tickets a list is of.
fn wanted(listing: Listing, opened: Span, actor: &Actor) -> Wanted<'static> {
    let order = match listing.scope {
        Scope::Queue | Scope::InHand => Order::MostUrgent,
        Scope::Resolved | Scope::Closed => Order::Newest,
        Scope::Team | Scope::Mine | Scope::MineOver => Order::Oldest,
    };
    Wanted {
        statuses: listing.statuses(),
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

/// The button that leads to the tickets of a scope.
pub(super) fn lead(language: Language, listing: Listing) -> Button {
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
        let choices = [
            listing.status.map(|of| cards::status(language, of)),
            listing.urgency.map(|of| urgency(language, of)),
            self.category().map(|of| of.name(language).to_owned()),
            self.technician.clone(),
            listing
                .age
                .map(|of| language.say("list-opened", &[("age", age_name(language, of).into())])),
        ];
        let choices: Vec<_> = choices.into_iter().flatten().map(fact).collect();
        // That nothing is as they chose says nothing of what there is otherwise.
        let none_chosen = lines.is_empty() && listing.page == 0 && !choices.is_empty();
        let title = if none_chosen {
            language.say("list-none-chosen", &[])
        } else {
            language.say(&format!("list-{}", listing.scope.code()), &args)
        };
        let mut blocks = vec![Block::Title(title)];
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
        let day = button(language, "button-day", Press::Day, Look::Plain);
        if listing.scope.is_own() {
            let other = if listing.scope == Scope::Mine {
                Scope::MineOver
            } else {
                Scope::Mine
            };
            let new = button(language, "button-new", Press::NewTicket, Look::Plain);
            let team = self.is_staff.then(|| lead(language, Listing::of(Scope::Team)));
            let leads = [lead(language, listing.in_scope(other)), day, search, new].into_iter();
            return message.row(leads.chain(team)).row(self.pages());
        }
        let own = Press::List(Listing::of(Scope::Mine));
        let own = button(language, "button-mine", own, Look::Plain);
        let others = [Scope::Queue, Scope::InHand, Scope::Team, Scope::Resolved, Scope::Closed];
        let others = others.into_iter().filter(|scope| *scope != listing.scope);
        let leads: Vec<_> = others.map(|scope| lead(language, listing.in_scope(scope))).collect();
        let filters = [self.urgency_button(), self.category_button()].into_iter();
        let filters: Vec<_> = filters.chain(self.technician_button()).collect();
        let age = self.age_button();
        let all = Press::List(Listing::of(listing.scope));
        let all = button(language, "button-list-all", all, Look::Plain);
        let status = self.status_button();
        // With one choice alone, its button may lead there.
        let leads_there = |button: &Button| button.action == all.action;
        let is_led = filters.iter().chain(&status).chain([&age]).any(leads_there);
        let all = (none_chosen && !is_led).then_some(all);
        message
            .row(leads[..2].iter().cloned().chain([day, search, own]))
            .row(leads[2..].iter().cloned().chain(status).chain([age]))
            .row(filters.into_iter().chain(self.pages()).chain(all))
    }

    fn category(&self) -> Option<&Category> {
        let chosen = self.listing.category?;
        self.categories.iter().find(|known| known.id == chosen)
    }

    fn urgency_button(&self) -> Button {
        let next = self.listing.with_next_urgency();
        self.filter("urgency", next.urgency.map(|of| urgency(self.language, of)), next)
    }

    /// Of a list whose tickets all have the same it says nothing.
    fn status_button(&self) -> Option<Button> {
        let next = self.listing.with_next_status();
        let chosen = next.status.map(|of| cards::status(self.language, of));
        (!self.listing.scope.choosable().is_empty()).then(|| self.filter("status", chosen, next))
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
