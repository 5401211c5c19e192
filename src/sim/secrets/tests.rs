//! How a secret is found.

use super::*;
use crate::service::Service;
use crate::trial::Trial;

const SECRETS: &str = "
    [[secret]]
    arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:app/key'
    [[secret]]
    arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:app/gone'
    exists = false
    [[task_definition]]
    family = 'f'
    revision = 1
    [[task_definition.container]]
    name = 'c'
    secrets = { A = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:app/named-AbCdEf:json::' }
";

#[test]
fn a_secret_is_found_by_name_and_by_whole_or_partial_arn() {
    let mut trial = Trial::new(SECRETS);
    let mut ask = |id: &str| {
        trial.ask(
            Service::Secrets,
            "DescribeSecret",
            json!({ "SecretId": id }),
        )
    };
    let prefix = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
    let whole = ask("app/key").unwrap()["ARN"].as_str().unwrap().to_owned();
    assert!(whole.starts_with(&format!("{prefix}app/key-")), "{whole}");
    assert_eq!(ask(&whole).unwrap()["Name"], "app/key");
    assert_eq!(
        ask(&format!("{prefix}app/named-AbCdEf")).unwrap()["Name"],
        "app/named-AbCdEf"
    );
    for missing in ["app/gone", "app/other", &format!("{prefix}app/gone")] {
        let error = ask(missing).unwrap_err();
        assert_eq!(
            error.message,
            "Secrets Manager can't find the specified secret."
        );
    }
}
