//! Expressions: operators, traversals, calls, terms.

use super::{Parsed, Parser};
use crate::lex::{Kind, Token};
use crate::{
    BinaryOp, ConditionalExpr, Expr, ExprKind, FunctionCall, Splat, SplatKind, Traversal,
    TraversalStep, UnaryOp,
};
use cty::{Number, Type, Value};
use diags::{Pos, SourceRange};
use std::sync::{Arc, OnceLock};

impl Parser<'_> {
    /// Parses an expression.
    pub(super) fn parse_expr(&mut self) -> Parsed<Expr> {
        self.nested(Self::parse_conditional)
    }

    fn parse_conditional(&mut self) -> Parsed<Expr> {
        let condition = self.parse_binary(1)?;
        if self.take(Kind::Question).is_none() {
            return Ok(condition);
        }
        let then = self.parse_expr()?;
        let colon = self.peek();
        if colon.kind != Kind::Colon {
            return Err(self.error_since(
                "Missing false expression in conditional",
                "The conditional operator (...?...:...) needs a colon and a value for when the condition does not hold.",
                colon,
                condition.range.start,
            ));
        }
        self.next();
        let otherwise = self.parse_expr()?;
        let range = condition.range.to(&otherwise.range);
        Ok(Expr::new(
            ExprKind::Conditional(ConditionalExpr {
                condition,
                then,
                otherwise,
            }),
            range,
        ))
    }

    /// Parses operations that bind at least as strong as `level`; all are left-associative.
    fn parse_binary(&mut self, level: u8) -> Parsed<Expr> {
        let mut left = self.parse_with_steps()?;
        while let Some((op, op_level)) = binary_op(self.peek().kind) {
            if op_level < level {
                break;
            }
            self.next();
            let right = self.parse_binary(op_level + 1)?;
            let range = left.range.to(&right.range);
            left = Expr::new(ExprKind::Binary(op, left, right), range);
        }
        Ok(left)
    }

    fn parse_with_steps(&mut self) -> Parsed<Expr> {
        let term = self.parse_term()?;
        self.parse_steps(term)
    }

    /// Parses the steps after a term: `.name`, `.0`, `[key]`, `.*`, `[*]`.
    fn parse_steps(&mut self, mut source: Expr) -> Parsed<Expr> {
        let mut steps = Vec::new();
        loop {
            let token = self.peek();
            match token.kind {
                Kind::Dot => {
                    self.next();
                    match self.peek().kind {
                        Kind::Star => {
                            let star = self.next();
                            source = attach(source, std::mem::take(&mut steps));
                            let marker_range = self.range(token.start, star.end);
                            source = self.parse_attr_splat(source, marker_range)?;
                        }
                        _ => steps.push(self.parse_dot_step(token)?),
                    }
                }
                Kind::OpenBracket => {
                    self.next();
                    let step = self.with_newlines(false, |p| p.parse_bracket(token))?;
                    match step {
                        Bracket::Key(step) => steps.push(step),
                        Bracket::Star(marker_range) => {
                            source = attach(source, std::mem::take(&mut steps));
                            return self.parse_full_splat(source, marker_range);
                        }
                    }
                }
                _ => return Ok(attach(source, steps)),
            }
        }
    }

    /// Parses what stands after a dot.
    fn parse_dot_step(&mut self, dot: Token) -> Parsed<TraversalStep> {
        let token = self.next();
        let range = self.range(dot.start, token.end);
        match token.kind {
            Kind::Ident => Ok(TraversalStep::Attr {
                name: self.text(token).into(),
                range,
            }),
            Kind::Number => {
                let text = self.text(token);
                if !text.bytes().all(|b| b.is_ascii_digit()) {
                    let detail = match text.split_once('.') {
                        Some((a, b)) => format!(
                            "Two indexes in a row cannot be written with dots. Use the index syntax, like [{a}][{b}]."
                        ),
                        None => "An index after a dot must be a whole number.".to_owned(),
                    };
                    return Err(self.error("Invalid legacy index syntax", detail, token));
                }
                let key = self.number(token)?;
                Ok(TraversalStep::Index { key, range })
            }
            _ => Err(self.error_since(
                "Invalid attribute name",
                "An attribute name is required after a dot.",
                token,
                dot.start,
            )),
        }
    }

    /// Parses what stands in brackets, after the opening one.
    fn parse_bracket(&mut self, open: Token) -> Parsed<Bracket> {
        if self.peek().kind == Kind::Star {
            self.next();
            let close = self.peek();
            if close.kind != Kind::CloseBracket {
                return Err(self.error_since(
                    "Missing close bracket on splat index",
                    "The star of a full splat must be followed by a closing bracket.",
                    close,
                    open.start,
                ));
            }
            self.next();
            return Ok(Bracket::Star(self.range(open.start, close.end)));
        }
        let key = self.parse_expr()?;
        let close = self.peek();
        if close.kind != Kind::CloseBracket {
            return Err(self.error_since(
                "Missing close bracket on index",
                "A closing bracket is required after the key of an index.",
                close,
                open.start,
            ));
        }
        self.next();
        Ok(Bracket::Key(TraversalStep::Index {
            key,
            range: self.range(open.start, close.end),
        }))
    }

    fn parse_attr_splat(&mut self, source: Expr, marker_range: SourceRange) -> Parsed<Expr> {
        let mut each = Vec::new();
        while self.peek().kind == Kind::Dot {
            let dot = self.next();
            if self.peek().kind == Kind::Star {
                let star = self.peek();
                return Err(self.error_since(
                    "Nested splat expression not allowed",
                    "A splat expression (*) cannot be used inside another attribute-only splat expression.",
                    star,
                    source.range.start,
                ));
            }
            each.push(self.parse_dot_step(dot)?);
        }
        let end = each.last().map_or(marker_range.end, |s| s.range().end);
        let range = self.range(source.range.start, end);
        let splat = Splat {
            source,
            kind: SplatKind::Attr,
            each,
            inner: None,
            marker_range,
        };
        Ok(Expr::new(ExprKind::Splat(splat), range))
    }

    fn parse_full_splat(&mut self, source: Expr, marker_range: SourceRange) -> Parsed<Expr> {
        let item = Expr::new(ExprKind::Item, marker_range.clone());
        let on_item = self.nested(|p| p.parse_steps(item))?;
        let range = source.range.to(&on_item.range);
        let (each, inner) = match &*on_item.kind {
            ExprKind::Item => (Vec::new(), None),
            ExprKind::Relative { source, steps } if matches!(*source.kind, ExprKind::Item) => {
                (steps.clone(), None)
            }
            _ => (Vec::new(), Some(on_item.clone())),
        };
        let splat = Splat {
            source,
            kind: SplatKind::Full,
            each,
            inner,
            marker_range,
        };
        Ok(Expr::new(ExprKind::Splat(splat), range))
    }

    fn parse_term(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        match token.kind {
            Kind::OpenParen => self.parse_parens(),
            Kind::Number => {
                self.next();
                self.number(token)
            }
            Kind::Ident => self.parse_name(),
            Kind::OpenQuote => self.nested(Self::parse_quoted),
            Kind::OpenHeredoc => self.nested(Self::parse_heredoc),
            Kind::Minus | Kind::Bang => {
                self.next();
                let operand = self.nested(Self::parse_with_steps)?;
                let op = if token.kind == Kind::Minus {
                    UnaryOp::Neg
                } else {
                    UnaryOp::Not
                };
                let range = self.range(token.start, operand.range.end);
                Ok(Expr::new(ExprKind::Unary(op, operand), range))
            }
            Kind::OpenBracket => self.parse_tuple(),
            Kind::OpenBrace => self.parse_object(),
            Kind::Eof => Err(self.error(
                "Missing expression",
                "Expected the start of an expression, but found the end of the file.",
                token,
            )),
            _ => Err(self.error(
                "Invalid expression",
                "Expected the start of an expression, but found an invalid expression token.",
                token,
            )),
        }
    }

    fn parse_parens(&mut self) -> Parsed<Expr> {
        let open = self.next();
        let (inner, close) = self.with_newlines(false, |p| {
            let inner = p.parse_expr()?;
            let close = p.peek();
            if close.kind != Kind::CloseParen {
                return Err(p.error_since(
                    "Unbalanced parentheses",
                    "Expected a closing parenthesis to end the expression.",
                    close,
                    open.start,
                ));
            }
            Ok((inner, p.next()))
        })?;
        Ok(Expr::new(
            ExprKind::Parens(inner),
            self.range(open.start, close.end),
        ))
    }

    fn number(&mut self, token: Token) -> Parsed<Expr> {
        match Number::parse(self.text(token)) {
            Some(number) => Ok(Expr::new(
                ExprKind::Literal(Value::number(number)),
                self.token_range(token),
            )),
            None => Err(self.error(
                "Invalid number literal",
                "This is not a number that can be read, or it is out of range.",
                token,
            )),
        }
    }

    /// Parses a keyword, a variable or a call.
    fn parse_name(&mut self) -> Parsed<Expr> {
        let name = self.next();
        let text = self.text(name);
        if matches!(self.peek().kind, Kind::OpenParen | Kind::DoubleColon) {
            return self.parse_call(name);
        }
        let range = self.token_range(name);
        let kind = match text {
            "true" => ExprKind::Literal(Value::bool(true)),
            "false" => ExprKind::Literal(Value::bool(false)),
            "null" => ExprKind::Literal(Value::null(Type::Dynamic)),
            _ => ExprKind::Traversal(Traversal {
                root: text.into(),
                root_range: range.clone(),
                steps: Vec::new(),
                resolved: OnceLock::new(),
            }),
        };
        Ok(Expr::new(kind, range))
    }

    fn parse_call(&mut self, first: Token) -> Parsed<Expr> {
        let mut name = self.text(first).to_owned();
        let mut last = first;
        while self.take(Kind::DoubleColon).is_some() {
            last = self.peek();
            if last.kind != Kind::Ident {
                return Err(self.error_since(
                    "Missing function name",
                    "A name is required after a function's namespace.",
                    last,
                    first.start,
                ));
            }
            self.next();
            name.push_str("::");
            name.push_str(self.text(last));
        }
        let open = self.peek();
        if open.kind != Kind::OpenParen {
            return Err(self.error_since(
                "Missing open parenthesis",
                "The name of a function must be followed by its arguments in parentheses.",
                open,
                first.start,
            ));
        }
        self.next();
        let (args, expand_last, end) = self.with_newlines(false, |p| p.parse_args(&name, open))?;
        let name_range = self.range(first.start, last.end);
        let call = FunctionCall {
            name: name.into(),
            name_range,
            args,
            expand_last,
        };
        Ok(Expr::new(
            ExprKind::Call(call),
            self.range(first.start, end),
        ))
    }

    /// Parses arguments up to and with the closing parenthesis, whose end is returned.
    fn parse_args(&mut self, name: &str, open: Token) -> Parsed<(Vec<Expr>, bool, Pos)> {
        let mut args = Vec::new();
        loop {
            if let Some(close) = self.take(Kind::CloseParen) {
                return Ok((args, false, close.end));
            }
            args.push(self.parse_expr()?);
            let token = self.next();
            match token.kind {
                Kind::Comma => {}
                Kind::CloseParen => return Ok((args, false, token.end)),
                Kind::Ellipsis => {
                    self.take(Kind::Comma);
                    let close = self.next();
                    if close.kind != Kind::CloseParen {
                        return Err(self.error_since(
                            "Missing closing parenthesis",
                            "An expanded function argument (with ...) must be the last one, followed by a closing \
                             parenthesis.",
                            close,
                            open.start,
                        ));
                    }
                    return Ok((args, true, close.end));
                }
                Kind::Eof => {
                    return Err(self.error(
                        "Unterminated function call",
                        format!("There is no closing parenthesis for the call to {name} before the end of the file."),
                        open,
                    ));
                }
                _ => {
                    return Err(self.error_since(
                        "Missing argument separator",
                        "A comma is required to separate each function argument from the next.",
                        token,
                        open.start,
                    ));
                }
            }
        }
    }
}

enum Bracket {
    Key(TraversalStep),
    Star(SourceRange),
}

/// Puts steps on an expression.
fn attach(source: Expr, mut steps: Vec<TraversalStep>) -> Expr {
    let Some(last) = steps.last() else {
        return source;
    };
    let range = source.range.to(last.range());
    if let ExprKind::Traversal(root) = &*source.kind {
        let all = if root.steps.is_empty() {
            steps
        } else {
            let mut all = root.steps.clone();
            all.append(&mut steps);
            all
        };
        let traversal = Traversal {
            root: root.root.clone(),
            root_range: root.root_range.clone(),
            steps: all,
            resolved: OnceLock::new(),
        };
        return Expr {
            kind: Arc::new(ExprKind::Traversal(traversal)),
            range,
        };
    }
    Expr::new(ExprKind::Relative { source, steps }, range)
}

/// The operator and how strongly it binds.
fn binary_op(kind: Kind) -> Option<(BinaryOp, u8)> {
    Some(match kind {
        Kind::Or => (BinaryOp::Or, 1),
        Kind::And => (BinaryOp::And, 2),
        Kind::EqualEqual => (BinaryOp::Eq, 3),
        Kind::NotEqual => (BinaryOp::NotEq, 3),
        Kind::Less => (BinaryOp::Less, 4),
        Kind::LessEqual => (BinaryOp::LessEq, 4),
        Kind::Greater => (BinaryOp::Greater, 4),
        Kind::GreaterEqual => (BinaryOp::GreaterEq, 4),
        Kind::Plus => (BinaryOp::Add, 5),
        Kind::Minus => (BinaryOp::Sub, 5),
        Kind::Star => (BinaryOp::Mul, 6),
        Kind::Slash => (BinaryOp::Div, 6),
        Kind::Percent => (BinaryOp::Rem, 6),
        _ => return None,
    })
}
