//! `guichet admin`: accounts, from the command line.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};

use super::Failure;
use super::desk_at::{DeskAt, key};
use crate::config::Config;
use crate::domain::account::Role;
use crate::domain::code::Code;
use crate::domain::ids::AccountId;
use crate::domain::text::{Email, PersonName, TextError};
use crate::service::accounts;
use crate::service::codes::{self, CodeKey};
use crate::store::{Store, people};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make an account and show the one-time code by which its owner links a chat.
    Create {
        /// The person's name.
        #[arg(long)]
        name: String,
        /// Their e-mail address.
        #[arg(long)]
        email: String,
        /// What they are.
        #[arg(long, value_enum, default_value_t = RoleName::Admin)]
        role: RoleName,
    },
    /// Show a new one-time code for an account; the one before is void.
    Code {
        /// The account's e-mail address, or its number in the list.
        account: String,
    },
    /// List the accounts.
    List,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum RoleName {
    Learner,
    Technician,
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Learner => Self::Learner,
            RoleName::Technician => Self::Technician,
            RoleName::Admin => Self::Admin,
        }
    }
}

pub(super) async fn admin(config: &Config, command: Command) -> Result<ExitCode, Failure> {
    let key = key(config)?;
    let at = DeskAt::visit(config).await?;
    let done = match command {
        Command::Create { name, email, role } => match create(&at.store, &key, &name, &email, role.into()).await {
            Ok(code) => Ok(told(&code)),
            Err(failure) => Err(failure),
        },
        Command::Code { account } => new_code(&at.store, &key, &account).await.map(|code| told(&code)),
        Command::List => list(&at.store).await,
    };
    at.close().await;
    println!("{}", done?);
    Ok(ExitCode::SUCCESS)
}

fn told(code: &Code) -> String {
    format!(
        "One-time code: {code}\n\
         Its owner writes to the bot in private, within {} minutes, while `guichet serve` runs: /link {code}",
        codes::VALID_FOR.num_minutes()
    )
}

/// Makes an account and a one-time code for it.
pub(super) async fn create(store: &Store, key: &CodeKey, name: &str, email: &str, role: Role) -> Result<Code, Failure> {
    let name = PersonName::parse(name).map_err(|error| not_taken("The name", error))?;
    let email = Email::parse(email).map_err(|error| not_taken("The e-mail address", error))?;
    let mut tx = store.begin().await?;
    let account = match accounts::create(&mut tx, &name, &email, role).await {
        Ok(account) => account,
        Err(fault) if fault.broken_key() == Some("accounts_email") => {
            return Err(Failure::Told(format!(
                "There is an account with the address {email} already. `guichet admin code {email}` shows a new code \
                 for it.",
                email = email.as_str()
            )));
        }
        Err(fault) => return Err(fault.into()),
    };
    let (code, _) = codes::issue(&mut tx, key, account).await?;
    tx.commit().await?;
    Ok(code)
}

async fn new_code(store: &Store, key: &CodeKey, account: &str) -> Result<Code, Failure> {
    let mut tx = store.begin().await?;
    let found = if let Ok(id) = account.parse() {
        people::find_account(&mut tx, AccountId(id)).await?
    } else {
        let email = Email::parse(account).map_err(|error| not_taken("The e-mail address", error))?;
        people::find_account_by_email(&mut tx, &email).await?
    };
    let Some(found) = found else {
        return Err(Failure::Told(format!(
            "No account is identified by {account}. `guichet admin list` shows them all, each with its number; an \
             address that was only stated identifies nobody."
        )));
    };
    let (code, _) = codes::issue(&mut tx, key, found.id).await?;
    tx.commit().await?;
    println!("For {} ({}):", found.name, found.role.code());
    Ok(code)
}

async fn list(store: &Store) -> Result<String, Failure> {
    let mut tx = store.begin().await?;
    let lines = people::list_accounts(&mut tx).await?;
    tx.rollback().await;
    if lines.is_empty() {
        return Ok("There is no account yet. `guichet admin create --name … --email …` makes the first.".to_owned());
    }
    let lines = lines.into_iter().map(|line| {
        let stated = if line.only_stated { " (only stated)" } else { "" };
        let chats = if line.platforms.is_empty() {
            "no chat linked"
        } else {
            &line.platforms
        };
        format!(
            "{:>4}  {:<10}  {}  <{}>{stated}  {chats}",
            line.id.0, line.role, line.name, line.email
        )
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn not_taken(what: &str, error: TextError) -> Failure {
    Failure::Told(match error {
        TextError::Empty => format!("{what} is empty."),
        TextError::NoWords => format!("{what} has neither a letter nor a digit in it."),
        TextError::NotAnAddress => format!("{what} is not one like lina@example.org."),
        TextError::TooLong { length, max } => format!("{what} has {length} characters; the most is {max}."),
    })
}
