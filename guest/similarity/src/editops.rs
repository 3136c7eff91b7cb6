//! Which edits turn one string into another.

use crate::Metric;
use crate::metrics::{hamming, lcs_seq, levenshtein, postfix, prefix};
use crate::symbol::{Symbol, with_code_points};
use std::fmt;

/// What is done at one position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// A code point takes another one's place.
    Replace,
    /// A code point of the destination is put in.
    Insert,
    /// A code point of the source is taken out.
    Delete,
}

/// One edit. Positions count code points of the strings as they were given, so the edits of a list do not shift each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EditOp {
    /// What is done.
    pub edit: Edit,
    /// Where in the source: what is replaced or deleted, or what an insertion goes in front of.
    pub src_pos: usize,
    /// Where in the destination: what replaces or is inserted, or what would follow a deletion.
    pub dest_pos: usize,
}

/// The metric does not say which edits it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoEditOps(pub Metric);

impl fmt::Display for NoEditOps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has no edit operations; levenshtein, indel, lcs-seq and hamming have", self.0)
    }
}

impl std::error::Error for NoEditOps {}

/// A shortest list of edits that turns `a` into `b`, from the front to the back: of all shortest ones, RapidFuzz's.
///
/// For [`Metric::Levenshtein`], [`Metric::Indel`], [`Metric::LcsSeq`] (the same as those of `Indel`) and [`Metric::Hamming`]
/// (the longer string's end is deleted or inserted).
///
/// ```
/// use likewise_similarity::{Edit, EditOp, Metric, editops};
///
/// let edits = editops(Metric::Levenshtein, "qabxcd", "abycdf").unwrap();
/// assert_eq!(edits, [
///     EditOp { edit: Edit::Delete, src_pos: 0, dest_pos: 0 },
///     EditOp { edit: Edit::Replace, src_pos: 3, dest_pos: 2 },
///     EditOp { edit: Edit::Insert, src_pos: 6, dest_pos: 5 },
/// ]);
/// ```
///
/// # Errors
///
/// For every other metric.
pub fn editops(metric: Metric, a: &str, b: &str) -> Result<Vec<EditOp>, NoEditOps> {
    with_code_points!(a, b, |a, b| match metric {
        Metric::Levenshtein => Ok(aligned(a, b, a.len().max(b.len()), levenshtein_edits)),
        Metric::Indel | Metric::LcsSeq => Ok(aligned(a, b, a.len() + b.len(), indel_edits)),
        Metric::Hamming => Ok(hamming_edits(a, b)),
        _ => Err(NoEditOps(metric)),
    })
}

fn hamming_edits<T: Symbol>(a: &[T], b: &[T]) -> Vec<EditOp> {
    let mut edits = Vec::with_capacity(hamming::distance(a, b));
    for position in 0..a.len().max(b.len()) {
        let edit = match (a.get(position), b.get(position)) {
            (Some(x), Some(y)) if x == y => continue,
            (Some(_), Some(_)) => Edit::Replace,
            (None, _) => Edit::Insert,
            (_, None) => Edit::Delete,
        };
        edits.push(EditOp { edit, src_pos: position.min(a.len()), dest_pos: position.min(b.len()) });
    }
    edits
}

/// Two sequences, or what is left of them, and where they stand in the whole.
struct Part<'a, T> {
    a: &'a [T],
    b: &'a [T],
    src: usize,
    dest: usize,
    /// No smaller than the distance.
    cutoff: usize,
}

impl<T: Symbol> Part<'_, T> {
    /// Without the common prefix and suffix.
    fn strip_affixes(mut self) -> Self {
        let start = prefix::similarity(self.a, self.b);
        (self.a, self.b) = (&self.a[start..], &self.b[start..]);
        let end = postfix::similarity(self.a, self.b);
        (self.a, self.b) = (&self.a[..self.a.len() - end], &self.b[..self.b.len() - end]);
        self.src += start;
        self.dest += start;
        self
    }

    fn edit(&self, edit: Edit, src: usize, dest: usize) -> EditOp {
        EditOp { edit, src_pos: self.src + src, dest_pos: self.dest + dest }
    }
}

/// What is left of the whole at both ends, with the part that `edits_of` deals with in between.
fn aligned<T: Symbol>(a: &[T], b: &[T], cutoff: usize, edits_of: fn(Part<'_, T>, &mut Vec<EditOp>)) -> Vec<EditOp> {
    let mut edits = Vec::new();
    edits_of(Part { a, b, src: 0, dest: 0, cutoff }, &mut edits);
    edits
}

/// Above this many bytes of recorded columns, the longer way in less memory is taken. RapidFuzz's limit: which of the shortest
/// lists comes out depends on it.
const LEVENSHTEIN_RECORD: usize = 1 << 20;

/// The same for indel edits, for which RapidFuzz has no limit: what two texts of 20,000 code points need.
const INDEL_RECORD: usize = 50 << 20;

/// Appends the edits of a part, front to back.
fn levenshtein_edits<T: Symbol>(part: Part<'_, T>, edits: &mut Vec<EditOp>) {
    let mut part = part.strip_affixes();
    let (m, n) = (part.a.len(), part.b.len());
    part.cutoff = part.cutoff.min(m.max(n));
    let rows = m.min(2 * part.cutoff + 1);
    if m < 65 || n < 10 || rows.saturating_mul(n) / 4 < LEVENSHTEIN_RECORD {
        trace_levenshtein(&part, edits);
        return;
    }
    // Hirschberg, 1975: the two halves of one sequence meet the other one where their distances add up to the least.
    let middle = n / 2;
    let front = levenshtein::with_prefixes(&part.b[..middle], part.a);
    let back = levenshtein::with_prefixes(&reversed(&part.b[middle..]), &reversed(part.a));
    let Some(split) = (0..=m).min_by_key(|&i| front[i] + back[m - i]) else { return };
    let [first, second] = halves(&part, split, middle, front[split], back[m - split]);
    levenshtein_edits(first, edits);
    levenshtein_edits(second, edits);
}

/// As `levenshtein_edits`, without replacements.
fn indel_edits<T: Symbol>(part: Part<'_, T>, edits: &mut Vec<EditOp>) {
    let part = part.strip_affixes();
    let (m, n) = (part.a.len(), part.b.len());
    if m < 65 || n < 10 || m.saturating_mul(n) / 8 < INDEL_RECORD {
        trace_indel(&part, edits);
        return;
    }
    let middle = n / 2;
    let front = lcs_seq::with_prefixes(&part.b[..middle], part.a);
    let back = lcs_seq::with_prefixes(&reversed(&part.b[middle..]), &reversed(part.a));
    let Some(split) = (0..=m).max_by_key(|&i| (front[i] + back[m - i], m - i)) else { return };
    let [first, second] = halves(&part, split, middle, part.cutoff, part.cutoff);
    indel_edits(first, edits);
    indel_edits(second, edits);
}

fn reversed<T: Copy>(symbols: &[T]) -> Vec<T> {
    symbols.iter().rev().copied().collect()
}

fn halves<'a, T>(part: &Part<'a, T>, split: usize, middle: usize, first: usize, second: usize) -> [Part<'a, T>; 2] {
    let (a, b) = (part.a.split_at(split), part.b.split_at(middle));
    [
        Part { a: a.0, b: b.0, src: part.src, dest: part.dest, cutoff: first },
        Part { a: a.1, b: b.1, src: part.src + split, dest: part.dest + middle, cutoff: second },
    ]
}

/// Walks back from the end of both sequences: a deletion where the row above is one less, else an insertion where the row
/// is one less than the one above in the column before, else a diagonal step.
fn trace_levenshtein<T: Symbol>(part: &Part<'_, T>, edits: &mut Vec<EditOp>) {
    let (m, n) = (part.a.len(), part.b.len());
    let mut columns = Vec::new();
    if m > 0 && n > 0 {
        levenshtein::blocks(part.a, part.b, part.cutoff, |_, column| columns.push(column));
    }
    // Blocks hold their columns one after the other, each only those of the band.
    let mut offset = 0;
    let blocks: Vec<(usize, usize, usize)> = (0..m.div_ceil(64))
        .map(|block| {
            let band = levenshtein::band(m, n, part.cutoff, block);
            let here = offset;
            offset += band.len();
            (here, band.start, band.end)
        })
        .collect();
    let column_at = |row: usize, column: usize| {
        let (offset, start, end) = blocks[row / 64];
        (start..end).contains(&column).then(|| columns[offset + column - start])
    };
    trace(part, edits, |row, column| {
        let bit = 1_u64 << (row % 64);
        if column_at(row, column).is_some_and(|rows| rows.up & bit != 0) {
            Edit::Delete
        } else if column > 0 && column_at(row, column - 1).is_some_and(|rows| rows.down & bit != 0) {
            Edit::Insert
        } else {
            Edit::Replace
        }
    });
}

fn trace_indel<T: Symbol>(part: &Part<'_, T>, edits: &mut Vec<EditOp>) {
    let (m, n) = (part.a.len(), part.b.len());
    let mut columns = Vec::with_capacity(m.div_ceil(64) * n);
    lcs_seq::blocks(part.a, part.b, 0, |_, rows| columns.push(rows));
    trace(part, edits, |row, column| {
        let grown = |column: usize| columns[row / 64 * n + column] >> (row % 64) & 1 == 0;
        if !grown(column) {
            Edit::Delete
        } else if column > 0 && grown(column - 1) {
            Edit::Insert
        } else {
            Edit::Replace
        }
    });
}

/// Appends the edits that `step` names, asked from the back with the last row and column that are left. A replacement by an
/// equal symbol is none.
fn trace<T: Symbol>(part: &Part<'_, T>, edits: &mut Vec<EditOp>, step: impl Fn(usize, usize) -> Edit) {
    let first = edits.len();
    let (mut row, mut column) = (part.a.len(), part.b.len());
    while row > 0 || column > 0 {
        let edit = match (row, column) {
            (_, 0) => Edit::Delete,
            (0, _) => Edit::Insert,
            _ => step(row - 1, column - 1),
        };
        row -= usize::from(edit != Edit::Insert);
        column -= usize::from(edit != Edit::Delete);
        if edit != Edit::Replace || part.a[row] != part.b[column] {
            edits.push(part.edit(edit, row, column));
        }
    }
    edits[first..].reverse();
}
