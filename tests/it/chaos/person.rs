//! Somebody in a place who does not give up: what fails before their eyes they do again, as people do.

use std::time::Duration;

use guichet::domain::platform::Platform;
use guichet::sandbox::discord::DiscordSeat;
use guichet::sandbox::{Answer, Missed, Seat as _, Seen};
use tokio::time::{Instant, timeout_at};

use crate::harness::AnySeat;

macro_rules! on_either {
    ($person:expr, $seat:ident => $do:expr) => {
        match &$person.seat {
            AnySeat::Telegram($seat) => $do,
            AnySeat::Discord($seat) => $do,
        }
    };
}

/// A person in one place.
#[derive(Clone)]
pub struct Person {
    pub name: String,
    pub seat: AnySeat,
    /// Their row in `identities`.
    pub identity: u64,
}

impl Person {
    pub fn platform(&self) -> Platform {
        match &self.seat {
            AnySeat::Telegram(_) => Platform::Telegram,
            AnySeat::Discord(_) => Platform::Discord,
        }
    }

    /// The same person elsewhere.
    pub fn at(&self, seat: impl Into<AnySeat>) -> Self {
        Self {
            seat: seat.into(),
            ..self.clone()
        }
    }

    pub async fn says(&self, text: &str) -> i64 {
        on_either!(self, seat => seat.says(text).await)
    }

    /// Waits for a message with this text that is new to them.
    pub async fn sees(&self, text: &str, within: Duration) -> Option<Seen> {
        let end = Instant::now() + within;
        loop {
            let seen = timeout_at(end, async { on_either!(self, seat => seat.sees(text).await) }).await;
            match seen {
                Ok(Ok(seen)) => return Some(seen),
                Ok(Err(_)) => {}
                Err(_) => return None,
            }
        }
    }

    pub async fn presses(&self, on: &Seen, label: &str) -> Result<Answer, Missed> {
        on_either!(self, seat => seat.presses(on, label).await)
    }

    pub async fn uses(&self, name: &str, options: &[(&str, &str)]) -> Result<Answer, Missed> {
        on_either!(self, seat => seat.uses(name, options).await)
    }

    /// The seat of somebody on Discord.
    pub fn discord(&self) -> &DiscordSeat {
        match &self.seat {
            AnySeat::Discord(seat) => seat,
            AnySeat::Telegram(_) => panic!("{} is on Telegram", self.name),
        }
    }

    /// The messages of the bot here, in their order, as they now stand.
    pub fn read(&self) -> Vec<String> {
        let history = on_either!(self, seat => seat.history());
        history.lines().filter_map(by_the_bot).map(str::to_owned).collect()
    }
}

/// The words of a line of a history, if the bot wrote them.
fn by_the_bot(line: &str) -> Option<&str> {
    let on_discord = line.strip_prefix("Guichet: ");
    on_discord.or_else(|| {
        let (id, rest) = line.split_once(' ')?;
        id.parse::<i64>().ok()?;
        rest.strip_prefix("the bot: ")
    })
}
