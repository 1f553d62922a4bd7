//! Chance, so that many who wait for the same thing do not all ask at once.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A random part of a duration, from 0 to all of it.
pub(crate) fn part_of(duration: Duration) -> Duration {
    duration.mul_f64(fraction())
}

/// A duration, up to a tenth more or less.
pub(crate) fn about(duration: Duration) -> Duration {
    duration.mul_f64(fraction().mul_add(0.2, 0.9))
}

/// A number from 0 to below 1 (splitmix64 over a counter that starts anywhere).
fn fraction() -> f64 {
    static STATE: OnceLock<AtomicU64> = OnceLock::new();
    let state = STATE.get_or_init(|| AtomicU64::new(uuid::Uuid::new_v4().as_u64_pair().0));
    let step = 0x9E37_79B9_7F4A_7C15;
    let mut z = state.fetch_add(step, Ordering::Relaxed).wrapping_add(step);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    let bits = u32::try_from(z >> 32).unwrap_or_default();
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_spread_and_within_bounds() {
        let mut low = 0;
        for _ in 0..1000 {
            let f = fraction();
            assert!((0.0..1.0).contains(&f));
            low += usize::from(f < 0.5);
            let second = Duration::from_secs(1);
            assert!(part_of(second) < second);
            assert!((900..=1100).contains(&about(second).as_millis()));
        }
        assert!((400..600).contains(&low), "{low}");
    }
}
