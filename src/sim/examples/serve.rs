//! Runs the simulator alone: `serve [WORLD]… [--listen ADDRESS] [--speed N] [--paused]`.
#![allow(
    clippy::print_stdout,
    reason = "an example program; its output is for the one who runs it"
)]

use std::error::Error;

use ecsdeck_sim::{Scenario, SimOptions, World, start};

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
            "--scenario" => options.scenarios.push(Scenario::builtin(&value()?)?),
            "--paused" => options.paused = true,
            name => options.worlds.push(World::builtin(name)?),
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
