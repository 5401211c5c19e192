//! What the calls of EC2 have in common: dry runs and filters.

use crate::wire::{ApiError, Args};

/// `DryRun`: the call would have been carried out.
pub(super) fn dry_run(args: &Args) -> Result<(), ApiError> {
    if args.text("DryRun")? == Some("true") {
        return Err(ApiError::client(
            "DryRunOperation",
            "Request would have succeeded, but DryRun flag is set.",
        )
        .with_status(412));
    }
    Ok(())
}

/// A filter: its name, and the values of which one must match. `*` stands for any rest.
pub(super) struct Filter {
    pub(super) name: String,
    values: Vec<String>,
}

impl Filter {
    pub(super) fn all(args: &Args) -> Result<Vec<Self>, ApiError> {
        let mut filters = Vec::new();
        for filter in args.structures("Filter")? {
            filters.push(Filter {
                name: filter.text("Name")?.unwrap_or_default().to_owned(),
                values: filter
                    .texts("Value")?
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            });
        }
        Ok(filters)
    }

    pub(super) fn accepts(&self, value: &str) -> bool {
        self.values
            .iter()
            .any(|wanted| match wanted.strip_suffix('*') {
                Some(head) => value.starts_with(head),
                None => wanted == value,
            })
    }

    pub(super) fn unknown(&self) -> ApiError {
        ApiError::client(
            "InvalidParameterValue",
            format!("The filter '{}' is invalid", self.name),
        )
    }
}
