//! No command line of a read-only console changes anything.

use super::chance::{Chance, cases};
use super::stage::reads;
use crate::harness::{Home, Sim};

/// A command line that would change something.
fn command(chance: &mut Chance) -> Vec<String> {
    let services = [
        "short-drama-web",
        "short-drama-backend",
        "short-drama-notifier",
        "nobody",
    ];
    let service = services[usize::try_from(chance.below(4)).unwrap()];
    let mut words = vec![
        "scale".to_owned(),
        service.to_owned(),
        chance.below(9).to_string(),
    ];
    for flag in ["--yes", "--json", "--dry-run"] {
        if chance.below(3) > 0 || flag == "--yes" {
            words.push(flag.to_owned());
        }
    }
    words
}

#[test]
fn no_command_line_of_a_read_only_console_writes() {
    let sim = Sim::of("short-drama");
    let by_flag = Home::on(&sim);
    let by_deck = Home::on(&sim);
    let deck = by_deck.write("deck.toml", "name = \"night\"\nread_only = true\n");
    let deck = deck.display().to_string();
    let (mut chance, mut refused) = (Chance(1), 0);
    for case in 0..cases(8, 200) {
        let words = command(&mut chance);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        let home = if case % 2 == 0 {
            words.push("--read-only");
            &by_flag
        } else {
            words.extend(["--deck", &deck]);
            &by_deck
        };
        let ran = home.run(&words);
        refused += usize::from(ran.stderr.contains("read-only"));
        let wrote: Vec<_> = sim
            .counts()
            .into_keys()
            .filter(|call| !reads(call))
            .collect();
        assert!(wrote.is_empty(), "{words:?}: {wrote:?}, {ran:?}");
        assert!(home.journal().is_empty(), "{words:?}");
    }
    println!("{refused} command lines refused as read-only, 0 writing calls");
    assert!(refused > 1, "{refused}");
}
