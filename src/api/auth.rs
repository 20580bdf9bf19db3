//! Who asks: the bearer token of each request under `/api`.
//!
//! The middleware `authenticate` lets nobody anonymous past; handlers take the [`Signed`] user from it.

use std::future::{Ready, ready};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use super::problem::Problem;
use crate::app::access::Principal;
use crate::app::access::sessions::{self, Presented};
use crate::app::{App, AppError};

/// The signed-in user.
#[derive(Debug, Clone)]
pub struct Signed(pub Principal);

/// The signed-in user with what they came with: the token's key, and how long it holds.
#[derive(Debug, Clone)]
pub struct Holder(pub Presented);

impl FromRequest for Holder {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let holder = request.extensions().get::<Holder>().cloned();
        ready(holder.ok_or(Problem::App(AppError::Unauthenticated)))
    }
}

impl FromRequest for Signed {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let signed = request.extensions().get::<Signed>().cloned();
        ready(signed.ok_or(Problem::App(AppError::Unauthenticated)))
    }
}

/// Middleware: finds out who asks before anything of the request is read.
pub(super) async fn authenticate<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    match presented(&request).await {
        Ok(presented) => {
            request.extensions_mut().insert(Signed(presented.principal.clone()));
            request.extensions_mut().insert(Holder(presented));
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(problem) => Ok(request.error_response(problem).map_into_right_body()),
    }
}

async fn presented(request: &ServiceRequest) -> Result<Presented, Problem> {
    let token = bearer(request.headers()).ok_or(AppError::Unauthenticated)?;
    let app = request
        .app_data::<web::Data<App>>()
        .ok_or_else(|| AppError::Internal("the server was built without its app".to_owned()))?;
    Ok(sessions::present(app, token).await?)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
