//! Lambda functions: they run at their times, and say so in their log groups.
//!
//! Invariant: a run is one request id; its lines lie between its START and its REPORT, in one
//! stream of its group, and a new stream begins when a new environment is made.
//!
//! source: Lambda developer guide, monitoring-cloudwatchlogs (START, END, REPORT and their
//! fields; streams are called by day, version and environment) and python-logging (level, time
//! and request id before the text).

use crate::bus::{Bus, FunctionLine, Told};
use crate::clock::{HOUR, Millis, SECOND, Time};
use crate::desk::Desk;
use crate::logs::fill;
use crate::random::{Random, mix, name_key};
use crate::world::{FunctionSpec, WorldSpec};

/// How long an environment is used before a new one is made.
const ENVIRONMENT: Millis = 2 * HOUR;

/// A run of a function is due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run(usize);

/// The functions of an account in a region.
#[derive(Debug)]
pub(crate) struct Functions {
    pub(crate) desk: Desk<Run>,
    functions: Vec<Function>,
}

#[derive(Debug)]
struct Function {
    spec: FunctionSpec,
    runs: u64,
}

impl Functions {
    /// Without any function.
    pub(crate) fn new(desk: Desk<Run>) -> Self {
        Functions {
            desk,
            functions: Vec::new(),
        }
    }

    /// Sets up the functions that a world declares. Each begins somewhere in its interval.
    pub(crate) fn furnish(&mut self, spec: &WorldSpec) {
        for spec in &spec.function {
            let number = self.functions.len();
            let mut random = Random::of(self.desk.seed, "function", name_key(&spec.name));
            let first = random.between(0, spec.every.0);
            self.functions.push(Function {
                spec: spec.clone(),
                runs: 0,
            });
            self.desk.plan(first, Run(number));
        }
    }

    /// Lets the next function run that is due at `now`.
    pub(crate) fn step(&mut self, now: Time, bus: &mut Bus) {
        self.desk.now = now;
        if let Some(Run(number)) = self.desk.due() {
            self.run(number);
        }
        self.desk.hand_over(bus);
    }

    fn run(&mut self, number: usize) {
        let (now, epoch, seed) = (self.desk.now, self.desk.epoch, self.desk.seed);
        let Some(function) = self.functions.get_mut(number) else {
            return;
        };
        function.runs += 1;
        let key = name_key(&function.spec.name);
        let mut random = Random::of(seed ^ key, "run", function.runs);
        let spec = &function.spec;
        let after = if spec.regular {
            spec.every.0
        } else {
            // Callers come as they come.
            random.between(spec.every.0 / 4, spec.every.0 * 7 / 4)
        };
        let told = Told::FunctionRan {
            group: spec.group(),
            stream: stream(now, seed ^ key),
            lines: lines(spec, now, epoch, &mut random),
        };
        self.desk.plan(after.max(SECOND), Run(number));
        self.desk.tell(told);
    }
}

/// The stream of the environment in which a function runs at that time.
fn stream(at: Time, seed: u64) -> String {
    let turn = at.0.div_euclid(ENVIRONMENT);
    let made = Time(turn * ENVIRONMENT);
    let id = Random::of(seed, "environment", turn.unsigned_abs()).hex(32);
    let day = made.rfc3339().replace('-', "/");
    let day = day.split('T').next().unwrap_or_default();
    format!("{day}/[$LATEST]{id}")
}

/// What a run says, and when.
fn lines(spec: &FunctionSpec, now: Time, epoch: Time, random: &mut Random) -> Vec<FunctionLine> {
    let request = random.uuid();
    let takes = spec.takes.draw(random).max(2);
    let chance = mix(random.draw());
    let failing = spec
        .fails
        .as_ref()
        .filter(|fails| now >= epoch + fails.from.0);
    let said = failing.map_or(&spec.lines, |fails| &fails.lines);
    let level = if failing.is_some() { "ERROR" } else { "INFO" };
    let mut lines = vec![FunctionLine {
        at: now,
        text: format!("START RequestId: {request} Version: $LATEST"),
    }];
    let count = i64::try_from(said.len()).unwrap_or_default();
    for (number, template) in (1..).zip(said) {
        let at = now + takes * number / (count + 1);
        let text = fill(template, chance ^ number.unsigned_abs());
        lines.push(FunctionLine {
            at,
            text: format!("[{level}]\t{}\t{request}\t{text}", at.rfc3339()),
        });
    }
    let end = now + takes;
    let used = random.between(i64::from(spec.memory) / 3, i64::from(spec.memory) * 2 / 3);
    lines.push(FunctionLine {
        at: end,
        text: format!("END RequestId: {request}"),
    });
    lines.push(FunctionLine {
        at: end,
        text: format!(
            "REPORT RequestId: {request}\tDuration: {takes}.{:02} ms\tBilled Duration: {} ms\t\
             Memory Size: {} MB\tMax Memory Used: {used} MB\t",
            random.between(0, 99),
            takes + 1,
            spec.memory
        ),
    });
    lines
}

impl FunctionSpec {
    /// The log group that Lambda writes into.
    pub(crate) fn group(&self) -> String {
        format!("/aws/lambda/{}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::service::Service;
    use crate::trial::Trial;

    const SCALER: &str = "
[[function]]
name = 'scaler'
every = '2m'
lines = ['depth {n:4..4}', 'count set']
fails = { from = '10m', lines = ['ZeroDivisionError'] }
";

    fn said(trial: &mut Trial) -> Vec<String> {
        let input = json!({ "logGroupName": "/aws/lambda/scaler" });
        let mut page = trial.ask(Service::Logs, "FilterLogEvents", input).unwrap();
        let events = page["events"].take();
        let events = events.as_array().unwrap().iter();
        events
            .map(|event| event["message"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn a_function_runs_at_its_times_and_says_so() {
        let mut trial = Trial::new(SCALER);
        trial.minutes(4);
        let said = said(&mut trial);
        let starts = said.iter().filter(|line| line.starts_with("START")).count();
        assert!((2..=3).contains(&starts), "{said:?}");
        let words = [
            "START RequestId",
            "depth 4",
            "count set",
            "END RequestId",
            "REPORT RequestId",
        ];
        for (line, word) in said.iter().zip(words) {
            assert!(line.contains(word), "{line}");
        }
    }

    #[test]
    fn a_run_is_one_request_and_one_stream() {
        let mut trial = Trial::new(SCALER);
        trial.minutes(4);
        let id = |line: &str| {
            line.split("RequestId: ")
                .nth(1)
                .map(|rest| rest.chars().take(36).collect::<String>())
        };
        let said = said(&mut trial);
        let first = id(&said[0]).unwrap();
        assert!(
            said[..5].iter().all(|line| line.contains(&first)),
            "{said:?}"
        );
        let input = json!({ "logGroupName": "/aws/lambda/scaler" });
        let streams = trial
            .ask(Service::Logs, "DescribeLogStreams", input)
            .unwrap();
        let names: Vec<&Value> = streams["logStreams"].as_array().unwrap().iter().collect();
        assert!(names.len() <= 2, "{names:?}");
        let name = names[0]["logStreamName"].as_str().unwrap();
        assert!(name.contains("/[$LATEST]"), "{name}");
    }

    #[test]
    fn from_when_it_fails_its_lines_say_so() {
        let mut trial = Trial::new(SCALER);
        trial.minutes(9);
        assert!(!said(&mut trial).iter().any(|line| line.contains("ERROR")));
        trial.minutes(5);
        let said = said(&mut trial);
        assert!(
            said.iter()
                .any(|line| line.contains("[ERROR]") && line.contains("ZeroDivision"))
        );
    }
}
