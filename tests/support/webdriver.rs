//! A real browser: Chromium, driven over the W3C WebDriver protocol by chromedriver, which lives as long as this process.
//!
//! Where either is missing it says so on standard error, where libtest does not capture, and the test `browser_half_ran` fails when `CI=true`. The protocol is
//! plain JSON over HTTP and the stories need a dozen of its commands, so that they stand here rather than in a crate with an HTTP client of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(20);
/// What the protocol calls a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys that are no letters, as the protocol writes them.
pub(crate) const TAB: &str = "\u{E004}";
pub(crate) const ENTER: &str = "\u{E007}";

/// An old office PC, and a telephone.
pub(crate) const DESKTOP: (u32, u32) = (1366, 768);
pub(crate) const PHONE: (u32, u32) = (390, 844);

/// `$1` chromedriver. It goes when this process does, for then its standard input closes.
const GUARDIAN: &str = r#"
trap : HUP INT TERM PIPE
"$1" --port=0 --log-level=SEVERE &
read -r _
kill "$!"
wait
"#;

/// A running chromedriver.
pub(crate) struct Driver {
    address: String,
    chromium: PathBuf,
    /// Held for its standard input, whose closing is the sign to stop.
    _guardian: Child,
}

/// The one chromedriver of this process, or why there is none; announced when it is missing.
pub(crate) fn driver() -> &'static Result<Driver, String> {
    static DRIVER: OnceLock<Result<Driver, String>> = OnceLock::new();
    DRIVER.get_or_init(|| {
        let driver = Driver::start();
        if let Err(reason) = &driver {
            announce(&format!("browser half NOT run: {reason}"));
        }
        driver
    })
}

/// `eprintln!` would be captured by libtest and shown for failing tests only.
fn announce(what: &str) {
    std::io::stderr().write_all(format!("\n\n!!! {what}\n\n").as_bytes()).unwrap();
}

/// axe-core's script, which `.ci/run install` fetches from the npm registry; announced when it is missing.
pub(crate) fn axe() -> Result<&'static str, String> {
    static AXE: OnceLock<Result<String, String>> = OnceLock::new();
    let found = AXE.get_or_init(|| {
        let given = std::env::var_os("HENTRA_TEST_AXE").map(PathBuf::from);
        let path = given.unwrap_or_else(|| target().join("axe/axe.min.js"));
        std::fs::read_to_string(&path).map_err(|error| {
            let reason = format!(
                "no axe-core at {} ({error}): run `.ci/run install`, or set HENTRA_TEST_AXE to axe.min.js",
                path.display()
            );
            announce(&format!("accessibility NOT checked: {reason}"));
            reason
        })
    });
    found.as_deref().map_err(Clone::clone)
}

/// Where cargo builds, and where what tests leave behind may lie.
fn target() -> PathBuf {
    let given = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"))
}

fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| std::env::split_paths(&path).map(|of| of.join(name)).find(|of| of.is_file()))
}

impl Driver {
    fn start() -> Result<Driver, String> {
        let missing = |what: &str| format!("no {what} in PATH; install chromium and chromium-driver");
        let chromium =
            program(&["chromium", "chromium-browser", "google-chrome"]).ok_or_else(|| missing("chromium"))?;
        let chromedriver = program(&["chromedriver"]).ok_or_else(|| missing("chromedriver"))?;
        let mut guardian = Command::new("sh")
            .args(["-c", GUARDIAN, "sh"])
            .arg(&chromedriver)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| error.to_string())?;
        let told = BufReader::new(guardian.stdout.take().unwrap());
        let port = told.lines().map_while(Result::ok).find_map(|line| {
            line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.ok_or("chromedriver did not start")?;
        Ok(Driver { address: format!("http://127.0.0.1:{port}"), chromium, _guardian: guardian })
    }

    /// Opens a window of this size, in which `home` is what addresses without a host begin with.
    pub(crate) fn window(&self, home: &str, size: (u32, u32)) -> Window {
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--lang=vi",
        ];
        let options = json!({"binary": self.chromium, "args": arguments});
        let wanted = json!({"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}});
        let session = call("POST", &format!("{}/session", self.address), &wanted).unwrap();
        let at = format!("{}/session/{}", self.address, session["sessionId"].as_str().unwrap());
        let window = Window { at, home: home.to_owned() };
        window.resize(size);
        window
    }
}

/// One command; what it answers, or what went wrong.
fn call(method: &str, address: &str, body: &Value) -> Result<Value, String> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(120)))
        .build()
        .into();
    let answer = match method {
        "POST" => agent.post(address).content_type("application/json").send(body.to_string()),
        "DELETE" => agent.delete(address).call(),
        _ => agent.get(address).call(),
    };
    let mut answer = answer.map_err(|error| format!("{address}: {error}"))?;
    let text = answer
        .body_mut()
        .with_config()
        .limit(64 * 1024 * 1024)
        .read_to_string()
        .map_err(|error| error.to_string())?;
    let value =
        serde_json::from_str::<Value>(&text).map_err(|error| format!("{error}: {text}"))?["value"].take();
    if answer.status().is_success() {
        Ok(value)
    } else {
        Err(value["message"].as_str().unwrap_or(&text).to_owned())
    }
}

/// A browser's window; closed when it is let go.
pub(crate) struct Window {
    at: String,
    home: String,
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = call("DELETE", &self.at, &Value::Null);
    }
}

/// Something on the page.
#[derive(Clone)]
pub(crate) struct Element<'a> {
    window: &'a Window,
    id: String,
}

impl Window {
    #[track_caller]
    fn post(&self, what: &str, body: &Value) -> Value {
        call("POST", &format!("{}/{what}", self.at), body)
            .unwrap_or_else(|error| panic!("{what} {body}: {error}\nat {}", self.place()))
    }

    #[track_caller]
    fn get(&self, what: &str) -> Value {
        call("GET", &format!("{}/{what}", self.at), &Value::Null)
            .unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// Where it is, for what is said when a story fails.
    fn place(&self) -> String {
        let url = call("GET", &format!("{}/url", self.at), &Value::Null).unwrap_or_default();
        let text = "return document.body ? document.body.innerText : ''";
        let body = json!({"script": text, "args": []});
        let page = call("POST", &format!("{}/execute/sync", self.at), &body).unwrap_or_default();
        format!("{url}\n{}", page.as_str().unwrap_or_default())
    }

    /// Gives the page this room, as a telephone does, too.
    pub(crate) fn resize(&self, (width, height): (u32, u32)) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// A command of Chromium's own, where the protocol has none.
    #[track_caller]
    pub(crate) fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// Goes to an address of the service's.
    #[track_caller]
    pub(crate) fn go(&self, path: &str) {
        self.post("url", &json!({"url": format!("{}{path}", self.home)}));
    }

    /// The address without the service's own part.
    pub(crate) fn path(&self) -> String {
        let url = self.get("url");
        url.as_str().unwrap().trim_start_matches(&self.home).to_owned()
    }

    /// Forgets who was signed in.
    pub(crate) fn forget(&self) {
        call("DELETE", &format!("{}/cookie", self.at), &Value::Null).unwrap();
    }

    pub(crate) fn back(&self) {
        self.post("back", &json!({}));
    }

    pub(crate) fn title(&self) -> String {
        self.get("title").as_str().unwrap().to_owned()
    }

    /// What can be read on the page.
    #[track_caller]
    pub(crate) fn text(&self) -> String {
        self.run("return document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub(crate) fn run(&self, script: &str) -> Value {
        self.post("execute/sync", &json!({"script": script, "args": []}))
    }

    /// All that a CSS selector finds, at once.
    #[track_caller]
    pub(crate) fn all(&self, css: &str) -> Vec<Element<'_>> {
        let found = self.post("elements", &json!({"using": "css selector", "value": css}));
        let id = |of: &Value| Element { window: self, id: of[ELEMENT].as_str().unwrap().to_owned() };
        found.as_array().unwrap().iter().map(id).collect()
    }

    /// The first that it finds, as soon as there is one.
    #[track_caller]
    pub(crate) fn find(&self, css: &str) -> Element<'_> {
        self.wait(css, || self.all(css).into_iter().next())
    }

    /// The first link or button with these words.
    #[track_caller]
    pub(crate) fn named(&self, words: &str) -> Element<'_> {
        let xpath =
            format!("//*[self::a or self::button or self::summary][contains(normalize-space(.), '{words}')]");
        self.wait(words, || {
            let found = self.post("elements", &json!({"using": "xpath", "value": xpath}));
            found
                .as_array()?
                .first()
                .map(|of| Element { window: self, id: of[ELEMENT].as_str().unwrap().to_owned() })
        })
    }

    /// The field with these words for a label.
    #[track_caller]
    pub(crate) fn labelled(&self, words: &str) -> Element<'_> {
        let xpath = format!("//*[@id = //label[contains(normalize-space(.), '{words}')]/@for]");
        self.wait(words, || {
            let found = self.post("elements", &json!({"using": "xpath", "value": xpath}));
            found
                .as_array()?
                .first()
                .map(|of| Element { window: self, id: of[ELEMENT].as_str().unwrap().to_owned() })
        })
    }

    /// Where what is typed goes.
    #[track_caller]
    pub(crate) fn focused(&self) -> Element<'_> {
        let id = self.get("element/active")[ELEMENT].as_str().unwrap().to_owned();
        Element { window: self, id }
    }

    /// Types where the focus is, key by key, as a hand does.
    #[track_caller]
    pub(crate) fn press(&self, keys: &str) {
        // On a busy machine a page may stand before it has moved the focus to where it begins.
        self.wait("a page to type on", || {
            let ready = "return document.readyState === 'complete' && (document.activeElement !== document.body || !document.querySelector('[autofocus]'))";
            (self.run(ready) == true).then_some(())
        });
        let pressed = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|how| json!({"type": how, "value": key.to_string()})));
        let actions: Vec<Value> = pressed.collect();
        self.post("actions", &json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}));
    }

    /// Waits until the page says this.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) {
        self.wait(words, || self.text().contains(words).then_some(()));
    }

    /// Waits until the address begins so.
    #[track_caller]
    pub(crate) fn is_at(&self, path: &str) {
        self.wait(path, || self.path().starts_with(path).then_some(()));
    }

    #[track_caller]
    pub(crate) fn wait<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "«{what}» did not come\nat {}", self.place());
            std::thread::sleep(Duration::from_millis(40));
        }
    }

    /// Keeps a picture of the whole page at both sizes, beside what cargo builds.
    pub(crate) fn picture(&self, name: &str) {
        let directory = target().join("screenshots");
        std::fs::create_dir_all(&directory).unwrap();
        for (size, width) in [(PHONE, "390"), (DESKTOP, "1366")] {
            self.resize(size);
            let shot = self
                .devtools("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true}));
            std::fs::write(directory.join(format!("{name}-{width}.png")), decoded(&shot["data"])).unwrap();
        }
    }

    /// The page as it is printed, on the paper that its style asks for.
    pub(crate) fn printed(&self) -> Vec<u8> {
        let printed =
            self.devtools("Page.printToPDF", json!({"preferCSSPageSize": true, "printBackground": false}));
        decoded(&printed["data"])
    }

    /// What axe-core finds amiss by WCAG 2.1 AA, each with where; nothing where there is no axe-core.
    #[track_caller]
    pub(crate) fn amiss(&self) -> Vec<String> {
        let Ok(axe) = axe() else { return Vec::new() };
        self.run(axe);
        let script = "const done = arguments[arguments.length - 1]; \
            axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then((found) => done(found.violations.map((of) => \
            of.id + ': ' + of.help + ' (' + of.nodes.map((node) => node.target.join(' ') + ' ' + (node.any[0] ? node.any[0].message : '')).join('; ') + ')'))) \
            .catch((error) => done(['axe: ' + error]))";
        let found = self.post("execute/async", &json!({"script": script, "args": []}));
        found.as_array().unwrap().iter().map(|of| of.as_str().unwrap().to_owned()).collect()
    }
}

fn decoded(of: &Value) -> Vec<u8> {
    base64::prelude::BASE64_STANDARD.decode(of.as_str().unwrap()).unwrap()
}

impl Element<'_> {
    #[track_caller]
    fn post(&self, what: &str, body: &Value) -> Value {
        self.window.post(&format!("element/{}/{what}", self.id), body)
    }

    #[track_caller]
    pub(crate) fn click(&self) {
        self.post("click", &json!({}));
    }

    #[track_caller]
    pub(crate) fn write(&self, text: &str) {
        self.post("value", &json!({"text": text}));
    }

    /// Takes away what stands in it, and writes.
    #[track_caller]
    pub(crate) fn rewrite(&self, text: &str) {
        self.post("clear", &json!({}));
        self.write(text);
    }

    #[track_caller]
    pub(crate) fn text(&self) -> String {
        self.window.get(&format!("element/{}/text", self.id)).as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn property(&self, name: &str) -> Value {
        self.window.get(&format!("element/{}/property/{name}", self.id))
    }

    #[track_caller]
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.window.get(&format!("element/{}/attribute/{name}", self.id)).as_str().map(ToOwned::to_owned)
    }

    #[track_caller]
    pub(crate) fn is_shown(&self) -> bool {
        self.window.get(&format!("element/{}/displayed", self.id)).as_bool().unwrap()
    }
}
