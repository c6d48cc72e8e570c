//! What `guichet check` finds out about the bot.

use teloxide::payloads::GetMe;
use url::Url;

use super::Telegram;
use super::failure::Failure;
use super::update::Me;
use super::webhook::Info;

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

impl Telegram {
    /// Looks for mistakes in the bot's setup; an empty list is good news. Updates shall come to `webhook`, or by
    /// polling without one.
    pub async fn check(&self, webhook: Option<&Url>) -> Vec<Finding> {
        let me = match self.client().call::<_, Me>(&GetMe::new()).await {
            Ok(me) => me,
            Err(failure) => return vec![out_of_reach(&failure)],
        };
        let mut findings = remarks(&me);
        match self.webhook_info().await {
            Ok(info) => findings.extend(webhook_remark(&info, webhook)),
            Err(failure) => findings.push(out_of_reach(&failure)),
        }
        findings
    }
}

/// What is the matter with the webhook, if anything. Whose address is set, is not told: other programs put secrets
/// into theirs.
fn webhook_remark(info: &Info, wanted: Option<&Url>) -> Option<Finding> {
    let Some(wanted) = wanted else {
        return (!info.url.is_empty()).then(|| {
            finding(
                false,
                "a webhook is set, so that Telegram gives no updates to whoever asks",
                "`guichet serve` removes it; if another program uses this bot, stop that or give Guichet a bot of its own",
            )
        });
    };
    if info.url != wanted.as_str() {
        let problem = "the webhook is not set, or to another address than web.public_url";
        return Some(finding(false, problem, "`guichet serve` sets it"));
    }
    let cause = info.last_error_message.as_ref()?;
    let problem = format!(
        "the webhook failed ({cause}), and {} updates wait",
        info.pending_update_count
    );
    let remedy = "see whether the internet reaches web.public_url, and whether what stands before Guichet hands \
                  /telegram/webhook on to web.listen";
    Some(finding(false, &problem, remedy))
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
