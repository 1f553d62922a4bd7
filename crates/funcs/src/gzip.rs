//! Compression whose output is, byte for byte, that of Go's `compress/gzip` at its default level.
//!
//! The compressed text ends up in attributes (`user_data_base64`), where any other byte would be a
//! change to apply. So it matters which of the many valid encodings is chosen: how far matches are
//! searched, where blocks end, how ties between code lengths are broken.

mod bits;
mod huffman;
mod matches;

use bits::Bits;
use huffman::write_block;
use matches::Finder;

/// A gzip file of the data, flushed before its end.
pub(crate) fn compress(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut bits = Bits::default();
    Finder::new(data).run(|tokens, input| write_block(tokens, input, &mut bits));
    bits.stored_header(0, false);
    bits.stored_header(0, true);
    out.extend(bits.finish());
    let mut crc = flate2::Crc::new();
    crc.update(data);
    out.extend(crc.sum().to_le_bytes());
    out.extend((data.len() as u32).to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::compress;
    use std::io::Read as _;

    fn check(data: &[u8]) {
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&*compress(data))
            .read_to_end(&mut back)
            .unwrap();
        assert!(back == data, "{} bytes", data.len());
    }

    #[test]
    fn can_be_read_back() {
        let mut seed = 1u32;
        let mut random = |n: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) % n
        };
        for (length, letters) in [
            (0, 1),
            (1, 1),
            (5, 2),
            (300, 2),
            (5000, 3),
            (70_000, 256),
            (200_000, 4),
            (300_000, 1),
            (150_000, 40),
        ] {
            let data: Vec<u8> = (0..length).map(|_| random(letters) as u8).collect();
            check(&data);
        }
        let text: Vec<u8> = (0..20_000)
            .flat_map(|i| format!("line {} of {}\n", i % 700, random(90)).into_bytes())
            .collect();
        check(&text);
    }
}
