//! How soon people are told what concerns them.

use crate::domain::ids::AccountId;
use crate::domain::pace::Pace;
use crate::store::{Fault, Tx, accounts, outbox, people, told};

/// Tells the owner of an account so soon from now on. What was gathered for them goes out, or is dropped; how much that
/// was.
///
/// # Errors
/// [`Fault`].
pub async fn choose_pace(tx: &mut Tx, account: AccountId, pace: Pace) -> Result<u64, Fault> {
    accounts::hold(tx, account).await?;
    told::set_pace(tx, account, pace).await?;
    let mut waiting = 0;
    for chat in people::list_of(tx, account).await? {
        waiting += match pace {
            Pace::Each => outbox::hasten_digest(tx, &chat).await?,
            Pace::Hourly => 0,
            Pace::Never => outbox::drop_digest(tx, &chat).await?,
        };
    }
    Ok(waiting)
}
