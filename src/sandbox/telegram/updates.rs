//! How updates reach the bot: fetched with `getUpdates`, or posted to its webhook.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{Inner, faults::Fault, params::Params, queue::Webhook, refusal::Refusal, world::World};

/// How long the webhook rests after a failed delivery, at first and at most.
const REST: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));

impl World {
    pub(super) fn set_webhook(&mut self, params: &Params) -> Result<Value, Refusal> {
        let url = params.text("url")?.unwrap_or_default();
        if url.is_empty() {
            return self.delete_webhook(params);
        }
        let url = url::Url::parse(url).map_err(|_| Refusal::bad("bad webhook: invalid webhook URL specified"))?;
        let loopback = match url.host() {
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        };
        if !loopback {
            return Err(Refusal::bad("bad webhook: HTTPS url must be provided for webhook"));
        }
        let secret = params
            .text("secret_token")?
            .filter(|s| !s.is_empty())
            .map(str::to_owned);
        let plain = |s: &String| s.len() <= 256 && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if secret.as_ref().is_some_and(|s| !plain(s)) {
            return Err(Refusal::bad("secret token contains unallowed characters"));
        }
        let max_connections = params.integer("max_connections")?.unwrap_or(40);
        self.remember_allowed(params)?;
        if params.flag("drop_pending_updates")? {
            self.queue.clear();
        }
        self.queue.webhook = Some(Webhook {
            url,
            secret,
            max_connections,
            error: None,
        });
        // Whoever polls is turned away.
        self.queue.poller += 1;
        Ok(json!(true))
    }

    pub(super) fn delete_webhook(&mut self, params: &Params) -> Result<Value, Refusal> {
        if params.flag("drop_pending_updates")? {
            self.queue.clear();
        }
        self.queue.webhook = None;
        Ok(json!(true))
    }

    pub(super) fn webhook_info(&self) -> Value {
        let mut info = json!({ "url": "", "has_custom_certificate": false,
            "pending_update_count": self.queue.len() });
        if let Some(hook) = &self.queue.webhook {
            info["url"] = json!(hook.url.as_str());
            info["max_connections"] = json!(hook.max_connections);
            if let Some((at, why)) = &hook.error {
                info["last_error_date"] = json!(at);
                info["last_error_message"] = json!(why);
            }
        }
        if let Some(allowed) = &self.queue.allowed {
            info["allowed_updates"] = json!(allowed);
        }
        info
    }

    /// An empty list means the default one; none at all, the one given last.
    fn remember_allowed(&mut self, params: &Params) -> Result<(), Refusal> {
        let Some(kinds) = params.array("allowed_updates")? else {
            return Ok(());
        };
        let kinds: Option<Vec<String>> = kinds.iter().map(|k| k.as_str().map(str::to_owned)).collect();
        let kinds = kinds.ok_or_else(|| Refusal::bad("can't parse allowed_updates: expected an Array of String"))?;
        self.queue.allowed = Some(kinds).filter(|k| !k.is_empty());
        Ok(())
    }

    /// Begins a `getUpdates`: the number by which it knows whether a newer one has come.
    fn start_poll(&mut self, params: &Params, confirm: bool) -> Result<u64, Refusal> {
        if self.queue.webhook.is_some() {
            return Err(Refusal::conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            ));
        }
        self.remember_allowed(params)?;
        let offset = params.integer("offset")?.unwrap_or(0);
        if confirm && offset != 0 {
            self.queue.confirm(offset);
        }
        self.queue.poller += 1;
        Ok(self.queue.poller)
    }
}

/// `getUpdates`. Without `confirm` it forgets the offset that it was given.
pub(super) async fn get_updates(inner: &Inner, params: &Params, confirm: bool) -> Result<Value, Refusal> {
    let timeout = params.integer("timeout")?.unwrap_or(0).clamp(0, 50).unsigned_abs();
    let limit = params
        .integer("limit")?
        .filter(|l| (1..=100).contains(l))
        .unwrap_or(100);
    let limit = usize::try_from(limit).unwrap_or(100);
    let mine = inner.change(|world| world.start_poll(params, confirm))?;
    let given = inner
        .until(Duration::from_secs(timeout), |world| {
            if world.queue.poller != mine {
                return Some(Err(Refusal::conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running",
                )));
            }
            let batch = world.queue.batch(limit);
            (!batch.is_empty()).then_some(Ok(batch))
        })
        .await;
    given.unwrap_or(Ok(Vec::new())).map(Value::Array)
}

/// Posts updates to the webhook, one at a time and in order, each until it is taken.
pub(super) async fn deliver(inner: Arc<Inner>) {
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_mins(1))
        .build();
    let Ok(client) = client else { return };
    let mut rest = REST.0;
    loop {
        let next = inner.until(Duration::MAX, |world| {
            let hook = world.queue.webhook.clone()?;
            let (id, update) = world.queue.first()?;
            Some((hook, id, update))
        });
        let Some((hook, id, update)) = next.await else {
            continue;
        };
        let mut post = client.post(hook.url).json(&update);
        if let Some(secret) = &hook.secret {
            post = post.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        let outcome = match post.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("Wrong response from the webhook: {}", answer.status())),
            Err(_) => Err("Connection refused".to_owned()),
        };
        let lost = inner.faults.strike("webhook").contains(&Fault::DropConfirmation);
        let failed = outcome.is_err();
        inner.change(|world| match outcome {
            Ok(()) if lost => {}
            Ok(()) => world.queue.taken(id),
            Err(why) => {
                let at = world.clock.now().timestamp();
                if let Some(hook) = &mut world.queue.webhook {
                    hook.error = Some((at, why));
                }
            }
        });
        if failed {
            tokio::time::sleep(rest).await;
            rest = (rest * 2).min(REST.1);
        } else {
            rest = REST.0;
        }
    }
}
