//! Where everything is: the VPC, and the addresses that the world outside sees.

use crate::random::{Random, name_key};

/// The VPC that everything is in.
pub(crate) const VPC: &str = "vpc-0f1ee700000000001";

/// An address that the world outside sees, the same for the same thing.
pub(crate) fn public_address(of: &str) -> String {
    let mut random = Random::of(0, "public address", name_key(of));
    format!(
        "3.{}.{}.{}",
        random.between(80, 99),
        random.between(1, 254),
        random.between(1, 254)
    )
}
