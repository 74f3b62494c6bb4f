package io.ketju.metrics;

import io.ketju.actors.job.SpanExport;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.tensor.Excerpt;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Spans of runs by OpenTelemetry's own SDK, which its environment variables set up, or system properties of the same names: {@code
 * OTEL_EXPORTER_OTLP_ENDPOINT}, {@code OTEL_SERVICE_NAME} and the others of its autoconfiguration. Without any they go by OTLP over HTTP
 * to a collector on this machine.
 */
public final class OpenTelemetryExport implements SpanExport {
    private static final String EXPORTER = "otel.traces.exporter";
    private static final String OTLP = "otlp";
    private static final String PROTOCOL = "otel.exporter.otlp.protocol";
    private static final String TRACES_PROTOCOL = "otel.exporter.otlp.traces.protocol";
    private static final String HTTP = "http/protobuf";
    private static final String GRPC = "grpc";

    /** Of a run there are spans alone, and over HTTP, by the JDK's client. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name",
            "ketju",
            "otel.metrics.exporter",
            "none",
            "otel.logs.exporter",
            "none",
            EXPORTER,
            OTLP,
            PROTOCOL,
            HTTP);

    private static final long FLUSH_SECONDS = 10;

    /** For {@link java.util.ServiceLoader}: nothing is set up before {@link #open}. */
    public OpenTelemetryExport() {}

    @Override
    public Open open() {
        AtomicReference<String> destination = new AtomicReference<>("");
        ExporterLog log = ExporterLog.open();
        try {
            OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> DEFAULTS)
                    .addPropertiesCustomizer(settings -> {
                        requireHttp(settings);
                        destination.set(destination(settings));
                        return Map.of();
                    })
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
            return new Exporting(sdk, Objects.requireNonNullElse(destination.get(), ""), log);
        } catch (RuntimeException | LinkageError e) { // exporters are whatever the class path has
            log.close();
            throw new IllegalArgumentException(Excerpt.escaped(line(e)), e);
        }
    }

    /** The SDK puts what it caught behind a sentence that says nothing. */
    private static String line(Throwable thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
    }

    /** There is no client of gRPC here: without one, the SDK would speak of classes that it does not find. */
    private static void requireHttp(ConfigProperties settings) {
        String setting = settings.getString(TRACES_PROTOCOL) == null ? PROTOCOL : TRACES_PROTOCOL;
        if (settings.getString(EXPORTER, OTLP).equals(OTLP) && GRPC.equals(settings.getString(setting))) {
            throw new ConfigurationException(setting + ": expected " + HTTP + ", found " + GRPC + "; set "
                    + setting.replace('.', '_').toUpperCase(Locale.ROOT) + "=" + HTTP
                    + " and the endpoint of the collector that takes it, usually port 4318");
        }
    }

    private static String destination(ConfigProperties settings) {
        String exporter = settings.getString(EXPORTER, OTLP);
        if (!exporter.equals(OTLP)) {
            return "exporter " + Excerpt.of(exporter);
        }
        String base = settings.getString("otel.exporter.otlp.endpoint", "http://localhost:4318");
        return Excerpt.ofPath(settings.getString(
                "otel.exporter.otlp.traces.endpoint", base + (base.endsWith("/") ? "" : "/") + "v1/traces"));
    }

    private static final class Exporting implements Open {
        private final OpenTelemetrySdk sdk;
        private final KetjuSpans spans;
        private final String destination;
        private final ExporterLog log;
        private boolean closed;

        Exporting(OpenTelemetrySdk sdk, String destination, ExporterLog log) {
            this.sdk = sdk;
            this.spans = new KetjuSpans(sdk.getTracer("io.ketju"));
            this.destination = destination;
            this.log = log;
        }

        @Override
        public void on(TrainingEvent event) {
            spans.on(event);
        }

        @Override
        public String destination() {
            return destination;
        }

        @Override
        public Optional<String> problem() {
            return log.problem();
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            spans.close();
            sdk.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
            log.close();
        }
    }
}
