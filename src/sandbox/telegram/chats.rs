//! The methods about chats, their members, and the bot itself.

use serde_json::{Value, json};

use super::{
    entities::units,
    json::bot_json,
    params::Params,
    refusal::Refusal,
    world::{World, bot_id},
};

const ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

/// `getMe`.
pub(super) fn me() -> Value {
    let mut me = bot_json();
    for (field, value) in [
        ("can_join_groups", true),
        ("can_read_all_group_messages", false),
        ("supports_inline_queries", false),
        ("can_connect_to_business", false),
        ("has_main_web_app", false),
    ] {
        me[field] = json!(value);
    }
    me
}

impl World {
    pub(super) fn get_chat(&self, params: &Params) -> Result<Value, Refusal> {
        let id = self.target(params, "chat_id")?;
        let mut chat = self.chat_json(id);
        chat["accent_color_id"] = json!(1);
        chat["max_reaction_count"] = json!(11);
        chat["accepted_gift_types"] = json!({ "unlimited_gifts": false, "limited_gifts": false,
            "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false });
        let known = &self.chats[&id];
        if let Some(pinned) = known.pinned.last().filter(|p| known.messages.contains_key(p)) {
            chat["pinned_message"] = self.message_json(id, *pinned);
        }
        if known.group.is_some() {
            chat["join_to_send_messages"] = json!(true);
        }
        Ok(chat)
    }

    fn member(&self, chat: i64, user: i64) -> Option<Value> {
        let group = self.chats.get(&chat)?.group.as_ref();
        if user == bot_id() {
            return Some(self.bot_member(chat, group.map_or("member", |g| g.bot)));
        }
        self.people.get(&user)?;
        let status = match group {
            None if user == chat => "member",
            Some(group) if group.members.first() == Some(&user) => "creator",
            Some(group) if group.members.contains(&user) => "member",
            Some(_) => "left",
            None => return None,
        };
        let mut member = json!({ "status": status, "user": self.person_json(user) });
        if status == "creator" {
            member["is_anonymous"] = json!(false);
        }
        Some(member)
    }

    pub(super) fn get_member(&self, params: &Params) -> Result<Value, Refusal> {
        let chat = self.target(params, "chat_id")?;
        self.member(chat, params.id("user_id")?)
            .ok_or_else(|| Refusal::bad("user not found"))
    }

    pub(super) fn get_administrators(&self, params: &Params) -> Result<Value, Refusal> {
        let chat = self.target(params, "chat_id")?;
        let Some(group) = &self.chats[&chat].group else {
            return Err(Refusal::bad("there are no administrators in the private chat"));
        };
        let creator = group.members.first().and_then(|user| self.member(chat, *user));
        let both = creator.into_iter().chain(self.member(chat, bot_id()));
        Ok(Value::Array(both.collect()))
    }

    pub(super) fn leave(&mut self, params: &Params) -> Result<Value, Refusal> {
        let id = self.target(params, "chat_id")?;
        let Some(group) = self.chats.get_mut(&id).and_then(|c| c.group.as_mut()) else {
            return Err(Refusal::bad("chat member status can't be changed in private chats"));
        };
        let old = group.bot;
        group.bot = "left";
        self.bot_standing(id, bot_id(), old, "left");
        Ok(json!(true))
    }

    pub(super) fn chat_action(&self, params: &Params) -> Result<Value, Refusal> {
        self.target(params, "chat_id")?;
        let action = params.text("action")?.unwrap_or_default();
        if !ACTIONS.contains(&action) {
            return Err(Refusal::bad("wrong parameter action in request"));
        }
        Ok(json!(true))
    }

    pub(super) fn set_commands(&mut self, params: &Params) -> Result<Value, Refusal> {
        let commands = params
            .array("commands")?
            .ok_or_else(|| Refusal::bad("can't parse list of commands JSON object"))?;
        if commands.len() > 100 {
            return Err(Refusal::bad("BOT_COMMANDS_TOO_MUCH"));
        }
        for command in &commands {
            let name = command["command"]
                .as_str()
                .ok_or_else(|| Refusal::bad("can't parse BotCommand: Field \"command\" must be of type String"))?;
            let name = name.strip_prefix('/').unwrap_or(name);
            let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if !(1..=32).contains(&name.len()) || !name.chars().all(letters) {
                return Err(Refusal::bad("BOT_COMMAND_INVALID"));
            }
            let description = command["description"].as_str().unwrap_or_default().trim();
            if !(1..=256).contains(&units(description)) {
                return Err(Refusal::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
            }
        }
        let key = self.command_scope(params)?;
        self.commands.insert(key, Value::Array(commands));
        Ok(json!(true))
    }

    pub(super) fn get_commands(&self, params: &Params) -> Result<Value, Refusal> {
        let key = self.command_scope(params)?;
        Ok(self.commands.get(&key).cloned().unwrap_or(json!([])))
    }

    pub(super) fn delete_commands(&mut self, params: &Params) -> Result<Value, Refusal> {
        let key = self.command_scope(params)?;
        self.commands.remove(&key);
        Ok(json!(true))
    }

    /// What a list of commands is kept under: scope and language.
    fn command_scope(&self, params: &Params) -> Result<(String, String), Refusal> {
        let scope = params.object("scope")?.unwrap_or_default();
        let kind = scope
            .get("type")
            .and_then(serde_json::Value::as_str)
            .unwrap_or("default");
        match kind {
            "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators" => {}
            "chat" | "chat_administrators" | "chat_member" => {
                let chat = scope.get("chat_id").and_then(Value::as_i64).unwrap_or_default();
                if !self.chats.contains_key(&chat) {
                    return Err(Refusal::bad("chat not found"));
                }
            }
            _ => return Err(Refusal::bad("can't parse BotCommandScope: Unsupported type specified")),
        }
        let scope = if kind == "default" {
            kind.to_owned()
        } else {
            Value::Object(scope).to_string()
        };
        Ok((scope, language(params)?))
    }

    /// `setMyDescription`, `setMyShortDescription` and `setMyName`, by field and with its limit.
    pub(super) fn describe(&mut self, field: &str, limit: usize, params: &Params) -> Result<Value, Refusal> {
        let text = params.text(field)?.unwrap_or_default();
        if units(text) > limit {
            return Err(Refusal::bad(format!("bot {} is too long", field.replace('_', " "))));
        }
        let key = (field.to_owned(), language(params)?);
        self.descriptions.insert(key, text.to_owned());
        Ok(json!(true))
    }

    /// What [`World::describe`] set, or what stands for every language.
    pub(super) fn described(&self, field: &str, params: &Params) -> Result<Value, Refusal> {
        let find = |language: String| self.descriptions.get(&(field.to_owned(), language));
        let text = find(language(params)?).or_else(|| find(String::new()));
        Ok(json!({ field: text.cloned().unwrap_or_default() }))
    }
}

fn language(params: &Params) -> Result<String, Refusal> {
    let code = params.text("language_code")?.unwrap_or_default();
    if code.is_empty() || (code.len() == 2 && code.chars().all(|c| c.is_ascii_lowercase())) {
        return Ok(code.to_owned());
    }
    Err(Refusal::bad("LANG_CODE_INVALID"))
}
