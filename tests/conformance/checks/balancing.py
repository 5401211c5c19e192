"""Load balancers, target health, Application Auto Scaling."""

from bench import DEPOT, EUGLENA, SHORT_DRAMA, check

PLACES = (SHORT_DRAMA, EUGLENA, DEPOT)
DIMENSION = "ecs:service:DesiredCount"


@check("elbv2:DescribeTargetGroups", "elbv2:DescribeLoadBalancers", "elbv2:DescribeTargetHealth")
def target_groups_load_balancers_and_target_health_are_described(bench):
    found = 0
    for place in PLACES:
        elb = bench.client("elbv2", place)
        groups = bench.pages(elb.describe_target_groups, "TargetGroups", "NextMarker", "Marker", PageSize=1)
        balancers = bench.pages(elb.describe_load_balancers, "LoadBalancers", "NextMarker", "Marker", PageSize=1)
        for balancer in balancers:
            elb.describe_target_groups(LoadBalancerArn=balancer["LoadBalancerArn"])
            elb.describe_load_balancers(Names=[balancer["LoadBalancerName"]])
        for group in groups:
            elb.describe_target_groups(Names=[group["TargetGroupName"]])
            found += len(elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"])
        arn = f"arn:aws:elasticloadbalancing:{place[1]}:{place[0]}:targetgroup/no-such/0123456789abcdef"
        with bench.refused("TargetGroupNotFound", status=400):
            elb.describe_target_health(TargetGroupArn=arn)
        with bench.refused("TargetGroupNotFound", status=400):
            elb.describe_target_groups(Names=["no-such"])
        with bench.refused("LoadBalancerNotFound", status=400):
            elb.describe_load_balancers(Names=["no-such"])
    assert found, "no world has a target"


@check(
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "application-autoscaling:DescribeScalingActivities",
)
def scalable_targets_policies_and_activities_are_described(bench):
    found = 0
    for place in PLACES:
        scaling = bench.client("application-autoscaling", place)
        targets = bench.pages(scaling.describe_scalable_targets, "ScalableTargets", "NextToken", ServiceNamespace="ecs", MaxResults=1)
        found += len(targets)
        for target in targets:
            where = {"ServiceNamespace": "ecs", "ResourceId": target["ResourceId"], "ScalableDimension": DIMENSION}
            bench.pages(scaling.describe_scaling_policies, "ScalingPolicies", "NextToken", **where)
            bench.pages(scaling.describe_scaling_activities, "ScalingActivities", "NextToken", **where, IncludeNotScaledActivities=True)
            scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[target["ResourceId"]], ScalableDimension=DIMENSION)
        scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=["service/no-such/service"])
        with bench.refused("InvalidNextTokenException"):
            scaling.describe_scalable_targets(ServiceNamespace="ecs", NextToken="of another query")
    assert found, "no world has a scalable target"


@check("application-autoscaling:RegisterScalableTarget", "application-autoscaling:DescribeScalableTargets")
def scaling_is_suspended_and_resumed_and_keeps_its_bounds(bench):
    scaling = bench.client("application-autoscaling")
    where = {"ServiceNamespace": "ecs", "ScalableDimension": DIMENSION, "ResourceId": "service/short-drama-cluster/short-drama-backend"}

    def state():
        found = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[where["ResourceId"]])["ScalableTargets"]
        return found[0]["MinCapacity"], found[0]["MaxCapacity"], found[0]["SuspendedState"]["DynamicScalingInSuspended"]

    scaling.register_scalable_target(**where, MinCapacity=1, MaxCapacity=10)
    for suspended in (True, False):
        flags = dict.fromkeys(("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended"), suspended)
        scaling.register_scalable_target(**where, SuspendedState=flags)
        assert state() == (1, 10, suspended), f"{state()}"
    with bench.refused("ValidationException"):
        scaling.register_scalable_target(**where, MinCapacity=5, MaxCapacity=2)
