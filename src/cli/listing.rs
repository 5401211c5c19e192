//! Lists of services and of what belongs to them: which rows are wanted.

use ecsdeck_core::app::{Model, ServiceRow};

use super::partial::Partial;
use super::{Failed, Output};
use crate::settings::Options;

/// What to list.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Listing {
    /// Only this service or task family, with or without its cluster; every one that has the name
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    name: Option<String>,
    #[command(flatten)]
    pub(super) output: Output,
}

impl Listing {
    /// The rows that are wanted: all, or those that a name fits, be it given here or with `--service`.
    ///
    /// # Errors
    /// Where there is no such thing. Of an answer that is not whole nobody can say so: then there is no row.
    pub(super) fn rows<'a>(
        &self,
        model: &'a Model,
        options: &Options,
        partial: &Partial,
    ) -> Result<Vec<&'a ServiceRow>, Failed> {
        let rows = model.service_rows().iter();
        let Some(name) = self.name.as_ref().or(options.service.as_ref()) else {
            return Ok(rows.collect());
        };
        if model.service_rows().is_empty() {
            return Ok(Vec::new());
        }
        match model.rows_named(name) {
            Ok(keys) => Ok(rows.filter(|row| keys.contains(&row.key)).collect()),
            Err(_) if !partial.is_whole() => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }
}
