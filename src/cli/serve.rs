//! `hentra serve`: the service, until it is told to stop; then what has begun is finished first.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::HttpServer;
use tokio::sync::watch;
use tracing_actix_web::TracingLogger;

use super::{Calling, Failure, output, runtime};
use crate::app::App;
use crate::app::alerts::AlertSettings;
use crate::config::{Profile, Settings};
use crate::domain::alert::MAIL;
use crate::mail::Mailer;
use crate::telemetry::RequestSpan;
use crate::{api, scheduler, service};

/// How long requests under way may take to end when the service is told to stop.
const GRACE_SECONDS: u64 = 20;

pub(super) fn run(calling: &Calling) -> Result<(), Failure> {
    let (app, settings) = calling.open()?;
    let app = app.with_webhooks(settings.webhooks()?);
    runtime(async {
        let post = Post::new(&settings)?;
        serve(app, settings.bind, post, |address| output::say(&format!("Hentra listens at http://{address}")))
            .await
    })
}

/// The way mail goes, and when.
pub(crate) struct Post {
    pub(crate) mailer: Mailer,
    pub(crate) timetable: Arc<AlertSettings>,
}

impl Post {
    /// As the settings say; must be called within a runtime.
    pub(crate) fn new(settings: &Settings) -> Result<Post, Failure> {
        settings.check_mail()?;
        let production = settings.profile == Profile::Production;
        let mut mailer = Mailer::from_url(settings.mail_url.reveal(), &settings.mail_from, production)?;
        if let Some(address) = &settings.mail_reply_to {
            mailer = mailer.answered_to(address)?;
        }
        must_name_channels(settings)?;
        let timetable = AlertSettings::new(settings.alert_rule.clone(), settings.public_url(), &mailer)
            .map_err(|rule| Failure::new(format!("the setting alert_rule: «{rule}» stands twice")))?;
        Ok(Post { mailer, timetable: Arc::new(timetable) })
    }
}

/// # Errors
/// The rule of the settings that goes by a channel which they do not name.
fn must_name_channels(settings: &Settings) -> Result<(), Failure> {
    let known = settings.shown_webhooks();
    for rule in &settings.alert_rule {
        let strange =
            |channel: &&String| *channel != MAIL && !known.iter().any(|(name, _)| *name == channel.as_str());
        if let Some(channel) = rule.form().channels.iter().find(strange) {
            return Err(Failure::new(format!(
                "the setting alert_rule: alert rule «{}»: channels: there is no webhook «{channel}»; write mail, or name it under [[webhook]]",
                rule.name()
            )));
        }
    }
    Ok(())
}

/// Serves `app` and sends its alerts until SIGTERM or SIGINT; `announce` is told the address once requests are taken.
pub(crate) async fn serve(
    app: App,
    bind: SocketAddr,
    post: Post,
    announce: impl FnOnce(SocketAddr) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let app = app.with_timetable(Arc::clone(&post.timetable));
    let shared = api::Shared::new(app.clone())?;
    // A page goes out in several pieces; without this its last one waits for the browser to acknowledge the first, which takes 40 ms.
    let server = HttpServer::new(move || service::service(&shared).wrap(TracingLogger::<RequestSpan>::new()))
        .tcp_nodelay(true)
        .shutdown_timeout(GRACE_SECONDS)
        .bind(bind)
        .map_err(|error| Failure::new(format!("{bind}: {error}")))?;
    let address = server.addrs().first().copied().unwrap_or(bind);
    let running = server.run();
    let (stop, stopped) = watch::channel(false);
    let alerts = actix_web::rt::spawn(scheduler::run(app, post.timetable, post.mailer, stopped));
    announce(address)?;
    tracing::info!(%address, "listening");
    let ended = running.await;
    // Its only reader is the task that is waited for next.
    let _ = stop.send(true);
    let _ = alerts.await;
    tracing::info!("stopped");
    Ok(ended?)
}
