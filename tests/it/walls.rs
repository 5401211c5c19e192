//! The walls between the packages, held against what ARCHITECTURE.md says of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn manifest(package: &str) -> toml::Table {
    read(format!("src/{package}/Cargo.toml")).parse().unwrap()
}

const PACKAGES: [&str; 5] = ["core", "worker", "aws", "tui", "sim"];

/// The table of ARCHITECTURE.md: what each package may depend on, in words.
fn allowed() -> BTreeMap<String, String> {
    let text = read("ARCHITECTURE.md");
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.trim().strip_prefix('|')?.split('|').map(str::trim);
        Some((cells.next()?.to_owned(), cells.next()?.to_owned()))
    });
    rows.collect()
}

fn words(allowed: &str) -> Vec<&str> {
    allowed
        .split([',', ':', ';', '(', ')', '`', ' '])
        .filter(|word| !word.is_empty())
        .collect()
}

#[test]
fn packages_depend_on_what_the_architecture_says() {
    let allowed = allowed();
    for package in PACKAGES {
        let row = &allowed[package];
        let words = words(row);
        for dependency in manifest(package)["dependencies"].as_table().unwrap().keys() {
            let named = words.contains(&dependency.trim_start_matches("ecsdeck-"));
            let of_a_kind = dependency.starts_with("unicode-") && row.contains("unicode crates")
                || dependency.starts_with("aws-") && row.contains("the SDK");
            let outside = package == "sim" && !dependency.starts_with("ecsdeck");
            assert!(
                named || of_a_kind || outside,
                "{package} depends on {dependency}, which ARCHITECTURE.md does not allow: {row}"
            );
        }
    }
}

#[test]
fn the_simulator_knows_no_package_of_ours() {
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let manifest = manifest("sim");
        let Some(dependencies) = manifest.get(kind) else {
            continue;
        };
        for dependency in dependencies.as_table().unwrap().keys() {
            assert!(!dependency.starts_with("ecsdeck"), "{kind}: {dependency}");
        }
    }
    for (path, text) in sources("sim") {
        for package in [
            "ecsdeck_core",
            "ecsdeck_worker",
            "ecsdeck_aws",
            "ecsdeck_tui",
        ] {
            assert!(
                !text.contains(package),
                "{} names {package}",
                path.display()
            );
        }
    }
}

#[test]
fn of_the_worker_the_adapter_knows_the_ports_alone() {
    for (path, text) in sources("aws")
        .into_iter()
        .filter(|(path, _)| !path.ends_with("walls.rs"))
    {
        for used in text.split("ecsdeck_worker").skip(1) {
            assert!(
                used.starts_with("::ports"),
                "{}: ecsdeck_worker{}",
                path.display(),
                used.lines().next().unwrap()
            );
        }
    }
}

#[test]
fn a_writing_client_is_made_in_one_place_and_only_for_a_console_that_may_write() {
    let mut made = Vec::new();
    for folder in [
        "cli",
        "console",
        "worker",
        "backend.rs",
        "session.rs",
        "settings.rs",
    ] {
        let path = root().join("src").join(folder);
        let files = if path.is_dir() {
            sources(folder)
        } else {
            vec![(path.clone(), std::fs::read_to_string(&path).unwrap())]
        };
        for (path, text) in files {
            let lines = text.lines().filter(|line| line.contains(".writer("));
            made.extend(lines.map(|line| (path.clone(), line.trim().to_owned())));
        }
    }
    let [(path, line)] = made.as_slice() else {
        panic!("{made:?}")
    };
    assert!(path.ends_with("backend.rs"), "{}", path.display());
    assert!(line.contains("(!read_only).then("), "{line}");
}

#[test]
fn the_core_names_no_outside_world() {
    let outside = [
        "tokio::",
        "aws_sdk",
        "aws_config",
        "aws_smithy",
        "ratatui",
        "crossterm",
        "rustix",
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "Instant::now",
        "SystemTime",
        "Timestamp::now",
        "Zoned::now",
    ];
    // A benchmark has a clock, or it could not measure.
    let benchmark = |path: &Path| path.iter().any(|part| part == "benches");
    let product = |path: &Path| !path.ends_with("tests.rs") && !benchmark(path);
    for (path, text) in sources("core")
        .into_iter()
        .filter(|(path, _)| product(path))
    {
        // What comes after `mod tests {` is a test's own.
        let product = text.split("#[cfg(test)]\nmod ").next().unwrap();
        for line in product
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            for name in outside {
                assert!(!line.contains(name), "{}: {line}", path.display());
            }
        }
    }
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    let workspace: toml::Table = read("Cargo.toml").parse().unwrap();
    assert_eq!(
        workspace["workspace"]["lints"]["rust"]["unsafe_code"].as_str(),
        Some("forbid")
    );
    let members = workspace["workspace"]["members"].as_array().unwrap();
    assert_eq!(
        members.len(),
        PACKAGES.len(),
        "a package that this test does not know"
    );
    assert_eq!(workspace["lints"]["workspace"].as_bool(), Some(true));
    for package in PACKAGES {
        assert_eq!(
            manifest(package)["lints"]["workspace"].as_bool(),
            Some(true),
            "{package}"
        );
    }
}

#[test]
fn no_file_says_that_lints_are_off_without_a_reason() {
    let folders = PACKAGES.into_iter().chain(["cli", "console"]);
    for (path, text) in folders.flat_map(sources) {
        for (at, _) in text
            .match_indices("#[allow(")
            .chain(text.match_indices("#![allow("))
            .chain(text.match_indices("#[expect("))
        {
            let waiver = text
                .get(at..)
                .unwrap_or_default()
                .split(")]")
                .next()
                .unwrap();
            assert!(waiver.contains("reason ="), "{}: {waiver}", path.display());
        }
    }
}

/// The sources of a package, or of a folder of the root package.
fn sources(package: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src").join(package)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(found.len() > 2, "the sources of {package} are here");
    found
}

#[test]
fn every_file_that_the_architecture_names_is_there() {
    let text = read("ARCHITECTURE.md");
    let root = root();
    let named = text.split('`').skip(1).step_by(2);
    let paths: Vec<&str> = named
        .filter(|word| word.contains('/') && !word.contains([' ', '*', ':', '<']))
        .collect();
    assert!(paths.len() > 20, "{paths:?}");
    let beside = [
        "src",
        "src/core",
        "src/core/app",
        "src/tui",
        "src/worker",
        "src/aws",
        "",
    ];
    let missing: Vec<&&str> = paths
        .iter()
        .filter(|path| {
            !beside
                .iter()
                .any(|from| root.join(from).join(path).exists())
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
