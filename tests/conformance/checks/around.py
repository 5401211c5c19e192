"""What surrounds the services: identities, secrets, parameters, images, names, instances."""

import expected
from bench import AIPM, DEPOT, EUGLENA, SHORT_DRAMA, check
from simulator import Clients
from witness import Witness

PLACES = (SHORT_DRAMA, AIPM, EUGLENA)


@check("sts:GetCallerIdentity")
def the_caller_is_told_who_it_is(bench):
    for place in PLACES:
        answer = bench.client("sts", place).get_caller_identity()
        assert answer["Account"] == place[0] and f":{place[0]}:" in answer["Arn"], f"{answer}"


@check("secretsmanager:DescribeSecret", "ecs:DescribeTaskDefinition")
def secrets_are_described_without_their_values(bench):
    arn = "arn:aws:secretsmanager:us-east-1:728378229251:secret:aipm/github-token"
    secrets = bench.client("secretsmanager", AIPM)
    for identity in (arn, "aipm/github-token"):
        assert secrets.describe_secret(SecretId=identity)["Name"] == "aipm/github-token"
    with bench.refused("ResourceNotFoundException", status=400):
        secrets.describe_secret(SecretId=arn + "-fine-grained")


@check("ssm:DescribeParameters")
def parameters_are_described_without_their_values(bench):
    found = 0
    for place in PLACES:
        ssm = bench.client("ssm", place)
        parameters = bench.pages(ssm.describe_parameters, "Parameters", "NextToken", MaxResults=10)
        found += len(parameters)
        for parameter in parameters:
            where = [{"Key": "Name", "Option": "Equals", "Values": [parameter["Name"]]}]
            assert len(ssm.describe_parameters(ParameterFilters=where)["Parameters"]) == 1
        with bench.refused("InvalidNextToken"):
            ssm.describe_parameters(NextToken="of another query")
    assert found, "no world has a parameter"


@check("ecr:DescribeRepositories", "ecr:DescribeImages")
def repositories_and_images_are_described(bench):
    found = 0
    for place in PLACES:
        ecr = bench.client("ecr", place)
        for repository in bench.pages(ecr.describe_repositories, "repositories", maxResults=1):
            name = repository["repositoryName"]
            images = bench.pages(ecr.describe_images, "imageDetails", repositoryName=name, maxResults=1)
            found += len(images)
            for image in images:
                for tag in image.get("imageTags", []):
                    same = ecr.describe_images(repositoryName=name, imageIds=[{"imageTag": tag}])["imageDetails"]
                    assert [i["imageDigest"] for i in same] == [image["imageDigest"]]
            with bench.refused("ImageNotFoundException", status=400):
                ecr.describe_images(repositoryName=name, imageIds=[{"imageTag": "no-such-tag"}])
        with bench.refused("RepositoryNotFoundException", status=400):
            ecr.describe_repositories(repositoryNames=["no-such-repository"])
        with bench.refused("RepositoryNotFoundException", status=400):
            ecr.describe_images(repositoryName="no-such-repository")
    assert found, "no world has an image"


@check("servicediscovery:ListNamespaces", "servicediscovery:ListServices", "servicediscovery:ListInstances", "servicediscovery:DiscoverInstances")
def names_resolve_to_instances(bench):
    for protocol in expected.PROTOCOLS["servicediscovery"]:
        made = Clients(bench.simulator, Witness(bench.ledger), {"servicediscovery": protocol})
        discover(bench, made.of("servicediscovery", *EUGLENA))


def discover(bench, discovery):
    assert bench.pages(discovery.list_namespaces, "Namespaces", "NextToken", MaxResults=1)
    services = bench.pages(discovery.list_services, "Services", "NextToken", MaxResults=1)
    assert "euglena-gateway" in {service["Name"] for service in services}, f"{services}"
    for service in services:
        bench.pages(discovery.list_instances, "Instances", "NextToken", ServiceId=service["Id"], MaxResults=1)
    answer = discovery.discover_instances(NamespaceName="euglena.local", ServiceName="euglena-gateway", HealthStatus="ALL")
    assert answer["Instances"], "nothing is registered as euglena-gateway"
    with bench.refused("ServiceNotFound"):
        discovery.list_instances(ServiceId="srv-no-such-service")
    with bench.refused("ServiceNotFound", "NamespaceNotFound"):
        discovery.discover_instances(NamespaceName="euglena.local", ServiceName="no-such-service")


@check("ec2:DescribeNetworkInterfaces", "ecs:ListTasks", "ecs:DescribeTasks")
def a_tasks_interface_tells_its_public_address(bench):
    ecs, ec2 = bench.client("ecs"), bench.client("ec2")
    arns = ecs.list_tasks(cluster="short-drama-cluster", serviceName="short-drama-backend")["taskArns"]
    identities = [
        detail["value"]
        for task in ecs.describe_tasks(cluster="short-drama-cluster", tasks=arns)["tasks"]
        for attachment in task["attachments"]
        for detail in attachment["details"]
        if detail["name"] == "networkInterfaceId"
    ]
    answer = ec2.describe_network_interfaces(NetworkInterfaceIds=identities)
    addresses = [interface.get("Association", {}).get("PublicIp") for interface in answer["NetworkInterfaces"]]
    assert len(addresses) == len(identities) and all(addresses), f"{addresses}"
    bench.pages(ec2.describe_network_interfaces, "NetworkInterfaces", "NextToken", MaxResults=5)
    with bench.refused("InvalidNetworkInterfaceID.NotFound", status=400):
        ec2.describe_network_interfaces(NetworkInterfaceIds=["eni-0123456789abcdef0"])


@check("ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "ec2:StartInstances", "ec2:StopInstances")
def an_instance_is_stopped_and_started(bench):
    ec2 = bench.client("ec2")
    found = ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": ["short-drama-gpu"]}])["Reservations"]
    identity = found[0]["Instances"][0]["InstanceId"]

    def state():
        ec2.describe_instance_status(InstanceIds=[identity], IncludeAllInstances=True)
        return ec2.describe_instances(InstanceIds=[identity])["Reservations"][0]["Instances"][0]["State"]["Name"]

    for change, between, after in ((ec2.stop_instances, "stopping", "stopped"), (ec2.start_instances, "pending", "running")):
        change(InstanceIds=[identity])
        states = []
        for _ in range(40):
            if state() not in states:
                states.append(state())
            bench.simulator.advance(5)
        assert states == [between, after], f"went through {states}"
    ec2.describe_instance_status()
    with bench.refused("InvalidInstanceID.NotFound", status=400):
        ec2.describe_instances(InstanceIds=["i-00000000000000000"])
    with bench.refused("InvalidInstanceID.Malformed", "InvalidInstanceID.NotFound", status=400):
        ec2.start_instances(InstanceIds=["gpu"])


@check("iam:SimulatePrincipalPolicy")
def what_a_role_may_do_is_simulated(bench):
    iam = bench.client("iam", AIPM)
    results = iam.simulate_principal_policy(
        PolicySourceArn="arn:aws:iam::728378229251:role/aipm-q-worker-role",
        ActionNames=["dynamodb:UpdateItem", "ecs:RunTask"],
        ResourceArns=["*"],
    )["EvaluationResults"]
    assert [result["EvalActionName"] for result in results] == ["dynamodb:UpdateItem", "ecs:RunTask"]
    assert [result["EvalDecision"] for result in results] == ["allowed", "allowed"]
    two = ["arn:aws:ecs:us-east-1:728378229251:cluster/one", "arn:aws:ecs:us-east-1:728378229251:cluster/two"]
    results = iam.simulate_principal_policy(
        PolicySourceArn="arn:aws:iam::728378229251:role/aipm-q-worker-role", ActionNames=["ecs:RunTask"], ResourceArns=two
    )["EvaluationResults"]
    assert len(results) == 1, f"one result for each action: {results}"
    each = results[0]["ResourceSpecificResults"]
    assert [(one["EvalResourceName"], one["EvalResourceDecision"]) for one in each] == [(arn, "allowed") for arn in two]
    iam, role = bench.client("iam", DEPOT), f"arn:aws:iam::{DEPOT[0]}:role/"
    results = iam.simulate_principal_policy(PolicySourceArn=role + "stage-role", ActionNames=["ecs:UpdateService", "ecs:RunTask"])
    decisions = [result["EvalDecision"] for result in results["EvaluationResults"]]
    assert decisions[0] in ("implicitDeny", "explicitDeny") and decisions[1] == "allowed", f"{decisions}"
    with bench.refused("NoSuchEntity", status=404):
        iam.simulate_principal_policy(PolicySourceArn=role + "stage-no-role", ActionNames=["ecs:RunTask"])
