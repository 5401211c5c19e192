//! Where a simulated part of AWS is, and who calls.

/// Where this part of AWS is, and who calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Home {
    pub(crate) account: String,
    pub(crate) region: String,
    /// The ARN of the caller.
    pub(crate) caller: String,
}

impl Home {
    /// `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        format!(
            "arn:aws:{service}:{}:{}:{resource}",
            self.region, self.account
        )
    }

    /// The caller when a world names none.
    pub(crate) fn default_caller(account: &str) -> String {
        format!("arn:aws:sts::{account}:assumed-role/on-call/ecsdeck")
    }
}
