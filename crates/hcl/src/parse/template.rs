//! Quoted templates, heredocs and bare templates.

use super::{Parsed, Parser};
use crate::lex::{Kind, Token};
use crate::{Expr, ExprKind, TemplatePart};
use cty::Value;
use diags::{Diagnostic, SourceRange};
use std::iter::Peekable;
use std::sync::Arc;
use std::vec::IntoIter;
use unicode_segmentation::UnicodeSegmentation;

/// A piece of a template before directives are matched with their ends.
enum Piece {
    Text(String, SourceRange),
    Interpolation(Expr),
    If(Expr, SourceRange),
    Else(SourceRange),
    EndIf(SourceRange),
    For {
        key: Option<Arc<str>>,
        value: Arc<str>,
        collection: Expr,
        range: SourceRange,
    },
    EndFor(SourceRange),
}

impl Piece {
    fn directive(&self) -> Option<(&'static str, &SourceRange)> {
        match self {
            Self::Text(..) | Self::Interpolation(_) => None,
            Self::If(_, range) => Some(("if", range)),
            Self::Else(range) => Some(("else", range)),
            Self::EndIf(range) => Some(("endif", range)),
            Self::For { range, .. } => Some(("for", range)),
            Self::EndFor(range) => Some(("endfor", range)),
        }
    }
}

impl Parser<'_> {
    pub(super) fn parse_quoted(&mut self) -> Parsed<Expr> {
        let open = self.next();
        let pieces = self.parse_pieces(open, Kind::CloseQuote)?;
        let end = self.last_end();
        self.finish_template(pieces, self.range(open.start, end))
    }

    pub(super) fn parse_heredoc(&mut self) -> Parsed<Expr> {
        let open = self.next();
        let mut pieces = self.parse_pieces(open, Kind::CloseHeredoc)?;
        if self.text(open).starts_with("<<-") {
            remove_indent(&mut pieces);
        }
        let end = self.last_end();
        self.finish_template(pieces, self.range(open.start, end))
    }

    pub(super) fn parse_bare_template(&mut self) -> Parsed<Expr> {
        let first = self.tokens[0];
        let pieces = self.nested(|p| p.parse_pieces(first, Kind::Eof))?;
        let end = self.tokens[self.tokens.len() - 1].end;
        self.finish_template(pieces, self.range(first.start, end))
    }

    /// Parses pieces up to and with the `close` token, and applies strip markers.
    fn parse_pieces(&mut self, open: Token, close: Kind) -> Parsed<Vec<Piece>> {
        let mut pieces = Vec::new();
        let mut strip = false;
        loop {
            let token = self.tokens[self.at];
            if token.kind == close {
                self.next();
                return Ok(pieces);
            }
            match token.kind {
                Kind::Text => {
                    self.next();
                    let mut text = match close {
                        Kind::CloseQuote => self.unescape_quoted(token)?,
                        _ => self.unescape_plain(token),
                    };
                    if std::mem::take(&mut strip) {
                        text = text.trim_start().to_owned();
                    }
                    pieces.push(Piece::Text(text, self.token_range(token)));
                }
                Kind::Interp | Kind::Control => {
                    self.next();
                    if self.text(token).len() == 3
                        && let Some(Piece::Text(text, _)) = pieces.last_mut()
                    {
                        text.truncate(text.trim_end().len());
                    }
                    let (piece, end) = self.with_newlines(false, |p| p.parse_sequence(token))?;
                    strip = self.text(end).len() == 2;
                    pieces.push(piece);
                }
                _ => {
                    return Err(self.error_since(
                        "Unterminated template string",
                        "No closing marker was found for the string.",
                        token,
                        open.start,
                    ));
                }
            }
        }
    }

    /// Parses what stands between `${` or `%{` and its end, which is returned too.
    fn parse_sequence(&mut self, open: Token) -> Parsed<(Piece, Token)> {
        if open.kind == Kind::Interp {
            let expr = self.parse_expr()?;
            let end = self.end_sequence(
                open,
                "Extra characters after interpolation expression",
                "interpolation",
            )?;
            return Ok((Piece::Interpolation(expr), end));
        }
        let word = self.next();
        let name = if word.kind == Kind::Ident {
            self.text(word)
        } else {
            ""
        };
        let (make, named): (Box<dyn FnOnce(SourceRange) -> Piece>, _) = match name {
            "if" => {
                let condition = self.parse_expr()?;
                (Box::new(|range| Piece::If(condition, range)), "if")
            }
            "else" => (Box::new(Piece::Else), "else"),
            "endif" => (Box::new(Piece::EndIf), "endif"),
            "for" => {
                let (key, value) = self.parse_for_names(open)?;
                self.expect_word("in", open)?;
                let collection = self.parse_expr()?;
                (
                    Box::new(|range| Piece::For {
                        key,
                        value,
                        collection,
                        range,
                    }),
                    "for",
                )
            }
            "endfor" => (Box::new(Piece::EndFor), "endfor"),
            _ => {
                return Err(self.error_since(
                    "Invalid template control keyword",
                    "A template directive (%{ ... }) begins with if, else, endif, for or endfor.",
                    word,
                    open.start,
                ));
            }
        };
        let end = self.end_sequence(open, "Extra characters in template directive", named)?;
        Ok((make(self.range(open.start, end.end)), end))
    }

    fn end_sequence(&mut self, open: Token, summary: &str, what: &str) -> Parsed<Token> {
        let token = self.peek();
        if token.kind == Kind::SeqEnd {
            // Taken without looking further: what follows is text again.
            return Ok(self.next());
        }
        if token.kind == Kind::Eof {
            return Err(self.error(
                "Unclosed template interpolation sequence",
                format!("There is no closing brace for this {what} before the end of the file."),
                open,
            ));
        }
        Err(self.error_since(
            summary,
            format!("Expected a closing brace to end the {what}, but found something else."),
            token,
            open.start,
        ))
    }

    fn finish_template(&mut self, pieces: Vec<Piece>, range: SourceRange) -> Parsed<Expr> {
        if let [Piece::Interpolation(expr)] = &pieces[..] {
            return Ok(Expr::new(ExprKind::Wrap(expr.clone()), range));
        }
        if pieces.iter().all(|piece| matches!(piece, Piece::Text(..))) {
            let text: String = pieces
                .iter()
                .map(|p| {
                    if let Piece::Text(text, _) = p {
                        text
                    } else {
                        ""
                    }
                })
                .collect();
            return Ok(Expr::new(ExprKind::Literal(Value::string(text)), range));
        }
        let mut pieces = pieces.into_iter().peekable();
        let parts = self.parse_parts(&mut pieces, None)?;
        if let Some(piece) = pieces.peek()
            && let Some((name, at)) = piece.directive()
        {
            self.diags.push(
                Diagnostic::error(
                    format!("Unexpected {name} directive"),
                    "The control directives within this template are unbalanced.",
                )
                .at(at.clone()),
            );
            return Err(super::Abort);
        }
        Ok(Expr::new(ExprKind::Template(parts), range))
    }

    /// Takes pieces up to a directive that belongs to the one around, `open`.
    fn parse_parts(
        &mut self,
        pieces: &mut Peekable<IntoIter<Piece>>,
        open: Option<(&'static str, &SourceRange)>,
    ) -> Parsed<Vec<TemplatePart>> {
        let mut parts: Vec<TemplatePart> = Vec::new();
        while let Some(piece) =
            pieces.next_if(|p| !matches!(p, Piece::Else(_) | Piece::EndIf(_) | Piece::EndFor(_)))
        {
            match piece {
                Piece::Text(text, range) => {
                    let part = join_text(text, range, pieces);
                    parts.extend(part);
                }
                Piece::Interpolation(expr) => parts.push(TemplatePart::Interpolation(expr)),
                Piece::If(condition, range) => {
                    parts.push(self.nested(|p| p.parse_if(pieces, condition, range))?);
                }
                Piece::For {
                    key,
                    value,
                    collection,
                    range,
                } => {
                    let body = self.nested(|p| p.parse_parts(pieces, Some(("for", &range))))?;
                    let range = match pieces.next() {
                        Some(Piece::EndFor(end)) => range.to(&end),
                        other => {
                            return Err(self.unbalanced("for", "endfor", &range, other.as_ref()));
                        }
                    };
                    parts.push(TemplatePart::For {
                        key,
                        value,
                        collection,
                        body,
                        range,
                    });
                }
                Piece::Else(_) | Piece::EndIf(_) | Piece::EndFor(_) => break,
            }
        }
        match (pieces.peek(), open) {
            (None, Some((name, range))) => {
                let end = if name == "for" { "endfor" } else { "endif" };
                Err(self.unbalanced(name, end, range, None))
            }
            _ => Ok(parts),
        }
    }

    fn parse_if(
        &mut self,
        pieces: &mut Peekable<IntoIter<Piece>>,
        condition: Expr,
        range: SourceRange,
    ) -> Parsed<TemplatePart> {
        let then = self.parse_parts(pieces, Some(("if", &range)))?;
        let otherwise = match pieces.next_if(|p| matches!(p, Piece::Else(_))) {
            Some(_) => self.parse_parts(pieces, Some(("if", &range)))?,
            None => Vec::new(),
        };
        match pieces.next() {
            Some(Piece::EndIf(end)) => Ok(TemplatePart::If {
                condition,
                then,
                otherwise,
                range: range.to(&end),
            }),
            other => Err(self.unbalanced("if", "endif", &range, other.as_ref())),
        }
    }

    /// Reports that a directive is not closed, or that another one is in the way.
    fn unbalanced(
        &mut self,
        name: &str,
        end: &str,
        range: &SourceRange,
        found: Option<&Piece>,
    ) -> super::Abort {
        let diagnostic = match found.and_then(Piece::directive) {
            Some((other, at)) => Diagnostic::error(
                format!("Unexpected {other} directive"),
                format!("Expecting an {end} directive for the {name} directive at {range}."),
            )
            .at(at.clone()),
            None => Diagnostic::error(
                "Unexpected end of template",
                format!(
                    "The {name} directive at {range} is missing its corresponding {end} directive."
                ),
            )
            .at(range.clone()),
        };
        self.diags.push(diagnostic);
        super::Abort
    }
}

/// One part of a text and those that follow it; nothing if there is no text in them.
fn join_text(
    mut text: String,
    mut range: SourceRange,
    pieces: &mut Peekable<IntoIter<Piece>>,
) -> Option<TemplatePart> {
    while let Some(Piece::Text(more, end)) = pieces.next_if(|p| matches!(p, Piece::Text(..))) {
        text.push_str(&more);
        range = range.to(&end);
    }
    (!text.is_empty()).then(|| TemplatePart::Literal(text.into(), range))
}

/// Takes the indentation that all lines share off a `<<-` heredoc. Blank lines do not count.
fn remove_indent(pieces: &mut [Piece]) {
    let mut line_start = true;
    let mut shared = usize::MAX;
    let mut lines = Vec::new();
    for (i, piece) in pieces.iter().enumerate() {
        let text = match piece {
            Piece::Text(text, _) => Some(text),
            _ => None,
        };
        if std::mem::replace(&mut line_start, text.is_some_and(|t| t.ends_with('\n'))) {
            match text {
                None => shared = 0,
                Some(text) if text.ends_with('\n') && text.trim_start().is_empty() => {}
                Some(text) => {
                    let space = &text[..text.len() - text.trim_start().len()];
                    shared = shared.min(space.graphemes(true).count());
                    lines.push(i);
                }
            }
        }
    }
    for i in lines {
        if let Piece::Text(text, _) = &mut pieces[i] {
            let len = text
                .graphemes(true)
                .take(shared)
                .map(str::len)
                .sum::<usize>();
            text.drain(..len);
        }
    }
}
