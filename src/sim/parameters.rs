//! Systems Manager parameters: which there are. Values are made up, secrets never told.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::clock::HOUR;
use crate::desk::Desk;
use crate::random::{Random, name_key};
use crate::wire::{Action, Answer, ApiError, Args, Run, page};
use crate::world::{ParameterSpec, WorldSpec};

pub(crate) const ACTIONS: &[Action<Run<Parameters>>] = &[
    Action {
        name: "DescribeParameters",
        members: &[
            "Filters",
            "ParameterFilters",
            "MaxResults",
            "NextToken",
            "Shared",
        ],
        run: describe_parameters,
    },
    Action {
        name: "GetParameter",
        members: &["Name", "WithDecryption"],
        run: get_parameter,
    },
];

/// The parameters of an account in a region.
#[derive(Debug)]
pub(crate) struct Parameters {
    pub(crate) desk: Desk<()>,
    /// By name.
    parameters: BTreeMap<String, ParameterSpec>,
}

impl Parameters {
    /// Without any.
    pub(crate) fn new(desk: Desk<()>) -> Self {
        Parameters {
            desk,
            parameters: BTreeMap::new(),
        }
    }

    /// Takes in those of a world.
    pub(crate) fn furnish(&mut self, spec: &WorldSpec) {
        let named = spec.parameter.iter().map(|p| (p.name.clone(), p.clone()));
        self.parameters.extend(named);
    }
}

/// A condition on parameters.
struct Condition {
    key: String,
    option: String,
    values: Vec<String>,
}

impl Condition {
    fn of(args: &Args) -> Result<Self, ApiError> {
        let key = args.text("Key")?.unwrap_or_default().to_owned();
        if !matches!(
            key.as_str(),
            "Name" | "Type" | "KeyId" | "Path" | "Tier" | "DataType"
        ) {
            return Err(ApiError::client(
                "InvalidFilterKey",
                format!(
                    "The following filter key is not valid: {key}. Valid filter keys include: \
                         [DataType, KeyId, Name, Path, Tier, Type]."
                ),
            ));
        }
        let option = args.text("Option")?.unwrap_or("Equals").to_owned();
        if !matches!(
            option.as_str(),
            "Equals" | "BeginsWith" | "Contains" | "Recursive" | "OneLevel"
        ) {
            return Err(ApiError::client(
                "InvalidFilterOption",
                format!("The following filter option is not valid: {option}."),
            ));
        }
        let values = args
            .texts("Values")?
            .into_iter()
            .map(str::to_owned)
            .collect();
        Ok(Condition {
            key,
            option,
            values,
        })
    }

    fn holds(&self, parameter: &ParameterSpec) -> bool {
        let member = match self.key.as_str() {
            "Name" | "Path" => parameter.name.as_str(),
            "Type" => parameter.kind.as_str(),
            "Tier" => "Standard",
            "DataType" => "text",
            _ => "alias/aws/ssm",
        };
        self.values.iter().any(|value| match self.option.as_str() {
            "BeginsWith" => member.starts_with(value.as_str()),
            "Contains" => member.contains(value.as_str()),
            "Recursive" => below(member, value).is_some(),
            "OneLevel" => below(member, value).is_some_and(|rest| !rest.contains('/')),
            _ => member == value,
        })
    }
}

/// The rest of a name below a path.
fn below<'a>(name: &'a str, path: &str) -> Option<&'a str> {
    name.strip_prefix(path.trim_end_matches('/'))?
        .strip_prefix('/')
}

fn describe_parameters(ssm: &mut Parameters, args: &Args) -> Answer {
    let size = args.number("MaxResults")?.unwrap_or(50);
    if !(1..=50).contains(&size) {
        return Err(ApiError::validation(format!(
            "1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy \
             constraint: Member must have value less than or equal to 50"
        )));
    }
    let mut conditions = Vec::new();
    for filter in args
        .structures("ParameterFilters")?
        .iter()
        .chain(&args.structures("Filters")?)
    {
        conditions.push(Condition::of(filter)?);
    }
    let after = page::begin(args.text("NextToken")?)
        .map_err(|_| ApiError::client("InvalidNextToken", "The specified token isn't valid."))?;
    let matching = ssm.parameters.values().filter(|parameter| {
        parameter.name > after
            && conditions
                .iter()
                .all(|condition| condition.holds(parameter))
    });
    let cut = page::cut(
        matching.map(|parameter| (parameter.name.clone(), parameter)),
        usize::try_from(size).unwrap_or_default(),
    );
    let shown: Vec<Value> = cut
        .items
        .iter()
        .map(|parameter| show(ssm, parameter))
        .collect();
    let mut answer = json!({ "Parameters": shown });
    if let (Some(token), Some(answer)) = (cut.next, answer.as_object_mut()) {
        answer.insert("NextToken".to_owned(), json!(token));
    }
    Ok(answer)
}

/// A parameter with a value: one that is made up, for worlds have none. A SecureString is
/// told as AWS tells it to who does not ask for decryption, and is never decrypted.
fn get_parameter(ssm: &mut Parameters, args: &Args) -> Answer {
    let asked = args.text("Name")?.unwrap_or_default();
    if asked.is_empty() {
        return Err(ApiError::validation(
            "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member \
             must have length greater than or equal to 1",
        ));
    }
    let arn = asked.split_once(":parameter").map(|(_, path)| path);
    let name = arn.unwrap_or(asked);
    let found = ssm
        .parameters
        .get(name)
        .or_else(|| ssm.parameters.get(name.trim_start_matches('/')));
    let found = found.ok_or_else(|| {
        ApiError::client("ParameterNotFound", format!("Parameter {asked} not found."))
            .told_in("message")
    })?;
    let secret = found.kind == "SecureString";
    if secret && args.flag("WithDecryption")?.unwrap_or_default() {
        return Err(ApiError::client(
            "AccessDeniedException",
            "The ciphertext refers to a customer master key that does not exist, does not exist in \
             this region, or you are not allowed to access.",
        ));
    }
    let mut random = Random::of(ssm.desk.seed, "value", name_key(&found.name));
    let value = if secret {
        random.hex(64)
    } else {
        format!("simulated-{}", random.hex(8))
    };
    let told = show(ssm, found);
    let member = |name: &str| told.get(name).cloned().unwrap_or_default();
    Ok(json!({ "Parameter": {
        "Name": found.name,
        "Type": found.kind,
        "Value": value,
        "Version": member("Version"),
        "LastModifiedDate": member("LastModifiedDate"),
        "ARN": member("ARN"),
        "DataType": "text",
    }}))
}

fn show(ssm: &Parameters, parameter: &ParameterSpec) -> Value {
    let mut random = Random::of(ssm.desk.seed, "parameter", name_key(&parameter.name));
    let changed = ssm.desk.epoch.day() - random.between(1, 300) * 24 * HOUR;
    let path = parameter.name.trim_start_matches('/');
    let mut shown = json!({
        "Name": parameter.name,
        "ARN": ssm.desk.home.arn("ssm", &format!("parameter/{path}")),
        "Type": parameter.kind,
        "LastModifiedDate": changed.json_seconds(),
        "LastModifiedUser": ssm.desk.home.caller,
        "Version": random.between(1, 9),
        "Tier": "Standard",
        "Policies": [],
        "DataType": "text",
    });
    if let Some(shown) = shown.as_object_mut() {
        if parameter.kind == "SecureString" {
            shown.insert("KeyId".to_owned(), json!("alias/aws/ssm"));
        }
        if let Some(description) = &parameter.description {
            shown.insert("Description".to_owned(), json!(description));
        }
    }
    shown
}

#[cfg(test)]
mod tests;
