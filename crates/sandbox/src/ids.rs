//! Identifiers that look random and come in the same order for the same seed.

use serde::{Deserialize, Serialize};

/// A source of identifiers (SplitMix64). Part of the stored state, so that a restarted sandbox goes on where it was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ids {
    state: u64,
}

impl Ids {
    /// Starts from a seed.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// `vpc-0` and 16 more hexadecimal digits.
    pub fn aws(&mut self, prefix: &str) -> String {
        format!("{prefix}-0{:016x}", self.next())
    }

    /// So many characters of an alphabet.
    pub fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .map(|_| {
                let at = self.next() as usize % alphabet.len().max(1);
                alphabet.get(at).copied().map_or('0', char::from)
            })
            .collect()
    }

    /// A UUID.
    pub fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        uuid::Builder::from_random_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes())
            .into_uuid()
            .to_string()
    }
}
