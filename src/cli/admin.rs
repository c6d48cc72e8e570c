//! `guichet admin`: accounts, from the command line.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use url::Url;

use super::Failure;
use super::deletion;
use super::desk_at::{DeskAt, key};
use crate::config::Config;
use crate::domain::account::{Role, TheirTickets};
use crate::domain::code::Code;
use crate::domain::ids::AccountId;
use crate::domain::permission::Permit;
use crate::domain::text::{Email, PersonName, TextError};
use crate::service::accounts;
use crate::service::codes::{self, CodeKey};
use crate::service::invitations::{self, HereAlready};
use crate::service::passwords::{self, NoWayIn};
use crate::service::people::unlink_all;
use crate::service::roles::{self, LastAdmin};
use crate::store::accounts::Account;
use crate::store::{self, Store, Tx};

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
        #[arg(long, value_enum, ignore_case = true, default_value_t = RoleName::Admin)]
        role: RoleName,
    },
    /// Invite somebody who has no account yet: shows a code with which they get one.
    Invite {
        /// What they will be.
        #[arg(long, value_enum, ignore_case = true, default_value_t = RoleName::Learner)]
        role: RoleName,
        /// Their e-mail address, which will identify them.
        #[arg(long)]
        email: Option<String>,
    },
    /// Show a new one-time code for an account; the one before is void.
    Code {
        /// The account's e-mail address, or its number in the list.
        account: String,
    },
    /// Show a one-time link by which an account's owner chooses a password; the one before is void. Whoever is signed in
    /// stays so until it is used.
    Reset {
        /// The account's e-mail address, or its number in the list.
        account: String,
    },
    /// Give an account another role.
    Role {
        /// The account's e-mail address, or its number in the list.
        account: String,
        /// What its owner is from now on.
        #[arg(value_enum, ignore_case = true)]
        role: RoleName,
    },
    /// Let an account's owner do nothing any more; what they wrote stays.
    Disable {
        /// The account's e-mail address, or its number in the list.
        account: String,
    },
    /// Let the owner of a disabled account do again what their role permits.
    Enable {
        /// The account's e-mail address, or its number in the list.
        account: String,
    },
    /// Delete an account for ever; each of its chats is told. Without --yes, only say what would be gone.
    Delete {
        /// The account's e-mail address, or its number in the list.
        account: String,
        /// What becomes of the tickets that its owner asked for.
        #[arg(long, value_enum, ignore_case = true)]
        tickets: TicketsName,
        /// Do it.
        #[arg(long)]
        yes: bool,
    },
    /// Unlink all chats of an account, each of which is told; its owner comes back with a new code.
    Unlink {
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

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum TicketsName {
    /// They are erased, with all that was written on them and attached.
    Erase,
    /// They stay, without the person.
    Keep,
}

impl From<TicketsName> for TheirTickets {
    fn from(name: TicketsName) -> Self {
        match name {
            TicketsName::Erase => Self::Erase,
            TicketsName::Keep => Self::Keep,
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
        Command::Invite { role, email } => invite(&at.store, &key, role.into(), email.as_deref()).await,
        Command::Code { account } => new_code(&at.store, &key, &account).await.map(|code| told(&code)),
        Command::Reset { account } => reset(&at.store, config.web.public_url.as_ref(), &account).await,
        Command::Role { account, role } => give_role(&at.store, &account, role.into()).await,
        Command::Disable { account } => disable(&at.store, &account).await,
        Command::Enable { account } => enable(&at.store, &account).await,
        Command::Delete { account, tickets, yes } => {
            deletion::delete_account(&at.store, &account, tickets.into(), yes).await
        }
        Command::Unlink { account } => unlink(&at.store, &account).await,
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
    let (code, _) = codes::issue_for(&mut tx, key, Permit::of_the_operator(), account).await?;
    tx.commit().await?;
    Ok(code)
}

async fn invite(store: &Store, key: &CodeKey, role: Role, email: Option<&str>) -> Result<String, Failure> {
    let email = email.map(Email::parse).transpose();
    let email = email.map_err(|error| not_taken("The e-mail address", error))?;
    let mut tx = store.begin().await?;
    let permit = Permit::of_the_operator();
    let code = invitations::invite(&mut tx, permit, key, (role, email.as_ref())).await?;
    let code = code.map_err(|HereAlready(known)| {
        let (name, id) = (known.name, known.id);
        Failure::Told(format!(
            "{name} has an account with that address already. `guichet admin code {id}` shows a code for it."
        ))
    })?;
    tx.commit().await?;
    Ok(format!(
        "Invitation as {}: {code}\n\
         Whoever has it writes to the bot in private, within {} days: /link {code}\n\
         On Telegram, this link does the same: https://t.me/NAME_OF_YOUR_BOT?start={code}",
        role.code(),
        invitations::VALID_FOR.num_days()
    ))
}

async fn new_code(store: &Store, key: &CodeKey, account: &str) -> Result<Code, Failure> {
    let mut tx = store.begin().await?;
    let found = find(&mut tx, account).await?;
    if found.is_disabled {
        return Err(Failure::Told(format!(
            "The account of {} is disabled: nobody can link a chat to it. `guichet admin enable {account}` first.",
            found.name
        )));
    }
    let (code, _) = codes::issue_for(&mut tx, key, Permit::of_the_operator(), found.id).await?;
    tx.commit().await?;
    println!("For {} ({}):", found.name, found.role.code());
    Ok(code)
}

async fn reset(store: &Store, public_url: Option<&Url>, account: &str) -> Result<String, Failure> {
    let mut tx = store.begin().await?;
    let found = find(&mut tx, account).await?;
    let link = passwords::issue_link(&mut tx, Permit::of_the_operator(), found.id).await?;
    let link = link.map_err(|refused| {
        let name = &found.name;
        Failure::Told(match refused {
            NoWayIn::Disabled => format!(
                "The account of {name} is disabled: nobody can sign in to it. `guichet admin enable {account}` first."
            ),
            NoWayIn::OnlyStated => {
                format!("The address of {name} was only stated and identifies nobody, so nobody can sign in by it.")
            }
        })
    })?;
    tx.commit().await?;
    let (link, hint) = match public_url {
        Some(url) => (passwords::link_to(url, &link), ""),
        None => (
            passwords::path_of(&link),
            "\nIt goes behind the address at which people reach the pages: set web.public_url and it is shown whole.",
        ),
    };
    Ok(format!(
        "For {} ({}): {link}\n\
         It works once, within {} minutes. Hand it over in person or in private: whoever has it can sign in.{hint}",
        found.name,
        found.role.code(),
        passwords::LINK_VALID_FOR.num_minutes()
    ))
}

pub(super) async fn find(tx: &mut Tx, account: &str) -> Result<Account, Failure> {
    let found = if let Ok(id) = account.parse() {
        store::accounts::find(tx, AccountId(id)).await?
    } else {
        let email = Email::parse(account).map_err(|error| not_taken("The e-mail address", error))?;
        store::accounts::find_by_email(tx, &email).await?
    };
    found.ok_or_else(|| {
        Failure::Told(format!(
            "No account is identified by {account}. `guichet admin list` shows them all, each with its number; an \
             address that was only stated identifies nobody."
        ))
    })
}

async fn give_role(store: &Store, account: &str, role: Role) -> Result<String, Failure> {
    let mut tx = store.begin().await?;
    let found = find(&mut tx, account).await?;
    if found.role == role {
        return Ok(format!("{} has that role already: {}.", found.name, role.code()));
    }
    roles::give(&mut tx, Permit::of_the_operator(), &found, role)
        .await?
        .map_err(last_admin)?;
    tx.commit().await?;
    let (before, after) = (found.role.code(), role.code());
    Ok(format!(
        "{} was {before}, and is {after} from their next message on.",
        found.name
    ))
}

async fn disable(store: &Store, account: &str) -> Result<String, Failure> {
    let mut tx = store.begin().await?;
    let found = find(&mut tx, account).await?;
    if found.is_disabled {
        return Ok(format!("The account of {} is disabled already.", found.name));
    }
    roles::disable(&mut tx, Permit::of_the_operator(), &found)
        .await?
        .map_err(last_admin)?;
    tx.commit().await?;
    Ok(format!(
        "The account of {} is disabled: nothing they write or press has an effect, and nothing is told to them. Their \
         tickets stay as they are; those in their charge, an admin can release. `guichet admin enable {account}` undoes it.",
        found.name
    ))
}

async fn enable(store: &Store, account: &str) -> Result<String, Failure> {
    let mut tx = store.begin().await?;
    let found = find(&mut tx, account).await?;
    if !found.is_disabled {
        return Ok(format!("The account of {} is not disabled.", found.name));
    }
    roles::enable(&mut tx, Permit::of_the_operator(), &found).await?;
    tx.commit().await?;
    Ok(format!(
        "{} is {} again, with the chats linked before.",
        found.name,
        found.role.code()
    ))
}

async fn unlink(store: &Store, account: &str) -> Result<String, Failure> {
    let mut tx = store.begin().await?;
    let found = find(&mut tx, account).await?;
    let count = unlink_all(&mut tx, Permit::of_the_operator(), found.id).await?;
    tx.commit().await?;
    Ok(format!(
        "Chats of {} that were unlinked: {count}. `guichet admin code {account}` shows a code to come back with.",
        found.name
    ))
}

pub(super) fn last_admin(_: LastAdmin) -> Failure {
    Failure::Told(
        "That is the last admin who can do anything. Make another first: `guichet admin role … admin`, or `guichet \
         admin create`."
            .to_owned(),
    )
}

async fn list(store: &Store) -> Result<String, Failure> {
    let mut tx = store.begin().await?;
    let lines = store::accounts::list(&mut tx).await?;
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
        let disabled = if line.is_disabled { "  disabled" } else { "" };
        format!(
            "{:>4}  {:<10}  {}  <{}>{stated}  {chats}{disabled}",
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
        TextError::NotACode => format!("{what} is not a code."),
        // Nothing asked for here is filled in, linked to or chosen from.
        TextError::NotChoices | TextError::NotAChoice => format!("{what} can't be chosen from."),
        TextError::NothingToLink | TextError::WithPassword => format!("{what} can't be linked to."),
        TextError::UnknownVariable => format!("{what} has a variable that is not known."),
        TextError::TooLong { length, max } => format!("{what} has {length} characters; the most is {max}."),
    })
}
