//! Receiving bodies: whole, up to a limit while they stream in, and before anything is answered.

use axum::body::{Body, Bytes, HttpBody as _};

use crate::limits::MAX_DRAINED_BYTES;
use crate::problem::Problem;

/// The whole body, if it isn't larger than allowed.
pub(crate) async fn collect(mut body: Body, limit: usize) -> Result<Bytes, Problem> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit {
        drain(body).await;
        return Err(Problem::body_too_large(limit));
    }
    let mut bytes = Vec::with_capacity(announced);
    while let Some(chunk) = chunk(&mut body).await {
        let chunk = chunk.map_err(|_| Problem::body_unreadable())?;
        if chunk.len() > limit - bytes.len() {
            drain(body).await;
            return Err(Problem::body_too_large(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// Reads on without keeping anything, up to a limit: whoever is still sending doesn't read the answer.
pub(crate) async fn drain(mut body: Body) {
    let mut read = 0;
    while let Some(Ok(chunk)) = chunk(&mut body).await {
        read += chunk.len();
        if read > MAX_DRAINED_BYTES {
            return;
        }
    }
}

async fn chunk(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
    loop {
        let frame =
            std::future::poll_fn(|context| std::pin::Pin::new(&mut *body).poll_frame(context))
                .await?;
        match frame.map(|frame| frame.into_data()) {
            Ok(Ok(data)) => return Some(Ok(data)),
            // Trailers say nothing here.
            Ok(Err(_)) => {}
            Err(error) => return Some(Err(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll};

    use http_body::Frame;

    use super::*;
    use crate::limits::MAX_DIVISIONS_BYTES;
    use crate::operations;

    const MEBIBYTE: usize = 1 << 20;

    /// A body that comes in pieces of a MiB and says nothing about its length.
    struct Pieces {
        piece: Bytes,
        left: usize,
        given: Arc<AtomicUsize>,
    }

    impl Pieces {
        fn of(bytes: usize) -> Self {
            Self {
                piece: vec![b'x'; MEBIBYTE].into(),
                left: bytes,
                given: Arc::default(),
            }
        }
    }

    impl http_body::Body for Pieces {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            let length = self.left.min(MEBIBYTE);
            self.left -= length;
            self.given.fetch_add(length, Ordering::Relaxed);
            let piece = self.piece.slice(..length);
            Poll::Ready((length > 0).then(|| Ok(Frame::data(piece))))
        }
    }

    #[tokio::test]
    async fn a_file_of_divisions_has_at_most_sixty_four_mebibytes() {
        let mut operations = operations::all(false).into_iter();
        let put = operations.find(|operation| operation.name == "put-divisions");
        let limit = put.unwrap().body_limit;
        assert_eq!(limit, MAX_DIVISIONS_BYTES);
        let whole = collect(Body::new(Pieces::of(limit)), limit).await.unwrap();
        assert_eq!(whole.len(), limit);
        let refused = collect(Body::new(Pieces::of(limit + 1)), limit).await;
        let problem = refused.unwrap_err().body();
        assert_eq!(
            (&problem["status"], &problem["limit"]),
            (&413.into(), &limit.into())
        );
    }

    #[tokio::test]
    async fn what_is_thrown_away_is_read_for_sixteen_mebibytes_and_no_further() {
        for (bytes, read) in [(16, 16), (64, 17)] {
            let body = Pieces::of(bytes * MEBIBYTE);
            let given = Arc::clone(&body.given);
            drain(Body::new(body)).await;
            assert_eq!(given.load(Ordering::Relaxed), read * MEBIBYTE);
        }
    }
}
