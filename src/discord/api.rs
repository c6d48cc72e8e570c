//! One request to Discord: built with serenity's types, executed here when its bucket lets it, so that the limits
//! which the answer tells are read and nothing is sent again by itself.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::CONTENT_LENGTH;
use reqwest::multipart::{Form, Part};
use reqwest::{Body, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serenity::http::{LightMethod, Request, Route};
use tokio_util::io::ReaderStream;
use url::Url;

use super::buckets::{Buckets, Place, Standing};
use super::errors::Failure;
use crate::body::{self, Unread};
use crate::domain::platform::Platform;
use crate::metrics;
use crate::outbox::pacing::{Pacing, Pass};

/// Discord's own address, for which [`Request`] needs no replacement.
const DISCORD: &str = "https://discord.com";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// What is left of a lease when a request starts is more.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Files take their time on a slow line. The lease goes on being renewed meanwhile; only a process that is frozen in
/// the middle of an upload can then see it done twice.
const UPLOAD_TIMEOUT: Duration = Duration::from_mins(2);

/// The way to Discord's HTTP interface.
#[derive(Debug)]
pub(super) struct Api {
    pub(super) client: reqwest::Client,
    /// With its `Bot ` in front.
    token: SecretString,
    /// What stands in for `https://discord.com`.
    pub(super) proxy: Option<Url>,
    buckets: Buckets,
}

/// A file to send along.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) size: u64,
    pub(super) path: PathBuf,
}

impl Api {
    pub(super) fn new(token: &SecretString, api_url: Url, pacing: Pacing) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let bare = token.expose_secret().trim();
        let bare = bare.strip_prefix("Bot ").unwrap_or(bare);
        let is_discord = api_url.as_str().trim_end_matches('/') == DISCORD;
        Ok(Self {
            client,
            token: format!("Bot {bare}").into(),
            proxy: (!is_discord).then_some(api_url),
            buckets: Buckets::new(pacing),
        })
    }

    pub(super) fn token(&self) -> &str {
        self.token.expose_secret()
    }

    pub(super) fn proxy(&self) -> Option<&str> {
        self.proxy.as_ref().map(|url| url.as_str().trim_end_matches('/'))
    }

    /// Sends a request when its turn has come, and gives the answer's JSON, null when it has none.
    pub(super) async fn execute(&self, request: Request<'_>, pass: Pass<'_>) -> Result<Value, Failure> {
        let builder = self.build(request)?;
        self.send(builder, pass).await
    }

    /// The same, with files: the JSON goes in the part that Discord reads it from.
    pub(super) async fn upload(
        &self,
        request: Request<'_>,
        files: &[Upload],
        pass: Pass<'_>,
    ) -> Result<Value, Failure> {
        if files.is_empty() {
            return self.execute(request, pass).await;
        }
        let json = request.body_ref().unwrap_or_default().to_vec();
        let json = Part::bytes(json)
            .mime_str("application/json")
            .map_err(|error| Failure::from_transport(&error))?;
        let mut form = Form::new().part("payload_json", json);
        for (i, file) in files.iter().enumerate() {
            form = form.part(format!("files[{i}]"), part(file).await?);
        }
        let bare = self.build(request.body(None))?;
        // serenity has set a length of 0, to which reqwest would append the form's.
        let (client, built) = bare.build_split();
        let mut built = built.map_err(|error| Failure::from_transport(&error))?;
        built.headers_mut().remove(CONTENT_LENGTH);
        let builder = RequestBuilder::from_parts(client, built);
        self.send(builder.multipart(form).timeout(UPLOAD_TIMEOUT), pass).await
    }

    /// Sends JSON to a route.
    pub(super) async fn call(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: &Value,
        pass: Pass<'_>,
    ) -> Result<Value, Failure> {
        self.execute(request(method, route, body), pass).await
    }

    /// Reads from a route.
    pub(super) async fn get<T: DeserializeOwned>(&self, route: Route<'_>) -> Result<T, Failure> {
        let request = Request::new(route, LightMethod::Get);
        let answer = self.execute(request, Pass::reply()).await?;
        serde_json::from_value(answer).map_err(|_| Failure::Broken("Discord's answer can't be read".to_owned()))
    }

    /// So many processes ask beside each other.
    pub(super) fn share(&self, replicas: u32) {
        self.buckets.share(replicas);
    }

    /// How many messages may wait for one channel before they are too many; nothing without limits.
    pub(super) fn bearable(&self) -> Option<usize> {
        self.buckets.bearable()
    }

    async fn send(&self, builder: RequestBuilder, pass: Pass<'_>) -> Result<Value, Failure> {
        let (client, request) = builder.build_split();
        let request = request.map_err(|error| Failure::from_transport(&error))?;
        let place = Place::of(request.method(), request.url().path());
        let turn = self.buckets.turn(place.as_ref(), pass.urgency).await;
        let _permit = turn.map_err(Failure::Wait)?;
        if !(pass.may_send)() {
            return Err(Failure::NotOurs);
        }
        let answer = client.execute(request).await;
        let answer = answer.map_err(|error| Failure::from_transport(&error))?;
        let (standing, read) = (Standing::read(answer.headers()), read(answer).await);
        if let Some(place) = &place {
            let wait = read.as_ref().err().and_then(Failure::wait);
            self.buckets.learn(place, &standing, wait);
        }
        read
    }

    fn build(&self, request: Request<'_>) -> Result<RequestBuilder, Failure> {
        request
            .build(&self.client, self.token(), self.proxy())
            // Only an address or a token that can't stand in a request comes here.
            .map_err(|_| Failure::Broken("the address or the token can't be used".to_owned()))
    }
}

/// A request with a JSON body.
pub(super) fn request<'a>(method: LightMethod, route: Route<'a>, body: &Value) -> Request<'a> {
    Request::new(route, method).body(Some(body.to_string().into_bytes()))
}

async fn read(answer: Response) -> Result<Value, Failure> {
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = body::read(answer).await.map_err(|unread| match unread {
        Unread::TooLong => Failure::Broken("Discord's answer has no end".to_owned()),
        Unread::Broken(error) => Failure::from_transport(&error),
    })?;
    if status == StatusCode::TOO_MANY_REQUESTS {
        metrics::rate_limited(Platform::Discord);
    }
    if !status.is_success() {
        return Err(Failure::from_answer(status, &headers, &body));
    }
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&body).map_err(|_| Failure::Broken("Discord's answer can't be read".to_owned()))
}

async fn part(file: &Upload) -> Result<Part, Failure> {
    let unreadable = |_| Failure::Broken("a file of ours can't be read".to_owned());
    let opened = tokio::fs::File::open(&file.path).await.map_err(unreadable)?;
    let make = || Body::wrap_stream(ReaderStream::new(opened));
    let part = Part::stream_with_length(make(), file.size).file_name(file.name.clone());
    if file.media_type.parse::<reqwest::header::HeaderValue>().is_err() || !file.media_type.contains('/') {
        return Ok(part);
    }
    part.mime_str(&file.media_type)
        .map_err(|_| Failure::Broken("a file's media type can't be used".to_owned()))
}
