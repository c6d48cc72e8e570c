//! Hashes passwords and checks them: argon2id, off the threads that answer people, a few at a time, and no crowd is let
//! in to wait.

use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{io, thread};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};

use crate::domain::password::Password;

/// OWASP's Password Storage Cheat Sheet: argon2id with 19 MiB, two rounds, one lane. Some 30 ms.
const MEMORY_KIB: u32 = 19 * 1024;
const ROUNDS: u32 = 2;
const LANES: u32 = 1;
/// What a password is compared with where there is none, so that how long it takes does not tell. No password gives it:
/// nobody finds one for a hash that was not made of any.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$Z3VpY2hldC5ub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// How many times as long as a hash took it rests after it: what a hash goes through in memory drives out of the caches what
/// answers people.
const REST_FACTOR: u32 = 9;
/// How long it rests at most: where the machine is busy, a hash takes long because it gives way.
const LONGEST_REST: Duration = Duration::from_millis(240);
/// How many people may be at it at once, those who wait included, most of a class for example: at 270 ms each, nobody
/// waits much longer than five seconds.
pub const PLACES: usize = 20;

/// Checks passwords.
#[derive(Debug)]
pub struct Hasher {
    turns: Arc<Semaphore>,
    places: Semaphore,
}

/// Somebody's place in the queue.
#[derive(Debug)]
pub struct Place<'a> {
    hasher: &'a Hasher,
    _permit: SemaphorePermit<'a>,
}

/// A hash could not be made.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// What it was made with is wrong.
    #[error("a password can't be hashed: {0}")]
    Argon2(argon2::password_hash::Error),
    /// There is no thread to make it.
    #[error("a password can't be hashed: {0}")]
    Thread(io::Error),
    /// The thread that made it ended.
    #[error("a password was not hashed to the end")]
    Cut,
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

impl Hasher {
    /// One that takes half of the cores, and one at least, for a tenth of the time: the rest stays free for the chats.
    #[must_use]
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            turns: Arc::new(Semaphore::new((cores / 2).max(1))),
            places: Semaphore::new(PLACES),
        }
    }

    /// Whether too many people are in the queue.
    pub fn is_full(&self) -> bool {
        self.places.available_permits() == 0
    }

    /// A place in the queue; none when too many are in it.
    pub fn enter(&self) -> Option<Place<'_>> {
        let permit = self.places.try_acquire().ok()?;
        Some(Place {
            hasher: self,
            _permit: permit,
        })
    }
}

impl Place<'_> {
    /// Whether the password is the one that this hash was made of. Without a hash it is not, after the same time.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn verify(&self, password: &Password, hash: Option<SecretString>) -> Result<bool, HashError> {
        let password = password.clone();
        self.run(move || {
            let hash = hash.unwrap_or_else(|| NOBODYS.into());
            let hash = PasswordHash::new(hash.expose_secret()).map_err(HashError::Argon2)?;
            match Argon2::default().verify_password(password.expose().as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(argon2::password_hash::Error::Password) => Ok(false),
                Err(error) => Err(HashError::Argon2(error)),
            }
        })
        .await
    }

    /// A password's hash, as a PHC string.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn hash(&self, password: &Password) -> Result<SecretString, HashError> {
        let password = password.clone();
        self.run(move || {
            let hashed = SaltString::encode_b64(&rand::random::<[u8; 16]>()).and_then(|salt| {
                Ok(argon2()?
                    .hash_password(password.expose().as_bytes(), &salt)?
                    .to_string())
            });
            hashed.map(SecretString::from).map_err(HashError::Argon2)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let turn = Arc::clone(&self.hasher.turns).acquire_owned().await;
        let turn = turn.map_err(|_| HashError::Cut)?;
        let (tell, told) = oneshot::channel();
        // One of its own, as its weight can't be raised again: what others run on would stay behind.
        let started = thread::Builder::new().name("hasher".to_owned()).spawn(move || {
            give_way();
            let since = Instant::now();
            let done = work();
            let took = since.elapsed();
            // Fails where nobody is there to hear it.
            drop(tell.send(done));
            thread::sleep((took * REST_FACTOR).min(LONGEST_REST));
            // Not before: the next would begin, though whoever asked may be gone.
            drop(turn);
        });
        started.map_err(HashError::Thread)?;
        told.await.map_err(|_| HashError::Cut)?
    }
}

/// Has this thread wait for those that answer people, which then get seventy times as much of a core (`sched(7)`).
fn give_way() {
    // On Linux it is of the thread alone. Where it is of the whole process, or not permitted, all are equal.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(19);
}

fn argon2() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    let params = Params::new(MEMORY_KIB, ROUNDS, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether a hash was not made as we make them now.
#[must_use]
pub fn is_outdated(hash: &SecretString) -> bool {
    let Ok(hash) = PasswordHash::new(hash.expose_secret()) else {
        return false;
    };
    let now = |name: &str| hash.params.get_decimal(name);
    hash.algorithm != Algorithm::Argon2id.ident()
        || (now("m"), now("t"), now("p")) != (Some(MEMORY_KIB), Some(ROUNDS), Some(LANES))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Password {
        Password::typed(text.to_owned()).unwrap()
    }

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_no_other_is() {
        let hasher = Hasher::new();
        let place = hasher.enter().unwrap();
        for text in ["cheval pile agrafe", "nul\0 et 🔑", &"é".repeat(1_000)] {
            let hash = place.hash(&typed(text)).await.unwrap();
            assert!(hash.expose_secret().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
            assert!(!is_outdated(&hash));
            assert!(place.verify(&typed(text), Some(hash.clone())).await.unwrap());
            let other = typed(text.get(1..).unwrap_or("é"));
            assert!(!place.verify(&other, Some(hash)).await.unwrap());
        }
        assert!(!place.verify(&typed("nul"), None).await.unwrap());
    }

    #[test]
    fn nobodys_hash_costs_what_others_cost() {
        assert!(!is_outdated(&NOBODYS.into()));
        let weaker = NOBODYS.replace("m=19456", "m=4096");
        assert!(is_outdated(&weaker.into()));
        assert!(is_outdated(&NOBODYS.replace("argon2id", "argon2i").into()));
    }

    /// Its nice value, `proc(5)`.
    #[cfg(target_os = "linux")]
    fn niceness() -> String {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        let (_, fields) = stat.rsplit_once(')').unwrap();
        fields.split_whitespace().nth(16).unwrap().to_owned()
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn who_hashes_gives_way_and_nobody_else() {
        let before = niceness();
        let hasher = Hasher::new();
        let hashing = hasher.enter().unwrap().run(|| Ok(niceness())).await.unwrap();
        assert_eq!(
            (before.as_str(), hashing.as_str(), niceness().as_str()),
            ("0", "19", "0")
        );
    }

    #[test]
    fn no_crowd_is_let_in() {
        let hasher = Hasher::new();
        let inside: Vec<_> = std::iter::from_fn(|| hasher.enter()).collect();
        assert_eq!(inside.len(), PLACES);
        assert!(hasher.is_full());
        drop(inside);
        assert!(!hasher.is_full());
        assert!(hasher.enter().is_some());
    }
}
