//! The services that are simulated: their names and their protocols.

use crate::wire::reply::Protocol;

/// The XML namespaces of replies.
const STS: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
const ELB: &str = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";
const IAM: &str = "https://iam.amazonaws.com/doc/2010-05-08/";
const EC2: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// A service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Service {
    Ecs,
    Logs,
    Sqs,
    Dynamo,
    Sts,
    CloudWatch,
    Elb,
    AutoScaling,
    Secrets,
    Parameters,
    Ecr,
    CloudMap,
    Ec2,
    Iam,
}

impl Service {
    pub(crate) const ALL: [Service; 14] = [
        Service::Ecs,
        Service::Logs,
        Service::Sqs,
        Service::Dynamo,
        Service::Sts,
        Service::CloudWatch,
        Service::Elb,
        Service::AutoScaling,
        Service::Secrets,
        Service::Parameters,
        Service::Ecr,
        Service::CloudMap,
        Service::Ec2,
        Service::Iam,
    ];

    /// Whether there is a service of that name.
    pub(crate) fn known(name: &str) -> bool {
        Service::ALL.iter().any(|service| service.name() == name)
    }

    /// What IAM calls it; the call log and fault rules use that name too.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Service::Ecs => "ecs",
            Service::Logs => "logs",
            Service::Sqs => "sqs",
            Service::Dynamo => "dynamodb",
            Service::Sts => "sts",
            Service::CloudWatch => "cloudwatch",
            Service::Elb => "elasticloadbalancing",
            Service::AutoScaling => "application-autoscaling",
            Service::Secrets => "secretsmanager",
            Service::Parameters => "ssm",
            Service::Ecr => "ecr",
            Service::CloudMap => "servicediscovery",
            Service::Ec2 => "ec2",
            Service::Iam => "iam",
        }
    }

    /// What its errors call their message.
    pub(crate) fn message_member(self) -> &'static str {
        match self {
            Service::AutoScaling | Service::CloudMap | Service::Parameters | Service::Secrets => {
                "Message"
            }
            _ => "message",
        }
    }

    /// The protocol that current clients speak with it.
    pub(crate) fn protocol(self) -> Protocol {
        match self {
            Service::Dynamo => Protocol::Json("1.0"),
            Service::Sqs => Protocol::JsonWithQueryCodes("com.amazonaws.sqs"),
            Service::Sts => Protocol::Query(STS),
            Service::Elb => Protocol::Query(ELB),
            Service::Iam => Protocol::Query(IAM),
            Service::Ec2 => Protocol::Ec2(EC2),
            Service::CloudWatch => Protocol::Cbor,
            Service::Ecs
            | Service::Logs
            | Service::AutoScaling
            | Service::Secrets
            | Service::Parameters
            | Service::Ecr
            | Service::CloudMap => Protocol::Json("1.1"),
        }
    }

    /// The service of the first half of an `X-Amz-Target`.
    pub(crate) fn of_target(target: &str) -> Option<Self> {
        match target {
            "AmazonEC2ContainerServiceV20141113" => Some(Service::Ecs),
            "Logs_20140328" => Some(Service::Logs),
            "AmazonSQS" => Some(Service::Sqs),
            "GraniteServiceVersion20100801" => Some(Service::CloudWatch),
            "DynamoDB_20120810" => Some(Service::Dynamo),
            "AnyScaleFrontendService" => Some(Service::AutoScaling),
            "secretsmanager" => Some(Service::Secrets),
            "AmazonSSM" => Some(Service::Parameters),
            "AmazonEC2ContainerRegistry_V20150921" => Some(Service::Ecr),
            "Route53AutoNaming_v20170314" => Some(Service::CloudMap),
            _ => None,
        }
    }

    /// The service of a query request, by the version of the API that it names.
    pub(crate) fn of_version(version: &str) -> Option<Self> {
        match version {
            "2011-06-15" => Some(Service::Sts),
            "2015-12-01" => Some(Service::Elb),
            "2016-11-15" => Some(Service::Ec2),
            "2010-05-08" => Some(Service::Iam),
            _ => None,
        }
    }
}
