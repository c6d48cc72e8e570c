//! A ticket sent as a file to whoever asked for it, made anew from its present state whenever it is tried.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::errands::{Errands, Failure, Task};
use crate::chat::reply::{Block, Message};
use crate::chat::transcript::{self, Content};
use crate::domain::account::Actor;
use crate::domain::file::StoredFile;
use crate::domain::ids::{IdentityId, TicketId};
use crate::service::{self, transcript as reading};
use crate::store::files::{FileStore, KeepError};
use crate::store::people::{self, Identity};
use crate::store::{Fault, purges};

/// How many bytes of attachments go into a file, which base64 makes a third longer: with [`transcript::MOST_WORDS`] it
/// stays below the 10 MB of Discord (<https://discord.com/developers/docs/reference#uploading-files>).
const MOST_FILES: u64 = 5 * 1024 * 1024;

impl Errands {
    /// Sends somebody all that they may read of a ticket; nothing once they may not, or it is gone.
    pub(super) async fn send_transcript(
        &self,
        task: Task<'_>,
        identity: IdentityId,
        ticket: TicketId,
    ) -> Result<(), Failure> {
        // Asked for again while it waits, it is sent once.
        let rows = if task.row.is_followed {
            self.store.list_equal(task.row).await?
        } else {
            vec![task.row.clone()]
        };
        let mut view = self.store.look().await?;
        let reader = people::find_identity_by_id(&mut view, identity).await?;
        let Some((reader, actor)) = reader.and_then(|reader| Some((actor(&reader)?, reader))).map(swap) else {
            drop(view);
            return self.acknowledge(&rows).await;
        };
        let record = match reading::read(&mut view, &actor, ticket).await {
            Ok(record) => record,
            Err(service::Error::Refused(_)) => {
                drop(view);
                return self.acknowledge(&rows).await;
            }
            Err(service::Error::Fault(fault)) => return Err(fault.into()),
        };
        let pages = transcript::Transcript::read(&mut view, reader.language, self.timezone, record).await?;
        drop(view);
        let file = {
            let _turn = self.transcribing.acquire().await;
            let contents = load(&self.files, pages.files()).await;
            let page = pages.page(&contents);
            drop(contents);
            self.keep_for_a_while(page, format!("guichet-{ticket}.html")).await?
        };
        let message = Message {
            blocks: vec![Block::Text(pages.caption())],
            files: vec![file],
            about: Some(ticket),
            rings: true,
            ..Message::default()
        };
        let view = self.store.look().await?;
        self.write_to(view, (task, &rows), &reader, &message).await
    }

    /// Keeps what we made to be sent, as couriers take their files from the disk. It is discarded from the start, which
    /// leaves it there for some minutes.
    async fn keep_for_a_while(&self, page: String, name: String) -> Result<StoredFile, Failure> {
        let hash = FileStore::hash(page.as_bytes());
        self.discard(&hash).await?;
        let kept = self.files.keep(page.as_bytes(), &name, "text/html").await;
        let file = kept.map_err(|error| match error {
            KeepError::TooLarge => Failure::Fault(Fault::Unreadable(error.to_string())),
            KeepError::Io(error) => {
                Failure::Delivery(super::courier::DeliveryError::Transient(error.kind().to_string()))
            }
        })?;
        // Once more: found not to be there yet, it may have been forgotten meanwhile.
        self.discard(&hash).await?;
        Ok(file)
    }

    async fn discard(&self, hash: &str) -> Result<(), Fault> {
        let discarded = self.store.insist(&hash, |tx, hash| {
            Box::pin(async move { purges::discard(tx, hash).await })
        });
        discarded.await
    }
}

fn swap((actor, reader): (Actor, Identity)) -> (Identity, Actor) {
    (reader, actor)
}

/// Who somebody is who asked from this chat, if they may do anything still.
fn actor(reader: &Identity) -> Option<Actor> {
    let account = reader.account.as_ref()?;
    Some(Actor {
        account: account.id,
        identity: reader.id,
        role: account.role,
    })
}

/// The content of each, in their order, as far as there is room.
async fn load(store: &FileStore, files: impl Iterator<Item = &StoredFile>) -> Vec<Content> {
    let mut room = MOST_FILES;
    let mut contents = Vec::new();
    for file in files {
        if file.size > room {
            contents.push(Content::TooLarge);
            continue;
        }
        contents.push(match tokio::fs::read(store.path(file)).await {
            Ok(bytes) if bytes.len() as u64 == file.size => {
                room -= file.size;
                Content::Here(BASE64_STANDARD.encode(bytes))
            }
            _ => Content::Lost,
        });
    }
    contents
}
