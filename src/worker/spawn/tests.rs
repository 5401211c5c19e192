//! The worker from outside: effects in, messages out, on a scripted cloud.

use ecsdeck_core::act::{Outcome, Refusal, Stage};
use ecsdeck_core::app::{Query, Slot};
use ecsdeck_core::domain::{Arn, ErrorKind};
use ecsdeck_core::text::Clean;
use tokio::time::{Instant, advance, sleep};

use super::*;
use crate::journal::Who;
use crate::script::{Cloud, Console, error, intent, service, service_arn};

fn console(cloud: &Arc<Cloud>) -> Console {
    Console::start(cloud, None, None, 64)
}

/// A console that may write, on a cloud with the service `web`.
fn writing_console() -> (Arc<Cloud>, Console, tempfile::TempDir) {
    let web = service_arn("web");
    let cloud = Cloud::with(|state| {
        state.services.insert(web.clone(), service(&web, 2));
    });
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path().join("journal.jsonl"), Who::default());
    let console = Console::start(&cloud, Some(journal), Some(folder.path().join("data")), 64);
    (cloud, console, folder)
}

fn scale_to(count: u32) -> WorkerEffect {
    WorkerEffect::Act(Box::new(intent(count)))
}

async fn acted(console: &mut Console) -> Outcome {
    loop {
        if let Msg::Acted { outcome, .. } = console.next().await.unwrap() {
            return outcome;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_newer_reading_of_the_slot_replaces_the_older() {
    let cloud = Cloud::with(|_| {});
    let gate = cloud.gate("identity");
    let mut console = console(&cloud);
    console.read(1, Query::Identity).await;
    cloud.called("identity", 1).await;
    console.read(2, Query::Identity).await;
    cloud.called("identity", 2).await;
    gate.add_permits(2);
    // Any message of the first reading would fail here.
    let told = console.until_end(2).await;
    assert_eq!((told.result, told.answers.len()), (Ok(()), 1));
    assert!(
        console
            .end()
            .await
            .iter()
            .all(|message| matches!(message, Msg::Called(_)))
    );
}

#[tokio::test(start_paused = true)]
async fn slots_do_not_disturb_each_other() {
    let cloud = Cloud::with(|_| {});
    cloud.gate("identity");
    let mut console = console(&cloud);
    console.read(1, Query::Identity).await;
    console.read(2, Query::Tables).await;
    assert_eq!(console.until_end(2).await.result, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_reading_sends_nothing_more() {
    let cloud = Cloud::with(|_| {});
    let gate = cloud.gate("identity");
    let console = console(&cloud);
    console.read(1, Query::Identity).await;
    cloud.called("identity", 1).await;
    console.send(WorkerEffect::Cancel(Slot::Identity)).await;
    sleep(Duration::from_millis(10)).await;
    gate.add_permits(1);
    advance(Duration::from_secs(60)).await;
    assert_eq!(console.end().await, []);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_reading_that_waits_for_room_lets_go() {
    let cloud = Cloud::with(|state| {
        for n in 0..100 {
            let arn = service_arn(n);
            state.services.insert(arn.clone(), service(&arn, 1));
        }
    });
    let console = Console::start(&cloud, None, None, 1);
    let cluster = crate::script::cluster_arn();
    let query = Query::Services {
        cluster: cluster.clone(),
    };
    console.read(1, query).await;
    // Nobody takes messages, so the reading is stuck with the channel full.
    sleep(Duration::from_secs(60)).await;
    console
        .send(WorkerEffect::Cancel(Slot::Services(cluster)))
        .await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(
        console.end().await.len(),
        1,
        "only what was in the channel already"
    );
}

#[tokio::test(start_paused = true)]
async fn a_slow_screen_loses_nothing() {
    let cloud = Cloud::with(|state| {
        for n in 0..100 {
            let arn = service_arn(n);
            state.services.insert(arn.clone(), service(&arn, 1));
        }
    });
    let mut console = Console::start(&cloud, None, None, 1);
    let cluster = crate::script::cluster_arn();
    console.read(1, Query::Services { cluster }).await;
    sleep(Duration::from_secs(60)).await;
    let told = console.until_end(1).await;
    assert_eq!((told.answers.len(), told.result), (11, Ok(())));
}

#[tokio::test(start_paused = true)]
async fn the_number_of_calls_is_told_once_for_each_change() {
    let cloud = Cloud::with(|_| {});
    let mut console = console(&cloud);
    console.read(1, Query::Identity).await;
    let mut told = Vec::new();
    loop {
        match console.messages.recv().await.unwrap() {
            Msg::Called(calls) => told.push(calls),
            Msg::ReadEnded { .. } => break,
            _ => {}
        }
    }
    assert_eq!(told, [1]);
    assert_eq!(console.end().await, []);
}

#[tokio::test(start_paused = true)]
async fn a_reading_after_a_renewal_waits_for_it() {
    let cloud = Cloud::with(|_| {});
    let gate = cloud.gate("renew");
    let mut console = console(&cloud);
    console.send(WorkerEffect::RenewCredentials).await;
    console.send(WorkerEffect::RenewCredentials).await;
    console.read(1, Query::Identity).await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!((cloud.count("renew"), cloud.count("identity")), (1, 0));
    gate.add_permits(1);
    assert_eq!(console.until_end(1).await.result, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_hangs_or_fails_does_not_hold_up_readings_for_ever() {
    for hangs in [true, false] {
        let cloud = Cloud::with(|state| {
            crate::script::fail(state, "renew", &[ErrorKind::NoCredentials]);
        });
        if hangs {
            cloud.gate("renew");
        }
        let mut console = console(&cloud);
        console.send(WorkerEffect::RenewCredentials).await;
        console.read(1, Query::Identity).await;
        assert_eq!(console.until_end(1).await.result, Ok(()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_tells_its_stages_and_its_end() {
    let (_, mut console, _folder) = writing_console();
    console.send(scale_to(5)).await;
    let mut stages = Vec::new();
    let end = loop {
        match console.next().await.unwrap() {
            Msg::ActReached { stage, .. } => stages.push(stage),
            end => break end,
        }
    };
    let all = [
        Stage::Checking,
        Stage::Journalling,
        Stage::Sending,
        Stage::Reconciling,
    ];
    assert_eq!(stages, all);
    let Msg::Acted { outcome, seen, .. } = end else {
        panic!("{end:?}")
    };
    let web = seen.service(&service_arn("web")).unwrap();
    assert_eq!((outcome, web.desired), (Outcome::Done, 5));
}

#[tokio::test(start_paused = true)]
async fn a_second_write_to_a_busy_target_is_refused_and_a_later_one_is_not() {
    let (cloud, mut console, _folder) = writing_console();
    let gate = cloud.gate("send");
    console.send(scale_to(5)).await;
    cloud.called("send", 1).await;
    console.send(scale_to(6)).await;
    let busy = Outcome::Refused(Refusal::Busy(Clean::literal("web")));
    assert_eq!(acted(&mut console).await, busy);
    gate.add_permits(10);
    assert_eq!(acted(&mut console).await, Outcome::Done);
    console.send(scale_to(6)).await;
    let changed = acted(&mut console).await;
    assert!(
        matches!(changed, Outcome::Refused(Refusal::Changed { .. })),
        "{changed:?}"
    );
    assert_eq!(cloud.count("send"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_write_is_stopped_neither_by_cancelling_nor_by_readings() {
    let (cloud, mut console, _folder) = writing_console();
    let gate = cloud.gate("send");
    console.send(scale_to(5)).await;
    cloud.called("send", 1).await;
    let cluster = crate::script::cluster_arn();
    console
        .read(
            1,
            Query::Services {
                cluster: cluster.clone(),
            },
        )
        .await;
    console
        .send(WorkerEffect::Cancel(Slot::Services(cluster)))
        .await;
    console.send(WorkerEffect::RenewCredentials).await;
    gate.add_permits(1);
    assert_eq!(acted(&mut console).await, Outcome::Done);
}

#[tokio::test(start_paused = true)]
async fn the_credentials_of_a_write_do_not_change_under_it() {
    let (cloud, mut console, _folder) = writing_console();
    let gate = cloud.gate("send");
    console.send(scale_to(5)).await;
    cloud.called("send", 1).await;
    console.send(WorkerEffect::RenewCredentials).await;
    sleep(Duration::from_secs(5)).await;
    assert_eq!(cloud.count("renew"), 0);
    gate.add_permits(1);
    assert_eq!(acted(&mut console).await, Outcome::Done);
    cloud.called("renew", 1).await;
}

#[tokio::test(start_paused = true)]
async fn readings_that_hang_do_not_hold_up_a_write() {
    let (cloud, mut console, _folder) = writing_console();
    for operation in ["list_running", "list_stopped"] {
        cloud.gate(operation);
    }
    // Eight clusters, two listings each: together they take every permit for readings.
    for n in 0..8 {
        let cluster = Arn::new(&format!("c{n}"));
        let settled = Arc::default();
        console.read(n, Query::Tasks { cluster, settled }).await;
    }
    cloud.called("list_stopped", 8).await;
    console.read(8, Query::Identity).await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(cloud.count("identity"), 0, "there is a permit left");
    console.send(scale_to(5)).await;
    assert_eq!(acted(&mut console).await, Outcome::Done);
}

#[tokio::test(start_paused = true)]
async fn at_the_end_writes_are_waited_for() {
    let (cloud, console, folder) = writing_console();
    let gate = cloud.gate("send");
    console.send(scale_to(5)).await;
    cloud.called("send", 1).await;
    let opened = async {
        sleep(Duration::from_secs(5)).await;
        gate.add_permits(1);
    };
    let (rest, ()) = tokio::join!(console.end(), opened);
    let last = rest.last().unwrap();
    assert!(
        matches!(
            last,
            Msg::Acted {
                outcome: Outcome::Done,
                ..
            }
        ),
        "{last:?}"
    );
    let journal = Journal::new(folder.path().join("journal.jsonl"), Who::default());
    assert_eq!(journal.read().unwrap().entries.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_does_not_end_is_left_after_the_limit() {
    let (cloud, console, _folder) = writing_console();
    cloud.gate("send");
    console.send(scale_to(5)).await;
    cloud.called("send", 1).await;
    let start = Instant::now();
    console.end().await;
    assert_eq!(start.elapsed(), SHUTDOWN_LIMIT);
}

#[tokio::test(start_paused = true)]
async fn a_reading_is_dropped_at_the_end() {
    let cloud = Cloud::with(|_| {});
    cloud.gate("identity");
    let console = console(&cloud);
    console.read(1, Query::Identity).await;
    cloud.called("identity", 1).await;
    let start = Instant::now();
    assert_eq!(console.end().await, []);
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_text_is_saved_and_its_place_told() {
    let (_, mut console, folder) = writing_console();
    let save = || WorkerEffect::Save {
        stem: Clean::literal("web logs"),
        text: "one\n".to_owned(),
    };
    console.send(save()).await;
    let Some(Msg::Saved(Ok(path))) = console.next().await else {
        panic!("not saved")
    };
    assert!(
        path.starts_with(folder.path().join("data").to_str().unwrap()),
        "{path}"
    );
    assert_eq!(std::fs::read_to_string(path.as_str()).unwrap(), "one\n");
}

#[tokio::test(start_paused = true)]
async fn without_a_data_folder_nothing_is_saved() {
    let cloud = Cloud::with(|_| {});
    let mut console = console(&cloud);
    console
        .send(WorkerEffect::Save {
            stem: Clean::literal("x"),
            text: String::new(),
        })
        .await;
    assert!(matches!(console.next().await, Some(Msg::Saved(Err(_)))));
}

#[tokio::test(start_paused = true)]
async fn a_reading_that_fails_ends_with_its_error() {
    let cloud = Cloud::with(|state| {
        crate::script::fail(state, "identity", &[ErrorKind::Expired]);
    });
    let mut console = console(&cloud);
    console.read(1, Query::Identity).await;
    let told = console.until_end(1).await;
    assert_eq!(
        (told.result, told.answers),
        (Err(error(ErrorKind::Expired)), vec![])
    );
}
