//! Why settings cannot be used, each with where the value stands.

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the settings file {file} cannot be read: {why}")]
    File {
        /// The file.
        file: String,
        /// What the system says.
        why: String,
    },
    /// The file is no TOML.
    #[error("{origin} is no TOML: {why}")]
    Form {
        /// The file.
        origin: String,
        /// What the parser says, with the line.
        why: String,
    },
    /// A key that does not exist.
    #[error("{origin}: there is no setting «{key}»; there are: {known}")]
    UnknownKey {
        /// Where it stands.
        origin: String,
        /// The key.
        key: String,
        /// Those that exist.
        known: String,
    },
    /// A value that a setting cannot take.
    #[error("the setting {key} ({origin}): {why}")]
    Value {
        /// The key.
        key: String,
        /// Where the value comes from.
        origin: String,
        /// What is wrong with it.
        why: String,
    },
}
