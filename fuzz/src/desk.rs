//! A database with two people and a ticket in it, and one update handled in a transaction that is rolled back.

use std::mem::ManuallyDrop;

use guichet::chat::grammar::from_text;
use guichet::chat::intent::{ChatUser, Inbound, Intent, Place, PlaceKind, Written};
use guichet::chat::reply::Reply;
use guichet::chat::{Chat, HouseRules};
use guichet::clock::Clock;
use guichet::domain::account::{Actor, Registration, Role};
use guichet::domain::file::{Received, StoredFile};
use guichet::domain::language::Language;
use guichet::domain::platform::{BotName, Platform, Spot};
use guichet::domain::text::{Description, Email, PersonName, Title};
use guichet::domain::ticket::Urgency;
use guichet::service::codes::CodeKey;
use guichet::service::{accounts, open};
use guichet::store::server::PrivateServer;
use guichet::store::tickets::NewTicket;
use guichet::store::{Fault, Store, Tx, categories, dialogs, people};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The people: somebody unknown, a learner with a ticket, a technician.
const PEOPLE: [&str; 3] = ["1", "2", "3"];

/// A desk without its adapters.
pub struct Desk {
    // Neither is ever dropped: the desk ends with its thread, and with that all that a pool needs to be closed.
    runtime: ManuallyDrop<Runtime>,
    store: ManuallyDrop<Store>,
    chat: Chat,
    _server: PrivateServer,
    _directory: TempDir,
}

impl Default for Desk {
    fn default() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let directory = tempfile::tempdir().expect("a directory");
        let (server, store) = runtime.block_on(async {
            let server = PrivateServer::start(directory.path()).await.expect("a server");
            let store = Store::open(server.options(), 2, Clock::system())
                .await
                .expect("a store");
            settle(&store).await.expect("two people and a ticket");
            (server, store)
        });
        Self {
            runtime: ManuallyDrop::new(runtime),
            store: ManuallyDrop::new(store),
            chat: Chat::new(
                CodeKey::new([7; 32]),
                BotName::default(),
                None,
                HouseRules {
                    language: Language::Fr,
                    registration: Registration::Open,
                    timezone: chrono_tz::Europe::Paris,
                    most: None,
                },
            ),
            _server: server,
            _directory: directory,
        }
    }
}

async fn settle(store: &Store) -> Result<(), Fault> {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut tx = store.begin().await?;
        for (user, role) in PEOPLE
            .into_iter()
            .zip([None, Some(Role::Learner), Some(Role::Technician)])
        {
            let id = people::insert_identity(&mut tx, on, user, "Lina Ndiaye", None, Language::Fr).await?;
            let Some(role) = role else { continue };
            let email = Email::parse(&format!("{user}@{}.org", on.code())).expect("an address");
            let name = PersonName::parse("Lina Ndiaye").expect("a name");
            let account = accounts::create(&mut tx, &name, &email, role).await?;
            people::link_identity(&mut tx, id, account).await?;
            if role == Role::Learner {
                let actor = Actor {
                    account,
                    identity: id,
                    role,
                };
                let category = categories::list(&mut tx).await?[0].id;
                let new = NewTicket {
                    title: Title::parse("Écran noir").expect("a title"),
                    description: Description::parse("Écran noir").expect("a description"),
                    urgency: Urgency::default(),
                    category,
                    answers: Vec::new(),
                    files: Vec::new(),
                };
                open::open(&mut tx, &actor, &new, false).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

impl Desk {
    /// Handles an update of a person whose dialog is in that state: the answer, and the state afterwards.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn handle(&self, state: &str, who: usize, on: Platform, intent: Intent) -> Result<(Reply, String), Fault> {
        self.runtime.block_on(async {
            let mut tx = self.store.begin().await?;
            let outcome = self
                .handle_in(&mut tx, state, PEOPLE[who % PEOPLE.len()], on, intent)
                .await;
            tx.rollback().await;
            outcome
        })
    }

    async fn handle_in(
        &self,
        tx: &mut Tx,
        state: &str,
        user: &str,
        on: Platform,
        intent: Intent,
    ) -> Result<(Reply, String), Fault> {
        let spot = Spot::chat(user);
        let (me, _) = people::find_identity(tx, on, user, &spot)
            .await?
            .expect("somebody known");
        dialogs::save(tx, me.id, &spot, None, (state, None)).await?;
        let inbound = Inbound {
            platform: on,
            who: ChatUser {
                user_id: user.to_owned(),
                name: "Lina Ndiaye".to_owned(),
                language: None,
            },
            place: Place {
                spot: spot.clone(),
                kind: PlaceKind::Private,
            },
            can_open_form: on == Platform::Discord && matches!(intent, Intent::Press { .. } | Intent::Command(_)),
            intent,
        };
        let reply = self.chat.handle(tx, &inbound).await?;
        let found = people::find_identity(tx, on, user, &spot).await?;
        let state = found.and_then(|(_, dialog)| dialog).map(|dialog| dialog.state);
        Ok((reply, state.expect("a dialog")))
    }
}

/// The intent that a document describes.
#[must_use]
pub fn intent(told: &Value) -> Option<Intent> {
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    if let Some(action) = text(&told["press"]) {
        let message_id = "7".to_owned();
        return Some(Intent::Press { action, message_id });
    }
    if let Some(action) = text(&told["submit"]) {
        let fields = told["fields"].as_object()?.iter();
        let fields = fields
            .filter_map(|(name, value)| Some((name.clone(), text(value)?)))
            .collect();
        return Some(Intent::Submit { action, fields });
    }
    let words = text(&told["says"])?;
    if let Some(command) = from_text(&words) {
        return Some(command);
    }
    let file = StoredFile {
        sha256: "0".repeat(64),
        name: "a.png".to_owned(),
        media_type: "image/png".to_owned(),
        size: 7,
    };
    let received = if told["files"].is_null() {
        vec![]
    } else {
        vec![Received::Kept(file)]
    };
    Some(Intent::Message(Written {
        message_id: "9".to_owned(),
        text: words,
        received,
        reply_to: text(&told["reply_to"]),
        ..Written::default()
    }))
}
