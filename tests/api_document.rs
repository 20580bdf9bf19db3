//! The OpenAPI document and the pages that show it.

use actix_web::http::Method;

use crate::support::{TestApp, TestDatabase};

const NOW: &str = "2026-11-20T08:00:00+07:00";

/// To draw it up anew: `UPDATE_OPENAPI=1 cargo test --test main api_document`.
#[test]
fn the_committed_document_is_the_one_the_handlers_give() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
    let given = hentra::api::openapi_json().unwrap();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(path, &given).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == given, "docs/openapi.json is not what the handlers give");
}

#[test]
fn the_document_is_of_openapi_3_1_and_names_every_address_and_schema() {
    let document: serde_json::Value = serde_json::from_str(&hentra::api::openapi_json().unwrap()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for (path, method) in [
        ("/healthz", "get"),
        ("/readyz", "get"),
        ("/api/v1/dossiers", "get"),
        ("/api/v1/dossiers", "post"),
        ("/api/v1/dossiers/batch", "post"),
        ("/api/v1/dossiers/acts", "post"),
        ("/api/v1/dossiers/{code}", "get"),
        ("/api/v1/dossiers/{code}/events", "get"),
        ("/api/v1/dossiers/{code}/acts", "post"),
        ("/api/v1/deadlines/preview", "get"),
        ("/api/v1/deadlines/preview", "post"),
        ("/api/v1/deadlines/preview/batch", "post"),
        ("/api/v1/findings", "get"),
        ("/api/v1/ledger/verify", "get"),
        ("/api/v1/units", "post"),
        ("/api/v1/procedures", "get"),
        ("/api/v1/commitments", "post"),
        ("/api/v1/calendars/{scope}/days", "get"),
    ] {
        assert!(document["paths"][path][method].is_object(), "{method} {path}");
    }
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "no schema {name}");
    }
}

#[actix_web::test]
async fn the_pages_load_nothing_from_elsewhere() {
    let db = TestDatabase::sqlite();
    let app = TestApp::start(&db, NOW).await;
    let get = |path: &str| app.call(Method::GET, path).send();
    let json = get("/openapi.json").await;
    assert_eq!((json.status, json.header("content-type")), (200, "application/json"));
    assert_eq!(json.body, hentra::api::openapi_json().unwrap());
    assert_eq!(
        (get("/docs").await.status, get("/docs").await.header("location").to_owned()),
        (307, "/docs/".to_owned())
    );
    let page = get("/docs/").await;
    assert_eq!(page.status, 200);
    let scripts: Vec<&str> = page.body.split(['"', '\'']).filter(|text| text.starts_with("./")).collect();
    assert!(scripts.len() >= 4, "{}", page.body);
    for address in ["src=\"http", "href=\"http", "src=\"//", "href=\"//", "@import"] {
        assert!(!page.body.contains(address), "{address}: {}", page.body);
    }
    for script in scripts {
        let file = get(&format!("/docs/{}", script.trim_start_matches("./"))).await;
        assert_eq!(file.status, 200, "{script}");
    }
    let start = get("/docs/swagger-initializer.js").await.body;
    assert!(start.contains("/openapi.json") && start.contains("\"validatorUrl\": \"none\""), "{start}");
    app.stop().await;
}
