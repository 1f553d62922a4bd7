//! Better spellings of a few things.

use super::Piece;
use crate::lex::Kind;
use crate::{Block, Body, Expr, ExprKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// Rewrites attribute values and block headers of the body.
pub(super) fn rewrite(body: &Body, pieces: &mut Vec<Piece<'_>>) {
    let mut edits = Edits::default();
    edits.body(body, &[], pieces);
    let mut out = Vec::with_capacity(pieces.len());
    let mut at = 0;
    for (start, (end, replacement)) in edits.0 {
        out.extend_from_slice(&pieces[at..start]);
        out.extend(replacement);
        at = end;
    }
    out.extend_from_slice(&pieces[at..]);
    *pieces = out;
}

/// What comes in the place of which tokens: by start, the end and the new tokens.
#[derive(Default)]
struct Edits<'a>(BTreeMap<usize, (usize, Vec<Piece<'a>>)>);

impl<'a> Edits<'a> {
    fn body(&mut self, body: &Body, around: &[&str], pieces: &[Piece<'a>]) {
        let Body::Native(body) = body;
        for attribute in &body.attributes {
            let tokens = tokens_of(&attribute.expr, pieces);
            let new = if around == ["variable"] && &*attribute.name == "type" {
                better_type(&pieces[tokens.clone()])
            } else {
                unwrapped(&attribute.expr, &pieces[tokens.clone()])
            };
            if let Some(new) = new {
                self.0.insert(tokens.start, (tokens.end, new));
            }
        }
        for block in &body.blocks {
            self.header(block, pieces);
            let mut inside = around.to_vec();
            inside.push(&block.kind);
            stacker::maybe_grow(32 * 1024, 1024 * 1024, || {
                self.body(&block.body, &inside, pieces);
            });
        }
    }

    /// Quotes labels, and drops comments between them.
    fn header(&mut self, block: &Block, pieces: &[Piece<'a>]) {
        let Body::Native(body) = &block.body;
        let start = first_at(block.kind_range.end.byte, pieces);
        let end = first_at(body.missing_range.start.byte, pieces);
        let mut new = Vec::with_capacity(end - start);
        for piece in &pieces[start..end] {
            let quote = |kind| Piece {
                kind,
                text: "\"",
                spaces: 0,
                byte: piece.byte,
            };
            match piece.kind {
                Kind::Comment => {}
                Kind::Ident => new.extend([
                    quote(Kind::OpenQuote),
                    Piece {
                        kind: Kind::Text,
                        spaces: 0,
                        ..*piece
                    },
                    quote(Kind::CloseQuote),
                ]),
                _ => new.push(*piece),
            }
        }
        if new.len() != end - start {
            self.0.insert(start, (end, new));
        }
    }
}

fn first_at(byte: u32, pieces: &[Piece<'_>]) -> usize {
    pieces.partition_point(|p| p.byte < byte)
}

fn tokens_of(expr: &Expr, pieces: &[Piece<'_>]) -> Range<usize> {
    first_at(expr.range.start.byte, pieces)..first_at(expr.range.end.byte, pieces)
}

/// `x` for `"${x}"`.
fn unwrapped<'a>(expr: &Expr, tokens: &[Piece<'a>]) -> Option<Vec<Piece<'a>>> {
    let (ExprKind::Wrap(_), [_, _, inside @ .., _, _]) = (&*expr.kind, tokens) else {
        return None;
    };
    let mut quotes = 0;
    for token in inside {
        match token.kind {
            Kind::OpenQuote => quotes += 1,
            Kind::CloseQuote => quotes -= 1,
            Kind::Interp | Kind::SeqEnd if quotes == 0 => return None,
            _ => {}
        }
    }
    let is_code = |p: &Piece<'_>| p.kind != Kind::Newline;
    let first = inside.iter().position(is_code)?;
    let last = inside.iter().rposition(is_code)?;
    let inside = &inside[first..=last];
    let parens =
        inside[0].kind == Kind::OpenParen && inside[inside.len() - 1].kind == Kind::CloseParen;
    let mut new = inside.to_vec();
    if !parens && inside.iter().any(|p| p.kind == Kind::Newline) {
        let paren = |kind, text| Piece {
            kind,
            text,
            spaces: 0,
            byte: inside[0].byte,
        };
        new.insert(0, paren(Kind::OpenParen, "("));
        new.push(paren(Kind::CloseParen, ")"));
    }
    Some(new)
}

/// The new spelling of an old type constraint.
fn better_type<'a>(tokens: &[Piece<'a>]) -> Option<Vec<Piece<'a>>> {
    let (outer, inner) = match tokens {
        [word] if word.kind == Kind::Ident => match word.text {
            "list" | "map" | "set" => (word.text, Some("any")),
            _ => return None,
        },
        [_, text, _] if text.kind == Kind::Text => match text.text {
            "string" => ("string", None),
            "list" | "map" => (text.text, Some("string")),
            _ => return None,
        },
        _ => return None,
    };
    let piece = |kind, text| Piece {
        kind,
        text,
        spaces: 0,
        byte: tokens[0].byte,
    };
    let mut new = vec![piece(Kind::Ident, outer)];
    if let Some(inner) = inner {
        new.extend([
            piece(Kind::OpenParen, "("),
            piece(Kind::Ident, inner),
            piece(Kind::CloseParen, ")"),
        ]);
    }
    Some(new)
}
