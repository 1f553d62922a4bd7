//! Text to syntax trees.
//!
//! A syntax error ends the argument or block header it is in; parsing goes on behind it, so that one
//! run reports every broken item of a file once.

mod body;
mod expr;
mod object;
mod template;
mod text;

use crate::lex::{Kind, Mode, Token, lex};
use crate::{Body, Expr, Traversal};
use diags::{Diagnostic, Diagnostics, Pos, SourceRange};
use std::sync::Arc;

/// How deep expressions, templates and blocks may be nested.
const MAX_DEPTH: usize = 1000;

/// Parses a configuration file. What can be read is returned, also when there are errors.
pub fn parse(file_name: impl Into<Arc<str>>, source: &str) -> (Body, Diagnostics) {
    let start = Pos {
        line: 1,
        column: 1,
        byte: 0,
    };
    let mut parser = Parser::new(file_name.into(), source, start, Mode::Normal);
    let body = parser.parse_body(None);
    (Body::Native(Arc::new(body)), parser.diags)
}

/// Parses one expression; `start` is where it stands in its file. `None` when it cannot be read.
pub fn parse_expression(
    file_name: impl Into<Arc<str>>,
    source: &str,
    start: Pos,
) -> (Option<Expr>, Diagnostics) {
    let mut parser = Parser::new(file_name.into(), source, start, Mode::Normal);
    parser.newlines.push(false);
    let expr = parser.parse_expr().and_then(|expr| {
        let next = parser.peek();
        match next.kind {
            Kind::Eof => Ok(expr),
            _ => Err(parser.error(
                "Extra characters after expression",
                "An expression was successfully parsed, but something that does not belong to it follows.",
                next,
            )),
        }
    });
    (expr.ok(), parser.diags)
}

/// Parses a template without quotes around it, as in a template file or a JSON string; `start` is
/// where it stands in its file. `None` when it cannot be read.
pub fn parse_template(
    file_name: impl Into<Arc<str>>,
    source: &str,
    start: Pos,
) -> (Option<Expr>, Diagnostics) {
    let mut parser = Parser::new(file_name.into(), source, start, Mode::Template);
    let expr = parser.parse_bare_template();
    (expr.ok(), parser.diags)
}

/// Parses an address such as `aws_vpc.main["a"].id`: names and literal keys only. `start` is where it
/// stands in its file. `None` when it cannot be read.
pub fn parse_traversal(
    file_name: impl Into<Arc<str>>,
    source: &str,
    start: Pos,
) -> (Option<Arc<Traversal>>, Diagnostics) {
    let file_name = file_name.into();
    let (expr, mut diags) = parse_expression(file_name.clone(), source, start);
    let Some(expr) = expr else {
        return (None, diags);
    };
    if let Some(traversal) = expr.as_traversal() {
        return (Some(Arc::new(traversal.clone())), diags);
    }
    diags.push(
        Diagnostic::error(
            "Invalid address",
            "A name is required here, optionally followed by attribute names after dots and literal keys in brackets.",
        )
        .at(expr.range.clone()),
    );
    (None, diags)
}

/// A diagnostic was pushed: give up the item.
pub(crate) struct Abort;

pub(crate) type Parsed<T> = Result<T, Abort>;

pub(crate) struct Parser<'a> {
    source: &'a str,
    /// The offset of the source in its file.
    base: u32,
    file: Arc<str>,
    tokens: Vec<Token>,
    at: usize,
    /// Whether line breaks count, innermost last.
    newlines: Vec<bool>,
    depth: usize,
    /// A mistake was skipped up to the end of the text.
    skipped_to_end: bool,
    pub(crate) diags: Diagnostics,
}

impl<'a> Parser<'a> {
    fn new(file: Arc<str>, source: &'a str, start: Pos, mode: Mode) -> Self {
        let mut tokens = lex(source, start, mode);
        tokens.retain(|t| t.kind != Kind::Comment);
        let mut parser = Self {
            source,
            base: start.byte,
            file,
            tokens,
            at: 0,
            newlines: vec![true],
            depth: 0,
            skipped_to_end: false,
            diags: Diagnostics::new(),
        };
        parser.report_invalid_tokens();
        parser
    }

    /// The next token that counts.
    fn peek(&self) -> Token {
        self.tokens[self.next_index()]
    }

    fn next_index(&self) -> usize {
        let mut at = self.at;
        if self.newlines.last() == Some(&false) {
            while self.tokens[at].kind == Kind::Newline {
                at += 1;
            }
        }
        at
    }

    /// Takes the next token that counts. The end of the text is never passed.
    fn next(&mut self) -> Token {
        let at = self.next_index();
        self.at = (at + 1).min(self.tokens.len() - 1);
        self.tokens[at]
    }

    /// Takes the next token if it is a `kind`.
    fn take(&mut self, kind: Kind) -> Option<Token> {
        (self.peek().kind == kind).then(|| self.next())
    }

    fn text(&self, token: Token) -> &'a str {
        &self.source[(token.start.byte - self.base) as usize..(token.end.byte - self.base) as usize]
    }

    fn range(&self, start: Pos, end: Pos) -> SourceRange {
        SourceRange {
            file: self.file.clone(),
            start,
            end,
        }
    }

    fn token_range(&self, token: Token) -> SourceRange {
        self.range(token.start, token.end)
    }

    /// Where the last token ended that was taken.
    fn last_end(&self) -> Pos {
        self.tokens[..self.at]
            .iter()
            .rev()
            .find(|t| t.kind != Kind::Newline)
            .map_or(self.tokens[0].start, |t| t.end)
    }

    /// Reports a syntax error at a token. An invalid character has been reported already.
    fn error(&mut self, summary: &str, detail: impl Into<String>, at: Token) -> Abort {
        if at.kind != Kind::Invalid {
            self.diags
                .push(Diagnostic::error(summary, detail).at(self.token_range(at)));
        }
        Abort
    }

    /// Like [`Self::error`], with the source from `start` as the context.
    fn error_since(
        &mut self,
        summary: &str,
        detail: impl Into<String>,
        at: Token,
        start: Pos,
    ) -> Abort {
        if at.kind != Kind::Invalid {
            let context = self.range(start, at.end);
            self.diags.push(
                Diagnostic::error(summary, detail)
                    .at(self.token_range(at))
                    .within(context),
            );
        }
        Abort
    }

    /// Runs `inner` one level deeper, with enough stack.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            let at = self.peek();
            return Err(self.error(
                "Too deep nesting",
                format!("Expressions, templates and blocks can be nested at most {MAX_DEPTH} levels deep."),
                at,
            ));
        }
        self.depth += 1;
        let result = stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, || inner(self));
        self.depth -= 1;
        result
    }

    /// Runs `inner` with line breaks counted or not.
    fn with_newlines<T>(
        &mut self,
        counted: bool,
        inner: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        self.newlines.push(counted);
        let result = inner(self);
        self.newlines.pop();
        result
    }

    /// Reports every line break in a string, and each kind of character that the language has no use
    /// for, once.
    fn report_invalid_tokens(&mut self) {
        let mut told: Vec<&str> = Vec::new();
        for i in 0..self.tokens.len() {
            let token = self.tokens[i];
            let text = self.text(token);
            let (summary, detail) = match token.kind {
                Kind::QuotedNewline => (
                    "Invalid multi-line string",
                    "A quoted string must end on the line where it begins. Write \\n for a line break, or use the \
                     \"heredoc\" syntax (<<EOT) for text of several lines."
                        .to_owned(),
                ),
                Kind::Invalid => match text {
                    "'" => (
                        "Invalid character",
                        "Single quotes are not valid. Use double quotes (\") around strings.".to_owned(),
                    ),
                    "`" => (
                        "Invalid character",
                        "Backticks are not valid. Use double quotes (\") around strings, or the \"heredoc\" syntax \
                         (<<EOT) for text of several lines."
                            .to_owned(),
                    ),
                    ";" => (
                        "Invalid character",
                        "Semicolons are not valid. Arguments and blocks are separated by line breaks, items of \
                         collections by commas."
                            .to_owned(),
                    ),
                    "&" | "|" => (
                        "Unsupported operator",
                        format!("There are no bitwise operators. Did you mean the logical operator \"{text}{text}\"?"),
                    ),
                    "^" | "~" => ("Unsupported operator", "There are no bitwise operators.".to_owned()),
                    _ => ("Invalid character", "This character is not used within the language.".to_owned()),
                },
                _ => continue,
            };
            if !told.contains(&text) {
                // Each line break is where a string may have been meant to end.
                if token.kind == Kind::Invalid {
                    told.push(text);
                }
                self.diags
                    .push(Diagnostic::error(summary, detail).at(self.token_range(token)));
            }
        }
    }
}
#[cfg(test)]
mod tests;
