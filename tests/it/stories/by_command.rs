//! What has a button, done by command: a title, a description, a follow-up, and what becomes of a deleted ticket.

use guichet::chat::grammar::Command;
use guichet::domain::account::Role;
use guichet::domain::language::Language;
use guichet::domain::platform::Platform;
use guichet::sandbox::{Answer, Seen};

use crate::harness::{Chair, Learner, Office, StaffOn, World, office};

/// What everybody does in their language.
#[derive(Clone, Copy)]
struct Tongue(Language);

impl Tongue {
    fn label(self, id: &str) -> String {
        self.0.say(id, &[])
    }

    /// A sentence about a ticket, as far as nothing else is filled in.
    fn about(self, sentence: &str, number: &str) -> String {
        let args = ["title", "name", "ago", "field"].map(|name| (name, "|".into()));
        let args = [&args[..], &[("number", number.into())]].concat();
        let said = self.0.say(sentence, &args);
        let longest = said.split('|').max_by_key(|part| part.len()).expect("some words");
        longest.trim_matches(['(', ')', ' ']).to_owned()
    }

    /// Uses a command by the name that people of this language type.
    async fn uses(self, chair: &Chair, command: Command, number: &str, words: &str) -> Answer {
        let name = match chair.platform() {
            Platform::Telegram => command.name(self.0),
            Platform::Discord => command.code(),
        };
        let number = ("number", number);
        if words.is_empty() {
            chair.uses(name, &[number]).await
        } else {
            chair.uses(name, &[number, ("text", words)]).await
        }
    }

    /// The same, and reads this sentence about the ticket.
    async fn hears(self, chair: &Chair, (command, number, words): (Command, &str, &str), sentence: &str) -> Seen {
        self.uses(chair, command, number, words).await;
        chair.sees(&self.about(sentence, number)).await
    }

    /// Writes what a command without words asks for, in its form or in answer to its question.
    async fn is_asked(self, chair: &Chair, (command, number): (Command, &str), question: &str, words: &str) {
        if let Answer::Form { fields, .. } = self.uses(chair, command, number, "").await {
            chair.submits(&[(fields[0].label.as_str(), words)]).await;
        } else {
            chair.sees(&self.about(question, number)).await;
            chair.says(words).await;
        }
    }
}

/// A ticket, from its first title to its end.
struct Story {
    world: World,
    staff: Office,
    lina: Learner,
    tongue: Tongue,
}

impl Story {
    async fn begins(on: StaffOn, learner_on: Platform, language: Language) -> Self {
        let world = World::open().await;
        let staff = office(&world, on, language.code()).await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language.code(), Role::Learner).await;
        let tongue = Tongue(language);
        let there = &lina.private;
        there.says("Le wifi ne marche plus").await;
        let draft = there.sees(&tongue.label("button-urgency")).await;
        there.presses(&draft, &tongue.label("button-send")).await;
        there.sees("1 · ").await;
        Self {
            world,
            staff,
            lina,
            tongue,
        }
    }

    /// While it waits, whoever asked changes it; there is nothing to follow up, to restore or to erase.
    async fn changes_while_it_waits(&self) {
        let (lina, moussa, awa, tongue) = (
            &self.lina.private,
            &self.staff.moussa.private,
            &self.staff.awa.private,
            self.tongue,
        );
        let title = (Command::Title, "1", "Le wifi de la salle 12");
        tongue.hears(lina, title, "done-changed").await;
        let describe = (Command::Describe, "1");
        tongue
            .is_asked(lina, describe, "question-describe", "Plus rien depuis lundi")
            .await;
        lina.sees(&tongue.about("done-changed", "1")).await;
        tongue
            .hears(lina, (Command::FollowUp, "1", ""), "refused-not-closed")
            .await;
        for command in [Command::Restore, Command::Purge] {
            tongue.hears(lina, (command, "1", ""), "refused-admin-only").await;
            tongue.hears(moussa, (command, "1", ""), "refused-admin-only").await;
            tongue.hears(awa, (command, "1", ""), "refused-not-deleted").await;
            tongue.hears(lina, (command, "41", ""), "refused-not-found").await;
        }
    }

    /// Once somebody has it, the team alone does; what is no title is asked for again.
    async fn changes_while_it_is_worked_on(&self) {
        let (lina, moussa, tongue) = (&self.lina.private, &self.staff.moussa.private, self.tongue);
        tongue.uses(moussa, Command::Take, "1", "").await;
        lina.sees("Moussa Sarr").await;
        let refused = tongue
            .hears(lina, (Command::Title, "1", "Wifi"), "refused-in-hand")
            .await;
        assert_eq!(
            refused.text.ends_with("Wifi"),
            lina.platform() == Platform::Discord,
            "{refused:?}"
        );
        let wrong = tongue.hears(moussa, (Command::Title, "1", "?!"), "text-no-words").await;
        if moussa.platform() == Platform::Discord {
            moussa.presses(&wrong, &tongue.label("button-correct")).await;
            let field = tongue.label("field-title");
            moussa.submits(&[(&field, "Wifi de la salle 12")]).await;
        } else {
            moussa.says("Wifi de la salle 12").await;
        }
        moussa.sees(&tongue.about("done-changed", "1")).await;
        let thread = self.staff.moussa.thread(&self.world, 1);
        thread
            .uses(Command::Describe.code(), &[("text", "La borne clignote")])
            .await;
        thread.catches_up();
        self.world.quiet().await;
        assert_eq!(
            self.world
                .tables
                .texts("SELECT CONCAT(title, ': ', description) FROM tickets")
                .await,
            ["Wifi de la salle 12: La borne clignote"]
        );
    }

    /// What is closed changes no more, and goes on in another.
    async fn goes_on(&self) {
        let (lina, moussa, tongue) = (&self.lina.private, &self.staff.moussa.private, self.tongue);
        tongue.uses(moussa, Command::Resolve, "1", "Borne remplacée").await;
        lina.sees("Borne remplacée").await;
        tongue.uses(lina, Command::Close, "1", "").await;
        self.world.quiet().await;
        for command in [Command::Title, Command::Describe] {
            for words in ["", "?!", "Autre chose"] {
                tongue.hears(moussa, (command, "1", words), "refused-closed").await;
            }
        }
        let draft = tongue
            .hears(lina, (Command::FollowUp, "1", "Encore en panne"), "follows")
            .await;
        assert!(draft.text.contains("Encore en panne"), "{draft:?}");
        lina.presses(&draft, &tongue.label("button-send")).await;
        lina.sees("2 · ").await;
        // The team goes on in her name.
        let draft = tongue
            .hears(moussa, (Command::FollowUp, "1", "Il manque un câble"), "follows")
            .await;
        assert!(
            draft.text.contains("Il manque un câble") && draft.text.contains("Lina Ndiaye"),
            "{draft:?}"
        );
        moussa.presses(&draft, &tongue.label("button-send")).await;
        moussa.sees(&tongue.about("done-opened-for", "3")).await;
        if lina.platform() == Platform::Discord {
            tongue.uses(lina, Command::FollowUp, "1", "").await;
            let field = tongue.label("field-title");
            lina.submits(&[(&field, "Et l'imprimante")]).await;
        } else {
            tongue.hears(lina, (Command::FollowUp, "1", ""), "follow-write").await;
            lina.says("Et l'imprimante").await;
            let draft = lina.sees("Et l'imprimante").await;
            lina.presses(&draft, &tongue.label("button-send")).await;
        }
        lina.sees("4 · ").await;
        assert_eq!(
            self.world
                .tables
                .texts("SELECT CONCAT(ticket_id, ' ', kind, ' ', other_id) FROM ticket_links ORDER BY ticket_id")
                .await,
            ["2 follows 1", "3 follows 1", "4 follows 1"]
        );
    }

    /// What is deleted is there for admins alone, who bring it back, or erase it once they have said that they mean it.
    async fn is_removed(&self) {
        let (lina, moussa, awa, tongue) = (
            &self.lina.private,
            &self.staff.moussa.private,
            &self.staff.awa.private,
            self.tongue,
        );
        let sure = tongue.hears(awa, (Command::Delete, "2", ""), "delete-sure").await;
        awa.presses(&sure, &tongue.label("button-delete-yes")).await;
        awa.sees(&tongue.about("done-deleted", "2")).await;
        for command in [Command::Restore, Command::Purge] {
            for chair in [lina, moussa] {
                tongue.hears(chair, (command, "2", ""), "refused-not-found").await;
            }
            if moussa.platform() == Platform::Discord {
                let code = command.code();
                let deleted = [["🗑️", &tongue.about("number", "2"), "· Encore en panne"].join(" ")];
                assert_eq!(awa.types(code, "number", "").await, deleted);
                assert_eq!(awa.types(code, "number", "2").await, deleted);
                assert_eq!(awa.types(code, "number", "3").await, [""; 0]);
                assert_eq!(moussa.types(code, "number", "2").await, [""; 0]);
            }
        }
        tongue.hears(awa, (Command::Restore, "2", ""), "done-restored").await;
        tongue
            .hears(awa, (Command::Purge, "2", ""), "refused-not-deleted")
            .await;
        let sure = tongue.hears(awa, (Command::Delete, "2", ""), "delete-sure").await;
        awa.presses(&sure, &tongue.label("button-delete-yes")).await;
        awa.sees(&tongue.about("done-deleted", "2")).await;
        tongue.hears(awa, (Command::Purge, "2", ""), "purge-sure").await;
        assert_eq!(self.world.count("tickets").await, 4);
        let sure = tongue.hears(awa, (Command::Purge, "2", ""), "purge-sure").await;
        awa.presses(&sure, &tongue.label("button-purge-yes")).await;
        awa.sees(&tongue.about("done-purged", "2")).await;
        assert_eq!(self.world.count("tickets").await, 3);
        tongue
            .hears(awa, (Command::Restore, "2", ""), "refused-not-found")
            .await;
    }
}

async fn by_command(on: StaffOn, learner_on: Platform, language: Language) {
    let mut story = Story::begins(on, learner_on, language).await;
    story.changes_while_it_waits().await;
    story.changes_while_it_is_worked_on().await;
    story.goes_on().await;
    story.is_removed().await;
    story.world.tables.all_went_well().await;
    story.world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_a_button_is_done_by_command_on_discord_in_french() {
    by_command(StaffOn::Discord, Platform::Discord, Language::Fr).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_a_button_is_done_by_command_on_discord_in_english() {
    by_command(StaffOn::Discord, Platform::Discord, Language::En).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_a_button_is_done_by_command_on_telegram_in_french() {
    by_command(StaffOn::TelegramTopics, Platform::Telegram, Language::Fr).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_a_button_is_done_by_command_on_telegram_in_english() {
    by_command(StaffOn::TelegramTopics, Platform::Telegram, Language::En).await;
}

/// In a group everybody would read what somebody asks for.
#[tokio::test(flavor = "multi_thread")]
async fn a_follow_up_is_no_words_in_a_group_and_a_draft_in_a_channel() {
    for on in [StaffOn::TelegramGroup, StaffOn::Discord] {
        let world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        lina.opens("Le wifi ne marche plus", 1).await;
        lina.private.uses("annuler", &[("number", "1")]).await;
        let sure = lina.private.sees("Personne ne s'en occupera plus").await;
        lina.private.presses(&sure, "Oui, l'annuler").await;
        lina.private.sees("Clôturé").await;
        let words = [("number", "1"), ("text", "Un câble manque")];
        staff.moussa.channel.uses("followup", &words).await;
        if on == StaffOn::Discord {
            let draft = staff.moussa.channel.sees("Suite du n° 1").await;
            assert!(draft.text.contains("Un câble manque"), "{draft:?}");
            staff.moussa.channel.presses(&draft, "Envoyer").await;
            staff.moussa.channel.sees("est ouverte pour Lina Ndiaye").await;
        } else {
            staff.moussa.private.sees("Écrivez-moi en privé").await;
        }
        let opened = if on == StaffOn::Discord { 2 } else { 1 };
        assert_eq!(world.count("tickets").await, opened);
        world.tables.all_went_well().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_of_the_team_asked_closes_their_own_ticket_once_it_is_resolved() {
    for on in [StaffOn::Discord, StaffOn::TelegramTopics] {
        let mut world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let (moussa, fatou) = (&staff.moussa.private, &staff.fatou.private);
        moussa.says("Mon badge ne marche plus").await;
        let draft = moussa.sees("Mon badge").await;
        moussa.presses(&draft, "Envoyer").await;
        moussa.sees("N° 1 · Mon badge").await;
        let number = ("number", "1");
        fatou.uses("take", &[number]).await;
        moussa.uses("close", &[number]).await;
        moussa.sees("n'est pas résolu").await;
        fatou.uses("resolve", &[number, ("text", "Badge refait")]).await;
        moussa.sees("Badge refait").await;
        moussa.uses("close", &[number]).await;
        world
            .tables
            .until_number("SELECT COUNT(*) FROM tickets WHERE status = 'closed'", 1)
            .await;
        let done = world.tables.texts("SELECT event FROM history ORDER BY seq").await;
        assert_eq!(done.last().map(String::as_str), Some("confirmed"), "{done:?}");
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_adds_words_to_what_is_resolved_reads_that_it_stays_so() {
    for learner_on in [Platform::Discord, Platform::Telegram] {
        let mut world = World::open().await;
        let staff = office(&world, StaffOn::Discord, "fr").await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, "fr", Role::Learner).await;
        lina.opens("Le wifi ne marche plus", 1).await;
        let (lina, moussa) = (&lina.private, &staff.moussa.private);
        moussa.uses("take", &[("number", "1")]).await;
        moussa
            .uses("resolve", &[("number", "1"), ("text", "Borne changée")])
            .await;
        let report = lina.sees("Borne changée").await;
        lina.replies(&report, "Elle retombe toujours").await;
        let told = lina.sees("qui reste résolu").await;
        assert!(
            told.buttons.iter().any(|label| label == "Toujours en panne"),
            "{:?}",
            told.buttons
        );
        lina.says("Et le câble est coupé").await;
        let draft = lina.sees("Et le câble").await;
        lina.presses(&draft, "Ajouter au n° 1").await;
        let told = lina.sees("qui reste résolu").await;
        lina.presses_and_writes(&told, "Toujours en panne", "Toujours pas de réseau")
            .await;
        lina.sees("Le technicien est averti").await;
        moussa.sees("rouvre le n° 1").await;
        world.quiet().await;
        world.tables.all_went_well().await;
        world.close().await;
    }
}
