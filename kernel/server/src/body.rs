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
