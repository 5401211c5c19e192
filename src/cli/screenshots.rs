//! `screenshots`: the documentation's pictures, from real frames of the demo with frozen time.
//!
//! The simulator's clock stands still at a set moment and so does the
//! console's, so the same program draws the same bytes every time.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ecsdeck_core::app::{Model, Msg, Stamp};
use ecsdeck_core::keys::Key;
use ecsdeck_sim::SimOptions;
use ecsdeck_tui::theme::Theme;
use ecsdeck_tui::view::view;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::ask::Asked;
use super::svg::svg;
use super::worlds::world;
use super::{Failed, say};
use crate::backend::Cloud;
use crate::exit::Exit;
use crate::settings::{Options, UsageError, configure_demo};

/// Where the pictures go.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Screenshots {
    /// The folder
    #[arg(value_name = "DIR", default_value = "screenshots")]
    folder: PathBuf,
    /// Write nothing; say whether the pictures there are current
    #[arg(long)]
    check: bool,
}

/// A picture: its name, its world, its size, the keys before it.
struct Shot {
    name: &'static str,
    world: &'static str,
    size: (u16, u16),
    keys: &'static [&'static str],
}

const SHOTS: [Shot; 6] = [
    Shot {
        name: "main",
        world: "short-drama",
        size: (120, 40),
        keys: &[],
    },
    Shot {
        name: "main-80x24",
        world: "short-drama",
        size: (80, 24),
        keys: &[],
    },
    Shot {
        name: "main-200x50",
        world: "short-drama",
        size: (200, 50),
        keys: &[],
    },
    Shot {
        name: "scale",
        world: "short-drama",
        size: (120, 40),
        keys: &["U", "4", "enter"],
    },
    Shot {
        name: "help",
        world: "short-drama",
        size: (120, 40),
        keys: &["?"],
    },
    Shot {
        name: "families",
        world: "aipm",
        size: (120, 40),
        keys: &[],
    },
];

/// The moment at which everything stands still.
const EPOCH: &str = "2026-03-14T03:09:26Z";

pub(super) async fn run(options: &Options, command: Screenshots) -> Result<Exit, Failed> {
    let mut stale = Vec::new();
    for shot in &SHOTS {
        let picture = draw(options, shot).await?;
        let path = command.folder.join(format!("{}.svg", shot.name));
        if std::fs::read_to_string(&path).is_ok_and(|there| there == picture) {
            continue;
        }
        if command.check {
            stale.push(path);
        } else {
            write(&path, &picture)?;
        }
    }
    for path in &stale {
        say(&format!(
            "{} is not current: run `ecsdeck screenshots`",
            path.display()
        ));
    }
    Ok(if stale.is_empty() {
        Exit::Done
    } else {
        Exit::BadNews
    })
}

fn write(path: &Path, picture: &str) -> Result<(), Failed> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, picture)?;
    say(&format!("wrote {}", path.display()));
    Ok(())
}

async fn draw(options: &Options, shot: &Shot) -> Result<String, Failed> {
    let options = Options {
        deck: Some(shot.world.to_owned()),
        keymap: options.keymap.clone(),
        ..Options::default()
    };
    let world = world(shot.world)?;
    let configured = configure_demo(&options, world.name(), world.region())?;
    let epoch = EPOCH
        .parse()
        .map_err(|error| UsageError(format!("{EPOCH}: {error}")))?;
    let simulator = SimOptions {
        worlds: vec![world],
        paused: true,
        epoch: Some(epoch),
        ..SimOptions::default()
    };
    let cloud = Cloud::Demo(Box::new(simulator), Box::new(configured.aws.clone()));
    let mut asked = Asked::start(configured, cloud, None, None)?;
    // Nothing is due again while no time passes, so this is one reading of everything.
    asked.session.freeze(Stamp {
        now: epoch,
        elapsed: Duration::ZERO,
        entropy: 0x5ec5_dec4,
    });
    asked.session.take(Msg::Resized {
        width: shot.size.0,
        height: shot.size.1,
    });
    asked.until(Model::is_settled).await?;
    for name in shot.keys {
        let key = Key::parse(name).map_err(|error| UsageError(format!("{name}: {error:?}")))?;
        asked.session.take(Msg::Key { key, alone: true });
    }
    // A terminal would say that it has shown the question.
    asked.session.take(Msg::Shown(1));
    asked.session.take(Msg::Called(asked.model().calls.total));
    let mut frame = Buffer::empty(Rect::new(0, 0, shot.size.0, shot.size.1));
    view(asked.model(), &Theme::default(), &mut frame);
    asked.finish()?;
    Ok(svg(&frame))
}
