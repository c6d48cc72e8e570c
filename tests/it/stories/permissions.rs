//! Every command and every button, for everyone who could use it, in every status: one table of answers.

use std::fmt::Write as _;

use guichet::chat::grammar::{Call, Command};
use guichet::chat::intent::{ChatUser, Inbound, Intent, Place, PlaceKind};
use guichet::chat::reply::{Block, Message, Reply};
use guichet::chat::{Chat, HouseRules};
use guichet::clock::Clock;
use guichet::domain::account::{AccountDeed, Actor, Registration, Role};
use guichet::domain::action::Action;
use guichet::domain::ids::{IdentityId, TicketId};
use guichet::domain::language::Language;
use guichet::domain::platform::{BotName, Platform, Spot};
use guichet::domain::text::{Body, Description, Email, PersonName, Title};
use guichet::domain::ticket::{Status, Urgency};
use guichet::service::accounts;
use guichet::service::codes::CodeKey;
use guichet::service::open::open;
use guichet::service::work::{Deed, work};
use guichet::store::tickets::NewTicket;
use guichet::store::{Store, categories, people};

use crate::harness::{KEY, Tables, bare_store};

/// Who could use a command on Lina's ticket, which Moussa has or had where somebody has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Unknown,
    Lina,
    AnotherLearner,
    MoussaInCharge,
    AnotherTechnician,
    Admin,
    DisabledAdmin,
}

const EVERYBODY: [Who; 7] = [
    Who::Unknown,
    Who::Lina,
    Who::AnotherLearner,
    Who::MoussaInCharge,
    Who::AnotherTechnician,
    Who::Admin,
    Who::DisabledAdmin,
];

/// What a command is tried with. A new command does not compile until it has its row here.
fn tried_with(command: Command) -> &'static [&'static str] {
    match command {
        Command::Start
        | Command::Help
        | Command::MyDay
        | Command::Me
        | Command::Notify
        | Command::Unlink
        | Command::Setup
        | Command::Delivery
        | Command::Deleted
        | Command::Retract
        | Command::Categories => &[""],
        Command::Ticket => &[
            "",
            "@lina mon écran est noir",
            "@anothertechnician mon écran est noir",
            "@disabledadmin mon écran est noir",
            "@personne mon écran est noir",
            "@",
        ],
        Command::Tickets | Command::Queue => &["", "aujourd'hui", "en cours", "en attente aujourd'hui", "hier"],
        Command::Language => &["", "en", "klingon"],
        Command::Link => &["", "7KQ2-M9XD"],
        Command::Users => &["", "lina", "nobody"],
        Command::Invite => &["", "technicien", "lina@exemple.org", "chef"],
        Command::Search => &["", "écran", "le la les"],
        Command::Show
        | Command::History
        | Command::Transcript
        | Command::Cancel
        | Command::Take
        | Command::Release
        | Command::Close
        | Command::Delete
        | Command::Restore
        | Command::Purge => &["N"],
        Command::Urgency => &["N", "N haute", "N klingon"],
        Command::Category => &["N", "N reseau", "N klingon"],
        Command::Assign | Command::Helper => &["N", "N anothertechnician", "N Personne"],
        Command::HandOver => &["N", "N another il manque l'écran", "N Personne"],
        Command::Canned => &["", "merci", "personne", "N", "N merci", "N personne"],
        Command::Relate => &[
            "N",
            "N 50001",
            "N bloque 50001",
            "N bloque 999999",
            "N javascript:x",
            "N https://exemple.org",
        ],
        Command::Rate => &["N", "N 4", "N 4 Merci", "N Merci"],
        Command::Title | Command::Describe => &["N", "N Voilà", "N ?!"],
        Command::Reply | Command::Ask | Command::Note | Command::Resolve | Command::Reopen | Command::FollowUp => {
            &["N", "N Voilà"]
        }
    }
}

/// What buttons carry, but for those on tickets; `P` stands for another learner.
const PRESSED: &[&str] = &[
    "send",
    "draft",
    "urgency",
    "urgency:high",
    "category",
    "category:3",
    "category:99999",
    "edit",
    "drop",
    "new",
    "for:P::",
    "for:P:high:3",
    "for:999999::",
    "for:P",
    "mine",
    "day",
    "search",
    "list:mine:-:-:0",
    "list:over:-:-:0",
    "list:queue:-:-:0",
    "list:hand:-:-:0",
    "list:team:high:2:0",
    "list:resolved:-:-:0",
    "list:closed:-:-:255",
    "list:team:-:-:0:1",
    "list:team:-:-:0d",
    "list:closed:-:-:0m",
    "list:queue:-:-:0x",
    "list:team:-:-:0q",
    "list:team:high:-:0di",
    "list:hand:-:-:0p",
    "list:closed:-:-:0p",
    "list_of:0:team:-:-:0",
    "keep",
    "stop",
    "again",
    "enter",
    "letter",
    "email",
    "late:yes",
    "late:no",
    "canned:list:0",
    "canned:list:4294967295",
    "canned:show:1",
    "canned:show:999999",
    "canned:new",
    "canned:name:1",
    "canned:text:1",
    "canned:remove?:1",
    "canned:remove!:999999",
    "categories:list:0",
    "categories:list:4294967295",
    "categories:show:1",
    "categories:show:999999",
    "categories:new",
    "categories:fr:1",
    "categories:en:999999",
    "categories:keywords:1",
    "categories:retire:999999",
    "categories:offer:1",
    "categories:choose:0",
    "categories:of:0:queue:-:-:0",
    "categories:choose:4294967295",
    "questions:of:1",
    "questions:of:999999",
    "questions:new:1",
    "questions:short:1",
    "questions:long:999999",
    "questions:choice:1",
    "questions:show:1",
    "questions:show:999999",
    "questions:words:1",
    "questions:choices:1",
    "questions:require:1",
    "questions:allow:1",
    "questions:remove?:1",
    "questions:remove!:999999:1",
    "questions:fill",
    "questions:page:1:0",
    "questions:choose:1:00000000",
    "questions:pass:1",
    "questions:clear:1",
    "link:yes:00000000",
    "link:no:00000000",
    "speak:en",
    "code",
    "chats",
    "everywhere:yes",
    "everywhere:no",
    "notify:show",
    "notify:hourly",
    "notify:never",
    "notify:each",
    "notify:everywhere",
    "notify:where_used",
    "unlink?:999999",
    "unlink:999999",
    "disown?:999999",
    "disown:999999",
    "join:yes:00000000",
    "join:no:00000000",
    "deleted:0",
    "deleted:4294967295",
    "deleted:-1",
    "people:0",
    "people:4294967295",
    "people:-1",
    "person:999999",
    "person:P",
    "learner?:P",
    "technician?:P",
    "admin?:P",
    "disable?:P",
    "enable?:P",
    "unlink-all?:P",
    "code?:P",
    "reset?:P",
    "delete:P",
    "delete?:P",
    "erase?:P",
    "learner?:999999",
    "admin?:999999",
    "admin!:999999",
    "learner!:999999",
    "technician!:999999",
    "disable!:999999",
    "enable!:999999",
    "unlink-all!:999999",
    "code!:999999",
    "reset!:999999",
    "delete:999999",
    "delete?:999999",
    "delete!:999999",
    "erase?:999999",
    "erase!:999999",
    "resend:1",
    "resend:99999999999999999999",
    "resend:all",
    "take:18446744073709551615",
    "take:18446744073709551616",
    "take:-1",
    "take:0",
    "garbage",
    "",
];
/// What other buttons on tickets carry.
const ON_TICKETS: [&str; 9] = [
    "surely",
    "add",
    "change",
    "transcript",
    "links",
    "remark",
    "remove",
    "remove_surely",
    "purge_surely",
];
/// What buttons carry that say more of a ticket: those of people to a learner, a technician, somebody disabled, nobody.
const WITH_MORE: [&str; 27] = [
    "history:N:0",
    "history:N:4294967295",
    "relate_to:N:blocks:50001",
    "relate_to:N:eats:50001",
    "unrelate:N:50001",
    "detach:N:999999",
    "urgency_of:N:high",
    "category_of:N:3",
    "category_of:N:99999",
    "assign_from:N:0",
    "handover_from:N:4294967295",
    "assign_to:N:2",
    "assign_to:N:4",
    "assign_to:N:6",
    "handover_to:N:4",
    "handover_to:N:999999",
    "help_from:N:0",
    "help_to:N:4",
    "help_to:N:6",
    "let_go:N:4",
    "stars:N:4",
    "stars:N:9",
    "categories:for:N:0",
    "categories:for:N:4294967295",
    "canned:choose:N:0",
    "canned:use:N:1",
    "canned:send:N:00000000",
];
/// The forms.
const FORMS: &[&str] = &[
    "signup",
    "join",
    "confirm",
    "open",
    "edit",
    "search",
    "comment",
    "note",
    "ask",
    "resolve",
    "reopen",
    "retitle",
    "describe",
    "handover",
    "remark",
    "relate",
    "newcanned",
    "renamecanned",
    "rewritecanned",
    "newcategory",
    "changecategory",
    "newquestion",
    "changequestion",
    "answers",
];

/// What is read, and in which statuses.
type Answer = (String, Vec<&'static str>);

struct Bench {
    store: Store,
    tables: Tables,
    chat: Chat,
    lina: Actor,
    another: Actor,
    moussa: Actor,
    admin: Actor,
}

impl Bench {
    async fn open() -> Self {
        let (store, database) = bare_store(&Clock::system()).await;
        let mut actors = Vec::new();
        for who in EVERYBODY {
            let role = match who {
                Who::Unknown => continue,
                Who::Lina | Who::AnotherLearner => Role::Learner,
                Who::MoussaInCharge | Who::AnotherTechnician => Role::Technician,
                Who::Admin | Who::DisabledAdmin => Role::Admin,
            };
            actors.push(somebody(&store, who, role).await);
        }
        let tables = Tables::new(database);
        let disable = "UPDATE accounts SET disabled_at = NOW(6) WHERE name = 'DisabledAdmin'";
        tables.change(disable).await;
        tables
            .change("INSERT INTO canned_replies (id, name, body) VALUES (1, 'Merci', 'Merci {nom}')")
            .await;
        tables
            .change(
                "INSERT INTO category_questions (id, category_id, words, kind, choices, is_required)
                 VALUES (1, 1, 'Quelle salle ?', 'choice', '12\n13', FALSE)",
            )
            .await;
        // Numbers that stand nowhere else in the answers.
        tables.change("ALTER TABLE tickets AUTO_INCREMENT = 50001").await;
        Self {
            store,
            tables,
            chat: Chat::new(
                CodeKey::new(KEY),
                BotName::default(),
                Some("https://desk.exemple.org".parse().unwrap()),
                HouseRules {
                    language: Language::Fr,
                    registration: Registration::Open,
                    timezone: chrono_tz::Europe::Paris,
                    most: None,
                },
            ),
            lina: actors[0].clone(),
            another: actors[1].clone(),
            moussa: actors[2].clone(),
            admin: actors[4].clone(),
        }
    }

    /// A ticket of Lina's in this status.
    async fn ticket(&self, status: Status) -> TicketId {
        let mut tx = self.store.begin().await.unwrap();
        let category = categories::list(&mut tx).await.unwrap().remove(0).id;
        let new = NewTicket {
            title: Title::parse("Écran bleu").unwrap(),
            description: Description::parse("Écran bleu").unwrap(),
            urgency: Urgency::Medium,
            category,
            answers: Vec::new(),
            files: Vec::new(),
        };
        let id = open(&mut tx, &self.lina, &new, false).await.unwrap().id;
        let body = || Body::parse("Et alors ?").unwrap();
        let (lina, moussa) = (&self.lina, &self.moussa);
        let way: Vec<(&Actor, Deed)> = match status {
            Status::Waiting => Vec::new(),
            Status::InProgress => vec![(moussa, Deed::Take)],
            Status::AwaitingInfo => vec![(moussa, Deed::Ask(body(), Vec::new()))],
            Status::Resolved => vec![(moussa, Deed::Take), (moussa, Deed::Resolve(body(), Vec::new()))],
            Status::Closed => vec![
                (moussa, Deed::Take),
                (moussa, Deed::Resolve(body(), Vec::new())),
                (lina, Deed::Confirm),
            ],
            Status::Deleted => vec![(moussa, Deed::Take), (&self.admin, Deed::Delete)],
        };
        for (by, deed) in way {
            work(&mut tx, by, id, &deed, None).await.unwrap();
        }
        tx.commit().await.unwrap();
        id
    }

    /// What somebody reads, on the first line.
    async fn tells(&self, who: Who, kind: PlaceKind, intent: Intent) -> String {
        let private = kind == PlaceKind::Private;
        let inbound = Inbound {
            platform: Platform::Telegram,
            who: ChatUser {
                user_id: user_id(who),
                name: format!("{who:?}"),
                language: Some(Language::Fr),
            },
            place: Place {
                spot: Spot::chat(if private { user_id(who) } else { "-100".to_owned() }),
                kind,
            },
            intent,
            can_open_form: false,
        };
        let mut tx = self.store.begin().await.unwrap();
        let reply = self.chat.handle(&mut tx, &inbound).await.unwrap();
        tx.commit().await.unwrap();
        // Everybody comes to the next row as they came to this one.
        self.tables.change("DELETE FROM dialogs").await;
        self.tables.change("DELETE FROM code_attempts").await;
        self.tables.change("UPDATE identities SET language = 'fr'").await;
        first_line(&reply)
    }

    /// One line for each answer, with those who get it and the statuses in which they do.
    async fn rows(&self, table: &mut String, kind: &PlaceKind, on_a_ticket: bool, intent: impl Fn(TicketId) -> Intent) {
        let statuses: &[Status] = if on_a_ticket { &Status::ALL } else { &[Status::Waiting] };
        // (answer, statuses) in the order in which they come up, with those who get it.
        let mut lines: Vec<(Answer, Vec<String>)> = Vec::new();
        for who in EVERYBODY {
            let mut answers: Vec<Answer> = Vec::new();
            for status in statuses {
                let id = self.ticket(*status).await;
                let answer = self.tells(who, kind.clone(), intent(id)).await;
                let answer = without_ago(&answer.replace(&id.to_string(), "N").replace(&format!("{who:?}"), "YOU"));
                match answers.iter_mut().find(|(known, _)| *known == answer) {
                    Some((_, when)) => when.push(status.code()),
                    None => answers.push((answer, vec![status.code()])),
                }
            }
            for line in answers {
                match lines.iter_mut().find(|(known, _)| *known == line) {
                    Some((_, whom)) => whom.push(format!("{who:?}")),
                    None => lines.push((line, vec![format!("{who:?}")])),
                }
            }
        }
        for ((answer, when), whom) in lines {
            let whom = if whom.len() == EVERYBODY.len() {
                "Everybody".to_owned()
            } else {
                whom.join(", ")
            };
            let when = if when.len() == statuses.len() {
                String::new()
            } else {
                format!(" ({})", when.join(", "))
            };
            writeln!(table, "  {whom}{when}: {answer}").unwrap();
        }
    }
}

/// A row may take longer than a second.
fn without_ago(answer: &str) -> String {
    match answer.split_once(" il y a ") {
        Some((before, after)) => {
            let rest = after.find(['.', '[']).map_or("", |at| &after[at..]);
            format!("{before} …{rest}")
        }
        None => answer.to_owned(),
    }
}

async fn somebody(store: &Store, who: Who, role: Role) -> Actor {
    let mut tx = store.begin().await.unwrap();
    let name = PersonName::parse(&format!("{who:?}")).unwrap();
    let email = Email::parse(&format!("{who:?}@exemple.org")).unwrap();
    let account = accounts::create(&mut tx, &name, &email, role).await.unwrap();
    let (french, user) = (Some(Language::Fr), user_id(who));
    let identity: IdentityId =
        people::insert_identity(&mut tx, Platform::Telegram, &user, name.as_str(), french, Language::Fr)
            .await
            .unwrap();
    people::link_identity(&mut tx, identity, account).await.unwrap();
    tx.commit().await.unwrap();
    Actor {
        account,
        identity,
        role,
    }
}

/// Above every ticket's number.
fn user_id(who: Who) -> String {
    format!("70000000{}", who as u8)
}

fn first_line(reply: &Reply) -> String {
    let of = |message: &Message| {
        let first = message.blocks.first().map(|block| match block {
            Block::Title(text) | Block::Text(text) | Block::Quote(text) | Block::Verbatim(text) => text.as_str(),
            Block::Facts(_) => "facts",
            Block::Once { lost, .. } | Block::OnceLink { lost, .. } => lost,
        });
        let line = first.and_then(|text| text.lines().next()).unwrap_or_default();
        let buttons: Vec<&str> = message
            .buttons
            .iter()
            .flatten()
            .map(|button| button.label.as_str())
            .collect();
        // Lists have a button for each ticket; only those that lead on are of interest here.
        let leads: Vec<&str> = buttons.into_iter().filter(|label| !label.starts_with("n°")).collect();
        format!("{line} {leads:?}")
    };
    match reply {
        Reply::Message(message) => of(message),
        Reply::Aside(message) => format!("(aside) {}", of(message)),
        Reply::Update(message) => format!("(in place) {}", of(message)),
        Reply::Toast(text) => format!("(toast) {text}"),
        Reply::Form(form) => format!("(form) {}", form.title),
        Reply::Receipt(receipt) => format!("({receipt:?})"),
        Reply::Quiet => "(quiet)".to_owned(),
    }
}

fn call(command: Command, number: Option<TicketId>, text: &str) -> Intent {
    Intent::Command(Call {
        command,
        number: number.map(|id| id.to_string()),
        text: text.to_owned(),
        urgency: None,
        category: None,
        for_whom: None,
        colleague: None,
        stars: None,
        relation: None,
        channel: None,
        reply_to: None,
        files: Vec::new(),
    })
}

fn group() -> PlaceKind {
    PlaceKind::Shared {
        name: "Support".to_owned(),
        topics: false,
        is_thread: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_answers_everyone_in_every_status_as_reviewed() {
    let bench = Bench::open().await;
    for (place, kind) in [("private", PlaceKind::Private), ("group", group())] {
        let mut table = String::new();
        for command in Command::ALL {
            for words in tried_with(command) {
                writeln!(table, "/{} {words}", command.french()).unwrap();
                let (on_a_ticket, text) = match words.strip_prefix('N') {
                    Some(text) => (true, text.trim()),
                    None => (false, *words),
                };
                let intent = |id| call(command, on_a_ticket.then_some(id), text);
                bench.rows(&mut table, &kind, on_a_ticket, intent).await;
            }
        }
        insta::assert_snapshot!(format!("commands_{place}"), table);
    }
    bench.tables.history_adds_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_button_answers_everyone_in_every_status_as_reviewed() {
    let bench = Bench::open().await;
    for (place, kind) in [("private", PlaceKind::Private), ("group", group())] {
        let mut table = String::new();
        let forged = Action::ALL.iter().map(|action| format!("{action:?}").to_lowercase());
        let on_tickets = forged
            .chain(ON_TICKETS.map(ToOwned::to_owned))
            .map(|head| format!("{head}:N"));
        for action in on_tickets.chain(WITH_MORE.map(ToOwned::to_owned)) {
            writeln!(table, "{action}").unwrap();
            let intent = |id: TicketId| Intent::Press {
                action: action.replace('N', &id.to_string()),
                message_id: "1".to_owned(),
            };
            bench.rows(&mut table, &kind, true, intent).await;
        }
        for action in PRESSED {
            writeln!(table, "{action}").unwrap();
            let action = action.replace('P', &bench.another.account.to_string());
            let intent = |_| Intent::Press {
                action: action.clone(),
                message_id: "1".to_owned(),
            };
            bench.rows(&mut table, &kind, false, intent).await;
        }
        insta::assert_snapshot!(format!("buttons_{place}"), table);
    }
    bench.tables.history_adds_up().await;
}

/// The texts between quotes in a part of a source, which a name begins.
fn quoted<'a>(source: &'a str, part: &str) -> Vec<&'a str> {
    let (_, rest) = source.split_once(part).expect("the part");
    let (body, _) = rest.split_once("\n}\n").expect("its end");
    body.split('"').skip(1).step_by(2).collect()
}

/// A new button, or form, has to get its row above.
#[test]
fn every_button_and_every_form_has_its_row() {
    let carried = quoted(
        include_str!("../../../src/chat/press.rs"),
        "impl fmt::Display for Press {",
    );
    let of_people = AccountDeed::ALL
        .into_iter()
        .flat_map(|deed| [format!("{}?", deed.code()), format!("{}!", deed.code())]);
    let heads = carried
        .iter()
        .map(|carried| carried.split(':').next().unwrap_or_default());
    let heads = heads.filter(|head| !head.starts_with('{') && !matches!(*head, "yes" | "no"));
    let tried = |head: &str| {
        let pressed = PRESSED
            .iter()
            .map(|action| action.split(':').next().unwrap_or_default());
        let on_tickets = WITH_MORE
            .iter()
            .map(|action| action.split(':').next().unwrap_or_default());
        pressed.chain(ON_TICKETS).chain(on_tickets).any(|known| known == head)
    };
    let missing: Vec<String> = heads
        .map(str::to_owned)
        .chain(of_people)
        .filter(|head| !tried(head))
        .collect();
    assert!(missing.is_empty(), "without a row: {missing:?}");
    let form = include_str!("../../../src/chat/form.rs");
    let (_, of_forms) = form.split_once("impl FormKind {").expect("the forms");
    let (codes, _) = of_forms.split_once("    }\n\n").expect("their codes");
    let codes: Vec<&str> = codes.split('"').skip(1).step_by(2).collect();
    assert!(codes.len() > 5 && codes == FORMS, "{codes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_sent_off_by_anyone_is_answered() {
    let bench = Bench::open().await;
    let mut table = String::new();
    for form in FORMS {
        for action in [
            (*form).to_owned(),
            format!("{form}:N"),
            format!("{form}:99999999999999999999"),
            format!("{form}:N:4"),
            format!("{form}:3:1:categoryfr"),
            format!("{form}:1:1:question"),
            format!("{form}:1:short"),
        ] {
            // A colleague beside the ticket is of one form alone, and what of a category or a question is changed.
            if action.ends_with(":N:4") && *form != "handover"
                || action.ends_with("categoryfr") && *form != "changecategory"
                || action.ends_with(":question") && *form != "changequestion"
                || action.ends_with(":short") && *form != "newquestion"
            {
                continue;
            }
            writeln!(table, "{action}").unwrap();
            let intent = |id: TicketId| Intent::Submit {
                action: action.replace('N', &id.to_string()),
                fields: vec![
                    ("body".to_owned(), "Voilà".to_owned()),
                    ("remark".to_owned(), "Voilà".to_owned()),
                    ("target".to_owned(), "Voilà".to_owned()),
                    ("label".to_owned(), "Voilà".to_owned()),
                    ("canned".to_owned(), "Voilà".to_owned()),
                    ("categoryfr".to_owned(), "Voilà".to_owned()),
                    ("categoryen".to_owned(), "Voilà".to_owned()),
                    ("keywords".to_owned(), "Voilà".to_owned()),
                    ("question".to_owned(), "Voilà ?".to_owned()),
                    ("x".to_owned(), "y".repeat(9_000)),
                ],
            };
            bench
                .rows(&mut table, &PlaceKind::Private, action.contains(":N"), intent)
                .await;
        }
    }
    insta::assert_snapshot!("forms", table);
    bench.tables.history_adds_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_took_a_ticket_by_asking_is_named_even_when_somebody_else_had_it_before() {
    let bench = Bench::open().await;
    let id = bench.ticket(Status::InProgress).await;
    for (who, command, text) in [
        (Who::MoussaInCharge, Command::Release, ""),
        (Who::AnotherTechnician, Command::Ask, "Quel étage ?"),
    ] {
        bench
            .tells(who, PlaceKind::Private, call(command, Some(id), text))
            .await;
    }
    let take = call(Command::Take, Some(id), "");
    let answer = bench.tells(Who::MoussaInCharge, PlaceKind::Private, take).await;
    assert!(answer.starts_with("AnotherTechnician a pris le n°"), "{answer}");
}
