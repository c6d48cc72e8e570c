//! Files that people attach, streamed from where Discord keeps them, and from nowhere else.

use std::io;
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio_util::io::StreamReader;

use crate::chat::intent::IncomingFile;
use crate::intake::front::{Download, FetchError};
use crate::store::files::MAX_BYTES;

use super::Discord;
use super::errors::Failure;
use super::inbound::file_address;

/// From the first byte to the last.
const TIMEOUT: Duration = Duration::from_mins(2);

impl Discord {
    /// Opens a file. No token is sent along, and no redirect followed.
    pub(super) async fn open(&self, file: &IncomingFile) -> Result<Download, FetchError> {
        let failed = |why: &str| FetchError::Failed(why.to_owned());
        let address = file_address(&file.locator, self.api().proxy.as_ref()).ok_or_else(|| failed("not Discord's"))?;
        if file.size.is_some_and(|size| size > MAX_BYTES) {
            return Err(FetchError::TooLarge);
        }
        let request = self.api().client.get(address).timeout(TIMEOUT);
        let answer = request.send().await.map_err(|error| {
            let failure = Failure::from_transport(&error);
            FetchError::Failed(failure.into_delivery().to_string())
        })?;
        if !answer.status().is_success() {
            return Err(FetchError::Failed(format!("status {}", answer.status().as_u16())));
        }
        if answer.content_length().is_some_and(|length| length > MAX_BYTES) {
            return Err(FetchError::TooLarge);
        }
        let bytes = answer
            .bytes_stream()
            .map_err(|error| io::Error::other(error.without_url()));
        Ok(Box::new(StreamReader::new(bytes)))
    }
}
