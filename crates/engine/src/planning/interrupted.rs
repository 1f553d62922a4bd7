//! Creates of earlier runs of which nobody knows how they ended.
//!
//! A provider that can find what such a create has made gets back the bytes that it planned it with, so
//! that the create is repeated and not a second object made. All others are told of, as long as they
//! are remembered.

use super::planner::Planner;
use addrs::{AbsResourceInstance, ProviderConfig};
use cty::Value;
use diags::Diagnostic;
use plans::Action;
use providers::Private;
use states::journal::Intent;

use crate::round::PlanOptions;

/// What becomes of an interrupted create in a plan.
enum Fate {
    /// The provider looks for the object before it creates one.
    Resumed,
    /// An object is created, maybe the second one.
    Repeated,
    /// There is a block for it, but the plan does not create it.
    LeftOut,
    /// Nothing asks for the object any more.
    Unwanted,
}

/// The provider's bytes of the interrupted create of an instance, if they make it one that can be
/// repeated.
pub(crate) fn resumed(
    options: &PlanOptions,
    addr: &AbsResourceInstance,
    provider: &ProviderConfig,
) -> Option<Private> {
    let intent = options.interrupted.creates.get(addr)?;
    let same = intent.provider.provider == provider.provider;
    (same && states::private::can_be_resumed(&intent.planned_private))
        .then(|| intent.planned_private.clone())
}

impl Planner<'_> {
    /// Says what becomes of each interrupted create.
    pub(crate) fn tell_of_interrupted(&self) {
        let creates = &self.round.options.interrupted.creates;
        let open = creates.iter().filter(|i| !self.is_imported(&i.address));
        let (resumed, others): (Vec<&Intent>, Vec<&Intent>) =
            open.partition(|i| matches!(self.fate(i), Fate::Resumed));
        let mut warnings: Vec<Diagnostic> = others.into_iter().map(|i| self.warning(i)).collect();
        match &resumed[..] {
            [] => {}
            [one] => warnings.push(self.warning(one)),
            several => warnings.push(self.resumed_warning(several)),
        }
        self.report(warnings);
    }

    /// Creates that are repeated are no cause for alarm: they are told of together.
    fn resumed_warning(&self, creates: &[&Intent]) -> Diagnostic {
        let list: String = creates
            .iter()
            .map(|intent| {
                let asked = self.asked(intent);
                let asked = asked.map_or_else(String::new, |asked| format!(" with {asked}"));
                format!("\n  - {} (begun {}){asked}", intent.address, intent.time)
            })
            .collect();
        Diagnostic::warning(
            "Interrupted operations",
            format!(
                "An earlier run was cut short while it was about to create {} objects:{list}\n\nThis plan repeats the creates so that \
                 there are no second objects: the provider looks first for what the earlier run has made. To hear no more of one, take \
                 its line out of {}.",
                creates.len(),
                self.round.options.interrupted.kept_in
            ),
        )
    }

    fn is_imported(&self, addr: &AbsResourceInstance) -> bool {
        let planned = self.by_addr.borrow().get(addr).copied();
        planned.is_some_and(|i| self.found.borrow()[i].importing.is_some())
    }

    fn fate(&self, intent: &Intent) -> Fate {
        let found = self.found.borrow();
        let planned = self.by_addr.borrow().get(&intent.address).copied();
        let change = planned.and_then(|i| found[i].change.as_ref().map(|c| (&found[i], c)));
        match change {
            Some((found, change)) if change.action == Action::Create => {
                match resumed(&self.round.options, &found.addr, &found.provider) {
                    Some(_) => Fate::Resumed,
                    None => Fate::Repeated,
                }
            }
            _ if self.claimed.borrow().contains(&intent.address)
                && !super::is_destroy(self.round) =>
            {
                Fate::LeftOut
            }
            _ => Fate::Unwanted,
        }
    }

    fn warning(&self, intent: &Intent) -> Diagnostic {
        let Intent { address, time, .. } = intent;
        let asked = self
            .asked(intent)
            .map_or_else(String::new, |asked| format!(" with {asked}"));
        let kept_in = &self.round.options.interrupted.kept_in;
        let adopt =
            format!("bring it in with an \"import\" block or with \"groma import '{address}' ID\"");
        let discard =
            format!("To hear no more of it, take the line of {address} out of {kept_in}.");
        let advice = match self.fate(intent) {
            Fate::Resumed => format!(
                "This plan repeats the create so that there is no second object: the provider looks first for what the earlier run \
                 has made. {discard}"
            ),
            Fate::Repeated => format!(
                "If the object was created, the state does not know it, and applying this plan may create a second one. Look for it \
                 first: {adopt}, or delete it by hand."
            ),
            Fate::LeftOut => format!(
                "If the object was created, the state does not know it. This plan leaves it out; the next one that creates {address} \
                 comes back to it."
            ),
            Fate::Unwanted => format!(
                "If the object was created, the state does not know it, and this plan does not ask for it, so that nothing removes \
                 it. Look for it: {adopt} (the configuration must have a block for it), or delete it by hand. {discard}"
            ),
        };
        Diagnostic::warning(
            "Interrupted operation",
            format!(
                "An earlier run was cut short while it was about to create {address} (a {} of {}, begun {time}){asked}. {advice}",
                address.resource.kind,
                intent.provider.provider.for_display()
            ),
        )
        .about(address)
    }

    /// The arguments that tell an object from others, as far as they may be shown.
    fn asked(&self, intent: &Intent) -> Option<String> {
        let resource = &intent.address.resource;
        let schema = self
            .round
            .schemas
            .resource(&intent.provider.provider, resource)?;
        let ty = schema.block.implied_type();
        let planned = cty::msgpack::decode(&intent.planned, &ty).ok()?;
        let sensitive = schema::sensitive_paths(&planned, &schema.block);
        let planned = planned.mark_with_paths(&sensitive);
        let shown: Vec<String> = schema
            .block
            .attributes
            .iter()
            .filter(|(_, attribute)| !attribute.computed || attribute.optional)
            .filter_map(|(name, _)| Some(format!("{name} = {}", shown(planned.get(name)?)?)))
            .take(6)
            .collect();
        (!shown.is_empty()).then(|| shown.join(", "))
    }
}

fn shown(value: &Value) -> Option<String> {
    if !value.all_marks().is_empty() || !value.is_wholly_known() || value.is_null() {
        return None;
    }
    let text = value.as_str()?;
    (!text.is_empty() && text.len() <= 80 && !text.contains('\n')).then(|| format!("{text:?}"))
}
