//! What the README says of the keys is what the keys do.

#[test]
fn the_readme_shows_the_keys_as_they_are() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme
        .split_once("<!-- keys: made by `ecsdeck keys` -->\n")
        .expect("the mark before the table");
    let (table, _) = rest
        .split_once("<!-- /keys -->")
        .expect("the mark behind the table");
    let keys = env!("CARGO_BIN_EXE_ecsdeck");
    let output = std::process::Command::new(keys)
        .arg("keys")
        .output()
        .expect("it runs");
    assert_eq!(
        table.trim(),
        String::from_utf8_lossy(&output.stdout).trim(),
        "run `ecsdeck keys` and paste its table"
    );
}

#[test]
fn the_readme_and_the_manual_page_say_the_exit_codes_as_they_are() {
    let readme = include_str!("../../README.md");
    let page = std::process::Command::new(env!("CARGO_BIN_EXE_ecsdeck"))
        .arg("man")
        .output()
        .expect("it runs");
    let page = String::from_utf8(page.stdout).unwrap();
    let (_, status) = page.split_once(".SH \"EXIT STATUS\"\n").unwrap();
    let status = status.replace("\\-", "-");
    for (code, meaning) in ecsdeck::exit::Exit::MEANINGS {
        let row = format!("| {code} | {meaning} |");
        assert!(readme.contains(&row), "the README lacks: {row}");
        let entry = format!("\\fB{code}\\fR\n{meaning}\n");
        assert!(status.contains(&entry), "the manual page lacks: {entry}");
    }
}
