//! Work that blocks, done off the threads that serve.

use std::sync::{Arc, Mutex};

use super::AppError;

/// Does `work` on a thread that may block, and answers what it came to.
///
/// The runtime is handed a box, whatever is in it: a task's machinery would be compiled anew for each closure otherwise.
///
/// # Errors
/// [`AppError::Internal`] when it panicked, or the runtime is shutting down.
pub(super) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    let place = Arc::new(Mutex::new(None));
    let there = Arc::clone(&place);
    let boxed: Box<dyn FnOnce() + Send> = Box::new(move || {
        let answer = work();
        if let Ok(mut place) = there.lock() {
            *place = Some(answer);
        }
    });
    done(boxed).await?;
    let answer = Arc::into_inner(place).and_then(|place| place.into_inner().ok().flatten());
    answer.ok_or_else(|| AppError::Internal("work off the thread left no answer".to_owned()))
}

async fn done(work: Box<dyn FnOnce() + Send>) -> Result<(), AppError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| AppError::Internal(error.to_string()))
}
