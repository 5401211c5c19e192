//! What a person reads on the screen.

use ecsdeck_core::act::{IntentId, Outcome};
use ecsdeck_core::app::{Msg, Overlay, Pane, Query};
use ecsdeck_core::deck::Deck;
use ecsdeck_core::domain::{CloudError, ErrorKind};
use ecsdeck_core::text::Clean;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};

use super::world::{World, line, setup};
use crate::theme::Theme;
use crate::view::view;

fn frame(world: &World, size: (u16, u16)) -> (Buffer, Option<Position>) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    let cursor = view(&world.model, &Theme::default(), &mut buffer);
    (buffer, cursor)
}

/// The screen's rows as text.
pub(super) fn text(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width).max(1);
    buffer
        .content
        .chunks(width)
        .map(|row| {
            row.iter()
                .map(ratatui::buffer::Cell::symbol)
                .collect::<String>()
        })
        .collect()
}

fn screen(world: &World, size: (u16, u16)) -> Vec<String> {
    text(&frame(world, size).0)
}

/// What was written in rows that wrap, as one line.
fn flat(rows: &[String]) -> String {
    let words: Vec<&str> = rows.iter().flat_map(|row| row.split_whitespace()).collect();
    words.join(" ")
}

fn stuck(size: (u16, u16)) -> World {
    World::stuck(setup(), size).settled()
}

#[track_caller]
fn assert_shows(rows: &[String], words: &str) {
    assert!(
        rows.iter().any(|row| row.contains(words)),
        "{words:?} is not in\n{}",
        rows.join("\n")
    );
}

#[test]
fn account_region_and_verdict_are_there_before_any_key_is_pressed() {
    for size in [
        (80, 24),
        (120, 40),
        (200, 50),
        (40, 12),
        (40, 10),
        (60, 15),
        (100, 12),
    ] {
        let rows = screen(&stuck(size), size);
        assert!(
            rows[0].contains("123456789012") && rows[0].contains("us-east-1"),
            "{size:?}: {}",
            rows[0]
        );
        assert!(
            rows[1].contains("■ STUCK") && rows[1].contains("short-drama-backend"),
            "{size:?}: {}",
            rows[1]
        );
        assert!(
            flat(&rows).contains("image not found"),
            "{size:?}\n{}",
            rows.join("\n")
        );
    }
}

#[test]
fn the_whole_cause_can_be_read_at_80_by_24() {
    let rows = screen(&stuck((80, 24)), (80, 24));
    let verdict = flat(&rows[1..3]);
    assert!(
        verdict.contains("image not found: short-drama-backend:v8"),
        "{verdict}"
    );
    let left: Vec<String> = rows[10..17]
        .iter()
        .map(|row| row.chars().take(38).collect())
        .collect();
    let why = flat(&left);
    assert!(
        why.contains("cause: image not found") && why.contains("fix: Push the image"),
        "{why}"
    );
}

#[test]
fn before_anything_is_read_the_screen_says_that_it_asks() {
    let size = (80, 24);
    let rows = screen(&World::stuck(setup(), size), size);
    assert!(
        rows[0].contains("account ?") && rows[0].contains("us-east-1"),
        "{}",
        rows[0]
    );
    assert_shows(&rows, "asking AWS for clusters and services");
    assert_shows(&rows, "asking AWS for work items");
    assert!(!flat(&rows).contains("no table"), "nobody knows that yet");
}

#[test]
fn all_panes_have_their_least_rows_at_80_by_24() {
    let rows = screen(&stuck((80, 24)), (80, 24));
    let row_of = |words: &str| {
        rows.iter()
            .position(|row| row.contains(words))
            .unwrap_or_else(|| panic!("{words}\n{}", rows.join("\n")))
    };
    assert!(
        row_of("Why ") - row_of("Services 5") > 4,
        "at least four services"
    );
    assert!(
        row_of("Queues 3") - row_of("Tasks 9") > 4,
        "at least four tasks"
    );
    assert!(row_of("Logs ") - row_of("Why ") > 3);
    assert!(23 - row_of("Logs ") > 5, "at least five lines of the log");
    assert!(rows[23].trim_end().ends_with("? help"), "{}", rows[23]);
    assert_shows(&rows, "gpu_tasks_queue");
    assert_shows(&rows, "▲ gpu_tasks_queue");
    assert_shows(&rows, "task_store 2 fail 1 run 2 wait 2 done");
}

#[test]
fn the_log_spans_the_whole_width_without_a_frame() {
    let size = (80, 24);
    let mut world = stuck(size);
    world.logs.push(line(41, "nginx", &"x".repeat(300)));
    world.wait(2);
    let rows = screen(&world, size);
    assert!(rows[22].starts_with("07:31:07 nginx"), "{}", rows[22]);
    assert!(rows[22].ends_with("xxx…"), "{}", rows[22]);
}

#[test]
fn a_wrapped_line_is_shown_whole() {
    let size = (80, 24);
    let mut world = stuck(size);
    world.logs.push(line(
        41,
        "nginx",
        &format!("{} the end", "word ".repeat(30)),
    ));
    world.press("l w");
    world.wait(2);
    let rows = screen(&world, size);
    assert!(rows[22].contains("the end"), "{}", rows.join("\n"));
}

#[test]
fn a_structured_line_is_folded_and_coloured_by_its_level_and_the_filter_stands_in_the_title() {
    let size = (120, 40);
    let mut world = stuck(size);
    let text = r#"{"level":"error","msg":"no route","host":"db-1"}"#;
    world.logs.push(line(41, "nginx", text));
    world.press("l");
    world.wait(2);
    assert_shows(&screen(&world, size), "ERROR no route host=db-1");
    let (buffer, _) = frame(&world, size);
    let red: String = buffer
        .content
        .iter()
        .skip(120 * 26)
        .filter(|cell| cell.style().fg == Some(Color::Red))
        .map(|cell| cell.symbol())
        .collect();
    assert!(red.contains("ERROR no route"), "{red:?}");
    assert!(!red.contains("host"), "names of fields are not: {red:?}");
    world.press("& n o space r o u t e enter");
    assert_shows(&screen(&world, size), "&no route");
    world.press("esc x");
    world.wait(2);
    assert_shows(&screen(&world, size), text);
}

#[test]
fn a_held_log_says_how_many_lines_wait_below() {
    let size = (80, 24);
    let mut world = stuck(size);
    world.press("l k k");
    assert_shows(&screen(&world, size), "paused, 2 newer lines");
    world.press("G");
    assert_shows(&screen(&world, size), "FOLLOW");
}

#[test]
fn what_is_searched_for_is_marked() {
    let size = (120, 40);
    let mut world = stuck(size);
    world.press("l / t i m e d enter");
    let (buffer, _) = frame(&world, size);
    let marked: String = buffer
        .content
        .iter()
        .skip(120 * 26)
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED))
        .map(|cell| cell.symbol())
        .collect();
    assert!(marked.contains("timed"), "{marked:?}");
}

#[test]
fn the_pane_that_keys_go_to_is_marked() {
    let size = (80, 24);
    let mut world = stuck(size);
    for (key, title) in [
        ("tab", "▶ Tasks"),
        ("tab", "▶ "),
        ("tab", "▶ Queues"),
        ("tab", "▶ Work"),
        ("tab", "▶ Logs"),
        ("tab", "▶ Services"),
    ] {
        world.press(key);
        let rows = screen(&world, size);
        assert_shows(&rows, title);
        assert_eq!(
            rows.iter()
                .map(|row| row.matches("▶ ").count())
                .sum::<usize>(),
            1
        );
    }
}

#[test]
fn one_pane_at_a_time_is_drawn_on_a_narrow_screen() {
    let size = (40, 20);
    let mut world = stuck(size);
    assert_shows(&screen(&world, size), "Services 5");
    world.press("enter");
    let rows = screen(&world, size);
    assert_shows(&rows, "Tasks 9");
    assert!(!rows.iter().any(|row| row.contains("Services 5")));
    assert_shows(&rows, "STUCK");
}

#[test]
fn a_screen_that_is_too_small_says_so() {
    let rows = screen(&stuck((20, 5)), (20, 5));
    assert_eq!(flat(&rows), "20x5 is too small: 40x10 needed");
}

fn error(kind: ErrorKind, operation: &'static str, code: &str) -> CloudError {
    CloudError {
        operation,
        kind,
        code: Some(Clean::new(code)),
        message: Clean::new("the words of AWS"),
        request_id: Some(Clean::new("4f1c-77")),
    }
}

#[test]
fn expired_credentials_are_a_banner_and_what_was_read_stays() {
    for size in [(80, 24), (40, 12), (120, 40)] {
        let mut world = stuck(size);
        world.broken = Some((
            |_| true,
            error(
                ErrorKind::Expired,
                "ecs:DescribeServices",
                "ExpiredTokenException",
            ),
        ));
        world.press("r");
        world.wait(40);
        let rows = screen(&world, size);
        assert!(
            rows[0].contains("123456789012") && rows[0].contains("us-east-1"),
            "{}",
            rows[0]
        );
        assert!(rows[1].contains("CREDENTIALS EXPIRED"), "{}", rows[1]);
        assert!(
            flat(&rows).contains("ExpiredTokenException"),
            "{}",
            rows.join("\n")
        );
        assert!(flat(&rows).contains("STUCK"), "{}", rows.join("\n"));
        assert!(rows[0].contains("stale 4"), "{}", rows[0]);
    }
}

#[test]
fn a_failed_call_has_its_place_in_its_pane() {
    let size = (120, 40);
    let mut world = stuck(size);
    world.broken = Some((
        |query| matches!(query, Query::Queues { .. }),
        error(ErrorKind::Denied, "sqs:GetQueueAttributes", "AccessDenied"),
    ));
    world.press("r");
    world.wait(12);
    let rows = screen(&world, size);
    assert_shows(&rows, "failed, data 1");
    assert_shows(
        &rows,
        "sqs:GetQueueAttributes AccessDenied: your role lacks this",
    );
    assert!(
        !rows[1].contains("ACCESS DENIED"),
        "one pane's trouble is no banner: {}",
        rows[1]
    );
    assert_shows(&rows, "gpu_tasks_queue");
}

#[test]
fn the_wrong_account_is_a_banner() {
    let size = (80, 24);
    let mut setup = setup();
    setup.deck = Some(Deck {
        name: "other".to_owned(),
        account: Some("999999999999".to_owned()),
        ..Deck::default()
    });
    let rows = screen(&World::stuck(setup, size).settled(), size);
    assert!(
        rows[1].contains("WRONG ACCOUNT") && rows[1].contains("123456789012"),
        "{}",
        rows[1]
    );
    assert!(
        flat(&rows).contains("999999999999; writes are off"),
        "{}",
        rows.join("\n")
    );
    assert!(rows[0].contains("deck other"), "{}", rows[0]);
}

#[test]
fn read_only_is_in_the_header_and_offers_no_write() {
    let size = (80, 24);
    let mut setup = setup();
    setup.read_only = true;
    let rows = screen(&World::stuck(setup, size).settled(), size);
    assert!(rows[0].contains("READ-ONLY"), "{}", rows[0]);
    assert!(!rows[23].contains("scale"), "{}", rows[23]);
}

#[test]
fn a_filter_is_seen_where_it_hides_rows() {
    let size = (80, 24);
    let mut world = stuck(size);
    world.press("/ w e b");
    let (buffer, cursor) = frame(&world, size);
    let rows = text(&buffer);
    assert!(rows[23].starts_with("/web"), "{}", rows[23]);
    assert_eq!(cursor, Some(Position { x: 4, y: 23 }));
    assert_shows(&rows, "/web");
    assert_shows(&rows, "4 hidden");
}

#[test]
fn the_title_of_the_log_counts_what_is_searched_for() {
    let size = (120, 40);
    let mut world = stuck(size);
    world.press("l / t i m e d");
    assert_shows(&screen(&world, size), "/timed 10 of 10");
    world.press("esc / n o p e enter");
    assert_shows(&screen(&world, size), "/nope none");
}

#[test]
fn a_text_over_the_panes_is_searched_and_stays_there_meanwhile() {
    let size = (80, 24);
    let mut world = stuck(size);
    world.press("? / s c a l e");
    let (buffer, _) = frame(&world, size);
    let rows = text(&buffer);
    assert_shows(&rows, "/scale 1 of ");
    assert!(rows[23].starts_with("/scale"), "{}", rows[23]);
    let marked = |buffer: &Buffer| -> String {
        let cells = buffer.content.iter();
        let marked = cells.filter(|cell| cell.modifier.contains(Modifier::REVERSED));
        marked.map(|cell| cell.symbol()).collect()
    };
    assert!(
        marked(&buffer).to_lowercase().contains("scale"),
        "{}",
        marked(&buffer)
    );
}

#[test]
fn the_logs_that_can_be_chosen_are_listed_and_those_that_are_marked_are_counted() {
    let size = (80, 24);
    let mut world = stuck(size);
    world.press("l o");
    let rows = screen(&world, size);
    assert_shows(&rows, "tab marks several");
    assert_shows(&rows, "short-drama-backend");
    world.press("l a m b d a");
    assert_shows(&screen(&world, size), "/aws/lambda/mailer");
    world.press("tab");
    let rows = screen(&world, size);
    assert_shows(&rows, "1 marked: enter shows them together");
    assert!(rows[23].starts_with("logs: lambda"), "{}", rows[23]);
}

#[test]
fn the_palette_says_what_each_command_does() {
    let size = (80, 24);
    let mut world = stuck(size);
    world.press(": s c a");
    let rows = screen(&world, size);
    assert_shows(&rows, "scale");
    assert_shows(&rows, "Set the desired count.");
    assert!(rows[23].starts_with(":sca"));
}

#[test]
fn the_question_shows_all_that_counts_at_every_size() {
    for size in [(80, 24), (120, 40), (40, 12), (40, 10), (200, 50)] {
        let mut world = stuck(size);
        world.press("U backspace 5 enter");
        assert!(matches!(world.model.overlay, Some(Overlay::Confirm(_))));
        let rows = screen(&world, size);
        let all = flat(&rows);
        for words in [
            "SCALE?",
            "account 123456789012, us-east-1",
            "service short-drama-backend",
            "2 → 5",
            "wait…",
        ] {
            assert!(
                all.contains(words),
                "{words:?} at {size:?}\n{}",
                rows.join("\n")
            );
        }
        world.tell(Msg::Shown(1));
        assert!(
            flat(&screen(&world, size)).contains("y does it"),
            "{size:?}"
        );
    }
    let mut world = stuck((80, 24));
    world.press("U backspace 5 enter");
    let all = flat(&screen(&world, (80, 24)));
    assert!(all.contains("role OnCallOperator"), "{all}");
    assert!(
        all.contains("$ aws ecs update-service --region us-east-1 --cluster short-drama-cluster"),
        "{all}"
    );
}

#[test]
fn a_big_change_in_a_protected_deck_asks_for_the_name() {
    let size = (80, 24);
    let mut setup = setup();
    setup.deck = Some(Deck {
        name: "prod".to_owned(),
        protected: true,
        ..Deck::default()
    });
    let mut world = World::stuck(setup, size).settled();
    world.press("U backspace 0 enter");
    world.tell(Msg::Shown(1));
    world.press("s h o");
    let (buffer, cursor) = frame(&world, size);
    let rows = text(&buffer);
    assert_shows(&rows, "type short-drama-backend and enter: sho");
    assert!(cursor.is_some());
}

#[test]
fn a_write_under_way_and_its_end_are_told() {
    let size = (80, 24);
    let mut world = stuck(size);
    world.press("U backspace 5 enter");
    world.tell(Msg::Shown(1));
    world.press("y");
    let rows = screen(&world, size);
    assert!(
        rows[23].contains("scale short-drama-backend 2 → 5: checking"),
        "{}",
        rows[23]
    );
}

#[test]
fn help_can_be_read_to_its_end() {
    let size = (80, 24);
    let mut world = stuck(size);
    world.press("?");
    assert_shows(&screen(&world, size), "keys in services (keymap default)");
    world.press("G");
    let rows = screen(&world, size);
    assert_shows(&rows, "Leave the console.");
    assert!(rows[23].contains("close"), "{}", rows[23]);
}

#[test]
fn a_long_json_can_be_read_to_its_end_though_its_lines_wrap() {
    let size = (40, 12);
    let mut world = stuck(size);
    world.press("y G");
    let rows = screen(&world, size);
    assert_eq!(rows[10].trim(), "}", "{}", rows.join("\n"));
}

#[test]
fn zoomed_logs_leave_account_and_verdict() {
    let size = (80, 24);
    let mut world = stuck(size);
    world.press("L");
    let rows = screen(&world, size);
    assert_eq!(world.model.zoom, Some(Pane::Logs));
    assert!(
        rows[3].contains("▶ Logs") && rows[1].contains("STUCK"),
        "{}",
        rows.join("\n")
    );
    assert!(rows[22].starts_with("07:31:01"), "{}", rows[22]);
}

#[test]
fn the_same_model_gives_the_same_screen_whatever_was_drawn_before() {
    let world = stuck((80, 24));
    let mut fresh = Buffer::empty(Rect::new(0, 0, 80, 24));
    let mut used = Buffer::filled(Rect::new(0, 0, 80, 24), ratatui::buffer::Cell::new("Q"));
    view(&world.model, &Theme::default(), &mut fresh);
    view(&world.model, &Theme::default(), &mut used);
    assert_eq!(fresh, used);
}

#[test]
fn ascii_is_all_that_is_drawn_where_it_is_asked_for() {
    for size in [(80, 24), (40, 12), (200, 50)] {
        let mut plain = setup();
        plain.ascii = true;
        let mut world = World::stuck(plain, size);
        world.logs.push(line(
            60,
            "nginx",
            "caf\u{e9} \u{65e5}\u{672c} \u{2192} done",
        ));
        let mut world = world.settled();
        for keys in [
            "tab",
            "?",
            "esc",
            ": s",
            "esc",
            "U 5 enter",
            "esc",
            "y",
            "esc",
            "/ x",
        ] {
            world.press(keys);
            let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
            view(&world.model, &Theme::mono(), &mut buffer);
            for row in text(&buffer) {
                assert!(row.is_ascii(), "{row}");
            }
        }
    }
}

#[test]
fn keys_that_may_follow_are_shown_while_a_chord_is_open() {
    let size = (80, 24);
    let mut setup = setup();
    setup.keymap = ecsdeck_core::keys::Keymap::load("mine", &|_| {
        Some(ecsdeck_core::keys::Source {
            file: "mine.toml".to_owned(),
            text: "inherits = \"default\"\n[global]\n\"g\" = false\n\"g g\" = \"go-top\"\n\"g e\" = \"go-bottom\"".to_owned(),
        })
    })
    .unwrap();
    let mut world = World::stuck(setup, size).settled();
    world.press("g");
    let rows = screen(&world, size);
    assert_shows(&rows, "e bottom");
    assert_shows(&rows, "g top");
}

#[test]
fn why_a_write_failed_is_read_to_its_end() {
    for size in [(80, 24), (120, 40), (40, 12)] {
        let mut world = stuck(size);
        world.tell(Msg::Acted {
            intent: IntentId::new(1),
            outcome: Outcome::Failed(CloudError {
                operation: "ecs:UpdateService",
                kind: ErrorKind::Denied,
                code: Some(Clean::literal("AccessDeniedException")),
                message: Clean::literal(
                    "User: arn:aws:sts::123456789012:assumed-role/OnCall/ann is not authorized to perform: \
                     ecs:UpdateService because no identity-based policy allows the action",
                ),
                request_id: Some(Clean::literal("0f8fad5b-d9cb-469f-a165-70867728950e")),
            }),
            seen: Box::default(),
        });
        let rows = screen(&world, size);
        let told = flat(&rows);
        assert!(told.contains("AccessDeniedException"), "{told}");
        if size.0 > 40 {
            assert!(
                told.contains("allows the action (request 0f8fad5b-d9cb-469f-a165-70867728950e)"),
                "{size:?}\n{}",
                rows.join("\n")
            );
        }
        assert!(rows[1].contains("STUCK"), "the verdict stays");
        world.press("j");
        assert_shows(&screen(&world, size), "? help");
    }
}
