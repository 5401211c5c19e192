//! From what the terminal sends to what the core takes in.

use ecsdeck_core::app::Msg;
use ecsdeck_core::keys::{Code, Key};
use ecsdeck_tui::input::{Input, MouseKind};

/// Lines that one notch of a wheel scrolls.
const NOTCH: usize = 3;

pub(super) fn messages(input: Input) -> Vec<Msg> {
    match input {
        Input::Key(press) => vec![Msg::Key {
            key: press.key,
            alone: press.alone,
        }],
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
        Input::DeviceStatusOk | Input::Unknown => Vec::new(),
    }
}

/// None of these came alone, whatever the decoder knows.
pub(super) fn in_company(inputs: &mut [Input]) {
    for event in inputs {
        if let Input::Key(press) = event {
            press.alone = false;
        }
    }
}
