//! Notices that go by mail. What a letter says is made when it is sent, and so is the code or the link that it carries.

use std::slice::from_ref;
use std::sync::Arc;

use url::Url;

use super::courier::{DeliveryError, Envelope, Postman};
use super::errands::{Errands, Failure, Task};
use crate::chat::letters;
use crate::domain::ids::{IdentityId, LetterId};
use crate::domain::platform::Carrier;
use crate::metrics::{self, Outcome};
use crate::service::codes::CodeKey;
use crate::service::passwords::link_to;
use crate::service::{confirmation, recovery};
use crate::store::letters::{Letter, Purpose};
use crate::store::{self, people};

/// What it takes to send letters.
pub struct Mail {
    postman: Arc<dyn Postman>,
    key: CodeKey,
    pages: Option<Url>,
}

impl Mail {
    /// Letters go by this postman, their codes are hashed under this key, and their links lead to the pages at this
    /// address.
    #[must_use]
    pub fn new(postman: Arc<dyn Postman>, key: CodeKey, pages: Option<Url>) -> Self {
        Self { postman, key, pages }
    }
}

impl Errands {
    /// Sends a letter, if it is still of use to anybody. A code or link that an earlier try may have sent is void then.
    pub(super) async fn send_letter(&self, task: Task<'_>, id: LetterId) -> Result<(), Failure> {
        let Some(mail) = &self.mail else {
            return Err(DeliveryError::Transient("there is no mail server".to_owned()).into());
        };
        let found = store::letters::find(&mut self.store.look().await?, id).await?;
        let said = match &found {
            Some(letter) => match letter.purpose {
                Purpose::Confirmation(chat) => self.confirmation(mail, letter, chat).await?,
                Purpose::Password => self.password(mail, letter).await?,
            },
            None => None,
        };
        let Some((letter, said)) = found.zip(said) else {
            return self.acknowledge(from_ref(task.row)).await;
        };
        let envelope = Envelope {
            id: format!("{}.{}", letter.id, letter.created_at.timestamp_micros()),
            to: letter.address,
            at: self.store.look().await?.now(),
            letter: said,
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

    /// What a letter with a code says by now; nothing where its chat is gone, or somebody's already.
    async fn confirmation(
        &self,
        mail: &Mail,
        letter: &Letter,
        chat: IdentityId,
    ) -> Result<Option<letters::Letter>, Failure> {
        let about = (&mail.key, letter.id);
        let sealed = self
            .store
            .transact(&about, |tx, (key, id)| Box::pin(confirmation::seal(tx, key, *id)));
        let Some((code, account)) = sealed.await? else {
            return Ok(None);
        };
        let chat = people::find_identity_by_id(&mut self.store.look().await?, chat).await?;
        let chat = chat.filter(|chat| chat.account.is_none() && !chat.is_disabled);
        Ok(chat.map(|chat| letters::confirmation(letter.language, &chat, account.as_ref(), &code)))
    }

    /// What a letter with a link says by now; nothing where nobody has that address, or may do anything, or there is
    /// nowhere for a link to lead.
    async fn password(&self, mail: &Mail, letter: &Letter) -> Result<Option<letters::Letter>, Failure> {
        let Some(pages) = &mail.pages else {
            return Ok(None);
        };
        let sealed = self
            .store
            .transact(&letter.id, |tx, id| Box::pin(recovery::seal(tx, *id)));
        let sealed = sealed.await?;
        Ok(sealed.map(|recovery| {
            let link = link_to(pages, &recovery.link);
            let language = recovery.language.unwrap_or(letter.language);
            letters::password(language, &recovery.account, link)
        }))
    }
}
