//! What must hold of every write, whatever fails: nothing is sent that the journal does not hold,
//! and nothing at all by a read-only console.

mod chance;
mod disk;
mod read_only;
