//! What is selected, what is shown, and getting about.

use std::time::Duration;

use super::super::*;
use super::scene::{Scene, setup};
use crate::diagnose::sample::{ended, service, task};
use crate::keys::Action;

const SECOND: Duration = Duration::from_secs(1);

fn three() -> Scene {
    Scene::read(
        setup(),
        vec![service("a"), service("b"), service("c")],
        vec![],
    )
}

#[test]
fn the_most_broken_service_is_on_top_and_selected_before_any_key() {
    let mut broken = service("z");
    broken.running = 0;
    let scene = Scene::read(setup(), vec![service("a"), broken], vec![]);
    assert_eq!(scene.names(), ["z", "a"]);
    assert_eq!(scene.selected(), "z");
    assert!(
        scene
            .model
            .detail_lines()
            .iter()
            .any(|line| line.text.contains("degraded"))
    );
}

#[test]
fn the_selection_stays_on_its_service_while_rows_move() {
    let mut scene = three();
    scene.press("j");
    assert_eq!(scene.selected(), "b");
    scene.change("c", |c| c.running = 0);
    scene.pass(30 * SECOND);
    assert_eq!(scene.names(), ["c", "a", "b"]);
    assert_eq!(scene.selected(), "b");
    scene.change("c", |c| c.running = 2);
    scene
        .aws
        .services
        .retain(|service| service.name.as_str() != "a");
    scene.pass(30 * SECOND);
    assert_eq!(scene.selected(), "b");
}

#[test]
fn who_looks_at_the_tasks_of_a_service_stays_with_it_though_another_one_breaks() {
    let mut scene = Scene::read(
        setup(),
        vec![service("a"), service("b")],
        vec![task("a", "a1"), task("b", "b1")],
    );
    scene.press("enter");
    scene.change("b", |b| b.running = 0);
    scene.pass(30 * SECOND);
    assert_eq!((scene.names()[0], scene.selected()), ("b", "a"));
    assert_eq!(scene.model.task_rows()[0].id.as_str(), "a1");
}

#[test]
fn a_filter_takes_effect_with_every_key_and_escape_takes_it_back() {
    let mut scene = three();
    scene.press("/ b");
    assert_eq!(
        (scene.names(), scene.model.hidden_services()),
        (vec!["b"], 2)
    );
    scene.press("enter esc");
    assert_eq!(scene.names(), ["a", "b", "c"]);
    scene.press("/ ! b");
    assert_eq!(scene.names(), ["a", "c"]);
    scene.press("down");
    assert_eq!(
        scene.selected(),
        "c",
        "rows can be gone through while it is typed"
    );
    scene.press("esc");
    assert_eq!(scene.names(), ["a", "b", "c"]);
}

#[test]
fn pasted_text_goes_into_a_line_of_input_and_nowhere_else() {
    let mut scene = three();
    scene.take(Msg::Pasted("U5\ny".to_owned()));
    assert_eq!(scene.model.overlay, None);
    scene.press("/");
    scene.take(Msg::Pasted("c\nU".to_owned()));
    assert_eq!(scene.names(), ["c"]);
}

#[test]
fn problems_only_hides_what_is_well() {
    let mut scene = three();
    scene.change("c", |c| c.running = 0);
    scene.pass(30 * SECOND);
    scene.press("!");
    assert_eq!(
        (scene.names(), scene.model.hidden_services()),
        (vec!["c"], 2)
    );
    scene.press("!");
    assert_eq!(scene.names().len(), 3);
}

#[test]
fn stopped_tasks_are_shown_until_somebody_hides_them() {
    let tasks = vec![task("a", "1"), ended(task("a", "2"), 1, 60)];
    let mut scene = Scene::read(setup(), vec![service("a")], tasks);
    let shown = |scene: &Scene| -> Vec<String> {
        let rows = scene.model.task_rows().iter();
        rows.map(|row| row.id.to_string()).collect()
    };
    assert_eq!(shown(&scene), ["1", "2"]);
    scene.press("x");
    assert_eq!(shown(&scene), ["1"]);
    scene.press("x");
    assert_eq!(shown(&scene), ["1", "2"]);
}

#[test]
fn tab_goes_through_the_panes_there_are_and_back() {
    let panes = [Pane::Services, Pane::Tasks, Pane::Logs];
    let setup = Setup {
        panes: panes.into_iter().collect(),
        ..setup()
    };
    let mut scene = Scene::read(setup, vec![], vec![]);
    for pane in [Pane::Tasks, Pane::Logs, Pane::Services] {
        scene.press("tab");
        assert_eq!(scene.model.focus, pane);
    }
    scene.press("backtab");
    assert_eq!(scene.model.focus, Pane::Logs);
}

#[test]
fn a_command_is_found_by_its_name_its_alias_and_its_beginning() {
    for (typed, focus) in [
        ("s v c", Pane::Services),
        ("t a s k s", Pane::Tasks),
        ("q u e", Pane::Queues),
    ] {
        let mut scene = three();
        scene.press(&format!(": {typed} enter"));
        assert_eq!(scene.model.focus, focus, "{typed}");
        assert_eq!(scene.model.overlay, None);
    }
    let quit = three().press(": q enter");
    assert!(quit.contains(&Effect::Loop(LoopEffect::Quit)));
}

#[test]
fn tab_completes_a_command() {
    let mut scene = three();
    scene.press(": q u e tab");
    let Some(Overlay::Prompt(Purpose::Palette, prompt)) = &scene.model.overlay else {
        panic!("no palette")
    };
    assert_eq!(prompt.text(), "queues");
}

#[test]
fn an_unknown_command_is_kept_to_be_put_right_and_an_empty_one_is_none() {
    let mut scene = three();
    scene.press(": s c a l w enter");
    assert!(
        scene.notice().contains("did you mean scale"),
        "{}",
        scene.notice()
    );
    assert!(scene.model.overlay.is_some());
    scene.press("esc : enter");
    assert_eq!((scene.model.overlay.is_some(), scene.notice()), (false, ""));
}

#[test]
fn a_log_that_the_deck_does_not_name_is_told_with_those_it_does() {
    let deck = super::scene::with_deck("[[log]]\nname = \"audit\"\ngroup = \"/audit\"\n");
    let mut scene = Scene::read(deck, vec![], vec![]);
    scene.press(": l o g space n o p e enter");
    assert!(scene.notice().contains("audit"), "{}", scene.notice());
}

#[test]
fn help_lists_exactly_what_the_keymap_binds_here() {
    for (keys, scope) in [
        ("", crate::keys::Scope::Services),
        ("l ", crate::keys::Scope::Logs),
    ] {
        let mut scene = three();
        scene.press(&format!("{keys}?"));
        let Some(Overlay::Viewer(viewer)) = &scene.model.overlay else {
            panic!("no help")
        };
        let mut listed: Vec<(String, String)> = viewer
            .lines
            .iter()
            .filter(|line| !line.label.is_empty())
            .map(|line| (line.label.to_string(), line.text.to_string()))
            .collect();
        let help = scene.model.setup.keymap.help(scope);
        let mut bound: Vec<(String, String)> = help
            .iter()
            .map(|help| (help.keys.to_string(), help.info.help.to_owned()))
            .collect();
        listed.sort();
        bound.sort();
        assert_eq!(listed, bound);
        for action in Action::ALL {
            let keys = scene.model.setup.keymap.keys(*action, scope);
            let help = action.info().help;
            let told = bound.iter().any(|(_, text)| text == help);
            assert_eq!(told, !keys.is_empty(), "{}", action.info().name);
        }
    }
}

#[test]
fn the_help_of_a_read_only_console_lists_no_writes() {
    let mut setup = setup();
    setup.read_only = true;
    let mut scene = Scene::read(setup, vec![service("web")], vec![]);
    scene.press("?");
    let Some(Overlay::Viewer(viewer)) = &scene.model.overlay else {
        panic!("no help")
    };
    for action in Action::ALL {
        let info = action.info();
        let told = viewer.lines.iter().any(|line| line.text == info.help);
        assert!(!(told && info.write), "{}", info.name);
    }
    assert!(viewer.lines.len() > 20);
}

#[test]
fn a_notice_goes_by_itself_and_a_bad_one_with_the_next_key() {
    let mut scene = three();
    scene.press("r");
    assert_eq!(scene.notice(), "asking AWS");
    scene.pass(7 * SECOND);
    assert_eq!(scene.notice(), "");
}

#[test]
fn raw_shows_no_secret_that_was_given_to_a_run() {
    let mut job = task("job", "1");
    job.owner = crate::domain::Owner::Family(crate::text::Clean::new("job"));
    job.overrides = vec![crate::domain::EnvironmentOverride {
        container: crate::text::Clean::new("app"),
        name: crate::text::Clean::new("DB_PASSWORD"),
        value: crate::text::Clean::new("hunter2"),
    }];
    let mut scene = Scene::read(setup(), vec![], vec![job]);
    for keys in ["y", "esc enter y", "esc d"] {
        scene.press(keys);
        let Some(Overlay::Viewer(viewer)) = &scene.model.overlay else {
            panic!("{keys} shows nothing")
        };
        let texts = || viewer.lines.iter().map(|line| line.text.as_str());
        assert!(texts().any(|text| text.contains("masked")), "{keys}");
        assert!(!texts().any(|text| text.contains("hunter2")), "{keys}");
    }
}

#[test]
fn rows_are_sorted_by_the_column_that_somebody_names_until_they_are_sorted_no_more() {
    let mut broken = service("b");
    broken.running = 0;
    let mut scene = Scene::read(setup(), vec![service("a"), broken, service("c")], vec![]);
    assert_eq!(scene.names(), ["b", "a", "c"]);
    scene.press(": s o r t space n a m e enter");
    assert_eq!(scene.names(), ["a", "b", "c"]);
    scene.press(": s o r t space - n a m e enter");
    assert_eq!(scene.names(), ["c", "b", "a"]);
    scene.pass(30 * SECOND);
    assert_eq!(
        scene.names(),
        ["c", "b", "a"],
        "also when they are read again"
    );
    scene.press(": s o r t enter");
    assert_eq!(scene.names(), ["b", "a", "c"]);
}

#[test]
fn a_column_that_is_not_there_is_refused_with_those_that_are() {
    let mut scene = three();
    scene.press(": s o r t space c o l o u r enter");
    let notice = scene.notice();
    assert!(
        notice.contains("no column colour") && notice.contains("verdict, name"),
        "{notice}"
    );
    assert!(
        matches!(scene.model.overlay, Some(Overlay::Prompt(..))),
        "it can be put right"
    );
}

#[test]
fn every_list_tells_how_many_rows_its_filter_hides() {
    let mut scene = three();
    scene.press("/ n a m e : b enter");
    assert_eq!((scene.names(), scene.model.services.hidden), (vec!["b"], 2));
    scene.press("esc");
    assert_eq!(scene.model.services.hidden, 0);
}
