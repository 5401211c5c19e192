//! Without any deck everything is found by itself.

use crate::harness::{Home, Pty, Sim};

#[test]
fn the_console_finds_logs_queues_and_the_table() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &[]);
    pty.until("the verdict", |s| {
        s.has("STUCK") && !s.rows[0].contains("deck")
    });
    pty.until("the queues", |s| {
        s.has("gpu_tasks_queue") && s.has("cpu_tasks_queue")
    });
    pty.until("the table", |s| s.has("task_store") && s.has("processing"));
    pty.until("both containers' lines", |s| {
        s.has("canvas-service ") && s.has("orchestrator:")
    });
    // Another service has another log.
    pty.send("G");
    pty.until("the other log", |s| {
        s.has("Logs short-drama-web") && s.has("GET /")
    });
    pty.send("\x03");
    pty.ends().gave_back();
}

#[test]
fn a_dead_letter_queue_is_a_column_and_not_a_queue_of_its_own() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let document = home.run(&["queues", "--json"]).ends(0).json();
    let names: Vec<&str> = document["queues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|queue| queue["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"gpu_tasks_queue") && names.contains(&"cpu_tasks_queue"),
        "{names:?}"
    );
    assert!(
        !names.iter().any(|name| name.ends_with("_dlq")),
        "{names:?}"
    );
}

#[test]
fn a_cluster_can_be_chosen_by_a_flag() {
    let sim = Sim::still("fleet");
    let home = Home::on(&sim);
    let document = home
        .run(&["status", "--json", "--cluster", "fleet-edge"])
        .ends(1)
        .json();
    let services = document["services"].as_array().unwrap();
    assert!(
        services.len() > 50
            && services
                .iter()
                .all(|service| service["cluster"] == "fleet-edge"),
        "{}",
        services.len()
    );
}
