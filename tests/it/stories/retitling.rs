//! Two people give the same ticket another title at the same instant: each is heard, one after the other, and what is shown
//! is what the last of them said.

use guichet::domain::platform::Platform;
use guichet::sandbox::{Answer, Seen};

use crate::harness::{Chair, Learner, StaffOn, World, office};

/// How often they do.
const ROUNDS: u32 = 5;

/// Is asked for another title, with what it is called now.
async fn asks(chair: &Chair, on: &Seen) {
    if !matches!(chair.forges(on, "retitle:1").await, Answer::Form { .. }) {
        chair.sees("n° 1 ?").await;
    }
}

async fn answers(chair: &Chair, title: &str) {
    match chair.platform() {
        Platform::Discord => drop(chair.submits(&[("Titre", title)]).await),
        Platform::Telegram => drop(chair.says(title).await),
    }
}

/// Both have read the same title before either writes.
async fn both_write(world: &World, both: [(&Chair, &Seen); 2], titles: [&str; 2]) {
    for (chair, seen) in both {
        asks(chair, seen).await;
    }
    let [(one, _), (two, _)] = both;
    tokio::join!(answers(one, titles[0]), answers(two, titles[1]));
    for (chair, _) in both {
        chair.sees("C'est changé pour le n° 1").await;
    }
    world.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_titles_at_once_both_are_kept_and_the_last_is_shown_everywhere() {
    for (learner_on, on) in [
        (Platform::Telegram, StaffOn::Discord),
        (Platform::Discord, StaffOn::TelegramTopics),
        (Platform::Discord, StaffOn::Discord),
        (Platform::Telegram, StaffOn::TelegramTopics),
    ] {
        let mut world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
        let own = lina.opens("Le wifi tombe", 1).await;
        let (moussa, fatou, lina) = (&staff.moussa.private, &staff.fatou.private, &lina.private);
        let mut shown = Vec::new();
        for chair in [moussa, fatou] {
            chair.uses("show", &[("number", "1")]).await;
            shown.push(chair.sees("N° 1 · ").await);
        }
        for round in 0..ROUNDS {
            let titles = [format!("Borne éteinte {round}"), format!("Wifi de la salle {round}")];
            let titles = titles.each_ref().map(String::as_str);
            // Of the team, or one of them whoever asked.
            let second = if round % 2 == 0 {
                (fatou, &shown[1])
            } else {
                (lina, &own)
            };
            both_write(&world, [(moussa, &shown[0]), second], titles).await;
            let changes = "SELECT CONCAT_WS(' > ', detail_before, detail_after) FROM history
                           WHERE event = 'retitled' ORDER BY seq DESC LIMIT 2";
            let changes = world.tables.texts(changes).await;
            let [last, first] = &changes[..] else {
                panic!("{changes:?}")
            };
            let title = world.tables.texts("SELECT title FROM tickets").await.remove(0);
            let other = titles.iter().find(|one| **one != title).expect("the other title");
            assert_eq!(*last, format!("{other} > {title}"));
            assert!(first.ends_with(&format!("> {other}")), "{changes:?}");
            let heading = format!("N° 1 · {title}");
            assert!(staff.moussa.channel.history().contains(&heading), "{heading}");
            let card = "SELECT CAST(message_id AS SIGNED) FROM own_cards";
            let card = lina.stands(world.tables.number(card).await).expect("her card");
            assert!(card.text.contains(&heading), "{card:?}");
            // Nobody's words are lost: the team reads both in the thread.
            let thread = staff.moussa.thread(&world, 1).history();
            assert!(titles.iter().all(|title| thread.contains(title)), "{thread}");
        }
        assert_eq!(
            world.tables.events(1).await.matches("retitled").count(),
            2 * ROUNDS as usize
        );
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_say_the_same_one_changes_it_and_the_other_reads_that_it_is_so() {
    for on in [StaffOn::Discord, StaffOn::TelegramTopics] {
        let mut world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        lina.opens("Le wifi tombe", 1).await;
        let (moussa, fatou) = (&staff.moussa.private, &staff.fatou.private);
        for chair in [moussa, fatou] {
            chair.uses("show", &[("number", "1")]).await;
            let shown = chair.sees("N° 1 · ").await;
            asks(chair, &shown).await;
        }
        tokio::join!(answers(moussa, "Borne éteinte"), answers(fatou, "Borne éteinte"));
        let told = [
            moussa.sees("n° 1 (Borne éteinte)").await,
            fatou.sees("n° 1 (Borne éteinte)").await,
        ];
        let times = |words: &str| told.iter().filter(|told| told.text.contains(words)).count();
        assert_eq!((times("C'est changé"), times("C'était déjà ainsi")), (1, 1), "{told:?}");
        world.quiet().await;
        assert_eq!(world.tables.events(1).await, "opened retitled");
        world.tables.all_went_well().await;
        world.close().await;
    }
}
