//! STS (awsQuery in, XML out): who the caller is.

use serde_json::json;

use crate::engine::Engine;
use crate::wire::{Action, Answer, Args};

/// The XML namespace of STS's replies.
pub(crate) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

pub(crate) const ACTIONS: &[Action] = &[Action {
    name: "GetCallerIdentity",
    members: &[],
    run: get_caller_identity,
}];

fn get_caller_identity(engine: &mut Engine, _: &Args) -> Answer {
    let home = &engine.home;
    let session = home.caller.rsplit('/').next().unwrap_or_default();
    Ok(json!({
        "Arn": home.caller,
        "UserId": format!("AROASIMULATEDROLEID0:{session}"),
        "Account": home.account,
    }))
}
