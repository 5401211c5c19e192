//! What a name resolves to.

use super::*;
use crate::service::Service;
use crate::trial::{Trial, web};

fn trial() -> Trial {
    Trial::new(&web(
        2,
        "[[discovery]]\nnamespace = 'trial.local'\nname = 'web'\nservice = 'web'\nstale = ['10.9.9.9']\n",
    ))
}

#[test]
fn a_name_resolves_to_the_running_tasks_and_to_what_is_stale() {
    let mut trial = trial();
    let input = json!({ "NamespaceName": "trial.local", "ServiceName": "web" });
    let answer = trial
        .ask(Service::CloudMap, "DiscoverInstances", input)
        .unwrap();
    let addresses: Vec<&str> = answer["Instances"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["Attributes"]["AWS_INSTANCE_IPV4"].as_str().unwrap())
        .collect();
    assert_eq!(addresses.len(), 3);
    assert!(addresses.contains(&"10.9.9.9"));
    let task = trial.tasks("RUNNING").remove(0);
    let id = task["taskArn"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    assert!(
        answer["Instances"]
            .as_array()
            .unwrap()
            .iter()
            .any(|i| i["InstanceId"] == id.as_str())
    );
}

#[test]
fn services_are_listed_by_namespace_and_instances_by_service() {
    let mut trial = trial();
    let namespaces = trial
        .ask(Service::CloudMap, "ListNamespaces", json!({}))
        .unwrap();
    let filter = json!({ "Filters": [{ "Name": "NAMESPACE_ID", "Values": [namespaces["Namespaces"][0]["Id"]] }] });
    let services = trial
        .ask(Service::CloudMap, "ListServices", filter)
        .unwrap();
    assert_eq!(services["Services"][0]["InstanceCount"], 3);
    let input = json!({ "ServiceId": services["Services"][0]["Id"] });
    let instances = trial
        .ask(Service::CloudMap, "ListInstances", input)
        .unwrap();
    assert_eq!(instances["Instances"].as_array().unwrap().len(), 3);
    let error = trial.ask(
        Service::CloudMap,
        "ListInstances",
        json!({ "ServiceId": "srv-x" }),
    );
    assert_eq!(error.unwrap_err().code, "ServiceNotFound");
}
