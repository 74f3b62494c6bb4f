/** Makes figures of what a run left: its numbers, its model on its test samples, its plan and its trace or what was watched of it. */
@NullMarked
package io.ketju.report.gather;

import org.jspecify.annotations.NullMarked;
