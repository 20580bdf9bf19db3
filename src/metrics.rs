//! What the running service counts of itself, for `GET /metrics`.
//!
//! It knows how things are counted and written in Prometheus' text form, and nothing of what they mean; what stands in the database is read when it is
//! asked for, by `app::levels`. A series is named by a route's pattern or a word of ours, never by an address, a code or a person. How fast
//! something was is measured here too, so that nobody else looks at a watch.

use std::time::Instant;

use prometheus::{
    Encoder as _, Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec,
    IntGauge, Opts, Registry, TextEncoder,
};

/// The media type of Prometheus' text form.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Upper bounds of seconds, from a lone write on a fast disk to the longest that anybody waits.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Upper bounds of commands in a batch; the writer takes no more than the last.
const COMMANDS: [f64; 11] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1_024.0];
/// The methods that are told apart; a stranger may send any word.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// Why something cannot be counted; a fault of the program.
#[derive(Debug, thiserror::Error)]
#[error("metrics: {0}")]
pub struct MetricsError(#[from] prometheus::Error);

/// The counters of one running app; cheap to add to from any thread.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    batches: IntCounter,
    batch_commands: Histogram,
    batch_seconds: Histogram,
    counters_checked: IntCounter,
    counters_differing: IntGauge,
    alert_tries: IntCounterVec,
    alert_try_seconds: Histogram,
}

impl Metrics {
    /// All at nothing.
    ///
    /// # Errors
    /// [`MetricsError`] when two series have one name.
    pub fn new(engine: &str) -> Result<Metrics, MetricsError> {
        let registry = Registry::new();
        let named = |name: &str, help: &str| Opts::new(name, help);
        let timed = |name: &str, help: &str| HistogramOpts::new(name, help).buckets(SECONDS.to_vec());
        let metrics = Metrics {
            requests: IntCounterVec::new(
                named(
                    "hentra_http_requests_total",
                    "Requests answered, by method, route and class of status.",
                ),
                &["method", "route", "status"],
            )?,
            request_seconds: HistogramVec::new(
                timed("hentra_http_request_seconds", "From a request's head to its answer's head."),
                &["method", "route"],
            )?,
            batches: IntCounter::with_opts(named("hentra_writer_batches_total", "Batches written."))?,
            batch_commands: Histogram::with_opts(
                HistogramOpts::new("hentra_writer_batch_commands", "Commands in a batch.")
                    .buckets(COMMANDS.to_vec()),
            )?,
            batch_seconds: Histogram::with_opts(timed(
                "hentra_writer_batch_seconds",
                "From the beginning of a batch to its commit.",
            ))?,
            counters_checked: IntCounter::with_opts(named(
                "hentra_counters_checked_total",
                "Units whose counters for reports were held against their dossiers.",
            ))?,
            counters_differing: IntGauge::with_opts(named(
                "hentra_counters_differing",
                "Units whose counters were found to differ since the start; must be 0.",
            ))?,
            alert_tries: IntCounterVec::new(
                named("hentra_alert_tries_total", "Tries to deliver an alert, by what came of them."),
                &["outcome"],
            )?,
            alert_try_seconds: Histogram::with_opts(timed(
                "hentra_alert_try_seconds",
                "From a try's beginning to the receiver's last word.",
            ))?,
            registry,
        };
        metrics.register()?;
        metrics.tell_build(engine)?;
        Ok(metrics)
    }

    fn register(&self) -> Result<(), MetricsError> {
        self.registry.register(Box::new(self.requests.clone()))?;
        self.registry.register(Box::new(self.request_seconds.clone()))?;
        self.registry.register(Box::new(self.batches.clone()))?;
        self.registry.register(Box::new(self.batch_commands.clone()))?;
        self.registry.register(Box::new(self.batch_seconds.clone()))?;
        self.registry.register(Box::new(self.counters_checked.clone()))?;
        self.registry.register(Box::new(self.counters_differing.clone()))?;
        self.registry.register(Box::new(self.alert_tries.clone()))?;
        self.registry.register(Box::new(self.alert_try_seconds.clone()))?;
        Ok(())
    }

    fn tell_build(&self, engine: &str) -> Result<(), MetricsError> {
        let build = GaugeVec::new(
            Opts::new("hentra_build_info", "Always 1: the program's version and the database's engine."),
            &["version", "engine"],
        )?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION"), engine]).set(1.0);
        self.registry.register(Box::new(build))?;
        Ok(())
    }

    /// A request was answered. `route` is the pattern of the address, `None` where there is no such address; `status` is the answer's.
    pub fn request_answered(&self, method: &str, route: Option<&str>, status: u16, watch: Stopwatch) {
        let method = METHODS.iter().find(|known| **known == method).copied().unwrap_or("other");
        let route = route.unwrap_or("unmatched");
        let class = match status / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        self.requests.with_label_values(&[method, route, class]).inc();
        self.request_seconds.with_label_values(&[method, route]).observe(watch.seconds());
    }

    /// The writer has written a batch of so many commands.
    pub fn batch_written(&self, commands: usize, watch: Stopwatch) {
        self.batches.inc();
        self.batch_commands.observe(f64::from(u32::try_from(commands).unwrap_or(u32::MAX)));
        self.batch_seconds.observe(watch.seconds());
    }

    /// The counters of so many more units were held against their dossiers, and those of so many have differed since the start.
    pub fn counters_checked(&self, checked: u64, differing: u64) {
        self.counters_checked.inc_by(checked);
        self.counters_differing.set(i64::try_from(differing).unwrap_or(i64::MAX));
    }

    /// A try to deliver an alert has ended; `outcome` is the word for what came of it.
    pub fn alert_tried(&self, outcome: &str, watch: Stopwatch) {
        self.alert_tries.with_label_values(&[outcome]).inc();
        self.alert_try_seconds.observe(watch.seconds());
    }

    /// So many more tries came to this outcome without anybody to time them; with none, its series stands from then on, so that its first rise is seen.
    pub fn alerts_of(&self, outcome: &str, tries: u64) {
        self.alert_tries.with_label_values(&[outcome]).inc_by(tries);
    }

    /// Everything counted, and `levels` beside it, in Prometheus' text form.
    ///
    /// # Errors
    /// [`MetricsError`] when a level has the name of a series.
    pub fn written(&self, levels: &Levels) -> Result<String, MetricsError> {
        let (mut text, encoder) = (Vec::new(), TextEncoder::new());
        encoder.encode(&self.registry.gather(), &mut text)?;
        encoder.encode(&levels.registry.gather(), &mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

/// How high things stand at one instant, read when it is asked for.
#[derive(Debug, Default)]
pub struct Levels {
    registry: Registry,
}

impl Levels {
    /// A level without labels.
    ///
    /// # Errors
    /// [`MetricsError`] when the name stands already.
    pub fn put(&self, name: &str, help: &str, value: f64) -> Result<(), MetricsError> {
        let gauge = Gauge::new(name, help)?;
        gauge.set(value);
        Ok(self.registry.register(Box::new(gauge))?)
    }

    /// A level for each value of a label.
    ///
    /// # Errors
    /// [`MetricsError`] when the name stands already.
    pub fn put_each<'a>(
        &self,
        name: &str,
        help: &str,
        label: &str,
        values: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Result<(), MetricsError> {
        let gauges = GaugeVec::new(Opts::new(name, help), &[label])?;
        for (value, level) in values {
            gauges.with_label_values(&[value]).set(level);
        }
        Ok(self.registry.register(Box::new(gauges))?)
    }
}

/// How long something takes.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    pub fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    /// Seconds since it began.
    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
