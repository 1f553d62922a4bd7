//! Attributes and blocks.

use super::{Abort, Parsed, Parser};
use crate::lex::{Kind, Token};
use crate::{Attribute, Block, Body, Label, NativeBody, Syntax};
use diags::Diagnostic;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Parser<'_> {
    /// Parses attributes and blocks up to the closing brace, or to the end of the text when there is no
    /// `open` brace.
    pub(super) fn parse_body(&mut self, open: Option<Token>) -> NativeBody {
        let mut body = Items::default();
        loop {
            let token = self.peek();
            let begin = self.at;
            let item = match (token.kind, open) {
                (Kind::Newline, _) => {
                    self.next();
                    continue;
                }
                (Kind::Eof, None) | (Kind::CloseBrace, Some(_)) => break,
                // What was skipped up to the end may hold the brace.
                (Kind::Eof, Some(_)) if self.skipped_to_end => break,
                (Kind::Eof, Some(open)) => {
                    self.error(
                        "Unclosed configuration block",
                        "There is no closing brace for this block before the end of the file. Maybe a brace is missing \
                         inside it.",
                        open,
                    );
                    break;
                }
                (Kind::Ident, _) => self.parse_item(&mut body),
                (Kind::OpenQuote, _) => {
                    Err(self.error("Invalid argument name", "Argument names must not be quoted.", token))
                }
                (Kind::CloseBrace, None) => Err(self.error(
                    "Argument or block definition required",
                    "An argument or block definition is required here: this closing brace closes nothing.",
                    token,
                )),
                _ => Err(self.error(
                    "Argument or block definition required",
                    "An argument or block definition is required here.",
                    token,
                )),
            };
            if let Err(Abort) = item {
                self.recover(begin, open.is_some());
            }
        }
        let end = self.peek();
        self.finish_body(body, open, end)
    }

    fn finish_body(&self, body: Items, open: Option<Token>, end: Token) -> NativeBody {
        let first = self.tokens[0].start;
        let start = open.map_or(first, |t| t.end);
        NativeBody {
            attributes: body.attributes,
            blocks: body.blocks,
            range: self.range(start, end.start),
            missing_range: open.map_or_else(|| self.range(first, first), |t| self.token_range(t)),
            end_range: self.token_range(end),
            taken: Vec::new(),
            syntax: Syntax::Native,
        }
    }

    /// Moves behind the item that begins at token `begin`: to the first line break outside its brackets.
    fn recover(&mut self, begin: usize, nested: bool) {
        self.newlines.truncate(1);
        let mut open: Vec<Kind> = Vec::new();
        let mut at = begin;
        loop {
            let token = self.tokens[at];
            let matching = match token.kind {
                Kind::Eof => {
                    self.skipped_to_end = true;
                    break;
                }
                Kind::Newline => match open.last() {
                    None => {
                        at += 1;
                        break;
                    }
                    Some(Kind::OpenParen | Kind::OpenBracket) if self.starts_item(at + 1) => break,
                    Some(_) => None,
                },
                Kind::OpenBrace
                | Kind::OpenBracket
                | Kind::OpenParen
                | Kind::OpenQuote
                | Kind::OpenHeredoc
                | Kind::Interp
                | Kind::Control => {
                    open.push(token.kind);
                    None
                }
                Kind::CloseBrace => Some(Kind::OpenBrace),
                Kind::CloseBracket => Some(Kind::OpenBracket),
                Kind::CloseParen => Some(Kind::OpenParen),
                Kind::CloseQuote => Some(Kind::OpenQuote),
                Kind::CloseHeredoc => Some(Kind::OpenHeredoc),
                _ => None,
            };
            if token.kind == Kind::SeqEnd {
                while open
                    .pop()
                    .is_some_and(|kind| !matches!(kind, Kind::Interp | Kind::Control))
                {
                }
            }
            if let Some(opener) = matching {
                match open.iter().rposition(|kind| *kind == opener) {
                    Some(found) => open.truncate(found),
                    // The brace that closes the block around.
                    None if opener == Kind::OpenBrace && nested && at > begin => break,
                    None => {}
                }
            }
            at += 1;
        }
        self.at = at.max(begin + 1).min(self.tokens.len() - 1);
    }

    /// Whether `name =` stands at a token: nothing inside brackets looks like that.
    fn starts_item(&self, at: usize) -> bool {
        let kind = |i: usize| self.tokens.get(i).map(|t| t.kind);
        kind(at) == Some(Kind::Ident) && kind(at + 1) == Some(Kind::Equal)
    }

    fn parse_item(&mut self, body: &mut Items) -> Parsed<()> {
        let name = self.next();
        match self.peek().kind {
            Kind::Equal => {
                let attribute = self.parse_attribute(name)?;
                let (start, end) = (attribute.range.start, self.peek());
                self.add_attribute(body, attribute);
                match end.kind {
                    Kind::Newline => {
                        self.next();
                    }
                    Kind::Eof => {}
                    Kind::Comma => {
                        return Err(self.error_since(
                            "Unexpected comma after argument",
                            "Arguments are separated by newlines, not by commas.",
                            end,
                            start,
                        ));
                    }
                    _ => {
                        return Err(self.error_since(
                            "Missing newline after argument",
                            "An argument definition must end with a newline.",
                            end,
                            start,
                        ));
                    }
                }
            }
            Kind::OpenQuote | Kind::OpenBrace | Kind::Ident => {
                let block = self.parse_block(name)?;
                body.blocks.push(block);
                let end = self.peek();
                match end.kind {
                    Kind::Newline => {
                        self.next();
                    }
                    Kind::Eof => {}
                    _ => {
                        return Err(self.error_since(
                            "Missing newline after block definition",
                            "A block definition must end with a newline.",
                            end,
                            name.start,
                        ));
                    }
                }
            }
            _ => {
                return Err(self.error(
                    "Argument or block definition required",
                    "An argument or block definition is required here. To set an argument, write an equals sign \"=\" \
                     and its value after the name.",
                    name,
                ));
            }
        }
        Ok(())
    }

    /// Parses `= expr` after the name.
    fn parse_attribute(&mut self, name: Token) -> Parsed<Attribute> {
        self.next();
        let expr = self.parse_expr()?;
        let range = self.range(name.start, expr.range.end);
        Ok(Attribute {
            name: self.text(name).into(),
            name_range: self.token_range(name),
            expr,
            range,
        })
    }

    fn add_attribute(&mut self, body: &mut Items, attribute: Attribute) {
        match body.names.get(&attribute.name) {
            Some(first) => {
                let detail = format!(
                    "The argument \"{}\" was already set at {}. Each argument may be set only once.",
                    attribute.name, body.attributes[*first].name_range
                );
                self.diags.push(
                    Diagnostic::error("Attribute redefined", detail).at(attribute.name_range),
                );
            }
            None => {
                body.names
                    .insert(attribute.name.clone(), body.attributes.len());
                body.attributes.push(attribute);
            }
        }
    }

    /// Parses labels and the body after the block type.
    fn parse_block(&mut self, kind: Token) -> Parsed<Block> {
        let mut labels = Vec::new();
        let open = loop {
            let token = self.peek();
            match token.kind {
                Kind::OpenBrace => break self.next(),
                Kind::Ident => {
                    self.next();
                    labels.push(Label {
                        value: self.text(token).into(),
                        range: self.token_range(token),
                    });
                }
                Kind::OpenQuote => labels.push(self.parse_label()?),
                Kind::Equal => {
                    return Err(self.error_since(
                        "Invalid block definition",
                        "An equals sign \"=\" belongs to an argument and must not be used when defining a block.",
                        token,
                        kind.start,
                    ));
                }
                Kind::Newline | Kind::Eof => {
                    return Err(self.error_since(
                        "Invalid block definition",
                        "A block needs content between \"{\" and \"}\", and the opening brace must stand on the line of \
                         the block header.",
                        token,
                        kind.start,
                    ));
                }
                _ => {
                    return Err(self.error_since(
                        "Invalid block definition",
                        "Either a quoted string block label or an opening brace (\"{\") is expected here.",
                        token,
                        kind.start,
                    ));
                }
            }
        };
        let def_end = labels.last().map_or(kind.end, |l| l.range.end);
        let body = self.nested(|p| p.parse_block_body(open))?;
        Ok(Block {
            kind: self.text(kind).into(),
            kind_range: self.token_range(kind),
            labels,
            body: Body::Native(Arc::new(body)),
            def_range: self.range(kind.start, def_end),
        })
    }

    fn parse_label(&mut self) -> Parsed<Label> {
        let open = self.next();
        let mut value = String::new();
        loop {
            let token = self.next();
            match token.kind {
                Kind::Text => value.push_str(&self.unescape_quoted(token)?),
                Kind::CloseQuote => {
                    let range = self.range(open.start, token.end);
                    return Ok(Label {
                        value: value.into(),
                        range,
                    });
                }
                Kind::Interp | Kind::Control => {
                    let sign = if token.kind == Kind::Interp { '$' } else { '%' };
                    return Err(self.error_since(
                        "Invalid string literal",
                        format!(
                            "Template sequences are not allowed in this string. Write \"{sign}{sign}\" for a literal \
                             \"{sign}\"."
                        ),
                        token,
                        open.start,
                    ));
                }
                _ => {
                    return Err(self.error(
                        "Unterminated string",
                        "There is no closing quote for this string.",
                        open,
                    ));
                }
            }
        }
    }

    fn parse_block_body(&mut self, open: Token) -> Parsed<NativeBody> {
        let token = self.peek();
        let after = self.tokens.get(self.at + 1).map(|t| t.kind);
        let (summary, detail) = match (token.kind, after) {
            (Kind::Ident, Some(Kind::Equal)) => return self.parse_single_argument(open),
            (Kind::Newline | Kind::CloseBrace | Kind::Eof, _) => ("", String::new()),
            (Kind::Ident, Some(Kind::OpenQuote | Kind::OpenBrace | Kind::Ident)) => (
                "Argument definition required",
                format!(
                    "A block on a single line can contain one argument and nothing else. To set the argument \"{0}\", \
                     write an equals sign and its value after the name; a nested block \"{0}\" must begin on a line of \
                     its own.",
                    self.text(token)
                ),
            ),
            (Kind::Ident, _) => (
                "Argument or block definition required",
                "An argument or block definition is required here. To set an argument, write an equals sign \"=\" and \
                 its value after the name."
                    .to_owned(),
            ),
            _ => (
                "Argument or block definition required",
                "An argument or block definition is required here.".to_owned(),
            ),
        };
        if !summary.is_empty() {
            return Err(self.error_since(summary, detail, token, open.start));
        }
        let body = self.parse_body(Some(open));
        self.take(Kind::CloseBrace);
        Ok(body)
    }

    /// Parses `{ name = expr }` on one line, after the brace.
    fn parse_single_argument(&mut self, open: Token) -> Parsed<NativeBody> {
        let name = self.next();
        let attribute = self.parse_attribute(name)?;
        let end = self.peek();
        let detail = match end.kind {
            Kind::CloseBrace => {
                self.next();
                let mut items = Items::default();
                self.add_attribute(&mut items, attribute);
                return Ok(self.finish_body(items, Some(open), end));
            }
            Kind::Comma | Kind::Ident => {
                "Single-line block syntax can hold one argument only. Put each argument on a line of its own."
            }
            Kind::Newline | Kind::Eof => {
                "An argument on the line of the opening brace makes a single-line block, whose closing brace must stand \
                 on the same line."
            }
            _ => "A single-line block must be closed right after its argument.",
        };
        Err(self.error_since(
            "Invalid single-argument block definition",
            detail,
            end,
            open.start,
        ))
    }
}

#[derive(Default)]
struct Items {
    attributes: Vec<Attribute>,
    names: BTreeMap<Arc<str>, usize>,
    blocks: Vec<Block>,
}
