//! What a command is to a person who is pointed to it: those that read or change something in AWS.
//!
//! Their rows are in the one table (`action`), beside the keys that do the same. A test of the
//! command line holds them against the commands that there are, so that a
//! cause cannot advise one that does not exist.

use serde::{Serialize, Serializer};

use super::Command;

/// What of a service a command is about: which services have none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Whatever there is.
    Anything,
    /// The desired count.
    Count,
    /// What ECS rolls out.
    Rollout,
}

macro_rules! commands {
    ($($command:ident $word:literal verb $verb:expr, key $key:expr, about $about:ident;)*) => {
        /// A command.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Command {
            $(#[doc = concat!("`ecsdeck ", $word, "`.")] $command,)*
        }

        impl Command {
            /// Every command.
            pub const ALL: &'static [Self] = &[$(Self::$command),*];

            /// Its word on the command line.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$command => $word,)*
                }
            }

            /// What it does to AWS; none where it only reads.
            pub const fn verb(self) -> Option<Verb> {
                match self {
                    $(Self::$command => $verb,)*
                }
            }

            /// What does the same in the console. None where a pane does it without a key.
            pub const fn action(self) -> Option<Action> {
                match self {
                    $(Self::$command => $key,)*
                }
            }

            /// What of a service it is about.
            pub const fn about(self) -> About {
                match self {
                    $(Self::$command => About::$about,)*
                }
            }
        }
    };
}
pub(super) use commands;

impl Command {
    /// Whether it changes something in AWS.
    pub const fn writes(self) -> bool {
        self.verb().is_some()
    }
}

impl Serialize for Command {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::{Verb, Word};

    #[test]
    fn a_command_that_writes_and_the_key_of_the_same_write_are_told_apart_from_the_rest() {
        for command in Command::ALL {
            let writes = command.action().is_some_and(|action| action.info().write);
            assert_eq!(command.writes(), writes, "{}", command.as_str());
        }
    }

    #[test]
    fn each_write_can_be_made_by_a_command() {
        for verb in Verb::ALL {
            let mut commands = Command::ALL.iter();
            assert!(
                commands.any(|command| command.verb() == Some(*verb)),
                "{verb}"
            );
        }
    }
}
