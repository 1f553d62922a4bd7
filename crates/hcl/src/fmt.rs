//! The canonical layout of configuration text.
//!
//! Only white space changes, apart from a few spellings that have a better one: quotes around a
//! single interpolation, old type keywords, and unquoted labels.

mod layout;
mod rewrite;

use crate::lex::{Kind, Mode, Token, lex};
use diags::Pos;

/// The text in canonical layout. Text with syntax errors comes back as it is.
pub fn format(source: &str) -> String {
    let (body, diags) = crate::parse("", source);
    if diags.has_errors() {
        return source.to_owned();
    }
    let start = Pos {
        line: 1,
        column: 1,
        byte: 0,
    };
    let tokens = lex(source, start, Mode::Normal);
    let mut pieces = pieces(source, &tokens);
    rewrite::rewrite(&body, &mut pieces);
    layout::lay_out(&mut pieces);
    let mut out = String::with_capacity(source.len() + source.len() / 8);
    for piece in &pieces {
        out.extend(std::iter::repeat_n(' ', piece.spaces));
        out.push_str(piece.text);
    }
    out
}

/// A token with the space before it.
#[derive(Clone, Copy, Debug)]
struct Piece<'a> {
    kind: Kind,
    text: &'a str,
    /// Spaces before the token.
    spaces: usize,
    /// Where the token stands in the source.
    byte: u32,
}

fn pieces<'a>(source: &'a str, tokens: &[Token]) -> Vec<Piece<'a>> {
    let mut last = None::<Token>;
    let mut pieces = Vec::with_capacity(tokens.len());
    for token in tokens {
        let spaces = match last {
            Some(last) if last.end.line == token.start.line => token.start.column - last.end.column,
            _ => token.start.column - 1,
        };
        last = Some(*token);
        let text = &source[token.start.byte as usize..token.end.byte as usize];
        pieces.push(Piece {
            kind: token.kind,
            text,
            spaces: spaces as usize,
            byte: token.start.byte,
        });
    }
    pieces
}

#[cfg(test)]
mod tests;
