//! Keymap files laid over each other until one keymap stands.

use super::draft::Draft;
use super::layer::{Layer, Source};
use super::problem::{KeymapError, Problem};
use super::{Keymap, check};
use crate::text::{Clean, nearest};

/// The keymaps that come with the program: name and text. These names always
/// mean these keymaps, so that a file may inherit from the one it is named after.
pub const BUILTIN: [(&str, &str); 4] = [
    ("default", include_str!("../../../keymaps/default.toml")),
    ("k9s", include_str!("../../../keymaps/k9s.toml")),
    ("vim", include_str!("../../../keymaps/vim.toml")),
    ("emacs", include_str!("../../../keymaps/emacs.toml")),
];

impl Keymap {
    /// The keymap with that name: a built-in one, or one that `resolve` finds
    /// (a file's name, or one in the user's configuration). So are the names
    /// that a file inherits.
    ///
    /// # Errors
    /// The first thing that is wrong with a file, with its place.
    pub fn load(name: &str, resolve: &dyn Fn(&str) -> Option<Source>) -> Result<Self, KeymapError> {
        let draft = Draft::new(chain(name, resolve)?);
        check::check(&draft)?;
        let bindings = draft.scopes.into_iter().flat_map(|(scope, chords)| {
            chords
                .into_iter()
                .map(move |(chord, bound)| (scope, chord, bound.action))
        });
        Ok(Self::new(Clean::new(name), bindings))
    }
}

/// The files of a keymap, the one that inherits nothing first.
fn chain(name: &str, resolve: &dyn Fn(&str) -> Option<Source>) -> Result<Vec<Layer>, KeymapError> {
    let mut names: Vec<String> = Vec::new();
    let mut layers: Vec<Layer> = Vec::new();
    let mut wanted = Some((name.to_owned(), 0));
    while let Some((name, offset)) = wanted.take() {
        let error = |problem| match layers.last() {
            Some(layer) => layer.error(offset, problem),
            None => KeymapError::new(None, problem),
        };
        if names.contains(&name) {
            let circle = names
                .iter()
                .chain([&name])
                .map(|name| Clean::new(name).to_string());
            let circle = circle.collect::<Vec<_>>().join(" → ");
            return Err(error(Problem::Cycle(Clean::own(circle))));
        }
        let builtin = BUILTIN.into_iter().find(|(known, _)| *known == name);
        let source = builtin
            .map(|(name, text)| Source {
                file: format!("keymaps/{name}.toml"),
                text: text.to_owned(),
            })
            .or_else(|| resolve(&name));
        let Some(source) = source else {
            let nearest = nearest(&name, BUILTIN.into_iter().map(|(known, _)| known));
            return Err(error(Problem::UnknownKeymap {
                name: Clean::new(&name),
                nearest,
            }));
        };
        let layer = Layer::parse(source)?;
        wanted.clone_from(&layer.inherits);
        names.push(name);
        layers.push(layer);
    }
    layers.reverse();
    Ok(layers)
}

#[cfg(test)]
mod tests {
    use super::super::{Action, BUILTIN, Keymap, KeymapError, Problem, Scope, Source};

    /// Loads `text` as the file `mine.toml`, which inherits the default.
    fn load(text: &str) -> Result<Keymap, KeymapError> {
        let text = format!("inherits = \"default\"\n{text}");
        Keymap::load("mine", &|name| {
            (name == "mine").then(|| Source {
                file: "mine.toml".to_owned(),
                text: text.clone(),
            })
        })
    }

    /// The error's place and message.
    fn refused(text: &str) -> (String, Problem, String) {
        let error = load(text).expect_err("it must be refused");
        let shown = error.to_string();
        (
            error.place.expect("a place").to_string(),
            *error.problem,
            shown,
        )
    }

    #[test]
    fn every_built_in_keymap_loads() {
        for (name, _) in BUILTIN {
            assert_eq!(
                Keymap::load(name, &|_| None).map(|keymap| keymap.name().to_string()),
                Ok(name.to_owned())
            );
        }
    }

    #[test]
    fn an_unknown_action_names_the_nearest() {
        let (place, problem, shown) = refused("[services]\n\"U\" = \"scael\"");
        assert_eq!(
            (place.as_str(), problem.nearest()),
            ("mine.toml:3:1", Some("scale"))
        );
        assert_eq!(
            shown,
            "mine.toml:3:1: there is no action `scael`; did you mean `scale`?"
        );
    }

    #[test]
    fn an_unknown_scope_names_the_nearest() {
        let (place, problem, _) = refused("[service]\n\"U\" = \"scale\"");
        assert_eq!(
            (place.as_str(), problem.nearest()),
            ("mine.toml:2:2", Some("services"))
        );
    }

    #[test]
    fn a_bad_key_name_names_the_nearest() {
        let (place, problem, _) = refused("[global]\n\"ctrl-entr\" = \"open\"");
        assert_eq!(
            (place.as_str(), problem.nearest()),
            ("mine.toml:3:1", Some("enter"))
        );
    }

    #[test]
    fn keys_that_a_terminal_confuses_are_refused() {
        let (place, problem, _) = refused("[global]\n\"x\" = \"open\"\n\"ctrl-i\" = \"open\"");
        assert_eq!(place, "mine.toml:4:1");
        assert!(matches!(problem, Problem::SameKey { same_as, .. } if same_as == "tab"));
        assert!(matches!(
            refused("[global]\n\"ctrl-/\" = \"open\"").1,
            Problem::VaryingKey(_)
        ));
        assert!(matches!(
            refused("[global]\n\"g esc\" = \"open\"").1,
            Problem::EscapeInChord(_)
        ));
    }

    #[test]
    fn what_is_no_toml_or_of_a_wrong_type_is_refused_in_its_line() {
        assert_eq!(refused("[global]\n\"x\" = ").0, "mine.toml:3:7");
        let (place, problem, _) = refused("[global]\n\"x\" = true");
        assert_eq!(place, "mine.toml:3:1");
        assert!(matches!(problem, Problem::WrongType(..)));
        assert!(matches!(refused("logs = 1").1, Problem::WrongType(..)));
    }

    #[test]
    fn the_same_key_in_two_spellings_is_a_conflict() {
        let (place, problem, _) = refused("[global]\n\"space\" = \"open\"\n\" space\" = \"copy\"");
        assert_eq!(place, "mine.toml:4:1");
        assert!(matches!(problem, Problem::Conflict { other: 3, .. }));
    }

    #[test]
    fn a_key_that_begins_a_chord_must_be_unbound_first() {
        let (place, problem, shown) = refused("[global]\n\"g g\" = \"go-top\"");
        assert_eq!(place, "mine.toml:3:1");
        assert!(matches!(problem, Problem::Prefix { .. }));
        assert!(
            shown.contains("`g` is bound to go-top in [global] (keymaps/default.toml:"),
            "{shown}"
        );
        let fine = load("[global]\n\"g\" = false\n\"g g\" = \"go-top\"").unwrap();
        assert_eq!(fine.keys(Action::GoTop, Scope::Tasks), ["g g", "home"]);
    }

    #[test]
    fn a_pane_and_the_global_scope_overlap() {
        assert!(matches!(
            refused("[logs]\n\"g e\" = \"go-bottom\"").1,
            Problem::Prefix { .. }
        ));
        let (place, problem, _) =
            refused("[global]\n\"z z\" = \"copy\"\n[logs]\n\"z\" = \"follow\"");
        assert_eq!(place, "mine.toml:5:1");
        assert!(matches!(problem, Problem::Prefix { .. }));
        assert!(load("[logs]\n\"g\" = false\n\"g e\" = \"go-bottom\"").is_ok());
        assert!(load("[tasks]\n\"z z\" = \"copy\"\n[logs]\n\"z\" = \"follow\"").is_ok());
    }

    #[test]
    fn an_action_is_bound_only_where_it_works() {
        let (place, problem, _) = refused("[tasks]\n\"f\" = \"follow\"");
        assert_eq!(place, "mine.toml:3:1");
        assert!(matches!(
            problem,
            Problem::WrongScope {
                action: "follow",
                scope: Scope::Tasks,
                ..
            }
        ));
        assert!(matches!(
            refused("[input]\n\"j\" = \"down\"").1,
            Problem::TypedKey(_)
        ));
    }

    #[test]
    fn no_write_is_on_a_key_that_is_pressed_by_habit() {
        for keys in ["ctrl-d", "ctrl-k", "enter", "r", "g enter", "alt-enter"] {
            let (place, problem, _) = refused(&format!("[services]\n\"{keys}\" = \"scale\""));
            assert_eq!(place, "mine.toml:3:1", "{keys}");
            assert!(
                matches!(
                    problem,
                    Problem::WriteKey {
                        action: "scale",
                        ..
                    }
                ),
                "{keys}"
            );
        }
        assert!(matches!(
            refused("[dialog]\n\"enter\" = \"confirm\"").1,
            Problem::WriteKey { .. }
        ));
    }

    #[test]
    fn no_key_opens_a_change_and_confirms_it() {
        let (place, problem, _) = refused("[dialog]\n\"U\" = \"confirm\"");
        assert_eq!(place, "mine.toml:3:1");
        assert!(matches!(
            problem,
            Problem::OpensAndConfirms {
                action: "scale",
                ..
            }
        ));
        assert!(matches!(
            refused("[services]\n\"y\" = \"scale\"").1,
            Problem::OpensAndConfirms { .. }
        ));
    }

    #[test]
    fn there_is_always_a_way_out() {
        let (place, problem, _) = refused("[global]\n\"ctrl-c\" = false");
        assert_eq!(place, "mine.toml:3:1");
        assert!(matches!(
            problem,
            Problem::Unreachable { action: "quit", .. }
        ));
        let (place, problem, _) = refused("[logs]\n\"ctrl-c\" = \"copy\"");
        assert_eq!(place, "mine.toml:3:1");
        assert!(matches!(
            problem,
            Problem::Unreachable {
                action: "quit",
                scope: Scope::Logs
            }
        ));
        assert!(matches!(
            refused("[input]\n\"esc\" = false").1,
            Problem::Unreachable {
                action: "cancel",
                ..
            }
        ));
        assert!(load("[global]\n\"ctrl-c\" = false\n\"alt-q\" = \"quit\"").is_ok());
    }

    #[test]
    fn keymaps_that_inherit_in_a_circle_are_refused() {
        let files = |name: &str| {
            let parent = match name {
                "a" => "b",
                "b" => "a",
                _ => return None,
            };
            Some(Source {
                file: format!("{name}.toml"),
                text: format!("# mine\ninherits = \"{parent}\""),
            })
        };
        let error = Keymap::load("a", &files).expect_err("a circle");
        assert_eq!(
            error.to_string(),
            "b.toml:2:12: these keymaps inherit from each other: a → b → a"
        );
    }

    #[test]
    fn an_unknown_keymap_names_the_nearest() {
        let error = Keymap::load("emcas", &|_| None).expect_err("unknown");
        assert_eq!(
            error.to_string(),
            "there is no keymap `emcas`; did you mean `emacs`?"
        );
        let child = |_: &str| {
            Some(Source {
                file: "a.toml".to_owned(),
                text: "inherits = \"defualt\"".to_owned(),
            })
        };
        let error =
            Keymap::load("a", &|name| child(name).filter(|_| name == "a")).expect_err("unknown");
        assert_eq!(
            error.to_string(),
            "a.toml:1:12: there is no keymap `defualt`; did you mean `default`?"
        );
    }

    #[test]
    fn a_file_may_inherit_from_the_built_in_one_of_its_own_name() {
        let text = "inherits = \"vim\"\n[services]\n\"g s\" = \"services\"";
        let mine = |_: &str| {
            Some(Source {
                file: "vim.toml".to_owned(),
                text: text.to_owned(),
            })
        };
        assert!(Keymap::load("./vim.toml", &mine).is_ok());
    }

    #[test]
    fn keys_that_later_actions_will_have_stay_free() {
        let later = [(Scope::Services, "b m M s"), (Scope::Tasks, "b m M s")];
        let keymap = Keymap::load("default", &|_| None).unwrap();
        for (scope, keys) in later {
            for keys in keys.split(' ') {
                let bound = Action::ALL
                    .iter()
                    .find(|action| keymap.keys(**action, scope).contains(&keys.to_owned()));
                assert_eq!(bound, None, "{keys} in {scope}");
            }
        }
    }
}
