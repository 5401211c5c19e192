//! Queries of Logs Insights by keys: how one is written, what enter asks, and what can be done with its rows.

use std::time::Duration;

use super::super::*;
use super::scene::{Scene, setup, with_deck};
use crate::diagnose::sample::{NOW, service, task};
use crate::domain::{InsightsQuery, QueryProblem, QueryResults, QueryStatus};
use crate::text::Clean;

const GB: u64 = 1 << 30;
const DECK: &str = "[[log]]\nname = \"front\"\ngroup = \"/ecs/web\"\n\
    [[log.queries]]\nname = \"recent errors\"\nquery = \"\"\"\nfields @message\n| limit 5\"\"\"\n";

fn scene_of(setup: Setup) -> Scene {
    let mut scene = Scene::read(setup, vec![service("api")], vec![task("api", "a1")]);
    scene.aws.groups = vec!["/ecs/api", "/ecs/web"];
    scene.aws.stored = GB;
    scene.aws.found = vec![
        found(QueryStatus::Running, &[]),
        found(
            QueryStatus::Complete,
            &[("9", "late\nand more"), ("10", "early")],
        ),
    ];
    scene.press("l");
    scene
}

fn found(status: QueryStatus, rows: &[(&str, &str)]) -> Answer {
    let mut results = QueryResults {
        status,
        ..QueryResults::default()
    };
    for (n, message) in rows {
        results.push(vec![
            (Clean::new("n"), Clean::new(n)),
            (Clean::new("@message"), Clean::record(message)),
            (Clean::new("@ptr"), Clean::new("x")),
        ]);
    }
    Answer::QueryResults(Box::new(results))
}

/// Writes a query and lets AWS answer.
fn ask(scene: &mut Scene, typed: &str) {
    scene.press("i");
    scene.take(Msg::Pasted(typed.to_owned()));
    let effects = scene.press("enter");
    scene.answer(effects);
    scene.pass(Duration::from_secs(3));
}

fn sent(scene: &Scene) -> Vec<&InsightsQuery> {
    let effects = scene.effects.iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Worker(WorkerEffect::Read {
                query: Query::Insights(query),
                ..
            }) => Some(query),
            _ => None,
        })
        .collect()
}

fn insights(scene: &Scene) -> &Insights {
    scene.model.insights.as_ref().unwrap()
}

fn notice(scene: &Scene) -> String {
    let notice = scene.model.notice.as_ref();
    notice
        .map(|notice| notice.text.to_string())
        .unwrap_or_default()
}

#[test]
fn what_is_written_is_asked_of_the_log_that_is_shown_for_its_range() {
    let mut scene = scene_of(setup());
    ask(&mut scene, "fields n, @message | sort n");
    assert!(matches!(scene.model.overlay, Some(Overlay::Results)));
    let query = sent(&scene)[0];
    assert_eq!(query.groups, ["/ecs/api"]);
    let length = query.end.duration_since(query.start).as_secs();
    assert_eq!(length, 15 * 60, "as the pane is read");
    assert_eq!(insights(&scene).stage, QueryStage::Over);
    assert_eq!(insights(&scene).results.rows.len(), 2);
}

#[test]
fn a_range_before_the_query_counts_and_one_that_cannot_be_read_asks_nothing() {
    let mut scene = scene_of(setup());
    ask(&mut scene, "since=2h until=1h stats count(*)");
    let query = sent(&scene)[0];
    assert_eq!(query.text, "stats count(*)");
    assert!((7_190..=7_200).contains(&(NOW - query.start.as_second())));
    assert_eq!(query.end.duration_since(query.start).as_secs(), 3_600);
    scene.press("esc");
    ask(&mut scene, "since=often stats count(*)");
    assert!(
        notice(&scene).starts_with("since=often is no time: "),
        "{}",
        notice(&scene)
    );
    assert_eq!(sent(&scene).len(), 1);
    assert!(
        matches!(&scene.model.overlay, Some(Overlay::Prompt(Purpose::Query, prompt)) if prompt.text().contains("often")),
        "what was typed is still there"
    );
}

#[test]
fn the_decks_queries_are_offered_with_their_log_and_those_that_were_asked() {
    let mut scene = scene_of(with_deck(DECK));
    scene.press("i");
    let names = |scene: &Scene| -> Vec<String> {
        let offers = query_offers(&scene.model, "");
        offers.iter().map(|offer| offer.text.to_string()).collect()
    };
    assert_eq!(names(&scene), ["fields @message | limit 5"]);
    let effects = scene.press("enter");
    scene.answer(effects);
    scene.pass(Duration::from_secs(3));
    assert_eq!(
        sent(&scene)[0].groups,
        ["/ecs/web"],
        "the deck says which log"
    );
    scene.press("esc");
    ask(&mut scene, "stats count(*) by level");
    assert_eq!(
        names(&scene),
        ["fields @message | limit 5", "stats count(*) by level"]
    );
}

#[test]
fn enter_asks_what_stands_marked_else_what_was_typed() {
    let scene = scene_of(with_deck(DECK));
    let chosen = |typed: &str| {
        let offers = query_offers(&scene.model, typed);
        query_chosen(&scene.model, typed, &offers)
    };
    assert_eq!(chosen(""), Some(0));
    assert_eq!(chosen("recent er"), Some(0), "the beginning of a name");
    assert_eq!(
        chosen("fields @message"),
        None,
        "it is a query, and a part of another"
    );
    assert_eq!(chosen("since=1h rec"), Some(0));
    assert_eq!(chosen("nothing"), None);
}

#[test]
fn a_dear_query_waits_for_a_y_and_enter_alone_does_not_pay() {
    let mut scene = scene_of(setup());
    scene.aws.stored = 200_000 * GB;
    ask(&mut scene, "stats count(*)");
    assert_eq!(insights(&scene).stage, QueryStage::Asking);
    scene.press("enter");
    assert!(sent(&scene).is_empty(), "{}", notice(&scene));
    let effects = scene.press("y");
    scene.answer(effects);
    assert_eq!(sent(&scene).len(), 1);
    scene.press("esc");
    ask(&mut scene, "stats count(*)");
    scene.press("n");
    assert_eq!((sent(&scene).len(), scene.model.overlay.clone()), (1, None));
}

#[test]
fn rows_are_sorted_opened_copied_and_saved() {
    let mut scene = scene_of(setup());
    ask(&mut scene, "fields n, @message");
    scene.press(">");
    assert_eq!(insights(&scene).table.order, [0, 1], "9 is less than 10");
    scene.press("=");
    assert_eq!(insights(&scene).table.order, [1, 0]);
    assert_eq!(notice(&scene), "sorted by n, reversed");
    scene.press("j");
    scene.press("enter");
    let text = match &scene.model.overlay {
        Some(Overlay::Viewer(viewer)) => viewer.lines.iter().map(|line| line.text.to_string()),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        text.collect::<Vec<_>>(),
        ["9", "late", "and more"],
        "all its lines"
    );
    scene.press("esc");
    assert!(
        matches!(scene.model.overlay, Some(Overlay::Results)),
        "the rows are there again"
    );
    let copied = scene.press("c");
    let copied = copied.iter().find_map(|effect| match effect {
        Effect::Loop(LoopEffect::Copy(text)) => Some(text.to_string()),
        _ => None,
    });
    assert_eq!(copied.as_deref(), Some("9  late and more"));
    let saved = scene.press("ctrl-s");
    let saved = saved.iter().find_map(|effect| match effect {
        Effect::Worker(WorkerEffect::Save { text, .. }) => Some(text.lines().count()),
        _ => None,
    });
    assert_eq!(saved, Some(2));
}

#[test]
fn results_that_are_left_have_the_query_stopped() {
    let mut scene = scene_of(setup());
    scene.aws.found = vec![found(QueryStatus::Running, &[("1", "first")])];
    scene.press("i");
    scene.take(Msg::Pasted("fields n".to_owned()));
    // Its sizes are answered, the query itself is still under way.
    for effect in scene.key("enter", true) {
        if let Effect::Worker(WorkerEffect::Read { request, query }) = effect {
            scene.answer_one(request, &query);
        }
    }
    assert_eq!(insights(&scene).stage, QueryStage::Running);
    let left = scene.press("esc");
    assert!(left.contains(&Effect::Worker(WorkerEffect::Cancel(Slot::Insights))));
    assert_eq!(
        (&scene.model.insights, &scene.model.overlay),
        (&None, &None)
    );
}

#[test]
fn a_wrong_query_is_shown_with_its_place_and_comes_back_to_be_mended() {
    let mut scene = scene_of(setup());
    scene.aws.found = vec![Answer::QueryWrong(QueryProblem {
        message: Clean::new("unexpected symbol"),
        place: Some((9, 13)),
    })];
    ask(&mut scene, "fields n sotr");
    let lines: Vec<String> = result_lines(insights(&scene))
        .iter()
        .map(|line| line.text.to_string())
        .collect();
    assert_eq!(
        lines[1..],
        ["unexpected symbol", "  fields n sotr", "           ^^^^"]
    );
    scene.press("i");
    assert!(
        matches!(&scene.model.overlay, Some(Overlay::Prompt(Purpose::Query, prompt)) if prompt.text() == "fields n sotr")
    );
}

#[test]
fn the_palette_takes_a_query_from_everywhere() {
    let mut scene = scene_of(setup());
    scene.press("1");
    scene.press(":");
    scene.take(Msg::Pasted("query stats count(*)".to_owned()));
    let effects = scene.press("enter");
    scene.answer(effects);
    scene.pass(Duration::from_secs(3));
    assert_eq!(sent(&scene)[0].text, "stats count(*)");
    assert!(matches!(scene.model.overlay, Some(Overlay::Results)));
}
