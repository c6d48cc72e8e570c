//! Several people at once, the same update twice, a button pressed twice.

use guichet::domain::platform::Platform;
use guichet::sandbox::{Answer, Seen};

use crate::harness::{Chair, Learner, Office, StaffOn, World, office, words};

#[tokio::test(flavor = "multi_thread")]
async fn of_two_takers_on_discord_one_wins_and_the_other_reads_who() {
    two_takers(StaffOn::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_takers_on_telegram_one_wins_and_the_other_reads_who() {
    two_takers(StaffOn::TelegramGroup).await;
}

async fn two_takers(on: StaffOn) {
    let world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    for number in 1..=20_u32 {
        lina.opens(&format!("Panne numéro {number} du poste"), number).await;
        let card = staff.moussa.channel.sees(&format!("N° {number} · ")).await;
        let (moussa, fatou) = if number % 2 == 0 {
            tokio::join!(
                presses_take(&staff.moussa.channel, &card),
                presses_take(&staff.fatou.channel, &card)
            )
        } else {
            take_by_command(&staff, number).await
        };
        let loser = match (moussa.contains("a pris le n°"), fatou.contains("a pris le n°")) {
            (true, false) => &moussa,
            (false, true) => &fatou,
            _ => panic!("ticket {number}: one of the two wins\n{moussa}\n{fatou}"),
        };
        let taker = world
            .tables
            .texts(&format!(
                "SELECT a.name FROM tickets t JOIN accounts a ON a.id = t.technician_id WHERE t.id = {number}"
            ))
            .await
            .remove(0);
        assert!(loser.starts_with(&format!("{taker} a pris le n° {number} ")), "{loser}");
        assert_eq!(world.tables.events(number).await, "opened taken");
    }
    world.tables.all_went_well().await;
    assert_eq!(lina.private.times("s'occupe de votre demande"), 20);
}

async fn presses_take(chair: &Chair, card: &Seen) -> String {
    words(&chair.presses(card, "Prendre").await)
}

/// Both use the command in their private chats, which are handled side by side.
async fn take_by_command(staff: &Office, number: u32) -> (String, String) {
    let number = number.to_string();
    let options = [("number", number.as_str())];
    let take = async |chair: &Chair| {
        chair.uses("take", &options).await;
        chair.sees(&format!("° {number} ")).await.text
    };
    tokio::join!(take(&staff.moussa.private), take(&staff.fatou.private))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_telegram_delivers_twice_happens_once() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let again = async || {
        world.quiet().await;
        world.telegram.redeliver(world.telegram.last_update_id());
        world.quiet().await;
    };
    let card = lina.opens("Mon écran clignote", 1).await;
    again().await;
    assert_eq!((world.count("tickets").await, lina.private.times("N° 1 · ")), (1, 1));
    let posted = staff.moussa.channel.sees("Mon écran clignote").await;
    assert_eq!(staff.moussa.channel.times("N° 1 · "), 1);

    lina.private.replies(&card, "Surtout le matin").await;
    again().await;
    assert_eq!(
        (
            world.count("comments").await,
            staff.moussa.channel.times("Surtout le matin")
        ),
        (1, 1)
    );

    staff.moussa.channel.presses(&posted, "Prendre").await;
    again().await;
    assert_eq!(world.tables.events(1).await, "opened commented taken");
    assert_eq!(lina.private.times("s'occupe de votre demande"), 1);
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_discord_delivers_twice_happens_once() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Discord).await;
    // Behind the event that came again stands one more, so that it has been handled when that one is answered.
    let again = async || {
        world.quiet().await;
        world.discord.redeliver_last_event();
        lina.private.says("/start").await;
        lina.private.sees("Bonjour Lina").await;
        world.quiet().await;
    };
    let card = lina.opens("Mon écran clignote", 1).await;
    again().await;
    assert_eq!((world.count("tickets").await, lina.private.times("N° 1 · ")), (1, 1));
    let posted = staff.moussa.channel.sees("Mon écran clignote").await;
    assert_eq!(staff.moussa.channel.times("N° 1 · "), 1);

    lina.private.replies(&card, "Surtout le matin").await;
    again().await;
    let thread = staff.moussa.thread(&world, 1);
    thread.sees("Surtout le matin").await;
    assert_eq!(
        (world.count("comments").await, thread.times("Surtout le matin")),
        (1, 1)
    );

    staff.moussa.channel.presses(&posted, "Prendre").await;
    again().await;
    assert_eq!(world.tables.events(1).await, "opened commented taken");
    assert_eq!(lina.private.times("s'occupe de votre demande"), 1);
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_button_pressed_twice_on_telegram_acts_once() {
    twice(Platform::Telegram, StaffOn::TelegramGroup).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_button_pressed_twice_on_discord_acts_once() {
    twice(Platform::Discord, StaffOn::Discord).await;
}

/// Presses twice, lets it come to rest, and writes down what came of both presses.
async fn press_twice(world: &World, told: &mut Vec<String>, chair: &Chair, on: &Seen, label: &str) -> [Answer; 2] {
    let before: Vec<Seen> = chair.unread();
    let answers = chair.presses_twice(on, label).await;
    world.quiet().await;
    let news = chair.unread().into_iter().filter(|seen| !before.contains(seen));
    let first_line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let mut all: Vec<String> = answers.iter().map(|answer| first_line(&words(answer))).collect();
    // Which of two presses in the same instant comes first is nobody's business, nor whether the card or an answer does.
    all.sort();
    let mut news: Vec<String> = news.map(|seen| format!("+ {}", first_line(&seen.text))).collect();
    news.sort();
    all.extend(news);
    told.push(format!("[{label}]\n  {}", all.join("\n  ")));
    answers
}

async fn twice(learner_on: Platform, staff_on: StaffOn) {
    let world = World::open().await;
    let staff = office(&world, staff_on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
    let mut told = Vec::new();
    let lina = &lina.private;
    let (moussa, fatou) = (&staff.moussa.channel, &staff.fatou.channel);

    lina.says("Mon écran clignote").await;
    let draft = lina.sees("Urgence").await;
    for label in ["Catégorie", "Réseau", "Urgence", "Haute", "Envoyer"] {
        press_twice(&world, &mut told, lina, &draft, label).await;
    }
    assert_eq!(world.count("tickets").await, 1);
    lina.says("Et la souris saute").await;
    let draft = lina.sees("Et la souris saute").await;
    press_twice(&world, &mut told, lina, &draft, "Ajouter au n° 1").await;
    lina.says("Rien, pardon").await;
    let draft = lina.sees("Rien, pardon").await;
    for label in ["Annuler", "Nouvelle demande"] {
        press_twice(&world, &mut told, lina, &draft, label).await;
    }
    assert_eq!((world.count("tickets").await, world.count("comments").await), (1, 1));

    let card = moussa.sees("Mon écran clignote").await;
    for label in ["Prendre", "Détails", "Rendre à l'équipe", "Prendre"] {
        press_twice(&world, &mut told, moussa, &card, label).await;
    }
    for (label, report) in [
        ("Demander une précision", "Quel modèle ?"),
        ("Résoudre", "Câble changé."),
    ] {
        press_twice(&world, &mut told, moussa, &card, label).await;
        fills(moussa, label, report).await;
        world.quiet().await;
    }
    let report = lina.sees("Câble changé.").await;
    press_twice(&world, &mut told, lina, &report, "Toujours en panne").await;
    fills(lina, "Toujours en panne", "Cela recommence").await;
    world.quiet().await;
    moussa.presses_and_writes(&card, "Résoudre", "Écran changé.").await;
    let report = lina.sees("Écran changé.").await;
    press_twice(&world, &mut told, lina, &report, "C'est réglé").await;
    press_twice(&world, &mut told, fatou, &card, "Détails").await;
    assert_eq!(
        world.tables.events(1).await,
        "opened commented taken released taken asked resolved reopened resolved confirmed"
    );
    world.tables.all_went_well().await;
    insta::with_settings!({ snapshot_suffix => format!("{learner_on:?}") }, {
        insta::assert_snapshot!("twice", told.join("\n"));
    });
}

/// Writes what the button asked for: in the form that stands open, or in reply to the newest question.
async fn fills(chair: &Chair, label: &str, text: &str) {
    if matches!(chair.seat, crate::harness::AnySeat::Discord(_)) {
        chair.submits(&[("Message", text)]).await;
    } else {
        let question = chair.sees_question(label).await;
        chair.replies(&question, text).await;
    }
}
