//! Draws the model.
//!
//! [`view`] is a pure function: the same model gives the same screen, and it
//! draws at any size without panicking. Account and region are on every screen
//! that is drawn at all, and so is the verdict on what is selected.

mod bottom;
mod canvas;
mod failure;
mod glyphs;
mod header;
mod hint;
mod hits;
mod layout;
mod list;
mod overlays;
mod panes;
mod title;
mod verdict;
mod wrap;

#[cfg(test)]
mod proof;

use ecsdeck_core::app::{Model, Overlay, Purpose};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::canvas::{Canvas, Spot};
use self::layout::{LEAST, Layout};
use self::overlays::{form, prompt, question, results, viewer, which_key};
use crate::theme::Theme;

/// Draws the whole screen into `buffer`, whatever was in it before; the buffer's size counts, not the
/// model's. Gives where the text cursor belongs while a line is typed.
pub fn view(model: &Model, theme: &Theme, buffer: &mut Buffer) -> Option<Position> {
    buffer.reset();
    let area = buffer.area;
    let mut canvas = Canvas::new(buffer, theme, model.setup.ascii);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        draw_too_small(&mut canvas, area);
        return None;
    }
    let banner = header::banner(model);
    let banner_rows = banner
        .as_ref()
        .map_or(0, |banner| banner.height(area.width));
    let layout = Layout::new(area, model, banner_rows);
    header::draw_header(&mut canvas, model, layout.header);
    if let Some(banner) = &banner {
        banner.draw(&mut canvas, layout.banner);
    }
    verdict::draw_verdict(&mut canvas, model, layout.verdict);
    match &model.overlay {
        Some(Overlay::Viewer(viewer)) => {
            viewer::draw_viewer(&mut canvas, viewer, model.size.1, layout.body);
        }
        Some(Overlay::Results) => results::draw_results(&mut canvas, model, layout.body),
        Some(Overlay::Prompt(Purpose::InText(viewer, _), _)) => {
            viewer::draw_viewer(&mut canvas, viewer, model.size.1, layout.body);
        }
        _ => draw_panes(&mut canvas, model, &layout),
    }
    which_key::draw_which_key(&mut canvas, model, layout.body);
    match &model.overlay {
        Some(Overlay::Prompt(purpose, prompt)) => prompt::draw_prompt(
            &mut canvas,
            model,
            purpose,
            prompt,
            layout.body,
            layout.bottom,
        ),
        Some(Overlay::Form(form)) => {
            bottom::draw_hints_alone(&mut canvas, model, layout.bottom);
            form::draw_form(&mut canvas, model, form, layout.body)
        }
        Some(Overlay::Confirm(confirm)) => {
            bottom::draw_bottom(&mut canvas, model, layout.bottom);
            // On a low screen the question needs the verdict's rows too.
            let low = layout.body.height < 9;
            let area = if low {
                layout.verdict.union(layout.body)
            } else {
                layout.body
            };
            question::draw_question(&mut canvas, model, confirm, area)
        }
        Some(Overlay::Viewer(_) | Overlay::Results) | None => {
            bottom::draw_bottom(&mut canvas, model, layout.bottom);
            None
        }
    }
}

fn draw_panes(canvas: &mut Canvas<'_>, model: &Model, layout: &Layout) {
    for side in &layout.sides {
        canvas.side(*side);
    }
    for (pane, area) in &layout.panes {
        panes::draw(canvas, model, layout, *pane, *area);
    }
}

fn draw_too_small(canvas: &mut Canvas<'_>, area: Rect) {
    let text = format!(
        "{}x{} is too small: {}x{} needed",
        area.width, area.height, LEAST.0, LEAST.1
    );
    let style = canvas.theme.heading;
    let columns = usize::from(area.width);
    for (at, row) in (0..area.height).zip(wrap::wrap(&text, columns, columns)) {
        canvas.put(
            &mut Spot::row(area, at),
            text.get(row).unwrap_or_default(),
            style,
        );
    }
}
