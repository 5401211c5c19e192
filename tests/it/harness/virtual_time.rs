//! Tests on a thread whose clock is tokio's paused one: fifteen seconds of waiting take none.

use std::sync::Arc;
use std::time::Duration;

use ecsdeck_sim::Running;
use tokio::task::JoinHandle;

/// How finely time passes, so that what is on its way arrives before a limit does.
const TICK: Duration = Duration::from_millis(250);

/// Runs a test on a thread whose clock is tokio's paused one.
pub(crate) fn on_virtual_time<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().start_paused(true);
    runtime.build().unwrap().block_on(test)
}

/// Lets the simulator's clock follow tokio's, unless it is to stand still.
pub(crate) fn ticks(sim: &Arc<Running>, still: bool) -> JoinHandle<()> {
    let hand = Arc::downgrade(sim);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(TICK).await;
            let Some(sim) = hand.upgrade() else { return };
            if !still {
                sim.advance(TICK);
            }
            drop(sim);
            // The paused clock does not jump while a thread works: what the kernel still
            // carries from one end of a connection to the other gets time to arrive.
            let _ = tokio::task::spawn_blocking(std::thread::yield_now).await;
        }
    })
}
