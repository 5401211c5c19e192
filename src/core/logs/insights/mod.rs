//! What is to be known of a query of CloudWatch Logs Insights before and after it: its price, its rows as text.

mod marked;
mod price;
mod show;
mod table;

pub use marked::marked;
pub use price::{Expected, bytes_words, price_words, scanned_words};
pub use show::{documents, shown_columns};
pub use table::{ResultTable, TableColumn, TableSort, one_line};
