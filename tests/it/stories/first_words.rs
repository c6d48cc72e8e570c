//! Whoever edits the message with which they opened a ticket changes the draft, and the ticket while it waits.

use guichet::domain::account::Role;
use guichet::domain::language::Language;
use guichet::domain::platform::Platform;

use crate::harness::{Learner, StaffOn, World, link, office};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_words_are_followed_until_somebody_has_the_ticket() {
    for (on, staff_on) in [
        (Platform::Telegram, StaffOn::Discord),
        (Platform::Discord, StaffOn::TelegramTopics),
        (Platform::Discord, StaffOn::Discord),
        (Platform::Telegram, StaffOn::TelegramGroup),
    ] {
        for language in [Language::Fr, Language::En] {
            are_followed(on, staff_on, language).await;
        }
    }
}

async fn are_followed(on: Platform, staff_on: StaffOn, language: Language) {
    let mut world = World::open().await;
    let staff = office(&world, staff_on, language.code()).await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", on, language.code(), Role::Learner).await;
    let here = &lina.private;
    let label = |id: &str| language.say(id, &[]);
    world.script.forget();
    let said = here.says("Mon chargeur de marche plus").await;
    here.sees("Mon chargeur de marche plus").await;
    here.edits(said, "Mon chargeur ne marche plus");
    let draft = here.sees("Mon chargeur ne marche plus").await;
    here.presses(&draft, &label("button-send")).await;
    let own = here.sees("1 · Mon chargeur ne marche plus").await;
    let card = staff.moussa.channel.sees("1 · Mon chargeur ne marche plus").await;
    world.quiet().await;

    here.edits(said, "Mon chargeur ne marche plus du tout");
    let changed = staff.moussa.channel.sees("plus du tout").await;
    assert_eq!(changed.message_id, card.message_id);
    here.looks_at(&own, "plus du tout").await;
    staff.moussa.private.uses("history", &[("number", "1")]).await;
    staff.moussa.private.sees("plus du tout").await;
    world.quiet().await;

    staff.moussa.channel.presses(&changed, &label("button-take")).await;
    here.sees("Moussa Sarr").await;
    here.edits(said, "Finalement si");
    let late = [
        ("number", "1".into()),
        ("title", "Mon chargeur ne marche plus du tout".into()),
        ("status", "in_progress".into()),
    ];
    let told = here.sees(&language.say("opening-stays", &late)).await;
    here.presses_and_writes(&told, &label("button-add"), "Il marche").await;
    staff.moussa.thread(&world, 1).sees("Il marche").await;
    assert_eq!(staff.moussa.channel.times("Finalement si"), 0);
    world.quiet().await;
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}_to_{staff_on:?}_{}", language.code()) }, {
        insta::assert_snapshot!("first_words", world.script.text());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_all_of_it_changes_nothing() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let here = &lina.private;
    // With a second message, neither is all of the draft.
    let said = here.says("Le wifi tombe").await;
    here.sees("Le wifi tombe").await;
    here.says("Salle 12").await;
    let draft = here.sees("Salle 12").await;
    here.edits(said, "Le wifi tient");
    world.quiet().await;
    here.presses(&draft, "Envoyer").await;
    here.sees("1 · Le wifi tombe").await;
    here.edits(said, "Le wifi revient");
    world.quiet().await;
    for words in ["Le wifi tient", "Le wifi revient"] {
        assert_eq!(staff.moussa.channel.times(words), 0);
    }

    // A title that was given stays, and so does a description that somebody changed since.
    let said = here.says("Plus de son").await;
    let draft = here.sees("Plus de son").await;
    here.presses(&draft, "Envoyer").await;
    let own = here.sees("2 · Plus de son").await;
    here.presses(&own, "Modifier").await;
    let which = here.sees("changer").await;
    here.presses(&which, "Titre").await;
    here.sees("titre").await;
    here.says("Haut-parleurs muets").await;
    here.sees("Haut-parleurs muets").await;
    here.edits(said, "Plus de son depuis lundi");
    let card = staff.moussa.channel.sees("depuis lundi").await;
    assert!(card.text.contains("2 · Haut-parleurs muets"), "{card:?}");
    staff
        .moussa
        .private
        .uses("describe", &[("number", "2"), ("text", "Plus de son, salle 12")])
        .await;
    staff.moussa.channel.sees("salle 12").await;
    here.edits(said, "Plus de son depuis mardi");
    let told = here.sees("décrit autrement").await;
    assert!(told.buttons.iter().any(|label| label == "Ajouter"), "{told:?}");
    // Of what is closed, a follow-up is offered.
    here.uses("cancel", &[("number", "2")]).await;
    let sure = here.sees("Annuler la demande").await;
    here.presses(&sure, "Oui, l'annuler").await;
    world.quiet().await;
    here.edits(said, "Plus de son depuis mercredi");
    let told = here.sees("clôturé").await;
    assert!(told.buttons.iter().any(|label| label == "Ouvrir une suite"), "{told:?}");
    assert_eq!(staff.moussa.channel.times("depuis mardi"), 0);
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_asked_goes_on_when_the_draft_changes() {
    let world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let here = &lina.private;
    let said = here.says("Le wifi tombe").await;
    let draft = here.sees("Le wifi tombe").await;
    here.presses(&draft, "Modifier").await;
    here.sees("titre").await;
    here.edits(said, "Le wifi tombe depuis lundi");
    world.quiet().await;
    here.says("Wifi").await;
    here.sees("Le wifi tombe depuis lundi").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_whoever_wrote_them_changes_the_first_words() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let said = lina.private.says("Le wifi tombe").await;
    let draft = lina.private.sees("Le wifi tombe").await;
    lina.private.presses(&draft, "Envoyer").await;
    lina.private.sees("N° 1 · Le wifi tombe").await;
    staff.moussa.channel.sees("N° 1 · Le wifi tombe").await;
    // The chat is somebody else's now.
    world
        .tables
        .change("UPDATE identities SET account_id = NULL WHERE display_name LIKE 'Lina%'")
        .await;
    let code = world.create("Omar Fall", "omar@exemple.org", Role::Technician).await;
    link(&lina.private, &code, "fr").await;
    lina.private.edits(said, "Le wifi tient");
    world.quiet().await;
    assert_eq!(staff.moussa.channel.times("Le wifi tient"), 0);
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_asked_who_they_are_may_still_change_what_they_wrote() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::new(&world, "Lina", Platform::Telegram, "fr");
    let said = lina.private.says("Mon chageur est mort").await;
    lina.private.sees("Quel est votre nom").await;
    lina.private.edits(said, "Mon chargeur est mort");
    lina.private.says("Lina Ndiaye").await;
    lina.private.sees("e-mail").await;
    lina.private.says("lina@exemple.org").await;
    let draft = lina.private.sees("Mon chargeur est mort").await;
    lina.private.presses(&draft, "Envoyer").await;
    staff.moussa.channel.sees("1 · Mon chargeur est mort").await;
    world.tables.all_went_well().await;
}
