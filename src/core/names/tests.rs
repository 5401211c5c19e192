//! Names and what they mean, on a small fleet.

use super::*;
use crate::domain::Arn;
use crate::text::Clean;

const ECS: &str = "arn:aws:ecs:us-east-1:123456789012";

const SERVICE: Takes = Takes {
    tiers: &[&[Kind::Service]],
    by_definition: false,
};
const TASK: Takes = Takes {
    tiers: &[&[Kind::Task]],
    by_definition: false,
};
const LOG: Takes = Takes {
    tiers: &[&[Kind::Service, Kind::Family, Kind::Log, Kind::Task]],
    by_definition: true,
};

fn thing(
    kind: Kind,
    cluster: &str,
    name: &str,
    arn: Option<String>,
    runs: Option<&str>,
) -> Thing<String> {
    Thing {
        kind,
        cluster: Clean::new(cluster),
        name: Clean::new(name),
        arn: arn.map(|arn| Arn::new(&arn)),
        runs: runs.map(Arn::new),
        is: format!("{} {cluster} {name}", kind.prefix()),
    }
}

fn service(cluster: &str, name: &str) -> Thing<String> {
    let arn = format!("{ECS}:service/{cluster}/{name}");
    let runs = format!("{ECS}:task-definition/{name}:4");
    thing(Kind::Service, cluster, name, Some(arn), Some(&runs))
}

fn task(id: &str) -> Thing<String> {
    let arn = format!("{ECS}:task/prod/{id}");
    thing(Kind::Task, "prod", id, Some(arn), None)
}

fn fleet() -> Vec<Thing<String>> {
    vec![
        service("prod", "web"),
        service("stage", "web"),
        service("prod", "api"),
        service("prod", "cafe"),
        thing(Kind::Family, "prod", "api", None, Some("api")),
        thing(Kind::Family, "prod", "job", None, Some("job")),
        task("cafe0123"),
        task("beef0123"),
        task("beef4567"),
        thing(Kind::Log, "", "/prod/lines", None, None),
        thing(Kind::Log, "", "wide-logs", None, None),
        thing(
            Kind::Cluster,
            "",
            "prod",
            Some(format!("{ECS}:cluster/prod")),
            None,
        ),
    ]
}

fn read(typed: &str, takes: Takes) -> Result<String, NameError> {
    let wish = Lookup {
        name: &Name::new(typed),
        takes,
        region: "us-east-1",
        account: Some("123456789012"),
    };
    find(wish, &fleet())
}

#[track_caller]
fn is(typed: &str, takes: Takes, expected: &str) {
    assert_eq!(read(typed, takes), Ok(expected.to_owned()), "{typed}");
}

#[track_caller]
fn is_refused(typed: &str, takes: Takes, words: &[&str]) {
    let error = read(typed, takes).unwrap_err().to_string();
    for word in words {
        assert!(error.contains(word), "no {word:?} in: {error}");
    }
}

#[test]
fn a_service_is_named_with_its_cluster_or_without_by_its_resource_name_or_by_its_kind() {
    for typed in [
        "prod/web",
        " prod/web ",
        "service:prod/web",
        "arn:aws:ecs:us-east-1:123456789012:service/prod/web",
    ] {
        is(typed, SERVICE, "service prod web");
        is(typed, LOG, "service prod web");
    }
    is("cafe", SERVICE, "service prod cafe");
    is("job", LOG, "family prod job");
}

#[test]
fn a_resource_name_of_before_2018_has_no_cluster() {
    is(
        "arn:aws:ecs:us-east-1:123456789012:service/cafe",
        SERVICE,
        "service prod cafe",
    );
}

#[test]
fn a_name_of_several_things_is_refused_with_names_that_each_name_one() {
    is_refused("web", SERVICE, &["prod/web", "stage/web", "Hint: "]);
    // A service and the tasks that somebody ran from its definition.
    is_refused("api", LOG, &["service:prod/api", "family:prod/api"]);
    is("service:prod/api", LOG, "service prod api");
    is("family:prod/api", LOG, "family prod api");
    is("api", SERVICE, "service prod api");
}

#[test]
fn four_characters_of_a_tasks_id_are_enough_where_one_task_alone_has_them() {
    is("beef0", TASK, "task prod beef0123");
    is_refused("beef", TASK, &["beef0123", "beef4567"]);
    is_refused("bee", TASK, &["at least 4 characters"]);
    is(
        "arn:aws:ecs:us-east-1:123456789012:task/prod/beef4567",
        LOG,
        "task prod beef4567",
    );
}

#[test]
fn a_service_that_is_called_like_the_beginning_of_an_id_is_not_taken_for_the_task() {
    is("cafe", LOG, "service prod cafe");
    is_refused("cafe", TASK, &["no task named cafe", "it is a service"]);
    is("task:cafe", TASK, "task prod cafe0123");
}

#[test]
fn a_log_group_has_its_slash_or_not_and_a_resource_name() {
    for typed in [
        "/prod/lines",
        "prod/lines",
        "log:/prod/lines",
        "arn:aws:logs:us-east-1:123456789012:log-group:/prod/lines:*",
        "arn:aws:logs:us-east-1:123456789012:log-group:/prod/lines",
    ] {
        is(typed, LOG, "log  /prod/lines");
    }
    is("wide-logs", LOG, "log  wide-logs");
    is("/wide-logs", LOG, "log  wide-logs");
}

#[test]
fn a_group_that_nobody_knows_may_be_there_all_the_same() {
    let groups = |typed: &str| {
        let groups = Name::new(typed).possible_groups();
        groups.iter().map(Clean::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        groups("my.app"),
        ["my.app", "/my.app", "/aws/lambda/my.app"]
    );
    assert_eq!(groups("/ecs/x"), ["/ecs/x", "ecs/x"]);
    for no_group in [
        "two words",
        "service:web",
        "web:4",
        "arn:aws:ecs:r:1:task/a/b",
        "",
    ] {
        assert!(groups(no_group).is_empty(), "{no_group}");
    }
}

#[test]
fn a_task_definition_names_who_runs_it() {
    for typed in [
        "cafe:4",
        "arn:aws:ecs:us-east-1:123456789012:task-definition/cafe:4",
    ] {
        is(typed, LOG, "service prod cafe");
    }
    is_refused("cafe:5", LOG, &["no service, task family", "cafe:5"]);
    // What changes something is not named by what it runs.
    is_refused("cafe:4", SERVICE, &["no service named cafe:4"]);
}

#[test]
fn a_near_miss_names_the_nearest_and_a_wrong_cluster_the_right_one() {
    is_refused(
        "caef",
        SERVICE,
        &["no service named caef", "did you mean cafe?"],
    );
    is_refused("stage/cafe", SERVICE, &["did you mean prod/cafe?"]);
    is_refused("feed", TASK, &["no task named feed", "ecsdeck tasks"]);
}

#[test]
fn what_cannot_be_named_in_a_place_is_said_to_be_what_it_is() {
    is_refused(
        "prod",
        SERVICE,
        &["no service named prod", "a cluster", "--cluster"],
    );
    is_refused("beef0123", SERVICE, &["it is a task", "ecsdeck tasks"]);
    is_refused(
        "arn:aws:ecs:us-east-1:123456789012:container-instance/prod/x",
        SERVICE,
        &["it is a ecs container-instance"],
    );
}

#[test]
fn a_resource_name_of_another_region_or_account_says_so() {
    is_refused(
        "arn:aws:ecs:eu-west-1:123456789012:service/prod/web",
        SERVICE,
        &["eu-west-1", "--region eu-west-1"],
    );
    is_refused(
        "arn:aws:ecs:us-east-1:999999999999:service/prod/web",
        LOG,
        &["account 999999999999", "credentials"],
    );
}

#[test]
fn a_list_shows_everything_that_a_name_fits() {
    let name = Name::new("web");
    let wish = Lookup {
        name: &name,
        takes: SERVICE,
        region: "us-east-1",
        account: None,
    };
    let fleet = fleet();
    let fit: Vec<&str> = fitting(wish, &fleet)
        .map(|thing| thing.is.as_str())
        .collect();
    assert_eq!(fit, ["service prod web", "service stage web"]);
}

#[test]
fn long_lists_are_cut_and_counted() {
    let names: Vec<String> = (0..40).map(|n| format!("name-{n:02}")).collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let said = unknown("queue", "x", &known).to_string();
    assert!(said.ends_with("name-11, and 28 more)"), "{said}");
}
