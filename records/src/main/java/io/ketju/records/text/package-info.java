/**
 * Words for what a run is and measures: {@link io.ketju.records.text.JobHeader} describes a job, {@link
 * io.ketju.records.text.MetricText} names its numbers, {@link io.ketju.records.text.Units} prints each, {@link
 * io.ketju.records.text.Machine} says where they come from. Pure: what is given becomes text.
 */
@NullMarked
package io.ketju.records.text;

import org.jspecify.annotations.NullMarked;
