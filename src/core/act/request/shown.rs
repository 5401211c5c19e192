//! A request as it may be shown: in a question, in a dry run.

use super::Request;
use crate::text::Values;

impl Request {
    /// The request as it may be shown, by the rule of [`crate::text::Values`].
    pub fn shown(&self, values: Values) -> Self {
        let mut shown = self.clone();
        match &mut shown {
            Self::RunTask(run) => {
                for container in &mut run.overrides.container_overrides {
                    for variable in &mut container.environment {
                        variable.value = values.value(&variable.name, &variable.value);
                    }
                    if let Some(command) = &mut container.command {
                        *command = values.command(command);
                    }
                }
            }
            Self::RegisterTaskDefinition(register) => register.show(values),
            Self::UpdateService(_)
            | Self::StopServiceDeployment(_)
            | Self::ContinueServiceDeployment(_)
            | Self::StopTask(_)
            | Self::RegisterScalableTarget(_)
            | Self::StartMessageMoveTask(_) => {}
        }
        shown
    }
}
