//! Every keymap that comes with it: it starts, its help opens, and it is left.

use crate::harness::{Home, Pty, Sim};

struct Hands {
    keymap: &'static str,
    help: &'static str,
    down: &'static str,
    palette: &'static str,
    quit: &'static str,
}

const ALL: [Hands; 4] = [
    Hands {
        keymap: "default",
        help: "?",
        down: "j",
        palette: ":",
        quit: "\x03",
    },
    Hands {
        keymap: "k9s",
        help: "?",
        down: "j",
        palette: ":",
        quit: "\x03",
    },
    Hands {
        keymap: "vim",
        help: "?",
        down: "j",
        palette: ":",
        quit: "\x03",
    },
    Hands {
        keymap: "emacs",
        help: "\x1bOP",
        down: "\x0e",
        palette: "\x1bx",
        quit: "\x18\x03",
    },
];

#[test]
fn each_keymap_moves_helps_and_leaves() {
    let sim = Sim::of("short-drama");
    for hands in ALL {
        let home = Home::on(&sim);
        let mut pty = Pty::start(&home, (120, 40), &["--keymap", hands.keymap]);
        pty.until("the verdict", |s| s.rows[1].contains("STUCK"));
        pty.send(hands.down);
        pty.until("the next row", |s| {
            s.rows[1].contains("short-drama-notifier")
        });
        pty.send(hands.help);
        pty.until("the help", |s| {
            s.has("Move to the next row") && s.has(hands.keymap)
        });
        pty.send("\x1b");
        pty.sees("Services 3");
        pty.send(hands.palette);
        pty.send("queues\r");
        pty.until("the pane that the palette names", |s| {
            s.rows.iter().any(|row| row.contains("▶ Queues"))
        });
        pty.send(hands.quit);
        let ended = pty.ends();
        assert_eq!(ended.status.exit_code(), 0, "{}", hands.keymap);
        ended.gave_back();
    }
}

#[test]
fn a_chord_that_is_begun_shows_how_it_goes_on() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &["--keymap", "vim"]);
    pty.until("the verdict", |s| s.rows[1].contains("STUCK"));
    pty.send("jj");
    pty.until("the last row", |s| s.rows[1].contains("short-drama-web"));
    pty.send("g");
    pty.until("what may follow", |s| s.has("g …"));
    pty.send("g");
    pty.until("the first row", |s| {
        s.rows[1].contains("STUCK") && !s.has("g …")
    });
    pty.send("\x03");
    pty.ends();
}

#[test]
fn a_keymap_of_ones_own_is_found_in_the_config_folder() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    home.write(
        ".config/ecsdeck/keymaps/mine.toml",
        "inherits = \"default\"\n[global]\n\"f2\" = \"help\"\n",
    );
    let mut pty = Pty::start(&home, (120, 80), &["--keymap", "mine"]);
    pty.until("the verdict", |s| s.rows[1].contains("STUCK"));
    pty.send("\x1bOQ");
    pty.until("the help", |s| s.has("f2") && s.has("mine"));
    pty.send("\x03");
    pty.ends();
}
