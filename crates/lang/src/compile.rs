//! From a configuration to a program: references are resolved, the graph is built.

use crate::target::{out_of_context, whole_range};
use crate::{ModuleId, Node, Program, Target, bodies};
use configs::Config;
use diags::{Diagnostic, Diagnostics};
use hcl::{Body, Expr, Traversal, TraversalStep};

impl<'c> Program<'c> {
    /// Numbers the modules, resolves every reference and builds the graph. All undeclared references
    /// and cycles of the configuration are reported at once.
    pub fn compile(config: &'c Config) -> (Self, Diagnostics) {
        let mut program = Self::number(config);
        let mut diags = Diagnostics::new();
        add_nodes(&mut program);
        for id in 0..program.modules.len() {
            Edges {
                program: &mut program,
                module: ModuleId(id as u32),
                diags: &mut diags,
                context: Context::default(),
            }
            .add_all();
        }
        if !diags.has_errors() {
            report_cycles(&program, &mut diags);
        }
        (program, diags)
    }
}

fn add_nodes(program: &mut Program<'_>) {
    for id in 0..program.modules.len() {
        let module = program.modules[id].module;
        let id = ModuleId(id as u32);
        let count = |n: usize| 0..n as u32;
        let nodes = count(module.variables.len())
            .map(|i| Node::Variable(id, i))
            .chain(count(module.locals.len()).map(|i| Node::Local(id, i)))
            .chain(count(module.providers.len()).map(|i| Node::Provider(id, i)))
            .chain(count(module.resources.len()).map(|i| Node::Resource(id, i)))
            .chain(
                count(module.calls.len()).flat_map(|i| [Node::Call(id, i), Node::CallDone(id, i)]),
            )
            .chain(count(module.outputs.len()).map(|i| Node::Output(id, i)));
        for node in nodes {
            let at = program.graph.add_node(node);
            program.nodes.insert(node, at);
        }
    }
}

fn scoped(addr: &addrs::Resource, traversal: &Traversal) -> Diagnostic {
    Diagnostic::error(
        "Reference to scoped resource",
        format!(
            "The data source {addr} belongs to a check block: only what is in that block may refer to it."
        ),
    )
    .at(whole_range(traversal))
}

/// Adds the edges of one module's nodes.
struct Edges<'p, 'c> {
    program: &'p mut Program<'c>,
    module: ModuleId,
    diags: &'p mut Diagnostics,
    context: Context<'c>,
}

/// What the expressions that are looked at may refer to besides what is declared.
#[derive(Clone, Copy, Default)]
struct Context<'c> {
    count: bool,
    each: bool,
    own: bool,
    /// The check block that they stand in, whose data block nobody else sees.
    check: Option<&'c str>,
    /// What an object is imported by.
    importing: bool,
}

impl Context<'_> {
    fn of(repetition: &configs::Repetition) -> Self {
        Self {
            count: matches!(repetition, configs::Repetition::Count(_)),
            each: matches!(repetition, configs::Repetition::ForEach(_)),
            ..Self::default()
        }
    }

    const fn allows(self, target: Target) -> bool {
        match target {
            Target::CountIndex => self.count,
            Target::EachKey | Target::EachValue => self.each,
            Target::SelfValue => self.own,
            _ => true,
        }
    }
}

impl<'c> Edges<'_, 'c> {
    fn add_all(&mut self) {
        let id = self.module;
        let module = self.program.module(id).module;
        let parent = self.program.module(id).parent;
        for (i, variable) in module.variables.values().enumerate() {
            let node = Node::Variable(id, i as u32);
            if let Some((caller, call)) = parent {
                self.connect(node, Node::Call(caller, call));
                let argument = self.program.module(caller).module.calls[call as usize]
                    .arguments
                    .get(&variable.name);
                if let Some(argument) = argument {
                    Edges {
                        program: self.program,
                        module: caller,
                        diags: &mut Diagnostics::new(),
                        context: Context::default(),
                    }
                    .expr(node, &argument.expr);
                }
            }
            for rule in &variable.validations {
                self.check_rule(node, rule);
            }
        }
        for (i, local) in module.locals.values().enumerate() {
            let node = Node::Local(id, i as u32);
            self.inside_call(node);
            self.expr(node, &local.expr);
        }
        for (i, block) in module.providers.values().enumerate() {
            let node = Node::Provider(id, i as u32);
            self.inside_call(node);
            self.body(node, &block.body);
        }
        for (i, output) in module.outputs.values().enumerate() {
            let node = Node::Output(id, i as u32);
            self.inside_call(node);
            self.expr(node, &output.expr);
            self.depends_on(node, &output.depends_on);
            for rule in &output.preconditions {
                self.check_rule(node, rule);
            }
        }
        for (i, resource) in module.resources.values().enumerate() {
            self.resource(Node::Resource(id, i as u32), resource);
        }
        for (i, call) in module.calls.values().enumerate() {
            self.call(i as u32, call);
        }
        for import in &module.imports {
            self.import(import);
        }
        for check in module.checks.values() {
            self.context.check = Some(&check.name);
            for rule in &check.asserts {
                for expr in [&rule.condition, &rule.error_message] {
                    for traversal in expr.traversals() {
                        self.target(traversal);
                    }
                }
            }
            self.context = Context::default();
        }
    }

    /// What an object is imported by must be known when its resource is planned.
    fn import(&mut self, import: &'c configs::Import) {
        let Some((module, index)) = self.program.find_resource(&import.resource) else {
            return;
        };
        let node = Node::Resource(module, index);
        self.context.importing = true;
        if let Some(expr) = &import.for_each {
            self.expr(node, expr);
        }
        self.context.each = import.for_each.is_some();
        self.expr(node, &import.id);
        self.context = Context::default();
    }

    fn resource(&mut self, node: Node, resource: &'c configs::Resource) {
        self.inside_call(node);
        if let Some(expr) = resource.repetition.expr() {
            self.expr(node, expr);
        }
        self.context = Context::of(&resource.repetition);
        self.context.check = resource.check.as_deref();
        self.body(node, &resource.body);
        self.depends_on(node, &resource.depends_on);
        let lifecycle = &resource.lifecycle;
        for expr in &lifecycle.replace_triggered_by {
            self.expr(node, expr);
        }
        for rule in &lifecycle.preconditions {
            self.check_rule(node, rule);
        }
        self.context.own = true;
        for rule in &lifecycle.postconditions {
            self.check_rule(node, rule);
        }
        let bodies = resource.connection.iter();
        let provisioners = resource.provisioners.iter();
        for body in bodies.chain(provisioners.flat_map(|p| p.connection.iter().chain([&p.body]))) {
            self.body(node, body);
        }
        self.context = Context::default();
        if let Some(provider) = self.provider_node(resource) {
            self.connect(node, provider);
        }
    }

    /// The block that configures the provider a resource uses, in this module or a caller.
    fn provider_node(&self, resource: &configs::Resource) -> Option<Node> {
        let path = &self.program.module(self.module).path;
        let config = self
            .program
            .config
            .provider_config_for(path, &resource.provider_config());
        let owner = self.program.module_at(&config.module)?;
        let module = self.program.module(owner).module;
        let position = module.providers.iter().position(|(local, _)| {
            local.alias == config.alias
                && module.required_providers.get(&local.name).map_or_else(
                    || addrs::Provider::implied(local.name.clone()) == config.provider,
                    |r| r.provider == config.provider,
                )
        })?;
        Some(Node::Provider(owner, position as u32))
    }

    fn call(&mut self, index: u32, call: &'c configs::ModuleCall) {
        let node = Node::Call(self.module, index);
        self.inside_call(node);
        if let Some(expr) = call.repetition.expr() {
            self.expr(node, expr);
        }
        self.depends_on(node, &call.depends_on);
        // Undeclared references in arguments are reported here, once, even if the child lacks the variable.
        self.context = Context::of(&call.repetition);
        for argument in call.arguments.values() {
            for traversal in argument.expr.traversals() {
                self.target(traversal);
            }
        }
        self.context = Context::default();
        let done = Node::CallDone(self.module, index);
        self.connect(done, node);
        let Some(child) = self.program.module(self.module).children[index as usize] else {
            return;
        };
        let module = self.program.module(child).module;
        let inside = (0..module.resources.len() as u32)
            .map(|i| Node::Resource(child, i))
            .chain((0..module.outputs.len() as u32).map(|i| Node::Output(child, i)))
            .chain((0..module.calls.len() as u32).map(|i| Node::CallDone(child, i)));
        for node in inside {
            self.connect(done, node);
        }
    }

    /// Everything inside a called module needs the call's expansion.
    fn inside_call(&mut self, node: Node) {
        if let Some((caller, call)) = self.program.module(self.module).parent {
            self.connect(node, Node::Call(caller, call));
        }
    }

    fn connect(&mut self, from: Node, to: Node) {
        if let (Some(&from), Some(&to)) =
            (self.program.nodes.get(&from), self.program.nodes.get(&to))
        {
            let new = self.program.graph.add_edge(from, to);
            let edges = &mut self.program.import_edges;
            if !self.context.importing {
                edges.remove(&(from, to));
            } else if new {
                edges.insert((from, to));
            }
        }
    }

    fn check_rule(&mut self, node: Node, rule: &configs::CheckRule) {
        for expr in [&rule.condition, &rule.error_message] {
            for traversal in expr.traversals() {
                match self.target(traversal) {
                    // A variable's rules speak of the variable, a resource's of its own result.
                    Some(Target::Variable(i)) if node == Node::Variable(self.module, i) => {}
                    Some(Target::Resource(i, _)) if node == Node::Resource(self.module, i) => {}
                    Some(target) => self.refer(node, target, traversal),
                    None => {}
                }
            }
        }
    }

    /// Every expression in a body.
    fn body(&mut self, node: Node, body: &Body) {
        bodies::visit(body, &[], &mut |traversal| {
            if let Some(target) = self.target(traversal) {
                self.refer(node, target, traversal);
            }
        });
    }

    fn expr(&mut self, node: Node, expr: &Expr) {
        for traversal in expr.traversals() {
            if let Some(target) = self.target(traversal) {
                self.refer(node, target, traversal);
            }
        }
    }

    fn target(&mut self, traversal: &Traversal) -> Option<Target> {
        let module = self.program.module(self.module).module;
        match Target::of(traversal, module) {
            Ok(Target::Resource(i, _))
                if module.resources[i as usize].check.is_some()
                    && module.resources[i as usize].check.as_deref() != self.context.check =>
            {
                self.report(scoped(&module.resources[i as usize].addr, traversal));
                None
            }
            Ok(target) if self.context.allows(target) => Some(target),
            Ok(target) => {
                self.report(out_of_context(target, traversal));
                None
            }
            Err(diagnostic) => {
                self.report(*diagnostic);
                None
            }
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if !self.diags.iter().any(|d| *d == diagnostic) {
            self.diags.push(diagnostic);
        }
    }

    fn refer(&mut self, node: Node, target: Target, traversal: &Traversal) {
        let id = self.module;
        match target {
            Target::Local(i) if node == Node::Local(id, i) => self.report(
                Diagnostic::error(
                    "Self-referencing local value",
                    format!(
                        "The value of {} cannot be made from itself.",
                        self.program.name(node)
                    ),
                )
                .at(whole_range(traversal)),
            ),
            Target::Resource(i, _) if node == Node::Resource(id, i) => self.report(
                Diagnostic::error(
                    "Self-referential block",
                    format!(
                        "Configuration for {} may not refer to itself.",
                        self.program.resource(id, i).addr
                    ),
                )
                .at(whole_range(traversal)),
            ),
            Target::Variable(i) => self.connect(node, Node::Variable(id, i)),
            Target::Local(i) => self.connect(node, Node::Local(id, i)),
            Target::Resource(i, _) => self.connect(node, Node::Resource(id, i)),
            Target::Call(i) => {
                self.connect(node, Node::Call(id, i));
                self.refer_to_outputs(node, i, traversal);
            }
            _ => {}
        }
    }

    /// `module.x.out` and `module.x[k].out` need one output, anything else needs all.
    fn refer_to_outputs(&mut self, node: Node, call: u32, traversal: &Traversal) {
        let Some(child) = self.program.module(self.module).children[call as usize] else {
            return;
        };
        let outputs = &self.program.module(child).module.outputs;
        let name = match &traversal.steps[1..] {
            [TraversalStep::Attr { name, .. }, ..]
            | [
                TraversalStep::Index { .. },
                TraversalStep::Attr { name, .. },
                ..,
            ] => Some((name, &traversal.steps[0])),
            _ => None,
        };
        if let Some((name, _)) = name {
            if let Some(index) = outputs.get_index_of(name) {
                self.connect(node, Node::Output(child, index as u32));
                return;
            }
            let repeated = self.program.module(self.module).module.calls[call as usize]
                .repetition
                .expr()
                .is_some();
            let direct = matches!(traversal.steps.get(1), Some(TraversalStep::Attr { .. }));
            if !(repeated && direct) {
                self.undeclared_output(call, name, traversal);
            }
        }
        for i in 0..outputs.len() {
            self.connect(node, Node::Output(child, i as u32));
        }
    }

    fn undeclared_output(&mut self, call: u32, name: &str, traversal: &Traversal) {
        let Some(child) = self.program.module(self.module).children[call as usize] else {
            return;
        };
        let (call_name, _) = self
            .program
            .module(self.module)
            .module
            .calls
            .get_index(call as usize)
            .expect("a call");
        let outputs = self
            .program
            .module(child)
            .module
            .outputs
            .keys()
            .map(|k| &**k);
        let hint = hcl::suggestion(name, outputs)
            .map(|n| format!(" Did you mean {n:?}?"))
            .unwrap_or_default();
        let range = traversal.steps.iter().find_map(|s| match s {
            TraversalStep::Attr { name: n, range } if &**n == name => Some(range.clone()),
            _ => None,
        });
        let diagnostic = Diagnostic::error(
            "Unsupported attribute",
            format!("This object does not have an attribute named {name:?}: module {call_name:?} has no such output.{hint}"),
        )
        .at(range);
        self.report(diagnostic);
    }

    /// `depends_on`: a resource or data block, or a whole module.
    fn depends_on(&mut self, node: Node, exprs: &'c [Expr]) {
        for expr in exprs {
            let Some(traversal) = expr.as_traversal() else {
                continue;
            };
            match self.target(traversal) {
                Some(Target::Call(i)) => match &traversal.steps[1..] {
                    [] => self.connect(node, Node::CallDone(self.module, i)),
                    _ => self.refer(node, Target::Call(i), traversal),
                },
                Some(target) => self.refer(node, target, traversal),
                None => {}
            }
        }
    }
}

fn report_cycles(program: &Program<'_>, diags: &mut Diagnostics) {
    let name = |id| {
        let node = program.graph.get(id);
        node.map_or_else(String::new, |node| program.name(*node))
    };
    for cycle in program.graph.cycles() {
        let mut names: Vec<String> = cycle.members.iter().map(|id| name(*id)).collect();
        names.sort();
        diags.push(Diagnostic::error(
            format!("Cycle: {}", names.join(", ")),
            format!(
                "Each of these needs the next, and the last needs the first again: {}. Break the circle by removing one of the references.",
                cycle.render(name)
            ),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use configs::{Loader, MemoryFiles};
    use std::path::{Path, PathBuf};

    /// The summaries of what compiling a file reports.
    fn compile(name: &str, text: &str) -> Vec<String> {
        let files = MemoryFiles([(PathBuf::from(name), text.into())].into());
        let (config, diags) = Loader::new(&files, Path::new(".terraform")).load(Path::new("."));
        assert!(diags.is_empty(), "{diags:?}");
        let (_, diags) = Program::compile(&config);
        diags.iter().map(|d| d.summary.clone()).collect()
    }

    #[test]
    fn iterators_are_no_references() {
        let native = "resource \"x_y\" \"a\" {\n  dynamic \"rule\" {\n    for_each = local.l\n    iterator = it\n    content { port = it.value + rule.key }\n  }\n}\nlocals {\n  l = []\n}\n";
        assert_eq!(
            compile("main.tf", native),
            ["Reference to undeclared resource"]
        );
        let json = r#"{"locals": {"l": []}, "resource": {"x_y": {"a": {"name": "${local.l}", "dynamic": {
            "rule": {"for_each": "${local.l}", "content": {"port": "${rule.value}", "x": "${local.m}"}}}}}}}"#;
        assert_eq!(
            compile("main.tf.json", json),
            ["Reference to undeclared local value"]
        );
    }

    #[test]
    fn circles_are_named_and_short_ones_have_a_place() {
        let text = r#"
            locals { l = local.l }
            resource "x_y" "self" { x = [x_y.self.id, x_y.self.n] }
            "#;
        assert_eq!(
            compile("main.tf", text),
            [
                "Self-referencing local value",
                "Self-referential block",
                "Self-referential block"
            ]
        );
        let text = r#"
            resource "x_y" "b" { x = x_y.a.id }
            resource "x_y" "a" { x = local.l }
            locals { l = x_y.b.id }
            "#;
        assert_eq!(compile("main.tf", text), ["Cycle: local.l, x_y.a, x_y.b"]);
    }

    #[test]
    fn count_each_and_self_need_a_place_that_has_them() {
        let text = r#"
            locals { l = count.index }
            resource "x_y" "a" {
              count = 1
              x     = [count.index, each.value, self.id]
              lifecycle {
                postcondition {
                  condition     = self.id == each.key
                  error_message = "no"
                }
              }
            }
            "#;
        assert_eq!(
            compile("main.tf", text),
            [
                "Reference to \"count\" in non-counted context",
                "each.value cannot be used in this context",
                "Invalid \"self\" reference",
                "Reference to \"each\" in context without for_each",
            ]
        );
    }
}
