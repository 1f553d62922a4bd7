//! What a traversal's root stands for in its module.

use configs::Module;
use diags::{Diagnostic, SourceRange};
use hcl::{Traversal, TraversalStep};

/// What a traversal refers to; indices count the module's declarations in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// `var.x`
    Variable(u32),
    /// `local.x`
    Local(u32),
    /// `t.n`, `data.t.n`, `ephemeral.t.n`, `resource.t.n`; the number of steps after the root that name it.
    Resource(u32, u8),
    /// `module.x`
    Call(u32),
    /// `output.x`: only in tests.
    CountIndex,
    /// `each.key`
    EachKey,
    /// `each.value`
    EachValue,
    /// `path.module`
    PathModule,
    /// `path.root`
    PathRoot,
    /// `path.cwd`
    PathCwd,
    /// `terraform.workspace`
    Workspace,
    /// `terraform.applying`
    Applying,
    /// `self`
    SelfValue,
}

impl Target {
    /// How many steps after the root name belong to the target.
    pub const fn consumed(self) -> usize {
        match self {
            Self::SelfValue => 0,
            Self::Resource(_, steps) => steps as usize,
            _ => 1,
        }
    }

    /// The target of a traversal; analysed once, then remembered in the traversal.
    pub fn of(traversal: &Traversal, module: &Module) -> Result<Self, Box<Diagnostic>> {
        if let Some(packed) = traversal.resolved.get() {
            return Ok(Self::unpack(*packed));
        }
        let target = analyse(traversal, module)?;
        let _ = traversal.resolved.set(target.pack());
        Ok(target)
    }

    const fn pack(self) -> u32 {
        match self {
            Self::Variable(i) => i,
            Self::Local(i) => 1 << 28 | i,
            Self::Resource(i, steps) => (1 + steps as u32) << 28 | i,
            Self::Call(i) => 5 << 28 | i,
            Self::CountIndex => 6 << 28,
            Self::EachKey => 6 << 28 | 1,
            Self::EachValue => 6 << 28 | 2,
            Self::PathModule => 6 << 28 | 3,
            Self::PathRoot => 6 << 28 | 4,
            Self::PathCwd => 6 << 28 | 5,
            Self::Workspace => 6 << 28 | 6,
            Self::Applying => 6 << 28 | 7,
            Self::SelfValue => 6 << 28 | 8,
        }
    }

    const fn unpack(packed: u32) -> Self {
        let index = packed & 0x0fff_ffff;
        match packed >> 28 {
            0 => Self::Variable(index),
            1 => Self::Local(index),
            kind @ 2..=4 => Self::Resource(index, (kind - 1) as u8),
            5 => Self::Call(index),
            _ => match index {
                0 => Self::CountIndex,
                1 => Self::EachKey,
                2 => Self::EachValue,
                3 => Self::PathModule,
                4 => Self::PathRoot,
                5 => Self::PathCwd,
                6 => Self::Workspace,
                7 => Self::Applying,
                _ => Self::SelfValue,
            },
        }
    }
}

/// The attribute step at a position.
fn attr(traversal: &Traversal, position: usize) -> Option<(&str, &SourceRange)> {
    match traversal.steps.get(position) {
        Some(TraversalStep::Attr { name, range }) => Some((name, range)),
        _ => None,
    }
}

/// What is wrong with `count`, `each` or `self` where there is none.
pub(crate) fn out_of_context(target: Target, traversal: &Traversal) -> Diagnostic {
    let (summary, detail) = match target {
        Target::CountIndex => (
            "Reference to \"count\" in non-counted context",
            "The \"count\" object can only be used in \"module\", \"resource\", and \"data\" blocks, and only when the \
             \"count\" argument is set.",
        ),
        Target::EachValue => (
            "each.value cannot be used in this context",
            "There is no \"for_each\" here that \"each.value\" could come from. Set the \"for_each\" argument of the block, or \
             refer to something else.",
        ),
        Target::SelfValue => (
            "Invalid \"self\" reference",
            "The \"self\" object is not available in this context. It can be used only in resource provisioner, connection, \
             and postcondition blocks.",
        ),
        _ => (
            "Reference to \"each\" in context without for_each",
            "The \"each\" object can be used only in \"module\" or \"resource\" blocks, and only when the \"for_each\" \
             argument is set.",
        ),
    };
    Diagnostic::error(summary, detail).at(range_to(traversal, target.consumed().wrapping_sub(1)))
}

fn analyse(traversal: &Traversal, module: &Module) -> Result<Target, Box<Diagnostic>> {
    let range = &traversal.root_range;
    match &*traversal.root {
        "var" => declared(
            traversal,
            "input variable",
            "variable",
            "var",
            |name| module.variables.get_index_of(name),
            || module.variables.keys().map(|k| &**k).collect(),
        )
        .map(Target::Variable),
        "local" => declared(
            traversal,
            "local value",
            "local",
            "local",
            |name| module.locals.get_index_of(name),
            || module.locals.keys().map(|k| &**k).collect(),
        )
        .map(Target::Local),
        "module" => declared(
            traversal,
            "module",
            "module",
            "module",
            |name| module.calls.get_index_of(name),
            || module.calls.keys().map(|k| &**k).collect(),
        )
        .map(Target::Call),
        "count" => one_of(traversal, "count", &[("index", Target::CountIndex)]),
        "each" => one_of(
            traversal,
            "each",
            &[("key", Target::EachKey), ("value", Target::EachValue)],
        ),
        "path" => one_of(
            traversal,
            "path",
            &[
                ("module", Target::PathModule),
                ("root", Target::PathRoot),
                ("cwd", Target::PathCwd),
            ],
        ),
        "terraform" => one_of(
            traversal,
            "terraform",
            &[
                ("workspace", Target::Workspace),
                ("applying", Target::Applying),
            ],
        ),
        "self" => Ok(Target::SelfValue),
        "data" => resource(traversal, module, addrs::Mode::Data, 0),
        "ephemeral" => resource(traversal, module, addrs::Mode::Ephemeral, 0),
        "resource" => resource(traversal, module, addrs::Mode::Managed, 0),
        "template" | "lazy" | "arg" => Err(invalid(
            range,
            format!(
                "The name {:?} is reserved and cannot be the name of a resource type.",
                &*traversal.root
            ),
        )),
        _ => {
            if traversal.steps.is_empty() {
                let mut detail = format!(
                    "A reference to a resource type must be followed by at least one attribute access, specifying the \
                     resource name; {:?} stands alone.",
                    &*traversal.root
                );
                if module.variables.contains_key(&*traversal.root) {
                    detail.push_str(&format!(" Did you mean var.{}?", traversal.root));
                }
                return Err(invalid(range, detail));
            }
            resource_from_root(traversal, module)
        }
    }
}

fn invalid(range: &SourceRange, detail: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("Invalid reference", detail).at(range.clone()))
}

/// Where a traversal stands.
pub(crate) fn whole_range(traversal: &Traversal) -> SourceRange {
    range_to(traversal, traversal.steps.len().wrapping_sub(1))
}

/// The range from the root to a step.
fn range_to(traversal: &Traversal, position: usize) -> SourceRange {
    match traversal.steps.get(position) {
        Some(TraversalStep::Attr { range, .. } | TraversalStep::Index { range, .. }) => {
            traversal.root_range.to(range)
        }
        None => traversal.root_range.clone(),
    }
}

fn declared<'m>(
    traversal: &Traversal,
    what: &str,
    block: &str,
    root: &str,
    find: impl Fn(&str) -> Option<usize>,
    names: impl Fn() -> Vec<&'m str>,
) -> Result<u32, Box<Diagnostic>> {
    let Some((name, _)) = attr(traversal, 0) else {
        return Err(invalid(
            &range_to(traversal, 0),
            format!("{root:?} must be followed by a dot and the name of the {what}: {root}.NAME."),
        ));
    };
    if let Some(index) = find(name) {
        return Ok(index as u32);
    }
    let suggestion = hcl::suggestion(name, names()).map_or_else(
        || {
            if block == "local" {
                "Declare it in a locals block.".to_owned()
            } else {
                format!("This {what} can be declared with a {block} {name:?} {{}} block.")
            }
        },
        |near| format!("Did you mean {near:?}?"),
    );
    Err(Box::new(
        Diagnostic::error(
            format!("Reference to undeclared {what}"),
            format!("No {what} named {name:?} has been declared in this module. {suggestion}"),
        )
        .at(range_to(traversal, 0)),
    ))
}

fn one_of(
    traversal: &Traversal,
    root: &str,
    options: &[(&str, Target)],
) -> Result<Target, Box<Diagnostic>> {
    let names = options
        .iter()
        .map(|(n, _)| format!("{root}.{n}"))
        .collect::<Vec<_>>()
        .join(", ");
    let Some((name, _)) = attr(traversal, 0) else {
        return Err(invalid(
            &range_to(traversal, 0),
            format!("{root:?} cannot be used by itself. Its attributes are: {names}."),
        ));
    };
    options
        .iter()
        .find(|(n, _)| *n == name)
        .map(|(_, target)| *target)
        .ok_or_else(|| {
            Box::new(
                Diagnostic::error(
                    format!("Invalid {root:?} attribute"),
                    format!(
                        "{root:?} has no attribute named {name:?}. Its attributes are: {names}."
                    ),
                )
                .at(range_to(traversal, 0)),
            )
        })
}

fn resource(
    traversal: &Traversal,
    module: &Module,
    mode: addrs::Mode,
    at: usize,
) -> Result<Target, Box<Diagnostic>> {
    let (Some((kind, _)), Some((name, _))) = (attr(traversal, at), attr(traversal, at + 1)) else {
        return Err(invalid(
            &range_to(traversal, at + 1),
            format!(
                "{:?} must be followed by two names: the type and the name of the block.",
                &*traversal.root
            ),
        ));
    };
    find_resource(traversal, module, mode, kind, name, at + 2)
}

fn resource_from_root(traversal: &Traversal, module: &Module) -> Result<Target, Box<Diagnostic>> {
    let Some((name, _)) = attr(traversal, 0) else {
        return Err(invalid(
            &range_to(traversal, 0),
            "A resource type must be followed by a dot and the name of the resource: TYPE.NAME.",
        ));
    };
    find_resource(
        traversal,
        module,
        addrs::Mode::Managed,
        &traversal.root,
        name,
        1,
    )
}

fn find_resource(
    traversal: &Traversal,
    module: &Module,
    mode: addrs::Mode,
    kind: &str,
    name: &str,
    steps: usize,
) -> Result<Target, Box<Diagnostic>> {
    let addr = addrs::Resource {
        mode,
        kind: kind.into(),
        name: name.into(),
    };
    if let Some(index) = module.resources.get_index_of(&addr) {
        return Ok(Target::Resource(index as u32, steps as u8));
    }
    let what = match mode {
        addrs::Mode::Managed => "managed resource",
        addrs::Mode::Data => "data resource",
        addrs::Mode::Ephemeral => "ephemeral resource",
    };
    let names: Vec<String> = module.resources.keys().map(ToString::to_string).collect();
    let wanted = addr.to_string();
    let hint = match hcl::suggestion(&wanted, names.iter().map(String::as_str)) {
        Some(near) => format!(" Did you mean {near:?}?"),
        None if mode == addrs::Mode::Managed
            && module.resources.contains_key(&addrs::Resource {
                mode: addrs::Mode::Data,
                ..addr.clone()
            }) =>
        {
            format!(" Did you mean the data resource data.{kind}.{name}?")
        }
        None => String::new(),
    };
    Err(Box::new(
        Diagnostic::error(
            "Reference to undeclared resource",
            format!("A {what} {kind:?} {name:?} has not been declared in this module.{hint}"),
        )
        .at(range_to(traversal, steps - 1)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_loses_nothing() {
        for target in [
            Target::Variable(7),
            Target::Local(7),
            Target::Resource(7, 1),
            Target::Resource(7, 2),
            Target::Resource(7, 3),
            Target::Call(9),
            Target::CountIndex,
            Target::EachKey,
            Target::EachValue,
            Target::PathModule,
            Target::PathRoot,
            Target::PathCwd,
            Target::Workspace,
            Target::Applying,
            Target::SelfValue,
        ] {
            assert_eq!(Target::unpack(target.pack()), target);
        }
    }
}
