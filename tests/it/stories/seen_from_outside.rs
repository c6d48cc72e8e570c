//! What those see who look after the desk: its pages and its log.

use guichet::clock::Clock;
use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::sandbox::{discord, telegram};
use serde_json::{Value, json};

use crate::harness::{Learner, PASSWORD, Program, StaffOn, World, link, office};

async fn page(url: &str, path: &str) -> (u16, String) {
    let got = reqwest::get(format!("{url}{path}")).await.expect("an answer");
    (got.status().as_u16(), got.text().await.expect("a page"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_without_its_database_is_alive_and_not_ready() {
    let world = World::open().await;
    assert_eq!(page(&world.web, "/healthz").await, (200, "ok\n".to_owned()));
    let (status, report) = page(&world.web, "/readyz").await;
    assert_eq!((status, report.as_str()), (200, "{\"ready\":true,\"missing\":[]}"));
    world.store.close().await;
    assert_eq!(page(&world.web, "/healthz").await.0, 200);
    // What the database answered last is believed for a second.
    let not_ready = async {
        loop {
            let (status, report) = page(&world.web, "/readyz").await;
            if status != 200 {
                return (status, report);
            }
        }
    };
    let not_ready = tokio::time::timeout(std::time::Duration::from_secs(10), not_ready);
    let (status, report) = not_ready.await.expect("a page that says so");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(
        (status, report),
        (503, json!({"ready": false, "missing": ["database"]}))
    );
    let (status, metrics) = page(&world.web, "/metrics").await;
    assert_eq!(
        (status, value(&metrics, "guichet_database_up")),
        (200, 0.0),
        "{metrics}"
    );
    assert_eq!(page(&world.web, "/telegram/webhook").await.0, 404);
}

/// The sum of a metric's values whose labels contain these words: `guichet_updates_total telegram`.
fn value(metrics: &str, wanted: &str) -> f64 {
    let mut words = wanted.split(' ');
    let name = words.next().expect("a name");
    let words: Vec<_> = words.collect();
    let lines = metrics.lines().filter(|line| {
        let rest = line.strip_prefix(name).filter(|rest| rest.starts_with(['{', ' ']));
        rest.is_some_and(|rest| words.iter().all(|word| rest.contains(word)))
    });
    let values: Vec<f64> = lines
        .map(|line| line.rsplit(' ').next().expect("a value").parse().expect("a number"))
        .collect();
    assert!(!values.is_empty(), "no {wanted} in\n{metrics}");
    values.iter().sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_counts_what_goes_through() {
    let world = World::closed(Clock::system()).await;
    let program = Program::serve(&world, &[]).await;
    program.says("the desk is open").await;
    world.bot_is_there().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    world.telegram.faults().next(
        "SendMessage",
        telegram::Fault::Answer {
            status: 429,
            body: json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 1",
                "parameters": {"retry_after": 1}}),
        },
        1,
    );
    lina.opens("Le wifi tombe", 1).await;
    let card = staff.moussa.channel.sees("Le wifi tombe").await;
    world.quiet().await;
    lina.person.shuts_bot_out();
    staff.moussa.channel.presses(&card, "Prendre").await;
    world.tables.until("dead_letters", 1).await;
    world.quiet().await;
    assert_eq!(page(&program.web, "/healthz").await.0, 200);
    assert_eq!(page(&program.web, "/readyz").await.0, 200);
    let (status, metrics) = page(&program.web, "/metrics").await;
    assert_eq!(
        (status, value(&metrics, "guichet_database_up")),
        (200, 1.0),
        "{}",
        program.said()
    );
    let stored = world.tables.number("SELECT COUNT(*) FROM inbox").await;
    for (metric, wanted) in [
        ("guichet_updates_total", f64::from(i32::try_from(stored).expect("few"))),
        ("guichet_inbox_depth", 0.0),
        ("guichet_outbox_depth telegram", 0.0),
        ("guichet_outbox_oldest_seconds discord", 0.0),
        ("guichet_rate_limited_total telegram", 1.0),
        ("guichet_rate_limited_total discord", 0.0),
        ("guichet_set_aside_total", 0.0),
        ("guichet_dead_letters", 1.0),
        ("guichet_buried_total", 1.0),
        ("guichet_database_up", 1.0),
        ("guichet_database_connections max", 16.0),
        ("guichet_build_info", 1.0),
    ] {
        assert!(
            (value(&metrics, metric) - wanted).abs() < 0.5,
            "{metric} is not {wanted}:\n{metrics}"
        );
    }
    for metric in [
        "guichet_deliveries_total discord \"sent\"",
        "guichet_update_seconds_count telegram",
        "guichet_retries_total",
    ] {
        assert!(value(&metrics, metric) > 0.5, "{metric}:\n{metrics}");
    }
    let (status, said) = program.closes().await;
    assert!(status.success(), "{said}");
}

/// Everything that can go wrong while these words pass through.
fn ail(world: &World) {
    let quoted = json!({"ok": false, "error_code": 400,
        "description": "Bad Request: can't parse entities: Unsupported start tag \"canaryword\" at byte offset 2"});
    let faults = world.telegram.faults();
    faults.next("SendMessage", telegram::Fault::Status(500), 1);
    faults.next("SendMessage", telegram::Fault::Cut { after_effect: false }, 1);
    faults.next(
        "SendMessage",
        telegram::Fault::Answer {
            status: 400,
            body: quoted,
        },
        1,
    );
    faults.next("EditMessageText", telegram::Fault::Status(502), 1);
    faults.next("download", telegram::Fault::Cut { after_effect: false }, 1);
    faults.next("download", telegram::Fault::Status(500), 1);
    let invalid = json!({"code": 50035, "message": "Invalid Form Body", "errors":
        {"content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "canaryword is too long"}]}}});
    let faults = world.discord.faults();
    faults.next("POST /channels", discord::Fault::Status(500), 1);
    faults.next("POST /channels", discord::Fault::Cut { after_effect: false }, 1);
    faults.next(
        "PATCH /channels",
        discord::Fault::Reply {
            status: 400,
            body: invalid,
        },
        1,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_at_any_level_tells_a_secret_or_what_people_write() {
    let world = World::closed(Clock::system()).await;
    let settings = [("GUICHET_LOG__LEVEL", "trace"), ("GUICHET_TELEGRAM__MODE", "webhook")];
    let program = Program::serve(&world, &settings).await;
    program.says("posts updates to the webhook").await;
    world.bot_is_there().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let code = world
        .create("Ibou Canaryname", "canarycode@exemple.org", Role::Technician)
        .await;
    let ibou = Learner::new(&world, "Ibou Canarynick", Platform::Telegram, "fr");
    link(&ibou.private, &code, "fr").await;

    let lina = Learner::new(&world, "Lina Canarynick", Platform::Telegram, "fr");
    lina.private.says("La canaryword est cassée").await;
    lina.signs_up("Lina Canaryname", "canarymail@exemple.org", "fr").await;
    let draft = lina.private.sees("canaryword").await;
    lina.private.presses(&draft, "Envoyer").await;
    lina.private.sees("N° 1 · ").await;
    let card = staff.moussa.channel.sees("canaryword").await;
    world.quiet().await;
    ail(&world);
    staff.moussa.channel.presses(&card, "Prendre").await;
    lina.private
        .sends(
            "canaryfile.pdf",
            "application/pdf",
            b"%PDF canarycontent",
            "Une canarycomment",
        )
        .await;
    lina.private.sees("canarycomment").await;
    staff
        .moussa
        .private
        .uses("resolve", &[("number", "1"), ("text", "La canaryreport est faite.")])
        .await;
    lina.private.sees("canaryreport").await;
    world.quiet().await;

    world.tables.change("RENAME TABLE comments TO comments_away").await;
    lina.private
        .uses("reply", &[("number", "1"), ("text", "Encore canarycomment")])
        .await;
    let told = lina.private.sees("Référence").await;
    world.tables.change("RENAME TABLE comments_away TO comments").await;
    let reference = told.text.rsplit(' ').next().expect("a reference").to_owned();
    program.says(&reference).await;
    world.telegram.inject(json!({"message": "canaryword"}));
    let secret = world
        .telegram
        .requests()
        .into_iter()
        .find(|request| request.method == "setWebhook");
    let secret = secret.expect("a webhook").parameters["secret_token"]
        .as_str()
        .expect("a secret")
        .to_owned();
    for (secret, body) in [("canarysecret", "{}"), (secret.as_str(), "{\"text\":\"canaryword\"}")] {
        let post = reqwest::Client::new().post(format!("{}/telegram/webhook", program.web));
        let post = post.header("X-Telegram-Bot-Api-Secret-Token", secret).body(body);
        post.send().await.expect("an answer");
    }
    world.telegram.confirmed().await.expect("every update taken");
    program.says("an update without an id").await;

    let (status, said) = program.closes().await;
    assert!(
        status.success() && said.contains("is put off") && said.contains("DEBUG"),
        "{said}"
    );
    assert!(
        said.contains(&format!("\"reference\":\"{reference}\"")),
        "{reference}:\n{said}"
    );
    let code = code.to_lowercase();
    let bare = code.replace('-', "");
    let tokens = [
        world.telegram.token(),
        world.discord.token(),
        PASSWORD,
        &secret,
        &code,
        &bare,
        "canary",
    ];
    let said = said.to_lowercase();
    for canary in tokens {
        let leak = said.lines().find(|line| line.contains(&canary.to_lowercase()));
        assert!(leak.is_none(), "{leak:?}");
    }
}
