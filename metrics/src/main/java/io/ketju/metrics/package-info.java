/**
 * The numbers of runs for programs that watch many: {@link io.ketju.metrics.KetjuMetrics} puts them into a registry of Micrometer, {@link
 * io.ketju.metrics.PrometheusEndpoint} serves them to Prometheus, or gives them to the server of a page, {@link io.ketju.metrics.KetjuSpans} tells runs, epochs and steps
 * as spans of OpenTelemetry, which {@link io.ketju.metrics.OpenTelemetryExport} has its SDK send. All are listeners: an event of a run comes to {@code on}, and becomes the value of a
 * meter or a span. Nothing in the product needs this room.
 */
@NullMarked
package io.ketju.metrics;

import org.jspecify.annotations.NullMarked;
