//! What our provider programs log: lines of JSON on standard error, which hosts sort by level.

use serde_json::{Map, Value};
use std::fmt;
use std::io::{self, Write};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber, span};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging in a provider of a type ("aws"), as much as the environment asks for. Without a wish,
/// warnings and errors: hosts keep them for the report of a crash.
pub(super) fn start(kind: &str, lookup: &dyn Fn(&str) -> Option<String>) {
    let own = format!("TF_LOG_PROVIDER_{}", kind.to_uppercase().replace('-', "_"));
    let wish = [&*own, "TF_LOG_PROVIDER", "TF_LOG"]
        .into_iter()
        .find_map(|name| lookup(name).filter(|value| !value.is_empty()));
    let level = wish.map_or(LevelFilter::WARN, |name| level(&name));
    // Libraries tell more than anyone wants to read.
    let others = match level {
        LevelFilter::TRACE => LevelFilter::DEBUG,
        level => level.min(LevelFilter::WARN),
    };
    let targets = Targets::new()
        .with_default(others)
        .with_target("groma", level)
        .with_target("provider", level)
        .with_target("h2", others.min(LevelFilter::INFO))
        .with_target("hyper", others.min(LevelFilter::INFO))
        .with_target("rustls", others.min(LevelFilter::INFO));
    let layer = Lines(io::stderr).with_filter(targets);
    // Only a second start could fail.
    let _ = tracing_subscriber::registry().with(layer).try_init();
    std::panic::set_hook(Box::new(|panic| tracing::error!("panic: {panic}")));
}

/// The level of a name; one that is not known means everything, as in Terraform.
fn level(name: &str) -> LevelFilter {
    match name.to_ascii_uppercase().as_str() {
        "OFF" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

/// One line for each event, with what the spans around it say.
struct Lines<W>(W);

/// The fields of a span.
struct Fields(Map<String, Value>);

impl<S, W, M> Layer<S> for Lines<M>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    M: Fn() -> W + 'static,
    W: Write,
{
    fn on_new_span(&self, attributes: &span::Attributes<'_>, id: &span::Id, cx: Context<'_, S>) {
        let mut fields = Fields(Map::new());
        attributes.record(&mut fields);
        if let Some(span) = cx.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, cx: Context<'_, S>) {
        if let Some(span) = cx.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        let mut said = Fields(Map::new());
        event.record(&mut said);
        let metadata = event.metadata();
        let now = chrono::Utc::now().format("%Y-%m-%dT%H:%M:%S%.6fZ");
        let mut line = Map::new();
        line.insert(
            "@level".into(),
            metadata.level().as_str().to_lowercase().into(),
        );
        let message = said.0.shift_remove("message").unwrap_or("".into());
        line.insert("@message".into(), message);
        line.insert(
            "@module".into(),
            metadata.target().replace("::", ".").into(),
        );
        line.insert("@timestamp".into(), now.to_string().into());
        for span in cx.event_scope(event).into_iter().flatten() {
            if let Some(Fields(fields)) = span.extensions().get::<Fields>() {
                // What is nearer counts.
                for (name, value) in fields {
                    said.0.entry(name).or_insert_with(|| value.clone());
                }
            }
        }
        line.extend(said.0);
        let mut text = Value::Object(line).to_string();
        text.push('\n');
        // Nobody could be told that it failed.
        let _ = (self.0)().write_all(text.as_bytes());
    }
}

impl Fields {
    fn set(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_has_what_the_event_and_its_spans_say() {
        let kept = Kept::default();
        let writer = kept.clone();
        let layer = Lines(move || writer.clone());
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::with_default(subscriber, || {
            let outer = tracing::info_span!("call", tf_rpc = "ReadResource", tries = 1);
            let _outer = outer.enter();
            let inner = tracing::info_span!("try", tries = 2);
            let _inner = inner.enter();
            tracing::warn!(target: "groma_sdk::retry", slow = true, "waits {}", 3);
        });
        let bytes = kept.0.lock().unwrap().clone();
        let line: Map<String, Value> = serde_json::from_slice(&bytes).unwrap();
        let stamp = line["@timestamp"].as_str().unwrap();
        assert_eq!((stamp.len(), &stamp[26..]), (27, "Z"));
        let names: Vec<&str> = line.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "@level",
                "@message",
                "@module",
                "@timestamp",
                "slow",
                "tries",
                "tf_rpc"
            ]
        );
        let said = |name: &str| line[name].to_string();
        assert_eq!(said("@level") + &said("@message"), "\"warn\"\"waits 3\"");
        assert_eq!(said("@module") + &said("tries"), "\"groma_sdk.retry\"2");
    }

    #[test]
    fn levels_by_name() {
        assert_eq!(level("Warn"), LevelFilter::WARN);
        assert_eq!(level("json"), LevelFilter::TRACE);
    }
}
