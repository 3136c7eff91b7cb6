//! Numbers as text, since text is what crosses a component's boundary at the speed of memory.

/// Numbers as 7-bit digits, most significant first, each number as wide as the next.
///
/// A digit is one ASCII character whose code is its value, 0 to 127. So `digits` seen as an array of bytes with `width` columns holds
/// one number a row, and for distances below 128 the bytes are the numbers:
///
/// ```
/// use likewise_similarity::batch::Packed;
///
/// let packed = Packed::whole(&[3, 200], 200);
/// assert_eq!((packed.width, packed.digits.as_bytes()), (2, &[0, 3, 1, 72][..]));
/// assert_eq!(packed.to_whole(), [3, 200]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Digits of each number.
    pub width: usize,
    /// What the numbers are.
    pub packing: Packing,
    /// The digits of all numbers.
    pub digits: String,
}

/// What packed numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Scores that are whole numbers.
    Whole,
    /// The 64 bits of scores as doubles, of which the sign is never set, in 9 digits.
    Double,
    /// For each score two numbers, the distance and the largest one for the lengths: their quotient is the normalised distance, 0 where
    /// the largest is 0. A score that does not meet the cutoff is 1 of 1.
    Fraction,
}

/// Digits of a double without its sign: 63 bits.
pub const DOUBLE_WIDTH: usize = 9;

const DIGIT_BITS: usize = 7;

impl Packed {
    /// Packs whole numbers none of which is above `largest`.
    #[must_use]
    pub fn whole(numbers: &[u64], largest: u64) -> Self {
        let width = width_of(largest);
        let mut writer = Writer::new(Packing::Whole, width, numbers.len());
        for (place, &number) in numbers.iter().enumerate() {
            writer.put(place, number.min(largest));
        }
        writer.finish()
    }

    /// Packs fractions none of whose parts is above `largest`.
    pub(super) fn fractions(fractions: &[[u64; 2]], largest: u64) -> Self {
        let packed = Self::whole(fractions.as_flattened(), largest);
        Packed { packing: Packing::Fraction, ..packed }
    }

    /// Packs numbers that are not negative.
    #[must_use]
    pub fn doubles(numbers: &[f64]) -> Self {
        let mut writer = Writer::new(Packing::Double, DOUBLE_WIDTH, numbers.len());
        for (place, &number) in numbers.iter().enumerate() {
            writer.put(place, number.abs().to_bits());
        }
        writer.finish()
    }

    /// The whole numbers that were packed.
    #[must_use]
    pub fn to_whole(&self) -> Vec<u64> {
        let number = |digits: &[u8]| digits.iter().fold(0, |number, &digit| number << DIGIT_BITS | u64::from(digit));
        self.digits.as_bytes().chunks(self.width).map(number).collect()
    }

    /// The fractions that were packed, numerator and denominator.
    #[must_use]
    pub fn to_fractions(&self) -> Vec<[u64; 2]> {
        self.to_whole().as_chunks().0.to_vec()
    }

    /// The doubles that were packed.
    #[must_use]
    pub fn to_doubles(&self) -> Vec<f64> {
        self.to_whole().into_iter().map(f64::from_bits).collect()
    }
}

/// How many digits every number up to `largest` fits.
pub(super) fn width_of(largest: u64) -> usize {
    let bits = (u64::BITS - largest.leading_zeros()) as usize;
    bits.div_ceil(DIGIT_BITS).max(1)
}

/// Numbers being packed, in any order.
pub(super) struct Writer {
    packing: Packing,
    width: usize,
    digits: Vec<u8>,
}

impl Writer {
    pub(super) fn new(packing: Packing, width: usize, count: usize) -> Self {
        Writer { packing, width, digits: vec![0; width * count] }
    }

    /// The digits of numbers of one digit each.
    pub(super) fn single_digits(&mut self) -> Option<&mut [u8]> {
        (self.width == 1).then_some(&mut self.digits)
    }

    #[inline(always)]
    pub(super) fn put(&mut self, place: usize, number: u64) {
        let digits = &mut self.digits[place * self.width..(place + 1) * self.width];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit = (rest & 0x7f) as u8;
            rest >>= DIGIT_BITS;
        }
    }

    pub(super) fn finish(self) -> Packed {
        let digits = String::from_utf8(self.digits).unwrap_or_default();
        Packed { width: self.width, packing: self.packing, digits }
    }
}
