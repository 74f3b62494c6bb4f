/**
 * A page that shows a run while it goes on. {@link io.ketju.web.WebDashboard} listens to the run and opens the page on loopback;
 * {@link io.ketju.web.LiveRun} is what it has heard, in bounded memory; {@link io.ketju.web.DashboardServer} answers browsers: files of
 * the page, facts of the run, a stream of what is new, and numbers for programs that
 * watch many. In the browser {@code dashboard.js} hears what is new and gives it to {@code charts.js}, {@code timeline.js} and {@code stages.js}. A browser is told of the state there is when it is ready for more: nothing waits for it and nothing is queued for it.
 */
@NullMarked
package io.ketju.web;

import org.jspecify.annotations.NullMarked;
