package io.ketju.metrics;

import io.ketju.actors.job.MetricsEndpoint;
import io.ketju.actors.job.TrainingEvent;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** The numbers of a run in a registry of their own, as Prometheus reads them. */
final class PrometheusMeters implements MetricsEndpoint.Meters {
    private static final String TEXT = "text/plain; version=0.0.4";
    private static final String OPEN_METRICS_NAME = "application/openmetrics-text";
    private static final String OPEN_METRICS = OPEN_METRICS_NAME + "; version=1.0.0";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final KetjuMetrics metrics = new KetjuMetrics(registry);

    /** In OpenMetrics where that is wanted, else in the text format of Prometheus. */
    static MetricsEndpoint.Answer answer(PrometheusMeterRegistry registry, String accepted) {
        String type = accepted.contains(OPEN_METRICS_NAME) ? OPEN_METRICS : TEXT;
        return new MetricsEndpoint.Answer(type, registry.scrape(type));
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    @Override
    public void on(TrainingEvent event) {
        metrics.on(event);
    }

    @Override
    public MetricsEndpoint.Answer answer(String accepted) {
        return answer(registry, accepted);
    }

    @Override
    public void close() {
        registry.close();
    }
}
