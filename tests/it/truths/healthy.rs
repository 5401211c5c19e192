//! Rollouts with which nothing is wrong, in shapes that look as if something were.
//!
//! A world has one service of each shape; what is chance in it comes from the seed. Nothing in it may be called
//! stuck, at any poll, until every rollout has gone through.

use std::fmt::Write;
use std::time::Duration;

use ecsdeck_core::diagnose::Verdict;
use ecsdeck_sim::{SimOptions, World};

use super::watch::Watch;

/// Between two polls, in seconds.
const STEP: u64 = 30;
/// After so many polls every rollout must have gone through.
const POLLS: usize = 80;

/// The shapes, each the name of its service.
pub(super) const SHAPES: [&str; 11] = [
    "slow-start",
    "health-checks",
    "bake-time",
    "hook-wait",
    "one-at-a-time",
    "flaky-start",
    "flaky-run",
    "long-drain",
    "scaled-meanwhile",
    "placement-wait",
    "blue-green",
];

/// Numbers of chance: SplitMix64 (source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
struct Chance(u64);

impl Chance {
    fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        low + (z ^ (z >> 31)) % (high - low + 1)
    }
}

/// The world of a seed.
fn world(seed: u64) -> String {
    let mut chance = Chance(seed);
    let mut world = String::from(
        "[world]\nname = 'well'\naccount = '123456789012'\nregion = 'us-east-1'\nwarm_up = '5m'\n\
         [[cluster]]\nname = 'main'\n",
    );
    for shape in SHAPES {
        service(&mut world, shape, &mut chance);
    }
    world
}

/// A service of a shape, its two revisions, and the moment at which it goes from one to the other.
fn service(world: &mut String, shape: &str, chance: &mut Chance) {
    let mut desired = chance.between(1, 4);
    let mut container = String::new();
    let mut group = String::new();
    let mut settings = "breaker = { enable = true, rollback = true }\n".to_owned();
    let mut rest = String::new();
    let mut balanced = false;
    let mut ec2 = false;
    match shape {
        "slow-start" => {
            balanced = true;
            let slow = chance.between(120, 420);
            settings += &format!("grace = '{}s'\n", slow + 120);
            rest = format!(
                "[[trouble]]\nname = '{shape}'\ntask_definition = '{shape}:2'\nstage = 'target'\n\
                 after = ['{slow}s', '{}s']\n",
                slow + 60
            );
        }
        "health-checks" => {
            let after = chance.between(20, 150);
            for name in ["proxy", "worker"] {
                container += &format!(
                    "[[task_definition.container]]\nname = '{name}'\nimage = '{name}:1'\nhealth = {{ command = \
                     ['CMD', 'ok'], interval = 10, retries = 3, start_period = 240, after = ['{after}s', '{}s'] }}\n",
                    after + 40
                );
            }
        }
        "bake-time" => {
            balanced = true;
            let minutes = chance.between(3, 15);
            settings +=
                &format!("strategy = 'BLUE_GREEN'\nbake_minutes = {minutes}\ngrace = '60s'\n");
        }
        "hook-wait" => {
            balanced = true;
            let after = chance.between(60, 600);
            settings += &format!(
                "strategy = 'BLUE_GREEN'\ngrace = '60s'\nhooks = [{{ stage = 'POST_SCALE_UP', arn = \
                 'arn:aws:lambda:us-east-1:123456789012:function:ok', after = '{after}s' }}]\n"
            );
        }
        "one-at-a-time" => {
            desired = chance.between(4, 8);
            settings += "min_percent = 100\nmax_percent = 125\n";
        }
        "flaky-start" => {
            rest = format!(
                "[[trouble]]\nname = '{shape}'\ntask_definition = '{shape}:2'\nstage = 'provision'\nfirst = 1\n\
                 reason = 'Timeout waiting for network interface provisioning to complete.'\n"
            );
        }
        "flaky-run" => {
            rest = format!(
                "[[trouble]]\nname = '{shape}'\ntask_definition = '{shape}:2'\nstage = 'run'\nfirst = 1\n\
                 after = ['2s', '{}s']\nexit_code = 1\n",
                chance.between(5, 40)
            );
        }
        "long-drain" => {
            balanced = true;
            settings += "grace = '60s'\n";
            group = format!("deregistration_delay = '{}s'\n", chance.between(180, 900));
        }
        "scaled-meanwhile" => {
            desired = chance.between(2, 4);
            rest = format!(
                "[[event]]\nat = '{}s'\ndo = 'update-service'\nservice = '{shape}'\ndesired = {}\n",
                chance.between(70, 150),
                chance.between(3, 8)
            );
        }
        "placement-wait" => {
            ec2 = true;
            desired = 1;
            rest = format!(
                "[[container_instance]]\ncluster = 'main'\nec2 = 'i-0a1'\ncpu = 1024\nregistered = '-9d'\n\
                 [[container_instance]]\ncluster = 'main'\nec2 = 'i-0b2'\ncpu = 1024\nagent_connected = false\n\
                 [[event]]\nat = '{}s'\ndo = 'instance'\ninstance = 'i-0b2'\nstate = 'active'\n",
                60 + chance.between(60, 240)
            );
        }
        _ => {
            balanced = true;
            settings += "strategy = 'BLUE_GREEN'\ngrace = '60s'\n";
        }
    }
    let (launch, requires, cpu) = if ec2 {
        (
            "launch = 'EC2'\n",
            "requires = ['EC2']\nnetwork_mode = 'bridge'\n",
            768,
        )
    } else {
        ("", "", 256)
    };
    // Writing into a string does not fail.
    let _ = write!(
        world,
        "[[task_definition]]\nfamily = '{shape}'\nrevision = 1\ncpu = {cpu}\nmemory = 512\n{requires}\
         [[task_definition.container]]\nname = 'app'\nimage = 'app:1'\nport = 80\n{container}\
         [[task_definition]]\nfamily = '{shape}'\nrevision = 2\nlike = 1\n{requires}\
         [[task_definition.container]]\nname = 'app'\nimage = 'app:2'\n"
    );
    if balanced {
        let _ = write!(
            world,
            "[[load_balancer]]\nname = '{shape}-lb'\n[[target_group]]\nname = '{shape}'\nload_balancer = \
             '{shape}-lb'\ninterval = 10\nhealthy_threshold = 2\n{group}"
        );
        settings += &format!(
            "load_balancers = [{{ target_group = '{shape}', container = 'app', port = 80 }}]\n"
        );
    }
    let _ = write!(
        world,
        "[[service]]\nname = '{shape}'\ncluster = 'main'\ntask_definition = '{shape}:1'\ndesired = {desired}\n\
         created = '-60d'\nhistory = [{{ at = '-21d', task_definition = '{shape}:1' }}]\n{launch}{settings}\
         [[event]]\nat = '{}s'\ndo = 'update-service'\nservice = '{shape}'\ntask_definition = '{shape}:2'\n{rest}",
        chance.between(10, 50)
    );
}

/// What came of a seed.
pub(super) struct Went {
    pub(super) polls: usize,
    /// Seed, seconds, shape and what was said.
    pub(super) alarms: Vec<String>,
    /// Rollouts that had not gone through in the end.
    pub(super) unfinished: Vec<String>,
}

/// Runs the rollouts of a seed to their end.
pub(super) async fn run(seed: u64) -> Went {
    let world = World::parse(&world(seed), "well.toml").unwrap();
    let options = SimOptions {
        worlds: vec![world],
        epoch: Some("2026-03-10T09:00:00Z".parse().unwrap()),
        lead: Duration::ZERO,
        seed,
        ..SimOptions::default()
    };
    let mut watch = Watch::new(options, None).await;
    watch.poll().await;
    let mut went = Went {
        polls: 0,
        alarms: Vec::new(),
        unfinished: Vec::new(),
    };
    for poll in 1..=POLLS {
        watch.after(STEP).await;
        went.polls += 1;
        went.unfinished.clear();
        for shape in SHAPES {
            let report = watch.why(shape).unwrap();
            if report.verdict.is_bad_news() {
                went.alarms.push(format!(
                    "seed {seed:<5}{:>6} s  {shape:<18}{} {}: {}",
                    poll as u64 * STEP,
                    report.verdict.word(),
                    report.causes[0].id,
                    report.summary
                ));
            }
            let (service, _) = watch.seen(shape);
            let primary = service.and_then(|service| service.primary()).unwrap();
            let new = primary.task_definition.name().ends_with(":2");
            if !(new && report.verdict == Verdict::Steady) {
                went.unfinished.push(format!(
                    "seed {seed}: {shape} is {}: {}",
                    report.verdict.word(),
                    report.summary
                ));
            }
        }
        if went.unfinished.is_empty() {
            break;
        }
    }
    went
}
