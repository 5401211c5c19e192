//! EC2: the instances that a world has beside its tasks, and network interfaces of both.
//!
//! Invariant: an instance changes its state only by a call or an event, and then by
//! `pending` or `stopping` for as long as AWS takes.

mod addresses;
pub(crate) mod api;
mod filter;
mod instance;
mod instances;
mod interfaces;
mod part;
#[cfg(test)]
mod tests;

pub(crate) use addresses::VPC;
pub(crate) use part::Ec2;
