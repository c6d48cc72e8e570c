//! The fields that [free ones](super::free_fields) are not: the target of a link, what is looked for, a colleague, which
//! tickets to list, a follow-up, and what is edited; with the same texts, behind a command and in answer to what it asks.

use std::cell::Cell;

use chrono::TimeDelta;
use guichet::domain::platform::Platform;
use guichet::domain::relation::Target;
use guichet::domain::text::{Body, Description, clean, one_line};
use guichet::domain::words::words_of;
use guichet::sandbox::{Answer, Seen};

use super::free_fields::{UNREADABLE, inputs, is_as_it_should_be, is_blank, most, refusal};
use crate::harness::{Chair, Learner, Office, StaffOn, World, office};

/// What the forms of the application take at most.
const TARGET: usize = 1_000;
const WORDS: usize = 200;

/// Everybody on one platform: one ticket of Lina's that Moussa has, one that is closed, one that waits.
struct Desk {
    world: World,
    staff: Office,
    lina: Chair,
    /// He asked for nothing, so that he finds nothing.
    omar: Chair,
    thread: Chair,
    /// What Lina wrote and what Moussa answered.
    said: [i64; 2],
    tickets: Cell<u32>,
}

impl Desk {
    async fn open(learner_on: Platform, staff_on: StaffOn) -> Self {
        let world = World::open().await;
        let staff = office(&world, staff_on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
        let omar = Learner::known(&world, "Omar Ly", learner_on).await.private;
        let card = lina.opens("Mon écran est noir", 1).await;
        lina.opens("Le clavier colle", 2).await;
        lina.opens("La souris saute", 3).await;
        let lina = lina.private;
        lina.uses("cancel", &[("number", "2")]).await;
        let sure = lina.sees("Annuler la demande n° 2").await;
        lina.presses(&sure, "Oui, l'annuler").await;
        staff.moussa.private.uses("take", &[("number", "1")]).await;
        lina.sees("Moussa Sarr s'occupe").await;
        let asked = lina.replies(&card, "Depuis ce matin").await;
        let thread = staff.moussa.thread(&world, 1);
        let relayed = thread.sees("Depuis ce matin").await;
        let answered = thread.replies(&relayed, "Je passe à midi").await;
        lina.sees("Je passe à midi").await;
        world.quiet().await;
        Self {
            world,
            staff,
            lina,
            omar,
            thread,
            said: [asked, answered],
            tickets: Cell::new(3),
        }
    }

    /// Whether it is short enough to be typed behind this.
    fn fits(&self, command: &str, input: &str) -> bool {
        let on = self.lina.platform();
        on == Platform::Discord || format!("/{command} {input}").encode_utf16().count() <= most(on)
    }

    /// The number that the next ticket has.
    fn next(&self) -> u32 {
        self.tickets.set(self.tickets.get() + 1);
        self.tickets.get()
    }
}

/// Letters and digits that it begins with: what else there is platforms show in ways of their own.
fn beginning(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).take(8).collect()
}

/// What was typed is shown again.
fn shows(told: &Seen, input: &str) {
    let shown: String = told.text.chars().filter(|c| c.is_alphanumeric()).collect();
    assert!(shown.contains(&beginning(&clean(input))), "{input:?}: {told:?}");
}

/// The sentence that it was not understood says it on one line, and is not torn apart by it.
fn quotes(told: &Seen, input: &str) {
    shows(told, input);
    let line = told.text.lines().next().unwrap_or_default();
    assert!(line.contains('«') && line.contains('»'), "{input:?}: {told:?}");
}

/// A question without an answer is given up.
async fn gives_up(chair: &Chair, question: &Seen) {
    chair.presses(question, "Annuler").await;
    chair.sees("C'est annulé").await;
}

/// What the form did not take stands in it again.
async fn stands_again(chair: &Chair, told: &Seen, at: usize, input: &str) {
    let Answer::Form { fields, .. } = chair.presses(told, "Corriger").await else {
        panic!("no form for {input:?}");
    };
    assert_eq!(fields[at].value, clean(input));
}

/// Gives what a command without words asks for, and is told this; what says nothing is no words.
async fn is_asked(
    chair: &Chair,
    (command, number, option): (&str, Option<&str>, &str),
    (question, max): (&str, usize),
    (input, told): (&str, &str),
) {
    let mut options: Vec<_> = number.into_iter().map(|number| ("number", number)).collect();
    if is_blank(input) {
        options.push((option, input));
    }
    if let Answer::Form { fields, .. } = chair.uses(command, &options).await {
        // The application takes no more.
        if input.chars().count() > max {
            return;
        }
        chair.submits(&[(fields[0].label.as_str(), input)]).await;
        let answer = chair.sees(if is_blank(input) { "est vide" } else { told }).await;
        assert!(!is_blank(input) || !answer.text.contains("J'ai gardé"), "{answer:?}");
        if answer.buttons.contains(&"Corriger".to_owned()) {
            stands_again(chair, &answer, 0, input).await;
        }
        return;
    }
    let asked = chair.sees(question).await;
    chair.says(input).await;
    if is_blank(input) {
        chair.sees(UNREADABLE).await;
        gives_up(chair, &asked).await;
        return;
    }
    let answer = chair.sees(told).await;
    if answer.text.contains(question) {
        gives_up(chair, &answer).await;
    }
}

/// None of them is a target: that is said, and what was typed is shown again.
async fn relates(desk: &Desk, input: &str) {
    let moussa = &desk.staff.moussa.private;
    let why = refusal(&Target::parse(input)).expect("no target");
    if !is_blank(input) && desk.fits("relate 1", input) {
        moussa.uses("relate", &[("number", "1"), ("target", input)]).await;
        let told = moussa.sees(why).await;
        shows(&told, input);
        assert!(told.buttons.contains(&"Ajouter un lien".to_owned()), "{told:?}");
    }
    let command = ("relate", Some("1"), "target");
    is_asked(moussa, command, ("À quoi lier le n° 1", TARGET), (input, why)).await;
}

/// Only words are looked for, and the sentence says which.
async fn searches(desk: &Desk, input: &str) {
    let omar = &desk.omar;
    let told = match (clean(input).contains(char::is_alphanumeric), words_of(input).is_empty()) {
        (false, _) => "ni lettre ni chiffre",
        (true, true) => "presque toutes les demandes",
        (true, false) => "Aucune demande ne contient",
    };
    if !is_blank(input) && desk.fits("search", input) {
        omar.uses("search", &[("words", input)]).await;
        let seen = omar.sees(told).await;
        assert!(seen.buttons.contains(&"Chercher".to_owned()), "{seen:?}");
        if told != "ni lettre ni chiffre" {
            quotes(&seen, input);
        }
    }
    let command = ("search", None, "words");
    is_asked(omar, command, ("Que cherchez-vous", WORDS), (input, told)).await;
}

/// Nobody of the team is called so; whoever is can be chosen.
async fn calls(desk: &Desk, input: &str) {
    if !desk.fits("helper 1", input) {
        return;
    }
    let moussa = &desk.staff.moussa.private;
    moussa.uses("helper", &[("number", "1"), ("colleague", input)]).await;
    let told = if is_blank(input) {
        moussa.sees("Qui appeler en renfort").await
    } else {
        let told = moussa.sees("Personne dans l'équipe ne s'appelle").await;
        quotes(&told, input);
        told
    };
    assert!(told.buttons.iter().any(|label| label.contains("Fatou")), "{told:?}");
}

/// On Discord one chooses.
async fn lists(desk: &Desk, input: &str) {
    let moussa = &desk.staff.moussa.private;
    for (command, all) in [
        ("tickets", "Demandes à traiter"),
        ("queue", "À prendre, les plus urgentes"),
    ] {
        if moussa.platform() == Platform::Discord || !desk.fits(command, input) {
            continue;
        }
        moussa.says(&format!("/{command} {input}")).await;
        if is_blank(input) {
            moussa.sees(all).await;
            continue;
        }
        let told = moussa.sees("Je ne sais pas lesquelles").await;
        quotes(&told, input);
        assert!(told.buttons.contains(&"aujourd'hui".to_owned()), "{told:?}");
    }
}

/// The words of a draft, or of the form, are the new ticket's.
async fn follows(desk: &Desk, input: &str) {
    let lina = &desk.lina;
    if !is_blank(input) && desk.fits("followup 2", input) {
        lina.uses("followup", &[("number", "2"), ("text", input)]).await;
        sends(desk, input).await;
    }
    let mut options = vec![("number", "2")];
    options.extend(is_blank(input).then_some(("text", input)));
    let Answer::Form { .. } = lina.uses("followup", &options).await else {
        lina.sees("Ce sera la suite du n° 2").await;
        lina.says(input).await;
        return sends(desk, input).await;
    };
    lina.submits(&[("Titre", "Encore"), ("Description", input)]).await;
    let mut kept = clean(input);
    match refusal(&Description::parse(input)) {
        None => {}
        // The title says it all.
        Some("vide") => "Encore".clone_into(&mut kept),
        Some(why) => {
            let told = lina.sees(why).await;
            stands_again(lina, &told, 1, input).await;
            "Depuis hier".clone_into(&mut kept);
            lina.submits(&[("Description", &kept)]).await;
        }
    }
    is_followed(desk, &kept).await;
}

/// Adds a few words to the draft, and sends it.
async fn sends(desk: &Desk, input: &str) {
    let lina = &desk.lina;
    let told = match refusal(&Description::parse(input)) {
        Some("vide") => UNREADABLE,
        Some(_) => "quelques mots",
        None => "Suite du n° 2",
    };
    lina.sees(told).await;
    let words = format!("c'est la panne {} du jour", desk.tickets.get());
    lina.says(&words).await;
    let draft = lina.sees(&words).await;
    lina.presses(&draft, "Envoyer").await;
    is_followed(desk, [clean(input), words].join("\n").trim()).await;
}

/// There is one more ticket, with that description, that follows the one that is closed.
async fn is_followed(desk: &Desk, description: &str) {
    let number = desk.next();
    desk.lina.sees(&format!("N° {number} · ")).await;
    let newest = format!(
        "SELECT CONCAT(kind, ' ', other_id, ' ', description) FROM tickets t JOIN ticket_links l ON l.ticket_id = t.id
         WHERE t.id = {number}"
    );
    let kept = desk.world.tables.texts(&newest).await;
    assert_eq!(kept, [format!("follows 2 {description}")]);
}

/// What was written says what it says now, here and on the other side, or stays as it was.
async fn edits(desk: &Desk, input: &str) {
    // Neither platform takes a message of nothing but control characters and white space.
    if input.chars().all(|c| c.is_whitespace() || c.is_control()) {
        return;
    }
    let sides = [(&desk.lina, &desk.thread), (&desk.thread, &desk.lina)];
    for (at, (chair, other)) in sides.into_iter().enumerate() {
        let body = format!("SELECT body FROM comments ORDER BY id LIMIT {at}, 1");
        let before = desk.world.tables.texts(&body).await;
        // Telegram tells the second in which a message was edited.
        desk.world.clock.advance(TimeDelta::seconds(1));
        chair.edits(desk.said[at], input);
        match refusal(&Body::parse(input)) {
            None => {
                let now = format!("SELECT HEX(body) = '{}' FROM ({body}) AS it", hex(&clean(input)));
                desk.world.tables.until_number(&now, 1).await;
                let begin = beginning(&one_line(input));
                let is_there = || {
                    let shown: String = other.history().chars().filter(|c| c.is_alphanumeric()).collect();
                    shown.contains(&begin)
                };
                desk.world.until("the copy says it", is_there).await;
            }
            Some(why) => {
                // Nobody else in the thread or the group reads it.
                let told = if at == 1 { &desk.staff.moussa.private } else { chair };
                let why = if why == "vide" { "n'a plus de texte" } else { why };
                let told = told.sees(why).await;
                assert!(told.text.contains("garde ce que vous y aviez écrit"), "{}", told.text);
                assert_eq!(desk.world.tables.texts(&body).await, before);
            }
        }
    }
}

fn hex(text: &str) -> String {
    let bytes = text.bytes().map(|byte| format!("{byte:02X}"));
    bytes.collect::<Vec<_>>().concat()
}

async fn whatever_is_given(learner_on: Platform, staff_on: StaffOn) {
    let mut desk = Desk::open(learner_on, staff_on).await;
    for input in inputs(most(learner_on)) {
        relates(&desk, &input).await;
        searches(&desk, &input).await;
        calls(&desk, &input).await;
        lists(&desk, &input).await;
        follows(&desk, &input).await;
        edits(&desk, &input).await;
    }
    is_as_it_should_be(&desk.world).await;
    desk.world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_given_on_telegram_is_kept_or_answered() {
    whatever_is_given(Platform::Telegram, StaffOn::TelegramTopics).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_given_on_discord_is_kept_or_answered() {
    whatever_is_given(Platform::Discord, StaffOn::Discord).await;
}
