//! Without a writer no action does anything.

use std::sync::Arc;

use ecsdeck_aws::AwsWriter;
use ecsdeck_core::act::{Outcome, Refusal};
use ecsdeck_worker::carry_out;

use super::actions::ALL;
use super::scene::{Scene, decided};
use crate::harness::on_virtual_time;

#[test]
fn without_a_writer_every_action_is_refused_before_anything_is_asked() {
    for action in ALL {
        on_virtual_time(async {
            let scene = Scene::set().await;
            let intent = decided(action, &scene).await;
            let (aws, journal) = (Arc::new(scene.console()), scene.journal());
            let writer: Option<&AwsWriter> = None;
            let (outcome, _) = carry_out(aws, writer, Some(&journal), &intent, |_| {}).await;
            assert_eq!(
                outcome,
                Outcome::Refused(Refusal::ReadOnly),
                "{}",
                action.name
            );
            assert_eq!(scene.calls_of_the_console(), 0, "{}", action.name);
            assert_eq!(scene.written().entries, []);
        });
    }
}
