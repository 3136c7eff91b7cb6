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
///
/// A number that is not whole is packed as the 64 bits of its double, of which the sign is never set, in 9 digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Digits of each number.
    pub width: usize,
    /// The digits of all numbers.
    pub digits: String,
}

/// Digits of a double without its sign: 63 bits.
pub const DOUBLE_WIDTH: usize = 9;

const DIGIT_BITS: usize = 7;

impl Packed {
    /// Packs whole numbers none of which is above `largest`.
    #[must_use]
    pub fn whole(numbers: &[u64], largest: u64) -> Self {
        let width = width_of(largest);
        let mut writer = Writer::new(width, numbers.len());
        for (place, &number) in numbers.iter().enumerate() {
            writer.put(place, number.min(largest));
        }
        writer.finish()
    }

    /// Packs numbers that are not negative.
    #[must_use]
    pub fn doubles(numbers: &[f64]) -> Self {
        let mut writer = Writer::new(DOUBLE_WIDTH, numbers.len());
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
    width: usize,
    digits: Vec<u8>,
}

impl Writer {
    pub(super) fn new(width: usize, count: usize) -> Self {
        Writer { width, digits: vec![0; width * count] }
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
        Packed { width: self.width, digits }
    }
}
