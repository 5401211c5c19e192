//! Whose log is shown, and which lines of it.

use std::time::Duration;

use super::super::*;
use super::scene::{Scene, line, setup, with_deck};
use crate::diagnose::sample::{ended, service, task};
use crate::domain::ErrorKind;
use crate::text::Clean;

const SECOND: Duration = Duration::from_secs(1);

/// Two services with a task each, that log to one group, and their lines.
fn scene() -> Scene {
    let services = vec![service("api"), service("web")];
    let tasks = vec![task("api", "a1"), task("web", "w1")];
    let mut scene = Scene::new(setup(), services, tasks);
    scene.aws.lines = vec![
        line("/ecs/api", "ecs/app/a1", 60, "from api"),
        line("/ecs/web", "ecs/app/w1", 50, "from web"),
    ];
    scene.pass(5 * SECOND);
    scene
}

fn sources(scene: &Scene) -> Vec<String> {
    let queries = scene.effects.iter().rev();
    let last = queries.filter_map(|effect| match effect {
        Effect::Worker(WorkerEffect::Read {
            query: Query::Logs(query),
            ..
        }) => Some(query),
        _ => None,
    });
    let sources = last.take(1).flat_map(|query| &query.sources);
    sources
        .flat_map(|source| {
            let streams: Vec<&str> = source.streams.iter().map(Clean::as_str).collect();
            [source.group.to_string(), streams.join(",")]
        })
        .collect()
}

#[test]
fn the_log_is_that_of_the_selected_row_and_follows_it_once_the_cursor_rests() {
    let mut scene = scene();
    assert_eq!((scene.selected(), scene.log()), ("api", vec!["from api"]));
    scene.key("j", true);
    assert_eq!(scene.log(), ["from api"], "a key that is held asks nothing");
    scene.pass(SECOND);
    assert_eq!((scene.selected(), scene.log()), ("web", vec!["from web"]));
}

#[test]
fn moving_over_many_rows_reads_the_log_of_the_last_one_alone() {
    let names = ["a", "b", "c", "d", "e", "f"];
    let services = names.map(service).into();
    let tasks = names.map(|name| task(name, name)).into();
    let mut scene = Scene::read(setup(), services, tasks);
    scene.pass(SECOND);
    let before = scene.count(&Slot::Logs);
    for _ in 0..5 {
        scene.elapsed += Duration::from_millis(30);
        let effects = scene.key("j", true);
        scene.answer(effects);
    }
    scene.pass(SECOND);
    assert!(scene.count(&Slot::Logs) - before <= 2);
    assert_eq!(sources(&scene), ["/ecs/f", "ecs/app/f"]);
}

#[test]
fn a_log_that_somebody_chose_stays_while_rows_move() {
    let mut scene = scene();
    scene.press("tab l");
    assert!(scene.model.logs.pinned);
    scene.change("web", |web| web.running = 0);
    scene.pass(30 * SECOND);
    assert_eq!(scene.names()[0], "web", "the broken one is on top");
    assert_eq!(scene.log(), ["from api"]);
}

#[test]
fn the_task_that_somebody_moved_to_has_its_log_shown_until_they_go_back_to_the_services() {
    let mut scene = scene();
    scene.aws.tasks.push(task("api", "a2"));
    scene
        .aws
        .lines
        .push(line("/ecs/api", "ecs/app/a2", 5, "second"));
    scene.pass(10 * SECOND);
    scene.press("enter j");
    scene.pass(SECOND);
    assert_eq!(sources(&scene), ["/ecs/api", "ecs/app/a2"]);
    scene.press("tab");
    scene.pass(SECOND);
    assert_eq!(scene.log(), ["second"], "looking elsewhere keeps it");
    scene.press(": s v c enter");
    scene.pass(SECOND);
    assert_eq!(scene.log(), ["from api", "second"]);
}

#[test]
fn the_stream_of_a_new_task_is_followed_too_and_no_line_is_doubled() {
    let mut scene = scene();
    scene.aws.tasks.push(task("api", "a2"));
    scene
        .aws
        .lines
        .push(line("/ecs/api", "ecs/app/a2", 5, "second"));
    scene.pass(10 * SECOND);
    assert_eq!(sources(&scene), ["/ecs/api", "ecs/app/a1,ecs/app/a2"]);
    assert_eq!(scene.log(), ["from api", "second"]);
}

#[test]
fn when_all_tasks_are_gone_their_lines_stay_and_are_not_doubled_when_others_come() {
    let mut scene = scene();
    scene.aws.tasks.retain(|task| task.id() != "a1");
    scene.pass(20 * SECOND);
    assert_eq!(scene.log(), ["from api"]);
    scene.aws.tasks.push(task("api", "a1"));
    scene.pass(20 * SECOND);
    assert_eq!(scene.log(), ["from api"]);
}

/// Two services that log to the same group with the same prefix and container, one of whose streams is missing.
fn shared(first: &str, second: &str) -> Scene {
    let services = vec![service("api"), service("web")];
    let tasks = vec![task("api", "a1"), task("api", "a2"), task("web", "w1")];
    let mut scene = Scene::new(setup(), services, tasks);
    for definition in &mut scene.aws.definitions {
        let name = definition.arn.family().to_owned();
        for container in &mut definition.containers {
            let prefix = if name == "api" { first } else { second };
            container.log = Some(crate::domain::LogDestination::CloudWatch {
                group: Clean::new("/shared"),
                region: None,
                prefix: Some(Clean::new(prefix)),
                creates: false,
            });
        }
    }
    scene.aws.missing_streams = vec![Clean::new(&format!("{first}/app/a2"))];
    scene.aws.lines = vec![
        line("/shared", &format!("{first}/app/a1"), 60, "from api"),
        line("/shared", &format!("{second}/app/w1"), 50, "from web"),
    ];
    scene.pass(20 * SECOND);
    scene
}

#[test]
fn a_missing_stream_makes_the_group_read_whole_without_the_lines_of_other_services() {
    let scene = shared("api", "web");
    assert_eq!(sources(&scene), ["/shared", ""]);
    assert_eq!(scene.log(), ["from api"]);
    assert_eq!(scene.model.logs.failed, None);
}

#[test]
fn services_that_share_prefix_and_container_are_told_apart_by_their_tasks() {
    let mut scene = shared("ecs", "ecs");
    assert_eq!(scene.log(), ["from api"]);
    // A task that is not known yet has the prefix and the container of this service.
    scene
        .aws
        .lines
        .push(line("/shared", "ecs/app/new", 5, "from a new task"));
    scene.pass(10 * SECOND);
    assert_eq!(scene.log(), ["from api", "from a new task"]);
}

#[test]
fn more_streams_than_a_call_takes_are_read_as_the_group() {
    let tasks = (0..101).map(|n| task("api", &format!("t{n}"))).collect();
    let mut scene = Scene::new(setup(), vec![service("api")], tasks);
    scene.aws.lines = vec![
        line("/ecs/api", "ecs/app/t100", 60, "mine"),
        line("/ecs/api", "other/app/x", 50, "not mine"),
    ];
    scene.pass(5 * SECOND);
    assert_eq!(sources(&scene), ["/ecs/api", ""]);
    assert_eq!(scene.log(), ["mine"]);
}

#[test]
fn a_range_key_reads_from_another_time_on_and_an_old_reading_is_let_go() {
    let mut scene = scene();
    scene
        .aws
        .lines
        .push(line("/ecs/api", "ecs/app/a1", 1_800, "half an hour ago"));
    scene.pass(5 * SECOND);
    assert_eq!(scene.log(), ["from api"]);
    scene.press("l");
    let effects = scene.key("6", true);
    scene.answer(effects);
    assert_eq!(scene.log(), ["half an hour ago", "from api"]);
    assert_eq!(scene.model.logs.range.label, "1h");
    scene.press("2");
    scene.pass(SECOND);
    assert_eq!(scene.log(), Vec::<&str>::new(), "the last minute alone");
}

#[test]
fn the_log_of_a_named_group_is_read_with_the_deck_s_filter() {
    let deck = "[[log]]\nname = \"audit\"\ngroup = \"/audit\"\nfilter = \"ERROR\"\n";
    let mut scene = Scene::read(with_deck(deck), vec![], vec![]);
    let effects = scene.press(": l o g space a u d i t enter");
    let query = effects.iter().find_map(|effect| match effect {
        Effect::Worker(WorkerEffect::Read {
            query: Query::Logs(query),
            ..
        }) => Some(query),
        _ => None,
    });
    let pattern = query.and_then(|query| query.pattern.as_ref());
    assert_eq!(pattern.map(Clean::as_str), Some("ERROR"));
    scene.press("6");
    assert!(scene.model.logs.pattern.is_some(), "another range keeps it");
}

#[test]
fn one_container_alone_can_be_shown_then_the_next_then_all() {
    let mut scene = scene();
    let mut other = scene.aws.definitions[0].containers[0].clone();
    other.name = Clean::new("proxy");
    scene.aws.definitions[0].containers.push(other);
    scene
        .aws
        .lines
        .push(line("/ecs/api", "ecs/proxy/a1", 55, "from proxy"));
    let mut again = Scene::new(setup(), scene.aws.services.clone(), scene.aws.tasks.clone());
    again.aws = scene.aws;
    again.pass(5 * SECOND);
    again.press("l");
    assert_eq!(again.log(), ["from api", "from proxy"]);
    again.press("a");
    assert_eq!(again.log(), ["from api"]);
    again.press("a");
    assert_eq!(again.log(), ["from proxy"]);
    again.press("a");
    assert_eq!(again.log().len(), 2);
}

#[test]
fn a_search_takes_effect_while_it_is_typed_and_says_when_there_is_none() {
    let mut scene = scene();
    scene.press("l / f r o m enter");
    assert_eq!(scene.model.logs.search.text(), "from");
    assert!(!scene.model.logs.at_end);
    scene.press("/ n o p e enter");
    assert_eq!(scene.notice(), "not found: nope");
    scene.press("/ x esc");
    assert_eq!(scene.model.logs.search.text(), "");
}

/// A service whose container logs through FireLens, with its router or without.
fn behind_firelens(with_router: bool) -> Scene {
    let mut scene = Scene::new(setup(), vec![service("api")], vec![task("api", "a1")]);
    for definition in &mut scene.aws.definitions {
        let mut router = definition.containers.first().unwrap().clone();
        router.name = Clean::new("log_router");
        for container in &mut definition.containers {
            container.log = Some(crate::domain::LogDestination::Driver {
                name: Clean::new("awsfirelens"),
                to: Some(Clean::new("datadog")),
            });
        }
        definition.containers.extend(with_router.then_some(router));
    }
    scene.aws.lines = vec![line("/ecs/api", "ecs/log_router/a1", 60, "from the router")];
    scene.pass(5 * SECOND);
    scene
}

#[test]
fn a_container_whose_lines_go_elsewhere_is_named_beside_those_that_are_shown() {
    let scene = behind_firelens(true);
    assert_eq!(
        words_elsewhere(&scene.model.logs.elsewhere),
        *"app logs to awsfirelens (datadog)"
    );
    assert_eq!(scene.model.logs.silent, None);
    assert_eq!(
        behind_firelens(false).model.logs.silent.as_deref(),
        Some("nothing is in CloudWatch Logs: app logs to awsfirelens (datadog)")
    );
}

/// The lines that are shown.
fn shown(scene: &Scene) -> Vec<String> {
    let logs = &scene.model.logs;
    let lines = logs.window(50).into_iter();
    let mut read = ReadLines::default();
    lines
        .map(|line| logs.shown_line(line, &mut read).text.to_string())
        .collect()
}

/// One service with a task, and what it wrote.
fn with_lines(lines: &[&str]) -> Scene {
    let mut scene = Scene::new(setup(), vec![service("api")], vec![task("api", "a1")]);
    let ages = (1..=60).rev();
    scene.aws.lines = lines
        .iter()
        .zip(ages)
        .map(|(text, ago)| line("/ecs/api", "ecs/app/a1", ago, text))
        .collect();
    scene.pass(5 * SECOND);
    scene.press("l");
    scene
}

#[test]
fn a_line_filter_takes_effect_while_it_is_typed_and_is_taken_back_after_the_search() {
    let mut scene = with_lines(&["INFO up", "WARN slow", "ERROR down", "plain"]);
    assert_eq!(shown(&scene).len(), 4);
    scene.press("& l e v e l : w a r n");
    assert_eq!(shown(&scene), ["WARN slow", "ERROR down"]);
    scene.press("enter / d o w n enter");
    assert_eq!(scene.model.logs.search.text(), "down");
    scene.press("esc");
    assert_eq!(scene.model.logs.search.text(), "");
    assert_eq!(
        shown(&scene),
        ["WARN slow", "ERROR down"],
        "the filter stands"
    );
    scene.press("esc G");
    assert_eq!(shown(&scene).len(), 4);
}

#[test]
fn a_line_filter_that_cannot_be_read_says_why_and_keeps_what_was_typed() {
    let mut scene = with_lines(&["INFO up"]);
    scene.press("& / ( / enter");
    assert_eq!(
        scene.notice(),
        "cannot read the expression /(/: unclosed group"
    );
    let Some(Overlay::Prompt(_, prompt)) = &scene.model.overlay else {
        panic!("{:?}", scene.model.overlay);
    };
    assert_eq!(prompt.text(), "/(/");
    assert_eq!(shown(&scene), ["INFO up"], "nothing is hidden by it");
}

#[test]
fn structured_lines_are_folded_and_one_key_shows_them_as_they_were_written() {
    let raw = r#"{"level":"error","msg":"no","n":1}"#;
    let mut scene = with_lines(&[raw]);
    assert_eq!(shown(&scene), ["ERROR no n=1"]);
    scene.press("x");
    assert_eq!(shown(&scene), [raw]);
    assert_eq!(scene.notice(), "lines are shown as they were written");
    scene.press("x");
    assert_eq!(shown(&scene), ["ERROR no n=1"]);
}

#[test]
fn the_stamps_go_from_utc_to_local_time_to_the_time_between_to_none() {
    let mut scene = with_lines(&["INFO up"]);
    let mut seen = vec![scene.model.logs.stamps];
    for _ in 0..4 {
        scene.press("t");
        seen.push(scene.model.logs.stamps);
    }
    let expected = [
        Stamps::Utc,
        Stamps::Local,
        Stamps::Between,
        Stamps::Off,
        Stamps::Utc,
    ];
    assert_eq!(seen, expected);
}

#[test]
fn enter_opens_the_last_line_in_full_and_the_timeline_names_the_error_of_a_trace() {
    let trace = [
        "Traceback (most recent call last):",
        "  File \"app.py\", line 3, in <module>",
        "KeyError: 'REDIS_URL'",
    ];
    let mut scene = with_lines(&trace);
    assert_eq!(shown(&scene), ["KeyError: 'REDIS_URL' (+2 lines)"]);
    scene.press("enter");
    let Some(Overlay::Viewer(viewer)) = &scene.model.overlay else {
        panic!("{:?}", scene.model.overlay);
    };
    let text: Vec<&str> = viewer.lines.iter().map(|line| line.text.as_str()).collect();
    assert!(
        text.iter().any(|line| line.contains("app.py")),
        "the frames are there: {text:#?}"
    );
    scene.press("esc e");
    let told = super::why::lines(&scene).join("\n");
    assert!(told.contains("KeyError: 'REDIS_URL'"), "{told}");
    assert!(!told.contains("Traceback"), "{told}");
}

#[test]
fn the_lines_that_are_held_are_saved() {
    let mut scene = scene();
    scene.press("l");
    let effects = scene.press("ctrl-s");
    let saved = Effect::Worker(WorkerEffect::Save {
        stem: Clean::new("api"),
        text: "1970-01-12T13:45:40Z ecs/app/a1 from api\n".to_owned(),
    });
    assert!(effects.contains(&saved), "{effects:?}");
    let path = Clean::new("/tmp/api.txt");
    scene.take(Msg::Saved(Ok(path)));
    assert_eq!(scene.notice(), "saved to /tmp/api.txt");
}

#[test]
fn an_empty_log_is_not_saved() {
    let mut scene = Scene::read(setup(), vec![], vec![]);
    let effects = scene.press(": s a v e - l o g enter");
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Worker(WorkerEffect::Save { .. })))
    );
    assert_eq!(scene.notice(), "there are no lines to save");
}

#[test]
fn the_log_of_the_task_that_failed_last_is_one_key_away() {
    let mut scene = scene();
    scene.aws.tasks.push(ended(task("api", "older"), 1, 600));
    scene.aws.tasks.push(ended(task("api", "newer"), 1, 300));
    scene
        .aws
        .lines
        .push(line("/ecs/api", "ecs/app/newer", 310, "panic"));
    scene.pass(60 * SECOND);
    scene.press("l p");
    assert_eq!(scene.log(), ["panic"]);
}

#[test]
fn why_there_is_no_log_is_said_only_when_it_is_known() {
    let mut scene = Scene::new(setup(), vec![service("api")], vec![]);
    let cluster = crate::diagnose::sample::cluster_arn("prod");
    scene.aws.broken = vec![(Slot::Tasks(cluster), ErrorKind::Throttled)];
    scene.pass(5 * SECOND);
    let silent = |scene: &Scene| scene.model.logs.silent.clone().unwrap_or_default();
    assert!(
        silent(&scene).starts_with("the tasks cannot be read: "),
        "{}",
        silent(&scene)
    );
    scene.aws.broken.clear();
    scene.pass(120 * SECOND);
    assert!(
        silent(&scene).contains("no tasks ran"),
        "{}",
        silent(&scene)
    );
    scene.aws.tasks = vec![task("api", "a1")];
    scene.aws.broken = vec![(Slot::Definitions, ErrorKind::Throttled)];
    scene.model.fleet.change().definitions.clear();
    scene.pass(120 * SECOND);
    assert!(
        silent(&scene).contains("cannot be read"),
        "{}",
        silent(&scene)
    );
}

#[test]
fn a_source_that_failed_is_told_until_it_can_be_read() {
    let mut scene = scene();
    scene.press("l");
    let request = scene.effects.iter().rev().find_map(|effect| match effect {
        Effect::Worker(WorkerEffect::Read { request, query }) if query.slot() == Slot::Logs => {
            Some(*request)
        }
        _ => None,
    });
    assert!(request.is_some());
    scene.pass(10 * SECOND);
    scene.elapsed += 10 * SECOND;
    let effects = scene.take(Msg::Ticked);
    let Some((request, source)) = effects.iter().find_map(|effect| match effect {
        Effect::Worker(WorkerEffect::Read {
            request,
            query: Query::Logs(query),
        }) => Some((*request, query.sources[0].clone())),
        _ => None,
    }) else {
        panic!("no reading")
    };
    let error = super::scene::error(ErrorKind::Denied);
    let slot = Slot::Logs;
    let answer = Answer::LogSourceFailed(source, error);
    scene.take(Msg::Read {
        slot: slot.clone(),
        request,
        answer,
    });
    let result = Ok(());
    scene.take(Msg::ReadEnded {
        slot,
        request,
        result,
    });
    assert!(scene.model.logs.failed.is_some());
    scene.pass(10 * SECOND);
    assert_eq!(scene.model.logs.failed, None);
}

#[test]
fn a_log_asked_for_by_name_is_read_though_its_service_is_not_selected() {
    // A deck that names queue and table: then only what is looked at is read for its definition.
    let deck = "[[queue]]\nname = \"q\"\n[[table]]\nname = \"t\"\n";
    let services = vec![service("api"), service("web")];
    let tasks = vec![task("api", "a1"), task("web", "w1")];
    let mut scene = Scene::new(with_deck(deck), services, tasks);
    scene.aws.lines = vec![line("/ecs/web", "ecs/app/w1", 50, "from web")];
    scene.pass(5 * SECOND);
    let rows = scene.model.service_rows();
    let row = rows.iter().find(|row| row.name == "web").unwrap();
    let target = LogTarget::Row(row.key.clone());
    let since = scene.model.now() - jiff::SignedDuration::from_secs(900);
    let effects = scene.take(Msg::LogAsked {
        since,
        until: None,
        target,
        pattern: None,
    });
    assert!(!scene.model.is_settled(), "the definition is still to come");
    scene.answer(effects);
    scene.pass(5 * SECOND);
    assert_eq!(scene.log(), ["from web"]);
}

/// FilterLogEvents calls of the last minute, of a console that has stood on its log for a while.
fn calls_in_a_minute(scene: &mut Scene, new_lines: &[(&str, &str)]) -> usize {
    let calls = |scene: &Scene| {
        let queries = scene.effects.iter().filter_map(|effect| match effect {
            Effect::Worker(WorkerEffect::Read {
                query: Query::Logs(query),
                ..
            }) => Some(query.sources.len()),
            _ => None,
        });
        queries.sum::<usize>()
    };
    scene.pass(30 * SECOND);
    let before = calls(scene);
    for second in 0..60 {
        for (group, stream) in new_lines {
            let written = scene.elapsed.as_secs();
            let text = format!("{second}");
            let seconds = -i64::try_from(written).unwrap();
            scene.aws.lines.push(line(group, stream, seconds, &text));
        }
        scene.pass(SECOND);
    }
    calls(scene) - before
}

#[test]
fn following_one_quiet_service_costs_twelve_calls_a_minute_and_five_sources_sixty() {
    let mut one = scene();
    one.press("l");
    let of_one = calls_in_a_minute(&mut one, &[]);
    let mut five = Scene::new(setup(), vec![service("api")], vec![task("api", "a1")]);
    for definition in &mut five.aws.definitions {
        let first = definition.containers.first().unwrap().clone();
        definition.containers = (0..5)
            .map(|n| {
                let mut own = first.clone();
                own.name = Clean::new(&format!("c{n}"));
                own.log = Some(crate::domain::LogDestination::CloudWatch {
                    group: Clean::new(&format!("/ecs/c{n}")),
                    region: None,
                    prefix: Some(Clean::new("ecs")),
                    creates: false,
                });
                own
            })
            .collect();
    }
    five.press("l");
    let of_five = calls_in_a_minute(&mut five, &[]);
    assert!((10..=12).contains(&of_one), "{of_one}");
    assert!((50..=60).contains(&of_five), "{of_five}");
}

#[test]
fn a_log_that_writes_is_read_every_second_while_somebody_looks_and_more_slowly_when_it_is_held() {
    let new = [("/ecs/api", "ecs/app/a1")];
    let mut scene = scene();
    scene.press("l");
    let followed = calls_in_a_minute(&mut scene, &new);
    scene.press("f");
    let held = calls_in_a_minute(&mut scene, &new);
    assert!((55..=61).contains(&followed), "{followed}");
    assert!((10..=12).contains(&held), "{held}");
}

#[test]
fn a_log_that_is_throttled_says_how_far_behind_it_is_and_loses_nothing() {
    let mut scene = scene();
    scene.press("l");
    scene.pass(10 * SECOND);
    assert_eq!(scene.model.logs.behind(scene.model.now()), None);
    scene.aws.throttled_logs = true;
    scene.pass(300 * SECOND);
    let behind = scene.model.logs.behind(scene.model.now()).unwrap();
    assert!((295..=310).contains(&behind), "{behind}");
    scene.aws.throttled_logs = false;
    let late = line("/ecs/api", "ecs/app/a1", -200, "written meanwhile");
    scene.aws.lines.push(late);
    scene.pass(10 * SECOND);
    assert_eq!(scene.log().last(), Some(&"written meanwhile"));
    assert_eq!(scene.model.logs.behind(scene.model.now()), None);
}

/// What stands beside each line that is shown, and the line.
fn beside(scene: &Scene) -> Vec<String> {
    let logs = &scene.model.logs;
    let lines = logs.window(50).into_iter();
    lines
        .map(|line| format!("{}: {}", logs.name_of(line.stream), line.text))
        .collect()
}

#[test]
fn several_logs_are_chosen_by_their_names_and_each_line_says_whose_it_is() {
    let mut scene = scene();
    let lambda = "/aws/lambda/mailer";
    scene.aws.groups = vec![lambda, "/ecs/other"];
    let stream = "2026/11/30/[$LATEST]0123";
    scene
        .aws
        .lines
        .push(line(lambda, stream, 40, "from lambda"));
    scene.press("l o");
    assert_eq!(
        scene.model.sources.groups.len(),
        2,
        "the account's groups are read"
    );
    scene.press("m a i l e r tab ctrl-u w e b space s e r v tab enter");
    assert_eq!(beside(&scene), ["web: from web", "mailer: from lambda"]);
    let target = scene.model.logs.target.clone().unwrap();
    assert_eq!(target.name(), *"/aws/lambda/mailer + web");
    scene.press("a");
    assert_eq!(beside(&scene), ["mailer: from lambda"], "one of them alone");
    scene.press("a a");
    assert_eq!(beside(&scene).len(), 2);
    scene.press("& c o n t a i n e r : m a i l e r enter");
    assert_eq!(beside(&scene), ["mailer: from lambda"]);
}

#[test]
fn what_the_cursor_stands_on_is_chosen_where_nothing_is_marked_and_what_fits_nothing_says_so() {
    let mut scene = scene();
    scene.press("l o down enter");
    assert_eq!(scene.log(), ["from web"]);
    scene.press("o n o p e enter");
    assert_eq!(scene.notice(), "no log has such a name");
    assert!(matches!(
        scene.model.overlay,
        Some(Overlay::Prompt(Purpose::Sources, _))
    ));
    scene.press("esc : l o g s space / e c s / a p i space n o p e enter");
    assert!(scene.notice().contains("nope"), "{}", scene.notice());
}

#[test]
fn a_group_that_nobody_knows_is_opened_by_its_name() {
    let mut scene = scene();
    scene.aws.lines.push(line("/other", "s", 30, "from afar"));
    scene.press(": l o g s space / o t h e r space a p i enter");
    assert_eq!(beside(&scene), ["api: from api", "other: from afar"]);
    scene.press("6");
    assert_eq!(
        beside(&scene).len(),
        2,
        "another range has the same sources"
    );
}

#[test]
fn one_container_of_a_service_is_asked_for_alone() {
    let mut scene = Scene::new(setup(), vec![service("api")], vec![task("api", "a1")]);
    for definition in &mut scene.aws.definitions {
        let mut other = definition.containers.first().unwrap().clone();
        other.name = Clean::new("proxy");
        definition.containers.push(other);
    }
    scene.aws.lines = vec![
        line("/ecs/api", "ecs/app/a1", 60, "from app"),
        line("/ecs/api", "ecs/proxy/a1", 50, "from proxy"),
    ];
    scene.pass(5 * SECOND);
    assert_eq!(scene.log().len(), 2);
    scene.press("l o a p i / p r o x y enter");
    assert_eq!(scene.log(), ["from proxy"]);
    assert_eq!(sources(&scene), ["/ecs/api", "ecs/proxy/a1"]);
}

#[test]
fn a_group_that_one_wants_whole_is_read_whole_and_lines_stay_with_their_owners() {
    let mut scene = scene();
    scene
        .aws
        .lines
        .push(line("/ecs/api", "cron/job/1", 30, "from a job"));
    scene.press(": l o g s space / e c s / a p i space s e r v i c e : a p i enter");
    assert_eq!(sources(&scene), ["/ecs/api", ""]);
    assert_eq!(scene.log(), ["from api", "from a job"]);
}

#[test]
fn a_search_goes_to_its_newest_match_while_it_is_typed_and_back_when_it_is_left() {
    let mut scene = with_lines(&["order 1", "paid", "order 22", "paid", "end"]);
    scene.press("/ o r d e r space \\ d \\ d");
    assert_eq!(scene.log().last(), Some(&"order 22"));
    assert_eq!(scene.model.logs.hit(), Some(Hit { at: 1, of: 1 }));
    scene.press("esc");
    assert!(scene.model.logs.at_end, "where it stood");
    scene.press("/ o r d e r enter n");
    assert_eq!(scene.notice(), "no further match for order");
    scene.press("N");
    assert_eq!(scene.model.logs.hit(), Some(Hit { at: 1, of: 2 }));
    let new = line("/ecs/api", "ecs/app/a1", -1, "order 3");
    scene.aws.lines.push(new);
    scene.pass(10 * SECOND);
    assert_eq!(scene.model.logs.hit(), Some(Hit { at: 1, of: 3 }));
    scene.press("/ o r d e r ( enter");
    assert_eq!(scene.notice(), "not found: order(");
}

#[test]
fn cloudwatch_s_own_filter_reads_the_log_anew_and_esc_takes_it_back() {
    let mut scene = with_lines(&["INFO up", "ERROR down"]);
    scene.press("& & E R R O R enter");
    scene.pass(5 * SECOND);
    let patterns = |scene: &Scene| {
        let mut queries = scene.effects.iter().filter_map(|effect| match effect {
            Effect::Worker(WorkerEffect::Read {
                query: Query::Logs(query),
                ..
            }) => Some(query.pattern.clone()),
            _ => None,
        });
        queries.next_back().flatten()
    };
    assert_eq!(patterns(&scene).as_deref(), Some("ERROR"));
    scene.press("esc");
    scene.pass(5 * SECOND);
    assert_eq!(patterns(&scene), None);
    assert_eq!(scene.log().len(), 2, "all lines are back");
}

#[test]
fn a_pattern_that_cloudwatch_refuses_is_told_in_its_words_with_the_place() {
    let mut scene = with_lines(&["INFO up"]);
    scene.aws.refuses_pattern = true;
    scene.press("& & a space \" b enter");
    assert_eq!(
        scene.notice(),
        "Invalid filter pattern (at character 3: the quote is not closed)"
    );
    let Some(Overlay::Prompt(Purpose::Pattern, prompt)) = &scene.model.overlay else {
        panic!("{:?}", scene.model.overlay);
    };
    assert_eq!((prompt.text(), prompt.cursor()), ("a \"b", 2));
    scene.aws.refuses_pattern = false;
    scene.press("ctrl-u enter");
    scene.pass(5 * SECOND);
    assert_eq!(scene.log(), ["INFO up"]);
}

#[test]
fn texts_over_the_panes_and_why_are_searched_by_the_same_keys() {
    let mut scene = with_lines(&["INFO up"]);
    scene.press("enter / s t r e a m enter");
    let viewer = |scene: &Scene| match &scene.model.overlay {
        Some(Overlay::Viewer(viewer)) => viewer.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(viewer(&scene).hits(), Some((1, 2)));
    scene.press("n");
    assert_eq!(viewer(&scene).hits(), Some((2, 2)));
    scene.press("n");
    assert_eq!(scene.notice(), "no further match for stream");
    scene.press("/ n o p e enter");
    assert_eq!(scene.notice(), "not found: nope");
    scene.press("esc");
    assert_eq!(viewer(&scene).hits(), None, "the search first");
    scene.press("/ u p esc");
    assert_eq!(viewer(&scene).hits(), None);
    scene.press("esc : w h y enter / s t e a d y enter");
    assert_eq!(scene.model.detail_search.text(), "steady");
    assert!(scene.notice().is_empty(), "{}", scene.notice());
    scene.press("/ n o p e enter");
    assert_eq!(scene.notice(), "not found: nope");
    scene.press("esc");
    assert!(scene.model.detail_search.is_empty());
}

#[test]
fn what_is_shown_or_all_of_it_is_saved_or_copied_as_text_or_json() {
    let mut scene = with_lines(&["INFO up", "ERROR down"]);
    scene.press("& d o w n enter");
    let copied = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Loop(LoopEffect::Copy(text)) => Some(text.to_string()),
            Effect::Worker(WorkerEffect::Save { text, .. }) => Some(text.clone()),
            _ => None,
        })
    };
    let effects = scene.press(": c o p y space s h o w n space j s o n enter");
    let text = copied(&effects).unwrap();
    assert!(
        text.starts_with("{\"at\":") && text.contains("ERROR down"),
        "{text}"
    );
    assert_eq!(scene.notice(), "copied 1 line");
    let effects = scene.press(": s a v e space j s o n enter");
    assert_eq!(
        copied(&effects).unwrap().trim_end(),
        text,
        "what the filter hides is not saved"
    );
    scene.press(": s a v e space h a l f enter");
    assert_eq!(
        scene.notice(),
        "no half here (available: all, shown, text, json)"
    );
}

#[test]
fn what_a_terminal_does_not_take_is_said() {
    let long = "x".repeat(CLIPBOARD / 3);
    let mut scene = with_lines(&[&long, &long, &long, "end"]);
    let effects = scene.press(": c o p y space a l l enter");
    let Some(Effect::Loop(LoopEffect::Copy(text))) = effects
        .iter()
        .find(|effect| matches!(effect, Effect::Loop(_)))
    else {
        panic!("{effects:?}")
    };
    assert_eq!(text.len(), CLIPBOARD);
    assert!(
        scene.notice().starts_with("copied the first 74994 of 75"),
        "{}",
        scene.notice()
    );
}

#[test]
fn a_container_that_one_revision_sends_elsewhere_and_another_one_here_is_not_said_to_be_elsewhere()
{
    let tasks = vec![task("api", "a1"), task("api", "a2")];
    let mut scene = Scene::new(setup(), vec![service("api")], tasks);
    let mut old = scene.aws.definitions.first().unwrap().clone();
    old.arn = crate::domain::Arn::new(&format!("{}0", old.arn.as_str()));
    for container in &mut old.containers {
        container.log = Some(crate::domain::LogDestination::Driver {
            name: Clean::new("awsfirelens"),
            to: None,
        });
    }
    scene.aws.tasks.last_mut().unwrap().definition = old.arn.clone();
    scene.aws.definitions.push(old);
    scene.aws.lines = vec![line("/ecs/api", "ecs/app/a1", 60, "from a1")];
    scene.pass(5 * SECOND);
    assert_eq!(scene.log(), ["from a1"]);
    assert!(
        scene.model.logs.elsewhere.is_empty(),
        "{:?}",
        scene.model.logs.elsewhere
    );
}
