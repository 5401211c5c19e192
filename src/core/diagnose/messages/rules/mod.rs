//! From signals to causes: one file a family.
//!
//! Each rule looks at what was being done and how it failed, never at a whole
//! sentence. A family adds what it recognises; the surest wins in the ranking.
//! Families are asked from the most telling to the least, and the later ones
//! may see what was found.

mod calm;
mod capacity;
mod deployment;
mod health;
mod image;
mod network;
mod program;
mod secret;
mod startup;

use super::classified::Findings;
use super::signals::Signals;

/// Asks every family.
pub(super) fn judge(signals: &Signals, findings: &mut Findings) {
    image::judge(signals, findings);
    secret::judge(signals, findings);
    startup::judge(signals, findings);
    network::judge(signals, findings);
    capacity::judge(signals, findings);
    health::judge(signals, findings);
    deployment::judge(signals, findings);
    program::judge(signals, findings);
    deployment::refused(signals, findings);
    deployment::refused_values(signals, findings);
    calm::judge(signals, findings);
}
