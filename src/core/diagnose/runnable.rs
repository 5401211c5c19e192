//! Which commands can be run on what a diagnosis is about: only those are offered.

use super::Cause;
use crate::domain::{Controller, Scheduling, Service};
use crate::keys::{About, Command};

/// Which commands can be run on something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runnable {
    /// It is not known what it is: every command may be the right one.
    Any,
    /// A service.
    Service {
        /// It has a desired count.
        counted: bool,
        /// ECS rolls it out, not CodeDeploy or a controller of somebody's own.
        rolled_out: bool,
    },
    /// Tasks of a family, which no service keeps.
    Family,
}

impl Runnable {
    /// What can be run on a service.
    pub fn on_service(service: &Service) -> Self {
        Self::Service {
            counted: service.scheduling == Scheduling::Replica,
            rolled_out: service.controller == Controller::Ecs,
        }
    }

    /// Whether a command can be run on it.
    pub fn takes(self, command: Command) -> bool {
        let (counted, rolled_out) = match self {
            Self::Any => return true,
            Self::Service {
                counted,
                rolled_out,
            } => (counted, rolled_out),
            Self::Family => (false, false),
        };
        match command.about() {
            About::Count => counted,
            About::Rollout => rolled_out,
            About::Anything => true,
        }
    }

    /// Takes away what these causes offer and cannot be run; of commands that write, all where nothing may be written.
    pub(super) fn narrow(self, causes: &mut [Cause], read_only: bool) {
        for cause in causes {
            cause
                .actions
                .retain(|command| self.takes(*command) && !(read_only && command.writes()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::cause::CauseId;
    use crate::diagnose::sample;

    fn taken(runnable: Runnable, cause: CauseId) -> Vec<&'static str> {
        let actions = cause.actions().iter();
        actions
            .filter(|command| runnable.takes(**command))
            .map(|command| command.as_str())
            .collect()
    }

    #[test]
    fn a_family_is_neither_rolled_back_nor_scaled() {
        assert_eq!(taken(Runnable::Family, CauseId::AppCrash), ["tail"]);
        assert_eq!(taken(Runnable::Family, CauseId::QuotaReached), ["stop"]);
        assert!(Runnable::Family.takes(Command::Run));
    }

    #[test]
    fn what_codedeploy_rolls_out_is_scaled_here_but_not_rolled_back() {
        let mut web = sample::service("web");
        assert_eq!(
            taken(Runnable::on_service(&web), CauseId::AppCrash),
            ["tail", "rollback"]
        );
        web.controller = Controller::CodeDeploy;
        let runnable = Runnable::on_service(&web);
        assert_eq!(taken(runnable, CauseId::AppCrash), ["tail"]);
        assert_eq!(taken(runnable, CauseId::ScaledToZero), ["scale"]);
    }

    #[test]
    fn a_daemon_has_no_count_to_set() {
        let mut agent = sample::service("agent");
        agent.scheduling = Scheduling::Daemon;
        let runnable = Runnable::on_service(&agent);
        assert_eq!(taken(runnable, CauseId::AutoscalerOverride), [""; 0]);
        assert!(runnable.takes(Command::Redeploy));
    }
}
