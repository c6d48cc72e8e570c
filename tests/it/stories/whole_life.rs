//! The whole life of a ticket, paragraph by paragraph, on each pair of platforms and in both languages: the same story,
//! whose snapshots are what people read, and with it what it takes to open, to take and to resolve one.

use guichet::domain::account::Role;
use guichet::domain::language::Language;
use guichet::domain::platform::Platform;
use guichet::sandbox::{Answer, Seen};

use crate::harness::{Chair, Learner, Office, StaffOn, World, office};

#[tokio::test(flavor = "multi_thread")]
async fn from_discord_to_discord() {
    lives(StaffOn::Discord, Platform::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_telegram_to_discord() {
    lives(StaffOn::Discord, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_discord_to_telegram() {
    lives(StaffOn::TelegramTopics, Platform::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_telegram_to_telegram() {
    lives(StaffOn::TelegramTopics, Platform::Telegram).await;
}

/// Where the group has no topics, the team answers below the card.
#[tokio::test(flavor = "multi_thread")]
async fn from_discord_to_a_telegram_group_without_topics() {
    lives(StaffOn::TelegramGroup, Platform::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_telegram_to_a_telegram_group_without_topics() {
    lives(StaffOn::TelegramGroup, Platform::Telegram).await;
}

async fn lives(on: StaffOn, learner_on: Platform) {
    for language in [Language::Fr, Language::En] {
        let mut world = World::open().await;
        let staff = office(&world, on, language.code()).await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language.code(), Role::Learner).await;
        world.script.forget();
        let story = Story {
            world: &world,
            staff: &staff,
            lina: &lina.private,
            language,
        };
        let (own, card) = story.opening().await;
        story.finding().await;
        story.work(&own, &card).await;
        story.exchange().await;
        story.telling().await;
        let closed = story.closing().await;
        let rated = story.rating(&closed).await;
        story.afterwards(&rated).await;
        world.quiet().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{learner_on:?}_to_{on:?}_{}", language.code()) }, {
            insta::assert_snapshot!("lives", world.script.text());
        });
    }
}

/// What somebody did so far, other than read.
fn deeds(world: &World, name: &str) -> Vec<String> {
    let text = world.script.text();
    let deeds = ["says", "presses", "uses", "fills", "replies"];
    let of_them = text.lines().filter(|line| line.starts_with(name));
    let doings = of_them.filter(|line| deeds.iter().any(|deed| line.contains(&format!(") {deed}"))));
    doings.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_and_a_tap_make_a_ticket_which_a_tap_takes_and_a_tap_and_a_report_resolve() {
    for on in [StaffOn::Discord, StaffOn::TelegramTopics] {
        for learner_on in [Platform::Discord, Platform::Telegram] {
            let mut world = World::open().await;
            let staff = office(&world, on, "fr").await;
            let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, "fr", Role::Learner).await;
            let channel = &staff.moussa.channel;
            world.script.forget();
            lina.private.says("Mon chargeur ne marche plus").await;
            let draft = lina.private.sees("Mon chargeur ne marche plus").await;
            lina.private.presses(&draft, "Envoyer").await;
            lina.private.sees("N° 1 · Mon chargeur ne marche plus").await;
            let card = channel.sees("N° 1 · Mon chargeur ne marche plus").await;
            assert_eq!(deeds(&world, "Lina").len(), 2, "{}", world.script.text());
            assert_eq!(deeds(&world, "Moussa"), [""; 0]);
            channel.presses(&card, "Prendre").await;
            let card = channel.sees("En cours").await;
            assert_eq!(deeds(&world, "Moussa").len(), 1, "{}", world.script.text());
            channel.presses_and_writes(&card, "Résoudre", "Chargeur remplacé").await;
            lina.private.sees("Chargeur remplacé").await;
            assert_eq!(deeds(&world, "Moussa").len(), 3, "{}", world.script.text());
            assert_eq!(deeds(&world, "Lina").len(), 2);
            world.tables.all_went_well().await;
            world.close().await;
        }
    }
}

struct Story<'a> {
    world: &'a World,
    staff: &'a Office,
    lina: &'a Chair,
    language: Language,
}

impl Story<'_> {
    fn say(&self, id: &str) -> String {
        self.language.say(id, &[])
    }

    async fn presses(&self, chair: &Chair, on: &Seen, label: &str) -> Answer {
        chair.presses(on, &self.say(label)).await
    }

    async fn writes(&self, chair: &Chair, on: &Seen, label: &str, words: &str) {
        chair.presses_and_writes(on, &self.say(label), words).await;
    }

    /// A message and one tap; to be taken, one tap. The card of whoever asked, and that of the team.
    async fn opening(&self) -> (Seen, Seen) {
        self.lina.says("Mon chargeur ne marche plus").await;
        let draft = self.lina.sees("Mon chargeur ne marche plus").await;
        self.presses(self.lina, &draft, "button-send").await;
        let own = self.lina.sees("1 · Mon chargeur ne marche plus").await;
        self.staff.awa.private.sees("Mon chargeur ne marche plus").await;
        let card = self.staff.moussa.channel.sees("Mon chargeur ne marche plus").await;
        self.staff.moussa.private.uses("queue", &[]).await;
        self.staff.moussa.private.sees("Mon chargeur").await;
        self.presses(&self.staff.moussa.channel, &card, "button-take").await;
        self.lina.sees("Moussa Sarr").await;
        self.lina.looks_at(&own, &self.say("status-in-progress")).await;
        (own, self.staff.moussa.channel.sees("Moussa Sarr").await)
    }

    async fn finding(&self) {
        let moussa = &self.staff.moussa.private;
        for (chair, command) in [(self.lina, "tickets"), (moussa, "tickets"), (moussa, "myday")] {
            chair.uses(command, &[]).await;
            chair.sees("Mon chargeur").await;
        }
        for chair in [self.lina, moussa] {
            chair.uses("search", &[("words", "CHARGEURS")]).await;
            chair.sees("Mon chargeur").await;
        }
        moussa.uses("history", &[("number", "1")]).await;
        moussa.sees("2. ").await;
    }

    async fn work(&self, own: &Seen, card: &Seen) {
        let (awa, moussa, fatou) = (&self.staff.awa.private, &self.staff.moussa, &self.staff.fatou.private);
        let number = ("number", "1");
        moussa.private.uses("urgency", &[number, ("urgency", "high")]).await;
        moussa.private.sees("Mon chargeur").await;
        self.lina.sees(&self.say("urgency-high")).await;
        self.lina.looks_at(own, &self.say("urgency-high")).await;
        moussa.channel.sees(&self.say("urgency-high")).await;
        moussa.private.uses("helper", &[number, ("colleague", "fatou")]).await;
        moussa.private.sees("Fatou Ba").await;
        fatou.sees("Moussa Sarr").await;
        moussa.channel.sees("Fatou Ba").await;
        awa.uses("assign", &[number, ("colleague", "fatou")]).await;
        awa.sees("Fatou Ba").await;
        fatou.sees("Awa Diop").await;
        moussa.private.sees("Awa Diop").await;
        self.lina.sees("Fatou Ba").await;
        self.lina.looks_at(own, "Fatou Ba").await;
        fatou
            .uses(
                "handover",
                &[number, ("colleague", "moussa"), ("text", "À toi, j'ai fini")],
            )
            .await;
        fatou.sees("Moussa Sarr").await;
        moussa.private.sees("À toi, j'ai fini").await;
        self.lina.sees("Moussa Sarr").await;
        self.lina.looks_at(own, "Moussa Sarr").await;
        // A question, and its answer.
        self.writes(&moussa.channel, card, "button-ask", "Quelle salle ?").await;
        let asked = self.lina.sees("Quelle salle ?").await;
        self.lina.looks_at(own, &self.say("status-awaiting-info")).await;
        self.lina.replies(&asked, "La salle 12").await;
        moussa.thread(self.world, 1).sees("La salle 12").await;
    }

    /// What staff write among themselves stays there; an answer to the requester's words goes out.
    async fn exchange(&self) {
        let thread = self.staff.moussa.thread(self.world, 1);
        thread.says("Entre nous : il en reste deux").await;
        self.lina.says("Il fait aussi du bruit").await;
        let offered = self.lina.sees("Il fait aussi du bruit").await;
        let add = offered.buttons.iter().find(|label| label.contains('1'));
        let add = add.expect("a button that adds it").clone();
        self.lina.presses(&offered, &add).await;
        let relayed = thread.sees("Il fait aussi du bruit").await;
        thread.replies(&relayed, "J'apporte un autre chargeur").await;
        self.lina.sees("J'apporte un autre chargeur").await;
        assert!(!self.lina.history().contains("il en reste deux"));
    }

    async fn telling(&self) {
        self.lina.uses("notify", &[]).await;
        self.lina.sees(&self.say("pace-each")).await;
    }

    /// One tap and the report.
    async fn closing(&self) -> Seen {
        let moussa = &self.staff.moussa;
        self.resolves("Chargeur remplacé").await;
        let resolved = self.lina.sees("Chargeur remplacé").await;
        self.writes(self.lina, &resolved, "button-still", "Il chauffe").await;
        moussa.thread(self.world, 1).sees("Il chauffe").await;
        self.resolves("Un autre, d'une autre marque").await;
        let resolved = self.lina.sees("Un autre, d'une autre marque").await;
        self.presses(self.lina, &resolved, "button-confirm").await;
        moussa.channel.sees(&self.say("status-closed")).await;
        self.lina.sees(&self.say("status-closed")).await
    }

    async fn resolves(&self, report: &str) {
        let moussa = &self.staff.moussa;
        let card = moussa.channel.sees(&self.say("status-in-progress")).await;
        self.writes(&moussa.channel, &card, "button-resolve", report).await;
        moussa.channel.sees(&self.say("status-resolved")).await;
    }

    async fn rating(&self, closed: &Seen) -> Seen {
        let stars = closed.buttons.iter().find(|label| label.contains('4'));
        let stars = stars.expect("stars").clone();
        self.lina.presses(closed, &stars).await;
        let rated = self.lina.sees("★★★★").await;
        self.staff.moussa.private.sees("★★★★").await;
        self.writes(self.lina, &rated, "button-remark", "Rapide, merci").await;
        let rated = self.lina.sees("Rapide, merci").await;
        self.staff.moussa.private.sees("Rapide, merci").await;
        rated
    }

    /// What is closed stays so; it goes on in another, and an admin may delete it, and restore it.
    async fn afterwards(&self, card: &Seen) {
        let awa = &self.staff.awa.private;
        let number = ("number", "1");
        let moussa = &self.staff.moussa.private;
        moussa.uses("note", &[number, ("text", "Trop tard")]).await;
        moussa
            .sees(&self.language.say("refused-closed", &[("number", "1".into())]))
            .await;
        let about = [("number", "1".into()), ("title", "Mon chargeur ne marche plus".into())];
        let form = self.presses(self.lina, card, "button-follow").await;
        if !matches!(form, Answer::Form { .. }) {
            self.lina.sees(&self.language.say("follow-write", &about)).await;
        }
        awa.uses("transcript", &[number]).await;
        awa.sees(&self.language.say("transcript-here", &about)).await;
        awa.uses("delete", &[number]).await;
        let sure = awa.sees(&self.language.say("delete-sure", &about)).await;
        self.presses(awa, &sure, "button-delete-yes").await;
        awa.uses("deleted", &[]).await;
        awa.sees(&self.language.say("done-deleted", &about)).await;
        awa.sees(&self.say("deleted-heading")).await;
    }
}
