//! The answers of the platforms, of which no more is taken into memory than one can hold. Files are streamed instead.

use reqwest::Response;

/// Above the longest answers: a hundred updates or messages, each with the one that it answers, all 4,096 characters of
/// both written as `\uXXXX` and marked up, come to some 10 MB.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Why an answer could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// It is longer than any answer.
    #[error("longer than any answer")]
    TooLong,
    /// It ended early.
    #[error(transparent)]
    Broken(#[from] reqwest::Error),
}

/// Reads an answer to its end.
///
/// # Errors
/// [`Unread`]
pub async fn read(mut answer: Response) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(Unread::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// What is read of an answer that goes on until nobody reads it any more.
    async fn read_of(head: &'static str, again: &'static [u8]) -> Result<Vec<u8>, Unread> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(head.as_bytes()).await;
            while !again.is_empty() && stream.write_all(again).await.is_ok() {}
        });
        read(reqwest::get(url).await.unwrap()).await
    }

    #[tokio::test]
    async fn an_answer_is_read_to_its_end_but_not_without_end() {
        let whole = read_of("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwhole", b"").await;
        assert_eq!(whole.unwrap(), b"whole");
        let cut = read_of("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwho", b"").await;
        assert!(matches!(cut, Err(Unread::Broken(_))), "{cut:?}");
        let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let endless = read_of(chunked, b"10\r\n0123456789abcdef\r\n").await;
        assert!(matches!(endless, Err(Unread::TooLong)));
    }
}
