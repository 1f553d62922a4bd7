//! Patterns of operations.

/// Whether a text fits a pattern: `*` stands for any text, `?` for one character.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // The last star, and where the text that it stands for ends.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == b'?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                // The last star takes one more.
                let Some((at, end)) = star else { return false };
                star = Some((at, end + 1));
                (p, t) = (at + 1, end + 1);
            }
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_and_question_marks() {
        for pattern in [
            "*",
            "ec2:*",
            "ec2:Create*",
            "*:CreateVpc",
            "ec2:?reateVpc",
            "*Create*",
            "ec2:CreateVpc",
        ] {
            assert!(fits(pattern, "ec2:CreateVpc"), "{pattern}");
        }
        for pattern in [
            "",
            "ec2",
            "ec2:",
            "*:CreateVp",
            "ec2:CreateVpc?",
            "eks:*",
            "*Delete*",
        ] {
            assert!(!fits(pattern, "ec2:CreateVpc"), "{pattern}");
        }
        assert!(fits("*a*b*c", "xxaxxbxbxc"));
    }
}
