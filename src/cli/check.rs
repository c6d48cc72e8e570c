//! `guichet check`: what is right and what is not, and how to mend it.

use std::process::ExitCode;

use super::Failure;
use super::desk_at::DeskAt;
use super::mail::mailer;
use crate::clock::Clock;
use crate::config::Config;
use crate::discord::{Discord, Finding};
use crate::outbox::pacing::Pacing;
use crate::store::files::FileStore;
use crate::store::places;
use crate::telegram::Telegram;

/// What was found: fine, worth a word, or in the way.
struct Report {
    problems: u32,
}

impl Report {
    fn fine(what: &str) {
        println!("  ok    {what}");
    }

    fn remark(what: &str) {
        println!("  note  {what}");
    }

    fn problem(&mut self, what: &str) {
        self.problems += 1;
        println!("  MEND  {what}");
    }
}

pub(super) async fn check(config: &Config) -> Result<ExitCode, Failure> {
    let mut report = Report { problems: 0 };
    if config.telegram.token.is_none() && config.discord.token.is_none() {
        report.problem("no bot: set telegram.token or discord.token, or both");
    }
    // They were read before this; a setting that can't be has ended the program with its sentence.
    Report::fine("settings");
    check_database(config, &mut report).await;
    let directory = config.data.join("files");
    match FileStore::open(&directory) {
        Ok(files) => {
            check_telegram(config, &files, &mut report).await;
            check_discord(config, &files, &mut report).await;
        }
        Err(error) => report.problem(&format!(
            "{}: {error}; make it writable for Guichet",
            directory.display()
        )),
    }
    check_mail(config, &mut report).await;
    if report.problems == 0 {
        println!("All is well.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} to mend.", report.problems);
    Ok(ExitCode::FAILURE)
}

async fn check_database(config: &Config, report: &mut Report) {
    let which = if config.database.url.is_empty() {
        "private database"
    } else {
        "database at database.url"
    };
    let at = match DeskAt::visit(config).await {
        Ok(at) => at,
        Err(failure) => {
            report.problem(&format!("{which}: {failure}"));
            return;
        }
    };
    let bound = async {
        let mut tx = at.store.begin().await?;
        places::list(&mut tx).await
    };
    match bound.await {
        Ok(places) if places.is_empty() && config.places.is_empty() => {
            Report::fine(which);
            Report::remark("no staff place yet: an admin types /setup in the team's channel or group");
        }
        Ok(places) => Report::fine(&format!(
            "{which}, {} staff place(s)",
            places.len().max(config.places.len())
        )),
        Err(fault) => report.problem(&format!("{which}: {fault}")),
    }
    for risk in at.store.list_risks().await.unwrap_or_default() {
        Report::remark(&format!("{which}: {risk}"));
    }
    at.close().await;
}

async fn check_mail(config: &Config, report: &mut Report) {
    let mailer = match mailer(config) {
        Ok(Some(mailer)) => mailer,
        Ok(None) => {
            Report::remark("mail: no server, so none is sent (smtp.host)");
            return;
        }
        Err(failure) => {
            report.problem(&format!("mail: {failure}"));
            return;
        }
    };
    match mailer.check().await {
        Ok(()) => Report::fine("mail: the server answers, and takes us for who we are"),
        Err(problem) => report.problem(&format!("mail: {problem}; look at the section [smtp] of the settings")),
    }
    if config.web.listen.is_some() && config.web.public_url.is_none() {
        Report::remark("mail: no links to set a forgotten password are sent, for want of web.public_url");
    }
}

async fn check_telegram(config: &Config, files: &FileStore, report: &mut Report) {
    let Some(token) = &config.telegram.token else {
        Report::remark("Telegram: no token, so it is not spoken; @BotFather gives one (telegram.token)");
        return;
    };
    let api_url = config.telegram.api_url.clone();
    let timezone = config.desk.timezone;
    match Telegram::new(
        token,
        api_url,
        files.clone(),
        timezone,
        Clock::system(),
        Pacing::platforms(),
    ) {
        Ok(telegram) => {
            let findings = telegram.check(config.telegram_webhook().as_ref()).await;
            if !findings.iter().any(|finding| finding.fatal) {
                Report::fine("Telegram: the token is good");
            }
            for finding in findings {
                let sentence = format!("Telegram: {}; {}", finding.problem, finding.remedy);
                if finding.fatal {
                    report.problem(&sentence);
                } else {
                    Report::remark(&sentence);
                }
            }
        }
        Err(error) => report.problem(&format!("Telegram: {error}")),
    }
}

async fn check_discord(config: &Config, files: &FileStore, report: &mut Report) {
    let Some(token) = &config.discord.token else {
        Report::remark(
            "Discord: no token, so it is not spoken; https://discord.com/developers/applications gives one \
             (discord.token)",
        );
        return;
    };
    let api_url = config.discord.api_url.clone();
    match Discord::new(token, api_url, files.clone(), Pacing::platforms()) {
        Ok(discord) => {
            for finding in discord.check().await {
                let sentence = format!("Discord: {finding}");
                if matches!(finding, Finding::NoMessageContent | Finding::Invite(_)) {
                    Report::remark(&sentence);
                } else if finding.is_problem() {
                    report.problem(&sentence);
                } else {
                    Report::fine(&sentence);
                }
            }
        }
        Err(error) => report.problem(&format!("Discord: {error}")),
    }
}
