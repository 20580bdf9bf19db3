//! One act of many: the fields of an act, and beside them the dossier's code and the version that was read.
//!
//! serde's own `flatten` would forget which field is at fault and let unknown ones pass, so the two fields are taken out on the way and the rest
//! is read as any act.

use std::borrow::Cow;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Error as _, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use super::acts::ActBody;
use super::fields::kept;
use crate::app::AppError;
use crate::app::writer::ActRequest;

/// An act on a named dossier.
#[derive(Debug, Clone)]
pub struct ActRow {
    /// The dossier.
    code: String,
    /// The version that was read; without it, the act is done on whatever stands.
    version: Option<i64>,
    act: ActBody,
}

impl ActRow {
    /// The act asked for.
    ///
    /// # Errors
    /// Those of an act alone; [`AppError::NotFound`] for a code that no dossier can have.
    pub(super) fn parsed(self, idempotency: Option<(String, String)>) -> Result<ActRequest, AppError> {
        if !kept(&self.code) {
            return Err(AppError::NotFound("dossier"));
        }
        Ok(ActRequest { expected_version: self.version, ..self.act.parsed(self.code, idempotency)? })
    }
}

impl<'de> Deserialize<'de> for ActRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Row)
    }
}

struct Row;

impl<'de> Visitor<'de> for Row {
    type Value = ActRow;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an act on a dossier")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ActRow, A::Error> {
        let mut rest = Rest { map, code: None, version: None };
        let act = ActBody::deserialize(MapAccessDeserializer::new(&mut rest))?;
        let code = rest.code.ok_or_else(|| A::Error::missing_field("code"))?;
        Ok(ActRow { code, version: rest.version.flatten(), act })
    }
}

/// The fields of the act; the two others are kept back.
struct Rest<A> {
    map: A,
    code: Option<String>,
    version: Option<Option<i64>>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rest<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.map.next_key::<String>()? {
            match name.as_str() {
                "code" if self.code.is_some() => return Err(A::Error::duplicate_field("code")),
                "code" => self.code = Some(self.map.next_value()?),
                "version" if self.version.is_some() => return Err(A::Error::duplicate_field("version")),
                "version" => self.version = Some(self.map.next_value()?),
                _ => return seed.deserialize(name.into_deserializer()).map(Some),
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

impl PartialSchema for ActRow {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some("The dossier."));
        let number = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Integer, Type::Null]))
            .description(Some("The version that was read; without it, the act is done on whatever stands."));
        // One object, not two joined by `allOf`: the act's own takes no further fields.
        match ActBody::schema() {
            RefOr::T(Schema::Object(mut act)) => {
                act.description = Some("An act on a named dossier.".to_owned());
                act.properties.insert("code".to_owned(), text.into());
                act.properties.insert("version".to_owned(), number.into());
                act.required.push("code".to_owned());
                RefOr::T(Schema::Object(act))
            }
            other => other,
        }
    }
}

impl ToSchema for ActRow {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ActOfMany")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        <ActBody as ToSchema>::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields;
    use super::*;
    use crate::app::Fault;

    fn faults(text: &str) -> Vec<(String, Fault)> {
        match fields::from_text::<ActRow>(text).unwrap() {
            Err(AppError::Invalid(all)) => all.into_iter().map(|of| (of.name, of.fault)).collect(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn the_two_fields_stand_anywhere_among_those_of_the_act() {
        for text in [
            r#"{"code":"A-1","act":"resolve","version":3}"#,
            r#"{"act":"resolve","version":3,"code":"A-1"}"#,
            r#"{"\u0063ode":"A-1","at":null,"version":3,"act":"resolve"}"#,
        ] {
            let asked = fields::from_text::<ActRow>(text).unwrap().unwrap().parsed(None).unwrap();
            assert_eq!((asked.code.as_str(), asked.expected_version), ("A-1", Some(3)), "{text}");
        }
        for text in [r#"{"code":"A","act":"resolve"}"#, r#"{"version":null,"code":"A","act":"resolve"}"#] {
            assert_eq!(fields::from_text::<ActRow>(text).unwrap().unwrap().version, None);
        }
    }

    #[test]
    fn the_document_shows_one_object_with_all_fields() {
        let schema = serde_json::to_value(ActRow::schema()).unwrap();
        for field in ["code", "version", "act", "at", "reason"] {
            assert!(schema["properties"][field].is_object(), "{field}: {schema}");
        }
        assert_eq!(schema["additionalProperties"], false);
        assert_eq!(schema["required"], serde_json::json!(["act", "code"]));
    }

    #[test]
    fn every_fault_is_named() {
        let named = |all: &[(&str, Fault)]| {
            all.iter().map(|(name, fault)| ((*name).to_owned(), *fault)).collect::<Vec<_>>()
        };
        assert_eq!(faults("{}"), named(&[("act", Fault::Required), ("code", Fault::Required)]));
        assert_eq!(
            faults(r#"{"code":7,"version":"1","act":"dance","colour":"red"}"#),
            named(&[
                ("act", Fault::NotAllowed),
                ("code", Fault::Malformed),
                ("colour", Fault::UnknownField),
                ("version", Fault::Malformed)
            ])
        );
        assert_eq!(
            faults(r#"{"code":"A","code":"B","act":"resolve"}"#),
            named(&[("code", Fault::Duplicate)])
        );
        assert_eq!(
            faults(r#"{"version":1,"version":null,"act":"resolve","code":"A"}"#),
            named(&[("version", Fault::Duplicate)])
        );
    }
}
