//! What the painter promises, checked from outside: against a second emulator,
//! against a strict grammar, and against byte budgets.

mod budget;
mod grammar;
mod screens;
