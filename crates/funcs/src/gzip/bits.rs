//! Bits into bytes, lowest bit first.

/// Bytes written bit by bit.
#[derive(Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    pending: u64,
    count: u32,
}

impl Bits {
    /// Appends the lowest `count` bits of `value`.
    pub(super) fn put(&mut self, value: u32, count: u32) {
        self.pending |= u64::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.pending as u8);
            self.pending >>= 8;
            self.count -= 8;
        }
    }

    fn align(&mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
    }

    /// Begins a block that holds `length` bytes as they are.
    pub(super) fn stored_header(&mut self, length: u16, last: bool) {
        self.put(u32::from(last), 3);
        self.align();
        self.put(u32::from(length), 16);
        self.put(u32::from(!length), 16);
    }

    /// Appends whole bytes; only after a header that aligned.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.align();
        self.bytes
    }
}
