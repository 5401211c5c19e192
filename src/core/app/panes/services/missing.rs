//! Rows of what the deck or a flag names and AWS does not have.

use crate::app::model::fleet::Fleet;
use crate::app::model::row_key::RowKey;
use crate::app::model::rows::ServiceRow;
use crate::app::model::serving::Serving;
use crate::app::model::setup::Setup;
use crate::diagnose::Verdict;
use crate::domain::Failure;
use crate::text::Clean;

/// What the deck or a flag names and AWS does not have.
pub(in crate::app) fn missing(fleet: &Fleet, setup: &Setup) -> Vec<ServiceRow> {
    let row = |key: RowKey, name: &Clean, cluster: Clean, summary: &'static str| ServiceRow {
        key,
        name: name.clone(),
        cluster,
        verdict: Verdict::Failed,
        running: 0,
        desired: None,
        pending: 0,
        summary: Clean::literal(summary),
        brief: Clean::literal(summary),
        serving: Serving::default(),
        story: None,
        waits: false,
        since: None,
        revision: Clean::default(),
    };
    let mut rows: Vec<ServiceRow> = fleet
        .missing_clusters
        .iter()
        .map(|failure| {
            let name = Clean::new(failure.arn.name());
            let key = RowKey::MissingCluster(name.clone());
            let mut row = row(
                key,
                &name,
                name.clone(),
                "this cluster does not exist in this account and region",
            );
            if failure.reason.as_str() != "MISSING" {
                row.summary = undescribed(failure);
            }
            row
        })
        .collect();
    let all_listed =
        !fleet.clusters.is_empty() && fleet.clusters.keys().all(|arn| fleet.listed.contains(arn));
    let named = setup
        .deck
        .iter()
        .flat_map(|deck| &deck.services)
        .filter(|_| all_listed);
    for service in named {
        let there = fleet.services.values().any(|known| {
            known.name.as_str() == service.name
                && service
                    .cluster
                    .as_ref()
                    .is_none_or(|cluster| known.cluster.name() == cluster)
        }) || fleet
            .failures
            .values()
            .any(|failure| failure.arn.name() == service.name);
        if !there {
            let name = Clean::new(&service.name);
            let cluster = Clean::new(service.cluster.as_deref().unwrap_or_default());
            rows.push(row(
                RowKey::MissingService(name.clone()),
                &name,
                cluster,
                "the deck names this service, and AWS does not have it",
            ));
        }
    }
    for failure in fleet
        .failures
        .values()
        .filter(|failure| failure.arn.resource().starts_with("service/"))
    {
        let name = Clean::new(failure.arn.name());
        let mut broken = row(
            RowKey::MissingService(name.clone()),
            &name,
            Clean::default(),
            "",
        );
        broken.summary = undescribed(failure);
        rows.push(broken);
    }
    rows
}

fn undescribed(failure: &Failure) -> Clean {
    Clean::own(format!("AWS could not describe it: {}", failure.reason))
}
