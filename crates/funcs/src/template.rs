//! `templatefile` and `templatestring`.

use crate::define::{Answer, bad, failed, function, param, text};
use crate::filesystem::read_text;
use crate::table::{Options, Table};
use cty::{Marks, Type, Value};
use diags::{Diagnostic, Diagnostics, Pos};
use hcl::{
    ArgumentError, Env, Expr, Function, FunctionImpl, Functions, Parameter, Resolved, Scope,
    Traversal,
};
use std::sync::{Arc, LazyLock, OnceLock};

/// What a template without a file is called in messages.
const ARGUMENT: &str = "<templatestring argument>";

/// The functions of this family, by name.
pub(crate) fn functions(options: Arc<Options>) -> Vec<(&'static str, Function)> {
    vec![
        ("templatefile", templatefile(options)),
        ("templatestring", templatestring()),
    ]
}

/// What stands for them inside of templates, where they cannot be called: a template that renders
/// itself would never end.
pub(crate) fn stubs() -> Vec<(&'static str, Function)> {
    ["templatefile", "templatestring"]
        .map(|name| (name, stub(name)))
        .into()
}

fn stub(name: &'static str) -> Function {
    let params = [
        param("template", Type::Dynamic)
            .nullable()
            .unknown()
            .dynamic(),
        param("vars", Type::Dynamic).nullable().unknown().dynamic(),
    ];
    function(params).call(move |_| {
        Err(failed(format!(
            "{name} cannot be called from a template of a template function"
        )))
    })
}

fn templatefile(options: Arc<Options>) -> Function {
    let inner: OnceLock<Table> = OnceLock::new();
    function([param("path", Type::String), param("vars", Type::Dynamic)]).call(
        move |args| -> Answer {
            let path = text(args, 0)?;
            let template = read_text(&options, path)?;
            let functions = inner.get_or_init(|| Table::without_templates(&options));
            render(path, &template, &args[1], functions)
        },
    )
}

/// Renders a template. Problems of the template are of argument 0, those of the variables of 1.
fn render(name: &str, template: &str, vars: &Value, functions: &dyn Functions) -> Answer {
    let (expr, diags) = hcl::parse_template(
        name,
        template,
        Pos {
            line: 1,
            column: 1,
            byte: 0,
        },
    );
    let Some(expr) = expr.filter(|_| !diags.has_errors()) else {
        return Err(bad(
            0,
            format!("has a template that cannot be read: {}", sentence(&diags)),
        ));
    };
    if !matches!(vars.ty(), Type::Object(_) | Type::Map(_)) {
        return Err(bad(1, "must be a map or an object"));
    }
    for (key, _) in vars.elements() {
        let key = key.as_str().map_or("", |k| &**k);
        if !is_variable_name(key) {
            return Err(bad(
                1,
                format!(
                    "has the key {key:?}, which cannot be a variable: that begins with a letter and has only letters, digits and underscores"
                ),
            ));
        }
    }
    for traversal in expr.traversals() {
        if vars.get(&traversal.root).is_none() {
            let (root, range) = (&traversal.root, &traversal.root_range);
            return Err(bad(
                1,
                format!("has no key {root:?}, which the template uses at {range}"),
            ));
        }
    }
    let value = expr
        .evaluate(&Env::new(&Vars { vars, functions }))
        .map_err(|diags| failed(sentence(&diags)))?;
    if value.is_null() {
        return Err(failed("the template gives null, which is not text"));
    }
    Ok(value)
}

/// The names in a template: its variables and nothing else.
struct Vars<'a> {
    vars: &'a Value,
    functions: &'a dyn Functions,
}

impl Scope for Vars<'_> {
    fn resolve(&self, traversal: &Traversal, _env: &Env<'_>) -> Result<Resolved, Diagnostics> {
        match self.vars.get(&traversal.root) {
            Some(value) => Ok(Resolved {
                value: value.clone(),
                consumed: 0,
            }),
            None => {
                let detail = format!("The template has no variable {:?}.", traversal.root);
                Err(Diagnostic::error("Unknown variable", detail)
                    .at(traversal.root_range.clone())
                    .into())
            }
        }
    }

    fn functions(&self) -> &dyn Functions {
        self.functions
    }
}

/// Functions without those that render templates.
struct Guarded<'a>(&'a dyn Functions);

impl Functions for Guarded<'_> {
    fn get(&self, name: &str) -> Option<&Function> {
        static STUBS: LazyLock<Vec<(&'static str, Function)>> = LazyLock::new(stubs);
        let plain = name.strip_prefix("core::").unwrap_or(name);
        match STUBS.iter().find(|(stub, _)| *stub == plain) {
            Some((_, stub)) => Some(stub),
            None => self.0.get(name),
        }
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.0.names()
    }
}

fn is_variable_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// All problems as the end of a sentence.
fn sentence(diags: &Diagnostics) -> String {
    let one = |d: &Diagnostic| {
        let at = d
            .subject
            .as_ref()
            .map_or_else(String::new, |range| format!("{range}: "));
        let detail = d.detail.trim_end_matches('.');
        if detail.is_empty() {
            format!("{at}{}", d.summary)
        } else {
            format!("{at}{}; {detail}", d.summary)
        }
    };
    diags
        .iter()
        .filter(|d| d.is_error())
        .map(one)
        .collect::<Vec<_>>()
        .join("; ")
}

fn templatestring() -> Function {
    let parameter = |name: &'static str, ty| Parameter {
        name: name.into(),
        ty,
        allow_null: false,
        allow_unknown: true,
        allow_marked: true,
    };
    Function {
        params: vec![
            parameter("template", Type::String),
            parameter("vars", Type::Dynamic),
        ],
        variadic: None,
        return_type: Box::new(|_| Ok(Type::Dynamic)),
        never_null: false,
        call: FunctionImpl::Exprs(render_expression),
    }
}

fn render_expression(args: &[Expr], env: &Env<'_>) -> Result<(Value, Marks), Diagnostics> {
    let [template, vars] = args else {
        return Err(Diagnostic::error(
            "Not enough function arguments",
            "The function templatestring needs a template and its variables.",
        )
        .into());
    };
    let invalid = |index: usize, message: &str| -> Diagnostics {
        let name = ["template", "vars"][index];
        Diagnostic::error(
            "Invalid function argument",
            format!("Invalid value for \"{name}\" parameter: {message}."),
        )
        .at(args[index].range.clone())
        .into()
    };
    if template.as_traversal().is_none() {
        return Err(invalid(
            0,
            "must be a reference to a string that comes from elsewhere; a template that is known here can be written as a template expression",
        ));
    }
    let (source, vars) = (template.evaluate(env)?, vars.evaluate(env)?);
    let marks = source.all_marks() | vars.all_marks();
    let (source, vars) = (source.unmark_all(), vars.unmark_all());
    if !source.is_known() && matches!(source.ty(), Type::String | Type::Dynamic) || !vars.is_known()
    {
        return Ok((Value::dynamic(), marks));
    }
    if vars.is_null() {
        return Err(invalid(1, "argument must not be null"));
    }
    let Some(source) = source.as_str() else {
        return Err(invalid(0, "must be a string"));
    };
    let functions = Guarded(env.scope.functions());
    let value =
        render(ARGUMENT, source, &vars, &functions).map_err(|e: ArgumentError| match e.index {
            Some(index) if marks.is_empty() => invalid(index.min(1), &e.message),
            Some(index) => invalid(
                index.min(1),
                "is not valid; it is sensitive, so that no details can be shown",
            ),
            None => Diagnostic::error(
                "Error in function call",
                format!("Call to function \"templatestring\" failed: {}.", e.message),
            )
            .into(),
        })?;
    Ok((value, marks))
}
