//! The application through its one door: these messages, then this model and these effects.

mod acting;
mod allowed;
mod asking;
mod chance;
mod credentials;
mod expired_tasks;
mod failing;
mod forms;
mod lists;
mod local_facts;
mod logs;
mod moving;
mod naming;
mod parity;
mod preflight;
mod querying;
mod reading;
mod resend;
mod results;
mod scene;
mod why;
mod writing;
