//! A browser for the pages: it keeps cookies, sends forms with what stands in them, and follows no redirect by itself.

use std::collections::BTreeMap;
use std::sync::Mutex;

use guichet::domain::permission::Permit;
use guichet::domain::text::Email;
use guichet::service::passwords::{issue_link, path_of};
use guichet::store::accounts;
use reqwest::header::{COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Client, RequestBuilder, redirect};

use super::World;

/// What a browser got.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Got {
    /// A header, empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a header"))
    }

    /// What the page's forms carry.
    pub fn token(&self) -> Option<String> {
        let (_, rest) = self.text.split_once("name=\"token\" value=\"")?;
        Some(rest[..64].to_owned())
    }

    /// It has these words, and this status.
    #[track_caller]
    pub fn shows(self, status: u16, words: &str) -> Self {
        assert!(
            self.status == status && self.text.contains(words),
            "{words:?} and {status} were expected of {} {:?}:\n{}",
            self.status,
            self.headers,
            self.text
        );
        self
    }

    /// It leads to another page.
    #[track_caller]
    pub fn leads_to(self, page: &str) -> Self {
        assert_eq!((self.status, self.header("location")), (303, page), "{}", self.text);
        self
    }
}

/// A browser.
pub struct Browser {
    client: Client,
    web: String,
    cookies: Mutex<BTreeMap<String, String>>,
    token: Mutex<Option<String>>,
    /// What it sends with every request.
    pub headers: Vec<(&'static str, String)>,
}

impl Browser {
    /// A French one without cookies, for the pages at this address.
    pub fn new(web: &str) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build();
        Self {
            client: client.expect("a client"),
            web: web.to_owned(),
            cookies: Mutex::default(),
            token: Mutex::default(),
            headers: vec![("Accept-Language", "fr".to_owned())],
        }
    }

    /// The cookie of that name.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Has a cookie from now on, wherever it is from.
    pub fn plant(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// Forgets what forms it saw.
    pub fn carry(&self, token: Option<&str>) {
        *self.token.lock().unwrap() = token.map(str::to_owned);
    }

    pub async fn get(&self, page: &str) -> Got {
        self.send(self.client.get(format!("{}{page}", self.web))).await
    }

    /// Sends a form, with what the last one that it saw carries.
    pub async fn post(&self, page: &str, fields: &[(&str, &str)]) -> Got {
        let token = self.token.lock().unwrap().clone();
        let body = {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(token.iter().map(|token| ("token", token)));
            form.extend_pairs(fields).finish()
        };
        self.post_raw(page, body).await
    }

    /// Sends whatever this is.
    pub async fn post_raw(&self, page: &str, body: impl Into<reqwest::Body>) -> Got {
        let post = self.client.post(format!("{}{page}", self.web)).body(body);
        self.send(post.header("Content-Type", "application/x-www-form-urlencoded"))
            .await
    }

    async fn send(&self, mut request: RequestBuilder) -> Got {
        let cookies = self.cookies.lock().unwrap().clone();
        let cookies: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        for line in headers.get_all(SET_COOKIE) {
            let line = line.to_str().expect("a cookie");
            let (name, rest) = line.split_once('=').expect("a cookie");
            let value = rest.split(';').next().expect("its value");
            let mut cookies = self.cookies.lock().unwrap();
            if line.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let text = answer.text().await.expect("a page");
        let got = Got { status, headers, text };
        if let Some(token) = got.token() {
            self.carry(Some(&token));
        }
        got
    }

    /// Signs in, from the page to the answer.
    pub async fn signs_in(&self, email: &str, password: &str) -> Got {
        self.get("/sign-in").await;
        let fields = [("email", email), ("password", password)];
        self.post("/sign-in", &fields).await
    }

    /// Has a code shown, and reads it.
    pub async fn shows_code(&self) -> String {
        self.get("/account").await;
        let page = self.post("/account/code", &[]).await.shows(200, "/link ");
        let (_, rest) = page.text.split_once("/link ").expect("a code");
        rest[..9].to_owned()
    }

    /// Answers the question whether a chat is theirs.
    pub async fn confirms_link(&self, answer: &str) -> Got {
        let page = self.get("/account/link").await.shows(200, "action=\"/account/link/");
        let (_, rest) = page.text.split_once("action=\"").expect("a form");
        let to = &rest[..rest.find('"').expect("its end")];
        self.post(to, &[("answer", answer)]).await
    }

    /// Sets a password by a link, from the page to the answer.
    pub async fn sets_password(&self, link: &str, password: &str) -> Got {
        // A link that is good for nothing shows no form; its page may be older than that.
        self.get("/sign-in").await;
        self.get(link).await;
        let fields = [("new", password), ("again", password)];
        self.post(link, &fields).await
    }
}

impl World {
    /// A browser for the pages of this desk.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.web)
    }

    /// A link by which the owner of that address sets a password, as `guichet admin reset` gives it.
    pub async fn password_link(&self, email: &str) -> String {
        let mut tx = self.store.begin().await.expect("a transaction");
        let email = Email::parse(email).expect("an address");
        let account = accounts::find_by_email(&mut tx, &email).await.expect("a query");
        let link = issue_link(&mut tx, Permit::of_the_operator(), account.expect("an account").id)
            .await
            .expect("a query");
        tx.commit().await.expect("a commit");
        path_of(&link.expect("a way in"))
    }

    /// A browser in which somebody has chosen this password and signed in.
    pub async fn signed_in(&self, email: &str, password: &str) -> Browser {
        let browser = self.browser();
        let link = self.password_link(email).await;
        browser
            .sets_password(&link, password)
            .await
            .leads_to("/sign-in?done=password");
        browser.signs_in(email, password).await.leads_to("/account");
        browser
    }
}
