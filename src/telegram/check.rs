//! What `guichet check` finds out about the bot.

use serde::Deserialize;
use teloxide::payloads::{GetMe, GetWebhookInfo};

use super::Telegram;
use super::failure::Failure;
use super::update::Me;

/// Something to know about the setup, for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Guichet can't work on Telegram like this; otherwise it is a remark.
    pub fatal: bool,
    /// What is the matter.
    pub problem: String,
    /// How to mend it.
    pub remedy: String,
}

#[derive(Deserialize)]
struct Webhook {
    url: String,
}

impl Telegram {
    /// Looks for mistakes in the bot's setup; an empty list is good news.
    pub async fn check(&self) -> Vec<Finding> {
        let me = match self.client().call::<_, Me>(&GetMe::new()).await {
            Ok(me) => me,
            Err(failure) => return vec![out_of_reach(&failure)],
        };
        let mut findings = remarks(&me);
        match self.client().call::<_, Webhook>(&GetWebhookInfo::new()).await {
            Ok(hook) if !hook.url.is_empty() => findings.push(finding(
                true,
                "a webhook is set, so that Telegram gives no updates to whoever asks",
                "remove it: open https://api.telegram.org/bot<token>/deleteWebhook",
            )),
            Ok(_) => {}
            Err(failure) => findings.push(out_of_reach(&failure)),
        }
        findings
    }
}

fn remarks(me: &Me) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !me.can_join_groups {
        findings.push(finding(
            false,
            "the bot can't be added to groups, so that staff can't work on Telegram",
            "allow it with /setjoingroups at @BotFather",
        ));
    }
    if !me.can_read_all_group_messages {
        findings.push(finding(
            false,
            "in groups the bot sees only commands and answers to its own messages",
            "make it an administrator of the staff's group, or turn its privacy off with /setprivacy at @BotFather",
        ));
    }
    findings
}

fn out_of_reach(failure: &Failure) -> Finding {
    let remedy = if failure.is_bad_token() {
        "copy the token from @BotFather to telegram.token again"
    } else {
        "see whether this machine reaches telegram.api_url"
    };
    finding(true, &failure.to_string(), remedy)
}

fn finding(fatal: bool, problem: &str, remedy: &str) -> Finding {
    Finding {
        fatal,
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
    }
}
