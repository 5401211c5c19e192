//! How parameters are found.

use super::*;
use crate::service::Service;
use crate::trial::Trial;

const PARAMETERS: &str = "
    [[parameter]]
    name = '/aistudio/dev/alb-dns-name'
    kind = 'String'
    [[parameter]]
    name = '/aistudio/dev/db/password'
    [[parameter]]
    name = '/other'
";

fn names(filter: Value) -> Vec<String> {
    let mut trial = Trial::new(PARAMETERS);
    let input = json!({ "ParameterFilters": [filter] });
    let answer = trial
        .ask(Service::Parameters, "DescribeParameters", input)
        .unwrap();
    let list = answer["Parameters"].as_array().unwrap();
    list.iter()
        .map(|p| p["Name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn parameters_are_found_by_name_path_and_type() {
    let found = names(json!({ "Key": "Name", "Values": ["/other", "/none"] }));
    assert_eq!(found, ["/other"]);
    let path = |option: &str| {
        names(json!({ "Key": "Path", "Option": option, "Values": ["/aistudio/dev"] })).len()
    };
    assert_eq!((path("Recursive"), path("OneLevel")), (2, 1));
    assert_eq!(
        names(json!({ "Key": "Type", "Values": ["String"] })).len(),
        1
    );
}

#[test]
fn values_are_not_offered() {
    assert!(ACTIONS.iter().all(|action| !action.name.starts_with("Get")));
}
