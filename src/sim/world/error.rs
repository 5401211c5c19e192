//! Why a world or scenario cannot be used.

/// A world or scenario file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct WorldError {
    /// The name of the file as it was given to `parse`.
    pub file: String,
    /// Where in it, from 1; 0 when the error is of the file as a whole.
    pub line: usize,
    /// What is wrong, with the nearest valid name where there is one.
    pub message: String,
}
