//! Statistics: `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount` and percentiles.

use super::series::Datum;

/// What is asked of the samples of a period.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Statistic {
    Average,
    Sum,
    Minimum,
    Maximum,
    SampleCount,
    /// From 0 to 100.
    Percentile(f64),
}

impl Statistic {
    /// Reads its name; `None` when there is no such statistic.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "Average" => Statistic::Average,
            "Sum" => Statistic::Sum,
            "Minimum" => Statistic::Minimum,
            "Maximum" => Statistic::Maximum,
            "SampleCount" => Statistic::SampleCount,
            "IQM" => Statistic::Percentile(50.0),
            _ => {
                let share = name.strip_prefix("tm").or_else(|| name.strip_prefix('p'))?;
                let share: f64 = share.parse().ok()?;
                (0.0..=100.0)
                    .contains(&share)
                    .then_some(Statistic::Percentile(share))?
            }
        })
    }

    pub(crate) fn of(&self, data: &Datum) -> f64 {
        let average = data.sum / data.samples.max(1.0);
        match self {
            Statistic::Average => average,
            Statistic::Sum => data.sum,
            Statistic::Minimum => data.min,
            Statistic::Maximum => data.max,
            Statistic::SampleCount => data.samples,
            // As if the logarithm grew evenly from p50, a little below the mean, to p99.
            Statistic::Percentile(share) => {
                let median = average / (1.0 + (data.spread - 1.0) * 0.1);
                let value = median * data.spread.powf((share - 50.0) / 49.0);
                value.clamp(data.min, data.max)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_ascend_and_p99_is_spread_times_p50() {
        let data = Datum {
            sum: 30.0,
            samples: 100.0,
            min: 0.1,
            max: 2.0,
            spread: 4.0,
        };
        let of = |name: &str| Statistic::parse(name).unwrap().of(&data);
        assert!(of("p50") < of("p90") && of("p90") < of("p99"));
        assert!((of("p99") / of("p50") - 4.0).abs() < 1e-9);
        assert!((of("Average") - 0.3).abs() < 1e-9);
    }

    #[test]
    fn a_statistic_that_there_is_not_is_none() {
        assert_eq!(Statistic::parse("Mean"), None);
        assert_eq!(Statistic::parse("p101"), None);
        assert_eq!(Statistic::parse("p99.9"), Some(Statistic::Percentile(99.9)));
    }
}
