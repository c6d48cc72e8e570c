//! The people and their groups, as a story makes them.

use serde_json::json;

use super::{
    Telegram,
    seat::{TelegramSeat, Where},
    world::{Author, Chat, GroupState, Person, World, bot_id},
};

/// A person with a Telegram account.
#[derive(Clone, Debug)]
pub struct TelegramUser {
    telegram: Telegram,
    id: i64,
    name: String,
}

/// A supergroup with the bot in it.
#[derive(Clone, Debug)]
pub struct Group {
    pub(super) telegram: Telegram,
    /// The id that it was made with; [`Group::id`] has the present one.
    pub(super) first_id: i64,
}

impl Telegram {
    /// A person: first name and last name split on the space, `language_code` as in their settings (may be empty).
    #[must_use]
    pub fn user(&self, name: &str, language_code: &str) -> TelegramUser {
        let id = self.inner.change(|world| {
            let id = 700_100_001 + i64::try_from(world.people.len()).unwrap_or_default() * 1_313;
            let person = Person {
                name: name.to_owned(),
                language: language_code.to_owned(),
                started: false,
                blocked: false,
                deleted: false,
            };
            world.people.insert(id, person);
            world.chats.insert(id, Chat::default());
            id
        });
        TelegramUser {
            telegram: self.clone(),
            id,
            name: name.to_owned(),
        }
    }

    /// A supergroup with these members (the first owns it), where the bot is an administrator. With `topics` it is
    /// a forum, and the bot may manage its topics.
    #[must_use]
    pub fn group(&self, title: &str, members: &[&TelegramUser], topics: bool) -> Group {
        let state = GroupState {
            title: title.to_owned(),
            members: members.iter().map(|m| m.id).collect(),
            forum: topics,
            bot: "administrator",
        };
        let first_id = self.inner.change(|world| {
            let id = new_group_id(world);
            let chat = Chat {
                group: Some(state),
                // A group's first message is Telegram's note that it was made: no topic is ever number 1, which
                // stands for General.
                last_message: 1,
                ..Chat::default()
            };
            world.chats.insert(id, chat);
            id
        });
        Group {
            telegram: self.clone(),
            first_id,
        }
    }
}

fn new_group_id(world: &World) -> i64 {
    -1_001_900_000_001 - i64::try_from(world.chats.len()).unwrap_or_default() * 7_919
}

impl TelegramUser {
    /// Their private chat with the bot.
    #[must_use]
    pub fn private(&self) -> TelegramSeat {
        TelegramSeat::new(&self.telegram, self.id, Where::Private)
    }

    /// A group, or its General topic.
    #[must_use]
    pub fn in_group(&self, group: &Group) -> TelegramSeat {
        TelegramSeat::new(&self.telegram, self.id, Where::General(group.first_id))
    }

    /// The topic whose name contains this. It may not exist yet: the seat waits for it when it is first used, and
    /// then stays with it even if it is renamed.
    #[must_use]
    pub fn in_topic(&self, group: &Group, name_contains: &str) -> TelegramSeat {
        let place = Where::topic(group.first_id, name_contains);
        TelegramSeat::new(&self.telegram, self.id, place)
    }

    /// Their user id, which is their private chat's too.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Their name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Blocks the bot, which is told.
    pub fn blocks_bot(&self) {
        self.telegram.inner.change(|world| world.set_blocked(self.id, true));
    }

    /// Unblocks the bot, which is told. (Writing to it does so too.)
    pub fn unblocks_bot(&self) {
        self.telegram.inner.change(|world| world.set_blocked(self.id, false));
    }

    /// Deletes their account. Nobody tells the bot.
    pub fn deletes_account(&self) {
        self.telegram.inner.change(|world| {
            if let Some(person) = world.people.get_mut(&self.id) {
                person.deleted = true;
            }
        });
    }

    /// Changes the language of their Telegram; their next update tells it.
    pub fn set_language(&self, code: &str) {
        self.telegram.inner.change(|world| {
            if let Some(person) = world.people.get_mut(&self.id) {
                code.clone_into(&mut person.language);
            }
        });
    }
}

impl World {
    pub(super) fn set_blocked(&mut self, id: i64, blocked: bool) {
        let Some(person) = self.people.get_mut(&id).filter(|p| p.blocked != blocked) else {
            return;
        };
        person.blocked = blocked;
        let (old, new) = if blocked {
            ("member", "kicked")
        } else {
            ("kicked", "member")
        };
        self.bot_standing(id, id, old, new);
    }

    fn set_bot(&mut self, chat: i64, new: &'static str) {
        let Some(group) = self.chats.get_mut(&chat).and_then(|c| c.group.as_mut()) else {
            return;
        };
        let old = std::mem::replace(&mut group.bot, new);
        let by = group.members.first().copied().unwrap_or(bot_id());
        if old != new {
            self.bot_standing(chat, by, old, new);
        }
    }
}

impl Group {
    fn change<T>(&self, f: impl FnOnce(&mut World, i64) -> T) -> T {
        self.telegram.inner.change(|world| {
            let id = world.current(self.first_id);
            f(world, id)
        })
    }

    /// Its chat id, `-100…`.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.telegram.inner.look(|world| world.current(self.first_id))
    }

    /// The owner throws the bot out.
    pub fn kicks_bot(&self) {
        self.change(|world, id| world.set_bot(id, "kicked"));
    }

    /// The owner takes the bot back as an administrator.
    pub fn readmits_bot(&self) {
        self.change(|world, id| world.set_bot(id, "administrator"));
    }

    /// The owner takes the bot's right to write; it stays in the group.
    pub fn mutes_bot(&self) {
        self.change(|world, id| world.set_bot(id, "restricted"));
    }

    /// The owner switches topics off. Nobody tells the bot.
    pub fn drops_topics(&self) {
        self.change(|world, id| {
            if let Some(chat) = world.chats.get_mut(&id) {
                chat.topics.clear();
                if let Some(group) = &mut chat.group {
                    group.forum = false;
                }
            }
        });
    }

    /// Somebody joins, without a word.
    pub fn admits(&self, user: &TelegramUser) {
        self.change(|world, id| {
            if let Some(group) = world.chats.get_mut(&id).and_then(|c| c.group.as_mut()) {
                group.members.push(user.id);
            }
        });
    }

    /// The names of its topics, oldest first.
    #[must_use]
    pub fn topics(&self) -> Vec<String> {
        let names = |world: &mut World, id: i64| {
            let topics = world.chats.get(&id).map(|c| c.topics.values());
            topics.into_iter().flatten().map(|t| t.name.clone()).collect()
        };
        self.change(names)
    }

    /// Whether the topic whose name contains this is closed; `None` when there is none.
    #[must_use]
    pub fn topic_closed(&self, name_contains: &str) -> Option<bool> {
        self.change(|world, id| {
            let thread = world.find_topic(id, name_contains)?;
            Some(world.chats.get(&id)?.topics.get(&thread)?.closed)
        })
    }

    /// A member makes a topic by hand; its thread id.
    #[expect(clippy::must_use_candidate, reason = "done for its effect; the id is a convenience")]
    pub fn makes_topic(&self, by: &TelegramUser, name: &str) -> i64 {
        self.change(|world, id| {
            let thread = world.open_topic(id, Author::Person(by.id), name, 7_322_096);
            world.tell(id, thread, "message");
            thread
        })
    }

    /// The owner closes the topic whose name contains this: administrators go on writing there.
    pub fn close_topic(&self, name_contains: &str) {
        self.change(|world, id| {
            let thread = world.find_topic(id, name_contains);
            let Some(chat) = world.chats.get_mut(&id) else { return };
            let owner = chat.group.iter().flat_map(|group| &group.members).next().copied();
            let topic = thread.and_then(|thread| chat.topics.get_mut(&thread));
            if let (Some(owner), Some(topic)) = (owner, topic.filter(|topic| !topic.closed)) {
                topic.closed = true;
                let note = world.service(id, Author::Person(owner), thread, "forum_topic_closed", json!({}));
                world.tell(id, note, "message");
            }
        });
    }

    /// Somebody deletes the topic whose name contains this, with all that is in it. Nobody tells the bot.
    pub fn delete_topic(&self, name_contains: &str) {
        self.change(|world, id| {
            if let Some(thread) = world.find_topic(id, name_contains) {
                world.drop_topic(id, thread);
            }
        });
    }

    /// The group goes on under a new id, as when a basic group becomes a supergroup: the old one is answered with
    /// `migrate_to_chat_id`, both are told, and messages are numbered anew. The new id.
    #[expect(clippy::must_use_candidate, reason = "done for its effect; the id is a convenience")]
    pub fn upgrades(&self) -> i64 {
        self.change(|world, old| {
            let new = new_group_id(world);
            let Some(chat) = world.chats.remove(&old) else {
                return old;
            };
            let owner = chat.group.iter().flat_map(|g| &g.members).next().copied();
            let owner = owner.map_or(Author::Bot, Author::Person);
            let group = chat.group.clone();
            world.chats.insert(old, chat);
            let upgraded = Chat {
                group,
                last_message: 1,
                ..Chat::default()
            };
            world.chats.insert(new, upgraded);
            let note = world.service(old, owner, None, "migrate_to_chat_id", json!(new));
            world.tell(old, note, "message");
            let note = world.service(new, owner, None, "migrate_from_chat_id", json!(old));
            world.tell(new, note, "message");
            for to in world.migrated.values_mut().filter(|to| **to == old) {
                *to = new;
            }
            world.migrated.insert(old, new);
            new
        })
    }
}
