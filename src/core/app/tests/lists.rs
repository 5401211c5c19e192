//! What every list can: be sorted, be filtered by its columns, say what it cannot.

use std::time::Duration;

use super::super::*;
use super::scene::{Scene, setup};
use crate::diagnose::sample::{ended, service, task};
use crate::keys::Key;

fn three() -> Scene {
    let mut few = service("b");
    few.running = 1;
    Scene::read(
        setup(),
        vec![service("a"), few, service("c")],
        vec![task("a", "a1"), ended(task("a", "a2"), 1, 60)],
    )
}

fn told(scene: &Scene) -> &str {
    scene
        .model
        .notice
        .as_ref()
        .map_or("", |notice| notice.text.as_str())
}

#[test]
fn a_list_is_sorted_by_any_column_and_comes_back_to_trouble_first() {
    let mut scene = three();
    assert_eq!(scene.names(), ["b", "a", "c"]);
    scene.press("> >");
    assert_eq!(told(&scene), "sorted by name");
    assert_eq!(scene.names(), ["a", "b", "c"]);
    scene.press("=");
    assert_eq!(scene.names(), ["c", "b", "a"]);
    scene.press("< <");
    assert_eq!(told(&scene), "sorted: trouble first");
    assert_eq!(scene.names(), ["b", "a", "c"]);
}

#[test]
fn the_order_stays_while_data_come_in() {
    let mut scene = three();
    scene.press("> > =");
    scene.change("a", |a| a.running = 0);
    scene.pass(Duration::from_secs(30));
    assert_eq!(scene.names(), ["c", "b", "a"]);
}

#[test]
fn what_is_no_list_says_that_it_has_no_order() {
    let mut scene = three();
    scene.press("l >");
    assert!(
        told(&scene).starts_with("only lists are sorted"),
        "{}",
        told(&scene)
    );
}

#[test]
fn a_filter_looks_into_every_column_and_an_unknown_one_is_answered_with_those_there_are() {
    let mut scene = three();
    scene.press("/ t a s k s : 1 / 2 enter");
    assert_eq!(scene.names(), ["b"]);
    assert_eq!(scene.model.hidden_services(), 2);
    scene.press("esc / f o o : b enter");
    assert_eq!(scene.names(), [""; 0]);
    assert!(
        told(&scene).contains("no column foo (available: verdict, name, cluster, tasks"),
        "{}",
        told(&scene)
    );
}

#[test]
fn numbers_and_arrows_go_from_pane_to_pane() {
    let mut scene = three();
    for (key, pane) in [
        ("2", Pane::Tasks),
        ("4", Pane::Queues),
        ("5", Pane::Work),
        ("right", Pane::Logs),
        // In the log numbers are ranges.
        ("4", Pane::Logs),
        ("left", Pane::Work),
        ("3", Pane::Detail),
        ("1", Pane::Services),
    ] {
        scene.press(key);
        assert_eq!(scene.model.focus, pane, "{key}");
    }
}

#[test]
fn scrolling_why_never_moves_the_selected_service() {
    let mut scene = three();
    assert_eq!(scene.selected(), "b");
    scene.press("w j j");
    assert_eq!((scene.selected(), scene.model.focus), ("b", Pane::Detail));
    assert!(scene.model.detail_top > 0);
    scene.press("w");
    assert_eq!(scene.model.focus, Pane::Services);
}

#[test]
fn half_a_page_is_half_of_a_page() {
    let services: Vec<_> = (10..60).map(|n| service(&format!("s{n}"))).collect();
    let mut scene = Scene::read(setup(), services, vec![]);
    scene.press("ctrl-f");
    let page = scene.model.services.cursor.place();
    scene.press("ctrl-u");
    assert_eq!(scene.model.services.cursor.place(), page - page / 2);
    scene.press("ctrl-d");
    assert_eq!(scene.model.services.cursor.place(), page);
}

#[test]
fn a_key_that_works_elsewhere_says_where() {
    let mut scene = three();
    scene.press("S");
    assert_eq!(told(&scene), "S (stop task) works in tasks, not here");
    scene.press("l D");
    assert_eq!(told(&scene), "D (redrive) works in queues, not here");
    scene.press("h f5");
    assert_eq!(told(&scene), "f5 does nothing here: r refreshes");
}

/// Everywhere that keys can go to, and the keys that lead there.
const PLACES: [(&str, &str); 15] = [
    ("services", "1"),
    ("tasks", "2"),
    ("why", "w"),
    ("timeline", "e"),
    ("difference", "v"),
    ("deployments", "p"),
    ("journal", "J"),
    ("queues", "4"),
    ("work", "5"),
    ("logs", "l"),
    ("the log alone", "L"),
    ("help", "?"),
    ("palette", ":"),
    ("filter", "/"),
    ("search", "l /"),
];

/// Every printable key, and every named one that a terminal sends.
fn all_keys() -> Vec<Key> {
    let printable = (' '..='~').map(|c| match c {
        ' ' => "space".to_owned(),
        c => c.to_string(),
    });
    let named = [
        "enter",
        "esc",
        "tab",
        "backtab",
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "pageup",
        "pagedown",
        "insert",
        "delete",
        "backspace",
    ];
    // A terminal sends ctrl-h, i, m as other keys.
    let ctrl = ('a'..='z').filter(|c| !"him".contains(*c));
    printable
        .chain((1..=12).map(|n| format!("f{n}")))
        .chain(named.map(str::to_owned))
        .chain(ctrl.map(|c| format!("ctrl-{c}")))
        .map(|key| Key::parse(&key).unwrap())
        .collect()
}

#[test]
fn no_key_is_silent_anywhere() {
    let (mut pairs, mut silent) = (0, Vec::new());
    for (place, keys) in PLACES {
        let mut scene = three();
        scene.press(keys);
        scene.model.notice = None;
        for key in all_keys() {
            let mut after = scene.model.clone();
            let effects = update(&mut after, Msg::Key { key, alone: true }, scene.model.stamp);
            if after == scene.model && effects.is_empty() {
                silent.push(format!("{key} in {place}"));
            }
            pairs += 1;
        }
    }
    assert!(pairs >= 1_500, "{pairs}");
    assert_eq!(silent, [""; 0]);
}

fn pressed(key: &str) -> Msg {
    Msg::Key {
        key: Key::parse(key).unwrap(),
        alone: true,
    }
}

#[test]
fn what_is_typed_while_facts_are_read_is_thrown_away_and_the_wish_stays() {
    let mut scene = three();
    scene.press("U backspace 5");
    // The answer is still to come.
    let waits = scene.take(pressed("enter"));
    for key in ["j", "R", "y", "?", "9"] {
        let effects = scene.take(pressed(key));
        assert_eq!(effects, [], "{key}");
        assert!(told(&scene).contains("asking AWS"), "{}", told(&scene));
    }
    scene.answer(waits);
    let Some(Overlay::Confirm(confirm)) = &scene.model.overlay else {
        panic!("{}", told(&scene))
    };
    assert_eq!(confirm.proposal.intent.changes[0].after, "5");
    assert_eq!(scene.selected(), "b");
}

#[test]
fn who_wants_to_leave_while_facts_are_read_is_heard() {
    let mut scene = three();
    let waits = scene.take(pressed("R"));
    scene.take(pressed("esc"));
    assert_eq!(told(&scene), "nothing was changed");
    scene.answer(waits);
    assert_eq!(scene.model.overlay, None);
}

#[test]
fn the_range_comes_back_when_the_log_of_a_failed_task_is_left() {
    let mut scene = three();
    let before = scene.model.logs.range;
    scene.press("j");
    scene.press("P");
    assert_ne!(scene.model.logs.range, before);
    scene.press("h");
    assert_eq!(scene.model.logs.range, before);
}

#[test]
fn a_key_that_is_bound_nowhere_names_none_that_writes() {
    let mut scene = three();
    for (key, words) in [
        ("f5", "f5 does nothing here: r refreshes"),
        ("f9", "f9 does nothing here: ? shows the keys"),
    ] {
        scene.press(key);
        assert_eq!(told(&scene), words);
    }
}

#[test]
fn deployments_are_a_list_that_is_filtered_sorted_and_opened() {
    let mut scene = three();
    scene.change("b", |b| {
        let mut old = b.deployments[0].clone();
        old.id = crate::text::Clean::literal("ecs-svc/0");
        old.status = crate::domain::DeploymentStatus::Active;
        b.deployments.push(old);
    });
    scene.pass(Duration::from_secs(30));
    scene.press("p");
    let ids = |scene: &Scene| -> Vec<String> {
        let rows = scene.model.deployment_rows();
        rows.iter().map(|row| row.id.to_string()).collect()
    };
    assert_eq!(ids(&scene), ["ecs-svc/1", "ecs-svc/0"]);
    scene.press("j enter");
    let Some(Overlay::Viewer(viewer)) = &scene.model.overlay else {
        panic!("{}", told(&scene))
    };
    assert_eq!(viewer.title, "ecs-svc/0");
    scene.press("esc / s t a t u s : p r i enter");
    assert_eq!(ids(&scene), ["ecs-svc/1"]);
    assert_eq!(scene.model.deployments.hidden, 1);
    scene.press("esc esc");
    assert_eq!(scene.model.focus, Pane::Services);
}

#[test]
fn the_palette_shows_keys_and_is_gone_through_like_any_list() {
    let mut scene = three();
    scene.press(":");
    let offers = offers(&scene.model, "");
    assert_eq!(
        (offers[0].name.as_str(), offers[0].keys.as_str()),
        ("run", "T")
    );
    let stop = offers.iter().find(|offer| offer.name == "stop").unwrap();
    assert_eq!(stop.keys, "S in tasks");
    let last = offers.last().unwrap();
    assert!(
        last.help.starts_with("Go ") || last.help.starts_with("Move "),
        "{last:?}"
    );
    scene.press("q u e u down up enter");
    assert_eq!(scene.model.focus, Pane::Queues);
    // What was typed comes back, and what was used comes first.
    scene.press(":");
    assert_eq!(super::super::offers(&scene.model, "")[0].name, "queues");
    scene.press("up enter");
    assert!(
        told(&scene).contains("this is the queues pane"),
        "{}",
        told(&scene)
    );
    scene.press(": c enter");
    assert_eq!(scene.selected(), "c", "a service is gone to by its name");
}
