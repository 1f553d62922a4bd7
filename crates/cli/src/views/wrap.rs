//! Line breaks.

/// Columns that text may take.
const WIDTH: usize = 78;

/// Breaks lines at spaces. Lines that start with a space are left as they are: lists and code.
pub(crate) fn wrap(text: &str) -> String {
    wrap_to(text, WIDTH)
}

/// Like [`wrap`], for fewer columns.
pub(crate) fn wrap_to(text: &str, width: usize) -> String {
    let lines = text.split('\n').map(|line| {
        if line.starts_with([' ', '\t']) {
            return line.to_owned();
        }
        let mut out = String::new();
        let mut column = 0;
        for word in line.split(' ') {
            let len = word.chars().count();
            if column > 0 && column + 1 + len > width {
                out.push('\n');
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += len;
        }
        out
    });
    lines.collect::<Vec<_>>().join("\n")
}
