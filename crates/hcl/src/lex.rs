//! Text to tokens. The formatter needs the same tokens as the parser, comments included.

use diags::Pos;
use unicode_segmentation::UnicodeSegmentation;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ident,
    Number,
    /// `"` at the start of a quoted template.
    OpenQuote,
    CloseQuote,
    /// Text inside quotes, heredocs and bare templates. In the latter two a token ends with its line.
    Text,
    /// A line break inside quotes: an error, but the text goes on.
    QuotedNewline,
    /// `<<EOT` with its line break.
    OpenHeredoc,
    /// The line with the heredoc's end marker, without its line break.
    CloseHeredoc,
    /// `${` or `${~`.
    Interp,
    /// `%{` or `%{~`.
    Control,
    /// The `}` or `~}` that ends `${` or `%{`.
    SeqEnd,
    Newline,
    /// A comment, without the line break after it.
    Comment,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    Dot,
    Comma,
    Ellipsis,
    Arrow,
    Question,
    Colon,
    DoubleColon,
    Equal,
    EqualEqual,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
    Bang,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    /// A character the language has no use for.
    Invalid,
    Eof,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: Pos,
    pub(crate) end: Pos,
}

/// Where the text begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In configuration or an expression.
    Normal,
    /// In a template without quotes.
    Template,
}

enum Frame<'a> {
    /// Ordinary tokens; `inner`: inside `${` or `%{`, whose end is the `}` that no `{` opened.
    Normal {
        braces: u32,
        inner: bool,
    },
    Quoted,
    Heredoc {
        marker: &'a str,
        line_start: bool,
    },
    Bare,
}

/// The tokens of `source`, the last of which is [`Kind::Eof`]. `start` is where the text stands in
/// its file.
pub(crate) fn lex(source: &str, start: Pos, mode: Mode) -> Vec<Token> {
    let first = match mode {
        Mode::Normal => Frame::Normal {
            braces: 0,
            inner: false,
        },
        Mode::Template => Frame::Bare,
    };
    let mut lexer = Lexer {
        source,
        at: 0,
        pos: start,
        tokens: Vec::new(),
        frames: vec![first],
    };
    lexer.skip_byte_order_mark();
    while lexer.at < source.len() {
        match lexer.frames.last_mut() {
            Some(Frame::Quoted) => lexer.quoted(),
            Some(Frame::Heredoc { marker, line_start }) => {
                let (marker, line_start) = (*marker, std::mem::replace(line_start, false));
                lexer.heredoc(marker, line_start);
            }
            Some(Frame::Bare) => lexer.bare(),
            Some(Frame::Normal { .. }) | None => lexer.normal(),
        }
    }
    lexer.push(Kind::Eof, 0);
    lexer.tokens
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    pos: Pos,
    tokens: Vec<Token>,
    frames: Vec<Frame<'a>>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn skip_byte_order_mark(&mut self) {
        if self.source.starts_with('\u{feff}') {
            self.at = 3;
            self.pos.byte += 3;
        }
    }

    /// Moves over `len` bytes.
    fn advance(&mut self, len: usize) {
        let text = &self.source[self.at..self.at + len];
        self.at += len;
        self.pos.byte += len as u32;
        if text.is_ascii() {
            match text.rfind('\n') {
                None => self.pos.column += len as u32,
                Some(last) => {
                    self.pos.line += text.bytes().filter(|b| *b == b'\n').count() as u32;
                    self.pos.column = (len - last) as u32;
                }
            }
            return;
        }
        for cluster in text.graphemes(true) {
            if cluster.ends_with('\n') {
                self.pos.line += 1;
                self.pos.column = 1;
            } else {
                self.pos.column += 1;
            }
        }
    }

    fn push(&mut self, kind: Kind, len: usize) {
        let start = self.pos;
        self.advance(len);
        self.tokens.push(Token {
            kind,
            start,
            end: self.pos,
        });
    }

    /// How long the text at `rest` is before a template sequence, a character that `stops`, or the
    /// end; a run of two or more `$` or `%` before `{` is an escape.
    fn text_len(rest: &str, stops: impl Fn(u8) -> bool) -> usize {
        let bytes = rest.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            match bytes[i] {
                sign @ (b'$' | b'%') => {
                    let run = bytes[i..].iter().take_while(|b| **b == sign).count();
                    if bytes.get(i + run) == Some(&b'{') {
                        if run == 1 {
                            return i;
                        }
                        i += 1;
                    }
                    i += run;
                }
                b if stops(b) => return i,
                _ => i += 1,
            }
        }
        i
    }

    /// Opens `${` or `%{`, which is known to stand here.
    fn open_sequence(&mut self) {
        let kind = if self.rest().starts_with('$') {
            Kind::Interp
        } else {
            Kind::Control
        };
        let len = if self.rest().as_bytes().get(2) == Some(&b'~') {
            3
        } else {
            2
        };
        self.push(kind, len);
        self.frames.push(Frame::Normal {
            braces: 0,
            inner: true,
        });
    }

    fn quoted(&mut self) {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut len = 0;
        loop {
            len += Self::text_len(&rest[len..], |b| matches!(b, b'"' | b'\\' | b'\n' | b'\r'));
            match bytes.get(len) {
                Some(b'\\') => len += 1 + rest[len + 1..].chars().next().map_or(0, char::len_utf8),
                Some(b'\r') if bytes.get(len + 1) != Some(&b'\n') => len += 1,
                _ => break,
            }
        }
        if len > 0 {
            return self.push(Kind::Text, len);
        }
        match bytes[0] {
            b'"' => {
                self.push(Kind::CloseQuote, 1);
                self.frames.pop();
            }
            b'\n' => self.push(Kind::QuotedNewline, 1),
            b'\r' => self.push(Kind::QuotedNewline, 2),
            _ => self.open_sequence(),
        }
    }

    fn heredoc(&mut self, marker: &str, line_start: bool) {
        let rest = self.rest();
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        if line_start && line.trim() == marker && line.len() < rest.len() {
            let len = line.strip_suffix('\r').unwrap_or(line).len();
            self.push(Kind::CloseHeredoc, len);
            self.frames.pop();
            return;
        }
        let len = self.line_len();
        if len == 0 {
            return self.open_sequence();
        }
        if let Some(Frame::Heredoc { line_start, .. }) = self.frames.last_mut() {
            *line_start = rest[..len].ends_with('\n');
        }
        self.push(Kind::Text, len);
    }

    fn bare(&mut self) {
        match self.line_len() {
            0 => self.open_sequence(),
            len => self.push(Kind::Text, len),
        }
    }

    /// How long the text here is before a template sequence, or up to and with the end of the line.
    fn line_len(&self) -> usize {
        let rest = self.rest();
        let len = Self::text_len(rest, |b| b == b'\n');
        len + usize::from(rest.as_bytes().get(len) == Some(&b'\n'))
    }

    fn normal(&mut self) {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        match bytes[0] {
            b' ' | b'\t' => self.advance(
                bytes
                    .iter()
                    .take_while(|b| matches!(b, b' ' | b'\t'))
                    .count(),
            ),
            b'\r' if bytes.get(1) == Some(&b'\n') => self.push(Kind::Newline, 2),
            b'\n' => self.push(Kind::Newline, 1),
            b'#' => self.line_comment(),
            b'/' if bytes.get(1) == Some(&b'/') => self.line_comment(),
            b'/' if bytes.get(1) == Some(&b'*') => match rest[2..].find("*/") {
                Some(end) => self.push(Kind::Comment, end + 4),
                None => self.push(Kind::Slash, 1),
            },
            b'0'..=b'9' => self.push(Kind::Number, number_len(bytes)),
            b'"' => {
                self.push(Kind::OpenQuote, 1);
                self.frames.push(Frame::Quoted);
            }
            b'<' if self.open_heredoc() => {}
            b'{' | b'}' | b'~' => self.brace(),
            _ => match ident_len(rest) {
                0 => self.symbol(),
                len => self.push(Kind::Ident, len),
            },
        }
    }

    fn line_comment(&mut self) {
        let rest = self.rest();
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        self.push(Kind::Comment, line.strip_suffix('\r').unwrap_or(line).len());
    }

    fn open_heredoc(&mut self) -> bool {
        let rest = self.rest();
        let Some(after) = rest.strip_prefix("<<") else {
            return false;
        };
        let after = after.strip_prefix('-').unwrap_or(after);
        let len = ident_len(after);
        let line_break = if after[len..].starts_with("\r\n") {
            2
        } else {
            1
        };
        if len == 0 || !(after[len..].starts_with('\n') || line_break == 2) {
            return false;
        }
        self.push(
            Kind::OpenHeredoc,
            rest.len() - after.len() + len + line_break,
        );
        self.frames.push(Frame::Heredoc {
            marker: &after[..len],
            line_start: true,
        });
        true
    }

    fn brace(&mut self) {
        let rest = self.rest();
        let Some(Frame::Normal { braces, inner }) = self.frames.last_mut() else {
            return;
        };
        let closes = *inner && *braces == 0;
        if rest.starts_with('{') {
            *braces += 1;
            self.push(Kind::OpenBrace, 1);
        } else if closes && rest.starts_with("~}") {
            self.push(Kind::SeqEnd, 2);
            self.frames.pop();
        } else if rest.starts_with('~') {
            self.push(Kind::Invalid, 1);
        } else if closes {
            self.push(Kind::SeqEnd, 1);
            self.frames.pop();
        } else {
            *braces = braces.saturating_sub(1);
            self.push(Kind::CloseBrace, 1);
        }
    }

    fn symbol(&mut self) {
        let rest = self.rest();
        for (text, kind) in SYMBOLS {
            if rest.starts_with(text) {
                return self.push(*kind, text.len());
            }
        }
        let len = rest.graphemes(true).next().map_or(1, str::len);
        self.push(Kind::Invalid, len);
    }
}

/// Longer ones first.
const SYMBOLS: &[(&str, Kind)] = &[
    ("...", Kind::Ellipsis),
    ("::", Kind::DoubleColon),
    ("==", Kind::EqualEqual),
    ("=>", Kind::Arrow),
    ("!=", Kind::NotEqual),
    ("<=", Kind::LessEqual),
    (">=", Kind::GreaterEqual),
    ("&&", Kind::And),
    ("||", Kind::Or),
    (".", Kind::Dot),
    (",", Kind::Comma),
    ("?", Kind::Question),
    (":", Kind::Colon),
    ("=", Kind::Equal),
    ("<", Kind::Less),
    (">", Kind::Greater),
    ("!", Kind::Bang),
    ("+", Kind::Plus),
    ("-", Kind::Minus),
    ("*", Kind::Star),
    ("/", Kind::Slash),
    ("%", Kind::Percent),
    ("[", Kind::OpenBracket),
    ("]", Kind::CloseBracket),
    ("(", Kind::OpenParen),
    (")", Kind::CloseParen),
];

fn number_len(bytes: &[u8]) -> usize {
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let mut len = digits(0);
    // A second fraction makes an invalid number, not two numbers.
    while bytes.get(len) == Some(&b'.') && digits(len + 1) > 0 {
        len += 1 + digits(len + 1);
    }
    if matches!(bytes.get(len), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(len + 1), Some(b'+' | b'-')));
        if len + 1 + sign < bytes.len() && digits(len + 1 + sign) > 0 {
            len += 1 + sign + digits(len + 1 + sign);
        }
    }
    len
}

/// Whether a text can be a name: of an argument, a variable, a block.
pub fn is_identifier(text: &str) -> bool {
    !text.is_empty() && ident_len(text) == text.len()
}

/// The length of the identifier that `text` starts with; 0 = none.
pub(crate) fn ident_len(text: &str) -> usize {
    let mut chars = text.char_indices();
    match chars.next() {
        Some((_, c)) if c == '_' || unicode_ident::is_xid_start(c) => {}
        _ => return 0,
    }
    chars
        .find(|(_, c)| *c != '-' && !unicode_ident::is_xid_continue(*c))
        .map_or(text.len(), |(i, _)| i)
}
