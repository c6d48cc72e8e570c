//! Where each ticket stands, as a model has it that goes through the histories line by line and knows the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use guichet::domain::account::{Role, Standing};
use guichet::domain::action::Action;
use guichet::domain::ticket::{Status, Urgency};
use guichet::domain::transition::{Way, rule};
use guichet::store::history::Event;

use crate::harness::World;

/// What stands between the columns of a row: nobody types it.
const BETWEEN: char = '\u{1f}';

/// A ticket.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The account of whoever asked.
    pub requester: String,
    pub status: Status,
    /// The account of who is in charge, or was.
    pub technician: Option<String>,
    pub helpers: BTreeSet<String>,
    pub urgency: Urgency,
    /// Its code.
    pub category: String,
    pub title: String,
    pub description: String,
    /// The stars, and the word behind them.
    pub rating: String,
    /// What others are to it: the code of the relation, and the number.
    pub links: BTreeSet<(String, u32)>,
    before_deletion: Option<(Status, Option<String>)>,
}

/// All tickets, by number, and the names of people and categories.
pub struct Model {
    pub tickets: BTreeMap<u32, Ticket>,
    /// By account.
    pub names: BTreeMap<String, String>,
    /// By code.
    pub categories: BTreeMap<String, String>,
}

/// The rows of a query, of so many columns.
pub async fn rows<const N: usize>(world: &World, columns: &str, of: &str) -> Vec<[String; N]> {
    let sql = format!("SELECT CONCAT_WS('{BETWEEN}', {columns}) FROM {of}");
    let rows = world.tables.texts(&sql).await.into_iter().map(|row| {
        let columns: Vec<String> = row.split(BETWEEN).map(str::to_owned).collect();
        columns.try_into().unwrap_or_else(|_| panic!("{row:?}"))
    });
    rows.collect()
}

/// What the tables say of the tickets as they are now.
pub async fn tickets_now(world: &World) -> BTreeMap<u32, Ticket> {
    let rows = rows::<10>(
        world,
        "t.id, t.requester_id, t.status, COALESCE(t.technician_id, ''), t.urgency, k.code, t.title, t.description,
         COALESCE((SELECT CONCAT_WS(' ', r.stars, r.words) FROM ratings r WHERE r.ticket_id = t.id), ''),
         COALESCE((SELECT GROUP_CONCAT(h.account_id) FROM ticket_helpers h WHERE h.ticket_id = t.id), '')",
        "tickets t JOIN categories k ON k.id = t.category_id",
    )
    .await;
    let tickets = rows.into_iter().map(|row| {
        let [
            id,
            requester,
            status,
            technician,
            urgency,
            category,
            title,
            description,
            rating,
            helpers,
        ] = row;
        let helpers = helpers.split(',').filter(|helper| !helper.is_empty());
        let ticket = Ticket {
            requester,
            status: Status::from_str(&status).unwrap(),
            technician: Some(technician).filter(|technician| !technician.is_empty()),
            helpers: helpers.map(str::to_owned).collect(),
            urgency: Urgency::from_str(&urgency).unwrap(),
            category,
            title,
            description,
            rating,
            links: BTreeSet::new(),
            before_deletion: None,
        };
        (id.parse().unwrap(), ticket)
    });
    let mut tickets: BTreeMap<u32, Ticket> = tickets.collect();
    for [ticket, kind, other] in self::rows(
        world,
        "ticket_id, kind, other_id",
        "ticket_links WHERE kind <> 'follows'",
    )
    .await
    {
        let inverse = match kind.as_str() {
            "blocks" => "blocked",
            "duplicates" => "duplicated",
            _ => "relates",
        };
        let (one, two): (u32, u32) = (ticket.parse().unwrap(), other.parse().unwrap());
        tickets.get_mut(&one).unwrap().links.insert((kind, two));
        tickets.get_mut(&two).unwrap().links.insert((inverse.to_owned(), one));
    }
    tickets
}

/// A line of a history.
struct Line {
    ticket: u32,
    event: String,
    actor: String,
    role: Role,
    /// Who is in charge since.
    technician: String,
    before: String,
    after: String,
}

async fn lines(world: &World) -> Vec<Line> {
    let rows = rows::<7>(
        world,
        "h.ticket_id, h.event, h.actor_id, a.role, COALESCE(h.technician_after, ''),
         COALESCE(h.detail_before, ''), COALESCE(h.detail_after, '')",
        "history h JOIN accounts a ON a.id = h.actor_id ORDER BY h.ticket_id, h.seq",
    )
    .await;
    let lines = rows
        .into_iter()
        .map(|[ticket, event, actor, role, technician, before, after]| Line {
            ticket: ticket.parse().unwrap(),
            event,
            actor,
            role: Role::from_str(&role).unwrap(),
            technician,
            before,
            after,
        });
    lines.collect()
}

impl Model {
    /// Goes through the histories of these tickets, which nobody has changed before, and of those that were opened since,
    /// and finds the tables to say the same.
    pub async fn of(world: &World, at_first: &BTreeMap<u32, Ticket>) -> Self {
        let now = tickets_now(world).await;
        let lines = lines(world).await;
        let mut tickets = BTreeMap::new();
        for line in &lines {
            let Some(ticket) = tickets.get_mut(&line.ticket) else {
                assert_eq!(line.event, "opened");
                let known = at_first.get(&line.ticket).cloned();
                let ticket = known.unwrap_or_else(|| opened(&now[&line.ticket], line.ticket, &lines));
                tickets.insert(line.ticket, ticket);
                continue;
            };
            ticket.goes_on(line);
        }
        assert!(now.keys().eq(tickets.keys()));
        for (number, ticket) in &tickets {
            ticket.is(&now[number], *number);
        }
        Self {
            tickets,
            names: pairs(world, "id, name", "accounts").await,
            categories: pairs(world, "code, name_fr", "categories").await,
        }
    }

    /// Somebody's name.
    pub fn name(&self, account: &str) -> &str {
        &self.names[account]
    }
}

async fn pairs(world: &World, columns: &str, of: &str) -> BTreeMap<String, String> {
    let rows = rows::<2>(world, columns, of).await;
    rows.into_iter().map(|[key, value]| (key, value)).collect()
}

/// A ticket as it was when it was opened: what somebody changed was what the first change says, all else is as it is now.
fn opened(now: &Ticket, number: u32, lines: &[Line]) -> Ticket {
    let first = |event: &str| {
        let mut changes = lines.iter().filter(|line| line.ticket == number && line.event == event);
        changes.next().map(|line| line.before.clone())
    };
    let urgency = first("prioritized").map(|urgency| urgency.parse().unwrap());
    Ticket {
        status: Status::Waiting,
        technician: None,
        helpers: BTreeSet::new(),
        urgency: urgency.unwrap_or(now.urgency),
        category: first("categorized").unwrap_or(now.category.clone()),
        title: first("retitled").unwrap_or(now.title.clone()),
        description: first("described").unwrap_or(now.description.clone()),
        rating: String::new(),
        links: BTreeSet::new(),
        ..now.clone()
    }
}

impl Ticket {
    fn goes_on(&mut self, line: &Line) {
        let mut actions = Action::ALL.into_iter();
        let action = actions.find(|action| Event::Done(*action).code() == line.event);
        let who = Standing {
            role: line.role,
            requester: line.actor == self.requester,
            in_charge: self.technician.as_deref() == Some(&line.actor),
            helps: self.helpers.contains(&line.actor),
        };
        let way = rule(self.status, action.expect("an action"), who);
        let way = way.unwrap_or_else(|refusal| {
            panic!(
                "{refusal:?}: {} of {}, which is {:?}",
                line.event, line.ticket, self.status
            )
        });
        self.moves(way, line);
        let (before, after) = (line.before.clone(), line.after.clone());
        match line.event.as_str() {
            "helped" if after.is_empty() => assert!(self.helpers.remove(&before)),
            "helped" => assert!(self.helpers.insert(after)),
            "prioritized" => changes(&mut self.urgency, &before.parse().unwrap(), after.parse().unwrap()),
            "categorized" => changes(&mut self.category, &before, after),
            "retitled" => changes(&mut self.title, &before, after),
            "described" => changes(&mut self.description, &before, after),
            "rated" => changes(&mut self.rating, &before, after),
            "related" if after.is_empty() => assert!(self.links.remove(&link(&before))),
            "related" => assert!(self.links.insert(link(&after))),
            _ => {}
        }
        self.helpers.retain(|helper| {
            !matches!(self.status, Status::Waiting | Status::Closed) && self.technician.as_ref() != Some(helper)
        });
    }

    fn moves(&mut self, way: Way, line: &Line) {
        let in_charge = || Some(line.actor.clone());
        (self.status, self.technician) = match way {
            Way::To(Status::Waiting) => (Status::Waiting, None),
            Way::To(Status::Deleted) => {
                self.before_deletion = Some((self.status, self.technician.clone()));
                (Status::Deleted, self.technician.clone())
            }
            Way::To(Status::Closed) => (Status::Closed, self.technician.clone()),
            Way::To(next) if ["assigned", "handed_over"].contains(&line.event.as_str()) => {
                (next, Some(line.technician.clone()))
            }
            Way::To(next) => (next, self.technician.clone().or_else(in_charge)),
            Way::Back => self.before_deletion.take().expect("what is restored was deleted"),
        };
    }

    /// It is as the tables say it is.
    fn is(&self, row: &Self, number: u32) {
        let state = |of: &Self| (of.status, of.technician.clone(), of.helpers.clone());
        assert_eq!(state(self), state(row), "ticket {number}");
        let what = |of: &Self| {
            (
                of.urgency,
                of.category.clone(),
                of.title.clone(),
                of.description.clone(),
            )
        };
        assert_eq!(what(self), what(row), "ticket {number}");
        assert_eq!(
            (&self.rating, &self.links),
            (&row.rating, &row.links),
            "ticket {number}"
        );
    }
}

/// The relation and the number, as a history keeps them.
fn link(kept: &str) -> (String, u32) {
    let (relation, other) = kept.split_once(':').expect("a relation and a number");
    (relation.to_owned(), other.parse().unwrap())
}

fn changes<T: PartialEq + std::fmt::Debug>(what: &mut T, before: &T, after: T) {
    assert_eq!(what, before);
    *what = after;
}
