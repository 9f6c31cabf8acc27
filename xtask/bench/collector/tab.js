// A tab of a slow machine.

const CPU_SLOWDOWN = 4;

/** What the DevTools protocol is told about the tab that is open. */
export async function openTab(browser) {
  const { targetInfos } = await browser.send('Target.getTargets');
  const { targetId } = targetInfos.find(({ type }) => type === 'page');
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
  const page = (method, params) => browser.send(method, params, sessionId);
  await page('Page.enable');
  await page('Network.enable');
  await page('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  return page;
}

/** One that the browser trusts. */
export async function click(page, selector) {
  const { x, y } = await evaluate(
    page,
    `(() => {
      const button = document.querySelector('${selector}');
      button.scrollIntoView({ block: 'center' });
      const { x, y, width, height } = button.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    })()`,
  );
  const mouse = { x, y, button: 'left', clickCount: 1 };
  await page('Input.dispatchMouseEvent', { ...mouse, type: 'mousePressed' });
  await page('Input.dispatchMouseEvent', { ...mouse, type: 'mouseReleased' });
}

export async function evaluate(page, expression) {
  const { result, exceptionDetails } = await page('Runtime.evaluate', { expression, returnByValue: true });
  if (exceptionDetails) throw new Error(exceptionDetails.exception.description);
  return result.value;
}
