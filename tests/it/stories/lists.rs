//! Lists: whose tickets, which of them, in which order, a page at a time; and somebody's day.

use chrono::TimeDelta;
use chrono_tz::Europe::Paris;
use guichet::domain::account::{Actor, Named, Role};
use guichet::domain::age::{Age, Span};
use guichet::domain::ids::{CategoryId, TicketId};
use guichet::domain::language::Language;
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::{Body, Description, Title};
use guichet::domain::ticket::{Status, Urgency};
use guichet::sandbox::{Answer, Seen};
use guichet::service::open::open;
use guichet::service::work::{Deed, work};
use guichet::store::Store;
use guichet::store::lists::{Order, Part, Wanted, list, list_day, list_deleted, list_of};
use guichet::store::tickets::NewTicket;

use crate::harness::{Chair, DbProxy, Learner, Server, StaffOn, World, office};

/// Twelve tickets, of each urgency and category by turns, without a word to anybody.
async fn twelve(store: &Store, by: &Actor) {
    let mut tx = store.begin().await.expect("a transaction");
    for number in 1..=12 {
        let title = format!("Souci {number}");
        let new = NewTicket {
            title: Title::parse(&title).expect("a title"),
            description: Description::parse(&title).expect("a description"),
            urgency: Urgency::ALL[number % 3],
            category: CategoryId(u64::try_from(number % 4 + 1).expect("a category")),
            answers: Vec::new(),
            files: Vec::new(),
        };
        open(&mut tx, by, &new, false).await.expect("a ticket");
    }
    tx.commit().await.expect("a commit");
}

/// Twelve tickets of Lina's, of which Moussa took two, asks about one, and has resolved one.
async fn some_are_worked_on(world: &World) {
    let learner = world.actor("Lina Ndiaye", Role::Learner).await;
    let technician = world.actor("Moussa Sarr", Role::Technician).await;
    twelve(&world.store, &learner).await;
    let words = || Body::parse("Quel étage ?").expect("words");
    let mut tx = world.store.begin().await.expect("a transaction");
    for (id, deed) in [
        (1, Deed::Take),
        (2, Deed::Take),
        (3, Deed::Ask(words(), Vec::new())),
        (4, Deed::Take),
        (4, Deed::Resolve(words(), Vec::new())),
    ] {
        work(&mut tx, &technician, TicketId(id), &deed, None)
            .await
            .expect("work");
    }
    tx.commit().await.expect("a commit");
}

/// The numbers on a list, in its order.
fn numbers(list: &Seen) -> Vec<&str> {
    let labels = list.buttons.iter().map(String::as_str);
    labels
        .filter_map(|label| label.strip_prefix("n° ").or(label.strip_prefix("no. ")))
        .collect()
}

/// The list that takes the place of the one whose button is pressed.
async fn leads(chair: &Chair, list: &Seen, label: &str, to: &str) -> Seen {
    match chair.presses(list, label).await {
        Answer::Message(seen) if seen.text.contains(to) => seen,
        _ => chair.sees(to).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_go_through_the_queue_by_urgency_category_and_page() {
    for staff_on in [StaffOn::Discord, StaffOn::TelegramGroup] {
        let mut world = World::open().await;
        let staff = office(&world, staff_on, "fr").await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
        lina.private.uses("tickets", &[]).await;
        lina.private.sees("pas de demande en cours").await;
        twelve(&world.store, &world.actor("Lina Ndiaye", Role::Learner).await).await;
        world.quiet().await;
        world.script.forget();
        let moussa = &staff.moussa.private;
        moussa.uses("queue", &[]).await;
        let first = moussa.sees("À prendre, les plus urgentes d'abord (1 à 10)").await;
        assert_eq!(numbers(&first), ["2", "5", "8", "11", "1", "4", "7", "10", "3", "6"]);
        let second = leads(moussa, &first, "Suivantes ▶", "(11 à 12)").await;
        assert_eq!(numbers(&second), ["9", "12"]);
        let first = leads(moussa, &second, "◀ Précédentes", "(1 à 10)").await;
        let high = leads(moussa, &first, "Urgence → Haute", "(4)").await;
        assert_eq!(numbers(&high), ["2", "5", "8", "11"]);
        let software = leads(moussa, &high, "Catégorie → Matériel", "Matériel").await;
        assert_eq!(numbers(&software), ["8"]);
        let none = leads(moussa, &software, "Les miennes", "ne correspond à votre choix").await;
        let team = leads(moussa, &none, "À traiter", "Demandes à traiter").await;
        let all = leads(moussa, &team, "Urgence → Moyenne", "Moyenne").await;
        let software = leads(moussa, &all, "Catégorie → Logiciel", "Logiciel").await;
        let none = leads(moussa, &software, "Les miennes", "ne correspond à votre choix").await;
        leads(moussa, &none, "Tout voir", "aucune demande en charge").await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{staff_on:?}") }, {
            insta::assert_snapshot!("staff_go_through_the_queue", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_shows_what_waits_for_whom() {
    for language in ["fr", "en"] {
        let mut world = World::open().await;
        let staff = office(&world, StaffOn::Discord, language).await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, language, Role::Learner).await;
        world.script.forget();
        let (free, day) = if language == "fr" {
            ("Rien ne vous attend", "Votre journée")
        } else {
            ("Nothing is waiting", "Your day")
        };
        for person in [&lina.private, &staff.moussa.private] {
            person.uses("myday", &[]).await;
            person.sees(free).await;
        }
        let so_far = world.script.text();
        some_are_worked_on(&world).await;
        world.quiet().await;
        world.script.back_to(&so_far);
        for (person, numbers_of_theirs) in [
            (&lina.private, &["3", "4"][..]),
            (&staff.moussa.private, &["2", "1", "3", "5", "8", "11", "7", "10"]),
        ] {
            person.uses("myday", &[]).await;
            assert_eq!(numbers(&person.sees(day).await), numbers_of_theirs);
        }
        world.close().await;
        insta::with_settings!({ snapshot_suffix => language }, {
            insta::assert_snapshot!("a_day_shows_what_waits_for_whom", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_day_fits_in_a_message_with_what_leads_on() {
    for on in [StaffOn::Discord, StaffOn::TelegramTopics] {
        let mut world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
        drop(lina);
        let technician = world.actor("Moussa Sarr", Role::Technician).await;
        // Of Lina's, which nobody has, which Moussa took and asked about; and of his own, which Fatou asks about.
        let learner = world.actor("Lina Ndiaye", Role::Learner).await;
        let colleague = world.actor("Fatou Ba", Role::Technician).await;
        for by in [&learner, &learner, &learner, &technician] {
            twelve(&world.store, by).await;
        }
        let words = || Body::parse("Quel étage ?").expect("words");
        let mut tx = world.store.begin().await.expect("a transaction");
        for (by, from, deed) in [
            (&technician, 1, Deed::Take),
            (&technician, 13, Deed::Ask(words(), Vec::new())),
            (&colleague, 37, Deed::Ask(words(), Vec::new())),
        ] {
            for id in from..from + 12 {
                work(&mut tx, by, TicketId(id), &deed, None).await.expect("work");
            }
        }
        tx.commit().await.expect("a commit");
        let moussa = &staff.moussa.private;
        moussa.uses("myday", &[]).await;
        let day = moussa.sees("Votre journée").await;
        assert_eq!(numbers(&day).len(), 12, "{}", day.text);
        for kind in [
            "On attend vos réponses (3",
            "À vous (3",
            "Vous attendez les réponses (3",
            "À prendre (3",
        ] {
            assert!(day.text.contains(kind), "{kind}: {}", day.text);
        }
        assert!(
            day.buttons.iter().any(|label| label == "À prendre"),
            "{:?}",
            day.buttons
        );
        world.close().await;
    }
}

/// What people read, in their language.
struct Ages {
    team: &'static str,
    today: &'static str,
    by_button: [(&'static str, &'static str); 5],
    queue: &'static str,
    unknown: &'static str,
}

const FRENCH: Ages = Ages {
    team: "Demandes à traiter",
    today: "ouvertes aujourd'hui",
    by_button: [
        ("Ouvertes → cette semaine", "ouvertes cette semaine"),
        (
            "Ouvertes → il y a plus d'une semaine",
            "ouvertes il y a plus d'une semaine",
        ),
        ("Ouvertes → il y a plus d'un mois", "ouvertes il y a plus d'un mois"),
        ("Ouvertes → à toute date", "(1 à 10)"),
        ("Suivantes ▶", "(11 à 12)"),
    ],
    queue: "À prendre",
    unknown: "par « hier »",
};

const ENGLISH: Ages = Ages {
    team: "Requests to work on",
    today: "opened today",
    by_button: [
        ("Opened → this week", "opened this week"),
        ("Opened → more than a week ago", "opened more than a week ago"),
        ("Opened → more than a month ago", "opened more than a month ago"),
        ("Opened → any time", "(1–10)"),
        ("More ▶", "(11–12)"),
    ],
    queue: "To be taken",
    unknown: "mean by \"hier\"",
};

#[tokio::test(flavor = "multi_thread")]
async fn staff_look_for_tickets_by_their_age() {
    for (staff_on, language, words) in [
        (StaffOn::Discord, "fr", FRENCH),
        (StaffOn::TelegramGroup, "fr", FRENCH),
        (StaffOn::Discord, "en", ENGLISH),
        (StaffOn::TelegramGroup, "en", ENGLISH),
    ] {
        let mut world = World::open().await;
        let staff = office(&world, staff_on, language).await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, language, Role::Learner).await;
        twelve(&world.store, &world.actor("Lina Ndiaye", Role::Learner).await).await;
        world.quiet().await;
        // It was Monday, and is Wednesday.
        world.clock.advance(TimeDelta::days(2));
        world
            .tables
            .change(
                "UPDATE tickets SET opened_at = opened_at + INTERVAL
                        (CASE WHEN id <= 3 THEN -40 WHEN id <= 6 THEN -10 WHEN id <= 9 THEN -3 WHEN id <= 11 THEN 0 ELSE 2 END) DAY",
            )
            .await;
        world.script.forget();
        let moussa = &staff.moussa.private;
        let typed = if staff_on == StaffOn::Discord {
            "today"
        } else {
            words.today.split_once(' ').expect("an age").1
        };
        moussa.uses("tickets", &[("opened", typed)]).await;
        let mut shown = moussa.sees(words.today).await;
        assert_eq!(numbers(&shown), ["12"]);
        for ((label, to), expected) in words.by_button.into_iter().zip([
            &["10", "11", "12"][..],
            &["1", "2", "3", "4", "5", "6"],
            &["1", "2", "3"],
            &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
            &["11", "12"],
        ]) {
            shown = leads(moussa, &shown, label, to).await;
            assert_eq!(numbers(&shown), expected, "{shown:?}");
            assert!(shown.text.contains(words.team), "{shown:?}");
        }
        // The most urgent first, of those the oldest.
        let typed = if staff_on == StaffOn::Discord {
            "over-week"
        } else {
            words.by_button[1].1.split_once(' ').expect("an age").1
        };
        moussa.uses("queue", &[("opened", typed)]).await;
        let queue = moussa.sees(words.queue).await;
        assert_eq!(numbers(&queue), ["2", "5", "1", "4", "3", "6"]);
        if staff_on != StaffOn::Discord {
            // Whatever the keyboard makes of it; and what is no age gets the ages to choose from.
            moussa.says(&format!("/queue {}", typed.replace('\'', "’"))).await;
            assert_eq!(numbers(&moussa.sees(words.queue).await), ["2", "5", "1", "4", "3", "6"]);
            moussa.says("/tickets hier").await;
            let ages = moussa.sees(words.unknown).await;
            shown = leads(
                moussa,
                &ages,
                words.today.split_once(' ').expect("an age").1,
                words.today,
            )
            .await;
            assert_eq!(numbers(&shown), ["12"]);
        }
        // Of one's own tickets nobody chooses so.
        lina.private.uses("tickets", &[("opened", "today")]).await;
        lina.private.sees(words.by_button[3].1).await;
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{staff_on:?}_{language}") }, {
            insta::assert_snapshot!("by_their_age", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_look_for_tickets_by_their_status() {
    for (staff_on, language) in [
        (StaffOn::Discord, Language::Fr),
        (StaffOn::TelegramGroup, Language::Fr),
        (StaffOn::Discord, Language::En),
        (StaffOn::TelegramGroup, Language::En),
    ] {
        let mut world = World::open().await;
        let staff = office(&world, staff_on, language.code()).await;
        let on = Platform::Telegram;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, language.code(), Role::Learner).await;
        some_are_worked_on(&world).await;
        world.quiet().await;
        world.script.forget();
        let label = |id: &str| language.say(id, &[]);
        let status = |choice: &str| language.say("button-filter-status", &[("choice", choice.into())]);
        let heading = |list: &str| {
            let said = language.say(list, &[("count", 1.into()), ("whole", "yes".into())]);
            said.split('(').next().expect("a heading").to_owned()
        };
        let moussa = &staff.moussa.private;
        moussa.uses("tickets", &[]).await;
        let mut shown = moussa.sees(&heading("list-team")).await;
        for (code, expected) in [
            ("status-waiting", &["5", "6", "7", "8", "9", "10", "11", "12"][..]),
            ("status-in-progress", &["1", "2"]),
            ("status-awaiting-info", &["3"]),
        ] {
            shown = leads(moussa, &shown, &status(&label(code)), &label(code)).await;
            assert_eq!(numbers(&shown), expected, "{shown:?}");
        }
        // Those that one works on have two, and keep the one that was chosen.
        shown = leads(
            moussa,
            &shown,
            &label("button-list-hand"),
            &label("status-awaiting-info"),
        )
        .await;
        assert_eq!(numbers(&shown), ["3"]);
        let any = language.say("filter-any", &[("of", "status".into())]);
        shown = leads(moussa, &shown, &status(&any), &heading("list-hand")).await;
        assert_eq!(numbers(&shown), ["2", "1", "3"]);
        let in_progress = label("status-in-progress");
        shown = leads(moussa, &shown, &status(&in_progress), &in_progress).await;
        assert_eq!(numbers(&shown), ["2", "1"]);

        // Behind the command; what is over is a list of its own.
        let typed = |code: &'static str| match staff_on {
            StaffOn::Discord => code.trim_start_matches("status-").to_owned(),
            _ => label(code)
                .trim_start_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase(),
        };
        for (code, list, expected) in [
            ("status-in-progress", "list-team", &["1", "2"][..]),
            ("status-awaiting-info", "list-team", &["3"]),
            ("status-resolved", "list-resolved", &["4"]),
        ] {
            moussa.catches_up();
            moussa.uses("tickets", &[("status", &typed(code))]).await;
            shown = moussa.sees(&heading(list)).await;
            assert_eq!(numbers(&shown), expected, "{shown:?}");
        }
        let today = if staff_on == StaffOn::Discord {
            "today".to_owned()
        } else {
            label("age-today")
        };
        let both = [("opened", today.as_str()), ("status", &typed("status-in-progress"))];
        moussa.uses("tickets", &both).await;
        shown = moussa.sees(&label("age-today")).await;
        assert!(shown.text.contains(&in_progress), "{shown:?}");
        assert_eq!(numbers(&shown), ["1", "2"]);
        if staff_on != StaffOn::Discord {
            moussa.says("/tickets klingon").await;
            let unknown = moussa.sees("klingon").await;
            shown = leads(moussa, &unknown, &in_progress, &in_progress).await;
            assert_eq!(numbers(&shown), ["1", "2"]);
        }
        // From any list to what waits for one.
        shown = leads(moussa, &shown, &label("button-day"), &label("day-heading")).await;
        assert_eq!(numbers(&shown)[..3], ["2", "1", "3"]);
        lina.private.uses("tickets", &[]).await;
        let own = lina.private.sees(&heading("list-mine")).await;
        let day = leads(&lina.private, &own, &label("button-day"), &label("day-heading")).await;
        assert_eq!(numbers(&day), ["3", "4"]);
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{staff_on:?}_{}", language.code()) }, {
            insta::assert_snapshot!("by_their_status", world.script.text());
        });
    }
}

/// However many there are, a list is asked of the database at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_takes_one_query() {
    let world = World::open().await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    lina.private.uses("myday", &[]).await;
    lina.private.sees("Rien ne vous attend").await;
    let learner = world.actor("Lina Ndiaye", Role::Learner).await;
    twelve(&world.store, &learner).await;
    let direct = world.database.connect_options();
    let proxy = DbProxy::start(Server::of(&direct)).await;
    let store = Store::open(proxy.options(&direct), 2, world.clock.clone())
        .await
        .expect("a store");
    let mut view = store.look().await.expect("a connection");
    let part = Part { offset: 5, limit: 11 };
    let before = proxy.statements();
    assert_eq!(
        list_of(&mut view, learner.account, true, part)
            .await
            .expect("a list")
            .len(),
        7
    );
    assert_eq!(proxy.statements(), before + 1);
    for (order, technician) in [
        (Order::Oldest, None),
        (Order::Newest, None),
        (Order::MostUrgent, Some(learner.account)),
    ] {
        let wanted = Wanted {
            statuses: &Status::ALL,
            urgency: None,
            category: Some(CategoryId(1)),
            technician,
            opened: Span::default(),
            order,
        };
        let before = proxy.statements();
        let (lines, whose) = list(&mut view, Permit::of_the_operator(), &wanted, part)
            .await
            .expect("a list");
        assert_eq!(proxy.statements(), before + 1);
        if technician.is_some() {
            assert!(lines.is_empty());
        }
        let name = technician.map(|_| Named::read(Some("Lina Ndiaye".to_owned())));
        assert_eq!(whose, name);
    }
    let now = world.clock.now();
    for (age, many) in Age::ALL.into_iter().zip([11, 11, 0, 0]) {
        for order in [Order::Oldest, Order::Newest, Order::MostUrgent] {
            let wanted = Wanted {
                statuses: &[Status::Waiting],
                urgency: None,
                category: None,
                technician: None,
                opened: age.span(now, Paris),
                order,
            };
            let part = Part { offset: 1, limit: 20 };
            let before = proxy.statements();
            let lines = list(&mut view, Permit::of_the_operator(), &wanted, part).await;
            assert_eq!(lines.expect("a list").0.len(), many, "{age:?}");
            assert_eq!(proxy.statements(), before + 1);
        }
    }
    let before = proxy.statements();
    let deleted = list_deleted(&mut view, Permit::of_the_operator(), part).await;
    assert!(deleted.expect("a list").is_empty());
    assert_eq!(proxy.statements(), before + 1);
    let before = proxy.statements();
    let day = list_day(&mut view, Some(Permit::of_the_operator()), learner.account, 5).await;
    assert_eq!(day.expect("a day").len(), 12);
    assert_eq!(proxy.statements(), before + 1);
}
