/**
 * A real browser for tests: {@link io.ketju.browser.Chromium} is the browser, {@link io.ketju.browser.BrowserPage} a page in it, {@link
 * io.ketju.browser.Screenshot} what that looks like. It is asked by Chromium's DevTools protocol, over a socket of the JDK.
 */
@NullMarked
package io.ketju.browser;

import org.jspecify.annotations.NullMarked;
