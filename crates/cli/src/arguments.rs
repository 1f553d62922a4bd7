//! From Terraform's command line to clap's: `-out=x` is `--out=x` there.

use crate::environment::Environment;
use std::ffi::OsString;

/// The arguments with every option in clap's form, and those of `TF_CLI_ARGS*` put in behind the command.
pub(crate) fn normalize(args: Vec<OsString>, env: &Environment) -> Vec<OsString> {
    let mut out: Vec<OsString> = vec!["groma".into()];
    let mut args = args.into_iter().peekable();
    // Options before the command: -chdir=…, -help, -version.
    while let Some(arg) = args.next_if(|a| a.to_string_lossy().starts_with('-')) {
        out.push(option(arg));
    }
    let Some(command) = args.next() else {
        return out;
    };
    let mut words = vec![command];
    // Commands of two words.
    if matches!(
        words[0].to_str(),
        Some("state" | "workspace" | "providers" | "metadata" | "sandbox")
    ) && let Some(second) = args.next_if(|a| !a.to_string_lossy().starts_with('-'))
    {
        words.push(second);
    }
    let name: Vec<_> = words.iter().map(|w| w.to_string_lossy()).collect();
    let extra = split(&env.cli_args(&name.join("_")));
    out.extend(words);
    let mut only_values = false;
    for arg in extra.into_iter().map(OsString::from).chain(args) {
        only_values |= arg == "--";
        out.push(if only_values { arg } else { option(arg) });
    }
    out
}

/// `-name` becomes `--name`; `-` and single letters stay.
fn option(arg: OsString) -> OsString {
    match arg.to_str() {
        Some(text) if text.starts_with('-') && !text.starts_with("--") && text.len() > 2 => {
            format!("-{text}").into()
        }
        _ => arg,
    }
}

/// Splits as a shell does, as far as quotes and backslashes go.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some('"') | None, '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_get_two_dashes() {
        let args = ["-chdir=x", "plan", "-out=p", "-var", "a=b", "-h", "--json"]
            .map(OsString::from)
            .to_vec();
        let got = normalize(args, &Environment::default());
        let want = [
            "groma",
            "--chdir=x",
            "plan",
            "--out=p",
            "--var",
            "a=b",
            "-h",
            "--json",
        ];
        assert_eq!(got, want.map(OsString::from).to_vec());
    }

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(
            split(r#"-var 'a=b c' -x="q \" r" z"#),
            ["-var", "a=b c", "-x=q \" r", "z"]
        );
    }
}
