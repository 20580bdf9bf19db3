//! `hentra demo`: a furnished sample province, served.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;

use super::serve::{Post, serve};
use super::{Calling, Failure, calling, output, runtime};
use crate::app::catalogue::NATIONAL;
use crate::demo::{self, Home};
use crate::telemetry;

/// Where the sample lives and answers.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Keep the sample here, and go on with it when it stands already; a temporary directory without it.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS")]
    bind: Option<SocketAddr>,
}

pub(super) fn run(mut calling: Calling, arguments: Arguments) -> Result<(), Failure> {
    let home = Home::at(arguments.dir)?;
    calling.set("profile", "hentra demo", "demo".to_owned());
    calling.set("database_url", "--dir", home.database_url());
    calling.set("mail_url", "--dir", home.mail_url());
    if let Some(bind) = arguments.bind {
        calling.set("bind", "--bind", bind.to_string());
    }
    let settings = calling.settings()?;
    telemetry::start(&settings.log, settings.log_format).map_err(Failure::new)?;
    // Better to hear of a port that is taken before the sample is made than after.
    drop(
        TcpListener::bind(settings.bind)
            .map_err(|error| Failure::new(format!("{}: {error}", settings.bind)))?,
    );
    let clock = calling::clock(&settings);
    runtime(async {
        let post = Post::new(&settings)?;
        let tokens = match home.tokens()? {
            Some(tokens) => tokens,
            None => {
                let now = clock.now();
                demo::furnish(&home, &settings.store(), &post.timetable, &post.mailer, now).await?
            }
        };
        let app = calling::start_app(&settings, clock)?;
        let calendar = app.read(|_, catalogue| catalogue.calendar(NATIONAL)).await?;
        let now = app.clock().now();
        serve(app, settings.bind, post, |address| {
            output::say(&demo::guide::guide(
                &home,
                &tokens,
                &format!("http://{}", seen(address)),
                &calendar,
                now,
            ))
        })
        .await
    })
}

/// Where one reaches a service that listens everywhere.
fn seen(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    address
}
