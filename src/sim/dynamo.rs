//! DynamoDB (awsJson 1.0, `DynamoDB_20120810`), by an embedded emulator in memory.
//!
//! Invariant: what the world's workers wrote until now is in the tables before a
//! call is answered. The tables are made when somebody first asks.

pub(crate) mod input;

use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::rows::{Attributes, Rows, Table};
use crate::wire::{Answer, ApiError};
use crate::world::RowValue;

/// What it carries out.
#[cfg(test)]
pub(crate) const ACTIONS: [&str; 9] = [
    "ListTables",
    "DescribeTable",
    "GetItem",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchGetItem",
    "Query",
    "Scan",
];

/// The tables of an account in a region.
#[derive(Default)]
pub(crate) struct Dynamo(Option<Database>);

impl std::fmt::Debug for Dynamo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Dynamo").field(&self.0.is_some()).finish()
    }
}

fn wrong(error: &DynoxideError) -> ApiError {
    let kind = error.error_type();
    let code = kind.rsplit('#').next().unwrap_or(kind);
    ApiError::client(code, error.to_string()).with_status(error.status_code())
}

/// Reads a request; the emulator marks its own validation errors by a prefix.
fn read<T: DeserializeOwned>(body: Value) -> Result<T, ApiError> {
    serde_json::from_value(body).map_err(|error| {
        let message = error.to_string();
        match message.strip_prefix("VALIDATION:") {
            Some(message) => ApiError::client("ValidationException", message),
            None => ApiError::serialization(message),
        }
    })
}

fn done<T: Serialize>(result: dynoxide::Result<T>) -> Answer {
    let response = result.map_err(|error| wrong(&error))?;
    serde_json::to_value(response).map_err(|error| {
        ApiError::client("InternalServerError", error.to_string()).with_status(500)
    })
}

fn value_json(value: &RowValue) -> Value {
    match value {
        RowValue::Text(text) => json!({ "S": text }),
        RowValue::Number(number) => json!({ "N": number.to_string() }),
        RowValue::Flag(flag) => json!({ "BOOL": flag }),
    }
}

impl Dynamo {
    /// Answers an action.
    pub(crate) fn call(&mut self, rows: &mut Rows, action: &str, body: Value) -> Answer {
        let database = self.open(rows)?;
        write_rows(database, rows)?;
        match action {
            "ListTables" => done(database.list_tables(read(body)?)),
            "DescribeTable" => {
                let mut answer = done(database.describe_table(read(body)?))?;
                date_table(&mut answer, rows);
                Ok(answer)
            }
            "GetItem" => done(database.get_item(read(body)?)),
            "PutItem" => done(database.put_item(read(body)?)),
            "UpdateItem" => done(database.update_item(read(body)?)),
            "DeleteItem" => done(database.delete_item(read(body)?)),
            "BatchGetItem" => done(database.batch_get_item(read(body)?)),
            "Query" => done(database.query(read(body)?)),
            "Scan" => done(database.scan(read(body)?)),
            other => Err(ApiError::unknown_operation(other)),
        }
    }

    fn open(&mut self, rows: &Rows) -> Result<&Database, ApiError> {
        if self.0.is_none() {
            let database = Database::memory().map_err(|error| wrong(&error))?;
            for table in rows.tables.values() {
                done(database.create_table(read(create_table(table))?))?;
            }
            self.0 = Some(database);
        }
        self.0
            .as_ref()
            .ok_or_else(|| ApiError::client("InternalServerError", "no database").with_status(500))
    }
}

fn create_table(table: &Table) -> Value {
    let spec = &table.spec;
    let key = |name: &str| json!([{ "AttributeName": name, "KeyType": "HASH" }]);
    let mut attributes = vec![spec.key.as_str()];
    attributes.extend(spec.index.iter().map(|index| index.key.as_str()));
    attributes.sort_unstable();
    attributes.dedup();
    let attributes: Vec<Value> = attributes
        .into_iter()
        .map(|name| json!({ "AttributeName": name, "AttributeType": "S" }))
        .collect();
    let indexes: Vec<Value> = spec
        .index
        .iter()
        .map(|index| {
            json!({
                "IndexName": index.name,
                "KeySchema": key(&index.key),
                "Projection": { "ProjectionType": "ALL" },
            })
        })
        .collect();
    let mut request = json!({
        "TableName": spec.name,
        "KeySchema": key(&spec.key),
        "AttributeDefinitions": attributes,
        "BillingMode": "PAY_PER_REQUEST",
    });
    if let (false, Some(request)) = (indexes.is_empty(), request.as_object_mut()) {
        request.insert("GlobalSecondaryIndexes".to_owned(), Value::Array(indexes));
    }
    request
}

/// The emulator dates tables by the wall clock; here they are as old as the world says.
fn date_table(answer: &mut Value, rows: &Rows) {
    let Some(table) = answer.get_mut("Table").and_then(Value::as_object_mut) else {
        return;
    };
    let name = table
        .get("TableName")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if let Some(ours) = rows.tables.get(name) {
        let arn = rows.desk.home.arn("dynamodb", &format!("table/{name}"));
        table.insert("CreationDateTime".to_owned(), ours.created.json_seconds());
        table.insert("TableArn".to_owned(), Value::String(arn));
    }
    // AWS sends it too, but no published model has it.
    table.remove("TableThroughputModeSummary");
}

/// Writes what workers have written since the last call.
fn write_rows(database: &Database, rows: &mut Rows) -> Result<(), ApiError> {
    for ((name, key), attributes) in std::mem::take(&mut rows.writes) {
        if let Some(table) = rows.tables.get(&name) {
            let update = update_item(table, &key, &attributes);
            done(database.update_item(read(update)?))?;
        }
    }
    for (name, key) in std::mem::take(&mut rows.deletes) {
        if let Some(table) = rows.tables.get(&name) {
            let key = json!({ &table.spec.key: { "S": key } });
            let delete = json!({ "TableName": name, "Key": key });
            done(database.delete_item(read(delete)?))?;
        }
    }
    Ok(())
}

fn update_item(table: &Table, key: &str, attributes: &Attributes) -> Value {
    let (mut names, mut values, mut sets) = (Map::new(), Map::new(), Vec::new());
    for (number, (name, value)) in attributes.iter().enumerate() {
        names.insert(format!("#a{number}"), Value::String(name.clone()));
        values.insert(format!(":v{number}"), value_json(value));
        sets.push(format!("#a{number} = :v{number}"));
    }
    json!({
        "TableName": table.spec.name,
        "Key": { &table.spec.key: { "S": key } },
        "UpdateExpression": format!("SET {}", sets.join(", ")),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    })
}
