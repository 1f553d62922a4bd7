//! `csvdecode`.

use crate::define::{Answer, failed, function, param, text};
use cty::{Type, Value};
use hcl::{ArgumentError, Function};

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![("csvdecode", csvdecode())]
}

fn csvdecode() -> Function {
    function([param("str", Type::String)])
        .returns_by(|args| match args[0].as_str() {
            Some(s) => Ok(Type::list(table(s)?.0)),
            None => Ok(Type::Dynamic),
        })
        .call(|args| -> Answer {
            let (row_type, names, rows) = table(text(args, 0)?)?;
            let Type::Object(object) = &row_type else {
                return Err(failed("there are no columns"));
            };
            // Where each column goes among the sorted attributes.
            let places: Vec<usize> = names
                .iter()
                .map(|n| object.position(n).unwrap_or(0))
                .collect();
            let objects = rows
                .into_iter()
                .map(|row| {
                    let mut values = vec![Value::null(Type::String); places.len()];
                    for (place, cell) in places.iter().zip(row) {
                        values[*place] = Value::string(cell);
                    }
                    Value::object_of(row_type.clone(), values)
                })
                .collect();
            Ok(Value::list(row_type.clone(), objects))
        })
}

type Table = (Type, Vec<String>, Vec<Vec<String>>);

fn table(text: &str) -> Result<Table, ArgumentError> {
    let mut records = parse(text)?.into_iter();
    let Some((_, names)) = records.next() else {
        return Err(failed("the header line is missing"));
    };
    let ty = Type::object(names.iter().map(|n| (n.as_str(), Type::String)));
    if ty.as_object().is_none_or(|o| o.len() != names.len()) {
        let twice = (1..names.len())
            .find(|i| names[..*i].contains(&names[*i]))
            .unwrap_or(0);
        return Err(failed(format!(
            "the column name {:?} is there twice",
            names[twice]
        )));
    }
    let mut rows = Vec::new();
    for (line, row) in records {
        if row.len() != names.len() {
            return Err(failed(format!(
                "line {line} has {} fields, but the header has {}",
                row.len(),
                names.len()
            )));
        }
        rows.push(row);
    }
    Ok((ty, names, rows))
}

/// The records with the lines they begin on. Empty lines are none.
fn parse(text: &str) -> Result<Vec<(usize, Vec<String>)>, ArgumentError> {
    let text = text.replace("\r\n", "\n");
    let mut records = Vec::new();
    let mut rest = text.as_str();
    let mut line = 1;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('\n') {
            rest = after;
            line += 1;
            continue;
        }
        let (record, after, lines) = parse_record(rest, line)?;
        records.push((line, record));
        rest = after;
        line += lines;
    }
    Ok(records)
}

/// One record, what follows it, and how many lines it took.
fn parse_record(text: &str, line: usize) -> Result<(Vec<String>, &str, usize), ArgumentError> {
    let mut fields = Vec::new();
    let mut rest = text;
    let mut lines = 1;
    loop {
        let mut field = String::new();
        if let Some(mut quoted) = rest.strip_prefix('"') {
            loop {
                let Some(quote) = quoted.find('"') else {
                    return Err(failed(format!(
                        "the quoted field that begins on line {line} has no end"
                    )));
                };
                field.push_str(&quoted[..quote]);
                quoted = &quoted[quote + 1..];
                match quoted.strip_prefix('"') {
                    Some(after) => {
                        field.push('"');
                        quoted = after;
                    }
                    None => break,
                }
            }
            lines += field.matches('\n').count();
            if !(quoted.is_empty() || quoted.starts_with([',', '\n'])) {
                return Err(failed(format!(
                    "on line {line} there is text after a quoted field"
                )));
            }
            rest = quoted;
        } else {
            let end = rest.find([',', '\n']).unwrap_or(rest.len());
            if rest[..end].contains('"') {
                return Err(failed(format!(
                    "on line {line} there is a quote inside a field that is not quoted"
                )));
            }
            field.push_str(&rest[..end]);
            rest = &rest[end..];
        }
        fields.push(field);
        if let Some(after) = rest.strip_prefix(',') {
            rest = after;
        } else {
            return Ok((fields, rest.strip_prefix('\n').unwrap_or(rest), lines));
        }
    }
}
