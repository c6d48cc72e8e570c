//! Invitations: an admin makes one, and whoever has its code accepts it.

use super::build::{button, role_name};
use super::form::FormKind;
use super::notices::next_step;
use super::press::{Mark, Press};
use super::reply::{Block, Look, Message, Reply, Unstored};
use super::turn::Turn;
use crate::domain::account::Role;
use crate::domain::language::Language;
use crate::domain::text::{Email, PersonName, clean};
use crate::service::codes::CodeHash;
use crate::service::invitations::{self, HereAlready};
use crate::store::Fault;
use crate::store::invitations::{Invitation, find};

impl Turn<'_> {
    /// `/invite`: a code for somebody who has no account yet.
    pub(super) async fn invite(&mut self, typed: &str) -> Result<Reply, Fault> {
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        if !self.is_private() && !self.inbound.can_open_form {
            return Ok(self.tell(Message::text(self.say("invite-in-private"))));
        }
        let Some((role, email)) = read(&clean(typed)) else {
            return Ok(self.tell(Message::text(self.say("invite-how"))));
        };
        let code = match invitations::invite(self.tx, permit, self.key, (role, email.as_ref())).await? {
            Ok(code) => code,
            Err(HereAlready(known)) => {
                let args = [("name", known.name.into())];
                let show = button(self.lang(), "button-show-person", Press::Person(known.id), Look::Main);
                let sentence = self.lang().say("invite-here-already", &args);
                return Ok(self.tell(Message::text(sentence).row([show])));
            }
        };
        let language = self.lang();
        let days = [("days", invitations::VALID_FOR.num_days().into())];
        let blocks = vec![
            Block::Text(language.say("invite-code", &[("role", role_name(language, role).into())])),
            Block::Once {
                shown: Unstored::new(format!("/link {code}")),
                lost: self.say("invite-code-lost"),
            },
            Block::Text(language.say("invite-once", &days)),
        ];
        Ok(self.tell(Message {
            blocks,
            ..Message::default()
        }))
    }

    /// A code was typed that invites: whether they accept.
    pub(super) fn ask_invited(&mut self, hash: CodeHash, invitation: &Invitation) -> Reply {
        self.dialog.invited = Some(hash);
        let mark = Mark::of(&hash);
        // What another invitation has asked is over.
        self.dialog
            .asking
            .take_if(|asking| matches!(asking.form, FormKind::Join { .. }));
        let language = self.lang();
        let by = invitation.by.as_ref().map(|(_, name)| name.clone());
        let args = [
            ("role", role_name(language, invitation.role).into()),
            ("by", by.unwrap_or_default().into()),
            ("platform", self.me.platform.name().into()),
        ];
        let question = if invitation.by.is_some() {
            "invited-by"
        } else {
            "invited-here"
        };
        let message = Message::text(language.say(question, &args)).row([
            button(language, "button-join-yes", Press::Accept(true, mark), Look::Main),
            button(language, "button-join-no", Press::Accept(false, mark), Look::Plain),
        ]);
        self.tell(message)
    }

    /// They said whether they accept: who are they?
    pub(super) async fn accept_invitation(&mut self, yes: bool, mark: Mark) -> Result<Reply, Fault> {
        let Some(hash) = self.dialog.invited.filter(|hash| Mark::of(hash) == mark) else {
            return Ok(self.word(self.say("link-nothing")));
        };
        if !yes || self.me.account.is_some() {
            self.dialog.invited = None;
            return Ok(self.instead(Message::text(self.say("join-refused"))));
        }
        let Some(invitation) = find(self.tx, &hash).await? else {
            self.dialog.invited = None;
            return Ok(self.instead(Message::text(self.say("link-wrong"))));
        };
        Ok(self.start_form(FormKind::Join {
            asks_email: invitation.email.is_none(),
        }))
    }

    /// They said who they are.
    pub(super) async fn complete_join(&mut self, name: &str, email: &str) -> Result<Reply, Fault> {
        let (Some(hash), None) = (self.dialog.invited.take(), &self.me.account) else {
            return Ok(self.nothing_asked());
        };
        let Ok(name) = PersonName::parse(name) else {
            return Ok(self.nothing_asked());
        };
        let email = Email::parse(email).ok();
        let joined = invitations::accept(self.tx, self.me.id, &hash, (&name, email.as_ref())).await?;
        let Some(account) = joined else {
            return Ok(self.tell(Message::text(self.say("link-wrong"))));
        };
        let next = next_step(account.role);
        self.me.account = Some(account);
        self.welcome(name.as_str(), Some(next)).await
    }
}

/// A role and an address, in any order, each at most once: without a role a learner. Nothing where there is anything else.
fn read(typed: &str) -> Option<(Role, Option<Email>)> {
    let (mut role, mut email) = (None, None);
    for word in typed.split_whitespace() {
        if word.contains('@') && email.is_none() {
            email = Some(Email::parse(word).ok()?);
        } else if role.is_none() {
            role = Some(role_of(&word.to_lowercase())?);
        } else {
            return None;
        }
    }
    Some((role.unwrap_or(Role::Learner), email))
}

/// The role that somebody means by a word, in either language.
fn role_of(word: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| {
        word == role.code()
            || Language::ALL
                .into_iter()
                .any(|language| word == role_name(language, *role))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_and_an_address_are_read_in_any_order_and_case() {
        let email = Email::parse("lina@exemple.org").ok();
        for (typed, read_as) in [
            ("", Some((Role::Learner, None))),
            ("TECHNICIEN lina@exemple.org", Some((Role::Technician, email.clone()))),
            ("Lina@Exemple.org Technician", Some((Role::Technician, email.clone()))),
            ("lina@exemple.org", Some((Role::Learner, email))),
            ("administrateur", Some((Role::Admin, None))),
            ("chef", None),
            ("admin admin", None),
            ("@", None),
            ("a@b.fr c@d.fr", None),
        ] {
            assert_eq!(read(typed), read_as, "{typed}");
        }
    }
}
