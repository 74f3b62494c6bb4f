package io.ketju.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run as spans, exported to memory by the SDK. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class KetjuSpansTest {
    @Test
    void stepsLieInEpochsAndEpochsInTheRun() {
        InMemorySpanExporter exporter = InMemorySpanExporter.create();
        double testLoss;
        List<SpanData> all;
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build()) {
            try (KetjuSpans spans = new KetjuSpans(provider.get("ketju"))) {
                testLoss = Ketju.fit(Jobs.iris(), spans).testLoss().orElseThrow();
            }
            all = List.copyOf(exporter.getFinishedSpanItems()); // the provider's end forgets them
        }
        SpanData run = named(all, "ketju.run").getFirst();
        List<SpanData> epochs = named(all, "ketju.epoch");
        List<SpanData> steps = named(all, "ketju.step");
        assertThat(all).hasSize(11);
        assertThat(run.getAttributes().get(AttributeKey.stringKey("ketju.job"))).isEqualTo("iris-run");
        assertThat(run.getEvents()).hasSize(1);
        assertThat(epochs).hasSize(2).allMatch(epoch -> epoch.getParentSpanId().equals(run.getSpanId()));
        assertThat(steps).hasSize(8);
        for (int i = 0; i < steps.size(); i++) {
            SpanData step = steps.get(i);
            assertThat(step.getParentSpanId()).isEqualTo(epochs.get(i / 4).getSpanId());
            assertThat(step.getTraceId()).isEqualTo(run.getTraceId());
            assertThat(step.getAttributes().get(AttributeKey.longKey("ketju.step")))
                    .isEqualTo(i + 1L);
            assertThat(step.getEndEpochNanos()).isGreaterThanOrEqualTo(step.getStartEpochNanos());
        }
        assertThat(epochs.getLast().getAttributes().get(AttributeKey.doubleKey("ketju.test.loss")))
                .isEqualTo(testLoss);
    }

    private static List<SpanData> named(List<SpanData> all, String name) {
        return all.stream().filter(span -> span.getName().equals(name)).toList();
    }
}
