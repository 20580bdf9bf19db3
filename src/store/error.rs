//! What can go wrong in the store, in the store's words.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A failed read or write.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or is locked by somebody else; trying again later may help.
    #[error("the database is away: {0}")]
    Unavailable(String),
    /// A row with this key stands already; `constraint` is the engine's name for the rule, as far as it tells.
    #[error("a row with this key exists already ({constraint})")]
    Duplicate {
        /// The constraint or column the engine named.
        constraint: String,
    },
    /// A stored value cannot be understood: the database was changed by another hand, or by a newer version.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
    /// The settings name no usable database.
    #[error("{0}")]
    Settings(String),
    /// Anything else the engine refused.
    #[error("the database refused: {0}")]
    Engine(String),
}

impl StoreError {
    /// A stored text that should have been one of a known set of words.
    pub fn unknown_word(what: &str, word: &str) -> StoreError {
        StoreError::Corrupt(format!("unknown {what} «{word}»"))
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => StoreError::Duplicate {
                constraint: info.constraint_name().unwrap_or_else(|| info.message()).to_owned(),
            },
            DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                info,
            ) => StoreError::Unavailable(info.message().to_owned()),
            DieselError::DatabaseError(_, info) if is_absence(info.message()) => {
                StoreError::Unavailable(info.message().to_owned())
            }
            DieselError::BrokenTransactionManager => {
                StoreError::Unavailable("the connection broke within a transaction".to_owned())
            }
            other => StoreError::Engine(other.to_string()),
        }
    }
}

/// Engines report a lost server or a held lock as free text only.
fn is_absence(message: &str) -> bool {
    const SIGNS: [&str; 11] = [
        "database is locked",
        "database table is locked",
        "unable to open database",
        "disk i/o error",
        "server closed the connection",
        "terminating connection",
        "connection refused",
        "no connection to the server",
        "could not connect",
        "the database system is",
        "is not currently accepting connections",
    ];
    let message = message.to_lowercase();
    SIGNS.iter().any(|sign| message.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::is_absence;

    #[test]
    fn absence_is_told_from_refusal() {
        assert!(is_absence("FATAL: terminating connection due to administrator command"));
        assert!(is_absence("database is locked"));
        assert!(!is_absence("null value in column \"name\" violates not-null constraint"));
    }
}
