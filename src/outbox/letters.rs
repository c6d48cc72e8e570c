//! Notices that go by mail. What a letter says is made when it is sent, and so is the code that it carries.

use std::slice::from_ref;
use std::sync::Arc;

use super::courier::{DeliveryError, Envelope, Postman};
use super::errands::{Errands, Failure, Task};
use crate::chat::letters;
use crate::domain::code::MailedCode;
use crate::domain::ids::LetterId;
use crate::domain::platform::Carrier;
use crate::metrics::{self, Outcome};
use crate::service::codes::CodeKey;
use crate::service::confirmation;
use crate::store::letters::Letter;
use crate::store::{accounts, people};

/// What it takes to send letters.
pub struct Mail {
    postman: Arc<dyn Postman>,
    key: CodeKey,
}

impl Mail {
    /// Letters go by this postman, and their codes are hashed under this key.
    #[must_use]
    pub fn new(postman: Arc<dyn Postman>, key: CodeKey) -> Self {
        Self { postman, key }
    }
}

impl Errands {
    /// Sends a letter, if it is still of use to anybody. A code that an earlier try may have sent is void then.
    pub(super) async fn send_letter(&self, task: Task<'_>, id: LetterId) -> Result<(), Failure> {
        let Some(mail) = &self.mail else {
            return Err(DeliveryError::Transient("there is no mail server".to_owned()).into());
        };
        let about = (&mail.key, id);
        let sealed = self
            .store
            .transact(&about, |tx, (key, id)| Box::pin(confirmation::seal(tx, key, *id)));
        let envelope = match sealed.await? {
            Some((letter, code)) => self.envelope(letter, &code).await?,
            None => None,
        };
        let Some(envelope) = envelope else {
            return self.acknowledge(from_ref(task.row)).await;
        };
        let may_send = || task.hold.is_good();
        let posted = mail.postman.post(&envelope, &may_send).await;
        let outcome = posted.as_ref().map_or_else(DeliveryError::outcome, |()| Outcome::Sent);
        metrics::delivery(Carrier::Mail, outcome);
        match posted {
            Err(DeliveryError::NotOurs) => Err(Failure::Lease),
            Err(error) => Err(error.into()),
            Ok(()) => self.acknowledge(from_ref(task.row)).await,
        }
    }

    /// What the letter says by now; nothing where its chat is gone, or somebody's already.
    async fn envelope(&self, letter: Letter, code: &MailedCode) -> Result<Option<Envelope>, Failure> {
        let mut view = self.store.look().await?;
        let chat = people::find_identity_by_id(&mut view, letter.identity).await?;
        let Some(chat) = chat.filter(|chat| chat.account.is_none() && !chat.is_disabled) else {
            return Ok(None);
        };
        let account = accounts::find_by_email(&mut view, &letter.address).await?;
        Ok(Some(Envelope {
            id: format!("{}.{}", letter.id, letter.created_at.timestamp_micros()),
            to: letter.address,
            at: view.now(),
            letter: letters::confirmation(letter.language, &chat, account.as_ref(), code),
        }))
    }
}
