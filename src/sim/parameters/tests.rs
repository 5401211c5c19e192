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
fn a_value_is_made_up_and_that_of_a_secret_is_never_decrypted() {
    let mut trial = Trial::new(PARAMETERS);
    let mut ask = |name: &str, decrypt: bool| {
        let input = json!({ "Name": name, "WithDecryption": decrypt });
        trial.ask(Service::Parameters, "GetParameter", input)
    };
    let plain = ask("/aistudio/dev/alb-dns-name", true).unwrap();
    let value = plain["Parameter"]["Value"].as_str().unwrap().to_owned();
    assert!(value.starts_with("simulated-"), "{value}");
    assert!(ask("/aistudio/dev/db/password", false).is_ok());
    let refused = ask("/aistudio/dev/db/password", true).unwrap_err();
    assert_eq!(refused.code, "AccessDeniedException");
    assert_eq!(ask("/none", false).unwrap_err().code, "ParameterNotFound");
}
