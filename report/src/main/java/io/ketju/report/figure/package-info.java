/** What a run looks like, as data: each {@link io.ketju.report.figure.Figure} becomes a part of the page, or a file. */
@NullMarked
package io.ketju.report.figure;

import org.jspecify.annotations.NullMarked;
