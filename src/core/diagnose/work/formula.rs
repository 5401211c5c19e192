//! How many tasks a queue wants, as the deck says.

/// What the deck says of it: `min(max(ceil(depth / per_task), min), max)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Formula {
    /// Messages for one task.
    pub per_task: Option<u32>,
    /// The fewest tasks.
    pub min: Option<u32>,
    /// The most tasks.
    pub max: Option<u32>,
}

impl Formula {
    /// Tasks that so many visible messages want; none where the deck does not say how many messages are for one task.
    pub fn wanted(self, visible: u64) -> Option<u64> {
        let per_task = u64::from(self.per_task?.max(1));
        let (min, max) = (self.min.unwrap_or(0), self.max.unwrap_or(u32::MAX));
        let wanted = visible.div_ceil(per_task);
        // A deck whose bounds cross is refused when it is read.
        Some(wanted.max(u64::from(min)).min(u64::from(max)))
    }

    /// `5 per task, 1 to 10`; none where there is no formula.
    pub fn words(self) -> Option<String> {
        let per_task = self.per_task?;
        let bounds = match (self.min, self.max) {
            (Some(min), Some(max)) => format!(", {min} to {max}"),
            (Some(min), None) => format!(", at least {min}"),
            (None, Some(max)) => format!(", at most {max}"),
            (None, None) => String::new(),
        };
        Some(format!("{per_task} per task{bounds}"))
    }

    /// `the deck wants 10 (5 per task, 1 to 10)`; none where there is no formula.
    pub fn wants(self, visible: u64) -> Option<String> {
        let (wanted, words) = (self.wanted(visible)?, self.words()?);
        Some(format!("the deck wants {wanted} ({words})"))
    }
}

#[cfg(test)]
mod tests {
    use super::Formula;

    const CLOUDIDE: Formula = Formula {
        per_task: Some(5),
        min: Some(1),
        max: Some(10),
    };

    #[test]
    fn the_depth_is_shared_out_between_the_bounds() {
        let wanted: Vec<Option<u64>> = [0, 1, 5, 6, 49, 51, 163, u64::MAX]
            .map(|depth| CLOUDIDE.wanted(depth))
            .into();
        assert_eq!(wanted, [1, 1, 1, 2, 10, 10, 10, 10].map(Some));
    }

    #[test]
    fn without_bounds_it_is_the_share_alone_and_without_a_share_it_is_not_known() {
        let plain = Formula {
            per_task: Some(3),
            ..Formula::default()
        };
        assert_eq!((plain.wanted(0), plain.wanted(7)), (Some(0), Some(3)));
        assert_eq!(Formula::default().wanted(7), None);
        assert_eq!(Formula::default().wants(7), None);
    }

    #[test]
    fn it_is_said_with_its_figures() {
        let said = CLOUDIDE.wants(163).unwrap();
        assert_eq!(said, "the deck wants 10 (5 per task, 1 to 10)");
    }
}
