//! What a replica is called: the same when it is started again, so that it finds its leases as it left them.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The most replicas that share a data directory on one machine.
const MOST: u32 = 64;

/// A name that no other process uses at the same time.
#[derive(Debug)]
pub struct Identity {
    id: String,
    /// Locked for as long as the name is used.
    _file: Option<File>,
}

impl Identity {
    /// A name never used before.
    #[must_use]
    pub fn new() -> Self {
        let (id, file) = (fresh(), None);
        Self { id, _file: file }
    }

    /// The first name kept in `directory` that no living process of this machine uses. Each machine keeps its own:
    /// a lock on a shared directory may not reach from one to the other.
    ///
    /// # Errors
    /// When the directory can't be written.
    pub fn kept_in(directory: &Path) -> io::Result<Self> {
        let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let machine: String = machine.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
        std::fs::create_dir_all(directory)?;
        for number in 0..MOST {
            let path = directory.join(format!("{machine}-{number}"));
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false).mode(0o600);
            let mut file = options.open(path)?;
            match file.try_lock() {
                Ok(()) => {
                    let id = read(&mut file)?;
                    let file = Some(file);
                    return Ok(Self { id, _file: file });
                }
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(Self::new())
    }

    /// The name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl Default for Identity {
    fn default() -> Self {
        Self::new()
    }
}

/// The name in the file, which gets one if there is none in it.
fn read(file: &mut File) -> io::Result<String> {
    let mut id = String::new();
    file.read_to_string(&mut id)?;
    if id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(id);
    }
    let id = fresh();
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(id.as_bytes())?;
    file.sync_all()?;
    Ok(id)
}

fn fresh() -> String {
    format!("{:032x}", rand::random::<u128>())
}

#[cfg(test)]
mod tests {
    use super::Identity;

    #[test]
    fn a_name_is_used_by_one_at_a_time_and_found_again() {
        let directory = tempfile::tempdir().unwrap();
        let name = || Identity::kept_in(directory.path()).unwrap();
        let (first, second) = (name(), name());
        assert_ne!(first.id(), second.id());
        let id = first.id().to_owned();
        drop(first);
        assert_eq!(name().id(), id);
    }

    #[test]
    fn a_damaged_name_is_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let id = Identity::kept_in(directory.path()).unwrap().id().to_owned();
        let kept = std::fs::read_dir(directory.path()).unwrap().next().unwrap().unwrap();
        std::fs::write(kept.path(), "…").unwrap();
        assert_ne!(Identity::kept_in(directory.path()).unwrap().id(), id);
    }
}
