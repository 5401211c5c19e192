//! Sizes of tasks: how they are written, and which of them Fargate has.

/// CPU units from `1024`, `1 vCPU`, `.25 vcpu`; MiB from `2048` or `2 GB`.
pub(super) fn units(text: &str) -> Option<u32> {
    let text = text.trim().to_ascii_lowercase();
    let whole = text.trim_end_matches("vcpu").trim_end_matches("gb").trim();
    if whole.len() == text.len() {
        return whole.parse().ok();
    }
    let number: f64 = whole.parse().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates; real sizes are small"
    )]
    let units = (number * 1_024.0).round() as u32;
    Some(units)
}

/// Whether Fargate has a size of so many CPU units and MiB (task-cpu-memory-error).
pub(super) fn fits_fargate(cpu: u32, memory: u32) -> bool {
    let stepped = |low: u32, high: u32, step: u32| {
        (low..=high).contains(&memory) && (memory - low).is_multiple_of(step)
    };
    match cpu {
        256 => matches!(memory, 512 | 1_024 | 2_048),
        512 => stepped(1_024, 4_096, 1_024),
        1_024 => stepped(2_048, 8_192, 1_024),
        2_048 => stepped(4_096, 16_384, 1_024),
        4_096 => stepped(8_192, 30_720, 1_024),
        8_192 => stepped(16_384, 61_440, 4_096),
        16_384 => stepped(32_768, 122_880, 8_192),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_units_or_as_people_write_them() {
        assert_eq!(units("1024"), Some(1_024));
        assert_eq!(units("1 vCPU"), Some(1_024));
        assert_eq!(units(".25 vcpu"), Some(256));
        assert_eq!(units("2 GB"), Some(2_048));
        assert_eq!(units("much"), None);
    }

    #[test]
    fn fargate_has_only_certain_sizes() {
        assert!(fits_fargate(256, 2_048) && !fits_fargate(256, 3_072));
        assert!(fits_fargate(1_024, 8_192) && !fits_fargate(1_024, 1_024));
        assert!(!fits_fargate(300, 512));
    }
}
