//! From what the terminal sends to what the core takes in.

use ecsdeck_core::app::Msg;
use ecsdeck_core::keys::{Code, Key};
use ecsdeck_tui::input::{Input, KeyCode, MouseKind, RawKey};

/// Lines that one notch of a wheel scrolls.
const NOTCH: usize = 3;

pub(super) fn messages(input: Input) -> Vec<Msg> {
    match input {
        Input::Key(raw) => key(raw)
            .map(|key| Msg::Key {
                key,
                alone: raw.alone,
            })
            .into_iter()
            .collect(),
        Input::Paste(text) => vec![Msg::Pasted(text)],
        Input::Mouse(mouse) => {
            let code = match mouse.kind {
                MouseKind::WheelUp => Code::Up,
                MouseKind::WheelDown => Code::Down,
                _ => return Vec::new(),
            };
            vec![
                Msg::Key {
                    key: Key::plain(code),
                    alone: false
                };
                NOTCH
            ]
        }
        Input::CursorReport { .. }
        | Input::DeviceStatusOk
        | Input::FocusIn
        | Input::FocusOut
        | Input::Unknown => Vec::new(),
    }
}

/// None of these came alone, whatever the decoder knows.
pub(super) fn in_company(inputs: &mut [Input]) {
    for event in inputs {
        if let Input::Key(key) = event {
            key.alone = false;
        }
    }
}

fn key(raw: RawKey) -> Option<Key> {
    let code = match raw.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => return Some(Key::new(Code::Tab, raw.ctrl, raw.alt, true)),
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n) => Code::F(n),
    };
    Some(Key::new(code, raw.ctrl, raw.alt, raw.shift))
}
