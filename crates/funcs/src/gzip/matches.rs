//! Repetitions in the data, found by hash chains in a sliding window, with lazy evaluation: a match
//! is taken only if the next position has none that is longer.

/// What a block is made of.
#[derive(Clone, Copy)]
pub(super) enum Token {
    Literal(u8),
    Match {
        length: u16,
        distance: u16,
    },
    /// Exactly the window's size.
    FarMatch {
        length: u16,
    },
}

const WINDOW: usize = 1 << 15;
const MIN_MATCH: usize = 4;
const MAX_MATCH: usize = 258;
/// So much data must be in sight before a decision, except at the end.
const SIGHT: usize = MIN_MATCH + MAX_MATCH;
const BLOCK_TOKENS: usize = 1 << 14;
const HASH_BITS: u32 = 17;
/// No position.
const NONE: isize = -1;

// How hard to search at the default level.
const LAZY: usize = 16;
const NICE: usize = 128;
const CHAIN: usize = 128;
/// Short matches further away than this cost more than literals.
const NEAR: usize = 4096;

/// A pass over the data.
pub(super) struct Finder<'a> {
    data: &'a [u8],
    /// Where the window begins: it moves in whole steps.
    base: usize,
    /// How much of the data is in the window so far.
    end: usize,
    index: usize,
    /// Where the current block begins, if that is still in the window.
    block: Option<usize>,
    heads: Vec<isize>,
    previous: Vec<isize>,
    chain_head: isize,
    length: usize,
    distance: usize,
    /// The byte before `index` has not been written.
    pending: bool,
    tokens: Vec<Token>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            base: 0,
            end: 0,
            index: 0,
            block: Some(0),
            heads: vec![NONE; 1 << HASH_BITS],
            previous: vec![NONE; WINDOW],
            chain_head: NONE,
            length: MIN_MATCH - 1,
            distance: 0,
            pending: false,
            tokens: Vec::new(),
        }
    }

    /// Hands every block to `write`, with the data it stands for if that is still at hand.
    pub(super) fn run(mut self, mut write: impl FnMut(&[Token], Option<&[u8]>)) {
        while self.end < self.data.len() {
            self.advance(false, &mut write);
            if self.index - self.base >= 2 * WINDOW - SIGHT {
                self.base += WINDOW;
                self.block = self.block.filter(|b| *b >= self.base);
            }
            self.end = self.data.len().min(self.base + 2 * WINDOW);
        }
        self.advance(true, &mut write);
    }

    fn flush(&mut self, end: usize, write: &mut impl FnMut(&[Token], Option<&[u8]>)) {
        write(
            &self.tokens,
            self.block.filter(|b| *b <= end).map(|b| &self.data[b..end]),
        );
        self.block = Some(end);
        self.tokens.clear();
    }

    /// Puts a position at the head of its chain, and returns the one that was there.
    fn insert(&mut self, at: usize) -> isize {
        let d = self.data;
        let word = u32::from_be_bytes([d[at], d[at + 1], d[at + 2], d[at + 3]]);
        let hash = word.wrapping_mul(0x1e35_a7bd) >> (32 - HASH_BITS);
        let before = std::mem::replace(&mut self.heads[hash as usize], at as isize);
        self.previous[at % WINDOW] = before;
        before
    }

    /// Decides about all positions that enough data is in sight for, or about all.
    fn advance(&mut self, all: bool, write: &mut impl FnMut(&[Token], Option<&[u8]>)) {
        // A position further on has not enough bytes for a hash.
        let insertable = self.end.saturating_sub(MIN_MATCH - 1);
        loop {
            let sight = self.end - self.index;
            if sight < SIGHT && !all {
                return;
            }
            if sight == 0 {
                if std::mem::take(&mut self.pending) {
                    self.tokens.push(Token::Literal(self.data[self.index - 1]));
                }
                if !self.tokens.is_empty() {
                    self.flush(self.index, write);
                }
                return;
            }
            if self.index < insertable {
                self.chain_head = self.insert(self.index);
            }
            let (last_length, last_distance) = (self.length, self.distance);
            (self.length, self.distance) = (MIN_MATCH - 1, 0);
            let oldest = self.index.saturating_sub(WINDOW).max(self.base) as isize;
            if self.chain_head >= oldest
                && sight > last_length
                && last_length < LAZY
                && let Some(found) = self.find(self.chain_head as usize, sight)
            {
                (self.length, self.distance) = found;
            }
            if last_length >= MIN_MATCH && self.length <= last_length {
                self.take(last_length, last_distance, insertable);
                if self.tokens.len() == BLOCK_TOKENS {
                    self.flush(self.index, write);
                }
            } else {
                if self.pending {
                    self.tokens.push(Token::Literal(self.data[self.index - 1]));
                    if self.tokens.len() == BLOCK_TOKENS {
                        self.flush(self.index, write);
                    }
                }
                self.index += 1;
                self.pending = true;
            }
        }
    }

    /// Writes the match that begins one position back, and goes to its end.
    fn take(&mut self, length: usize, distance: usize, insertable: usize) {
        self.tokens.push(match u16::try_from(distance) {
            Ok(distance) if usize::from(distance) < WINDOW => Token::Match {
                length: length as u16,
                distance,
            },
            _ => Token::FarMatch {
                length: length as u16,
            },
        });
        let end = self.index + length - 1;
        for at in self.index + 1..end.min(insertable) {
            self.insert(at);
        }
        self.index = end;
        self.pending = false;
        self.length = MIN_MATCH - 1;
    }

    /// The longest match at `index` along the chain that begins at `head`: its length and distance.
    fn find(&self, head: usize, sight: usize) -> Option<(usize, usize)> {
        let limit = sight.min(MAX_MATCH);
        let here = &self.data[self.index..self.index + limit];
        let nice = NICE.min(limit);
        let oldest = self.index as isize - WINDOW as isize;
        let mut best = MIN_MATCH - 1;
        let mut found = None;
        let mut at = head;
        for _ in 0..CHAIN {
            if self.data[at + best] == here[best] {
                let there = &self.data[at..];
                let length = here.iter().zip(there).take_while(|(a, b)| a == b).count();
                let distance = self.index - at;
                if length > best && (length > MIN_MATCH || distance <= NEAR) {
                    best = length;
                    found = Some((length, distance));
                    if length >= nice {
                        break;
                    }
                }
            }
            let next = self.previous[at % WINDOW];
            if at as isize == oldest || next < oldest || next < self.base as isize {
                break;
            }
            at = next as usize;
        }
        found
    }
}
