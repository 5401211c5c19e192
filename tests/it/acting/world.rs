//! What exists where the actions are put to the proof: something for each of them to act on.

/// A service in each state that an action is for: steady, scaled by AWS, stuck, waiting at a hook.
pub(crate) const WORLD: &str = r#"
[world]
name = "stage"
account = "123456789012"
region = "us-east-1"
warm_up = "10m"
[[cluster]]
name = "main"
[[repository]]
name = "registry/web"
tags = ["1", "2"]
[[task_definition]]
family = "web"
revision = 1
[[task_definition.container]]
name = "app"
image = "registry/web:1"
[[task_definition]]
family = "web"
revision = 2
like = 1
[[task_definition]]
family = "web"
revision = 3
like = 1
[[task_definition.container]]
name = "app"
image = "registry/web:missing"
[[service]]
name = "web"
cluster = "main"
task_definition = "web:1"
desired = 2
[[service]]
name = "scaled"
cluster = "main"
task_definition = "web:1"
desired = 2
[[scalable_target]]
service = "scaled"
min = 1
max = 4
[[service]]
name = "stuck"
cluster = "main"
task_definition = "web:1"
desired = 1
[[service]]
name = "paused"
cluster = "main"
task_definition = "web:1"
desired = 1
hooks = [{ stage = "PRE_SCALE_UP", target = "pause" }]
[[event]]
at = "-2m"
do = "update-service"
service = "stuck"
task_definition = "web:3"
[[event]]
at = "-2m"
do = "update-service"
service = "paused"
task_definition = "web:2"
[[queue]]
name = "jobs"
dead_letter = "jobs-dead"
[[queue]]
name = "jobs-dead"
per_minute = 3.0
"#;

/// What is as somebody left it who had drained a service, and suspended what scales another.
pub(crate) const LEFT: &str = r#"
[[service]]
name = "gone"
cluster = "main"
task_definition = "web:1"
desired = 0
[[scalable_target]]
service = "gone"
min = 0
max = 4
suspended = true
[[service]]
name = "held"
cluster = "main"
task_definition = "web:1"
desired = 1
[[scalable_target]]
service = "held"
min = 1
max = 4
suspended = true
"#;
