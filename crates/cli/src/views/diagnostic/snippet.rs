//! The code that a diagnostic is about.

use super::Sources;
use diags::{Diagnostic, SourceRange};
use hcl::Body;

/// Whole lines of code with a part to point out.
#[derive(Debug)]
pub(super) struct Snippet<'a> {
    /// The header of the block around it: `resource "a" "b"`.
    pub(super) context: Option<String>,
    /// The lines.
    pub(super) code: &'a str,
    /// The number of the first line.
    pub(super) line: usize,
    /// Where in the code the part begins, in bytes.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
}

/// The lines that the subject and the context of a diagnostic are in; `None` if the file is not at hand.
pub(super) fn snippet<'a>(diagnostic: &Diagnostic, sources: &'a Sources) -> Option<Snippet<'a>> {
    let subject = diagnostic.subject.as_ref()?;
    let source: &str = sources.get(&subject.file)?;
    let whole = match &diagnostic.context {
        Some(context) if context.file == subject.file => subject.to(context),
        _ => subject.clone(),
    };
    let at = |byte: u32| floor(source, byte as usize);
    let (start, end) = (at(subject.start.byte), at(subject.end.byte));
    let first = source[..at(whole.start.byte)]
        .rfind('\n')
        .map_or(0, |i| i + 1);
    let last = at(whole.end.byte).max(first);
    let last = source[last..].find('\n').map_or(source.len(), |i| last + i);
    let code = source[first..last].trim_end_matches('\r');
    let start = start.clamp(first, first + code.len()) - first;
    let end = end.clamp(first + start, first + code.len()) - first;
    Some(Snippet {
        context: header(subject, source),
        code,
        line: source[..first].matches('\n').count() + 1,
        start,
        end,
    })
}

/// The next place before that is between characters.
fn floor(source: &str, byte: usize) -> usize {
    let mut byte = byte.min(source.len());
    while !source.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// The header of the outermost block that the subject is in.
fn header(subject: &SourceRange, source: &str) -> Option<String> {
    if subject.file.ends_with(".json") {
        return None;
    }
    let (Body::Native(body), _) = hcl::parse(subject.file.clone(), source);
    let byte = subject.start.byte;
    let block = body.blocks.iter().find(|block| {
        let Body::Native(inner) = &block.body;
        (block.def_range.start.byte..inner.end_range.end.byte).contains(&byte)
    })?;
    let labels = block
        .labels
        .iter()
        .map(|label| format!(" {:?}", &*label.value));
    Some(format!("{}{}", block.kind, labels.collect::<String>()))
}
