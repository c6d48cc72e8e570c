//! What a person does with the bot's commands, buttons and forms, and what they get for it.

use serde_json::{Value, json};

use super::flag;
use super::interactions::ask;
use super::posting::pressable;
use super::seat::{DiscordSeat, PATIENCE};
use super::state::{Form, Message, Response, State};
use crate::sandbox::{Answer, Field, Missed, What};

impl DiscordSeat {
    pub(super) async fn press(&self, message_id: i64, label: &str) -> Result<Answer, Missed> {
        let id = message_id.cast_unsigned();
        let pressed = self.user.world.change(|state| {
            let (data, shown) = state.pressed(id, self.user.id, label)?;
            Ok(self.send_press(state, id, &data, &shown))
        });
        self.outcome(pressed).await
    }

    /// Presses a component that may not be there, as a forged client could: any `custom_id` on any message.
    ///
    /// # Errors
    /// [`Missed`] when the bot does not answer in time.
    pub async fn presses_raw(&self, message_id: i64, custom_id: &str) -> Result<Answer, Missed> {
        let id = message_id.cast_unsigned();
        let data = json!({"custom_id": custom_id, "component_type": 2, "id": 1});
        let pressed = self.user.world.change(|state| {
            if !state.messages.contains_key(&id) {
                return Err("the message".to_owned());
            }
            Ok(self.send_press(state, id, &data, custom_id))
        });
        self.outcome(pressed).await
    }

    fn send_press(&self, state: &mut State, message: u64, data: &Value, shown: &str) -> u64 {
        let room = state.messages.get(&message).map_or(0, |message| message.room);
        state.tell(self.user.id, room, What::Pressed(shown.to_owned()));
        state.ask(ask::COMPONENT, self.user.id, room, Some(message), data)
    }

    pub(super) async fn use_command(&self, name: &str, options: &[(&str, &str)]) -> Result<Answer, Missed> {
        let used = self.asks(name, options).await?;
        self.outcome(Ok(used)).await
    }

    /// Uses a command, and does not wait for what comes of it: [`Discord::waits`](super::Discord::waits) tells. Gives
    /// the interaction's id.
    ///
    /// # Errors
    /// [`Missed`] when nobody registered it.
    pub async fn asks(&self, name: &str, options: &[(&str, &str)]) -> Result<u64, Missed> {
        let room = self.room().await?;
        let used = self.user.world.change(|state| {
            let typed = state.typed(name, options, self.user.id, room)?;
            state.tell(self.user.id, room, What::Used(typed.shown));
            Ok(state.ask(ask::COMMAND, self.user.id, room, None, &typed.data))
        });
        used.map_err(|why: String| self.missed(&why))
    }

    /// Uses a command from a message's own menu.
    ///
    /// # Errors
    /// [`Missed`] when nobody registered it, or no answer comes in time.
    pub async fn uses_message_command(&self, name: &str, message_id: i64) -> Result<Answer, Missed> {
        let room = self.room().await?;
        let target = message_id.cast_unsigned();
        let used = self.user.world.change(|state| {
            let command = state.command(3, name, self.user.id, room)?;
            let there = |message: &&Message| message.room == room && message.only_for.is_none();
            let message = state.messages.get(&target).filter(there).ok_or("the message")?;
            let id = target.to_string();
            let data = json!({
                "id": command["id"], "name": command["name"], "type": 3, "target_id": id,
                "resolved": {"messages": {&id: state.message_json(message)}},
            });
            state.tell(self.user.id, room, What::Used(name.to_owned()));
            Ok(state.ask(ask::COMMAND, self.user.id, room, None, &data))
        });
        self.outcome(used).await
    }

    /// Types in an option of a command that offers suggestions, and reads what is suggested.
    ///
    /// # Errors
    /// [`Missed`] when nobody registered the command, or no suggestions come in time.
    pub async fn types(&self, name: &str, option: &str, text: &str) -> Result<Vec<String>, Missed> {
        let room = self.room().await?;
        let asked = self.user.world.change(|state| {
            let command = state.command(1, name, self.user.id, room)?;
            let known = command["options"].as_array().into_iter().flatten();
            let mut known = known.filter(|known| known["name"] == option && known["autocomplete"] == true);
            let kind = &known.next().ok_or("an option that offers suggestions")?["type"];
            let options = json!([{"name": option, "type": kind, "value": text, "focused": true}]);
            let data = json!({"id": command["id"], "name": command["name"], "type": 1, "options": options});
            Ok(state.ask(ask::AUTOCOMPLETE, self.user.id, room, None, &data))
        });
        let asked = asked.map_err(|why: String| self.missed(&why))?;
        match self.response(asked).await? {
            Response::Choices(choices) => Ok(choices),
            _ => Err(self.missed("suggestions")),
        }
    }

    pub(super) async fn submit(&self, fields: &[(&str, &str)]) -> Result<Answer, Missed> {
        let sent = self.user.world.change(|state| {
            let form = state.forms.get(&self.user.id).ok_or("an open form")?.clone();
            let filled = form.fill(fields)?;
            state.forms.remove(&self.user.id);
            let (title, fields) = (
                form.title.clone(),
                filled.iter().map(|(label, _, text)| (label.clone(), text.clone())),
            );
            state.tell(
                self.user.id,
                form.room,
                What::Filled {
                    title,
                    fields: fields.collect(),
                },
            );
            let rows = filled
                .iter()
                .map(|(_, id, text)| json!({"type": 1, "components": [{"type": 4, "custom_id": id, "value": text}]}));
            let data = json!({"custom_id": form.custom_id, "components": rows.collect::<Vec<_>>()});
            Ok(state.ask(ask::FORM, self.user.id, form.room, form.message, &data))
        });
        self.outcome(sent).await
    }

    async fn outcome(&self, asked: Result<u64, String>) -> Result<Answer, Missed> {
        let asked = asked.map_err(|why| self.missed(&why))?;
        let world = &self.user.world;
        let message = match self.response(asked).await? {
            Response::DeferredUpdate | Response::Choices(_) => return Ok(Answer::Quiet),
            Response::Form(form) => return Ok(world.change(|state| self.open(state, form))),
            Response::Message(id) | Response::Update(id) | Response::Deferred(id) => id,
        };
        let settled = |state: &mut State| match state.messages.get(&message) {
            Some(message) if message.flags & flag::LOADING != 0 => None,
            _ => Some(state.seen_now(message)),
        };
        let settled = world.until(PATIENCE, settled).await;
        let settled = settled.ok_or_else(|| self.missed("the answer that the bot said it was thinking about"))?;
        Ok(settled.map_or(Answer::Quiet, Answer::Message))
    }

    async fn response(&self, asked: u64) -> Result<Response, Missed> {
        let answered = |state: &mut State| state.interactions.get(&asked)?.response.clone();
        let deadline = self.user.world.look(|state| state.answer_within);
        let response = self.user.world.until(deadline, answered).await;
        response.ok_or_else(|| self.missed(&format!("an answer within {deadline:?} (interaction failed)")))
    }

    fn open(&self, state: &mut State, form: Form) -> Answer {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let field = |input: &Value| Field {
            label: text(&input["label"]),
            value: text(&input["value"]),
        };
        let fields: Vec<Field> = form.inputs.iter().map(field).collect();
        let title = form.title.clone();
        let labels = fields.iter().map(|field| field.label.clone()).collect();
        state.tell(
            self.user.id,
            form.room,
            What::Form {
                title: title.clone(),
                fields: labels,
            },
        );
        state.forms.insert(self.user.id, form);
        Answer::Form { title, fields }
    }
}

impl State {
    /// The interaction data of pressing what has that label (or else contains it), and its whole label.
    fn pressed(&self, message: u64, person: u64, label: &str) -> Result<(Value, String), String> {
        let visible = self
            .messages
            .get(&message)
            .filter(|message| message.only_for.is_none_or(|only| only == person));
        let message = visible.ok_or("the message")?;
        if !self
            .rooms
            .get(&message.room)
            .is_some_and(|room| self.sees(person, room))
        {
            return Err("the message".to_owned());
        }
        let all = || pressable(&message.components);
        let found = all()
            .find(|(one, _)| one == label)
            .or_else(|| all().find(|(one, _)| one.contains(label)));
        let (shown, (component, value)) = found.ok_or_else(|| {
            let there: Vec<String> = all().map(|(label, _)| label).collect();
            format!("the button {label:?} (there are {there:?})")
        })?;
        if component["disabled"] == true {
            return Err(format!("the button {label:?} enabled"));
        }
        let custom_id = component["custom_id"]
            .as_str()
            .ok_or_else(|| format!("{label:?} as a button, not a link"))?;
        let mut data = json!({"custom_id": custom_id, "component_type": component["type"], "id": 1});
        if let Some(value) = value {
            data["values"] = json!([value]);
        }
        Ok((data, shown))
    }
}

/// Label or id of a field, and what was typed.
type Filled = Vec<(String, String, String)>;

impl Form {
    /// Label, id and text of every field, if Discord would let that be sent.
    fn fill(&self, fields: &[(&str, &str)]) -> Result<Filled, String> {
        let is = |input: &Value, name: &str| input["label"] == name || input["custom_id"] == name;
        if let Some((name, _)) = fields
            .iter()
            .find(|(name, _)| !self.inputs.iter().any(|input| is(input, name)))
        {
            return Err(format!("the field {name:?} in the form {:?}", self.title));
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let filled = self.inputs.iter().map(|input| {
            let typed = fields.iter().find(|(name, _)| is(input, name));
            let typed = typed.map_or_else(|| text(&input["value"]), |(_, typed)| (*typed).to_owned());
            let (length, label) = (typed.chars().count() as u64, text(&input["label"]));
            let least = input["min_length"].as_u64().unwrap_or(0);
            let most = input["max_length"].as_u64().unwrap_or(4000);
            if length == 0 && input["required"] != false {
                return Err(format!("something in the required field {label:?}"));
            }
            if length > 0 && !(least..=most).contains(&length) {
                return Err(format!(
                    "{least} to {most} characters in the field {label:?}, not {length},"
                ));
            }
            Ok((label, text(&input["custom_id"]), typed))
        });
        filled.collect()
    }
}
