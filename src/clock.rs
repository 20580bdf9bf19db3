//! The only place that reads the machine's clock. Everything else takes `now` as an argument.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// A source of the present instant.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's own.
    System,
    /// The machine's, moved so that it began at a chosen instant; it ticks on.
    Shifted(TimeDelta),
    /// Stands still until it is moved; microseconds since 1970. For tests, and for `alerts run --until`.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A ticking clock that shows `start` now.
    pub fn starting_at(start: DateTime<Utc>) -> Clock {
        Clock::Shifted(start - system_now())
    }

    /// A clock that stands at `at` until [`Clock::set`] moves it.
    pub fn standing_at(at: DateTime<Utc>) -> Clock {
        Clock::Manual(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    /// The present instant, whole microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            Clock::System => system_now(),
            Clock::Shifted(by) => system_now() + *by,
            Clock::Manual(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default()
            }
        };
        chrono::SubsecRound::trunc_subsecs(now, 6)
    }

    /// Waits until so much time has passed. By a standing clock that is when it has been moved by as much, if not in truth before.
    pub async fn pass(&self, pause: Duration) {
        const LOOK: Duration = Duration::from_millis(10);
        let until = TimeDelta::from_std(pause).ok().and_then(|pause| self.now().checked_add_signed(pause));
        let truly = tokio::time::sleep(pause);
        tokio::pin!(truly);
        let moved = async {
            let Clock::Manual(_) = self else { return std::future::pending().await };
            while until.is_none_or(|until| self.now() < until) {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::select! {
            () = truly => {}
            () = moved => {}
        }
    }

    /// Moves a standing clock; a ticking one stays as it is.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Clock::Manual(micros) = self {
            micros.store(at.timestamp_micros(), Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}
