//! What holds the house: imports without circles, state that knows no room beside it, small files, and a command line,
//! a README and a help that say the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ecsdeck_core::keys::{Keymap, Scope};

/// Packages, and folders of the root package, whose files may import each other in no circle.
const ROOMS: [&str; 5] = ["core", "aws", "worker", "cli", "sim"];
/// The longest product file, in lines of code.
const LONGEST: usize = 400;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The product files of a room, by their path in it, without what is there for tests alone.
fn files(room: &str) -> BTreeMap<PathBuf, String> {
    let root = source().join(room);
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if matches!(
                name,
                "tests" | "benches" | "tests.rs" | "proof" | "proof.rs" | "script"
            ) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                found.insert(
                    path.strip_prefix(&root).unwrap().to_owned(),
                    product.to_owned(),
                );
            }
        }
    }
    assert!(found.len() > 3, "the files of {room} are here");
    found
}

/// The path of a file's module from its room: `app/model/mod.rs` is `["app", "model"]`.
fn module(file: &Path) -> Vec<String> {
    let mut parts: Vec<String> = file
        .with_extension("")
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib")) {
        parts.pop();
    }
    parts
}

/// Every path that a `use` of a file names. Declarations (`mod`) and what is handed on (`pub use`) are no imports.
fn imports(text: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for statement in text.split(';') {
        let Some(at) = statement.rfind("use ") else {
            continue;
        };
        let before = statement.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        if !line.trim().is_empty() {
            // `pub use`, or the word in a sentence.
            continue;
        }
        let tree = statement.get(at + 4..).unwrap_or_default();
        expand(tree, &mut Vec::new(), &mut paths);
    }
    paths
}

/// Takes `a::{b, c::d}` apart.
fn expand(tree: &str, before: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let tree = tree.trim();
    let (path, inner) = match tree.split_once('{') {
        Some((path, inner)) => (path, inner.rsplit_once('}').map(|(inner, _)| inner)),
        None => (tree, None),
    };
    let segments = path.split(" as ").next().unwrap_or_default().split("::");
    let own: Vec<String> = segments
        .map(str::trim)
        .filter(|segment| !segment.is_empty())
        .map(str::to_owned)
        .collect();
    let length = before.len();
    before.extend(own);
    match inner {
        None => paths.push(before.clone()),
        Some(inner) => {
            let (mut depth, mut start) = (0_i32, 0);
            for (at, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
                match letter {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        let part = inner.get(start..at).unwrap_or_default();
                        if !part.trim().is_empty() {
                            expand(part, before, paths);
                        }
                        start = at + 1;
                    }
                    _ => {}
                }
            }
        }
    }
    before.truncate(length);
}

/// Which files of a room a file imports.
fn imported(
    room: &str,
    file: &Path,
    text: &str,
    by_module: &BTreeMap<Vec<String>, PathBuf>,
) -> BTreeSet<PathBuf> {
    let own = module(file);
    let mut found = BTreeSet::new();
    for path in imports(text) {
        let mut rest = path.iter().map(String::as_str).peekable();
        let mut at: Vec<String> = own.clone();
        match rest.peek() {
            Some(&"crate") => {
                rest.next();
                at.clear();
                // A folder of the root package has the crate's root above it.
                if room == "cli" && rest.next() != Some("cli") {
                    continue;
                }
            }
            Some(&"self") => drop(rest.next()),
            Some(&"super") => {}
            _ => {
                let mut child = own.clone();
                child.extend(rest.peek().map(|name| (*name).to_owned()));
                if !by_module.contains_key(&child) {
                    continue;
                }
            }
        }
        let mut outside = false;
        while rest.peek() == Some(&"super") {
            rest.next();
            outside |= at.pop().is_none();
        }
        if outside {
            continue;
        }
        let mut target = by_module.get(&at);
        for segment in rest {
            at.push(segment.to_owned());
            match by_module.get(&at) {
                Some(deeper) => target = Some(deeper),
                None => break,
            }
        }
        found.extend(target.filter(|target| *target != file).cloned());
    }
    found
}

/// Files that import each other, directly or by way of others, in groups.
fn circles(room: &str) -> Vec<BTreeSet<PathBuf>> {
    let files = files(room);
    let by_module: BTreeMap<Vec<String>, PathBuf> = files
        .keys()
        .map(|file| (module(file), file.clone()))
        .collect();
    let arrows: BTreeMap<&PathBuf, BTreeSet<PathBuf>> = files
        .iter()
        .map(|(file, text)| (file, imported(room, file, text, &by_module)))
        .collect();
    let reached = |from: &PathBuf| {
        let mut seen = BTreeSet::new();
        let mut next = vec![from.clone()];
        while let Some(file) = next.pop() {
            for target in &arrows[&file] {
                if seen.insert(target.clone()) {
                    next.push(target.clone());
                }
            }
        }
        seen
    };
    let reach: BTreeMap<&PathBuf, BTreeSet<PathBuf>> =
        files.keys().map(|file| (file, reached(file))).collect();
    let mut found: Vec<BTreeSet<PathBuf>> = Vec::new();
    for (file, reaches) in &reach {
        if found.iter().any(|circle| circle.contains(*file)) || !reaches.contains(*file) {
            continue;
        }
        let circle = reaches.iter().filter(|other| reach[other].contains(*file));
        found.push(circle.cloned().collect());
    }
    found
}

#[test]
fn imports_go_round_in_no_circle_of_more_than_two_files() {
    let mut wrong = Vec::new();
    for room in ROOMS {
        for circle in circles(room).into_iter().filter(|circle| circle.len() > 2) {
            wrong.push(format!("{room}: {} files: {circle:?}", circle.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_circle_is_seen_however_its_imports_are_written() {
    let text = "//! We use a file;\nuse super::{b::{self, C}, d};\npub use e::F;\nuse std::fmt;\n";
    let names: Vec<String> = imports(text).iter().map(|path| path.join("::")).collect();
    assert_eq!(
        names,
        ["super::b::self", "super::b::C", "super::d", "std::fmt"]
    );
}

#[test]
fn the_state_of_the_console_imports_no_room_beside_it() {
    let model = Path::new("app/model");
    let files = files("core");
    let mut seen = 0;
    for (file, text) in files.iter().filter(|(file, _)| file.starts_with(model)) {
        seen += 1;
        let own = module(file);
        for path in imports(text) {
            let mut absolute = own.clone();
            let mut rest = path.iter().map(String::as_str).peekable();
            match rest.peek() {
                Some(&"crate") => {
                    rest.next();
                    absolute.clear();
                }
                Some(&("super" | "self")) => {}
                _ => continue,
            }
            for segment in rest {
                match segment {
                    "super" => drop(absolute.pop()),
                    "self" => {}
                    name => absolute.push(name.to_owned()),
                }
            }
            let beside = absolute.first().is_some_and(|room| room == "app")
                && absolute.get(1).is_some_and(|room| room != "model");
            assert!(!beside, "{}: {}", file.display(), path.join("::"));
        }
    }
    assert!(seen > 10, "the state has its folder: {seen} files");
}

/// Lines of code: neither blank nor a comment, and nothing that is there for tests alone.
fn code(text: &str) -> usize {
    let line = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
    text.lines().filter(line).count()
}

#[test]
fn no_product_file_is_longer_than_a_reader_can_hold() {
    let mut long = Vec::new();
    for room in ["core", "aws", "worker", "tui", "sim", "cli", "console"] {
        for (file, text) in files(room) {
            let lines = code(&text);
            let name = format!("src/{room}/{}", file.display());
            if lines > LONGEST {
                long.push(format!("{name}: {lines}"));
            }
        }
    }
    assert!(
        long.is_empty(),
        "more than {LONGEST} lines of code: {long:#?}"
    );
}

/// The commands that the README's table names: the first words of what stands between backticks in its first column.
fn in_readme() -> BTreeSet<String> {
    let readme = include_str!("../../README.md");
    let (_, table) = readme
        .split_once("| command | does |\n|---|---|\n")
        .unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let mut found = BTreeSet::new();
    for row in rows {
        let cell = row.split(" | ").next().unwrap();
        for quoted in cell.split('`').skip(1).step_by(2) {
            let word = quoted.trim_start_matches("ecsdeck").trim();
            let word = word.split_whitespace().next().unwrap_or_default();
            let is_name = !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
            if is_name {
                found.insert(word.to_owned());
            }
        }
    }
    found
}

#[test]
fn the_readme_names_every_command_and_no_other() {
    let commands = ecsdeck::cli::command();
    let known: BTreeSet<String> = commands
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .flat_map(|command| {
            let aliases = command.get_visible_aliases().map(str::to_owned);
            std::iter::once(command.get_name().to_owned()).chain(aliases)
        })
        .collect();
    let told = in_readme();
    let lacking: Vec<&String> = known.difference(&told).collect();
    assert!(lacking.is_empty(), "the README's table lacks {lacking:?}");
    // A command's own words (`suspend`, `continue`) stand in the table too.
    let words: BTreeSet<String> = commands
        .get_subcommands()
        .flat_map(|command| {
            let arguments = command.get_positionals();
            let values = arguments.flat_map(clap::Arg::get_possible_values);
            let values: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
            values.into_iter().chain([command.get_name().to_owned()])
        })
        .collect();
    let unknown: Vec<&String> = told
        .iter()
        .filter(|word| !known.contains(*word) && !words.contains(*word))
        .collect();
    assert!(unknown.is_empty(), "no command: {unknown:?}");
}

#[test]
fn the_options_that_the_readme_shows_are_those_of_the_command() {
    let readme = include_str!("../../README.md");
    let commands = ecsdeck::cli::command();
    let mut shown = 0;
    for line in readme
        .lines()
        .filter(|line| line.starts_with("| `ecsdeck "))
    {
        let cell = line.split(" | ").next().unwrap();
        let name = cell
            .split_whitespace()
            .nth(2)
            .unwrap()
            .trim_matches(['`', ',']);
        let Some(command) = commands.find_subcommand(name) else {
            continue;
        };
        for word in cell.split(['[', ']', ' ', '`']) {
            let Some(option) = word.strip_prefix("--") else {
                continue;
            };
            let mut own = command.get_arguments().chain(commands.get_arguments());
            assert!(
                own.any(|known| known.get_long() == Some(option)),
                "{name} has no --{option}"
            );
            shown += 1;
        }
    }
    assert!(shown > 15, "{shown} options were compared");
}

#[test]
fn the_table_of_keys_and_the_help_say_the_same() {
    let keymap = Keymap::load("default", &|_| None).unwrap();
    let table = keymap.markdown();
    let mut compared = 0;
    for scope in Scope::ALL {
        let help = keymap.help(scope);
        let rows = table.lines().filter(|row| {
            row.strip_prefix("| ")
                .is_some_and(|row| row.starts_with(&format!("{} |", scope_word(scope))))
        });
        for row in rows {
            let cells: Vec<&str> = row.split(" | ").collect();
            let (action, does) = (cells[2], cells[3].trim_end_matches(" |"));
            if scope == Scope::Global {
                // It is hidden where a pane gives the key something else to do.
                continue;
            }
            let told = help.iter().find(|help| help.info.name == action);
            let told = told.unwrap_or_else(|| panic!("the help of {scope} lacks {action}"));
            assert_eq!(told.info.help, does, "{action}");
            compared += 1;
        }
    }
    assert!(compared > 40, "{compared} rows were compared");
}

/// What the table calls a scope.
fn scope_word(scope: Scope) -> String {
    if scope == Scope::Global {
        "everywhere".to_owned()
    } else {
        scope.to_string()
    }
}
