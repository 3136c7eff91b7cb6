//! HTML: the facts of a page ([`extract`](facts::extract)) and selection by CSS ([`select`](select::select)).
//!
//! The parser is lol_html: one streaming pass, linear in the input, that builds no tree. `parser` is the only module that knows
//! it; the others see elements begin and end and text between them. What HTML leaves unwritten, the end tags of `p`, `li`,
//! `td` and so on, is in `open`; how text is laid out, in `text`.
//!
//! A tree would be more faithful for broken markup (misnested formatting elements, content displaced from tables) at
//! the price of time that grows with the square of the nesting.

pub(crate) mod facts;
mod open;
mod parser;
pub(crate) mod select;
mod text;
