//! A message that stands somewhere, made into a ticket from its own menu: its author's, where the team does so.

use super::build::button;
use super::intent::{Inbound, Intent, Picked};
use super::press::Press;
use super::reply::{Look, Message, Reply};
use super::turn::{Chat, Turn};
use crate::domain::file::StoredFile;
use crate::domain::ids::AccountId;
use crate::domain::permission::OpenForOthers;
use crate::service::open::Unable;
use crate::store::{Fault, View, people};

impl Chat {
    /// Whether the files that come with it are to be fetched: of a message that is picked, not for whoever is refused.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn takes_files(&self, view: &mut View, inbound: &Inbound) -> Result<bool, Fault> {
        let Intent::Picked(picked) = &inbound.intent else {
            return self.concerns(view, inbound).await;
        };
        let who = &inbound.who.user_id;
        let found = people::find_identity(view, inbound.platform, who, &inbound.place.spot).await?;
        let account = found.and_then(|(me, _)| me.account);
        let is_theirs = picked.author.user_id == *who;
        Ok(!picked.is_by_application && account.is_some_and(|account| is_theirs || account.role.is_staff()))
    }
}

impl Turn<'_> {
    /// « Ouvrir un ticket », on somebody's message.
    pub(super) async fn picked(&mut self, picked: &Picked, text: &str, files: &[StoredFile]) -> Result<Reply, Fault> {
        if self.me.account.is_none() {
            return Ok(self.who_are_you());
        }
        if picked.is_by_application {
            return Ok(self.not_picked("picked-application"));
        }
        let requester = match self.author_of(picked).await? {
            Ok(requester) => requester,
            Err(refused) => return Ok(refused),
        };
        if text.is_empty() && files.is_empty() {
            return Ok(self.not_picked("picked-empty"));
        }
        let Some(draft) = self.draft_of(requester) else {
            return Ok(self.other_draft());
        };
        if !draft.has_room(text, files) {
            return Ok(self.draft_full());
        }
        draft.add(text, files);
        self.dialog.filling = None;
        let shown = self.draft_message(None).await?;
        Ok(shown.map_or_else(|| self.no_draft(), |shown| self.tell(shown)))
    }

    /// Whose ticket it would be, where it is not that of whoever picked it.
    async fn author_of(&mut self, picked: &Picked) -> Result<Result<Option<AccountId>, Reply>, Fault> {
        let author = &picked.author.user_id;
        if *author == self.inbound.who.user_id {
            return Ok(Ok(None));
        }
        if let Err(refused) = self.permit::<OpenForOthers>().await? {
            return Ok(Err(refused));
        }
        let spot = self.spot().clone();
        let found = people::find_identity(self.tx, self.inbound.platform, author, &spot).await?;
        let name = || picked.author.name.clone();
        Ok(match found {
            Some((known, _)) if known.is_disabled => Err(self.unable_to(name(), Unable::Disabled)),
            Some((known, _)) if known.account.is_some() => {
                Ok(known.account.and_then(|account| self.unless_oneself(account.id)))
            }
            _ => {
                let sentence = self.lang().say("picked-stranger", &[("name", name().into())]);
                Err(self.tell(Message::text(sentence)))
            }
        })
    }

    fn not_picked(&self, sentence: &str) -> Reply {
        let new = button(self.lang(), "button-new", Press::NewTicket, Look::Plain);
        self.tell(Message::text(self.say(sentence)).row([new]))
    }
}
