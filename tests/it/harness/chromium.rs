//! A real browser, Chromium without a window, told what to do by `WebDriver` (<https://www.w3.org/TR/webdriver2/>).
//!
//! What is needed of that is a dozen requests; a library for all of it brings thirty others.

use std::path::Path;
use std::process::{Command as Kill, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// By this name `WebDriver` tells of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How often is looked, at most: a quarter of a minute in all.
const LOOKS: u32 = 300;

/// What the pages are looked at with.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    pub name: &'static str,
    pub width: u32,
    pub height: u32,
    pub is_phone: bool,
}

/// A phone of usual size.
pub const PHONE: Screen = Screen {
    name: "phone",
    width: 390,
    height: 844,
    is_phone: true,
};
/// A small computer.
pub const COMPUTER: Screen = Screen {
    name: "computer",
    width: 1280,
    height: 900,
    is_phone: false,
};

/// A browser with one window.
pub struct Chromium {
    driver: Child,
    client: Client,
    session: String,
    profile: TempDir,
}

impl Chromium {
    /// Starts one that asks for pages in that language; none where Chromium and its driver are not installed.
    pub async fn start(screen: Screen, language: &str) -> Option<Self> {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").process_group(0).kill_on_drop(true);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut driver = match command.spawn() {
            Ok(driver) => driver,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(error) => panic!("chromedriver: {error}"),
        };
        let mut lines = BufReader::new(driver.stdout.take().expect("a pipe")).lines();
        let port = loop {
            let line = lines.next_line().await.expect("a line").expect("a port");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let profile = tempfile::tempdir().expect("a directory");
        let mut browser = Self {
            driver,
            client: Client::new(),
            session: format!("http://127.0.0.1:{port}/session"),
            profile,
        };
        let options = browser.options(screen, language);
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}});
        let made = browser.tell(Method::POST, "", wanted).await.expect("a session");
        let id = made["sessionId"].as_str().expect("its id");
        browser.session = format!("{}/{id}", browser.session);
        Some(browser)
    }

    fn options(&self, screen: Screen, language: &str) -> Value {
        json!({"args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--hide-scrollbars",
            format!("--user-data-dir={}", self.profile.path().display()),
            format!("--accept-lang={language}"),
        ], "mobileEmulation": {"deviceMetrics": {
            "width": screen.width,
            "height": screen.height,
            "pixelRatio": if screen.is_phone { 2.0 } else { 1.0 },
            "mobile": screen.is_phone,
            "touch": screen.is_phone,
        }}})
    }

    async fn tell(&self, method: Method, path: &str, what: Value) -> Result<Value, String> {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.session));
        if method == Method::POST {
            request = request.json(&what);
        }
        let answer = request.timeout(Duration::from_mins(1)).send().await.expect("an answer");
        let is_done = answer.status().is_success();
        let mut value: Value = answer.json().await.expect("JSON");
        let value = value["value"].take();
        if is_done {
            Ok(value)
        } else {
            Err(value["message"].to_string())
        }
    }

    async fn post(&self, path: &str, what: Value) -> Value {
        let done = self.tell(Method::POST, path, what).await;
        done.unwrap_or_else(|message| panic!("{path}: {message}"))
    }

    /// Opens a page by its address.
    pub async fn opens(&self, url: &str) {
        self.post("/url", json!({"url": url})).await;
    }

    /// The address of the page.
    pub async fn address(&self) -> String {
        let url = self.tell(Method::GET, "/url", Value::Null).await.expect("an address");
        url.as_str().expect("text").to_owned()
    }

    /// All that can be read on the page.
    pub async fn text(&self) -> String {
        let script = json!({"script": "return document.body ? document.body.innerText : ''", "args": []});
        let text = self.tell(Method::POST, "/execute/sync", script).await;
        text.ok()
            .and_then(|text| text.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// Waits until these words can be read, and gives all that can.
    pub async fn sees(&self, words: &str) -> String {
        for _ in 0..LOOKS {
            let text = self.text().await;
            if text.contains(words) {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "{words:?} is not seen at {}:\n{}",
            self.address().await,
            self.text().await
        );
    }

    async fn element(&self, css: &str) -> String {
        let found = self
            .post("/element", json!({"using": "css selector", "value": css}))
            .await;
        found[ELEMENT].as_str().expect("an element").to_owned()
    }

    /// Clicks, or taps.
    pub async fn clicks(&self, css: &str) {
        let element = self.element(css).await;
        self.post(&format!("/element/{element}/click"), json!({})).await;
    }

    /// Types into a field.
    pub async fn types(&self, css: &str, text: &str) {
        let element = self.element(css).await;
        self.post(&format!("/element/{element}/value"), json!({"text": text}))
            .await;
    }

    /// Runs a script in the page.
    pub async fn runs(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({"script": script, "args": []})).await
    }

    /// The value of a cookie.
    pub async fn cookie(&self, name: &str) -> String {
        let cookie = self.tell(Method::GET, &format!("/cookie/{name}"), Value::Null).await;
        cookie.expect("a cookie")["value"].as_str().expect("text").to_owned()
    }

    /// Keeps a picture of the window.
    pub async fn pictures(&self, to: &Path) {
        let picture = self
            .tell(Method::GET, "/screenshot", Value::Null)
            .await
            .expect("a picture");
        let bytes = BASE64_STANDARD.decode(picture.as_str().expect("text")).expect("base64");
        std::fs::create_dir_all(to.parent().expect("a directory")).expect("a directory");
        std::fs::write(to, bytes).expect("a picture");
    }

    /// Closes the window and ends.
    pub async fn closes(self) {
        self.tell(Method::DELETE, "", Value::Null).await.expect("an end");
    }
}

/// With the driver ends the browser that it started: they are a group of processes.
impl Drop for Chromium {
    fn drop(&mut self) {
        if let Some(id) = self.driver.id() {
            let mut kill = Kill::new("kill");
            let _ = kill
                .args(["-KILL", "--", &format!("-{id}")])
                .stderr(Stdio::null())
                .status();
        }
    }
}
