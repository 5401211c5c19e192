//! Runs the simulator alone: `serve [--world NAME|FILE]… [--scenario NAME|FILE]…
//! [--listen ADDRESS] [--speed N] [--seed N] [--epoch TIME] [--calls FILE] [--paused]`.
#![allow(
    clippy::print_stdout,
    reason = "an example program; its output is for the one who runs it"
)]

use std::error::Error;

use ecsdeck_sim::{Scenario, SimOptions, World, WorldError, start};

/// What is built in under a name, or what a file holds.
fn found<T>(
    name: &str,
    parse: fn(&str, &str) -> Result<T, WorldError>,
    builtin: fn(&str) -> Result<T, WorldError>,
) -> Result<T, Box<dyn Error>> {
    if name.contains(['/', '.']) {
        return Ok(parse(&std::fs::read_to_string(name)?, name)?);
    }
    Ok(builtin(name)?)
}

fn options() -> Result<SimOptions, Box<dyn Error>> {
    let mut options = SimOptions::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--listen" => options.listen = value()?.parse()?,
            "--speed" => options.speed = value()?.parse()?,
            "--seed" => options.seed = value()?.parse()?,
            "--epoch" => options.epoch = Some(value()?.parse()?),
            "--calls" => options.calls_file = Some(value()?.into()),
            "--world" => options
                .worlds
                .push(found(&value()?, World::parse, World::builtin)?),
            "--scenario" => {
                let scenario = found(&value()?, Scenario::parse, Scenario::builtin)?;
                options.scenarios.push(scenario);
            }
            "--paused" => options.paused = true,
            other => return Err(format!("unknown argument {other}").into()),
        }
    }
    Ok(options)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut running = start(options()?).await?;
    println!("listening on {}", running.url());
    running.join().await;
    Ok(())
}
