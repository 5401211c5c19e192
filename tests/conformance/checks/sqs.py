"""SQS: queues, their counts, their messages and the way back from a dead-letter queue."""

from bench import check

QUEUE, DEAD = "gpu_tasks_queue", "gpu_tasks_queue_dlq"


def url(bench, name):
    return bench.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]


def arn(bench, name):
    answer = bench.client("sqs").get_queue_attributes(QueueUrl=url(bench, name), AttributeNames=["QueueArn"])
    return answer["Attributes"]["QueueArn"]


@check("sqs:ListQueues", "sqs:GetQueueUrl", "sqs:GetQueueAttributes")
def queues_are_listed_and_tell_their_attributes(bench):
    sqs = bench.client("sqs")
    urls = bench.pages(sqs.list_queues, "QueueUrls", "NextToken", MaxResults=2)
    assert url(bench, QUEUE) in urls
    assert sqs.list_queues(QueueNamePrefix="cpu_")["QueueUrls"]
    sqs.list_queues(QueueNamePrefix="no-such-")
    for queue in urls:
        assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=queue), "attributes that nobody asked for"
        found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
        assert {"QueueArn", "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"} <= set(found)


@check("sqs:ListDeadLetterSourceQueues")
def a_dead_letter_queue_knows_its_sources(bench):
    sqs = bench.client("sqs")
    answer = sqs.list_dead_letter_source_queues(QueueUrl=url(bench, DEAD))
    assert [queue.rsplit("/", 1)[1] for queue in answer["queueUrls"]] == [QUEUE]
    sqs.list_dead_letter_source_queues(QueueUrl=url(bench, QUEUE))


@check("sqs:GetQueueUrl", "sqs:GetQueueAttributes")
def a_queue_that_is_not_there_is_refused_in_the_old_words_too(bench):
    sqs = bench.client("sqs")
    with bench.refused("AWS.SimpleQueueService.NonExistentQueue", status=400):
        sqs.get_queue_url(QueueName="no-such-queue")
    with bench.refused("AWS.SimpleQueueService.NonExistentQueue"):
        sqs.get_queue_attributes(QueueUrl=url(bench, QUEUE) + "-not", AttributeNames=["All"])
    with bench.refused("InvalidAttributeName"):
        bench.careless("sqs").get_queue_attributes(QueueUrl=url(bench, QUEUE), AttributeNames=["Colour"])


@check("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage")
def a_message_is_sent_received_and_deleted(bench):
    sqs, queue = bench.client("sqs"), url(bench, DEAD)
    sent = sqs.send_message(QueueUrl=queue, MessageBody="a poisoned message", MessageAttributes={"kind": {"DataType": "String", "StringValue": "test"}})
    received = []
    for _ in range(20):
        answer = sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=300, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
        )
        received += answer.get("Messages", [])
        if not answer.get("Messages"):
            break
    ours = [message for message in received if message["MessageId"] == sent["MessageId"]]
    assert ours and ours[0]["Body"] == "a poisoned message", f"{len(received)} received, ours not among them"
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=ours[0]["ReceiptHandle"], VisibilityTimeout=60)
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=ours[0]["ReceiptHandle"])
    with bench.refused("ReceiptHandleIsInvalid"):
        sqs.delete_message(QueueUrl=queue, ReceiptHandle="no such handle")
    # The others are visible again.
    bench.simulator.advance(301)


@check("sqs:StartMessageMoveTask", "sqs:ListMessageMoveTasks", "sqs:CancelMessageMoveTask", "sqs:SendMessage")
def dead_letters_are_moved_back_and_the_move_cancelled(bench):
    sqs, source = bench.client("sqs"), arn(bench, DEAD)
    for number in range(30):
        sqs.send_message(QueueUrl=url(bench, DEAD), MessageBody=f"message {number}")
    handle = sqs.start_message_move_task(SourceArn=source, MaxNumberOfMessagesPerSecond=1)["TaskHandle"]
    bench.simulator.advance(5)
    running = sqs.list_message_move_tasks(SourceArn=source, MaxResults=10)["Results"]
    assert running[0]["Status"] == "RUNNING" and running[0]["TaskHandle"] == handle, f"{running[0]}"
    with bench.refused("AWS.SimpleQueueService.UnsupportedOperation"):
        sqs.start_message_move_task(SourceArn=source)
    sqs.cancel_message_move_task(TaskHandle=handle)
    bench.simulator.advance(30)
    assert sqs.list_message_move_tasks(SourceArn=source)["Results"][0]["Status"] in ("CANCELLED", "CANCELLING")
    sqs.start_message_move_task(SourceArn=source, DestinationArn=arn(bench, QUEUE))
    bench.simulator.advance(60)
    done = sqs.list_message_move_tasks(SourceArn=source)["Results"][0]
    assert done["Status"] == "COMPLETED" and "TaskHandle" not in done, f"{done}"
    with bench.refused("ResourceNotFoundException"):
        sqs.start_message_move_task(SourceArn=source + "-not")
