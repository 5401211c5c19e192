//! Filling in a form: what is asked, what is kept, what never leads on.

use super::super::*;
use super::scene::{Scene, setup, with_deck};
use crate::act::Order;
use crate::diagnose::sample::{service, task};
use crate::domain::{CommandOverride, EnvironmentOverride, Network, Owner, Service, Task};
use crate::text::Clean;

const RUN: &str = r#"
[[run]]
name = "worker"
task_definition = "job"
container = "app"
launch = "fargate-spot"
network = { subnets = ["subnet-021cb68f18ae60508"], public_ip = true }
env = [
  { name = "TASK_ID", default = "{uuid}", required = true, pattern = "[a-z0-9-]{1,64}" },
  { name = "TITLE", required = true, help = "what it is about" },
  { name = "BY", default = "{user} {date}" },
  { name = "BODY", multiline = true },
]
"#;

fn scene(setup: Setup) -> Scene {
    Scene::read(setup, vec![service("web")], vec![task("web", "w1")])
}

pub(super) fn form(scene: &Scene) -> &Form {
    match &scene.model.overlay {
        Some(Overlay::Form(form)) => form,
        other => panic!("no form: {other:?}; {}", scene.notice()),
    }
}

fn names(form: &Form) -> Vec<FieldName> {
    let fields = form.fields.iter();
    fields.map(|field| field.name.clone()).collect()
}

/// The field of a template's variable.
pub(super) fn variable(name: &str) -> FieldName {
    FieldName::Variable(name.to_owned())
}

pub(super) fn typed(scene: &mut Scene, text: &str) {
    for c in text.chars() {
        scene.key(&c.to_string().replace(' ', "space"), true);
    }
}

fn base(form: &Form) -> &RunBase {
    match &form.purpose {
        FormPurpose::Run(base) => base,
        other => panic!("{other:?}"),
    }
}

fn ordered(scene: &Scene) -> Result<Order, Wrong> {
    order(&scene.model, base(form(scene)), form(scene))
}

/// The form of the template.
fn template() -> Scene {
    let mut scene = scene(with_deck(RUN));
    scene.press("T");
    assert_eq!(form(&scene).get(&FieldName::Source), "template worker");
    scene.press("enter");
    scene
}

#[test]
fn a_template_makes_a_form_with_its_fields_and_defaults() {
    let scene = template();
    let form = form(&scene);
    assert_eq!(
        names(form),
        [
            variable("TASK_ID"),
            variable("TITLE"),
            variable("BY"),
            variable("BODY"),
            FieldName::Command,
            FieldName::Environment,
            FieldName::Count,
            FieldName::Capacity,
            FieldName::Revision,
            FieldName::Cpu,
            FieldName::Memory
        ]
    );
    assert_eq!(form.get(&variable("TASK_ID")).len(), 36);
    assert_eq!(form.get(&variable("BY")), "ann 1970-01-12");
    assert_eq!(
        (
            form.get(&FieldName::Capacity),
            form.get(&FieldName::Revision)
        ),
        ("FARGATE_SPOT", "latest")
    );
    assert!(form.fields[3].has_lines() && !form.fields[1].has_lines());
}

#[test]
fn what_is_missing_is_told_in_its_place_and_nothing_is_lost() {
    let mut scene = template();
    scene.press("ctrl-s");
    let wrong = form(&scene);
    assert_eq!(
        (wrong.at, wrong.fields[1].error.as_deref()),
        (1, Some("this is required"))
    );
    typed(&mut scene, "Fix it");
    assert_eq!(form(&scene).fields[1].error, None);
    assert_eq!(form(&scene).get(&variable("TITLE")), "Fix it");
    // Back to the first field, which must match.
    scene.press("backtab end space ctrl-s");
    assert_eq!(form(&scene).at, 0);
    assert!(
        form(&scene).fields[0]
            .error
            .as_ref()
            .unwrap()
            .contains("must match")
    );
}

#[test]
fn the_answers_make_an_order() {
    let mut scene = template();
    scene.press("tab");
    typed(&mut scene, "Fix it");
    scene.press("tab tab");
    scene.take(Msg::Pasted("one\ntwo".to_owned()));
    scene.press("tab");
    typed(&mut scene, "sh -c 'echo hi'");
    scene.press("tab");
    typed(&mut scene, "MORE=1");
    scene.press("tab backspace");
    typed(&mut scene, "12");
    scene.press("tab left tab ctrl-u");
    typed(&mut scene, "7");
    let order = ordered(&scene).unwrap();
    assert_eq!(
        (&*order.name, order.definition().as_str(), order.count),
        ("worker", "job:7", 12)
    );
    assert_eq!(order.launch, "FARGATE");
    assert_eq!(
        order.command,
        Some((
            Some(Clean::literal("app")),
            ["sh", "-c", "echo hi"].map(str::to_owned).to_vec()
        ))
    );
    let given: Vec<(&str, &str)> = order
        .variables
        .iter()
        .map(|given| (given.name.as_str(), given.value.as_str()))
        .filter(|(name, _)| *name != "TASK_ID" && *name != "BY")
        .collect();
    assert_eq!(
        given,
        [("TITLE", "Fix it"), ("BODY", "one\ntwo"), ("MORE", "1")]
    );
    assert!(order.network.unwrap().public_ip);
}

#[test]
fn counts_and_variables_that_make_no_sense_are_refused_in_their_fields() {
    for count in ["0", "100000", "x", ""] {
        let mut scene = template();
        scene.press("tab");
        typed(&mut scene, "t");
        for _ in 0..5 {
            scene.press("tab");
        }
        scene.press("ctrl-u");
        typed(&mut scene, count);
        scene.press("ctrl-s");
        let form = form(&scene);
        assert_eq!(form.field().unwrap().name, FieldName::Count, "{count}");
        assert!(form.field().unwrap().error.is_some() && form.get(&FieldName::Count) == count);
    }
    for (lines, why) in [
        ("A", "not NAME=VALUE: A"),
        ("TITLE=2", "TITLE has a field of its own"),
    ] {
        let mut scene = template();
        scene.press("tab");
        typed(&mut scene, "t");
        scene.press("tab tab tab tab");
        typed(&mut scene, lines);
        let wrong = ordered(&scene).unwrap_err();
        assert_eq!(wrong.field, FieldName::Environment);
        assert!(wrong.why.contains(why), "{}", wrong.why);
    }
}

#[test]
fn pasted_text_and_a_burst_of_keys_never_lead_on() {
    let mut scene = template();
    scene.press("tab");
    scene.take(Msg::Pasted("Fix\nit\n".to_owned()));
    assert_eq!(form(&scene).get(&variable("TITLE")), "Fix");
    assert!(
        form(&scene).fields[1].error.is_some(),
        "it says that there was more"
    );
    for key in ["x", "enter", "ctrl-s", "enter", "y"] {
        scene.key(key, false);
    }
    assert_eq!(
        (form(&scene).at, form(&scene).get(&variable("TITLE"))),
        (1, "Fixxy")
    );
}

#[test]
fn enter_is_a_new_line_where_there_may_be_several_and_else_the_next_field() {
    let mut scene = template();
    scene.press("enter t enter enter");
    assert_eq!(form(&scene).at, 3);
    scene.press("a enter b");
    assert_eq!(
        (form(&scene).at, form(&scene).get(&variable("BODY"))),
        (3, "a\nb")
    );
}

#[test]
fn a_form_that_was_left_is_as_it_was_when_it_is_opened_again() {
    let mut scene = template();
    let id = form(&scene).get(&variable("TASK_ID")).to_owned();
    scene.press("tab");
    typed(&mut scene, "Fix it");
    scene.press("esc");
    assert_eq!(scene.model.overlay, None);
    scene.press("T enter");
    assert_eq!(form(&scene).get(&variable("TITLE")), "Fix it");
    assert_eq!(form(&scene).get(&variable("TASK_ID")), id);
}

fn with_network(mut service: Service) -> Service {
    service.network = Some(Network {
        subnets: vec![Clean::literal("subnet-1")],
        security_groups: vec![Clean::literal("sg-1")],
        public_ip: false,
    });
    service
}

#[test]
fn a_task_like_a_service_has_its_network_its_revision_and_its_capacity() {
    let web = with_network(service("web"));
    let mut scene = Scene::read(setup(), vec![web], vec![]);
    scene.press("T");
    let form = form(&scene);
    assert_eq!(
        base(form).order.network.as_ref().unwrap().subnets,
        ["subnet-1"]
    );
    assert_eq!(form.get(&FieldName::Revision), "1");
    assert_eq!(ordered(&scene).unwrap().definition().as_str(), "web:1");
}

/// A task that somebody ran by hand, in a subnet, with variables and a command.
fn by_hand() -> Task {
    let mut job = task("web", "j1");
    job.owner = Owner::Family(Clean::literal("web"));
    job.subnet = Some(Clean::literal("subnet-9"));
    job.overrides = vec![
        EnvironmentOverride {
            container: Clean::literal("app"),
            name: Clean::literal("BODY"),
            value: Clean::multiline("one\ntwo"),
        },
        EnvironmentOverride {
            container: Clean::literal("app"),
            name: Clean::literal("API_TOKEN"),
            value: Clean::literal("hunter2"),
        },
    ];
    job.commands = vec![CommandOverride {
        container: Clean::literal("app"),
        command: vec![Clean::literal("echo"), Clean::literal("a b")],
    }];
    job
}

#[test]
fn a_task_like_an_earlier_one_has_its_variables_and_its_command_and_asks_for_what_aws_does_not_tell()
 {
    let mut scene = Scene::read(setup(), vec![], vec![by_hand()]);
    scene.press("enter T");
    let form = form(&scene);
    assert_eq!(
        (
            form.get(&FieldName::Override(0)),
            form.get(&FieldName::Command)
        ),
        ("one\ntwo", "echo 'a b'")
    );
    assert!(form.fields[1].secret && !form.fields[0].secret);
    assert_eq!(form.get(&FieldName::Subnets), "subnet-9");
    let order = ordered(&scene).unwrap();
    assert_eq!(order.variables[1].value, "hunter2");
    assert_eq!(order.command.unwrap().1, ["echo", "a b"]);
    assert_eq!(order.network.unwrap().subnets, ["subnet-9"]);
}

#[test]
fn with_nothing_to_run_from_and_read_only_it_says_why() {
    let mut nothing = Scene::read(setup(), vec![], vec![]);
    nothing.press("T");
    assert!(
        nothing.notice().contains("nothing to run a task from"),
        "{}",
        nothing.notice()
    );
    let mut read_only = scene(Setup {
        read_only: true,
        ..with_deck(RUN)
    });
    read_only.press("T");
    assert_eq!(read_only.notice(), "the console is read-only");
    assert_eq!(read_only.model.overlay, None);
}

#[test]
fn marks_stay_on_their_tasks_and_are_taken_away_with_escape() {
    let tasks = ["a", "b", "c"].map(|id| task("web", id)).to_vec();
    let mut scene = Scene::read(setup(), vec![service("web")], tasks);
    scene.press("enter space space");
    assert_eq!(scene.model.marked(), 2);
    let marked: Vec<_> = scene
        .model
        .task_rows()
        .iter()
        .filter(|row| scene.model.is_marked(&row.key))
        .map(|row| row.key.clone())
        .collect();
    // One of them goes, and its mark with it.
    scene.aws.tasks.retain(|task| task.arn != marked[0]);
    scene.pass(std::time::Duration::from_secs(120));
    assert_eq!(scene.model.marked(), 1);
    assert!(scene.model.is_marked(&marked[1]));
    scene.press("esc");
    assert_eq!((scene.model.marked(), scene.model.focus), (0, Pane::Tasks));
    scene.press("esc");
    assert_eq!(scene.model.focus, Pane::Services);
}

#[test]
fn a_revision_is_read_in_a_form_as_it_is_on_the_command_line() {
    let mut scene = template();
    let arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/job:2";
    let mut read = |text: &str| {
        if let Some(Overlay::Form(form)) = &mut scene.model.overlay {
            let name = |field: &Field| field.name == FieldName::Revision;
            let at = form.fields.iter().position(name).unwrap();
            form.fields[at] = Field::text(FieldName::Revision, "revision", text);
        }
        ordered(&scene)
    };
    for text in ["2", "job:2", arn] {
        assert_eq!(read(text).unwrap().revision, Some(2), "{text}");
    }
    for text in ["latest", "job"] {
        assert_eq!(read(text).unwrap().revision, None, "{text}");
    }
    for text in ["web:2", "0", &arn.replace("us-east-1", "eu-west-1")] {
        assert_eq!(read(text).unwrap_err().field, FieldName::Revision, "{text}");
    }
}
