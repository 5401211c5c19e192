//! Which revision is checked before it runs: on the command line, and beside the question before a write.
//!
//! The invariant: one that has yet to be registered is checked as it will be, and never as the one that it is made from.

use std::borrow::Cow;

use crate::act::NewImage;
use crate::domain::{Arn, TaskDefinition};
use crate::text::Clean;

/// A revision that is about to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The cluster.
    pub cluster: Arn,
    /// The service that runs it; none for tasks by themselves.
    pub service: Option<Arn>,
    /// The task definition; the one that it is registered from, where it has yet to be registered.
    pub revision: Arn,
    /// The images that are changed before it is registered; none of a revision that is there.
    pub images: Vec<NewImage>,
}

impl Check {
    /// What will run, made from the revision that was read.
    pub(in crate::app) fn runs<'d>(&self, read: &'d TaskDefinition) -> Cow<'d, TaskDefinition> {
        if self.images.is_empty() {
            return Cow::Borrowed(read);
        }
        let mut made = read.clone();
        // It has no number yet, and is ACTIVE whatever it was made from (source: ECS API reference,
        // RegisterTaskDefinition).
        let unnumbered = read.arn.as_str().rsplit_once(':').map(|(family, _)| family);
        made.arn = Arn::new(unnumbered.unwrap_or_default());
        made.status = Clean::literal("ACTIVE");
        for image in &self.images {
            let mut containers = made.containers.iter_mut();
            if let Some(container) = containers.find(|one| one.name == image.container) {
                container.image = image.after.clone();
            }
        }
        Cow::Owned(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::{definition, revision};

    fn check(images: Vec<NewImage>) -> Check {
        Check {
            cluster: Arn::new("prod"),
            service: None,
            revision: revision("web:1"),
            images,
        }
    }

    #[test]
    fn a_revision_that_is_there_is_checked_as_it_was_read() {
        let read = definition("web:1", "web");
        assert_eq!(*check(Vec::new()).runs(&read), read);
    }

    #[test]
    fn one_that_is_registered_from_it_has_the_new_image_no_number_and_is_active() {
        let mut read = definition("web:1", "web");
        read.status = Clean::literal("INACTIVE");
        let image = NewImage {
            container: Clean::literal("app"),
            before: Clean::literal("app:1"),
            after: Clean::literal("app:2"),
        };
        let made = check(vec![image]).runs(&read).into_owned();
        assert_eq!(made.containers[0].image.as_str(), "app:2");
        assert_eq!((made.arn.name(), made.arn.revision()), ("web", None));
        assert_eq!(made.status.as_str(), "ACTIVE");
        assert_eq!(made.containers[0].log, read.containers[0].log);
    }
}
