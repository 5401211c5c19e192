//! The worlds and scenarios that come with the program.

use super::WorldError;
use super::nearest::hint;

pub(super) const WORLDS: [(&str, &str); 3] = [
    ("aipm", include_str!("../../../worlds/aipm.toml")),
    ("fleet", include_str!("../../../worlds/fleet.toml")),
    (
        "short-drama",
        include_str!("../../../worlds/short-drama.toml"),
    ),
];

pub(super) const SCENARIOS: [(&str, &str); 1] = [(
    "image-fixed",
    include_str!("../../../scenarios/image-fixed.toml"),
)];

pub(super) fn find(
    among: &[(&str, &'static str)],
    kind: &str,
    wanted: &str,
) -> Result<&'static str, WorldError> {
    among
        .iter()
        .find(|(name, _)| *name == wanted)
        .map(|(_, text)| *text)
        .ok_or_else(|| WorldError {
            file: wanted.to_owned(),
            line: 0,
            message: format!(
                "no {kind} is called `{wanted}`{}",
                hint(wanted, among.iter().map(|(name, _)| *name))
            ),
        })
}
