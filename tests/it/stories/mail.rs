//! Addresses that are confirmed by mail: what people are asked, what the letters say, and what becomes of both when
//! somebody cheats or the mail server does not do as it should.

use chrono::TimeDelta;
use futures_util::future::join_all;
use guichet::clock::Clock;
use guichet::domain::account::Role;
use guichet::domain::language::Language;
use guichet::domain::mailbox::Encryption;
use guichet::domain::platform::Platform;
use guichet::domain::text::Email;
use guichet::sandbox::{Answer, Seat as _, Seen};
use guichet::service::confirmation::{self, Asked};
use guichet::store::people;

use crate::harness::{Chair, Learner, MailServer, Mood, Post, Program, StaffOn, World, bare_store, office};

const ASKED: &str = "J'envoie un code à";
const PROBLEM: &str = "Mon chargeur ne marche plus";

/// Somebody new comes with a problem, and says who they are: what they are asked then.
async fn gives(chair: &Chair, name: &str, email: &str) -> Seen {
    chair.says(PROBLEM).await;
    chair.sees("Quel est votre nom").await;
    chair.says(name).await;
    chair.sees("e-mail").await;
    chair.says(email).await;
    chair.sees(ASKED).await
}

async fn types(chair: &Chair, code: &str) {
    chair.says_secretly(code, "(the code)").await;
}

/// The letter with that number, once the desk has written down that it is mailed.
async fn mailed(world: &World, server: &MailServer, number: usize) -> Post {
    let letter = server.letter(number).await;
    world.tables.until("outbox WHERE platform = 'mail'", 0).await;
    letter
}

/// A code that is not this one.
fn another(code: &str) -> String {
    let first = if code.starts_with('3') { '2' } else { '3' };
    format!("{first}{}", &code[1..])
}

/// Whoever has an account: names and the addresses that identify them.
async fn accounts(world: &World) -> Vec<String> {
    let sql = "SELECT CONCAT(name, ' ', COALESCE(email, '-')) FROM accounts ORDER BY id";
    world.tables.texts(sql).await
}

fn is_to(post: &Post, address: &str) -> bool {
    post.to == address && post.header("To") == address
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_confirmed_before_there_is_an_account() {
    for on in [Platform::Telegram, Platform::Discord] {
        let (mut world, server) = World::open_with_mail().await;
        let lina = Learner::new(&world, "lina.nd", on, "fr").private;
        gives(&lina, "Lina Ndiaye", "Lina@Exemple.org").await;
        let letter = mailed(&world, &server, 1).await;
        assert!(is_to(&letter, "lina@exemple.org"), "{letter:?}");
        let code = letter.code();
        assert_eq!(accounts(&world).await, [""; 0]);
        // Neither the code nor what the letter says is kept.
        let digits = code.replace(' ', "");
        for sql in [
            "SELECT state FROM dialogs",
            "SELECT notice FROM outbox",
            "SELECT HEX(code_hash) FROM letters",
        ] {
            let kept = world.tables.texts(sql).await.join("\n");
            assert!(!kept.contains(&digits) && !kept.contains(&code), "{sql}: {kept}");
        }
        lina.says("je ne sais pas").await;
        lina.sees("Je ne reconnais pas de code").await;
        types(&lina, &another(&code)).await;
        lina.sees("Il vous reste 4 essais").await;
        lina.says("Le voyant reste rouge.\nLe câble est neuf.").await;
        lina.sees("C'est ajouté à votre demande").await;
        types(&lina, &code.replace(' ', "-")).await;
        let draft = lina.sees("Merci Lina").await;
        assert!(draft.text.contains("Le voyant reste rouge"), "{draft:?}");
        assert_eq!(accounts(&world).await, ["Lina Ndiaye lina@exemple.org"]);
        lina.presses(&draft, "Envoyer").await;
        lina.sees("N° 1 · Mon chargeur ne marche plus").await;
        lina.uses("moi", &[]).await;
        let me = lina.sees("lina@exemple.org").await;
        assert!(!me.text.contains("pas vérifiée"), "{me:?}");
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("an_address_is_confirmed", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_letters_say() {
    let (mut world, server) = World::open_with_mail().await;
    let victim = Learner::with_role(&world, "Victoire Sow", Platform::Telegram, "fr", Role::Learner).await;
    let disabled = Learner::with_role(&world, "Omar Sy", Platform::Telegram, "fr", Role::Learner).await;
    let disable = "UPDATE accounts SET disabled_at = NOW(6) WHERE name = 'Omar Sy'";
    world.tables.change(disable).await;
    drop((victim, disabled));
    let mut told = String::new();
    let addresses = ["nobody@exemple.org", "victoire.sow@exemple.org", "omar.sy@exemple.org"];
    for (number, email) in addresses.into_iter().enumerate() {
        let chat = Learner::new(
            &world,
            "<b>Eve</b>\r\nBcc: eve@exemple.org 🦊",
            Platform::Telegram,
            "fr",
        );
        gives(&chat.private, "Eve", email).await;
        let letter = mailed(&world, &server, number + 1).await;
        assert!(is_to(&letter, email), "{letter:?}");
        assert_eq!(letter.header("From"), "Guichet <guichet@exemple.org>");
        assert!(!letter.data.contains("\r\nBcc:"), "{}", letter.data);
        let html = letter.html();
        assert!(html.contains("&lt;b&gt;Eve") && !html.contains("<b>"), "{html}");
        let code = html.contains("2em").then(|| letter.code());
        let text = letter
            .text()
            .replace(&code.unwrap_or_else(|| "-".to_owned()), "(the code)");
        told.extend([email, "\n", text.as_str(), "\n"]);
    }
    let english = Learner::new(&world, "Mallory", Platform::Telegram, "en").private;
    english.says("My charger is broken").await;
    english.sees("What is your name").await;
    english.says("Mallory").await;
    english.sees("e-mail").await;
    english.says("mallory@exemple.org").await;
    english.sees("I am sending a code").await;
    let letter = mailed(&world, &server, 4).await;
    assert_eq!(letter.header("Subject"), "Your code for the help desk");
    told.push_str(&letter.text().replace(&letter.code(), "(the code)"));
    world.close().await;
    insta::assert_snapshot!("what_letters_say", told.replace('\r', ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_address_teaches_nothing_and_gives_nothing() {
    let (mut world, server) = World::open_with_mail().await;
    let victim = Learner::with_role(&world, "Victoire Sow", Platform::Telegram, "fr", Role::Learner).await;
    victim.opens("Mon mot de passe a fuité", 1).await;
    world.script.forget();
    // The same story twice: only the first address is somebody's.
    let mut told = Vec::new();
    for email in ["victoire.sow@exemple.org", "someone.else@exemple.org"] {
        let number = server.post().len() + 1;
        let mallory = Learner::new(&world, "Mallory", Platform::Telegram, "fr").private;
        gives(&mallory, "Victoire Sow", email).await;
        let right = mailed(&world, &server, number).await.code();
        types(&mallory, &another(&right)).await;
        mallory.sees("Il vous reste 4 essais").await;
        types(&mallory, &another(&right)).await;
        let asked = mallory.sees("Il vous reste 3 essais").await;
        mallory.presses(&asked, "Renvoyer un code").await;
        let asked = mallory.sees(ASKED).await;
        mallory.uses("tickets", &[]).await;
        mallory.sees("Je ne vous connais pas encore").await;
        mallory.presses(&asked, "Annuler").await;
        mallory.sees("Rien n'a été envoyé").await;
        world.quiet().await;
        let history = mallory.history().replace(email, "(the address)");
        let history = history.replace(&another(&right), "(a wrong code)");
        // Messages have other numbers.
        let lines = history
            .lines()
            .map(|line| line.trim_start_matches(|c: char| c.is_ascii_digit()));
        told.push(lines.collect::<Vec<_>>().join("\n"));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(accounts(&world).await, ["Victoire Sow victoire.sow@exemple.org"]);
    assert_eq!(world.count("identities WHERE account_id IS NOT NULL").await, 1);
    // One letter names the account to its owner, the other says nothing of any.
    let post = server.post();
    let of = |address: &str| post.iter().find(|post| post.to == address).expect("a letter").text();
    assert!(of("victoire.sow@exemple.org").contains("Vous avez déjà un compte"));
    assert!(!of("someone.else@exemple.org").contains("déjà"));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_an_account_links_the_chat_by_their_address() {
    let (mut world, server) = World::open_with_mail().await;
    let victim = Learner::with_role(&world, "Victoire Sow", Platform::Discord, "fr", Role::Learner).await;
    victim.private.says(PROBLEM).await;
    let draft = victim.private.sees("Urgence").await;
    victim.private.presses(&draft, "Envoyer").await;
    victim.private.sees("N° 1 · ").await;
    let here = Learner::new(&world, "vic", Platform::Telegram, "fr").private;
    gives(&here, "Vic", "victoire.sow@exemple.org").await;
    // A code that nobody guesses: nine characters with the dash.
    let code = mailed(&world, &server, 1).await.code();
    assert_eq!(code.len(), 9, "{code}");
    types(&here, &code.to_lowercase()).await;
    let asked = here.sees("Relier ce compte Telegram (vic) à Victoire Sow").await;
    here.presses(&asked, "Ce n'est pas moi").await;
    here.sees("rien n'a changé").await;
    assert_eq!(world.count("identities WHERE account_id IS NOT NULL").await, 1);
    here.says("Vic").await;
    here.sees("e-mail").await;
    here.says("victoire.sow@exemple.org").await;
    here.sees(ASKED).await;
    types(&here, &mailed(&world, &server, 2).await.code()).await;
    let asked = here.sees("Relier ce compte Telegram (vic) à Victoire Sow").await;
    here.presses(&asked, "Relier").await;
    let draft = here.sees("vous êtes Victoire Sow").await;
    assert!(draft.text.contains(PROBLEM), "{draft:?}");
    victim.private.sees("vient d'être reliée à votre compte").await;
    here.uses("tickets", &[]).await;
    here.sees("n° 1").await;
    assert_eq!(accounts(&world).await, ["Victoire Sow victoire.sow@exemple.org"]);
    world.close().await;
    insta::assert_snapshot!("whoever_has_an_account", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_can_not_be_guessed() {
    let (mut world, server) = World::open_with_mail().await;
    let lina = Learner::new(&world, "Lina", Platform::Telegram, "fr").private;
    gives(&lina, "Lina", "lina@exemple.org").await;
    let code = mailed(&world, &server, 1).await.code();
    for left in ["4 essais", "3 essais", "2 essais", "un essai", "c'était le dernier"] {
        types(&lina, &another(&code)).await;
        lina.sees(left).await;
    }
    types(&lina, &code).await;
    let asked = lina.sees("Ce code ne sert plus").await;
    // Another code gives no more tries, for ten minutes.
    lina.presses(&asked, "Renvoyer un code").await;
    lina.sees(ASKED).await;
    types(&lina, &mailed(&world, &server, 2).await.code()).await;
    lina.sees("Trop d'essais").await;
    assert_eq!(accounts(&world).await, [""; 0]);
    world.clock.advance(TimeDelta::minutes(11));
    types(&lina, &mailed(&world, &server, 2).await.code()).await;
    lina.sees("Merci Lina").await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once_for_a_while_and_in_its_chat_alone() {
    let (mut world, server) = World::open_with_mail().await;
    let lina = Learner::new(&world, "Lina", Platform::Telegram, "fr").private;
    gives(&lina, "Lina", "lina@exemple.org").await;
    let late = mailed(&world, &server, 1).await.code();
    world.clock.advance(TimeDelta::minutes(16));
    types(&lina, &late).await;
    let asked = lina.sees("Ce code ne sert plus").await;
    lina.presses(&asked, "Renvoyer un code").await;
    lina.sees(ASKED).await;
    let code = mailed(&world, &server, 2).await.code();
    // The one before is void, and in another chat neither is of use.
    types(&lina, &late).await;
    lina.sees("Ce code n'est pas le bon").await;
    let eve = Learner::new(&world, "Eve", Platform::Telegram, "fr").private;
    gives(&eve, "Eve", "eve@exemple.org").await;
    mailed(&world, &server, 3).await;
    types(&eve, &code).await;
    eve.sees("Ce code n'est pas le bon").await;
    types(&lina, &code).await;
    lina.sees("Merci Lina").await;
    types(&eve, &code).await;
    eve.sees("Ce code n'est pas le bon").await;
    assert_eq!(accounts(&world).await, ["Lina lina@exemple.org"]);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobodys_mailbox_is_flooded() {
    let (mut world, server) = World::open_with_mail().await;
    let eve = Learner::new(&world, "Eve", Platform::Telegram, "fr").private;
    let mut asked = gives(&eve, "Eve", "victoire@exemple.org").await;
    for number in 2..=3 {
        mailed(&world, &server, number - 1).await;
        eve.presses(&asked, "Renvoyer un code").await;
        asked = eve.sees(ASKED).await;
    }
    let last = mailed(&world, &server, 3).await;
    eve.presses(&asked, "Renvoyer un code").await;
    eve.sees("J'ai déjà envoyé plusieurs codes").await;
    // Neither from another chat.
    let other = Learner::new(&world, "Eve bis", Platform::Discord, "fr").private;
    other.says(PROBLEM).await;
    other.sees("Quel est votre nom").await;
    other.says("Eve bis").await;
    other.sees("e-mail").await;
    other.says("victoire@exemple.org").await;
    let refused = other.sees("J'ai déjà envoyé plusieurs codes").await;
    world.quiet().await;
    assert_eq!(server.post().len(), 3);
    let ids: Vec<String> = server.post().iter().map(|post| post.header("Message-ID")).collect();
    assert!(ids[0] != ids[1] && ids[1] != ids[2], "{ids:?}");
    // The last of them is still good.
    types(&eve, &last.code()).await;
    eve.sees("Merci Eve").await;
    world.clock.advance(TimeDelta::minutes(16));
    other.presses(&refused, "Renvoyer un code").await;
    other.sees(ASKED).await;
    mailed(&world, &server, 4).await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_can_be_corrected() {
    for on in [Platform::Telegram, Platform::Discord] {
        let (mut world, server) = World::open_with_mail().await;
        let lina = Learner::new(&world, "Lina", on, "fr").private;
        let asked = gives(&lina, "Lina Ndiaye", "lina@exemple.prg").await;
        let wrong = mailed(&world, &server, 1).await.code();
        if let Answer::Form { fields, .. } = lina.presses(&asked, "Changer l'adresse").await {
            assert_eq!(fields[1].value, "lina@exemple.prg");
            lina.submits(&[("Votre adresse e-mail", "lina@exemple.org")]).await;
        } else {
            lina.sees("Quelle est votre adresse e-mail").await;
            lina.says("lina@exemple.org").await;
        }
        lina.sees("à lina@exemple.org").await;
        let letter = mailed(&world, &server, 2).await;
        assert!(is_to(&letter, "lina@exemple.org"), "{letter:?}");
        types(&lina, &wrong).await;
        lina.sees("Ce code n'est pas le bon").await;
        types(&lina, &letter.code()).await;
        lina.sees("Merci Lina").await;
        assert_eq!(accounts(&world).await, ["Lina Ndiaye lina@exemple.org"]);
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_down_loses_nothing() {
    let (mut world, mut server) = World::open_with_mail().await;
    server.goes_down().await;
    let lina = Learner::new(&world, "Lina", Platform::Telegram, "fr").private;
    gives(&lina, "Lina", "lina@exemple.org").await;
    world
        .tables
        .until("outbox WHERE platform = 'mail' AND attempts > 0", 1)
        .await;
    // A desk that starts again goes on with it.
    world.close().await;
    world.start().await;
    server.comes_back();
    world.clock.advance(TimeDelta::minutes(1));
    let letter = mailed(&world, &server, 1).await;
    types(&lina, &letter.code()).await;
    lina.sees("Merci Lina").await;
    world.is_settled().await;
    assert_eq!(server.post().len(), 1);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_does_not_take_yet_is_kept() {
    for mood in [Mood::Greylists, Mood::Distrusts] {
        let (mut world, server) = World::open_with_mail().await;
        server.is(mood);
        let lina = Learner::new(&world, "Lina", Platform::Telegram, "fr").private;
        gives(&lina, "Lina", "lina@exemple.org").await;
        world
            .tables
            .until("outbox WHERE platform = 'mail' AND attempts > 0", 1)
            .await;
        assert_eq!(world.count("dead_letters").await, 0);
        server.is(Mood::Takes);
        world.clock.advance(TimeDelta::minutes(2));
        types(&lina, &mailed(&world, &server, 1).await.code()).await;
        lina.sees("Merci Lina").await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_hangs_delays_nobody() {
    let (mut world, mut server) = World::open_with_mail().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let known = Learner::known(&world, "Omar Sy", Platform::Telegram).await;
    server.is(Mood::Hangs);
    for number in 1..=6 {
        let chat = Learner::new(&world, &format!("Lina {number}"), Platform::Telegram, "fr").private;
        gives(&chat, "Lina", &format!("lina{number}@exemple.org")).await;
        if number == 6 {
            types(&chat, "123456").await;
            chat.sees("n'est pas encore parti").await;
        }
    }
    server.until_connections(4).await;
    // While all that carry letters wait, everything else goes on.
    known.opens("Mon écran est noir", 1).await;
    staff.moussa.channel.sees("Mon écran est noir").await;
    assert_eq!(server.post().len(), 0);
    // Ends what hangs.
    server.goes_down().await;
    server.is(Mood::Takes);
    server.comes_back();
    world.clock.advance(TimeDelta::minutes(1));
    mailed(&world, &server, 6).await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gave_an_address_that_is_refused_hears_of_it() {
    let (mut world, server) = World::open_with_mail().await;
    server.is(Mood::Refuses);
    let lina = Learner::new(&world, "Lina", Platform::Telegram, "fr").private;
    gives(&lina, "Lina Ndiaye", "lina@exemple.prg").await;
    let told = lina.sees("n'a pas pu être remis").await;
    let cause = world
        .tables
        .texts("SELECT CONCAT(reason, ': ', cause) FROM dead_letters")
        .await;
    assert_eq!(
        cause,
        ["refused: the platform refused it: the recipient: the mail server answers 550"]
    );
    server.is(Mood::Takes);
    lina.presses(&told, "Changer l'adresse").await;
    lina.sees("Quelle est votre adresse e-mail").await;
    lina.says("lina@exemple.org").await;
    lina.sees(ASKED).await;
    types(&lina, &mailed(&world, &server, 1).await.code()).await;
    let draft = lina.sees("Merci Lina").await;
    assert!(draft.text.contains(PROBLEM), "{draft:?}");
    world.close().await;
    insta::assert_snapshot!("an_address_that_is_refused", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_confirm_one_address_at_once_one_links() {
    let (mut world, server) = World::open_with_mail().await;
    let mut chairs = Vec::new();
    for (number, name) in ["lina.mobile", "lina.pc"].into_iter().enumerate() {
        let chair = Learner::new(&world, name, Platform::Telegram, "fr").private;
        gives(&chair, "Lina", "lina@exemple.org").await;
        let code = mailed(&world, &server, number + 1).await.code();
        chairs.push((chair, code));
    }
    let [(one, first), (two, second)] = &chairs[..] else {
        unreachable!()
    };
    tokio::join!(types(one, first), types(two, second));
    world.tables.until("inbox WHERE answered_at IS NULL", 0).await;
    world.tables.until("accounts", 1).await;
    let both = [one, two].map(|chair| chair.history().contains("Voici votre demande"));
    assert!(
        both[0] != both[1],
        "{}
{}",
        one.history(),
        two.history()
    );
    let (joined, asked) = if both[0] { (one, two) } else { (two, one) };
    let question = asked.sees("Relier ce compte Telegram").await;
    asked.presses(&question, "Relier").await;
    asked.sees("vous êtes Lina").await;
    joined.sees("vient d'être reliée à votre compte").await;
    assert_eq!(accounts(&world).await, ["Lina lina@exemple.org"]);
    assert_eq!(world.count("identities WHERE account_id IS NOT NULL").await, 2);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_kept_until_the_address_is_confirmed() {
    let (mut world, server) = World::open_with_mail().await;
    let user = world.discord.user("lina.nd", "fr");
    let omar = world.discord.user("Omar", "fr");
    let general = world.discord.channel("general");
    let lina = world.chair("lina.nd", "#general", user.in_channel(&general));
    lina.uses("ticket", &[("urgence", "high")]).await;
    lina.submits(&[
        ("Titre", "Chargeur"),
        ("Description", ""),
        ("Votre nom", "Lina Ndiaye"),
        ("Votre adresse e-mail", "lina@exemple.org"),
    ])
    .await;
    let asked = lina.sees(ASKED).await;
    let code = mailed(&world, &server, 1).await.code();
    // Typed where others read it, it is nothing.
    types(&lina, &code).await;
    lina.presses(&asked, "Saisir le code").await;
    lina.submits(&[("Le code reçu par e-mail", &another(&code))]).await;
    let asked = lina.sees("Il vous reste 4 essais").await;
    lina.presses(&asked, "Saisir le code").await;
    let so_far = world.script.text();
    lina.submits(&[("Le code reçu par e-mail", &code)]).await;
    world.script.back_to(&so_far);
    let draft = lina.sees("Merci Lina").await;
    assert!(
        draft.text.contains("Chargeur") && draft.text.contains("Haute"),
        "{draft:?}"
    );
    lina.presses(&draft, "Envoyer").await;
    lina.sees("N° 1 · Chargeur").await;
    let history = omar.in_channel(&general).history();
    assert!(
        !history.contains("exemple.org") && !history.contains("Chargeur"),
        "{history}"
    );
    assert_eq!(accounts(&world).await, ["Lina Ndiaye lina@exemple.org"]);
    world.close().await;
    insta::assert_snapshot!(
        "a_form_is_kept",
        world.script.text().replace(&another(&code), "(a wrong code)")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_in_a_group_is_nothing_and_still_good_in_private() {
    let (mut world, server) = World::open_with_mail().await;
    let user = world.telegram.user("Lina", "fr");
    let group = world.telegram.group("Promo 12", &[&user], false);
    let private = world.chair("Lina", "private", user.private());
    let in_group = world.chair("Lina", "Promo 12", user.in_group(&group));
    gives(&private, "Lina", "lina@exemple.org").await;
    let code = mailed(&world, &server, 1).await.code();
    types(&in_group, &code).await;
    world.quiet().await;
    assert_eq!(accounts(&world).await, [""; 0]);
    in_group.sees_nothing_else();
    types(&private, &code).await;
    private.sees("Merci Lina").await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_every_legal_form_get_their_letter() {
    let (mut world, server) = World::open_with_mail().await;
    for (number, (typed, reached)) in [
        ("O'Brien+guichet@École.fr", "o'brien+guichet@xn--cole-9oa.fr"),
        ("élodie@exemple.org", "élodie@exemple.org"),
        ("!#$%&'*+/=?^_`{|}~-@exemple.org", "!#$%&'*+/=?^_`{|}~-@exemple.org"),
        ("a@b.c.d.e.museum", "a@b.c.d.e.museum"),
    ]
    .into_iter()
    .enumerate()
    {
        let chat = Learner::new(&world, &format!("Chat {number}"), Platform::Telegram, "fr").private;
        gives(&chat, "😀 محمد", typed).await;
        let letter = mailed(&world, &server, number + 1).await;
        assert_eq!(letter.to, reached);
        types(&chat, &letter.code()).await;
        chat.sees("Voici votre demande").await;
    }
    assert_eq!(world.count("accounts WHERE email IS NOT NULL").await, 4);
    // What no mail server knows is told like an address that is refused.
    let chat = Learner::new(&world, "Chat", Platform::Telegram, "fr").private;
    gives(&chat, "Lina", "a..b@exemple.org").await;
    chat.sees("n'a pas pu être remis").await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_is_told_whether_the_mail_server_takes_us() {
    let mut server = MailServer::start().await;
    assert_eq!(server.mailer().check().await, Ok(()));
    // It has no encryption to offer, in either way.
    for encryption in [Encryption::StartTls, Encryption::Tls] {
        let refused = server.mailer_with(encryption).check().await.expect_err("no encryption");
        assert!(
            refused.starts_with("encryption: ") || refused.starts_with("connecting: "),
            "{refused}"
        );
    }
    server.is(Mood::Distrusts);
    let refused = server.mailer().check().await.expect_err("a wrong password");
    assert_eq!(refused, "signing in: the mail server answers 535");
    server.goes_down().await;
    let down = server.mailer().check().await.expect_err("no server");
    assert!(down.starts_with("connecting: "), "{down}");
    assert_eq!(server.post().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_go_over_an_encrypted_connection_to_a_server_that_is_believed() {
    for encryption in [Encryption::StartTls, Encryption::Tls] {
        let server = MailServer::start_with(encryption).await;
        // Nothing is said to a server whose certificate is nobody's, nor in clear to one that wants it otherwise.
        let unknown = server.mailer_with(encryption).check().await.expect_err("nobody's");
        assert!(unknown.contains("certificate"), "{unknown}");
        if encryption == Encryption::StartTls {
            let in_clear = server.mailer().check().await.expect_err("in clear");
            assert!(in_clear.starts_with("signing in: "), "{in_clear}");
        }
        assert_eq!(server.believing_mailer().check().await, Ok(()));
        let mut world = World::closed(Clock::system()).await;
        world.mailer = Some(server.believing_mailer());
        world.start().await;
        let lina = Learner::new(&world, "Lina", Platform::Telegram, "fr").private;
        gives(&lina, "Lina", "lina@exemple.org").await;
        types(&lina, &mailed(&world, &server, 1).await.code()).await;
        lina.sees("Merci Lina").await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_strangers_makes_no_flood_of_letters() {
    let (mut world, server) = World::open_with_mail().await;
    let eve = Learner::new(&world, "Eve", Platform::Telegram, "fr").private;
    gives(&eve, "Eve", "eve@exemple.org").await;
    mailed(&world, &server, 1).await;
    // As many others as may.
    let others = "INSERT INTO letters (kind, address, language, identity_id, created_at)
        SELECT kind, CONCAT(seq, '@exemple.org'), language, identity_id, created_at FROM letters JOIN seq_1_to_299";
    world.tables.change(others).await;
    let lina = Learner::new(&world, "Lina", Platform::Telegram, "fr").private;
    lina.says(PROBLEM).await;
    lina.sees("Quel est votre nom").await;
    lina.says("Lina").await;
    lina.sees("e-mail").await;
    lina.says("lina@exemple.com").await;
    let asked = lina.sees("Beaucoup de codes viennent de partir").await;
    assert_eq!(world.count("letters").await, 300);
    world.clock.advance(TimeDelta::minutes(61));
    lina.presses(&asked, "Renvoyer un code").await;
    lina.sees(ASKED).await;
    types(&lina, &mailed(&world, &server, 2).await.code()).await;
    let draft = lina.sees("Merci Lina").await;
    assert!(draft.text.contains(PROBLEM), "{draft:?}");
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_may_not_have_arrived_comes_again_with_its_mark_and_another_code() {
    let (mut world, server) = World::open_with_mail().await;
    server.is(Mood::Vanishes);
    let lina = Learner::new(&world, "Lina", Platform::Telegram, "fr").private;
    gives(&lina, "Lina", "lina@exemple.org").await;
    let first = server.letter(1).await;
    world
        .tables
        .until("outbox WHERE platform = 'mail' AND attempts > 0", 1)
        .await;
    server.is(Mood::Takes);
    world.clock.advance(TimeDelta::minutes(1));
    let second = mailed(&world, &server, 2).await;
    assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
    types(&lina, &first.code()).await;
    lina.sees("Ce code n'est pas le bon").await;
    types(&lina, &second.code()).await;
    lina.sees("Merci Lina").await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_ask_at_once_for_letters_to_one_address_three_get_one() {
    let (store, _) = bare_store(&Clock::system()).await;
    let mut chats = Vec::new();
    // As many as a transaction is tried: of two that meet, one runs again.
    for number in 0..5 {
        let mut tx = store.begin().await.expect("a transaction");
        let user = number.to_string();
        let chat = people::insert_identity(&mut tx, Platform::Telegram, &user, "Eve", None, Language::Fr).await;
        chats.push(chat.expect("a chat"));
        tx.commit().await.expect("a commit");
    }
    let address = Email::parse("victoire@exemple.org").expect("an address");
    let asked = chats.into_iter().map(|chat| {
        let (store, about) = (store.clone(), (chat, address.clone()));
        tokio::spawn(async move {
            let asked = store.insist(&about, |tx, (chat, address)| {
                Box::pin(confirmation::ask(tx, *chat, address, Language::Fr))
            });
            asked.await.expect("an answer")
        })
    });
    let asked: Vec<Asked> = join_all(asked)
        .await
        .into_iter()
        .map(|asked| asked.expect("no panic"))
        .collect();
    let sent = asked.iter().filter(|asked| **asked == Asked::Sent).count();
    assert_eq!(sent, 3, "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_at_any_level_tells_a_code_an_address_or_a_password() {
    let world = World::closed(Clock::system()).await;
    let server = MailServer::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let password = directory.path().join("password");
    std::fs::write(&password, "canaryhush\n").expect("a file");
    let settings = [
        ("GUICHET_LOG__LEVEL", "trace"),
        ("GUICHET_SMTP__HOST", "127.0.0.1"),
        ("GUICHET_SMTP__PORT", &server.port.to_string()),
        ("GUICHET_SMTP__ENCRYPTION", "none"),
        ("GUICHET_SMTP__USER", "guichet"),
        ("GUICHET_SMTP__PASSWORD_FILE", password.to_str().expect("a path")),
        ("GUICHET_SMTP__FROM", "Guichet <guichet@exemple.org>"),
    ];
    let program = Program::serve(&world, &settings).await;
    let lina = Learner::new(&world, "canarynick", Platform::Telegram, "fr").private;
    server.is(Mood::Refuses);
    gives(&lina, "Lina Canaryname", "canarymail@exemple.prg").await;
    let told = lina.sees("n'a pas pu être remis").await;
    server.is(Mood::Vanishes);
    lina.presses(&told, "Changer l'adresse").await;
    lina.sees("Quelle est votre adresse e-mail").await;
    lina.says("canarymail@exemple.org").await;
    lina.sees(ASKED).await;
    let first = server.letter(1).await.code();
    program.says("is put off").await;
    server.is(Mood::Takes);
    mailed(&world, &server, 2).await;
    let second = server.post().last().expect("a letter").code();
    types(&lina, &another(&second)).await;
    lina.sees("Il vous reste 4 essais").await;
    types(&lina, &second).await;
    lina.sees("Merci Lina").await;
    world.quiet().await;
    let (status, said) = program.closes().await;
    assert!(status.success() && said.contains("can't be delivered"), "{said}");
    let bare = [&first, &second].map(|code| code.replace(' ', ""));
    // A bare number of six digits may well be a part of another, of a time say: it is looked for as a word.
    let words: Vec<&str> = said.split(|c: char| !c.is_alphanumeric()).collect();
    for secret in bare {
        assert!(!words.contains(&secret.as_str()), "{secret}");
    }
    for secret in ["canary", first.as_str(), second.as_str(), "Votre code pour"] {
        let told = said.lines().find(|line| line.contains(secret));
        assert_eq!(told, None, "{secret}");
    }
}
