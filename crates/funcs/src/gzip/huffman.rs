//! Blocks: tokens as Huffman codes, or the data as it is, whichever is shorter.

use super::bits::Bits;
use super::matches::Token;

const LITERALS: usize = 286;
const DISTANCES: usize = 30;
const END: usize = 256;
/// The order in which the lengths of the length codes are written.
const LENGTH_ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// A symbol's bits, ready to be put, and how many.
type Code = (u32, u32);

/// A symbol with bits after it.
struct Extra {
    symbol: usize,
    value: u32,
    count: u32,
}

fn length_symbol(length: u16) -> Extra {
    let above = u32::from(length) - 3;
    if length == 258 {
        return Extra {
            symbol: 285,
            value: 0,
            count: 0,
        };
    }
    if above < 8 {
        return Extra {
            symbol: 257 + above as usize,
            value: 0,
            count: 0,
        };
    }
    // Four symbols share each number of extra bits.
    let count = above.ilog2() - 2;
    let symbol = 257 + 4 * count as usize + (above >> count) as usize;
    Extra {
        symbol,
        value: above & ((1 << count) - 1),
        count,
    }
}

fn distance_symbol(distance: u32) -> Extra {
    let above = distance - 1;
    if above < 4 {
        return Extra {
            symbol: above as usize,
            value: 0,
            count: 0,
        };
    }
    // Two symbols share each number of extra bits.
    let count = above.ilog2() - 1;
    let symbol = 2 * count as usize + (above >> count) as usize;
    Extra {
        symbol,
        value: above & ((1 << count) - 1),
        count,
    }
}

/// What a token is made of.
fn symbols(token: Token) -> (Extra, Option<Extra>) {
    match token {
        Token::Literal(byte) => (
            Extra {
                symbol: usize::from(byte),
                value: 0,
                count: 0,
            },
            None,
        ),
        Token::Match { length, distance } => (
            length_symbol(length),
            Some(distance_symbol(u32::from(distance))),
        ),
        Token::FarMatch { length } => (length_symbol(length), Some(distance_symbol(1 << 15))),
    }
}

/// Writes a block that is not the last one.
pub(super) fn write_block(tokens: &[Token], input: Option<&[u8]>, out: &mut Bits) {
    let (literals, distances, extra_bits) = count(tokens);
    let used = |f: &[u32]| f.iter().rposition(|n| *n > 0).map_or(0, |last| last + 1);
    let (literal_count, distance_count) = (used(&literals), used(&distances));
    let literal_lengths = code_lengths(&literals, 15);
    let distance_lengths = code_lengths(&distances, 15);
    let header = Header::new(
        &literal_lengths[..literal_count],
        &distance_lengths[..distance_count],
    );

    let size = |f: &[u32], lengths: &[u8]| {
        f.iter()
            .zip(lengths)
            .map(|(n, l)| *n as usize * usize::from(*l))
            .sum::<usize>()
    };
    let fixed =
        3 + size(&literals, &fixed_literals()) + size(&distances, &[5; DISTANCES]) + extra_bits;
    let dynamic = header.size()
        + size(&literals, &literal_lengths)
        + size(&distances, &distance_lengths)
        + extra_bits;

    let shortest = fixed.min(dynamic);
    if let Some(input) = input
        && let Some(length) = u16::try_from(input.len())
            .ok()
            .filter(|_| (input.len() + 5) * 8 < shortest)
    {
        out.stored_header(length, false);
        out.bytes(input);
        return;
    }
    let (literal_codes, distance_codes) = if dynamic < fixed {
        header.write(out);
        (codes(&literal_lengths), codes(&distance_lengths))
    } else {
        out.put(2, 3);
        (codes(&fixed_literals()), codes(&[5; DISTANCES]))
    };
    for token in tokens {
        let (first, second) = symbols(*token);
        put(out, &literal_codes, &first);
        if let Some(second) = second {
            put(out, &distance_codes, &second);
        }
    }
    put(
        out,
        &literal_codes,
        &Extra {
            symbol: END,
            value: 0,
            count: 0,
        },
    );
}

fn put(out: &mut Bits, codes: &[Code], item: &Extra) {
    let (bits, count) = codes[item.symbol];
    out.put(bits, count);
    out.put(item.value, item.count);
}

/// How often each literal or length and each distance occurs, and the extra bits of all.
fn count(tokens: &[Token]) -> ([u32; LITERALS], [u32; DISTANCES], usize) {
    let mut literals = [0; LITERALS];
    let mut distances = [0; DISTANCES];
    let mut extra_bits = 0;
    for token in tokens {
        let (first, second) = symbols(*token);
        literals[first.symbol] += 1;
        extra_bits += first.count as usize;
        if let Some(second) = second {
            distances[second.symbol] += 1;
            extra_bits += second.count as usize;
        }
    }
    literals[END] += 1;
    if distances.iter().all(|n| *n == 0) {
        // An empty code cannot be written.
        distances[0] = 1;
    }
    (literals, distances, extra_bits)
}

fn fixed_literals() -> [u8; LITERALS] {
    std::array::from_fn(|symbol| match symbol {
        0..144 => 8,
        144..256 => 9,
        256..280 => 7,
        _ => 8,
    })
}

/// The lengths of the best code that has none longer than `limit`.
///
/// Package-merge: on each level the leaves, by frequency, are merged with the pairs of the level
/// below; of the top level, the first `2n - 2` items are taken, and of each lower level those that
/// the pairs taken are made of. A leaf is as long as the number of levels it is taken on.
fn code_lengths(frequencies: &[u32], limit: usize) -> Vec<u8> {
    let mut lengths = vec![0; frequencies.len()];
    let mut leaves: Vec<(u32, usize)> = frequencies
        .iter()
        .enumerate()
        .filter(|(_, n)| **n > 0)
        .map(|(symbol, n)| (*n, symbol))
        .collect();
    if leaves.len() <= 2 {
        for (_, symbol) in &leaves {
            lengths[*symbol] = 1;
        }
        return lengths;
    }
    leaves.sort_unstable();
    let levels = limit.min(leaves.len() - 1);
    // Per level, the items: their weight and whether they are leaves.
    let mut rows: Vec<Vec<(u64, bool)>> = Vec::with_capacity(levels);
    for level in 0..levels {
        let pairs: Vec<u64> = match level.checked_sub(1) {
            Some(below) => rows[below]
                .chunks_exact(2)
                .map(|pair| pair[0].0 + pair[1].0)
                .collect(),
            None => Vec::new(),
        };
        let mut pairs = pairs.into_iter().peekable();
        let mut row = Vec::with_capacity(2 * leaves.len());
        for (weight, _) in &leaves {
            let weight = u64::from(*weight);
            // Of equal weights the pair comes first.
            while let Some(pair) = pairs.next_if(|pair| *pair <= weight) {
                row.push((pair, false));
            }
            row.push((weight, true));
        }
        row.extend(pairs.map(|pair| (pair, false)));
        rows.push(row);
    }
    let mut taken = 2 * leaves.len() - 2;
    for row in rows.iter().rev() {
        let count = row[..taken].iter().filter(|(_, leaf)| *leaf).count();
        leaves[..count]
            .iter()
            .for_each(|(_, symbol)| lengths[*symbol] += 1);
        taken = 2 * (taken - count);
    }
    lengths
}

/// The codes of these lengths: shorter ones first, in the order of symbols.
fn codes(lengths: &[u8]) -> Vec<Code> {
    let mut codes = vec![(0, 0); lengths.len()];
    let mut next: u32 = 0;
    for length in 1..=15u8 {
        next <<= 1;
        for (symbol, _) in lengths.iter().enumerate().filter(|(_, l)| **l == length) {
            let length = u32::from(length);
            codes[symbol] = (next.reverse_bits() >> (32 - length), length);
            next += 1;
        }
    }
    codes
}

/// The description of a block's codes, run-length encoded and Huffman coded itself.
struct Header {
    literal_count: usize,
    distance_count: usize,
    items: Vec<Extra>,
    lengths: Vec<u8>,
    /// How many of the length codes' lengths are written.
    length_count: usize,
}

impl Header {
    fn new(literals: &[u8], distances: &[u8]) -> Self {
        let all: Vec<u8> = literals.iter().chain(distances).copied().collect();
        let items: Vec<Extra> = all
            .chunk_by(|a, b| a == b)
            .flat_map(|run| run_items(run[0], run.len()))
            .collect();
        let mut frequencies = [0; 19];
        for item in &items {
            frequencies[item.symbol] += 1;
        }
        let last = LENGTH_ORDER
            .iter()
            .rposition(|symbol| frequencies[*symbol] > 0)
            .unwrap_or(0);
        Self {
            literal_count: literals.len(),
            distance_count: distances.len(),
            items,
            lengths: code_lengths(&frequencies, 7),
            length_count: (last + 1).max(4),
        }
    }

    fn size(&self) -> usize {
        let items: usize = self
            .items
            .iter()
            .map(|i| usize::from(self.lengths[i.symbol]) + i.count as usize)
            .sum();
        3 + 5 + 5 + 4 + 3 * self.length_count + items
    }

    fn write(&self, out: &mut Bits) {
        out.put(4, 3);
        out.put(self.literal_count as u32 - 257, 5);
        out.put(self.distance_count as u32 - 1, 5);
        out.put(self.length_count as u32 - 4, 4);
        for symbol in &LENGTH_ORDER[..self.length_count] {
            out.put(u32::from(self.lengths[*symbol]), 3);
        }
        let codes = codes(&self.lengths);
        self.items.iter().for_each(|item| put(out, &codes, item));
    }
}

/// A run of equal code lengths.
fn run_items(length: u8, mut count: usize) -> Vec<Extra> {
    let plain = Extra {
        symbol: usize::from(length),
        value: 0,
        count: 0,
    };
    let mut items = Vec::new();
    if length == 0 {
        while count >= 11 {
            let n = count.min(138);
            items.push(Extra {
                symbol: 18,
                value: n as u32 - 11,
                count: 7,
            });
            count -= n;
        }
        if count >= 3 {
            items.push(Extra {
                symbol: 17,
                value: count as u32 - 3,
                count: 3,
            });
            count = 0;
        }
    } else {
        items.push(Extra { ..plain });
        count -= 1;
        while count >= 3 {
            let n = count.min(6);
            items.push(Extra {
                symbol: 16,
                value: n as u32 - 3,
                count: 2,
            });
            count -= n;
        }
    }
    items.extend((0..count).map(|_| Extra { ..plain }));
    items
}
