package io.ketju.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingResult;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run leaves in a registry. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class KetjuMetricsTest {
    @Test
    void theNumbersOfARunAreMeters() {
        MeterRegistry registry = new SimpleMeterRegistry();
        TrainingResult result = Ketju.fit(Jobs.iris(), new KetjuMetrics(registry));
        assertThat(registry.get("ketju.steps").tag("job", "iris-run").counter().count())
                .isEqualTo(8);
        assertThat(registry.get("ketju.samples").counter().count()).isEqualTo(240);
        assertThat(registry.get("ketju.epochs").counter().count()).isEqualTo(2);
        assertThat(registry.get("ketju.checkpoints").counter().count()).isEqualTo(1);
        assertThat(registry.get("ketju.step").gauge().value()).isEqualTo(8);
        assertThat(registry.get("ketju.epoch").gauge().value()).isEqualTo(2);
        assertThat(registry.get("ketju.workers").gauge().value()).isEqualTo(1);
        assertThat(registry.get("ketju.throughput").gauge().value()).isPositive();
        assertThat(registry.get("ketju.bubble").gauge().value()).isBetween(0.0, 1.0);
        assertThat(registry.get("ketju.epoch.duration").timer().count()).isEqualTo(2);
        assertThat(measured(registry, "test", "loss"))
                .isEqualTo(result.testLoss().orElseThrow());
        assertThat(measured(registry, "test", "accuracy"))
                .isEqualTo(result.test().get("accuracy").orElseThrow());
        assertThat(measured(registry, "train", "loss"))
                .isEqualTo(result.trainLoss().orElseThrow());
        assertThat(measured(registry, "step", "loss")).isPositive();
    }

    private static double measured(MeterRegistry registry, String phase, String metric) {
        return registry.get("ketju.measured")
                .tags("phase", phase, "metric", metric)
                .gauge()
                .value();
    }

    /** Counters go on with a further run of the same job, gauges are those of the last. */
    @Test
    void oneRegistryHearsOfSeveralRuns() {
        MeterRegistry registry = new SimpleMeterRegistry();
        KetjuMetrics metrics = new KetjuMetrics(registry);
        Ketju.fit(Jobs.iris(), metrics);
        Ketju.fit(Jobs.iris(), metrics);
        assertThat(registry.get("ketju.steps").counter().count()).isEqualTo(16);
        assertThat(registry.get("ketju.step").gauge().value()).isEqualTo(8);
    }
}
