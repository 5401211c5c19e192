//! `scale`: set a service's desired count.

use ecsdeck_core::act::scale;
use ecsdeck_core::app::{Model, Pane, RowKey};
use ecsdeck_core::domain::Service;

use super::Failed;
use super::act::{Act, decider, propose};
use super::ask::Asked;
use super::name::Name;
use crate::exit::Exit;
use crate::settings::Options;

/// What to scale.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Scale {
    /// The service, with or without its cluster: [CLUSTER/]SERVICE
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    /// The desired count
    #[arg(allow_negative_numbers = true)]
    count: String,
    #[command(flatten)]
    act: Act,
}

pub(super) async fn run(options: &Options, command: Scale) -> Result<Exit, Failed> {
    let mut asked = Asked::begin(options, &[Pane::Services]).await?;
    asked.until(Model::is_settled).await?;
    let model = asked.model();
    let service = find(model, &command.service)?;
    let intent = scale(decider(model)?, service, &command.count);
    propose(asked, intent, command.act).await
}

/// The one service of a name; a name that several clusters have needs the cluster before it.
fn find<'a>(model: &'a Model, name: &str) -> Result<&'a Service, Failed> {
    let wanted = Name::new(name);
    let fits = |service: &&Service| wanted.fits(&service.name, service.cluster.name());
    let found: Vec<&Service> = model.fleet.services.values().filter(fits).collect();
    match found.as_slice() {
        [service] => Ok(service),
        [] => {
            let names: Vec<&str> = model
                .service_rows()
                .iter()
                .filter(|row| matches!(row.key, RowKey::Service(_)))
                .map(|row| row.name.as_str())
                .collect();
            Err(Failed::Refused(crate::settings::unknown(
                "service", name, &names,
            )))
        }
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|service| format!("{}/{}", service.cluster.name(), service.name))
                .collect();
            Err(Failed::Refused(wanted.ambiguous(&names)))
        }
    }
}
