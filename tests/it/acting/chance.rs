//! Chance from a seed, and how much of it.

/// SplitMix64 (source: Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// One of them.
pub(crate) fn any<T: Copy>(from: &[T], chance: &mut Chance) -> T {
    let count = u64::try_from(from.len()).unwrap();
    from[usize::try_from(chance.below(count)).unwrap()]
}

/// Whether the long forms of the tests are wanted.
pub(crate) fn is_long() -> bool {
    std::env::var_os("ECSDECK_LONG_TESTS").is_some()
}

/// How many cases: a few, or all of them in the long form.
pub(crate) fn cases(few: u64, all: u64) -> u64 {
    if is_long() { all } else { few }
}
