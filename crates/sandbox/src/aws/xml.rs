//! Answers of the query protocol.

use super::fault::Fault;
use crate::Response;
use http::StatusCode;
use std::fmt::{Display, Write};

/// Elements that are written one after another.
#[derive(Debug, Default)]
pub(crate) struct Xml {
    text: String,
}

impl Xml {
    /// `<name>value</name>`
    pub(crate) fn leaf(&mut self, name: &str, value: impl Display) {
        self.open(name);
        // Writing to a String does not fail.
        let _ = write!(Escaped(&mut self.text), "{value}");
        self.close(name);
    }

    /// The value alone, as lists of texts have it.
    pub(crate) fn text(&mut self, value: impl Display) {
        // Writing to a String does not fail.
        let _ = write!(Escaped(&mut self.text), "{value}");
    }

    /// `<name>value</name>`, or nothing.
    pub(crate) fn optional(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.leaf(name, value);
        }
    }

    /// `<name>…</name>`
    pub(crate) fn node(&mut self, name: &str, below: impl FnOnce(&mut Self)) {
        self.open(name);
        below(self);
        self.close(name);
    }

    /// `<name><item>…</item>…</name>`, as EC2 has lists.
    pub(crate) fn set<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        item: impl FnMut(&mut Self, T),
    ) {
        self.list(name, "item", items, item);
    }

    /// `<name><member>…</member>…</name>`, with the name that the members have.
    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        member: &str,
        items: impl IntoIterator<Item = T>,
        mut item: impl FnMut(&mut Self, T),
    ) {
        self.node(name, |list| {
            for value in items {
                list.node(member, |below| item(below, value));
            }
        });
    }

    fn open(&mut self, name: &str) {
        self.text.push('<');
        self.text.push_str(name);
        self.text.push('>');
    }

    fn close(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    /// The answer of EC2 to an operation.
    pub(crate) fn ec2_response(self, operation: &str, request_id: &str) -> Response {
        let body = format!(
            "{DECLARATION}<{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
             <requestId>{request_id}</requestId>{}</{operation}Response>",
            self.text
        );
        Response::xml(StatusCode::OK, body)
    }

    /// The answer of the other query services (IAM, STS); the elements stand below `…Result` if there are any.
    pub(crate) fn query_response(
        self,
        namespace: &str,
        operation: &str,
        request_id: &str,
    ) -> Response {
        let result = if self.text.is_empty() {
            String::new()
        } else {
            format!("<{operation}Result>{}</{operation}Result>", self.text)
        };
        let body = format!(
            "{DECLARATION}<{operation}Response xmlns=\"{namespace}\">{result}\
             <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
        );
        Response::xml(StatusCode::OK, body)
    }
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The refusal as EC2 has it.
pub(crate) fn ec2_fault(fault: &Fault, request_id: &str) -> Response {
    let mut error = Xml::default();
    error.leaf("Code", &fault.code);
    error.leaf("Message", &fault.message);
    let body = format!(
        "{DECLARATION}<Response><Errors><Error>{}</Error></Errors><RequestID>{request_id}</RequestID></Response>",
        error.text
    );
    Response::xml(fault.status, body)
}

/// The refusal as the other query services have it.
pub(crate) fn query_fault(namespace: &str, fault: &Fault, request_id: &str) -> Response {
    let mut error = Xml::default();
    let sender = fault.status.is_client_error();
    error.leaf("Type", if sender { "Sender" } else { "Receiver" });
    error.leaf("Code", &fault.code);
    error.leaf("Message", &fault.message);
    let body = format!(
        "{DECLARATION}<ErrorResponse xmlns=\"{namespace}\"><Error>{}</Error><RequestId>{request_id}</RequestId></ErrorResponse>",
        error.text
    );
    Response::xml(fault.status, body)
}

/// Escapes what is written through it.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\r' => self.0.push_str("&#xD;"),
                // XML 1.0 cannot carry the others.
                '\t' | '\n' | ' '.. => self.0.push(letter),
                _ => self.0.push('\u{fffd}'),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_nest_and_values_are_escaped() {
        let mut xml = Xml::default();
        xml.node("vpc", |xml| {
            xml.leaf("id", "a<b>&\"c\"\r\n\u{1}é");
            xml.optional("none", None::<&str>);
            xml.set("set", [1, 2], |xml, number| xml.leaf("n", number));
        });
        assert_eq!(
            xml.text,
            "<vpc><id>a&lt;b&gt;&amp;&quot;c&quot;&#xD;\n\u{fffd}é</id>\
             <set><item><n>1</n></item><item><n>2</n></item></set></vpc>"
        );
    }

    #[test]
    fn results_and_faults_have_the_form_of_their_service() {
        let mut xml = Xml::default();
        xml.leaf("Arn", "a");
        let text = |response: Response| String::from_utf8(response.body.to_vec()).unwrap();
        assert_eq!(
            text(xml.query_response("urn:n", "Get", "r")),
            format!(
                "{DECLARATION}<GetResponse xmlns=\"urn:n\"><GetResult><Arn>a</Arn></GetResult>\
                 <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetResponse>"
            )
        );
        assert_eq!(
            text(query_fault("urn:n", &Fault::new("C", "m"), "r")),
            format!(
                "{DECLARATION}<ErrorResponse xmlns=\"urn:n\"><Error><Type>Sender</Type><Code>C</Code>\
                 <Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>"
            )
        );
        assert_eq!(
            text(ec2_fault(&Fault::new("C", "m"), "r")),
            format!(
                "{DECLARATION}<Response><Errors><Error><Code>C</Code><Message>m</Message></Error></Errors>\
                 <RequestID>r</RequestID></Response>"
            )
        );
    }
}
