//! The gateway: sessions over websockets, which are identified, fed with events and resumed.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::json::strip_content;
use super::state::{State, World};

/// Gateway intents, by Discord's bits.
pub(super) mod intent {
    pub(in super::super) const GUILDS: u64 = 1;
    pub(in super::super) const GUILD_MESSAGES: u64 = 1 << 9;
    pub(in super::super) const GUILD_REACTIONS: u64 = 1 << 10;
    pub(in super::super) const DIRECT_MESSAGES: u64 = 1 << 12;
    pub(in super::super) const DIRECT_REACTIONS: u64 = 1 << 13;
    pub(in super::super) const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Members and presences: never granted here.
    pub(in super::super) const PRIVILEGED: u64 = 1 << 1 | 1 << 8;
    pub(in super::super) const KNOWN: u64 = 0x0331_FFFF;
}

/// How many events a session remembers for a resume.
const REMEMBERED: usize = 4096;

/// Something that happened, for every session that asked for it.
#[derive(Clone)]
pub(super) struct Event {
    pub(super) name: &'static str,
    /// One of these intents is needed; none when zero.
    pub(super) intents: u64,
    pub(super) data: Value,
    /// Its content needs the message content intent.
    pub(super) protected: bool,
}

/// A session, which outlives its connection.
pub(super) struct Session {
    id: String,
    intents: u64,
    seq: u64,
    log: VecDeque<(u64, String)>,
    out: Option<UnboundedSender<Out>>,
}

enum Out {
    Text(String),
    Drop,
}

impl Session {
    pub(super) fn is_connected(&self) -> bool {
        self.out.is_some()
    }

    fn push(&mut self, name: &str, data: &Value) {
        self.seq += 1;
        let text = json!({"op": 0, "t": name, "s": self.seq, "d": data}).to_string();
        if self
            .out
            .as_ref()
            .is_some_and(|out| out.send(Out::Text(text.clone())).is_err())
        {
            self.out = None;
        }
        self.log.push_back((self.seq, text));
        if self.log.len() > REMEMBERED {
            self.log.pop_front();
        }
    }

    /// The connection ends without a close frame; the session stays resumable.
    pub(super) fn drop_connection(&mut self) {
        if let Some(out) = self.out.take() {
            let _ = out.send(Out::Drop);
        }
    }
}

impl State {
    /// Sends an event to the sessions that asked for its kind.
    pub(super) fn dispatch(&mut self, event: &Event) {
        for session in &mut self.sessions {
            if event.intents != 0 && session.intents & event.intents == 0 {
                continue;
            }
            let readable = self.content_intent && session.intents & intent::MESSAGE_CONTENT != 0;
            if event.protected && !readable {
                let mut data = event.data.clone();
                strip_content(&mut data);
                session.push(event.name, &data);
            } else {
                session.push(event.name, &event.data);
            }
        }
    }

    /// Discord takes the token with `Bot ` before it too, which is how serenity sends it.
    fn is_token(&self, given: &Value) -> bool {
        given
            .as_str()
            .is_some_and(|given| given.strip_prefix("Bot ").unwrap_or(given) == self.token)
    }

    fn identify(&mut self, data: &Value, out: &UnboundedSender<Out>) -> Result<(), Closing> {
        if !self.is_token(&data["token"]) {
            return Err(Closing(4004, "Authentication failed."));
        }
        let intents = data["intents"].as_u64().filter(|intents| intents & !intent::KNOWN == 0);
        let intents = intents.ok_or(Closing(4013, "Invalid intent(s)."))?;
        let refused = intent::PRIVILEGED
            | if self.content_intent {
                0
            } else {
                intent::MESSAGE_CONTENT
            };
        if intents & refused != 0 {
            return Err(Closing(4014, "Disallowed intent(s)."));
        }
        let id = format!("{:032x}", self.next_id());
        let shard = data["shard"]
            .as_array()
            .map_or_else(|| json!([0, 1]), |shard| json!(shard));
        let ready = json!({
            "v": 10, "user": self.user_json(self.app), "session_id": id, "shard": shard,
            "guilds": [{"id": self.guild.to_string(), "unavailable": true}],
            "resume_gateway_url": self.gateway_url(), "private_channels": [],
            "application": {"id": self.app.to_string(), "flags": self.application_json()["flags"]},
        });
        let mut session = Session {
            id,
            intents,
            seq: 0,
            log: VecDeque::new(),
            out: Some(out.clone()),
        };
        session.push("READY", &ready);
        if intents & intent::GUILDS != 0 {
            session.push("GUILD_CREATE", &self.guild_create());
        }
        self.sessions.push(session);
        Ok(())
    }

    /// Whether the session could be resumed.
    fn resume(&mut self, data: &Value, out: &UnboundedSender<Out>) -> Result<bool, Closing> {
        if !self.is_token(&data["token"]) {
            return Err(Closing(4004, "Authentication failed."));
        }
        let seq = data["seq"].as_u64().unwrap_or_default();
        let Some(session) = self
            .sessions
            .iter_mut()
            .find(|session| data["session_id"] == session.id.as_str())
        else {
            return Ok(false);
        };
        if seq > session.seq {
            return Err(Closing(4007, "Invalid seq."));
        }
        if session.log.front().is_none_or(|(first, _)| *first > seq + 1) {
            return Ok(false);
        }
        for (_, text) in session.log.iter().filter(|(at, _)| *at > seq) {
            let _ = out.send(Out::Text(text.clone()));
        }
        session.out = Some(out.clone());
        session.push("RESUMED", &json!({"_trace": []}));
        Ok(true)
    }

    pub(super) fn gateway_url(&self) -> String {
        format!("{}/gateway/socket", self.url.replacen("http", "ws", 1))
    }

    /// The guild as a new session gets it.
    pub(super) fn guild_create(&self) -> Value {
        let mut guild = self.guild_json();
        let visible = || {
            self.rooms
                .values()
                .filter(|room| self.guild_of(room.id).is_some() && self.bot_sees(room))
        };
        let channels: Vec<_> = visible()
            .filter(|room| !room.is_thread())
            .map(|room| self.room_json(room))
            .collect();
        let threads = visible().filter(|room| room.is_thread() && !room.archived);
        let threads: Vec<_> = threads.map(|room| self.room_json(room)).collect();
        let bot = self.people.get(&self.app).map(|bot| self.member_json(bot));
        guild["channels"] = json!(channels);
        guild["threads"] = json!(threads);
        // Without the members intent Discord sends the bot alone.
        guild["members"] = json!(Vec::from_iter(bot));
        guild["member_count"] = json!(self.people.values().filter(|person| person.member).count());
        guild["joined_at"] = json!(super::json::time(self.clock.now()));
        guild["large"] = json!(false);
        guild["unavailable"] = json!(false);
        for list in [
            "voice_states",
            "presences",
            "stage_instances",
            "guild_scheduled_events",
            "soundboard_sounds",
        ] {
            guild[list] = json!([]);
        }
        guild
    }
}

/// A close frame for a client that did wrong.
struct Closing(u16, &'static str);

/// Serves one connection until either side ends it.
pub(super) async fn serve(world: Arc<World>, mut socket: WebSocket) {
    let (out, inbox) = unbounded_channel();
    let result = talk(&world, &mut socket, &out, inbox).await;
    let forget = matches!(result, End::ClosedForGood | End::Refused(_));
    world.change(|state| {
        let ours = |session: &Session| session.out.as_ref().is_some_and(|theirs| theirs.same_channel(&out));
        if forget {
            state.sessions.retain(|session| !ours(session));
        } else if let Some(session) = state.sessions.iter_mut().find(|session| ours(session)) {
            session.out = None;
        }
    });
    if let End::Refused(Closing(code, reason)) = result {
        let _ = socket
            .send(Frame::Close(Some(CloseFrame {
                code,
                reason: reason.into(),
            })))
            .await;
    }
}

enum End {
    /// The client closed with 1000 or 1001, which gives the session up.
    ClosedForGood,
    Lost,
    Refused(Closing),
}

async fn talk(
    world: &World,
    socket: &mut WebSocket,
    out: &UnboundedSender<Out>,
    mut inbox: UnboundedReceiver<Out>,
) -> End {
    let hello = json!({"op": 10, "d": {"heartbeat_interval": 41_250, "_trace": []}, "s": null, "t": null});
    let _ = out.send(Out::Text(hello.to_string()));
    let mut identified = false;
    loop {
        let frame = tokio::select! {
            next = inbox.recv() => match next {
                Some(Out::Text(text)) => match socket.send(Frame::Text(text.into())).await {
                    Ok(()) => continue,
                    Err(_) => return End::Lost,
                },
                Some(Out::Drop) | None => return End::Lost,
            },
            frame = socket.recv() => frame,
        };
        let text = match frame {
            Some(Ok(Frame::Text(text))) => text.to_string(),
            Some(Ok(Frame::Binary(bytes))) => String::from_utf8_lossy(&bytes).into_owned(),
            Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => continue,
            Some(Ok(Frame::Close(Some(frame)))) if matches!(frame.code, 1000 | 1001) => return End::ClosedForGood,
            Some(Ok(Frame::Close(_)) | Err(_)) | None => return End::Lost,
        };
        match hear(world, &text, out, &mut identified) {
            Ok(Some(reply)) => {
                let _ = out.send(Out::Text(reply.to_string()));
            }
            Ok(None) => {}
            Err(closing) => return End::Refused(closing),
        }
    }
}

/// What is answered to one payload of the client.
fn hear(
    world: &World,
    text: &str,
    out: &UnboundedSender<Out>,
    identified: &mut bool,
) -> Result<Option<Value>, Closing> {
    let payload: Value = serde_json::from_str(text).map_err(|_| Closing(4002, "Error while decoding payload."))?;
    let data = &payload["d"];
    match payload["op"].as_u64() {
        Some(1) => Ok(Some(json!({"op": 11, "d": null, "s": null, "t": null}))),
        Some(2 | 6) if *identified => Err(Closing(4005, "Already authenticated.")),
        Some(2) => {
            world.change(|state| state.identify(data, out))?;
            *identified = true;
            Ok(None)
        }
        Some(6) => {
            *identified = world.change(|state| state.resume(data, out))?;
            Ok((!*identified).then(|| json!({"op": 9, "d": false, "s": null, "t": null})))
        }
        Some(3 | 4 | 8) if !*identified => Err(Closing(4003, "Not authenticated.")),
        Some(3 | 4 | 8 | 31) => Ok(None),
        _ => Err(Closing(4001, "Unknown opcode.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::sandbox::Transcript;

    /// One connection, without the websocket around it.
    struct Wire {
        out: UnboundedSender<Out>,
        inbox: UnboundedReceiver<Out>,
        identified: bool,
    }

    impl Wire {
        fn new() -> Self {
            let (out, inbox) = unbounded_channel();
            Self {
                out,
                inbox,
                identified: false,
            }
        }

        /// What is answered at once.
        fn hear(&mut self, world: &World, payload: &Value) -> Option<Value> {
            let answer = hear(world, &payload.to_string(), &self.out, &mut self.identified);
            answer.map_err(|Closing(code, _)| code).expect("no close")
        }

        /// The next event.
        fn event(&mut self) -> Value {
            match self.inbox.try_recv().expect("an event") {
                Out::Text(text) => serde_json::from_str(&text).expect("JSON"),
                Out::Drop => panic!("the connection is dropped"),
            }
        }
    }

    // How a client takes it is tried with the adapter: serenity waits 5 s before it identifies anew.
    #[test]
    fn a_forgotten_session_is_identified_anew() {
        let world = World::new(State::new(
            Clock::system(),
            Transcript::default(),
            "http://x".to_owned(),
        ));
        let token = world.look(|state| state.token.clone());
        let mut wire = Wire::new();
        let identify = json!({"op": 2, "d": {"token": token, "intents": intent::GUILDS}});
        assert_eq!(wire.hear(&world, &identify), None);
        let ready = wire.event();
        assert_eq!(ready["t"], "READY");

        world.change(|state| {
            state.sessions.iter_mut().for_each(Session::drop_connection);
            state.sessions.clear();
        });
        let mut wire = Wire::new();
        let resume = json!({"op": 6, "d": {"token": token, "session_id": ready["d"]["session_id"], "seq": 1}});
        let refused = wire.hear(&world, &resume).expect("an answer");
        assert_eq!((&refused["op"], &refused["d"]), (&json!(9), &json!(false)));
        assert_eq!(wire.hear(&world, &identify), None);
        let anew = wire.event();
        assert_eq!(anew["t"], "READY");
        assert_ne!(anew["d"]["session_id"], ready["d"]["session_id"]);
    }
}
