//! An account with more tickets than one transaction has the time to erase.

use guichet::clock::Clock;
use guichet::domain::account::{Actor, Role, TheirTickets};
use guichet::domain::language::Language;
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::{Description, Email, PersonName, Title};
use guichet::domain::ticket::Urgency;
use guichet::service::accounts::create;
use guichet::service::deletion::{self, Refused};
use guichet::service::open::open;
use guichet::store::tickets::NewTicket;
use guichet::store::{accounts, categories, people};

use crate::harness::{Tables, bare_store};

/// More than one transaction has the time for: refused at once, done in parts.
#[tokio::test(flavor = "multi_thread")]
async fn many_tickets_are_erased_in_parts_and_not_those_of_the_last_admin() {
    let (store, database) = bare_store(&Clock::system()).await;
    let tables = Tables::new(database);
    let mut tx = store.begin().await.unwrap();
    let name = PersonName::parse("Lina Ndiaye").unwrap();
    let email = Email::parse("lina@exemple.org").unwrap();
    let account = create(&mut tx, &name, &email, Role::Admin).await.unwrap();
    let (user, language) = ("71", Language::Fr);
    let identity = people::insert_identity(&mut tx, Platform::Telegram, user, "lina.nd", None, language).await;
    let lina = Actor {
        account,
        identity: identity.unwrap(),
        role: Role::Admin,
    };
    people::link_identity(&mut tx, lina.identity, account).await.unwrap();
    let new = NewTicket {
        title: Title::parse("Canari").unwrap(),
        description: Description::parse("Canari").unwrap(),
        urgency: Urgency::Medium,
        category: categories::list(&mut tx).await.unwrap()[0].id,
        answers: Vec::new(),
        files: Vec::new(),
    };
    for _ in 0..201 {
        open(&mut tx, &lina, &new, false).await.unwrap();
    }
    tx.commit().await.unwrap();
    let prepares = async || {
        let done = store.transact(&account, |tx, account| {
            let (permit, account) = (Permit::of_the_operator(), *account);
            Box::pin(async move { deletion::prepare(tx, permit, account, TheirTickets::Erase).await })
        });
        done.await.unwrap()
    };
    let deletes = async || {
        let done = store.transact(&account, |tx, account| {
            let account = *account;
            Box::pin(async move {
                let found = accounts::find(tx, account).await?.expect("an account");
                deletion::delete(tx, Permit::of_the_operator(), &found, TheirTickets::Erase).await
            })
        });
        done.await.unwrap()
    };
    assert!(!prepares().await);
    assert_eq!(deletes().await, Err(Refused::LastAdmin));
    assert_eq!(tables.number("SELECT COUNT(*) FROM tickets").await, 201);
    tables.change("UPDATE accounts SET role = 'learner'").await;
    assert_eq!(deletes().await, Err(Refused::TooMuch));
    assert_eq!(tables.number("SELECT COUNT(*) FROM tickets").await, 201);
    assert!(prepares().await);
    assert_eq!(tables.number("SELECT COUNT(*) FROM tickets").await, 151);
    assert!(!prepares().await);
    assert_eq!(deletes().await, Ok(()));
    let left = "SELECT (SELECT COUNT(*) FROM tickets) + (SELECT COUNT(*) FROM accounts)";
    assert_eq!(tables.number(left).await, 0);
}
