//! What must hold for any text, against plain dynamic programming and against strsim.

mod batch;
mod cutoffs;
mod edits;
mod metrics;
mod oracle;
mod partial;
mod texts;
