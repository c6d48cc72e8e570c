//! What everybody sees of each ticket: the cards in both places, that of whoever asked, the lists, and what they are shown.

use std::collections::BTreeSet;

use guichet::domain::account::Role;
use guichet::domain::language::Language;
use guichet::domain::platform::Platform;
use guichet::domain::text::headline;
use guichet::domain::ticket::{Status, Urgency};

use super::marks::{by_the_bot, numbers};
use super::model::{Model, Ticket};
use super::{Places, Player};
use crate::harness::World;

/// How many links a card names.
const LINKS: usize = 5;

fn say(id: &str) -> String {
    Language::Fr.say(id, &[])
}

fn status(of: Status) -> String {
    say(&format!("status-{}", of.code().replace('_', "-")))
}

fn urgency(of: Urgency) -> String {
    say(&format!("urgency-{}", of.code()))
}

impl Model {
    /// The line below the heading of a staff's card.
    fn facts(&self, ticket: &Ticket) -> Vec<String> {
        let sign = match ticket.urgency {
            Urgency::Low => "🟢",
            Urgency::Medium => "🟠",
            Urgency::High => "🔴",
        };
        let mut facts = vec![status(ticket.status)];
        facts.extend(
            ticket
                .technician
                .iter()
                .map(|technician| self.name(technician).to_owned()),
        );
        if !ticket.helpers.is_empty() {
            let names: BTreeSet<&str> = ticket.helpers.iter().map(|helper| self.name(helper)).collect();
            facts.push(format!("avec {}", names.into_iter().collect::<Vec<_>>().join(", ")));
        }
        facts.push(self.categories[&ticket.category].clone());
        facts.push(format!("{sign} {}", urgency(ticket.urgency)));
        facts
    }

    /// A staff's card, as one line or several, says what the model says.
    fn is_on_card(&self, number: u32, ticket: &Ticket, card: &str) {
        let lines: Vec<&str> = card.split('\n').flat_map(|line| line.split(" ⏎ ")).collect();
        let heading = format!("N° {number} · {}", ticket.title);
        let at = lines.iter().position(|line| line.ends_with(&heading));
        let at = at.unwrap_or_else(|| panic!("{heading}\n{card}"));
        let shown = lines.get(at + 1).unwrap_or_else(|| panic!("{card}"));
        let shown: Vec<String> = shown.split(" · ").map(sorted).collect();
        assert_eq!(shown, self.facts(ticket), "ticket {number}\n{card}");
        assert!(lines[at + 2].starts_with(self.name(&ticket.requester)), "{card}");
        self.has_links(ticket, card);
        has_stars(ticket, card);
    }

    /// All of them, where they have room.
    fn has_links(&self, ticket: &Ticket, card: &str) {
        let is_there = |other: &u32| self.tickets[other].status != Status::Deleted;
        let links: Vec<&(String, u32)> = ticket.links.iter().filter(|(_, other)| is_there(other)).collect();
        if links.len() <= LINKS {
            for (relation, other) in links {
                let number = [("number", other.to_string().into())];
                let link = Language::Fr.say(&format!("linked-{relation}"), &number);
                assert!(card.contains(&link), "{link}\n{card}");
            }
        }
    }

    /// A line of a list, but for the time.
    fn in_a_list(&self, number: u32, ticket: &Ticket) -> String {
        let sign = status(ticket.status).chars().next().unwrap_or_default();
        let mark = if ticket.urgency == Urgency::High { "🔴 " } else { "" };
        let line = format!("{sign} n° {number} · {mark}{}", headline(&ticket.title, 60));
        match (&ticket.technician, ticket.status) {
            (_, Status::AwaitingInfo) => format!("{line} · {}", say("list-awaiting-you")),
            (Some(technician), _) => format!("{line} · {}", self.name(technician)),
            (None, _) => line,
        }
    }

    fn tickets_where(&self, is_one: impl Fn(&Ticket) -> bool) -> BTreeSet<String> {
        let found = self.tickets.iter().filter(|(_, ticket)| is_one(ticket));
        found.map(|(number, ticket)| self.in_a_list(*number, ticket)).collect()
    }
}

/// The names of those who help stand in the order of their accounts.
fn sorted(fact: &str) -> String {
    let Some(names) = fact.strip_prefix("avec ") else {
        return fact.to_owned();
    };
    let names: BTreeSet<&str> = names.split(", ").collect();
    format!("avec {}", names.into_iter().collect::<Vec<_>>().join(", "))
}

/// The card in each place, once.
pub fn cards_show_the_model(world: &World, places: &Places, model: &Model) {
    for board in places.watched_boards(world) {
        let history = board.history();
        for (number, ticket) in &model.tickets {
            let heading = format!("N° {number} · ");
            let cards: Vec<&str> = by_the_bot(&history).filter(|line| line.contains(&heading)).collect();
            assert_eq!(cards.len(), 1, "ticket {number}\n{history}");
            if ticket.status == Status::Deleted {
                assert!(cards[0].contains("supprimée"), "{}", cards[0]);
            } else {
                model.is_on_card(*number, ticket, cards[0]);
            }
        }
    }
}

/// The last message with words in it: a file may stand below.
fn last_shown(history: &str) -> &str {
    let words = by_the_bot(history).filter(|line| line.contains('⏎') || line.contains("Je ne trouve pas"));
    words.last().unwrap_or_default()
}

/// The card of whoever asked, and what they read of it.
pub async fn requesters_see_the_model(world: &World, players: &[Player], model: &Model) {
    for (number, ticket) in &model.tickets {
        let name = model.name(&ticket.requester);
        let player = players.iter().find(|player| player.name == name).expect("a player");
        let own = format!("SELECT CAST(message_id AS SIGNED) FROM own_cards WHERE ticket_id = {number}");
        let own = world.tables.number(&own).await;
        let card = player.private.stands(own).expect("a card").text;
        is_on_own_card((*number, ticket), model, &card);
        let others: BTreeSet<u32> = numbers(&card)
            .into_iter()
            .filter(|other| model.tickets.contains_key(other))
            .collect();
        let are_own = others
            .iter()
            .all(|other| model.tickets[other].requester == ticket.requester);
        assert!(are_own, "{name}\n{card}");
        player.private.uses("show", &[("number", &number.to_string())]).await;
        world.quiet().await;
        let history = player.private.history();
        let last = last_shown(&history);
        if ticket.status == Status::Deleted {
            assert!(last.contains("Je ne trouve pas"), "{last}");
        } else {
            is_on_own_card((*number, ticket), model, last);
        }
    }
    let stale = "SELECT COUNT(*) FROM own_cards WHERE is_stale = TRUE";
    assert_eq!(world.tables.number(stale).await, 0);
}

fn is_on_own_card((number, ticket): (u32, &Ticket), model: &Model, card: &str) {
    let heading = format!("N° {number} · {}", ticket.title);
    if ticket.status == Status::Deleted {
        assert!(
            card.starts_with(&status(Status::Deleted)) && !card.contains(&heading),
            "{card}"
        );
        return;
    }
    let lines: Vec<&str> = card.split('\n').flat_map(|line| line.split(" ⏎ ")).collect();
    let at = lines.iter().position(|line| line.ends_with(&heading));
    let at = at.unwrap_or_else(|| panic!("{heading}\n{card}"));
    let facts = [
        status(ticket.status),
        model.categories[&ticket.category].clone(),
        urgency(ticket.urgency),
    ];
    assert!(lines[at + 1].starts_with(&facts.join(" · ")), "{facts:?}\n{card}");
    let technician = ticket.technician.as_ref().map(|technician| model.name(technician));
    let next = format!("next-{}", ticket.status.code().replace('_', "-"));
    let next = Language::Fr.say(&next, &[("technician", technician.unwrap_or_default().into())]);
    assert!(card.contains(&next), "{next}\n{card}");
    has_stars(ticket, card);
}

/// The card of a ticket that was rated shows how.
fn has_stars(ticket: &Ticket, card: &str) {
    let stars = ticket.rating.chars().next().and_then(|stars| stars.to_digit(10));
    let drawn = stars.map(|stars| "★".repeat(stars as usize));
    assert!(
        drawn.is_none_or(|drawn| card.contains(&drawn)),
        "{}\n{card}",
        ticket.rating
    );
}

/// A list, page by page: its lines, but for the time.
async fn list(world: &World, player: &Player, scope: &str) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for page in 0.. {
        player
            .private
            .forges(&player.seen, &format!("list:{scope}:-:-:{page}"))
            .await;
        world.quiet().await;
        let list = player.private.stands(player.seen.message_id).expect("a list");
        let before = lines.len();
        let shown = list.text.lines().filter(|line| line.contains(" n° "));
        lines.extend(
            shown
                .filter_map(|line| line.rsplit_once(" · "))
                .map(|(line, _)| line.to_owned()),
        );
        if !list.buttons.iter().any(|label| label.contains("Suivantes")) {
            return lines;
        }
        assert!(lines.len() > before, "{scope}, page {page}\n{}", list.text);
    }
    lines
}

/// What whoever asked finds in their lists.
pub async fn requesters_find_their_tickets(world: &World, players: &[Player], model: &Model) {
    for player in players.iter().filter(|player| player.own.is_some()) {
        let is_own = |ticket: &Ticket| model.name(&ticket.requester) == player.name;
        let open =
            model.tickets_where(|ticket| is_own(ticket) && !matches!(ticket.status, Status::Closed | Status::Deleted));
        assert_eq!(list(world, player, "mine").await, open, "{}", player.name);
        let over = model.tickets_where(|ticket| is_own(ticket) && ticket.status == Status::Closed);
        assert_eq!(list(world, player, "over").await, over, "{}", player.name);
    }
}

/// What the team finds in its lists, and reads of each ticket: a technician on either platform, and an admin.
pub async fn staff_see_the_model(world: &World, players: &[Player], model: &Model) {
    for (role, on) in [
        (Role::Technician, Platform::Telegram),
        (Role::Technician, Platform::Discord),
        (Role::Admin, Platform::Discord),
    ] {
        let is_it = |player: &&Player| player.role == role && player.private.platform() == on;
        let player = players.iter().find(is_it).expect("one of the team");
        let works_on = |ticket: &Ticket| {
            let all = ticket.helpers.iter().chain(&ticket.technician);
            all.into_iter().any(|account| model.name(account) == player.name)
        };
        let is_in_hand = |ticket: &Ticket| matches!(ticket.status, Status::InProgress | Status::AwaitingInfo);
        for (scope, found) in [
            ("queue", model.tickets_where(|ticket| ticket.status == Status::Waiting)),
            (
                "hand",
                model.tickets_where(|ticket| is_in_hand(ticket) && works_on(ticket)),
            ),
            (
                "team",
                model.tickets_where(|ticket| is_in_hand(ticket) || ticket.status == Status::Waiting),
            ),
            (
                "resolved",
                model.tickets_where(|ticket| ticket.status == Status::Resolved),
            ),
            ("closed", model.tickets_where(|ticket| ticket.status == Status::Closed)),
        ] {
            assert_eq!(list(world, player, scope).await, found, "{scope} of {}", player.name);
        }
        for (number, ticket) in &model.tickets {
            player.private.uses("show", &[("number", &number.to_string())]).await;
            world.quiet().await;
            let history = player.private.history();
            let last = last_shown(&history);
            if ticket.status == Status::Deleted && role != Role::Admin {
                assert!(last.contains("Je ne trouve pas"), "{last}");
            } else {
                model.is_on_card(*number, ticket, last);
            }
        }
    }
}
