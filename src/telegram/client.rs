//! The way to Telegram: one method call, one HTTP request, one answer.
//!
//! Requests are teloxide's types, but are carried out here: teloxide sleeps ten seconds on a 5xx, puts whole
//! bodies and the token's address into its errors, and gives up on an answer it can't read to the last field,
//! although the message is sent.

use std::fmt;
use std::time::Duration;

use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use teloxide::requests::Payload;
use url::Url;

use super::failure::Failure;
use super::pace::{Charge, Pace};
use crate::body::{self, Unread};
use crate::domain::platform::Platform;
use crate::metrics;
use crate::outbox::pacing::{Pacing, Pass};

/// What is left of a lease when a request starts is more.
const TIME_OUT: Duration = Duration::from_secs(10);
/// Long enough for a poll, which Telegram holds for 15 s.
const POLL_TIME_OUT: Duration = Duration::from_secs(25);
/// Twenty megabytes at two megabits a second, and some. The lease goes on being renewed meanwhile; only a process
/// that is frozen in the middle of an upload can then see it done twice.
const FILE_TIME_OUT: Duration = Duration::from_mins(2);
const CONNECT_TIME_OUT: Duration = Duration::from_secs(5);

/// The adapter could not be made from its settings.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address is not one under which there can be paths.
    #[error("telegram.api_url can't be used: give it as https://host")]
    ApiUrl,
    /// TLS could not be set up.
    #[error("no HTTP client: {0}")]
    Client(String),
}

/// Calls methods of the Bot API.
pub(super) struct Client {
    http: reqwest::Client,
    api_url: Url,
    token: SecretString,
    pace: Pace,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

/// A file of a form, under the name by which the other fields refer to it.
pub(super) struct Attachment {
    pub(super) field: String,
    pub(super) part: Part,
}

#[derive(Deserialize)]
struct Answer<T> {
    ok: bool,
    result: Option<T>,
    error_code: Option<u16>,
    #[serde(default)]
    description: String,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

impl Client {
    pub(super) fn new(token: &SecretString, api_url: Url, pacing: Pacing) -> Result<Self, SetupError> {
        if api_url.cannot_be_a_base() {
            return Err(SetupError::ApiUrl);
        }
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIME_OUT)
            .timeout(TIME_OUT)
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true)
            .build()
            .map_err(|error| SetupError::Client(error.without_url().to_string()))?;
        Ok(Self {
            http,
            api_url,
            token: token.clone(),
            pace: Pace::new(pacing),
        })
    }

    /// The token, as bytes to make a key of.
    pub(super) fn token(&self) -> &[u8] {
        self.token.expose_secret().as_bytes()
    }

    pub(super) fn pace(&self) -> &Pace {
        &self.pace
    }

    /// Calls a method that no limit is known for. What of its result is needed, the caller says with `T`.
    pub(super) async fn call<P: Payload + Serialize, T: DeserializeOwned>(&self, payload: &P) -> Result<T, Failure> {
        self.send(self.request::<P>().json(payload)).await
    }

    /// Calls a method that Telegram takes its time to answer.
    pub(super) async fn poll<P: Payload + Serialize, T: DeserializeOwned>(&self, payload: &P) -> Result<T, Failure> {
        self.send(self.request::<P>().json(payload).timeout(POLL_TIME_OUT))
            .await
    }

    /// Calls a method that writes in a chat, when its turn has come.
    pub(super) async fn write<P: Payload + Serialize, T: DeserializeOwned>(
        &self,
        payload: &P,
        charge: Charge,
        pass: Pass<'_>,
    ) -> Result<T, Failure> {
        self.send_in_turn(self.request::<P>().json(payload), charge, pass).await
    }

    /// The same with files.
    pub(super) async fn upload<P: Payload + Serialize, T: DeserializeOwned>(
        &self,
        payload: &P,
        files: Vec<Attachment>,
        charge: Charge,
        pass: Pass<'_>,
    ) -> Result<T, Failure> {
        let mut form = Form::new();
        for (name, value) in fields(payload) {
            form = form.text(name, value);
        }
        for file in files {
            form = form.part(file.field, file.part);
        }
        let request = self.request::<P>().multipart(form).timeout(FILE_TIME_OUT);
        self.send_in_turn(request, charge, pass).await
    }

    /// Opens a file by the path that `getFile` gave.
    pub(super) async fn download(&self, path: &str) -> Result<Response, Failure> {
        let url = self.url(&["file"], path.split('/'));
        let response = self.http.get(url).timeout(FILE_TIME_OUT).send().await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        Err(Failure::from_answer(
            status.as_u16(),
            "the file is not handed over",
            None,
            None,
        ))
    }

    fn request<P: Payload>(&self) -> RequestBuilder {
        self.http.post(self.url(&[], [P::NAME]))
    }

    fn url<'a>(&self, before: &[&str], after: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.api_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            segments.extend(before);
            segments.push(&format!("bot{}", self.token.expose_secret()));
            segments.extend(after);
        }
        url
    }

    async fn send_in_turn<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        charge: Charge,
        pass: Pass<'_>,
    ) -> Result<T, Failure> {
        let turn = self.pace.turn(charge, pass.urgency).await;
        let permit = turn.map_err(Failure::RetryAfter)?;
        if !(pass.may_send)() {
            return Err(Failure::NotOurs);
        }
        let outcome = self.send(request).await;
        if let Err(Failure::RetryAfter(delay)) = &outcome {
            self.pace.limited(&permit, charge, *delay);
        }
        outcome
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failure> {
        let response = request.send().await?;
        let status = response.status().as_u16();
        if status == 429 {
            metrics::rate_limited(Platform::Telegram);
        }
        let body = body::read(response).await.map_err(|unread| match unread {
            Unread::TooLong => Failure::Garbled(status),
            Unread::Broken(error) => error.into(),
        })?;
        let Ok(answer) = serde_json::from_slice::<Answer<T>>(&body) else {
            return Err(if status == 200 {
                Failure::Garbled(status)
            } else {
                Failure::from_answer(status, "no reason given", None, None)
            });
        };
        match answer.result {
            Some(result) if answer.ok => Ok(result),
            _ => {
                let code = answer.error_code.unwrap_or(status);
                let (retry_after, migrated) = answer
                    .parameters
                    .map_or((None, None), |p| (p.retry_after, p.migrate_to_chat_id));
                Err(Failure::from_answer(code, &answer.description, retry_after, migrated))
            }
        }
    }
}

/// A payload as the fields of a form: strings as they are, everything else as JSON.
fn fields(payload: &impl Serialize) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(payload) else {
        return Vec::new();
    };
    let text = |value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name, text(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use teloxide::payloads::{GetMe, SendMessage};
    use teloxide::types::{ChatId, MessageId, ReplyParameters};

    use super::{Client, Pacing, fields};

    const TOKEN: &str = "123:secret";

    fn client(api_url: &str) -> Client {
        Client::new(
            &SecretString::from(TOKEN),
            api_url.parse().unwrap(),
            Pacing::platforms(),
        )
        .unwrap()
    }

    #[test]
    fn the_address_holds_method_and_token() {
        let url = client("https://api.telegram.org").url(&[], ["SendMessage"]);
        assert_eq!(url.as_str(), "https://api.telegram.org/bot123:secret/SendMessage");
        let url = client("http://localhost:81/tba/").url(&["file"], "photos/../a b?.jpg".split('/'));
        assert_eq!(
            url.as_str(),
            "http://localhost:81/tba/file/bot123:secret/photos/a%20b%3F.jpg"
        );
    }

    #[tokio::test]
    async fn no_error_tells_the_token() {
        let client = client("http://127.0.0.1:1");
        let failure = client.call::<_, serde_json::Value>(&GetMe::new()).await.unwrap_err();
        let told = format!("{failure} {failure:?} {client:?}");
        assert!(!told.contains("secret") && !told.contains("127.0.0.1"), "{told}");
    }

    #[test]
    fn an_address_without_paths_is_refused() {
        let token = SecretString::from(TOKEN);
        assert!(Client::new(&token, "mailto:a@b".parse().unwrap(), Pacing::platforms()).is_err());
    }

    #[test]
    fn a_form_holds_strings_as_they_are_and_the_rest_as_json() {
        let mut payload = SendMessage::new(ChatId(-5), "12");
        payload.reply_parameters = Some(ReplyParameters::new(MessageId(7)));
        let mut fields = fields(&payload);
        fields.sort();
        let expected = [
            ("chat_id", "-5"),
            ("reply_parameters", r#"{"message_id":7}"#),
            ("text", "12"),
        ];
        assert_eq!(
            fields,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }
}
