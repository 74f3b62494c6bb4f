/**
 * When every rank does what: {@link io.ketju.records.timeline.Timeline} is made of a plan or of what was traced, {@link
 * io.ketju.records.timeline.TimelineSvg} draws it, and {@link io.ketju.records.timeline.ActionText} has the words of both. {@link
 * io.ketju.records.timeline.WatchedSteps} looks at a few steps of a run that is not traced.
 */
@NullMarked
package io.ketju.records.timeline;

import org.jspecify.annotations.NullMarked;
