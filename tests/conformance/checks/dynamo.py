"""DynamoDB: tables, queries, scans in pages, conditional writes."""

from bench import AIPM, check

TABLE = "task_store"


@check("dynamodb:ListTables", "dynamodb:DescribeTable")
def tables_are_listed_and_described(bench):
    for place in (("123456789012", "us-east-1"), AIPM):
        dynamo = bench.client("dynamodb", place)
        names = bench.pages(dynamo.list_tables, "TableNames", "LastEvaluatedTableName", "ExclusiveStartTableName", Limit=1)
        assert names, f"no table in {place}"
        for name in names:
            assert dynamo.describe_table(TableName=name)["Table"]["TableStatus"] == "ACTIVE"
    with bench.refused("ResourceNotFoundException", status=400):
        bench.client("dynamodb").describe_table(TableName="no-such-table")


@check("dynamodb:Scan", "dynamodb:GetItem", "dynamodb:BatchGetItem")
def a_table_is_scanned_in_pages(bench):
    dynamo = bench.client("dynamodb")
    items = bench.pages(dynamo.scan, "Items", "LastEvaluatedKey", "ExclusiveStartKey", TableName=TABLE, Limit=7, ReturnConsumedCapacity="TOTAL")
    assert len(items) > 7, f"{len(items)} rows"
    count = bench.client("dynamodb").scan(TableName=TABLE, Select="COUNT")["Count"]
    assert count == len(items), f"{count} counted, {len(items)} read"
    key = {"task_id": items[0]["task_id"]}
    assert dynamo.get_item(TableName=TABLE, Key=key, ReturnConsumedCapacity="TOTAL")["Item"] == items[0]
    keys = {TABLE: {"Keys": [{"task_id": item["task_id"]} for item in items[:5]]}}
    assert len(dynamo.batch_get_item(RequestItems=keys)["Responses"][TABLE]) == 5
    assert "Item" not in dynamo.get_item(TableName=TABLE, Key={"task_id": {"S": "no such row"}})


@check("dynamodb:Query")
def an_index_is_queried_by_status(bench):
    dynamo = bench.client("dynamodb")
    where = {"TableName": TABLE, "IndexName": "status-index", "ExpressionAttributeNames": {"#s": "status"}}
    for state in ("pending", "processing", "complete", "failed"):
        answer = dynamo.query(**where, KeyConditionExpression="#s = :s", ExpressionAttributeValues={":s": {"S": state}}, Limit=3)
        assert all(item["status"] == {"S": state} for item in answer["Items"])
    with bench.refused("ValidationException"):
        dynamo.query(**where, KeyConditionExpression="#s = :s", ExpressionAttributeValues={":s": {"S": "failed"}}, ConsistentRead=True)
    with bench.refused("ValidationException"):
        dynamo.scan(TableName=TABLE, FilterExpression="status = :s", ExpressionAttributeValues={":s": {"S": "failed"}})


@check("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
def a_condition_that_does_not_hold_stops_a_write(bench):
    dynamo = bench.client("dynamodb")
    row = {"task_id": {"S": "conformance-1"}, "status": {"S": "failed"}, "title": {"S": "Try again"}}
    dynamo.put_item(TableName=TABLE, Item=row, ReturnConsumedCapacity="TOTAL")
    write = {
        "TableName": TABLE,
        "Key": {"task_id": {"S": "conformance-1"}},
        "UpdateExpression": "SET #s = :new",
        "ConditionExpression": "#s = :old",
        "ExpressionAttributeNames": {"#s": "status"},
        "ExpressionAttributeValues": {":new": {"S": "pending"}, ":old": {"S": "failed"}},
        "ReturnValues": "ALL_NEW",
    }
    assert dynamo.update_item(**write)["Attributes"]["status"] == {"S": "pending"}
    with bench.refused("ConditionalCheckFailedException"):
        dynamo.update_item(**write)
    with bench.refused("ConditionalCheckFailedException"):
        dynamo.put_item(TableName=TABLE, Item=row, ConditionExpression="attribute_not_exists(task_id)")
    gone = dynamo.delete_item(TableName=TABLE, Key=write["Key"], ReturnValues="ALL_OLD", ReturnConsumedCapacity="TOTAL")
    assert gone["Attributes"]["status"] == {"S": "pending"}
    with bench.refused("ResourceNotFoundException"):
        dynamo.put_item(TableName="no-such-table", Item=row)
