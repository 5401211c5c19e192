//! The reading clients of one configuration.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_config::{Region, SdkConfig};
use ecsdeck_core::text::Clean;

use crate::meter::Meter;

/// One client a service, and one for logs in each other region that was asked for.
#[derive(Debug)]
pub(crate) struct Clients {
    config: SdkConfig,
    meter: Meter,
    pub(crate) ecs: aws_sdk_ecs::Client,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) dynamo: aws_sdk_dynamodb::Client,
    pub(crate) sts: aws_sdk_sts::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
    logs_elsewhere: Mutex<HashMap<Clean, aws_sdk_cloudwatchlogs::Client>>,
}

impl Clients {
    /// Builds the clients; nothing is sent.
    pub(crate) fn new(config: SdkConfig, meter: Meter) -> Self {
        let ecs = aws_sdk_ecs::config::Builder::from(&config).interceptor(meter.clone());
        let sqs = aws_sdk_sqs::config::Builder::from(&config).interceptor(meter.clone());
        let dynamo = aws_sdk_dynamodb::config::Builder::from(&config).interceptor(meter.clone());
        let sts = aws_sdk_sts::config::Builder::from(&config).interceptor(meter.clone());
        let logs =
            aws_sdk_cloudwatchlogs::config::Builder::from(&config).interceptor(meter.clone());
        Self {
            ecs: aws_sdk_ecs::Client::from_conf(ecs.build()),
            sqs: aws_sdk_sqs::Client::from_conf(sqs.build()),
            dynamo: aws_sdk_dynamodb::Client::from_conf(dynamo.build()),
            sts: aws_sdk_sts::Client::from_conf(sts.build()),
            logs: aws_sdk_cloudwatchlogs::Client::from_conf(logs.build()),
            logs_elsewhere: Mutex::default(),
            config,
            meter,
        }
    }

    /// What the clients were built from.
    pub(crate) fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The region that all calls go to, but for logs that lie elsewhere.
    pub(crate) fn region(&self) -> Option<&str> {
        self.config.region().map(AsRef::as_ref)
    }

    /// The client for logs in this region; ours where none is named.
    pub(crate) fn logs(&self, region: Option<&Clean>) -> aws_sdk_cloudwatchlogs::Client {
        let Some(region) = region.filter(|region| self.region() != Some(region.as_str())) else {
            return self.logs.clone();
        };
        let mut elsewhere = self
            .logs_elsewhere
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        elsewhere
            .entry(region.clone())
            .or_insert_with(|| {
                let config = aws_sdk_cloudwatchlogs::config::Builder::from(&self.config)
                    .interceptor(self.meter.clone())
                    .region(Region::new(region.as_str().to_owned()));
                aws_sdk_cloudwatchlogs::Client::from_conf(config.build())
            })
            .clone()
    }
}
