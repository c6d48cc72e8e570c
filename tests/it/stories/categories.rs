//! Categories: an admin keeps them, requests go into them, and what is retired stays where it is.

use guichet::domain::account::Role;
use guichet::domain::category::Keywords;
use guichet::domain::permission::{Categories, Permit};
use guichet::domain::platform::Platform;
use guichet::domain::text::CategoryName;
use guichet::sandbox::{Answer, Seen};
use guichet::service::categories::{Unchanged, add, set_retired};
use guichet::store::categories::list_now;

use super::canned::fills;
use super::free_fields::{inputs, is_blank, most, refusal};
use crate::harness::{Chair, Learner, StaffOn, World, office};

const FRENCH: (&str, &str) = ("Nom en français", "Comment s'appelle-t-elle en français");
const ENGLISH: (&str, &str) = ("Nom en anglais", "s'appelle-t-elle en anglais");
const KEYWORDS: (&str, &str) = ("Mots-clés, séparés par des espaces", "À quels mots");

/// An admin adds one; without keywords, where these are none.
async fn adds(awa: &Chair, french: &str, english: &str, keywords: &str) {
    awa.uses("categories", &[]).await;
    let list = awa.sees("proposées, 25 au plus").await;
    let names = [(FRENCH.0, FRENCH.1, french), (ENGLISH.0, ENGLISH.1, english)];
    if awa.platform() == Platform::Discord {
        let fields = [&names[..], &[(KEYWORDS.0, KEYWORDS.1, keywords)]].concat();
        fills(awa, &list, "Ajouter une catégorie", &fields).await;
        return;
    }
    fills(awa, &list, "Ajouter une catégorie", &names).await;
    let asked = awa.sees(KEYWORDS.1).await;
    if keywords.is_empty() {
        awa.presses(&asked, "Sans mots-clés").await;
    } else {
        awa.says(keywords).await;
    }
}

/// Corrects what was refused, and stands in the form or is asked again.
async fn corrects(awa: &Chair, refused: &Seen, field: &str, text: &str) {
    if awa.platform() == Platform::Discord {
        awa.presses(refused, "Corriger").await;
        awa.submits(&[(field, text)]).await;
    } else {
        awa.says(text).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_keeps_the_categories_on_discord() {
    kept(StaffOn::Discord, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_keeps_the_categories_on_telegram() {
    kept(StaffOn::TelegramTopics, Platform::Discord).await;
}

async fn kept(on: StaffOn, learner_on: Platform) {
    let mut world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, "fr", Role::Learner).await;
    let (awa, moussa) = (&staff.awa.private, &staff.moussa);
    world.script.forget();
    // A name is one however it is written; what else was answered is kept.
    adds(awa, "RESEAU", "Badges", "badge, Badges; porte").await;
    let taken = awa.sees("s'appelle déjà « RESEAU »").await;
    corrects(awa, &taken, FRENCH.0, "Accès").await;
    let shown = awa.sees("C'est enregistré").await;
    assert!(shown.text.contains("Mots-clés : badge porte"), "{shown:?}");

    // Whoever writes has it guessed.
    let draft = {
        lina.private.says("Mon badge n'ouvre plus la porte").await;
        lina.private.sees("Catégorie : Accès").await
    };
    lina.private.presses(&draft, "Envoyer").await;
    lina.private.sees("N° 1 · ").await;
    moussa.channel.sees("En attente · Accès").await;
    awa.sees("Nouvelle demande :").await;

    // Another name is seen wherever it stands.
    fills(awa, &shown, "Nom français", &[(FRENCH.0, FRENCH.1, "Portes & badges")]).await;
    let shown = awa.sees("C'est enregistré").await;
    lina.private.uses("show", &[("number", "1")]).await;
    lina.private.sees("En attente · Portes & badges").await;

    // Retired, it is offered no more, and stays where it is.
    awa.presses(&shown, "Retirer").await;
    let shown = awa.sees("elle n'est plus proposée").await;
    lina.private.uses("show", &[("number", "1")]).await;
    lina.private.sees("En attente · Portes & badges").await;
    lina.private.says("Le badge de Fatou non plus").await;
    let draft = lina.private.sees("Catégorie : Autre").await;
    lina.private.presses(&draft, "Catégorie").await;
    let offered = lina.private.sees("De quoi s'agit-il").await;
    assert!(!offered.buttons.contains(&"Portes & badges".to_owned()), "{offered:?}");
    let retired = "SELECT CAST(id AS SIGNED) FROM categories WHERE name_en = 'Badges'";
    let retired = world.tables.number(retired).await;
    lina.private.forges(&offered, &format!("category:{retired}")).await;
    let draft = lina.private.sees("Catégorie : Autre").await;
    lina.private.presses(&draft, "Envoyer").await;
    lina.private.sees("N° 2 · ").await;
    awa.sees("Nouvelle demande :").await;
    moussa.channel.sees("En attente · Autre").await;
    let named = [("number", "2"), ("category", "portes & badges")];
    moussa.private.uses("category", &named).await;
    let unknown = moussa.private.sees("Je ne connais pas la catégorie").await;
    assert!(
        !unknown.buttons.contains(&"Gérer les catégories".to_owned()),
        "{unknown:?}"
    );
    if learner_on == Platform::Discord {
        let named = [("category", "portes & badges")];
        let Answer::Message(told) = lina.private.uses("ticket", &named).await else {
            panic!("a form for what is not offered");
        };
        assert!(told.text.contains("laissez ce champ vide"), "{told:?}");
        lina.private.sees("laissez ce champ vide").await;
    }

    // Offered again, it is found by its name in either language.
    awa.presses(&shown, "Proposer de nouveau").await;
    let shown = awa.sees("elle est de nouveau proposée").await;
    moussa
        .private
        .uses("category", &[("number", "2"), ("category", "BADGES")])
        .await;
    moussa.private.sees("C'est changé pour le n° 2").await;
    lina.private.sees("Portes & badges, au lieu de Autre").await;

    // From a ticket's categories an admin comes to all of them.
    awa.uses("category", &[("number", "2")]).await;
    let offered = awa.sees("De quoi s'agit-il pour le n° 2").await;
    awa.presses(&offered, "Gérer les catégories").await;
    let list = awa.sees("Catégories (5 proposées").await;
    awa.presses(&list, "Logiciel").await;
    let software = awa.sees("En anglais : Software").await;
    fills(awa, &software, "Mots-clés", &[(KEYWORDS.0, KEYWORDS.1, "🔥 !")]).await;
    let refused = awa.sees("ni lettre ni chiffre").await;
    corrects(awa, &refused, KEYWORDS.0, "logiciel le la moodle").await;
    awa.sees("Mots-clés : logiciel moodle").await;
    // What is said about it as it was before somebody changed it changes nothing.
    let again = change(
        awa,
        &shown,
        "Nom anglais",
        (ENGLISH.0, "s'appelle-t-elle en anglais"),
        "Doors",
        &world,
    )
    .await;
    assert!(again.text.contains("En anglais : Badges"), "{again:?}");
    lina.private.uses("categories", &[]).await;
    lina.private.sees("Seuls les administrateurs").await;
    world.quiet().await;
    lina.private.sees_nothing_else();
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
        insta::assert_snapshot!("categories", world.script.text());
    });
}

/// Asks to change something that somebody else changes before it is said: what is shown then.
async fn change(
    awa: &Chair,
    shown: &Seen,
    label: &str,
    (field, question): (&str, &str),
    text: &str,
    world: &World,
) -> Seen {
    let is_form = matches!(awa.presses(shown, label).await, Answer::Form { .. });
    if !is_form {
        awa.sees(question).await;
    }
    world
        .tables
        .change("UPDATE categories SET version = version + 1 WHERE name_en = 'Badges'")
        .await;
    if is_form {
        awa.submits(&[(field, text)]).await;
    } else {
        awa.says(text).await;
    }
    let told = awa.sees("quelqu'un a modifié cette catégorie entre-temps").await;
    // In a form it stands nowhere else.
    assert!(!is_form || told.text.contains(text), "{told:?}");
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn categories_are_kept_in_english_too() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "en").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "en", Role::Learner)
        .await
        .private;
    world.script.forget();
    let awa = &staff.awa.private;
    // What is asked for in the group is answered in private.
    staff.awa.channel.says("/categories").await;
    let list = awa.sees("Categories (4 offered, 25 at most)").await;
    awa.presses(&list, "Add a category").await;
    awa.sees("What is it called in French").await;
    awa.says("Salles").await;
    awa.sees("And what is it called in English").await;
    awa.says("software").await;
    awa.sees("By which words").await;
    awa.says("room salle key").await;
    awa.sees("There is a category called \"software\" already").await;
    awa.says("Rooms").await;
    let shown = awa.sees("Saved.").await;
    lina.says("The key of room 12 is lost").await;
    let draft = lina.sees("Category: Rooms").await;
    awa.presses(&shown, "Retire").await;
    awa.sees("no longer offered").await;
    // A draft that was there before goes where its words say by now.
    lina.presses(&draft, "Send").await;
    lina.sees("Waiting · Other").await;
    awa.sees("New request:").await;
    staff.moussa.channel.sees("No. 1 · ").await;
    world.quiet().await;
    world.tables.all_went_well().await;
    world.close().await;
    insta::assert_snapshot!("categories_in_english", world.script.text());
}

/// Adds one by the use case.
async fn added(world: &World, french: &str, english: &str) -> Result<(), Unchanged> {
    let names = [french, english].map(|name| CategoryName::parse(name).expect("a name"));
    let done = world.store.transact(&names, |tx, [french, english]| {
        Box::pin(async move {
            let permit = Permit::<Categories>::of_the_operator();
            add(tx, permit, [french, english], &Keywords::default()).await
        })
    });
    done.await.expect("an answer").map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_twenty_five_are_offered_and_the_last_one_stays() {
    for on in [Platform::Discord, Platform::Telegram] {
        let mut world = World::open().await;
        let awa = Learner::with_role(&world, "Awa Diop", on, "fr", Role::Admin)
            .await
            .private;
        let lina = Learner::known(&world, "Lina Ndiaye", on).await;
        // Of two of one name at once there is one, and of two that would be the last there is one too.
        for number in 4..24 {
            let (lower, upper) = (format!("étage {number}"), format!("ETAGE {number}"));
            let (english, other) = (format!("floor {number}"), format!("level {number}"));
            let (first, second) = tokio::join!(added(&world, &lower, &english), added(&world, &upper, &other));
            assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
        }
        let (first, second) = tokio::join!(added(&world, "Un", "One"), added(&world, "Deux", "Two"));
        assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
        assert_eq!(added(&world, "Trois", "Three").await, Err(Unchanged::Full));
        awa.uses("categories", &[]).await;
        let list = awa.sees("25 proposées").await;
        awa.told(&list, "Ajouter une catégorie", "25 catégories sont déjà proposées")
            .await;
        // All of them can be chosen, a page at a time.
        lina.private.says("Rien de connu ici").await;
        let draft = lina.private.sees("Catégorie : Autre").await;
        lina.private.presses(&draft, "Catégorie").await;
        let mut page = lina.private.sees("De quoi s'agit-il").await;
        let mut names = Vec::new();
        loop {
            let is_name = |label: &&String| !["Retour", "Suivantes ›", "‹ Précédentes"].contains(&label.as_str());
            names.extend(page.buttons.iter().filter(is_name).cloned());
            assert!(page.buttons.contains(&"Retour".to_owned()), "{page:?}");
            if !page.buttons.contains(&"Suivantes ›".to_owned()) {
                break;
            }
            lina.private.presses(&page, "Suivantes").await;
            page = lina.private.sees("De quoi s'agit-il").await;
        }
        assert_eq!(names.len(), 25, "{names:?}");
        let name = names.last().expect("a name");
        lina.private.presses(&page, name).await;
        lina.private.sees(&format!("Catégorie : {name}")).await;
        if on == Platform::Discord {
            assert_eq!(lina.private.types("ticket", "category", "").await.len(), 25);
            assert_eq!(lina.private.types("ticket", "category", "RESE").await, ["Réseau"]);
            assert_eq!(lina.private.types("ticket", "category", "network").await, ["Réseau"]);
            let stranger = Learner::new(&world, "Eve", Platform::Discord, "en").private;
            assert_eq!(stranger.types("ticket", "category", "netw").await, ["Network"]);
        }
        lina.private.says("/annuler").await;
        lina.private.sees("rien n'a été envoyé").await;
        // So can that of a list.
        awa.uses("queue", &[]).await;
        let list = awa.sees("Aucune demande n'attend").await;
        awa.presses(&list, "Catégorie").await;
        let page = awa.sees("De quoi s'agit-il").await;
        awa.presses(&page, "Suivantes ›").await;
        let page = awa.sees("De quoi s'agit-il").await;
        awa.presses(&page, &page.buttons[0]).await;
        let list = awa.sees("ne correspond à votre choix").await;
        assert!(list.text.contains(&page.buttons[0]), "{list:?}");
        assert_eq!(all_but_one_are_retired(&world).await, 1);
        world.tables.all_went_well().await;
        world.close().await;
    }
}

/// Somebody retires all of them, two at a time: how many are refused.
async fn all_but_one_are_retired(world: &World) -> usize {
    let all = list_now(&mut world.store.look().await.expect("a view"))
        .await
        .expect("all");
    let retire = async |id| {
        let done = world.store.transact(&id, |tx, id| {
            Box::pin(async move { set_retired(tx, Permit::<Categories>::of_the_operator(), *id, true).await })
        });
        done.await.expect("an answer")
    };
    let mut refused = 0;
    for pair in all.chunks(2) {
        let (first, second) = tokio::join!(retire(pair[0].id), async {
            match pair.get(1) {
                Some(other) => retire(other.id).await,
                None => Ok(()),
            }
        });
        let last = [first, second]
            .into_iter()
            .filter(|done| *done == Err(Unchanged::LastOne));
        refused += last.count();
    }
    assert_eq!(world.count("categories WHERE retired_at IS NULL").await, 1);
    refused
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_as_a_name_or_keywords_is_kept_or_refused_kindly() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let awa = Learner::with_role(&world, "Awa Diop", on, "fr", Role::Admin)
            .await
            .private;
        for input in inputs(most(on))
            .into_iter()
            .chain(["x".repeat(501), "مرحبا\u{202E} بك".to_owned()])
        {
            for (field, why) in [
                (0, refusal(&CategoryName::parse(&input))),
                (1, refusal(&CategoryName::parse(&input))),
                (2, refusal(&Keywords::parse(&input))),
            ] {
                let most = if field < 2 { CategoryName::MAX } else { Keywords::MAX };
                // The application takes no more.
                if on == Platform::Discord && input.chars().count() > most {
                    continue;
                }
                world.tables.change("DELETE FROM categories WHERE id > 4").await;
                let mut typed = ["Salles", "Rooms", "salle clé"];
                typed[field] = &input;
                awa.uses("categories", &[]).await;
                let list = awa.sees("proposées, 25 au plus").await;
                if let Answer::Form { .. } = awa.presses(&list, "Ajouter une catégorie").await {
                    awa.submits(&[(FRENCH.0, typed[0]), (ENGLISH.0, typed[1]), (KEYWORDS.0, typed[2])])
                        .await;
                } else {
                    let questions = [FRENCH.1, ENGLISH.1, KEYWORDS.1];
                    for (question, text) in questions.iter().zip(typed).take(field + 1) {
                        awa.sees(question).await;
                        awa.says(text).await;
                    }
                    let blank = is_blank(&input);
                    if why.is_none() && !blank {
                        for (question, text) in questions.iter().zip(typed).skip(field + 1) {
                            awa.sees(question).await;
                            awa.says(text).await;
                        }
                    }
                    if blank {
                        awa.sees("Je ne sais pas encore lire").await;
                        awa.says("/annuler").await;
                        awa.sees("C'est annulé").await;
                        continue;
                    }
                }
                if let Some(why) = why {
                    awa.sees(why).await;
                    awa.says("/annuler").await;
                    awa.sees("C'est annulé").await;
                    continue;
                }
                awa.sees("C'est enregistré").await;
                let kept = "SELECT CONCAT_WS('|', name_fr, name_en, keywords) FROM categories WHERE id > 4";
                let [french, english] = [typed[0], typed[1]].map(|name| CategoryName::parse(name).unwrap());
                let keywords = Keywords::parse(typed[2]).unwrap();
                assert_eq!(
                    world.tables.texts(kept).await,
                    [format!("{french}|{english}|{keywords}")]
                );
                // Shown on buttons and cards as it is.
                awa.uses("categories", &[]).await;
                awa.sees("Catégories (5 proposées").await;
            }
        }
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_earlier_tickets_were_about_tells_where_no_keyword_does() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let moussa = &staff.moussa.private;
    for number in 1..=3 {
        let learner = Learner::known(&world, &format!("Learner {number}"), Platform::Telegram).await;
        learner.private.says("Le portillon reste fermé").await;
        let draft = learner.private.sees("Catégorie : Autre").await;
        learner.private.presses(&draft, "Envoyer").await;
        learner.private.sees(&format!("N° {number} · ")).await;
        let number = number.to_string();
        moussa
            .uses("category", &[("number", &number), ("category", "Matériel")])
            .await;
        moussa.sees("Matériel").await;
    }
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Discord).await;
    lina.private.says("Encore un portillon").await;
    lina.private.sees("Catégorie : Matériel").await;
}
