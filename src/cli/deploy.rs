//! `deploy`: a new revision like the running one but for the image, and the service set to it.

use ecsdeck_core::act::deploy;

use super::act::{Act, decider, propose};
use super::{Failed, service};
use crate::exit::Exit;
use crate::settings::Options;

/// What to deploy.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Deploy {
    /// The service, with or without its cluster
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    /// The image; :TAG or @DIGEST alone keeps the repository. Once for each container
    #[arg(long, required = true, value_name = "[CONTAINER=]IMAGE")]
    image: Vec<String>,
    #[command(flatten)]
    act: Act,
}

pub(super) async fn run(options: &Options, command: Deploy) -> Result<Exit, Failed> {
    let (mut asked, service) = service::begin(options, &command.service).await?;
    let document = asked.document(service.task_definition.clone()).await?;
    let images: Vec<&str> = command.image.iter().map(String::as_str).collect();
    let intent = deploy(decider(asked.model())?, &service, &document, &images);
    propose(asked, intent, command.act).await
}
