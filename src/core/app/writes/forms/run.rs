//! The form for running tasks.

use super::wrong::Wrong;
use crate::act::{MOST_TASKS, Order, OrderVariable};
use crate::app::model::Model;
use crate::app::model::field_name::FieldName;
use crate::app::model::form::{Field, Form, Pattern};
use crate::app::model::form_purpose::{FormPurpose, RunBase, RunSource};
use crate::app::writes::source::{fill, template};
use crate::deck::{Fill, Variable};
use crate::domain::Network;
use crate::text::masked;
use crate::text::{Clean, shell_quoted, shell_words};

/// What stands for the newest revision.
const LATEST: &str = "latest";

/// The form for what a task is run from.
pub(in crate::app) fn run_form(model: &Model, base: RunBase) -> Form {
    let fields = fields(model, &base);
    let title = Clean::own(format!(
        "run {} ({})",
        base.order.family,
        base.source.words()
    ));
    Form::new(FormPurpose::Run(Box::new(base)), title, fields)
}

fn fields(model: &Model, base: &RunBase) -> Vec<Field> {
    let mut fields = Vec::new();
    let order = &base.order;
    let run = match &base.source {
        RunSource::Template(name) => template(model.setup.deck.as_ref(), name),
        RunSource::Service(_) | RunSource::Task(_) | RunSource::Again(..) => None,
    };
    let several = base.containers.len() > 1;
    for (at, given) in order.variables.iter().enumerate() {
        let declared = run.and_then(|run| run.env.iter().find(|one| one.name == given.name));
        if let Some(variable) = declared {
            fields.push(variable_field(variable, &given.value));
            continue;
        }
        let label = match &given.container {
            Some(container) if several => format!("{container} {}", given.name),
            _ => given.name.clone(),
        };
        let mut field = Field::lines(FieldName::Override(at), &label, &given.value)
            .help("the value given to that task");
        field.secret = masked(&given.name, &given.value) != given.value;
        fields.push(field);
    }
    if !base.containers.is_empty() {
        if several {
            fields.push(
                Field::choice(
                    FieldName::Container,
                    "container",
                    base.containers.clone(),
                    0,
                )
                .help("which container the command and further variables are for"),
            );
        }
        let words = order.command.iter().flat_map(|(_, words)| words);
        let command: Vec<String> = words.map(|word| shell_quoted(word)).collect();
        fields.push(Field::text(FieldName::Command, "command", &command.join(" ")).help(
            "instead of the definition's own, as a shell would read it; empty: the definition's",
        ));
        fields.push(
            Field::lines(FieldName::Environment, "variables", "")
                .help("further variables, NAME=VALUE, one a line"),
        );
    }
    fields.push(
        Field::number(FieldName::Count, "count", Some(order.count), 1, MOST_TASKS).required(),
    );
    let (capacities, at) = capacities(&order.launch);
    fields.push(
        Field::choice(FieldName::Capacity, "launch", capacities, at).help("on what they run"),
    );
    let revision = order
        .revision
        .map_or(LATEST.to_owned(), |revision| revision.to_string());
    let field = Field::text(FieldName::Revision, "revision", &revision).required();
    let known: Vec<String> = base.known.iter().take(8).map(u32::to_string).collect();
    fields.push(field.help(&if known.is_empty() {
        "latest, or a number".to_owned()
    } else {
        format!("latest, or a number; on the screen: {}", known.join(", "))
    }));
    fields.push(
        Field::number(FieldName::Cpu, "CPU units", order.cpu, 128, 196_608)
            .help("1024 are one vCPU; empty: as the definition says"),
    );
    fields.push(
        Field::number(FieldName::Memory, "memory MiB", order.memory, 6, 4_194_304)
            .help("empty: as the definition says"),
    );
    if base.asks_network {
        fields.extend(network_fields(order.network.as_ref()));
    }
    fields
}

/// The field of a template's variable: the last value, unless it must be another one each time.
pub(in crate::app) fn template_field(model: &Model, run: &Clean, variable: &str) -> Option<Field> {
    let run = template(model.setup.deck.as_ref(), run)?;
    let variable = run.env.iter().find(|known| known.name == variable)?;
    let default = variable.default.as_deref();
    let default = default.filter(|default| !default.contains('{'));
    let mut fill: Fill = fill(model);
    Some(variable_field(
        variable,
        &fill.fill(default.unwrap_or_default()),
    ))
}

fn variable_field(variable: &Variable, text: &str) -> Field {
    let name = FieldName::Variable(variable.name.clone());
    let mut field = if variable.multiline {
        Field::lines(name, &variable.name, text)
    } else {
        Field::text(name, &variable.name, text)
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
            FieldName::Subnets,
            "subnets",
            &list(network.map(|network| network.subnets.as_slice())),
        )
        .required()
        .help("subnet ids, with blanks between them"),
        Field::text(
            FieldName::SecurityGroups,
            "security groups",
            &list(network.map(|network| network.security_groups.as_slice())),
        )
        .help("ids, with blanks between them; AWS does not say which ones an earlier task had"),
        Field::choice(
            FieldName::PublicIp,
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
pub fn order(model: &Model, base: &RunBase, form: &Form) -> Result<Order, Wrong> {
    let at = form.chosen(&FieldName::Container).unwrap_or(0);
    let container = base.containers.get(at).cloned();
    let mut variables = Vec::new();
    for field in &form.fields {
        let value = field.text_value();
        if let FieldName::Variable(name) = &field.name
            && !value.is_empty()
        {
            variables.push(OrderVariable::new(container.clone(), name, value));
        }
    }
    for (at, given) in base.order.variables.iter().enumerate() {
        let name = FieldName::Override(at);
        if form.fields.iter().any(|field| field.name == name) {
            let value = form.get(&name);
            variables.push(OrderVariable::new(
                given.container.clone(),
                &given.name,
                value,
            ));
        }
    }
    for (name, value) in further(form.get(&FieldName::Environment))? {
        let twice = |given: &OrderVariable| given.container == container && given.name == name;
        if variables.iter().any(twice) {
            return Err(Wrong::field(
                FieldName::Environment,
                format!("{name} has a field of its own, or stands here twice"),
            ));
        }
        variables.push(OrderVariable::new(container.clone(), &name, &value));
    }
    let words = shell_words(form.get(&FieldName::Command))
        .map_err(|why| Wrong::field(FieldName::Command, why))?;
    let revision = model
        .revision_of(&base.order.family, form.get(&FieldName::Revision))
        .map_err(|why| Wrong::field(FieldName::Revision, why.to_string()))?;
    Ok(Order {
        name: base.order.name.clone(),
        cluster: base.order.cluster.clone(),
        family: base.order.family.clone(),
        revision,
        container: container.clone(),
        launch: Clean::new(form.get(&FieldName::Capacity)),
        network: if base.asks_network {
            Some(network(form))
        } else {
            base.order.network.clone()
        },
        variables,
        command: (!words.is_empty()).then_some((container, words)),
        cpu: form.number(&FieldName::Cpu),
        memory: form.number(&FieldName::Memory),
        count: form.number(&FieldName::Count).unwrap_or(1),
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
                    FieldName::Environment,
                    format!("not NAME=VALUE: {}", Clean::new(&line)),
                ));
            }
            Ok((name.to_owned(), value.to_owned()))
        })
        .collect()
}

fn network(form: &Form) -> Network {
    let ids = |name: FieldName| {
        let words = form.get(&name).split([' ', ',']);
        words.filter(|id| !id.is_empty()).map(Clean::new).collect()
    };
    Network {
        subnets: ids(FieldName::Subnets),
        security_groups: ids(FieldName::SecurityGroups),
        public_ip: form.get(&FieldName::PublicIp) == "yes",
    }
}
