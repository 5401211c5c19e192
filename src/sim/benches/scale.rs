//! How the simulator does at size: `cargo bench -p ecsdeck-sim`. Prints figures and
//! judges none, for a wall clock is another on each machine. What is aimed at, on two
//! cores: 1,000 services, 10,000 tasks, 20,000 log lines a second, a start below 200 ms.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark; it prints what it finds, and a failure may end it"
)]

use std::time::{Duration, Instant};

use ecsdeck_sim::{Running, SimOptions, World, start};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SERVICES: u32 = 1_000;
const TASKS: u32 = 10_000;

/// A world of as many services and tasks, whose tasks write two lines a second each.
fn large() -> World {
    let text = format!(
        "[world]\nname = 'large'\naccount = '123456789012'\nregion = 'us-east-1'\n\
         [[cluster]]\nname = 'one'\n[[cluster]]\nname = 'two'\n\
         [[generate]]\nclusters = ['one', 'two']\nservices = {SERVICES}\ntasks = {TASKS}\n\
         words = ['order', 'billing', 'search', 'cart', 'user', 'mail', 'stock']\nrate = 2.0\n\
         lines = ['level=info path=/v1/{{hex:8}} status=200 ms={{n:2..180}}', 'level=warn retry={{n:1..3}}']\n"
    );
    World::parse(&text, "large.toml").unwrap()
}

/// A world of one service whose hundred tasks write 20,000 lines a second into one group.
fn talkative() -> World {
    let text = "[world]\nname = 'talk'\naccount = '123456789012'\nregion = 'us-east-1'\n\
                [[cluster]]\nname = 'one'\n[[task_definition]]\nfamily = 'talk'\nrevision = 1\n\
                [[task_definition.container]]\nname = 'app'\nimage = 'talk:1'\n\
                log = { group = '/ecs/talk', rate = 200.0, lines = ['GET /{hex:8} {pick:200|404} {n:1..90}'] }\n\
                [[service]]\nname = 'talk'\ncluster = 'one'\ntask_definition = 'talk:1'\ndesired = 100\n";
    World::parse(text, "talk.toml").unwrap()
}

fn options(world: World) -> SimOptions {
    SimOptions {
        worlds: vec![world],
        paused: true,
        epoch: Some("2026-03-10T09:00:00Z".parse().unwrap()),
        ..SimOptions::default()
    }
}

/// One connection to a simulator.
struct Client(TcpStream);

impl Client {
    async fn of(sim: &Running) -> Self {
        let stream = TcpStream::connect(sim.addr()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Client(stream)
    }

    /// Calls an action; its answer and how many bytes that had.
    async fn call(&mut self, target: &str, input: &Value) -> (Value, usize) {
        let body = input.to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {target}\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20261120//x/aws4_request\r\n\
             Content-Type: application/x-amz-json-1.1\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.0.write_all((head + &body).as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let mut chunk = vec![0; 1 << 16];
        loop {
            let read = self.0.read(&mut chunk).await.unwrap();
            assert!(read > 0, "the connection was closed");
            answer.extend_from_slice(&chunk[..read]);
            let Some(end) = answer.windows(4).position(|w| w == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
            let length = head.split("content-length: ").nth(1).unwrap();
            let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
            while answer.len() < end + 4 + length {
                let read = self.0.read(&mut chunk).await.unwrap();
                answer.extend_from_slice(&chunk[..read]);
            }
            assert!(head.starts_with("http/1.1 200"), "{head}");
            return (serde_json::from_slice(&answer[end + 4..]).unwrap(), length);
        }
    }

    async fn ecs(&mut self, action: &str, input: Value) -> Value {
        let target = format!("AmazonEC2ContainerServiceV20141113.{action}");
        self.call(&target, &input).await.0
    }

    /// All entries of all pages.
    async fn list(&mut self, action: &str, member: &str, input: &Value) -> Vec<Value> {
        let mut found = Vec::new();
        let mut input = input.clone();
        loop {
            let mut answer = self.ecs(action, input.clone()).await;
            found.append(answer[member].as_array_mut().unwrap());
            match answer["nextToken"].take() {
                Value::Null => return found,
                token => input["nextToken"] = token,
            }
        }
    }
}

fn report(what: &str, took: Duration, further: &str) {
    println!("{what:<58} {:>9.1} ms  {further}", took.as_secs_f64() * 1e3);
}

/// The best of some starts: what the machine can do when nobody else is at work.
async fn starts(what: &str, world: &World, times: usize) -> Running {
    let mut best: Option<(Duration, Running)> = None;
    for _ in 0..times {
        let begun = Instant::now();
        let running = start(options(world.clone())).await.unwrap();
        let took = begun.elapsed();
        if best.as_ref().is_none_or(|(least, _)| took < *least) {
            best = Some((took, running));
        }
    }
    let (took, running) = best.unwrap();
    report(what, took, "");
    running
}

async fn reads(sim: &Running) {
    let mut client = Client::of(sim).await;
    let begun = Instant::now();
    let (mut services, mut tasks, mut calls) = (0, 0, 0);
    for cluster in ["one", "two"] {
        let input = json!({ "cluster": cluster, "maxResults": 100 });
        let arns = client.list("ListServices", "serviceArns", &input).await;
        for batch in arns.chunks(10) {
            let input = json!({ "cluster": cluster, "services": batch });
            let answer = client.ecs("DescribeServices", input).await;
            services += answer["services"].as_array().unwrap().len();
            calls += 1;
        }
        let input = json!({ "cluster": cluster });
        let arns = client.list("ListTasks", "taskArns", &input).await;
        for batch in arns.chunks(100) {
            let input = json!({ "cluster": cluster, "tasks": batch });
            let answer = client.ecs("DescribeTasks", input).await;
            tasks += answer["tasks"].as_array().unwrap().len();
            calls += 1;
        }
    }
    let took = begun.elapsed();
    let further = format!("{calls} describing calls");
    report(
        &format!("read {services} services and {tasks} tasks"),
        took,
        &further,
    );
}

async fn passes(sim: &Running) {
    let minute = Duration::from_secs(60);
    let begun = Instant::now();
    sim.advance(10 * minute);
    report("ten quiet minutes pass", begun.elapsed(), "");
    let mut client = Client::of(sim).await;
    let input = json!({ "cluster": "one", "maxResults": 100 });
    let arns = client.list("ListServices", "serviceArns", &input).await;
    let count = arns.len();
    for arn in arns {
        let input = json!({ "cluster": "one", "service": arn, "forceNewDeployment": true });
        client.ecs("UpdateService", input).await;
    }
    let begun = Instant::now();
    sim.advance(10 * minute);
    report(
        &format!("ten minutes pass in which {count} services deploy"),
        begun.elapsed(),
        "",
    );
}

/// Reads `seconds` of a group's lines to the end.
async fn lines(sim: &Running, seconds: i64, pattern: &str) {
    let mut client = Client::of(sim).await;
    let now = sim.now().as_millisecond();
    let mut input = json!({
        "logGroupName": "/ecs/talk", "startTime": now - seconds * 1_000, "endTime": now,
        "filterPattern": pattern,
    });
    let begun = Instant::now();
    let (mut count, mut bytes, mut calls) = (0, 0, 0);
    loop {
        let (mut answer, length) = client.call("Logs_20140328.FilterLogEvents", &input).await;
        count += answer["events"].as_array().unwrap().len();
        bytes += length;
        calls += 1;
        match answer["nextToken"].take() {
            Value::Null => break,
            token => input["nextToken"] = token,
        }
    }
    let took = begun.elapsed();
    #[expect(clippy::cast_precision_loss, reason = "counts of lines")]
    let rate = count as f64 / took.as_secs_f64();
    let further = format!(
        "{rate:.0} lines/s, {calls} calls, {:.1} MB",
        f64::from(u32::try_from(bytes).unwrap()) / 1e6
    );
    let filter = if pattern.is_empty() {
        ""
    } else {
        " that match a pattern"
    };
    report(
        &format!("read {count} lines of {seconds} s{filter}"),
        took,
        &further,
    );
}

/// The most memory that this process has had, in MB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1_024
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    for name in World::builtin_names() {
        let world = World::builtin(name).unwrap();
        starts(&format!("start the world {name}"), &world, 5).await;
    }
    let sim = starts(
        &format!("start {SERVICES} services with {TASKS} tasks"),
        &large(),
        3,
    )
    .await;
    reads(&sim).await;
    passes(&sim).await;
    sim.stop().await;
    let sim = starts(
        "start a service that writes 20,000 lines a second",
        &talkative(),
        3,
    )
    .await;
    lines(&sim, 10, "").await;
    lines(&sim, 10, "404").await;
    sim.stop().await;
    println!("{:<58} {:>9} MB", "the most memory at a time", peak());
}
