//! Telegram's updates by webhook: taken only with the secret, once, and only when they are stored.

use guichet::domain::platform::Platform;
use guichet::sandbox::telegram::Fault;
use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::harness::{Learner, StaffOn, World, office};

const HEADER: &str = "X-Telegram-Bot-Api-Secret-Token";

/// The secret that the desk gave to Telegram.
fn secret(world: &World) -> String {
    let requests = world.telegram.requests();
    let set = requests.iter().rev().find(|request| request.method == "setWebhook");
    let secret = &set.expect("a webhook").parameters["secret_token"];
    secret.as_str().expect("a secret").to_owned()
}

/// Posts a body to the webhook, as Telegram would, or somebody who is not Telegram.
async fn posts(world: &World, secret: Option<&str>, body: impl Into<reqwest::Body>) -> StatusCode {
    let url = format!("{}/telegram/webhook", world.web);
    let mut post = reqwest::Client::new().post(url).body(body);
    if let Some(secret) = secret {
        post = post.header(HEADER, secret);
    }
    post.send().await.expect("an answer").status()
}

/// Posts without the secret, and without the body that it says will come; gives the answer's first line.
async fn announces(world: &World, length: usize) -> String {
    let host = world.web.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(host).await.expect("a connection");
    let head = format!("POST /telegram/webhook HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("a request");
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).await.expect("an answer");
    line
}

async fn is_ready(world: &World) {
    world.telegram.confirmed().await.expect("every update taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_goes_its_whole_way_without_asking_for_updates() {
    let world = World::open_by_webhook().await;
    let staff = office(&world, StaffOn::TelegramTopics, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi tombe", 1).await;
    let card = staff.moussa.channel.sees("Le wifi tombe").await;
    staff.moussa.channel.presses(&card, "Prendre").await;
    lina.private.sees("s'occupe de votre demande").await;
    let card = staff.moussa.channel.sees("En cours").await;
    staff
        .moussa
        .channel
        .presses_and_writes(&card, "Résoudre", "Borne changée.")
        .await;
    let report = lina.private.sees("Borne changée.").await;
    lina.private.presses(&report, "C'est réglé").await;
    lina.private.sees("Clôturé").await;
    world.quiet().await;
    world.tables.all_went_well().await;
    assert_eq!(world.tables.events(1).await, "opened taken resolved confirmed");
    let requests = world.telegram.requests();
    assert!(requests.iter().all(|request| request.method != "getUpdates"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_secret_nothing_is_stored() {
    let world = World::open_by_webhook().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    world.quiet().await;
    let stored = world.count("inbox").await;
    let secret = secret(&world);
    assert!(secret.len() == 64 && !secret.contains(world.telegram.token()));
    let update = json!({"update_id": 1, "message": {"message_id": 1, "date": 0, "text": "/start",
        "chat": {"id": 7, "type": "private"}, "from": {"id": 7, "is_bot": false, "first_name": "X"}}});
    let update = update.to_string();
    for wrong in [
        None,
        Some(""),
        Some("wrong"),
        Some(&secret[..63]),
        Some(&format!("{secret}0")),
    ] {
        assert_eq!(
            posts(&world, wrong, update.clone()).await,
            StatusCode::UNAUTHORIZED,
            "{wrong:?}"
        );
    }
    let status = announces(&world, 2 * 1024 * 1024).await;
    assert!(status.starts_with("HTTP/1.1 401 "), "{status}");
    assert_eq!(world.count("inbox").await, stored);
    lina.opens("Le wifi tombe", 1).await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_body_does_harm() {
    let world = World::open_by_webhook().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    world.quiet().await;
    let stored = world.count("inbox").await;
    let secret = secret(&world);
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    // Without an id that can be read they would come for ever, were they refused.
    let without_id: [Vec<u8>; 9] = [
        b"".to_vec(),
        b"{}".to_vec(),
        b"null".to_vec(),
        b"\xff\xfe{\"update_id\":1}".to_vec(),
        b"{\"update_id\":1,\"update_id\":2}".to_vec(),
        b"{\"update_id\":9223372036854775808}".to_vec(),
        b"{\"update_id\":\"1\"}".to_vec(),
        b"{\"update_id\":1,\"message\":\"\0\"}".to_vec(),
        deep.clone().into_bytes(),
    ];
    for body in without_id {
        assert_eq!(posts(&world, Some(&secret), body).await, StatusCode::OK);
    }
    assert_eq!(world.count("inbox").await, stored);
    let with_id = [
        format!("{{\"update_id\":-1,\"message\":{deep}}}"),
        "{\"update_id\":2,\"message\":{\"text\":\"\\u0000\\ud83d\"},\"message\":7}".to_owned(),
        "{\"update_id\":3}".to_owned(),
    ];
    let kept = i64::try_from(with_id.len()).expect("few");
    for body in with_id {
        assert_eq!(posts(&world, Some(&secret), body).await, StatusCode::OK);
    }
    assert_eq!(world.count("inbox").await, stored + kept);
    let large = format!("{{\"update_id\":4,\"message\":\"{}\"}}", "x".repeat(1024 * 1024));
    assert_eq!(posts(&world, Some(&secret), large).await, StatusCode::PAYLOAD_TOO_LARGE);
    let got = reqwest::get(format!("{}/telegram/webhook", world.web))
        .await
        .expect("an answer");
    assert_eq!(got.status(), StatusCode::METHOD_NOT_ALLOWED);
    lina.opens("Le wifi tombe", 1).await;
    world.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_posted_again_has_no_second_effect() {
    let world = World::open_by_webhook().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.private.says("Le wifi tombe").await;
    let draft = lina.private.sees("Urgence").await;
    is_ready(&world).await;
    world.telegram.faults().next("webhook", Fault::DropConfirmation, 2);
    lina.private.presses(&draft, "Envoyer").await;
    lina.private.sees("N° 1 · ").await;
    is_ready(&world).await;
    world.telegram.redeliver(world.telegram.last_update_id());
    world.quiet().await;
    assert_eq!(world.count("tickets").await, 1);
    assert_eq!(lina.private.times("N° 1 · "), 1, "{}", lina.private.history());
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_stored_is_refused_and_comes_again() {
    let world = World::open_by_webhook().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    world.quiet().await;
    world.tables.change("RENAME TABLE inbox TO inbox_away").await;
    let status = posts(&world, Some(&secret(&world)), "{\"update_id\":5}").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    lina.private.says("Le wifi tombe").await;
    lina.private.says("Et la souris aussi").await;
    world.tables.change("RENAME TABLE inbox_away TO inbox").await;
    let draft = lina.private.sees("Et la souris aussi").await;
    assert!(draft.text.contains("Le wifi tombe"), "{draft:?}");
    world.quiet().await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_polling_to_a_webhook_and_back_nothing_is_lost() {
    let mut world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.private.says("Un : le wifi tombe").await;
    lina.private.sees("Un : le wifi tombe").await;
    for (by_webhook, words) in [
        (true, "Deux : la souris"),
        (false, "Trois : l'écran"),
        (true, "Quatre : le son"),
    ] {
        world.close().await;
        lina.private.says(words).await;
        world.by_webhook = by_webhook;
        world.start().await;
        let draft = lina.private.sees(words).await;
        assert!(draft.text.contains("Un : le wifi tombe"), "{draft:?}");
    }
    world.quiet().await;
    world.tables.all_went_well().await;
}
