//! What a traversal in an expression refers to.

use crate::{Mode, Resource};
use diags::{Diagnostic, SourceRange};
use hcl::{Traversal, TraversalStep};
use std::sync::Arc;

/// A traversal's beginning, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it names.
    pub subject: Referenceable,
    /// How many steps after the root name belong to it; the rest goes into its value.
    pub consumed: usize,
    /// Where the part that was understood stands.
    pub range: SourceRange,
}

/// What can be referred to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Referenceable {
    /// `var.name`
    Variable(Arc<str>),
    /// `local.name`
    Local(Arc<str>),
    /// `count.index`
    CountIndex,
    /// `each.key`
    EachKey,
    /// `each.value`
    EachValue,
    /// `path.module`, `path.root` or `path.cwd`
    Path(Arc<str>),
    /// `terraform.workspace` or another attribute of `terraform`
    Terraform(Arc<str>),
    /// `self`
    SelfValue,
    /// `module.name`, `module.name[key]`, and with `.output` behind either.
    Module {
        /// The name of the call.
        name: Arc<str>,
        /// Which step is the index, if one follows; its key is for the caller to evaluate.
        index: Option<usize>,
        /// The output, if one follows.
        output: Option<Arc<str>>,
    },
    /// `type.name`, `data.type.name`, `ephemeral.type.name`, and with `[key]` behind each.
    Resource {
        /// The resource.
        resource: Resource,
        /// Which step is the index, if one follows; its key is for the caller to evaluate.
        index: Option<usize>,
    },
}

impl Reference {
    /// Understands a traversal's beginning. Whether what it names is declared is not known here.
    pub fn parse(traversal: &Traversal) -> Result<Self, Box<Diagnostic>> {
        let start = Start(traversal);
        match &*traversal.root {
            "var" => start.named("variable", Referenceable::Variable),
            "local" => start.named("local value", Referenceable::Local),
            "count" => start.one_of(&["index"], |_| Referenceable::CountIndex),
            "each" => start.one_of(&["key", "value"], |name| match &*name {
                "key" => Referenceable::EachKey,
                _ => Referenceable::EachValue,
            }),
            "path" => start.named("path", Referenceable::Path),
            "terraform" => start.named("attribute", Referenceable::Terraform),
            "self" => Ok(start.reference(Referenceable::SelfValue, 0)),
            "module" => start.module(),
            "data" => start.resource(Mode::Data, 0),
            "ephemeral" => start.resource(Mode::Ephemeral, 0),
            "resource" => start.resource(Mode::Managed, 0),
            root @ ("template" | "lazy" | "arg") => Err(start.reserved(root)),
            _ => start.managed(),
        }
    }
}

/// A traversal that is being understood.
struct Start<'t>(&'t Traversal);

impl Start<'_> {
    fn name(&self, step: usize) -> Option<&Arc<str>> {
        match self.0.steps.get(step) {
            Some(TraversalStep::Attr { name, .. }) => Some(name),
            _ => None,
        }
    }

    fn index(&self, step: usize) -> Option<usize> {
        matches!(self.0.steps.get(step), Some(TraversalStep::Index { .. })).then_some(step)
    }

    /// Where the root name and so many steps stand.
    fn range(&self, steps: usize) -> SourceRange {
        match steps.checked_sub(1).and_then(|last| self.0.steps.get(last)) {
            Some(step) => self.0.root_range.to(step.range()),
            None => self.0.root_range.clone(),
        }
    }

    fn reference(&self, subject: Referenceable, consumed: usize) -> Reference {
        Reference {
            subject,
            consumed,
            range: self.range(consumed),
        }
    }

    fn invalid(&self, steps: usize, detail: String) -> Box<Diagnostic> {
        let range = self.range(steps.min(self.0.steps.len()));
        Box::new(Diagnostic::error("Invalid reference", detail).at(range))
    }

    fn named(
        &self,
        what: &str,
        make: impl FnOnce(Arc<str>) -> Referenceable,
    ) -> Result<Reference, Box<Diagnostic>> {
        let root = &self.0.root;
        match self.name(0) {
            Some(name) => Ok(self.reference(make(name.clone()), 1)),
            None => Err(self.invalid(
                1,
                format!("{root:?} cannot be used by itself: a dot and the name of a {what} must follow, {root}.NAME."),
            )),
        }
    }

    fn one_of(
        &self,
        names: &[&str],
        make: impl FnOnce(Arc<str>) -> Referenceable,
    ) -> Result<Reference, Box<Diagnostic>> {
        let root = &self.0.root;
        let options = || {
            names
                .iter()
                .map(|n| format!("{root}.{n}"))
                .collect::<Vec<_>>()
                .join(" and ")
        };
        match self.name(0) {
            Some(name) if names.contains(&&**name) => Ok(self.reference(make(name.clone()), 1)),
            Some(name) => Err(Box::new(
                Diagnostic::error(
                    format!("Invalid {root:?} attribute"),
                    format!(
                        "The {root:?} object has no attribute {:?}: there is {}.",
                        &**name,
                        options()
                    ),
                )
                .at(self.0.steps.first().map(|s| s.range().clone())),
            )),
            None => Err(self.invalid(
                1,
                format!("{root:?} cannot be used by itself: write {}.", options()),
            )),
        }
    }

    fn module(&self) -> Result<Reference, Box<Diagnostic>> {
        let Some(name) = self.name(0) else {
            return Err(self.invalid(
                1,
                "\"module\" cannot be used by itself: the name of a module call must follow, module.NAME.".into(),
            ));
        };
        let index = self.index(1);
        let at = 1 + usize::from(index.is_some());
        let output = self.name(at).cloned();
        let consumed = at + usize::from(output.is_some());
        let subject = Referenceable::Module {
            name: name.clone(),
            index,
            output,
        };
        Ok(self.reference(subject, consumed))
    }

    fn managed(&self) -> Result<Reference, Box<Diagnostic>> {
        match self.name(0) {
            Some(name) => Ok(self.found(Resource::managed(self.0.root.clone(), name.clone()), 1)),
            None => Err(self.invalid(
                1,
                "A resource type cannot be used by itself: a dot and the name of a resource must follow, TYPE.NAME."
                    .into(),
            )),
        }
    }

    fn resource(&self, mode: Mode, at: usize) -> Result<Reference, Box<Diagnostic>> {
        let root = &self.0.root;
        match (self.name(at), self.name(at + 1)) {
            (Some(kind), Some(name)) => {
                let resource = Resource {
                    mode,
                    kind: kind.clone(),
                    name: name.clone(),
                };
                Ok(self.found(resource, at + 2))
            }
            _ => Err(self.invalid(
                at + 2,
                format!("{root:?} must be followed by two names, of the type and of the resource: {root}.TYPE.NAME."),
            )),
        }
    }

    fn found(&self, resource: Resource, consumed: usize) -> Reference {
        let index = self.index(consumed);
        self.reference(
            Referenceable::Resource { resource, index },
            consumed + usize::from(index.is_some()),
        )
    }

    fn reserved(&self, root: &str) -> Box<Diagnostic> {
        Box::new(
            Diagnostic::error(
                "Reserved symbol name",
                format!(
                    "The name {root:?} is reserved. For a resource type of that name write resource.{root}.NAME."
                ),
            )
            .at(self.0.root_range.clone()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diags::Pos;
    use expect_test::expect;

    fn show(source: &str) -> String {
        let start = Pos {
            line: 1,
            column: 1,
            byte: 0,
        };
        let (expr, _) = hcl::parse_expression("t.tf", source, start);
        let expr = expr.expect("an expression");
        let traversals = expr.traversals();
        match Reference::parse(traversals[0]) {
            Ok(r) => format!("{:?} {} {}", r.subject, r.consumed, r.range),
            Err(d) => format!("{:?} {}: {}", d.subject, d.summary, d.detail),
        }
    }

    #[test]
    fn references() {
        let all: String = [
            "var.a.b",
            "local.a",
            "count.index",
            "each.value.x",
            "path.module",
            "terraform.workspace",
            "self.id",
            "module.m",
            "module.m.o.x",
            "module.m[x].o",
            "t.n.id",
            "t.n[each.key].id",
            "data.t.n[0].x",
            "ephemeral.t.n",
            "resource.count.n",
            "var",
            "count.x",
            "t",
            "t[0]",
            "data.t",
            "data",
            "template.x",
        ]
        .iter()
        .map(|s| format!("{s} => {}\n", show(s)))
        .collect();
        expect![[r#"
            var.a.b => Variable("a") 1 t.tf:1,1-6
            local.a => Local("a") 1 t.tf:1,1-8
            count.index => CountIndex 1 t.tf:1,1-12
            each.value.x => EachValue 1 t.tf:1,1-11
            path.module => Path("module") 1 t.tf:1,1-12
            terraform.workspace => Terraform("workspace") 1 t.tf:1,1-20
            self.id => SelfValue 0 t.tf:1,1-5
            module.m => Module { name: "m", index: None, output: None } 1 t.tf:1,1-9
            module.m.o.x => Module { name: "m", index: None, output: Some("o") } 2 t.tf:1,1-11
            module.m[x].o => Module { name: "m", index: Some(1), output: Some("o") } 3 t.tf:1,1-14
            t.n.id => Resource { resource: Resource { mode: Managed, kind: "t", name: "n" }, index: None } 1 t.tf:1,1-4
            t.n[each.key].id => Resource { resource: Resource { mode: Managed, kind: "t", name: "n" }, index: Some(1) } 2 t.tf:1,1-14
            data.t.n[0].x => Resource { resource: Resource { mode: Data, kind: "t", name: "n" }, index: Some(2) } 3 t.tf:1,1-12
            ephemeral.t.n => Resource { resource: Resource { mode: Ephemeral, kind: "t", name: "n" }, index: None } 2 t.tf:1,1-14
            resource.count.n => Resource { resource: Resource { mode: Managed, kind: "count", name: "n" }, index: None } 2 t.tf:1,1-17
            var => Some(t.tf:1,1-4) Invalid reference: "var" cannot be used by itself: a dot and the name of a variable must follow, var.NAME.
            count.x => Some(t.tf:1,6-8) Invalid "count" attribute: The "count" object has no attribute "x": there is count.index.
            t => Some(t.tf:1,1-2) Invalid reference: A resource type cannot be used by itself: a dot and the name of a resource must follow, TYPE.NAME.
            t[0] => Some(t.tf:1,1-5) Invalid reference: A resource type cannot be used by itself: a dot and the name of a resource must follow, TYPE.NAME.
            data.t => Some(t.tf:1,1-7) Invalid reference: "data" must be followed by two names, of the type and of the resource: data.TYPE.NAME.
            data => Some(t.tf:1,1-5) Invalid reference: "data" must be followed by two names, of the type and of the resource: data.TYPE.NAME.
            template.x => Some(t.tf:1,1-9) Reserved symbol name: The name "template" is reserved. For a resource type of that name write resource.template.NAME.
        "#]].assert_eq(&all);
    }
}
