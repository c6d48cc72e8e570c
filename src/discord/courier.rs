//! The outbox's errands, one or two requests each.

use serde_json::{Value, json};
use serenity::all::{ChannelId, GuildId, MessageId};
use serenity::http::{LightMethod, Request, Route};

use crate::chat::reply::Message;
use crate::domain::platform::Spot;
use crate::outbox::courier::{Address, Delivery, Errand, Sent};
use crate::outbox::pacing::Pass;

use super::Discord;
use super::answer::{number, sent};
use super::api::request;
use super::errors::Failure;
use super::payload::{self, Outgoing};
use super::raw::Id;
use super::text::{clean_line, cut};

/// A week, the longest that a thread stays open by itself.
const AUTO_ARCHIVE_MINUTES: u16 = 10_080;
const ARCHIVED: u64 = 50083;
const HAS_A_THREAD: u64 = 160_004;

impl Discord {
    /// Carries out one delivery. A thread that is archived is opened first; where nothing new is said in it, it is
    /// archived again.
    pub(super) async fn carry(&self, delivery: &Delivery, pass: Pass<'_>) -> Result<Option<Sent>, Failure> {
        match self.attempt(delivery, pass).await {
            Err(failure) if failure.is(ARCHIVED) => match &delivery.errand {
                Errand::CloseThread { .. } => Ok(None),
                Errand::Post {
                    to: Address::Spot(spot),
                    ..
                } => {
                    self.archive(&spot.chat, false, pass).await?;
                    self.attempt(delivery, pass).await
                }
                Errand::Edit { spot, .. } | Errand::Delete { spot, .. } => {
                    self.archive(&spot.chat, false, pass).await?;
                    let done = self.attempt(delivery, pass).await?;
                    self.archive(&spot.chat, true, pass).await?;
                    Ok(done)
                }
                _ => Err(failure),
            },
            other => other,
        }
    }

    async fn attempt(&self, delivery: &Delivery, pass: Pass<'_>) -> Result<Option<Sent>, Failure> {
        match &delivery.errand {
            Errand::Post { to, message, reply_to } => {
                let channel = self.channel(to, pass).await?;
                let reply_to = reply_to.as_deref().map(known).transpose()?;
                let out = Outgoing::of(message, self.files(), pass).await;
                self.post(&channel, out, &delivery.nonce, reply_to.as_ref(), pass)
                    .await
                    .map(Some)
            }
            Errand::Edit {
                spot,
                message_id,
                message,
            } => {
                let edit = payload::edit(message, pass);
                self.patch_message(&spot.chat, message_id, &edit, pass).await?;
                Ok(Some(Sent {
                    spot: spot.clone(),
                    message_id: message_id.clone(),
                    files: Vec::new(),
                }))
            }
            Errand::OpenPost {
                spot,
                name,
                is_unique,
                message,
            } => {
                let body = thread(name);
                let opened = if *is_unique {
                    self.find_post(spot, &body["name"]).await?
                } else {
                    None
                };
                match opened {
                    Some(opened) => Ok(Some(opened)),
                    None => self.open_post(spot, body, message, pass).await.map(Some),
                }
            }
            Errand::OpenThread { spot, message_id, name } => {
                self.open_thread(spot, message_id, name, pass).await.map(Some)
            }
            Errand::CloseThread { spot } => self.archive(&spot.chat, true, pass).await.map(|_| None),
            Errand::ReopenThread { spot } => self.archive(&spot.chat, false, pass).await.map(|_| None),
            Errand::DeleteThread { spot } => {
                let channel_id = ChannelId::new(number(&spot.chat)?);
                self.delete(Route::Channel { channel_id }, pass).await
            }
            Errand::React {
                spot,
                message_id,
                receipt,
            } => self
                .put_receipt(&spot.chat, message_id, *receipt, pass)
                .await
                .map(|()| None),
            Errand::Delete { spot, message_id } => {
                let channel_id = ChannelId::new(number(&spot.chat)?);
                let message_id = MessageId::new(number(message_id)?);
                self.delete(Route::ChannelMessage { channel_id, message_id }, pass)
                    .await
            }
        }
    }

    async fn delete(&self, route: Route<'_>, pass: Pass<'_>) -> Result<Option<Sent>, Failure> {
        let request = Request::new(route, LightMethod::Delete);
        self.api().execute(request, pass).await.map(|_| None)
    }

    async fn channel(&self, to: &Address, pass: Pass<'_>) -> Result<Id, Failure> {
        match to {
            Address::Spot(Spot { chat, .. }) | Address::Person { chat: Some(chat), .. } => known(chat),
            Address::Person { user_id, chat: None } => self.open_chat(user_id, pass).await,
        }
    }

    /// A thread on a message has that message's id: so one that is there already is found.
    async fn open_thread(&self, spot: &Spot, message_id: &str, name: &str, pass: Pass<'_>) -> Result<Sent, Failure> {
        let route = Route::ChannelMessageThreads {
            channel_id: ChannelId::new(number(&spot.chat)?),
            message_id: MessageId::new(number(message_id)?),
        };
        let body = thread(name);
        match self.api().call(LightMethod::Post, route, &body, pass).await {
            Err(failure) if !failure.is(HAS_A_THREAD) => Err(failure),
            _ => Ok(Sent {
                spot: Spot::chat(message_id),
                message_id: message_id.to_owned(),
                files: Vec::new(),
            }),
        }
    }

    /// <https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel>
    async fn open_post(
        &self,
        spot: &Spot,
        mut body: Value,
        message: &Message,
        pass: Pass<'_>,
    ) -> Result<Sent, Failure> {
        let channel_id = ChannelId::new(number(&spot.chat)?);
        let out = Outgoing::of(message, self.files(), pass).await;
        body["message"] = out.body;
        let request = request(LightMethod::Post, Route::ChannelForumPosts { channel_id }, &body);
        let answer = self.api().upload(request, &out.files, pass).await?;
        sent(&answer["message"]).ok_or_else(|| Failure::Broken("Discord's answer can't be read".to_owned()))
    }

    /// The bot's own post of that name that is open in a forum: a request to open it may have been lost on its way back.
    async fn find_post(&self, forum: &Spot, name: &Value) -> Result<Option<Sent>, Failure> {
        let channel_id = ChannelId::new(number(&forum.chat)?);
        let about: Value = self.api().get(Route::Channel { channel_id }).await?;
        let guild = about["guild_id"].as_str().unwrap_or_default();
        let guild_id = GuildId::new(number(guild)?);
        let active: Value = self.api().get(Route::GuildThreadsActive { guild_id }).await?;
        let me = self.identify_now().await?.user_id;
        let is_it = |thread: &&Value| {
            thread["parent_id"] == forum.chat.as_str() && thread["name"] == *name && thread["owner_id"] == me.as_str()
        };
        let post = active["threads"].as_array().into_iter().flatten().find(is_it);
        // The first message of a post has its id.
        Ok(post.and_then(|post| post["id"].as_str()).map(|id| Sent {
            spot: Spot::chat(id),
            message_id: id.to_owned(),
            files: Vec::new(),
        }))
    }

    async fn archive(&self, thread: &str, archived: bool, pass: Pass<'_>) -> Result<Value, Failure> {
        let route = Route::Channel {
            channel_id: ChannelId::new(number(thread)?),
        };
        let body = json!({"archived": archived});
        self.api().call(LightMethod::Patch, route, &body, pass).await
    }
}

/// What every thread is started with.
fn thread(name: &str) -> Value {
    let name = cut(&clean_line(name), 100);
    json!({
        "name": if name.is_empty() { "…" } else { &name },
        "auto_archive_duration": AUTO_ARCHIVE_MINUTES,
    })
}

fn known(chat: &str) -> Result<Id, Failure> {
    number(chat).map(|number| Id(number.to_string()))
}
