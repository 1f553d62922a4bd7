//! How much of a text stays as it is when more text follows.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Characters that combine with nothing after them.
const DELIMITERS: &str = "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'";

/// The text in normal form C without the last character a reader would see, which could become
/// another one when combining marks follow. Common delimiters stay.
pub fn safe_prefix(text: &str) -> String {
    let mut text: String = text.nfc().collect();
    if let Some((start, last)) = text.grapheme_indices(true).next_back()
        && !(last.chars().count() == 1 && DELIMITERS.contains(last))
    {
        text.truncate(start);
    }
    text
}
