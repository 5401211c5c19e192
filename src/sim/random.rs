//! Seeded chance: each draw is a function of the seed and of what it is drawn for.
//!
//! Invariant: there is no global generator, so what happens to one task never
//! changes what happens to another, and asking changes nothing.

/// A stream of pseudo-random numbers (splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of splitmix64: every input bit changes about half of the output bits.
pub(crate) const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(GOLDEN);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// FNV-1a of a name, to turn it into a number that draws can start from.
pub(crate) fn name_key(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Random {
    /// The stream for the `number`th thing called `what`.
    pub(crate) fn of(seed: u64, what: &str, number: u64) -> Self {
        Random(mix(seed ^ mix(name_key(what) ^ mix(number))))
    }

    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// In `[0, 1)`.
    pub(crate) fn fraction(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let bits = (self.draw() >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// From `low` to `high`, both included; `low` where the range is empty.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.saturating_sub(low).saturating_add(1).max(1);
        let offset = self.draw() % width.unsigned_abs();
        low.saturating_add_unsigned(offset)
    }

    /// One of them, each as likely; `None` of none.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(of.len()).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.draw() % count)
            .ok()
            .and_then(|at| of.get(at))
    }

    /// `length` lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length + 16);
        while text.len() < length {
            text.push_str(&format!("{:016x}", self.draw()));
        }
        text.truncate(length);
        text
    }

    /// A number of exactly `length` decimal digits (up to 19), as in `ecs-svc/…`.
    pub(crate) fn digits(&mut self, length: u32) -> String {
        let low = 10_u64.saturating_pow(length.saturating_sub(1));
        let span = low.saturating_mul(9).max(1);
        (low + self.draw() % span).to_string()
    }

    pub(crate) fn uuid(&mut self) -> String {
        let (a, b) = (self.draw(), self.draw());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0xfff,
            0x8000 | (b >> 48 & 0x3fff),
            b & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_draws_the_same_and_another_thing_another() {
        let draw = |seed, what, number| Random::of(seed, what, number).draw();
        assert_eq!(draw(1, "task", 7), draw(1, "task", 7));
        assert_ne!(draw(1, "task", 7), draw(2, "task", 7));
        assert_ne!(draw(1, "task", 7), draw(1, "task", 8));
        assert_ne!(draw(1, "task", 7), draw(1, "eni", 7));
    }

    #[test]
    fn between_stays_within_its_bounds() {
        let mut random = Random::of(3, "bounds", 0);
        assert!((0..1_000).all(|_| (-2..=2).contains(&random.between(-2, 2))));
        assert_eq!(random.between(9, 1), 9);
    }

    #[test]
    fn ids_have_the_lengths_of_the_real_ones() {
        let mut random = Random::of(3, "ids", 0);
        assert_eq!(random.hex(32).len(), 32);
        assert_eq!(random.digits(19).len(), 19);
        assert_eq!(random.uuid().len(), 36);
    }
}
