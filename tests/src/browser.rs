//! A real browser with an empty profile and trusted input.

use crate::{complaints, engine::Engine, process::Process, wait::until};
use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;
use thirtyfour::{WebDriver, prelude::*};
use tokio::time::timeout;

/// How long a page may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(100);

/// Whether the page has asked for the collector's second module.
const HAS_DETAILS: &str =
    "performance.getEntriesByType('resource').some((e) => e.name.includes('rhumb_details'))";

/// One browser with one tab.
pub struct Browser {
    driver: WebDriver,
    _processes: Vec<Process>,
}

/// The browser has not kept a page for the back button, as a busy one may do once in a while.
#[derive(Debug, thiserror::Error)]
#[error("the browser has not kept the page: {0}")]
pub struct NotKept(Value);

impl Browser {
    /// Opens Chromium on an empty page.
    pub async fn open() -> Result<Self> {
        let browser = Self::open_in(Engine::Chromium).await?;
        browser.in_every_page(complaints::SCRIPT).await?;
        Ok(browser)
    }

    /// Opens a browser of any engine. Its pages note their complaints themselves.
    pub async fn open_in(engine: Engine) -> Result<Self> {
        let driver = engine.start_driver().await?;
        let session = WebDriver::new(driver.address, driver.capabilities);
        let session = session.await.with_context(|| format!("cannot open {engine:?}"))?;
        Ok(Self { driver: session, _processes: driver.processes })
    }

    /// Runs the script in every page to come, before the page's own. Only in Chromium.
    pub async fn in_every_page(&self, script: &str) -> Result<()> {
        self.driver.cdp().page().add_script_to_evaluate_on_new_document(script).await?;
        Ok(())
    }

    /// Goes to another page, as the address bar does. The present one is hidden first.
    pub async fn goto(&self, url: &str) -> Result<()> {
        Ok(self.driver.goto(url).await?)
    }

    /// Makes the tab one of a phone: its size, its touch screen. Only in Chromium.
    pub async fn become_phone(&self) -> Result<()> {
        let cdp = self.driver.cdp();
        let screen = json!({
            "width": 390, "height": 844, "screenWidth": 390, "screenHeight": 844,
            "deviceScaleFactor": 3, "mobile": true,
        });
        cdp.send_raw("Emulation.setDeviceMetricsOverride", screen).await?;
        cdp.send_raw("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await?;
        Ok(())
    }

    /// Makes the window so many CSS pixels wide, and prefer `light` or `dark`. Only in Chromium.
    pub async fn look(&self, width: u32, theme: &str) -> Result<()> {
        let cdp = self.driver.cdp();
        let screen =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        cdp.send_raw("Emulation.setDeviceMetricsOverride", screen).await?;
        cdp.send_raw("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await?;
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        cdp.send_raw("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        Ok(())
    }

    /// All of the page as PNG, also what one would have to scroll to. Only in Chromium.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let taken = self.driver.cdp().send_raw("Page.captureScreenshot", whole).await?;
        let data = taken["data"].as_str().context("the browser has taken no picture")?;
        Ok(STANDARD.decode(data)?)
    }

    /// Moves to a time zone such as `Europe/Berlin`. Only in Chromium.
    pub async fn move_to(&self, time_zone: &str) -> Result<()> {
        let place = json!({ "timezoneId": time_zone });
        self.driver.cdp().send_raw("Emulation.setTimezoneOverride", place).await?;
        Ok(())
    }

    /// Opens another tab in front; the present one is hidden.
    pub async fn open_tab(&self) -> Result<()> {
        let tab = self.driver.new_tab().await?;
        Ok(self.driver.switch_to_window(tab).await?)
    }

    /// Leaves for another page and comes back from the back/forward cache, which the page has to note:
    /// `wasRestored` is what its `pageshow` says.
    ///
    /// # Errors
    /// [`NotKept`], among others.
    pub async fn leave_and_restore(&self, elsewhere: &str) -> Result<()> {
        self.value::<bool>("globalThis.wasLeft = true").await?;
        self.goto(elsewhere).await?;
        self.driver.back().await?;
        self.wait_until("globalThis.wasRestored === true || !globalThis.wasLeft").await?;
        let reasons = "[!!globalThis.wasLeft, performance.getEntriesByType('navigation')[0].notRestoredReasons]";
        let (is_the_same, reasons): (bool, Value) = self.value(reasons).await?;
        ensure!(is_the_same, NotKept(reasons));
        Ok(())
    }

    /// Loads the page again. The present one is hidden first.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.driver.refresh().await?)
    }

    /// Clicks the element that the CSS selector finds, by moving the pointer there and pressing.
    pub async fn click(&self, selector: &str) -> Result<()> {
        let element = self.driver.query(By::Css(selector)).wait(PATIENCE, STEP).first().await?;
        element.scroll_into_view().await?;
        self.driver.action_chain().move_to_element_center(&element).click().perform().await?;
        Ok(())
    }

    /// Clicks where the element is, without asking the driver for the element.
    pub async fn click_at(&self, selector: &str) -> Result<()> {
        let expression = format!(
            "(({{ x, y }}) => [x + 5, y + 5])(document.querySelector('{selector}').getBoundingClientRect())"
        );
        let [x, y] = self.value::<[f64; 2]>(&expression).await?;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.driver.cdp().send_raw("Input.dispatchMouseEvent", event).await?;
        }
        Ok(())
    }

    /// Types a text into the field, as a person does.
    pub async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        let field = self.driver.find(By::Css(selector)).await?;
        Ok(field.send_keys(text).await?)
    }

    /// The value of a JavaScript expression in the page; a promise is awaited.
    pub async fn value<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; \
             Promise.resolve({expression}).then(done, (error) => done(`failed: ${{error}}`))"
        );
        let answer = self.driver.execute_async(script, vec![]).await?;
        answer.convert().with_context(|| format!("unexpected value of {expression}"))
    }

    /// Runs a script in the page, whatever the page's own policy allows.
    pub async fn run(&self, script: &str) -> Result<()> {
        self.driver.execute(script, vec![]).await?;
        Ok(())
    }

    /// Waits until the JavaScript expression is true in the page.
    pub async fn wait_until(&self, expression: &str) -> Result<()> {
        let ask = async || Ok(self.value::<bool>(expression).await?.then_some(()));
        until(expression, PATIENCE, ask).await
    }

    /// Waits until the page shows something.
    pub async fn wait_until_painted(&self) -> Result<()> {
        self.wait_until("performance.getEntriesByName('first-contentful-paint').length > 0").await
    }

    /// Waits until the page shows something, and its collector has had the time to load.
    pub async fn settle(&self) -> Result<()> {
        self.wait_until_painted().await?;
        self.wait_until("window.rhumb !== undefined").await?;
        self.pause(500).await
    }

    /// Whether the collector has loaded its details.
    pub async fn has_details(&self) -> Result<bool> {
        self.value(HAS_DETAILS).await
    }

    /// Waits until the details are loaded, and have had the time to attach.
    pub async fn wait_for_details(&self) -> Result<()> {
        self.wait_until(HAS_DETAILS).await?;
        self.pause(500).await
    }

    /// Lets the page do whatever it does by itself in so many milliseconds.
    pub async fn pause(&self, ms: u32) -> Result<()> {
        self.value(&format!("new Promise((done) => setTimeout(done, {ms}))")).await
    }

    /// Lets the page's garbage be collected.
    pub async fn collect_garbage(&self) -> Result<()> {
        for _ in 0..2 {
            self.driver.cdp().send_raw("HeapProfiler.collectGarbage", json!({})).await?;
        }
        Ok(())
    }

    /// Warnings, errors and exceptions of the page so far.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        self.value("complaints").await
    }

    /// What the page's policy has refused so far: the directive, and what wanted to run or load.
    pub async fn violations(&self) -> Result<Vec<String>> {
        self.value("violations").await
    }

    /// Whether the page shows the text.
    pub async fn shows(&self, text: &str) -> Result<bool> {
        let body = self.driver.find(By::Tag("body")).await?;
        Ok(body.text().await?.contains(text))
    }

    /// Closes the tab; another one stays open.
    pub async fn close_tab(&self) -> Result<()> {
        let present = self.driver.window().await?;
        let other = self.driver.new_tab().await?;
        self.driver.switch_to_window(present).await?;
        self.driver.close_window().await?;
        Ok(self.driver.switch_to_window(other).await?)
    }

    /// Crashes the page. Nothing can be asked of it any more. Only in Chromium.
    pub async fn crash(&self) {
        // The page that should answer is gone.
        let _ = timeout(STEP, self.driver.goto("chrome://crash")).await;
    }

    /// Ends the browser.
    pub async fn close(self) -> Result<()> {
        Ok(self.driver.quit().await?)
    }
}
