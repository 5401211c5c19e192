//! Taking back: count and revision come back, and nothing is overwritten that somebody changed since.

use serde_json::json;

use super::shop::{Shop, journal_is_whole};

/// The count and the revision.
fn values(shop: &Shop) -> (u64, String) {
    let count = shop.service("web")["desiredCount"].as_u64().unwrap();
    (count, shop.revision("web"))
}

#[test]
fn there_and_back_again() {
    let shop = Shop::new();
    let before = values(&shop);
    for arguments in [
        &["scale", "web", "5"][..],
        &["rollback", "web"],
        &["deploy", "web", "--image", ":1"],
        &["drain", "web"],
    ] {
        let there: Vec<&str> = arguments.iter().chain(&["--yes"]).copied().collect();
        shop.run(&there).ends(0);
        assert_ne!(values(&shop), before, "{arguments:?}");
        shop.run(&["undo", "--yes"]).ends(0);
        assert_eq!(values(&shop), before, "{arguments:?}");
    }
    // All of it is taken back by now.
    let ran = shop.run(&["undo", "--yes"]).ends(5);
    assert!(ran.stderr.contains("can be undone"), "{ran:?}");
    journal_is_whole(&shop.home);
}

#[test]
fn what_was_changed_since_is_left_alone() {
    let shop = Shop::new();
    shop.run(&["scale", "web", "5", "--yes"]).ends(0);
    shop.update("web", json!({ "desiredCount": 7 }));
    let ran = shop.run(&["undo", "--yes"]).ends(5);
    assert!(ran.stdout.contains("changed from 5 to 7"), "{ran:?}");
    assert_eq!(values(&shop).0, 7);
}

#[test]
fn an_earlier_write_is_named_by_the_beginning_of_its_id() {
    let shop = Shop::new();
    let first = shop
        .run(&["scale", "web", "5", "--yes", "--json"])
        .ends(0)
        .json();
    let id = first["id"].as_str().unwrap();
    let printed = shop
        .run(&["undo", id.get(..8).unwrap(), "--dry-run", "--json"])
        .ends(0)
        .json();
    assert_eq!(printed["request"]["desiredCount"], 2);
    shop.run(&["undo", id.get(..8).unwrap(), "--yes"]).ends(0);
    assert_eq!(values(&shop).0, 2);
    let ran = shop.run(&["undo", id, "--yes"]).ends(5);
    assert!(ran.stderr.contains("already undone"), "{ran:?}");
    let ran = shop.run(&["undo", "ffffffff", "--yes"]).ends(2);
    assert!(ran.stderr.contains("no write ffffffff"), "{ran:?}");
}

#[test]
fn what_cannot_be_taken_back_is_said() {
    let shop = Shop::new();
    shop.run(&["redeploy", "web", "--yes"]).ends(0);
    let ran = shop.run(&["undo", "--yes"]).ends(5);
    assert!(ran.stderr.contains("cannot be undone"), "{ran:?}");
}
