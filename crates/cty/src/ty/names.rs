//! How messages to users name types.

use super::Type;

impl Type {
    /// The name of a value's type: `list of string`, `object`, `dynamic`.
    pub fn friendly_name(&self) -> String {
        self.name("dynamic", "dynamic")
    }

    /// The name of a type that is asked for: `list of any single type`, `any type`.
    pub fn friendly_name_for_constraint(&self) -> String {
        self.name("any type", "any single type")
    }

    fn name(&self, dynamic: &str, element: &str) -> String {
        let of = |kind: &str, t: &Self| format!("{kind} of {}", t.name(element, element));
        match self {
            Self::Dynamic => dynamic.to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Number => "number".to_owned(),
            Self::String => "string".to_owned(),
            Self::List(t) => of("list", t),
            Self::Set(t) => of("set", t),
            Self::Map(t) => of("map", t),
            Self::Tuple(_) => "tuple".to_owned(),
            Self::Object(_) => "object".to_owned(),
        }
    }
}
