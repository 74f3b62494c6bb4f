/**
 * Figures as HTML: {@link io.ketju.report.page.ReportPage} is the page, the others are its parts. Everything is in the one file, and
 * the page itself forbids any request.
 */
@NullMarked
package io.ketju.report.page;

import org.jspecify.annotations.NullMarked;
