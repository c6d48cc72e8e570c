//! Panics and other faults of ours, on the way in: they end one update, never a conversation.

use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use guichet::chat::intent::{ChatUser, Inbound, IncomingFile, Intent, Place, PlaceKind, Written};
use guichet::chat::reply::{Block, Reply};
use guichet::chat::{Chat, HouseRules};
use guichet::clock::Clock;
use guichet::domain::account::Registration;
use guichet::domain::language::Language;
use guichet::domain::platform::{BotName, Platform, Spot};
use guichet::intake::front::{Download, FetchError, Front, RawUpdate, UnreadableUpdate};
use guichet::intake::{self, Intake};
use guichet::outbox::courier::{DeliveryError, Sent};
use guichet::outbox::pacing::Pass;
use guichet::replica::{Identity, Replica};
use guichet::service::codes::CodeKey;
use guichet::store::files::FileStore;
use tokio::sync::Notify;

use crate::harness::{KEY, Tables, bare_store};

/// A platform whose updates are plain words, and which panics where the words say so.
#[derive(Default)]
struct Brittle {
    shown: Mutex<Vec<String>>,
}

impl Front for Brittle {
    fn platform(&self) -> Platform {
        Platform::Telegram
    }

    fn read(&self, raw: &str) -> Result<Option<Inbound>, UnreadableUpdate> {
        assert!(raw != "panic when read", "as the story wants");
        let file = IncomingFile {
            name: "photo.jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            size: None,
            locator: String::new(),
        };
        let files = if raw == "panic when fetched" {
            vec![file]
        } else {
            Vec::new()
        };
        Ok(Some(Inbound {
            platform: Platform::Telegram,
            who: ChatUser {
                user_id: "7".to_owned(),
                name: "Lina".to_owned(),
                language: Some(Language::Fr),
            },
            place: Place {
                spot: Spot::chat("7"),
                kind: PlaceKind::Private,
            },
            intent: Intent::Message(Written {
                text: raw.to_owned(),
                files,
                ..Written::default()
            }),
            can_open_form: false,
        }))
    }

    fn fetch<'a>(&'a self, _: &'a IncomingFile) -> BoxFuture<'a, Result<Download, FetchError>> {
        panic!("as the story wants")
    }

    fn answer<'a>(
        &'a self,
        _: &'a Inbound,
        raw: &'a str,
        reply: &'a Reply,
        _: Pass<'a>,
    ) -> BoxFuture<'a, Result<Option<Sent>, DeliveryError>> {
        assert!(raw != "panic when answered", "as the story wants");
        let (Reply::Message(message) | Reply::Aside(message)) = reply else {
            panic!("{reply:?} was not expected");
        };
        let texts = message.blocks.iter().filter_map(|block| match block {
            Block::Text(text) => Some(text.as_str()),
            _ => None,
        });
        self.shown.lock().unwrap().push(texts.collect::<Vec<_>>().join(" "));
        Box::pin(async { Ok(None) })
    }
}

/// What the person reads after these updates of one conversation, and what became of each.
async fn after(updates: &[&str]) -> (Vec<String>, Vec<String>) {
    let clock = Clock::system();
    let (store, database) = bare_store(&clock).await;
    let directory = tempfile::tempdir().unwrap();
    let front = Arc::new(Brittle::default());
    let chat = Arc::new(Chat::new(
        CodeKey::new(KEY),
        BotName::default(),
        None,
        HouseRules {
            language: Language::Fr,
            registration: Registration::Open,
            timezone: chrono_tz::Europe::Paris,
            most: None,
        },
    ));
    let files = FileStore::open(directory.path()).unwrap();
    let replica = Replica::new(store.clone(), Identity::new());
    replica.renew().await.unwrap();
    let setup = intake::Setup {
        store,
        chat,
        files,
        replica,
        clock,
        outbox: Arc::new(Notify::new()),
    };
    let intake = Intake::new(setup, Arc::clone(&front) as Arc<dyn Front>);
    let raw = updates.iter().zip(1..).map(|(raw, id)| RawUpdate {
        update_id: id.to_string(),
        lane: "7".to_owned(),
        raw: (*raw).to_owned(),
    });
    intake.start();
    intake.receive(raw.collect()).await.unwrap();
    intake.finish().await;
    let tables = Tables::new(database);
    tables.until("inbox WHERE answered_at IS NULL", 0).await;
    let causes = tables.texts("SELECT COALESCE(cause, '') FROM inbox ORDER BY id").await;
    let shown = front.shown.lock().unwrap().clone();
    (shown, causes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_handler_is_told_with_a_reference_and_the_next_message_is_answered() {
    let (shown, causes) = after(&["panic when fetched", "rien ne marche"]).await;
    assert_eq!(causes, ["the handler panicked", ""]);
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(shown[0].contains("Référence : G-1"), "{shown:?}");
    assert!(shown[1].contains("Quel est votre nom"), "{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_panics_when_it_is_read_does_not_stop_the_conversation() {
    let (shown, causes) = after(&["panic when read", "rien ne marche"]).await;
    assert_eq!(causes, ["the handler panicked", ""]);
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].contains("Quel est votre nom"), "{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_panics_does_not_stop_the_conversation() {
    let (shown, causes) = after(&["panic when answered", "Awa Diop"]).await;
    assert_eq!(causes, ["the handler panicked", ""]);
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].contains("Merci Awa"), "{shown:?}");
}
