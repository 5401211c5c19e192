//! The form for running tasks.

use super::super::acting::{Begun, Next};
use super::super::preparing::{Needs, Prepared, begin};
use super::run_source::{RunBase, RunSource, base, sources};
use super::{FormPurpose, Wrong, open};
use crate::act::{Given, Look, MOST_TASKS, Order, Wanted, run};
use crate::app::model::Model;
use crate::app::model::form::{Field, Form, Pattern};
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::deck::{Fill, Run, Variable};
use crate::domain::{Network, TaskDefinition};
use crate::text::masked;
use crate::text::{Clean, shell_quoted, shell_words};

/// What stands for the newest revision.
const LATEST: &str = "latest";

/// Begins to run tasks: asks from what, where there is something to choose from.
pub(in crate::app) fn begin_run(model: &mut Model) {
    if let Some(why) = model.writes_off() {
        return model.note(Tone::Bad, why);
    }
    let sources = sources(model);
    match sources.as_slice() {
        [] => model.note(
            Tone::Bad,
            Clean::literal("nothing to run a task from: no template in the deck, and no service or task is selected"),
        ),
        [source] => {
            if let Err(why) = open_source(model, &source.clone()) {
                model.note(Tone::Bad, why);
            }
        }
        _ => {
            let words = sources.iter().map(RunSource::words).collect();
            let from = Field::choice("from", "run", words, 0);
            let title = Clean::literal("run tasks: from what?");
            open(model, Form::new(FormPurpose::RunFrom(sources), title, vec![from]));
        }
    }
}

/// Goes on with what a task is to be run from.
pub(in crate::app) fn open_source(model: &mut Model, source: &RunSource) -> Result<(), Clean> {
    if let RunSource::Again(id, title) = source {
        begin(model, Begun::Resend(id.clone(), title.clone()));
        return Ok(());
    }
    open_run(model, source)
}

/// Opens the form for what a task is run from.
pub(in super::super) fn open_run(model: &mut Model, source: &RunSource) -> Result<(), Clean> {
    let base = base(model, source)?;
    let fields = fields(model, &base);
    let title = Clean::own(format!("run {} ({})", base.family, source.words()));
    open(
        model,
        Form::new(FormPurpose::Run(Box::new(base)), title, fields),
    );
    Ok(())
}

fn template<'a>(model: &'a Model, source: &RunSource) -> Option<&'a Run> {
    let RunSource::Template(name) = source else {
        return None;
    };
    let mut runs = model.setup.deck.iter().flat_map(|deck| &deck.runs);
    runs.find(|run| run.name == name.as_str())
}

fn fields(model: &Model, base: &RunBase) -> Vec<Field> {
    let mut fields = Vec::new();
    if let Some(run) = template(model, &base.source) {
        let mut fill = fill(model);
        fields.extend(
            run.env
                .iter()
                .map(|variable| variable_field(variable, &mut fill)),
        );
    }
    let several = base.containers.len() > 1;
    for (at, (container, name, value)) in base.variables.iter().enumerate() {
        let label = if several {
            format!("{container} {name}")
        } else {
            name.to_string()
        };
        let mut field = Field::lines(&format!("given:{at}"), &label, value)
            .help("as it was given to that task");
        field.secret = masked(name, value) != value.as_str();
        fields.push(field);
    }
    if !base.containers.is_empty() {
        if several {
            fields.push(
                Field::choice("container", "container", base.containers.clone(), 0)
                    .help("which container the command and further variables are for"),
            );
        }
        let command: Vec<String> = base.command.iter().map(|word| shell_quoted(word)).collect();
        fields.push(Field::text("command", "command", &command.join(" ")).help(
            "instead of the definition's own, as a shell would read it; empty: the definition's",
        ));
        fields.push(
            Field::lines("environment", "variables", "")
                .help("further variables, NAME=VALUE, one a line"),
        );
    }
    fields.push(Field::number("count", "count", Some(1), 1, MOST_TASKS).required());
    let (capacities, at) = capacities(&base.capacity);
    fields.push(Field::choice("capacity", "launch", capacities, at).help("on what they run"));
    let revision = base
        .revision
        .map_or(LATEST.to_owned(), |revision| revision.to_string());
    let mut field = Field::text("revision", "revision", &revision).required();
    field.pattern = Pattern::new("latest|[1-9][0-9]{0,8}");
    let known: Vec<String> = base.known.iter().take(8).map(u32::to_string).collect();
    fields.push(field.help(&if known.is_empty() {
        "latest, or a number".to_owned()
    } else {
        format!("latest, or a number; on the screen: {}", known.join(", "))
    }));
    let (cpu, memory) = base.size;
    fields.push(
        Field::number("cpu", "CPU units", cpu, 128, 196_608)
            .help("1024 are one vCPU; empty: as the definition says"),
    );
    fields.push(
        Field::number("memory", "memory MiB", memory, 6, 4_194_304)
            .help("empty: as the definition says"),
    );
    if base.asks_network {
        fields.extend(network_fields(base.network.as_ref()));
    }
    fields
}

/// The field of a template's variable, as it was filled in at another time: without what is another one each time.
pub(super) fn template_field(model: &Model, run: &Clean, variable: &str) -> Option<Field> {
    let run = template(model, &RunSource::Template(run.clone()))?;
    let mut variable = run.env.iter().find(|known| known.name == variable)?.clone();
    variable.default = variable.default.filter(|default| !default.contains('{'));
    Some(variable_field(&variable, &mut fill(model)))
}

fn fill(model: &Model) -> Fill {
    let user = model
        .identity
        .as_ref()
        .map_or("", |identity| identity.arn.name());
    Fill {
        now: model.stamp.now,
        entropy: model.stamp.entropy,
        user: Clean::new(user),
    }
}

fn variable_field(variable: &Variable, fill: &mut Fill) -> Field {
    let default = variable.default.as_deref().unwrap_or_default();
    let text = fill.fill(default);
    let name = format!("env:{}", variable.name);
    let mut field = if variable.multiline {
        Field::lines(&name, &variable.name, &text)
    } else {
        Field::text(&name, &variable.name, &text)
    };
    field.required = variable.required;
    field.pattern = variable.pattern.as_deref().and_then(Pattern::new);
    // The name alone: nobody has given a value yet.
    field.secret = masked(&variable.name, "") != *"";
    field.help(variable.help.as_deref().unwrap_or_default())
}

fn network_fields(network: Option<&Network>) -> [Field; 3] {
    let list = |ids: Option<&[Clean]>| ids.unwrap_or_default().join(" ");
    let public = network.is_some_and(|network| network.public_ip);
    [
        Field::text(
            "subnets",
            "subnets",
            &list(network.map(|network| network.subnets.as_slice())),
        )
        .required()
        .help("subnet ids, with blanks between them"),
        Field::text(
            "security_groups",
            "security groups",
            &list(network.map(|network| network.security_groups.as_slice())),
        )
        .help("ids, with blanks between them; AWS does not say which ones an earlier task had"),
        Field::choice(
            "public_ip",
            "public address",
            vec![Clean::literal("no"), Clean::literal("yes")],
            usize::from(public),
        )
        .help("without one, its subnet needs a NAT or endpoints to pull the image"),
    ]
}

/// What can be chosen, and which is proposed. A service's own providers stay together.
fn capacities(own: &Clean) -> (Vec<Clean>, usize) {
    let mut all: Vec<Clean> = ["FARGATE", "FARGATE_SPOT", "EC2"]
        .map(Clean::literal)
        .into();
    match all.iter().position(|known| known == own) {
        Some(at) => (all, at),
        None => {
            // Of a strategy of several providers the first is proposed.
            let first = own.split('+').next().unwrap_or_default();
            if let Some(at) = all.iter().position(|known| known == first) {
                return (all, at);
            }
            all.insert(0, Clean::new(first));
            (all, 0)
        }
    }
}

/// What a filled-in form says.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn order(base: &RunBase, form: &Form) -> Result<Order, Wrong> {
    let at = form.chosen("container").unwrap_or(0);
    let container = base.containers.get(at).cloned();
    let mut variables = Vec::new();
    for field in &form.fields {
        let value = field.text_value();
        if let Some(name) = field.name.strip_prefix("env:")
            && !value.is_empty()
        {
            variables.push(Given::new(container.clone(), name, value));
        }
    }
    for (at, (container, name, _)) in base.variables.iter().enumerate() {
        let value = form.get(&format!("given:{at}"));
        variables.push(Given::new(Some(container.clone()), name, value));
    }
    for (name, value) in further(form.get("environment"))? {
        let twice = |given: &Given| given.container == container && given.name == name;
        if variables.iter().any(twice) {
            return Err(Wrong::field(
                "environment",
                format!("{name} has a field of its own, or stands here twice"),
            ));
        }
        variables.push(Given::new(container.clone(), &name, &value));
    }
    let words = shell_words(form.get("command")).map_err(|why| Wrong::field("command", why))?;
    Ok(Order {
        name: match &base.source {
            RunSource::Template(name) => name.clone(),
            RunSource::Service(_) | RunSource::Task(_) | RunSource::Again(..) => {
                base.family.clone()
            }
        },
        cluster: base.cluster.clone(),
        family: base.family.clone(),
        // What is no number is the newest.
        revision: form.get("revision").parse().ok(),
        container: container.clone(),
        launch: Clean::new(form.get("capacity")),
        network: if base.asks_network {
            Some(network(form))
        } else {
            base.network.clone()
        },
        variables,
        command: (!words.is_empty()).then_some((container, words)),
        cpu: form.number("cpu"),
        memory: form.number("memory"),
        count: form.number("count").unwrap_or(1),
    })
}

/// `NAME=VALUE`, one a line.
fn further(text: &str) -> Result<Vec<(String, String)>, Wrong> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let (name, value) = line.split_once('=').unwrap_or(("", ""));
            let name = name.trim();
            let plain = |c: char| !c.is_whitespace() && !c.is_control();
            if name.is_empty() || !name.chars().all(plain) {
                let line: String = line.chars().take(40).collect();
                return Err(Wrong::field(
                    "environment",
                    format!("not NAME=VALUE: {}", Clean::new(&line)),
                ));
            }
            Ok((name.to_owned(), value.to_owned()))
        })
        .collect()
}

fn network(form: &Form) -> Network {
    let ids = |name: &str| {
        let words = form.get(name).split([' ', ',']);
        words.filter(|id| !id.is_empty()).map(Clean::new).collect()
    };
    Network {
        subnets: ids("subnets"),
        security_groups: ids("security_groups"),
        public_ip: form.get("public_ip") == "yes",
    }
}

/// What comes next of the form that is open: its revision is read, then it is proposed.
pub(in super::super) fn run_next(model: &Model, read: Option<&Prepared>) -> Result<Next, Wrong> {
    let Some(Overlay::Form(form)) = &model.overlay else {
        return Err(Wrong::all("the form is gone"));
    };
    let FormPurpose::Run(base) = &form.purpose else {
        return Err(Wrong::all("the form is another one"));
    };
    let order = order(base, form)?;
    let wanted = order.definition();
    let Some(read) = read else {
        if let Some(Err(error)) = model
            .preparing
            .as_ref()
            .and_then(|preparing| preparing.read.as_ref())
        {
            return Err(Wrong::field(
                "revision",
                format!("it could not be read: {error}"),
            ));
        }
        return Ok(Next::Wait(Needs {
            looks: vec![Look::Definition(wanted)],
            ..Needs::default()
        }));
    };
    let definition = read.seen.definitions.get(&wanted).and_then(Option::as_ref);
    let Some(definition) = definition else {
        return Err(Wrong::field(
            "revision",
            format!("there is no {}", wanted.name()),
        ));
    };
    let decider = model
        .decider()
        .ok_or_else(|| Wrong::all("it is not known yet whose credentials these are"))?;
    let intent =
        run(decider, &tasks(&order, definition)?).map_err(|error| Wrong::all(error.to_string()))?;
    Ok(Next::Ask(Box::new(intent)))
}

/// The order, with what the definition says.
fn tasks(order: &Order, definition: &TaskDefinition) -> Result<Wanted, Wrong> {
    order.wanted(definition).map_err(|error| {
        let mut known = definition.containers.iter();
        let unknown = |name: &Clean| !known.any(|container| container.name == *name);
        let field = if order.container.as_ref().is_some_and(unknown) {
            "container"
        } else {
            ""
        };
        Wrong::field(field, error.to_string())
    })
}
