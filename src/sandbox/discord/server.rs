//! HTTP: faults, authorisation, rate limits and records around [`routes::answer`], attachments, the websocket's door.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::connect_info::ConnectInfo;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request, State as Shared};
use axum::http::{StatusCode, header, request};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::faults::{Fault, Faults};
use super::gateway;
use super::listener::Cut;
use super::rates::{Bucket, Standing};
use super::refusal::Refusal;
use super::routes::{self, Call, Part};
use super::state::{State, World};
use super::{Recorded, listener};

/// What a whole request may weigh: ten files at the limit and a little for the JSON.
const BODY_LIMIT: usize = 110 << 20;
const FILE_LIMIT: usize = 10 << 20;

#[derive(Clone)]
struct Server {
    world: Arc<World>,
    faults: Arc<Faults>,
}

/// Serves until the task is aborted.
pub(super) fn spawn(
    listener: listener::Loopback,
    world: Arc<World>,
    faults: Arc<Faults>,
) -> tokio::task::JoinHandle<()> {
    let app = Router::new()
        .fallback(handle)
        .layer(DefaultBodyLimit::disable())
        .with_state(Server { world, faults })
        .into_make_service_with_connect_info::<Cut>();
    tokio::spawn(async move {
        let _ = axum::serve(listener, app).await;
    })
}

async fn handle(Shared(server): Shared<Server>, ConnectInfo(cut): ConnectInfo<Cut>, request: Request) -> Response {
    let method = request.method().to_string();
    let path = request.uri().path().to_owned();
    if path.starts_with("/attachments/") {
        return attachment(&server.world, &path);
    }
    let socket = path == "/gateway/socket";
    let path = match path.strip_prefix("/api/v10") {
        Some(path) => path.to_owned(),
        None if socket => path,
        None => return respond(404, &Refusal::not_found().body, None),
    };
    let plan = server.faults.plan(&method, &path);
    if !plan.delay.is_zero() {
        tokio::time::sleep(plan.delay).await;
    }
    match &plan.end {
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Cut { after_effect: false }) => hang_up(&cut).await,
        Some(Fault::Hold {
            gate,
            after_effect: false,
        }) => gate.pass().await,
        _ => {}
    }
    let refused = plan.end.as_ref().and_then(Fault::answer);
    if socket && refused.is_none() {
        return open_socket(&server.world, request).await;
    }
    let response = exchange(&server, method, path, request, refused).await;
    match &plan.end {
        Some(Fault::Cut { after_effect: true }) => hang_up(&cut).await,
        Some(Fault::Hold {
            gate,
            after_effect: true,
        }) => gate.pass().await,
        _ => {}
    }
    response
}

async fn hang_up(cut: &Cut) -> ! {
    cut.cut();
    std::future::pending().await
}

async fn open_socket(world: &Arc<World>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => {
            let world = Arc::clone(world);
            upgrade.on_upgrade(move |socket| gateway::serve(world, socket))
        }
        Err(refused) => refused.into_response(),
    }
}

/// Reads the request, has it answered, and records both.
async fn exchange(
    server: &Server,
    method: String,
    path: String,
    request: Request,
    refused: Option<(u16, Value)>,
) -> Response {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let authorization = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let authorization = authorization.unwrap_or_default().to_owned();
    let found = routes::find(&path);
    let read = read(request).await;
    let (body, files) = read.as_ref().map(Clone::clone).unwrap_or_default();
    let mut record = Recorded {
        method: method.clone(),
        template: found.as_ref().map(|(template, _)| (*template).to_owned()),
        path,
        query: query.clone(),
        body: (!body.is_null()).then(|| body.clone()),
        files: files.iter().map(|file| file.name.clone()).collect(),
        status: 0,
    };
    let limited = server.faults.limited();
    server.world.change(|state| {
        let mut standing = None;
        let answer = match (refused, found, read) {
            (Some((status, body)), ..) => Err(Refusal { status, body }),
            (None, None, _) => Err(Refusal::not_found()),
            (None, Some(_), Err(refusal)) => Err(refusal),
            (None, Some((template, parts)), Ok(_)) => {
                let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
                let call = Call {
                    method,
                    template,
                    parts,
                    query,
                    body,
                    files,
                };
                carry_out(state, &call, &authorization, limited, &mut standing)
            }
        };
        let (status, body) = answer.unwrap_or_else(|refusal| (refusal.status, refusal.body));
        record.status = status;
        state.requests.push(record);
        let headers = standing.map(|standing| (standing, state.clock.now().timestamp()));
        respond(status, &body, headers)
    })
}

fn carry_out(
    state: &mut State,
    call: &Call,
    authorization: &str,
    limited: bool,
    standing: &mut Option<Standing>,
) -> routes::Reply {
    if call.needs_token() && authorization.strip_prefix("Bot ") != Some(state.token.as_str()) {
        return Err(Refusal::unauthorized());
    }
    if limited {
        let renames = ["name", "topic"].iter().any(|field| !call.body[field].is_null());
        let taken = state
            .rates
            .take(&Bucket::of(&call.method, call.template, call.major(), renames));
        let (refused, global, wait) = (taken.refused, taken.global, taken.reset_after.as_secs_f64());
        *standing = Some(taken);
        if refused {
            let body = json!({"message": "You are being rate limited.", "retry_after": wait, "global": global});
            return Err(Refusal { status: 429, body });
        }
    }
    routes::answer(state, call)
}

/// The JSON and the files of a request.
async fn read(request: Request) -> Result<(Value, Vec<Part>), Refusal> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_owned();
    if content_type.starts_with("multipart/form-data") {
        return read_parts(request).await;
    }
    let (_, body): (request::Parts, Body) = request.into_parts();
    let bytes = to_bytes(body, BODY_LIMIT).await.map_err(|_| Refusal::too_large())?;
    if bytes.is_empty() {
        return Ok((Value::Null, Vec::new()));
    }
    let body = serde_json::from_slice(&bytes).map_err(|_| Refusal::not_json())?;
    Ok((body, Vec::new()))
}

async fn read_parts(request: Request) -> Result<(Value, Vec<Part>), Refusal> {
    let broken = |_| Refusal::not_json();
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Refusal::not_json())?;
    let (mut body, mut files) = (json!({}), Vec::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "payload_json" {
            body = serde_json::from_slice(&field.bytes().await.map_err(broken)?).map_err(|_| Refusal::not_json())?;
            continue;
        }
        let index = name
            .strip_prefix("files[")
            .and_then(|rest| rest.strip_suffix(']')?.parse().ok());
        let (Some(index), Some(file)) = (index, field.file_name().map(ToOwned::to_owned)) else {
            continue;
        };
        let media_type = field.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = field.bytes().await.map_err(broken)?;
        if bytes.len() > FILE_LIMIT {
            return Err(Refusal::too_large());
        }
        files.push(Part {
            index,
            name: file,
            media_type,
            bytes,
        });
    }
    Ok((body, files))
}

fn respond(status: u16, body: &Value, standing: Option<(Standing, i64)>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let text = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let mut response = Response::builder().status(status);
    if !body.is_null() {
        response = response.header(header::CONTENT_TYPE, "application/json");
    }
    if status == StatusCode::TOO_MANY_REQUESTS
        && let Some(wait) = body["retry_after"].as_f64()
    {
        response = response.header(
            header::RETRY_AFTER,
            Duration::from_secs_f64(wait.clamp(0.0, 1e6)).as_secs() + 1,
        );
    }
    if let Some((standing, now)) = standing {
        let after = standing.reset_after.as_secs_f64();
        if standing.global {
            response = response.header("X-RateLimit-Global", "true");
        } else {
            response = response
                .header("X-RateLimit-Limit", standing.limit)
                .header("X-RateLimit-Remaining", standing.remaining)
                .header(
                    "X-RateLimit-Reset",
                    now.saturating_add_unsigned(standing.reset_after.as_secs() + 1),
                )
                .header("X-RateLimit-Reset-After", format!("{after:.3}"))
                .header("X-RateLimit-Bucket", &standing.bucket);
        }
        if standing.refused {
            let scope = if standing.global { "global" } else { "user" };
            response = response.header("X-RateLimit-Scope", scope);
        }
    }
    response
        .body(Body::from(text))
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn attachment(world: &World, path: &str) -> Response {
    let id = path.split('/').nth(3).and_then(|id| id.parse::<u64>().ok());
    let found = world.look(|state| {
        let file = state.files.get(&id?)?;
        Some((file.media_type.clone(), file.bytes.clone()))
    });
    match found {
        Some((media_type, bytes)) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
        None => (StatusCode::NOT_FOUND, "This content is no longer available.").into_response(),
    }
}
