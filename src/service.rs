//! The whole service as HTTP sees it: the API's addresses first, then the pages, which answer for every other address.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, Error};

use crate::api::{self, Shared};
use crate::web;

/// For `HttpServer::new(move || service(&shared))`.
pub fn service(
    shared: &Shared,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    api::routed(shared)
        .configure(web::configure)
        .default_service(actix_web::web::to(web::nowhere))
        .wrap(from_fn(api::problem::render))
        .wrap(from_fn(api::metrics::count))
}
