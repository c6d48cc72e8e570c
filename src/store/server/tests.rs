//! What is promised of the private server, each promise tried on a real one.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::process;
use super::{PrivateServer, ServerError};

type Outcome = Result<(), Box<dyn Error>>;

#[tokio::test]
async fn what_was_written_survives_a_stop() -> Outcome {
    let data = tempfile::tempdir()?;
    let server = PrivateServer::start(data.path()).await?;
    write_note(&server.options(), "kept").await?;
    server.stop().await;

    let server = PrivateServer::start(data.path()).await?;
    assert_eq!(read_note(&server.options()).await?, "kept");
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_second_guichet_on_the_same_data_is_refused() -> Outcome {
    let data = tempfile::tempdir()?;
    let server = PrivateServer::start(data.path()).await?;

    let Err(refusal) = PrivateServer::start(data.path()).await else {
        return Err("a second server started".into());
    };
    assert_eq!(
        refusal.to_string(),
        format!(
            "Another Guichet (process {}) is already using {}/. Stop it, or give this one its own directory.",
            std::process::id(),
            data.path().display()
        )
    );
    server.stop().await;
    PrivateServer::start(data.path()).await?.stop().await;
    Ok(())
}

#[tokio::test]
async fn an_acknowledged_write_survives_the_servers_death() -> Outcome {
    let data = tempfile::tempdir()?;
    let server = PrivateServer::start(data.path()).await?;
    write_note(&server.options(), "acknowledged").await?;
    server.keeper.kill()?;
    drop(server);

    let server = PrivateServer::start(data.path()).await?;
    assert_eq!(read_note(&server.options()).await?, "acknowledged");
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_server_that_dies_is_started_again() -> Outcome {
    let data = tempfile::tempdir()?;
    let server = PrivateServer::start(data.path()).await?;
    write_note(&server.options(), "acknowledged").await?;
    for _ in 0..2 {
        server.keeper.kill()?;
        // As long as it is away, its socket refuses.
        while server.options().connect().await.is_ok() {
            tokio::task::yield_now().await;
        }
        let note = async {
            loop {
                if let Ok(note) = read_note(&server.options()).await {
                    return note;
                }
                tokio::task::yield_now().await;
            }
        };
        assert_eq!(
            tokio::time::timeout(Duration::from_mins(1), note).await?,
            "acknowledged"
        );
    }
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn after_guichets_death_the_next_one_gets_its_data() -> Outcome {
    let data = tempfile::tempdir()?;
    let mut other = other_guichet(data.path())?;
    let process = process::find_orphan(&super::Files::open(data.path())?);
    assert!(process.is_some(), "the other's server runs");
    other.kill()?;
    other.wait()?;

    let server = PrivateServer::start(data.path()).await?;
    assert_eq!(read_note(&server.options()).await?, "the other's");
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_server_whose_watcher_died_too_is_stopped_first() -> Outcome {
    let data = tempfile::tempdir()?;
    let server = PrivateServer::start(data.path()).await?;
    write_note(&server.options(), "orphaned").await?;
    let mut daemon = server.keeper.take().ok_or("no server")?;
    let mut watcher = daemon.watcher.take().ok_or("no watcher")?;
    watcher.kill()?;
    watcher.wait()?;
    drop(server);
    std::mem::forget(daemon);

    let server = PrivateServer::start(data.path()).await?;
    assert_eq!(read_note(&server.options()).await?, "orphaned");
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn an_interrupted_first_start_is_begun_again() -> Outcome {
    let data = tempfile::tempdir()?;
    let left = data.path().join("database/unfinished-1");
    fs::create_dir_all(left.join("mysql"))?;

    PrivateServer::start(data.path()).await?.stop().await;
    assert!(!left.exists());
    Ok(())
}

#[tokio::test]
async fn a_long_path_with_spaces_will_do() -> Outcome {
    let root = tempfile::tempdir()?;
    let data = root.path().join("a rather long name ".repeat(8)).join("it's data");
    let server = PrivateServer::start(&data).await?;
    let elsewhere = fs::read_link(data.join("database/socket-directory"))?;
    assert!(elsewhere.join("server.sock").exists());
    server.stop().await;
    assert!(!elsewhere.exists());
    Ok(())
}

#[tokio::test]
async fn damaged_files_are_reported_with_the_servers_own_words() -> Outcome {
    let data = tempfile::tempdir()?;
    PrivateServer::start(data.path()).await?.stop().await;
    fs::write(data.path().join("database/files/ibdata1"), "not a database")?;

    let Err(ServerError::Ended { log, .. }) = PrivateServer::start(data.path()).await else {
        return Err("expected the server to end".into());
    };
    assert!(log.contains("ibdata1"), "{log}");
    Ok(())
}

#[tokio::test]
async fn the_settings_are_those_that_the_store_relies_on() -> Outcome {
    let data = tempfile::tempdir()?;
    let server = PrivateServer::start(data.path()).await?;
    let options = server.create_database("weird `name`").await?;
    let mut connection = options.connect().await?;
    let settings: (String, String, String, String, i8) = sqlx::query_as(
        "SELECT DATABASE(), @@collation_connection, @@collation_database, @@sql_mode, @@skip_networking",
    )
    .fetch_one(&mut connection)
    .await?;
    assert_eq!(settings.0, "weird `name`");
    assert_eq!(settings.1, "utf8mb4_unicode_ci");
    assert_eq!(settings.2, "utf8mb4_unicode_ci");
    assert!(settings.3.contains("STRICT_TRANS_TABLES"), "{}", settings.3);
    assert_eq!(settings.4, 1);
    connection.close().await?;
    server.stop().await;
    Ok(())
}

/// Not a test of its own: the other Guichet of the story above, in a process that can be killed.
#[tokio::test]
#[ignore = "run by after_guichets_death_the_next_one_gets_its_data"]
async fn the_other_guichet() -> Outcome {
    let Some(data) = std::env::var_os(OTHERS_DATA) else {
        return Ok(());
    };
    let server = PrivateServer::start(&PathBuf::from(data)).await?;
    write_note(&server.options(), "the other's").await?;
    println!("{READY}");
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

const OTHERS_DATA: &str = "GUICHET_TEST_OTHERS_DATA";
const READY: &str = "the other Guichet is ready";

fn other_guichet(data: &Path) -> Result<Child, Box<dyn Error>> {
    let mut other = Command::new(std::env::current_exe()?)
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "store::server::tests::the_other_guichet",
        ])
        .env(OTHERS_DATA, data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = other.stdout.take().ok_or("no output")?;
    for line in BufReader::new(output).lines() {
        if line?.contains(READY) {
            return Ok(other);
        }
    }
    Err("the other Guichet ended early".into())
}

async fn write_note(options: &MySqlConnectOptions, text: &str) -> Outcome {
    let mut connection = options.connect().await?;
    sqlx::query("CREATE TABLE note (id INT PRIMARY KEY, text VARCHAR(100) NOT NULL)")
        .execute(&mut connection)
        .await?;
    sqlx::query("INSERT INTO note VALUES (1, ?)")
        .bind(text)
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

async fn read_note(options: &MySqlConnectOptions) -> Result<String, Box<dyn Error>> {
    let mut connection = options.connect().await?;
    let text = sqlx::query_scalar("SELECT text FROM note WHERE id = 1")
        .fetch_one(&mut connection)
        .await?;
    connection.close().await?;
    Ok(text)
}
