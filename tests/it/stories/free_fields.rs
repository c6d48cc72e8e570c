//! Every free field, with each of the texts that have been some program's undoing: a friendly sentence, or the text
//! kept exactly as it is documented; nobody pinged, nothing refused by a platform, nothing lost.

use guichet::domain::platform::Platform;
use guichet::domain::text::{Body, Description, Email, HEADLINE, PersonName, TextError, Title, clean, headline};
use guichet::sandbox::{Answer, Seen};

use crate::harness::{Chair, Learner, Office, StaffOn, World, office, words};

/// What is written, on a platform that takes messages of so many UTF-16 units.
pub(super) fn inputs(most: usize) -> Vec<String> {
    let one_line = [
        "@everyone et @here",
        "<@&1> <@1> @lina_n",
        "[texte](javascript:alert(1)) [a](https://exemple.org)",
        "<b onclick=\"x()\">gras</b> &lt;i&gt;",
        "à\u{202E}gauche\u{2066} toute",
        "nul\0 son\u{7} fin",
        "' OR 1=1--",
        "%n%s{}{0}{ $name }",
        "../../etc/passwd",
        "*a* **b** __c__ ~~d~~ ||e|| `f` \\* <t:1:R>",
        "\u{200B}\u{200B}",
        "\0",
        "!",
        "# titre",
    ];
    let mut inputs: Vec<String> = one_line.map(ToOwned::to_owned).to_vec();
    inputs.push("```\nun bloc ouvert".to_owned());
    inputs.push("a\r\nContent-Type: text/html\r\n\r\nb".to_owned());
    inputs.push("> citation\n- liste\n1. un\n-# petit".to_owned());
    inputs.push(format!("mot {}", "👩‍👩‍👧‍👦".repeat(200)));
    // As much as fits in one message, of characters that are two units each, and of plain ones.
    inputs.push(format!("ab{}", "🙂".repeat(most / 2 - 1)));
    inputs.push("x".repeat(most));
    inputs
}

pub(super) fn most(on: Platform) -> usize {
    match on {
        Platform::Telegram => 4_096,
        Platform::Discord => 4_000,
    }
}

/// How a refusal of a text begins to be recognised; `None` for a text that is taken.
pub(super) fn refusal<T>(parsed: &Result<T, TextError>) -> Option<&'static str> {
    match parsed {
        Ok(_) => None,
        Err(TextError::Empty) => Some("vide"),
        Err(TextError::NoWords) => Some("ni lettre ni chiffre"),
        Err(TextError::TooLong { .. }) => Some("signes, le maximum est"),
        Err(TextError::NotAnAddress) => Some("pas d'adresse e-mail"),
        Err(TextError::UnknownVariable) => Some("une variable que je ne connais pas"),
        Err(TextError::NothingToLink) => Some("ni le numéro d'une demande"),
        Err(TextError::WithPassword) => Some("contient un nom d'utilisateur"),
        Err(TextError::NotACode) => Some("pas de code"),
        Err(TextError::NotChoices) => Some("Il faut entre 2 et 25 réponses"),
        Err(TextError::NotAChoice) => Some("Ce n'est pas une des réponses possibles"),
    }
}

/// The text as a message that says nothing visible is answered.
pub(super) const UNREADABLE: &str = "Je ne sais pas encore lire";

/// Whether a whole message of it says nothing.
pub(super) fn is_blank(input: &str) -> bool {
    clean(input).is_empty()
}

/// Writes in the field that a button asks for; what is refused is followed by `good`. Gives what is kept.
async fn fills(chair: &Chair, card: &Seen, label: &str, input: &str, good: &str) -> String {
    let refused = refusal(&Body::parse(input));
    if let Answer::Form { fields, .. } = chair.presses(card, label).await {
        let field = fields[0].label.clone();
        chair.submits(&[(&field, input)]).await;
        let Some(why) = refused else { return clean(input) };
        let told = chair.sees(why).await;
        chair.presses(&told, "Corriger").await;
        chair.submits(&[(&field, good)]).await;
        return good.to_owned();
    }
    let question = chair.sees_question(label).await;
    chair.replies(&question, input).await;
    let Some(why) = refused else { return clean(input) };
    // A message of nothing is passed over: the question still stands.
    let question = if is_blank(input) {
        question
    } else {
        chair.sees(why).await
    };
    chair.replies(&question, good).await;
    good.to_owned()
}

/// Gives the draft a title; what is refused is followed by `good`.
async fn retitles(chair: &Chair, draft: &Seen, input: &str, good: &str) -> String {
    let refused = refusal(&Title::parse(input));
    let kept = if refused.is_some() {
        good.to_owned()
    } else {
        Title::parse(input).unwrap().to_string()
    };
    if let Answer::Form { .. } = chair.presses(draft, "Modifier").await {
        if input.chars().count() > Title::MAX {
            // The application takes no more.
            chair.submits(&[("Titre", good)]).await;
            return kept;
        }
        chair.submits(&[("Titre", input)]).await;
        if let Some(why) = refused {
            let told = chair.sees(why).await;
            chair.presses(&told, "Corriger").await;
            chair.submits(&[("Titre", good)]).await;
        }
        return kept;
    }
    chair.sees("Quel titre").await;
    chair.says(input).await;
    if let Some(why) = refused {
        chair.sees(if is_blank(input) { UNREADABLE } else { why }).await;
        chair.says(good).await;
    }
    let asked = chair.sees("Et la description").await;
    chair.presses(&asked, "Garder").await;
    kept
}

/// Waits for a message with this button.
async fn sees_button(chair: &Chair, label: &str) -> Seen {
    loop {
        let seen = chair.sees("").await;
        if seen.buttons.iter().any(|button| button == label) {
            return seen;
        }
    }
}

/// A name and a content for a file, which nobody opens.
fn file(number: usize, input: &str) -> (String, &'static str, &'static [u8]) {
    let begin: String = input.chars().take(60).collect();
    match number % 3 {
        0 => (format!("{begin}.svg"), "image/svg+xml", b"<svg onload=\"alert(1)\"/>"),
        1 => (format!("../{begin}\r\nX: y.zip"), "application/zip", b"PK\x03\x04 42"),
        _ => (format!("{begin}.png"), "image/png", b"\x89PNG\r\n\x1a\n"),
    }
}

/// One request, from the first word to why it is not over, with the input wherever words are asked for.
async fn life(world: &World, lina: &Chair, staff: &Office, number: u32, input: &str) {
    let moussa = &staff.moussa.channel;
    let on = lina.platform();
    let words = format!("panne {number}");

    // The description, in one message and the next.
    lina.says(input).await;
    match refusal(&Description::parse(input)) {
        Some("vide") => drop(lina.sees(UNREADABLE).await),
        Some("ni lettre ni chiffre") => drop(lina.sees("quelques mots").await),
        _ => drop(lina.sees("Urgence").await),
    }
    lina.says(&words).await;
    let draft = lina.sees(&words).await;
    let description = [clean(input), words.clone()].join("\n").trim().to_owned();
    let title = retitles(lina, &draft, input, &format!("titre {number}")).await;
    // A title that says what it said changes nothing in a message that is edited.
    if on == Platform::Telegram || title != headline(&description, HEADLINE) {
        lina.sees("Urgence").await;
    }

    // A file whose name and caption are no better.
    let caption: String = input.chars().take(500).collect();
    let (name, kind, bytes) = file(number as usize, input);
    lina.sends(&name, kind, bytes, &caption).await;
    let draft = lina.sees("1 fichier").await;
    let description = [description, clean(&caption)].join("\n").trim().to_owned();
    lina.presses(&draft, "Envoyer").await;
    lina.sees(&format!("N° {number} · ")).await;
    let kept = world
        .tables
        .texts(&format!("SELECT description FROM tickets WHERE id = {number}"))
        .await;
    assert_eq!(kept, [description]);
    let kept = world
        .tables
        .texts(&format!("SELECT title FROM tickets WHERE id = {number}"))
        .await;
    assert_eq!(kept, [title]);
    let mut said = Vec::new();

    // A question, and answers to it.
    let card = moussa.sees(&format!("N° {number} · ")).await;
    said.push(fills(moussa, &card, "Demander une précision", input, "Quelle salle ?").await);
    let question = lina.sees("Répondez à ce message").await;
    let thread = staff.moussa.thread(world, number);
    let card = moussa.sees("En attente d'informations").await;
    lina.replies(&question, input).await;
    match refusal(&Body::parse(input)) {
        None => {
            thread.sees("répondez à ce message pour lui répondre").await;
            said.push(clean(input));
        }
        Some("vide") => drop(lina.sees(UNREADABLE).await),
        Some(why) => drop(lina.sees(why).await),
    }

    // The same as a command.
    let typed = format!("/repondre {number} {input}");
    if !is_blank(input) && (on == Platform::Discord || typed.encode_utf16().count() <= most(on)) {
        if on == Platform::Discord {
            lina.uses("repondre", &[("numéro", &number.to_string()), ("texte", input)])
                .await;
        } else {
            lina.says(&typed).await;
        }
        match refusal(&Body::parse(input)) {
            None => {
                lina.sees("C'est ajouté").await;
                said.push(clean(input));
            }
            Some(why) => drop(lina.sees(why).await),
        }
    }

    // A note in the thread and one from the card, the report, and why it is not over.
    let told = thread.says(input).await;
    match refusal(&Body::parse(input)) {
        None => {
            thread.sees_reaction(told, "✍", "📝").await;
            said.push(clean(input));
        }
        // Nobody wrote to the bot.
        Some("vide") => {}
        Some(why) => drop(thread.sees(why).await),
    }
    said.push(fills(moussa, &card, "Note interne", input, "une note").await);
    said.push(fills(moussa, &card, "Résoudre", input, "Réparé").await);
    let report = sees_button(lina, "Toujours en panne").await;
    said.push(fills(lina, &report, "Toujours en panne", input, "Pas du tout").await);
    world
        .tables
        .until(
            &format!("comments WHERE ticket_id = {number}"),
            i64::try_from(said.len()).unwrap(),
        )
        .await;
    let kept = world
        .tables
        .texts(&format!(
            "SELECT body FROM comments WHERE ticket_id = {number} ORDER BY id"
        ))
        .await;
    assert_eq!(kept, said);
}

/// Says who they are, as somebody new with a strange name, in the conversation.
async fn joins(world: &World, on: Platform, number: usize, input: &str) {
    let newcomer = Learner::new(world, input, on, "fr").private;
    if on == Platform::Discord || input.len() < 4_000 {
        newcomer.says(&format!("/link {input}")).await;
        newcomer
            .sees(if is_blank(input) {
                "7KQ2-M9XD"
            } else {
                "Ce code n'est pas bon"
            })
            .await;
    }
    newcomer.says("Mon écran est noir").await;
    newcomer.sees("Quel est votre nom").await;
    newcomer.says(input).await;
    let cleaned = clean(input);
    let joins_request = cleaned.contains('\n') || cleaned.chars().count() > PersonName::MAX;
    let parsed = PersonName::parse(input);
    let mut name = parsed.as_ref().map_or(format!("nom {number}"), ToString::to_string);
    if joins_request || parsed.is_err() {
        let told = match refusal(&parsed) {
            _ if is_blank(input) => UNREADABLE,
            _ if joins_request => "C'est ajouté à votre demande",
            why => why.unwrap(),
        };
        newcomer.sees(told).await;
        name = format!("nom {number}");
        newcomer.says(&name).await;
    }
    newcomer.sees("Et votre adresse e-mail").await;
    newcomer.says(input).await;
    let why = refusal(&Email::parse(input)).unwrap();
    newcomer.sees(if is_blank(input) { UNREADABLE } else { why }).await;
    let email = format!("p{number}@exemple.org");
    newcomer.says(&email).await;
    let draft = newcomer.sees("Nouvelle demande").await;
    newcomer.presses(&draft, "Envoyer").await;
    newcomer.sees("N° ").await;
    let kept = world
        .tables
        .texts(&format!("SELECT name FROM accounts WHERE stated_email = '{email}'"))
        .await;
    assert_eq!(kept, [name]);
    let description = if joins_request {
        format!("Mon écran est noir\n{cleaned}")
    } else {
        "Mon écran est noir".to_owned()
    };
    let newest = "SELECT description FROM tickets ORDER BY id DESC LIMIT 1";
    assert_eq!(world.tables.texts(newest).await, [description]);
}

/// Opens a ticket with one form, as somebody new: what is refused stands in the form again.
async fn joins_by_form(world: &World, number: usize, input: &str) {
    let newcomer = Learner::new(world, input, Platform::Discord, "fr").private;
    newcomer.uses("ticket", &[]).await;
    let at_most = |most: usize| input.chars().take(most).collect::<String>();
    let typed = [
        ("Titre", at_most(200)),
        ("Description", at_most(4_000)),
        ("Votre nom", at_most(100)),
        ("Votre adresse e-mail", at_most(254)),
    ];
    let fields: Vec<_> = typed.iter().map(|(label, text)| (*label, text.as_str())).collect();
    newcomer.submits(&fields).await;
    let nothing = typed.iter().all(|(_, text)| is_blank(text));
    let told = if nothing {
        "est vide"
    } else {
        "J'ai gardé ce que vous avez écrit"
    };
    let refused = newcomer.sees(told).await;
    let Answer::Form { fields, .. } = newcomer.presses(&refused, "Corriger").await else {
        panic!("no form");
    };
    for (field, (label, text)) in fields.iter().zip(&typed) {
        assert_eq!(
            (field.label.as_str(), field.value.as_str()),
            (*label, clean(text).as_str())
        );
    }
    let email = format!("f{number}@exemple.org");
    let corrected = [
        ("Titre", "Écran"),
        ("Votre nom", "Lina"),
        ("Votre adresse e-mail", email.as_str()),
    ];
    let words = Description::parse(&typed[1].1);
    let mut corrected = corrected.to_vec();
    if words.is_err() {
        corrected.push(("Description", "Noir"));
    }
    newcomer.submits(&corrected).await;
    newcomer.sees("N° ").await;
    let newest = "SELECT description FROM tickets ORDER BY id DESC LIMIT 1";
    let kept = words.map_or("Noir".to_owned(), |words| words.to_string());
    assert_eq!(world.tables.texts(newest).await, [kept]);
}

/// Every command with the input behind it, and every kind of button that carries it.
async fn commands_and_buttons(chair: &Chair, card: &Seen, input: &str) {
    let room = |data: &str| chair.platform() == Platform::Discord && data.len() <= 100 || data.len() <= 64;
    for data in [input.to_owned(), format!("take:{input}"), format!("urgency:{input}")] {
        if room(&data) && !data.is_empty() {
            let told = words(&chair.forges(card, &data).await);
            assert!(told.is_empty() || told.contains("Ce bouton n'existe pas"), "{told}");
        }
    }
    for command in ["/voir", "/annuler", "/prendre", "/demander", "/langue", "/aide", "/"] {
        let typed = format!("{command} {input}");
        if typed.encode_utf16().count() <= 4_000 {
            chair.says(&typed).await;
            chair.sees("").await;
        }
    }
}

/// No request was refused, no word of it carries what is stripped, nobody was pinged, nothing went wrong.
pub(super) async fn is_as_it_should_be(world: &World) {
    world.quiet().await;
    world.tables.all_went_well().await;
    assert!(world.discord.pings().is_empty(), "{:?}", world.discord.pings());
    assert!(world.telegram.pings().is_empty(), "{:?}", world.telegram.pings());
    let mut sent = Vec::new();
    for request in world.telegram.requests() {
        // An edit may say what stands there already, which Telegram calls a mistake; a picture that is none is sent as
        // a document instead.
        let expected = ["editMessageText", "editMessageCaption", "sendPhoto"];
        assert!(
            request.status < 400 || expected.contains(&request.method.as_str()),
            "{request:?}"
        );
        sent.push(request.parameters);
    }
    for request in world.discord.requests() {
        assert!(request.status < 400, "{request:?}");
        sent.extend(request.body);
    }
    for body in sent {
        let body = body.to_string();
        for stripped in ["\u{202E}", "\u{2066}", "\\u0000", "\\u0007", "\\r"] {
            assert!(!body.contains(stripped), "{body}");
        }
    }
    let names = world.tables.texts("SELECT name FROM attachments").await;
    for name in names {
        assert!(
            !name.contains(['/', '\\', '\r', '\n', '\0', '\u{202E}']) && name.chars().count() <= 100,
            "{name:?}"
        );
    }
}

async fn lives(learner_on: Platform, staff_on: StaffOn) {
    let mut world = World::open().await;
    let staff = office(&world, staff_on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await.private;
    for (number, input) in (1..).zip(inputs(most(learner_on).min(staff_most(staff_on)))) {
        life(&world, &lina, &staff, number, &input).await;
    }
    is_as_it_should_be(&world).await;
    world.close().await;
}

fn staff_most(on: StaffOn) -> usize {
    most(if on == StaffOn::Discord {
        Platform::Discord
    } else {
        Platform::Telegram
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_written_on_telegram_is_kept_or_answered() {
    lives(Platform::Telegram, StaffOn::TelegramTopics).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_written_on_discord_is_kept_or_answered() {
    lives(Platform::Discord, StaffOn::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_said_as_a_name_or_an_address_is_kept_or_answered() {
    let mut world = World::open().await;
    for on in [Platform::Telegram, Platform::Discord] {
        for (number, input) in inputs(most(on)).iter().enumerate() {
            joins(
                &world,
                on,
                number + if on == Platform::Discord { 100 } else { 0 },
                input,
            )
            .await;
            if on == Platform::Discord {
                joins_by_form(&world, number, input).await;
            }
        }
    }
    is_as_it_should_be(&world).await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_stands_behind_a_command_or_in_a_button_is_answered() {
    let mut world = World::open().await;
    for on in [Platform::Telegram, Platform::Discord] {
        let lina = Learner::known(&world, &format!("Lina {on:?}"), on).await;
        let number = if on == Platform::Telegram { 1 } else { 2 };
        let card = lina.opens("Mon écran est noir", number).await;
        for input in inputs(most(on)) {
            commands_and_buttons(&lina.private, &card, &input).await;
        }
    }
    is_as_it_should_be(&world).await;
    world.close().await;
}
