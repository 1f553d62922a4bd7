//! Inputs made of others: bytes changed, pieces taken out, doubled and put together, words put in.

/// Makes inputs; the same for the same seed.
pub struct Mutator {
    seed: u64,
    /// What is worth putting in.
    words: Vec<Vec<u8>>,
}

/// Inputs do not grow beyond this.
const LONGEST: usize = 64 << 10;

/// Bytes that often mean something.
const TELLING: &[u8] = b"\0\x7f\x80\xff{}[]()\"$%<>|:,.=*!?#/\\\n\xc1\xc4\xc7\xd9\xdb\xdd\xdf";

impl Mutator {
    /// Starts from a seed, and inputs whose words may be put into others.
    pub fn new(seed: u64, corpus: &[Vec<u8>]) -> Self {
        let mut words: Vec<Vec<u8>> = corpus
            .iter()
            .flat_map(|input| input.split(|b| !b.is_ascii_alphanumeric() && *b != b'_'))
            .filter(|word| (2..24).contains(&word.len()))
            .map(<[u8]>::to_vec)
            .collect();
        words.sort();
        words.dedup();
        Self { seed, words }
    }

    /// A number below `end` (SplitMix64).
    pub fn below(&mut self, end: usize) -> usize {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = usize::try_from((z ^ (z >> 31)) >> 16).unwrap_or_default();
        number % end.max(1)
    }

    /// A new input.
    pub fn next(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        let mut input = match corpus {
            [] => Vec::new(),
            all => all[self.below(all.len())].clone(),
        };
        for _ in 0..=self.below(6) {
            self.change(&mut input, corpus);
        }
        input.truncate(LONGEST);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let at = self.below(input.len() + 1);
        let len = self.below(input.len() - at + 1).min(self.below(64) + 1);
        match self.below(9) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = TELLING[self.below(TELLING.len())],
            2 => input.insert(at, TELLING[self.below(TELLING.len())]),
            3 => drop(input.drain(at..at + len)),
            4 => {
                let piece = input[at..at + len].repeat(1 + self.below(40));
                input.splice(at..at, piece);
            }
            5 if !self.words.is_empty() => {
                let chosen = self.below(self.words.len());
                let word = self.words[chosen].clone();
                input.splice(at..at + len, word);
            }
            6 if !corpus.is_empty() => {
                let other = &corpus[self.below(corpus.len())];
                let from = self.below(other.len() + 1);
                input.splice(at.., other[from..].iter().copied());
            }
            7 => {
                let number = format!("{}", 1_u64 << self.below(64));
                input.splice(at..at + len, number.into_bytes());
            }
            _ => {
                // Depth.
                let open = [
                    &b"["[..],
                    b"{",
                    b"(",
                    b"${",
                    b"\"${",
                    b"!",
                    b"-",
                    b"\x91",
                    b"a=[",
                ];
                let piece = open[self.below(open.len())].repeat(1 << self.below(14));
                input.splice(at..at, piece);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_inputs() {
        let corpus = vec![b"resource \"a\" {}".to_vec(), b"x = [1]".to_vec()];
        let inputs = || {
            let mut mutator = Mutator::new(7, &corpus);
            (0..200).map(|_| mutator.next(&corpus)).collect::<Vec<_>>()
        };
        assert_eq!(inputs(), inputs());
        assert!(inputs().iter().any(|input| !corpus.contains(input)));
    }
}
