//! Canned replies: an admin keeps them, staff send them, and nothing goes out unseen.

use guichet::domain::account::Role;
use guichet::domain::permission::{CannedReplies, Permit};
use guichet::domain::platform::Platform;
use guichet::domain::text::{CannedName, CannedText};
use guichet::sandbox::{Answer, Seen};
use guichet::store::canned;

use super::free_fields::{inputs, is_blank, most, refusal};
use crate::harness::{Chair, Learner, StaffOn, World, office, words};

/// Fills what a button asks for: a form, or one question after the other.
pub(super) async fn fills(chair: &Chair, on: &Seen, label: &str, fields: &[(&str, &str, &str)]) {
    if let Answer::Form { .. } = chair.presses(on, label).await {
        let typed: Vec<_> = fields.iter().map(|(field, _, text)| (*field, *text)).collect();
        chair.submits(&typed).await;
        return;
    }
    for (_, question, text) in fields {
        chair.sees(question).await;
        chair.says(text).await;
    }
}

const NAME: (&str, &str) = ("Nom court", "Quel nom court");
const TEXT: (&str, &str) = ("Texte", "Quel texte ?");

/// An admin adds one.
async fn adds(awa: &Chair, name: &str, text: &str) {
    awa.uses("canned", &[]).await;
    let list = awa.sees("éponse").await;
    fills(
        awa,
        &list,
        "Ajouter une réponse type",
        &[(NAME.0, NAME.1, name), (TEXT.0, TEXT.1, text)],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_kept_by_an_admin_and_sent_by_staff_on_discord() {
    kept_and_sent(StaffOn::Discord, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_kept_by_an_admin_and_sent_by_staff_on_telegram() {
    kept_and_sent(StaffOn::TelegramTopics, Platform::Discord).await;
}

async fn kept_and_sent(on: StaffOn, learner_on: Platform) {
    let mut world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, "fr", Role::Learner).await;
    world
        .tables
        .change("UPDATE accounts SET name = 'Lina {title} <b>*N*</b>' WHERE name = 'Lina Ndiaye'")
        .await;
    let (awa, moussa) = (&staff.awa.private, &staff.moussa.private);
    world.script.forget();
    lina.opens("Le wifi {nom} ne marche plus", 1).await;
    awa.sees("Nouvelle demande :").await;

    let shown = keeps(awa, moussa, on).await;
    // Staff send one: from the details, by name, or where they are asked what to write.
    moussa.uses("take", &[("number", "1")]).await;
    let details = moussa.sees("En cours").await;
    lina.private.sees("s'occupe de votre demande").await;
    moussa.presses(&details, "Réponses types").await;
    let page = moussa.sees("Quelle réponse type pour le n° 1").await;
    moussa.presses(&page, "En cours").await;
    let preview = moussa.sees("Rien n'est encore envoyé").await;
    let filled = "Bonjour Lina {title} <b>*N*</b>, pour le n° 1 (Le wifi {nom} ne marche plus) : c'est en cours. \
                  @everyone **Moussa Sarr**";
    assert!(plain(&preview).contains(filled), "{preview:?}");
    world.quiet().await;
    assert_eq!(world.count("comments").await, 0);
    moussa.presses(&preview, "Envoyer").await;
    moussa.sees("C'est envoyé à Lina").await;
    let read = lina.private.sees("c'est en cours").await;
    assert!(plain(&read).contains(filled), "{read:?}");
    assert_eq!(world.tables.texts("SELECT kind FROM comments").await, ["comment"]);
    // Once.
    let again = moussa.forges(&preview, &send_button(1, filled)).await;
    assert!(words(&again).contains("n'attend plus d'être envoyée"), "{again:?}");

    moussa.uses("canned", &[("number", "1"), ("canned", "instant")]).await;
    moussa.sees("Encore un petit instant, Lina").await;
    // What is shown is what is sent: another one replaced it.
    moussa.uses("canned", &[("number", "1"), ("canned", "EN COURS")]).await;
    let other = moussa.sees("Rien n'est encore envoyé").await;
    let old = moussa
        .forges(
            &other,
            &send_button(1, "Encore un petit instant, Lina {title} <b>*N*</b>."),
        )
        .await;
    assert!(words(&old).contains("n'attend plus d'être envoyée"), "{old:?}");
    if let Answer::Form { fields, .. } = moussa.presses(&other, "Modifier").await {
        moussa.submits(&[(fields[0].label.as_str(), "Dit autrement")]).await;
    } else {
        let asked = moussa.sees("Pour l'instant").await;
        assert!(asked.text.contains("c'est en cours"), "{asked:?}");
        moussa.says("Dit autrement").await;
    }
    moussa.sees("C'est envoyé à Lina").await;
    lina.private.sees("Dit autrement").await;
    assert_eq!(world.count("comments").await, 2);

    if on == StaffOn::Discord {
        sends_from_channel(&staff.moussa.channel, &lina.private).await;
    }

    // One that is removed is sent no more.
    let number = "SELECT CAST(id AS SIGNED) FROM canned_replies WHERE name = 'Un instant'";
    let removed = world.tables.number(number).await;
    awa.presses(&shown, "Supprimer").await;
    let sure = awa.sees("Supprimer la réponse type « Un instant »").await;
    awa.presses(&sure, "Oui, la supprimer").await;
    awa.sees("« Un instant » est supprimée").await;
    moussa.forges(&other, &format!("canned:use:1:{removed}")).await;
    moussa.sees("n'existe plus").await;
    moussa.uses("canned", &[("canned", "instant")]).await;
    moussa.sees("Je ne trouve pas de réponse type « instant »").await;
    lina.private.uses("canned", &[]).await;
    lina.private.sees("Seuls les techniciens").await;
    world.quiet().await;
    lina.private.sees_nothing_else();
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
        insta::assert_snapshot!("canned", world.script.text());
    });
}

/// An admin adds two, and gives the second another name and text: what it is then.
async fn keeps(awa: &Chair, moussa: &Chair, on: StaffOn) -> Seen {
    // An admin keeps them; whoever does not know a variable is told which there are, and loses nothing.
    moussa.uses("canned", &[]).await;
    let none = moussa.sees("Il n'y a pas encore de réponse type").await;
    assert!(none.buttons.is_empty(), "{none:?}");
    awa.uses("canned", &[]).await;
    let list = awa.sees("Il n'y a pas encore de réponse type").await;
    let text = "Bonjour {nom}, pour le n° {numéro} ({Titre}) : c'est en cours. @everyone **{technician}**";
    fills(
        awa,
        &list,
        "Ajouter une réponse type",
        &[(NAME.0, NAME.1, "En cours"), (TEXT.0, TEXT.1, "Bonjour {prénom}")],
    )
    .await;
    let refused = awa.sees("une variable que je ne connais pas").await;
    assert!(refused.text.contains("{technicien}"), "{refused:?}");
    if on == StaffOn::Discord {
        assert!(refused.text.contains("Bonjour {prénom}"), "{refused:?}");
        awa.presses(&refused, "Corriger").await;
        awa.submits(&[(NAME.0, "En cours"), (TEXT.0, text)]).await;
    } else {
        awa.says(text).await;
    }
    let shown = awa.sees("C'est enregistré").await;
    assert!(shown.text.contains("En cours"), "{shown:?}");

    // A name is one however it is written; the text that came with it is kept.
    adds(awa, "EN COURS", "Encore un instant").await;
    let taken = awa.sees("s'appelle déjà « EN COURS »").await;
    if on == StaffOn::Discord {
        assert!(taken.text.contains("Encore un instant"), "{taken:?}");
        awa.presses(&taken, "Corriger").await;
        awa.submits(&[(NAME.0, "Patience"), (TEXT.0, "Encore un instant")])
            .await;
    } else {
        awa.says("Patience").await;
    }
    let shown = awa.sees("C'est enregistré").await;
    assert!(shown.text.contains("Encore un instant"), "{shown:?}");
    fills(awa, &shown, "Changer le nom", &[(NAME.0, NAME.1, "en cours")]).await;
    let taken = awa.sees("s'appelle déjà « en cours »").await;
    if on == StaffOn::Discord {
        awa.presses(&taken, "Corriger").await;
        awa.submits(&[(NAME.0, "Un instant")]).await;
    } else {
        awa.says("Un instant").await;
    }
    let shown = awa.sees("C'est enregistré").await;
    fills(
        awa,
        &shown,
        "Changer le texte",
        &[(TEXT.0, TEXT.1, "Encore {un} instant")],
    )
    .await;
    let refused = awa.sees("une variable que je ne connais pas").await;
    if on == StaffOn::Discord {
        awa.presses(&refused, "Corriger").await;
        awa.submits(&[(TEXT.0, "Encore un petit instant, {nom}.")]).await;
    } else {
        awa.says("Encore un petit instant, {nom}.").await;
    }
    awa.sees("petit instant").await
}

/// Where only they see it, in the team's channel, a reply is seen and sent too, or said in other words.
async fn sends_from_channel(channel: &Chair, lina: &Chair) {
    channel.uses("canned", &[("number", "1"), ("canned", "instant")]).await;
    let preview = channel.sees("Rien n'est encore envoyé").await;
    channel.told(&preview, "Envoyer", "C'est envoyé à Lina").await;
    lina.sees("Encore un petit instant, Lina").await;
    channel.told(&preview, "Envoyer", "n'attend plus d'être envoyée").await;
    channel.uses("canned", &[("number", "1"), ("canned", "instant")]).await;
    let preview = channel.sees("Rien n'est encore envoyé").await;
    channel.presses(&preview, "Modifier").await;
    channel.submits(&[("Message", "Depuis le salon")]).await;
    lina.sees("Depuis le salon").await;
}

/// What is read there: on Telegram a mark that nobody sees keeps words from mentioning anybody.
fn plain(seen: &Seen) -> String {
    seen.text.replace('\u{2060}', "")
}

/// What the button carries that sends these words.
fn send_button(ticket: u32, shown: &str) -> String {
    format!("canned:send:{ticket}:{:08x}", crc32fast::hash(shown.as_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_chosen_in_english_where_one_is_asked_what_to_write_and_closed_meanwhile() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "en").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "en", Role::Learner)
        .await
        .private;
    world
        .tables
        .change("INSERT INTO canned_replies (name, body) VALUES ('Thanks', 'Thank you {name}: {number}, {title}. {technicien}')")
        .await;
    world.script.forget();
    lina.says("The wifi is down").await;
    let draft = lina.sees("Urgency").await;
    lina.presses(&draft, "Send").await;
    lina.sees("No. 1 · ").await;
    let moussa = &staff.moussa.private;
    staff.moussa.channel.sees("No. 1 · ").await;
    moussa.says("/take 1").await;
    moussa.sees("In progress").await;
    lina.sees("is taking care of your request").await;
    moussa.says("/reply 1").await;
    let asked = moussa.sees("What would you like to add").await;
    moussa.presses(&asked, "Canned replies").await;
    let page = moussa.sees("Which canned reply for no. 1").await;
    moussa.presses(&page, "Thanks").await;
    let preview = moussa.sees("Nothing is sent yet").await;
    assert!(
        preview
            .text
            .contains("Thank you Lina Ndiaye: 1, The wifi is down. Moussa Sarr"),
        "{preview:?}"
    );
    moussa.presses(&preview, "Send").await;
    moussa.sees("Sent to Lina Ndiaye").await;
    lina.sees("Thank you Lina Ndiaye").await;
    // What is asked for in the group is chosen, seen and sent in private.
    staff.moussa.channel.says("/canned 1 thanks").await;
    let page = moussa.sees("Which canned reply for no. 1").await;
    moussa.presses(&page, "Thanks").await;
    let preview = moussa.sees("Nothing is sent yet").await;
    moussa.presses(&preview, "Send").await;
    moussa.sees("Sent to Lina Ndiaye").await;
    lina.sees("Thank you Lina Ndiaye").await;
    // The preview of a ticket that is closed meanwhile is not sent, and says why.
    moussa.says("/canned 1 thanks").await;
    let preview = moussa.sees("Nothing is sent yet").await;
    lina.says("/cancel 1").await;
    let sure = lina.sees("Nobody will take care of it").await;
    lina.presses(&sure, "Yes, withdraw it").await;
    lina.sees("Closed").await;
    moussa.presses(&preview, "Send").await;
    moussa.sees("No. 1 is closed").await;
    assert_eq!(world.count("comments").await, 2);
    world.tables.all_went_well().await;
    world.close().await;
    insta::assert_snapshot!("canned_in_english", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_there_are_pages_and_of_two_of_one_name_at_once_there_is_one() {
    let mut world = World::open().await;
    let awa = Learner::with_role(&world, "Awa Diop", Platform::Telegram, "fr", Role::Admin)
        .await
        .private;
    let add = async |name: &str| {
        let names = (CannedName::parse(name).unwrap(), CannedText::parse("Bonjour").unwrap());
        let added = world.store.transact(&names, |tx, (name, text)| {
            Box::pin(async move { canned::insert(tx, Permit::<CannedReplies>::of_the_operator(), name, text).await })
        });
        added.await.expect("an answer").is_some()
    };
    for number in 0..10 {
        let (lower, upper) = (format!("réponse {number}"), format!("REPONSE {number}"));
        let (first, second) = tokio::join!(add(&lower), add(&upper));
        assert!(first != second, "{first} {second}");
    }
    awa.uses("canned", &[]).await;
    let page = awa.sees("Réponses types").await;
    assert_eq!(page.buttons.len(), 10, "{page:?}");
    awa.presses(&page, "Suivantes").await;
    let page = awa.sees("Réponses types").await;
    assert_eq!(page.buttons.len(), 4, "{page:?}");
    awa.presses(&page, "Précédentes").await;
    awa.sees("Réponses types").await;
    assert_eq!(world.count("canned_replies").await, 10);
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_as_a_name_or_a_text_is_kept_or_refused_kindly_and_shown_whole() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let awa = Learner::with_role(&world, "Awa Diop", on, "fr", Role::Admin)
            .await
            .private;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        lina.opens("Le wifi ne marche plus", 1).await;
        awa.sees("Nouvelle demande :").await;
        let long = format!("{}{}", "titre : {titre} ".repeat(60), "\u{202E}🙂");
        for input in inputs(most(on)).into_iter().chain([long]) {
            for (is_name, why) in [
                (true, refusal(&CannedName::parse(&input))),
                (false, refusal(&CannedText::parse(&input))),
            ] {
                let most = if is_name { CannedName::MAX } else { CannedText::MAX };
                // The application takes no more.
                if on == Platform::Discord && input.chars().count() > most {
                    continue;
                }
                world.tables.change("DELETE FROM canned_replies").await;
                let (name, text) = if is_name {
                    (input.as_str(), "Bonjour")
                } else {
                    ("Nom", input.as_str())
                };
                awa.uses("canned", &[]).await;
                let list = awa.sees("Il n'y a pas encore").await;
                if let Answer::Form { .. } = awa.presses(&list, "Ajouter").await {
                    awa.submits(&[(NAME.0, name), (TEXT.0, text)]).await;
                } else {
                    awa.sees(NAME.1).await;
                    awa.says(name).await;
                    if !is_name || why.is_none() {
                        awa.sees(TEXT.1).await;
                        awa.says(text).await;
                    }
                }
                if let Some(why) = why {
                    let blank = on == Platform::Telegram && is_blank(&input);
                    awa.sees(if blank { "Je ne sais pas encore lire" } else { why }).await;
                    awa.says("/annuler").await;
                    awa.sees("C'est annulé").await;
                    continue;
                }
                awa.sees("C'est enregistré").await;
                let kept = world
                    .tables
                    .texts("SELECT name FROM canned_replies UNION ALL SELECT body FROM canned_replies")
                    .await;
                let (name, text) = (CannedName::parse(name).unwrap(), CannedText::parse(text).unwrap());
                assert_eq!(kept, [name.as_str(), text.as_str()]);
                // Shown whole before it is sent, or not sent.
                awa.uses("canned", &[("number", "1"), ("canned", name.as_str())]).await;
                let preview = awa.sees("n° 1 (").await;
                if text.as_str().contains("{titre}") {
                    assert!(preview.text.contains("le maximum est"), "{preview:?}");
                    continue;
                }
                awa.presses(&preview, "Envoyer").await;
                awa.sees("C'est envoyé à Lina").await;
                let newest = "SELECT body FROM comments ORDER BY id DESC LIMIT 1";
                assert_eq!(world.tables.texts(newest).await, [text.as_str()]);
            }
        }
        world.tables.all_went_well().await;
        world.close().await;
    }
}
