//! Notices about people's chats: linked, unlinked, or still waiting for a page.

use std::slice::from_ref;

use super::errands::{Errands, Failure, Task};
use crate::chat::notices;
use crate::chat::reply::Message;
use crate::domain::ids::{AccountId, IdentityId};
use crate::store::outbox::Whence;
use crate::store::people::{self, Identity};
use crate::store::{Fault, View, codes};

impl Errands {
    /// Tells a person of another chat of theirs; unless it is not any more, or this one is not.
    pub(super) async fn tell_linked(
        &self,
        task: Task<'_>,
        identity: IdentityId,
        chat: IdentityId,
    ) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let both = find_both(&mut view, identity, chat)
            .await?
            .filter(|(reader, chat)| account_of(reader).is_some() && account_of(reader) == account_of(chat));
        let Some((reader, chat)) = both else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        let message = notices::linked(reader.language, &chat);
        self.write_to(view, (task, from_ref(task.row)), &reader, &message).await
    }

    /// Tells a chat that it is nobody's any more; unless it is somebody's again.
    pub(super) async fn tell_unlinked(
        &self,
        task: Task<'_>,
        identity: IdentityId,
        whence: Whence,
    ) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let reader = people::find_identity_by_id(&mut view, identity).await?;
        let Some(reader) = reader.filter(is_nobodys) else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        let from = find_chat_of(&mut view, whence).await?;
        let message = notices::unlinked(reader.language, whence, from.as_ref());
        self.write_to(view, (task, from_ref(task.row)), &reader, &message).await
    }

    /// Tells a person that another chat is theirs no more; unless it is again, or this one is not.
    pub(super) async fn tell_other_unlinked(
        &self,
        task: Task<'_>,
        identity: IdentityId,
        chat: IdentityId,
        whence: Whence,
    ) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let both = find_both(&mut view, identity, chat)
            .await?
            .filter(|(reader, chat)| account_of(reader).is_some() && account_of(reader) != account_of(chat));
        let Some((reader, chat)) = both else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        let from = find_chat_of(&mut view, whence).await?;
        let message = notices::other_unlinked(reader.language, &chat, whence, from.as_ref());
        self.write_to(view, (task, from_ref(task.row)), &reader, &message).await
    }

    /// Tells a chat what the page answered for which it waited; unless that is not so any more.
    pub(super) async fn tell_link_answered(
        &self,
        task: Task<'_>,
        identity: IdentityId,
        yes: bool,
    ) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let reader = people::find_identity_by_id(&mut view, identity).await?;
        let told = match reader {
            Some(reader) if yes => match reader.account.clone() {
                Some(account) => {
                    let message = notices::link_confirmed(&mut view, &reader, &account).await?;
                    Some((reader, message))
                }
                None => None,
            },
            Some(reader) if is_nobodys(&reader) => {
                let message = Message::text(reader.language.say("told-link-refused", &[]));
                Some((reader, message))
            }
            _ => None,
        };
        let Some((reader, message)) = told else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        self.write_to(view, (task, from_ref(task.row)), &reader, &message).await
    }

    /// Tells a chat that the page did not answer in time; unless it did, or the chat waits for another.
    pub(super) async fn tell_link_lapsed(&self, task: Task<'_>, identity: IdentityId) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let reader = people::find_identity_by_id(&mut view, identity).await?;
        let has_lapsed = codes::has_lapsed(&mut view, identity).await?;
        let Some(reader) = reader.filter(|reader| has_lapsed && is_nobodys(reader)) else {
            drop(view);
            return self.acknowledge(from_ref(task.row)).await;
        };
        let message = Message::text(reader.language.say("told-link-lapsed", &[]));
        self.write_to(view, (task, from_ref(task.row)), &reader, &message).await
    }
}

async fn find_both(
    view: &mut View,
    reader: IdentityId,
    chat: IdentityId,
) -> Result<Option<(Identity, Identity)>, Fault> {
    let reader = people::find_identity_by_id(view, reader).await?;
    Ok(reader.zip(people::find_identity_by_id(view, chat).await?))
}

fn account_of(chat: &Identity) -> Option<AccountId> {
    chat.account.as_ref().map(|account| account.id)
}

fn is_nobodys(chat: &Identity) -> bool {
    chat.account.is_none() && !chat.is_disabled
}

async fn find_chat_of(view: &mut View, whence: Whence) -> Result<Option<Identity>, Fault> {
    match whence {
        Whence::Chat(chat) => people::find_identity_by_id(view, chat).await,
        Whence::Page | Whence::Admin => Ok(None),
    }
}
