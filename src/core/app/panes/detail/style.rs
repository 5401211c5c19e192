//! How a verdict is meant.

use crate::app::model::viewer::Style;
use crate::diagnose::Verdict;

/// How a verdict is meant.
pub fn style_of(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Steady | Verdict::ScaledToZero => Style::Good,
        Verdict::Progressing | Verdict::Unknown => Style::Plain,
        Verdict::RolledBack | Verdict::RollingBack | Verdict::Degraded => Style::Warn,
        Verdict::Failed | Verdict::Stuck => Style::Bad,
    }
}
