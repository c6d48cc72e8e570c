//! The people and the channels of the guild.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::json;

use super::posting::{Draft, signed};
use super::seat::{DiscordSeat, Spot};
use super::state::{BotMay, Person, Room, World};

/// A person on the simulated Discord; clones are the same person.
#[derive(Clone)]
pub struct DiscordUser {
    pub(super) world: Arc<World>,
    pub(super) id: u64,
    pub(super) name: Arc<str>,
}

impl DiscordUser {
    /// Their private chat with the bot.
    #[must_use]
    pub fn dm(&self) -> DiscordSeat {
        let room = self.world.change(|state| state.dm_of(self.id));
        self.seat(Spot::Room(room))
    }

    /// Their view of a channel.
    #[must_use]
    pub fn in_channel(&self, channel: &Channel) -> DiscordSeat {
        self.seat(Spot::Room(channel.id))
    }

    /// Their view of the thread or forum post whose name contains this text, the newest if several do. It is
    /// looked for, and waited for, when the seat is first used.
    #[must_use]
    pub fn in_thread(&self, name_contains: &str) -> DiscordSeat {
        self.seat(Spot::Thread(name_contains.into(), Arc::new(OnceLock::new())))
    }

    fn seat(&self, spot: Spot) -> DiscordSeat {
        DiscordSeat {
            user: self.clone(),
            spot,
        }
    }

    /// Their id.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Their display name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// From now on the bot can't write to them: code 50007.
    pub fn closes_dms(&self) {
        self.update(|person| person.dms_closed = true);
    }

    /// The bot can write to them again.
    pub fn opens_dms(&self) {
        self.update(|person| person.dms_closed = false);
    }

    /// They leave the guild: its channels are gone for them, and writing to them gets code 50278.
    pub fn leaves(&self) {
        self.update(|person| person.member = false);
    }

    /// They come back into the guild.
    pub fn returns(&self) {
        self.update(|person| person.member = true);
    }

    /// They get these permissions (Discord's bits) in the guild, beside what every member has.
    pub fn may(&self, permissions: u64) {
        self.update(|person| person.permissions |= permissions);
    }

    /// Their client shows another language from now on.
    pub fn speaks(&self, locale: &str) {
        self.update(|person| locale.clone_into(&mut person.locale));
    }

    fn update(&self, update: impl FnOnce(&mut Person)) {
        self.world.change(|state| state.people.get_mut(&self.id).map(update));
    }
}

impl fmt::Debug for DiscordUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiscordUser")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A channel of the guild; clones are the same channel.
#[derive(Clone)]
pub struct Channel {
    pub(super) world: Arc<World>,
    pub(super) id: u64,
}

impl Channel {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Another application writes in it, over a webhook of its own. Gives the message's id.
    #[must_use]
    pub fn hears_webhook(&self, text: &str) -> i64 {
        self.world.change(|state| {
            let (author, body) = (state.next_id(), json!({"content": text}));
            let draft = Draft {
                by_webhook: true,
                ..Draft::plain(self.id, author, &body, &[])
            };
            signed(state.post(&draft))
        })
    }

    /// Somebody deletes it, with its threads.
    pub fn delete(&self) {
        self.world.change(|state| state.remove_room(self.id));
    }

    /// Somebody deletes the newest of its threads whose name contains this text; whether there was one.
    #[must_use = "there may be no such thread"]
    pub fn delete_thread(&self, name_contains: &str) -> bool {
        self.world.change(|state| {
            let mut threads = state.rooms.values().rev().filter(|room| room.parent == Some(self.id));
            let found = threads
                .find(|room| room.name.contains(name_contains))
                .map(|room| room.id);
            found.map(|id| state.remove_room(id)).is_some()
        })
    }

    /// The bot sees it no more: code 50001.
    pub fn shuts_out_bot(&self) {
        self.update(|room| room.bot = BotMay::Nothing);
    }

    /// The bot sees it, and may write in it, again.
    pub fn lets_bot_in(&self) {
        self.update(|room| room.bot = BotMay::Write);
    }

    /// The bot may not write in it, nor in its threads: code 50013.
    pub fn mutes_bot(&self) {
        self.update(|room| room.bot = BotMay::See);
    }

    /// Somebody archives and locks its threads: until they are opened again, writing there gets code 50083.
    pub fn archives_threads(&self) {
        self.world.change(|state| {
            for thread in state.rooms.values_mut().filter(|room| room.parent == Some(self.id)) {
                (thread.archived, thread.locked) = (true, true);
            }
        });
    }

    /// A forum gets tags with these names; their ids in order.
    #[must_use]
    pub fn tags(&self, names: &[&str]) -> Vec<u64> {
        self.world.change(|state| {
            let ids: Vec<u64> = names.iter().map(|_| state.next_id()).collect();
            if let Some(room) = state.rooms.get_mut(&self.id) {
                let tags = names.iter().zip(&ids).map(|(name, id)| {
                    json!({"id": id.to_string(), "name": name, "moderated": false, "emoji_id": null, "emoji_name": null})
                });
                room.available_tags.extend(tags);
            }
            state.announce_room("CHANNEL_UPDATE", self.id);
            ids
        })
    }

    /// From now on its posts need a tag, or do without again.
    pub fn needs_tags(&self, needed: bool) {
        self.update(|room| room.needs_tag = needed);
    }

    /// The names of its threads that are not archived, oldest first.
    #[must_use]
    pub fn threads(&self) -> Vec<String> {
        self.world.look(|state| {
            let threads = state
                .rooms
                .values()
                .filter(|room| room.parent == Some(self.id) && !room.archived);
            threads.map(|room| room.name.clone()).collect()
        })
    }

    /// Its name as it now stands.
    #[must_use]
    pub fn name(&self) -> String {
        self.world.look(|state| {
            state
                .rooms
                .get(&self.id)
                .map(|room| room.name.clone())
                .unwrap_or_default()
        })
    }

    fn update(&self, update: impl FnOnce(&mut Room)) {
        self.world.change(|state| state.rooms.get_mut(&self.id).map(update));
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel").field("id", &self.id).finish_non_exhaustive()
    }
}
