//! The decoder against the bytes that terminals send, and against noise.

use proptest::prelude::*;

use super::*;
use crate::input::{Mouse, MouseKind};

fn decoded(bytes: &[u8]) -> Vec<Input> {
    let mut events = Vec::new();
    let mut decoder = Decoder::new();
    decoder.feed(bytes, &mut events);
    decoder.flush(&mut events);
    events
}

/// The name of the one key that `bytes` are.
fn name(bytes: &[u8]) -> String {
    match decoded(bytes).as_slice() {
        [Input::Key(press)] => {
            assert!(press.alone, "{bytes:?} came alone");
            assert_eq!(press.key, press.key.normal(), "{bytes:?} in its one form");
            press.key.to_string()
        }
        other => panic!("{bytes:?} is {other:?}"),
    }
}

fn names(bytes: &[u8]) -> Vec<String> {
    decoded(bytes)
        .iter()
        .map(|event| match event {
            Input::Key(press) => press.key.to_string(),
            other => format!("{other:?}"),
        })
        .collect()
}

#[test]
fn ordinary_keys() {
    for (bytes, is) in [
        (&b"y"[..], "y"),
        (b"Y", "Y"),
        (b"\r", "enter"),
        (b"\t", "tab"),
        (b"\x1b", "esc"),
        (b"\x7f", "backspace"),
        (b"\x08", "backspace"),
        (b"\x03", "ctrl-c"),
        (b"\n", "ctrl-j"),
        (b"\x1a", "ctrl-z"),
        (b"\0", "ctrl-space"),
        (b"\x1c", "ctrl-\\"),
        (b"\x1f", "ctrl-_"),
        (b"\x1bx", "alt-x"),
        (b"\x1b\r", "alt-enter"),
        (b"\x1b[", "alt-["),
        (b"\x1bO", "alt-O"),
        (b"\x1b]", "alt-]"),
        (b"\x1bP", "alt-P"),
        ("ü".as_bytes(), "ü"),
        ("漢".as_bytes(), "漢"),
        ("🚀".as_bytes(), "🚀"),
        ("\x1bé".as_bytes(), "alt-é"),
    ] {
        assert_eq!(name(bytes), is, "{bytes:?}");
    }
}

#[test]
fn sequences_of_many_terminals() {
    for (bytes, is) in [
        // xterm, in both cursor key modes.
        (&b"\x1b[A"[..], "up"),
        (b"\x1bOB", "down"),
        (b"\x1b[1;5C", "ctrl-right"),
        (b"\x1b[1;3D", "alt-left"),
        (b"\x1b[1;8A", "ctrl-alt-shift-up"),
        (b"\x1b[H", "home"),
        (b"\x1bOF", "end"),
        (b"\x1b[3~", "delete"),
        (b"\x1b[2;5~", "ctrl-insert"),
        (b"\x1b[5~", "pageup"),
        (b"\x1b[6;2~", "shift-pagedown"),
        (b"\x1b[Z", "backtab"),
        (b"\x1bOP", "f1"),
        (b"\x1b[1;2R", "shift-f3"),
        (b"\x1b[15~", "f5"),
        (b"\x1b[24;5~", "ctrl-f12"),
        // rxvt.
        (b"\x1b[7~", "home"),
        (b"\x1b[8~", "end"),
        (b"\x1b[11~", "f1"),
        (b"\x1b[a", "shift-up"),
        (b"\x1bOd", "ctrl-left"),
        (b"\x1b[3$", "shift-delete"),
        (b"\x1b[5^", "ctrl-pageup"),
        (b"\x1b[6@", "ctrl-shift-pagedown"),
        (b"\x1b\x1b[A", "alt-up"),
        (b"\x1b\x1bOC", "alt-right"),
        // The Linux console.
        (b"\x1b[1~", "home"),
        (b"\x1b[4~", "end"),
        (b"\x1b[[A", "f1"),
        (b"\x1b[[E", "f5"),
        // The keypad in application mode.
        (b"\x1bOM", "enter"),
        (b"\x1bOu", "5"),
        // modifyOtherKeys.
        (b"\x1b[27;5;105~", "ctrl-i"),
        (b"\x1b[27;2;13~", "shift-enter"),
        // kitty.
        (b"\x1b[27u", "esc"),
        (b"\x1b[97u", "a"),
        (b"\x1b[97;2u", "A"),
        (b"\x1b[49:33;2u", "!"),
        (b"\x1b[99;5u", "ctrl-c"),
        (b"\x1b[97;6u", "ctrl-a"),
        (b"\x1b[9;2u", "backtab"),
        (b"\x1b[57399u", "0"),
        (b"\x1b[57376u", "f13"),
        (b"\x1b[1;1:2B", "down"),
    ] {
        assert_eq!(name(bytes), is, "{bytes:?}");
    }
}

#[test]
fn reports() {
    for (bytes, is) in [
        (&b"\x1b[0n"[..], Input::DeviceStatusOk),
        (b"\x1b[12;40R", Input::Unknown),
        (b"\x1b[?1;3R", Input::Unknown),
        (b"\x1b[I", Input::Unknown),
        (b"\x1b[O", Input::Unknown),
        (b"\x1b[?62;22c", Input::Unknown),
        (b"\x1b[?2026;2$y", Input::Unknown),
        (b"\x1b]11;rgb:0/0/0\x07", Input::Unknown),
        (b"\x1b]11;rgb:0/0/0\x1b\\", Input::Unknown),
        (b"\x1bP1+r\x1b\\", Input::Unknown),
        (b"\x1b[M !!", Input::Unknown),
    ] {
        assert_eq!(decoded(bytes), [is], "{bytes:?}");
    }
}

#[test]
fn a_released_key_is_nothing() {
    assert_eq!(decoded(b"\x1b[97;1:3u"), []);
    assert_eq!(decoded(b"\x1b[3;1:3~"), []);
}

#[test]
fn the_mouse() {
    let mouse = |kind, ctrl| {
        Input::Mouse(Mouse {
            kind,
            col: 9,
            row: 4,
            ctrl,
            alt: false,
            shift: false,
        })
    };
    assert_eq!(
        decoded(b"\x1b[<0;10;5M"),
        [mouse(MouseKind::Press(0), false)]
    );
    assert_eq!(
        decoded(b"\x1b[<2;10;5m"),
        [mouse(MouseKind::Release(2), false)]
    );
    assert_eq!(
        decoded(b"\x1b[<32;10;5M"),
        [mouse(MouseKind::Drag(0), false)]
    );
    assert_eq!(decoded(b"\x1b[<35;10;5M"), [mouse(MouseKind::Move, false)]);
    assert_eq!(
        decoded(b"\x1b[<80;10;5M"),
        [mouse(MouseKind::WheelUp, true)]
    );
    assert_eq!(
        decoded(b"\x1b[<65;10;5M"),
        [mouse(MouseKind::WheelDown, false)]
    );
}

#[test]
fn an_unknown_sequence_runs_no_keys() {
    for bytes in [
        &b"\x1b[1;2;3;4y"[..],
        b"\x1b[>0;276;0c",
        b"\x1b[1;2 q",
        b"\x1bOz",
    ] {
        assert_eq!(decoded(bytes), [Input::Unknown], "{bytes:?}");
    }
}

#[test]
fn a_sequence_that_is_cut_by_another_byte_gives_way() {
    assert_eq!(names(b"\x1b[1;\x1b[A"), ["Unknown", "up"]);
    assert_eq!(names(b"\x1b[1;\x18q"), ["Unknown", "q"]);
    assert_eq!(names(b"\xe6\xbcq"), ["Unknown", "q"]);
    assert_eq!(names(b"\xff"), ["Unknown"]);
}

#[test]
fn endless_sequences_are_bounded_and_over_some_time() {
    let mut decoder = Decoder::new();
    let mut events = Vec::new();
    decoder.feed(b"\x1b[", &mut events);
    decoder.feed(&[b'1'; 1_000_000], &mut events);
    assert_eq!(events, []);
    assert!(matches!(decoder.state, State::TooLong));
    decoder.feed(b"Aq", &mut events);
    assert!(
        matches!(events.as_slice(), [Input::Unknown, Input::Key(_)]),
        "{events:?}"
    );

    let mut events = Vec::new();
    decoder.feed(b"\x1b]", &mut events);
    decoder.feed(&vec![b'x'; STRING_MAX], &mut events);
    assert_eq!(events, []);
    decoder.feed(b"q", &mut events);
    assert!(
        matches!(events.as_slice(), [Input::Unknown, Input::Key(_)]),
        "{events:?}"
    );
}

#[test]
fn an_escape_waits_for_the_deadline() {
    let mut decoder = Decoder::new();
    let mut events = Vec::new();
    assert_eq!(decoder.pending(), None);
    decoder.feed(b"\x1b", &mut events);
    assert_eq!(
        (events.len(), decoder.pending()),
        (0, Some(Pending::Escape))
    );
    decoder.flush(&mut events);
    assert_eq!((events.len(), decoder.pending()), (1, None));
    decoder.flush(&mut events);
    assert_eq!(events.len(), 1);
}

#[test]
fn a_sequence_that_the_network_cut_after_the_escape_is_still_one() {
    let mut decoder = Decoder::new();
    let mut events = Vec::new();
    decoder.feed(b"\x1b", &mut events);
    decoder.flush(&mut events);
    decoder.feed(b"[A", &mut events);
    // Not the capital letter A, which would be an action.
    assert_eq!(
        events
            .iter()
            .filter(|e| matches!(e, Input::Key(press) if press.key.text().is_some()))
            .count(),
        0
    );
    decoder.feed(b"\x1b", &mut events);
    decoder.flush(&mut events);
    events.clear();
    decoder.feed(b"[", &mut events);
    decoder.flush(&mut events);
    assert!(
        matches!(
            events.as_slice(),
            [Input::Key(press)] if press.key == Key::char('[')
        ),
        "{events:?}"
    );
}

#[test]
fn only_a_key_that_comes_by_itself_is_alone() {
    let alone = |reads: &[&[u8]]| {
        let mut decoder = Decoder::new();
        let mut events = Vec::new();
        for read in reads {
            decoder.feed(read, &mut events);
        }
        decoder.flush(&mut events);
        events
            .iter()
            .map(|e| matches!(e, Input::Key(key) if key.alone))
            .collect::<Vec<_>>()
    };
    assert_eq!(alone(&[b"y"]), [true]);
    assert_eq!(alone(&[b"yy"]), [false, false]);
    assert_eq!(alone(&[b"y\x1b"]), [false, false]);
    assert_eq!(alone(&[b"\x1b[0ny"]), [false, false]);
    assert_eq!(alone(&[b"\x1b[", b"A"]), [true]);
    assert_eq!(alone(&[b"x\x1b[", b"A"]), [false, false]);
    assert_eq!(alone(&[b"x", b"y"]), [true, true]);
}

#[test]
fn nothing_that_is_pasted_is_a_key() {
    for payload in [
        &b"y"[..],
        b"\ry\r",
        b"\x1b[201~y\r",
        b"\x1b[201~\x1b[201~U5\ry",
        b"\x1b[200~\x1b[201~\x1by",
        b"\x1b[20\x1b[201~y",
        b"\x03\x1b[201~\x03y",
        b"\x1b[201~\x1b[200~y",
    ] {
        for cut in 0..payload.len() {
            let mut decoder = Decoder::new();
            let mut events = Vec::new();
            decoder.feed(b"\x1b[200~", &mut events);
            decoder.feed(&payload[..cut], &mut events);
            decoder.feed(&payload[cut..], &mut events);
            decoder.feed(b"\x1b[201~", &mut events);
            assert_eq!(events, [], "{payload:?}");
            assert_eq!(decoder.pending(), Some(Pending::Paste));
            decoder.flush(&mut events);
            assert!(
                matches!(events.as_slice(), [Input::Paste(_)]),
                "{payload:?}: {events:?}"
            );
            events.clear();
            decoder.feed(b"q", &mut events);
            assert!(
                matches!(events.as_slice(), [Input::Key(_)]),
                "the keyboard works again"
            );
        }
    }
}

#[test]
fn a_paste_may_stall_for_as_long_as_it_likes() {
    let mut decoder = Decoder::new();
    let mut events = Vec::new();
    decoder.feed(b"\x1b[200~half", &mut events);
    assert_eq!(decoder.pending(), None);
    decoder.flush(&mut events);
    decoder.feed(b"y\r\x1b[201~", &mut events);
    decoder.flush(&mut events);
    assert_eq!(events, [Input::Paste("halfy\r".to_owned())]);
}

#[test]
fn ctrl_c_gets_out_of_a_paste_that_never_ends() {
    let mut decoder = Decoder::new();
    let mut events = Vec::new();
    decoder.feed(b"\x1b[200~half", &mut events);
    decoder.feed(b"\x03", &mut events);
    assert_eq!(decoder.pending(), Some(Pending::Paste));
    decoder.flush(&mut events);
    let ctrl_c = Press {
        alone: true,
        key: Key::ctrl('c'),
    };
    assert_eq!(events, [Input::Key(ctrl_c)]);
    decoder.feed(b"y", &mut events);
    assert_eq!(events.len(), 1, "the paste is still open");
}

/// Bytes of which sequences are made, and any others.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => prop::sample::select(&b"\x1b[O<?;:0129~$^@ABMRZmuynP]\\_\x07\x18\r\x03ay\xe6\xbc\xa2\xf0"[..])
            .prop_map(|b| vec![b]),
        1 => any::<u8>().prop_map(|b| vec![b]),
        1 => prop::sample::select(vec![&b"\x1b[200~"[..], b"\x1b[201~", b"\x1b[A", b"\x1b\x1b", b"\x1b]0;"])
            .prop_map(<[u8]>::to_vec),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn without_alone(events: Vec<Input>) -> Vec<Input> {
    events
        .into_iter()
        .map(|event| match event {
            Input::Key(press) => Input::Key(press.key.into()),
            other => other,
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn how_bytes_are_cut_into_reads_changes_nothing(bytes in bytes(), size in 1_usize..5) {
        let whole = decoded(&bytes);
        let mut decoder = Decoder::new();
        let mut events = Vec::new();
        for read in bytes.chunks(size) {
            decoder.feed(read, &mut events);
        }
        decoder.flush(&mut events);
        prop_assert_eq!(without_alone(whole), without_alone(events));
    }

    #[test]
    fn silence_at_any_time_is_survived(bytes in prop::collection::vec(any::<u8>(), 0..200), every in 1_usize..9) {
        let mut decoder = Decoder::new();
        let mut events = Vec::new();
        for read in bytes.chunks(every) {
            decoder.feed(read, &mut events);
            decoder.flush(&mut events);
            prop_assert_eq!(decoder.pending(), None);
        }
        prop_assert!(events.len() <= bytes.len() + 1);
    }

    #[test]
    fn no_pasted_text_becomes_a_key(text in bytes()) {
        let mut decoder = Decoder::new();
        let mut events = Vec::new();
        decoder.feed(b"\x1b[200~", &mut events);
        decoder.feed(&text, &mut events);
        decoder.feed(b"\x1b[201~", &mut events);
        decoder.flush(&mut events);
        prop_assert!(matches!(events.as_slice(), [Input::Paste(_)]), "{:?}", events);
    }
}
