//! The commands that a person can be pointed to: those that read or change something in AWS.
//!
//! A test of the command line holds this list against the commands that there
//! are, so that a cause cannot advise one that does not exist.

use serde::{Serialize, Serializer};

use crate::act::Verb;

macro_rules! commands {
    ($($command:ident $word:literal $verb:expr;)*) => {
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
        }
    };
}

commands! {
    Status "status" None;
    Why "why" None;
    Tasks "tasks" None;
    Queues "queues" None;
    Work "work" None;
    Tail "tail" None;
    Journal "journal" None;
    Run "run" Some(Verb::Run);
    Scale "scale" Some(Verb::Scale);
    Rollback "rollback" Some(Verb::Rollback);
    Redeploy "redeploy" Some(Verb::Redeploy);
    Deploy "deploy" Some(Verb::Deploy);
    Stop "stop" Some(Verb::Stop);
    Drain "drain" Some(Verb::Drain);
    Restore "restore" Some(Verb::Restore);
    Autoscaling "autoscaling" Some(Verb::Autoscaling);
    Hook "hook" Some(Verb::Continue);
    Redrive "redrive" Some(Verb::Redrive);
    Retry "retry" Some(Verb::Run);
    Undo "undo" Some(Verb::Undo);
}

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
    use crate::act::Word;

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
