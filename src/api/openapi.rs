//! The OpenAPI document, made from the handlers, and the pages that show it, which load nothing from elsewhere.

use actix_web::dev::ResourceDef;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, PathItem};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::problem::Problem;
use crate::app::AppError;

/// What stands in the document before any handler is added.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Hentra",
        description = "Giữ lời hẹn trả của Bộ phận Một cửa: tính ngày hẹn trả theo luật và lịch làm việc, nêu ngay lời hẹn sai quy định, báo cáo. \
            Every error is `application/problem+json` (RFC 9457), in Vietnamese, or in English with `Accept-Language: en`.",
        license(name = "EUPL-1.2", identifier = "EUPL-1.2")
    ),
    components(schemas(super::problem::ProblemView, super::reports::Format, super::reports::FormFormat)),
    modifiers(&BearerToken),
    security(("token" = []))
)]
pub(super) struct Preface;

struct BearerToken;

impl utoipa::Modify for BearerToken {
    fn modify(&self, openapi: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A token from `POST /api/v1/sessions`, from an administrator, or from `hentra token create`.",
            ))
            .build();
        openapi.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// The document as it is served, and the addresses in it.
#[derive(Debug)]
pub struct Document {
    json: String,
    addresses: Vec<(ResourceDef, String)>,
}

impl Document {
    /// Draws the document up once.
    ///
    /// # Errors
    /// [`AppError::Internal`] when it cannot be written as JSON.
    pub(super) fn new(openapi: &OpenApi) -> Result<Document, AppError> {
        let json = openapi.to_pretty_json().map_err(|error| AppError::Internal(error.to_string()))?;
        let addresses = openapi
            .paths
            .paths
            .iter()
            .map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item).join(", ")))
            .collect();
        Ok(Document { json: json + "\n", addresses })
    }

    /// The document as JSON.
    pub fn json(&self) -> &str {
        &self.json
    }
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    let each = [
        ("GET", &item.get),
        ("HEAD", &item.head),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ];
    each.into_iter().filter(|(_, operation)| operation.is_some()).map(|(name, _)| name).collect()
}

/// `/openapi.json`, `/docs`, and a problem for every address or method that there is not.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/openapi.json", web::get().to(document)).service(web::redirect("/docs", "/docs/")).service(
        SwaggerUi::new("/docs/{_:.*}").config(
            // The badge of validator.swagger.io would tell a stranger of every visit.
            Config::new(["/openapi.json"]).validator_url("none").persist_authorization(false),
        ),
    );
}

async fn document(document: web::Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.json.clone())
}

/// What is answered where no handler is: 405 where the address takes other methods, else 404.
pub(crate) fn nowhere(request: &HttpRequest) -> Problem {
    let document = request.app_data::<web::Data<Document>>();
    let taken =
        document.and_then(|of| of.addresses.iter().find(|(address, _)| address.is_match(request.path())));
    match taken {
        Some((_, methods)) => Problem::MethodNotAllowed(methods.clone()),
        None => Problem::UnknownAddress,
    }
}
