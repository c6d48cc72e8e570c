//! The people of most stories: Awa (admin), Moussa and Fatou (technicians) where staff work, and a learner.

use guichet::domain::account::{Actor, Role};
use guichet::domain::ids::{AccountId, IdentityId};
use guichet::domain::platform::Platform;
use guichet::sandbox::discord::{Channel, DiscordUser};
use guichet::sandbox::telegram::{Group, TelegramUser};

use super::{Chair, World};

/// Where staff work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffOn {
    /// A Discord channel, with a thread for each ticket.
    Discord,
    /// A Telegram group with topics.
    TelegramTopics,
    /// A Telegram group without.
    TelegramGroup,
}

/// One member of staff: their private chat, the channel or group, and the tickets' threads.
pub struct Staff {
    pub name: String,
    pub private: Chair,
    pub channel: Chair,
    user: User,
}

enum User {
    Discord(DiscordUser),
    Telegram(TelegramUser, Group, bool),
}

impl Staff {
    /// Their chair in the thread of the ticket with that number; in a group without topics, the group itself.
    pub fn thread(&self, world: &World, number: u32) -> Chair {
        let name = format!("{number} · ");
        match &self.user {
            User::Discord(user) => world.chair(&self.name, "thread", user.in_thread(&name)),
            User::Telegram(user, group, true) => world.chair(&self.name, "thread", user.in_topic(group, &name)),
            User::Telegram(user, group, false) => world.chair(&self.name, "thread", user.in_group(group)),
        }
    }
}

impl Staff {
    /// Their chair in another channel on Discord.
    pub fn beside(&self, world: &World, channel: &Channel) -> Chair {
        match &self.user {
            User::Discord(user) => world.chair(&self.name, &format!("#{}", channel.name()), user.in_channel(channel)),
            User::Telegram(..) => panic!("{} is on Telegram", self.name),
        }
    }
}

/// Where the staff work.
pub enum Place {
    Channel(Channel),
    Group(Group),
}

impl Place {
    /// The bot is thrown out.
    pub fn throws_bot_out(&self) {
        match self {
            Self::Channel(channel) => channel.shuts_out_bot(),
            Self::Group(group) => group.kicks_bot(),
        }
    }

    /// The bot is taken back, or may write again.
    pub fn takes_bot_back(&self) {
        match self {
            Self::Channel(channel) => channel.lets_bot_in(),
            Self::Group(group) => group.readmits_bot(),
        }
    }

    /// The bot stays, and may not write any more.
    pub fn mutes_bot(&self) {
        match self {
            Self::Channel(channel) => channel.mutes_bot(),
            Self::Group(group) => group.mutes_bot(),
        }
    }

    /// The group.
    pub fn group(&self) -> &Group {
        match self {
            Self::Group(group) => group,
            Self::Channel(_) => panic!("a channel is no group"),
        }
    }

    /// The channel.
    pub fn channel(&self) -> &Channel {
        match self {
            Self::Channel(channel) => channel,
            Self::Group(_) => panic!("a group is no channel"),
        }
    }

    /// Somebody closes the topic of the ticket with that number by hand.
    pub fn closes_topic(&self, number: u32) {
        self.group().close_topic(&format!("{number} · "));
    }

    /// Somebody deletes the thread or topic of the ticket with that number.
    pub fn deletes_thread(&self, number: u32) {
        let name = format!("{number} · ");
        match self {
            Self::Channel(channel) => assert!(channel.delete_thread(&name), "no thread of {number}"),
            Self::Group(group) => group.delete_topic(&name),
        }
    }
}

/// The staff, linked to their accounts, in a place that is bound.
pub struct Office {
    pub place: Place,
    pub awa: Staff,
    pub moussa: Staff,
    pub fatou: Staff,
}

/// Brings the staff in.
pub async fn office(world: &World, on: StaffOn, language: &str) -> Office {
    let names = ["Awa Diop", "Moussa Sarr", "Fatou Ba"];
    let (place, staff): (Place, Vec<Staff>) = if on == StaffOn::Discord {
        let users = names.map(|name| world.discord.user(name, language));
        let [awa, moussa, fatou] = &users;
        let support = world.discord.channel_for("support", &[awa, moussa, fatou]);
        let seat = |user: &DiscordUser| Staff {
            name: user.name().to_owned(),
            private: world.chair(user.name(), "private", user.dm()),
            channel: world.chair(user.name(), "#support", user.in_channel(&support)),
            user: User::Discord(user.clone()),
        };
        let staff = users.iter().map(seat).collect();
        (Place::Channel(support), staff)
    } else {
        let topics = on == StaffOn::TelegramTopics;
        let users = names.map(|name| world.telegram.user(name, language));
        let [awa, moussa, fatou] = &users;
        let group = world.telegram.group("Support", &[awa, moussa, fatou], topics);
        let seat = |user: &TelegramUser| Staff {
            name: user.name().to_owned(),
            private: world.chair(user.name(), "private", user.private()),
            channel: world.chair(user.name(), "Support", user.in_group(&group)),
            user: User::Telegram(user.clone(), group.clone(), topics),
        };
        let staff = users.iter().map(seat).collect();
        (Place::Group(group), staff)
    };
    let office: [Staff; 3] = staff.try_into().unwrap_or_else(|_| panic!("three people"));
    let [awa, moussa, fatou] = office;
    for (person, email, role) in [
        (&awa, "awa@exemple.org", Role::Admin),
        (&moussa, "moussa@exemple.org", Role::Technician),
        (&fatou, "fatou@exemple.org", Role::Technician),
    ] {
        let code = world.create(&person.name, email, role).await;
        settle(person, &code, language).await;
    }
    awa.channel.uses("setup", &[]).await;
    awa.channel
        .sees(if language == "fr" { "C'est fait" } else { "Done" })
        .await;
    Office {
        place,
        awa,
        moussa,
        fatou,
    }
}

/// Links a person's chat with a code. The script does not show codes: they change.
pub async fn settle(person: &Staff, code: &str, language: &str) {
    link(&person.private, code, language).await;
}

/// Links a chat to an account with a code.
pub async fn link(private: &Chair, code: &str, language: &str) {
    use guichet::sandbox::Seat as _;
    let (ask, yes, done) = if language == "fr" {
        ("Relier", "Relier", "C'est fait")
    } else {
        ("Link this", "Link", "Done: you are")
    };
    match &private.seat {
        super::AnySeat::Telegram(seat) => drop(seat.uses("link", &[("code", code)]).await.expect("a command")),
        super::AnySeat::Discord(seat) => drop(seat.uses("link", &[("code", code)]).await.expect("a command")),
    }
    let asked = private.sees(ask).await;
    private.presses(&asked, yes).await;
    private.sees(done).await;
}

/// The learner of a story.
pub struct Learner {
    pub private: Chair,
    pub person: Person,
}

/// A person on either platform.
pub enum Person {
    Discord(DiscordUser),
    Telegram(TelegramUser),
}

impl Person {
    /// The bot can't write to them any more.
    pub fn shuts_bot_out(&self) {
        match self {
            Self::Discord(user) => user.closes_dms(),
            Self::Telegram(user) => user.blocks_bot(),
        }
    }

    /// Their chair in a channel on Discord.
    pub fn beside(&self, world: &World, channel: &Channel) -> Chair {
        match self {
            Self::Discord(user) => world.chair(user.name(), &format!("#{}", channel.name()), user.in_channel(channel)),
            Self::Telegram(user) => panic!("{} is on Telegram", user.name()),
        }
    }

    /// The bot could write to them again; on Telegram that takes a word of theirs.
    pub fn lets_bot_in(&self) {
        if let Self::Discord(user) = self {
            user.opens_dms();
        }
    }
}

impl Learner {
    /// Somebody new, on this platform.
    pub fn new(world: &World, name: &str, on: Platform, language: &str) -> Self {
        match on {
            Platform::Telegram => {
                let user = world.telegram.user(name, language);
                Self {
                    private: world.chair(name, "private", user.private()),
                    person: Person::Telegram(user),
                }
            }
            Platform::Discord => {
                let user = world.discord.user(name, language);
                Self {
                    private: world.chair(name, "private", user.dm()),
                    person: Person::Discord(user),
                }
            }
        }
    }

    /// Somebody whom the desk knows already, French-speaking.
    pub async fn known(world: &World, name: &str, on: Platform) -> Self {
        let learner = Self::new(world, name, on, "fr");
        learner.private.says("/start").await;
        learner.private.sees("Ici le guichet").await;
        let email = format!("{}@exemple.org", name.to_lowercase().replace(' ', "."));
        let code = world.create(name, &email, Role::Learner).await;
        link(&learner.private, &code, "fr").await;
        learner
    }

    /// Says who they are when asked: the bot knows them afterwards, and no draft is left.
    pub async fn signs_up(&self, name: &str, email: &str, language: &str) {
        let french = language == "fr";
        self.private
            .sees(if french {
                "Quel est votre nom"
            } else {
                "What is your name"
            })
            .await;
        self.private.says(name).await;
        self.private.sees("e-mail").await;
        self.private.says(email).await;
    }

    /// Opens a ticket from the first word to the card, as somebody the bot knows already or not.
    pub async fn opens(&self, text: &str, number: u32) -> guichet::sandbox::Seen {
        self.private.says(text).await;
        let draft = self.private.sees("Urgence").await;
        self.private.presses(&draft, "Envoyer").await;
        self.private.sees(&format!("N° {number} · ")).await
    }

    /// Somebody with an account of that role, who speaks that language. The script does not tell how they got it.
    pub async fn with_role(world: &World, name: &str, on: Platform, language: &str, role: Role) -> Self {
        let learner = Self::new(world, name, on, language);
        let email = format!("{}@exemple.org", name.replace(' ', ".").to_lowercase());
        let code = world.create(name, &email, role).await;
        let so_far = world.script.text();
        link(&learner.private, &code, language).await;
        world.script.back_to(&so_far);
        learner
    }
}

impl World {
    /// Whoever has that name, as the desk knows them.
    pub async fn actor(&self, name: &str, role: Role) -> Actor {
        let number = async |column: &str| {
            let sql = format!(
                "SELECT CAST({column} AS SIGNED) FROM accounts a JOIN identities i ON i.account_id = a.id
                 WHERE a.name = '{name}'"
            );
            u64::try_from(self.tables.number(&sql).await).expect("a number")
        };
        Actor {
            account: AccountId(number("a.id").await),
            identity: IdentityId(number("i.id").await),
            role,
        }
    }
}
