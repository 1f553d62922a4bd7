//! White space: indentation, space between tokens, columns.

use super::Piece;
use crate::lex::Kind;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// The tokens of a line, by their places in the list: what leads, an assignment from its equals sign
/// on, and a comment at the end. Each range may be empty.
struct Line {
    lead: Range<usize>,
    assign: Range<usize>,
    comment: Range<usize>,
}

/// Sets the spaces before all tokens.
pub(super) fn lay_out(pieces: &mut [Piece<'_>]) {
    let lines = lines(pieces);
    indent(pieces, &lines);
    for line in &lines {
        space_out(pieces, line.lead.clone());
        space_out(pieces, line.assign.clone());
        if let Some(equals) = pieces
            .get_mut(line.assign.clone())
            .and_then(|p| p.first_mut())
        {
            equals.spaces = 1;
        }
    }
    align(
        pieces,
        &lines,
        |line| line.assign.clone(),
        |line, pieces| columns(pieces, &line.lead),
    );
    align(
        pieces,
        &lines,
        |line| line.comment.clone(),
        |line, pieces| columns(pieces, &line.lead) + columns(pieces, &line.assign),
    );
}

fn lines(pieces: &[Piece<'_>]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut fixed = false;
    while start < pieces.len() {
        let len = pieces[start..]
            .iter()
            .position(|p| p.kind == Kind::Newline)
            .map_or(pieces.len() - start, |i| i + 1);
        let end = start + len;
        lines.push(line(pieces, start..end, fixed));
        for piece in &pieces[start..end] {
            match piece.kind {
                Kind::OpenHeredoc => fixed = true,
                Kind::CloseHeredoc => fixed = false,
                _ => {}
            }
        }
        start = end;
    }
    lines
}

fn line(pieces: &[Piece<'_>], all: Range<usize>, fixed: bool) -> Line {
    let mut line = Line {
        lead: all.clone(),
        assign: all.end..all.end,
        comment: all.end..all.end,
    };
    if fixed {
        return line;
    }
    // A line comment and its line break belong together.
    let code_end = all
        .clone()
        .find(|i| pieces[*i].kind == Kind::Comment && !pieces[*i].text.starts_with("/*"))
        .filter(|i| *i > all.start);
    if let Some(end) = code_end {
        line.lead = all.start..end;
        line.comment = end..all.end;
    }
    let equals = line
        .lead
        .clone()
        .skip(1)
        .find(|i| pieces[*i].kind == Kind::Equal);
    if let Some(equals) = equals
        && net_brackets(&pieces[equals..line.lead.end]) == 0
    {
        line.assign = equals..line.lead.end;
        line.lead = line.lead.start..equals;
    }
    line
}

/// Indents every line by the lines around it that open more brackets than they close.
fn indent(pieces: &mut [Piece<'_>], lines: &[Line]) {
    let mut levels: Vec<i32> = Vec::new();
    for line in lines {
        let net =
            net_brackets(&pieces[line.lead.clone()]) + net_brackets(&pieces[line.assign.clone()]);
        let mut closed = -net;
        while closed > 0 {
            let Some(level) = levels.last_mut() else {
                break;
            };
            if closed < *level {
                *level -= closed;
                break;
            }
            closed -= *level;
            levels.pop();
        }
        let first = &mut pieces[line.lead.start];
        // Space at the end of the text stays.
        if first.kind != Kind::Eof {
            let blank = first.kind == Kind::Newline;
            first.spaces = if blank { 0 } else { 2 * levels.len() };
        }
        if net > 0 {
            levels.push(net);
        }
    }
}

fn space_out(pieces: &mut [Piece<'_>], range: Range<usize>) {
    for i in range.clone().skip(1) {
        if pieces[i].kind == Kind::Eof {
            break;
        }
        let before = (i - 1 > range.start).then(|| pieces[i - 2].kind);
        pieces[i].spaces = usize::from(is_space_between(before, &pieces[i - 1], &pieces[i]));
    }
}

/// Aligns a part of neighboring lines that have it.
fn align(
    pieces: &mut [Piece<'_>],
    lines: &[Line],
    part: impl Fn(&Line) -> Range<usize>,
    width: impl Fn(&Line, &[Piece<'_>]) -> usize,
) {
    for chain in lines.chunk_by(|a, b| part(a).is_empty() == part(b).is_empty()) {
        if part(&chain[0]).is_empty() {
            continue;
        }
        let widest = chain
            .iter()
            .map(|line| width(line, pieces))
            .max()
            .unwrap_or_default();
        for line in chain {
            pieces[part(line).start].spaces = widest - width(line, pieces) + 1;
        }
    }
}

fn columns(pieces: &[Piece<'_>], range: &Range<usize>) -> usize {
    pieces[range.clone()]
        .iter()
        .map(|p| p.spaces + p.text.graphemes(true).count())
        .sum()
}

fn net_brackets(pieces: &[Piece<'_>]) -> i32 {
    pieces.iter().map(|p| bracket(p.kind)).sum()
}

const fn bracket(kind: Kind) -> i32 {
    match kind {
        Kind::OpenBrace | Kind::OpenBracket | Kind::OpenParen | Kind::Interp | Kind::Control => 1,
        Kind::CloseBrace | Kind::CloseBracket | Kind::CloseParen | Kind::SeqEnd => -1,
        _ => 0,
    }
}

/// Whether there is a space between two tokens; `before` is the one before both.
fn is_space_between(before: Option<Kind>, left: &Piece<'_>, right: &Piece<'_>) -> bool {
    use Kind::{
        Bang, CloseBrace, CloseHeredoc, CloseQuote, Comma, Control, Dot, DoubleColon, Ellipsis,
        Ident, Interp, Minus, Newline, Number, OpenBrace, OpenBracket, OpenHeredoc, OpenParen,
        OpenQuote, SeqEnd, Text,
    };
    match (left.kind, right.kind) {
        (_, Newline) => false,
        (Ident, OpenParen | DoubleColon) | (DoubleColon, Ident) => false,
        (Dot, _) | (_, Dot | Comma | Ellipsis) => false,
        (Comma, _) => true,
        (Text | OpenQuote | OpenHeredoc, _) | (_, Text | CloseQuote | CloseHeredoc) => false,
        (Ident, _) if left.text == "in" && before == Some(Ident) => true,
        (Ident | Number, OpenBracket) => false,
        (kind, OpenBracket) if bracket(kind) < 0 => false,
        (Bang, _) => false,
        (Minus, _) => !before.is_none_or(is_before_negation),
        (OpenBrace, CloseBrace) => false,
        (OpenBrace, _) | (_, CloseBrace) => true,
        (Interp | Control, OpenBrace) | (CloseBrace, SeqEnd) => true,
        (SeqEnd, Interp | Control) => false,
        (left, right) => bracket(left) <= 0 && bracket(right) >= 0,
    }
}

/// Whether a minus after this is a sign, not an operator.
const fn is_before_negation(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::OpenParen
            | Kind::OpenBrace
            | Kind::OpenBracket
            | Kind::Equal
            | Kind::Colon
            | Kind::Comma
            | Kind::Question
            | Kind::Plus
            | Kind::Star
            | Kind::Slash
            | Kind::Percent
            | Kind::Minus
            | Kind::EqualEqual
            | Kind::NotEqual
            | Kind::Less
            | Kind::LessEqual
            | Kind::Greater
            | Kind::GreaterEqual
            | Kind::And
            | Kind::Or
    )
}
