//! Tests that hold the walls of this package.

use std::path::PathBuf;

/// The package's own files, but for this one.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && !path.ends_with("walls.rs")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(found.len() > 10, "the sources are here");
    found
}

#[test]
fn one_module_alone_names_operations_that_change_something() {
    let verbs = [
        "update_service(",
        "run_task(",
        "start_task(",
        "stop_task(",
        ".create_",
        ".delete_",
        ".put_",
        ".register_",
        ".deregister_",
        ".purge_",
        "send_message",
        "receive_message",
        "start_message_move",
        "cancel_message_move",
        ".tag_resource",
        ".update_",
        "stop_service_deployment",
        "continue_service_deployment",
        "execute_statement",
        "batch_write",
        "transact_write",
    ];
    let mut writing = false;
    for (path, text) in sources() {
        let named: Vec<_> = verbs.iter().filter(|verb| text.contains(**verb)).collect();
        let may = path.components().any(|part| part.as_os_str() == "writes");
        assert!(may || named.is_empty(), "{}: {named:?}", path.display());
        writing |= may && !named.is_empty();
    }
    assert!(writing, "the writing module is here");
}

#[test]
fn no_value_of_a_secret_or_parameter_is_ever_read() {
    let values = [
        "get_secret_value",
        "batch_get_secret",
        "get_parameter",
        "with_decryption",
        "get_authorization_token",
    ];
    for (path, text) in sources() {
        let named = values.iter().find(|value| text.contains(**value));
        assert_eq!(named, None, "{}", path.display());
    }
}

#[test]
fn of_the_worker_only_its_ports_are_known() {
    for (path, text) in sources() {
        let beyond = text
            .split("ecsdeck_worker")
            .skip(1)
            .find(|after| !after.starts_with("::ports::"));
        assert_eq!(beyond, None, "{}", path.display());
    }
}

#[test]
fn no_type_of_the_sdk_is_public() {
    for (path, text) in sources() {
        let public = text.lines().map(str::trim_start).find(|line| {
            line.starts_with("pub ") && (line.contains("aws_") || line.contains("SdkConfig"))
        });
        assert_eq!(public, None, "{}", path.display());
    }
}
