//! What is read when, and what an answer changes.

pub(in crate::app) mod answers;
pub(in crate::app) mod asking;
pub(in crate::app) mod checking;
pub(in crate::app) mod discovery;
pub(in crate::app) mod following;
pub(in crate::app) mod freshness;
pub(in crate::app) mod journal;
pub(in crate::app) mod local_facts;
pub(in crate::app) mod past_actions;
pub(in crate::app) mod plan;
pub(in crate::app) mod querying;
pub(in crate::app) mod ring;
pub(in crate::app) mod started;
pub(in crate::app) mod streams;
pub(in crate::app) mod work_wanted;
pub(in crate::app) mod workload;
