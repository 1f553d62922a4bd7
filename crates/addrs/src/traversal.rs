//! Addresses that are written in the configuration.

use crate::{InstanceKey, Mode, ModuleInstance, MoveEndpoint, Resource};
use diags::{Diagnostic, SourceRange};
use hcl::{Traversal, TraversalStep};
use std::sync::Arc;

/// Root names that are no resource types.
const RESERVED: [&str; 7] = ["var", "local", "count", "each", "self", "path", "terraform"];

impl MoveEndpoint {
    /// Reads the address of a module, a resource or one instance of either: `module.a["k"].aws_vpc.main[0]`.
    /// Names and literal keys only, as [`hcl::Expr::as_traversal`] gives them.
    pub fn from_traversal(traversal: &Traversal) -> Result<Self, Box<Diagnostic>> {
        let mut reader = Reader {
            traversal,
            at: 0,
            root: Some(&traversal.root),
        };
        let mut module = ModuleInstance::root();
        while reader.take_word("module") {
            let Some(name) = reader.name() else {
                return Err(reader
                    .invalid("The prefix \"module.\" must be followed by the name of a module."));
            };
            let name = name.clone();
            module = module.child(name, reader.key()?);
        }
        if reader.is_at_end() {
            return Ok(Self::Module(module));
        }
        let mode = if reader.take_word("data") {
            Mode::Data
        } else if reader.take_word("ephemeral") {
            Mode::Ephemeral
        } else {
            reader.take_word("resource");
            Mode::Managed
        };
        if reader.root.is_some() && RESERVED.contains(&&*traversal.root) {
            return Err(invalid(
                format!(
                    "The name {:?} is reserved and cannot be the type of a resource. For a resource type of that name begin the \
                     address with \"resource.\".",
                    &*traversal.root
                ),
                reader.whole(),
            ));
        }
        let start = reader.rest();
        let (Some(kind), Some(name)) = (reader.name().cloned(), reader.name().cloned()) else {
            return Err(invalid(
                "An address of a resource needs a resource type and a name.",
                start,
            ));
        };
        let key = reader.key()?;
        if !reader.is_at_end() {
            return Err(reader.invalid("Only the key of an instance, in square brackets, can follow the name of a resource."));
        }
        let resource = Resource { mode, kind, name };
        Ok(Self::Resource {
            module,
            resource,
            key,
        })
    }
}

fn invalid(detail: impl Into<String>, range: SourceRange) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("Invalid address", detail).at(range))
}

/// A traversal, read from the front.
struct Reader<'t> {
    traversal: &'t Traversal,
    /// The next step.
    at: usize,
    /// The root name, until it is read.
    root: Option<&'t Arc<str>>,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<&'t Arc<str>> {
        match (self.root, self.traversal.steps.get(self.at)) {
            (Some(root), _) => Some(root),
            (None, Some(TraversalStep::Attr { name, .. })) => Some(name),
            _ => None,
        }
    }

    fn name(&mut self) -> Option<&'t Arc<str>> {
        let name = self.peek()?;
        match self.root {
            Some(_) => self.root = None,
            None => self.at += 1,
        }
        Some(name)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|name| **name == *word);
        found && self.name().is_some()
    }

    fn is_at_end(&self) -> bool {
        self.root.is_none() && self.at >= self.traversal.steps.len()
    }

    fn key(&mut self) -> Result<InstanceKey, Box<Diagnostic>> {
        let Some(TraversalStep::Index { key, range }) = self.traversal.steps.get(self.at) else {
            return Ok(InstanceKey::None);
        };
        self.at += 1;
        key.as_literal()
            .and_then(InstanceKey::from_value)
            .ok_or_else(|| {
                invalid(
                    "The key of an instance is a string or a whole number.",
                    range.clone(),
                )
            })
    }

    fn whole(&self) -> SourceRange {
        match self.traversal.steps.last() {
            Some(step) => self.traversal.root_range.to(step.range()),
            None => self.traversal.root_range.clone(),
        }
    }

    /// Where what is left stands.
    fn rest(&self) -> SourceRange {
        match (
            self.root,
            self.traversal.steps.get(self.at),
            self.traversal.steps.last(),
        ) {
            (None, Some(first), Some(last)) => first.range().to(last.range()),
            _ => self.whole(),
        }
    }

    fn invalid(&self, detail: &str) -> Box<Diagnostic> {
        invalid(detail, self.rest())
    }
}
