//! Which attributes of resources a value is made from, directly or through other values.
//!
//! The analysis is static: it reads references, not values. It starts at resources and outputs, follows
//! variables to the arguments of calls, module outputs to their expressions and attributes of resources
//! to the arguments of the same name, and notes every resource attribute on the way. The references of
//! an argument are found once, whatever the number of instances.

#[cfg(test)]
mod tests;

use crate::{ModuleId, Program, Target, bodies};
use addrs::{AbsResourceInstance, InstanceKey, ModuleInstance};
use cty::Path;
use hcl::{Body, Expr, Traversal, TraversalStep};
use schema::{Block, NestedBlock, Nesting};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// The schemas of resource blocks, for whoever has them.
pub type ResourceBlocks<'s> = dyn Fn(&configs::Resource) -> Option<&'s Block> + 's;

/// Follows references back to the resource attributes that they come from.
pub struct Contributions<'c, 's> {
    program: &'c Program<'c>,
    blocks: &'s ResourceBlocks<'s>,
    insts: Vec<(ModuleId, ModuleInstance)>,
    by_addr: BTreeMap<ModuleInstance, u32>,
    references: BTreeMap<Source, Rc<[Reference]>>,
    visited: BTreeSet<(u32, Source)>,
    pending: Vec<(u32, Source)>,
    found: BTreeMap<(AbsResourceInstance, String), Path>,
}

/// Expressions that references are looked for in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// The argument of a call that a variable gets its value from.
    Argument(ModuleId, u32),
    Local(ModuleId, u32),
    Output(ModuleId, u32),
    /// `count` or `for_each` of a resource.
    Repetition(ModuleId, u32),
    /// A resource block, or the part of it that these names lead to.
    Resource(ModuleId, u32, Vec<Arc<str>>),
}

/// A reference, without the module instance it stands in.
enum Reference {
    Variable(u32),
    Local(u32),
    /// An output of a called module, or all of them.
    Module(u32, InstanceKey, Option<u32>),
    Resource(u32, InstanceKey, Path),
    /// `count` or `each`.
    Repetition,
}

impl<'c, 's> Contributions<'c, 's> {
    /// Nothing to start from yet.
    pub fn new(program: &'c Program<'c>, blocks: &'s ResourceBlocks<'s>) -> Self {
        Self {
            program,
            blocks,
            insts: Vec::new(),
            by_addr: BTreeMap::new(),
            references: BTreeMap::new(),
            visited: BTreeSet::new(),
            pending: Vec::new(),
            found: BTreeMap::new(),
        }
    }

    /// Starts from what a resource's block refers to.
    pub fn add_resource(&mut self, module: &ModuleInstance, resource: &addrs::Resource) {
        let Some((inst, def)) = self.inst(module) else {
            return;
        };
        let resources = &self.program.module(def).module.resources;
        if let Some(index) = resources.get_index_of(resource) {
            self.visit(inst, Source::Resource(def, index as u32, Vec::new()));
        }
    }

    /// Starts from what an output refers to.
    pub fn add_output(&mut self, module: &ModuleInstance, name: &str) {
        let Some((inst, def)) = self.inst(module) else {
            return;
        };
        if let Some(index) = self.program.module(def).module.outputs.get_index_of(name) {
            self.visit(inst, Source::Output(def, index as u32));
        }
    }

    /// Every resource attribute that was come across, each once, sorted.
    pub fn finish(mut self) -> Vec<(AbsResourceInstance, Path)> {
        while let Some((inst, source)) = self.pending.pop() {
            let references = self.references(&source);
            for reference in &*references {
                self.follow(inst, &source, reference);
            }
        }
        self.found
            .into_iter()
            .map(|((addr, _), path)| (addr, path))
            .collect()
    }

    /// The number of a module instance; `None` if the configuration has no such module.
    fn inst(&mut self, addr: &ModuleInstance) -> Option<(u32, ModuleId)> {
        if let Some(last) = self.insts.last()
            && last.1 == *addr
        {
            return Some((self.insts.len() as u32 - 1, last.0));
        }
        if let Some(number) = self.by_addr.get(addr) {
            return Some((*number, self.insts[*number as usize].0));
        }
        let def = self.program.module_at(&addr.module())?;
        let number = self.insts.len() as u32;
        self.insts.push((def, addr.clone()));
        self.by_addr.insert(addr.clone(), number);
        Some((number, def))
    }

    fn visit(&mut self, inst: u32, source: Source) {
        if self.visited.insert((inst, source.clone())) {
            self.pending.push((inst, source));
        }
    }

    fn follow(&mut self, inst: u32, source: &Source, reference: &Reference) {
        let (def, addr) = self.insts[inst as usize].clone();
        match reference {
            Reference::Variable(i) => {
                // What the argument refers to is in the caller.
                if let Some((caller, _)) = addr.parent()
                    && let Some((caller, _)) = self.inst(&caller)
                {
                    self.visit(caller, Source::Argument(def, *i));
                }
            }
            Reference::Local(i) => self.visit(inst, Source::Local(def, *i)),
            Reference::Module(call, key, output) => {
                let module = self.program.module(def).module;
                let Some((name, _)) = module.calls.get_index(*call as usize) else {
                    return;
                };
                let Some((child, def)) = self.inst(&addr.child(name.clone(), key.clone())) else {
                    return;
                };
                let all = 0..self.program.module(def).module.outputs.len() as u32;
                for i in output.map_or(all, |i| i..i + 1) {
                    self.visit(child, Source::Output(def, i));
                }
            }
            Reference::Resource(i, key, path) => {
                let addr = AbsResourceInstance {
                    module: addr,
                    resource: self.program.resource(def, *i).addr.clone(),
                    key: key.clone(),
                };
                self.found.insert((addr, path.to_string()), path.clone());
                self.visit(inst, Source::Resource(def, *i, names(path)));
            }
            Reference::Repetition => {
                if let Source::Resource(def, i, _) = source {
                    self.visit(inst, Source::Repetition(*def, *i));
                }
            }
        }
    }

    fn references(&mut self, source: &Source) -> Rc<[Reference]> {
        if let Some(references) = self.references.get(source) {
            return references.clone();
        }
        let mut found = Vec::new();
        self.read(source, &mut found);
        let found: Rc<[Reference]> = found.into();
        self.references.insert(source.clone(), found.clone());
        found
    }

    fn read(&self, source: &Source, found: &mut Vec<Reference>) {
        let program = self.program;
        let exprs = |def: ModuleId, expr: Option<&Expr>, found: &mut Vec<Reference>| {
            for traversal in expr.into_iter().flat_map(Expr::traversals) {
                found.extend(read_reference(program, def, traversal));
            }
        };
        match source {
            Source::Argument(child, i) => {
                let child = program.module(*child);
                let Some((caller, call)) = child.parent else {
                    return;
                };
                let call = &program.module(caller).module.calls[call as usize];
                let name = &child.module.variables[*i as usize].name;
                exprs(caller, call.arguments.get(name).map(|a| &a.expr), found);
            }
            Source::Local(def, i) => {
                let local = &program.module(*def).module.locals[*i as usize];
                exprs(*def, Some(&local.expr), found);
            }
            Source::Output(def, i) => {
                let output = &program.module(*def).module.outputs[*i as usize];
                exprs(*def, Some(&output.expr), found);
            }
            Source::Repetition(def, i) => {
                exprs(*def, program.resource(*def, *i).repetition.expr(), found);
            }
            Source::Resource(def, i, names) => {
                let resource = program.resource(*def, *i);
                if let Some(block) = (self.blocks)(resource) {
                    let part = Part {
                        body: resource.body.clone(),
                        iterators: Vec::new(),
                    };
                    visit_part(part, block, names, &mut |traversal| {
                        found.extend(read_reference(program, *def, traversal));
                    });
                }
            }
        }
    }
}

/// What the steps of a path are called, as far as they can be steps into blocks.
fn names(path: &Path) -> Vec<Arc<str>> {
    let name = |step: &cty::Step| match step {
        cty::Step::Attr(name) => name.clone(),
        cty::Step::Index(key) => match (key.as_str(), key.as_number()) {
            (Some(text), _) => text.clone(),
            (_, Some(number)) => number.to_string().into(),
            _ => "".into(),
        },
    };
    // Blocks end somewhere, arguments may be followed for ever.
    path.steps().iter().map(name).take(8).collect()
}

fn read_reference(
    program: &Program<'_>,
    def: ModuleId,
    traversal: &Traversal,
) -> Option<Reference> {
    let module = program.module(def).module;
    let target = Target::of(traversal, module).ok()?;
    let rest = &traversal.steps[target.consumed()..];
    Some(match target {
        Target::Variable(i) => Reference::Variable(i),
        Target::Local(i) => Reference::Local(i),
        Target::Call(i) => {
            let (key, rest) = instance_key(rest)?;
            let child = program.module(def).children[i as usize]?;
            let output = match rest.first() {
                Some(TraversalStep::Attr { name, .. }) => {
                    Some(program.module(child).module.outputs.get_index_of(&**name)? as u32)
                }
                _ => None,
            };
            // Which instance a key that is not known here leads to cannot be told.
            let output = output.filter(|_| !is_dynamic(&traversal.steps[1..]));
            Reference::Module(i, key, output)
        }
        Target::Resource(i, _) => {
            let (key, rest) = instance_key(rest)?;
            Reference::Resource(i, key, static_path(rest))
        }
        Target::CountIndex | Target::EachKey | Target::EachValue => Reference::Repetition,
        _ => return None,
    })
}

/// Whether a key that has to be computed comes first.
fn is_dynamic(steps: &[TraversalStep]) -> bool {
    steps.first().is_some_and(|step| !step.is_static())
}

/// The instance that literal steps select, and the steps after it.
fn instance_key(steps: &[TraversalStep]) -> Option<(InstanceKey, &[TraversalStep])> {
    match steps.split_first() {
        Some((TraversalStep::Index { key, .. }, rest)) => match key.as_literal() {
            Some(key) => Some((InstanceKey::from_value(key)?, rest)),
            None => Some((InstanceKey::None, &[])),
        },
        _ => Some((InstanceKey::None, steps)),
    }
}

/// The steps up to the first key that has to be computed.
fn static_path(steps: &[TraversalStep]) -> Path {
    let mut path = Path::root();
    for step in steps {
        path = match step {
            TraversalStep::Attr { name, .. } => path.attr(name.clone()),
            TraversalStep::Index { key, .. } => match key.as_literal() {
                Some(key) => path.index(key.clone()),
                None => break,
            },
        };
    }
    path
}

/// A body, and the names of the iterators around it.
struct Part {
    body: Body,
    iterators: Vec<Arc<str>>,
}

/// Visits the traversals in the part of a block that names lead to.
fn visit_part(part: Part, block: &Block, names: &[Arc<str>], found: &mut dyn FnMut(&Traversal)) {
    let Some((name, rest)) = names.split_first() else {
        return bodies::visit(&part.body, &part.iterators, found);
    };
    if block.attributes.contains_key(name) {
        let (content, _, _) = part.body.partial_content(block.body_schema());
        if let Some(attribute) = content.attribute(name) {
            bodies::visit_expr(&attribute.expr, &part.iterators, found);
        }
        return;
    }
    let Some(nested) = block.block_types.get(name) else {
        return;
    };
    match nested.nesting {
        Nesting::Single | Nesting::Group => visit_nested(&part, block, name, nested, rest, found),
        // Any of several blocks may be meant: nothing is told apart.
        _ if rest.is_empty() => bodies::visit(&part.body, &part.iterators, found),
        _ => {}
    }
}

fn visit_nested(
    part: &Part,
    block: &Block,
    name: &str,
    nested: &NestedBlock,
    rest: &[Arc<str>],
    found: &mut dyn FnMut(&Traversal),
) {
    let (content, _, _) = part.body.partial_content(block.body_schema());
    for inner in content.blocks_of(name) {
        let inner = Part {
            body: inner.body.clone(),
            iterators: part.iterators.clone(),
        };
        visit_part(inner, &nested.block, rest, found);
    }
    for dynamic in content.blocks_of("dynamic") {
        if dynamic.labels.first().is_some_and(|l| &*l.value == name) {
            bodies::visit_dynamic(dynamic, &part.iterators, found);
        }
    }
}
