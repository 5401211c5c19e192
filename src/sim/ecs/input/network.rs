//! How a service is reached and watched: Service Connect, VPC Lattice, gateways, metrics.
//!
//! source: botocore 1.44.5, `ecs/2014-11-13/service-2`; bounds that the model has in words alone
//! (its `documentation`) are here as numbers.

use super::shared::LOG_CONFIGURATION;
use crate::input::{
    FLAG, MOST, Shape, TEXT, WHOLE, list, list_of, may, members, need, one_of, text, whole,
};

const SERVICE_CONNECT_INCLUDE_QUERY_PARAMETERS: &[&str] = &["DISABLED", "ENABLED"];
const SERVICE_CONNECT_ACCESS_LOGGING_FORMAT: &[&str] = &["TEXT", "JSON"];
const ACCESS_TYPE: &[&str] = &["PUBLIC", "PRIVATE"];
const SERVICE_CONNECT_CONTAINER_LOG_LEVEL: &[&str] = &["debug", "info"];
const GATEWAY_CONNECTOR_HEALTH_CHECK_PROTOCOL: &[&str] = &["HTTP", "HTTPS"];

const SERVICE_CONNECT_TEST_TRAFFIC_HEADER_MATCH_RULES: Shape = members(&[need("exact", TEXT)]);

const SERVICE_CONNECT_TEST_TRAFFIC_HEADER_RULES: Shape = members(&[
    need("name", TEXT),
    may("value", SERVICE_CONNECT_TEST_TRAFFIC_HEADER_MATCH_RULES),
]);

const SERVICE_CONNECT_TEST_TRAFFIC_RULES: Shape =
    members(&[need("header", SERVICE_CONNECT_TEST_TRAFFIC_HEADER_RULES)]);

const SERVICE_CONNECT_CLIENT_ALIAS: Shape = members(&[
    need("port", whole(0, 65_535)),
    may("dnsName", text(0, 127)),
    may("testTrafficRules", SERVICE_CONNECT_TEST_TRAFFIC_RULES),
]);

const TIMEOUT_CONFIGURATION: Shape = members(&[
    may("idleTimeoutSeconds", whole(0, MOST)),
    may("perRequestTimeoutSeconds", whole(0, MOST)),
]);

const SERVICE_CONNECT_TLS_CERTIFICATE_AUTHORITY: Shape =
    members(&[may("awsPcaAuthorityArn", TEXT)]);

const SERVICE_CONNECT_TLS_CONFIGURATION: Shape = members(&[
    need(
        "issuerCertificateAuthority",
        SERVICE_CONNECT_TLS_CERTIFICATE_AUTHORITY,
    ),
    may("kmsKey", TEXT),
    may("roleArn", TEXT),
]);

const SERVICE_CONNECT_SERVICE: Shape = members(&[
    need("portName", TEXT),
    may("discoveryName", text(0, 64)),
    may(
        "clientAliases",
        list_of(&SERVICE_CONNECT_CLIENT_ALIAS, 0, 1),
    ),
    may("ingressPortOverride", whole(0, 65_535)),
    may("timeout", TIMEOUT_CONFIGURATION),
    may("tls", SERVICE_CONNECT_TLS_CONFIGURATION),
]);

const SERVICE_CONNECT_ACCESS_LOG_CONFIGURATION: Shape = members(&[
    need("format", one_of(SERVICE_CONNECT_ACCESS_LOGGING_FORMAT)),
    may(
        "includeQueryParameters",
        one_of(SERVICE_CONNECT_INCLUDE_QUERY_PARAMETERS),
    ),
]);

const SERVICE_CONNECT_CONTAINER_CONFIGURATION: Shape =
    members(&[may("logLevel", one_of(SERVICE_CONNECT_CONTAINER_LOG_LEVEL))]);

pub(super) const SERVICE_CONNECT_CONFIGURATION: Shape = members(&[
    need("enabled", FLAG),
    may("namespace", TEXT),
    may("services", list(&SERVICE_CONNECT_SERVICE)),
    may("logConfiguration", LOG_CONFIGURATION),
    may(
        "accessLogConfiguration",
        SERVICE_CONNECT_ACCESS_LOG_CONFIGURATION,
    ),
    may(
        "containerConfigurations",
        list_of(&SERVICE_CONNECT_CONTAINER_CONFIGURATION, 0, 10),
    ),
]);

const VPC_LATTICE_ADVANCED_CONFIGURATION: Shape = members(&[
    may("alternateTargetGroupArn", TEXT),
    may("productionListenerRule", TEXT),
    may("testListenerRule", TEXT),
]);

pub(super) const VPC_LATTICE_CONFIGURATION: Shape = members(&[
    need("roleArn", TEXT),
    need("targetGroupArn", TEXT),
    need("portName", TEXT),
    may("advancedConfiguration", VPC_LATTICE_ADVANCED_CONFIGURATION),
]);

const GATEWAY_CONNECTOR_HEALTH_CHECK_MATCHER: Shape =
    members(&[may("httpCode", TEXT), may("grpcCode", TEXT)]);

const GATEWAY_CONNECTOR_HEALTH_CHECK: Shape = members(&[
    may(
        "healthCheckProtocol",
        one_of(GATEWAY_CONNECTOR_HEALTH_CHECK_PROTOCOL),
    ),
    may("healthCheckPort", WHOLE),
    may("healthCheckPath", TEXT),
    may("healthCheckTimeoutSeconds", WHOLE),
    may("healthCheckIntervalSeconds", WHOLE),
    may("healthyThresholdCount", WHOLE),
    may("unhealthyThresholdCount", WHOLE),
    may("matcher", GATEWAY_CONNECTOR_HEALTH_CHECK_MATCHER),
]);

const GATEWAY_CONNECTOR_FILTERS: Shape =
    members(&[may("accessTypes", list_of(&one_of(ACCESS_TYPE), 0, 2))]);

const GATEWAY_CONNECTOR_DEREGISTRATION_DELAY: Shape =
    members(&[may("timeoutSeconds", whole(0, 3_600))]);

pub(super) const GATEWAY_CONNECTOR: Shape = members(&[
    need("portName", TEXT),
    may("healthCheck", GATEWAY_CONNECTOR_HEALTH_CHECK),
    may("filters", GATEWAY_CONNECTOR_FILTERS),
    may(
        "deregistrationDelay",
        GATEWAY_CONNECTOR_DEREGISTRATION_DELAY,
    ),
]);

const METRIC_CONFIGURATION: Shape = members(&[
    need("metricNames", list_of(&text(1, 255), 1, 5)),
    need("resolutionSeconds", whole(20, 60)),
]);

pub(super) const MONITORING_CONFIGURATION: Shape = members(&[may(
    "metricConfigurations",
    list_of(&METRIC_CONFIGURATION, 0, 5),
)]);
