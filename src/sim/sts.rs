//! STS (awsQuery in, XML out): who the caller is.

use serde_json::json;

use crate::desk::Desk;
use crate::wire::{Action, Answer, Args, Run};

pub(crate) const ACTIONS: &[Action<Run<Sts>>] = &[Action {
    name: "GetCallerIdentity",
    members: &[],
    run: get_caller_identity,
}];

/// STS, which knows nothing but who calls.
#[derive(Debug)]
pub(crate) struct Sts {
    pub(crate) desk: Desk<()>,
}

impl Sts {
    pub(crate) fn new(desk: Desk<()>) -> Self {
        Sts { desk }
    }
}

fn get_caller_identity(sts: &mut Sts, _: &Args) -> Answer {
    let home = &sts.desk.home;
    let session = home.caller.rsplit('/').next().unwrap_or_default();
    Ok(json!({
        "Arn": home.caller,
        "UserId": format!("AROASIMULATEDROLEID0:{session}"),
        "Account": home.account,
    }))
}
