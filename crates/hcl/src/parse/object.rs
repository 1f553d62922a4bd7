//! Tuples, objects and `for` expressions.

use super::{Parsed, Parser};
use crate::lex::{Kind, Token};
use crate::{Expr, ExprKind, ForExpr, ObjectItem};
use cty::Value;

impl Parser<'_> {
    pub(super) fn parse_tuple(&mut self) -> Parsed<Expr> {
        let open = self.next();
        self.with_newlines(false, |p| {
            if p.at_for() {
                return p.parse_for(open, Kind::CloseBracket);
            }
            let mut items = Vec::new();
            loop {
                if let Some(close) = p.take(Kind::CloseBracket) {
                    return Ok(Expr::new(
                        ExprKind::Tuple(items),
                        p.range(open.start, close.end),
                    ));
                }
                items.push(p.parse_expr()?);
                let token = p.peek();
                match token.kind {
                    Kind::Comma => {
                        p.next();
                    }
                    Kind::CloseBracket => {}
                    _ => {
                        p.unclosed(open, "Unterminated tuple constructor expression", "bracket")?;
                        return Err(p.error_since(
                            "Missing item separator",
                            "Expected a comma to mark the beginning of the next item.",
                            token,
                            open.start,
                        ));
                    }
                }
            }
        })
    }

    /// Fails at the end of the text: the bracket `open` is not closed.
    fn unclosed(&mut self, open: Token, summary: &str, what: &str) -> Parsed<()> {
        if self.peek().kind != Kind::Eof {
            return Ok(());
        }
        Err(self.error(
            summary,
            format!("There is no corresponding closing {what} before the end of the file."),
            open,
        ))
    }

    pub(super) fn parse_object(&mut self) -> Parsed<Expr> {
        let open = self.next();
        if self.at_for() {
            return self.with_newlines(false, |p| p.parse_for(open, Kind::CloseBrace));
        }
        self.with_newlines(true, |p| p.parse_object_items(open))
    }

    fn parse_object_items(&mut self, open: Token) -> Parsed<Expr> {
        let mut items = Vec::new();
        loop {
            while self.take(Kind::Newline).is_some() {}
            if let Some(close) = self.take(Kind::CloseBrace) {
                return Ok(Expr::new(
                    ExprKind::Object(items),
                    self.range(open.start, close.end),
                ));
            }
            items.push(self.parse_object_item(open)?);
            let token = self.peek();
            match token.kind {
                Kind::Comma | Kind::Newline => {
                    self.next();
                }
                Kind::CloseBrace => {}
                _ => {
                    self.unclosed(open, "Unterminated object constructor expression", "brace")?;
                    return Err(self.error_since(
                        "Missing attribute separator",
                        "Expected a newline or comma to mark the beginning of the next attribute.",
                        token,
                        open.start,
                    ));
                }
            }
        }
    }

    fn parse_object_item(&mut self, open: Token) -> Parsed<ObjectItem> {
        let mut key = self.parse_expr()?;
        if let ExprKind::Traversal(name) = &*key.kind
            && name.steps.is_empty()
        {
            key = Expr::new(
                ExprKind::Literal(Value::string(name.root.clone())),
                key.range.clone(),
            );
        }
        let token = self.peek();
        match token.kind {
            Kind::Equal | Kind::Colon => {
                self.next();
            }
            Kind::Comma | Kind::Newline => {
                return Err(self.error_since(
                    "Missing attribute value",
                    "Expected an attribute value, introduced by an equals sign (\"=\").",
                    token,
                    open.start,
                ));
            }
            _ => {
                return Err(self.error_since(
                    "Missing key/value separator",
                    "Expected an equals sign (\"=\") to mark the beginning of the attribute value.",
                    token,
                    open.start,
                ));
            }
        }
        let value = self.parse_expr()?;
        Ok(ObjectItem { key, value })
    }

    /// Whether the word `for` is next, line breaks or not.
    fn at_for(&self) -> bool {
        let mut rest = self.tokens[self.at..].iter();
        rest.find(|t| t.kind != Kind::Newline)
            .is_some_and(|t| t.kind == Kind::Ident && self.text(*t) == "for")
    }

    fn parse_for(&mut self, open: Token, close: Kind) -> Parsed<Expr> {
        self.next();
        let (key, value) = self.parse_for_names(open)?;
        self.expect_word("in", open)?;
        let collection = self.parse_expr()?;
        self.expect(
            Kind::Colon,
            "A colon is required after the collection expression.",
            open,
        )?;
        let first = self.parse_expr()?;
        let (result_key, result) = match self.take(Kind::Arrow) {
            Some(arrow) if close == Kind::CloseBracket => {
                return Err(self.error_since(
                    "Invalid 'for' expression",
                    "Key expression is not valid when building a tuple.",
                    arrow,
                    open.start,
                ));
            }
            Some(_) => (Some(first), self.parse_expr()?),
            None if close == Kind::CloseBrace => {
                let at = self.peek();
                return Err(self.error_since(
                    "Invalid 'for' expression",
                    "Key expression is required when building an object.",
                    at,
                    open.start,
                ));
            }
            None => (None, first),
        };
        let ellipsis = self.take(Kind::Ellipsis);
        if let Some(ellipsis) = ellipsis
            && close == Kind::CloseBracket
        {
            return Err(self.error_since(
                "Invalid 'for' expression",
                "Grouping ellipsis (...) cannot be used when building a tuple.",
                ellipsis,
                open.start,
            ));
        }
        let next = self.peek();
        let condition = if next.kind == Kind::Ident && self.text(next) == "if" {
            self.next();
            Some(self.parse_expr()?)
        } else {
            None
        };
        let end = self.expect(
            close,
            "Extra characters after the end of the 'for' expression.",
            open,
        )?;
        let for_expr = ForExpr {
            key,
            value,
            collection,
            result_key,
            result,
            condition,
            group: ellipsis.is_some(),
        };
        Ok(Expr::new(
            ExprKind::For(for_expr),
            self.range(open.start, end.end),
        ))
    }

    /// Parses `value` or `key, value` of a `for`.
    pub(super) fn parse_for_names(
        &mut self,
        open: Token,
    ) -> Parsed<(Option<std::sync::Arc<str>>, std::sync::Arc<str>)> {
        let name = self.expect(
            Kind::Ident,
            "For expression requires a variable name after 'for'.",
            open,
        )?;
        let first = self.text(name).into();
        if self.take(Kind::Comma).is_none() {
            return Ok((None, first));
        }
        let name = self.expect(
            Kind::Ident,
            "For expression requires a value variable name after the comma.",
            open,
        )?;
        Ok((Some(first), self.text(name).into()))
    }

    pub(super) fn expect_word(&mut self, word: &str, open: Token) -> Parsed<()> {
        let token = self.peek();
        if token.kind == Kind::Ident && self.text(token) == word {
            self.next();
            return Ok(());
        }
        Err(self.error_since(
            "Invalid 'for' expression",
            format!("For expression requires the '{word}' keyword after its name declarations."),
            token,
            open.start,
        ))
    }

    fn expect(&mut self, kind: Kind, otherwise: &str, open: Token) -> Parsed<Token> {
        let token = self.peek();
        if token.kind == kind {
            return Ok(self.next());
        }
        Err(self.error_since("Invalid 'for' expression", otherwise, token, open.start))
    }
}
