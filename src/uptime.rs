//! The clock that says how old a look at a target is: it goes on while the machine sleeps.

use std::time::Duration;

use ecsdeck_aws::Uptime;
use rustix::time::{ClockId, clock_gettime};

/// The time since the machine was started, its sleep included (source: Linux, clock_gettime(2), CLOCK_BOOTTIME).
pub fn since_boot() -> Uptime {
    Uptime::new(|| {
        let time = clock_gettime(ClockId::Boottime);
        let whole = Duration::from_secs(time.tv_sec.unsigned_abs());
        whole + Duration::from_nanos(time.tv_nsec.unsigned_abs())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_time_that_the_kernel_tells() {
        let told = std::fs::read_to_string("/proc/uptime").unwrap();
        let told: f64 = told.split(' ').next().unwrap().parse().unwrap();
        let debug = format!("{:?}", since_boot());
        assert!(debug.starts_with("Uptime("), "{debug}");
        let later = std::fs::read_to_string("/proc/uptime").unwrap();
        let later: f64 = later.split(' ').next().unwrap().parse().unwrap();
        let now = since_boot().now().as_secs_f64();
        assert!(
            now >= told - 0.02 && now - later < 60.0,
            "{told} {now} {later}"
        );
    }
}
