//! The adapter against the simulated Telegram.

mod answers;
mod deliveries;
mod paces;
mod polling;
mod webhook;

use std::convert::Infallible;
use std::time::Duration;

use chrono::{TimeZone, Utc};
use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::poll::Poll;
use super::{Failure, Telegram};
use crate::chat::intent::Inbound;
use crate::chat::reply::{Block, Button, Look, Message, Reply};
use crate::clock::Clock;
use crate::domain::file::StoredFile;
use crate::domain::platform::Spot;
use crate::intake::front::{Front, RawUpdate};
use crate::outbox::courier::{DeliveryError, Sent};
use crate::outbox::pacing::{Pacing, Pass, Urgency};
use crate::sandbox::Transcript;
use crate::sandbox::telegram::{Group, Telegram as Simulated, TelegramUser};
use crate::store::files::FileStore;

/// A picture of one point.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// How long the polling rests after a failure here, at first and at most.
const SHORT_RESTS: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(50));

/// A notice that we may send.
const NOTICE: Pass<'static> = Pass {
    urgency: Urgency::Notice,
    plain: false,
    may_send: &|| true,
};

struct Scene {
    world: Simulated,
    bot: Telegram,
    files: FileStore,
    lina: TelegramUser,
    moussa: TelegramUser,
    desk: Group,
    updates: mpsc::UnboundedReceiver<RawUpdate>,
    stop: CancellationToken,
    polling: JoinHandle<Result<(), Failure>>,
    _directory: tempfile::TempDir,
}

async fn scene() -> Scene {
    let clock = Clock::set_to(Utc.with_ymd_and_hms(2026, 8, 3, 9, 0, 0).unwrap());
    let world = Simulated::start(clock.clone(), Transcript::default()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let files = FileStore::open(directory.path()).unwrap();
    let token = SecretString::from(world.token());
    let bot = Telegram::new(
        &token,
        world.url(),
        files.clone(),
        chrono_tz::Europe::Paris,
        clock,
        Pacing::platforms(),
    )
    .unwrap();
    bot.identify().await.unwrap();
    let (into, updates) = mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let polling = tokio::spawn({
        let (bot, stop) = (bot.clone(), stop.clone());
        async move {
            let keep = |batch: Vec<RawUpdate>| {
                for update in batch {
                    into.send(update).unwrap();
                }
                std::future::ready(Ok::<(), Infallible>(()))
            };
            bot.poll_from(Poll::resting(SHORT_RESTS), keep, stop).await
        }
    });
    let lina = world.user("Lina Ndiaye", "fr");
    let moussa = world.user("Moussa Sarr", "en");
    let desk = world.group("Support", &[&moussa], true);
    Scene {
        world,
        bot,
        files,
        lina,
        moussa,
        desk,
        updates,
        stop,
        polling,
        _directory: directory,
    }
}

impl Scene {
    /// The next update that means something, as stored and as read.
    async fn next(&mut self) -> (String, Inbound) {
        loop {
            let update = self.updates.recv().await.expect("the polling goes on");
            if let Some(inbound) = self.bot.read(&update.raw).unwrap() {
                return (update.raw, inbound);
            }
        }
    }

    /// Answers the next update like this.
    async fn answer(&mut self, reply: Reply) -> Result<Option<Sent>, DeliveryError> {
        let (raw, inbound) = self.next().await;
        self.bot.answer(&inbound, &raw, &reply, Pass::reply()).await
    }

    fn desk_spot(&self) -> Spot {
        Spot::chat(self.desk.id().to_string())
    }

    /// The parameters of every call of a method so far.
    fn calls(&self, method: &str) -> Vec<Value> {
        let calls = self.world.requests().into_iter().filter(|call| call.method == method);
        calls.map(|call| call.parameters).collect()
    }

    async fn file(&self, content: &[u8], name: &str, media_type: &str) -> StoredFile {
        self.files.keep(content, name, media_type).await.unwrap()
    }
}

fn text(words: &str) -> Message {
    Message {
        blocks: vec![Block::Text(words.to_owned())],
        ..Message::default()
    }
}

fn with_button(words: &str, label: &str) -> Message {
    let button = Button {
        label: label.to_owned(),
        action: "do:1".to_owned(),
        look: Look::Main,
    };
    Message {
        buttons: vec![vec![button]],
        ..text(words)
    }
}
