//! The box that says how a chord that has begun may go on.

use ecsdeck_core::app::Model;
use ecsdeck_core::text::{Align, width};
use ratatui::layout::Rect;

use super::super::canvas::{Canvas, Spot};

pub(in crate::view) fn draw_which_key(canvas: &mut Canvas<'_>, model: &Model, body: Rect) {
    if model.pending.is_empty() || body.height < 2 {
        return;
    }
    let theme = canvas.theme;
    let ways: Vec<(String, &str)> = model
        .setup
        .keymap
        .continuations(model.scope().chain(), &model.pending)
        .into_iter()
        .map(|way| (way.keys.to_string(), way.action.info().title))
        .collect();
    let keys = ways.iter().map(|(keys, _)| width(keys)).max().unwrap_or(0);
    let titles = ways.iter().map(|(_, title)| title.len()).max().unwrap_or(0);
    let pressed: Vec<String> = model.pending.iter().map(ToString::to_string).collect();
    let head = format!(" {} \u{2026} ", pressed.join(" "));
    let columns = keys
        .saturating_add(titles)
        .saturating_add(4)
        .max(width(&head).saturating_add(1));
    let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(body.width);
    let height = u16::try_from(ways.len())
        .unwrap_or(u16::MAX)
        .saturating_add(1)
        .min(body.height);
    let area = Rect {
        x: body.right().saturating_sub(columns),
        y: body.bottom().saturating_sub(height),
        width: columns,
        height,
    };
    canvas.clear(area);
    canvas.side(Rect { width: 1, ..area });
    let mut spot = Spot::row(area, 0);
    canvas.put(&mut spot, &head, theme.focus);
    canvas.rule(spot);
    for (at, (way, title)) in (1..area.height).zip(&ways) {
        let mut spot = Spot::row(area, at);
        spot.skip(1);
        canvas.put_column(&mut spot, way, keys, Align::Right, theme.key);
        spot.skip(1);
        canvas.put(&mut spot, title, theme.text);
    }
}
