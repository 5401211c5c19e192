//! The reading clients of one configuration.
//!
//! Those that only a deciding question needs are made when it is asked: the start
//! does not pay for them.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use aws_config::{Region, SdkConfig};
use ecsdeck_core::text::Clean;

use crate::meter::Meter;

/// A client of one service of this configuration, metered and with bounded answers; of another region where one is given.
macro_rules! client {
    ($sdk:ident, $config:expr, $meter:expr $(, $region:expr)?) => {
        $sdk::Client::from_conf(
            $sdk::config::Builder::from($config)
                .interceptor($meter.clone())
                .interceptor($crate::bounds::Bounds)
                .interceptor($crate::punctual::Punctual)
                $(.region($region))?
                .build(),
        )
    };
}
pub(crate) use client;

/// One client a service, and one for each other region that was asked for where things may lie elsewhere.
#[derive(Debug)]
pub(crate) struct Clients {
    config: SdkConfig,
    meter: Meter,
    pub(crate) ecs: aws_sdk_ecs::Client,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) dynamo: aws_sdk_dynamodb::Client,
    pub(crate) sts: aws_sdk_sts::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
    logs_elsewhere: ByRegion<aws_sdk_cloudwatchlogs::Client>,
    autoscaling: OnceLock<aws_sdk_applicationautoscaling::Client>,
    cloudwatch: OnceLock<aws_sdk_cloudwatch::Client>,
    elb: OnceLock<aws_sdk_elasticloadbalancingv2::Client>,
    iam: OnceLock<aws_sdk_iam::Client>,
    ecr: ByRegion<aws_sdk_ecr::Client>,
    secrets: ByRegion<aws_sdk_secretsmanager::Client>,
    ssm: ByRegion<aws_sdk_ssm::Client>,
}

impl Clients {
    /// Builds the clients; nothing is sent.
    pub(crate) fn new(config: SdkConfig, meter: Meter) -> Self {
        Self {
            ecs: client!(aws_sdk_ecs, &config, meter),
            sqs: client!(aws_sdk_sqs, &config, meter),
            dynamo: client!(aws_sdk_dynamodb, &config, meter),
            sts: client!(aws_sdk_sts, &config, meter),
            logs: client!(aws_sdk_cloudwatchlogs, &config, meter),
            logs_elsewhere: ByRegion::default(),
            autoscaling: OnceLock::new(),
            cloudwatch: OnceLock::new(),
            elb: OnceLock::new(),
            iam: OnceLock::new(),
            ecr: ByRegion::default(),
            secrets: ByRegion::default(),
            ssm: ByRegion::default(),
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
        self.logs_elsewhere.client(region, || {
            client!(
                aws_sdk_cloudwatchlogs,
                &self.config,
                self.meter,
                self.region_or_ours(region)
            )
        })
    }

    /// The region of this name; ours where it is empty.
    fn region_or_ours(&self, region: &Clean) -> Option<Region> {
        if region.is_empty() {
            self.config.region().cloned()
        } else {
            Some(Region::new(region.as_str().to_owned()))
        }
    }

    pub(crate) fn autoscaling(&self) -> &aws_sdk_applicationautoscaling::Client {
        self.autoscaling
            .get_or_init(|| client!(aws_sdk_applicationautoscaling, &self.config, self.meter))
    }

    pub(crate) fn cloudwatch(&self) -> &aws_sdk_cloudwatch::Client {
        self.cloudwatch
            .get_or_init(|| client!(aws_sdk_cloudwatch, &self.config, self.meter))
    }

    pub(crate) fn elb(&self) -> &aws_sdk_elasticloadbalancingv2::Client {
        self.elb
            .get_or_init(|| client!(aws_sdk_elasticloadbalancingv2, &self.config, self.meter))
    }

    pub(crate) fn iam(&self) -> &aws_sdk_iam::Client {
        self.iam
            .get_or_init(|| client!(aws_sdk_iam, &self.config, self.meter))
    }

    /// The client for the registry in this region; ours where it is empty.
    pub(crate) fn ecr(&self, region: &Clean) -> aws_sdk_ecr::Client {
        self.ecr.client(region, || {
            client!(
                aws_sdk_ecr,
                &self.config,
                self.meter,
                self.region_or_ours(region)
            )
        })
    }

    /// The client for secrets in this region; ours where it is empty.
    pub(crate) fn secrets(&self, region: &Clean) -> aws_sdk_secretsmanager::Client {
        self.secrets.client(region, || {
            client!(
                aws_sdk_secretsmanager,
                &self.config,
                self.meter,
                self.region_or_ours(region)
            )
        })
    }

    /// The client for parameters in this region; ours where it is empty.
    pub(crate) fn ssm(&self, region: &Clean) -> aws_sdk_ssm::Client {
        self.ssm.client(region, || {
            client!(
                aws_sdk_ssm,
                &self.config,
                self.meter,
                self.region_or_ours(region)
            )
        })
    }
}

/// A client for each region that was asked for.
#[derive(Debug)]
struct ByRegion<C>(Mutex<HashMap<Clean, C>>);

impl<C> Default for ByRegion<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C: Clone> ByRegion<C> {
    fn client(&self, region: &Clean, make: impl FnOnce() -> C) -> C {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        made.entry(region.clone()).or_insert_with(make).clone()
    }
}
