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
    scene.press("l R");
    assert_eq!(
        told(&scene),
        "R (roll back) works in services, tasks and detail, not here"
    );
    scene.press("h f5");
    assert_eq!(told(&scene), "f5 does nothing here");
}

/// Moves are left out: at the end of a list they have nowhere to go.
#[test]
fn no_key_is_silent_in_any_pane() {
    const MOVES: [&str; 17] = [
        "j", "k", "g", "G", "up", "down", "home", "end", "pageup", "pagedown", "ctrl-f", "ctrl-b",
        "ctrl-d", "ctrl-u", "h", "esc", "1",
    ];
    let printable = (' '..='~').map(|c| {
        if c == ' ' {
            "space".to_owned()
        } else {
            c.to_string()
        }
    });
    let named = (1..=12).map(|n| format!("f{n}"));
    let others = [
        "enter",
        "tab",
        "backtab",
        "left",
        "right",
        "insert",
        "delete",
        "backspace",
    ];
    let keys: Vec<String> = printable
        .chain(named)
        .chain(others.map(str::to_owned))
        .chain(
            ('a'..='z')
                .filter(|c| !"himz".contains(*c))
                .map(|c| format!("ctrl-{c}")),
        )
        .filter(|key| !MOVES.contains(&key.as_str()))
        .collect();
    let mut pairs = 0;
    let mut silent = Vec::new();
    for pane in ["1", "2", "3", "4", "5", "6"] {
        let mut scene = three();
        scene.press(pane);
        scene.model.notice = None;
        for key in &keys {
            let key = Key::parse(key).unwrap();
            let mut after = scene.model.clone();
            let msg = Msg::Key { key, alone: true };
            let effects = update(&mut after, msg, scene.model.stamp);
            if after == scene.model && effects.is_empty() {
                silent.push(format!("{key} in {:?}", scene.model.focus));
            }
            pairs += 1;
        }
    }
    assert!(pairs > 700, "{pairs}");
    assert_eq!(silent, [""; 0]);
}
