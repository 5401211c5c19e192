//! Every action by its command: what the dry run prints is what is sent, and what is sent is what AWS has then.

mod allowed;
mod resend;
mod rollback;
mod run;
mod shop;
mod undo;
mod verbs;
mod wrong;
