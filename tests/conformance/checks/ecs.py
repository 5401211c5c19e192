"""ECS: everything that is only read."""

from bench import AIPM, DEPOT, EUGLENA, SHORT_DRAMA, check, chunks

PLACES = (SHORT_DRAMA, AIPM, EUGLENA, DEPOT)


def clusters(bench, place):
    return bench.pages(bench.client("ecs", place).list_clusters, "clusterArns", maxResults=1)


def services(bench, place, cluster):
    return bench.pages(bench.client("ecs", place).list_services, "serviceArns", cluster=cluster, maxResults=100)


def tasks(bench, place, cluster, **which):
    return bench.pages(bench.client("ecs", place).list_tasks, "taskArns", cluster=cluster, **which)


def every_cluster(bench):
    for place in PLACES:
        for cluster in clusters(bench, place):
            yield bench.client("ecs", place), place, cluster


@check("ecs:ListClusters", "ecs:DescribeClusters")
def clusters_are_listed_in_pages_and_described(bench):
    for place in PLACES:
        arns = clusters(bench, place)
        answer = bench.client("ecs", place).describe_clusters(
            clusters=[*arns, "no-such-cluster"], include=["ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "STATISTICS", "TAGS"]
        )
        assert {c["clusterArn"] for c in answer["clusters"]} == set(arns)
        assert [f["reason"] for f in answer["failures"]] == ["MISSING"]


@check("ecs:ListServices", "ecs:DescribeServices")
def services_are_listed_and_described_ten_at_a_time(bench):
    found = 0
    for ecs, place, cluster in every_cluster(bench):
        for batch in chunks(services(bench, place, cluster), 10):
            answer = ecs.describe_services(cluster=cluster, services=batch, include=["TAGS"])
            assert [s["serviceArn"] for s in answer["services"]] == batch and not answer["failures"]
            found += len(batch)
        answer = ecs.describe_services(cluster=cluster, services=["no-such-service"])
        assert [f["reason"] for f in answer["failures"]] == ["MISSING"]
        with bench.refused("InvalidParameterException", status=400):
            ecs.describe_services(cluster=cluster, services=[f"service-{number}" for number in range(11)])
    assert found >= 5, f"only {found} services in all worlds"


@check("ecs:ListTasks", "ecs:DescribeTasks")
def running_and_stopped_tasks_are_listed_and_described(bench):
    found = {"RUNNING": 0, "STOPPED": 0}
    for ecs, place, cluster in every_cluster(bench):
        for status in found:
            arns = tasks(bench, place, cluster, desiredStatus=status)
            for batch in chunks(arns, 100):
                answer = ecs.describe_tasks(cluster=cluster, tasks=batch, include=["TAGS"])
                assert {t["taskArn"] for t in answer["tasks"]} == set(batch)
                for task in answer["tasks"]:
                    assert (task["lastStatus"] == "STOPPED") <= ("stoppedReason" in task), f"{task['taskArn']} has no reason"
            found[status] += len(arns)
        gone = ecs.describe_tasks(cluster=cluster, tasks=["0" * 32])
        assert [f["reason"] for f in gone["failures"]] == ["MISSING"]
    assert all(found.values()), f"tasks by desired status: {found}"


@check("ecs:ListTasks", "ecs:DescribeServices")
def tasks_are_listed_by_service_family_launch_type_and_starter(bench):
    for ecs, place, cluster in every_cluster(bench):
        for arn in services(bench, place, cluster):
            service = ecs.describe_services(cluster=cluster, services=[arn])["services"][0]
            tasks(bench, place, cluster, serviceName=service["serviceName"])
            for deployment in service["deployments"]:
                tasks(bench, place, cluster, startedBy=deployment["id"])
            tasks(bench, place, cluster, family=service["taskDefinition"].split("/")[1].split(":")[0])
        for launch in ("FARGATE", "EC2"):
            tasks(bench, place, cluster, launchType=launch)
        with bench.refused("InvalidParameterException", "ClientException"):
            ecs.list_tasks(cluster=cluster, startedBy="someone", family="some-family")


@check("ecs:ListTaskDefinitions", "ecs:ListTaskDefinitionFamilies", "ecs:DescribeTaskDefinition")
def task_definitions_are_listed_in_pages_and_described(bench):
    for place in PLACES:
        ecs = bench.client("ecs", place)
        families = bench.pages(ecs.list_task_definition_families, "families", maxResults=2, status="ALL")
        arns = bench.pages(ecs.list_task_definitions, "taskDefinitionArns", maxResults=3, sort="DESC")
        bench.pages(ecs.list_task_definitions, "taskDefinitionArns", status="INACTIVE")
        for arn in arns:
            answer = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
            assert answer["taskDefinition"]["taskDefinitionArn"] == arn
        for family in families:
            ecs.list_task_definitions(familyPrefix=family)
        with bench.refused("ClientException", status=400):
            ecs.describe_task_definition(taskDefinition="no-such-family")


@check("ecs:ListServiceDeployments", "ecs:DescribeServiceDeployments", "ecs:DescribeServiceRevisions")
def service_deployments_and_revisions_are_listed_and_described(bench):
    found = 0
    for ecs, place, cluster in every_cluster(bench):
        for arn in services(bench, place, cluster):
            briefs = bench.pages(ecs.list_service_deployments, "serviceDeployments", service=arn, cluster=cluster, maxResults=1)
            for batch in chunks([brief["serviceDeploymentArn"] for brief in briefs], 20):
                for deployment in ecs.describe_service_deployments(serviceDeploymentArns=batch)["serviceDeployments"]:
                    found += 1
                    revisions = [deployment["targetServiceRevision"]["arn"]]
                    revisions += [source["arn"] for source in deployment.get("sourceServiceRevisions", [])]
                    answer = ecs.describe_service_revisions(serviceRevisionArns=revisions)
                    assert len(answer["serviceRevisions"]) == len(set(revisions)), f"{answer['failures']}"
            for status in ("IN_PROGRESS", "SUCCESSFUL"):
                ecs.list_service_deployments(service=arn, cluster=cluster, status=[status])
    assert found >= 5, f"only {found} service deployments in all worlds"


@check("ecs:ListContainerInstances", "ecs:DescribeContainerInstances")
def container_instances_are_listed_and_described(bench):
    found = 0
    for ecs, place, cluster in every_cluster(bench):
        arns = bench.pages(ecs.list_container_instances, "containerInstanceArns", cluster=cluster)
        for batch in chunks(arns, 100):
            answer = ecs.describe_container_instances(
                cluster=cluster, containerInstances=batch, include=["TAGS", "CONTAINER_INSTANCE_HEALTH"]
            )
            found += len(answer["containerInstances"])
        gone = ecs.describe_container_instances(cluster=cluster, containerInstances=["0" * 32])
        assert [f["reason"] for f in gone["failures"]] == ["MISSING"]
    assert found, "no world has a container instance"


@check("ecs:DescribeCapacityProviders")
def capacity_providers_are_described(bench):
    for place in PLACES:
        ecs = bench.client("ecs", place)
        names = {provider["name"] for provider in bench.pages(ecs.describe_capacity_providers, "capacityProviders", maxResults=1)}
        assert {"FARGATE", "FARGATE_SPOT"} <= names, f"only {names}"
        answer = ecs.describe_capacity_providers(capacityProviders=["FARGATE", "no-such-provider"], include=["TAGS"])
        assert len(answer["capacityProviders"]) == 1 and answer["failures"]


@check("ecs:GetTaskProtection")
def the_protection_of_a_services_tasks_is_told(bench):
    ecs = bench.client("ecs")
    arns = tasks(bench, SHORT_DRAMA, "short-drama-cluster", serviceName="short-drama-web")
    answer = ecs.get_task_protection(cluster="short-drama-cluster", tasks=arns)
    assert {t["taskArn"] for t in answer["protectedTasks"]} == set(arns)
    answer = ecs.get_task_protection(cluster="short-drama-cluster", tasks=["0" * 32])
    assert answer["failures"]
