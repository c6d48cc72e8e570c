//! The methods of the Bot API by name. To add one: write it in the file of its subject and give it a line here.

use serde_json::Value;

use super::{chats::me, files::Kind, params::Params, refusal::Refusal, world::World};

/// Every method that is simulated, as the specification writes it.
pub(super) const METHODS: [&str; 39] = [
    "getMe",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "setMyCommands",
    "getMyCommands",
    "deleteMyCommands",
    "setMyDescription",
    "getMyDescription",
    "setMyShortDescription",
    "getMyShortDescription",
    "setMyName",
    "getMyName",
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "sendVoice",
    "sendMediaGroup",
    "editMessageText",
    "editMessageReplyMarkup",
    "editMessageCaption",
    "deleteMessage",
    "answerCallbackQuery",
    "setMessageReaction",
    "sendChatAction",
    "getFile",
    "createForumTopic",
    "editForumTopic",
    "closeForumTopic",
    "reopenForumTopic",
    "deleteForumTopic",
    "getChat",
    "getChatMember",
    "getChatAdministrators",
    "leaveChat",
    "pinChatMessage",
    "copyMessage",
    "forwardMessage",
];

/// The method as the specification writes it, whatever the case that it came in.
pub(super) fn canonical(name: &str) -> Option<&'static str> {
    METHODS.iter().find(|m| m.eq_ignore_ascii_case(name)).copied()
}

impl World {
    /// Carries a method out; `getUpdates` alone takes its time and is done by the server.
    pub(super) fn carry_out(&mut self, method: &str, params: &Params) -> Result<Value, Refusal> {
        match method {
            "getMe" => Ok(me()),
            "setWebhook" => self.set_webhook(params),
            "deleteWebhook" => self.delete_webhook(params),
            "getWebhookInfo" => Ok(self.webhook_info()),
            "setMyCommands" => self.set_commands(params),
            "getMyCommands" => self.get_commands(params),
            "deleteMyCommands" => self.delete_commands(params),
            "setMyDescription" => self.describe("description", 512, params),
            "getMyDescription" => self.described("description", params),
            "setMyShortDescription" => self.describe("short_description", 120, params),
            "getMyShortDescription" => self.described("short_description", params),
            "setMyName" => self.describe("name", 64, params),
            "getMyName" => self.described("name", params),
            "sendMessage" => self.send_message(params),
            "sendPhoto" => self.send_file(Kind::Photo, params),
            "sendDocument" => self.send_file(Kind::Document, params),
            "sendVoice" => self.send_file(Kind::Voice, params),
            "sendMediaGroup" => self.send_media_group(params),
            "copyMessage" => self.repeat(params, false),
            "forwardMessage" => self.repeat(params, true),
            "editMessageText" => self.edit_text(params),
            "editMessageReplyMarkup" => self.edit_markup(params),
            "editMessageCaption" => self.edit_caption(params),
            "deleteMessage" => self.delete(params),
            "answerCallbackQuery" => self.answer_query(params),
            "setMessageReaction" => self.react(params),
            "sendChatAction" => self.chat_action(params),
            "pinChatMessage" => self.pin(params),
            "getFile" => self.get_file(params),
            "createForumTopic" => self.create_topic(params),
            "editForumTopic" => self.edit_topic(params),
            "closeForumTopic" => self.close_topic(params, true),
            "reopenForumTopic" => self.close_topic(params, false),
            "deleteForumTopic" => self.delete_topic(params),
            "getChat" => self.get_chat(params),
            "getChatMember" => self.get_member(params),
            "getChatAdministrators" => self.get_administrators(params),
            "leaveChat" => self.leave(params),
            _ => Err(Refusal::not_found("method not found")),
        }
    }
}
