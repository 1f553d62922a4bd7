//! Colours.

use anstyle::{AnsiColor, Effects, Style};

/// Paints text, or leaves it as it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Paint {
    /// Whether there are colours.
    pub(crate) color: bool,
}

impl Paint {
    pub(crate) const fn new(color: bool) -> Self {
        Self { color }
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    fn hue(self, color: AnsiColor, text: &str) -> String {
        self.with(Style::new().fg_color(Some(color.into())), text)
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.with(Style::new().effects(Effects::BOLD), text)
    }

    pub(crate) fn underline(self, text: &str) -> String {
        self.with(Style::new().effects(Effects::UNDERLINE), text)
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.hue(AnsiColor::Green, text)
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.hue(AnsiColor::Red, text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.hue(AnsiColor::Yellow, text)
    }

    pub(crate) fn cyan(self, text: &str) -> String {
        self.hue(AnsiColor::Cyan, text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.hue(AnsiColor::BrightBlack, text)
    }

    /// Bold in a colour.
    pub(crate) fn strong(self, color: AnsiColor, text: &str) -> String {
        let style = Style::new().fg_color(Some(color.into()));
        self.with(style.effects(Effects::BOLD), text)
    }
}
