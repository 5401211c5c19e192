//! Every action by its command: what the dry run prints is what is sent, and what is sent is what AWS has then.

mod allowed;
mod identity;
mod resend;
mod rollback;
mod run;
mod secrets;
mod shop;
mod undo;
mod verbs;
mod wrong;
