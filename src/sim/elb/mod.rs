//! Elastic Load Balancing: what its API tells of load balancers, target groups and the
//! health of the tasks behind them. How targets are checked is with the scheduler.

mod api;
mod furnish;
mod part;
#[cfg(test)]
mod tests;

pub(crate) use api::ACTIONS;
pub(crate) use part::{Balancer, Elb};
