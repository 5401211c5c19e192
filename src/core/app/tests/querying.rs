//! Queries of Logs Insights: which groups they search, what is asked before, and how often one is started.

use std::time::Duration;

use super::super::*;
use super::scene::{Scene, setup, with_deck};
use crate::diagnose::sample::{NOW, service, task};
use crate::domain::{ErrorKind, InsightsQuery, QueryProblem, QueryResults, QueryStatus, Time};
use crate::text::Clean;

const GB: u64 = 1 << 30;

fn scene() -> Scene {
    let mut scene = Scene::read(setup(), vec![service("api")], vec![task("api", "a1")]);
    scene.aws.groups = vec!["/ecs/api", "/ecs/web"];
    scene.aws.stored = GB;
    scene.aws.found = vec![
        found(QueryStatus::Running, 0),
        found(QueryStatus::Complete, 2),
    ];
    scene
}

fn found(status: QueryStatus, rows: usize) -> Answer {
    let mut results = QueryResults {
        status,
        ..QueryResults::default()
    };
    for _ in 0..rows {
        results.push(vec![(Clean::new("level"), Clean::new("error"))]);
    }
    Answer::QueryResults(Box::new(results))
}

fn wish(target: LogTarget, hours: i64) -> QueryWish {
    QueryWish {
        name: None,
        text: "fields @message".to_owned(),
        target,
        since: Time::from_second(NOW - hours * 3_600).unwrap(),
        until: Time::from_second(NOW).unwrap(),
        limit: None,
    }
}

fn group(name: &str) -> LogTarget {
    LogTarget::Group(Clean::new(name))
}

/// Somebody asks, and AWS answers.
fn ask(scene: &mut Scene, wish: QueryWish) {
    let effects = scene.take(Msg::QueryAsked(wish));
    scene.answer(effects);
    scene.pass(Duration::from_secs(1));
}

fn stage(scene: &Scene) -> &QueryStage {
    &scene.model.insights.as_ref().unwrap().stage
}

/// The queries that were sent to AWS.
fn sent(scene: &Scene) -> Vec<&InsightsQuery> {
    let queries = scene.effects.iter().filter_map(|effect| match effect {
        Effect::Worker(WorkerEffect::Read {
            query: Query::Insights(query),
            ..
        }) => Some(query),
        _ => None,
    });
    queries.collect()
}

#[test]
fn a_small_query_is_started_once_and_ends_with_its_rows() {
    let mut scene = scene();
    ask(&mut scene, wish(group("/ecs/api"), 1));
    scene.pass(Duration::from_secs(300));
    let effects = scene.take(Msg::Resumed);
    scene.answer(effects);
    assert_eq!(stage(&scene), &QueryStage::Over);
    let insights = scene.model.insights.as_ref().unwrap();
    assert_eq!(
        (insights.results.rows.len(), insights.broken_off()),
        (2, None)
    );
    let queries = sent(&scene);
    assert_eq!(queries.len(), 1, "it costs money each time");
    assert_eq!(queries[0].groups, ["/ecs/api"]);
}

#[test]
fn a_query_of_a_service_searches_the_groups_that_its_containers_log_to() {
    let mut scene = scene();
    let api = scene.model.log_named("api").unwrap();
    ask(
        &mut scene,
        wish(LogTarget::Several(vec![api, group("/ecs/web")]), 1),
    );
    assert_eq!(sent(&scene)[0].groups, ["/ecs/api", "/ecs/web"]);
}

#[test]
fn the_decks_name_of_a_log_group_is_searched_as_its_group() {
    let deck = with_deck("[[log]]\nname = \"front\"\ngroup = \"/ecs/web\"\n");
    let mut scene = Scene::read(deck, vec![service("api")], vec![]);
    scene.aws.groups = vec!["/ecs/web"];
    ask(&mut scene, wish(group("front"), 1));
    assert_eq!(sent(&scene)[0].groups, ["/ecs/web"]);
}

#[test]
fn a_large_query_waits_for_a_yes() {
    let mut scene = scene();
    scene.aws.stored = 200 * GB;
    ask(&mut scene, wish(group("/ecs/api"), 24));
    assert_eq!(stage(&scene), &QueryStage::Asking);
    assert!(sent(&scene).is_empty());
    let expected = scene.model.insights.as_ref().unwrap().expected.unwrap();
    assert_eq!(expected.bytes.map(|bytes| bytes.div_ceil(GB)), Some(20));
    let effects = scene.take(Msg::QueryAgreed);
    scene.answer(effects);
    assert_eq!((stage(&scene), sent(&scene).len()), (&QueryStage::Over, 1));
}

#[test]
fn without_rights_to_see_sizes_a_short_range_is_searched_all_the_same() {
    let mut scene = scene();
    scene.aws.broken = vec![(Slot::LogGroupSizes, ErrorKind::Denied)];
    ask(&mut scene, wish(group("/ecs/api"), 1));
    assert_eq!(stage(&scene), &QueryStage::Over);
    ask(&mut scene, wish(group("/ecs/api"), 24));
    assert_eq!(stage(&scene), &QueryStage::Asking, "nobody knows the price");
}

#[test]
fn a_group_that_is_not_there_is_told_before_anything_is_started() {
    let mut scene = scene();
    ask(&mut scene, wish(group("/ecs/wbe"), 1));
    assert_eq!(stage(&scene), &QueryStage::NoGroup(Clean::new("/ecs/wbe")));
    assert!(sent(&scene).is_empty());
}

#[test]
fn what_aws_has_against_a_query_is_kept_and_it_is_not_sent_again() {
    let mut scene = scene();
    let problem = QueryProblem {
        message: Clean::new("unexpected symbol"),
        place: Some((3, 7)),
    };
    scene.aws.found = vec![Answer::QueryWrong(problem.clone())];
    ask(&mut scene, wish(group("/ecs/api"), 1));
    scene.pass(Duration::from_secs(300));
    assert_eq!(stage(&scene), &QueryStage::Wrong(problem));
    assert_eq!(sent(&scene).len(), 1);
}

#[test]
fn a_query_that_failed_is_not_started_again_by_itself() {
    let mut scene = scene();
    scene.aws.broken = vec![(Slot::Insights, ErrorKind::Throttled)];
    ask(&mut scene, wish(group("/ecs/api"), 1));
    scene.pass(Duration::from_secs(300));
    assert!(matches!(stage(&scene), QueryStage::Failed(_)));
    assert_eq!(sent(&scene).len(), 1);
}

#[test]
fn a_query_that_is_left_is_taken_back_from_the_worker() {
    let mut scene = scene();
    let started = scene.take(Msg::QueryAsked(wish(group("/ecs/api"), 1)));
    let (request, query) = match started.as_slice() {
        [Effect::Worker(WorkerEffect::Read { request, query })] => (*request, query.clone()),
        other => panic!("{other:?}"),
    };
    scene.answer_one(request, &query);
    assert_eq!(stage(&scene), &QueryStage::Running);
    let left = scene.take(Msg::QueryLeft);
    assert!(left.contains(&Effect::Worker(WorkerEffect::Cancel(Slot::Insights))));
    assert_eq!(scene.model.insights, None);
}

#[test]
fn a_query_that_ended_before_its_end_says_so() {
    let mut scene = scene();
    for status in [
        QueryStatus::Timeout,
        QueryStatus::Cancelled,
        QueryStatus::Failed,
    ] {
        scene.aws.found = vec![found(status, 1)];
        ask(&mut scene, wish(group("/ecs/api"), 1));
        let insights = scene.model.insights.as_ref().unwrap();
        assert!(insights.broken_off().is_some(), "{status:?}");
    }
}

#[test]
fn a_query_cannot_search_more_groups_than_one_call_takes() {
    let mut scene = scene();
    let many = (0..51).map(|n| group(&format!("/g/{n}"))).collect();
    ask(&mut scene, wish(LogTarget::Several(many), 1));
    assert!(matches!(stage(&scene), QueryStage::Impossible(_)));
}

const SAVED: &str = "[[log]]\nname = \"front\"\ngroup = \"/ecs/web\"\n\
    [[log.queries]]\nname = \"recent errors\"\nquery = \"\"\"\nfields @message\n| limit 5\"\"\"\n\
    [[log.queries]]\nname = \"slow\"\nquery = \"sort ms desc\"\n\
    [[log]]\nname = \"back\"\ngroup = \"/ecs/api\"\n\
    [[log.queries]]\nname = \"slow\"\nquery = \"sort took desc\"\n";

#[test]
fn the_decks_queries_are_found_by_their_names_with_their_logs() {
    let scene = Scene::new(with_deck(SAVED), vec![], vec![]);
    let typed = |text: &str| scene.model.query_typed(text);
    let errors = typed("recent errors").unwrap();
    assert_eq!(errors.text, "fields @message\n| limit 5");
    assert_eq!(errors.log, Some(group("front")));
    assert_eq!(typed("back/slow").unwrap().text, "sort took desc");
    let several = typed("slow").unwrap_err().to_string();
    assert!(several.contains("front/slow, back/slow"), "{several}");
}

#[test]
fn a_word_alone_is_a_name_and_several_are_a_query() {
    let scene = Scene::new(with_deck(SAVED), vec![], vec![]);
    let query = scene.model.query_typed(" stats count(*) ").unwrap();
    assert_eq!((query.text.as_str(), query.log), ("stats count(*)", None));
    let error = scene.model.query_typed("slwo").unwrap_err().to_string();
    assert!(
        error.contains("no query named slwo") && error.contains("slow"),
        "{error}"
    );
}
