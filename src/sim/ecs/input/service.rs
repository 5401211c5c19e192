//! CreateService, UpdateService and DeleteService.
//!
//! source: botocore 1.44.5, `ecs/2014-11-13/service-2`; bounds that the model has in words alone
//! (its `documentation`) are here as numbers.

use super::deployment::DEPLOYMENT_CONFIGURATION;
use super::network::{
    GATEWAY_CONNECTOR, MONITORING_CONFIGURATION, SERVICE_CONNECT_CONFIGURATION,
    VPC_LATTICE_CONFIGURATION,
};
use super::shared::{
    CAPACITY_PROVIDER_STRATEGY_ITEM, DEPLOYMENT_CONTROLLER, LAUNCH_TYPE, LOAD_BALANCER,
    NETWORK_CONFIGURATION, PLACEMENT_CONSTRAINT, PLACEMENT_STRATEGY, PROPAGATE_TAGS,
    SERVICE_REGISTRY, TAG,
};
use super::volume::SERVICE_VOLUME_CONFIGURATION;
use crate::input::{
    FLAG, MOST, Member, TEXT, VISIBLE, WHOLE, list, list_of, may, need, one_of, text, told, whole,
};

const AVAILABILITY_ZONE_REBALANCING: &[&str] = &["ENABLED", "DISABLED"];
const SCHEDULING_STRATEGY: &[&str] = &["REPLICA", "DAEMON"];

pub(super) const CREATE_SERVICE: &[Member] = &[
    may("cluster", TEXT),
    need("serviceName", TEXT),
    may("taskDefinition", TEXT),
    may(
        "availabilityZoneRebalancing",
        one_of(AVAILABILITY_ZONE_REBALANCING),
    ),
    may("loadBalancers", list(&LOAD_BALANCER)),
    may("serviceRegistries", list(&SERVICE_REGISTRY)),
    may("desiredCount", WHOLE),
    may("clientToken", text(0, 36).of(VISIBLE)),
    may("launchType", one_of(LAUNCH_TYPE)),
    may(
        "capacityProviderStrategy",
        list_of(&CAPACITY_PROVIDER_STRATEGY_ITEM, 0, 20),
    ),
    may("platformVersion", TEXT),
    may("role", TEXT),
    may("deploymentConfiguration", DEPLOYMENT_CONFIGURATION),
    may(
        "placementConstraints",
        list_of(&PLACEMENT_CONSTRAINT, 0, 10),
    ),
    may("placementStrategy", list_of(&PLACEMENT_STRATEGY, 0, 5)),
    may("networkConfiguration", NETWORK_CONFIGURATION),
    may("healthCheckGracePeriodSeconds", whole(0, MOST)),
    may("schedulingStrategy", one_of(SCHEDULING_STRATEGY)),
    may("deploymentController", DEPLOYMENT_CONTROLLER),
    may("tags", list_of(&TAG, 0, 50)),
    may("enableECSManagedTags", FLAG),
    may("propagateTags", one_of(PROPAGATE_TAGS)),
    may("enableExecuteCommand", FLAG),
    may("serviceConnectConfiguration", SERVICE_CONNECT_CONFIGURATION),
    may("volumeConfigurations", list(&SERVICE_VOLUME_CONFIGURATION)),
    may("vpcLatticeConfigurations", list(&VPC_LATTICE_CONFIGURATION)),
    may("gatewayConnectors", list_of(&GATEWAY_CONNECTOR, 0, 1)),
    may("monitoring", MONITORING_CONFIGURATION),
];

pub(super) const UPDATE_SERVICE: &[Member] = &[
    may("cluster", TEXT),
    told(
        "service",
        TEXT,
        "InvalidParameterException",
        "Service cannot be empty.",
    ),
    may("desiredCount", WHOLE),
    may("taskDefinition", TEXT),
    may(
        "capacityProviderStrategy",
        list_of(&CAPACITY_PROVIDER_STRATEGY_ITEM, 0, 20),
    ),
    may("deploymentConfiguration", DEPLOYMENT_CONFIGURATION),
    may(
        "availabilityZoneRebalancing",
        one_of(AVAILABILITY_ZONE_REBALANCING),
    ),
    may("networkConfiguration", NETWORK_CONFIGURATION),
    may(
        "placementConstraints",
        list_of(&PLACEMENT_CONSTRAINT, 0, 10),
    ),
    may("placementStrategy", list_of(&PLACEMENT_STRATEGY, 0, 5)),
    may("platformVersion", TEXT),
    may("forceNewDeployment", FLAG),
    may("healthCheckGracePeriodSeconds", whole(0, MOST)),
    may("deploymentController", DEPLOYMENT_CONTROLLER),
    may("enableExecuteCommand", FLAG),
    may("enableECSManagedTags", FLAG),
    may("loadBalancers", list(&LOAD_BALANCER)),
    may("propagateTags", one_of(PROPAGATE_TAGS)),
    may("serviceRegistries", list(&SERVICE_REGISTRY)),
    may("serviceConnectConfiguration", SERVICE_CONNECT_CONFIGURATION),
    may("volumeConfigurations", list(&SERVICE_VOLUME_CONFIGURATION)),
    may("vpcLatticeConfigurations", list(&VPC_LATTICE_CONFIGURATION)),
    may("gatewayConnectors", list_of(&GATEWAY_CONNECTOR, 0, 1)),
    may("monitoring", MONITORING_CONFIGURATION),
];

pub(super) const DELETE_SERVICE: &[Member] = &[
    may("cluster", TEXT),
    told(
        "service",
        TEXT,
        "InvalidParameterException",
        "Service cannot be empty.",
    ),
    may("force", FLAG),
];
