//! What the players do: random steps, allowed or not.

use std::collections::BTreeMap;

use guichet::domain::platform::Platform;
use guichet::sandbox::{Answer, Seat as _, Seen};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::marks::{FILE, MORE, WORDS, mark, speaks_of};
use super::{DELETED_FROM, FIRST, LAST, Places, Player};
use crate::harness::{AnySeat, Chair, World};

/// Numbers beyond the last, where there may be what follows a ticket, or nothing.
const BEYOND: u32 = 6;
/// How many accounts there are at least.
const ACCOUNTS: u32 = 50;
/// How many things somebody finds on a page.
const RECENT: usize = 12;

/// What somebody wrote in a message of their own.
pub struct Said {
    pub chair: Chair,
    pub message: i64,
    /// In their private chat.
    pub is_private: bool,
    /// All that it ever said.
    pub marks: Vec<String>,
    ticket: u32,
}

/// What somebody did.
#[derive(Default)]
pub struct Played {
    /// The ticket that each of their words was meant for.
    pub meant: BTreeMap<String, u32>,
    pub said: Vec<Said>,
}

/// Somebody who plays.
pub struct Hand<'a> {
    world: &'a World,
    places: &'a Places,
    player: &'a Player,
    number: usize,
    step: u32,
    chance: StdRng,
    played: Played,
    /// What they may still change.
    standing: Vec<usize>,
}

/// Plays all steps of a player, as the seed has it.
pub async fn plays(world: &World, places: &Places, (number, player): (usize, &Player), seed: u64) -> Played {
    let mut hand = Hand {
        world,
        places,
        player,
        number,
        step: 0,
        chance: StdRng::seed_from_u64(seed.wrapping_mul(100) + number as u64),
        played: Played::default(),
        standing: Vec::new(),
    };
    for step in 1..=player.steps() {
        hand.step = step;
        hand.steps().await;
    }
    hand.played
}

impl Hand<'_> {
    async fn steps(&mut self) {
        let ticket = self.ticket().await;
        match self.chance.random_range(0..20) {
            0..=6 => self.uses(ticket).await,
            7..=10 => self.forges(ticket).await,
            11 | 12 => self.presses_in_private().await,
            13 => self.answers_in_private().await,
            14 | 15 => self.changes_words().await,
            _ if !self.player.role.is_staff() => self.presses_in_private().await,
            16 => self.presses_on_card(ticket).await,
            17 => self.answers_in_place().await,
            _ => self.writes_in_thread(ticket).await,
        }
    }

    /// A ticket; as often as not one that they asked for, or that they are in charge of.
    async fn ticket(&mut self) -> u32 {
        let any = self.chance.random_range(FIRST..=LAST + BEYOND);
        if self.chance.random_bool(0.5) {
            return any;
        }
        let own = format!(
            "SELECT CAST(t.id AS CHAR) FROM tickets t JOIN accounts a ON a.id IN (t.requester_id, t.technician_id)
             WHERE a.name = '{}' AND (t.status <> 'closed' OR t.requester_id = a.id) ORDER BY t.id",
            self.player.name
        );
        let own = self.world.tables.texts(&own).await;
        let at = self.chance.random_range(0..own.len().max(1));
        own.get(at).map_or(any, |own| own.parse().expect("a number"))
    }

    /// The words of this step, meant for that ticket.
    fn words(&mut self, of: char, ticket: u32) -> String {
        let words = mark(of, self.number, self.step);
        self.played.meant.insert(words.clone(), ticket);
        self.world.script.typed_in(&words);
        words
    }

    fn one_of<'t>(&mut self, of: &'t [&'t str]) -> &'t str {
        of[self.chance.random_range(0..of.len())]
    }

    fn colleague(&mut self) -> String {
        format!("Technicien {}", self.chance.random_range(1..=9))
    }

    async fn uses(&mut self, ticket: u32) {
        let (number, words) = (ticket.to_string(), self.words(WORDS, ticket));
        let (colleague, stars) = (self.colleague(), self.chance.random_range(1..=5).to_string());
        let number = ("number", number.as_str());
        let said = [number, ("text", words.as_str())];
        let colleague = ("colleague", colleague.as_str());
        let urgency = self.one_of(&["low", "medium", "high"]);
        let ends = self.chance.random_bool(0.4);
        let chair = &self.player.private;
        match self.chance.random_range(0..32) {
            0..=3 => chair.uses("reply", &said).await,
            4 | 5 => chair.uses("note", &said).await,
            6 | 7 => chair.uses("ask", &said).await,
            8..=11 => chair.uses("take", &[number]).await,
            12 => chair.uses("release", &[number]).await,
            13..=15 => chair.uses("resolve", &said).await,
            16 => chair.uses("reopen", &said).await,
            17 if ends => chair.uses("close", &[number]).await,
            18 => chair.uses("urgency", &[number, ("urgency", urgency)]).await,
            19 => chair.uses("show", &[number]).await,
            20 => chair.uses("history", &[number]).await,
            21 => chair.uses("search", &[("words", "cassé")]).await,
            22 => chair.uses("assign", &[number, colleague]).await,
            23 | 24 => chair.uses("handover", &[number, colleague, said[1]]).await,
            25 | 26 => chair.uses("helper", &[number, colleague]).await,
            27 | 28 => chair.uses("rate", &[number, ("stars", stars.as_str()), said[1]]).await,
            29 => chair.uses("queue", &[]).await,
            30 => chair.uses("myday", &[]).await,
            _ => chair.uses("tickets", &[]).await,
        };
    }

    /// A button that may never have been there.
    async fn forges(&mut self, ticket: u32) {
        let other = self.chance.random_range(FIRST..=LAST);
        let account = self.chance.random_range(1..=ACCOUNTS);
        let category = self.chance.random_range(1..=5);
        let stars = self.chance.random_range(1..=5);
        let relation = self.one_of(&["blocks", "blocked", "duplicates", "duplicated", "relates"]);
        let ends = self.chance.random_bool(0.6);
        let deleted = self.chance.random_range(DELETED_FROM..=LAST);
        let press = match self.chance.random_range(0..23) {
            0 | 1 if ends => format!("confirm:{ticket}"),
            2 if ends => format!("surely:{ticket}"),
            3 | 4 => format!("category_of:{ticket}:{category}"),
            5 | 6 => format!("stars:{ticket}:{stars}"),
            7 => format!("relate_to:{ticket}:{relation}:{other}"),
            8 => format!("take:{ticket}"),
            9 if ends => format!("close:{ticket}"),
            10 => format!("unrelate:{ticket}:{other}"),
            11 => format!("assign_to:{ticket}:{account}"),
            12 => format!("handover_to:{ticket}:{account}"),
            13 => format!("help_to:{ticket}:{account}"),
            14 => format!("let_go:{ticket}:{account}"),
            15 => return self.sends_canned(ticket).await,
            16 | 17 => format!("remove_surely:{deleted}"),
            18 | 19 => format!("restore:{deleted}"),
            20 => return self.asks_for_form(&format!("retitle:{ticket}"), ticket).await,
            21 => return self.asks_for_form(&format!("describe:{ticket}"), ticket).await,
            _ => return self.asks_for_form(&format!("follow:{ticket}"), ticket).await,
        };
        self.player.private.forges(&self.player.seen, &press).await;
    }

    /// Presses what leads to a form, and fills it, or writes what is asked for, if it is.
    async fn asks_for_form(&mut self, press: &str, ticket: u32) {
        let chair = &self.player.private;
        let answer = chair.forges(&self.player.seen, press).await;
        if matches!(answer, Answer::Form { .. }) {
            return self.fills(chair, answer, ticket).await;
        }
        if chair.platform() == Platform::Telegram {
            let words = self.words(WORDS, ticket);
            self.player.private.says(&words).await;
        }
    }

    /// Fills the form that opened, if one did.
    async fn fills(&mut self, chair: &Chair, answer: Answer, ticket: u32) {
        let Answer::Form { fields, .. } = answer else { return };
        let words: Vec<String> = fields.iter().zip(MORE).map(|(_, of)| self.words(of, ticket)).collect();
        let filled = fields.iter().map(|field| field.label.as_str());
        let filled: Vec<_> = filled.zip(words.iter().map(String::as_str)).collect();
        chair.submits(&filled).await;
    }

    async fn sends_canned(&mut self, ticket: u32) {
        let (chair, seen) = (&self.player.private, &self.player.seen);
        chair.forges(seen, &format!("canned:use:{ticket}:1")).await;
        let shown = format!("Réponse type {ticket}");
        let sent = crc32fast::hash(shown.as_bytes());
        chair.forges(seen, &format!("canned:send:{ticket}:{sent:08x}")).await;
    }

    /// A message that they find there, about one ticket.
    fn finds(&mut self, chair: &Chair, is_it: impl Fn(&Seen) -> bool) -> Option<(Seen, u32)> {
        let about = |seen: Seen| speaks_of(&seen.text).map(|ticket| (seen, ticket));
        let all = chair.unread().into_iter().rev().filter(is_it).filter_map(about);
        let mut found: Vec<_> = all.take(RECENT).collect();
        (!found.is_empty()).then(|| found.swap_remove(self.chance.random_range(0..found.len())))
    }

    /// A button that stands there.
    async fn presses(&mut self, chair: &Chair, (on, ticket): (&Seen, u32)) -> Option<Answer> {
        // Only some tickets are deleted, and nobody is sent away from what they see.
        let may = |label: &&String| !["upprimer", "ffacer", "établir"].iter().any(|no| label.contains(no));
        let labels: Vec<&String> = on.buttons.iter().filter(may).collect();
        let label = *labels.get(self.chance.random_range(0..labels.len().max(1)))?;
        let answer = chair.tries(on, label).await?;
        if matches!(answer, Answer::Form { .. }) {
            self.fills(chair, answer, ticket).await;
            return None;
        }
        Some(answer)
    }

    async fn presses_in_private(&mut self) {
        let chair = &self.player.private;
        if let Some((seen, ticket)) = self.finds(chair, |seen| !seen.buttons.is_empty()) {
            self.presses(chair, (&seen, ticket)).await;
        }
    }

    /// The card of a ticket in their place, and what a button of it offers to them alone.
    async fn presses_on_card(&mut self, ticket: u32) {
        let board = self.places.board(self.world, self.player);
        let Some(card) = self.places.card(self.world, &board, ticket).await else {
            return;
        };
        if let Some(Answer::Message(offered)) = self.presses(&board, (&card, ticket)).await {
            self.presses(&board, (&offered, ticket)).await;
        }
    }

    /// To a card in their place, or a question that is open there, theirs or not.
    async fn answers_in_place(&mut self) {
        let board = self.places.board(self.world, self.player);
        if let Some((question, ticket)) = self.finds(&board, |_| true) {
            self.replies((board, false), (&question, ticket)).await;
        }
    }

    async fn answers_in_private(&mut self) {
        let chair = self.player.private.clone();
        let Some((seen, ticket)) = self.finds(&chair, |_| true) else {
            return;
        };
        if chair.platform() == Platform::Discord && self.chance.random_bool(0.2) {
            return chair.reacts(&seen, "✅");
        }
        self.replies((chair, true), (&seen, ticket)).await;
    }

    /// Answers a message, in private or not, with a file or without.
    async fn replies(&mut self, (chair, is_private): (Chair, bool), (to, ticket): (&Seen, u32)) {
        let words = self.words(WORDS, ticket);
        let message = if self.chance.random_bool(0.2) {
            let name = format!("{}.txt", self.words(FILE, ticket));
            let file = (name.as_str(), "text/plain", name.as_bytes());
            chair.answers_with(to, file, &words).await
        } else {
            // Nobody waits until what they answer is written down.
            match &chair.seat {
                AnySeat::Telegram(seat) => seat.replies(to, &words).await,
                AnySeat::Discord(seat) => seat.replies(to, &words).await,
            }
        };
        self.has_said((chair, is_private), message, (words, ticket));
    }

    fn has_said(&mut self, (chair, is_private): (Chair, bool), message: i64, (words, ticket): (String, u32)) {
        self.standing.push(self.played.said.len());
        self.played.said.push(Said {
            is_private,
            chair,
            message,
            marks: vec![words],
            ticket,
        });
    }

    async fn writes_in_thread(&mut self, ticket: u32) {
        let thread = self.places.thread(self.world, self.player, ticket);
        let lines = thread.unread();
        if lines.is_empty() {
            return;
        }
        let line = &lines[self.chance.random_range(0..lines.len())];
        match self.chance.random_range(0..8) {
            0..=4 => self.replies((thread.clone(), false), (line, ticket)).await,
            5 | 6 => {
                let words = self.words(WORDS, ticket);
                let message = thread.says(&words).await;
                self.has_said((thread, false), message, (words, ticket));
            }
            _ => {
                let reaction = self.one_of(&["👍", "👀", "🎉"]);
                thread.reacts(line, reaction);
            }
        }
    }

    /// Says something else in a message of theirs, or takes it back.
    async fn changes_words(&mut self) {
        if self.standing.is_empty() {
            return;
        }
        let at = self.chance.random_range(0..self.standing.len());
        if self.chance.random_bool(0.4) {
            let said = &self.played.said[self.standing.swap_remove(at)];
            said.chair.takes_back(said.message, "/retirer").await;
            return;
        }
        let said = self.standing[at];
        let words = self.words(WORDS, self.played.said[said].ticket);
        let said = &mut self.played.said[said];
        said.chair.edits(said.message, &words);
        said.marks.push(words);
    }
}
